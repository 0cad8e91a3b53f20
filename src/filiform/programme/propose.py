"""Putting a programme together from the needled muscles and a few facts about the patient.

targets ──► stretch of each muscle ─────┐
        └─► companions of its group ────┼──► phases, and what was left out with its reason
everyone ─► press, move, easy day ──────┘
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from filiform.anatomy import atlas
from filiform.programme.choice import EVERY_STRETCH, Choice, Facts, TreatedMuscle, choose
from filiform.programme.knowledge import Companion, PhasePlan, Stretch, knowledge
from filiform.programme.model import ExerciseDose, Item, Phase, Programme, dose_words
from filiform.reasons import reason_json
from filiform.words import Words

_SIDES = ("left", "right", "midline", "bilateral")


def propose(
    targets: Sequence[TreatedMuscle],
    *,
    needled: bool = True,
    on_antithrombotic: bool = False,
    age_years: float | None = None,
    pregnant: bool = False,
    numb_feet: bool = False,
    bending_hurts: bool = False,
    hip_tendon_pain: bool = False,
    rules: frozenset[str] = frozenset(),
) -> Programme:
    """Stretches, exercises, self-release, manual therapy and advice for the needled muscles.

    targets: (muscle id, side), the most important first. needled: False for a programme without
    needles. bending_hurts: bending forward makes back or leg pain worse. hip_tendon_pain: sore
    tendon at the outer hip. rules: ids of the rules of screening that speak about the patient;
    their cautions leave things out. Raises KeyError for an unknown muscle, ValueError for a side.
    """
    facts = Facts(
        needled=needled,
        on_antithrombotic=on_antithrombotic,
        age_years=age_years,
        pregnant=pregnant,
        numb_feet=numb_feet,
        bending_hurts=bending_hurts,
        hip_tendon_pain=hip_tendon_pain,
        rules=rules,
    )
    wanted = distinct(targets)
    return programme_of(wanted, choose(wanted, facts))


def programme_of(wanted: tuple[TreatedMuscle, ...], choice: Choice) -> Programme:
    """What was chosen, laid into the phases."""
    phases = tuple(_phase(plan, choice) for plan in knowledge().phases)
    return Programme(
        # General advice alone is no programme: with nothing needled there is nothing to go with.
        phases=tuple(phase for phase in phases if phase.items) if wanted else (),
        left_out=choice.left_out if wanted else (),
        factors={muscle_id: atlas().muscles[muscle_id].factors for muscle_id, _ in wanted},
        # The muscles and their stretches are the atlas' own, so that one release names both.
        release=atlas().release,
    )


def _phase(plan: PhasePlan, choice: Choice) -> Phase:
    items = _items(plan, choice.stretches, choice.companions)
    spare = {companion for phase, companion in choice.spare if phase == plan.id}
    return Phase(
        id=plan.id,
        name=plan.name,
        from_hours=plan.from_hours,
        items=tuple(item for item in items if item.id not in spare),
        more=tuple(item for item in items if item.id in spare),
    )


def distinct(targets: Sequence[TreatedMuscle]) -> tuple[TreatedMuscle, ...]:
    """The targets, each once. Raises KeyError for an unknown muscle, ValueError for a side."""
    for muscle_id, side in targets:
        # Asked only for its error, which offers the names that are near.
        atlas().muscle(muscle_id)
        if side not in _SIDES:
            raise ValueError(f"side: got {side!r}; allowed: {', '.join(_SIDES)}")
    return tuple(dict.fromkeys((muscle_id, side) for muscle_id, side in targets))


_ORDER = ("manual-therapy", "stretch", "exercise", "self-release", "advice")
"""Hands first, then movement, then load, as in a visit (INTEGRATION-3)."""


def _items(
    plan: PhasePlan,
    stretches: dict[tuple[str, str], tuple[Stretch, tuple[str, ...]]],
    companions: dict[str, tuple[Companion, tuple[TreatedMuscle, ...]]],
) -> list[Item]:
    items: list[Item] = []
    if plan.stretch is not None:
        for (_, side), (stretch, muscles) in stretches.items():
            items.append(_stretch_item(stretch, side, muscles, plan.stretch))
    for companion, targets in companions.values():
        if plan.id in companion.phases:
            items.append(_companion_item(companion, targets))
    # Sorting keeps the order within a kind, in which the first target's come first.
    return sorted(items, key=lambda item: _ORDER.index(item.kind))


def _stretch_item(
    stretch: Stretch, side: str, muscles: tuple[str, ...], usual: ExerciseDose
) -> Item:
    dose = usual
    if stretch.dose is not None:
        own = stretch.dose
        # How often a day is the phase's to say, whatever the stretch: the tissue heals at one pace.
        dose = msgspec.structs.replace(usual, sets=own.sets, reps=own.reps, hold_s=own.hold_s)
    return Item(
        # By side: a card that says left and right lets each be ticked by itself.
        id=f"{stretch.id}:{side}",
        kind="stretch",
        muscle=muscles[0],
        muscles=muscles,
        side=side,
        name=stretch.name,
        how=stretch.how,
        dose=dose,
        dose_words=dose_words(dose),
        cautions=_cautions((*EVERY_STRETCH, *stretch.cautions)),
        # That stretching goes with needling at all has a source of its own.
        sources=(*stretch.sources, "INTEGRATION-2"),
        basis=stretch.basis,
        part="stretch",
        angles=stretch.angles,
        easier=stretch.easier or knowledge().stretch_steps.easier,
        harder=stretch.harder or knowledge().stretch_steps.harder,
    )


def _companion_item(companion: Companion, targets: tuple[TreatedMuscle, ...]) -> Item:
    # With targets on both sides it is one line that says "on both sides".
    sides = {side for _, side in targets} if companion.sided else set()
    one_side = sides.pop() if len(sides) == 1 else ""
    return Item(
        id=companion.id,
        kind=companion.kind,
        # Advice for everyone belongs to no muscle, and is not repeated for each.
        muscle=targets[0][0] if companion.groups else "",
        muscles=tuple(dict.fromkeys(muscle_id for muscle_id, _ in targets)),
        side=one_side or ("bilateral" if companion.sided else ""),
        name=companion.name,
        how=companion.how,
        dose=companion.dose,
        dose_words=dose_words(companion.dose) if companion.dose else None,
        cautions=_cautions(companion.cautions),
        sources=companion.sources,
        basis=companion.basis,
        part=companion.part,
        easier=companion.easier,
        harder=companion.harder,
    )


def _cautions(names: tuple[str, ...]) -> tuple[Words, ...]:
    known = knowledge().cautions
    return tuple(known[name].text for name in dict.fromkeys(names) if not known[name].silent)


def as_json(programme: Programme, language: str = "en") -> dict[str, object]:
    """The programme as plain JSON values in one language (contract of `filiform programme`)."""
    return {
        "phases": [
            {
                "id": phase.id,
                "name": phase.name.in_language(language),
                "from_hours": phase.from_hours,
                "items": [_item_json(item, language) for item in phase.items],
            }
            for phase in programme.phases
        ],
        "left_out": [reason_json(reason, language) for reason in programme.left_out],
        "factors": {muscle: list(factors) for muscle, factors in programme.factors.items()},
        "release": programme.release,
    }


def _item_json(item: Item, language: str) -> dict[str, object]:
    return {
        "id": item.id,
        "kind": item.kind,
        "muscle": item.muscle,
        "muscles": list(item.muscles),
        "side": item.side,
        "name": item.name.in_language(language),
        "how": [step.in_language(language) for step in item.how],
        "dose": msgspec.to_builtins(item.dose) if item.dose else None,
        "dose_text": item.dose_words.in_language(language) if item.dose_words else "",
        "cautions": [caution.in_language(language) for caution in item.cautions],
        "part": item.part,
        "easier": item.easier.in_language(language) if item.easier else "",
        "harder": item.harder.in_language(language) if item.harder else "",
        "angles": item.angles,
        "basis": item.basis,
        "sources": list(item.sources),
    }
