"""The step Consent, withdrawing it, and the patient's copy."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment.queries import targets
from filiform.clinic.consent import actions, queries
from filiform.clinic.consent.forms import ConsentForm, RefusalForm, WithdrawalForm
from filiform.clinic.consent.models import Consent, ConsentText
from filiform.clinic.consent.paper import consent_values
from filiform.clinic.consent.personal import Personal, over_lung, personal
from filiform.clinic.consent.regions import regions_of
from filiform.clinic.consent.understood import told_back
from filiform.clinic.consent.vocabulary import (
    ADULT_AGE_YEARS,
    CURRENT,
    LANGUAGES,
    METHODS,
    RELATIONS,
)
from filiform.clinic.documents.answers import pdf_page
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page
from filiform.clinic.web.addresses import way_back
from filiform.clinic.web.muscle_names import list_in_words, muscle_in_words
from filiform.reasons import Reason, say

FIELD_OF = {
    "consent-no-name": "signed_name",
    "consent-guardian-needed": "relation",
    "consent-teach-back": "answer_what",
    "consent-no-signature": "signature",
    "consent-signature-too-long": "signature",
    "consent-no-witness": "witness",
}
"""Reason → the field beside which it stands; the others stand above the form."""


@require_safe
@visit_page("see-clinical", saw_what="consent", kept=True)
def consent(request: StaffRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit)


@require_POST
@visit_page("record-clinical")
def give(request: StaffRequest, visit: Visit) -> HttpResponse:
    form = ConsentForm(request.POST, over_lung=over_lung(targets(visit)))
    if not form.is_valid():
        return _page(request, visit, form=form, status=422)
    given = form.cleaned_data
    # The version that stood on the page, even if a newer one was published since.
    text = ConsentText.objects.filter(
        pk=given.pop("text"), organisation=request.user.organisation_id
    ).first()
    if text is None:
        raise Http404
    today = timezone.localdate()
    # A region that was refused on another tablet since this page was made has left the plan. Signed
    # for here, it would count as agreed to after the refusal: as a change of mind.
    chosen = {(target.muscle, target.side) for target in targets(visit)}
    given["muscles"] = [pair for pair in given["muscles"] if pair in chosen]
    with one_reading():
        shown = personal(visit, language=text.language, on=today).as_stored(given["muscles"])
    answer = actions.give_consent(
        by=request.user,
        visit=visit,
        text=text,
        language=text.language,
        shown=shown,
        on=today,
        **given,
    )
    if isinstance(answer, tuple):
        _put_beside(form, answer)
        return _page(request, visit, form=form, status=422, language=text.language)
    messages.success(request, _("Consent is recorded. The patient can have a copy."))
    return redirect("consent:consent", visit.pk)


def _put_beside(form: ConsentForm, reasons: tuple[Reason, ...]) -> None:
    for reason in reasons:
        form.add_error(FIELD_OF.get(reason.code), say(reason, get_language() or "en"))


def _page(
    request: StaffRequest,
    visit: Visit,
    *,
    form: ConsentForm | None = None,
    status: int = 200,
    language: str = "",
) -> HttpResponse:
    today = timezone.localdate()
    language = language or _text_language(request, visit)
    with one_reading():
        shown = personal(visit, language=language, on=today)
        text = queries.current_text(visit.organisation, language)
        last = queries.last_consent(visit)
        reasons = queries.reasons_against(visit)
        # A form that was refused stays open, also where a former consent still holds.
        asked = request.GET.get("again") == "yes" or bool(form)
        context: dict[str, Any] = {
            "text": text,
            "text_language": language,
            "languages": LANGUAGES,
            "sections": _sections(text, shown),
            "shown": shown,
            "last": last,
            "reasons": reasons,
            "holds": last is not None and not reasons,
            "withdrawn": last is not None and queries.is_withdrawn(last),
            "agreed": _agreed(last),
            "regions": regions_of(visit, shown.done, language),
            "refusals": [
                (one, list_in_words(pairs)) for one, pairs in queries.still_refused(visit, last)
            ],
            "asking": asked or bool(reasons),
            "read_ahead": queries.read_ahead(visit),
            "is_first_visit": queries.is_first_visit(visit),
            "is_minor": visit.patient.least_age_on(today) < ADULT_AGE_YEARS,
            "form": form or _empty_form(visit, text, shown),
        }
        return step_page(
            request, "consent/consent", visit=visit, step="consent", context=context, status=status
        )


def _text_language(request: StaffRequest, visit: Visit) -> str:
    """The patient's own language, unless another was chosen for the text."""
    known = dict(LANGUAGES)
    for wanted in (request.GET.get("text", ""), visit.patient.language):
        if wanted in known:
            return wanted
    return "en"


