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
from filiform.screening.concept_matching import ConceptMatch, any_matches
from filiform.screening.currency import currency
from filiform.screening.measures import Measured, all_measured, body_mass_index, newest
from filiform.screening.pregnancy import Pregnancy, pregnancy
from filiform.screening.proof import proven, removals, without_removed
from filiform.screening.rulebook import MeasureName, Trigger, indications, red_flags, rules
from filiform.screening.sites import Place, locate
from filiform.screening.terminology import concepts

# ATC gives aspirin a code as an analgesic and one as an antiplatelet; platelets see one drug.
ASPIRIN = {"N02BA01": "B01AC06"}
ATC_SUBSTANCE = 7
"""Length of an ATC code that names one substance."""
# Ten years: an older weight says nothing of today's, so that the word in the record counts again.
EVER_MEASURED_DAYS = 3650


Spoken = tuple[Statement, ConceptMatch, bool]
"""A fact, its meaning, and whether it surely speaks of what a trigger looks for."""


class Match(msgspec.Struct, frozen=True):
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
    measured: the usable values by their measure. pregnancy: what the record says of one.
    """

    disclosure: Disclosure
    on: date
    meanings: tuple[tuple[Statement, ConceptMatch], ...]
    spoken: dict[int, list[Spoken]]
    measured: dict[MeasureName, tuple[Measured, ...]]
    pregnancy: Pregnancy | None

    @property
    def age_years(self) -> float | None:
        born = self.disclosure.birth_date
        return None if born is None or born > self.on else (self.on - born).days / 365.2425


def patient(disclosure: Disclosure, on: date) -> ScreenedPatient:
    taken = removals(disclosure.facts, on)
    meanings = (
        (fact, without_removed(fact, proven(fact), taken) if taken else proven(fact))
        for fact in disclosure.facts
    )
    telling = tuple((fact, meaning) for fact, meaning in meanings if _tells(fact, meaning))
    spoken: dict[int, list[Spoken]] = {}
    for fact, meaning in telling:
        for trigger, sure in _spoken_to(fact.kind, meaning):
            spoken.setdefault(trigger, []).append((fact, meaning, sure))
    expecting = pregnancy(disclosure, on=on)
    return ScreenedPatient(disclosure, on, telling, spoken, all_measured(disclosure), expecting)


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
def _spoken_to(kind: Kind, meaning: ConceptMatch) -> tuple[tuple[int, bool], ...]:
    """The triggers to which a fact of a kind and meaning speaks, and whether it surely does.

    Codes and concepts are few and repeat themselves, words do not: what the codes say is
    remembered by itself, and only the dozen triggers that read words are asked for each text.
    """
    # Words, past and relative are no part of what codes say, and would split the cache.
    coded = msgspec.structs.replace(meaning, words=(), past=False, relative=False)
    found = dict(_spoken_to_by_codes(kind, coded))
    if meaning.words:
        for number, trigger in _reading_words().items():
            if _speaks_of(trigger, kind, meaning):
                found[number] = True
    return tuple(found.items())


@lru_cache(maxsize=20_000)
def _spoken_to_by_codes(kind: Kind, meaning: ConceptMatch) -> tuple[tuple[int, bool], ...]:
    return tuple(
        (number, sure)
        for number, trigger in _triggers_of_rules().items()
        if (sure := _speaks_of(trigger, kind, meaning)) or _may_speak_of(trigger, meaning)
    )


@cache
def _reading_words() -> dict[int, Trigger]:
    return {number: one for number, one in _triggers_of_rules().items() if one.text}


@cache
def _about_facts() -> frozenset[int]:
    """Triggers of the rules that only what a fact says can set off."""
    return frozenset(
        number
        for number, trigger in _triggers_of_rules().items()
        if (trigger.concepts or trigger.icd10 or trigger.atc or trigger.text)
        and trigger.measure is None
        and trigger.pregnancy is None
    )


def speaks_to_a_rule(kind: Kind, meaning: ConceptMatch) -> bool:
    """Whether any rule, red flag or indication looks at what a fact of this meaning says; what is
    only similar speaks to those alone that would ask about it."""
    quiet = _triggers_of_indications()
    return any(sure or number not in quiet for number, sure in _spoken_to(kind, meaning))


@cache
def _triggers_of_indications() -> frozenset[int]:
    return frozenset(id(trigger) for one in indications() for trigger in one.when)


def _speaking(trigger: Trigger, who: ScreenedPatient) -> Sequence[Spoken]:
    if id(trigger) in _triggers_of_rules():
        return who.spoken.get(id(trigger), ())
    return [
        (fact, meaning, sure)
        for fact, meaning in who.meanings
        if (sure := _says_to(trigger, fact.kind, meaning)) is not None
    ]


@lru_cache(maxsize=50_000)
def _says_to(trigger: Trigger, kind: Kind, meaning: ConceptMatch) -> bool | None:
    """Whether a meaning surely speaks of what a trigger looks for; None when it doesn't at all."""
    if _speaks_of(trigger, kind, meaning):
        return True
    return False if _may_speak_of(trigger, meaning) else None


