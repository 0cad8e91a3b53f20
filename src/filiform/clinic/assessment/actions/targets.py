"""Choosing what is to be needled, dropping it again, and noting what was found on examination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filiform.anatomy import atlas
from filiform.clinic.assessment.actions.ranking import keep_ranking
from filiform.clinic.assessment.actions.safety import closed
from filiform.clinic.assessment.judgement import in_both
from filiform.clinic.assessment.models import Finding, Target
from filiform.clinic.assessment.vocabulary import FINDINGS, MOVEMENTS, TARGET_SIDES
from filiform.clinic.facts.amending import amended, hold, in_place
from filiform.clinic.facts.recording import recording
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.muscle_names import muscle_words
from filiform.reasons import Reason
from filiform.targeting import SCREEN

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

PRESSURE = "pressure-threshold"
MOTION = "range-of-motion"
KPA_PER_KG_CM2 = 98.07
"""1 kilogram-force per square centimetre in kilopascal."""

ALL_FINDINGS = frozenset(
    {code for code, _ in FINDINGS}
    | {PRESSURE, MOTION}
    | {f"{MOTION}/{code}" for code, _ in MOVEMENTS}
)


def choose_target(
    *, by: Member, visit: Visit, muscle: str, side: str, trp: str = ""
) -> Target | tuple[Reason, ...]:
    """Put a muscle on one side, perhaps one of its trigger points, on the list.

    What is on the list already stays as it is. Returns the reasons when it is refused.
    Raises KeyError for a trigger point that the muscle does not have.
    """
    refused = closed(visit) or _unknown(muscle, side)
    if refused:
        return refused
    if trp:
        atlas().muscles[muscle].trigger_point(trp)
    with recording("target-chosen", by=by) as entry:
        hold(visit)
        same = Target.objects.current().filter(visit=visit, muscle=muscle, side=side, trp=trp)
        target = same.first()
        if target is None:
            target = _write(by, visit, muscle, side, trp)
            # In the same transaction: afterwards findings would have moved the ranking by which it
            # was chosen.
            keep_ranking(target)
        entry.about(target, muscle=muscle, side=side)
    return target


def _unknown(muscle: str, side: str) -> tuple[Reason, ...]:
    if muscle not in atlas().muscles:
        return (Reason("target-unknown", params={"got": muscle[:60]}),)
    if side not in dict(TARGET_SIDES):
        return (Reason("target-side-unknown", params={"got": side[:20]}),)
    return ()


def _write(
    by: Member, visit: Visit, muscle: str, side: str, trp: str, *, replaces: Target | None = None
) -> Target:
    return in_place(
        Target(
            organisation=by.organisation,
            recorded_by=by,
            patient=visit.patient,
            visit=visit,
            muscle=muscle,
            side=side,
            trp=trp,
            replaces=replaces,
            atlas_release=atlas().release,
        )
    )


def place_target(*, by: Member, target: Target, trp: str) -> Target | tuple[Reason, ...]:
    """Say which trigger point of the muscle is meant. Its plan has to be made anew, because
    depth limits can differ from point to point."""
    if trp == target.trp:
        return target
    refused = _unknown(target.muscle, target.side) if trp else ()
    refused = refused or closed(target.visit) or _needled(target) or _placed_already(target, trp)
    if refused:
        return refused
    if trp:
        atlas().muscles[target.muscle].trigger_point(trp)
    with recording("target-placed", by=by) as entry:
        # The plan stays with the former row, and so the new one has none yet.
        placed = amended(target, by=by, trp=trp, atlas_release=atlas().release)
        entry.about(placed, trp=trp)
    return placed


def drop_target(*, by: Member, target: Target, why: str) -> Target | tuple[Reason, ...]:
    """Take a target off the list; the row stays, with why. Refused once it has been needled."""
    refused = closed(target.visit) or _needled(target)
    if refused:
        return refused
    with recording("target-dropped", by=by) as entry:
        former = Target.objects.filter(replaces=target).first()
        if former is None:
            former = amended(target, by=by, why=why, is_void=True)
        entry.about(former)
    return former


def _placed_already(target: Target, trp: str) -> tuple[Reason, ...]:
    # Chosen again, a muscle comes without a point; with the first one's it would be needled twice.
    same = Target.objects.current().filter(
        visit=target.visit_id, muscle=target.muscle, side=target.side, trp=trp
    )
    if not same.exists():
        return ()
    name = muscle_words(target.muscle)
    return (Reason("target-placed-already", params=in_both("muscle", name)),)


def _needled(target: Target) -> tuple[Reason, ...]:
    if target.acts.filter(kind="insertion").exists():
        name = muscle_words(target.muscle)
        return (Reason("target-needled", params=in_both("muscle", name)),)
    return ()


def find(
    *,
    by: Member,
    visit: Visit,
    muscle: str,
    side: str,
    finding: str,
    present: bool | None = None,
    value: float | None = None,
    unit: str = "",
    as_second: bool = False,
    not_sure: bool = False,
) -> Finding | None:
    """Note one finding on a muscle. A new answer replaces the former, None takes it back.

    not_sure: examined, and no answer came of it; kept, so that nobody is asked again. A nerve root
    is named by the id of its pain source, with the finding "neurological-screen".

    as_second: another examiner's answer is kept as a row even when it says the same.
    finding: a code of FINDINGS; pressure-threshold with value in kPa (kg/cm2 is converted);
    range-of-motion/MOVEMENT with value in degrees. Returns what holds now, None for nothing.
    Raises ValueError naming what is not allowed.
    """
    _check_finding(muscle, side, finding)
    value, unit = in_our_unit(value, unit)
    former = (
        Finding.objects.current()
        .filter(visit=visit, muscle=muscle, side=side, finding=finding)
        .order_by("-recorded_at")
        .first()
    )
    now = (present, value, unit)
    # Who corrects the own answer is not two examiners.
    own = former is not None and (not as_second or former.recorded_by == by)
    if former and own and (former.present, former.value, former.unit) == now:
        return former
    nothing = present is None and value is None and not not_sure
    # Each tap sends the whole card; what was never asked must not leave a row that says so.
    if former is None and nothing:
        return None
    with recording("finding-noted", by=by) as entry:
        row = in_place(
            Finding(
                organisation=by.organisation,
                recorded_by=by,
                patient=visit.patient,
                visit=visit,
                muscle=muscle,
                side=side,
                finding=finding,
                present=present,
                value=value,
                unit=unit,
                replaces=former,
                is_void=nothing,
            )
        )
        entry.about(row, finding=finding)
    return None if row.is_void else row


def _check_finding(muscle: str, side: str, finding: str) -> None:
    if finding not in ALL_FINDINGS and finding != SCREEN:
        allowed = ", ".join((*sorted(ALL_FINDINGS), SCREEN))
        raise ValueError(f"finding: got {finding!r}; allowed: {allowed}")
    if _unknown_root(muscle, side) if finding == SCREEN else _unknown(muscle, side):
        raise ValueError(f"no muscle {muscle!r} on the side {side!r}")


def _unknown_root(source: str, side: str) -> bool:
    known = atlas().pain_sources.get(source)
    return known is None or known.kind != "nerve-root" or side not in dict(TARGET_SIDES)


def in_our_unit(value: float | None, unit: str) -> tuple[float | None, str]:
    """Pressure in kPa, angles in degrees. Raises ValueError for another unit."""
    if value is None:
        return None, ""
    if unit in ("kg/cm2", "kg/cm²"):
        return round(value * KPA_PER_KG_CM2, 1), "kPa"
    if unit in ("kPa", "deg"):
        return value, unit
    raise ValueError(f"unit: got {unit!r}; allowed: kPa, kg/cm2, deg")
