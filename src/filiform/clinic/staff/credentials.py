"""May this person needle this muscle today? Licence, training, and a privilege for the region.

The server asks here before a needle goes in; pages only explain the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from filiform import times
from filiform.anatomy import PRIVILEGES, atlas
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.staff.models import (
    Credential,
    Licence,
    Member,
    Privilege,
    Training,
)
from filiform.reasons import Evidence, Reason
from filiform.words import Words

Row = TypeVar("Row", Licence, Training)
SOON_DAYS = 60
"""From here on a credential is shown as expiring: time enough to renew it. Design value."""


@dataclass(frozen=True)
class Currency:
    """A member's credentials on a day. `privileges` holds the current row per region."""

    member: Member
    on: date
    licence: Licence | None = None
    training: Training | None = None
    privileges: dict[str, Privilege] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """valid, expiring, expired, missing, or not-needed for those who don't needle."""
        if not self.member.is_practitioner:
            return "not-needed"
        if self.licence is None or self.training is None or not self.privileges:
            return "missing"
        days = [left for left in map(self.days_left, self.all) if left is not None]
        # There is a smallest: registration and training always have an end.
        if min(days) < 0:
            return "expired"
        return "expiring" if min(days) <= SOON_DAYS else "valid"

    @property
    def all(self) -> list[Credential]:
        return [row for row in (self.licence, self.training) if row] + list(
            self.privileges.values()
        )

    @property
    def days_until_next(self) -> int | None:
        """Days until the first of them expires; negative once it has."""
        days = [left for left in map(self.days_left, self.all) if left is not None]
        return min(days, default=None)

    @property
    def next_name(self) -> str | Words:
        """What expires first, or expired longest ago; empty when nothing has an end."""
        ending = [(row.expires_on, row) for row in self.all if row.expires_on is not None]
        if not ending:
            return ""
        _, first = min(ending, key=lambda pair: pair[0])
        return _name(first)

    @property
    def may_needle(self) -> bool:
        """Licence and training hold today; the regions are another question."""
        return self.member.is_practitioner and all(
            row is not None and row.expires_on >= self.on for row in (self.licence, self.training)
        )

    def days_left(self, row: Credential) -> int | None:
        """0 on the last day on which it holds; None when it has no end."""
        return None if row.expires_on is None else (row.expires_on - self.on).days


@dataclass(frozen=True)
class Expiring:
    """One thing that must be renewed. `days_left` is negative once it is too late."""

    member: Member
    kind: str
    name: str | Words
    expires_on: date
    days_left: int


@prepared
def _licences(member: UUID) -> QuerySet[Licence]:
    return Licence.objects.current().filter(member=member)


@prepared
def _trainings(member: UUID) -> QuerySet[Training]:
    return Training.objects.current().filter(member=member)


@prepared
def _privileges(member: UUID) -> QuerySet[Privilege]:
    return Privilege.objects.current().filter(member=member)


@read_once
def currency(member: Member, on: date) -> Currency:
    key = member.pk
    return _currencies([member], on, _licences(key), _trainings(key), _privileges(key))[0]


def currencies(members: Iterable[Member], on: date) -> list[Currency]:
    """Currency of each, in three queries however many there are."""
    people = list(members)
    ids = [member.pk for member in people]
    return _currencies(
        people,
        on,
        Licence.objects.current().filter(member__in=ids),
        Training.objects.current().filter(member__in=ids),
        Privilege.objects.current().filter(member__in=ids),
    )


def _currencies(
    people: list[Member],
    on: date,
    licences: Iterable[Licence],
    trainings: Iterable[Training],
    privileges: Iterable[Privilege],
) -> list[Currency]:
    last_licence, last_training = _latest(licences), _latest(trainings)
    granted: dict[object, dict[str, Privilege]] = defaultdict(dict)
    # A region that only a former release had stands last.
    order = {region: place for place, region in enumerate(PRIVILEGES)}
    # The one that holds longest comes last and stays.
    for row in sorted(privileges, key=lambda row: (order.get(row.region, 99), _end(row))):
        granted[row.member_id][row.region] = row
    return [
        Currency(
            member=member,
            on=on,
            licence=last_licence.get(member.pk),
            training=last_training.get(member.pk),
            privileges=granted[member.pk],
        )
        for member in people
    ]


