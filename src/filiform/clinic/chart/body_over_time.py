"""What was drawn on a patient's body, visit by visit: pain told, needles, bruises.

The patient's page knows at which visits there is something to see, and shows one of them; the
others are fetched when somebody takes hold of the slider. Reading and drawing forty visits of whom
one is looked at was half of the time of a page with many treatments.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString, mark_safe

from filiform.anatomy.surface import BodyDrawing, Spot
from filiform.anatomy.surface.flat import main_view
from filiform.anatomy.surface.picture import Pin
from filiform.anatomy.surface.spots import spot_text
from filiform.clinic.assessment.areas import areas_between
from filiform.clinic.assessment.models import PainArea, Story
from filiform.clinic.body.chart import body_of, chart_attributes
from filiform.clinic.body.models import Drawing
from filiform.clinic.body.pictures import NamedPicture, in_words, pictures, views_of
from filiform.clinic.body.places import place_of
from filiform.clinic.body.queries import drawings_between, mark_drawn, pain_drawn
from filiform.clinic.body.vocabulary import QUALITIES
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patients.files import of_files
from filiform.clinic.treatment.models import Act
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.times import at_site, written

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

MOST_VISITS = 40
"""Visits on the slider, the newest; more are in the record."""
MOST_LOOKED_THROUGH = 3 * MOST_VISITS
"""Newest visits among which those are, where not every visit has something to see."""
BEFORE_ALL_VISITS = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class NeedlePlace:
    """Where a needle was; spot: None for a muscle that the atlas no longer has. exact: marked
    during the treatment; else the atlas's usual place."""

    spot: Spot | None
    name: str
    exact: bool


class VisitToSee(NamedTuple):
    """A visit of which something stands on the body."""

    visit: UUID
    planned_at: datetime
    site: UUID

    @property
    def day(self) -> str:
        return written(at_site(self.planned_at, self.site))


@dataclass
class VisitOnBody:
    """One visit on the body."""

    of: VisitToSee
    pain: BodyDrawing = field(default_factory=BodyDrawing)
    needles: list[NeedlePlace] = field(default_factory=list)
    bruises: list[BodyDrawing] = field(default_factory=list)

    # Each is asked twice by the page: whether there is anything, and what.
    @cached_property
    def words(self) -> list[str]:
        return in_words(self.pain, dict(QUALITIES))

    @cached_property
    def needled(self) -> list[str]:
        return list(dict.fromkeys(needle.name for needle in self.needles))

    @cached_property
    def bruised(self) -> list[str]:
        return list(dict.fromkeys(line for one in self.bruises for line in in_words(one, {})))

    @cached_property
    def shown(self) -> dict[str, Any]:
        """As `<body-chart>` takes it."""
        bruises = [one.as_text() for one in self.bruises]
        return {
            "drawing": self.pain.as_text(),
            **({"bruises": bruises} if bruises else {}),
            "pins": [
                {"at": spot_text(needle.spot), "name": "", "state": "out"}
                for needle in self.needles
                if needle.spot is not None
            ],
        }

    @property
    def shown_json(self) -> str:
        return json.dumps(self.shown, separators=(",", ":"))

    @property
    def flat(self) -> list[NamedPicture]:
        """For screens without the chart, and for print."""
        pins = [Pin(one.spot, "needle", one.name) for one in self.needles if one.spot is not None]
        return pictures(self.pain, views=views_of(self.pain), pins=pins, prefix="body")


@prepared
def _to_see(patient: UUID) -> QuerySet[Visit, tuple[UUID, datetime, UUID]]:
    # Asked of each visit from the newest on, in the order of the index: the engine stops when
    # there are enough, and for somebody without anything to see after the oldest looked through.
    oldest = (
        Visit.objects.filter(patient=patient)
        .order_by("-planned_at")
        .values("planned_at")[MOST_LOOKED_THROUGH - 1 : MOST_LOOKED_THROUGH]
    )
    told = {"story__replaced_by__isnull": True, "story__is_void": False}
    # Nothing drawn is kept, too: it says that the drawing was looked at (`body.actions`).
    drawn = (
        Drawing.objects.current()
        .filter(Q(outcome__isnull=False) | Q(**told), visit=OuterRef("pk"))
        .exclude(text="")
    )
    named = PainArea.objects.filter(visit=OuterRef("pk"), **told)
    needled = Act.objects.filter(
        treatment__visit=OuterRef("pk"),
        kind="insertion",
        target__isnull=False,
        replaced_by__isnull=True,
    )
    return (
        Visit.objects.filter(
            patient=patient, planned_at__gte=Coalesce(Subquery(oldest), BEFORE_ALL_VISITS)
        )
        # What most visits have is asked first: the others are asked where it is missing.
        .filter(Exists(needled) | Exists(drawn) | Exists(named))
        .order_by("-planned_at")
        .values_list("pk", "planned_at", "site")[:MOST_VISITS]
    )


