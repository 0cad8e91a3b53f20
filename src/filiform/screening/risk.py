"""What may happen to this patient, in natural frequencies, with range and source.

published counts ──▶ so many of 100 (or 1,000 ...) treatments, from the lowest to the highest
record ──factors──▶ for this patient: a count among people like that, or times as often, or "more"

Odds ratios are not multiplied with one another: nobody has measured people with two of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

import msgspec

from filiform.disclosure import Disclosure, Sex
from filiform.reasons import Evidence
from filiform.screening.evaluation import once
from filiform.screening.rulebook import RuleBasis, RuleError, Trigger, data_folder, read_entries
from filiform.screening.sites import NeedlingSite, muscles_of
from filiform.screening.triggers import ScreenedPatient, matches, patient
from filiform.words import Words

Z_95 = 1.959964
"""Standard normal quantile of a 95 % interval."""
OF_SO_MANY = (100, 1_000, 10_000, 100_000)


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A published share of treatments, in percent, of so many counted."""

    percent: float
    of: int
    source: str


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Events among so many counted; its 95 % interval is worked out here (Wilson)."""

    events: int
    of: int
    source: str


class Times(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A published odds ratio with its 95 % interval; the events are rare, so it is a risk ratio."""

    estimate: float
    low: float
    high: float
    source: str


class Factor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What about a patient changes a risk, and by how much if that was measured."""

    id: str
    name: Words
    when: tuple[Trigger, ...] = ()
    sex: Sex | None = None
    rate: Count | None = None
    times: Times | None = None
    says: Words | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if not self.when and self.sex is None:
            raise ValueError(f"factor {self.id} never applies: it has neither when nor sex")
        if self.times is None and self.says is None:
            raise ValueError(f"factor {self.id} says nothing: it has neither times nor says")
        if self.times is None and self.rate is None and not self.source:
            raise ValueError(f"factor {self.id} names no source")


class RiskEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One risk as it stands in `data/risks.toml`.

    regions: it concerns only muscles of these regions. unknown: said where no count exists.
    only_with_factor: shown only to a patient with one of its factors.
    """

    id: str
    name: Words
    rates: tuple[Rate, ...] = ()
    basis: RuleBasis
    regions: tuple[str, ...] = ()
    only_with_factor: bool = False
    unknown: Words | None = None
    sources: tuple[str, ...] = ()
    factor: tuple[Factor, ...] = ()

    def __post_init__(self) -> None:
        if not self.rates and self.unknown is None:
            raise ValueError("it has neither rates nor a sentence for what is unknown")


class Frequency(msgspec.Struct, frozen=True):
    """So many of `of` treatments, from the lowest to the highest."""

    low: float
    high: float
    of: int

    @property
    def words(self) -> Words:
        return Words(f"{self.range.en} treatments", f"{self.range.ur} علاج میں")

    @property
    def range(self) -> Words:
        """ "5 to 16 of 100", "about 8 of 100", "up to 14 of 10,000" """
        low, high, many = round(self.low), round(self.high), f"{self.of:,}"
        if low == high:
            return Words(f"about {low} of {many}", f"{many} میں سے تقریباً {low}")
        if low == 0:
            return Words(f"up to {high} of {many}", f"{many} میں سے {high} تک")
        return Words(f"{low} to {high} of {many}", f"{many} میں سے {low} سے {high}")


class RiskFactor(msgspec.Struct, frozen=True, kw_only=True):
    """Why a risk is another one for this patient. says: a whole clause with its numbers."""

    id: str
    name: Words
    says: Words
    because: tuple[Evidence, ...]
    frequency: Frequency | None = None
    times: Times | None = None
    sources: tuple[str, ...]


class PersonalRisk(msgspec.Struct, frozen=True, kw_only=True):
    """One risk for one patient. frequency is None where nobody has counted it."""

    id: str
    name: Words
    frequency: Frequency | None
    says: Words
    factors: tuple[RiskFactor, ...]
    basis: RuleBasis
    sources: tuple[str, ...]


@cache
def risk_entries() -> tuple[RiskEntry, ...]:
    """All risks in the order of the data. Raises RuleError naming the risk on a defect."""
    text = (data_folder() / "risks.toml").read_text("utf-8")
    found = read_entries(text, "risks.toml", "risk", RiskEntry)
    if len({one.id for one in found}) != len(found):
        raise RuleError("risks.toml: an id is used twice")
    return tuple(found)


def personal_risks(
    disclosure: Disclosure, sites: Sequence[NeedlingSite] = (), *, on: date
) -> tuple[PersonalRisk, ...]:
    """The risks of this patient. Without sites the whole body is meant."""
    return risks_of(patient(disclosure, on), sites)


