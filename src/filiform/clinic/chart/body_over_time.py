"""What was drawn on a patient's body, visit by visit: pain told, needles, bruises."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from filiform.anatomy.surface import BodyDrawing, Spot
from filiform.anatomy.surface.flat import main_view
from filiform.anatomy.surface.picture import Pin
from filiform.anatomy.surface.spots import spot_text
from filiform.clinic.assessment.models import Story
from filiform.clinic.body.chart import body_of, chart_attributes
from filiform.clinic.body.pictures import NamedPicture, in_words, pictures, views_of
from filiform.clinic.body.places import place_of
from filiform.clinic.body.queries import marks_on, pains_of
from filiform.clinic.body.vocabulary import QUALITIES
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.treatment.models import Act
from filiform.clinic.web.muscle_names import muscle_in_words

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.treatment.models import Act
    from filiform.clinic.visits.models import Visit

MOST_VISITS = 40
"""Visits on the slider, the newest; more are in the record."""


@dataclass(frozen=True)
class NeedlePlace:
    """Where a needle was. exact: marked during the treatment; else the atlas's usual place."""

    spot: Spot
    name: str
    exact: bool


@dataclass
class VisitOnBody:
    """One visit on the body."""

    visit: Visit
    pain: BodyDrawing = field(default_factory=BodyDrawing)
    needles: list[NeedlePlace] = field(default_factory=list)
    bruises: list[BodyDrawing] = field(default_factory=list)

    @property
    def day(self) -> str:
        return date_format(timezone.localtime(self.visit.planned_at), "j M Y")

    @property
    def words(self) -> list[str]:
        return in_words(self.pain, dict(QUALITIES))

    @property
    def needled(self) -> list[str]:
        return list(dict.fromkeys(needle.name for needle in self.needles))

    @property
    def bruised(self) -> list[str]:
        return list(dict.fromkeys(line for one in self.bruises for line in in_words(one, {})))

    @property
    def shown(self) -> dict[str, Any]:
        """As `<body-chart>` takes it."""
        bruises = [one.as_text() for one in self.bruises]
        return {
            "drawing": self.pain.as_text(),
            **({"bruises": bruises} if bruises else {}),
            "pins": [
                {"at": spot_text(needle.spot), "name": "", "state": "out"}
                for needle in self.needles
            ],
        }

    @property
    def shown_json(self) -> str:
        return json.dumps(self.shown, separators=(",", ":"))

    @property
    def flat(self) -> list[NamedPicture]:
        """For screens without the chart, and for print."""
        pins = [Pin(needle.spot, "needle", needle.name) for needle in self.needles]
        return pictures(self.pain, views=views_of(self.pain), pins=pins, prefix="body")


@prepared
def _stories(patient: UUID) -> QuerySet[Story]:
    return (
        Story.objects.current()
        .filter(patient=patient)
        .select_related("visit")
        .only("visit__planned_at", "visit__state", "patient")
        .order_by("-visit__planned_at")[:MOST_VISITS]
    )


@prepared
def _places(patient: UUID) -> QuerySet[Act]:
    return (
        Act.objects.filter(patient=patient, kind__in=("insertion", "place"))
        .filter(replaced_by__isnull=True)
        .select_related("target", "treatment__visit")
        .only(
            *("kind", "needle", "details", "target__muscle", "target__side", "target__trp"),
            *("treatment__visit__planned_at", "treatment__visit__state"),
        )
        .order_by("-at")[: MOST_VISITS * 20]
    )


def moments(patient: Patient) -> list[VisitOnBody]:
    """Visits at which something was told, needled or seen, oldest first."""
    stories = _stories(patient.pk)
    acts = _places(patient.pk)
    found: dict[Any, VisitOnBody] = {}
    pains = pains_of(patient, stories)
    for story in stories:
        found.setdefault(story.visit_id, VisitOnBody(story.visit)).pain = pains[story.pk]
    for visit, needle in _needles(acts):
        found.setdefault(visit.pk, VisitOnBody(visit)).needles.append(needle)
    for visit_id, mark in marks_on(patient):
        if visit_id in found and mark:
            found[visit_id].bruises.append(mark)
    some = [one for one in found.values() if one.pain or one.needles or one.bruises]
    return sorted(some, key=lambda one: one.visit.planned_at)[-MOST_VISITS:]


def _needles(acts: Iterable[Act]) -> Iterable[tuple[Visit, NeedlePlace]]:
    acts = list(acts)
    exact = {act.needle_id: act.details.get("place", "") for act in acts if act.kind == "place"}
    for act in acts:
        if act.kind != "insertion" or act.target is None:
            continue
        place = place_of(act.target, exact.get(act.pk, ""))
        if place is not None:
            name = muscle_in_words(act.target.muscle, act.target.side)
            yield act.treatment.visit, NeedlePlace(place, name, act.pk in exact)


def body_over_time(patient: Patient, chosen: str = "") -> dict[str, Any]:
    """The context of `chart/_body_over_time.html`. chosen: id of the visit to begin with."""
    found = moments(patient)
    if not found:
        return {"moments": []}
    number = next((n for n, one in enumerate(found) if str(one.visit.pk) == chosen), len(found) - 1)
    return {
        "moments": found,
        "moment": found[number],
        "moment_number": number,
        "last_number": len(found) - 1,
        "chart": chart_attributes(
            mode="show",
            body=body_of(patient),
            shown=found[number].shown,
            view=main_view(found[number].pain.union),
        ),
    }