@prepared
def _told(patient: UUID, since: datetime, until: datetime) -> QuerySet[Story, tuple[UUID, UUID]]:
    return (
        Story.objects.current()
        .filter(visit__patient=patient, visit__planned_at__range=(since, until))
        .order_by("recorded_at")
        .values_list("visit", "pk")
    )


class NeedledTarget(NamedTuple):
    """What `place_of` asks of a target."""

    muscle: str
    side: str
    trp: str


Placed = tuple[UUID, str, UUID | None, dict[str, Any], str | None, str, str, UUID]


@prepared
def _places(patient: UUID, since: datetime, until: datetime) -> QuerySet[Act, Placed]:
    # Tuples: for somebody with a thousand treatments, 800 rows with three relations each took
    # longer to make than the whole page of somebody with ten.
    return (
        Act.objects.filter(
            treatment__visit__patient=patient,
            treatment__visit__planned_at__range=(since, until),
            kind__in=("insertion", "place"),
            replaced_by__isnull=True,
        )
        .order_by("-at")
        .values_list(
            *("pk", "kind", "needle", "details"),
            *("target__muscle", "target__side", "target__trp", "treatment__visit"),
        )[: MOST_VISITS * 20]
    )


def visits_to_see(patient: Patient) -> list[VisitToSee]:
    """The newest visits in all files at which something was told, needled or seen, oldest first."""
    found = map(VisitToSee._make, of_files(_to_see, patient))
    return sorted(found, key=lambda one: one.planned_at)[-MOST_VISITS:]


def moments(patient: Patient, visits: Sequence[VisitToSee]) -> list[VisitOnBody]:
    """These visits as they stand on the body. As many queries for one visit as for forty."""
    if not visits:
        return []
    found = {one.visit: VisitOnBody(one) for one in visits}
    planned = [one.planned_at for one in visits]
    # A span of time and not forty ids: prepared, a query has the same text for any number of
    # visits.
    between = min(planned), max(planned)
    areas = areas_between(patient, *between)
    drawn, marks = {}, defaultdict(list)
    for drawing in drawings_between(patient, *between):
        # Made at a check after the treatment; all others belong to a story.
        if drawing.outcome_id:
            marks[drawing.visit_id].append(mark_drawn(drawing))
        else:
            drawn[drawing.story_id] = drawing
    # The span holds visits that nobody asked for, too.
    for visit, story in of_files(_told, patient, *between):
        if visit in found:
            found[visit].pain = pain_drawn(drawn.get(story), partial(areas.__getitem__, story))
    for visit, needle in _needles(of_files(_places, patient, *between)):
        if visit in found:
            found[visit].needles.append(needle)
    for visit, moment in found.items():
        moment.bruises = list(filter(None, marks[visit]))
    return list(found.values())


def _needles(acts: Iterable[Placed]) -> Iterable[tuple[UUID, NeedlePlace]]:
    acts = list(acts)
    exact = {act[2]: act[3].get("place", "") for act in reversed(acts) if act[1] == "place"}
    for pk, kind, _needle, _details, muscle, side, trp, visit in acts:
        if kind != "insertion" or muscle is None:
            continue
        target = NeedledTarget(muscle, side, trp)
        marked = exact.get(pk, "")
        place = place_of(target, marked) if marked else _usual_place(target)
        yield visit, NeedlePlace(place, muscle_in_words(muscle, side), pk in exact)


@lru_cache(maxsize=2048)
def _usual_place(target: NeedledTarget) -> Spot | None:
    return place_of(target)


def body_over_time(patient: Patient, chosen: str = "") -> dict[str, Any]:
    """The context of `chart/_body_over_time.html`. chosen: id of the visit to begin with."""
    visits = visits_to_see(patient)
    if not visits:
        return {}
    last = len(visits) - 1
    # An id that isn't on the slider, or is none at all, begins with the last visit.
    number = next((n for n, one in enumerate(visits) if str(one.visit) == chosen), last)
    (moment,) = moments(patient, [visits[number]])
    return {
        "visits": visit_options(visits, number) if last else "",
        "moment": moment,
        "moment_number": number,
        "last_number": last,
        "chart": chart_attributes(
            mode="show",
            body=body_of(patient),
            shown=moment.shown,
            view=main_view(moment.pain.union),
        ),
    }


def visit_options(visits: Sequence[VisitToSee], at: int) -> SafeString:
    """Choices of a list, in Python as the other long lists are (`rows`); nothing in them was
    entered by anybody."""
    chosen = " selected"
    return mark_safe(  # noqa: S308
        "".join(
            f'<option value="{one.visit}"{chosen if number == at else ""}>{one.day}</option>'
            for number, one in enumerate(visits)
        )
    )
