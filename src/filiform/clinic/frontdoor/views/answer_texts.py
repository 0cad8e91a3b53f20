"""The owner's page of the inbox: how soon messages are answered, and with which texts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.frontdoor import clock, ready_texts, replying
from filiform.clinic.frontdoor.forms import AnswerTextForm, LimitForm
from filiform.clinic.web.once import made_by


@staff("manage-staff")
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    return _page(request)


@staff("manage-staff")
@require_POST
def limit(request: StaffRequest) -> HttpResponse:
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    replying.set_limit(by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved. The deadlines of waiting messages are set anew."))
    return redirect("frontdoor:rules")


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def text(request: StaffRequest, key: str = "") -> HttpResponse:
    """One text: written, changed, taken out of use; every former version stands below."""
    clinic = request.user.organisation_id
    found = ready_texts.text_of(clinic, key) if key else None
    if key and found is None:
        raise Http404
    initial = (
        {
            "name": found.name.en,
            "name_ur": found.name.ur,
            "text": found.text.en,
            "text_ur": found.text.ur,
        }
        if found
        else {}
    )
    form = AnswerTextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        in_use = "drop" not in request.POST
        ready_texts.keep_text(
            by=request.user,
            key=key or made_by(request).hex,
            **form.cleaned_data,
            in_use=in_use,
        )
        messages.success(request, _("Saved.") if in_use else _("The text is no longer in use."))
        return redirect("frontdoor:rules")
    context = {
        "form": form,
        "text": found,
        "history": ready_texts.history_of(clinic, key) if key else [],
    }
    status = 422 if form.errors else 200
    return render(request, "frontdoor/answer_text.html", context, status=status)


def _page(request: StaffRequest, form: LimitForm | None = None) -> HttpResponse:
    clinic = request.user.organisation_id
    minutes = int(clock.limit_of(clinic).total_seconds() // 60)
    context = {
        "form": form or LimitForm(initial={"minutes": minutes}),
        "rule": clock.rule_of(clinic),
        "texts": ready_texts.texts_of(clinic),
    }
    return render(request, "frontdoor/rules.html", context, status=422 if form else 200)
