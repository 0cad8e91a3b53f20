"""The step in the visit: give the sheet, see which checks will come."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare import actions
from filiform.clinic.aftercare.forms import AdviceForm
from filiform.clinic.aftercare.sheet import language_of, sheet_for
from filiform.clinic.aftercare.vocabulary import TAGS, URGENCIES, WAYS
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page
from filiform.clinic.web.once import once_of


@visit_page("see-clinical", saw_what="aftercare", kept=True)
@require_http_methods(["GET", "HEAD", "POST"])
def aftercare(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    today = timezone.localdate()
    language = language_of(request.GET.get("language", ""), visit)
    sheet = sheet_for(visit, language, on=today)
    form = AdviceForm(request.POST or None, initial={"language": language, "way": "paper"})
    if request.method == "POST":
        if not request.user.may("record-clinical"):
            raise PermissionDenied
        # A sheet without a line (no muscle yet) tells nobody anything.
        if form.is_valid() and sheet.advice:
            actions.note_advice(
                by=request.user,
                visit=visit,
                advice=[line.id for line in sheet.advice],
                advice_id=once_of(request),
                **form.cleaned_data,
            )
            messages.success(request, _("Recorded: the patient has been told."))
            return HttpResponseRedirect(reverse("aftercare:aftercare", args=[visit.pk]))
    return step_page(
        request,
        "aftercare/aftercare",
        visit=visit,
        step="aftercare",
        context={
            "sheet": sheet,
            "form": form,
            "given": visit.advice_given.select_related("recorded_by").order_by("recorded_at"),
            "ways": dict(WAYS),
            "urgencies": URGENCIES,
            "tags": TAGS,
            "site": visit.site,
            "was_needled": hasattr(visit, "treatment"),
        },
        status=422 if form.errors else 200,
    )
