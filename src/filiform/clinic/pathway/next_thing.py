"""The one next thing of each visit of a day, found with a fixed number of queries.

Each fact is asked for all visits of the day at once; the history behind them is not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from filiform.clinic.assessment.models import PlannedNeedling, Story, Target, Verdict
from filiform.clinic.consent.models import Consent
from filiform.clinic.intake.models import ChangeCheck, DisclosedFact
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import last_done_visits
from filiform.clinic.web.addresses import address_of

LATE_AFTER = timedelta(minutes=15)
"""From when a booked patient counts as late (design value)."""


@dataclass(frozen=True)
class NextThing:
    """code, the phrase, how it looks (plain, mind, danger, well-done), and the page for it."""

    code: str
    says: str | Promise
    look: str = "plain"
    icon: str = "next"
    address: str = ""


NEXT: dict[str, tuple[Any, str, str, str]] = {
    "needles-in": (_("Needles in"), "danger", "needle", "treatment:treat"),
    "to-sign": (_("Not signed"), "mind", "pen", "treatment:treat"),
    "expected": (_("Expected"), "plain", "clock", ""),
    "late": (_("Not arrived yet"), "mind", "clock", ""),
    "medicines": (
        _("Medicines have changed: review safety"),
        "mind",
        "warning",
        "assessment:safety",
    ),
    "ask-changes": (_("Ask what has changed"), "plain", "shield", "assessment:safety"),
    "story": (_("Take the history"), "plain", "message", "assessment:story"),
    "blocked": (_("No needling today: see why"), "danger", "stop", "assessment:safety"),
    "targets": (_("Choose targets"), "plain", "target", "assessment:targets"),
    "plan": (_("Plan the needling"), "plain", "list", "assessment:plan"),
    "consent": (_("Consent missing"), "mind", "pen", "consent:consent"),
    "ready": (_("Ready"), "well-done", "check", "treatment:treat"),
    "done": (_("Done"), "well-done", "check", ""),
    "missed": (_("Did not attend"), "plain", "cross", ""),
    "cancelled": (_("Cancelled"), "plain", "cross", ""),
    "left": (_("Left before treatment"), "plain", "out", ""),
}
"""Code → phrase, look, icon and the step's address."""


@dataclass
class DayFacts:
    """What the day's visits have, by visit id; `medicines` by patient id."""

    stories: set[UUID] = field(default_factory=set)
    checks: dict[UUID, ChangeCheck] = field(default_factory=dict)
    verdicts: dict[UUID, Verdict] = field(default_factory=dict)
    targets: dict[UUID, list[Target]] = field(default_factory=lambda: defaultdict(list))
    planned: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    consents: dict[UUID, list[Consent]] = field(default_factory=lambda: defaultdict(list))
    medicines: dict[UUID, datetime] = field(default_factory=dict)
    seen_last: dict[Any, datetime] = field(default_factory=dict)

    def wants_all_targets(self, visit: Visit) -> bool:
        return any(target.pk not in self.planned[visit.pk] for target in self.targets[visit.pk])

    def has_consent(self, visit: Visit) -> bool:
        """A consent that stands and covers every chosen muscle on its side."""
        wanted = {(target.muscle, target.side) for target in self.targets[visit.pk]}
        return any(
            wanted <= {(muscle, side) for muscle, side in consent.muscles}
            for consent in self.consents[visit.pk]
        )

    def medicines_changed(self, visit: Visit) -> bool:
        """A medicine was noted since the last visit, and nobody has judged it yet."""
        noted, last = self.medicines.get(visit.patient_id), self.seen_last.get(visit.patient_id)
        verdict = self.verdicts.get(visit.pk)
        if noted is None or last is None or noted <= last:
            return False
        return verdict is None or verdict.recorded_at < noted


def gather(visits: Sequence[Visit]) -> DayFacts:
    """Everything about visits that are under way, in eight queries however many they are."""
    found = DayFacts()
    under_way = [one for one in visits if one.state in ("booked", "here", "in-room")]
    if not under_way:
        return found
    ids = [one.pk for one in under_way]
    found.stories = set(
        Story.objects.current().filter(visit__in=ids).values_list("visit_id", flat=True)
    )
    checks = ChangeCheck.objects.current().filter(visit__in=ids).order_by("recorded_at")
    for check in checks.only("visit_id", "changed", "recorded_at"):
        found.checks[check.visit_id] = check
    # Without the answer itself: a verdict holds all of screening's words.
    verdicts = Verdict.objects.current().filter(visit__in=ids).order_by("recorded_at")
    for verdict in verdicts.only("visit_id", "decision", "recorded_at"):
        found.verdicts[verdict.visit_id] = verdict
    targets = Target.objects.current().filter(visit__in=ids)
    for target in targets.only("visit_id", "muscle", "side"):
        found.targets[target.visit_id].append(target)
    plans = PlannedNeedling.objects.current().filter(visit__in=ids)
    for visit_id, target_id in plans.values_list("visit_id", "target_id"):
        found.planned[visit_id].add(target_id)
    consents = Consent.objects.current().filter(visit__in=ids, withdrawal__isnull=True)
    for consent in consents.only("visit_id", "muscles"):
        found.consents[consent.visit_id].append(consent)
    _gather_medicines(found, under_way)
    return found


def _gather_medicines(found: DayFacts, visits: Sequence[Visit]) -> None:
    patients = {visit.patient_id for visit in visits}
    facts = DisclosedFact.objects.filter(patient__in=patients, kind="medicine")
    for patient_id, at in facts.values_list("patient_id", "recorded_at"):
        found.medicines[patient_id] = max(at, found.medicines.get(patient_id, at))
    if found.medicines:
        first = min(visit.planned_at for visit in visits)
        found.seen_last = last_done_visits(found.medicines, first)


def next_code(visit: Visit, facts: DayFacts, now: datetime) -> str:
    """Which of NEXT stands before this visit."""
    if visit.state == "booked":
        return "late" if now > visit.planned_at + LATE_AFTER else "expected"
    if visit.state not in ("here", "in-room"):
        return visit.state
    verdict = facts.verdicts.get(visit.pk)
    missing = (
        ("story", visit.pk not in facts.stories),
        ("ask-changes", visit.pk not in facts.checks),
        ("medicines", facts.medicines_changed(visit)),
        ("blocked", verdict is not None and verdict.decision == "blocked"),
        ("targets", not facts.targets[visit.pk]),
        ("plan", facts.wants_all_targets(visit)),
        ("consent", not facts.has_consent(visit)),
    )
    return next((code for code, lacks in missing if lacks), "ready")


def next_thing(visit: Visit, facts: DayFacts, now: datetime) -> NextThing:
    code = next_code(visit, facts, now)
    says, look, icon, name = NEXT[code]
    address = address_of(name, visit.pk) if name else ""
    return NextThing(code, says, look, icon, address)
