"""Who books, what they answer to the risk questions, and what they wait for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.clinic.booking.actions import Details
from filiform.clinic.booking.fairness import PARTS
from filiform.clinic.booking.vocabulary import PARTS as PARTS_IN_WORDS
from filiform.clinic.frontdoor.sieve import token_for
from filiform.clinic.frontdoor.trap import TrapForm
from filiform.clinic.frontdoor.vocabulary import LANGUAGES
from filiform.clinic.patients.births import latest_birth
from filiform.clinic.patients.forms import BirthField
from filiform.clinic.staff.models import Member
from filiform.clinic.web.phone_field import PhoneField
from filiform.clinic.web.widgets import Chips, ManyChips
from filiform.screening import AtBooking
from filiform.times import WEEKDAYS

NONE = "none"


class VisitorForm(TrapForm):
    """Who books and how they are reached."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name, so that we know whom we expect.")},
        widget=forms.TextInput({"autocomplete": "name", "dir": "auto"}),
    )
    phone = PhoneField(
        label=_("Your phone number"),
        required=False,
        help_text=_("With or without the country code, as you like: 0300 1234567."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("One of the two is enough."),
        error_messages={
            "invalid": _("This is not an e-mail address. Write it like name@example.com."),
        },
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
    )
    birth = BirthField(
        label=_("Date of birth, or age"),
        help_text=_("Day first: 5/3/1960. Or what you know: 1960, or an age such as 60."),
        error_messages={"required": _("Write when you were born, or how old you are.")},
    )
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"), choices=LANGUAGES, widget=Chips
    )
    consent = forms.BooleanField(
        label=_("Consent"),
        error_messages={"required": _("Tick this: without it we can't keep your booking.")},
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        # Made with the empty form: sent twice, everything that comes of it is found by this id.
        initial = {"form_id": uuid4(), "language": (get_language() or "en").split("-")[0]}
        initial["token"] = token_for(initial["form_id"])
        super().__init__(data, initial={**initial, **options.pop("initial", {})}, **options)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not (data.get("phone") or data.get("email") or {"phone", "email"} & set(self.errors)):
            self.add_error("phone", _("Write a number or an e-mail address, so we can reach you."))
        return data

    def asked_again(self) -> None:
        """With a new token: what is sent next is measured from now on."""
        again = {"token": token_for(self.cleaned_data["form_id"])}
        # Not `{**querydict}`, whose values are lists; a form with several to a field keeps them.
        data = self.data.copy() if isinstance(self.data, QueryDict) else {**self.data}
        data.update(again)
        if isinstance(data, QueryDict):
            data.setlist("token", [again["token"]])
        self.data = data

    @property
    def details(self) -> Details:
        given = self.cleaned_data
        return Details(
            given["name"], given["phone"], given["email"], given["birth"], given["language"]
        )

    @property
    def youngest_birth(self) -> date:
        """The last day on which they may have been born: what is decided otherwise for children
        asks for it."""
        birth = self.cleaned_data["birth"]
        return latest_birth(birth.on, birth.known)


WAITS = (("2", _("2 weeks")), ("4", _("4 weeks")), ("8", _("8 weeks")))


class WaitForm(VisitorForm):
    """Who waits, and for what."""

    person = forms.ChoiceField(label=_("With whom?"), widget=Chips, required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        coerce=int,
        required=False,
        widget=ManyChips,
        help_text=_("If none is ticked: every day."),
    )
    parts = forms.MultipleChoiceField(
        label=_("When on these days?"),
        choices=[(part, PARTS_IN_WORDS[part]) for part in PARTS],
        required=False,
        widget=ManyChips,
        help_text=_("If none is ticked: the whole day."),
    )
    weeks = forms.TypedChoiceField(
        label=_("How long shall we keep your place?"),
        choices=WAITS,
        coerce=int,
        widget=Chips,
        initial="4",
    )

    def __init__(
        self, data: QueryDict | None = None, *, people: Sequence[Member] = (), **options: Any
    ) -> None:
        super().__init__(data, **options)
        urdu = self.initial["language"] == "ur"
        choices = [(str(one.pk), (urdu and one.name_ur) or one.name) for one in people]
        self.fields["person"].choices = [("", _("Anybody")), *choices]  # type: ignore[attr-defined]
        self.fields["weekdays"].choices = list(  # type: ignore[attr-defined]
            enumerate(WEEKDAYS["ur" if urdu else "en"])
        )


YES_NO = (("yes", _("Yes")), ("no", _("No")))


class RiskForm(forms.Form):
    """The risk questions, in the words of the screening."""

    asked = forms.CharField(widget=forms.HiddenInput, initial="1")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, questions: AtBooking, **options: Any
    ) -> None:
        super().__init__(data, **options)
        language = get_language() or "en"
        self.questions = questions
        if questions.signs:
            signs = [(one.id, one.ask.in_language(language)) for one in questions.signs]
            self.fields["signs"] = forms.MultipleChoiceField(
                label=_("Do you have any of these now?"),
                # "None" has to be ticked: a list that was passed over must not count as "no" to
                # every sign.
                choices=[*signs, (NONE, _("None of these"))],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Tick what you have, or “None of these”.")},
            )
        for one in questions.questions:
            self.fields[f"q-{one.id}"] = forms.ChoiceField(
                label=one.ask.in_language(language),
                choices=YES_NO,
                widget=Chips,
                error_messages={"required": _("Answer yes or no.")},
            )

    def clean_signs(self) -> list[str]:
        given: list[str] = self.cleaned_data["signs"]
        if NONE in given and len(given) > 1:
            raise ValidationError(
                _("You ticked a sign and “None of these”. Take one of them away.")
            )
        return given

    @property
    def answers(self) -> dict[str, bool]:
        """Question → yes or no."""
        signs = self.cleaned_data.get("signs", [])
        found = {one.id: one.id in signs for one in self.questions.signs}
        for one in self.questions.questions:
            found[one.id] = self.cleaned_data[f"q-{one.id}"] == "yes"
        return found
