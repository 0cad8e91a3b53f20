"""From the record to the model: the dose of a visit, what is known of the patient, what was
measured. Values in, values of `mechanism` out; nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from filiform.clinic.aftercare.models import CheckOutcome
from filiform.clinic.assessment import queries
from filiform.clinic.assessment.models import Finding, Story
from filiform.clinic.treatment.course import time_of
from filiform.clinic.treatment.models import Act, Treatment
from filiform.mechanism import NeedlingDose, StateMeasurement, Traits

if TYPE_CHECKING:
    from filiform.clinic.visits.models import Visit

USUAL_TWITCHES = 5
"""Aimed at where nothing is counted yet: 4 to 6 (procedure.md, section 3)."""
USUAL_PASSES = 10
"""Passes where no plan is kept yet (procedure.md, section 3)."""
MOST = 60
"""Passes, twitches and minutes that the model takes."""
AHEAD_DAYS = 14
NPRS_SD = 1.44
"""Standard error of a rating: MDC 4.0 / (1.96 * sqrt 2), Kovacs 2008 (outcomes.md)."""
THRESHOLD_SD_SHARE = 0.2
"""Error of a pressure threshold as a share (outcomes.md: SEM from 21 % in the shoulder)."""
MONTHS_OF = {"today": 0.1, "days": 0.3, "weeks": 1.0, "months": 6.0, "years": 36.0}
"""Months for the story's words (design value): the middle of what people mean by them."""
DAYS_IN_MONTH = 30.4


@dataclass(frozen=True)
class Given:
    """The dose to be simulated, and whether it was given or is only planned."""

    dose: NeedlingDose
    treated_at: datetime | None

    @property
    def done(self) -> bool:
        return self.treated_at is not None


def dose_of(visit: Visit) -> Given:
    """What was done to the trigger point needled most; before that what is planned.

    The model knows one trigger point, so the muscle with the most passes stands for all. What it
    calls `insertions` is what trials counted under that word: passes.
    """
    treatment = Treatment.objects.current().filter(visit=visit).first()
    if treatment is not None and (done := _done(treatment)):
        return Given(done, treatment.started_at)
    # The largest of the plan, as after needling the target with the most.
    planned = [plan.insertions for _target, plan in queries.plans(visit) if plan is not None]
    passes = min(max(planned, default=USUAL_PASSES), MOST)
    return Given(NeedlingDose(insertions=passes, twitches=USUAL_TWITCHES if passes else 0), None)


def _done(treatment: Treatment) -> NeedlingDose | None:
    """The dose of the target with the most passes; None before the first needle.

    A needle in the record is one insertion through the skin and says how many passes were planned
    for it; one from before that was kept counts as one.
    """
    acts = list(
        Act.objects.current()
        .filter(treatment=treatment, kind__in=("insertion", "twitch", "removal"))
        .only("kind", "at", "needle_id", "target_id", "details")
        .order_by("number")  # of two targets needled alike the first counts
    )
    needles = [act for act in acts if act.kind == "insertion"]
    if not needles:
        return None
    most: Counter[UUID | None] = Counter()
    for act in needles:
        most[act.target_id] += int(act.details.get("passes", 1))
    # Of equals the one that was needled first: a Counter keeps the order in which it met them.
    main = max(most, key=lambda target: most[target])
    here = {act.pk for act in needles if act.target_id == main}
    twitches = sum(act.kind == "twitch" and act.needle_id in here for act in acts)
    return NeedlingDose(
        insertions=min(most[main], MOST),
        twitches=min(twitches, MOST),
        dwell_min=round(_dwell_min(acts, here), 1),
    )


def _dwell_min(acts: Iterable[Act], needles: set[UUID]) -> float:
    """Mean time a needle was in, in minutes, at most an hour."""
    times: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    for act in acts:
        if act.kind == "insertion" and act.pk in needles:
            times[act.pk]["in"] = time_of(act)
        elif act.kind == "removal" and act.needle_id is not None and act.needle_id in needles:
            times[act.needle_id]["out"] = time_of(act)
    stays = [
        (pair["out"] - pair["in"]) / timedelta(minutes=1)
        for pair in times.values()
        # A needle that is still in has no time yet, and one that a clock turned round has none to
        # use.
        if len(pair) == 2 and pair["out"] > pair["in"]
    ]
    return min(sum(stays) / len(stays), float(MOST)) if stays else 0.0


def traits_of(visit: Visit) -> Traits:
    """Age on the day of the visit and the duration of pain, where the story tells it."""
    on = timezone.localdate(visit.planned_at)
    told = queries.story(visit)
    return Traits(
        # The model's own range; an age beyond it is simulated as its end.
        age_years=float(min(max(visit.patient.age_on(on), 5), 110)),
        months=months_of(told.onset_on, told.onset, on) if told else None,
    )


