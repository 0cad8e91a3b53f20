"""Keeping a draft at every step, and sending it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from filiform.clinic.consent.actions import note_read_ahead
from filiform.clinic.consent.models import ConsentText
from filiform.clinic.facts.models import new_id
from filiform.clinic.intake.sent_in import SentAnswers, send_in
from filiform.clinic.patient_page.inviting import told
from filiform.clinic.patient_page.models import Preparation
from filiform.clinic.patient_page.preparing.screens import ACTIVITY, Answers
from filiform.clinic.patient_page.preparing.telling import answer_told, told_of
from filiform.listening import hear
from filiform.screening import red_flags

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Site
    from filiform.clinic.visits.models import Visit


def draft_of(visit: Visit) -> Preparation:
    """The draft of a visit; begun when there is none. Two phones at once begin the same one."""
    draft, _new = Preparation.objects.get_or_create(
        visit=visit, defaults={"organisation": visit.organisation, "patient": visit.patient}
    )
    return draft


def keep(*, visit: Visit, screen: str, answer: Any) -> Preparation:
    """Keep one screen's answer. Of two phones at once each keeps its own screens; of one screen
    the later answer is meant. What was sent already is a new sending from here on."""
    with transaction.atomic():
        draft = _held(visit)
        before = draft.answers
        if screen == "activities" and answer != before.get(screen):
            before = _with_ratings_moved(before, answer or [])
        draft.answers = {**before, screen: answer}
        if draft.sent_at is not None:
            # A new id, or the same answers sent again would be taken for the sending before.
            draft.sending, draft.sent_at = new_id(), None
        draft.changed_at = timezone.now()
        draft.save(update_fields=["answers", "sending", "sent_at", "changed_at"])
    return draft


def _with_ratings_moved(answers: Answers, named: list[str]) -> Answers:
    """A rating is kept by the place of its activity: it follows its activity to the new place, or
    goes with it. Else "lift" would be told with what was said of "walk"."""
    former = answers.get("activities") or []
    rated = {
        activity: answers[f"{ACTIVITY}{place}"]
        for place, activity in enumerate(former)
        if f"{ACTIVITY}{place}" in answers
    }
    kept = {screen: one for screen, one in answers.items() if not screen.startswith(ACTIVITY)}
    moved = {
        f"{ACTIVITY}{place}": rated[activity]
        for place, activity in enumerate(named)
        if activity in rated
    }
    return {**kept, **moved}


def send(*, visit: Visit, patient: Patient, site: Site) -> Preparation:
    """Send what was answered, for a practitioner to review. Twice is once."""
    with transaction.atomic():
        draft = _held(visit)
        if draft.sent_at is not None:
            return draft
        done = send_in(
            patient=patient,
            site=site,
            sending=draft.sending,
            told=told_of(patient, draft.answers),
            language=get_language() or "en",
            visit=visit,
        )
        draft.sent_at, draft.urgency = timezone.now(), done.urgency or ""
        draft.save(update_fields=["sent_at", "urgency"])
    # After the commit: messages stopped for answers that were rolled back would never go again.
    told(visit.pk)
    return draft


def send_danger(
    *, visit: Visit, patient: Patient, site: Site, screen: str, answer: Any
) -> SentAnswers | None:
    """What can't wait for the last screen: a yes to a sign that needs a doctor, words of danger.
    None for every other answer."""
    one = answer_told(screen, answer)
    if one is None or not (one.name in _pressing() or hear(one.text)):
        return None
    draft = draft_of(visit)
    return send_in(
        patient=patient,
        site=site,
        # Of the draft and the answer: the same again rings once, another one anew.
        sending=uuid5(draft.sending, f"{screen} {answer}"),
        told=[one],
        language=get_language() or "en",
        visit=visit,
    )


def _pressing() -> set[str]:
    return {flag.id for flag in red_flags() if flag.urgency in ("emergency", "same-day")}


def note_consent_read(*, visit: Visit, text: ConsentText) -> None:
    note_read_ahead(visit=visit, text=text)


def _held(visit: Visit) -> Preparation:
    draft_of(visit)
    # Answers are one JSON value: without the lock a second phone would write its old copy over it.
    return Preparation.objects.select_for_update(no_key=True).get(visit=visit)
