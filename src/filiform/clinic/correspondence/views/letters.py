"""The letters of a patient, and one letter: begun, edited, asked about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.correspondence import actions, queries
from filiform.clinic.correspondence.access import letter_page
from filiform.clinic.correspondence.editing import left_out
from filiform.clinic.correspondence.forms import (
    AddendumForm,
    BeginForm,
    EditForm,
    SendForm,
    SignForm,
)
from filiform.clinic.correspondence.models import Letter
from filiform.clinic.correspondence.signing import is_intact
from filiform.clinic.correspondence.vocabulary import DIAGNOSIS, KINDS, LAYMEN, PARTS, WAYS
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.clinic.sending.setup import setup
from filiform.clinic.web.once import once_of
from filiform.reasons import Reason, say


@patient_page("see-clinical", saw_what="letters")
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: StaffRequest, *, patient: Patient) -> HttpResponse:
    """POST composes a new one from the record."""
    visit = queries.newest_visit(patient, timezone.now())
    may_write = request.user.may("record-clinical")
    if request.method == "POST" and not may_write:
        return HttpResponse(status=403)
    initial = {"language": patient.language, "kind": "referrer"}
    form = BeginForm(request.POST or None, initial=initial)
    if request.method == "POST" and visit is not None and form.is_valid():
        begun = actions.begin(
            by=request.user, visit=visit, on=timezone.localdate(), **form.cleaned_data
        )
        return redirect("correspondence:letter", begun.root)
    context = {
        "patient": patient,
        "rows": queries.letters_of(patient),
        "form": form if may_write and visit is not None else None,
        "kinds": KINDS,
        "visit": visit,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "correspondence/letters.html", context, status=status)


@letter_page("see-clinical", saw_what="letter")
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """POST keeps what was edited; the marks of composed and written sentences follow."""
    if request.method != "POST":
        return show(request, letter)
    if not request.user.may("record-clinical"):
        return HttpResponse(status=403)
    form = EditForm(request.POST, letter=letter)
    if not form.is_valid():
        return show(request, letter, status=422, edit=form)
    data = form.cleaned_data
    answer = actions.edit(
        by=request.user,
        letter=letter,
        seen=data["version"],
        sentences=form.sentences(),
        to_name=data["to_name"],
        to_place=data["to_place"],
    )
    if isinstance(answer, tuple):
        return show(request, letter, status=422, edit=form, reasons=answer)
    messages.success(request, _("Saved. What was there before stays readable."))
    return redirect("correspondence:letter", letter.root)


@letter_page("record-clinical")
@require_POST
def diagnosis(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """What the patient said about naming the diagnosis."""
    said = request.POST.get("diagnosis", "")
    if letter.kind not in LAYMEN or said not in DIAGNOSIS:
        return show(request, letter, status=422)
    answer = actions.agree(by=request.user, letter=letter, diagnosis=said, on=timezone.localdate())
    if isinstance(answer, tuple):
        return show(request, letter, status=422, reasons=answer)
    return redirect("correspondence:letter", letter.root)


@letter_page("record-clinical")
@require_POST
def again(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """The same letter composed in the other language, as a draft of its own: what was written by
    hand is not translated by anybody but a person."""
    other = "en" if letter.language == "ur" else "ur"
    begun = actions.begin(
        by=request.user,
        visit=letter.visit,
        kind=letter.kind,
        language=other,
        on=timezone.localdate(),
        to_name=letter.to_name,
        to_place=letter.to_place,
        diagnosis=letter.diagnosis,
        letter_id=once_of(request),
    )
    return redirect("correspondence:letter", begun.root)


def show(
    request: StaffRequest,
    letter: Letter,
    *,
    status: int = 200,
    reasons: tuple[Reason, ...] = (),
    **forms: Any,
) -> HttpResponse:
    """One letter, as a draft or as what was signed. reasons: why something was refused."""
    signature = queries.signature_of(letter)
    may_write = request.user.may("record-clinical")
    language = get_language() or "en"
    lacking = () if signature else queries.reasons_against_signing(letter)
    given = setup()
    channels = list(given.providers) if given.public_url else []
    context: dict[str, Any] = {
        "letter": letter,
        "patient": letter.patient,
        "kind": KINDS[letter.kind],
        "direction": "rtl" if letter.language == "ur" else "ltr",
        "parts": [
            (name, [one for one in letter.sentences if one["part"] == part])
            for part, name in PARTS.items()
            if any(one["part"] == part for one in letter.sentences)
        ],
        "left_out": left_out(letter.sentences, letter.composed),
        "signature": signature,
        "intact": signature is not None and is_intact(signature),
        "addenda": queries.addenda_of(letter),
        "handovers": queries.handovers_of(letter),
        "links": queries.links_of(letter),
        "now": timezone.now(),
        "ways": WAYS,
        "refused": [say(one, language) for one in reasons],
        "lacking": [say(one, language) for one in lacking],
        "asks_diagnosis": letter.kind in LAYMEN,
        "answers": DIAGNOSIS,
        "may_write": may_write,
        "has_birth_day": letter.patient.birth_date_known == "day",
        "channels": channels,
    }
    if may_write and signature is None:
        context["edit"] = forms.get("edit") or EditForm(letter=letter)
        context["sign"] = forms.get("sign") or SignForm(
            request=request, initial={"version": letter.pk}
        )
    elif may_write:
        context["addendum"] = forms.get("addendum") or AddendumForm(request=request)
        context["send"] = forms.get("send") or SendForm(channels=channels)
    context["ready"] = forms.get("ready")
    response = render(request, "correspondence/letter.html", context, status=status)
    # A link that is shown once must not be found in a cache.
    response.headers["Cache-Control"] = "no-store, private"
    return response
