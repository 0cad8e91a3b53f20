"""What the patient takes home, in the patient's language, arranged for reading and for paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from filiform.clinic.aftercare import knowledge
from filiform.clinic.aftercare.models import Check
from filiform.clinic.aftercare.queries import checks_of
from filiform.clinic.aftercare.texts import SHEET
from filiform.clinic.web.muscle_names import muscle_words
from filiform.outcomes import PERIODS, Advice, Period
from filiform.words import LANGUAGES

if TYPE_CHECKING:
    from filiform.clinic.visits.models import Visit


@dataclass(frozen=True)
class AdvicePeriod:
    """The advice for one stretch of time."""

    period: Period
    do: tuple[Advice, ...]
    avoid: tuple[Advice, ...]
    watch: tuple[Advice, ...]


@dataclass(frozen=True)
class Sheet:
    language: str
    advice: tuple[Advice, ...]
    stretches: tuple[AdvicePeriod, ...]
    muscles: tuple[tuple[str, str], ...]
    """Name and side of each muscle, in the sheet's language."""
    checks: tuple[Check, ...]
    say: dict[str, str]

    @property
    def emergency(self) -> tuple[Advice, ...]:
        return tuple(advice for advice in self.advice if advice.kind == "emergency")

    @property
    def call(self) -> tuple[Advice, ...]:
        return tuple(advice for advice in self.advice if advice.kind == "call")

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ur" else "ltr"


def language_of(wanted: str, visit: Visit) -> str:
    """The language asked for, else the patient's; English when neither is one of ours."""
    for language in (wanted, visit.patient.language):
        if language in LANGUAGES:
            return language
    return "en"


def sheet_for(visit: Visit, language: str, *, on: date) -> Sheet:
    """The sheet of a visit: for what was needled, else for what is going to be."""
    advice = knowledge.advice_for(visit, on=on)
    return Sheet(
        language=language,
        advice=advice,
        stretches=tuple(
            AdvicePeriod(
                period,
                do=_of(advice, period, "do"),
                avoid=_of(advice, period, "avoid"),
                watch=_of(advice, period, "watch"),
            )
            for period in PERIODS
            # A stretch of time without a line would be a heading over nothing.
            if any(line.period == period.id for line in advice)
        ),
        muscles=tuple(
            (muscle_words(muscle).in_language(language), SHEET[side].in_language(language))
            for muscle, side in knowledge.places_of(visit)
        ),
        checks=tuple(checks_of(visit)),
        say={key: text.in_language(language) for key, text in SHEET.items()},
    )


def _of(advice: tuple[Advice, ...], period: Period, kind: str) -> tuple[Advice, ...]:
    return tuple(line for line in advice if line.period == period.id and line.kind == kind)
