"""What stands against needling on the side of safety, targets and plan; and the verdict in words.

screening ──┐
answers  ───┼──▶ reasons_of_safety ──┐
written reasons                      ├──▶ visits.gate
targets, plans ──▶ reasons_of_plan ──┘
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from filiform import planning
from filiform.anatomy import atlas
from filiform.anatomy.surface import AreaError
from filiform.anatomy.surface.spots import read_spot
from filiform.clinic.assessment import queries, safety
from filiform.clinic.assessment.details import PlanDetails, details_of
from filiform.clinic.facts.reading import read_once
from filiform.clinic.intake.queries import disagreements, last_medicine
from filiform.clinic.visits.queries import last_done_visit
from filiform.clinic.web.muscle_names import muscle_words
from filiform.planning.settings import check_settings
from filiform.reasons import Reason, Weight
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import PlannedNeedling, Target
    from filiform.clinic.visits.models import Visit
    from filiform.screening import FoundRedFlag, NeedlingSite, ScreeningReason

LEAST_JUSTIFICATION = 15
"""Characters of a written reason: enough for one clause, too many for "ok" (design value)."""

LEAST_WORDS = 4
"""Words of a written reason: a sentence, not a label (design value)."""

ACROSS_MIDLINE_CM = 2.0
"""How far over the midline an entry may lie without being on the wrong side; as for the place of a
needle that is in (design value)."""

_SIDE_UR = {"left": "بائیں", "right": "دائیں"}

LEAST_URGENT = "routine"
"""Red flags of this urgency are shown and followed up, but do not stop needling by themselves."""


def in_both(name: str, words: Words) -> dict[str, str | int | float]:
    """A clinical text as parameters of a sentence: `name` in English, `name_ur` in Urdu."""
    return {name: words.in_language("en"), f"{name}_ur": words.in_language("ur")}


def listed(names: Iterable[Words]) -> Words:
    """Several names as one text."""
    all_names = list(dict.fromkeys(names))
    return Words(
        ", ".join(name.in_language("en") for name in all_names),
        "، ".join(name.in_language("ur") for name in all_names),
    )


@read_once
def reasons_of_safety(visit: Visit, on: date) -> tuple[Reason, ...]:
    """Red flags, what blocks, open questions, and relative reasons that nobody has answered."""
    found = safety.screening(visit, on)
    stopping = [flag for flag in found.red_flags if flag.urgency != LEAST_URGENT]
    reasons = [_of_red_flag(flag) for flag in stopping]
    reasons += [_of_block(one) for one in found.reasons if one.weight is Weight.ABSOLUTE]
    if found.unanswered:
        reasons.append(Reason("safety-questions-open", params={"count": len(found.unanswered)}))
    # Two files of one person: what one denies and the other tells has to be asked again.
    if disagreements(visit.patient):
        reasons.append(Reason("safety-files-disagree"))
    reasons += [
        _of_unjustified(one, lacking(visit, one, found.release, on))
        for one in unjustified(visit, on)
    ]
    return tuple(reasons)


def medicines_noted(visit: Visit) -> bool:
    """A medicine was noted since the patient's last visit, and nobody has judged it yet."""
    before = last_done_visit(visit)
    noted = last_medicine(visit.patient) if before else None
    if noted is None or before is None or noted <= before:
        return False
    # Whoever confirmed after the medicine was noted has seen it; the same answer is not asked
    # twice.
    confirmed = safety.verdict(visit)
    return confirmed is None or confirmed.recorded_at < noted


def unjustified(visit: Visit, on: date) -> list[ScreeningReason]:
    """Relative contraindications at the targets that lack a written reason for this release, or
    what the rule asks for beside it."""
    found = safety.screening(visit, on)
    return [one for one in found.reasons if lacking(visit, one, found.release, on)]


def lacking(visit: Visit, one: ScreeningReason, release: str, on: date) -> str:
    """The code of what a relative reason still lacks before a needle; empty when nothing."""
    if one.weight is not Weight.RELATIVE:
        return ""
    written = safety.justified(visit, release).get(one.id)
    if written is None:
        return "safety-justification-missing"
    # In the order in which they can be got: reason, letter, colleague. One lack at a time is named.
    if "clearance" in one.needs and one.id not in safety.cleared(visit, on):
        return "safety-clearance-missing"
    if "second-signature" in one.needs and written.pk not in safety.second_signatures(visit):
        return "safety-second-signature-missing"
    return ""


def _of_red_flag(flag: FoundRedFlag) -> Reason:
    # Both languages go along: a reason is kept, and may be read by somebody else in the other one.
    params = {**in_both("name", flag.name), **in_both("instead", flag.instead)}
    return Reason("safety-red-flag", Weight.ABSOLUTE, params, flag.because, flag.sources)


def _of_block(one: ScreeningReason) -> Reason:
    params = {
        **in_both("name", one.name),
        **in_both("instead", one.instead),
        **in_both("place", _where(one)),
    }
    return Reason("safety-blocked", Weight.ABSOLUTE, params, one.because, one.sources)


