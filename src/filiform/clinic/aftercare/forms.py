"""What is asked at a check, and what is noted when nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from filiform.clinic.aftercare.models import Check
from filiform.clinic.aftercare.vocabulary import MARKS, WAYS
from filiform.clinic.body.fields import DrawingField
from filiform.clinic.facts.models import new_id
from filiform.clinic.web.widgets import YES_NO, Chips, PainField
from filiform.outcomes import FollowUpQuestion, Triage, Urgency
from filiform.words import LANGUAGES


class SentOnce(forms.Form):
    """A form that carries the id of the row it makes, so that a second sending finds it."""

    outcome_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Anew with each empty form: a form that comes back brings the id that it was sent with.
        kwargs.setdefault("initial", {})["outcome_id"] = new_id()
        super().__init__(*args, **kwargs)


class AnswersForm(SentOnce):
    """The questions of a check, the most dangerous first.

    Every question is answered, or the box says that the rest was asked and is fine. Once an
    answer means emergency nothing more has to be asked. `spoken` says each question in the
    patient's language beside ours. `body` is the address of the patient's build, for the chart.
    """

    where = DrawingField(
        label=_("Where the bruise or the soreness is"),
        required=False,
        kind="bruise",
        qualities=MARKS,
        intensities=False,
    )
    rest_is_fine = forms.BooleanField(
        required=False, label=_("I asked about everything else: no to all")
    )
    note = forms.CharField(
        required=False, label=_("Note"), max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    action = forms.CharField(
        required=False,
        label=_("What you said and did"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self, *args: Any, questions: Sequence[FollowUpQuestion], body: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.fields["where"].widget.body = body
        ours = get_language() or "en"
        for question in questions:
            self.fields[question.id] = _field(question, ours)
        self.order_fields([*[q.id for q in questions], "rest_is_fine", "where", "note", "action"])

    def report(self) -> dict[str, Any]:
        """The answers that were given, as fields of `CheckReport`."""
        given = {q.id: self.cleaned_data.get(q.id) for q in self.questions}
        return {name: value for name, value in given.items() if value not in (None, "")}

    def unanswered(self) -> list[FollowUpQuestion]:
        """Questions without an answer; free text may stay empty."""
        given = self.report()
        return [q for q in self.questions if q.kind != "text" and q.id not in given]

    def refuse_unless_complete(self, triage: Triage) -> None:
        """Add an error when something was not asked and nothing is urgent enough to stop."""
        if triage.urgency is Urgency.EMERGENCY or self.cleaned_data.get("rest_is_fine"):
            return
        missing = self.unanswered()
        if not missing:
            return
        count = len(missing)
        self.add_error(
            None,
            ValidationError(
                ngettext(
                    "%(count)s question has no answer. Ask it, or tick that the rest is fine.",
                    "%(count)s questions have no answer. Ask them, or tick that the rest is fine.",
                    count,
                )
                % {"count": count}
            ),
        )


def _field(question: FollowUpQuestion, language: str) -> forms.Field:
    label = question.text.in_language(language)
    if question.kind == "scale":
        # None is required by itself: with a sign of an emergency the rest need not be asked.
        return PainField(label=label, required=False, help_text="")
    if question.kind == "text":
        return forms.CharField(
            label=label, required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
        )
    if question.kind == "choice":
        choices = [(one.id, one.text.in_language(language)) for one in question.choices]
        return forms.ChoiceField(label=label, required=False, choices=choices, widget=Chips)
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=YES_NO,
        widget=Chips,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )


class NoReplyForm(SentOnce):
    """One try that reached nobody; it is kept and the check stays open."""

    note = forms.CharField(required=False, label=_("Note"), max_length=500)


class ClosingForm(SentOnce):
    """Closing a check without an answer: a note, and over the lung the safety-net advice."""

    note = forms.CharField(
        label=_("Reason, and what advice was left for the patient"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    safety_text_left = forms.BooleanField(
        label=_("Safety-net advice was left for the patient (voicemail, SMS or WhatsApp)"),
        required=False,
    )

    def __init__(self, *args: Any, check: Check, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if check.over_lung:
            self.fields["safety_text_left"].required = True
        else:
            del self.fields["safety_text_left"]

    def report(self) -> dict[str, bool]:
        left = self.cleaned_data.get("safety_text_left")
        return {} if left is None else {"safety_text_left": left}


class AcknowledgeForm(SentOnce):
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    action = forms.CharField(
        label=_("What you did"),
        help_text=_("For example: spoke to the patient, sent to the emergency department."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )


class AdviceForm(forms.Form):
    """How the patient was told."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, {"en": "English", "ur": "اردو"}[code]) for code in LANGUAGES],
        widget=Chips,
    )
    way = forms.ChoiceField(label=_("How"), choices=WAYS, widget=Chips)
