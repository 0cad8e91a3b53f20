"""The state of this room's steps, for the rail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filiform.clinic.assessment import queries
from filiform.clinic.assessment import safety as assessment_safety
from filiform.clinic.assessment.complaints import complaint_name
from filiform.clinic.assessment.judgement import medicines_noted, reasons_of_plan, reasons_of_safety
from filiform.clinic.intake.queries import change_check
from filiform.clinic.intake.waiting import documents_sent_in, safety_rows, sent_in
from filiform.clinic.visits.step import StepState
from filiform.clinic.web.muscle_names import list_in_words
from filiform.reasons import Reason, Weight

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


def story(visit: Visit, *, by: Member, on: date) -> StepState:
    told = queries.story(visit)
    if told is None and sent_in(visit.patient):
        return StepState("open", _("Sent in, to review"), code="sent-in")
    if told is None:
        return StepState("open", _("Not taken yet"))
    areas = queries.pain_areas(visit)
    if not areas:
        return StepState("attention", _("No painful area yet"))
    name = str(complaint_name(told.complaint_code)) or told.complaint[:40]
    # A rating can be refused; the story is told all the same.
    if told.pain_now is None:
        return StepState("done", name)
    return StepState("done", _("%(name)s, %(pain)s of 10") % {"name": name, "pain": told.pain_now})


def safety(visit: Visit, *, by: Member, on: date) -> StepState:
    """Red flags and what blocks stand first, then what nobody has asked or answered."""
    asked = () if change_check(visit) else (Reason("changes-not-asked"),)
    waiting = _to_review(visit)
    # What the patient wrote may forbid the needle: nobody passes it unread.
    reasons = (*reasons_of_safety(visit, on), *waiting, *asked)
    codes = {reason.code for reason in reasons}
    # The gravest first, since the rail shows one line: what forbids before what is still to be
    # asked.
    if "safety-red-flag" in codes:
        return StepState("refused", _("Red flag"), reasons)
    if "safety-blocked" in codes:
        return StepState("refused", _("Not with needles"), reasons)
    if waiting:
        return StepState("attention", _("Sent in, to review"), reasons, "sent-in")
    if asked:
        return StepState("attention", _("Ask what has changed"), reasons, "ask-changes")
    if medicines_noted(visit):
        return StepState("attention", _("Medicines have changed"), reasons, "medicines")
    if "safety-questions-open" in codes:
        count = len(assessment_safety.screening(visit, on).unanswered)
        says = ngettext("%(count)s question open", "%(count)s questions open", count)
        return StepState("attention", says % {"count": count}, reasons, "questions")
    if reasons:
        return StepState("attention", _("Written reason missing"), reasons, "written-reason")
    return _judged(visit, on)


def _to_review(visit: Visit) -> tuple[Reason, ...]:
    count = len(safety_rows(visit.patient)) + len(documents_sent_in(visit.patient))
    return (Reason("safety-sent-in", params={"count": count}),) if count else ()


def _judged(visit: Visit, on: date) -> StepState:
    found, confirmed = assessment_safety.screening(visit, on), assessment_safety.verdict(visit)
    says = _("Clear") if found.decision == "clear" else _("With precautions")
    # Another decision than the one that was read is nobody's verdict yet.
    if confirmed is None or confirmed.decision != found.decision:
        says = _("%(verdict)s; not confirmed") % {"verdict": says}
        return StepState("attention", says, code="not-confirmed")
    return StepState("done", says)


def targets(visit: Visit, *, by: Member, on: date) -> StepState:
    chosen = queries.targets(visit)
    if not chosen:
        return StepState("open", _("None chosen"), (Reason("targets-missing"),))
    out = [
        one.muscle
        for one in assessment_safety.screening(visit, on).muscles
        if one.decision == "blocked"
    ]
    names = list_in_words(dict.fromkeys((muscle, "") for muscle in out))
    if out:
        return StepState("refused", _("No needling: %(muscles)s") % {"muscles": names})
    count = len(chosen)
    says = ngettext("%(count)s target", "%(count)s targets", count)
    return StepState("done", says % {"count": count})


def plan(visit: Visit, *, by: Member, on: date) -> StepState:
    planned = queries.plans(visit)
    if not planned:
        return StepState("waiting", _("Needs targets"))
    reasons = reasons_of_plan(visit, on)
    ready = sum(1 for _target, one in planned if one is not None)
    if ready < len(planned):
        says = _("%(ready)s of %(all)s planned") % {"ready": ready, "all": len(planned)}
        return StepState("open", says, reasons)
    if any(reason.weight is Weight.ABSOLUTE for reason in reasons):
        return StepState("refused", _("Needs changing"), reasons, "plan-refused")
    if reasons:
        return StepState("attention", _("Written reason missing"), reasons, "plan-reason")
    return StepState("done", _("Planned"))
