"""The step Plan: one card per target, saved together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform import planning
from filiform.anatomy import atlas
from filiform.anatomy.surface.close_up import moved
from filiform.anatomy.surface.spots import spot_text
from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment import actions, queries, safety
from filiform.clinic.assessment.depth_bar import depth_bar
from filiform.clinic.assessment.details import details_of
from filiform.clinic.assessment.forms.plan import (
    DETAILS,
    FIELDS,
    PlanForm,
    initial_of_measured,
    initial_of_plan,
    initial_of_proposal,
)
from filiform.clinic.assessment.forms.safety import JustificationForm
from filiform.clinic.assessment.judgement import dose_of_visit, session_reasons
from filiform.clinic.assessment.models import PlannedNeedling, Target
from filiform.clinic.assessment.on_body import Shown, entry_of, on_body, tapped
from filiform.clinic.assessment.vocabulary import TRAINING
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page
from filiform.planning import NeedlePlan
from filiform.planning.headings import headings
from filiform.reasons import Reason, Weight


@require_safe
@visit_page("see-clinical", saw_what="plan", kept=True)
def plan(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Cards filled in from what is planned, from last time where asked for, else proposed."""
    with one_reading():
        copied = request.GET.get("copy", "")
        cards = [
            _card(visit, target, kept, copied=copied) for target, kept in queries.plannable(visit)
        ]
        return _page(request, visit, cards)


MOST_PICTURES = 4
"""Ultrasound pictures on a card, the newest first (a choice)."""

NUDGES_CM = {"left": (-0.5, 0.0), "right": (0.5, 0.0), "up": (0.0, -0.5), "down": (0.0, 0.5)}
"""One press of an arrow: half a centimetre on the skin, less than a fingertip (a choice)."""


@require_safe
@visit_page("see-clinical")
def look(request: StaffRequest, visit: Visit, target_id: UUID) -> HttpResponse:
    """The two pictures of a card as its form stands: after a tap on the body, an arrow, a changed
    depth. Nothing is written; the place comes back and is saved with the card."""
    target = queries.target_in(visit, target_id)
    if target is None:
        raise Http404
    target.visit, target.patient = visit, visit.patient
    given = request.GET
    entry = given.get("entry", "")
    x, y = _number(given.get("x")), _number(given.get("y"))
    if x is not None and y is not None:
        spot = tapped(given.get("view", ""), x, y)
        # A tap beside the body leaves the place as it was.
        entry = spot_text(spot) if spot else entry
    entry = _nudged(target, entry, given.get("nudge", ""))
    shown = Shown(
        entry=entry,
        heading=given.get("heading", ""),
        angle_deg=_number(given.get("angle")),
        depth_mm=_number(given.get("depth")),
        palpation=given.get("palpation", ""),
    )
    found = on_body(target, _proposal(visit, target), shown, on=timezone.localdate())
    if found is None:
        raise Http404
    return JsonResponse(
        {
            "entry": found.entry,
            "where": found.where,
            "body": str(found.body),
            "section": str(found.section),
        }
    )


def _nudged(target: Target, entry: str, way: str) -> str:
    """The place moved by one press of an arrow; the same for an unknown one."""
    spot = entry_of(target, entry) if way in NUDGES_CM else None
    if spot is None:
        return entry
    right, down = NUDGES_CM[way]
    return spot_text(moved(spot, right_cm=right, down_cm=down))


