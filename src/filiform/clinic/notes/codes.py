"""Billing codes from what was needled. Pure; the codes are data."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from filiform.words import Words


class BillingCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code. least, most: of what it `counts`; most is None where there is no upper end."""

    system: str
    code: str
    counts: Literal["muscle-sides"]
    least: int
    says: Words
    source: str
    most: int | None = None


@cache
def all_codes() -> tuple[BillingCode, ...]:
    text = (files("filiform.clinic.notes") / "data/codes.toml").read_text("utf-8")
    return tuple(msgspec.convert(tomllib.loads(text)["code"], list[BillingCode]))


def codes_for(muscles: Collection[tuple[str, str]]) -> list[BillingCode]:
    """Codes for the muscles, each with its side, in which a needle went in; none for none."""
    # Each muscle and side once, however many needles went in.
    n = len(set(muscles))
    return [one for one in all_codes() if one.least <= n and (one.most is None or n <= one.most)]
