"""How often, over what: rates of a period with denominators, and whether something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.anatomy import atlas
from filiform.clinic.aftercare.models import CheckOutcome
from filiform.clinic.assessment.models import PlannedNeedling
from filiform.clinic.events.models import SafetyEvent
from filiform.clinic.events.queries import not_yet_graded
from filiform.clinic.events.vocabulary import KINDS
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.treatment.models import Act, Treatment
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import bounds
from filiform.outcomes.control import Change, Cusum, GChart, change_point, cusum, g_chart
from filiform.outcomes.events import is_serious, register
from filiform.outcomes.rates import EventRate, RateComparison, rate, standing
from filiform.planning import TECHNIQUES

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation

BASELINE = timedelta(days=5 * 365)
ENOUGH_EVENTS = 5
"""From so many earlier events on the clinic's own rate is a baseline (design value)."""
MINOR_ANSWERS = {"bruise": ("none",), "bleeding": ("none",)}
MINOR_YES = ("symptom_flare", "sleepy", "itch")
"""What a check has to tell for the treatment to count with the published minor events. Soreness is
left out: most have it, and the studies counted it in different ways."""


@dataclass
class Needled:
    """One treatment with at least one needle. answered: a check after it was answered; minor: it
    told of something minor. events, serious: of the register, near misses left out."""

    id: UUID
    started_at: datetime
    practitioner: UUID
    site: UUID
    needles: int = 0
    muscles: set[str] = field(default_factory=set)
    techniques: set[str] = field(default_factory=set)
    answered: bool = False
    minor: bool = False
    events: int = 0
    serious: int = 0


@dataclass(frozen=True)
class RateLine:
    """A row of a table. per_needle: the same events over needles; needles of one treatment are not
    independent, so its interval is a little too narrow, and the page says so."""

    name: str
    per_treatment: EventRate
    serious: EventRate
    per_needle: EventRate


@dataclass(frozen=True)
class Beside:
    """Ours beside a published rate."""

    name: str
    ours: EventRate
    published: EventRate
    standing: RateComparison
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Charts:
    """baseline: where the usual rate comes from: "own" or "published"; "" where there is none."""

    change: Change | None
    change_days: tuple[datetime, datetime, datetime] | None
    baseline: str
    gaps: GChart | None
    climb: Cusum | None
    since: datetime | None
    path: str


@dataclass(frozen=True)
class SafetyCounts:
    first: date
    last: date
    treatments: int
    needles: int
    answered: int
    events: int
    near_misses: int
    unlinked: int
    not_graded: int
    """Events of the couch in the period that nobody has taken into the register: in no rate"""
    total: RateLine
    kinds: list[tuple[str, int]]
    by: list[tuple[str, list[RateLine]]]
    beside: list[Beside]
    charts: Charts

    @property
    def total_lines(self) -> list[RateLine]:
        return [self.total]


def count(organisation: Organisation, first: date, last: date) -> SafetyCounts:
    """From the first to the last day, both included. One treatment counts once however many events
    it had; a treatment of two regions or techniques counts in each."""
    begin, end = bounds(first)[0], bounds(last)[1]
    rows = needled(organisation, begin, end)
    events = list(
        SafetyEvent.objects.current().filter(
            organisation=organisation, happened_at__gte=begin, happened_at__lt=end
        )
    )
    harms = [one for one in events if not one.is_near_miss]
    kinds: dict[str, int] = {}
    for one in harms:
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    answered = [row for row in rows if row.answered]
    return SafetyCounts(
        first=first,
        last=last,
        treatments=len(rows),
        needles=sum(row.needles for row in rows),
        answered=len(answered),
        events=len(harms),
        near_misses=len(events) - len(harms),
        # Told beside the rates: they are in no denominator.
        unlinked=sum(one.treatment_id is None for one in harms),
        not_graded=not_yet_graded(organisation)
        .filter(started_at__gte=begin, started_at__lt=end)
        .count(),
        total=_line(_("All"), rows),
        kinds=sorted(
            ((str(KINDS.get(kind, kind)), n) for kind, n in kinds.items()),
            key=lambda pair: (-pair[1], pair[0]),
        ),
        by=_groups(organisation, rows),
        beside=_beside(rows, answered),
        charts=_charts(organisation, rows, begin),
    )


