"""The course of a treatment, read from its acts: which needles are in, what was counted.

Pure: acts in, answer out. What may be signed stands in `counting`; here is what the pages show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filiform.clinic.treatment.counting import (
    ENDED,
    ON_A_NEEDLE,
    STAYS,
    ActInCount,
    CountMade,
    NeedleTally,
    tally_of,
)
from filiform.clinic.treatment.emergencies import emergencies
from filiform.clinic.web.times import by_our_clock

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import Target
    from filiform.clinic.treatment.models import Act


def time_of(act: Act) -> datetime:
    """When it happened by the server's clock."""
    return by_our_clock(act.at, act.details)


@dataclass
class InsertedNeedle:
    """One insertion with what happened at it."""

    act: Act
    twitches: int = 0
    pain_reproduced: bool = False
    removal: Act | None = None
    place: str = ""
    """Where it went in, as `anatomy.surface.spots`; "" where nobody marked it"""
    fate: str = ""
    """What became of it, of `vocabulary.FATES`; "" where nobody said"""
    later: list[Act] = field(default_factory=list)
    """Acts on this needle that hold, in their order."""

    observed: dict[str, Any] = field(default_factory=dict)
    """What was seen at it since: the depth it really reached, how the patient took it, bent"""

    @property
    def id(self) -> UUID:
        return self.act.pk

    @property
    def details(self) -> dict[str, Any]:
        """Its figures and what was observed: the latest of each."""
        # What was seen afterwards is nearer to the truth than what was tapped as planned.
        known: dict[str, Any] = self.act.details | self.observed
        return known

    @property
    def target(self) -> Target:
        """What it was put in for. Raises ValueError where the record names nothing: `record_act`
        takes no such insertion."""
        if self.act.target is None:
            raise ValueError(f"the insertion {self.act.pk} has no target")
        return self.act.target

    @property
    def is_in(self) -> bool:
        return self.removal is None

    @property
    def in_at(self) -> datetime:
        return time_of(self.act)

    @property
    def out_at(self) -> datetime | None:
        return time_of(self.removal) if self.removal else None

    @property
    def dwell_s(self) -> int | None:
        """Seconds from in to out; None while it is in. Never negative, whatever the clocks say."""
        if self.out_at is None:
            return None
        # Two tablets may have tapped the two ends, each with a clock within the tolerance.
        return max(0, round((self.out_at - self.in_at).total_seconds()))


@dataclass
class Course:
    """What the acts amount to."""

    acts: Sequence[Act]
    needles: dict[UUID, InsertedNeedle]
    undone: dict[UUID, Act]
    """Act that was wrong → its void."""
    tally: NeedleTally
    """The truth of the count: `counting`"""
    count: Act | None = None
    """The last count, whether or not needles moved since"""
    account: Act | None = None
    """The last account of a count that did not add up"""
    response: Act | None = None
    stop: Act | None = None
    packs: list[Act] = field(default_factory=list)
    """Packs that were opened and not taken back, in their order"""

    @cached_property
    def by_id(self) -> dict[UUID, Act]:
        """Every act, undone ones too: the list of what was done looks up two for each line."""
        return {act.pk: act for act in self.acts}

    @property
    def needles_in(self) -> list[InsertedNeedle]:
        return [needle for needle in self.needles.values() if needle.is_in]

    @property
    def undone_needles(self) -> list[tuple[Act, Act]]:
        """Insertions that were undone, each with its void, in the order of the insertions."""
        return [
            (act, self.undone[act.pk])
            for act in self.acts
            if act.kind == "insertion" and act.pk in self.undone
        ]

    @property
    def mismatches(self) -> list[Act]:
        """Every count that did not add up, as it was recorded."""
        wrong = {count.id for count in self.tally.mismatches}
        return [act for act in self.acts if act.pk in wrong]

    @property
    def last_made(self) -> CountMade | None:
        return self.tally.last


def in_count(act: Act) -> ActInCount:
    """Of an act what the count needs."""
    numbers = {}
    if act.kind == "count":
        told = act.details
        numbers = {name: int(told.get(name) or 0) for name in COUNTED}
    elif act.kind == "pack":
        numbers = {"needles": int(act.details["needles"])}
    return ActInCount(
        id=act.pk,
        kind=act.kind,
        about=_about(act),
        reason=str(act.details.get("reason", "")) if act.kind == "void" else "",
        **numbers,
    )


def _about(act: Act) -> UUID | None:
    if act.kind == "void":
        return act.replaces_id
    return UUID(act.details["event"]) if act.kind == ENDED else act.needle_id


OBSERVED = ("depth_mm", "reaction", "found", "changed")
COUNTED = ("opened", "unused", "in_bin", "broken")


def course_of(acts: Iterable[Act]) -> Course:
    """Read acts in the order in which the server took them (`number`)."""
    # By the server's number: a tablet's clock may be wrong, and its queue comes late.
    ordered = sorted(acts, key=lambda act: act.number)
    # First of all acts: a void comes after what it undoes, often long after.
    undone = {act.replaces_id: act for act in ordered if act.kind == "void" and act.replaces_id}
    tally = tally_of(in_count(act) for act in ordered)
    course = Course(acts=ordered, needles={}, undone=undone, tally=tally)
    for act in ordered:
        # A count that an older release let somebody undo is shown all the same: it was counted.
        if act.kind != "void" and (act.kind in STAYS or act.pk not in undone):
            _take(course, act)
    return course


def _stops(act: Act) -> bool:
    """Whether something went wrong after which no further needle goes in."""
    guide = emergencies().get(act.details.get("event_kind", "")) if act.kind == "event" else None
    return guide is not None and guide.stops


def _take(course: Course, act: Act) -> None:
    if act.kind == "insertion":
        course.needles[act.pk] = InsertedNeedle(act)
    elif act.kind == "pack":
        course.packs.append(act)
    elif act.kind in ON_A_NEEDLE:
        needle = course.needles.get(act.needle_id) if act.needle_id else None
        if needle is None:  # its insertion was undone; the guards of `actions` prevent it
            return
        needle.later.append(act)
        needle.twitches += act.kind == "twitch"
        needle.pain_reproduced |= act.kind == "pain-reproduced"
        if act.kind == "removal":
            needle.removal = act
        elif act.kind == "place":
            needle.place = act.details["place"]
        elif act.kind == "observed":
            # Only what was seen this time: the depth of before stays where none was said.
            needle.observed |= {key: act.details[key] for key in OBSERVED if key in act.details}
        elif act.kind == "fate":
            needle.fate = act.details["fate"]
    elif act.kind == "count":
        course.count = act
    elif act.kind == "account":
        course.account = act
    elif act.kind == "response":
        course.response = act
    # The later of the two stands as the reason why no further needle goes in.
    elif act.kind == "stop" or _stops(act):
        course.stop = act
