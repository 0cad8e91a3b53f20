"""How far the questions before a visit are: the one place that says it.

not-sent ──▶ sent ──▶ opened ──▶ begun ──▶ sent-in ──▶ reviewed
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Length

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.intake.models import SentIn
from filiform.clinic.patient_page.models import PatientDevice, Preparation
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.addresses import key_from

if TYPE_CHECKING:
    from collections.abc import Collection

NOT_OVER = ("booked", "here", "in-room")
ON_ITS_WAY = ("waiting", "sending", "sent", "delivered", "answered")
"""States of a message that goes, or has gone, to the patient"""
NOTHING = len("{}")
"""Length of a draft in which nothing is answered: the page was opened, and no more"""


def _with_standing(visits: QuerySet[Visit]) -> QuerySet[Visit, Any]:
    draft = Preparation.objects.filter(visit=OuterRef("pk"))
    asked = Outgoing.objects.filter(kind="prepare", subject=OuterRef("pk"), state__in=ON_ITS_WAY)
    phone = PatientDevice.objects.filter(patient=OuterRef("patient"), revoked_at__isnull=True)
    waits = SentIn.objects.filter(
        visit=OuterRef("pk"), channel="link", review__isnull=True,
        replaced_by__isnull=True, is_void=False,
    )  # fmt: skip
    answers = Cast("answers", TextField())
    return visits.annotate(
        told_at=Subquery(draft.values("sent_at")[:1]),
        answered=Subquery(draft.values(length=Length(answers))[:1]),
        asked_at=Subquery(asked.order_by("-made_at").values("made_at")[:1]),
        seen_at=Subquery(phone.order_by("-seen_at").values("seen_at")[:1]),
        waits=Exists(waits),
    ).values_list(Cast("pk", TextField()), "told_at", "answered", "asked_at", "seen_at", "waits")


@prepared
def _between(organisation: UUID, start: datetime, end: datetime) -> QuerySet[Visit, Any]:
    return _with_standing(
        Visit.objects.filter(
            organisation=organisation, planned_at__gte=start, planned_at__lt=end,
            state__in=NOT_OVER,
        )
    )  # fmt: skip


def between(organisation: UUID, start: datetime, end: datetime) -> dict[str, str]:
    """For `diary.at_home.STANDINGS`."""
    return {
        key_from(row[0]): _code(*row[1:])
        # A whole day's visits in one query: the diary asks for every tile that it shows.
        for row in _between(organisation, start, end)
        if row[2] is not None or row[3] is not None  # else nothing was sent, and nothing begun
    }


def standing_of(visits: Collection[Visit]) -> dict[UUID, str]:
    """Visit → a code of `diary.at_home.AT_HOME`."""
    rows = _with_standing(Visit.objects.filter(pk__in=[one.pk for one in visits]))
    return {UUID(row[0]): _code(*row[1:]) for row in rows}


def _code(
    told_at: datetime | None,
    answered: int | None,
    asked_at: datetime | None,
    seen_at: datetime | None,
    waits: bool,
) -> str:
    """answered: length of the draft, None where there is none. seen_at: when a phone of the
    patient's showed their page last."""
    # From the farthest on: what is reviewed was sent, opened and asked for.
    if told_at is not None:
        return "sent-in" if waits else "reviewed"
    if answered is not None:
        return "begun" if answered > NOTHING else "opened"
    if asked_at is None:
        return "not-sent"
    return "opened" if seen_at is not None and seen_at >= asked_at else "sent"
