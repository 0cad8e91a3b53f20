"""A practitioner takes over what a check brought to light."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare import actions, page
from filiform.clinic.aftercare.forms import AcknowledgeForm
from filiform.clinic.aftercare.loading import check_page
from filiform.clinic.aftercare.models import Check
from filiform.clinic.web.templatetags.filiform import isolated, local_name


@check_page("record-clinical")
@require_POST
def take_alarm(request: StaffRequest, *, check: Check) -> HttpResponse:
    """It stops ringing; red it stays."""
    taken = actions.take_alarm(by=request.user, check=check)
    if taken is True:
        messages.success(request, _("You have taken this alarm. It no longer rings."))
    elif check.alarm_taken_by is not None:
        messages.warning(
            request,
            _("%(name)s had already taken this alarm.")
            % {"name": isolated(local_name(check.alarm_taken_by))},
        )
    return HttpResponseRedirect(reverse("aftercare:check", args=[check.pk]))


@check_page("record-clinical")
@require_POST
def acknowledge(request: StaffRequest, *, check: Check) -> HttpResponse:
    form = AcknowledgeForm(request.POST)
    if form.is_valid():
        # Read before this one is written, which would be the last.
        before = check.acknowledgements.select_related("recorded_by").order_by("recorded_at").last()
        taken = actions.acknowledge(
            by=request.user,
            check=check,
            action=form.cleaned_data["action"],
            on=timezone.localdate(),
            seen=form.cleaned_data["seen"],
            acknowledgement_id=form.cleaned_data["outcome_id"],
        )
        if not isinstance(taken, tuple):
            if before is not None and before.pk != taken.pk and before.recorded_by:
                messages.warning(
                    request,
                    _("%(name)s had already acknowledged this. Both notes are kept.")
                    % {"name": isolated(local_name(before.recorded_by))},
                )
            # `acknowledge` has left it: an answer came in that stood on no page yet.
            if check.alarm_since is not None:
                messages.warning(
                    request,
                    _("What you did is kept. The patient has answered again meanwhile: read it."),
                )
                return HttpResponseRedirect(reverse("aftercare:check", args=[check.pk]))
            messages.success(request, _("Acknowledged. It is no longer at the top of the list."))
            return HttpResponseRedirect(reverse("aftercare:worklist") + "?next")
        page.add_reasons(form, taken)
    return page.check_page(request, check, acknowledging=form, status=422)
