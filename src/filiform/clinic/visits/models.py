"""Episodes of care and visits: the diary, and the workspace's frame."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from filiform.clinic.facts.models import Identified, PatientFact
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS

STATES: dict[str, frozenset[str]] = {
    "booked": frozenset({"here", "cancelled", "missed"}),
    "here": frozenset({"in-room", "booked", "left"}),
    "in-room": frozenset({"needles-in", "done", "here"}),
    "needles-in": frozenset({"to-sign"}),
    "to-sign": frozenset({"done", "needles-in"}),
    "done": frozenset(),
    "cancelled": frozenset({"booked"}),
    "missed": frozenset({"booked"}),
    "left": frozenset(),
}
"""From each state of a visit to those that may follow.

docs/reference/states.md is drawn from it."""

COUCH_STATES = frozenset({"needles-in", "to-sign"})
"""States into which only the treatment itself brings a visit."""

OPEN_STATES = ("booked", "here", "in-room", "needles-in", "to-sign")


class Episode(PatientFact):
    """One complaint from its first visit to its discharge."""

    title = models.CharField(max_length=200)
    complaint = models.CharField(max_length=80, blank=True)
    opened_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-opened_on"], name="episode")]


class Discharge(PatientFact):
    """The end of an episode."""

    episode = models.OneToOneField(Episode, models.PROTECT, related_name="discharge")
    on = models.DateField()
    outcome = models.CharField(max_length=40)


class Visit(Identified):
    """One appointment. Its state moves along STATES; what happens in it are facts."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="visits")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, related_name="visits")
    practitioner = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=40)
    state = models.CharField(max_length=20, default="booked")
    arrived_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)

    @property
    def in_words(self) -> Promise:
        """Its state, for people."""
        return STATES_IN_WORDS[self.state]

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "planned_at"], name="visit_planned"),
            models.Index(fields=["patient", "-planned_at"], name="visit_patient"),
            models.Index(
                fields=["organisation", "state"],
                name="visit_open",
                # Not "state in ...": SQLite finds one state that comes as a parameter in a partial
                # index, and never a list of them.
                condition=Q(ended_at__isnull=True),
            ),
            # What is under way with somebody: found without reading their visits of ten years.
            models.Index(
                fields=["patient"], name="visit_under_way", condition=Q(ended_at__isnull=True)
            ),
        ]
