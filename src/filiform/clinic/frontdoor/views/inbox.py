"""The inbox: read a message, and every step that is taken with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.facts.recording import saw
from filiform.clinic.frontdoor import actions, danger, queries, ready_texts, replying
from filiform.clinic.frontdoor.forms import AlarmForm, AnswerForm, CloseForm, NoteForm
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.patients.models import Patient
from filiform.clinic.web.once import made_by
from filiform.clinic.web.templatetags.filiform import isolated, local_name


@staff("answer-messages")
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    clinic, now = request.user.organisation, timezone.now()
    shown = request.GET.get("show", "")
    if shown == "aside":  # its address until it became a page of its own
        return redirect("frontdoor:spam")
    if shown == "closed":
        rows = queries.closed_messages(clinic, now=now)
    else:
        rows = queries.open_messages(clinic, now=now)
    context = {
        "rows": rows,
        "shown": shown,
        "closed": shown == "closed",
        "aside": queries.set_aside(clinic).count(),
    }
    return render(request, "frontdoor/inbox.html", context)


@staff("answer-messages")
@require_safe
def spam(request: StaffRequest) -> HttpResponse:
    """What looked like a machine's, or was put here by hand; nothing goes from here by itself."""
    clinic, now = request.user.organisation, timezone.now()
    aside = queries.set_aside(clinic)
    rows = [queries.waiting(one, now=now) for one in aside[: queries.ASIDE_SHOWN]]
    context = {"rows": rows, "shown": "spam", "closed": False, "aside": aside.count()}
    return render(request, "frontdoor/inbox.html", context)


def of_message(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Loads the clinic's message; another clinic's message does not exist."""

    @wraps(view)
    def load(request: StaffRequest, message_id: UUID, **kwargs: Any) -> HttpResponse:
        message = queries.message(request.user.organisation, message_id)
        if message is None:
            raise Http404
        return view(request, message, **kwargs)

    return staff("answer-messages")(load)


@of_message
@require_safe
def message(request: StaffRequest, message: Message) -> HttpResponse:
    if message.patient is not None:
        saw("message", by=request.user, patient=message.patient, subject=message)
    return _page(request, message)


@of_message
@require_POST
def take(request: StaffRequest, message: Message) -> HttpResponse:
    actions.take(message=message, by=request.user)
    messages.success(request, _("It is now assigned to you."))
    return _back(message)


@of_message
@require_POST
def take_alarm(request: StaffRequest, message: Message) -> HttpResponse:
    if actions.take_alarm(message=message, by=request.user):
        messages.success(request, _("You have taken this alarm. It no longer rings."))
    elif message.owner is not None:
        messages.warning(
            request,
            _("%(name)s had already taken this alarm.")
            % {"name": isolated(local_name(message.owner))},
        )
    return _back(message)


@of_message
@require_POST
def end_alarm(request: StaffRequest, message: Message) -> HttpResponse:
    form = AlarmForm(request.POST, auto_id="alarm_%s")
    if not form.is_valid():
        return _page(request, message, alarm_form=form)
    actions.end_alarm(message=message, by=request.user, **form.cleaned_data)
    messages.success(request, _("Recorded what was done about the alarm."))
    return _back(message)


@of_message
@require_POST
def move_in(request: StaffRequest, message: Message) -> HttpResponse:
    actions.move_in(message=message, by=request.user)
    messages.success(request, _("The message is in the inbox now."))
    return _back(message)


@of_message
@require_POST
def put_aside(request: StaffRequest, message: Message) -> HttpResponse:
    actions.put_aside(message=message, by=request.user)
    messages.success(request, _("The message is in the spam box now."))
    return redirect("frontdoor:inbox")


@of_message
@require_POST
def not_delivered(request: StaffRequest, message: Message) -> HttpResponse:
    """An answer came back, as a bounce in the clinic's mailbox or a grey tick on the phone."""
    try:
        event_id = UUID(request.POST.get("answer", ""))
    except ValueError:
        raise Http404 from None
    answer = queries.event(message, event_id, "answered")
    if answer is None:
        raise Http404
    actions.not_delivered(answer=answer, by=request.user)
    messages.success(request, _("The message is back in the inbox."))
    return _back(message)


@of_message
@require_safe
def attachment(request: StaffRequest, message: Message, attachment_id: UUID) -> HttpResponse:
    """A file of a message: a picture that we have drawn is shown; anything else is given as a
    download and never opened by us."""
    found = message.attachments.filter(pk=attachment_id).first()
    if found is None:
        raise Http404
    if message.patient is not None:
        saw("message", by=request.user, patient=message.patient, subject=message)
    answer = HttpResponse(bytes(found.content), content_type=found.kind)
    is_picture = found.kind.startswith("image/")
    # Every picture was drawn anew as WebP, whatever its name says.
    name = quote(found.name if not is_picture else f"{found.name}.webp")
    answer["Content-Disposition"] = (
        # With the star (RFC 5987): a plain file name can't be Urdu.
        f"{'inline' if is_picture else 'attachment'}; filename*=UTF-8''{name}"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    # Should a browser open it all the same, nothing in it runs and nothing is fetched.
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@of_message
@require_POST
def note(request: StaffRequest, message: Message) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, message, note_form=form)
    actions.note(message=message, by=request.user, key=made_by(request), **form.cleaned_data)
    return _back(message)


@of_message
@require_POST
def answer(request: StaffRequest, message: Message) -> HttpResponse:
    said = request.POST.copy()
    if "by-email" in said:  # a button of its own; the chips beside it say another way
        said["channel"] = "email"
    form = AnswerForm(said)
    if not form.is_valid():
        return _page(request, message, answer_form=form)
    if form.cleaned_data["channel"] == "email" and not message.email:
        form.add_error("channel", _("The sender gave no e-mail address."))
        return _page(request, message, answer_form=form)
    if replying.reply(message=message, by=request.user, **form.cleaned_data):
        messages.success(
            request, _("Your answer goes out now. If it can't be delivered, it comes back here.")
        )
    else:
        messages.success(request, _("Marked as answered."))
    return _back(message)


@of_message
@require_POST
def link(request: StaffRequest, message: Message) -> HttpResponse:
    patient = _patient(request)
    actions.link(message=message, by=request.user, patient=patient)
    messages.success(request, _("The message belongs to this patient now."))
    return _back(message)


@of_message
@require_POST
def close(request: StaffRequest, message: Message) -> HttpResponse:
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, message, close_form=form)
    if message.alarm in ("ringing", "taken"):
        form.add_error(None, _("This message gave an alarm. First say above what was done."))
        return _page(request, message, close_form=form)
    actions.close(message=message, by=request.user, **form.cleaned_data)
    messages.success(request, _("Closed. It can be reopened at any time."))
    return redirect("frontdoor:inbox")


