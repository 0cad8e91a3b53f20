"""How well the ranking and the hands do in this clinic, counted from the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from filiform.clinic.assessment.models import Finding, Ranking
from filiform.clinic.treatment.models import Act
from filiform.targeting.agreement import Agreement, agreement
from filiform.targeting.measured import MethodFigures, measured

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation

PLACES = ((1, 1), (2, 3), (4, 5), (6, 10_000))
"""Places in the ranking that are told together."""
MOST_ROWS = 20_000
"""The newest so many rows are counted; more would not change a share."""


@dataclass(frozen=True)
class Figure:
    """A method on published cases held back. first, three: share of cases with a true muscle there,
    with its interval, in words. muscles: the same among three where muscles alone are ranked.
    verdict: beside the ranking with the complaint, "" for it."""

    name: str
    first: str
    three: str
    muscles: str
    verdict: str


def published_figures() -> dict[str, Any]:
    """What was measured of this release's ranking on published cases, and of simpler ways."""
    names = {
        "model and complaint": _("Drawing and complaint"),
        "model": _("Drawing only"),
        "overlap": _("Simplest way: overlap with the published pattern"),
        "nearest": _("Simplest way: nearest trigger point"),
    }
    kept = measured()
    rows = [
        Figure(
            names[one.method],
            _share(one.first, one.first_between),
            _share(one.three, one.three_between),
            _share(one.muscles_three, one.muscles_three_between),
            _verdict(one),
        )
        for one in kept.rows
    ]
    rounds = [
        {
            "cases": one.cases,
            "three": _share(one.three, one.three_between),
            "muscles": f"{round(100 * one.muscles_three)} %",
            "overlap": f"{round(100 * one.overlap_three)} %",
            "as_good": one.overlap_as_good,
        }
        for one in kept.rounds.values()
    ]
    return {"cases": kept.cases, "release": kept.release, "rows": rows, "rounds": rounds}


def _share(share: float, between: tuple[float, float]) -> str:
    low, high = (round(100 * end) for end in between)
    return f"{round(100 * share)} % [{low}–{high}]"


def _verdict(one: MethodFigures) -> str:
    # The drawing alone is the same ranking with less to go by, and no other way that could replace
    # it.
    if one.as_good is None or one.method == "model":
        return ""
    return _("as good, as far as these cases tell") if one.as_good else _("worse")


@dataclass(frozen=True)
class Hits:
    """Targets chosen from these places. confirmed: of the needled ones, those that twitched or
    whose needle reproduced the patient's pain."""

    first: int
    last: int
    chosen: int
    needled: int
    confirmed: int

    @property
    def open_ended(self) -> bool:
        return self.last >= PLACES[-1][1]


def hits(organisation: Organisation) -> list[Hits]:
    """For places in the ranking: how many were chosen, needled and confirmed by the needle.

    A target that was placed anew is another row, so needles are found by visit, muscle and side.
    """
    same = {
        "target__visit": OuterRef("visit"),
        "target__muscle": OuterRef("target__muscle"),
        "target__side": OuterRef("target__side"),
    }
    acts = Act.objects.filter(is_void=False, replaced_by__isnull=True)
    on_needle = {f"needle__{name}": reference for name, reference in same.items()}
    rows = list(
        Ranking.objects.filter(organisation=organisation)
        .annotate(
            needled=Exists(acts.filter(kind="insertion", **same)),
            confirmed=Exists(acts.filter(kind__in=("twitch", "pain-reproduced"), **on_needle)),
        )
        .order_by("-recorded_at")
        .values_list("position", "needled", "confirmed")[:MOST_ROWS]
    )
    return [_hits(first, last, rows) for first, last in PLACES]


def _hits(first: int, last: int, rows: list[tuple[int, bool, bool]]) -> Hits:
    here = [row for row in rows if first <= row[0] <= last]
    needled = [row for row in here if row[1]]
    return Hits(first, last, len(here), len(needled), sum(row[2] for row in needled))


def agreements(organisation: Organisation) -> dict[str, Agreement]:
    """Finding → agreement of two examiners of the same muscle in the same visit; "" for all.

    Counted are the last answers of the first two people who examined; who corrects himself counts
    once.
    """
    rows = (
        Finding.objects.filter(organisation=organisation, is_void=False, present__isnull=False)
        .order_by("-recorded_at")
        .values_list("visit", "muscle", "side", "finding", "recorded_by", "present")[:MOST_ROWS]
    )
    told: dict[tuple[object, ...], dict[object, bool]] = {}
    # The newest rows were read; from the oldest on, a person's first answer gives the place in the
    # order, and the last one holds.
    for *place, who, present in reversed(rows):
        told.setdefault(tuple(place), {})[who] = bool(present)
    pairs: dict[str, list[tuple[bool, bool]]] = {"": []}
    for place_key, answers in told.items():
        if len(answers) >= 2:
            # In the order in which they examined.
            first, second, *_ = answers.values()
            for name in ("", str(place_key[3])):
                pairs.setdefault(name, []).append((first, second))
    return {name: agreement(both) for name, both in pairs.items()}
