"""What goes into a programme and what is left out, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from filiform.anatomy import atlas
from filiform.programme.knowledge import Companion, Stretch, knowledge
from filiform.reasons import Reason, Weight
from filiform.words import Words

TreatedMuscle = tuple[str, str]

MOST_STRETCHES = 4
MOST_EXERCISES = 4
MOST_RELEASES = 2
"""A home card that is done beats one that is complete (design values)."""
END_RANGE_YEARS = 65
"""From this age no stretch to the end of range at the front of the neck (INTEGRATION-4)."""
EVERY_STRETCH = ("gentle", "lax")
"""A needled muscle is sore: no stretch goes home without the word to stop at pain. Joints that are
too loose are not stretched at all."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What decides that something is left out. rules: ids of the rules of screening that speak
    about the patient."""

    needled: bool = True
    on_antithrombotic: bool = False
    age_years: float | None = None
    pregnant: bool = False
    numb_feet: bool = False
    bending_hurts: bool = False
    hip_tendon_pain: bool = False
    rules: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Everything that holds, in the words of `Caution.when`."""
        flags = {
            "pregnant": self.pregnant,
            "numb-feet": self.numb_feet,
            "bending-hurts": self.bending_hurts,
            "hip-tendon-pain": self.hip_tendon_pain,
            "antithrombotic": self.on_antithrombotic,
            # An age nobody entered leaves nothing out: the caution itself stands on the card.
            "older": self.age_years is not None and self.age_years > END_RANGE_YEARS,
        }
        return self.rules | {name for name, holds in flags.items() if holds}


class Choice(msgspec.Struct, frozen=True):
    """stretches: (stretch id, side) → the stretch and its muscles. companions: id → the companion
    and its targets. spare: (phase id, companion id) pairs that would make the card too long.
    left_out: reasons, each once. refused: ids of what facts leave out, with why."""

    stretches: dict[tuple[str, str], tuple[Stretch, tuple[str, ...]]]
    companions: dict[str, tuple[Companion, tuple[TreatedMuscle, ...]]]
    spare: frozenset[tuple[str, str]]
    left_out: tuple[Reason, ...]
    refused: dict[str, Reason]


def choose(targets: tuple[TreatedMuscle, ...], facts: Facts) -> Choice:
    """Stretches and companions for the targets, the first targets first."""
    left_out: list[Reason] = []
    refused: dict[str, Reason] = {}
    stretches = _stretches(targets, facts, left_out, refused)
    companions = _companions(targets, facts, left_out, refused)
    spare = _beyond_the_card(companions, left_out)
    if facts.needled:
        left_out += _not_today(targets)
    # Two muscles may leave out one stretch for one reason; the patient is told once.
    once = {(reason.code, str(reason.params)): reason for reason in left_out}
    return Choice(stretches, companions, spare, tuple(once.values()), refused)


def _not_today(targets: Iterable[TreatedMuscle]) -> list[Reason]:
    """What is not done on the day of needling over the needled place (INTEGRATION-3)."""
    source = ("INTEGRATION-3",)
    found = [Reason("programme-no-deep-massage", Weight.RELATIVE, {}, (), source)]
    # A thrust there would hide or worsen the signs of an injured pleura.
    if any(atlas().muscles[muscle_id].over_lung for muscle_id, _ in targets):
        found.append(Reason("programme-no-thrust-thorax", Weight.RELATIVE, {}, (), source))
    return found


def _stretches(
    targets: tuple[TreatedMuscle, ...],
    facts: Facts,
    left_out: list[Reason],
    refused: dict[str, Reason],
) -> dict[tuple[str, str], tuple[Stretch, tuple[str, ...]]]:
    chosen: dict[tuple[str, str], tuple[Stretch, tuple[str, ...]]] = {}
    for muscle_id, side in targets:
        stretch = knowledge().stretch_of[muscle_id]
        # Refused before counted: what must not be done takes no place of what may.
        against = _against((*EVERY_STRETCH, *stretch.cautions), facts)
        key = (stretch.id, side)
        if against:
            refused[stretch.id] = _left(against, Weight.RELATIVE, stretch.name, stretch.sources)
            left_out.append(refused[stretch.id])
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
    targets: tuple[TreatedMuscle, ...],
    facts: Facts,
    left_out: list[Reason],
    refused: dict[str, Reason],
) -> dict[str, tuple[Companion, tuple[TreatedMuscle, ...]]]:
    chosen: dict[str, tuple[Companion, tuple[TreatedMuscle, ...]]] = {}
    groups = dict.fromkeys(knowledge().group_of[muscle_id].id for muscle_id, _ in targets)
    for companion in (*knowledge().general, *_in_turn(tuple(groups))):
        if companion.only == "needled" and not facts.needled:
            continue
        against = _against(companion.cautions, facts)
        # A ball under body weight bruises deeper than a finger feels; an exercise does not.
        if companion.kind == "self-release" and facts.on_antithrombotic:
            against = "programme-no-pressure-antithrombotic"
        if against:
            reason = _left(against, Weight.RELATIVE, companion.name, companion.sources)
            refused[companion.id] = reason
            left_out.append(reason)
        else:
            mine = _targets_of(companion, targets) if companion.groups else targets
            chosen[companion.id] = (companion, mine)
    return chosen


def _beyond_the_card(
    companions: dict[str, tuple[Companion, tuple[TreatedMuscle, ...]]], left_out: list[Reason]
) -> frozenset[tuple[str, str]]:
    """What would make the card of a phase too long; a reason for what is on no card at all."""
    most = {"exercise": MOST_EXERCISES, "self-release": MOST_RELEASES}
    spare: set[tuple[str, str]] = set()
    for phase in knowledge().phases:
        count: dict[str, int] = {}
        for companion, _ in companions.values():
            # What goes with every programme, and advice and hands-on treatment, have no upper
            # number: reading costs no evening.
            if phase.id not in companion.phases or not companion.groups:
                continue
            count[companion.kind] = count.get(companion.kind, 0) + 1
            if count[companion.kind] > most.get(companion.kind, 99):
                spare.add((phase.id, companion.id))
    for companion, _ in companions.values():
        if companion.phases and all((phase, companion.id) in spare for phase in companion.phases):
            left_out.append(_enough(companion.name, most[companion.kind]))
    return frozenset(spare)


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


def _targets_of(
    companion: Companion, targets: tuple[TreatedMuscle, ...]
) -> tuple[TreatedMuscle, ...]:
    group_of = knowledge().group_of
    return tuple(target for target in targets if group_of[target[0]].id in companion.groups)


def _against(cautions: tuple[str, ...], facts: Facts) -> str:
    """The code of the reason to leave something out, "" if there is none."""
    known, names = knowledge().cautions, facts.names
    # One is enough to leave it out, and one sentence to say so.
    return next((known[name].reason for name in cautions if known[name].when & names), "")


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
