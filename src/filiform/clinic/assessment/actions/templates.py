"""Plans that are used again under a name: kept from a visit, applied to another, taken away."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from filiform import planning
from filiform.anatomy import atlas
from filiform.clinic.assessment import queries
from filiform.clinic.assessment.actions.plans import plan_needling
from filiform.clinic.assessment.actions.targets import choose_target
from filiform.clinic.assessment.details import PlanDetails, details_of
from filiform.clinic.assessment.models import PlannedNeedling, PlanTemplate, Target
from filiform.clinic.facts.amending import voided
from filiform.clinic.facts.recording import recording
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


class TemplateRow(msgspec.Struct, frozen=True, kw_only=True):
    """How one muscle is needled in a template. Not how deep: that is a matter of the body."""

    muscle: str
    side: str
    trp: str
    technique: str
    passes: int
    position: str
    details: PlanDetails


class Applied(NamedTuple):
    """planned: targets with a plan now. refused: target → why it has none."""

    planned: list[Target]
    refused: list[tuple[str, str, tuple[Reason, ...]]]


def keep_template(*, by: Member, visit: Visit, name: str) -> PlanTemplate | tuple[Reason, ...]:
    """Keep a visit's plans under a name; a template of that name is replaced.

    Refused where nothing is planned, or without a name.
    """
    name = name.strip()
    rows = [
        TemplateRow(
            muscle=target.muscle,
            side=target.side,
            trp=target.trp,
            technique=plan.technique,
            passes=plan.insertions,
            position=plan.position,
            # The place of entry is this patient's, and the other one's is looked for anew.
            details=msgspec.structs.replace(details_of(plan), entry=""),
        )
        for target, plan in queries.plans(visit)
        if plan is not None
    ]
    if not rows or not name:
        return (Reason("template-empty" if name else "template-no-name"),)
    with recording("plan-template-kept", by=by) as entry:
        # A name stands once in the list; the former version stays in the record.
        same = PlanTemplate.objects.current().filter(organisation=by.organisation, name=name)
        template = PlanTemplate.objects.create(
            organisation=by.organisation,
            recorded_by=by,
            name=name,
            rows=msgspec.to_builtins(rows),
            replaces=same.first(),
        )
        entry.about(template)
    return template


def drop_template(*, by: Member, template: PlanTemplate, why: str) -> None:
    """Take a template off the list. Raises ValueError without a why."""
    with recording("plan-template-dropped", by=by) as entry:
        entry.about(voided(template, by=by, why=why))


def apply_template(*, by: Member, visit: Visit, template: PlanTemplate, on: date) -> Applied:
    """Choose the template's muscles and plan them for this patient.

    Needle and depth are proposed for this body; technique, dose, grip, direction and settings are
    the template's. What is planned here already stays. on: the clinic's day.
    Raises ValueError for a template of another clinic.
    """
    # The views look for it in the own clinic already; a mistake there must not carry a plan across.
    if template.organisation_id != visit.organisation_id:
        raise ValueError("the template is another clinic's")
    done: list[Target] = []
    refused: list[tuple[str, str, tuple[Reason, ...]]] = []
    for row in msgspec.convert(template.rows, list[TemplateRow]):
        # A later atlas may have dropped or renamed it; the other muscles are planned all the same.
        if row.muscle not in atlas().muscles:
            reasons: Any = (Reason("target-unknown", params={"got": row.muscle}),)
        else:
            reasons = _apply(by, visit, row, template.name, on)
        if isinstance(reasons, Target):
            done.append(reasons)
        else:
            refused.append((row.muscle, row.side, reasons))
    return Applied(done, refused)


def _apply(
    by: Member, visit: Visit, row: TemplateRow, name: str, on: date
) -> Target | tuple[Reason, ...]:
    target = choose_target(by=by, visit=visit, muscle=row.muscle, side=row.side, trp=row.trp)
    if isinstance(target, tuple) or queries.plan_of(target) is not None:
        return target
    # The row in hand, which has its patient read: a query for each muscle otherwise.
    target.visit = visit
    proposal = planning.suggest(
        row.muscle, row.side, trp=row.trp, **queries.build_at(target, visit, on)
    )
    if proposal.needle is None or proposal.depth_mm is None:
        return proposal.reasons
    plan = plan_needling(
        by=by,
        target=target,
        position=row.position,
        technique=row.technique,
        diameter_mm=proposal.needle.diameter_mm,
        length_mm=proposal.needle.length_mm,
        depth_mm=proposal.depth_mm.target[1],
        insertions=row.passes,
        details=row.details,
        on=on,
    )
    return target if isinstance(plan, PlannedNeedling) else plan
