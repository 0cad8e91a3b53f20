"""The owner's pages: every text and photograph of the public pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import StaffRequest, public, staff
from filiform.clinic.facts.amending import ChangedMeanwhile
from filiform.clinic.frontdoor import danger, photographs, text_actions, texts
from filiform.clinic.frontdoor.page_forms import PhotographForm, TextForm
from filiform.clinic.frontdoor.vocabulary import TEXT_GROUPS
from filiform.clinic.staff import queries as people
from filiform.clinic.staff.forms import AmendmentReasonForm
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.web.once import made_by


@staff("manage-staff")
@require_safe
def page_texts(request: StaffRequest) -> HttpResponse:
    """All texts by where they stand, with those whose Urdu is older than the English on top."""
    organisation = request.user.organisation
    language = "ur" if get_language() == "ur" else "en"
    rows = [
        (one, texts.written_in(one, language), texts.shipped().get(one.key))
        for one in texts.standing(request.user.organisation_id)
    ]
    context = {
        "language": language,
        "groups": [
            (name, [row for row in rows if row[0].group == group]) for group, name in TEXT_GROUPS
        ],
        "members": [
            one.member
            for one in people.people(organisation, on=timezone.localdate())
            if one.member.is_active
        ],
        "sites": people.sites(organisation),
        "photographs": photographs.photographs_of(organisation),
        "older": [row for row in rows if row[0].urdu_is_older],
    }
    return render(request, "frontdoor/page_texts.html", context)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def page_text(request: StaffRequest, key: str) -> HttpResponse:
    """One text: written in both languages, looked at before it is shown, with all it ever said."""
    one = texts.standing_of(request.user.organisation_id, key)
    if one is None:
        raise Http404
    form = TextForm(request.POST or None, one=one)
    preview: dict[str, texts.Text] = {}
    if request.method == "POST" and form.is_valid():
        said = form.texts()
        if "preview" not in request.POST:
            return _write(request, one, form, said)
        preview = said
    return _page(request, form, one, preview)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def add_question(request: StaffRequest) -> HttpResponse:
    form = TextForm(request.POST or None)
    preview: dict[str, texts.Text] = {}
    if request.method == "POST" and form.is_valid():
        said = form.texts()
        if "preview" not in request.POST:
            text_actions.add_question(by=request.user, texts=said, once=made_by(request))
            messages.success(request, _("Added. The public page shows it now."))
            return redirect("frontdoor:page-texts")
        preview = said
    return _page(request, form, None, preview)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def restore(request: StaffRequest, key: str) -> HttpResponse:
    """Take the clinic's own words back."""
    one = texts.standing_of(request.user.organisation_id, key)
    if one is None or not one.own:
        raise Http404
    why = AmendmentReasonForm(request.POST or None)
    if request.method == "POST" and why.is_valid():
        text_actions.restore_text(key=key, by=request.user, **why.cleaned_data)
        messages.success(request, _("Withdrawn. What was written stays in the history."))
        return redirect("frontdoor:page-texts")
    context = {"one": one, "why": why, "is_own_question": key not in texts.shipped()}
    status = 422 if why.errors else 200
    return render(request, "frontdoor/page_text_restore.html", context, status=status)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def photograph_of(request: StaffRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """Put a photograph of a person (`people`) or a site (`sites`), or take it away."""
    subject: Member | Site | None
    if kind == "people":
        subject = people.person(request.user.organisation, subject_id)
    elif kind == "sites":
        subject = people.sites(request.user.organisation).filter(pk=subject_id).first()
    else:
        subject = None
    if subject is None:
        raise Http404
    shown = photographs.photographs_of(request.user.organisation).get(subject.pk)
    taking = request.method == "POST" and "take" in request.POST
    # Taking away is a button of its own: the empty fields beside it are no fault.
    form = PhotographForm(None if taking else request.POST or None, request.FILES or None)
    if taking and shown is not None:
        try:
            text_actions.take_photograph_away(
                photograph=shown, by=request.user, why=_("Removed by the owner")
            )
        except ChangedMeanwhile:
            messages.error(request, _("Somebody changed it meanwhile. This is what it is now."))
        return redirect(request.path)
    if request.method == "POST" and form.is_valid():
        about = {"member": subject} if isinstance(subject, Member) else {"site": subject}
        text_actions.put_photograph(
            by=request.user,
            drawn=form.cleaned_data["file"],
            describes=form.cleaned_data["describes"],
            describes_ur=form.cleaned_data["describes_ur"],
            **about,
        )
        messages.success(request, _("The public page shows it now."))
        return redirect(request.path)
    context = {"subject": subject, "kind": kind, "shown": shown, "form": form}
    status = 422 if form.errors else 200
    return render(request, "frontdoor/photograph.html", context, status=status)


@public
@require_safe
def photograph(request: HttpRequest, photograph_id: UUID) -> HttpResponse:
    """The pixels. A photograph that was replaced has another address, so a browser keeps it."""
    found = photographs.photograph(photograph_id)
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.picture), content_type="image/webp")
    # A day and no longer: one that was taken away is gone from every browser by tomorrow.
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def _write(
    request: StaffRequest, one: texts.TextState, form: TextForm, said: dict[str, texts.Text]
) -> HttpResponse:
    changed = {
        language: text
        for language, text in said.items()
        if text_actions.changed(one, language, text)
    }
    # Whoever says that both agree writes the Urdu anew: from then on it is the newer one.
    if form.cleaned_data.get("same") and ("en" in changed or one.urdu_is_older):
        changed["ur"] = said["ur"]
    if changed:
        try:
            text_actions.write_text(
                key=one.key, by=request.user, texts=changed, why=form.cleaned_data.get("why", "")
            )
        except ChangedMeanwhile:
            messages.error(request, _("Somebody changed it meanwhile. This is what it is now."))
            return redirect("frontdoor:page-text", one.key)
        messages.success(request, _("Saved. The public page shows it now."))
    return redirect("frontdoor:page-texts")


def _page(
    request: StaffRequest,
    form: TextForm,
    one: texts.TextState | None,
    preview: dict[str, texts.Text],
) -> HttpResponse:
    organisation = request.user.organisation_id
    context: dict[str, Any] = {
        "form": form,
        "one": one,
        "known": texts.shipped().get(one.key) if one else None,
        "preview": preview,
        "danger": danger.public_list(),
        "shipped_lines": texts.TextsInForce([], get_language() or "en")[one.key].lines
        if one and one.key in texts.shipped()
        else [],
        "history": texts.history(organisation, one.key) if one else [],
    }
    status = 422 if form.errors else 200
    return render(request, "frontdoor/page_text.html", context, status=status)
