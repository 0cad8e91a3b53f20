"""What was drawn on a patient's body, visit by visit: pain told, needles, bruises."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from filiform.anatomy.surface import BodyDrawing, Spot
from filiform.anatomy.surface.flat import main_view
from filiform.anatomy.surface.picture import Pin
from filiform.anatomy.surface.spots import spot_text
from filiform.clinic.assessment.areas import areas_told
from filiform.clinic.assessment.models import Story
from filiform.clinic.body.chart import body_of, chart_attributes
from filiform.clinic.body.pictures import NamedPicture, in_words, pictures, views_of
from filiform.clinic.body.places import place_of
from filiform.clinic.body.queries import marks_on, pains_of
from filiform.clinic.body.vocabulary import QUALITIES
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patients.files import of_files
from filiform.clinic.treatment.models import Act
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.times import at_site, written

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.treatment.models import Act

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
        return written(at_site(self.visit.planned_at, self.visit.site_id))

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
        .only("visit__planned_at", "visit__state", "visit__site", "patient")
        .order_by("-visit__planned_at")[:MOST_VISITS]
    )


class NeedledTarget(NamedTuple):
    """What `place_of` asks of a target."""

    muscle: str
    side: str
    trp: str


Placed = tuple[UUID, str, UUID | None, dict[str, Any], str | None, str, str, UUID, datetime]


@prepared
def _places(patient: UUID) -> QuerySet[Act, Placed]:
    # Tuples: for somebody with a thousand treatments, 800 rows with three relations each took
    # longer to make than the whole page of somebody with ten.
    return (
        Act.objects.filter(patient=patient, kind__in=("insertion", "place"))
        .filter(replaced_by__isnull=True)
        .order_by("-at")
        .values_list(
            *("pk", "kind", "needle", "details"),
            *("target__muscle", "target__side", "target__trp"),
            *("treatment__visit", "treatment__visit__planned_at"),
        )[: MOST_VISITS * 20]
    )


def moments(patient: Patient) -> list[VisitOnBody]:
    """Visits in all files at which something was told, needled or seen, oldest first."""
    stories = of_files(_stories, patient)
    acts = of_files(_places, patient)
    found: dict[Any, VisitOnBody] = {}
    pains = pains_of(patient, [story.pk for story in stories], areas_told(patient))
    for story in stories:
        found.setdefault(story.visit_id, VisitOnBody(story.visit)).pain = pains[story.pk]
    for visit_id, planned_at, needle in _needles(acts):
        if visit_id not in found:
            found[visit_id] = VisitOnBody(Visit(pk=visit_id, planned_at=planned_at))
        found[visit_id].needles.append(needle)
    for marked_at, mark in marks_on(patient):
        if marked_at in found and mark:
            found[marked_at].bruises.append(mark)
    some = [one for one in found.values() if one.pain or one.needles or one.bruises]
    return sorted(some, key=lambda one: one.visit.planned_at)[-MOST_VISITS:]


def _needles(acts: list[Placed]) -> Iterable[tuple[UUID, datetime, NeedlePlace]]:
    exact = {act[2]: act[3].get("place", "") for act in acts if act[1] == "place"}
    for pk, kind, _needle, _details, muscle, side, trp, visit_id, planned_at in acts:
        if kind != "insertion" or muscle is None:
            continue
        target = NeedledTarget(muscle, side, trp)
        marked = exact.get(pk, "")
        place = place_of(target, marked) if marked else _usual_place(target)
        if place is not None:
            name = muscle_in_words(muscle, side)
            yield visit_id, planned_at, NeedlePlace(place, name, pk in exact)


@lru_cache(maxsize=2048)
def _usual_place(target: NeedledTarget) -> Spot | None:
    return place_of(target)


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
