"""A form's fields as what they are: Django knows them all as `Field` alone."""

from __future__ import annotations

from typing import TypeVar

from django import forms

Kind = TypeVar("Kind", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[Kind]) -> Kind:
    """A field of this form, to be given what only this request knows: its choices, its rows.

    Raises KeyError when there is no such field, TypeError when it is of another kind.
    """
    found = form.fields[name]
    if not isinstance(found, kind):
        raise TypeError(f"{name} is a {type(found).__name__} and no {kind.__name__}")
    return found
