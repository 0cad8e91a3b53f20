"""Forms of the room: signing in, one's own account, people and their credentials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.anatomy import atlas
from filiform.clinic.staff.lock import LONGEST_PIN
from filiform.clinic.staff.models import Member
from filiform.clinic.staff.vocabulary import ROLES
from filiform.clinic.web.fields import DayField, field_of
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.widgets import Chips, Day, ManyChips
from filiform.times import plain_digits
from filiform.words import LANGUAGES

LANGUAGE_NAMES = {"en": _("English"), "ur": _("Urdu")}
EASY_PINS = ("0123456789", "9876543210")


if TYPE_CHECKING:
    _MemberChoice = forms.ModelChoiceField[Member]
else:  # Django's class takes no parameter when it runs
    _MemberChoice = forms.ModelChoiceField


class PersonField(_MemberChoice):
    """Somebody of the clinic, by name. Whose clinic it is, the form says."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Member.objects.none(), **options)

    def label_from_instance(self, member: Member) -> str:
        return local_name(member)


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def clean_username(self) -> str:
        # A telephone's keyboard begins with a capital letter.
        return str(self.cleaned_data["username"]).lower()

    def refuse(self, *, looked_at: bool = True) -> None:
        """One sentence for every cause, so that nobody learns which names exist. looked_at: whether
        the password was compared at all, or the device has to do its sum first."""
        self.add_error(
            None,
            _("The user name and password don't match. Check both and try again.")
            if looked_at
            else _(
                "Many wrong passwords were typed for this name lately. Enter the password once "
                "more: this device then works for some seconds to show that you are not a "
                "robot."
            ),
        )


class OwnDetailsForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_ur = forms.CharField(
        label=_("Name in Urdu"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"dir": "rtl", "lang": "ur"}),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("As patients read it, for example: Physiotherapist (DPT)"),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        widget=Chips,
    )


class WithPassword(forms.Form):
    """A change that needs the password: a screen left open must not be enough."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.member.check_password(password):
            raise ValidationError(_("That is not your password. Nothing was changed."))
        return password


class PasswordForm(WithPassword):
    prefix = "password"
    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=1000,
        help_text=_("At least 12 characters. Three or four words that nobody would guess do well."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        # With the member: their own name is among the first that anybody tries.
        validate_password(password, self.member)
        return password


def check_pin(pin: str) -> str:
    """Six to ten digits that are not the first ones anybody tries; as they are compared later."""
    pin = plain_digits(pin)
    if not re.fullmatch(r"[0-9]{6,10}", pin):
        raise ValidationError(_("A PIN has 6 to 10 digits and nothing else."))
    # 111111, 121212 and 123456 are what is tried first.
    if len(set(pin)) < 3 or any(pin in easy for easy in EASY_PINS):
        raise ValidationError(
            _("This PIN is among the first that anybody would try. Choose other digits.")
        )
    return pin


class PinForm(WithPassword):
    prefix = "pin"
    pin = forms.CharField(
        label=_("New PIN"),
        max_length=LONGEST_PIN,
        help_text=_("6 to 10 digits. It unlocks the screen; it does not sign in."),
        widget=forms.PasswordInput(
            {"inputmode": "numeric", "autocomplete": "off", "class": "medium"}
        ),
    )

    def clean_pin(self) -> str:
        return check_pin(str(self.cleaned_data["pin"]))


class PersonForm(forms.Form):
    """What the owner sets for a person of the clinic."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_ur = forms.CharField(
        label=_("Name in Urdu"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"dir": "rtl", "lang": "ur"}),
    )
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLES,
        widget=ManyChips,
        error_messages={"required": _("Choose at least one role: it decides what they may do.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        widget=Chips,
        initial="en",
    )
    on_public_site = forms.BooleanField(
        label=_("Show on the public site"),
        required=False,
        help_text=_("Only while registration and training are valid."),
    )

    def fields_of_member(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        roles = set(data.pop("roles"))
        return {
            **{name: data[name] for name in ("name", "name_ur", "title", "language")},
            "on_public_site": data["on_public_site"],
            **{f"is_{role}": role in roles for role, _label in ROLES},
        }


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Small letters, digits, dots and hyphens; at least 3."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    new_password = forms.CharField(
        label=_("First password"),
        strip=False,
        max_length=1000,
        help_text=_("At least 12 characters. Hand it over in person; they change it afterwards."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"]).strip().lower()
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,59}", username):
            raise ValidationError(
                _("A user name has at least 3 small letters, digits, dots or hyphens.")
            )
        # In every clinic of the installation: who signs in types a name and no clinic.
        if Member.objects.filter(username=username).exists():
            raise ValidationError(_("This user name is already taken. Choose another one."))
        return username

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        # Without the member, who does not exist yet: only the general rules can be asked.
        validate_password(password)
        return password


class SwitchForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea({"rows": 2}))


class AmendmentReasonForm(forms.Form):
    """The reason for an amendment; the former entry stays readable beside it."""

    why = forms.CharField(
        label=_("Why is it changed?"), max_length=300, widget=forms.Textarea({"rows": 2})
    )


class LicenceForm(forms.Form):
    body = forms.CharField(
        label=_("Professional body"),
        max_length=160,
        help_text=_("For example: Allied Health Professionals Council"),
    )
    number = forms.CharField(label=_("Registration number"), max_length=60)
    check_link = forms.URLField(
        label=_("Where everybody can check it"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("The address of the body's public register, for the public page."),
        widget=forms.URLInput({"dir": "ltr"}),
    )
    expires_on = DayField(label=_("Last valid day"), widget=Day)


class TrainingForm(forms.Form):
    course = forms.CharField(label=_("Course in dry needling"), max_length=200)
    hours = forms.IntegerField(
        label=_("Hours of training"),
        min_value=1,
        max_value=5000,
        widget=forms.NumberInput({"class": "short", "inputmode": "numeric"}),
    )
    completed_on = DayField(label=_("Completed on"), widget=Day)
    expires_on = DayField(
        label=_("Valid until"),
        widget=Day,
        help_text=_("The day by which the clinic wants to see a refresher."),
    )

    def clean_completed_on(self) -> Any:
        return not_in_future(self.cleaned_data["completed_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        done, end = data.get("completed_on"), data.get("expires_on")
        if done and end and end < done:
            self.add_error("expires_on", _("This date is before the date of completion."))
        return data


class PrivilegeForm(forms.Form):
    region = forms.ChoiceField(label=_("Region of the body"), widget=Chips)
    granted_on = DayField(label=_("Granted on"), widget=Day)
    expires_on = DayField(
        label=_("Valid until"),
        widget=Day,
        required=False,
        help_text=_("Leave empty when it has no end."),
    )

    def __init__(self, *args: Any, language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "region", forms.ChoiceField).choices = [
            (one.id, one.name.in_language(language)) for one in atlas().privileges.values()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("granted_on"), data.get("expires_on")
        if start and end and end < start:
            self.add_error("expires_on", _("This date is before the first day."))
        return data


def not_in_future(day: Any) -> Any:
    if day > timezone.localdate():
        raise ValidationError(_("This date is in the future."))
    return day


def credential_form(kind: str, *args: Any, language: str, **kwargs: Any) -> forms.Form:
    """The form for a licence, a training or a privilege. Raises KeyError for another kind."""
    if kind == "privilege":
        return PrivilegeForm(*args, language=language, **kwargs)
    return {"licence": LicenceForm, "training": TrainingForm}[kind](*args, **kwargs)