@require_POST
@visit_page("record-clinical")
def plan_save(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Each card becomes a plan or comes back with what stands against it."""
    # An arrow is a button of the same form, so that what was typed comes along without script.
    if "nudge" in request.POST:
        return _moved_page(request, visit)
    with one_reading():
        planned = [
            (target, kept, _proposal(visit, target)) for target, kept in queries.plannable(visit)
        ]
    cards, refused = [], False
    for target, kept, proposal in planned:
        target.visit = visit
        form = PlanForm(request.POST, proposal=proposal, prefix=str(target.pk))
        reasons: tuple[Reason, ...] = ()
        if form.is_valid():
            # Card by card: one that is refused must not undo what the others say.
            _keep_measured(request, target, form)
            answer = actions.plan_needling(
                by=request.user, target=target, on=timezone.localdate(), **form.planned
            )
            if isinstance(answer, PlannedNeedling):
                kept = answer
            else:
                reasons = answer
        refused = refused or bool(reasons) or not form.is_valid()
        cards.append((target, kept, form, reasons))
    if not refused:
        messages.success(request, _("The plan is saved."))
        return redirect(
            # Only a plan without a refused card goes on to what is consented to.
            "consent:consent" if "next" in request.POST else "assessment:plan",
            visit.pk,
        )
    shown = [
        _card(visit, target, kept, form=form, reasons=reasons)
        for target, kept, form, reasons in cards
    ]
    return _page(request, visit, shown, status=422)


def _moved_page(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Without script: the page as it was filled in, with one place of entry moved; not saved."""
    which, _colon, way = request.POST["nudge"].partition(":")
    given = request.POST.copy()
    cards = []
    with one_reading():
        for target, kept in queries.plannable(visit):
            if str(target.pk) == which:
                name = f"{target.pk}-entry"
                given[name] = _nudged(target, given.get(name, ""), way)
            form = PlanForm(given, proposal=_proposal(visit, target), prefix=str(target.pk))
            cards.append(_card(visit, target, kept, form=form))
        return _page(request, visit, cards)


def _keep_measured(request: StaffRequest, target: Target, form: PlanForm) -> None:
    """Before the plan, which is judged by it; and kept though the plan be refused: it was seen."""
    if form.measured:
        actions.measure_depth(by=request.user, target=target, **form.measured)
    else:
        actions.forget_depth(by=request.user, target=target, why=_("Removed from the plan."))


def _proposal(visit: Visit, target: Target) -> NeedlePlan:
    return planning.suggest(
        target.muscle,
        target.side,
        trp=target.trp,
        **queries.build_at(target, visit, timezone.localdate()),
    )


def _card(
    visit: Visit,
    target: Target,
    kept: PlannedNeedling | None,
    *,
    form: PlanForm | None = None,
    reasons: tuple[Reason, ...] = (),
    copied: str = "",
) -> dict[str, Any]:
    # Read already: a card must not ask the database for them again, target by target.
    target.visit, target.patient = visit, visit.patient
    proposal = _proposal(visit, target)
    last = queries.last_plans(visit).get((target.muscle, target.side))
    proposed = initial_of_proposal(proposal)
    # After the plan that is kept: who asks to copy wants last time's, and nothing is saved yet.
    copying = last is not None and copied == str(target.pk)
    values = initial_of_plan(last) if last and copying else _planned_or(proposed, kept)
    measured = queries.measured_depth(target, visit.patient)
    values = values | initial_of_measured(measured)
    # A form that was refused keeps what was typed in it.
    form = form or PlanForm(initial=values, proposal=proposal, prefix=str(target.pk))
    # From the form, saved or not: pictures and differences follow what the eye sees.
    now = {name: form[name].value() for name in (*FIELDS, *DETAILS)}
    entry = str(form["entry"].value() or "")
    return {
        "target": target,
        "muscle": atlas().muscles[target.muscle],
        "kept": kept,
        "proposal": proposal,
        "form": form,
        "refused": reasons,
        "reasons": _notes(kept, proposal),
        "bar": depth_bar(proposal.depth_mm, _number(now["depth_mm"]))
        if proposal.depth_mm
        else None,
        "on_body": on_body(target, proposal, _shown_on_body(now, entry), on=timezone.localdate()),
        "entry_moved": bool(last and details_of(last).entry and details_of(last).entry != entry),
        "training": TRAINING.get(proposal.training_level, proposal.training_level),
        "measured": measured,
        "pictures": queries.depth_pictures(visit.patient).get((target.muscle, target.side), [])[
            :MOST_PICTURES
        ],
        "last": last,
        "last_differs": _differing(initial_of_plan(last), now) if last else {},
        "proposed_differs": _differing(proposed, now),
    }


def _planned_or(proposed: dict[str, Any], kept: PlannedNeedling | None) -> dict[str, Any]:
    if kept is None:
        return proposed
    values = initial_of_plan(kept)
    if not kept.details:
        # Planned by a former release: what it could not say yet is proposed, not left blank.
        values |= {name: proposed[name] for name in DETAILS}
    return values


def _shown_on_body(now: dict[str, Any], entry: str) -> Shown:
    return Shown(
        entry=entry,
        heading=str(now["heading"] or ""),
        angle_deg=_number(now["angle_deg"]),
        depth_mm=_number(now["depth_mm"]),
        palpation=str(now["palpation"] or ""),
    )


def _notes(kept: PlannedNeedling | None, proposal: NeedlePlan) -> list[Reason]:
    """What has to be minded: as it stood when the plan was kept, else as it stands now."""
    if kept is not None:
        return [msgspec.convert(row, Reason) for row in kept.reasons]
    return list(proposal.reasons)


def _differing(other: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Field → the other value in words, where it differs from what is in the form."""
    return {
        name: _in_words(name, other[name])
        for name in (*FIELDS, *DETAILS)
        # What last time did not say is no difference.
        if other.get(name) not in (None, "")
        and str(other[name]) != str(now[name])
        and not _same(other[name], now[name])
    }


def _same(one: Any, other: Any) -> bool:
    first, second = _number(one), _number(other)
    # "12" in the form and 12.0 in the record are the same depth.
    if first is not None and second is not None:
        return first == second
    return str(one) == str(other)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _in_words(name: str, value: Any) -> Any:
    tables = {
        "position": dict(planning.POSITIONS),
        "technique": dict(planning.TECHNIQUES),
        "palpation": dict(planning.GRIPS),
        "heading": {one.id: one.name for one in headings()},
    }
    return tables.get(name, {}).get(value, value)


def _page(
    request: StaffRequest, visit: Visit, cards: list[dict[str, Any]], *, status: int = 200
) -> HttpResponse:
    on = timezone.localdate()
    written = safety.justified(visit, atlas().release)
    session = [
        {
            "reason": reason,
            "written": written.get(reason.code),
            "form": JustificationForm(initial={"rule": reason.code}, auto_id=f"id_{reason.code}_%s")
            if reason.weight is Weight.RELATIVE
            else None,
        }
        for reason in session_reasons(visit, on)
    ]
    context = {
        "cards": cards,
        "session": session,
        "dose": dose_of_visit(visit),
        "templates": queries.plan_templates(visit.organisation_id),
        "all_planned": bool(cards) and all(card["kept"] for card in cards),
    }
    return step_page(
        request, "assessment/plan", visit=visit, step="plan", context=context, status=status
    )
