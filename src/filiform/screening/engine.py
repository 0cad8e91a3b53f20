"""May this patient be needled, here, today? The one function that answers.

record ──recognise──▶ meanings ──triggers──▶ strikes (rule, weight, place, evidence)
                                              │
sites asked about ────────────────────────────┴──▶ reasons, strictest class per site
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import msgspec

from filiform.disclosure import Disclosure
from filiform.reasons import Evidence, Weight
from filiform.screening.asking import open_questions
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
from filiform.screening.sites import NeedlingSite, all_muscles, checked, regions
from filiform.screening.strikes import Strike, of_both_sides, once, survey
from filiform.screening.triggers import ScreenedPatient, hits
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
    asked_about = checked(sites)
    found = survey(disclosure, on=on)
    strikes = (*_cleared(found.strikes, cleared), *of_both_sides(asked_about))
    here, away = _sorted_by_place(strikes, asked_about)
    return Screening(
        decision=_decide(reason.weight for reason in here),
        outside=_decide(strike.weight for strike in strikes if strike.anywhere),
        reasons=tuple(_with_answer(reason, disclosure) for reason in here),
        elsewhere=away,
        red_flags=found.red_flags,
        indications=_indications(found.who),
        unanswered=tuple(question.id for question in open_questions(found, asked_about)),
        muscles=tuple(_verdict(site, strikes) for site in asked_about),
        release=release(),
    )


SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


def _with_answer(reason: ScreeningReason, disclosure: Disclosure) -> ScreeningReason:
    """Say so where somebody answered no and the record stands all the same."""
    if disclosure.answers.get(reason.id) is not False:
        return reason
    return msgspec.structs.replace(reason, answered_no=True)


def _decide(weights: Iterable[Weight]) -> Decision:
    strictest = min(weights, key=lambda weight: weight.rank, default=None)
    return "clear" if strictest is None else DECISION[strictest]


def _sorted_by_place(
    strikes: Sequence[Strike], sites: Sequence[NeedlingSite]
) -> tuple[tuple[ScreeningReason, ...], tuple[ScreeningReason, ...]]:
    """(reasons for the sites asked about, reasons for other places), strictest first."""
    here: list[ScreeningReason] = []
    away: list[ScreeningReason] = []
    for rule in rules():
        mine = [strike for strike in strikes if strike.rule.id == rule.id]
        if not mine:
            continue
        if sites:
            near = [s for s in mine if any(s.place.holds(site) for site in sites)]
        else:
            near = [] if rule.place_only else mine
        if near:
            here.append(_reason(rule, near, sites))
        far = [strike for strike in mine if strike not in near]
        if far:
            away.append(_reason(rule, far, ()))
        away += _stricter_elsewhere(rule, near, sites)
    return _by_weight(here), _by_weight(away)


def _by_weight(reasons: list[ScreeningReason]) -> tuple[ScreeningReason, ...]:
    return tuple(sorted(reasons, key=lambda reason: reason.weight.rank))


def _stricter_elsewhere(
    rule: Rule, near: Sequence[Strike], sites: Sequence[NeedlingSite]
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
    rule: Rule, strikes: Sequence[Strike], sites: Sequence[NeedlingSite]
) -> ScreeningReason:
    weighed = [
        (weight, strike, site)
        for strike in strikes
        for site in (sites or (None,))
        if (weight := strike.weight if site is None else strike.weight_at(site)) is not None
    ]
    strictest = min((weight for weight, _, _ in weighed), key=lambda weight: weight.rank)
    deciding = [strike for weight, strike, _ in weighed if weight is strictest]
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
        because=once(strike.evidence for _, strike, _ in weighed),
        sources=rule.sources,
        basis=rule.basis,
        suspected=all(strike.suspected for strike in strikes),
        sites=tuple(site for site in sites if site in concerned),
        anywhere=any(strike.anywhere for strike in deciding),
        needs=rule.needs,
        cleared_to=rule.cleared_to,
    )


MOST_PLACES = 3
"""More places than these are told in the rule's own words."""
SIDE_WORDS = {"left": Words("left", "بائیں"), "right": Words("right", "دائیں")}


def _place_in_words(rule: Rule, strikes: Sequence[Strike]) -> Words:
    """Where it holds: as the record says it, else as the rule does."""
    if all(strike.own_regions for strike in strikes):
        return _names(strikes[0].own_regions or ())
    places = {strike.place for strike in strikes}
    if rule.reach not in ("limb", "place") or len(places) != 1:
        return rule.scope
    place = places.pop()
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


def _verdict(site: NeedlingSite, strikes: Sequence[Strike]) -> SiteVerdict:
    weights = [(w, s.rule.id) for s in strikes if (w := s.weight_at(site)) is not None]
    ranked = sorted(weights, key=lambda pair: pair[0].rank)
    return SiteVerdict(
        muscle=site.muscle,
        side=site.side,
        decision=_decide(weight for weight, _ in weights),
        reasons=tuple(dict.fromkeys(rule for _, rule in ranked)),
    )


def _cleared(strikes: Iterable[Strike], rules_: frozenset[str]) -> tuple[Strike, ...]:
    """The strikes, milder where a letter of clearance makes them so."""
    return tuple(
        msgspec.structs.replace(strike, weight=strike.rule.cleared_to)
        if strike.rule.id in rules_
        and strike.rule.cleared_to is not None
        and strike.rule.cleared_to.rank > strike.weight.rank
        else strike
        for strike in strikes
    )


def every_muscle(
    disclosure: Disclosure, *, on: date, cleared: frozenset[str] = frozenset()
) -> tuple[MuscleGroup, ...]:
    """The answer for every muscle of the atlas on either side, strictest first.

    Muscles that share decision and reasons stand together, so that a reader sees at a glance
    which are out, which need a reason or a change, and which are free. Taken one by one: what
    needling several at once means (`both_sides`) is not in it.
    """
    strikes = _cleared(survey(disclosure, on=on).strikes, cleared)
    groups: dict[tuple[Decision, tuple[str, ...]], list[NeedlingSite]] = {}
    for muscle in sorted(all_muscles()):
        for side in SIDES:
            one = _verdict(NeedlingSite(muscle, side), strikes)
            groups.setdefault((one.decision, one.reasons), []).append(NeedlingSite(muscle, side))
    order = (*DECISION.values(), "clear")
    return tuple(
        MuscleGroup(decision=decision, reasons=reasons, muscles=tuple(groups[decision, reasons]))
        for decision, reasons in sorted(groups, key=lambda key: (order.index(key[0]), key[1]))
    )


def _indications(who: ScreenedPatient) -> tuple[FoundIndication, ...]:
    found = []
    for one in indications():
        because = once(
            hit.evidence for trigger in one.when for hit in hits(trigger, who) if not hit.asks
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
