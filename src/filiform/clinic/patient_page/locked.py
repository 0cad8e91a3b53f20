"""Links that wrong birth dates have locked, for Today: the patient was told to call, and somebody
who can't get in may never do so.

A link that was made since then opens the page again; so nothing waits behind it any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.pathway.attention import AlsoWaiting, OneTap
from filiform.clinic.patient_page.models import PatientLink
from filiform.clinic.patient_page.queries import person
from filiform.clinic.patients.files import files_of
from filiform.clinic.web.addresses import address_of

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

SHOWN = 40


@prepared
def _locked(organisation: UUID, now: datetime) -> QuerySet[PatientLink]:
    rows = PatientLink.objects.filter(
        organisation=organisation,
        locked_at__isnull=False,
        revoked_at__isnull=True,
        expires_at__gt=now,
    )
    return rows.select_related("patient").order_by("-locked_at")[:SHOWN]


@read_once
def locked_out(organisation: UUID) -> list[PatientLink]:
    """The newest locked link of everybody who has had none since. Nearly always nobody."""
    found: dict[UUID, PatientLink] = {}
    for link in _locked(organisation, timezone.now()):
        files = files_of(link.patient)
        since = PatientLink.objects.filter(patient__in=files, made_at__gt=link.locked_at)
        if not found.keys() & set(files) and not since.exists():
            found[link.patient_id] = link
    return list(found.values())


def waiting(organisation: UUID, _now: datetime) -> tuple[UUID, ...]:
    """What a kept Today rests on: links are tried and made without raising a version."""
    return tuple(link.pk for link in locked_out(organisation))


def locked_for(member: Member) -> AlsoWaiting | None:
    """For the day's page: who can't open their page, each with the tap that makes a new link."""
    if not member.may("see-patients"):
        return None
    links = locked_out(member.organisation_id)
    if not links:
        return None
    taps = [
        OneTap(one.name, address_of("patient_page:link", one.pk), _("Create a link"))
        for one in (person(link.patient) for link in links)
    ]
    return AlsoWaiting(
        len(links),
        _("Links locked by wrong birth dates"),
        until=min(link.expires_at for link in links),
        taps=tuple(taps),
    )
