"""Drawings on the body's surface, as facts."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from filiform.anatomy.surface import BodyDrawing as Drawn
from filiform.anatomy.surface import unpacked
from filiform.clinic.facts.models import PatientFact

LONGEST_STORED = 16_000
"""Characters of a stored drawing; all that people draw has under 4,000 (tests)."""


class Drawing(PatientFact):
    """What was drawn, and what it belongs to: a story (pain) or the outcome of a check (bruise,
    soreness). Always in the release in which it was drawn; read it with `drawn`.
    """

    kind = models.CharField(max_length=20)
    """pain, bruise, soreness"""
    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, related_name="drawings")
    story = models.ForeignKey("assessment.Story", models.PROTECT, null=True, related_name="drawn")
    outcome = models.ForeignKey(
        "aftercare.CheckOutcome", models.PROTECT, null=True, related_name="drawn"
    )
    release = models.CharField(max_length=60)
    text = models.TextField()
    """As `anatomy.surface.packed` stores it"""

    class Meta:
        indexes = [models.Index(fields=["patient", "recorded_at"], name="drawing_patient")]
        constraints = [
            models.CheckConstraint(
                condition=Q(story__isnull=False) | Q(outcome__isnull=False),
                name="drawing_belongs",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), LONGEST_STORED), name="drawing_short"
            ),
        ]

    @property
    def drawn(self) -> Drawn:
        """The drawing on today's patches; `came_from` says when it is of an older release."""
        return _read(self.text)


@lru_cache(maxsize=128)
def _read(text: str) -> Drawn:
    # A drawing can't be changed, and a patient's page asks for one twice: it shows it on the body
    # and measures how it spread. Some 30 kB each.
    return Drawn.from_text(unpacked(text))
