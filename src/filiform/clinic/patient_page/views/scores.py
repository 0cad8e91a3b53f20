"""How it goes between visits: the measures that are due, one question at a time.

Answers travel from screen to screen in the form, as those of a check do; a measure is recorded as
soon as its last question is answered, so that whoever stops has told what is whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.facts.models import new_id
from filiform.clinic.patient_page import queries
from filiform.clinic.patient_page.access import of_phone
from filiform.clinic.patient_page.inviting import told
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.patient_page.views.home import page
from filiform.clinic.patients.models import Patient
from filiform.clinic.progress.actions import record_score
from filiform.clinic.progress.scores import due_between_visits, psfs_activities
from filiform.clinic.staff.models import Site
from filiform.letters import whole_number
from filiform.outcomes.instruments import Instrument


@dataclass(frozen=True)
class ScoreQuestion:
    """One question of a measure. about: the activity of PSFS, "" for all others."""

    instrument: Instrument
    number: int
    about: str = ""

    @property
    def token(self) -> str:
        return f"{self.instrument.id}:{self.number}"

    @property
    def values(self) -> list[int]:
        """What can be tapped; a line of a hundred points in steps of ten."""
        one = self.instrument
        # A hundred buttons can't be tapped with a thumb.
        step = 10 if one.item_high - one.item_low > 20 else 1
        return list(one.allowed) or list(range(one.item_low, one.item_high + 1, step))


def questions_of(patient: Patient, instruments: list[Instrument]) -> list[ScoreQuestion]:
    """Every question of these measures; PSFS asks for each activity that the patient named."""
    found = []
    for one in instruments:
        abouts = psfs_activities(patient) if one.id == "psfs" else [""] * len(one.text)
        found += [ScoreQuestion(one, number, about) for number, about in enumerate(abouts)]
    return found


@of_phone
@require_http_methods(["GET", "HEAD", "POST"])
def scores(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    patient = queries.person(device.patient)
    due = due_between_visits(patient, now=timezone.now())
    asked = questions_of(patient, due)
    given = _given(request, asked)
    form_id = _id(request)
    left = [one for one in asked if one.token not in given]
    _record_whole(patient, asked, given, form_id)
    if not left:
        # Also for who comes back, by an old message say: there is nothing to ask now.
        if request.method == "POST":
            # The reminder is stopped once all is told, not at the first answer.
            told(patient.pk)
            return redirect("patient_page:scores", device_id=device.pk)
        return page(request, "scores_told", device, site)
    (at, *_rest) = left
    text = at.instrument.text[min(at.number, len(at.instrument.text) - 1)]
    return page(
        request, "scores", device, site,
        at=at, given=[f"{token}={value}" for token, value in given.items()], form_id=form_id,
        title=text.in_language(get_language() or "en"),
        step=len(asked) - len(left) + 1, steps=len(asked),
        error=_("Tap a number.") if _is_bad(request, given) else "",
        status=422 if _is_bad(request, given) else 200,
    )  # fmt: skip


def _given(request: HttpRequest, asked: list[ScoreQuestion]) -> dict[str, int]:
    """Answers to what is asked; what somebody made up is left out."""
    by_token = {one.token: one for one in asked}
    found = {}
    for entry in request.POST.getlist("a")[:200]:
        token, _eq, text = entry.partition("=")
        number = whole_number(text.removeprefix("-"), digits=3)
        question = by_token.get(token)
        if question is not None and number is not None:
            value = -number if text.startswith("-") else number
            if value in question.values:
                found[token] = value
    return found


def _is_bad(request: HttpRequest, given: dict[str, int]) -> bool:
    return request.method == "POST" and not given


def _record_whole(
    patient: Patient, asked: list[ScoreQuestion], given: dict[str, int], form_id: UUID
) -> None:
    for instrument in dict.fromkeys(one.instrument.id for one in asked):
        mine = [one for one in asked if one.instrument.id == instrument]
        if any(one.token not in given for one in mine):
            continue
        record_score(
            by=None, patient=patient, scale=instrument, taken_at=timezone.now(),
            items=[given[one.token] for one in mine],
            about=[one.about for one in mine if one.about],
            # Of the form: sent twice it is one score.
            score_id=uuid5(form_id, instrument),
        )  # fmt: skip


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("form_id", ""))
    except ValueError:
        return new_id()