def risks_of(who: ScreenedPatient, sites: Sequence[NeedlingSite] = ()) -> tuple[PersonalRisk, ...]:
    """As `personal_risks`, of a record that was read already."""
    found = []
    for entry in risk_entries():
        # Nobody should worry about a lung while a calf is needled.
        if sites and not _concerns(entry, sites):
            continue
        factors = tuple(one for factor in entry.factor if (one := _factor(factor, who)))
        if entry.only_with_factor and not factors:
            continue
        frequency = frequency_of(rate.percent for rate in entry.rates)
        says = frequency.words if frequency else entry.unknown
        named = (*(rate.source for rate in entry.rates), *entry.sources)
        found.append(
            PersonalRisk(
                id=entry.id, name=entry.name, frequency=frequency, says=says or entry.name,
                factors=factors, basis=entry.basis, sources=tuple(dict.fromkeys(named)),
            )
        )  # fmt: skip
    return tuple(found)


def _concerns(entry: RiskEntry, sites: Sequence[NeedlingSite]) -> bool:
    return not entry.regions or any(
        site.muscle in muscles_of(region) for site in sites for region in entry.regions
    )


def _factor(factor: Factor, who: ScreenedPatient) -> RiskFactor | None:
    because = once(
        match.evidence
        for trigger in factor.when
        for match in matches(trigger, who)
        if not match.asks
    )
    # A sex that is not stated raises nothing: the risk is told as counted in everybody.
    if factor.sex is not None and who.disclosure.sex == factor.sex:
        because = (Evidence("Patient", factor.sex),)
    if not because:
        return None
    frequency = None
    if factor.rate is not None:
        low, high = wilson(factor.rate.events, factor.rate.of)
        frequency = frequency_of((100 * low, 100 * high))
    # One of the three is there: a factor without any is refused when it is read.
    source = factor.source or (factor.rate or factor.times or Rate(0, 0, "")).source
    return RiskFactor(
        id=factor.id, name=factor.name, says=_says(factor, frequency), because=because,
        frequency=frequency, times=factor.times, sources=(source,),
    )  # fmt: skip


def _says(factor: Factor, frequency: Frequency | None) -> Words:
    """ "with emphysema: for every 10 people without it, about 49 (10 to 80), after acupuncture" """
    name, note = factor.name, factor.says or factor.name
    if factor.times is not None:
        others = Words("people without it", "اس کے بغیر افراد")
        with_it = Words(f"With {name.en}", name.ur)
        if factor.sex is not None:
            others, with_it = Words("women", "خواتین"), name
        many, low, high = (
            str(round(10 * value))
            # People judge "49 where 10" better than "4.9 times" (Gigerenzer: natural frequencies).
            for value in (factor.times.estimate, factor.times.low, factor.times.high)
        )
        return Words(
            f"{with_it.en}: where 10 {others.en} are affected, about {many} are"
            f" ({low} to {high}); compared after acupuncture",
            f"{with_it.ur}: جہاں 10 {others.ur} متاثر ہوں، وہاں تقریباً {many}"
            f" ({low} سے {high})؛ موازنہ ایکوپنکچر کے بعد کا ہے",
        )
    if frequency is not None and factor.rate is not None:
        events, of, between = factor.rate.events, factor.rate.of, frequency.range
        return Words(
            f"With {name.en}: {events} of {of:,} ({between.en}), {note.en}",
            f"{name.ur}: {of:,} میں سے {events} ({between.ur})، {note.ur}",
        )
    return Words(f"With {name.en}: {note.en}", f"{name.ur}: {note.ur}")


def frequency_of(percents: Iterable[float]) -> Frequency | None:
    """The natural frequency of shares in percent: of the smallest number that shows whole people.

    None when nothing was counted. The range is from the lowest to the highest share.
    """
    shares = sorted(percents)
    if not shares:
        return None
    # The geometric middle: shares of rare events lie evenly on a logarithmic scale.
    middle = math.sqrt(max(shares[0], 1e-9) * shares[-1]) if shares[0] > 0 else shares[-1]
    # 0.95 rounds to a whole person; a smaller share would be told as "about 0".
    of = next((many for many in OF_SO_MANY if middle * many / 100 >= 0.95), OF_SO_MANY[-1])
    return Frequency(shares[0] * of / 100, shares[-1] * of / 100, of)


def wilson(events: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson's score interval, 1927). 0 <= events <= of, of > 0."""
    if not 0 <= events <= of or of <= 0:
        raise ValueError(f"{events} of {of} is no share; allowed is 0 <= events <= of, of > 0")
    share, square = events / of, Z_95**2
    middle = share + square / (2 * of)
    spread = Z_95 * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = middle - spread, middle + spread
    return max(low / (1 + square / of), 0.0), min(high / (1 + square / of), 1.0)
