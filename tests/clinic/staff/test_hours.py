"""Opening hours against a slow, obvious referee that looks at every minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filiform.clinic.staff.hours import Opening, opening
from filiform.clinic.staff.models import OpeningException

KARACHI = ZoneInfo("Asia/Karachi")
BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = {str(day): [["10:00", "14:00"], ["16:00", "20:00"]] for day in range(5)}


january = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is added by `timezones`
    max_value=datetime(2026, 1, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def periods(draw: st.DrawFn) -> list[list[str]]:
    quarters = st.integers(0, 95).map(lambda n: n * 15)
    pairs = draw(st.lists(st.tuples(quarters, quarters), max_size=3))
    return [[text(start), text(end)] for start, end in pairs if start != end]


weeks = st.dictionaries(st.integers(0, 6).map(str), periods(), max_size=7)
instants = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is added by `timezones`
    max_value=datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@st.composite
def exceptions(draw: st.DrawFn) -> list[OpeningException]:
    rows = []
    for _ in range(draw(st.integers(0, 3))):
        first = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 20)))
        last = first + timedelta(days=draw(st.integers(0, 12)))
        also, hours = draw(st.booleans()), draw(periods())
        row = OpeningException(first_on=first, last_on=last, hours=hours, also_closed_days=also)
        rows.append(row)
    return rows


def open_at(
    hours: dict[str, list[list[str]]],
    moment: datetime,
    zone: ZoneInfo,
    laid: Sequence[OpeningException] = (),
) -> bool:
    """The referee: is this wall minute inside a period of today, or of yesterday's night?"""
    wall = moment.astimezone(zone)
    now = wall.hour * 60 + wall.minute
    for days_back in (0, 1):
        day = wall.date() - timedelta(days=days_back)
        for start, end in hours_of(hours, laid, day):
            first, last = (int(part[:2]) * 60 + int(part[3:]) for part in (start, end))
            if last <= first:
                last += 24 * 60
            if first <= now + days_back * 24 * 60 < last:
                return True
    return False


def hours_of(
    hours: dict[str, list[list[str]]], laid: Sequence[OpeningException], day: date
) -> Sequence[Sequence[str]]:
    """The shortest exception of the day, the last recorded of equal ones; else the week."""
    usual = hours.get(str(day.weekday()), [])
    there = [
        (one.last_on - one.first_on, -n, one)
        for n, one in enumerate(laid)
        if one.first_on <= day <= one.last_on
    ]
    if not there:
        return usual
    ruling = min(there, key=lambda three: three[:2])[2]
    return [] if not usual and not ruling.also_closed_days else ruling.hours


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hours=weeks, now=january, laid=exceptions())
def test_with_holidays_it_is_open_when_they_say_so_and_opens_when_it_says(hours, now, laid) -> None:
    state = opening(hours, now, KARACHI, laid)
    assert state.is_open == open_at(hours, now, KARACHI, laid)
    change = state.closes if state.is_open else state.opens
    if change is not None:
        assert open_at(hours, change, KARACHI, laid) != state.is_open
    last = change or now + timedelta(days=40)
    hour = now
    while hour < last:
        assert open_at(hours, hour, KARACHI, laid) == state.is_open or change is None
        assert state.is_open or not open_at(hours, hour, KARACHI, laid)
        hour += timedelta(minutes=45)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hours=weeks, now=instants)
def test_the_clinic_is_open_exactly_when_the_minute_lies_in_a_period(hours, now) -> None:
    assert opening(hours, now, KARACHI).is_open == open_at(hours, now, KARACHI)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hours=weeks, now=instants)
def test_what_is_promised_holds_and_nothing_happens_before_it(hours, now) -> None:
    state = opening(hours, now, KARACHI)
    change = state.closes if state.is_open else state.opens
    if change is None:
        moments = [now + timedelta(minutes=15 * n) for n in range(4 * 24 * 7)]
        assert all(open_at(hours, moment, KARACHI) == state.is_open for moment in moments)
        return
    assert now < change <= now + timedelta(days=8)
    assert open_at(hours, change, KARACHI) != state.is_open
    assert open_at(hours, change - timedelta(minutes=1), KARACHI) == state.is_open
    quarter = now + timedelta(minutes=15)
    while quarter < change:
        assert open_at(hours, quarter, KARACHI) == state.is_open
        quarter += timedelta(minutes=15)


def test_between_two_periods_of_a_day_it_opens_again_the_same_afternoon() -> None:
    noon_break = datetime(2026, 11, 23, 15, 0, tzinfo=KARACHI)
    assert opening(WEEKDAYS, noon_break, KARACHI) == Opening(
        is_open=False, opens=datetime(2026, 11, 23, 16, 0, tzinfo=KARACHI)
    )


def test_after_the_last_period_of_friday_it_opens_on_monday() -> None:
    friday_night = datetime(2026, 11, 27, 22, 0, tzinfo=KARACHI)
    assert opening(WEEKDAYS, friday_night, KARACHI).opens == datetime(
        2026, 11, 30, 10, 0, tzinfo=KARACHI
    )


def test_the_minute_of_closing_is_closed_and_the_minute_of_opening_is_open() -> None:
    assert not opening(WEEKDAYS, datetime(2026, 11, 23, 20, 0, tzinfo=KARACHI), KARACHI).is_open
    assert opening(WEEKDAYS, datetime(2026, 11, 23, 10, 0, tzinfo=KARACHI), KARACHI).is_open


def test_periods_that_touch_are_one() -> None:
    hours = {"0": [["10:00", "14:00"], ["14:00", "18:00"]]}
    state = opening(hours, datetime(2026, 11, 23, 13, 59, tzinfo=KARACHI), KARACHI)
    assert state.closes == datetime(2026, 11, 23, 18, 0, tzinfo=KARACHI)


def test_a_clinic_open_day_and_night_never_closes() -> None:
    hours = {str(day): [["00:00", "24:00"]] for day in range(7)}
    assert opening(hours, datetime.now(UTC), KARACHI) == Opening(is_open=True)


def test_a_clinic_without_hours_is_closed_and_promises_nothing() -> None:
    assert opening({}, datetime.now(UTC), KARACHI) == Opening(is_open=False)


def test_wall_times_hold_when_the_clocks_change() -> None:
    """On 29 March 2026 Berlin's clocks jump from 2 to 3: nine o'clock stays nine o'clock."""
    hours = {"6": [["09:00", "12:00"]]}
    state = opening(hours, datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN), BERLIN)
    assert state.opens is not None
    assert state.opens.isoformat() == "2026-03-29T09:00:00+02:00"


def test_the_server_may_stand_anywhere() -> None:
    in_utc = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)  # half past ten in Karachi
    assert opening(WEEKDAYS, in_utc, KARACHI).is_open


@pytest.mark.parametrize("wrong", ["10", "25:00", "10:75", "ten", "24:01"])
def test_an_unreadable_time_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"'{wrong}'"):
        opening({"0": [[wrong, "20:00"]]}, datetime(2026, 11, 23, tzinfo=UTC), KARACHI)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        opening(WEEKDAYS, datetime(2026, 11, 23), KARACHI)  # noqa: DTZ001 - on purpose
