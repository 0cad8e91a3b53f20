"""What the pure room `outcomes` is told about a treatment, and its answers as rows.

The muscles come from the needles that went in; the circumstances (first visit, blood thinners,
pregnancy, current) from the record as it stands on the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils.timezone import localdate

from filiform import screening
from filiform.clinic.assessment.models import PlannedNeedling
from filiform.clinic.assessment.queries import targets
from filiform.clinic.intake.queries import disclosure_of
from filiform.clinic.patients.files import files_of
from filiform.clinic.treatment.models import Act, Treatment
from filiform.outcomes import (
    Advice,
    CheckReport,
    DueCheck,
    FollowUpQuestion,
    Triage,
    Urgency,
    UsualCourse,
    aftercare_advice,
    checks_due,
    questions_for,
    report_flags,
    triage,
    usual_courses,
)
from filiform.screening import BLOOD_THINNERS, PREGNANCY
from filiform.warning_signs import REGIONS

if TYPE_CHECKING:
    from filiform.clinic.aftercare.models import Check, CheckOutcome
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.treatment.models import Treatment
    from filiform.clinic.visits.models import Visit


@dataclass(frozen=True)
class Circumstances:
    """What beside the muscles decides about checks and advice."""

    first_visit: bool
    antithrombotic: bool
    pregnant: bool


def circumstances(patient: Patient, *, before: datetime, on: date) -> Circumstances:
    """before: treatments that began earlier make this one not the first."""
    rules = rules_found(patient, on=on)
    return Circumstances(
        first_visit=not Treatment.objects.current()
        # By its beginning and not by "now": asked again later, the first visit is still the first.
        .filter(patient__in=files_of(patient), started_at__lt=before)
        .exists(),
        antithrombotic=bool(rules & BLOOD_THINNERS),
        pregnant=bool(rules & PREGNANCY),
    )


def rules_found(patient: Patient, *, on: date) -> frozenset[str]:
    """Ids of the rules of screening that speak about a patient, at any place of the body."""
    # Without targets: after the treatment it is the person that counts, not where needles are
    # planned.
    answer = screening.screen(disclosure_of(patient), on=on)
    return frozenset(reason.id for reason in (*answer.reasons, *answer.elsewhere))


LATE_DAYS = 14
"""So long after a needle its region still matters for a sign (infections show until then, D2)."""


def flags_of(patient: Patient, *, now: datetime) -> frozenset[str]:
    """What is known of a patient who tells of a sign, as `Sign.urgency` takes it. Without a
    treatment of the last two weeks every region may have been needled: not knowing is the
    dangerous case."""
    rules = rules_found(patient, on=localdate(now))
    flags = {
        name
        for name, found in (("antithrombotic", BLOOD_THINNERS), ("pregnant", PREGNANCY))
        if rules & found
    }
    muscles = list(
        Act.objects.current()
        .filter(
            patient__in=files_of(patient),
            kind="insertion",
            target__isnull=False,
            at__gte=now - timedelta(days=LATE_DAYS),
        )
        .values_list("target__muscle", flat=True)
    )
    if not muscles:
        return frozenset({*flags, *REGIONS, "pregnant"})
    regions = {name for name, is_so in report_flags(muscles).items() if is_so}
    # A sign of pregnancy says in its own words that it is one: nobody else taps it.
    return frozenset({*flags, *regions, "pregnant"})


def needled_muscles(treatment: Treatment) -> list[str]:
    """Ids of the muscles that a needle went into, in their order, each once."""
    muscles = (
        Act.objects.current()
        .filter(treatment=treatment, kind="insertion", target__isnull=False)
        .order_by("at")
        .values_list("target__muscle", flat=True)
    )
    return list(dict.fromkeys(muscles))


def places_of(visit: Visit) -> list[tuple[str, str]]:
    """Muscle and side of what was needled in a visit; before the needling of what is chosen."""
    needled = (
        Act.objects.current()
        .filter(treatment__visit=visit, kind="insertion", target__isnull=False)
        .order_by("at")
        .values_list("target__muscle", "target__side")
    )
    places = list(needled) or [(target.muscle, target.side) for target in targets(visit)]
    return list(dict.fromkeys(places))


def muscles_of(visit: Visit) -> list[str]:
    """The muscles of `places_of`, each once."""
    return list(dict.fromkeys(muscle for muscle, _ in places_of(visit)))


def over_lung(muscles: Sequence[str]) -> bool:
    """A needle in one of the muscles can reach the lung."""
    return report_flags(muscles)["over_lung"]


def due_after(treatment: Treatment, muscles: Sequence[str], *, on: date) -> tuple[DueCheck, ...]:
    """The checks that fall due after a treatment of these muscles."""
    found = circumstances(treatment.patient, before=treatment.started_at, on=on)
    return checks_due(
        first_visit=found.first_visit,
        muscles=muscles,
        antithrombotic=found.antithrombotic,
        pregnant=found.pregnant,
        electro=_with_current(treatment),
    )


def _with_current(treatment: Treatment) -> bool:
    return (
        PlannedNeedling.objects.current()
        .filter(visit=treatment.visit_id, technique="electrical")
        .exists()
    )


def judge(check: Check, answers: dict[str, Any], *, at: datetime) -> Triage:
    """How fast somebody has to act on these answers, given when and what was needled.

    answers: fields of `CheckReport`; what was not asked is left out. Raises ValidationError
    naming the field for an unknown one.
    """
    muscles = needled_muscles(check.treatment)
    # Without a needle on record nothing is said: `CheckReport` then takes the dangerous case.
    flags = report_flags(muscles) if muscles else {}
    # From the check and not from the acts: it was planned from the last needle out.
    needled_at = check.due_at - timedelta(hours=check.hours)
    found = circumstances(check.patient, before=check.treatment.started_at, on=localdate(at))
    report = {
        **answers,
        **flags,
        "antithrombotic": found.antithrombotic,
        "hours_since": max(0.0, (at - needled_at) / timedelta(hours=1)),
    }
    return triage(msgspec.convert(report, CheckReport))


def told(check: Check, outcome: CheckOutcome) -> tuple[Triage, tuple[UsualCourse, ...]]:
    """What the patient is told about a stored answer: as it was judged when it came."""
    answer = judge(check, outcome.report, at=outcome.recorded_at)
    flags = report_flags(needled_muscles(check.treatment))
    # Free words are judged, never repeated: they are no course that anybody expects.
    known = {name: outcome.report[name] for name in outcome.report if name != "other"}
    hours = max(0.0, (outcome.recorded_at - check.due_at) / timedelta(hours=1) + check.hours)
    report = msgspec.convert({**known, **flags, "hours_since": hours}, CheckReport)
    # Beside "go to hospital" a sentence about usual soreness would comfort at the wrong moment.
    calm = answer.urgency in (Urgency.FINE, Urgency.WATCH)
    return answer, usual_courses(report) if calm else ()


def questions(check: Check, *, on: date) -> tuple[FollowUpQuestion, ...]:
    """What is asked at a check after these needles, the most dangerous first."""
    pregnant = bool(rules_found(check.patient, on=on) & PREGNANCY)
    return questions_for(needled_muscles(check.treatment), hours=check.hours, pregnant=pregnant)


def advice_for(visit: Visit, *, on: date) -> tuple[Advice, ...]:
    """The sheet's lines for what was needled (or will be); none without a muscle."""
    muscles = muscles_of(visit)
    if not muscles:
        return ()
    # A sheet printed before the needling goes by the planned time.
    treatment = getattr(visit, "treatment", None)
    before = treatment.started_at if treatment is not None else visit.planned_at
    found = circumstances(visit.patient, before=before, on=on)
    return aftercare_advice(
        muscles,
        first_visit=found.first_visit,
        antithrombotic=found.antithrombotic,
        pregnant=found.pregnant,
    )


def as_rows(answer: Triage) -> list[dict[str, Any]]:
    """The events behind an answer, for storing."""
    rows: list[dict[str, Any]] = msgspec.to_builtins(answer.events)
    return rows
