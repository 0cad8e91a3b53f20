"""What is chosen when a letter is begun, what is written in it, and the proof of who signs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from filiform.clinic.correspondence.editing import LONGEST, Marked, lines_of, marked
from filiform.clinic.correspondence.vocabulary import DIAGNOSIS, KINDS, LANGUAGES, LAYMEN, PARTS
from filiform.clinic.facts.models import new_id
from filiform.clinic.sending.rules import CHANNELS
from filiform.clinic.sending.vocabulary import CHANNELS as CHANNEL_NAMES
from filiform.clinic.staff import pins
from filiform.clinic.web.widgets import Chips
from filiform.reasons import Reason, say

if TYPE_CHECKING:
    from filiform.clinic.access.guards import StaffRequest
    from filiform.clinic.correspondence.models import Letter


class BeginForm(forms.Form):
    letter_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    kind = forms.ChoiceField(label=_("Which letter"), choices=KINDS.items, widget=Chips)
    language = forms.ChoiceField(label=_("Written in"), choices=LANGUAGES.items, widget=Chips)
    to_name = forms.CharField(label=_("Who reads it"), max_length=160, required=False)
    to_place = forms.CharField(label=_("Their address"), max_length=300, required=False)
    diagnosis = forms.ChoiceField(
        label=_("For an employer or a school: does the patient agree that the diagnosis is named?"),
        choices=DIAGNOSIS.items,
        widget=Chips,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Asked for employers and schools; to colleagues it says nothing."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") not in LAYMEN:
            data["diagnosis"] = ""
        elif not data.get("diagnosis"):
            self.add_error("diagnosis", _("Ask the patient, then choose yes or no."))
        return data


class EditForm(forms.Form):
    """A text for each part, one sentence a line. version: the one that was shown."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    to_name = forms.CharField(label=_("Who reads it"), max_length=160, required=False)
    to_place = forms.CharField(label=_("Their address"), max_length=300, required=False)

    def __init__(self, *args: Any, letter: Letter, **options: Any) -> None:
        options.setdefault("initial", {
            "version": letter.pk, "to_name": letter.to_name, "to_place": letter.to_place,
            **{f"part_{part}": lines_of(letter.sentences, part) for part in PARTS},
        })  # fmt: skip
        super().__init__(*args, **options)
        self.letter = letter
        for part, name in PARTS.items():
            # A line more than there is text, to write on.
            rows = max(2, lines_of(letter.sentences, part).count("\n") + 2)
            self.fields[f"part_{part}"] = forms.CharField(
                label=str(name),
                max_length=6000,
                required=False,
                widget=forms.Textarea(
                    {"rows": rows, "lang": letter.language, "dir": _direction(letter.language)}
                ),
            )

    def sentences(self) -> list[Marked]:
        parts = {part: self.cleaned_data[f"part_{part}"] for part in PARTS}
        return marked(parts, self.letter.composed)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for part in PARTS:
            longest = max(
                (len(one) for one in data.get(f"part_{part}", "").splitlines()), default=0
            )
            if longest > LONGEST:
                error = _("A sentence has %(got)s letters; at most %(most)s are allowed. Split it.")
                self.add_error(f"part_{part}", error % {"got": longest, "most": LONGEST})
        return data


def _direction(language: str) -> str:
    return "rtl" if language == "ur" else "ltr"


class ProofForm(forms.Form):
    """One's own PIN or password under what one signs."""

    secret = forms.CharField(
        label=_("Your own PIN or password"),
        max_length=1000,
        # Blanks may belong to a password.
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "class": "medium"}
        ),
    )

    def __init__(self, *args: Any, request: StaffRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request

    @sensitive_variables("secret")
    def way(self) -> str:
        """ "pin" or "password"; "" when it was wrong, and the field says so. Each call is a try."""
        secret = self.cleaned_data.get("secret", "")
        me = self.request.user
        # Wrong tries count as they do anywhere else: a letter is no place to guess a PIN.
        found = pins.prove(me, secret, asked_by=me, now=timezone.now())
        if isinstance(found, Reason):
            self.add_error("secret", say(found, get_language() or "en"))
            return ""
        return found


class SignForm(ProofForm):
    version = forms.UUIDField(widget=forms.HiddenInput)


class AddendumForm(ProofForm):
    prefix = "addendum"
    text = forms.CharField(
        label=_("What to add or correct"),
        max_length=4000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    field_order = ("text", "secret")


class SendForm(forms.Form):
    """channel: only those that a provider is set up for."""

    prefix = "send"
    channel = forms.ChoiceField(label=_("Send by"), widget=Chips)
    to = forms.CharField(label=_("Their number or e-mail address"), max_length=254)

    def __init__(self, *args: Any, channels: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["channel"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one, CHANNEL_NAMES[one]) for one in CHANNELS if one in channels]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        to, channel = data.get("to", ""), data.get("channel")
        if channel == "email" and "@" not in to:
            self.add_error("to", _("An e-mail address has an @, like clinic@example.org."))
        elif channel in ("sms", "whatsapp") and to:
            digits = to.replace(" ", "").replace("-", "")
            # Fifteen digits at most (E.164), and the plus before them.
            if not (digits.startswith("+") and digits[1:].isdecimal() and 8 <= len(digits) <= 16):
                self.add_error(
                    "to", _("Write the number with + and the country, like +923001234567.")
                )
            data["to"] = digits
        return data


class ReaderForm(forms.Form):
    """The patient's day of birth, in three numbers, from whoever the letter was sent to."""

    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31)
    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2199)

    def birth(self) -> date | None:
        parts = [self.cleaned_data[name] for name in ("year", "month", "day")]
        try:
            return date(*parts)
        except ValueError:
            return None
