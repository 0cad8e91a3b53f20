"""The owner's page of one service: written in both languages, looked at before it is shown, with
all that was ever said of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.anatomy import atlas
from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.diary import settings_actions
from filiform.clinic.diary.models import Service
from filiform.clinic.diary.queries import public_services
from filiform.clinic.diary.service_history import history_of, newest, urdu_is_older
from filiform.clinic.diary.settings_forms import ServiceForm
from filiform.clinic.facts.amending import ChangedMeanwhile
from filiform.clinic.staff.models import Member
from filiform.clinic.visits.queries import practitioners
from filiform.clinic.web.once import made_by
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import comma


@staff("manage-staff")
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: StaffRequest, service_id: UUID | None = None) -> HttpResponse:
    house = request.user.organisation
    row = None
    if service_id is not None:
        row = Service.objects.filter(organisation=house, pk=service_id).first()
        if row is None:
            raise Http404
    form = ServiceForm(
        request.POST or None, initial=_initial(request, row), organisation=house,
        is_new=row is None,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return _page(request, row, form)
    if "preview" in request.POST:
        return _page(request, row, form, preview=True)
    try:
        saved = settings_actions.save_service(
            by=request.user, service=row, key=made_by(request), **form.saved()
        )
    except ChangedMeanwhile:
        messages.error(request, _("Somebody changed it meanwhile. This is what it is now."))
        return redirect(request.path)
    # Only of what they do see: one that nobody gives, or that is the desk's alone, is not offered.
    is_seen = saved in public_services(house)
    messages.success(request, _("Saved. Patients see it now.") if is_seen else _("Saved."))
    return redirect("diary:settings")


def _initial(request: StaffRequest, row: Service | None) -> dict[str, Any]:
    if row is None:
        # Whoever works here gives it, unless the owner takes a name away.
        givers = [str(one.pk) for one in practitioners(request.user.organisation)]
        return {"currency": "PKR", "givers": givers}
    last = newest(row.versions.all())
    return ServiceForm.values_of(row) | {"seen": last.pk if last else None}


def _page(
    request: StaffRequest, row: Service | None, form: ServiceForm, *, preview: bool = False
) -> HttpResponse:
    changes = history_of(row) if row else []
    context = {
        "form": form,
        "service": row,
        "preview": _preview(form.cleaned_data) if preview else None,
        "urdu_is_older": urdu_is_older([one.row for one in reversed(changes)]),
        "history": [
            (one.row, [_in_words(form, *change) for change in one.changed]) for one in changes
        ],
    }
    return render(request, "diary/service.html", context, status=422 if form.errors else 200)


def _preview(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Language → what patients would read; the English where no Urdu is written, as on the site."""
    return {
        language: {
            "name": data[f"name{end}"] or data["name"],
            "about": data[f"about{end}"] or data["about"],
            "minutes": data["minutes"],
            "price": data["price"],
            "currency": data["currency"],
        }
        for language, end in (("en", ""), ("ur", "_ur"))
    }


def _in_words(form: ServiceForm, field: str, before: Any, after: Any) -> tuple[Any, str, str]:
    """(what, before, after) for the history."""
    label = ServiceForm.base_fields[field].label
    return label, _value(form, field, before), _value(form, field, after)


def _value(form: ServiceForm, field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "givers":
        who = {str(pk): local_name(one) for pk, one in Member.objects.in_bulk(value or []).items()}
        return f"{comma()} ".join(sorted(who.values())) or "–"
    if field == "regions":
        regions, language = atlas().privileges, get_language() or "en"
        names = [regions[one].name.in_language(language) for one in value or [] if one in regions]
        return f"{comma()} ".join(names) or "–"
    return "–" if value in (None, "") else str(value)