def expiring_among(people: Iterable[Currency], on: date, within_days: int) -> list[Expiring]:
    """What they must renew within that many days, the most urgent first.

    What has expired already is in the list, with negative `days_left`.
    """
    found = [
        Expiring(of.member, _kind(row), _name(row), row.expires_on, left)
        for of in people
        for row in of.all
        if row.expires_on is not None and (left := (row.expires_on - on).days) <= within_days
    ]
    return sorted(found, key=lambda one: (one.days_left, one.member.name))


def reasons_against(member: Member, muscles: Iterable[str], *, on: date) -> tuple[Reason, ...]:
    """Why a member may not needle these muscles on a day; empty when they may.

    muscles: ids of the atlas; one that a later release has dropped may be needled by nobody.
    """
    now = currency(member, on)
    who = {"person": member.name, "person_ur": member.name_ur or member.name}
    # One reason: the papers of somebody who needles nobody are nobody's concern.
    if not member.is_practitioner or not member.is_active:
        return (Reason(code="staff-not-practitioner", params=who),)
    return (
        *_against_papers(now, who),
        *_against_regions(now, muscles, who),
    )


def _against_papers(now: Currency, who: dict[str, str]) -> Iterable[Reason]:
    for kind, row in (("licence", now.licence), ("training", now.training)):
        if row is None:
            yield Reason(code=f"staff-no-{kind}", params=dict(who))
        elif row.expires_on < now.on:
            yield Reason(
                code=f"staff-{kind}-expired",
                params={**who, **_day_words(row.expires_on)},
                because=(_evidence(row),),
            )


def _against_regions(
    now: Currency, muscles: Iterable[str], who: dict[str, str]
) -> Iterable[Reason]:
    needed: dict[str, list[Words]] = defaultdict(list)
    # Left and right of one muscle ask for the same privilege.
    for muscle_id in dict.fromkeys(muscles):
        muscle = atlas().muscles.get(muscle_id)
        # Which regions it needs nobody can say any more, and not knowing must not open a door.
        if muscle is None:
            yield Reason(code="staff-muscle-unknown", params={"muscle": muscle_id})
            continue
        for region in muscle.privileges:
            needed[region].append(muscle.name)
    for region in sorted(needed, key=PRIVILEGES.index):
        row = now.privileges.get(region)
        params = {**who, **_region_words(region), **_list_words(needed[region])}
        if row is None:
            yield Reason(code="staff-privilege-missing", params=params)
        elif row.expires_on is not None and row.expires_on < now.on:
            yield Reason(
                code="staff-privilege-expired",
                params={**params, **_day_words(row.expires_on)},
                because=(_evidence(row),),
            )
        # A privilege can be recorded ahead.
        elif row.granted_on > now.on:
            yield Reason(
                code="staff-privilege-not-yet",
                params={**params, **_day_words(row.granted_on)},
                because=(_evidence(row),),
            )


def _latest(rows: Iterable[Row]) -> dict[object, Row]:
    """Per member the row that holds longest."""
    # Renewed before the old one ends there are two, and the later one counts.
    return {row.member_id: row for row in sorted(rows, key=lambda row: row.expires_on)}


def _end(row: Privilege) -> date:
    return row.expires_on or date.max


def _kind(row: Credential) -> str:
    return type(row).__name__.lower()


def _name(row: Credential) -> str | Words:
    if isinstance(row, Licence):
        return row.body
    if isinstance(row, Training):
        return row.course
    return atlas().privileges[row.region].name


def _evidence(row: Credential) -> Evidence:
    return Evidence(resource=f"{type(row).__name__}/{row.pk}", text=str(_name(row)))


def _region_words(region: str) -> dict[str, str]:
    name = atlas().privileges[region].name
    return {"region": name.in_language("en"), "region_ur": name.in_language("ur")}


def _list_words(names: list[Words]) -> dict[str, str]:
    return {
        "muscles": ", ".join(name.in_language("en") for name in names),
        "muscles_ur": "، ".join(name.in_language("ur") for name in names),
    }


def _day_words(day: date) -> dict[str, str]:
    return {
        key: times.written(day, "j F Y", language)
        for key, language in (("day", "en"), ("day_ur", "ur"))
    }
