"""The forecast in words: what to expect, for whom nine of ten is plain and a band is not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filiform.clinic.expectation import chart
from filiform.clinic.expectation.chart import BandChart
from filiform.clinic.expectation.forecast import Forecast
from filiform.mechanism import NeedlingDose, StateMeasurement

SORE = 0.5
"""Soreness that rounds to 1 of 10; below it a person would say none (design value)."""
DAY, WEEK = 24.0, 168.0
THRESHOLD = "pressure_threshold_kpa"
NOTICEABLE_RANGE = 0.03
"""Change of the range of motion that is told as a change (design value)."""


@dataclass(frozen=True)
class ExpectedEffect:
    """One thing to expect: a chart and its sentences."""

    id: str
    title: str
    unit: str
    sentences: tuple[str, ...]
    chart: BandChart
    rows: tuple[tuple[str, str, str, str], ...]
    """The same as a table: when, middle, low, high."""


def parts(
    found: Forecast, dose: NeedlingDose, measured: list[StateMeasurement]
) -> tuple[ExpectedEffect, ...]:
    """Pain, soreness and movement; the pressure threshold where it was measured."""
    thresholds = [one for one in measured if one.state == THRESHOLD]
    return (
        _pain(found, [one for one in measured if one.state == "pain_nprs"]),
        _soreness(found, dose, [one for one in measured if one.state == "soreness_nprs"]),
        _movement(found),
        *([_threshold(found, thresholds)] if thresholds else []),
    )


def rounded(value: float) -> int:
    """A rating as people say it."""
    return int(value + 0.5)


def _span(low: float, high: float) -> dict[str, int]:
    return {"low": rounded(low), "high": rounded(high)}


def _pain(found: Forecast, measured: list[StateMeasurement]) -> ExpectedEffect:
    now, week = found.at("pain_nprs", 0), found.at("pain_nprs", WEEK)
    sentences = [
        _("After a week: for nine in ten people between %(low)s and %(high)s out of 10.")
        % _span(week[0], week[2]),
        _("The median goes from %(before)s to %(after)s.")
        % {"before": rounded(now[1]), "after": rounded(week[1])},
    ]
    hour, day = found.at("pain_nprs", 1)[1], found.at("pain_nprs", DAY)[1]
    # Only where the model shows it for this dose: a fall of a point, half of one taken back.
    if hour <= now[1] - 1 and day >= hour + 0.5:
        sentences.append(
            _("It often eases in the first hours and comes back in part within a day.")
        )
    return ExpectedEffect(
        "pain",
        _("Pain"),
        _("0 no pain, 10 the worst"),
        tuple(sentences),
        _drawn(found, "pain_nprs", chart.PAIN, measured),
        _rows(found, "pain_nprs", (0, DAY, 72, WEEK, 336), 1.0),
    )


def _soreness(
    found: Forecast, dose: NeedlingDose, measured: list[StateMeasurement]
) -> ExpectedEffect:
    band = found.bands["soreness_nprs"]
    peak_low, peak_high = max(band.low), max(band.high)
    last = [hour for hour, high in zip(found.hours, band.high, strict=True) if high >= SORE]
    # Rounded up: "gone after one day" must not be said of thirty hours.
    days = max(1, int(-(-(last[-1] if last else 0) // 24)))
    if not dose.insertions:
        sentences: tuple[str, ...] = (_("No needle, no soreness from a needle."),)
    else:
        sentences = (
            _("At its worst, in the first hours: between %(low)s and %(high)s out of 10.")
            % _span(peak_low, peak_high),
            ngettext(
                "For nine in ten people it is gone after %(days)s day.",
                "For nine in ten people it is gone after %(days)s days.",
                days,
            )
            % {"days": days},
            _("Soreness over 3 out of 10 after three days: please call us."),
        )
    return ExpectedEffect(
        "soreness",
        _("Soreness from the needle"),
        _("0 none, 10 the worst"),
        sentences,
        _drawn(found, "soreness_nprs", chart.SORENESS, measured),
        _rows(found, "soreness_nprs", (1, 6, DAY, 48, 72), 1.0),
    )


def _movement(found: Forecast) -> ExpectedEffect:
    now, week = found.at("range_relative", 0), found.at("range_relative", WEEK)
    change = week[1] - now[1]
    if change >= NOTICEABLE_RANGE:
        first = _("Movement usually gets a little freer within the first days.")
    elif change <= -NOTICEABLE_RANGE:
        first = _("Movement may be a little stiffer after a week.")
    else:
        first = _("Movement hardly changes in a week.")
    share = {"low": rounded(100 * week[0]), "high": rounded(100 * week[2])}
    return ExpectedEffect(
        "movement",
        _("Movement"),
        _("per cent of the movement without pain and stiffness"),
        (
            first,
            _("After a week: for nine in ten people %(low)s to %(high)s per cent of full movement.")
            % share,
        ),
        _drawn(found, "range_relative", chart.MOVEMENT, []),
        _rows(found, "range_relative", (0, DAY, 72, WEEK, 336), 100.0),
    )


def _threshold(found: Forecast, measured: list[StateMeasurement]) -> ExpectedEffect:
    now, hour = found.at(THRESHOLD, 0), found.at(THRESHOLD, 1)
    last = measured[-1]
    sentences = [
        _("An hour after: for nine in ten people between %(low)s and %(high)s kPa.")
        % {"low": rounded(hour[0]), "high": rounded(hour[2])},
        _("The median goes from %(before)s to %(after)s kPa in that hour.")
        % {"before": rounded(now[1]), "after": rounded(hour[1])},
        _("Measured last: %(value)s kPa, %(when)s.")
        % {"value": rounded(last.value), "when": when(round(last.hour, 1))},
    ]
    band = found.bands[THRESHOLD]
    # The next full hundred, so that a strong muscle's threshold isn't cut off.
    top = 100.0 * (1 + max(*band.high, *(one.value for one in measured)) // 100)
    axes = chart.Axes(336, 0, top, tuple(top * n / 4 for n in range(5)), chart.PAIN.days)
    return ExpectedEffect(
        "threshold",
        _("Pressure threshold"),
        _("kPa; more is better"),
        tuple(sentences),
        _drawn(found, THRESHOLD, axes, measured),
        _rows(found, THRESHOLD, (0, 1, DAY, WEEK), 1.0),
    )


def _drawn(
    found: Forecast, state: str, axes: chart.Axes, measured: list[StateMeasurement]
) -> BandChart:
    outer = found.before[state] if found.narrowed else None
    return chart.draw(found.hours, found.bands[state], axes, outer=outer, measured=measured)


def _rows(
    found: Forecast, state: str, hours: tuple[float, ...], factor: float
) -> tuple[tuple[str, str, str, str], ...]:
    rows = []
    for hour in hours:
        low, middle, high = (factor * value for value in found.at(state, hour))
        # Per cent are told whole; a rating's median with one decimal.
        digits = 0 if factor > 1 else 1
        rows.append((when(hour), f"{middle:.{digits}f}", f"{low:.{digits}f}", f"{high:.{digits}f}"))
    return tuple(rows)


def when(hour: float) -> str:
    """ "before", "1 h", "3 days", "2 weeks"."""
    if hour == 0:
        return _("before")
    if hour < DAY:
        return _("%(hours)s h") % {"hours": f"{hour:g}"}
    if hour < 336:
        days = rounded(hour / DAY)
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    weeks = rounded(hour / WEEK)
    return ngettext("%(weeks)s week", "%(weeks)s weeks", weeks) % {"weeks": weeks}
