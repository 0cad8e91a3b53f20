"""The waiting list: who is offered a freed time, compared with the plainest way to say it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.clinic.booking.fairness import (
    PARTS,
    TOO_LATE,
    Freed,
    Offered,
    Wish,
    allot,
    deadline,
    overlap,
    part_of_day,
    wants,
)
from filiform.clinic.sending.rules import QuietHours

KARACHI = ZoneInfo("Asia/Karachi")
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=KARACHI)
NIGHT = QuietHours(time(21), time(8))


def ids(most: int) -> st.SearchStrategy[UUID]:
    return st.integers(1, most).map(lambda number: UUID(int=number))


def times() -> st.SearchStrategy[datetime]:
    return st.integers(0, 60).map(lambda step: NOW + timedelta(hours=step))


@st.composite
def freed(draw) -> Freed:
    start = draw(times())
    end = start + timedelta(minutes=draw(st.sampled_from([20, 60, 100])))
    return Freed(start, end, draw(ids(2)), draw(ids(2)), draw(ids(3)))


@st.composite
def lists(draw):
    wishes = draw(
        st.lists(
            st.builds(
                Wish,
                id=ids(30),
                since=st.integers(0, 5).map(lambda days: NOW - timedelta(days=days)),
                service=ids(2),
                site=ids(2),
                until=times(),
                person=st.none() | ids(3),
                weekdays=st.frozensets(st.integers(0, 6), max_size=3),
                parts=st.frozensets(st.sampled_from(sorted(PARTS)), max_size=2),
                lapsed=st.integers(0, 2),
            ),
            max_size=8,
            unique_by=lambda wish: wish.id,
        )
    )
    free = draw(st.lists(freed(), max_size=6, unique=True))
    before = draw(st.lists(st.builds(Offered, ids(30), freed(), st.booleans()), max_size=5))
    return free, wishes, before


def said_plainly(free, wishes, before):
    """Go through the times from the first; ask the people one after another in their order."""
    order = sorted(wishes, key=lambda wish: str(wish.id))
    order = sorted(order, key=lambda wish: wish.since)
    order = sorted(order, key=lambda wish: wish.lapsed)
    made = []
    for time_ in sorted(free, key=lambda one: (one.start, one.person, one.service)):
        for wish in order:
            has_one = any(one.wish == wish.id and one.is_open for one in before)
            gets_one = any(got is wish for _, got in made)
            had_it = any(
                one.wish == wish.id
                and one.freed.person == time_.person
                and one.freed.start.date() == time_.start.date()
                and part_of_day(one.freed.start) == part_of_day(time_.start)
                for one in before
            )
            given = any(
                other.person == time_.person
                and max(other.start, time_.start) < min(other.end, time_.end)
                for other, _ in made
            )
            soon = time_.start < NOW + TOO_LATE
            if wants(wish, time_) and not (has_one or gets_one or had_it or given or soon):
                made.append((time_, wish))
                break
    return made


@settings(max_examples=60, deadline=None)
@given(given_=lists())
def test_a_freed_time_is_offered_to_whoever_has_waited_longest_and_never_twice(given_) -> None:
    free, wishes, before = given_
    found = allot(free, wishes, before, NOW)
    assert found == said_plainly(free, wishes, before)
    assert len({wish.id for _, wish in found}) == len(found)
    # Asked again with what was offered as open, nobody is offered anything: nothing goes out twice.
    again = [*before, *(Offered(wish.id, time_, True) for time_, wish in found)]
    left = [one for one in free if not any(overlap(one, time_) for time_, _ in found)]
    assert not {wish.id for _, wish in found} & {
        wish.id for _, wish in allot(left, wishes, again, NOW)
    }


def test_who_waits_for_a_practitioner_or_an_evening_is_not_offered_another() -> None:
    evening = NOW + timedelta(hours=9)  # Monday 18:00
    one = Freed(evening, evening + timedelta(hours=1), UUID(int=1), UUID(int=1), UUID(int=1))
    wish = Wish(UUID(int=9), NOW, UUID(int=1), UUID(int=1), NOW + timedelta(days=30))
    assert wants(wish, one)
    for change in (
        {"service": UUID(int=2)},
        {"site": UUID(int=2)},
        {"person": UUID(int=2)},
        {"weekdays": frozenset({1, 2})},
        {"parts": frozenset({"morning"})},
        {"until": one.start},
    ):
        assert not wants(wish._replace(**change), one), change
    assert wants(wish._replace(person=UUID(int=1), weekdays=frozenset({0}), parts={"evening"}), one)


def test_an_offer_holds_four_hours_less_before_a_near_visit_and_no_night_counts() -> None:
    far = NOW + timedelta(days=3)
    assert deadline(NOW, far, NIGHT, KARACHI) == NOW + timedelta(hours=4)
    assert deadline(NOW, NOW + timedelta(hours=4), NIGHT, KARACHI) == NOW + timedelta(hours=1)
    assert deadline(NOW, NOW + timedelta(minutes=40), NIGHT, KARACHI) == NOW + timedelta(minutes=20)
    late = NOW.replace(hour=23)
    morning = late.replace(hour=8) + timedelta(days=1)
    assert deadline(late, far, NIGHT, KARACHI) == morning + timedelta(hours=4)
    # Never beyond the visit itself.
    assert deadline(late, morning - timedelta(hours=1), NIGHT, KARACHI) < morning
