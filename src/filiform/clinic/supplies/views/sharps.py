"""Sharps containers, and what follows a needlestick."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.supplies import actions, queries
from filiform.clinic.supplies.forms import ContainerForm, NeedlestickForm, NeedlestickStepForm
from filiform.clinic.supplies.knowledge import needlestick_steps
from filiform.clinic.supplies.models import Needlestick
from filiform.clinic.supplies.vocabulary import CONTAINER_STATES, DEPTHS, NEXT_OF_CONTAINER
from filiform.clinic.web.once import made_by


@require_http_methods(["GET", "POST"])
@staff("work-supplies")
def sharps(request: StaffRequest) -> HttpResponse:
    form = ContainerForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        actions.open_container(by=request.user, key=made_by(request), **form.cleaned_data)
        return redirect("supplies:sharps")
    lines = [
        (line, CONTAINER_STATES[line.state], NEXT_OF_CONTAINER.get(line.state, ""))
        for line in queries.containers_of(request.user.organisation_id)
    ]
    context = {"form": form, "lines": lines}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "supplies/sharps.html", context, status=status)


@require_POST
@staff("work-supplies")
def container(request: StaffRequest, container_id: UUID) -> HttpResponse:
    """The next thing that happens to a container: closed, then collected."""
    for line in queries.containers_of(request.user.organisation_id):
        if line.container.pk == container_id:
            kind = NEXT_OF_CONTAINER.get(line.state)
            # A second tap of the same button asks for what is done already.
            if kind and kind == request.POST.get("kind"):
                actions.move_container(by=request.user, container=line.container, kind=kind)
            return redirect("supplies:sharps")
    raise Http404


@require_http_methods(["GET", "POST"])
@staff("work-supplies")
def needlesticks(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    here = timezone.localtime(now)
    form = NeedlestickForm(
        request.POST or None, initial={"day": here.date(), "clock": here.strftime("%H:%M")}
    )
    if request.method == "POST" and form.is_valid():
        data = {k: v for k, v in form.cleaned_data.items() if k not in ("day", "clock")}
        actions.report_needlestick(by=request.user, **data)
        return redirect("supplies:needlesticks")
    context = {
        "form": form,
        "lines": queries.needlesticks_of(request.user.organisation_id, now),
        "depths": dict(DEPTHS),
        "language": get_language() or "en",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "supplies/needlesticks.html", context, status=status)


@require_POST
@staff("work-supplies")
def step(request: StaffRequest, needlestick_id: UUID, step: str) -> HttpResponse:
    """One step of what follows a needlestick was done."""
    organisation = request.user.organisation_id
    row = Needlestick.objects.current().filter(organisation=organisation, pk=needlestick_id).first()
    form = NeedlestickStepForm(request.POST)
    if row is None or step not in needlestick_steps() or not form.is_valid():
        raise Http404
    # A second tap finds it done; who did it first, and when, stays.
    if not row.steps.filter(step=step).exists():
        actions.do_step(by=request.user, needlestick=row, step=step, note=form.cleaned_data["note"])
    return redirect("supplies:needlesticks")
