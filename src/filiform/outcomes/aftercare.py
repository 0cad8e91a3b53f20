"""What a patient takes home after a needling: what to do, avoid and watch for, and when."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec

from filiform.anatomy import atlas
from filiform.data_files import read_toml
from filiform.warning_signs import Urgency, signs_of
from filiform.words import Words

Only = Literal["", "over_lung", "antithrombotic", "pregnant", "first_visit"]


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of time after the treatment, in hours; until_hours None means "from then on"."""

    id: str
    name: Words
    from_hours: int
    until_hours: int | None = None


class Advice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the sheet. period "" with kind "emergency" or "call": holds all the time."""

    id: str
    kind: Literal["do", "avoid", "watch", "emergency", "call"]
    text: Words
    sources: tuple[str, ...]
    period: str = ""
    only: Only = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    period: tuple[Period, ...]
    advice: tuple[Advice, ...]


@cache
def _table() -> _Table:
    return read_toml("filiform.outcomes", "aftercare.toml", _Table)


def periods() -> tuple[Period, ...]:
    """The stretches of time that advice belongs to, in order."""
    return _table().period


def aftercare_advice(
    muscles: Sequence[str],
    *,
    first_visit: bool = False,
    antithrombotic: bool = False,
    pregnant: bool = False,
) -> tuple[Advice, ...]:
    """The advice that fits this treatment: emergency and call lines first, then by period.

    muscles: ids of the needled muscles; the lung lines come only if one lies over the lung, or if
    the atlas has dropped one since. Source: INTEGRATION-7, CONSENT-4.
    """
    needled = [atlas().muscles.get(muscle_id) for muscle_id in muscles]
    flags: dict[str, bool] = {
        "": True,
        "over_lung": any(muscle is None or muscle.over_lung for muscle in needled),
        "neck_or_spine": any(one is None or one.needling.near_spine for one in needled),
        "antithrombotic": antithrombotic,
        "pregnant": pregnant,
        "first_visit": first_visit,
    }
    held = {name for name, holds in flags.items() if holds}
    return (
        *(
            advice
            for advice in _table().advice
            if advice.kind == "emergency" and flags[advice.only]
        ),
        *_signs("emergency", Urgency.EMERGENCY, held),
        *_signs("call", Urgency.CALL_TODAY, held),
        *(
            advice
            for advice in _table().advice
            if advice.kind != "emergency" and flags[advice.only]
        ),
    )


def _signs(
    kind: Literal["emergency", "call"], urgency: Urgency, held: set[str]
) -> tuple[Advice, ...]:
    """The warning signs of an urgency as lines of the sheet; what to do beside going follows."""
    found = []
    for sign in signs_of(urgency, held):
        sources = tuple(dict.fromkeys(source for row in sign.row for source in row.sources))
        text = sign.felt
        if sign.then is not None and kind == "emergency":
            text = Words(en=f"{text.en}. {sign.then.en}", ur=f"{text.ur}۔ {sign.then.ur}")
        found.append(Advice(f"sign-{sign.id}", kind, text, sources))
    return tuple(found)
