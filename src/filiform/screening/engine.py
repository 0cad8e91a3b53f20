"""May this patient be needled, here, today? The one function that answers.

record ──match_concepts──▶ meanings ──triggers──▶ matches (rule, weight, place, evidence)
                                              │
sites asked about ────────────────────────────┴──▶ reasons, strictest class per site
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec

from filiform.disclosure import Disclosure
from filiform.reasons import Evidence, Weight
from filiform.screening.asking import open_questions
from filiform.screening.evaluation import Evaluation, RuleMatch, evaluate, of_both_sides, once
from filiform.screening.results import (
    DECISION,
    Decision,
    FoundIndication,
    MuscleGroup,
    Screening,
    ScreeningReason,
    SiteVerdict,
)
from filiform.screening.rulebook import Indication, Rule, indications, release, rules
from filiform.screening.sites import NeedlingSite, Place, all_muscles, checked, regions
from filiform.screening.triggers import ScreenedPatient, matches
from filiform.screening.understanding import not_understood
from filiform.words import Words


def screen(
    disclosure: Disclosure,
    sites: Sequence[NeedlingSite] = (),
    *,
    on: date,
    cleared: frozenset[str] = frozenset(),
) -> Screening:
    """Screen a patient for dry needling.

    disclosure: conditions, allergies, medicines and answers, with status and dates.
    sites: the muscles meant; without them the whole body is meant, so a rule that holds
        anywhere on it decides – except rules about the place under the needle, which are silent
        until a place is named (they stand in `elsewhere`).
    on: the day of treatment; nothing else is taken for today.
    cleared: rules for which a letter of clearance is there; it counts only where the rule says
        so (`cleared_to`).
    Raises UnknownMuscleError when a site is not in the atlas.
    """
    return screened(evaluate(disclosure, on=on), sites, cleared=cleared)


def screened(
    found: Evaluation, sites: Sequence[NeedlingSite] = (), *, cleared: frozenset[str] = frozenset()
) -> Screening:
    """As `screen`, of a record that was read already."""
    disclosure = found.who.disclosure
    asked_about = checked(sites)
    rule_matches = (*_cleared(found.rule_matches, cleared), *of_both_sides(asked_about))
    here, away = _sorted_by_place(rule_matches, asked_about)
    return Screening(
        decision=_decide(reason.weight for reason in here),
        # What no place escapes decides for a muscle that has not been named yet, too.
        outside=_decide(match.weight for match in rule_matches if match.anywhere),
        reasons=tuple(_with_answer(reason, disclosure) for reason in here),
        elsewhere=away,
        red_flags=found.red_flags,
        indications=_indications(found.who),
        unanswered=tuple(question.id for question in open_questions(found, asked_about)),
        muscles=tuple(_verdict(site, rule_matches) for site in asked_about),
        release=release(),
        not_understood=not_understood(found.who),
    )


SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


def _with_answer(reason: ScreeningReason, disclosure: Disclosure) -> ScreeningReason:
    """Say so where somebody answered no and the record stands all the same."""
    # Patients forget and misunderstand: a "no" is shown beside the record, never instead of it.
    if disclosure.answers.get(reason.id) is not False:
        return reason
    return msgspec.structs.replace(reason, answered_no=True)


def _decide(weights: Iterable[Weight]) -> Decision:
    strictest = min(weights, key=lambda weight: weight.rank, default=None)
    return "clear" if strictest is None else DECISION[strictest]


def _sorted_by_place(
    rule_matches: Sequence[RuleMatch], sites: Sequence[NeedlingSite]
) -> tuple[tuple[ScreeningReason, ...], tuple[ScreeningReason, ...]]:
    """(reasons for the sites asked about, reasons for other places), strictest first."""
    here: list[ScreeningReason] = []
    away: list[ScreeningReason] = []
    for rule in rules():
        mine = [match for match in rule_matches if match.rule.id == rule.id]
        if not mine:
            continue
        if sites:
            near = [s for s in mine if any(s.place.holds(site) for site in sites)]
        else:
            # Such a rule is about what lies under the needle: it waits for a muscle to be named.
            near = [] if rule.place_only else mine
        if near:
            here.append(_reason(rule, near, sites))
        # By identity: two matches may be equal and still come from two facts of the record.
        taken = {id(match) for match in near}
        far = [match for match in mine if id(match) not in taken]
        if far:
            away.append(_reason(rule, far, ()))
        away += _stricter_elsewhere(rule, near, sites)
    return _by_weight(here), _by_weight(away)


def _by_weight(reasons: list[ScreeningReason]) -> tuple[ScreeningReason, ...]:
    return tuple(sorted(reasons, key=lambda reason: reason.weight.rank))


def _stricter_elsewhere(
    rule: Rule, near: Sequence[RuleMatch], sites: Sequence[NeedlingSite]
) -> list[ScreeningReason]:
    """The regions in which a rule that applies here weighs more than it does here."""
    if not near:
        return []
    reason = _reason(rule, near, sites)
    return [
        msgspec.structs.replace(
            reason,
            weight=stricter.weight,
            place=_names(stricter.regions),
            scope=_names(stricter.regions).en,
            sites=(),
        )
        for stricter in rule.stricter
        if stricter.weight.rank < reason.weight.rank
    ]


def _reason(
    rule: Rule, rule_matches: Sequence[RuleMatch], sites: Sequence[NeedlingSite]
) -> ScreeningReason:
    weighed = [
        (weight, match, site)
        for match in rule_matches
        for site in (sites or (None,))
        if (weight := match.weight if site is None else match.weight_at(site)) is not None
    ]
    # One reason for each rule: its strictest weight speaks, and all its evidence stands below.
    strictest = min((weight for weight, _, _ in weighed), key=lambda weight: weight.rank)
    deciding = [match for weight, match, _ in weighed if weight is strictest]
    place = _place_in_words(rule, deciding)
    concerned = {site for _, _, site in weighed if site is not None}
    return ScreeningReason(
        id=rule.id,
        weight=strictest,
        scope=place.en,
        place=place,
        name=rule.name,
        why=rule.why,
        instead=rule.instead,
        because=once(match.evidence for _, match, _ in weighed),
        sources=rule.sources,
        basis=rule.basis,
        # One confirmed fact is enough: then the rule is no longer a suspicion.
        suspected=all(match.suspected for match in rule_matches),
        sites=tuple(site for site in sites if site in concerned),
        anywhere=any(match.anywhere for match in deciding),
        needs=rule.needs,
        cleared_to=rule.cleared_to,
    )


MOST_PLACES = 3
"""More places than these are told in the rule's own words."""
SIDE_WORDS = {"left": Words("left", "بائیں"), "right": Words("right", "دائیں")}


