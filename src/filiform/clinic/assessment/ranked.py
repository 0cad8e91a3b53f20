"""The ranking of a visit: its case from the record, and the answer of `targeting`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from filiform.anatomy import atlas
from filiform.anatomy.surface import BodyDrawing, PatchWeights, patchwork, sided_regions
from filiform.clinic.assessment import queries
from filiform.clinic.body.queries import pain_of
from filiform.clinic.facts.reading import read_once
from filiform.targeting import (
    SCREEN,
    DrawnArea,
    PainCase,
    PalpationFinding,
    TargetingAnswer,
    UnknownComplaintError,
    complaints,
    finding_kinds,
    rank,
    taken,
)

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import Finding
    from filiform.clinic.visits.models import Visit
    from filiform.targeting.case import Side


@read_once
def drawing_of(visit: Visit) -> BodyDrawing:
    """Where it hurts in this visit; nothing drawn when no story has been told."""
    told = queries.story(visit)
    return pain_of(told) if told else BodyDrawing()


def case_of(visit: Visit) -> PainCase:
    """What is known of a visit's pain: drawing, complaint, and findings with a yes, a no, or
    "not sure", which says nothing and isn't asked again."""
    findings = tuple(
        PalpationFinding(row.muscle, cast("Side", row.side), row.finding, row.present)
        for row in queries.findings(visit)
        # A measured pressure or angle has no sensitivity of its own in the model.
        if row.value is None and row.side in ("left", "right") and _is_of_ranking(row)
    )
    return PainCase(
        pain=_areas(drawing_of(visit).union),
        findings=findings,
        # Own words may be any; `rank` would refuse the whole case for them.
        complaint=_known(complaint_of(visit)),
    )


def _is_of_ranking(row: Finding) -> bool:
    """Whether `targeting` knows what was examined: a muscle's finding, or the screen of a root."""
    if row.finding == SCREEN:
        root = atlas().pain_sources.get(row.muscle)
        return root is not None and root.kind == "nerve-root"
    return row.finding in finding_kinds() and row.muscle in atlas().muscles


def _known(text: str) -> str:
    """A text that is a known name, else "": nothing is guessed from a shared word."""
    try:
        taken(text)
    except UnknownComplaintError:
        return ""
    return text


def complaint_of(visit: Visit) -> str:
    """What the patient comes with, as `targeting` may know it: the chosen complaint, else the
    patient's own words, "" when no story has been told."""
    told = queries.story(visit)
    if told is None:
        return ""
    return told.complaint_code if told.complaint_code in complaints() else told.complaint


@read_once
def answer_of(visit: Visit) -> TargetingAnswer:
    """The ranking as it stands now; some tens of milliseconds."""
    return rank(case_of(visit))


def _areas(drawn: PatchWeights) -> tuple[DrawnArea, ...]:
    """The drawing by regions, each named "region side"."""
    work = patchwork()
    on_left = np.arange(work.count) < work.count // 2
    areas = []
    for share in sided_regions(drawn):
        inside = work.region_of == work.regions.index(share.region)
        # A region in the middle has one name and both halves.
        if share.side in ("left", "right"):
            inside &= on_left == (share.side == "left")
        weights = PatchWeights(np.where(inside, drawn.values, 0))
        areas.append(DrawnArea(f"{share.region} {share.side}", weights))
    return tuple(areas)
