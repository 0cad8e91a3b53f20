"""The step Safety."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment import safety as assessment_safety
from filiform.clinic.assessment.evidence import (
    ADVICES,
    CERTAINTIES,
    COMPARED,
    HORIZONS,
    MEASURES,
    figures,
)
from filiform.clinic.assessment.forms.safety import ClearanceForm, JustificationForm
from filiform.clinic.assessment.glance import body_at_a_glance
from filiform.clinic.assessment.judgement import LEAST_JUSTIFICATION
from filiform.clinic.assessment.models import Clearance, Justification, SecondSignature, Target
from filiform.clinic.assessment.verdict import sentences
from filiform.clinic.assessment.vocabulary import CONSEQUENCES, URGENCIES, WEIGHTS
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.intake.actions import answer as write
from filiform.clinic.intake.actions import answer_all, confirm_unchanged
from filiform.clinic.intake.queries import change_check
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import former_visit
from filiform.clinic.visits.workspace import step_page
from filiform.reasons import Weight, say
from filiform.screening import FoundIndication, ScreeningReason, questions


@require_safe
@visit_page("see-clinical", saw_what="safety", kept=True)
def safety(request: StaffRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit)


@require_POST
@visit_page("record-clinical")
def answer(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Yes or no to one question; or no to every question of one part that is still open."""
    part = request.POST.get("rest", "")
    if part in ("red-flags", "rules"):
        # What is open now, not what the page showed: a colleague may have answered yes in between.
        asked = [one.id for one in _open(visit) if one.red_flag == (part == "red-flags")]
        answer_all(
            by=request.user, patient=visit.patient, questions=asked, value=False, visit=visit
        )
        return _again(request, visit)
    question, value = request.POST.get("question", ""), request.POST.get("value", "")
    if question not in {one.id for one in _questions(visit)} or value not in ("yes", "no"):
        raise Http404
    write(
        by=request.user,
        patient=visit.patient,
        question=question,
        value=value == "yes",
        visit=visit,
    )
    return _again(request, visit)


