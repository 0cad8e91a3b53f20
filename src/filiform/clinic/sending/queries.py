"""The queue, read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, QuerySet

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patients.files import files_of
from filiform.clinic.sending.models import ContactWish, Outgoing

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Organisation

SHOWN = 100
COUNTED_DAYS = 30
"""What is older is shown to nobody: no hand sends it any more (design value)."""
AT_ONCE = 50
"""Messages that are sent in one round of the worker."""


def due(now: datetime) -> list[Outgoing]:
    """What may go now, what waits longest first."""
    return _due(now)


@prepared
def _due(now: datetime) -> QuerySet[Outgoing]:
    rows = Outgoing.objects.filter(state="waiting", not_before__lte=now)
    return rows.select_related("organisation", "patient").order_by("not_before")[:AT_ONCE]


@prepared
def in_hand(before: datetime) -> QuerySet[Outgoing, UUID]:
    """One that has been in hand since before this moment, if there is any."""
    rows = Outgoing.objects.filter(state="sending", state_at__lt=before)
    return rows.values_list("pk", flat=True)[:1]


def wish_of(patient: Patient) -> str:
    """How the patient wants to be reached, as last said in any of their files; "" for no wish."""
    rows = ContactWish.objects.current().filter(patient__in=files_of(patient))
    found = rows.order_by("-recorded_at").values_list("channel", flat=True).first()
    return found or ""


def queue(organisation: Organisation, now: datetime, state: str = "") -> QuerySet[Outgoing]:
    """The newest messages first; those that want a person are found by their state."""
    rows = _counted(organisation, now).select_related("patient")
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-made_at")[:SHOWN]


def counts(organisation: Organisation, now: datetime) -> dict[str, int]:
    """State → how many of the last `COUNTED_DAYS` days."""
    rows = _counted(organisation, now).values_list("state")
    return dict(rows.annotate(many=Count("pk")).order_by())


def _counted(organisation: Organisation, now: datetime) -> QuerySet[Outgoing]:
    # Messages are kept for ever; after ten years a count of all is a million and takes a second.
    return Outgoing.objects.filter(
        organisation=organisation, made_at__gt=now - timedelta(days=COUNTED_DAYS)
    )


NOT_YET = ("waiting", "by-hand")
"""States of a message that may still go, by itself or by a hand"""
NOT_GONE = ("by-hand", "failed", "stopped")
"""States of a message that nobody will get by itself any more"""


def newest_about(subjects: Collection[UUID], kinds: Collection[str]) -> dict[UUID, Outgoing]:
    """Subject → the newest message about it of one of the kinds."""
    rows = Outgoing.objects.filter(subject__in=list(subjects), kind__in=list(kinds))
    # In the order of making, so the newest of a subject stays.
    return {row.subject: row for row in rows.order_by("made_at")}


def message(organisation: Organisation, message_id: UUID) -> Outgoing | None:
    rows = Outgoing.objects.filter(organisation=organisation, pk=message_id)
    return rows.select_related("patient__organisation", "organisation").first()