def _tells(fact: Statement, meaning: ConceptMatch) -> bool:
    """Whether a fact may speak to a trigger; a bare measured value speaks to measures only."""
    if meaning.concepts or meaning.similar or meaning.icd10 or meaning.atc:
        return True
    return fact.kind not in (Kind.OBSERVATION, Kind.MEDICINE, Kind.ALLERGY)


def evidence_of(fact: Statement, meaning: ConceptMatch | None = None) -> Evidence:
    """A fact in its own words, with the code that best names it."""
    best = fact.codings[0] if fact.codings else None
    text = fact.text or (best.display if best else "") or fact.id
    return Evidence(
        resource=fact.id.split("#")[0],
        text=text,
        system=best.system if best else None,
        code=best.code if best else None,
    )


def matches(trigger: Trigger, who: ScreenedPatient) -> tuple[Match, ...]:
    """Everything in the record that sets off this trigger; empty when something is missing."""
    if id(trigger) in _about_facts() and id(trigger) not in who.spoken:
        return ()  # most triggers, for most patients
    found = _matches(trigger, who)
    firing = [match for match in found if not match.asks]
    # Two boxes of one drug are no dual therapy: different substances count, not entries.
    if len(frozenset().union(*(match.substances for match in firing))) < trigger.distinct > 1:
        return ()
    if trigger.with_ is not None and found:
        others = matches(trigger.with_, who)
        if not others:
            return ()
        # Sure only where both sides are: a planned aspirin beside a blood thinner is asked about.
        unsure = all(match.asks for match in found) or all(match.asks for match in others)
        found = [*found, *others]
        if unsure:
            found = [msgspec.structs.replace(match, asks=True) for match in found]
    if found and trigger.without is not None and _fires(trigger.without, who):
        return ()
    if trigger.effect == "asks":
        found = [msgspec.structs.replace(match, asks=True) for match in found]
    return tuple(found)


def _fires(trigger: Trigger, who: ScreenedPatient) -> bool:
    return any(not match.asks for match in matches(trigger, who))


def _matches(trigger: Trigger, who: ScreenedPatient) -> list[Match]:
    if not _fits_person(trigger, who):
        return []
    if trigger.unless_measured is not None and _has_measure(trigger.unless_measured, who):
        return []
    if trigger.measure is not None:
        return _measure_matches(trigger, trigger.measure, who)
    if trigger.pregnancy is not None:
        return _pregnancy_matches(trigger, who)
    if not (trigger.concepts or trigger.icd10 or trigger.atc or trigger.text):
        return [_age_match(who)]
    found = (_fact_match(trigger, *one, who.on) for one in _speaking(trigger, who))
    return [match for match in found if match is not None]


def _fits_person(trigger: Trigger, who: ScreenedPatient) -> bool:
    if trigger.sex is not None and who.disclosure.sex != trigger.sex:
        return False
    age = who.age_years
    low, high = trigger.age_from_years, trigger.age_under_years
    if low is None and high is None:
        return True
    return age is not None and (low is None or age >= low) and (high is None or age < high)


def _age_match(who: ScreenedPatient) -> Match:
    born = who.disclosure.birth_date
    years = int(who.age_years or 0)
    if born is None or who.disclosure.birth_date_known == "day":
        return Match(Evidence("Patient", f"age {years} years (born {born})"))
    return Match(Evidence("Patient", f"age about {years} years (born {born.year})"))


def _has_measure(measure: MeasureName, who: ScreenedPatient) -> bool:
    if measure == "bmi" and body_mass_index(who.disclosure) is not None:
        return True
    days = EVER_MEASURED_DAYS
    return bool(newest(who.measured.get(measure, ()), on=who.on, within_days=days))


