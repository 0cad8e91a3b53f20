"""The step Targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.anatomy import atlas
from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment import actions, queries, ranking_page, safety
from filiform.clinic.assessment.actions.targets import MOTION
from filiform.clinic.assessment.forms.targets import FindingsForm, criteria, initial_of
from filiform.clinic.assessment.models import Target
from filiform.clinic.assessment.ranked import answer_of
from filiform.clinic.assessment.telling import area_in_words
from filiform.clinic.assessment.vocabulary import (
    CONSEQUENCES,
    DELPHI_SOURCE,
    FINDINGS,
    MOVEMENTS,
    TARGET_SIDES,
)
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.staff.credentials import currency
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page
from filiform.reasons import say

if TYPE_CHECKING:
    from filiform.anatomy import Muscle

FURTHER = 20
"""Muscles of the ranking that are offered below its rows: more than a hand palpates in a visit."""


@require_safe
@visit_page("see-clinical", saw_what="targets", kept=True)
def targets(request: StaffRequest, visit: Visit) -> HttpResponse:
    with one_reading():
        return _page(request, visit)


@require_safe
@visit_page("see-clinical")
def search(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Muscles by name while it is typed; without script the whole page with the results."""
    if not request.headers.get("HX-Request"):
        asked = urlencode({"q": request.GET.get("q", "")})
        return redirect(_address(visit, f"?{asked}"))
    context = {"visit": visit, **_search(request, visit)}
    return render(request, "assessment/_muscles_found.html", context)


@require_POST
@visit_page("record-clinical")
def choose(request: StaffRequest, visit: Visit) -> HttpResponse:
    post = request.POST
    muscle, side = post.get("muscle", ""), post.get("side", "")
    # A button of the same form: to palpate a muscle it need not become a target.
    if "examine" in post and muscle in atlas().muscles:
        side = post["examine"]
        return redirect(_address(visit, f"?examine={muscle}:{side}", muscle, side))
    chosen = actions.choose_target(by=request.user, visit=visit, muscle=muscle, side=side)
    if not _told(request, chosen):
        return redirect(_address(visit))
    return redirect(_address(visit, "", muscle, side))


@require_POST
@visit_page("record-clinical")
def place(request: StaffRequest, visit: Visit, target_id: UUID) -> HttpResponse:
    """Which trigger point of the muscle."""
    target, trp = _target(visit, target_id), request.POST.get("trp", "")
    # A target of before may name a muscle that the atlas has no more, and so no point of it.
    known = atlas().muscles.get(target.muscle)
    if trp and (known is None or trp not in {one.number for one in known.trigger_points}):
        raise Http404
    _told(request, actions.place_target(by=request.user, target=target, trp=trp))
    return redirect(_address(visit, "", target.muscle, target.side))


@require_POST
@visit_page("record-clinical")
def drop(request: StaffRequest, visit: Visit, target_id: UUID) -> HttpResponse:
    target = _target(visit, target_id)
    why = request.POST.get("why", "").strip()
    if not why:
        messages.error(request, _("Say why the target is removed: a word is enough."))
    elif _told(request, actions.drop_target(by=request.user, target=target, why=why[:300])):
        messages.success(request, _("Target removed."))
    return redirect(_address(visit))


