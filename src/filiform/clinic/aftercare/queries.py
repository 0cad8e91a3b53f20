"""What is due, in the order in which it must not wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from filiform.clinic.aftercare.actions import TRIES_OVER_LUNG
from filiform.clinic.aftercare.models import Check, CheckOutcome
from filiform.clinic.aftercare.vocabulary import RINGS, URGENCIES
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.web.times import bounds

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Organisation
    from filiform.clinic.visits.models import Visit

MOST_ROWS = 50
"""Rows on the worklist; whoever has more needs hands, not a longer list."""


def _by_gravity(organisation: UUID) -> QuerySet[Check]:
    gravity = Case(
        *[When(urgency=urgency, then=Value(rank)) for rank, urgency in enumerate(URGENCIES)],
        # A word of an older release stands last, and is listed all the same.
        default=Value(len(URGENCIES)),
        output_field=IntegerField(),
    )
    # Rung or taken: it leaves the top only when somebody has said what was done.
    rows = Check.objects.filter(organisation=organisation, alarm_since__isnull=False)
    return rows.order_by(gravity, "alarm_since")


@prepared
def first_alarms(organisation: UUID) -> QuerySet[Check]:
    """Answers that nobody with clinical duty has taken over yet, the gravest and oldest first."""
    return _by_gravity(organisation).select_related("patient", "owner", "treatment")[:MOST_ROWS]


MOST_RINGING = 50


@prepared
def _ringing(organisation: UUID) -> QuerySet[Check, UUID]:
    return (
        Check.objects.filter(
            organisation=organisation,
            alarm_since__isnull=False,
            alarm_taken_at__isnull=True,
            urgency__in=RINGS,
        )
        .order_by("alarm_since")
        .values_list("pk", flat=True)[:MOST_RINGING]
    )


def ringing(organisation: UUID) -> list[UUID]:
    """Ids of the checks whose answer is an emergency that nobody has taken, the oldest first."""
    return list(_ringing(organisation))


def ringing_addresses(organisation: UUID) -> list[str]:
    """For the bell (`web.bell`)."""
    return [reverse("aftercare:check", args=[check]) for check in ringing(organisation)]


def first_open(
    organisation: Organisation,
    *,
    now: datetime,
    until: datetime,
    most: int,
    owner: Member | None = None,
) -> list[Check]:
    """The first `most` (MOST_ROWS + 1 is the most) unsettled checks due by `until`: overdue over
    the lung, overdue, then as they fall due; the longest waiting first in each. owner: only theirs.

    Of several overdue checks after one treatment only the latest is asked: it settles the others.
    """
    found: list[Check] = []
    # One question for each stretch, each along an index: sorted together, the database would read
    # all that is open, and on the busiest day that is fifty thousand.
    key = organisation.pk
    parts: list[Callable[[], list[Check]]] = (
        [
            lambda: _overdue_over_lung(key, now),
            lambda: _overdue_elsewhere(key, now),
            lambda: _to_come(key, now, until),
        ]
        if owner is None
        else [
            lambda: _overdue_over_lung_of(key, now, owner.pk),
            lambda: _overdue_elsewhere_of(key, now, owner.pk),
            lambda: _to_come_of(key, now, until, owner.pk),
        ]
    )
    # Overdue alone: nothing falls due between now and now.
    for part in parts if until > now else parts[:2]:
        if len(found) < most:
            found += part()[: most - len(found)]
    return found


def _open(organisation: UUID, now: datetime, part: Q) -> QuerySet[Check]:
    later = Check.objects.filter(
        treatment=OuterRef("treatment"),
        hours__gt=OuterRef("hours"),
        due_at__lte=now,
        settled_at__isnull=True,
    )
    return _listed(
        Check.objects.filter(
            part, organisation=organisation, settled_at__isnull=True, alarm_since__isnull=True
        )
        .exclude(Exists(later))
        .order_by("due_at")
    )


def _listed(rows: QuerySet[Check]) -> QuerySet[Check]:
    """So many as a list shows, and one more that tells of the rest; of patient and owner what
    stands in a row, since making the objects takes longer than reading them."""
    return rows.select_related("patient", "owner").only(
        *("organisation", "patient", "treatment", "owner", "hours", "due_at", "over_lung"),
        *("settled_at", "urgency", "alarm_since", "alarm_taken_at", "alarm_taken_by"),
        *("patient__given_name", "patient__family_name", "patient__phone", "patient__language"),
        *("owner__name", "owner__name_ur"),
    )[: MOST_ROWS + 1]


@prepared
def _overdue_over_lung(organisation: UUID, now: datetime) -> QuerySet[Check]:
    return _open(organisation, now, Q(due_at__lte=now, over_lung=True))


@prepared
def _overdue_elsewhere(organisation: UUID, now: datetime) -> QuerySet[Check]:
    return _open(organisation, now, Q(due_at__lte=now, over_lung=False))


@prepared
def _to_come(organisation: UUID, now: datetime, until: datetime) -> QuerySet[Check]:
    return _open(organisation, now, Q(due_at__gt=now, due_at__lte=until))


@prepared
def _overdue_over_lung_of(organisation: UUID, now: datetime, owner: UUID) -> QuerySet[Check]:
    return _open(organisation, now, Q(due_at__lte=now, over_lung=True, owner=owner))


@prepared
def _overdue_elsewhere_of(organisation: UUID, now: datetime, owner: UUID) -> QuerySet[Check]:
    return _open(organisation, now, Q(due_at__lte=now, over_lung=False, owner=owner))


@prepared
def _to_come_of(organisation: UUID, now: datetime, until: datetime, owner: UUID) -> QuerySet[Check]:
    return _open(organisation, now, Q(due_at__gt=now, due_at__lte=until, owner=owner))


@prepared
def _alarms(organisation: UUID) -> QuerySet[Check]:
    return _listed(_by_gravity(organisation))


def next_due(organisation: Organisation, now: datetime) -> datetime | None:
    """When the next open check falls due; None when none will."""
    rows = _next_due(organisation.pk, now)
    return rows[0] if rows else None


@prepared
def _next_due(organisation: UUID, now: datetime) -> QuerySet[Check, datetime]:
    return (
        Check.objects.filter(
            organisation=organisation,
            settled_at__isnull=True,
            alarm_since__isnull=True,
            due_at__gt=now,
        )
        .order_by("due_at")
        .values_list("due_at", flat=True)[:1]
    )


@dataclass(frozen=True)
class WorkRow:
    """One row of the worklist: what, whose, since when, and what to do next."""

    check: Check
    state: str
    """alarm, overdue, later"""
    since: datetime
    tries: int
    last_try_at: datetime | None
    next_action: str | Promise


@dataclass(frozen=True)
class Worklist:
    rows: tuple[WorkRow, ...]
    more: bool
    """There are rows beyond MOST_ROWS."""


def worklist(by: Member, *, now: datetime, when: str = "today", whose: str = "all") -> Worklist:
    """when: today (all that falls due until midnight), overdue, week. whose: all, mine.

    Alarms are shown whosever they are. Five queries at most, none of which reads settled checks.
    """
    red = _alarms(by.organisation_id)
    rows = first_open(
        by.organisation,
        now=now,
        until=_until(now, when),
        # One more than is shown tells that there are others.
        most=MOST_ROWS + 1 - len(red),
        owner=by if whose == "mine" else None,
    )
    found = [*red, *rows]
    shown = found[:MOST_ROWS]
    # Only of what is shown.
    tries = _tries([check.pk for check in shown])
    return Worklist(
        rows=tuple(_work_row(check, now, by, tries.get(check.pk, ())) for check in shown),
        more=len(found) > MOST_ROWS,
    )


def _until(now: datetime, when: str) -> datetime:
    if when == "overdue":
        return now
    # By days, not by hours: a day on which the clock is set has 23 or 25 of them.
    today = localdate(now)
    return bounds(today + timedelta(days=7 if when == "week" else 0))[1]


def _tries(checks: list[UUID]) -> dict[UUID, list[datetime]]:
    found: dict[UUID, list[datetime]] = {}
    for check, at in (
        CheckOutcome.objects.filter(check_due__in=checks, result="no-reply")
        .order_by("recorded_at")
        .values_list("check_due", "recorded_at")
    ):
        found.setdefault(check, []).append(at)
    return found


def _work_row(
    check: Check, now: datetime, by: Member, tries: list[datetime] | tuple[()]
) -> WorkRow:
    if check.alarm_since is not None:
        state, since = "alarm", check.alarm_since
    else:
        state, since = ("overdue" if check.due_at <= now else "later"), check.due_at
    return WorkRow(
        check=check,
        state=state,
        since=since,
        tries=len(tries),
        last_try_at=tries[-1] if tries else None,
        next_action=next_action(check, len(tries), may_acknowledge=by.may("record-clinical")),
    )


def next_action(check: Check, tries: int, *, may_acknowledge: bool) -> str | Promise:
    """The one thing to do next with a check, as a sentence."""
    if check.alarm_since is not None:
        if may_acknowledge and check.urgency in RINGS and check.alarm_taken_at is None:
            return _("Take it now: it rings until somebody does")
        if may_acknowledge:
            return _("Acknowledge and record what you did")
        return _("Tell a practitioner now")
    # A message is enough for the first try; what follows depends on what a silence may hide.
    if tries == 0:
        return _("Call or message, then record the answers")
    if not check.over_lung:
        return _("Try once more, or close with a note")
    if tries < TRIES_OVER_LUNG:
        return _("Phone the patient: a message is not enough after needling over the lung")
    return _("Leave safety-net advice, then close with a note")


def checks_of(visit: Visit) -> list[Check]:
    """The checks after a visit's treatment with their outcomes, the earliest first."""
    return list(
        Check.objects.filter(treatment__visit=visit)
        .select_related("owner")
        .prefetch_related("outcomes")
        .order_by("hours")
    )
