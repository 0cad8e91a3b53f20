"""Did it help? A change of a score against measurement error and what patients find worthwhile."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Literal

import msgspec

from filiform.data_files import read_toml
from filiform.reasons import Reason, Weight
from filiform.words import Words

REVIEW_AFTER_VISITS = 3
"""After this many visits without a worthwhile change needling stops (OUTCOMES-4)."""
MILD_PAIN = 4
"""Below this first score on the 0-10 pain scale points mislead; look at percent and function."""


class PopulationThresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Thresholds published for one population."""

    id: str
    name: Words
    confidence: str
    sources: tuple[str, ...]
    mdc: float | None = None
    mcid: float | None = None


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measure. mdc and mcid in `unit`; percent: MCID as a share of the first score.

    single: one answer about change itself; `after` is judged alone.
    licence: "score-only" measures are entered as a total; no item text is shown.
    """

    id: str
    name: Words
    low: float
    high: float
    better: Literal["lower", "higher"]
    unit: str
    confidence: str
    sources: tuple[str, ...]
    licence: Literal["free", "score-only"]
    mdc: float | None = None
    mcid: float | None = None
    percent: float | None = None
    substantial_percent: float | None = None
    single: bool = False
    groups: tuple[PopulationThresholds, ...] = ()


class Response(StrEnum):
    """Best first."""

    MUCH_BETTER = "much-better"
    BETTER = "better"
    UNCERTAIN = "uncertain"
    SAME = "same"
    WORSE = "worse"

    @property
    def worthwhile(self) -> bool:
        return self in (Response.MUCH_BETTER, Response.BETTER)


RESPONSE_NAMES: dict[Response, Words] = {
    Response.MUCH_BETTER: Words(en="Much better", ur="بہت بہتر"),
    Response.BETTER: Words(en="Better", ur="بہتر"),
    Response.UNCERTAIN: Words(
        en="Perhaps better: within measurement error", ur="شاید بہتر: فرق پیمائش کی غلطی کے اندر ہے"
    ),
    Response.SAME: Words(en="No change that counts", ur="کوئی قابلِ ذکر فرق نہیں"),
    Response.WORSE: Words(en="Worse", ur="پہلے سے خراب"),
}


class ScoreChange(msgspec.Struct, frozen=True, kw_only=True):
    """A judged change. improvement is positive when the patient is better, in the scale's unit.

    percent: improvement as a share of the first score, None where that is 0.
    needed: the improvement that would count as better, None where no threshold is known.
    mild_at_start: the first pain score was so low that points mislead.
    """

    scale: str
    before: float
    after: float
    improvement: float
    percent: float | None
    response: Response
    needed: float | None
    mdc: float | None
    mcid: float | None
    confidence: str
    sources: tuple[str, ...]
    mild_at_start: bool = False

    @property
    def meaningful(self) -> bool:
        return self.response.worthwhile

    @property
    def name(self) -> Words:
        return RESPONSE_NAMES[self.response]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    scale: tuple[Scale, ...]


@cache
def scales() -> dict[str, Scale]:
    """All scales by id. Raises ValueError naming the file and field on a defect."""
    table = read_toml("filiform.outcomes", "scales.toml", _Table)
    return {scale.id: scale for scale in table.scale}


def change(scale_id: str, before: float, after: float, *, group: str = "") -> ScoreChange:
    """Judge a change from `before` to `after`, in the scale's own unit.

    group: a population with thresholds of its own ("neck"); unknown ones use the general values.
    Better asks for MCID (points, and percent where the scale has one) and MDC; much better for
    twice the MCID (and the substantial percent); worse for the same distance backwards.
    Raises KeyError for an unknown scale, ValueError naming the bounds for an impossible score.
    Source: OUTCOMES-4 and the scale's own.
    """
    if scale_id not in scales():
        raise KeyError(f"no scale {scale_id!r}; there are {', '.join(scales())}")
    scale = scales()[scale_id]
    for moment, score in (("before", before), ("after", after)):
        if not scale.low <= score <= scale.high:
            raise ValueError(
                f"{scale_id}, {moment}: got {score:g}; allowed: {scale.low:g} to {scale.high:g}"
            )
    # A population's thresholds replace the general ones whole: halves of two studies don't mix.
    special = next((entry for entry in scale.groups if entry.id == group), None)
    mdc = special.mdc if special else scale.mdc
    mcid = special.mcid if special else scale.mcid
    # "How much has changed?" is a change already; its first answer would be about nothing.
    start = 0.0 if scale.single else before
    improvement = after - start if scale.better == "higher" else start - after
    # Of nothing there is no share.
    share = None if scale.single or before == 0 else 100 * improvement / abs(before)
    return ScoreChange(
        scale=scale_id,
        before=before,
        after=after,
        improvement=improvement,
        percent=share,
        response=_response(improvement, before, scale, mdc, mcid),
        needed=_needed(scale, before, mdc, mcid),
        mdc=mdc,
        mcid=mcid,
        confidence=special.confidence if special else scale.confidence,
        sources=special.sources if special else scale.sources,
        mild_at_start=scale_id == "nprs" and before < MILD_PAIN,
    )


def _needed(scale: Scale, before: float, mdc: float | None, mcid: float | None) -> float | None:
    """The smallest improvement that is beyond error and worthwhile."""
    bounds = [bound for bound in (mdc, mcid) if bound is not None]
    if scale.percent is not None and bounds:
        # A share of a high first score is more than the points, of a low one less: more counts.
        bounds.append(scale.percent / 100 * abs(before))
    return max(bounds, default=None)


_TOLERANCE = 1e-9
"""Scores are decimal; their differences in binary may fall short by a hair."""


def _response(
    improvement: float, before: float, scale: Scale, mdc: float | None, mcid: float | None
) -> Response:
    needed = _needed(scale, before, mdc, mcid)
    # Without a published threshold no change is called one.
    if needed is None:
        return Response.SAME
    reached = improvement + _TOLERANCE
    if reached >= needed:
        much = [2 * mcid if mcid is not None else 2 * needed, needed]
        if scale.substantial_percent is not None:
            much.append(scale.substantial_percent / 100 * abs(before))
        return Response.MUCH_BETTER if reached >= max(much) else Response.BETTER
    # Worthwhile to the patient, yet within the error of the scale: neither yes nor no.
    if mcid is not None and reached >= max(mcid, _needed(scale, before, None, mcid) or 0):
        return Response.UNCERTAIN
    # Worse needs only to be beyond error: harm is not weighed by whether it is worthwhile.
    backwards = mdc if mdc is not None else mcid
    if backwards is not None and -improvement + _TOLERANCE >= backwards:
        return Response.WORSE
    return Response.SAME


def review(changes: Sequence[ScoreChange], *, visits: int) -> tuple[Reason, ...]:
    """What the measured changes say about going on, after a number of visits with needling.

    Any worthwhile change is enough to go on. A score that got worse beyond its error, with none
    better, is told at once: three visits need not pass. Source: OUTCOMES-4 (stop rule).
    """
    better = any(entry.meaningful for entry in changes)
    worse = sorted({entry.scale for entry in changes if entry.response is Response.WORSE})
    if visits and worse and not better:
        told: dict[str, str | int | float] = {"visits": visits, "scales": ", ".join(worse)}
        return (Reason("outcome-worse", Weight.RELATIVE, told, (), ("OUTCOMES-4",)),)
    if visits < REVIEW_AFTER_VISITS:
        return ()
    params: dict[str, str | int | float] = {"visits": visits, "review": REVIEW_AFTER_VISITS}
    if not changes:
        return (Reason("outcome-not-measured", Weight.RELATIVE, params, (), ("OUTCOMES-4",)),)
    if better:
        return ()
    return (Reason("outcome-no-response", Weight.RELATIVE, params, (), ("OUTCOMES-4",)),)
