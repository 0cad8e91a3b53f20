"""What a field says when it refuses what was typed, for every form of the clinic.

Django's own sentences do not say what to do next, and half of them have no Urdu.
"""

from __future__ import annotations

from django import forms
from django.core import validators
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_ONE_OFFERED = _("Choose one of the answers that are offered here.")
_NOT_OFFERED = _("“%(value)s” is not offered here. Choose one of the answers that are.")

OF_FIELDS: dict[type[forms.Field], dict[str, str | Promise]] = {
    forms.Field: {"required": _("This is missing. Fill it in.")},
    forms.IntegerField: {"invalid": _("Write a whole number, such as 12.")},
    forms.FloatField: {"invalid": _("Write a number, such as 12 or 2.5.")},
    forms.DecimalField: {"invalid": _("Write a number, such as 12 or 2.5.")},
    forms.ChoiceField: {"invalid_choice": _NOT_OFFERED},
    forms.MultipleChoiceField: {"invalid_choice": _NOT_OFFERED, "invalid_list": _ONE_OFFERED},
    # A row is sent by its id, which says nothing to a reader.
    forms.ModelChoiceField: {"invalid_choice": _ONE_OFFERED},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": _ONE_OFFERED,
        "invalid_list": _ONE_OFFERED,
        "invalid_pk_value": _ONE_OFFERED,
    },
    forms.FileField: {
        "invalid": _("No file arrived. Choose it again."),
        "missing": _("No file arrived. Choose it again."),
        "empty": _("This file is empty. Choose another one."),
    },
    forms.URLField: {"invalid": _("Write the whole address, such as https://example.org.")},
    forms.UUIDField: {"invalid": _("The page sent something damaged. Open it again.")},
}
"""Kind of field → code → what it says. A form that says it better keeps its own sentence."""

OF_VALIDATORS: dict[type, str | Promise] = {
    validators.EmailValidator: _("Write the whole e-mail address, such as name@example.org."),
    validators.URLValidator: _("Write the whole address, such as https://example.org."),
    validators.MaxValueValidator: _("%(show_value)s is too much: at most %(limit_value)s."),
    validators.MinValueValidator: _("%(show_value)s is too little: at least %(limit_value)s."),
    validators.MaxLengthValidator: _(
        "This is too long: %(show_value)s characters, at most %(limit_value)s."
    ),
    validators.MinLengthValidator: _(
        "This is too short: %(show_value)s characters, at least %(limit_value)s."
    ),
    validators.ProhibitNullCharactersValidator: _(
        "This text has a character in it that cannot be kept. Write it again."
    ),
}


def say_it_ourselves() -> None:
    """Once, when the clinic starts; read where a page is made, in its language."""
    for kind, said in OF_FIELDS.items():
        own = vars(kind).get("default_error_messages", {})
        kind.default_error_messages = own | said
    for validator, sentence in OF_VALIDATORS.items():
        validator.message = sentence  # type: ignore[attr-defined]  # of each kind above
