"""The signature under a letter, and what is added below it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.correspondence import actions
from filiform.clinic.correspondence.access import letter_page
from filiform.clinic.correspondence.forms import AddendumForm, SignForm
from filiform.clinic.correspondence.models import Letter
from filiform.clinic.correspondence.views.letters import show
from filiform.clinic.web.once import once_of


@sensitive_post_parameters()
@letter_page("record-clinical")
@require_POST
def sign(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """One signature, however often the button is pressed."""
    form = SignForm(request.POST, request=request)
    way = form.way() if form.is_valid() else ""
    if not way:
        return show(request, letter, status=422, sign=form)
    answer = actions.sign(
        by=request.user, letter=letter, seen=form.cleaned_data["version"], way=way
    )
    if isinstance(answer, tuple):
        return show(request, letter, status=422, reasons=answer)
    messages.success(request, _("Signed. It can be printed and sent."))
    return redirect("correspondence:letter", letter.root)


@sensitive_post_parameters()
@letter_page("record-clinical")
@require_POST
def addendum(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    form = AddendumForm(request.POST, request=request)
    way = form.way() if form.is_valid() else ""
    if not way:
        return show(request, letter, status=422, addendum=form)
    answer = actions.add(
        by=request.user,
        letter=letter,
        text=form.cleaned_data["text"],
        way=way,
        addendum_id=once_of(request),
    )
    if isinstance(answer, tuple):
        return show(request, letter, status=422, reasons=answer)
    messages.success(request, _("Added below the signed letter."))
    return redirect("correspondence:letter", letter.root)
