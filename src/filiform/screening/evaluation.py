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
from filiform.screening.triggers import Match, ScreenedPatient, matches, patient

UNEXPLAINED = "red-flag-pain"
"""The rule that blocks when a red flag is found."""


class RuleMatch(msgspec.Struct, frozen=True):
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


class Evaluation(msgspec.Struct, frozen=True):
    """All that a record says to the rules, before anybody asks about a place."""

    who: ScreenedPatient
    red_flags: tuple[FoundRedFlag, ...]
    rule_matches: tuple[RuleMatch, ...]
    raised: tuple[Asked, ...]

    @property
    def matched(self) -> frozenset[str]:
        return frozenset(match.rule.id for match in self.rule_matches)


def evaluate(disclosure: Disclosure, *, on: date) -> Evaluation:
    """Read a record once with every rule and red flag."""
    who = patient(disclosure, on)
    flags = _red_flags(who)
    rule_matches, raised = _rule_matches(who, flags)
    return Evaluation(who, flags, tuple(rule_matches), tuple(raised))


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
    # The most urgent first: who reads only one line must read the one that cannot wait.
    order = ("emergency", "same-day", "urgent", "routine")
    return tuple(sorted(found, key=lambda flag: order.index(flag.urgency)))


def _flag_evidence(
    flag: RedFlag, who: ScreenedPatient, answer: bool | None
) -> tuple[Evidence, ...]:
    found = [
        match.evidence for trigger in flag.when for match in matches(trigger, who) if not match.asks
    ]
    if answer:
        found.append(Evidence(f"answer/{flag.id}", flag.ask.en))
    return once(found)


def once(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each piece once, in an order that does not depend on the record's order."""
    # FHIR gives a Bundle no order, and the same record must give the same answer.
    found = set(evidence)
    if not found:
        return ()
    return tuple(sorted(found, key=lambda one: (one.resource, one.text, one.code or "")))


def _rule_matches(
    who: ScreenedPatient, flags: Sequence[FoundRedFlag]
) -> tuple[list[RuleMatch], list[Asked]]:
    rule_matches: list[RuleMatch] = []
    raised: list[Asked] = []
    for rule in rules():
        answer = who.disclosure.answers.get(rule.id)
        # Fear, fasting or consent are the patient's to say; a diagnosis in the record is not.
        if answer is False and rule.answer == "settles":
            continue
        for trigger in rule.when:
            found = matches(trigger, who)
            raised += [Asked(rule.id, match.evidence) for match in found if match.asks]
            weight = trigger.weight or rule.weight
            rule_matches += [
                RuleMatch(rule, weight, _place(rule, trigger.regions, match), match.evidence,
                       match.suspected, trigger.regions)
                for match in found if not match.asks
            ]  # fmt: skip
        if answer:
            said = Evidence(f"answer/{rule.id}", (rule.ask or rule.name).en)
            rule_matches.append(RuleMatch(rule, rule.weight, _place(rule, None, None), said))
        if rule.id == UNEXPLAINED:
            # A routine flag asks for a letter later on; it must not stop today's treatment.
            grave = [flag for flag in flags if flag.urgency != "routine"]
            rule_matches += [
                RuleMatch(rule, rule.weight, Place(), e) for f in grave for e in f.because
            ]
    # Last, when every rule has spoken: two antiplatelets are told as two, and not as one as well.
    matched = {match.rule.id for match in rule_matches}
    return [s for s in rule_matches if not matched.intersection(s.rule.replaced_by)], raised


def of_both_sides(sites: Sequence[NeedlingSite]) -> list[RuleMatch]:
    """What it means that these muscles are to be needled in one session: both lungs at risk."""
    found = []
    for rule in rules():
        if not rule.both_sides:
            continue
        held = frozenset[str]().union(*(muscles_of(region) for region in rule.regions))
        there = [site for site in sites if site.muscle in held]
        # All muscles together: a left trapezius and a right rhomboid put both lungs at risk.
        if frozenset[str]().union(*(site.sides() for site in there)) == {"left", "right"}:
            named = ", ".join(f"{site.muscle} {site.side}" for site in there)
            evidence = Evidence("sites", f"asked for on both sides: {named}")
            found.append(RuleMatch(rule, rule.weight, Place(frozenset(rule.regions)), evidence))
    return found


def _place(rule: Rule, regions_: tuple[str, ...] | None, match: Match | None) -> Place:
    """Where a match counts. An unstated place means the rule's regions, or anywhere."""
    if regions_ is not None:
        return Place(frozenset(regions_))
    if rule.reach == "whole-body":
        return Place()
    if rule.reach == "regions" or match is None or match.place is None or not match.place.regions:
        # A record often names the side and not the place: "left mastectomy" still spares the right.
        sides = match.place.sides if match is not None and match.place is not None else None
        usual = Place(frozenset(rule.regions))
        return usual if sides is None or rule.reach == "regions" else Place(usual.regions, sides)
    return whole_limb(match.place) if rule.reach == "limb" else match.place