def months_of(onset_on: date | None, onset: str, on: date) -> float | None:
    """How long the pain had been there on a day, in months; None where the story doesn't say."""
    if onset_on is not None:
        # Fifty years at most, as the model takes it; from today on it is at least some days.
        return min(max((on - onset_on).days / DAYS_IN_MONTH, 0.1), 600.0)
    return MONTHS_OF.get(onset)


def measured_of(visit: Visit, treated_at: datetime | None) -> list[StateMeasurement]:
    """Ratings and thresholds of this visit and its aftermath, by hours since the needling.

    Pain told at the visit stands at hour 0. Later ratings count until the next needling, for
    two weeks at most.
    """
    told = queries.story(visit)
    found = []
    if told is not None and told.pain_now is not None:
        found.append(StateMeasurement("pain_nprs", 0.0, float(told.pain_now), NPRS_SD))
    found += _thresholds(visit)
    if treated_at is None:
        return found
    until = _until(visit, treated_at)
    found += [
        StateMeasurement(state, (at - treated_at) / timedelta(hours=1), value, NPRS_SD)
        for state, at, value in [*_responses(visit), *_soreness(visit), *_later(visit)]
        # A later needling begins a course of its own.
        if treated_at < at < until
    ]
    found += _retests(visit, treated_at)
    return sorted(found, key=lambda one: (one.hour, one.state))


def _until(visit: Visit, treated_at: datetime) -> datetime:
    following = (
        Treatment.objects.current()
        .filter(patient=visit.patient_id, started_at__gt=treated_at)
        .exclude(visit=visit)
        .order_by("started_at")
        .first()
    )
    ahead = treated_at + timedelta(days=AHEAD_DAYS)
    return min(ahead, following.started_at) if following else ahead


def _thresholds(visit: Visit) -> list[StateMeasurement]:
    return [
        StateMeasurement("pressure_threshold_kpa", 0.0, one.value, THRESHOLD_SD_SHARE * one.value)
        # One: the model knows one trigger point, and which of several it was nobody says.
        for one in Finding.objects.current().filter(visit=visit, finding="pressure-threshold")[:1]
        if one.value and one.unit == "kPa"
    ]


def _responses(visit: Visit) -> list[tuple[str, datetime, float]]:
    acts = Act.objects.current().filter(treatment__visit=visit, kind="response").order_by("at")
    return [
        (state, time_of(act), float(value))
        for act in acts
        for state, key in (("pain_nprs", "pain"), ("soreness_nprs", "soreness"))
        if (value := act.details.get(key)) is not None
    ]


def _retests(visit: Visit, treated_at: datetime) -> list[StateMeasurement]:
    """Pain and pressure thresholds tested at the couch after the needles, by hours."""
    acts = Act.objects.current().filter(treatment__visit=visit, kind="retest").order_by("number")
    found = []
    for act in acts:
        hour = (time_of(act) - treated_at) / timedelta(hours=1)
        value = float(act.details["value"])
        # Tested before the needles; the threshold found on examination stands for that.
        if hour <= 0:
            continue
        if act.details["measure"] == "pain":
            found.append(StateMeasurement("pain_nprs", hour, value, NPRS_SD))
        elif act.details["measure"] == "threshold":
            error = THRESHOLD_SD_SHARE * value
            found.append(StateMeasurement("pressure_threshold_kpa", hour, value, error))
    return found


def _soreness(visit: Visit) -> list[tuple[str, datetime, float]]:
    answered = CheckOutcome.objects.current().filter(
        check_due__treatment__visit=visit, result="answered"
    )
    return [
        ("soreness_nprs", outcome.recorded_at, float(value))
        for outcome in answered
        if (value := outcome.report.get("soreness_nprs")) is not None
    ]


def _later(visit: Visit) -> list[tuple[str, datetime, float]]:
    """Pain told at later visits of the same complaint; the last version of each story."""
    stories = (
        Story.objects.current()
        .filter(
            patient=visit.patient_id,
            visit__episode=visit.episode_id,
            visit__planned_at__gt=visit.planned_at,
            pain_now__isnull=False,
        )
        .exclude(visit=visit)
        .order_by("recorded_at")
        .values_list("visit_id", "visit__planned_at", "pain_now")[:20]
    )
    # In the order of writing, so the last version of a visit's story stays.
    last = {visit_id: (at, value) for visit_id, at, value in stories if value is not None}
    return [("pain_nprs", at, float(value)) for at, value in last.values()]
