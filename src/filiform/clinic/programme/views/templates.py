"""Programmes by name: keep one, use one, take one off the list."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.programme import actions, care
from filiform.clinic.programme.models import ProgrammeTemplate
from filiform.clinic.programme.views.choose import back
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit


@visit_page("record-clinical")
@require_POST
def keep(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """What is chosen, under a name."""
    # Blanks made one: two names that look alike must be one template.
    name = " ".join(request.POST.get("name", "").split())[:80]
    if name:
        actions.keep_template(by=request.user, visit=visit, name=name)
    else:
        messages.warning(request, _("Give it a name, such as: neck, desk work."))
    return back(request, visit)


@visit_page("record-clinical")
@require_POST
def apply(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """Choose what a template names and this patient may do."""
    template = _template(request)
    chosen, left = actions.apply_template(
        by=request.user, visit=visit, template=template, on=timezone.localdate()
    )
    text = _("Chosen: %(chosen)s. Not for this patient or these muscles: %(left)s.")
    messages.success(request, text % {"chosen": chosen, "left": left})
    return back(request, visit)


@visit_page("record-clinical")
@require_POST
def drop(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    actions.drop_template(by=request.user, template=_template(request))
    return back(request, visit)


def _template(request: StaffRequest) -> ProgrammeTemplate:
    try:
        wanted = UUID(request.POST.get("template", ""))
    except ValueError:
        raise Http404 from None
    template = care.template_of(request.user.organisation, wanted)
    if template is None:
        raise Http404
    return template
