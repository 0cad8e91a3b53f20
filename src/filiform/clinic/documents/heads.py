"""The head of a paper about a patient, in the language that is switched on."""

from __future__ import annotations

from typing import Protocol

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.documents.making import Head
from filiform.clinic.web.times import written


class HasName(Protocol):
    """A clinic or a person, who live in rooms above this one."""

    @property
    def name(self) -> str: ...
    @property
    def name_ur(self) -> str: ...


def head_of(*, title: str, organisation: HasName, name: str, file: str, by: HasName | None) -> Head:
    """title: of the paper. name, file: whose record it is of. by: who makes it; None for the
    patient, on their own page."""
    when = written(timezone.now(), "j F Y, H:i")
    made = (
        _("Made on %(when)s by %(name)s") % {"when": when, "name": _named(by)}
        if by
        else _("Made on %(when)s for the patient") % {"when": when}
    )
    return Head(title=title, clinic=_named(organisation), about=name, file=file, made=made)


def _named(thing: HasName) -> str:
    """A person's or a clinic's name as the paper's language writes it."""
    urdu = (get_language() or "en").startswith("ur") and thing.name_ur
    return thing.name_ur if urdu else thing.name
