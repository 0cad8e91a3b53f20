"""One check: ask, see at once how urgent the answers are, note what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare import actions, knowledge, page
from filiform.clinic.aftercare.forms import ClosingForm, NoReplyForm
from filiform.clinic.aftercare.loading import check_page
from filiform.clinic.aftercare.models import Check, CheckOutcome
from filiform.clinic.aftercare.vocabulary import ALARMS
from filiform.clinic.web.templatetags.filiform import isolated, local_name
from filiform.clinic.web.times import written


@check_page("work-checks", saw_what="check")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: StaffRequest, *, check: Check) -> HttpResponse:
    if request.method != "POST":
        return page.check_page(request, check)
    kind = request.POST.get("result", "")
    # Three forms stand on the page: each says by its own button which of them was sent.
    note = {"answered": _answers, "no-reply": _no_reply, "given-up": _closing}.get(kind)
    return note(request, check) if note else page.check_page(request, check, status=422)


def _answers(request: StaffRequest, check: Check) -> HttpResponse:
    form = page.answers_form(check, request.POST)
    if form.is_valid():
        triage = knowledge.judge(check, form.report(), at=timezone.now())
        # After judging: with a sign of an emergency nobody is held up by the questions that are
        # left.
        form.refuse_unless_complete(triage)
    if form.is_valid():
        return _settled(
            request,
            check,
            report=form.report(),
            result="answered",
            note=form.cleaned_data["note"],
            action=form.cleaned_data["action"],
            where=form.cleaned_data["where"],
            outcome_id=form.cleaned_data["outcome_id"],
        )
    return page.check_page(request, check, answers=form, status=422)


def _no_reply(request: StaffRequest, check: Check) -> HttpResponse:
    form = NoReplyForm(request.POST)
    if form.is_valid():
        return _settled(request, check, result="no-reply", **form.cleaned_data)
    return page.check_page(request, check, no_reply=form, status=422)


def _closing(request: StaffRequest, check: Check) -> HttpResponse:
    form = ClosingForm(request.POST, check=check)
    if form.is_valid():
        reasons = actions.reasons_against_closing(check, form.cleaned_data["note"])
        page.add_reasons(form, reasons)
    if form.is_valid():
        return _settled(
            request,
            check,
            result="given-up",
            report=form.report(),
            note=form.cleaned_data["note"],
            outcome_id=form.cleaned_data["outcome_id"],
        )
    return page.check_page(request, check, closing=form, status=422)


def _settled(request: StaffRequest, check: Check, **what: Any) -> HttpResponse:
    # Before the write, which would make this answer the newest.
    first = _settled_by_other(check, what["outcome_id"])
    outcome = actions.settle(by=request.user, check=check, on=timezone.localdate(), **what)
    if isinstance(outcome, tuple):  # closed by rules that changed between the look and the write
        return page.check_page(request, check, status=422)
    if first is not None:
        messages.warning(
            request,
            _("%(name)s had already completed this check at %(time)s. Both answers are kept.")
            % {
                "name": isolated(local_name(first.recorded_by))
                if first.recorded_by
                else _("The patient"),
                "time": written(first.recorded_at, "H:i"),
            },
        )
    if outcome.urgency in ALARMS:
        return HttpResponseRedirect(reverse("aftercare:check", args=[check.pk]))
    said = _("No reply recorded. The check stays open.") if outcome.result == "no-reply" else None
    messages.success(request, said or _("Check completed."))
    return HttpResponseRedirect(reverse("aftercare:worklist") + "?next")


def _settled_by_other(check: Check, outcome_id: UUID) -> CheckOutcome | None:
    """The outcome by which the check had been settled before this one was sent."""
    if check.settled_at is None:
        return None
    return (
        check.outcomes.exclude(pk=outcome_id)
        .exclude(result__in=("no-reply", "covered"))
        .select_related("recorded_by")
        .order_by("recorded_at")
        .first()
    )


@check_page("work-checks")
@require_POST
def triage(request: HttpRequest, *, check: Check) -> HttpResponse:
    """How urgent the answers so far are; nothing is stored."""
    form = page.answers_form(check, request.POST)
    # Asked for its reading, not its verdict: this is only a look on the way.
    form.is_valid()
    report = form.report()
    answer = knowledge.judge(check, report, at=timezone.now()) if report else None
    context = page.triage_context(check, answer, open_questions=len(form.unanswered()))
    return render(request, "aftercare/_triage.html", context)


@check_page("work-checks")
@require_POST
def take(request: StaffRequest, *, check: Check) -> HttpResponse:
    """From now on this check is mine."""
    actions.take_on(by=request.user, check=check)
    messages.success(request, _("This check is now assigned to you."))
    return HttpResponseRedirect(reverse("aftercare:check", args=[check.pk]))
