"""The steps of a visit as the demo walks them: each through the action that the page uses.

An action that refuses is a defect of the demo's pathway, and says so with its reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from filiform import planning, screening
from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.assessment import actions as assessment
from filiform.clinic.assessment import queries as assessed
from filiform.clinic.assessment import safety
from filiform.clinic.assessment.details import proposed_details
from filiform.clinic.consent import actions as consents
from filiform.clinic.consent.queries import current_text
from filiform.clinic.demo.shelf import open_packs
from filiform.clinic.facts.models import new_id
from filiform.clinic.intake import actions as intake
from filiform.clinic.intake.queries import disclosure_of
from filiform.clinic.intake.vocabulary import SECTION_OF
from filiform.clinic.pathway import actions as pathway
from filiform.clinic.patients.models import Patient
from filiform.clinic.programme import actions as programme
from filiform.clinic.programme import care, care_actions
from filiform.clinic.programme import queries as programme_queries
from filiform.clinic.staff.models import Member
from filiform.clinic.treatment import actions as treatments
from filiform.clinic.treatment.before import usual
from filiform.clinic.treatment.models import Act, Seal, Treatment
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit
from filiform.disclosure import Kind
from filiform.programme import proposed
from filiform.reasons import Reason, say

Recorded = TypeVar("Recorded")
NeedledSpot = tuple[str, str, str]
"""Muscle, side, trigger point."""

SIGNATURE = (
    "M60 130 L80 70 L104 128 L128 74 L150 126 L176 92 L198 122 L226 84 L252 120 L286 96 "
    "L330 118 L380 88 L440 112 L520 78"
)


class PathwayDefect(Exception):
    """The demo tried what the clinic refuses."""


def granted(answer: Recorded | tuple[Reason, ...]) -> Recorded:
    """The answer of an action. Raises PathwayDefect with the reasons when it was refused."""
    if isinstance(answer, tuple):
        raise PathwayDefect(" ".join(say(reason) for reason in answer))
    return answer


def nothing_to_disclose(*, by: Member, patient: Patient, but: Sequence[str] = ()) -> None:
    """ "Nothing" for every kind that is asked about, and "that is all" for those named."""
    for kind in ("condition", "allergy", "medicine"):
        # "Nothing" was not said of them: the list is closed instead.
        if kind in but:
            intake.all_told(by=by, patient=patient, section=SECTION_OF[Kind(kind)])
        else:
            intake.disclose(by=by, patient=patient, kind=kind, none_known=True)


def answer_questions(*, by: Member, visit: Visit, yes: Sequence[str] = ()) -> None:
    """Every open safety question of the visit, with no unless it is named."""
    day = timezone.localdate()
    sites = [
        screening.NeedlingSite(target.muscle, target.side) for target in assessed.targets(visit)
    ]
    for question in screening.questions(disclosure_of(visit.patient, visit), on=day, sites=sites):
        if question.answer is None:
            intake.answer(
                by=by,
                patient=visit.patient,
                visit=visit,
                question=question.id,
                value=question.id in yes,
            )


def tell(*, by: Member, visit: Visit, pain: tuple[int, int, int], **told: Any) -> None:
    """pain: now, worst, average."""
    now, worst, average = pain
    assessment.tell_story(
        by=by, visit=visit, pain_now=now, pain_worst=worst, pain_average=average, **told
    )


def examine(*, by: Member, visit: Visit, spots: Sequence[NeedledSpot]) -> None:
    """Choose targets with the findings that make them trigger points."""
    for muscle, side, point in spots:
        granted(assessment.choose_target(by=by, visit=visit, muscle=muscle, side=side, trp=point))
        for finding in ("taut-band", "hypersensitive-spot", "recognised-pain"):
            assessment.find(
                by=by, visit=visit, muscle=muscle, side=side, finding=finding, present=True
            )
        assessment.find(
            by=by,
            visit=visit,
            muscle=muscle,
            side=side,
            finding="pressure-threshold",
            value=180.0,
            unit="kPa",
        )


def plan(*, by: Member, visit: Visit) -> None:
    """What planning suggests for this patient, for every target."""
    day = timezone.localdate()
    for target in assessed.targets(visit):
        proposal = planning.suggest(
            target.muscle,
            target.side,
            trp=target.trp,
            **assessed.build_at(target, visit, day),
        )
        if proposal.needle is None or proposal.depth_mm is None:
            raise PathwayDefect(f"{target.muscle} is not to be needled")
        low, high = proposal.depth_mm.target
        granted(
            assessment.plan_needling(
                by=by,
                target=target,
                position=proposal.position,
                technique=proposal.technique,
                diameter_mm=proposal.needle.diameter_mm,
                length_mm=proposal.needle.length_mm,
                depth_mm=round(min((low + high) / 2, proposal.depth_mm.limit)),
                insertions=proposal.passes,
                note="Usual approach, slow advance, patient asked to report any sharp pain.",
                details=proposed_details(proposal),
            )
        )


def confirm_safety(*, by: Member, visit: Visit, why: str = "") -> None:
    """Ask for changes, justify what needs it, confirm the verdict."""
    day = timezone.localdate()
    intake.confirm_unchanged(by=by, visit=visit, changed=False)
    for reason in safety.screening(visit, day).reasons:
        # Only these want a reason in writing: a precaution is acknowledged, nothing outweighs an
        # absolute.
        if reason.weight == "relative":
            granted(assessment.justify(by=by, visit=visit, rule=reason.id, text=why))
    assessment.confirm_safety(by=by, visit=visit, on=day)


def agree(*, by: Member, visit: Visit, signed_name: str = "", relation: str = "self") -> None:
    patient = visit.patient
    text = current_text(patient.organisation, patient.language)
    if text is None:
        raise PathwayDefect("no consent text is published")
    granted(
        consents.give_consent(
            by=by,
            visit=visit,
            text=text,
            language=text.language,
            muscles=[(target.muscle, target.side) for target in assessed.targets(visit)],
            method="drawn",
            signature=SIGNATURE,
            signed_name=signed_name or patient.name,
            relation=relation,
            teach_back={"what": True, "risk": True, "call": True},
            shown={},
        )
    )


def start(*, by: Member, visit: Visit) -> Treatment:
    visits.begin(by=by, visit=visit)
    checked = usual(timezone.now())
    return granted(pathway.start(by=by, visit=visit, on=timezone.localdate(), before=checked))


def needle(*, by: Member, treatment: Treatment, twitches: int = 2) -> list[Act]:
    """One needle into each target, with its twitches; the needles are still in."""
    open_packs(by=by, treatment=treatment)
    placed = []
    for number, target in enumerate(assessed.targets(treatment.visit)):
        at = timezone.now() + timedelta(seconds=20 * number)
        inside = _act(by, treatment, "insertion", at, target=target)
        placed.append(inside)
        for count in range(twitches):
            _act(by, treatment, "twitch", at + timedelta(seconds=5 + count), needle=inside)
        _act(by, treatment, "pain-reproduced", at + timedelta(seconds=9), needle=inside)
    return placed


def take_out(*, by: Member, treatment: Treatment, placed: Sequence[Act]) -> None:
    for number, inside in enumerate(placed):
        at = timezone.now() + timedelta(seconds=5 * number)
        _act(by, treatment, "removal", at, needle=inside)


def count_and_ask(*, by: Member, treatment: Treatment, needles: int, pain: int) -> None:
    at = timezone.now()
    details = {"opened": needles, "unused": 0, "in_bin": needles}
    _act(by, treatment, "count", at, details=details)
    told = {"pain": pain, "soreness": 2, "feels": "well", "motion": "Turns freely"}
    _act(by, treatment, "response", at, details=told)


def sign(*, by: Member, treatment: Treatment) -> Seal:
    return granted(pathway.sign(by=by, treatment=treatment, on=timezone.localdate()))


def prescribe(*, by: Member, visit: Visit) -> None:
    """The programme with its plan of care, a goal and a cause; the plan and the goal are set once
    for a complaint, and the goal comes nearer by a point or two a visit."""
    on = timezone.localdate()
    programme.choose_all(by=by, visit=visit, on=on)
    care_actions.answer_cause(by=by, visit=visit, cause="long-sitting", state="found")
    # A plan of care and its goals belong to a course of visits, not to one visit.
    if visit.episode is None:
        return
    course = programme_queries.course(visit, on=on)
    if care.plan_of(visit) is None:
        granted(care_actions.plan_care(by=by, visit=visit, plan=proposed(course.plan, on=on)))
        granted(
            care_actions.set_goal(
                by=by,
                visit=visit,
                activity="Sit through a working day",
                patient_does="The exercises on the card",
                clinic_does="Hands-on treatment, step up when it is easy",
                score=3,
            )
        )
        return
    for line in care.goal_lines(visit):
        score = min(10, (line.last or 0) + 2)
        granted(care_actions.score_goal(by=by, visit=visit, goal=line.goal, score=score))


def at_home(*, visit: Visit, days: Sequence[tuple[int, int]]) -> None:
    """The patient ticks the first exercise: (days ago, how it felt)."""
    today = timezone.localdate()
    chosen = programme_queries.chosen(visit)
    # What is done in the clinic is not on the patient's card.
    row = next(one for one in chosen if one.kind == "exercise" and one.phase != "clinic")
    for ago, felt in days:
        programme.tick(row=row, day=today - timedelta(days=ago), today=today, felt=felt)


def reach(
    *,
    by: Member,
    treatment: Treatment,
    hours: int,
    note: str = "",
    where: BodyDrawing | None = None,
    **report: Any,
) -> None:
    """The patient answered the check that was due after so many hours."""
    check = treatment.checks.get(hours=hours)
    granted(
        aftercare.settle(
            by=by,
            check=check,
            result="answered",
            report={"hours_since": float(hours), **report},
            note=note,
            action="Advice given as on the sheet." if report.get("soreness_nprs", 0) > 4 else "",
            on=timezone.localdate(),
            where=where,
        )
    )


def _act(by: Member, treatment: Treatment, kind: str, at: datetime, **about: Any) -> Act:
    return granted(
        treatments.record_act(
            by=by, treatment=treatment, act_id=new_id(), kind=kind, at=at, **about
        )
    )


def day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()