def _where(one: ScreeningReason) -> Words:
    """The muscles that it concerns; where none was asked about, its place."""
    if one.sites:
        return listed(atlas().muscles[site.muscle].name for site in one.sites)
    return one.place


def _of_unjustified(one: ScreeningReason, code: str) -> Reason:
    params = {**in_both("name", one.name), **in_both("place", _where(one))}
    return Reason(code, Weight.RELATIVE, params, one.because, one.sources)


@read_once
def session_reasons(visit: Visit, on: date) -> tuple[Reason, ...]:
    """What planning says about all targets of the visit together."""
    before, here = queries.treatments_before(visit)
    planned = queries.plannable(visit)
    return planning.check_session(
        [(target.muscle, target.side) for target, _plan in planned],
        doses=[_dose(plan) for _target, plan in planned],
        first_visit=before == 0,
        visits_before=here,
        days_since=queries.days_since_needled(visit, on),
    )


@read_once
def dose_of_visit(visit: Visit) -> planning.SessionDose:
    """Points, insertions and passes of the whole plan beside what is usual at most."""
    before, _here = queries.treatments_before(visit)
    doses = [_dose(plan) for _target, plan in queries.plans(visit)]
    return planning.session_dose(doses, first_visit=before == 0)


def _dose(plan: PlannedNeedling | None) -> planning.Dose:
    """What a written plan gives its point; before there is one, the least."""
    if plan is None:
        # An empty card counts as the least, else the sum would jump over its bound when it is
        # saved.
        return planning.Dose()
    return planning.dose_of(plan.technique, plan.insertions)


def plan_reasons(
    target: Target, plan: PlannedNeedling, visit: Visit, on: date
) -> tuple[Reason, ...]:
    """What planning says today about one written plan."""
    details = details_of(plan)
    # Judged anew each time: age, build and what is measured may have changed since the plan was
    # kept.
    reasons = (
        *_of_settings(target, plan, details, visit, on),
        *planning.check(
            target.muscle,
            target.side,
            trp=target.trp,
            position=plan.position,
            technique=plan.technique,
            diameter_mm=plan.diameter_mm,
            length_mm=plan.length_mm,
            depth_mm=plan.depth_mm,
            passes=plan.insertions,
            palpation=details.palpation or None,
            **queries.build_at(target, visit, on),
        ),
    )
    return tuple(sorted(reasons, key=lambda reason: reason.weight.rank))


def _of_settings(
    target: Target, plan: PlannedNeedling, details: PlanDetails, visit: Visit, on: date
) -> tuple[Reason, ...]:
    """What stands against the settings of a technique; of current, what screening found here."""
    entry = _of_entry(target, details)
    if not planning.has_current(plan.technique):
        return entry + check_settings(target.muscle, plan.technique, details.settings)
    found = {
        one.id
        for one in safety.screening(visit, on).reasons
        # A pacemaker stands against current everywhere, metal only where it lies.
        if not one.sites or any(_is_at(site, target) for site in one.sites)
    }
    return entry + check_settings(target.muscle, plan.technique, details.settings, found=found)


def _is_at(site: NeedlingSite, target: Target) -> bool:
    return site.muscle == target.muscle and site.side in (target.side, "bilateral")


def _of_entry(target: Target, details: PlanDetails) -> tuple[Reason, ...]:
    """A place of entry that can't be read, or that lies on the other side of the body."""
    if not details.entry:
        return ()
    name = in_both("muscle", atlas().muscles[target.muscle].name)
    try:
        spot = read_spot(details.entry)
    except AreaError as error:
        return (Reason("plan-entry-unusable", params={**name, "why": str(error)}),)
    # The body's x grows to its left; turned, more than 0 is beyond the midline for either side.
    across = float(spot.at()[0]) * (1 if target.side == "right" else -1)
    if across > ACROSS_MIDLINE_CM:
        params = {**name, **in_both("side", Words(target.side, _SIDE_UR[target.side]))}
        return (Reason("plan-entry-other-side", params=params),)
    return ()


@read_once
def reasons_of_plan(visit: Visit, on: date) -> tuple[Reason, ...]:
    """Targets without a plan, plans that must not be carried out."""
    planned = queries.plans(visit)
    reasons: list[Reason] = []
    bare = [target for target, plan in planned if plan is None]
    if bare:
        names = listed(muscle_words(target.muscle) for target in bare)
        reasons.append(Reason("plan-missing", params=in_both("muscles", names)))
    # Of what the atlas has dropped no plan can be judged; `staff.credentials` refuses its needle.
    for target, plan in queries.plannable(visit):
        if plan is not None:
            found = plan_reasons(target, plan, visit, on)
            reasons += [one for one in found if one.weight is Weight.ABSOLUTE]
    # Rules of a session are the atlas' and planning's; a reason written against an older release
    # lapses.
    written = safety.justified(visit, atlas().release)
    reasons += [
        one
        for one in session_reasons(visit, on)
        if one.weight is Weight.ABSOLUTE
        or (one.weight is Weight.RELATIVE and one.code not in written)
    ]
    return tuple(reasons)
