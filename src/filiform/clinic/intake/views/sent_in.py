"""What came in from home beside what the record has: take over, put differently, set aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import reviewing
from filiform.clinic.intake.parts import NotSendable, Told
from filiform.clinic.intake.views.sent_in_context import page_context
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit


@require_safe
@visit_page("see-clinical", saw_what="sent-in")
def sent_in(request: StaffRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit)


@require_POST
@visit_page("record-clinical")
def review(request: StaffRequest, visit: Visit) -> HttpResponse:
    """One decision: take, take-all, edit or aside, about the rows in `ids`."""
    ids = request.POST.get("ids", "").split()
    decision = request.POST.get("decision", "")
    why = request.POST.get("why", "").strip()[:500]
    try:
        done = _decide(request, visit, ids, decision, why)
    except reviewing.ChangedMeanwhile:
        messages.warning(request, _("Somebody decided about this meanwhile. Look again."))
    except reviewing.Contradiction:
        says = _("Something is listed here. Amend or void it first, or set “nothing” aside.")
        return _page(request, visit, refused=says, refused_ids=ids)
    except NotSendable:
        return _page(
            request, visit, refused=_("This can't be recorded like that."), refused_ids=ids
        )
    except ValueError:
        lacks = _("Nothing was set aside: say why, in a few words.")
        return _page(request, visit, refused=lacks, refused_ids=ids)
    else:
        number = len(done)
        says = ngettext("%(number)s entry reviewed.", "%(number)s entries reviewed.", number)
        messages.success(request, says % {"number": number})
    if reviewing.waiting(visit):
        return redirect("intake:sent-in", visit_id=visit.pk)
    return redirect("pathway:open", visit.pk)


def _decide(
    request: StaffRequest, visit: Visit, ids: list[str], decision: str, why: str
) -> list[Any]:
    by = request.user
    if decision == "aside":
        return reviewing.set_aside(by=by, visit=visit, ids=ids, why=why)
    if decision == "edit":
        edited = _edited(request, visit, ids)
        return reviewing.accept(by=by, visit=visit, ids=ids, why=why, edited=edited)
    if decision == "take-all":
        # What contradicts the record is decided one by one: a sweep must not overwrite it.
        ids = [i for one in reviewing.waiting(visit) if _swept(one) for i in one.ids.split()]
    return reviewing.accept(by=by, visit=visit, ids=ids)


def _swept(one: reviewing.Waiting) -> bool:
    return one.differs != "contradicts"


def _edited(request: StaffRequest, visit: Visit, ids: list[str]) -> Told:
    """What the practitioner put in the place of the patient's words or answer."""
    row = reviewing.one_waiting(visit, ids)
    if row.part == "answer":
        # A yes or no can only be put differently by turning it.
        return Told("answer", row.name, value=not row.value)
    text = request.POST.get("text", "").strip()[:300]
    status = request.POST.get("status", "active")
    # Other words mean something else than the concept that was tapped.
    kept = row.value if isinstance(row.value, dict) and text == row.text else {}
    return Told("told", row.name, text, {**kept, "status": status})


def _page(
    request: StaffRequest, visit: Visit, *, refused: str = "", refused_ids: list[str] | None = None
) -> HttpResponse:
    context = page_context(visit) | {"refused": refused, "refused_ids": " ".join(refused_ids or ())}
    return render(request, "intake/sent_in.html", context, status=422 if refused else 200)
