"""The needling items of STRICTA, filled from what was recorded. Pure.

Items 2a to 2g of STRICTA 2010 (MacPherson H, et al. PLoS Med 2010;7:e1000261). An item that the
record can't fill is answered None, and the note names it: a blank would look like an omission of
the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ITEMS = ("2a", "2b", "2c", "2d", "2e", "2f", "2g")
SOURCE = "MacPherson H, et al. PLoS Med 2010;7:e1000261"


@dataclass(frozen=True, slots=True)
class NeedleDone:
    """One needle that went in. where: muscle and side in words. dwell_s: None while it is in.

    technique: in words; "" where nothing was planned. maker: brand of its pack; "" for none.
    """

    where: str
    size: str
    depth_mm: float
    technique: str
    twitches: int
    pain_reproduced: bool
    passes: int = 1
    dwell_s: int | None = None
    maker: str = ""
    lot: str = ""
    placed: bool = False


def each_once(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def span(values: Sequence[float], unit: str) -> str:
    """ "25 mm", or "15–25 mm"."""
    low, high = min(values), max(values)
    return f"{low:g} {unit}" if low == high else f"{low:g}–{high:g} {unit}"


def stricta(
    needles: Sequence[NeedleDone],
    *,
    responses: tuple[str, str],
    comma: str = ", ",
    semicolon: str = "; ",
    minutes: str = "min",
) -> dict[str, str | None]:
    """Item → what the record says, in the words that were given; None for what it doesn't say.

    responses: the words for a twitch and for reproduced pain, with "%(n)s". semicolon: between
    needles of several makers or sizes. minutes: the unit in words.
    """
    if not needles:
        return dict.fromkeys(ITEMS)
    twitches = sum(needle.twitches for needle in needles)
    painful = sum(needle.pain_reproduced for needle in needles)
    told = [words % {"n": n} for words, n in zip(responses, (twitches, painful), strict=True)]
    dwell = [needle.dwell_s for needle in needles if needle.dwell_s is not None]
    makers = each_once([f"{one.size}{comma}{one.maker}" if one.maker else "" for one in needles])
    # With a needle still in, the time that the others were in is no answer.
    complete = len(dwell) == len(needles)
    return {
        "2a": str(len(needles)),
        "2b": comma.join(each_once([needle.where for needle in needles])),
        "2c": span([needle.depth_mm for needle in needles], "mm"),
        "2d": comma.join(told),
        "2e": comma.join(each_once([needle.technique for needle in needles])) or None,
        "2f": span([round(s / 60, 1) for s in dwell], minutes) if complete else None,
        # The maker belongs to the item: a size alone doesn't fill it.
        "2g": semicolon.join(makers) if makers and all(one.maker for one in needles) else None,
    }
