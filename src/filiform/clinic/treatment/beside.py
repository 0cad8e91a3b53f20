"""The plan beside what was done: shown where it is signed, and in the note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from filiform.clinic.supplies.refusing import size_text
from filiform.clinic.treatment.page_targets import TargetCard
from filiform.clinic.web.templatetags.filiform import words as in_words
from filiform.clinic.web.times import comma, semicolon


@dataclass(frozen=True)
class PlanAndDone:
    """One muscle: how it was planned, and what was done. "" for what was not."""

    where: str
    planned: str
    done: str
    differs: bool


def plan_beside_done(cards: Iterable[TargetCard]) -> list[PlanAndDone]:
    return [_beside(card) for card in cards]


def _beside(card: TargetCard) -> PlanAndDone:
    plan, rows = card.plan, card.needles
    planned = ""
    if plan is not None:
        size = size_text((plan.diameter_mm, plan.length_mm))
        parts = [size, f"{plan.depth_mm:g} mm", str(in_words(card.technique))]
        planned = f"{comma()} ".join(parts)
    sizes = dict.fromkeys(
        (row.details["diameter_mm"], row.details["length_mm"], row.details["depth_mm"])
        for row in rows
    )
    done = f"{semicolon()} ".join(
        f"{size_text((d, le))}{comma()} {depth:g} mm" for d, le, depth in sizes
    )
    if rows:
        done = f"{len(rows)} × {done}"
    # A planned muscle without a needle differs too, and so does a needle without a plan.
    differs = (plan is not None) != bool(rows) or any(row.details.get("changed") for row in rows)
    return PlanAndDone(card.name, planned, done, differs)