def _place_in_words(rule: Rule, rule_matches: Sequence[RuleMatch]) -> Words:
    """Where it holds: as the record says it, else as the rule does."""
    if all(match.own_regions for match in rule_matches):
        return _names(rule_matches[0].own_regions or ())
    places = {match.place for match in rule_matches}
    if rule.reach not in ("limb", "place") or len(places) != 1:
        return rule.scope
    place = places.pop()
    # A place that is the whole of the rule's own regions tells nothing new.
    unsaid = not place.regions or place.regions == frozenset(rule.regions)
    if unsaid or len(place.regions) > MOST_PLACES:
        return rule.scope
    named = _names(sorted(place.regions))
    if len(place.sides) != 1:
        return named
    side = SIDE_WORDS[next(iter(place.sides))]
    return Words(f"{named.en}, {side.en}", f"{named.ur}، {side.ur}")


def _names(ids: Sequence[str]) -> Words:
    known = [regions()[one].name for one in ids]
    return Words(", ".join(name.en for name in known), "، ".join(name.ur for name in known))


def _verdict(site: NeedlingSite, rule_matches: Sequence[RuleMatch]) -> SiteVerdict:
    weights = [(w, s.rule.id) for s in rule_matches if (w := s.weight_at(site)) is not None]
    ranked = sorted(weights, key=lambda pair: pair[0].rank)
    return SiteVerdict(
        muscle=site.muscle,
        side=site.side,
        decision=_decide(weight for weight, _ in weights),
        # Two facts may set off one rule; it is named once, where it weighs most.
        reasons=tuple(dict.fromkeys(rule for _, rule in ranked)),
    )


