"""What must not wait: the right-hand side of the day's page. Each list is short and indexed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from filiform.clinic.aftercare.models import Check
from filiform.clinic.aftercare.queries import first_alarms, first_open, next_due
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.frontdoor.queries import first_alarmed, first_new, is_late, set_aside
from filiform.clinic.programme.care import patients_in_pain, plans_ending
from filiform.clinic.programme.models import PlanOfCare
from filiform.clinic.staff.credentials import Expiring, currencies, currency, expiring_among
from filiform.clinic.staff.models import Member
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.visits.models import Visit

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Organisation

MOST_OPEN = 40
"""Open treatments that are read at all; a clinic with more has to look at its whole list."""

SHOWN = 6
"""Rows of one kind on the page; behind them stands the whole list."""

WARN_DAYS = 30
"""How long before its end a credential is announced (design value)."""


@dataclass(frozen=True)
class OneTap:
    """A patient about whom one tap does what waits. address: their page, to which it is posted;
    says: the words of the button."""

    name: str
    address: str
    says: Promise


@dataclass(frozen=True)
class AlsoWaiting:
    """So many of something that a room above the pathway keeps. words: what it is; address: name
    of the page on which it is worked off, taps: what is done about each where one tap does it.
    until: when the number turns by itself; None: never."""

    number: int
    words: Promise
    address: str = ""
    until: datetime | None = None
    taps: tuple[OneTap, ...] = ()


ALSO: list[Callable[[Member], AlsoWaiting | None]] = []
"""Rooms above put themselves in when they are ready; None: nothing waits for this member."""


@dataclass
class Attention:
    """What must not wait, in the order in which it is shown."""

    alarmed: list[Message] = field(default_factory=list)
    needles_in: list[Visit] = field(default_factory=list)
    needles_since: dict[UUID, datetime | None] = field(default_factory=dict)
    """Visit → when its treatment began; None where none is recorded."""
    red: list[Check] = field(default_factory=list)
    overdue: list[Check] = field(default_factory=list)
    more_overdue: bool = False
    messages: list[Message] = field(default_factory=list)
    more_messages: bool = False
    late: frozenset[UUID] = frozenset()
    """Messages among them that should have been answered by now"""
    set_aside: int = 0
    """Messages in the box aside."""
    unsigned: list[Visit] = field(default_factory=list)
    lacking: list[tuple[Member, str]] = field(default_factory=list)
    """Who has no registration or training at all (never recorded, or voided), and which."""
    expiring: list[Expiring] = field(default_factory=list)
    plans: list[tuple[PlanOfCare, Visit]] = field(default_factory=list)
    """Plans of care to review or at their end, each with the newest visit of its episode."""
    in_pain: list[tuple[Patient, Visit]] = field(default_factory=list)
    """Patients whom an exercise hurt twice at home, each with the visit of that programme."""
    also: list[AlsoWaiting] = field(default_factory=list)
    turns_at: list[datetime] = field(default_factory=list)
    """Moments at which something here changes without anybody writing."""

    @property
    def is_empty(self) -> bool:
        return not (
            self.alarmed
            or self.needles_in
            or self.red
            or self.overdue
            or self.messages
            or self.set_aside
            or self.unsigned
            or self.also
            or self.plans
            or self.in_pain
            or self.lacking
            or self.expiring
        )


def attention(by: Member, *, on: date, now: datetime) -> Attention:
    """For one member of staff: clinical things for those who treat, credentials of oneself
    (for the owner: of everybody)."""
    found = Attention()
    organisation = by.organisation
    if by.may("see-clinical"):
        _open_treatments(found, organisation)
        _programmes(found, organisation, on)
    if by.may("work-checks"):
        _checks(found, organisation, now)
    if by.may("answer-messages"):
        # Asked for themselves: among six ordinary messages an alarm could be the seventh.
        found.alarmed = first_alarmed(organisation.pk)[:SHOWN]
        # One more than is shown tells whether there are more.
        found.messages = first_new(organisation.pk)[: SHOWN + 1]
        found.more_messages = len(found.messages) > SHOWN
        found.messages = found.messages[:SHOWN]
        found.late = frozenset(one.pk for one in found.messages if is_late(one, now))
        # The page is kept: it has to be composed anew when one of them becomes late.
        due = [one.due_at for one in found.messages if one.due_at is not None]
        found.turns_at += [moment for moment in due if moment > now]
        found.set_aside = set_aside(organisation).count()
    found.also = [one for ask in ALSO if (one := ask(by)) is not None]
    found.turns_at += [one.until for one in found.also if one.until is not None]
    _papers(found, by, on)
    return found


def _open_treatments(found: Attention, organisation: Organisation) -> None:
    """An unsigned note waits from the moment the needles are out: memory fades within the hour."""
    for visit in sorted(_at_the_couch(organisation.pk), key=lambda visit: visit.planned_at):
        which = found.needles_in if visit.state == "needles-in" else found.unsigned
        which.append(visit)
    # When nobody has needles in, which is most of the day, nothing is asked.
    since = dict(
        Treatment.objects.filter(visit__in=[visit.pk for visit in found.needles_in]).values_list(
            "visit_id", "started_at"
        )
        if found.needles_in
        else ()
    )
    found.needles_since = {visit.pk: since.get(visit.pk) for visit in found.needles_in}


@prepared
def _at_the_couch(organisation: UUID) -> QuerySet[Visit]:
    # No order in the query: it would make the database walk through all visits by time.
    return Visit.objects.filter(
        organisation=organisation, ended_at__isnull=True, state__in=("needles-in", "to-sign")
    ).select_related("patient", "practitioner")[:MOST_OPEN]


def _programmes(found: Attention, organisation: Organisation, on: date) -> None:
    """Both lists are short: the lists of a clinic that reviews its plans are empty."""
    for plan in plans_ending(organisation, on=on, most=SHOWN):
        visit = plan.episode.visits.order_by("-planned_at").first()
        if visit is not None:
            found.plans.append((plan, visit))
    found.in_pain = patients_in_pain(organisation, on=on, most=SHOWN)


def _checks(found: Attention, organisation: Organisation, now: datetime) -> None:
    found.red = first_alarms(organisation.pk)[:SHOWN]
    # One more than is shown tells whether there are more, without counting them all.
    rest = first_open(organisation, now=now, until=now, most=SHOWN + 1)
    found.overdue, found.more_overdue = rest[:SHOWN], len(rest) > SHOWN
    # A check falls due without anybody writing: until then the kept page is true.
    following = next_due(organisation, now)
    found.turns_at += [following] if following else []


def _papers(found: Attention, by: Member, on: date) -> None:
    """What has expired, will soon or isn't there: one's own first, for the owner everybody's.

    Without them `start` refuses, so it must not be found out with the patient on the couch.
    """
    if by.is_owner:
        people = Member.objects.filter(
            organisation=by.organisation_id, is_active=True, is_practitioner=True
        )
        held = currencies(people, on)
    else:
        held = [currency(by, on)] if by.is_practitioner else []
    # Never recorded, or voided: neither has a day of ending, so neither is among the expiring.
    lacking = [(one.member, "licence") for one in held if one.licence is None]
    lacking += [(one.member, "training") for one in held if one.training is None]
    # False sorts before True: one's own come first, the others stay in their order.
    found.lacking = sorted(lacking, key=lambda one: one[0] != by)[:SHOWN]
    ending = expiring_among(held, on, WARN_DAYS)
    # Twice as many: each of a person's papers is a row of its own.
    found.expiring = sorted(ending, key=lambda one: one.member != by)[: 2 * SHOWN]
