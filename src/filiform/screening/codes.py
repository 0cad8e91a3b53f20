"""Code prefixes and ranges of hierarchical code systems (ICD-10, ATC)."""

from __future__ import annotations

from functools import cache


def compact(code: str) -> str:
    """A code without its dot and in capitals: "m81.0" → "M810"."""
    return code.replace(".", "").strip().upper()


def within(code: str, pattern: str) -> bool:
    """Whether a compact code lies under a prefix ("E66") or in a range of prefixes ("I60-I62")."""
    low, high = _bounds(pattern)
    # Compared as text at each bound's own length, so that I63.9 lies in I60-I63 and I6 does not.
    return low <= code[: len(low)] and code[: len(high)] <= high and len(code) >= len(low)


@cache
def _bounds(pattern: str) -> tuple[str, str]:
    low, _, high = pattern.partition("-")
    return compact(low), compact(high or low)


def any_within(codes: frozenset[str], patterns: tuple[str, ...]) -> bool:
    """Whether any compact code lies under any of the patterns."""
    return any(within(code, pattern) for code in codes for pattern in patterns)
