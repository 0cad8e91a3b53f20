"""How often each rule fired, was gone on with, was overridden, and was followed by an event.

So that noisy rules can be mended. Counted are visits of a period in which a verdict was kept: its
last one says which rules fired. A visit is needled when a needle went in; an event is what a check
after that treatment brought to light beyond "fine".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from filiform.clinic.aftercare.models import CheckOutcome
from filiform.clinic.assessment.models import Justification, Verdict
from filiform.clinic.cds.models import ShownCard
from filiform.clinic.treatment.models import Act
from filiform.clinic.web.times import bounds
from filiform.outcomes import Urgency
from filiform.screening import red_flags, rules

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation


@dataclass
class Tally:
    """One rule in a period. Visits, unless it says cards.

    stopped: it fired, and no needle went in. acknowledged: needled, the rule being a precaution.
    overridden: needled in spite of it, with a written reason. event: needled and an event after.
    """

    rule: str
    name: str = ""
    weight: str = ""
    fired: int = 0
    stopped: int = 0
    acknowledged: int = 0
    overridden: int = 0
    event: int = 0
    cards: int = 0
    cards_accepted: int = 0
    cards_overridden: int = 0

    @property
    def needled(self) -> int:
        return self.fired - self.stopped


COLUMNS = (
    "rule", "name", "weight", "fired", "stopped", "needled", "acknowledged", "overridden",
    "event", "cards", "cards_accepted", "cards_overridden",
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """The table, most often fired first, and over how many visits it was counted."""

    visits: int
    needled: int
    rows: list[Tally]


def count(organisation: Organisation, first: date, last: date) -> Counted:
    """Count from the first to the last day, both included, in the clinic's time zone."""
    begin, end = _moments(first, last)
    verdicts = Verdict.objects.current().filter(
        organisation=organisation, recorded_at__gte=begin, recorded_at__lt=end
    )
    kept = _last_verdicts(verdicts)
    # Asked for by a query and not by ids, of which SQLite takes only so many in one statement.
    visits = verdicts.values("visit")
    needled, events = _needled(visits), _with_event(visits)
    written = _written(visits)
    found: dict[str, Tally] = {}
    for visit, answer in kept.items():
        for rule, weight in _fired(answer):
            row = found.setdefault(rule, Tally(rule))
            row.fired += 1
            if visit not in needled:
                row.stopped += 1
                continue
            row.acknowledged += weight == "precaution"
            row.overridden += (visit, rule) in written
            row.event += visit in events
    _add_cards(found, organisation, begin, end)
    _name(found.values())
    rows = sorted(found.values(), key=lambda row: (-row.fired, -row.cards, row.rule))
    return Counted(len(kept), len(needled), rows)


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    return bounds(first)[0], bounds(last)[1]


def _last_verdicts(verdicts: QuerySet[Verdict]) -> dict[UUID, dict[str, Any]]:
    # In the order of time, so that the last one of a visit is what the dictionary keeps.
    rows = verdicts.order_by("recorded_at", "id").values_list("visit_id", "answer")
    # An answer of screening is some kilobytes: they are not all held twice.
    return dict(rows.iterator(chunk_size=500))


def _fired(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    reasons = [(one["id"], one["class"]) for one in answer.get("reasons", [])]
    return reasons + [(one["id"], "red-flag") for one in answer.get("red_flags", [])]


def _needled(visits: QuerySet[Any, Any]) -> set[UUID]:
    rows = Act.objects.current().filter(kind="insertion", treatment__visit__in=visits)
    return set(rows.values_list("treatment__visit_id", flat=True))


def _with_event(visits: QuerySet[Any, Any]) -> set[UUID]:
    rows = (
        CheckOutcome.objects.current()
        .filter(check_due__treatment__visit__in=visits)
        # Without a word of urgency nobody was reached: that is no event, and no all-clear either.
        .exclude(urgency__in=("", Urgency.FINE.value))
    )
    return set(rows.values_list("check_due__treatment__visit_id", flat=True))


def _written(visits: QuerySet[Any, Any]) -> set[tuple[UUID, str]]:
    rows = Justification.objects.current().filter(visit__in=visits)
    return set(rows.values_list("visit_id", "rule"))


def _add_cards(
    found: dict[str, Tally], organisation: Organisation, begin: datetime, end: datetime
) -> None:
    """Cards that went to other records; the outcome of each counts once."""
    rows = (
        ShownCard.objects.filter(
            organisation=organisation, recorded_at__gte=begin, recorded_at__lt=end
        )
        # A card that says what could not be read goes by no rule.
        .exclude(kind="unread")
        .values("rule")
        .annotate(
            shown=Count("pk", distinct=True),
            accepted=Count("pk", distinct=True, filter=Q(feedback__outcome="accepted")),
            overridden=Count("pk", distinct=True, filter=Q(feedback__outcome="overridden")),
        )
    )
    for row in rows:
        tally = found.setdefault(row["rule"], Tally(row["rule"]))
        tally.cards = row["shown"]
        tally.cards_accepted = row["accepted"]
        tally.cards_overridden = row["overridden"]


def _name(rows: Iterable[Tally]) -> None:
    """The names and classes of today's rules; a rule of an older release keeps its id."""
    language = get_language() or "en"
    known = {rule.id: (rule.name, rule.weight.value) for rule in rules()}
    known |= {flag.id: (flag.name, "red-flag") for flag in red_flags()}
    for row in rows:
        if row.rule in known:
            name, row.weight = known[row.rule]
            row.name = name.in_language(language)
        else:
            row.name = row.rule
