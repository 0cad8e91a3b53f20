"""Which facts of a disclosure set off a trigger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache

import msgspec

from filiform.disclosure import Disclosure, Kind, Statement, Status
from filiform.reasons import Evidence
from filiform.screening.codes import any_within
from filiform.screening.measures import body_mass_index, measured
from filiform.screening.pregnancy import pregnancy
from filiform.screening.recognition import Recognised, recognise, text_matches
from filiform.screening.rulebook import Measure, Trigger, indications, red_flags, rules
from filiform.screening.sites import Place, locate
from filiform.screening.standing import standing
from filiform.screening.thesaurus import concepts

ASPIRIN = {"N02BA01": "B01AC06"}
ATC_SUBSTANCE = 7
"""Length of an ATC code that names one substance."""
EVER_MEASURED_DAYS = 3650


Spoken = tuple[Statement, Recognised, bool]
"""A fact, its meaning, and whether it surely speaks of what a trigger looks for."""


class Hit(msgspec.Struct, frozen=True):
    """One piece of the record that sets off a trigger, or that raises its question."""

    evidence: Evidence
    asks: bool = False
    suspected: bool = False
    place: Place | None = None
    substances: frozenset[str] = frozenset()


class ScreenedPatient(msgspec.Struct, frozen=True):
    """A disclosure seen on a day; what several triggers need is worked out once.

    meanings: the facts that may set off a trigger by what they say, with their meaning.
    spoken: by the identity of a trigger of the rules, the facts that speak to it, with their
        meaning and whether they surely do. Most facts speak to few triggers, so that it is
        quicker to go from the fact to its triggers once than through all facts for each.
    """

    disclosure: Disclosure
    on: date
    meanings: tuple[tuple[Statement, Recognised], ...]
    spoken: dict[int, list[Spoken]]

    @property
    def age_years(self) -> float | None:
        born = self.disclosure.birth_date
        return None if born is None or born > self.on else (self.on - born).days / 365.2425


def patient(disclosure: Disclosure, on: date) -> ScreenedPatient:
    meanings = ((fact, recognise(fact)) for fact in disclosure.facts)
    telling = tuple((fact, meaning) for fact, meaning in meanings if _tells(fact, meaning))
    spoken: dict[int, list[Spoken]] = {}
    for fact, meaning in telling:
        for trigger, sure in _spoken_to(fact.kind, meaning):
            spoken.setdefault(trigger, []).append((fact, meaning, sure))
    return ScreenedPatient(disclosure, on, telling, spoken)


@cache
def _triggers_of_rules() -> dict[int, Trigger]:
    """Every trigger of rules, red flags and indications by its identity; they live for ever."""
    found: dict[int, Trigger] = {}
    waiting = [trigger for rule in rules() for trigger in rule.when]
    waiting += [trigger for flag in red_flags() for trigger in flag.when]
    waiting += [trigger for one in indications() for trigger in one.when]
    while waiting:
        trigger = waiting.pop()
        found[id(trigger)] = trigger
        waiting += [inner for inner in (trigger.with_, trigger.without) if inner is not None]
    return found


@lru_cache(maxsize=20_000)
def _spoken_to(kind: Kind, meaning: Recognised) -> tuple[tuple[int, bool], ...]:
    """The triggers to which a fact of a kind and meaning speaks, and whether it surely does."""
    return tuple(
        (number, sure)
        for number, trigger in _triggers_of_rules().items()
        if (sure := _speaks_of(trigger, kind, meaning)) or _may_speak_of(trigger, meaning)
    )


def _speaking(trigger: Trigger, who: ScreenedPatient) -> Sequence[Spoken]:
    if id(trigger) in _triggers_of_rules():
        return who.spoken.get(id(trigger), ())
    return [
        (fact, meaning, sure)
        for fact, meaning in who.meanings
        if (sure := _speaks_of(trigger, fact.kind, meaning)) or _may_speak_of(trigger, meaning)
    ]


def _tells(fact: Statement, meaning: Recognised) -> bool:
    """Whether a fact may speak to a trigger; a bare measured value speaks to measures only."""
    if meaning.concepts or meaning.similar or meaning.icd10 or meaning.atc:
        return True
    return fact.kind not in (Kind.OBSERVATION, Kind.MEDICINE, Kind.ALLERGY)


def evidence_of(fact: Statement, meaning: Recognised | None = None) -> Evidence:
    """A fact in its own words, with the code that best names it."""
    best = fact.codings[0] if fact.codings else None
    text = fact.text or (best.display if best else "") or fact.id
    return Evidence(
        resource=fact.id.split("#")[0],
        text=text,
        system=best.system if best else None,
        code=best.code if best else None,
    )


def hits(trigger: Trigger, who: ScreenedPatient) -> tuple[Hit, ...]:
    """Everything in the record that sets off this trigger; empty when something is missing."""
    found = _hits(trigger, who)
    firing = [hit for hit in found if not hit.asks]
    if len(frozenset().union(*(hit.substances for hit in firing))) < trigger.distinct > 1:
        return ()
    if trigger.with_ is not None and found:
        others = hits(trigger.with_, who)
        if not others:
            return ()
        unsure = all(hit.asks for hit in others)
        found = [*found, *others]
        if unsure:
            found = [msgspec.structs.replace(hit, asks=True) for hit in found]
    if found and trigger.without is not None and _fires(trigger.without, who):
        return ()
    if trigger.effect == "asks":
        found = [msgspec.structs.replace(hit, asks=True) for hit in found]
    return tuple(found)


def _fires(trigger: Trigger, who: ScreenedPatient) -> bool:
    return any(not hit.asks for hit in hits(trigger, who))


def _hits(trigger: Trigger, who: ScreenedPatient) -> list[Hit]:
    if not _fits_person(trigger, who):
        return []
    if trigger.unless_measured is not None and _has_measure(trigger.unless_measured, who):
        return []
    if trigger.measure is not None:
        return _measure_hits(trigger, trigger.measure, who)
    if trigger.pregnancy is not None:
        return _pregnancy_hits(trigger, who)
    if not (trigger.concepts or trigger.icd10 or trigger.atc or trigger.text):
        return [_age_hit(who)]
    found = (_fact_hit(trigger, *one, who.on) for one in _speaking(trigger, who))
    return [hit for hit in found if hit is not None]


def _fits_person(trigger: Trigger, who: ScreenedPatient) -> bool:
    if trigger.sex is not None and who.disclosure.sex != trigger.sex:
        return False
    age = who.age_years
    low, high = trigger.age_from_years, trigger.age_under_years
    if low is None and high is None:
        return True
    return age is not None and (low is None or age >= low) and (high is None or age < high)


def _age_hit(who: ScreenedPatient) -> Hit:
    born = who.disclosure.birth_date
    years = int(who.age_years or 0)
    return Hit(Evidence("Patient", f"age {years} years (born {born})"))


def _has_measure(measure: Measure, who: ScreenedPatient) -> bool:
    if measure == "bmi" and body_mass_index(who.disclosure) is not None:
        return True
    days = EVER_MEASURED_DAYS
    return bool(measured(who.disclosure, measure, on=who.on, within_days=days))


def _measure_hits(trigger: Trigger, measure: Measure, who: ScreenedPatient) -> list[Hit]:
    days = trigger.within_days or 0
    values = measured(who.disclosure, measure, on=who.on, within_days=days)
    found = [
        Hit(
            Evidence(
                value.fact.id.split("#")[0],
                f"{value.fact.text} {value.fact.value:g} {value.fact.unit}".strip()
                + f" ({value.day})",
                *_first_code(value.fact),
            )
        )
        for value in values
        if _beyond(trigger, value.value)
    ]
    stated = body_mass_index(who.disclosure) if measure == "bmi" and not values else None
    if stated is not None and _beyond(trigger, stated):
        found.append(Hit(Evidence("Patient", f"body mass index {stated:.1f} kg/m²")))
    return found


def _first_code(fact: Statement) -> tuple[str | None, str | None]:
    return (fact.codings[0].system, fact.codings[0].code) if fact.codings else (None, None)


def _beyond(trigger: Trigger, value: float) -> bool:
    if trigger.below is not None:
        return value < trigger.below
    if trigger.above is not None:
        return value > trigger.above
    return trigger.at_least is not None and value >= trigger.at_least


def _pregnancy_hits(trigger: Trigger, who: ScreenedPatient) -> list[Hit]:
    """An unknown trimester counts as the first, whose rule is the stricter one."""
    found = pregnancy(who.disclosure, on=who.on)
    if found is None:
        return []
    trimester = "first" if found.trimester == "unknown" else found.trimester
    if trigger.pregnancy not in ("any", trimester):
        return []
    return [
        Hit(evidence_of(fact), suspected=fact.status is Status.SUSPECTED) for fact in found.facts
    ]


def _fact_hit(
    trigger: Trigger, fact: Statement, meaning: Recognised, sure: bool, on: date
) -> Hit | None:
    stands = standing(fact, meaning, trigger, on)
    if stands == "no":
        return None
    asks = not sure or stands == "asks" or not _strong_enough(trigger, fact)
    return Hit(
        evidence_of(fact, meaning),
        asks=asks,
        suspected=fact.status is Status.SUSPECTED,
        place=locate(fact, meaning),
        substances=_substances(trigger, meaning),
    )


def _speaks_of(trigger: Trigger, kind: Kind, meaning: Recognised) -> bool:
    if trigger.kinds and kind not in trigger.kinds:
        return False
    if trigger.atc and kind is Kind.MEDICINE and any_within(meaning.atc, trigger.atc):
        return True
    if meaning.concepts.intersection(trigger.concepts):
        return True
    if kind is Kind.MEDICINE:
        return False
    if any_within(meaning.icd10, trigger.icd10):
        return kind is not Kind.ALLERGY or bool(trigger.concepts)
    return kind is not Kind.ALLERGY and any(
        text_matches(meaning.words, pattern) for pattern in trigger.text
    )


def _may_speak_of(trigger: Trigger, meaning: Recognised) -> bool:
    for one in meaning.similar:
        codings = concepts()[one].codings
        codes = frozenset(coding.code.replace(".", "") for coding in codings)
        if one in trigger.concepts or any_within(codes, trigger.icd10 + trigger.atc):
            return True
    return False


def _substances(trigger: Trigger, meaning: Recognised) -> frozenset[str]:
    """The different substances in one medicine; aspirin has two codes and is one substance."""
    fitting = {code for code in meaning.atc if any_within(frozenset({code}), trigger.atc)}
    whole = {code for code in fitting if len(code) >= ATC_SUBSTANCE}
    return frozenset(ASPIRIN.get(code, code) for code in whole or fitting)


_STRENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*mg\b", re.I)


def _strong_enough(trigger: Trigger, fact: Statement) -> bool:
    if trigger.strength_mg_from is None:
        return True
    texts = (fact.text, *(coding.display for coding in fact.codings))
    strengths = [float(n.replace(",", ".")) for text in texts for n in _STRENGTH.findall(text)]
    return any(strength >= trigger.strength_mg_from for strength in strengths)
