"""Free times, compared with a referee that asks every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinic.diary import slow

from filiform.clinic.diary.slots import (
    PersonTime,
    RoomTime,
    TimeSpan,
    free_slots,
    spans_of_week,
    spans_on,
)

DAWN = datetime(2026, 11, 30, tzinfo=UTC)
LENGTH_MIN = 300


def after(minutes: int) -> datetime:
    return DAWN + timedelta(minutes=minutes)


spans = st.builds(
    lambda start, length: TimeSpan(after(start), after(start + length)),
    st.integers(0, LENGTH_MIN),
    st.integers(1, 150),
)
some_spans = st.lists(spans, max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    opens=some_spans,
    people=st.lists(st.tuples(some_spans, some_spans), min_size=1, max_size=2),
    rooms=st.none() | st.lists(some_spans, max_size=2),
    minutes=st.integers(1, 70),
    step_min=st.sampled_from([5, 7, 20]),
    not_before=st.integers(0, LENGTH_MIN),
)
def test_a_time_is_free_when_the_door_is_open_and_person_and_room_are_free_in_every_minute(
    opens, people, rooms, minutes, step_min, not_before
) -> None:
    everybody = [PersonTime(UUID(int=n + 1), *one) for n, one in enumerate(people)]
    places = None if rooms is None else [RoomTime(UUID(int=n + 9), r) for n, r in enumerate(rooms)]
    asked = {
        "opens": opens, "people": everybody, "rooms": places, "minutes": minutes,
        "grid": DAWN, "not_before": after(not_before), "step_min": step_min,
    }  # fmt: skip
    expected = slow.free_slots(**asked, until=after(2 * LENGTH_MIN))
    assert free_slots(**asked) == expected


NEW_YORK = ZoneInfo("America/New_York")
PERIODS = [
    # What it is, day, zone, periods, the spans in UTC
    ("plain", date(2026, 11, 30), ZoneInfo("Asia/Karachi"),
     [["10:00", "14:00"], ["16:00", "20:00"]], ["05:00-09:00", "11:00-15:00"]),
    ("past midnight", date(2026, 11, 30), ZoneInfo("UTC"), [["20:00", "02:00"]], ["20:00-02:00"]),
    ("until midnight", date(2026, 11, 30), ZoneInfo("UTC"), [["20:00", "24:00"]], ["20:00-00:00"]),
    ("touching", date(2026, 11, 30), ZoneInfo("UTC"), [["12:00", "14:00"], ["09:00", "12:00"]],
     ["09:00-14:00"]),
    # The clock skips 02:00 to 03:00 on 8 March: 02:30 is read as 03:30, the later of the two.
    ("skipped", date(2026, 3, 8), NEW_YORK, [["02:30", "05:00"]], ["07:30-09:00"]),
    # 01:00 to 02:00 comes twice on 1 November: it opens at the second, it closes at the first.
    ("repeated start", date(2026, 11, 1), NEW_YORK, [["01:30", "05:00"]], ["06:30-10:00"]),
    ("repeated end", date(2026, 11, 1), NEW_YORK, [["00:00", "01:30"]], ["04:00-05:30"]),
]  # fmt: skip


def test_periods_of_a_day_become_moments_also_where_the_clock_jumps() -> None:
    for name, day, zone, periods, expected in PERIODS:
        found = [f"{start:%H:%M}-{end:%H:%M}" for start, end in spans_on(day, periods, zone)]
        assert found == expected, name


def test_a_night_that_began_the_day_before_counts() -> None:
    week = {"6": [["22:00", "03:00"]]}
    (night,) = spans_of_week(week, date(2026, 11, 30), date(2026, 11, 30), ZoneInfo("UTC"))
    assert (night.start.day, night.end.day) == (29, 30)


@pytest.mark.parametrize("text", ["9", "24:01", "12:60", "x:00"])
def test_an_unreadable_time_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        spans_on(date(2026, 11, 30), [[text, "20:00"]], NEW_YORK)
