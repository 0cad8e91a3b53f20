"""What an act carries beside its kind, checked: needle sizes, counts, the response."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from filiform.anatomy.surface import AreaError
from filiform.anatomy.surface.spots import read_spot, spot_text
from filiform.clinic.assessment.judgement import plan_reasons
from filiform.clinic.assessment.models import PlannedNeedling
from filiform.clinic.assessment.queries import plan_of
from filiform.clinic.treatment.accounting import FOUND, STEPS, SearchAccount, reason_against_account
from filiform.clinic.treatment.counting import ActInCount, reason_against
from filiform.clinic.treatment.course import COUNTED, Course
from filiform.clinic.treatment.events import ON_AN_EVENT, event_details
from filiform.clinic.treatment.observing import observed_details
from filiform.clinic.treatment.packs import pack_details, pack_with
from filiform.clinic.treatment.refusing import DetailsOrRefusal
from filiform.clinic.treatment.retests import retest_details
from filiform.clinic.treatment.vocabulary import (
    DIAMETER_MM,
    FATES,
    FEELS,
    LENGTH_MM,
    STOP_REASONS,
    UNDO_REASONS,
)
from filiform.clinic.web.muscle_names import named
from filiform.reasons import Reason, Weight

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import PlannedNeedling
    from filiform.clinic.staff.models import Member
    from filiform.clinic.treatment.models import Treatment

LONGEST_TEXT = 2000


def details_of(
    kind: str,
    given: Mapping[str, Any],
    *,
    by: Member,
    treatment: Treatment,
    course: Course,
    target_id: UUID | None,
    needle_id: UUID | None = None,
    replaces_id: UUID | None = None,
    why: str = "",
    now: datetime,
) -> DetailsOrRefusal:
    """The details as they are stored, or the reasons why they can't be.

    insertion: diameter_mm, length_mm, depth_mm, from the plan where they are not given.
    count: opened, unused, in_bin, broken; with used, spoilt and matches, which the record says.
    account: steps, result, where, imaging, note and people, from `first` and `second`, both
    `accounting.Proof`. void: reason, where the undone kind asks for one. place: the spot on the
    skin, as `anatomy.surface.spots` reads it. response: pain, soreness (0 to 10 or None), feels,
    motion. stop: reason, note. observed: `observing.observed_details`.
    event and what follows it: `events.event_details`. pack: lot or scan, packs; stored with
    everything that a recall asks for. fate: of `vocabulary.FATES`.
    retest: `retests.retest_details`.
    Raises ValueError for a value of the wrong type: a defect of the page.
    """
    if kind == "insertion":
        return _insertion(given, treatment, course, target_id, now)
    if kind == "pack":
        return pack_details(given, by=by, treatment=treatment, course=course, now=now)
    if kind == "fate":
        return _fate(given)
    if kind == "count":
        return _count(given, course)
    if kind == "account":
        return _account(given, course, by, treatment)
    if kind == "void":
        return _void(given, course, replaces_id, why)
    if kind == "place":
        return _place(given, course, needle_id)
    if kind == "observed":
        return observed_details(given, course.needles.get(needle_id) if needle_id else None)
    if kind == "response":
        return _response(given), ()
    if kind == "event" or kind in ON_AN_EVENT:
        return event_details(kind, given, course)
    if kind == "retest":
        return retest_details(given, target_id, treatment)
    if kind == "stop":
        reason = str(given.get("reason", "other"))
        if reason not in dict(STOP_REASONS):
            raise ValueError(
                f"stop: reason is {reason!r}; allowed: {', '.join(dict(STOP_REASONS))}"
            )
        return {"reason": reason, "note": _text(given, "note")}, ()
    return {}, ()


def _fate(given: Mapping[str, Any]) -> DetailsOrRefusal:
    fate = str(given.get("fate") or "")
    return ({"fate": fate}, ()) if fate in FATES else ({}, (Reason(code="fate-unknown"),))


def _insertion(
    given: Mapping[str, Any],
    treatment: Treatment,
    course: Course,
    target_id: UUID | None,
    now: datetime,
) -> DetailsOrRefusal:
    figures = {
        name: float(given[name])
        for name in ("diameter_mm", "length_mm", "depth_mm")
        if given.get(name) not in (None, "")
    }
    plan = plan_of(target_id) if target_id else None
    if plan is None or plan.visit_id != treatment.visit_id:
        return {}, (Reason(code="target-not-planned"),)
    planned = {
        "diameter_mm": plan.diameter_mm,
        "length_mm": plan.length_mm,
        "depth_mm": plan.depth_mm,
    }
    # What was tapped goes before the plan; what wasn't was as planned.
    needle = planned | figures
    bounds = {
        "diameter_mm": DIAMETER_MM,
        "length_mm": LENGTH_MM,
        # Deeper than the needle is long is a slip.
        "depth_mm": (1.0, needle["length_mm"]),
    }
    for name, (low, high) in bounds.items():
        if not low <= needle[name] <= high:
            params = {"got": f"{needle[name]:g}", "low": f"{low:g}", "high": f"{high:g}"}
            return {}, (Reason(code=f"needle-{name.removesuffix('_mm')}", params=params),)
    # Sorted, as the record is signed: the same change must read the same.
    changed = sorted(name for name in planned if needle[name] != planned[name])
    dose: dict[str, Any] = {"passes": plan.insertions}  # the planned number, with the needle
    # The needle carries its lot, so that the signature covers it and a recall finds it.
    dose |= pack_with(course, (needle["diameter_mm"], needle["length_mm"]))
    if not changed:
        return needle | dose, ()
    against = _against_other_needle(plan, needle, treatment, now)
    return ({}, against) if against else (needle | dose | {"changed": changed}, ())


def _against_other_needle(
    plan: PlannedNeedling, needle: dict[str, float], treatment: Treatment, now: datetime
) -> tuple[Reason, ...]:
    """A needle that differs from the plan is judged like a plan; what would need a written
    reason there is not decided in passing while needles are in."""
    other = PlannedNeedling(
        position=plan.position,
        technique=plan.technique,
        insertions=plan.insertions,
        **needle,
    )
    found = plan_reasons(plan.target, other, treatment.visit, timezone.localdate(now))
    # What the plan was already justified for is not asked again.
    known = {entry.get("code") for entry in plan.reasons}
    return tuple(
        reason
        for reason in found
        if reason.weight is Weight.ABSOLUTE
        or (reason.weight is Weight.RELATIVE and reason.code not in known)
    )


ACROSS_MIDLINE_CM = 2.0
"""How far over the midline a place may lie without being on the wrong side (design value)."""


def _place(given: Mapping[str, Any], course: Course, needle_id: UUID | None) -> DetailsOrRefusal:
    try:
        spot = read_spot(str(given.get("place") or ""))
    except AreaError as error:
        return {}, (Reason(code="place-unusable", params={"why": str(error)}),)
    needle = course.needles.get(needle_id) if needle_id else None
    if needle is not None and needle.act.target is not None:
        # x grows towards the left of the body.
        across = float(spot.at()[0]) * (1 if needle.act.target.side == "right" else -1)
        if across > ACROSS_MIDLINE_CM:
            where = named("muscle", [(needle.act.target.muscle, needle.act.target.side)])
            return {}, (Reason(code="place-other-side", params=dict(where)),)
    return {"place": spot_text(spot)}, ()


def _count(given: Mapping[str, Any], course: Course) -> DetailsOrRefusal:
    """With what the record says at this moment, and whether all agree."""
    numbers = {name: int(given.get(name) or 0) for name in COUNTED}
    act = ActInCount(None, "count", None, "", **numbers)
    reason = reason_against(course.tally, act)
    if reason is not None:
        return {}, (reason,)
    made = course.tally.made(act)
    # Said with the count, so that it reads by itself in the record and in the signature.
    return {**numbers, "used": made.used, "spoilt": made.spoilt, "matches": made.adds_up}, ()


def _account(
    given: Mapping[str, Any], course: Course, by: Member, treatment: Treatment
) -> DetailsOrRefusal:
    account = SearchAccount(
        steps=frozenset(given.get("steps") or ()),
        result=str(given.get("result") or ""),
        where=str(given.get("where") or ""),
        imaging=str(given.get("imaging") or ""),
        note=_text(given, "note"),
        first=given.get("first"),
        second=given.get("second"),
    )
    reason = reason_against_account(
        course.tally, account, writer=by.pk, clinic=treatment.organisation_id
    )
    if reason is not None:
        return {}, (reason,)
    people = [
        {"id": str(proof.person), "name": proof.name, "way": proof.way}
        for proof in (account.first, account.second)
        if proof is not None
    ]
    found = account.result in FOUND
    return {
        # In the order of the list, whatever was tapped first.
        "steps": [step for step in STEPS if step in account.steps],
        "result": account.result,
        # What does not belong to the result is not kept: a chip tapped before another was chosen.
        "where": account.where if account.result == "found" else "",
        "imaging": "" if found else account.imaging,
        "note": account.note,
        # All of them: whoever confirms has seen that it happened before.
        "counts": [str(count.id) for count in course.tally.mismatches],
        "people": people,
    }, ()


def _void(
    given: Mapping[str, Any], course: Course, replaces_id: UUID | None, why: str
) -> DetailsOrRefusal:
    """Why a needle's coming or going, or a stop, is undone; of other acts nobody asks."""
    wrong = next((act for act in course.acts if act.pk == replaces_id), None)
    allowed = UNDO_REASONS.get(wrong.kind, []) if wrong is not None else []
    words = why.strip()
    # Words alone are a reason of their own.
    reason = str(given.get("reason") or ("other" if words else ""))
    if not allowed:
        return {}, ()
    if reason not in dict(allowed):
        return {}, (Reason(code="void-no-reason"),)
    # "Something else" without words is what somebody taps who wants to get on.
    if reason == "other" and not words:
        return {}, (Reason(code="void-no-words"),)
    return {"reason": reason}, ()


def _response(given: Mapping[str, Any]) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    for name in ("pain", "soreness"):
        value = given.get(name)
        stored[name] = None if value in (None, "") else int(value)
        if stored[name] is not None and not 0 <= stored[name] <= 10:
            raise ValueError(f"response: {name} is {value}; allowed are 0 to 10")
    feels = str(given.get("feels") or "")
    if feels and feels not in dict(FEELS):
        raise ValueError(f"response: feels is {feels!r}; allowed: {', '.join(dict(FEELS))}")
    return stored | {"feels": feels, "motion": _text(given, "motion")}


def _text(given: Mapping[str, Any], name: str) -> str:
    return str(given.get(name) or "").strip()[:LONGEST_TEXT]
