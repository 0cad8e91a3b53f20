"""The head of a paper about a patient, in the language that is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.documents.making import Head
from filiform.clinic.web.times import written

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Organisation


def head_of(
    *, title: str, organisation: Organisation, name: str, file: str, by: Member | None
) -> Head:
    """title: of the paper. name, file: whose record it is of. by: who makes it; None for the
    patient, on their own page."""
    when = written(timezone.now(), "j F Y, H:i")
    made = (
        _("Made on %(when)s by %(name)s") % {"when": when, "name": _named(by)}
        if by
        else _("Made on %(when)s for the patient") % {"when": when}
    )
    return Head(title=title, clinic=_named(organisation), about=name, file=file, made=made)


def _named(thing: Any) -> str:
    """A person's or a clinic's name as the paper's language writes it."""
    urdu = (get_language() or "en").startswith("ur") and thing.name_ur
    return str(thing.name_ur if urdu else thing.name)
