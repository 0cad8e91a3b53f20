"""What the needling notes and caps have to say about a plan, as reasons."""

from __future__ import annotations

import msgspec

from filiform.anatomy import Muscle
from filiform.planning.distances import Predicted
from filiform.planning.knowledge import knowledge
from filiform.planning.limits import AVERAGE_BMI, Limit, limit_for
from filiform.planning.patient import Body
from filiform.reasons import Reason, Weight
from filiform.words import Words


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
        # A number that nobody stands for must not open an adult's range to a child.
        code = "plan-child-measured" if body.measurement_is_signed else "plan-child"
        found.append(Reason(code, Weight.RELATIVE, params, (), ("PROCEDURE-6.3", "MaChest15")))
    if muscle.over_lung and muscle.needleable:
        found.append(
            Reason("plan-over-lung", Weight.PRECAUTION, named(muscle), (), ("SA121", "SAFETY-D2"))
        )
    return tuple(found)


def about_nerves(muscle: Muscle) -> tuple[Reason, ...]:
    """The test of each nerve beside the needle's way, once it is out again: a nerve that was hurt
    shows at once and is looked for by nobody who isn't reminded."""
    return tuple(
        Reason(
            "plan-nerve-test",
            Weight.PRECAUTION,
            named(
                muscle,
                nerve=one.name.en,
                nerve_ur=one.name.in_language("ur"),
                test=one.test.en,
                test_ur=one.test.in_language("ur"),
            ),
            (),
            one.sources,
        )
        for one in knowledge().nerves
        if muscle.id in one.muscles and muscle.needleable
    )


def about_limit(
    muscle: Muscle, grip: str, body: Body, limit: Limit | None, point: str
) -> tuple[Reason, ...]:
    """Where the limit comes from when sources disagree or a fact about the patient is missing."""
    if limit is None or not muscle.needleable:
        return _about_no_limit(muscle, body)
    found: list[Reason] = []
    if body.age_years is None:
        found.append(Reason("plan-age-unknown", Weight.PRECAUTION, named(muscle), (), ("NZ-Code",)))
    # Only said where it matters: asking for a weight that changes nothing teaches to ignore us.
    if body.bmi is None and limit_for(muscle, grip, _average(body), point) != limit:
        # The rule's own id goes along, for whoever looks it up in the reference.
        params = named(muscle, limit_mm=number(limit.limit_mm), rule=limit.rule)
        found.append(Reason("plan-body-mass-unknown", Weight.PRECAUTION, params, (), limit.sources))
    if limit.limit_mm <= 0:
        params = named(muscle, grip=grip, rule=limit.rule)
        code = limit.cap.refuses if limit.cap else "plan-grip-not-allowed"
        found.append(Reason(code, Weight.ABSOLUTE, params, (), limit.sources))
    elif body.measured_depth_mm is not None:
        found.append(_about_measurement(muscle, body, limit))
    elif limit.overruled_mm is not None and limit.overruled_mm > limit.limit_mm:
        found.append(_disagreement(muscle, limit))
    if limit.cap and limit.cap.warns:
        warns = limit.cap.warns
        found.append(Reason(warns.code, Weight.PRECAUTION, named(muscle), (), warns.sources))
    return tuple(found)


def _about_no_limit(muscle: Muscle, body: Body) -> tuple[Reason, ...]:
    """A child's measurement that opens nothing is said to be doubted, not passed over."""
    if not (body.is_child and body.measurement_is_signed and muscle.needleable):
        return ()
    params = named(muscle, measured_mm=number(body.measured_depth_mm or 0))
    return (Reason("plan-child-implausible", Weight.RELATIVE, params, (), ("PROCEDURE-6.3",)),)


def _average(body: Body) -> Body:
    """The same patient with an average build, to see whether build matters here."""
    # A metre tall, the weight in kg is the body-mass index: any average build would do.
    return msgspec.structs.replace(body, height_cm=100.0, weight_kg=AVERAGE_BMI)


def _about_measurement(muscle: Muscle, body: Body, limit: Limit) -> Reason:
    """Whether the depth measured on this patient lowers the limit, raises it, or does neither."""
    general_mm = limit.overruled_mm if limit.basis == "measured" else limit.limit_mm
    params = named(
        muscle,
        measured_mm=number(body.measured_depth_mm or 0),
        limit_mm=number(limit.limit_mm),
        other_mm=number(general_mm or 0),
        by=body.measured_by,
        how=body.measured_how,
    )
    code = "plan-measured-wins"
    if limit.basis != "measured":
        code = (
            "plan-measured-implausible" if body.measurement_is_signed else "plan-measured-unsigned"
        )
        code = "plan-child-general" if body.is_child else code
    elif general_mm is not None and limit.limit_mm > general_mm:
        code = "plan-measured-raises"
    return Reason(code, Weight.PRECAUTION, params, (), limit.sources)


