"""What the views of this room share."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.utils.translation import get_language

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.payments import queries
from filiform.clinic.payments.models import PackageSale, Payment
from filiform.clinic.staff.clock import WORKPLACE
from filiform.clinic.staff.models import Site
from filiform.reasons import Reason, say


def say_no(request: StaffRequest, reasons: tuple[Reason, ...]) -> None:
    for reason in reasons:
        messages.error(request, say(reason, get_language() or "en"))


def payment_or_404(request: StaffRequest, payment_id: UUID) -> Payment:
    found = queries.payment_in(request.user.organisation_id, payment_id)
    if found is None:
        raise Http404
    return found


def sale_or_404(request: StaffRequest, sale_id: UUID) -> PackageSale:
    rows = PackageSale.objects.current().filter(
        organisation=request.user.organisation_id, pk=sale_id
    )
    found = rows.select_related("patient", "site", "package").first()
    if found is None:
        raise Http404
    return found


def key_of(text: str) -> UUID:
    """An id that a form carries. Raises Http404 for a mangled one."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def site_of(request: StaffRequest) -> Site:
    """The site that an address names, else where the reader works. Raises Http404 without any."""
    # In the order of founding: without a choice it is the oldest, as everywhere.
    sites = Site.objects.filter(organisation=request.user.organisation_id).order_by("pk")
    asked = request.GET.get("site") or request.POST.get("site")
    asked = asked or request.session.get(WORKPLACE, "")
    found = sites.filter(pk=key_of(asked)).first() if asked else sites.first()
    if found is None:
        raise Http404
    return found