def _sections(text: ConsentText | None, shown: Personal) -> list[dict[str, str]]:
    if text is None:
        return []
    return [part for part in text.body if part.get("only") != "lung" or shown.over_lung]


def _agreed(last: Consent | None) -> list[str]:
    return [muscle_in_words(*pair) for pair in last.muscles] if last else []


def _empty_form(visit: Visit, text: ConsentText | None, shown: Personal) -> ConsentForm:
    minor = visit.patient.least_age_on(timezone.localdate()) < ADULT_AGE_YEARS
    return ConsentForm(
        over_lung=shown.over_lung,
        initial={
            "text": text.pk if text else None,
            "muscles": " ".join(f"{done.muscle}:{done.side}" for done in shown.done),
            "techniques": CURRENT if queries.with_current(visit) else "",
            # A guardian writes their own name; the patient's would be signed over by mistake.
            "signed_name": "" if minor else visit.patient.name,
            "relation": None if minor else "self",
        },
    )


@require_POST
@visit_page("record-clinical")
def refuse(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The patient wants no needles in a region: its muscles leave the plan now."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return redirect("consent:consent", visit.pk)
    pairs = [pair.partition(":") for pair in form.cleaned_data["muscles"].split()]
    refusal = actions.refuse(
        by=request.user,
        visit=visit,
        muscles=[(muscle, side) for muscle, _colon, side in pairs],
        why=_("The patient refused this region."),
        said=form.cleaned_data["said"],
    )
    if refusal is not None:
        names = list_in_words([(muscle, side) for muscle, side in refusal.muscles])
        messages.success(request, _("Refused, and off the plan: %(muscles)s.") % {"muscles": names})
    return redirect("consent:consent", visit.pk)


@require_http_methods(["GET", "POST"])
@visit_page("record-clinical")
def withdraw(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The patient takes the consent back. One page, one question, one button."""
    last = queries.last_consent(visit)
    if last is None or queries.is_withdrawn(last):
        return redirect("consent:consent", visit.pk)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(by=request.user, visit=visit, **form.cleaned_data)
        return _after_withdrawal(request, visit)
    return step_page(
        request,
        "consent/withdraw",
        visit=visit,
        step="consent",
        context={"form": form, "back": _back(request, visit)},
        status=422 if form.errors else 200,
    )


def _after_withdrawal(request: StaffRequest, visit: Visit) -> HttpResponse:
    # The needles first: a page about consent is no place to be while they are in.
    if visit.state == "needles-in":
        messages.warning(request, _("Consent is withdrawn. Remove every needle now."))
        return redirect("treatment:treat", visit.pk)
    messages.success(request, _("Consent is withdrawn. Do not insert any needles."))
    return redirect(_back(request, visit))


def _back(request: StaffRequest, visit: Visit) -> str:
    """Where the button was pressed: the consent or the treat page."""
    place = request.POST.get("next") or request.GET.get("next", "")
    return way_back(request, place, reverse("consent:consent", args=[visit.pk]))


@require_safe
@visit_page("see-clinical", saw_what="consent-copy")
def copy(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The signed document for the patient, to print."""
    last = queries.last_consent(visit)
    if last is None:
        raise Http404
    text = last.text
    shown = last.shown
    return render(
        request,
        "consent/copy.html",
        {
            "visit": visit,
            "consent": last,
            "text": text,
            "sections": [p for p in text.body if p.get("only") != "lung" or shown.get("lung")],
            "muscles": [
                muscle_in_words(muscle, side, text.language) for muscle, side in last.muscles
            ],
            "method": dict(METHODS)[last.method],
            "relation": dict(RELATIONS).get(last.relation, last.relation),
            "withdrawal": getattr(last, "withdrawal", None),
            "answers": told_back(last),
            "refused": [
                list_in_words(pairs, text.language)
                for _refusal, pairs in queries.still_refused(visit, last)
            ],
        },
    )


@require_safe
@visit_page("see-clinical")
def copy_pdf(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The same as PDF, in the language of the text that was signed."""
    last = queries.last_consent(visit)
    if last is None:
        raise Http404
    # They are here already: the paper asks for both.
    last.visit, last.patient = visit, visit.patient
    language = last.text.language
    with override(language):
        values = consent_values(last, by=request.user)
    return pdf_page(
        request,
        "consent/papers/consent.typ",
        values,
        name=f"{visit.patient.file_number}-consent",
        saw_what="consent-copy",
        patient=visit.patient,
        subject=last,
        language=language,
    )
