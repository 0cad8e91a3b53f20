"""The state of the step in the rail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from filiform.clinic.assessment.models import Story
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.visits.step import StepState

MOST_VISITS = 200
"""Ratings read for the rail; an episode has far fewer."""

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


@prepared
def _rated(patient: UUID, episode: UUID) -> QuerySet[Story, tuple[UUID, int | None]]:
    return (
        Story.objects.current()
        .filter(patient=patient, visit__episode=episode, pain_now__isnull=False)
        .order_by("visit__planned_at", "recorded_at")
        .values_list("visit_id", "pain_now")[:MOST_VISITS]
    )


def state(visit: Visit, *, by: Member, on: date) -> StepState:
    """Something to look at once pain was rated at two visits; before that it waits.

    Reads the ratings of one complaint only: the rail asks nine rooms on every page.
    """
    told = _rated(visit.patient_id, visit.episode_id) if visit.episode_id else []
    # A story told again in a visit counts in its last version: the later pair stands.
    ratings = list(dict(told).values())
    if len(ratings) < 2:
        return StepState("waiting", _("After the second visit"))
    return StepState(
        "done", _("Pain %(first)s → %(last)s") % {"first": ratings[0], "last": ratings[-1]}
    )
