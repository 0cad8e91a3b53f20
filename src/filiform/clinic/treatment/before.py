"""The list before the first needle: eight things that are looked at again at the couch.

Two of them are answered by themselves, always: who this is, and whether anything changed. They
are what a routine glance passes over, and what a wrong needle comes from. The other six may be
confirmed in one tap, for a hand that has done them needs no six taps to say so.
(PROCEDURE-5, SAFETY-E: identity and consent each time, hands, skin, gloves, sharps within reach.)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.facts.recording import recording
from filiform.clinic.treatment.models import Before
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


class BeforeItem(NamedTuple):
    """code; what is asked; how it looks when done; alone: not with the others in one tap."""

    code: str
    asks: Promise
    detail: Promise
    icon: str
    alone: bool = False


ITEMS = (
    BeforeItem(
        "identity", _("Who is this?"), _("Name and birth date, said by the patient"), "person", True
    ),
    BeforeItem(
        "unchanged",
        _("Nothing new since the questions"),
        _("Medicine, illness, fever, pregnancy, skin, food"),
        "heart",
        True,
    ),
    BeforeItem("consent", _("Still agrees"), _("Said today, for these muscles"), "pen"),
    BeforeItem("position", _("Lies stable and supported"), _("Can call, can't fall"), "body-front"),
    BeforeItem("skin", _("Skin clean, dry and whole"), _("Wiped, 30 seconds to dry"), "shield"),
    BeforeItem("hands", _("Hands cleaned"), _("20 to 30 seconds of rubbing"), "check"),
    BeforeItem("gloves", _("Gloves on"), _("On the hand that feels, and new"), "check"),
    BeforeItem("sharps", _("Sharps container in reach"), _("Open, not over 3/4 full"), "lock"),
)
CODES = tuple(item.code for item in ITEMS)


def lacking(checked: Mapping[str, datetime]) -> tuple[Reason, ...]:
    """Why needling can't begin by this list yet; empty when all of it was gone through."""
    missing = [code for code in CODES if code not in checked]
    if not missing:
        return ()
    names = {item.code: item.asks for item in ITEMS}
    return (Reason("before-missing", params={"items": ", ".join(str(names[c]) for c in missing)}),)


def keep(*, by: Member, visit: Visit, checked: Mapping[str, datetime]) -> Before:
    """Write down who went through the list, and when each thing was confirmed (the tablet's clock).

    Raises ValueError for a list that is not complete, or that has something unknown on it.
    """
    # Whole or not at all: half a list in the record would look like one that was gone through.
    if set(checked) != set(CODES):
        raise ValueError(f"got {sorted(checked)}; allowed: all of {', '.join(CODES)}, once each")
    with recording("before-checked", by=by) as entry:
        row = Before.objects.create(
            organisation=by.organisation,
            recorded_by=by,
            patient=visit.patient,
            visit=visit,
            # In the order of the list; the times say in which order it was done.
            checked=[{"item": code, "at": checked[code].isoformat()} for code in CODES],
        )
        entry.about(row)
    return row


class ToldBefore(NamedTuple):
    """One thing of a list that was gone through, for pages."""

    code: str
    asks: Promise | str
    at: datetime


@prepared
def _of_visit(visit: UUID) -> QuerySet[Before]:
    return (
        Before.objects.current()
        .filter(visit=visit)
        .select_related("recorded_by")
        .order_by("-recorded_at")[:1]
    )


@read_once
def before_of(visit: Visit) -> Before | None:
    """The list that the treatment of a visit began with."""
    return _of_visit.first(visit.pk)


def told(row: Before) -> list[ToldBefore]:
    """What was confirmed and when, in the order of the list; codes of former releases by name."""
    names = {item.code: item.asks for item in ITEMS}
    return [
        ToldBefore(
            one["item"], names.get(one["item"], one["item"]), datetime.fromisoformat(one["at"])
        )
        for one in row.checked
    ]


def usual(at: datetime) -> dict[str, datetime]:
    """A list gone through at one moment: for the demo's past and for tests."""
    return dict.fromkeys(CODES, at)