NEEDLE_WHY = Words(en="No longer needle is used there.", ur="وہاں اس سے لمبی سوئی نہیں لگتی۔")
SLIM_WHY = Words(
    en="In a slim body the notes' range is shortened.",
    ur="دبلے جسم میں ہدایات کی گہرائی کم کی جاتی ہے۔",
)


def _disagreement(muscle: Muscle, limit: Limit) -> Reason:
    why = NEEDLE_WHY if limit.rule == "longest-needle" else SLIM_WHY
    if limit.cap and limit.cap.id == limit.rule:
        why = limit.cap.why
    else:
        nearest = [one.to for one in limit.distances if one.id == limit.rule]
        why = nearest[0] if nearest else why
    params = named(
        muscle,
        limit_mm=number(limit.limit_mm),
        note_mm=number(limit.overruled_mm or 0),
        rule=limit.rule,
        why=why.en,
        why_ur=why.in_language("ur"),
    )
    return Reason("plan-cap-wins", Weight.PRECAUTION, params, (), limit.sources)


def about_target(
    muscle: Muscle, limit: Limit, target_mm: tuple[float, float] | None
) -> tuple[Reason, ...]:
    """Where the proposal stays above the muscle, or there is none because nothing reaches it."""
    begins_mm = limit.usual_mm[0] if limit.usual_mm else 0.0
    params = named(muscle, from_mm=number(begins_mm), limit_mm=number(limit.limit_mm))
    if target_mm is None:
        fold = limit.fold_mm is not None
        code = "plan-out-of-reach-fold" if fold else "plan-out-of-reach"
        params |= {"fold_mm": number(limit.fold_mm or 0)}
        return (Reason(code, Weight.RELATIVE, params, (), limit.sources),)
    found: list[Reason] = []
    if target_mm[1] < begins_mm:
        params |= {"target_mm": number(target_mm[1])}
        found.append(Reason("plan-stays-superficial", Weight.PRECAUTION, params, (), limit.sources))
    over = [one for one in limit.distances if one.kind == "muscle"]
    # The mean of bodies like this one, not the interval: every second body lies beyond it.
    deep = [one for one in over if one.median_mm[0] > target_mm[1]]
    if deep and target_mm[1] >= begins_mm:
        found.append(_may_lie_deeper(muscle, deep[0], target_mm[1]))
    return tuple(found)


def _may_lie_deeper(muscle: Muscle, distance: Predicted, target_mm: float) -> Reason:
    params = named(
        muscle,
        target_mm=number(target_mm),
        low_mm=number(distance.median_mm[0]),
        high_mm=number(distance.median_mm[1]),
        n=distance.n,
    )
    return Reason("plan-may-lie-deeper", Weight.PRECAUTION, params, (), distance.sources)


def choose_position(
    muscle: Muscle, wanted: str | None, *, first_visit: bool = False
) -> tuple[str, tuple[Reason, ...]]:
    """The wanted position, or the note's usual one, and what is to be said about it.

    first_visit: nobody has been needled who sits up for it, and fainting is likeliest then.
    """
    usual = muscle.needling.positions
    known = knowledge().techniques.position
    upright_ids = {one.id for one in known if one.upright}
    if wanted is None:
        lying = [one for one in usual if one not in upright_ids]
        wanted = lying[0] if first_visit and lying else usual[0]
        return wanted, _first_time(muscle, wanted in upright_ids and first_visit)
    names = {position.id: position.name for position in known}
    if wanted not in names:
        params: dict[str, str | int | float] = {"got": wanted, "allowed": ", ".join(names)}
        return usual[0], (Reason("plan-position-unknown", Weight.ABSOLUTE, params),)
    first = _first_time(muscle, wanted in upright_ids and first_visit)
    upright = muscle.over_lung and wanted in upright_ids
    sitting = Reason("plan-seated-over-lung", Weight.PRECAUTION, named(muscle), (), ("CHU18",))
    if wanted in usual:
        return wanted, (sitting, *first) if upright else first
    params = named(
        muscle,
        got=names[wanted].en,
        got_ur=names[wanted].in_language("ur"),
        usual=", ".join(names[position].en for position in usual),
        usual_ur="، ".join(names[position].in_language("ur") for position in usual),
    )
    sources = muscle.needling.sources
    unusual = Reason("plan-position-unusual", Weight.PRECAUTION, params, (), sources)
    return wanted, (unusual, sitting, *first) if upright else (unusual, *first)


def _first_time(muscle: Muscle, sitting_up: bool) -> tuple[Reason, ...]:
    if not sitting_up:
        return ()
    sources = ("HH16b", "SAFETY-D1")
    return (Reason("plan-first-lying-down", Weight.PRECAUTION, named(muscle), (), sources),)