def needled(organisation: Organisation, begin: datetime, end: datetime) -> list[Needled]:
    """Treatments in which a needle went in, in the order of time."""
    rows = {
        key: Needled(key, started, practitioner, site)
        for key, started, practitioner, site in Treatment.objects.filter(
            organisation=organisation, started_at__gte=begin, started_at__lt=end
        )
        .order_by("started_at", "pk")
        .values_list("pk", "started_at", "practitioner", "visit__site")
    }
    here = {"treatment__organisation": organisation, "treatment__started_at__gte": begin}
    here["treatment__started_at__lt"] = end
    for key, muscle in (
        Act.objects.current()
        .filter(kind="insertion", **here)
        .values_list("treatment", "target__muscle")
    ):
        rows[key].needles += 1
        rows[key].muscles |= {muscle} if muscle else set()
    _add_techniques(rows, here)
    _add_events(rows, here)
    _add_checks(rows, here)
    # A treatment without a needle can't have harmed by one.
    return [row for row in rows.values() if row.needles]


# By the period and not by a list of ids: five years of a large clinic are more ids than a statement
# of SQLite may have parameters.
def _add_techniques(rows: dict[UUID, Needled], here: Mapping[str, Any]) -> None:
    found = (
        PlannedNeedling.objects.current()
        .filter(**{f"target__visit__{name}": value for name, value in here.items()})
        .values_list("target__visit__treatment", "technique")
    )
    for key, technique in found:
        if key in rows:
            rows[key].techniques.add(technique)


def _add_events(rows: dict[UUID, Needled], here: Mapping[str, Any]) -> None:
    # Grade 0 is a near miss: nobody was harmed, so it is in no rate.
    found = SafetyEvent.objects.current().filter(**here).exclude(grade="0")
    for key, grade, criteria in found.values_list("treatment", "grade", "criteria"):
        if key in rows:
            rows[key].events += 1
            rows[key].serious += is_serious(grade, criteria)


def _add_checks(rows: dict[UUID, Needled], here: Mapping[str, Any]) -> None:
    found = CheckOutcome.objects.current().filter(
        result="answered", **{f"check_due__{name}": value for name, value in here.items()}
    )
    for key, told in found.values_list("check_due__treatment", "report"):
        if key in rows:
            rows[key].answered = True
            rows[key].minor |= is_minor(told)


def is_minor(told: dict[str, Any]) -> bool:
    """Whether an answer tells of something that studies count as a minor event."""
    marked = any(told.get(name) and told[name] not in ok for name, ok in MINOR_ANSWERS.items())
    return marked or any(told.get(name) is True for name in MINOR_YES)


def _line(name: str, rows: Sequence[Needled]) -> RateLine:
    events = sum(row.events for row in rows)
    needles = sum(row.needles for row in rows)
    return RateLine(
        name,
        per_treatment=rate(sum(row.events > 0 for row in rows), len(rows)),
        serious=rate(sum(row.serious > 0 for row in rows), len(rows)),
        # Two events of one needle would be a rate above one.
        per_needle=rate(min(events, needles), needles),
    )


def _groups(organisation: Organisation, rows: list[Needled]) -> list[tuple[str, list[RateLine]]]:
    language = get_language() or "en"
    sites = {one.pk: local_name(one) for one in Site.objects.filter(organisation=organisation)}
    people = {one.pk: local_name(one) for one in Member.objects.filter(organisation=organisation)}
    techniques = {code: words.in_language(language) for code, words in TECHNIQUES}
    regions = {key: one.name.in_language(language) for key, one in atlas().muscle_regions.items()}
    return [
        (_("By site"), _split(rows, lambda row: [row.site], sites)),
        (_("By region"), _split(rows, _regions, regions)),
        (_("By technique"), _split(rows, lambda row: row.techniques, techniques)),
        # In the order of names: sorted by rate, chance would decide who stands at the top.
        (_("By practitioner"), _split(rows, lambda row: [row.practitioner], people)),
    ]


