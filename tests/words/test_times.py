"""Days, times and durations as people read and type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import check_each

from filiform import times

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    *("Asia/Karachi", "America/New_York", "Europe/London", "America/Santiago"),
    *("Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia"),
]

AT = datetime.combine(date(2026, 11, 28), time(12, 37, 5))
WRITTEN = [
    ("l, j F Y", "Saturday, 28 November 2026", "ہفتہ، 28 نومبر 2026"),
    ("j M Y, H:i", "28 Nov 2026, 12:37", "28 نومبر 2026، 12:37"),
    ("DATETIME_FORMAT", "28 November 2026, 12:37", "28 نومبر 2026، 12:37"),
    ("TIME_FORMAT", "12:37", "12:37"),
    ("Y-m-d", "2026-11-28", "2026-11-28"),
    ("c", "2026-11-28T12:37:05", "2026-11-28T12:37:05"),
]


def test_a_day_is_written_day_first_and_a_time_by_24_hours_in_both_languages():
    def check(shape, english, urdu):
        assert times.written(AT, shape, "en") == english
        assert times.written(AT, shape, "ur-pk") == urdu

    check_each(WRITTEN, check)


@given(
    st.datetimes(
        min_value=datetime.combine(date(1, 1, 3), time()),
        max_value=datetime.combine(date(9999, 12, 29), time()),
    ),
    st.sampled_from(ZONES),
    st.sampled_from([*times.NAMED_SHAPES, "l, j F Y", "D j M Y", "j M", r"j \d H:i", r"\j"]),
    st.sampled_from(["en", "ur"]),
)
def test_what_is_kept_of_a_day_is_what_would_be_written_anew(at, name, shape, language):
    for moment in (at.replace(tzinfo=UTC), at.replace(tzinfo=UTC).astimezone(ZoneInfo(name))):
        anew = times._written(moment, times.NAMED_SHAPES.get(shape, shape), language)
        assert times.written(moment, shape, language) == anew


def test_a_time_of_the_day_is_not_given_a_date():
    with pytest.raises(TypeError, match="no date"):
        times.written(time(12, 37), "j F", "en")


TOLD = [
    (59, "ago", "just now", "ابھی"),
    (60, "ago", "1 min ago", "1 منٹ پہلے"),
    (3600, "ago", "1 h ago", "1 گھنٹہ پہلے"),
    (3600, "for", "for 1 h", "1 گھنٹے سے"),
    (12_000, "for", "for 3 h 20 min", "3 گھنٹے 20 منٹ سے"),
    (86_400, "in", "in 1 day", "1 دن بعد"),
    (2 * 86_400, "ago", "2 days ago", "2 دن پہلے"),
    (61 * 86_400, "ago", "2 months ago", "2 مہینے پہلے"),
    (-5, "ago", "just now", "ابھی"),
]


def test_how_long_ago_is_said_in_the_words_of_each_language():
    def check(seconds, phrase, english, urdu):
        assert times.told(seconds, phrase, "en") == english
        assert times.told(seconds, phrase, "ur") == urdu

    check_each(TOLD, check)


def test_less_than_a_minute_is_said_so_and_never_as_nothing():
    for seconds in (-5, 0, 59.9):
        assert times.duration(seconds, "en") == "less than 1 min"
        assert times.duration(seconds, "ur") == "1 منٹ سے کم"


@given(st.floats(60, 4e9), st.sampled_from(["en", "ur"]))
def test_a_duration_is_never_told_longer_than_it_was(seconds, language):
    # Read back: the sum of its parts is at most the duration, and less than one smallest part off.
    lengths = {word: unit.seconds for unit in times.UNITS.values() for word in unit.words[language]}
    parts = times.duration(seconds, language).split(" ")
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    said = sum(int(count) * lengths[word] for count, word in pairs)
    smallest = min(lengths[word] for _count, word in pairs)
    largest_left_out = 86_400 if smallest == 3600 and len(pairs) == 1 else smallest
    assert said <= seconds + 1e-6
    assert seconds - said < max(largest_left_out, smallest) + 1e-6


TYPED_TIMES = [
    ("14:30", time(14, 30)),
    ("۱۴:۳۰", time(14, 30)),
    ("١٤:٣٠", time(14, 30)),
    ("9.05", time(9, 5)),
    ("2:30 pm", time(14, 30)),
    ("12:10 a.m.", time(0, 10)),
    ("۲:۳۰ شام", time(14, 30)),
    ("14:30:59", time(14, 30)),
    ("24:00", "24"),
    ("25:00", "no-such-time"),
    ("14:75", "no-such-time"),
    ("13 pm", "no-such-time"),
    ("0", "unread"),
    ("soon", "unread"),
    ("", "unread"),
    ("\u00b2:30", "unread"),
]
TYPED_DAYS = [
    ("2026-11-28", date(2026, 11, 28)),
    ("28/11/2026", date(2026, 11, 28)),
    ("10/11/2026", date(2026, 11, 10)),
    ("۲۸-۱۱-۲۰۲۶", date(2026, 11, 28)),
    ("28 Nov 2026", date(2026, 11, 28)),
    ("۲۸ نومبر، ۲۰۲۶", date(2026, 11, 28)),
    ("\u200f28.11.2026", date(2026, 11, 28)),
    ("11/28/2026", "no-such-day"),
    ("2026-02-30", "no-such-day"),
    ("0000-01-01", "no-such-day"),
    ("9999-12-31", date.max),
    ("28 Novermber 2026", "no-such-day"),
    ("tomorrow", "unread"),
    ("99999-01-01", "unread"),
]


def read(reader, text):
    try:
        return reader(text)
    except times.NotADayOrTime as reason:
        return reason.code


def test_times_are_read_in_any_digits_and_24_00_is_told_apart():
    def check(text, wanted):
        assert read(times.read_clock, text) == wanted

    check_each(TYPED_TIMES, check)


def test_days_are_read_day_first_in_any_digits():
    def check(text, wanted):
        assert read(times.read_day, text) == wanted

    check_each(TYPED_DAYS, check)


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_day_or_has_a_reason(text):
    for reader in (times.read_day, times.read_clock):
        assert read(reader, text) is not None


def test_a_time_that_the_clock_skips_has_no_moment_and_two_neighbours():
    found = times.wall_time(date(2026, 3, 8), time(2, 30), NEW_YORK)
    assert found.moments == ()
    assert [f"{one:%H:%M} {times.offset_words(one)}" for one in found.around] == [
        "01:30 UTC−05:00",
        "03:30 UTC−04:00",
    ]
    assert found.choices == found.around


def test_a_time_that_comes_twice_has_a_first_and_a_second_moment():
    found = times.wall_time(date(2026, 11, 1), time(1, 30), NEW_YORK)
    assert [times.offset_words(one) for one in found.choices] == ["UTC−04:00", "UTC−05:00"]
    first, second = (one.astimezone(UTC) for one in found.moments)
    assert second - first == timedelta(hours=1)


MINUTES = st.builds(
    datetime.combine,
    st.dates(date(1990, 1, 1), date(2037, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)


@given(MINUTES, st.sampled_from(ZONES))
def test_the_moments_of_a_wall_time_are_those_at_which_the_clock_shows_it(at, name):
    # The slow way: look at the wall clock at every offset that the zone has near that day.
    zone = ZoneInfo(name)
    near = {
        (at.replace(tzinfo=UTC) + timedelta(hours=h)).astimezone(zone).utcoffset()
        for h in range(-36, 37)
    }
    slow = sorted(
        moment
        for offset in near
        if (moment := (at - offset).replace(tzinfo=UTC)).astimezone(zone).replace(tzinfo=None) == at
    )
    found = times.wall_time(at.date(), at.time(), zone)
    assert [one.astimezone(UTC) for one in found.moments] == slow


@given(st.dates(date(1990, 1, 1), date(2037, 12, 31)), st.sampled_from(ZONES))
def test_a_day_begins_at_the_first_second_that_has_its_date(day, name):
    zone = ZoneInfo(name)
    start = times.start_of_day(day, zone)
    assert start.astimezone(zone).date() >= day
    assert (start - timedelta(seconds=1)).astimezone(zone).date() < day


def test_a_day_whose_midnight_is_skipped_begins_when_the_clock_has_jumped():
    zone = ZoneInfo("Asia/Karachi")
    first = times.start_of_day(date(2008, 6, 1), zone)
    assert f"{first.astimezone(zone):%d.%m. %H:%M}" == "01.06. 01:00"


def test_the_edges_of_the_calendar_are_said_by_one_error():
    with pytest.raises(OverflowError):
        times.wall_time(date.min, time(0), ZoneInfo("Asia/Karachi"))
    with pytest.raises(OverflowError):
        times.wall_time(date.max, time(23), NEW_YORK)