def _measure_matches(trigger: Trigger, measure: MeasureName, who: ScreenedPatient) -> list[Match]:
    # It is there: a measure without it is refused when the rules are read.
    days = trigger.within_days or 0
    values = newest(who.measured.get(measure, ()), on=who.on, within_days=days)
    found = [
        Match(
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
        found.append(Match(Evidence("Patient", f"body mass index {stated:.1f} kg/m²")))
    return found


def _first_code(fact: Statement) -> tuple[str | None, str | None]:
    return (fact.codings[0].system, fact.codings[0].code) if fact.codings else (None, None)


def _beyond(trigger: Trigger, value: float) -> bool:
    if trigger.below is not None:
        return value < trigger.below
    if trigger.above is not None:
        return value > trigger.above
    return trigger.at_least is not None and value >= trigger.at_least


def _pregnancy_matches(trigger: Trigger, who: ScreenedPatient) -> list[Match]:
    """An unknown trimester counts as the first, whose rule is the stricter one."""
    found = who.pregnancy
    if found is None:
        return []
    trimester = "first" if found.trimester == "unknown" else found.trimester
    if trigger.pregnancy not in ("any", trimester):
        return []
    return [
        Match(evidence_of(fact), suspected=fact.status is Status.SUSPECTED) for fact in found.facts
    ]


def _fact_match(
    trigger: Trigger, fact: Statement, meaning: ConceptMatch, sure: bool, on: date
) -> Match | None:
    current = currency(fact, meaning, trigger, on)
    if current == "no":
        return None
    asks = not sure or current == "asks" or not _strong_enough(trigger, fact)
    return Match(
        evidence_of(fact, meaning),
        asks=asks,
        suspected=fact.status is Status.SUSPECTED,
        place=locate(fact, meaning),
        substances=_substances(trigger, meaning),
    )


def _speaks_of(trigger: Trigger, kind: Kind, meaning: ConceptMatch) -> bool:
    if trigger.kinds and kind not in trigger.kinds:
        return False
    if trigger.atc and kind is Kind.MEDICINE and any_within(meaning.atc, trigger.atc):
        return True
    if meaning.concepts.intersection(trigger.concepts):
        return True
    # A medicine has no ICD-10 code of its own: its name must not diagnose what it treats.
    if kind is Kind.MEDICINE:
        return False
    if any_within(meaning.icd10, trigger.icd10):
        # An allergy coded by ICD-10 (Z88) is one only to a rule that knows the allergen, too.
        return kind is not Kind.ALLERGY or bool(trigger.concepts)
    return kind is not Kind.ALLERGY and any_matches(meaning.words, trigger.text)


def _may_speak_of(trigger: Trigger, meaning: ConceptMatch) -> bool:
    for one in meaning.similar:
        codings = concepts()[one].codings
        codes = frozenset(coding.code.replace(".", "") for coding in codings)
        if one in trigger.concepts or any_within(codes, trigger.icd10 + trigger.atc):
            return True
    return False


def _substances(trigger: Trigger, meaning: ConceptMatch) -> frozenset[str]:
    """The different substances in one medicine; aspirin has two codes and is one substance."""
    fitting = {code for code in meaning.atc if any_within(frozenset({code}), trigger.atc)}
    # A group code beside a substance code is the same box, coded twice.
    whole = {code for code in fitting if len(code) >= ATC_SUBSTANCE}
    return frozenset(ASPIRIN.get(code, code) for code in whole or fitting)


DAILY_MG = "mg/d"
"""The unit of a medicine's value: what is taken in a day, by strength, number and frequency."""
_STRENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*mg\b", re.I)


def _strong_enough(trigger: Trigger, fact: Statement) -> bool:
    if trigger.strength_mg_from is None:
        return True
    # Immune suppression goes by the daily dose; the tablet's strength is used only for want of it.
    if fact.value is not None and fact.unit == DAILY_MG:
        return fact.value >= trigger.strength_mg_from
    texts = (fact.text, *(coding.display for coding in fact.codings))
    strengths = [float(n.replace(",", ".")) for text in texts for n in _STRENGTH.findall(text)]
    return any(strength >= trigger.strength_mg_from for strength in strengths)