def _regions(row: Needled) -> set[str]:
    known = atlas().muscles
    return {known[muscle].region for muscle in row.muscles if muscle in known}


def _split(
    rows: list[Needled], keys: Callable[[Needled], Iterable[Any]], names: dict[Any, str]
) -> list[RateLine]:
    groups: dict[Any, list[Needled]] = {}
    for row in rows:
        for key in keys(row):
            groups.setdefault(key, []).append(row)
    lines = [_line(names.get(key, str(key)), group) for key, group in groups.items()]
    return sorted(lines, key=lambda line: line.name)


def _beside(rows: list[Needled], answered: list[Needled]) -> list[Beside]:
    language = get_language() or "en"
    ours = {
        # Over those who were asked and answered: silence is not "nothing happened".
        "minor": rate(sum(row.minor for row in answered), len(answered)),
        "serious": rate(sum(row.serious > 0 for row in rows), len(rows)),
    }
    return [
        Beside(
            one.name.in_language(language),
            ours[one.like],
            one.rate,
            standing(ours[one.like], one.rate),
            one.sources,
        )
        for one in register().published
    ]


# --- charts ---------------------------------------------------------------------------------------


def _charts(organisation: Organisation, rows: list[Needled], begin: datetime) -> Charts:
    # Yes or no for each treatment: three events of one are one bad treatment, not a cluster.
    happened = [row.events > 0 for row in rows]
    change = change_point(happened)
    days = None
    if change is not None:
        # Places count from 1.
        moments = [rows[at - 1].started_at for at in (change.first, change.at, change.last)]
        days = (moments[0], moments[1], moments[2])
    baseline, usual = _usual_rate(organisation, begin)
    if usual is None or not rows:
        return Charts(change, days, "", None, None, None, "")
    # Beyond a half a doubled rate is none; such a "rare" event is no matter for these charts.
    if usual >= 0.5:
        return Charts(change, days, "", None, None, None, "")
    climb = cusum(happened, usual)
    since = rows[climb.since - 1].started_at if climb.since else None
    return Charts(change, days, baseline, g_chart(happened, usual), climb, since, drawn(climb))


def _usual_rate(organisation: Organisation, begin: datetime) -> tuple[str, float | None]:
    """The clinic's own before the period; without enough events there is no baseline: a published
    rate of another kind of event would make limits out of nothing."""
    # Before the period only, or a bad month would raise what it is measured by.
    went_in = Act.objects.current().filter(kind="insertion")
    here = {"organisation": organisation, "started_at__gte": begin - BASELINE}
    here["started_at__lt"] = begin
    happened = (
        SafetyEvent.objects.current()
        .filter(**{f"treatment__{name}": value for name, value in here.items()})
        .filter(Exists(went_in.filter(treatment=OuterRef("treatment"))))
        .exclude(grade="0")
    )
    # Events are few and have their index; the treatments of five years are counted only for a
    # rate that there will be, and by the database: as rows they took most of the report's time.
    events = happened.values("treatment").distinct().count()
    if events < ENOUGH_EVENTS:
        return "", None
    needled_before = Treatment.objects.filter(
        Exists(went_in.filter(treatment=OuterRef("pk"))), **here
    )
    return "own", events / needled_before.count()


WIDE, HIGH = 1000, 220
"""Of the drawing, in its own units."""


def drawn(climb: Cusum) -> str:
    """The path of a CUSUM as SVG's path data, time from left to right."""
    # A flat line stays at the bottom.
    top = max(climb.highest, 1.0)
    across = WIDE / max(len(climb.path) - 1, 1)
    points = (
        f"{index * across:.1f} {HIGH - HIGH * height / top:.1f}"
        for index, height in enumerate(climb.path)
    )
    return "M " + " L ".join(points) if climb.path else ""
