"""When a plan of care asks to be looked at again, and when needling stops."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from filiform.programme.course import CarePlan
from filiform.reasons import Reason, Weight
from filiform.times import written

MOST_VISITS = 30
MOST_WEEKS = 52
"""A plan beyond this is a new one, with a new look at the indication (design values)."""


class CarePlanned(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in numbers. visits, needling: the most that are meant."""

    visits: int
    needling: int
    starts_on: date
    review_on: date
    ends_on: date


def proposed(plan: CarePlan, *, on: date) -> CarePlanned:
    """The plan of the notes, beginning on a day: its most visits over its most weeks."""
    visits, weeks = plan.visits[1], plan.weeks[1]
    # A review after so many visits falls where those visits fall when they are spread evenly.
    until_review = plan.review.after_weeks or max(
        1, round((plan.review.after_visits or visits) * weeks / visits)
    )
    return CarePlanned(
        visits=visits,
        needling=plan.needling,
        starts_on=on,
        review_on=on + timedelta(weeks=until_review),
        ends_on=on + timedelta(weeks=weeks),
    )


def reasons_against_plan(plan: CarePlanned) -> tuple[Reason, ...]:
    """What makes no sense in a plan, each with what is allowed."""
    found = []
    if not 1 <= plan.visits <= MOST_VISITS:
        found.append(_bound("care-visits", plan.visits, 1, MOST_VISITS))
    if not 0 <= plan.needling <= plan.visits:
        found.append(_bound("care-needling", plan.needling, 0, plan.visits))
    weeks = (plan.ends_on - plan.starts_on).days / 7
    if not 0 < weeks <= MOST_WEEKS:
        params = {"least": 1, "most": MOST_WEEKS, **_told("got", plan.ends_on)}
        found.append(Reason("care-end", params=params))
    if not plan.starts_on <= plan.review_on <= plan.ends_on:
        days = _told("got", plan.review_on) | _told("first", plan.starts_on)
        found.append(Reason("care-review-outside", params=days | _told("last", plan.ends_on)))
    return tuple(found)


def _bound(code: str, got: int, least: int, most: int) -> Reason:
    return Reason(code, params={"got": got, "least": least, "most": most})


def _told(name: str, day: date) -> dict[str, str | int | float]:
    """A day for a sentence, as each language writes it."""
    return {
        name: written(day, "j F Y", "en"),
        f"{name}_ur": written(day, "j F Y", "ur"),
    }


def reasons_to_look_again(
    plan: CarePlanned, *, visits: int, needled: int, on: date
) -> tuple[Reason, ...]:
    """Why a plan asks for a decision now: to go on, to stop needling, to discharge, to refer.

    visits, needled: so many visits of the episode since the plan began, and of these with needles.
    """
    source = ("INTEGRATION-6",)
    found = []
    if on > plan.ends_on:
        params = _told("day", plan.ends_on)
        found.append(Reason("care-ended", Weight.RELATIVE, params, (), source))
    # Once it has ended, that a review is due says nothing more.
    elif on >= plan.review_on:
        params = _told("day", plan.review_on)
        found.append(Reason("care-review-due", Weight.PRECAUTION, params, (), source))
    if visits >= plan.visits:
        params = {"got": visits, "most": plan.visits}
        found.append(Reason("care-visits-used", Weight.RELATIVE, params, (), source))
    # A plan without needles has none that could be used up.
    if plan.needling and needled >= plan.needling:
        params = {"got": needled, "most": plan.needling}
        found.append(Reason("care-needling-used", Weight.RELATIVE, params, (), source))
    return tuple(found)
