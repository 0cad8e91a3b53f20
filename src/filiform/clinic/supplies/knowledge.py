"""The steps after a needlestick, from the data."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from filiform.words import Words


class NeedlestickTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """within_min: minutes after the injury; None where there is no deadline."""

    says: Words
    sources: tuple[str, ...]
    within_min: int | None = None


@cache
def needlestick_steps() -> dict[str, NeedlestickTask]:
    """By their codes, in the order in which they are done."""
    text = (files("filiform.clinic.supplies") / "data/needlestick.toml").read_text("utf-8")
    return {
        code: msgspec.convert(told, NeedlestickTask) for code, told in tomllib.loads(text).items()
    }
