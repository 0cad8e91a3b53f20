"""What the pages of this room read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from filiform.clinic.staff.credentials import Currency, currencies
from filiform.clinic.staff.models import (
    Credential,
    Licence,
    Member,
    Organisation,
    Privilege,
    Site,
    Training,
)

CREDENTIALS: dict[str, type[Credential]] = {
    "licence": Licence,
    "training": Training,
    "privilege": Privilege,
}


def each_clinic() -> QuerySet[Organisation, UUID]:
    """For `organisation__in` where rows of every clinic are looked for: the indexes of the large
    tables begin with the clinic, and SQLite goes through the whole table when none is named."""
    return Organisation.objects.values_list("pk", flat=True)


def demo_members() -> list[Member]:
    """People of the first clinic, practitioners first: the doors of the demo."""
    first = Organisation.objects.order_by("created_at").first()
    members = Member.objects.filter(organisation=first, is_active=True)
    return list(members.order_by("-is_practitioner", "-is_front_desk", "name"))


def people(organisation: Organisation, *, on: date) -> list[Currency]:
    """Everybody with their currency; those who are switched off come last."""
    members = Member.objects.filter(organisation=organisation).order_by("-is_active", "name")
    return currencies(members, on)


def without_factor(organisation: Organisation) -> set[UUID]:
    """Active members who have set up neither a passkey nor an authenticator app."""
    active = Member.objects.filter(organisation=organisation, is_active=True)
    return set(
        active.filter(passkeys__isnull=True, code_app__isnull=True).values_list("pk", flat=True)
    )


def person(organisation: Organisation, member_id: UUID) -> Member | None:
    return Member.objects.filter(organisation=organisation, pk=member_id).first()


def credential(organisation: Organisation, kind: str, credential_id: UUID) -> Credential | None:
    """A current credential of somebody of the clinic; None when amended, voided or elsewhere."""
    model = CREDENTIALS.get(kind)
    if model is None:
        return None
    return (
        model.objects.current()
        .filter(organisation=organisation, pk=credential_id)
        .select_related("member")
        .first()
    )


def credential_history(member: Member) -> list[Credential]:
    """Every row ever recorded about a member's credentials, the newest first."""
    rows: list[Credential] = []
    for model in CREDENTIALS.values():
        rows += model.objects.filter(member=member).select_related("recorded_by")
    return sorted(rows, key=lambda row: row.recorded_at, reverse=True)


def sites(organisation: Organisation) -> QuerySet[Site]:
    return Site.objects.filter(organisation=organisation).order_by("name")
