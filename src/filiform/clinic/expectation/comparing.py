"""Doses side by side: what is chosen, one session as planned, and the same without a needle."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from filiform.clinic.expectation import chart
from filiform.clinic.expectation.chart import BandChart
from filiform.clinic.expectation.forecast import TWELVE_WEEKS, Forecast, forecast
from filiform.clinic.expectation.telling import SORE, rounded
from filiform.mechanism import NeedlingDose, Traits

PATIENTS = 150
"""Fewer than on the page of expectation: three doses over twelve weeks."""
WEEK = 168.0


@dataclass(frozen=True)
class Variant:
    """One dose. figures: name, middle value, and between what nine of ten lie."""

    name: str | Promise
    dose: NeedlingDose
    chart: BandChart
    figures: tuple[tuple[str | Promise, str, str], ...]
    main: bool


def variants(chosen: NeedlingDose, planned: NeedlingDose, traits: Traits) -> tuple[Variant, ...]:
    """Raises EngineMissing."""
    # What is planned anyhow, with nothing else changed: only beside it a choice says what it adds.
    once = msgspec.structs.replace(planned, sessions=1, load=1.0)
    # The same exercise, warmth and load: the difference is the needle's alone.
    without = msgspec.structs.replace(chosen, insertions=0, twitches=0)
    named = (
        (_("This choice"), chosen),
        (_("One session as planned, nothing else"), once),
        (_("Without needles, the rest as chosen"), without),
    )
    return tuple(
        _variant(name, dose, traits, main=place == 0) for place, (name, dose) in enumerate(named)
    )


def _variant(name: str | Promise, dose: NeedlingDose, traits: Traits, *, main: bool) -> Variant:
    found = forecast(dose, traits, hours=TWELVE_WEEKS, patients=PATIENTS)
    return Variant(
        name,
        dose,
        chart.draw(found.hours, found.bands["pain_nprs"], chart.PAIN_LONG),
        tuple(_figures(found)),
        main,
    )


def _figures(found: Forecast) -> list[tuple[str | Promise, str, str]]:
    figures = [
        _rating(found, "pain_nprs", hour, name)
        for hour, name in (
            (0.0, _("Pain before")),
            (WEEK, _("Pain after 1 week")),
            (4 * WEEK, _("Pain after 4 weeks")),
            (12 * WEEK, _("Pain after 12 weeks")),
        )
    ]
    soreness = found.bands["soreness_nprs"]
    figures.append(
        (
            _("Soreness at its worst"),
            str(rounded(max(soreness.median))),
            f"{rounded(max(soreness.low))} – {rounded(max(soreness.high))}",
        )
    )
    # Hours are not evenly apart, so each sore one counts as long as it stands for.
    sore = sum(
        after - before
        for before, after, value in zip(
            found.hours, found.hours[1:], soreness.median[1:], strict=False
        )
        if value >= SORE
    )
    figures.append((_("Hours of soreness, median"), f"{sore:.0f}", ""))
    low, middle, high = (100 * value for value in found.at("range_relative", 4 * WEEK))
    figures.append(
        (_("Movement after 4 weeks, per cent"), f"{middle:.0f}", f"{low:.0f} – {high:.0f}")
    )
    return figures


def _rating(
    found: Forecast, state: str, hour: float, name: str | Promise
) -> tuple[str | Promise, str, str]:
    low, middle, high = found.at(state, hour)
    return name, str(rounded(middle)), f"{rounded(low)} – {rounded(high)}"
