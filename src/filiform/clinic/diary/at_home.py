"""How far patients have come at home with the questions before their visits, for the diary.

The room that knows it lies above this one and puts itself in (`STANDINGS`) when it is ready.
Half-told answers raise no version, so the diary asks at every look and keeps its pages under the
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

AT_HOME = {
    "not-sent": _("Questions at home: not sent"),
    "sent": _("Questions at home: sent, not opened"),
    "opened": _("Questions at home: opened"),
    "begun": _("Questions at home: begun"),
    "sent-in": _("Questions at home: sent in, to be reviewed"),
    "reviewed": _("Questions at home: reviewed"),
}
"""Code → words, in the order in which it goes"""

STANDINGS: list[Callable[[UUID, datetime, datetime], Mapping[str, str]]] = []
"""Organisation, first moment, moment before which → visit, as it stands in addresses → code; only
visits that are not over, and none that is "not-sent"."""


def between(organisation: UUID, start: datetime, end: datetime) -> dict[str, str]:
    """Visit → a code of AT_HOME; nothing where no room knows it."""
    found: dict[str, str] = {}
    for ask in STANDINGS:
        found |= ask(organisation, start, end)
    return found
