"""Telling the story, as often as it has to be told anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from filiform.anatomy import atlas
from filiform.anatomy.surface import BodyDrawing
from filiform.anatomy.surface.listing import noted
from filiform.clinic.assessment.complaints import complaint_name
from filiform.clinic.assessment.models import PainArea, Story
from filiform.clinic.assessment.vocabulary import SIDES
from filiform.clinic.body.actions import keep_pain
from filiform.clinic.body.queries import has_drawing, pain_of
from filiform.clinic.facts.amending import hold, in_place
from filiform.clinic.facts.recording import recording
from filiform.clinic.visits import actions as visit_actions
from filiform.clinic.visits.models import Visit

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

PainedPlace = tuple[str, str, str, int | None]
"""(region of the atlas, side, quality or "", intensity 0 to 10 or None)"""

WHICHEVER = "whichever"
"""`started_from` of those who do not look at what was there before."""

FIELDS = (
    *("complaint", "complaint_code", "onset_on", "onset", "mechanism", "aggravating", "easing"),
    *("pain_now", "pain_worst", "pain_average", "notes"),
)


class SavedMeanwhile(Exception):
    """Somebody saved another version after this one was begun. `story` is theirs."""

    def __init__(self, story: Story) -> None:
        super().__init__("the story was saved meanwhile")
        self.story = story


def tell_story(
    *,
    by: Member,
    visit: Visit,
    areas: Iterable[PainedPlace] | None = None,
    drawing: BodyDrawing | None = None,
    started_from: UUID | str | None = WHICHEVER,
    **fields: Any,
) -> Story:
    """Write the story as a new version; the former stays readable. The same story twice is one.

    started_from: id of the version that was on the screen (None: there was none); then a version
    that somebody else saved in between raises SavedMeanwhile and nothing is written.
    drawing: where it hurts; the painful areas are named after it. areas: instead of it, regions of
    somebody who can't say more exactly. A visit without an episode begins one.
    Raises ValueError for a region or side that the atlas
    does not have, TypeError for an unknown field.
    """
    named = areas if drawing is None else noted(drawing)
    painful = [_checked(area) for area in named or ()]
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a story has no {', '.join(sorted(unknown))}; it has {', '.join(FIELDS)}")
    with recording("story-told", by=by) as entry:
        # The visit's row is the lock: two tablets that save at once come one after the other.
        hold(visit)
        former = (
            Story.objects.current()
            .filter(visit=visit)
            .select_related("recorded_by")
            .order_by("-recorded_at", "-id")
            .first()
        )
        # Compared before the base: the same story from two tablets is no conflict.
        if former and _same(former, painful, fields) and _same_drawing(former, drawing):
            entry.about(former, again=True)
            return former
        _check_base(former, started_from)
        told = in_place(
            Story(
                organisation=by.organisation,
                recorded_by=by,
                patient=visit.patient,
                visit=visit,
                replaces=former,
                **fields,
            )
        )
        _write_areas(told, painful)
        if drawing is not None:
            keep_pain(told, drawing, visit=visit.pk)
        if visit.episode_id is None:
            _begin_episode(by, visit, told)
        entry.about(told, amends=str(former.pk) if former else "")
    return told


def _checked(area: PainedPlace) -> PainedPlace:
    region, side, quality, intensity = area
    known = atlas().regions.get(region)
    if known is None:
        raise ValueError(f"the atlas has no region {region!r}")
    if side not in dict(SIDES):
        raise ValueError(f"side: got {side!r}; allowed: {', '.join(dict(SIDES))}")
    if intensity is not None and not 0 <= intensity <= 10:
        raise ValueError(f"intensity: got {intensity}; allowed: 0 to 10")
    # A region in the middle has no side, whatever was tapped with it.
    return region, side if known.sided else "midline", quality, intensity


def _check_base(former: Story | None, started_from: UUID | str | None) -> None:
    if started_from == WHICHEVER or former is None:
        return
    if str(former.pk) != str(started_from):
        raise SavedMeanwhile(former)


def _same(former: Story, areas: list[PainedPlace], fields: dict[str, Any]) -> bool:
    # A field that was not sent counts as empty, as the new row would have it.
    blank = Story()
    same_words = all(
        getattr(former, name) == fields.get(name, getattr(blank, name)) for name in FIELDS
    )
    rows = former.areas.order_by("id")
    return same_words and [(row.region, row.side, row.quality, row.intensity) for row in rows] == [
        tuple(area) for area in areas
    ]


def _same_drawing(former: Story, drawing: BodyDrawing | None) -> bool:
    if drawing is None:
        return not has_drawing(former)
    return has_drawing(former) and pain_of(former) == drawing


def _write_areas(told: Story, areas: list[PainedPlace]) -> None:
    PainArea.objects.bulk_create(
        PainArea(
            organisation=told.organisation,
            recorded_by=told.recorded_by,
            patient=told.patient,
            visit=told.visit,
            story=told,
            region=region,
            side=side,
            quality=quality,
            intensity=intensity,
        )
        for region, side, quality, intensity in areas
    )


def _begin_episode(by: Member, visit: Visit, told: Story) -> None:
    # Read in lists: the chosen name before own words, and a day rather than nothing.
    title = str(complaint_name(told.complaint_code)) or told.complaint.strip()
    episode = visit_actions.open_episode(
        by=by,
        patient=visit.patient,
        title=title or str(visit.planned_at.date()),
        complaint=told.complaint_code,
        on=timezone.localtime(visit.planned_at).date(),
    )
    visit_actions.put_into_episode(by=by, visit=visit, episode=episode)
