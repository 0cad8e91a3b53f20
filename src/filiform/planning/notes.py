"""What the needling notes and caps have to say about a plan, as reasons."""

from __future__ import annotations

from filiform.anatomy import Muscle
from filiform.planning.knowledge import knowledge
from filiform.planning.limits import Limit
from filiform.planning.patient import Body
from filiform.reasons import Reason, Weight


def number(value: float) -> str:
    """A length for a sentence: no needless decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def named(muscle: Muscle, **params: str | int | float) -> dict[str, str | int | float]:
    """Sentence parameters that begin with the muscle's name in both languages."""
    return {"muscle": muscle.name.en, "muscle_ur": muscle.name.in_language("ur"), **params}


def about_muscle(muscle: Muscle, body: Body) -> tuple[Reason, ...]:
    """Whether this muscle is needled at all, by whom, and at this age."""
    found: list[Reason] = []
    sources = muscle.needling.sources
    if not muscle.needleable:
        found.append(Reason("plan-not-recommended", Weight.ABSOLUTE, named(muscle), (), sources))
    elif muscle.needling.guidance == "required":
        found.append(Reason("plan-guided-only", Weight.RELATIVE, named(muscle), (), sources))
    elif muscle.training_level == "specialist":
        found.append(Reason("plan-specialist", Weight.PRECAUTION, named(muscle), (), sources))
    if body.is_child and muscle.over_lung:
        params = named(muscle, age=number(body.age_years or 0))
        found.append(
            Reason("plan-child-over-lung", Weight.ABSOLUTE, params, (), ("MaChest15", "NZ-Code"))
        )
    elif body.is_child:
        params = named(muscle, age=number(body.age_years or 0))
        found.append(Reason("plan-child", Weight.RELATIVE, params, (), ("PROCEDURE-6.3",)))
    if muscle.over_lung and muscle.needleable:
        found.append(
            Reason("plan-over-lung", Weight.PRECAUTION, named(muscle), (), ("SA121", "SAFETY-D2"))
        )
    return tuple(found)


def about_limit(
    muscle: Muscle, grip: str, body: Body, limit: Limit | None, point: str
) -> tuple[Reason, ...]:
    """Where the limit comes from when sources disagree or a fact about the patient is missing."""
    if limit is None or not muscle.needleable:
        return ()
    found: list[Reason] = []
    if limit.cap and limit.cap.limit_mm.varies and body.bmi is None:
        params = named(muscle, limit_mm=number(limit.limit_mm), rule=limit.rule)
        found.append(Reason("plan-body-mass-unknown", Weight.PRECAUTION, params, (), limit.sources))
    if limit.limit_mm <= 0:
        params = named(muscle, grip=grip, rule=limit.rule)
        found.append(Reason("plan-grip-not-allowed", Weight.ABSOLUTE, params, (), limit.sources))
    elif limit.basis == "measured" and limit.overruled_mm is not None:
        params = named(
            muscle,
            measured_mm=number(body.measured_depth_mm or 0),
            limit_mm=number(limit.limit_mm),
            other_mm=number(limit.overruled_mm),
        )
        found.append(Reason("plan-measured-wins", Weight.PRECAUTION, params, (), limit.sources))
    elif limit.overruled_mm is not None and limit.overruled_mm > limit.limit_mm:
        found.append(_disagreement(muscle, limit))
    if limit.cap and limit.cap.warns:
        warns = limit.cap.warns
        found.append(Reason(warns.code, Weight.PRECAUTION, named(muscle), (), warns.sources))
    return tuple(found)


def _disagreement(muscle: Muscle, limit: Limit) -> Reason:
    params = named(
        muscle,
        limit_mm=number(limit.limit_mm),
        note_mm=number(limit.overruled_mm or 0),
        rule=limit.rule,
        why=limit.cap.why.en if limit.cap else "No longer needle is used there.",
        why_ur=limit.cap.why.in_language("ur") if limit.cap else "وہاں اس سے لمبی سوئی نہیں لگتی۔",
    )
    return Reason("plan-cap-wins", Weight.PRECAUTION, params, (), limit.sources)


def about_target(
    muscle: Muscle, limit: Limit, target_mm: tuple[float, float]
) -> tuple[Reason, ...]:
    """The proposal stays above where the note says the muscle is worked."""
    if limit.usual_mm is None or target_mm[1] >= limit.usual_mm[0]:
        return ()
    params = named(
        muscle,
        target_mm=number(target_mm[1]),
        from_mm=number(limit.usual_mm[0]),
        limit_mm=number(limit.limit_mm),
    )
    return (Reason("plan-stays-superficial", Weight.PRECAUTION, params, (), limit.sources),)


def choose_position(muscle: Muscle, wanted: str | None) -> tuple[str, tuple[Reason, ...]]:
    """The wanted position, or the note's usual one, and what is to be said about it."""
    usual = muscle.needling.positions
    if wanted is None:
        return usual[0], ()
    names = {position.id: position.name for position in knowledge().techniques.position}
    if wanted not in names:
        params: dict[str, str | int | float] = {"got": wanted, "allowed": ", ".join(names)}
        return usual[0], (Reason("plan-position-unknown", Weight.ABSOLUTE, params),)
    if wanted in usual:
        return wanted, ()
    params = named(
        muscle,
        got=names[wanted].en,
        got_ur=names[wanted].in_language("ur"),
        usual=", ".join(names[position].en for position in usual),
        usual_ur="، ".join(names[position].in_language("ur") for position in usual),
    )
    sources = muscle.needling.sources
    return wanted, (Reason("plan-position-unusual", Weight.PRECAUTION, params, (), sources),)