@require_POST
@visit_page("record-clinical")
def find(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Keep what was found on one muscle; each tap is sent as it is made."""
    form = FindingsForm(request.POST)
    muscle, side = request.POST.get("muscle", ""), request.POST.get("side", "")
    if muscle not in atlas().muscles or side not in dict(TARGET_SIDES):
        raise Http404
    if form.is_valid():
        # Each is an action of its own; what is unchanged writes nothing.
        for found in form.found():
            actions.find(by=request.user, visit=visit, muscle=muscle, side=side, **found)
    if request.headers.get("HX-Request"):
        # Read after the writing, and the ranking after the card: both show the answer just given.
        context = {"card": _findings_card(visit, muscle, side), "form": form, "visit": visit}
        status = 422 if form.errors else 200
        with one_reading():
            context |= {"ranking": ranking_page.context(visit)}
            return render(request, "assessment/_found.html", context, status=status)
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    return redirect(_address(visit, f"?examine={muscle}:{side}", muscle, side))


def _target(visit: Visit, target_id: UUID) -> Target:
    found = queries.target_in(visit, target_id)
    if found is None:
        raise Http404
    found.visit = visit
    return found


def _told(request: StaffRequest, answer: Any) -> bool:
    """Show the reasons of a refusal; True when there was none."""
    if not isinstance(answer, tuple):
        return True
    for reason in answer:
        messages.error(request, say(reason, get_language() or "en"))
    return False


def _address(visit: Visit, query: str = "", muscle: str = "", side: str = "") -> str:
    anchor = f"#{muscle}-{side}" if muscle else ""
    return f"{reverse('assessment:targets', args=[visit.pk])}{query}{anchor}"


# --- the page -----------------------------------------------------------------------------------
def _page(request: StaffRequest, visit: Visit) -> HttpResponse:
    ranking = ranking_page.context(
        visit,
        show=request.GET.get("show", ""),
        skipped=ranking_page.skipped_of(request.GET.get("skipped", "")),
    )
    context = {
        **cards_of(request, visit),
        "ranking": ranking,
        "areas": [area_in_words(area) for area in queries.pain_areas(visit)],
        "told": queries.story(visit),
        "further": _further(visit, ranking["rows"]) if ranking["known"] else [],
        "delphi_source": DELPHI_SOURCE,
        **_search(request, visit),
    }
    return step_page(request, "assessment/targets", visit=visit, step="targets", context=context)


def cards_of(request: StaffRequest, visit: Visit) -> dict[str, Any]:
    """Cards of what is chosen, and of what was examined without being chosen."""
    chosen = queries.targets(visit)
    allowed = _allowed_regions(request, visit)
    screened = safety.screening(visit, timezone.localdate()).muscles
    verdicts = {(one.muscle, one.side): one for one in screened}
    return {
        "cards": [
            _target_card(visit, target, verdicts, allowed)
            for target in chosen
            if target.muscle in atlas().muscles
        ],
        # Chosen with an atlas of before: all that can be done with them is to take them off.
        "unknown": [target for target in chosen if target.muscle not in atlas().muscles],
        "examined": _examined(request, visit, {(one.muscle, one.side) for one in chosen}),
    }


def _allowed_regions(request: StaffRequest, visit: Visit) -> frozenset[str]:
    """Region privileges that the signed-in practitioner holds today."""
    now = currency(request.user, timezone.localdate())
    # Without a registration in force no privilege counts, though it be granted.
    if not now.may_needle:
        return frozenset()
    return frozenset(
        region
        for region, row in now.privileges.items()
        if row.granted_on <= now.on and (row.expires_on is None or row.expires_on >= now.on)
    )


def _target_card(
    visit: Visit, target: Target, verdicts: dict[Any, Any], allowed: frozenset[str]
) -> dict[str, Any]:
    muscle = atlas().muscles[target.muscle]
    says, look, mark = CONSEQUENCES[verdicts[target.muscle, target.side].decision]
    lacking = sorted(muscle.privileges - allowed)
    return {
        **_findings_card(visit, target.muscle, target.side),
        "target": target,
        "says": says,
        "look": look,
        "mark": mark,
        "lacking": [atlas().privileges[region].name for region in lacking],
    }


def _findings_card(visit: Visit, muscle_id: str, side: str) -> dict[str, Any]:
    known = queries.findings_by_muscle(visit).get((muscle_id, side), {})
    present, recognised = criteria(known)
    names = dict(FINDINGS)
    movements = dict(MOVEMENTS)
    return {
        "muscle": atlas().muscles[muscle_id],
        "side": side,
        "known": known,
        "criteria": [names[code] for code in present],
        "recognised": recognised,
        "motions": [
            (movements.get(code.split("/")[1], code), row.value)
            for code, row in known.items()
            if code.startswith(f"{MOTION}/")
        ],
        "pressure": known.get("pressure-threshold"),
        "form": FindingsForm(
            initial=initial_of(muscle_id, side, known), auto_id=f"id_{muscle_id}_{side}_%s"
        ),
    }


def _examined(
    request: StaffRequest, visit: Visit, chosen: set[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Muscles that were examined, or are to be, without being targets."""
    keys = list(queries.findings_by_muscle(visit))
    muscle, _colon, side = request.GET.get("examine", "").partition(":")
    if muscle in atlas().muscles and side in dict(TARGET_SIDES):
        keys.insert(0, (muscle, side))
    return [
        _findings_card(visit, *key)
        for key in dict.fromkeys(keys)
        # A screened nerve root is among the findings, and has no card of a muscle.
        if key not in chosen and key[0] in atlas().muscles
    ]


def _further(visit: Visit, rows: list[ranking_page.RankingRow]) -> list[tuple[Muscle, str]]:
    """The ranking's next muscles below the rows that it shows, each with its likeliest side.

    Without a drawing or a finding the order would only say how common a muscle's trouble is, so
    there is nothing to offer then.
    """
    # A muscle that has a row can be chosen there; its other side would push others off the list.
    shown = {row.muscle for row in rows}
    sides: dict[str, str] = {}
    for one in answer_of(visit).ranked:
        if one.source in atlas().muscles and one.source not in shown:
            sides.setdefault(one.source, one.side)
    return [(atlas().muscles[muscle], side) for muscle, side in list(sides.items())[:FURTHER]]


def _search(request: StaffRequest, visit: Visit) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()[:80]
    found: list[Muscle] = list(atlas().search_muscles(text)) if text else []
    sides = {area.side for area in queries.pain_areas(visit)} if found else set()
    # Only where all pain lies on one side is that side offered first.
    side = next(iter(sides)) if len(sides) == 1 else ""
    return {"q": text, "muscles_found": found, "painful_side": side}
