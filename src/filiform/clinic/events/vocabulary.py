"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.clinic.aftercare.vocabulary import EVENTS
from filiform.outcomes.events import register

KINDS = {
    **EVENTS,
    "pain-during": _("Sharp or electric pain"),
    "stuck-bent": _("Stuck or bent needle"),
    "broken": _("Broken needle"),
    "needlestick-staff": _("Needlestick"),
    "seizure": _("Seizure"),
    "haemothorax-tamponade": _("Bleeding in the chest"),
    "wrong-side": _("Wrong side or place"),
    "wrong-patient": _("Wrong patient"),
    "no-consent": _("Without consent"),
    "burn": _("Burn or skin injury"),
}
"""What happened: ids of safety D2, and slips that near misses are made of."""

SOURCES = {
    "couch": _("At the couch"),
    "check": _("From a check"),
    "hand": _("Reported"),
}
HOW = (
    ("spoken", _("Spoken")),
    ("letter", _("By letter")),
    ("form", _("By form or portal")),
)
SHOWN = (("open", _("Open")), ("closed", _("Closed")))


def grades() -> list[tuple[str, str]]:
    """Code and name with what it means, in the reader's language."""
    language = get_language() or "en"
    return [
        (one.id, f"{one.name.in_language(language)}: {one.means.in_language(language)}")
        for one in register().grade
    ]


def causalities() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [
        (one.id, f"{one.name.in_language(language)}: {one.means.in_language(language)}")
        for one in register().causality
    ]


def criteria() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(one.id, one.name.in_language(language)) for one in register().serious]