def _cleared(rule_matches: Iterable[RuleMatch], rules_: frozenset[str]) -> tuple[RuleMatch, ...]:
    """The matches, milder where a letter of clearance makes them so."""
    return tuple(
        msgspec.structs.replace(match, weight=match.rule.cleared_to)
        if match.rule.id in rules_
        and match.rule.cleared_to is not None
        # Rank 0 is the strictest: a letter may only make a match milder, never stricter.
        and match.rule.cleared_to.rank > match.weight.rank
        else match
        for match in rule_matches
    )


def every_muscle(
    disclosure: Disclosure, *, on: date, cleared: frozenset[str] = frozenset()
) -> tuple[MuscleGroup, ...]:
    """The answer for every muscle of the atlas on either side, strictest first.

    Muscles that share decision and reasons stand together, so that a reader sees at a glance
    which are out, which need a reason or a change, and which are free. Taken one by one: what
    needling several at once means (`both_sides`) is not in it.
    """
    return groups_of(evaluate(disclosure, on=on), cleared)


def groups_of(found: Evaluation, cleared: frozenset[str] = frozenset()) -> tuple[MuscleGroup, ...]:
    """As `every_muscle`, of a record that was read already."""
    rule_matches = _cleared(found.rule_matches, cleared)
    return _grouped(tuple(dict.fromkeys((s.rule.id, s.weight, s.place) for s in rule_matches)))


@lru_cache(maxsize=2_000)
def _grouped(weighed: tuple[tuple[str, Weight, Place], ...]) -> tuple[MuscleGroup, ...]:
    """The groups for rules with their weight and place: all that the grouping depends on.

    Remembered because the patients of a folder share a few dozen combinations of rules.
    """
    known = {rule.id: rule for rule in rules()}
    # The evidence plays no part in grouping, and would make every patient a case of its own.
    nowhere = Evidence("", "")
    rule_matches = [RuleMatch(known[id_], weight, place, nowhere) for id_, weight, place in weighed]
    groups: dict[tuple[Decision, tuple[str, ...]], list[NeedlingSite]] = {}
    for muscle in sorted(all_muscles()):
        for side in SIDES:
            one = _verdict(NeedlingSite(muscle, side), rule_matches)
            groups.setdefault((one.decision, one.reasons), []).append(NeedlingSite(muscle, side))
    # The strictest first, as the weights stand there.
    order = (*DECISION.values(), "clear")
    return tuple(
        MuscleGroup(decision=decision, reasons=reasons, muscles=tuple(groups[decision, reasons]))
        for decision, reasons in sorted(groups, key=lambda key: (order.index(key[0]), key[1]))
    )


def _indications(who: ScreenedPatient) -> tuple[FoundIndication, ...]:
    found = []
    for one in indications():
        because = once(
            match.evidence
            for trigger in one.when
            for match in matches(trigger, who)
            # What is only suspected to be meant is no reason to recommend a treatment.
            if not match.asks
        )
        if because:
            found.append(_found_indication(one, because))
    return tuple(found)


def for_complaint(indication: str, evidence: Evidence) -> FoundIndication:
    """An indication that a complaint gives. Raises KeyError for an id that does not exist."""
    known = {one.id: one for one in indications()}
    return _found_indication(known[indication], (evidence,))


def _found_indication(one: Indication, because: tuple[Evidence, ...]) -> FoundIndication:
    return FoundIndication(
        id=one.id, name=one.name, advice=one.advice, certainty=one.certainty,
        expect=one.expect, effects=one.effects, because=because, sources=one.sources,
    )  # fmt: skip
