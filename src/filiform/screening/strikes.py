"""Which rules and red flags a record sets off, where, and with what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from filiform.disclosure import Disclosure
from filiform.reasons import Evidence, Weight
from filiform.screening.results import FoundRedFlag
from filiform.screening.rulebook import RedFlag, Rule, red_flags, rules
from filiform.screening.sites import NeedlingSite, Place, muscles_of, whole_limb
from filiform.screening.triggers import Hit, ScreenedPatient, hits, patient

UNEXPLAINED = "red-flag-pain"
"""The rule that blocks when a red flag is found."""


class Strike(msgspec.Struct, frozen=True):
    """A rule that applies, as strictly as `weight`, at `place`, because of `evidence`."""

    rule: Rule
    weight: Weight
    place: Place
    evidence: Evidence
    suspected: bool = False
    own_regions: tuple[str, ...] | None = None

    @property
    def anywhere(self) -> bool:
        """Whether it holds for the whole body, not for some place on it."""
        return self.rule.reach == "whole-body" and self.own_regions is None

    def weight_at(self, site: NeedlingSite) -> Weight | None:
        """None where the rule does not apply."""
        if not self.place.holds(site):
            return None
        weights = [self.weight]
        for stricter in self.rule.stricter:
            if any(site.muscle in muscles_of(region) for region in stricter.regions):
                weights.append(stricter.weight)
        return min(weights, key=lambda weight: weight.rank)


class Asked(msgspec.Struct, frozen=True):
    """A rule whose question the record raises, and with what."""

    rule: str
    evidence: Evidence


class Survey(msgspec.Struct, frozen=True):
    """All that a record says to the rules, before anybody asks about a place."""

    who: ScreenedPatient
    red_flags: tuple[FoundRedFlag, ...]
    strikes: tuple[Strike, ...]
    raised: tuple[Asked, ...]

    @property
    def struck(self) -> frozenset[str]:
        return frozenset(strike.rule.id for strike in self.strikes)


def survey(disclosure: Disclosure, *, on: date) -> Survey:
    """Read a record once with every rule and red flag."""
    who = patient(disclosure, on)
    flags = _red_flags(who)
    strikes, raised = _strikes(who, flags)
    return Survey(who, flags, tuple(strikes), tuple(raised))


def _red_flags(who: ScreenedPatient) -> tuple[FoundRedFlag, ...]:
    found = []
    for flag in red_flags():
        answer = who.disclosure.answers.get(flag.id)
        because = _flag_evidence(flag, who, answer)
        if because:
            found.append(
                FoundRedFlag(
                    id=flag.id, urgency=flag.urgency, name=flag.name, think_of=flag.think_of,
                    instead=flag.instead, because=because, sources=flag.sources, basis=flag.basis,
                )
            )  # fmt: skip
    order = ("emergency", "same-day", "urgent", "routine")
    return tuple(sorted(found, key=lambda flag: order.index(flag.urgency)))


def _flag_evidence(
    flag: RedFlag, who: ScreenedPatient, answer: bool | None
) -> tuple[Evidence, ...]:
    found = [hit.evidence for trigger in flag.when for hit in hits(trigger, who) if not hit.asks]
    if answer:
        found.append(Evidence(f"answer/{flag.id}", flag.ask.en))
    return once(found)


def once(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each piece once, in an order that does not depend on the record's order."""
    return tuple(sorted(set(evidence), key=lambda one: (one.resource, one.text, one.code or "")))


def _strikes(
    who: ScreenedPatient, flags: Sequence[FoundRedFlag]
) -> tuple[list[Strike], list[Asked]]:
    strikes: list[Strike] = []
    raised: list[Asked] = []
    for rule in rules():
        answer = who.disclosure.answers.get(rule.id)
        if answer is False and rule.answer == "settles":
            continue
        for trigger in rule.when:
            found = hits(trigger, who)
            raised += [Asked(rule.id, hit.evidence) for hit in found if hit.asks]
            weight = trigger.weight or rule.weight
            strikes += [
                Strike(rule, weight, _place(rule, trigger.regions, hit), hit.evidence,
                       hit.suspected, trigger.regions)
                for hit in found if not hit.asks
            ]  # fmt: skip
        if answer:
            said = Evidence(f"answer/{rule.id}", (rule.ask or rule.name).en)
            strikes.append(Strike(rule, rule.weight, _place(rule, None, None), said))
        if rule.id == UNEXPLAINED:
            grave = [flag for flag in flags if flag.urgency != "routine"]
            strikes += [Strike(rule, rule.weight, Place(), e) for f in grave for e in f.because]
    struck = {strike.rule.id for strike in strikes}
    return [s for s in strikes if not struck.intersection(s.rule.replaced_by)], raised


def of_both_sides(sites: Sequence[NeedlingSite]) -> list[Strike]:
    """What it means that these muscles are to be needled in one session: both lungs at risk."""
    found = []
    for rule in rules():
        if not rule.both_sides:
            continue
        held = frozenset[str]().union(*(muscles_of(region) for region in rule.regions))
        there = [site for site in sites if site.muscle in held]
        if frozenset[str]().union(*(site.sides() for site in there)) == {"left", "right"}:
            named = ", ".join(f"{site.muscle} {site.side}" for site in there)
            evidence = Evidence("sites", f"asked for on both sides: {named}")
            found.append(Strike(rule, rule.weight, Place(frozenset(rule.regions)), evidence))
    return found


def _place(rule: Rule, regions_: tuple[str, ...] | None, hit: Hit | None) -> Place:
    """Where a hit counts. An unstated place means the rule's regions, or anywhere."""
    if regions_ is not None:
        return Place(frozenset(regions_))
    if rule.reach == "whole-body":
        return Place()
    if rule.reach == "regions" or hit is None or hit.place is None or not hit.place.regions:
        sides = hit.place.sides if hit is not None and hit.place is not None else None
        usual = Place(frozenset(rule.regions))
        return usual if sides is None or rule.reach == "regions" else Place(usual.regions, sides)
    return whole_limb(hit.place) if rule.reach == "limb" else hit.place