@require_POST
@visit_page("record-clinical")
def changes(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The answer to "has anything changed?"; a yes goes on to what changed."""
    changed = request.POST.get("changed") == "yes"
    confirm_unchanged(by=request.user, visit=visit, changed=changed)
    if not changed:
        return _again(request, visit)
    messages.success(request, _("Write down what has changed, then come back to the visit."))
    address = reverse("intake:disclosure", args=[visit.patient_id])
    if request.headers.get("HX-Request"):
        # A redirect would be followed by the script, which would swap the other page into this one.
        answer_ = HttpResponse(status=204)
        answer_["HX-Redirect"] = address
        return answer_
    return redirect(address)


@require_POST
@visit_page("record-clinical")
def justify(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Write why; refused reasons come back over the same form."""
    form = JustificationForm(request.POST)
    # For its fields alone; whether the reason is enough is decided by the action.
    form.is_valid()
    rule = request.POST.get("rule", "")
    written = actions.justify(
        by=request.user,
        visit=visit,
        rule=rule,
        text=request.POST.get("text", ""),
        on=timezone.localdate(),
    )
    if isinstance(written, Justification):
        messages.success(request, _("Reason saved."))
        if request.POST.get("then") == "plan":
            return redirect("assessment:plan", visit.pk)
        return _again(request, visit)
    for reason in written:
        form.add_error("text", say(reason, get_language() or "en"))
    return _page(request, visit, refused={rule: form}, status=422)


@require_POST
@visit_page("record-clinical")
def clear(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Keep a letter of clearance; a refused one comes back over the same form."""
    rule = request.POST.get("rule", "")
    form = ClearanceForm(request.POST, auto_id=f"id_{rule}_letter_%s")
    if form.is_valid():
        kept = actions.record_clearance(
            by=request.user, visit=visit, on=timezone.localdate(), **form.cleaned_data
        )
        if isinstance(kept, Clearance):
            messages.success(request, _("Letter saved."))
            return _again(request, visit)
        for reason in kept:
            form.add_error("given_on", say(reason, get_language() or "en"))
    return _page(request, visit, letters={rule: form}, status=422)


@require_POST
@visit_page("record-clinical")
def countersign(request: StaffRequest, visit: Visit) -> HttpResponse:
    """A second practitioner agrees to a written reason."""
    signed = actions.sign_second(by=request.user, visit=visit, rule=request.POST.get("rule", ""))
    if not isinstance(signed, SecondSignature):
        for reason in signed:
            messages.error(request, say(reason, get_language() or "en"))
        return _page(request, visit, status=422)
    messages.success(request, _("Signed as the second practitioner."))
    return _again(request, visit)


@require_POST
@visit_page("record-clinical")
def confirm(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The practitioner has read the verdict; it is kept whole with the rules' release."""
    actions.confirm_safety(by=request.user, visit=visit, on=timezone.localdate())
    messages.success(request, _("Decision saved."))
    return redirect("assessment:targets", visit.pk)


def _again(request: StaffRequest, visit: Visit) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _page(request, visit)
    # After a tap the eye is at the questions; the top of the page would lose the place.
    return redirect(f"{reverse('assessment:safety', args=[visit.pk])}#questions")


def _questions(visit: Visit) -> list[Any]:
    on = timezone.localdate()
    sites = assessment_safety.sites_of(queries.targets(visit))
    return list(questions(assessment_safety.disclosure(visit), on=on, sites=sites))


def _open(visit: Visit) -> list[Any]:
    return [one for one in _questions(visit) if one.answer is None]


def _page(
    request: StaffRequest,
    visit: Visit,
    *,
    refused: dict[str, JustificationForm] | None = None,
    letters: dict[str, ClearanceForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    with one_reading():
        context = _context(visit, refused or {}, letters or {})
        return step_page(
            request, "assessment/safety", visit=visit, step="safety", context=context, status=status
        )


def _context(
    visit: Visit, refused: dict[str, JustificationForm], letters: dict[str, ClearanceForm]
) -> dict[str, Any]:
    on = timezone.localdate()
    found = assessment_safety.screening(visit, on)
    asked = _questions(visit)
    former = former_visit(visit)
    confirmed = assessment_safety.verdict(visit)
    return {
        "found": found,
        "sentences": sentences(found),
        "flags": [(flag, URGENCIES[flag.urgency]) for flag in found.red_flags],
        "cards": [
            _card(visit, one, found.release, refused) | _beside(visit, one, letters, on)
            for one in found.reasons
        ],
        "body": body_at_a_glance(assessment_safety.every_muscles_answer(visit, on)),
        "indications": [_indication(one) for one in assessment_safety.indicated(visit, on)],
        "risks": assessment_safety.own_risks(visit, on),
        "elsewhere": [(one, *WEIGHTS[one.weight.value]) for one in found.elsewhere],
        "open_flags": [one for one in asked if one.answer is None and one.red_flag],
        "open_questions": [one for one in asked if one.answer is None and not one.red_flag],
        "answered": [one for one in asked if one.answer is not None],
        "change_check": change_check(visit),
        "former": former,
        "consequences": [
            (target, *CONSEQUENCES[one.decision], one.reasons)
            for target, one in _verdicts(visit, found)
        ],
        # Consequences name their reasons by id.
        "names": {one.id: one.name for one in found.reasons},
        "confirmed": confirmed,
        "confirmed_holds": confirmed is not None
        and confirmed.decision == found.decision
        and confirmed.release == found.release,
        "least": LEAST_JUSTIFICATION,
    }


def _verdicts(visit: Visit, found: Any) -> list[tuple[Target, Any]]:
    """Each target with its verdict, in their order; two points of one muscle share theirs. One that
    the atlas has dropped was not asked about."""
    by_site = {(one.muscle, one.side): one for one in found.muscles}
    return [
        (target, by_site[target.muscle, target.side])
        for target in queries.targets(visit)
        if (target.muscle, target.side) in by_site
    ]


def _card(
    visit: Visit, one: ScreeningReason, release: str, refused: dict[str, JustificationForm]
) -> dict[str, Any]:
    written = assessment_safety.justified(visit, release).get(one.id)
    older = [
        row
        for row in assessment_safety.justifications(visit)
        if row.rule == one.id and row.release != release
    ]
    form = None
    if one.weight is Weight.RELATIVE:
        form = refused.get(one.id) or JustificationForm(
            initial={"rule": one.id, "text": written.text if written else ""},
            auto_id=f"id_{one.id}_%s",
        )
    name, look = WEIGHTS[one.weight.value]
    return {
        "reason": one,
        "weight": name,
        "look": look,
        "written": written,
        "older": older,
        "form": form,
    }


def _indication(one: FoundIndication) -> dict[str, Any]:
    """An indication with its published effects in words."""
    name, look = ADVICES[one.advice]
    return {
        "found": one,
        "advice": name,
        "look": look,
        "certainty": CERTAINTIES[one.certainty],
        "effects": [
            {
                "measure": MEASURES[effect.measure],
                "against": COMPARED[effect.against],
                "horizon": HORIZONS[effect.horizon],
                "figures": figures(effect),
                "source": effect.source,
            }
            for effect in one.effects
        ],
    }


def _beside(
    visit: Visit, one: ScreeningReason, letters: dict[str, ClearanceForm], on: date
) -> dict[str, Any]:
    """What a rule asks for beside the written reason: a letter, a second signature."""
    found: dict[str, Any] = {}
    if "clearance" in one.needs:
        letter = assessment_safety.clearances(visit).get(one.id)
        found["letter"] = letter
        found["letter_holds"] = one.id in assessment_safety.cleared(visit, on)
        found["letter_form"] = letters.get(one.id) or ClearanceForm.empty(one.id, on)
    if "second-signature" in one.needs:
        rows = assessment_safety.justifications(visit)
        written = next((row for row in rows if row.rule == one.id), None)
        found["needs_second"] = True
        found["second"] = (
            assessment_safety.second_signatures(visit).get(written.pk) if written else None
        )
        found["written_by"] = written.recorded_by_id if written else None
    return found
