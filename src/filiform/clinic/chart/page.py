"""What stands on a patient's page, gathered from the rooms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from filiform.clinic.chart.body_over_time import body_over_time
from filiform.clinic.chart.rows import visit_rows
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.intake import queries as intake
from filiform.clinic.intake import sections
from filiform.clinic.patients import queries
from filiform.clinic.patients.files import closed_into, merges_of, of_files, other_numbers
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.vocabulary import RELATIONS
from filiform.clinic.visits.models import OPEN_STATES, Discharge, Episode, Visit
from filiform.clinic.web.stamps import SlotText, stamped
from filiform.clinic.web.times import at_site, written

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

VISITS_SHOWN = 60
MESSAGES_SHOWN = 5


@dataclass
class EpisodeVisits:
    """An episode with its visits, the last one first; None gathers visits without one."""

    episode: Episode | None
    ended: Discharge | None = None
    visits: list[Visit] = field(default_factory=list)
    numbers: dict[UUID, str] = field(default_factory=dict)
    """File numbers of the person's other files, by patient."""

    clinical: bool = False
    """Whether the reader may see for which complaint they were"""

    @property
    def html(self) -> SafeString:
        """Somebody has an episode or two with a dozen visits each: with the template's own words
        for each it was a tenth of the page's time."""
        episode, ended = self.episode, self.ended
        given = {
            "clinical": self.clinical,
            "named": episode is not None,
            "title": SlotText(episode.title if episode else ""),
            "day": SlotText(written(episode.opened_on) if episode else ""),
            "ended_on": SlotText(written(ended.on) if ended else ""),
            "rows": SlotText(visit_rows(self.visits, self.numbers)),
        }
        return stamped("chart/_episode.html", "", given)


def page(patient: Patient, *, by: Member, on: date, body_at: str = "") -> dict[str, Any]:
    """The context of the page. Clinical words are left out for roles that may not see them.

    body_at: id of the visit whose drawing is shown first; the last one without it.
    """
    visits = _visits(patient)
    clinical = by.may("see-clinical")
    # The title of an episode is its complaint, which not every role may see.
    groups = _groups(patient, visits) if clinical else _one_group(visits)
    for group in groups:
        group.numbers, group.clinical = other_numbers(patient), clinical
    return {
        "visits_today": [visit for visit in visits if _is_open_on(visit, on)],
        "groups": groups,
        "sections": sections.sections(patient),
        "closed": closed_into(patient),
        "merges": merges_of(patient),
        "disagreements": intake.disagreements(patient),
        "open_questions": len(intake.screened(patient, on).unanswered),
        "documents": intake.documents(patient),
        "body": queries.body(patient),
        "on_body": body_over_time(patient, body_at) if clinical else {},
        "inbox": _messages(patient) if by.may("answer-messages") else [],
        "kin_relation": dict(RELATIONS).get(patient.kin_relation, patient.kin_relation),
        "audit_address": (
            f"{reverse('audit:entries')}?patient={patient.pk}" if by.may("see-audit") else ""
        ),
    }


@prepared
def _last_visits(patient: UUID) -> QuerySet[Visit]:
    return (
        Visit.objects.filter(patient=patient)
        .select_related("practitioner")
        .only(
            *("planned_at", "minutes", "state", "site", "episode", "patient"),
            *("practitioner__name", "practitioner__name_ur"),
        )
        .order_by("-planned_at")[:VISITS_SHOWN]
    )


@prepared
def _episodes(patient: UUID) -> QuerySet[Episode]:
    return (
        Episode.objects.current()
        .filter(patient=patient)
        .select_related("discharge")
        .order_by("-opened_on")
    )


@prepared
def _last_messages(patient: UUID) -> QuerySet[Message]:
    return Message.objects.filter(patient=patient).order_by("-received_at")[:MESSAGES_SHOWN]


def _visits(patient: Patient) -> list[Visit]:
    """Of all files of the person."""
    found = of_files(_last_visits, patient)
    # Each file gave its own newest ones, so the cut is made once more over all of them.
    return sorted(found, key=lambda visit: visit.planned_at, reverse=True)[:VISITS_SHOWN]


def _is_open_on(visit: Visit, on: date) -> bool:
    return visit.state in OPEN_STATES and at_site(visit.planned_at, visit.site_id).date() == on


def _groups(patient: Patient, visits: Iterable[Visit]) -> list[EpisodeVisits]:
    episodes = sorted(of_files(_episodes, patient), key=lambda one: one.opened_on, reverse=True)
    groups = {one.pk: EpisodeVisits(one, getattr(one, "discharge", None)) for one in episodes}
    without = EpisodeVisits(None)
    for visit in visits:
        group = groups.get(visit.episode_id, without) if visit.episode_id else without
        group.visits.append(visit)
    # A visit that was booked for something new has no episode yet: it stands first.
    return [*([without] if without.visits else []), *groups.values()]


def _one_group(visits: list[Visit]) -> list[EpisodeVisits]:
    return [EpisodeVisits(None, visits=visits)] if visits else []


def _messages(patient: Patient) -> list[Message]:
    found = of_files(_last_messages, patient)
    return sorted(found, key=lambda one: one.received_at, reverse=True)[:MESSAGES_SHOWN]
