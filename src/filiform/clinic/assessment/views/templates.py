"""Plans under a name: keep this visit's, use one here, take one away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment import actions
from filiform.clinic.assessment.models import PlanTemplate
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.reasons import say


@require_POST
@visit_page("record-clinical")
def template_keep(request: StaffRequest, visit: Visit) -> HttpResponse:
    name = request.POST.get("name", "")[:80]
    answer = actions.keep_template(by=request.user, visit=visit, name=name)
    if isinstance(answer, tuple):
        for reason in answer:
            messages.error(request, say(reason, get_language() or "en"))
    else:
        messages.success(request, _("The plan is saved as “%(name)s”.") % {"name": answer.name})
    return redirect("assessment:plan", visit.pk)


@require_POST
@visit_page("record-clinical")
def template_use(request: StaffRequest, visit: Visit, template_id: UUID) -> HttpResponse:
    """What can be planned for this patient is; what can't is told, muscle by muscle."""
    template = _template(request, template_id)
    applied = actions.apply_template(
        by=request.user, visit=visit, template=template, on=timezone.localdate()
    )
    language = get_language() or "en"
    for muscle, side, reasons in applied.refused:
        # The heading of a refusal and its first reason; the card shows the rest.
        told = " ".join(say(one, language) for one in reasons[:2])
        params = {"muscle": muscle_in_words(muscle, side), "why": told}
        messages.warning(request, _("%(muscle)s is not planned. %(why)s") % params)
    if applied.planned:
        messages.success(request, _("The plan “%(name)s” is used.") % {"name": template.name})
    return redirect("assessment:plan", visit.pk)


@require_POST
@visit_page("record-clinical")
def template_drop(request: StaffRequest, visit: Visit, template_id: UUID) -> HttpResponse:
    template = _template(request, template_id)
    actions.drop_template(by=request.user, template=template, why=_("Removed from the list."))
    messages.success(request, _("“%(name)s” was removed from the list.") % {"name": template.name})
    return redirect("assessment:plan", visit.pk)


def _template(request: StaffRequest, template_id: UUID) -> PlanTemplate:
    found = PlanTemplate.objects.current().filter(
        pk=template_id, organisation=request.user.organisation_id
    )
    template = found.first()
    if template is None:
        raise Http404
    return template
