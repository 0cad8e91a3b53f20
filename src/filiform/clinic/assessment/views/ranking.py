"""The ranking beside the drawing: one question at a time, each answer changes it at once."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from filiform.anatomy import atlas
from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment import actions, ranking_page
from filiform.clinic.assessment.ranking_page import Skipped, skipped_of
from filiform.clinic.assessment.views.targets import cards_of
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.targeting import SCREEN, finding_kinds

ANSWERS = {"yes": True, "no": False, "not-sure": None}


@require_safe
@visit_page("see-clinical")
def ranking(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The ranking with another source's zones over the drawing."""
    show, skipped = request.GET.get("show", ""), skipped_of(request.GET.get("skipped", ""))
    # Without script the answer is the whole page; the address carries what the fragment would.
    if not request.headers.get("HX-Request"):
        return redirect(_address(visit, show, skipped))
    return _fragment(request, visit, show, skipped, cards=False)


@require_POST
@visit_page("record-clinical")
def palpated(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Keep the answer to the question, "not sure" too; then the next question."""
    post = request.POST
    muscle, side, finding = (post.get(name, "") for name in ("muscle", "side", "finding"))
    if not _is_asked(muscle, finding) or side not in ("left", "right"):
        raise Http404
    skipped = skipped_of(post.get("skipped", ""))
    answer = post.get("answer", "")
    if answer in ANSWERS:
        actions.find(
            by=request.user,
            visit=visit,
            muscle=muscle,
            side=side,
            finding=finding,
            present=ANSWERS[answer],
            not_sure=ANSWERS[answer] is None,
        )
    else:
        skipped |= {(muscle, side, finding)}
    if not request.headers.get("HX-Request"):
        return redirect(_address(visit, "", skipped))
    # A skipped question changes no card, so none is drawn.
    return _fragment(request, visit, "", skipped, cards=answer in ANSWERS)


def _is_asked(muscle: str, finding: str) -> bool:
    """A finding of a muscle, or the neurological screen of a root by the id of its source."""
    if finding == SCREEN:
        source = atlas().pain_sources.get(muscle)
        return source is not None and source.kind == "nerve-root"
    return muscle in atlas().muscles and finding in finding_kinds()


def _address(visit: Visit, show: str, skipped: Skipped) -> str:
    asked = {"show": show, "skipped": ";".join(":".join(one) for one in sorted(skipped))}
    query = urlencode({name: text for name, text in asked.items() if text})
    address = reverse("assessment:targets", args=[visit.pk])
    return f"{address}{'?' if query else ''}{query}#ranking"


def _fragment(
    request: StaffRequest, visit: Visit, show: str, skipped: Skipped, *, cards: bool
) -> HttpResponse:
    with one_reading():
        context = {
            "visit": visit,
            "ranking": ranking_page.context(visit, show=show, skipped=skipped),
            "with_cards": cards,
        }
        if cards:
            context |= cards_of(request, visit)
        response = render(request, "assessment/_ranked.html", context)
    # The same address gives a page or a fragment; no cache may take one for the other.
    patch_vary_headers(response, ["HX-Request"])
    return response
