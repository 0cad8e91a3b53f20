"""The page of one check, as it is opened and as it comes back with something to mend."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare import knowledge, queries
from filiform.clinic.aftercare.actions import last_alarming
from filiform.clinic.aftercare.forms import AcknowledgeForm, AnswersForm, ClosingForm, NoReplyForm
from filiform.clinic.aftercare.models import Check, CheckOutcome
from filiform.clinic.aftercare.texts import SAFETY_TEXT, WHATSAPP_GREETING
from filiform.clinic.aftercare.vocabulary import (
    EVENTS,
    ICONS,
    MARKS,
    NOTICES,
    RESULTS,
    TAGS,
    URGENCIES,
)
from filiform.clinic.body.chart import body_of
from filiform.clinic.body.pictures import in_words, pictures, views_of
from filiform.clinic.body.queries import marks_of
from filiform.clinic.web.muscle_names import muscle_words
from filiform.clinic.web.templatetags.filiform import isolated, local_name
from filiform.outcomes import Triage
from filiform.reasons import Reason, say
from filiform.words import Words


def check_page(
    request: StaffRequest,
    check: Check,
    *,
    answers: AnswersForm | None = None,
    no_reply: NoReplyForm | None = None,
    closing: ClosingForm | None = None,
    acknowledging: AcknowledgeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Everything about one check; a form that is given comes back with its errors."""
    answers = answers or answers_form(check)
    outcomes = list(check.outcomes.select_related("recorded_by").order_by("recorded_at"))
    tries = sum(outcome.result == "no-reply" for outcome in outcomes)
    given = _given(answers)
    triage = knowledge.judge(check, given, at=timezone.now()) if given else None
    spoken = check.patient.language
    context = {
        **triage_context(check, triage, open_questions=0),
        "patient": check.patient,
        "visit": check.treatment.visit,
        "site": check.treatment.visit.site,
        "outcomes": outcomes,
        "marks": _marks(outcomes),
        "acknowledgements": check.acknowledgements.select_related("recorded_by").order_by(
            "recorded_at", "pk"
        ),
        "answers": answers,
        "asked": _side_by_side(answers, check.patient.language),
        "no_reply": no_reply or NoReplyForm(),
        "closing": closing or ClosingForm(check=check),
        "acknowledging": acknowledging or AcknowledgeForm(initial={"seen": _seen(check)}),
        "tries": tries,
        "next_action": queries.next_action(
            check, tries, may_acknowledge=request.user.may("record-clinical")
        ),
        "muscles": [muscle_words(muscle) for muscle in knowledge.needled_muscles(check.treatment)],
        "results": RESULTS,
        "safety_text": _safety_text(check),
        "whatsapp_text": quote(
            WHATSAPP_GREETING.in_language(spoken) % {"clinic": isolated(_place_in(check, spoken))}
        ),
        "now": timezone.now(),
    }
    return render(request, "aftercare/check.html", context, status=status)


def _place_in(check: Check, language: str) -> str:
    """Where the patient was treated, in the language of the message and not of the page."""
    with override(language):
        return local_name(check.treatment.visit.site)


def _seen(check: Check) -> UUID | None:
    newest = last_alarming(check)
    return newest.pk if newest else None


def answers_form(check: Check, data: Any = None) -> AnswersForm:
    """The questions of a check, with the patient's body to mark a bruise on."""
    return AnswersForm(
        data,
        questions=knowledge.questions(check, on=timezone.localdate()),
        body=body_of(check.patient),
    )


def _marks(outcomes: list[CheckOutcome]) -> list[dict[str, Any]]:
    """What was marked on the body at each outcome, in words and pictures."""
    drawn = marks_of(outcomes)
    return [
        {
            "outcome": outcome,
            "name": name,
            "words": in_words(drawn[outcome.pk, kind], {}),
            "pictures": pictures(
                drawn[outcome.pk, kind],
                views=views_of(drawn[outcome.pk, kind]),
                prefix=f"mark-{number}-{kind}",
                css=kind,
            ),
        }
        for number, outcome in enumerate(outcomes)
        for kind, name in MARKS
        if (outcome.pk, kind) in drawn
    ]


def triage_context(check: Check, triage: Triage | None, *, open_questions: int) -> dict[str, Any]:
    """What the banner of urgency needs."""
    return {
        "check": check,
        "triage": triage,
        "open_questions": open_questions,
        "urgencies": URGENCIES,
        "notices": NOTICES,
        "tags": TAGS,
        "icons": ICONS,
        "events": EVENTS,
        "site": check.treatment.visit.site,
        "spoken": check.patient.language,
        "bilingual": check.patient.language != (get_language() or "en").split("-")[0],
    }


def add_reasons(form: forms.Form, reasons: tuple[Reason, ...]) -> None:
    """Put refusals above a form, in the reader's language."""
    for reason in reasons:
        form.add_error(None, say(reason, get_language() or "en"))


def _given(form: AnswersForm) -> dict[str, Any]:
    if not form.is_bound:
        return {}
    # For what can be read: half an answer is judged too, and what is wrong in it is told elsewhere.
    form.is_valid()
    return form.report()


def _side_by_side(form: AnswersForm, language: str) -> list[tuple[Any, str]]:
    """Each question's field with the question as the patient hears it; "" where it is the same."""
    ours = (get_language() or "en").split("-")[0]
    return [
        (form[question.id], "" if language == ours else question.text.in_language(language))
        for question in form.questions
    ]


def _safety_text(check: Check) -> list[tuple[str, str]]:
    """The text to leave, in the patient's language first."""
    site = check.treatment.visit.site
    numbers = {"emergency": site.emergency_phone, "phone": site.phone}
    # Once, where both are the same.
    languages = dict.fromkeys([check.patient.language, (get_language() or "en").split("-")[0]])
    return [(language, _filled(SAFETY_TEXT, language, numbers)) for language in languages]


def _filled(text: Words, language: str, numbers: dict[str, str]) -> str:
    return text.in_language(language) % numbers
