"""What a technique is set to beside its dose: minutes, turns, current; and what stands against it.

    technique ──► which settings it has, usual values (data/settings.toml)
    settings, what screening found ──► reasons

Screening is another room: what it found comes in as the ids of its rules.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from typing import Literal

import msgspec

from filiform.anatomy import Muscle, atlas
from filiform.planning.knowledge import data_text, knowledge
from filiform.planning.notes import named, number
from filiform.reasons import Reason, Weight
from filiform.words import Words

SettingPlace = Literal["everywhere", "trunk", "head-neck"]
Value = float | str
Settings = Mapping[str, Value]
"""Setting → a number, or the id of a choice."""

PLACES: dict[SettingPlace, frozenset[str]] = {
    "trunk": frozenset({"abdomen", "chest", "pelvis-gluteal", "trunk-back"}),
    "head-neck": frozenset({"head-face", "neck"}),
}
"""Places where a finding concerns current, as regions of the atlas' muscles."""


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number. least, most: what is taken at all; usual_least, usual_most: what the source has."""

    id: str
    name: Words
    techniques: frozenset[str]
    least: float
    most: float
    step: float
    sources: tuple[str, ...]
    usual_least: float | None = None
    usual_most: float | None = None
    usual: float | None = None
    confidence: Literal["", "unconfirmed"] = ""


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: Words


class SettingChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of several words; the first is the usual one."""

    id: str
    name: Words
    techniques: frozenset[str]
    options: tuple[Option, ...]


class Against(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"weight": "class"}):
    """What a rule of screening means for current in a place."""

    rule: str
    weight: Literal["absolute", "relative"]
    place: SettingPlace
    reason: str
    sources: tuple[str, ...]


class SettingsBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    setting: tuple[Setting, ...]
    choice: tuple[SettingChoice, ...]
    against: tuple[Against, ...]


@cache
def settings_book() -> SettingsBook:
    """Everything in data/settings.toml. Raises ValueError naming what is wrong."""
    try:
        found = msgspec.convert(tomllib.loads(data_text("settings.toml")), SettingsBook)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"planning/data/settings.toml: {error}") from None
    known = {one.id for one in knowledge().techniques.technique}
    named_there = {name for one in found.setting for name in one.techniques}
    named_there |= {name for one in found.choice for name in one.techniques}
    if strangers := named_there - known:
        raise ValueError(f"planning/data/settings.toml: no techniques {sorted(strangers)}")
    return found


def all_settings() -> tuple[Setting | SettingChoice, ...]:
    """The settings of all techniques, numbers first."""
    book = settings_book()
    return (*_each(book.setting), *_each(book.choice))


# For the type checker: a tuple of one kind of setting as a tuple of either.
def _each(
    found: tuple[Setting, ...] | tuple[SettingChoice, ...],
) -> tuple[Setting | SettingChoice, ...]:
    return found


def settings_of(technique: str) -> tuple[Setting | SettingChoice, ...]:
    """The settings that a technique has, in the order in which they are asked."""
    return tuple(one for one in all_settings() if technique in one.techniques)


def usual_settings(technique: str) -> dict[str, Value]:
    """What a technique is usually set to; settings without a usual value are left out."""
    found: dict[str, Value] = {}
    dwell = {one.id: one.dwell_min for one in knowledge().techniques.technique}
    for one in settings_of(technique):
        if isinstance(one, SettingChoice):
            found[one.id] = one.options[0].id
        elif one.id == "dwell_min":
            found[one.id] = dwell[technique]
        elif one.usual is not None:
            found[one.id] = one.usual
    return found


def check_settings(
    muscle_id: str, technique: str, settings: Settings, *, found: Collection[str] = ()
) -> tuple[Reason, ...]:
    """Reasons against the settings of one planned needle, strictest first; empty if none.

    found: ids of the rules of screening that apply to this patient at this place. Settings that
    the technique does not have are not looked at. Raises KeyError for an unknown muscle.
    """
    muscle = atlas().muscle(muscle_id)
    reasons: list[Reason] = []
    for one in settings_of(technique):
        value = settings.get(one.id)
        if isinstance(one, SettingChoice):
            reasons += _of_choice(muscle, one, value)
        elif value is not None:
            reasons += _of_number(muscle, one, value)
    if any(one.id == technique and one.current for one in knowledge().techniques.technique):
        reasons += _against_current(muscle, found)
    return tuple(sorted(reasons, key=lambda reason: reason.weight.rank))


def _of_choice(muscle: Muscle, one: SettingChoice, value: Value | None) -> list[Reason]:
    # Left open is no fault.
    if value in {None, "", *(option.id for option in one.options)}:
        return []
    params = _params(muscle, one, got=str(value), allowed=", ".join(o.id for o in one.options))
    return [Reason("plan-setting-unknown", Weight.ABSOLUTE, params)]


def _of_number(muscle: Muscle, one: Setting, value: Value) -> list[Reason]:
    if not isinstance(value, int | float) or not one.least <= value <= one.most:
        got = number(value) if isinstance(value, int | float) and math.isfinite(value) else value
        params = _params(muscle, one, got=str(got), least=number(one.least), most=number(one.most))
        return [Reason("plan-setting-out-of-range", Weight.ABSOLUTE, params, (), one.sources)]
    low = one.least if one.usual_least is None else one.usual_least
    high = one.most if one.usual_most is None else one.usual_most
    if low <= value <= high:
        return []
    params = _params(muscle, one, got=number(value), least=number(low), most=number(high))
    return [Reason("plan-setting-unusual", Weight.PRECAUTION, params, (), one.sources)]


def _against_current(muscle: Muscle, found: Collection[str]) -> list[Reason]:
    """Whatever screening found that current must not go with, at this muscle."""
    reasons: dict[str, Reason] = {}
    for one in settings_book().against:
        here = one.place == "everywhere" or muscle.region in PLACES[one.place]
        if one.rule in found and here:
            # Two rules with one sentence are said once, with the stricter of their weights.
            said = Reason(one.reason, Weight(one.weight), named(muscle), (), one.sources)
            before = reasons.get(one.reason)
            if before is None or said.weight.rank < before.weight.rank:
                reasons[one.reason] = said
    return list(reasons.values())


def _params(
    muscle: Muscle, one: Setting | SettingChoice, **params: str
) -> dict[str, str | int | float]:
    return named(muscle, setting=one.name.en, setting_ur=one.name.in_language("ur"), **params)
