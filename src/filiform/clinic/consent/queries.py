"""Is there a consent that holds? Computed from the signed rows, never from a flag."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from filiform.clinic.assessment.queries import plans, targets
from filiform.clinic.consent.models import Consent, ConsentText, ReadAhead, Refusal
from filiform.clinic.consent.vocabulary import CURRENT
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.muscle_names import named
from filiform.clinic.web.times import written
from filiform.planning import has_current
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import Target
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Organisation
    from filiform.clinic.visits.models import Visit

Pair = tuple[str, str]
GOING_ON = ("here", "in-room", "needles-in", "to-sign")
"""States of a visit whose consent the banner tells."""


class ConsentState(NamedTuple):
    """For the banner. level: "well-done", "mind" or "danger", as the tags are coloured."""

    level: str
    says: str | Promise


@prepared
def _of_visit(visit: UUID) -> QuerySet[Consent]:
    return (
        Consent.objects.current()
        .filter(visit=visit)
        .select_related("withdrawal", "text")
        .order_by("-recorded_at", "-id")[:1]
    )


@prepared
def _of_patient(patient: UUID) -> QuerySet[Consent]:
    return (
        Consent.objects.current()
        .filter(patient=patient)
        .only("recorded_at", "withdrawal__id")
        .select_related("withdrawal")
        .order_by("-recorded_at")[:1]
    )


@prepared
def _going_on(patient: UUID) -> QuerySet[Visit]:
    # In no order: asked for one, the engine would walk over all visits in that order.
    return Visit.objects.filter(patient=patient, ended_at__isnull=True, state__in=GOING_ON)


@read_once
def last_consent(visit: Visit) -> Consent | None:
    """The latest consent given in a visit, withdrawn or not."""
    return _of_visit.first(visit.pk)


def is_withdrawn(consent: Consent) -> bool:
    # Read together with the consent; a withdrawal is never taken back.
    return hasattr(consent, "withdrawal")


def agreed(consent: Consent) -> set[Pair]:
    """The muscles and sides that a consent covers."""
    return {(muscle, side) for muscle, side in consent.muscles}


def covers(consent: Consent, muscle: str, side: str) -> bool:
    """A consent for both sides covers each of them."""
    pairs = agreed(consent)
    return (muscle, side) in pairs or (muscle, "bilateral") in pairs


def uncovered(consent: Consent, targets: Iterable[Target]) -> list[Pair]:
    """Targets that were chosen after the patient agreed."""
    return [
        (target.muscle, target.side)
        for target in targets
        if not covers(consent, target.muscle, target.side)
    ]


def with_current(visit: Visit) -> list[Pair]:
    """Targets that are planned with a current through the needles."""
    return [
        (target.muscle, target.side)
        for target, plan in plans(visit)
        if plan is not None and has_current(plan.technique)
    ]


@prepared
def _refusals(visit: UUID) -> QuerySet[Refusal]:
    return (
        Refusal.objects.current()
        .filter(visit=visit)
        .select_related("recorded_by")
        .order_by("recorded_at", "id")
    )


@read_once
def refusals(visit: Visit) -> list[Refusal]:
    """Parts of the body in which the patient wants no needles, in the order in which they said
    so."""
    return _refusals(visit.pk)


def refused_since(visit: Visit, consent: Consent) -> set[Pair]:
    """What was refused after the consent was given: a consent given after it is a change of
    mind."""
    return {
        (muscle, side)
        for one in refusals(visit)
        if one.recorded_at >= consent.recorded_at
        for muscle, side in one.muscles
    }


def agrees_to(visit: Visit, consent: Consent, pair: Pair) -> bool:
    """Whether a consent covers a muscle and side, and the patient has not refused it since."""
    return covers(consent, *pair) and pair not in refused_since(visit, consent)


def reasons_against(visit: Visit) -> tuple[Reason, ...]:
    """Why the patient's consent does not allow needling now; empty when it does."""
    consent = last_consent(visit)
    if consent is None:
        return (Reason(code="consent-not-given"),)
    if is_withdrawn(consent):
        when = consent.withdrawal.recorded_at
        return (Reason(code="consent-withdrawn", params={"time": written(when, "H:i")}),)
    chosen = targets(visit)
    missing = uncovered(consent, chosen)
    if missing:
        return (Reason(code="consent-incomplete", params=named("muscles", missing)),)
    # Only of what is planned: a region that nobody wants to needle prevents nothing.
    refused = sorted(refused_since(visit, consent) & {(one.muscle, one.side) for one in chosen})
    if refused:
        return (Reason(code="consent-region-refused", params=named("muscles", refused)),)
    current = [] if CURRENT in consent.techniques else with_current(visit)
    if current:
        return (Reason(code="consent-technique", params=named("muscles", current)),)
    return ()


def state(patient: Patient) -> ConsentState:
    """One phrase for the banner: the consent of the visit that is going on, else the latest."""
    visit = max(_going_on(patient.pk), key=lambda one: one.planned_at, default=None)
    if visit is not None:
        return visit_state(visit)
    latest = _of_patient.first(patient.pk)
    if latest is None:
        return ConsentState("mind", _("No consent yet"))
    day = written(latest.recorded_at)
    if is_withdrawn(latest):
        return ConsentState("danger", _("Consent withdrawn %(day)s") % {"day": day})
    return ConsentState("mind", _("Last consent %(day)s; ask again") % {"day": day})


def visit_state(visit: Visit) -> ConsentState:
    """The same for one visit."""
    reasons = reasons_against(visit)
    if not reasons:
        return ConsentState("well-done", _("Consent given"))
    return {
        "consent-not-given": ConsentState("mind", _("No consent for this visit yet")),
        "consent-withdrawn": ConsentState("danger", _("Consent withdrawn")),
        "consent-incomplete": ConsentState("mind", _("Consent does not cover all targets")),
        "consent-region-refused": ConsentState("danger", _("A region is refused")),
        "consent-technique": ConsentState("mind", _("Consent does not cover the current")),
    }[reasons[0].code]


def current_text(organisation: Organisation, language: str) -> ConsentText | None:
    """The newest published text in a language."""
    return (
        ConsentText.objects.current()
        .filter(organisation=organisation, language=language)
        .order_by("-version", "-recorded_at")
        .first()
    )


@prepared
def _read_ahead(visit: UUID) -> QuerySet[ReadAhead]:
    return (
        ReadAhead.objects.current()
        .filter(visit=visit)
        .select_related("text")
        .defer("text__body")
        .order_by("-recorded_at")[:1]
    )


def read_ahead(visit: Visit) -> ReadAhead | None:
    """The text that the patient last read at home before this visit. It is no consent."""
    return _read_ahead.first(visit.pk)


def is_first_visit(visit: Visit) -> bool:
    """Whether the patient has never been treated here before this visit."""
    # Treated and not only booked: what needles feel like is what the questions are about.
    treated = Visit.objects.filter(patient=visit.patient_id, treatment__isnull=False)
    return not treated.exclude(pk=visit.pk).exists()