@of_message
@require_POST
def reopen(request: StaffRequest, message: Message) -> HttpResponse:
    actions.reopen(message=message, by=request.user)
    return _back(message)


def _patient(request: StaffRequest) -> Patient:
    """The clinic's patient named in the form."""
    try:
        patient_id = UUID(request.POST.get("patient", ""))
    except ValueError:
        raise Http404 from None
    patient = Patient.objects.filter(
        pk=patient_id, organisation=request.user.organisation_id
    ).first()
    if patient is None:
        raise Http404
    return patient


def _back(message: Message) -> HttpResponse:
    return redirect("frontdoor:message", message.pk)


def _page(request: StaffRequest, message: Message, **forms: Any) -> HttpResponse:
    now = timezone.now()
    chosen = request.GET.get("text", "")
    ready = ready_texts.ready_for(message) if message.state != "closed" else []
    text = next((one.text for one in ready if one.key == chosen), "")
    # Who wished for an e-mail and gave no address can only be called.
    channel = message.answer_by if message.answer_by != "email" or message.email else "call"
    context = {
        "message": message,
        "texts": ready,
        "chosen": chosen,
        "by_email": replying.by_email(message),
        "files": queries.attachments_of(message),
        "next": queries.next_open(message, now),
        "waiting": queries.waiting(message, now=now),
        "events": message.events.select_related("recorded_by").order_by("recorded_at"),
        "likely": [] if message.patient_id else queries.likely_patients(message),
        "heard": danger.answer_to(message),
        "alarm_form": AlarmForm(auto_id="alarm_%s"),
        "note_form": NoteForm(auto_id="note_%s"),
        "answer_form": AnswerForm(auto_id="answer_%s", initial={"channel": channel, "text": text}),
        "close_form": CloseForm(auto_id="close_%s"),
        **forms,
    }
    return render(request, "frontdoor/message.html", context, status=422 if forms else 200)
