"""What goes into a programme and what is left out, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from filiform.anatomy import atlas
from filiform.programme.knowledge import Companion, Stretch, knowledge
from filiform.reasons import Reason, Weight
from filiform.words import Words

Target = tuple[str, str]

MOST_STRETCHES = 4
MOST_EXERCISES = 4
MOST_RELEASES = 2
"""A home card that is done beats one that is complete (design values)."""
END_RANGE_YEARS = 65
"""From this age no stretch to the end of range at the front of the neck (INTEGRATION-4)."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What decides that something is left out."""

    needled: bool = True
    on_antithrombotic: bool = False
    age_years: float | None = None
    pregnant: bool = False
    numb_feet: bool = False
    bending_hurts: bool = False
    hip_tendon_pain: bool = False


class Choice(msgspec.Struct, frozen=True):
    """stretches: (stretch id, side) → the stretch and its muscles. companions: id → the companion
    and its targets. left_out: reasons, each once."""

    stretches: dict[tuple[str, str], tuple[Stretch, tuple[str, ...]]]
    companions: dict[str, tuple[Companion, tuple[Target, ...]]]
    left_out: tuple[Reason, ...]


def choose(targets: tuple[Target, ...], facts: Facts) -> Choice:
    """Stretches and companions for the targets, the first targets first."""
    left_out: list[Reason] = []
    stretches = _stretches(targets, facts, left_out)
    companions = _companions(targets, facts, left_out)
    if facts.needled:
        left_out += _not_today(targets)
    # Two muscles may leave out one stretch for one reason; the patient is told once.
    once = {(reason.code, str(reason.params)): reason for reason in left_out}
    return Choice(stretches, companions, tuple(once.values()))


def _not_today(targets: Iterable[Target]) -> list[Reason]:
    """What is not done on the day of needling over the needled place (INTEGRATION-3)."""
    source = ("INTEGRATION-3",)
    found = [Reason("programme-no-deep-massage", Weight.RELATIVE, {}, (), source)]
    if any(atlas().muscles[muscle_id].over_lung for muscle_id, _ in targets):
        found.append(Reason("programme-no-thrust-thorax", Weight.RELATIVE, {}, (), source))
    return found


def _stretches(
    targets: tuple[Target, ...], facts: Facts, left_out: list[Reason]
) -> dict[tuple[str, str], tuple[Stretch, tuple[str, ...]]]:
    chosen: dict[tuple[str, str], tuple[Stretch, tuple[str, ...]]] = {}
    for muscle_id, side in targets:
        stretch = knowledge().stretch_of[muscle_id]
        # Refused before counted: what must not be done takes no place of what may.
        against = _against(stretch.cautions, facts)
        key = (stretch.id, side)
        if against:
            left_out.append(_left(against, Weight.RELATIVE, stretch.name, stretch.sources))
        elif key in chosen:
            known, muscles = chosen[key]
            # One movement for two muscles is done once: doses don't add up.
            chosen[key] = (known, (*muscles, muscle_id))
        # Left and right of one stretch count as one: it is learnt once.
        elif len({name for name, _ in chosen} | {stretch.id}) > MOST_STRETCHES:
            left_out.append(_enough(stretch.name, MOST_STRETCHES))
        else:
            chosen[key] = (stretch, (muscle_id,))
    return chosen


def _companions(
    targets: tuple[Target, ...], facts: Facts, left_out: list[Reason]
) -> dict[str, tuple[Companion, tuple[Target, ...]]]:
    most = {"exercise": MOST_EXERCISES, "self-release": MOST_RELEASES}
    count: dict[str, int] = {}
    chosen: dict[str, tuple[Companion, tuple[Target, ...]]] = {
        general.id: (general, targets)
        for general in knowledge().general
        if facts.needled or general.only != "needled"
    }
    groups = dict.fromkeys(knowledge().group_of[muscle_id].id for muscle_id, _ in targets)
    for companion in _in_turn(tuple(groups)):
        mine = _targets_of(companion, targets)
        against = _against(companion.cautions, facts)
        # A ball under body weight bruises deeper than a finger feels; an exercise does not.
        if companion.kind == "self-release" and facts.on_antithrombotic:
            against = "programme-no-pressure-antithrombotic"
        if against:
            left_out.append(_left(against, Weight.RELATIVE, companion.name, companion.sources))
        # Advice and manual therapy have no upper number: reading costs no evening.
        elif count.get(companion.kind, 0) >= most.get(companion.kind, 99):
            left_out.append(_enough(companion.name, most[companion.kind]))
        else:
            count[companion.kind] = count.get(companion.kind, 0) + 1
            chosen[companion.id] = (companion, mine)
    return chosen


def _in_turn(groups: tuple[str, ...]) -> list[Companion]:
    """Companions of the groups: the first of every group, then the second, so that none starves."""
    queues = [
        [companion for companion in knowledge().companions if group in companion.groups]
        for group in groups
    ]
    order: dict[str, Companion] = {}
    for place in range(max((len(queue) for queue in queues), default=0)):
        for queue in queues:
            if place < len(queue):
                order.setdefault(queue[place].id, queue[place])
    return list(order.values())


def _targets_of(companion: Companion, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    group_of = knowledge().group_of
    return tuple(target for target in targets if group_of[target[0]].id in companion.groups)


def _against(cautions: tuple[str, ...], facts: Facts) -> str:
    """The code of the reason to leave something out, "" if there is none."""
    # An age nobody entered leaves nothing out: the caution itself stands on the card.
    older = facts.age_years is not None and facts.age_years > END_RANGE_YEARS
    checks = (
        ("prone", facts.pregnant, "programme-not-in-pregnancy"),
        ("disc", facts.bending_hurts, "programme-bending-hurts"),
        ("tendon-hip", facts.hip_tendon_pain, "programme-hip-tendon"),
        ("not-numb", facts.numb_feet, "programme-numb"),
        ("dizzy", older, "programme-neck-older"),
    )
    return next((code for name, holds, code in checks if holds and name in cautions), "")


def _left(code: str, weight: Weight, name: Words, sources: tuple[str, ...]) -> Reason:
    params: dict[str, str | int | float] = {"name": name.en, "name_ur": name.in_language("ur")}
    return Reason(code, weight, params, (), sources)


def _enough(name: Words, most: int) -> Reason:
    params: dict[str, str | int | float] = {
        "name": name.en,
        "name_ur": name.in_language("ur"),
        "most": most,
    }
    return Reason("programme-enough", Weight.PRECAUTION, params, (), ("design",))
