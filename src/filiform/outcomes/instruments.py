"""Scoring: from the items of an instrument to its score, by the instrument's own rule.

A score that the instrument's rule doesn't allow is no score: nothing is filled in by guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec

from filiform.data_files import read_toml
from filiform.outcomes.scales import scales
from filiform.words import Words

Scoring = Literal["single", "mean", "sum", "percent", "dash"]


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one scale of scales.toml is scored. Fields: data/instruments.toml.

    text: questions that may be shown; empty for a licensed instrument. scaled: a sum over answered
    items is brought up to all items.
    """

    id: str
    scoring: Scoring
    items: int
    item_low: int
    item_high: int
    at_least: int
    licence: Literal["free", "score-only"]
    licence_note: Words
    rule_status: Literal["checked", "design", "unconfirmed"]
    sources: tuple[str, ...]
    loinc: str = ""
    allowed: tuple[int, ...] = ()
    scaled: bool = False
    text: tuple[Words, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.text) != (self.licence == "free"):
            raise ValueError(f"{self.id}: question text stands exactly with licence = free")


class Score(msgspec.Struct, frozen=True):
    """value: None when too few items were answered for the instrument's rule."""

    value: float | None
    answered: int
    of: int


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    instrument: tuple[Instrument, ...]


@cache
def instruments() -> dict[str, Instrument]:
    """By id. Raises ValueError naming the file and field on a defect."""
    found = {
        one.id: one for one in read_toml("filiform.outcomes", "instruments.toml", _File).instrument
    }
    strangers = set(found) - set(scales())
    if strangers:
        raise ValueError(f"instruments.toml: no scale {sorted(strangers)} in scales.toml")
    return found


def score(instrument_id: str, items: Sequence[float | None]) -> Score:
    """The score of answered items; None for one that was left out.

    items: as many as the instrument has; for PSFS as many activities as the patient named.
    Raises KeyError for an unknown instrument, ValueError naming the item, what was got and what is
    allowed. Source: OUTCOMES-2 and each instrument's own.
    """
    one = instruments()[instrument_id]
    # Of a mean (PSFS) fewer are allowed: patients name their own activities, as many as they like.
    if len(items) > one.items or (one.scoring != "mean" and len(items) != one.items):
        raise ValueError(f"{one.id}: got {len(items)} items; allowed: {one.items}")
    for number, item in enumerate(items, start=1):
        _check(one, number, item)
    given = [float(item) for item in items if item is not None]
    if len(given) < one.at_least:
        return Score(None, len(given), len(items))
    return Score(_value(one, given), len(given), len(items))


def _check(one: Instrument, number: int, item: float | None) -> None:
    if item is None:
        return
    if one.allowed and item not in one.allowed:
        raise ValueError(f"{one.id}, item {number}: got {item:g}; allowed: {one.allowed}")
    if not one.item_low <= item <= one.item_high:
        raise ValueError(
            f"{one.id}, item {number}: got {item:g}; allowed: {one.item_low} to {one.item_high}"
        )


def _value(one: Instrument, given: list[float]) -> float:
    mean = sum(given) / len(given)
    if one.scoring == "percent":
        return 100 * mean / one.item_high
    if one.scoring == "dash":
        # Items run from 1 to 5, the score from 0 to 100.
        return (mean - 1) * 25
    if one.scoring == "sum":
        return mean * one.items if one.scaled else sum(given)
    return mean
