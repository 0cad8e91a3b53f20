"""Sites and what the public reads about them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.staff import actions, queries
from filiform.clinic.staff.models import Site
from filiform.clinic.staff.site_form import SiteForm
from filiform.clinic.web.once import made_by


@staff("manage-staff")
@require_safe
def sites(request: StaffRequest) -> HttpResponse:
    found = queries.sites(request.user.organisation)
    return render(request, "staff/sites.html", {"sites": found})


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.open_site(
            organisation=request.user.organisation,
            by=request.user,
            key=made_by(request),
            **form.cleaned_data,
        )
        messages.success(request, _("The site is added."))
        return redirect("staff:sites")
    return _page(request, form)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, site_id: UUID) -> HttpResponse:
    site = Site.objects.filter(organisation=request.user.organisation, pk=site_id).first()
    if site is None:
        raise Http404
    form = SiteForm(request.POST or None, initial=SiteForm.values_of(site))
    if request.method == "POST" and form.is_valid():
        actions.change_site(site=site, by=request.user, **form.cleaned_data)
        shown = _("Saved. The public site shows it now.")
        messages.success(request, shown if site.is_public else _("Saved."))
        return redirect("staff:sites")
    return _page(request, form, site)


def _page(request: StaffRequest, form: SiteForm, site: Site | None = None) -> HttpResponse:
    context = {"form": form, "site": site}
    return render(request, "staff/site.html", context, status=422 if form.errors else 200)
