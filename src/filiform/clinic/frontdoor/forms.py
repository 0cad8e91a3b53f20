"""The visitor's message, and what staff note about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.clinic.frontdoor.sieve import token_for
from filiform.clinic.frontdoor.vocabulary import ANSWER_BY, CHANNELS, LANGUAGES
from filiform.clinic.staff.models import Site
from filiform.clinic.web.phone_field import PhoneField
from filiform.clinic.web.widgets import Chips


class MessageForm(forms.Form):
    """A visitor's message. `website` is a trap: people don't see it, machines fill it in."""

    message_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name, so that we know whom to ask for.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = PhoneField(
        label=_("Your phone number"),
        help_text=_("With or without the country code, as you like: 0300 1234567."),
        error_messages={"required": _("Write your number: without it we can't answer you.")},
    )
    text = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("A few words are enough. Don't write about your health here: we'll ask you."),
        error_messages={
            "required": _("Write what you would like, for example: an appointment next week."),
            "max_length": _("This is longer than 4,000 letters. Shorten it, or call us."),
        },
    )
    answer_by = forms.ChoiceField(
        label=_("How should we reply?"), choices=ANSWER_BY, widget=Chips, initial="call"
    )
    language = forms.ChoiceField(label=_("In which language?"), choices=LANGUAGES, widget=Chips)
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, sites: Sequence[Site] = (), **kwargs: Any) -> None:
        """sites: of the clinic, the usual one first; asked about when there are several."""
        self.sites = {str(site.pk): site for site in sites}
        initial = {
            "message_id": uuid4(),
            "site": next(iter(self.sites), ""),
            "language": (get_language() or "en").split("-")[0],
            **kwargs.pop("initial", {}),
        }
        initial["token"] = token_for(initial["message_id"])
        super().__init__(data, initial=initial, **kwargs)
        if len(self.sites) > 1:
            urdu = initial["language"] == "ur"
            self.fields["site"] = forms.ChoiceField(
                label=_("Which of our places?"),
                choices=[
                    (pk, (urdu and site.name_ur) or site.name) for pk, site in self.sites.items()
                ],
                widget=Chips,
                required=False,
            )

    @property
    def chosen_site(self) -> Site:
        """The place that the message goes to; the usual one when none was chosen."""
        chosen = self.cleaned_data.get("site") or next(iter(self.sites))
        return self.sites[chosen]

    def asked_again(self) -> None:
        """With a new token: what is sent next is measured from now on."""
        message_id = self.cleaned_data["message_id"]
        self.data = {**_plain(self.data), "token": token_for(message_id)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("website"):
            # A browser may have filled it in for a real person: say so, and let them send again.
            self.data = {**_plain(self.data), "website": ""}
            raise ValidationError(
                _("A field that people don't see was filled in. Press Send again to continue.")
            )
        return data

    def fields_of_message(self) -> dict[str, Any]:
        apart = {"website", "token", "site"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The last value of each field, as widgets read it: `{**querydict}` would give lists."""
    return {name: data[name] for name in data}


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"), max_length=2000, widget=forms.Textarea({"rows": 2})
    )


class AnswerForm(forms.Form):
    channel = forms.ChoiceField(label=_("How?"), choices=CHANNELS, widget=Chips)
    text = forms.CharField(
        label=_("What was said"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("For example: appointment on Monday at 11, first visit."),
    )


class AlarmForm(forms.Form):
    text = forms.CharField(
        label=_("What was done?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("For example: called at once, sent to emergency with her brother."),
    )


class CloseForm(forms.Form):
    text = forms.CharField(
        label=_("How did it end?"),
        required=False,
        max_length=500,
        widget=forms.TextInput,
    )
