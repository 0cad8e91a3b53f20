"""What is read about visits and episodes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patients.files import of_files
from filiform.clinic.staff.models import Member
from filiform.clinic.visits.models import Episode, Visit
from filiform.clinic.web import times

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Organisation

LONGEST_VISIT_MIN = 240
"""How far back a visit can begin and still reach into another (design value)."""

SHOWN_OF_A_DAY = (
    *("organisation", "site", "planned_at", "minutes", "state"),
    *("patient", "practitioner", "episode"),
    *("patient__given_name", "patient__family_name", "episode__title"),
)
"""Columns that Today and the diary show of a visit."""

KEEPS_A_PLACE = ("booked", "here", "in-room", "needles-in", "to-sign", "done")
"""States in which a visit takes the practitioner's time."""


@prepared
def visit_of(visit: UUID, organisation: UUID) -> QuerySet[Visit]:
    """One visit of an organisation with patient, site, episode and practitioner."""
    return Visit.objects.filter(pk=visit, organisation=organisation).select_related(
        "patient", "site", "episode", "practitioner"
    )


@prepared
def _unsigned(visit: UUID) -> QuerySet[Visit, UUID]:
    # By the names of the relations: the room of the treatment lies above this one.
    return Visit.objects.filter(
        pk=visit, treatment__isnull=False, treatment__seal__isnull=True
    ).values_list("pk", flat=True)


def under_treatment(visit: Visit) -> bool:
    """Whether needling was begun in this visit and is not signed yet; asked anew at every call."""
    return bool(list(_unsigned(visit.pk)))


def visit_in(visit: UUID, organisation: UUID) -> Visit:
    """The same. Raises Visit.DoesNotExist."""
    found = visit_of.first(visit, organisation)
    if found is None:
        raise Visit.DoesNotExist(f"no visit {visit} in this organisation")
    return found


def on_day(day: date) -> Q:
    """Visits that are on this day by the clock of their own site."""
    every = times.zones()
    # One range of the index; sites in several zones have a day each, of other moments.
    if len(every) <= 1:
        start, end = times.bounds(day, every[0] if every else None)
        return Q(planned_at__gte=start, planned_at__lt=end)
    found = Q()
    for zone in every:
        start, end = times.bounds(day, zone)
        there = [site for site, its in times.SITES.get().items() if its == zone]
        found |= Q(site__in=there, planned_at__gte=start, planned_at__lt=end)
    return found


def visits_of_day(
    organisation: Organisation, day: date, *, practitioner: Member | None = None
) -> list[Visit]:
    """A day's visits by time, with the names of patient, practitioner and episode; all, or one
    person's. Other columns are left unread: a day has up to a hundred rows."""
    every = times.zones()
    if len(every) > 1:
        several = _shown(Visit.objects.filter(on_day(day), organisation=organisation))
        found = list(several.filter(practitioner=practitioner) if practitioner else several)
    else:
        bounds = times.bounds(day, every[0] if every else None)
        if practitioner is None:
            found = _of_everybody(organisation.pk, *bounds)
        else:
            found = _of_one(organisation.pk, *bounds, practitioner.pk)
    # Two hundred visits are of a handful of people: one row each, not one for every visit.
    people = {one.pk: one for one in _people(organisation.pk)} if found else {}
    for visit in found:
        visit.practitioner = people[visit.practitioner_id]
    return found


@prepared
def _people(organisation: UUID) -> QuerySet[Member]:
    return Member.objects.filter(organisation=organisation).only("organisation", "name", "name_ur")


def _shown(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    related = visits.select_related("patient", "episode")
    return related.only(*SHOWN_OF_A_DAY).order_by("planned_at", "id")


@prepared
def _of_everybody(organisation: UUID, since: datetime, before: datetime) -> QuerySet[Visit]:
    found = Visit.objects.filter(planned_at__gte=since, planned_at__lt=before)
    return _shown(found.filter(organisation=organisation))


@prepared
def _of_one(organisation: UUID, since: datetime, before: datetime, member: UUID) -> QuerySet[Visit]:
    found = Visit.objects.filter(planned_at__gte=since, planned_at__lt=before)
    return _shown(found.filter(organisation=organisation, practitioner=member))


def counts_of_day(member: Member, day: date) -> tuple[int, int]:
    """How many visits a member has on a day, and how many there are in the clinic."""
    every = times.zones()
    if len(every) > 1:
        visits = Visit.objects.filter(on_day(day), organisation=member.organisation_id)
        counts = dict(_counted(visits))
    else:
        bounds = times.bounds(day, every[0] if every else None)
        counts = dict(_counts(member.organisation_id, *bounds))
    return counts.get(member.pk, 0), sum(counts.values())


def _counted(visits: QuerySet[Visit]) -> QuerySet[Visit, tuple[UUID, int]]:
    return (visits.order_by().values("practitioner").annotate(n=Count("pk"))).values_list(
        "practitioner", "n"
    )


@prepared
def _counts(
    organisation: UUID, since: datetime, before: datetime
) -> QuerySet[Visit, tuple[UUID, int]]:
    found = Visit.objects.filter(planned_at__gte=since, planned_at__lt=before)
    return _counted(found.filter(organisation=organisation))


def clashes(
    practitioner: Member, planned_at: datetime, minutes: int, *, besides: Visit | None = None
) -> list[Visit]:
    """Visits of the practitioner that overlap with a time, first first."""
    end = planned_at + timedelta(minutes=minutes)
    near = (
        Visit.objects.filter(
            organisation=practitioner.organisation_id,
            practitioner=practitioner,
            # The end of a visit is no column: the index finds those that may reach so far, Python
            # the rest.
            planned_at__gt=planned_at - timedelta(minutes=LONGEST_VISIT_MIN),
            planned_at__lt=end,
            state__in=KEEPS_A_PLACE,
        )
        .select_related("patient")
        .order_by("planned_at")
    )
    if besides is not None:
        near = near.exclude(pk=besides.pk)
    return [one for one in near if one.planned_at + timedelta(minutes=one.minutes) > planned_at]


def practitioners(organisation: Organisation) -> list[Member]:
    return _practitioners(organisation.pk)


@prepared
def _practitioners(organisation: UUID) -> QuerySet[Member]:
    rows = Member.objects.filter(organisation=organisation, is_practitioner=True, is_active=True)
    return rows.order_by("name")


def open_episodes(patient: Patient) -> list[Episode]:
    """Episodes that have not ended, the newest first."""
    return list(
        Episode.objects.current()
        .filter(patient=patient, discharge__isnull=True)
        # Ids are in the order of time (UUID 7), so two of one day have an order.
        .order_by("-opened_on", "-id")
    )


def former_visit(visit: Visit) -> Visit | None:
    """The visit before in the same episode, if there was one."""
    if visit.episode_id is None:
        return None
    return (
        Visit.objects.filter(episode=visit.episode_id, planned_at__lt=visit.planned_at)
        .exclude(pk=visit.pk)
        # Nothing was found or done in those.
        .exclude(state__in=("cancelled", "missed"))
        .order_by("-planned_at")
        .first()
    )


def last_done_visit(visit: Visit) -> datetime | None:
    """When the patient's last visit that took place was, before this one."""
    return max(of_files(_done_before, visit.patient_id, visit.planned_at), default=None)


@prepared
def _done_before(patient: UUID, before: datetime) -> QuerySet[Visit, datetime]:
    return (
        Visit.objects.filter(patient=patient, planned_at__lt=before, state="done")
        .order_by("-planned_at")
        # A prepared query gives all its rows; `first()` would be a query of its own.
        .values_list("planned_at", flat=True)[:1]
    )
