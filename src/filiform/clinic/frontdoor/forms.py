"""The visitor's message, and what staff note about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.frontdoor import attachments
from filiform.clinic.frontdoor.attachments import Attached
from filiform.clinic.frontdoor.models import HeldFile
from filiform.clinic.frontdoor.sieve import token_for
from filiform.clinic.frontdoor.trap import TrapForm, plain
from filiform.clinic.frontdoor.vocabulary import ANSWER_BY, CHANNELS, LANGUAGES
from filiform.clinic.staff.models import Site
from filiform.clinic.web.phone_field import PhoneField
from filiform.clinic.web.widgets import Chips
from filiform.listening import hear
from filiform.reasons import Reason, say

CONSENT = _(
    "The clinic may keep this message and use my number or address to answer it. Only its staff "
    "read it."
)


class Files(forms.ClearableFileInput):
    """Several files in one field; without script, the browser's own chooser."""

    # Django refuses a chooser of several files unless its class says that it means it.
    allow_multiple_selected = True
    # Without the tick that empties the field: files that are held have ticks of their own.
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files; what is in them the form judges (`attachments.read`)."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


class MessageForm(TrapForm):
    """A visitor's message."""

    consent = CONSENT
    """What stands beside the tick `agreed`; among the errors its name is enough."""

    message_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name, so that we know whom to ask for.")},
        widget=forms.TextInput({"autocomplete": "name"}),
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
    attach = FilesField(
        label=_("A photograph or a letter"),
        required=False,
        widget=Files({"accept": attachments.ACCEPT, "multiple": True}),
        help_text=_(
            "If you like: a picture of the bruise, a referral letter. Up to %(files)s files of "
            "%(most)s MB each: JPEG, PNG, WebP or PDF. Where and when a picture was taken is "
            "removed."
        ),
    )
    agreed = forms.BooleanField(
        label=_("Consent"),
        required=False,
        error_messages={"required": _("Tick that we may keep your message.")},
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, sites: Sequence[Site] = (), **kwargs: Any
    ) -> None:
        """sites: of the clinic, the usual one first; asked about when there are several."""
        self.sites = {str(site.pk): site for site in sites}
        self.attached: list[Attached] = []
        self.dropped = set(data.getlist("drop")) if hasattr(data, "getlist") else set()
        """Ids of held files that the visitor doesn't want to send after all"""
        initial = {
            "message_id": uuid4(),
            "site": next(iter(self.sites), ""),
            "language": (get_language() or "en").split("-")[0],
            **kwargs.pop("initial", {}),
        }
        initial["token"] = token_for(initial["message_id"])
        super().__init__(data, files, initial=initial, **kwargs)
        most = {"files": attachments.MOST_FILES, "most": attachments.MOST_MB}
        self.fields["attach"].help_text = self.fields["attach"].help_text % most
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

    def clean_attach(self) -> list[Attached]:
        """What is kept of the files; the good ones stay in `attached` when another can't be."""
        given = self.files.getlist("attach") if hasattr(self.files, "getlist") else []
        before = len(self.held)
        language, wrong = get_language() or "en", []
        for file in given:
            if file.file is None:
                continue
            found = attachments.read(file.file, name=file.name or "", size=file.size or 0)
            if isinstance(found, Reason):
                wrong.append(say(found, language))
            elif before + len(self.attached) >= attachments.MOST_FILES:
                too_many = Reason("attachments-too-many", params={"most": attachments.MOST_FILES})
                wrong.append(say(too_many, language))
                # Said once: of ten files too many nobody reads the same sentence ten times.
                break
            else:
                self.attached.append(found)
        if wrong:
            raise ValidationError(wrong)
        return self.attached

    @property
    def held(self) -> list[HeldFile]:
        """Files that came when this form was sent before."""
        message_id = self.cleaned_data.get("message_id") if self.is_bound else None
        if message_id is None:
            return []
        rows = HeldFile.objects.filter(message_id=message_id).order_by("at", "pk")
        return [row for row in rows if str(row.pk) not in self.dropped]

    @property
    def all_files(self) -> list[Attached]:
        """Those held, and those that came now."""
        held = [Attached(row.name, row.kind, bytes(row.content), row.sha256) for row in self.held]
        # Chosen again after it was held: by its content it is the same file.
        known = {one.sha256 for one in held}
        return held + [one for one in self.attached if one.sha256 not in known]

    def asked_again(self) -> None:
        """With a new token: what is sent next is measured from now on."""
        message_id = self.cleaned_data["message_id"]
        self.data = {**plain(self.data), "token": token_for(message_id)}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._check_reach(data)
        # Who tells of danger is answered at once, whatever else is missing.
        if not data.get("agreed") and not hear(data.get("text", "")):
            self.add_error("agreed", self.fields["agreed"].error_messages["required"])
        return data

    def _check_reach(self, data: dict[str, Any]) -> None:
        """A number or an address; and the one by which an answer is wished for."""
        phone, email = data.get("phone"), data.get("email")
        # What can't be read is told beside its field. Here it would be called missing as well.
        if {"phone", "email"} & set(self.errors):
            return
        if not phone and not email:
            self.add_error(
                "phone",
                _("Write your number or your e-mail address: without it we can't answer you."),
            )
        elif data.get("answer_by") == "email" and not email:
            self.add_error("email", _("Write the address at which you want our answer."))
        elif data.get("answer_by") in ("call", "whatsapp", "sms") and not phone:
            self.add_error(
                "phone", _("Write your number, or choose e-mail as the way of our answer.")
            )

    def fields_of_message(self) -> dict[str, Any]:
        # What belongs to the form alone, or is kept under another name.
        apart = {"website", "token", "site", "attach", "agreed"}
        told = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        agreed = str(CONSENT) if self.cleaned_data.get("agreed") else ""
        return {**told, "agreed_to": agreed, "attachments": self.all_files}


class LimitForm(forms.Form):
    minutes = forms.IntegerField(
        label=_("Messages are answered within"),
        min_value=15,
        max_value=7 * 24 * 60,
        help_text=_(
            "Minutes of opening hours, from 15. After that a message is red and the bell rings."
        ),
        widget=forms.NumberInput({"class": "short", "inputmode": "numeric"}),
    )


class AnswerTextForm(forms.Form):
    """A text for answers, in both languages."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_ur = forms.CharField(
        label=_("Name in Urdu"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"dir": "rtl", "lang": "ur"}),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("{name}, {clinic} and {phone} are filled in."),
    )
    text_ur = forms.CharField(
        label=_("Text in Urdu"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4, "dir": "rtl", "lang": "ur"}),
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"), max_length=2000, widget=forms.Textarea({"rows": 2})
    )


class AnswerForm(forms.Form):
    answer_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    channel = forms.ChoiceField(label=_("How?"), choices=CHANNELS, widget=Chips)
    text = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("For example: you can come on Monday at 11."),
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
