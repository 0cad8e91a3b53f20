"""The shelf: what is there, what expires, what is to be ordered; receiving and stock-taking."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.staff.models import Site
from filiform.clinic.supplies import actions, queries
from filiform.clinic.supplies.camera import with_camera
from filiform.clinic.supplies.forms import ProductForm, ReceiptForm, StockCountForm
from filiform.clinic.supplies.models import Lot
from filiform.clinic.supplies.ordering import order_message
from filiform.clinic.web.once import made_by
from filiform.reasons import Reason, say


@require_safe
@staff("work-supplies")
def shelf(request: StaffRequest) -> HttpResponse:
    organisation = request.user.organisation
    today = timezone.localdate()
    lines = queries.supplies_of(organisation.pk, today)
    sites = list(Site.objects.filter(organisation=organisation).order_by("pk"))
    context = {
        "lines": lines,
        "order": order_message(lines, organisation, sites),
        "sites": sites,
        "soon": queries.SOON.days,
    }
    return render(request, "supplies/shelf.html", context)


@require_http_methods(["GET", "POST"])
@staff("work-supplies")
def product(request: StaffRequest) -> HttpResponse:
    """Add a kind of needle."""
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_product(by=request.user, key=made_by(request), **form.cleaned_data)
        return redirect("supplies:receive")
    return with_camera(_form_page(request, form, _("Add a kind of needle"), scanned="gtin"))


@require_http_methods(["GET", "POST"])
@staff("work-supplies")
def receive(request: StaffRequest) -> HttpResponse:
    """Packs came in. A scan alone fills the rest of the form and asks for the number of packs."""
    form = ReceiptForm(request.POST or None, by=request.user)
    refused: tuple[Reason, ...] = ()
    if request.method == "POST":
        scan = str(request.POST.get("scan", "")).strip()
        # A scanner ends with Enter, which sends the form: then it is only read, nothing is stored
        # yet.
        if scan and not request.POST.get("number"):
            form, refused = _filled(request, scan)
        elif form.is_valid():
            data = form.cleaned_data
            move = actions.receive(
                by=request.user,
                carrier=data["scan"],
                move_id=data["move_id"],
                **{name: data[name] for name in ("product", "site", "number", "packs")},
                expires_on=data["expires_on"],
            )
            messages.success(request, _("Lot %(lot)s is on the shelf.") % {"lot": move.lot.number})
            return redirect("supplies:shelf")
    page = _form_page(request, form, _("Packs came in"), scanned="scan", refused=refused)
    return with_camera(page)


def _filled(request: StaffRequest, scan: str) -> tuple[ReceiptForm, tuple[Reason, ...]]:
    """The form with what the scan says, or with what stands against it."""
    found = actions.read_scan(by=request.user, text=scan)
    # What was typed before the scan stays.
    initial: dict[str, Any] = {"scan": scan, "packs": request.POST.get("packs") or None}
    if isinstance(found, Reason):
        return ReceiptForm(by=request.user, initial=initial), (found,)
    product, code = found
    initial |= {"product": product, "number": code.lot, "expires_on": code.expires_on}
    return ReceiptForm(by=request.user, initial=initial), ()


@require_http_methods(["GET", "POST"])
@staff("work-supplies")
def count(request: StaffRequest, lot_id: UUID) -> HttpResponse:
    """Stock-taking: how many packs of one lot are really there."""
    lots = Lot.objects.current().filter(organisation=request.user.organisation_id, pk=lot_id)
    lot = lots.select_related("product").first()
    if lot is None:
        raise Http404
    form = StockCountForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.take_stock(by=request.user, lot=lot, site=data["site"], found=data["found"])
        return redirect("supplies:shelf")
    return _form_page(request, form, _("Count lot %(lot)s") % {"lot": lot.number})


def _form_page(
    request: StaffRequest,
    form: Any,
    title: str,
    *,
    scanned: str = "",
    refused: tuple[Reason, ...] = (),
) -> HttpResponse:
    """One form as a page. scanned: the field that a scanner fills."""
    language = get_language() or "en"
    context = {
        "form": form,
        "title": title,
        "scanned": scanned,
        "refused": [say(reason, language) for reason in refused],
    }
    status = 422 if (form.is_bound and form.errors) or refused else 200
    return render(request, "supplies/form.html", context, status=status)
