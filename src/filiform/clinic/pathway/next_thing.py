"""The one next thing of each visit of a day, as the pathway says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform import __version__
from filiform.clinic.facts.versions import NEVER_WRITTEN, patient_versions, versions_of
from filiform.clinic.pathway.gathering import before_needling
from filiform.clinic.pathway.state import UNDER_WAY
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import visit_in
from filiform.clinic.visits.vocabulary import STEPS
from filiform.clinic.web.addresses import address_of
from filiform.clinic.web.keep import Keep

STEP_OF = {
    "questions": "safety",
    "written-reason": "safety",
    "not-confirmed": "safety",
    "plan-refused": "plan",
    "plan-reason": "plan",
}
"""Codes of steps that are told in the step's own words."""

KEPT: Keep[tuple[Any, ...], NextThing] = Keep(2000)
"""For one process; a clinic's day has some hundred visits."""

ASKED_ABOUT = UNDER_WAY | {"needles-in"}
"""States of which the pathway knows more than the state says: consent may be taken back while
needles are in."""

LATE_AFTER = timedelta(minutes=15)
"""From when a booked patient counts as late (design value)."""


@dataclass(frozen=True)
class NextThing:
    """code, the phrase, how it looks (plain, mind, danger, well-done), and the page for it."""

    code: str
    says: str | Promise
    look: str = "plain"
    icon: str = "next"
    address: str = ""


NEXT: dict[str, tuple[Any, str, str, str]] = {
    "needles-in": (_("Needles in"), "danger", "needle", "treatment:treat"),
    "remove-all": (
        _("Consent withdrawn: remove every needle"),
        "danger",
        "stop",
        "treatment:treat",
    ),
    "to-sign": (_("Not signed"), "mind", "pen", "treatment:treat"),
    "expected": (_("Expected"), "plain", "clock", ""),
    "late": (_("Not arrived yet"), "mind", "clock", ""),
    "medicines": (
        _("Medicines have changed: review safety"),
        "mind",
        "warning",
        "assessment:safety",
    ),
    "sent-in": (_("Sent in from home: review"), "mind", "message", "intake:sent-in"),
    "ask-changes": (_("Ask what has changed"), "plain", "shield", "assessment:safety"),
    "story": (_("Take the history"), "plain", "message", "assessment:story"),
    "papers": (_("Not permitted to needle: see why"), "danger", "stop", "treatment:treat"),
    "blocked": (_("No needling today: see why"), "danger", "stop", "assessment:safety"),
    "targets": (_("Choose targets"), "plain", "target", "assessment:targets"),
    "plan": (_("Plan the needling"), "plain", "list", "assessment:plan"),
    "consent": (_("Consent missing"), "mind", "pen", "consent:consent"),
    "ready": (_("Ready"), "well-done", "check", "treatment:treat"),
    "done": (_("Done"), "well-done", "check", ""),
    "missed": (_("Did not attend"), "plain", "cross", ""),
    "cancelled": (_("Cancelled"), "plain", "cross", ""),
    "left": (_("Left before treatment"), "plain", "out", ""),
}
"""Code → phrase, look, icon and the step's address."""


def code_of(visit: Visit, prepared: str, now: datetime) -> str:
    """Which of NEXT stands before a visit, or the step that is to be done.

    prepared: what the pathway says of a visit under way; the others are as their state says.
    """
    if visit.state == "booked":
        return "late" if now >= visit.planned_at + LATE_AFTER else "expected"
    return prepared if visit.state in UNDER_WAY else visit.state


def turning_points(visits: Sequence[Visit]) -> list[datetime]:
    """The moments at which a visit's next thing changes though nobody writes anything."""
    return [visit.planned_at + LATE_AFTER for visit in visits if visit.state == "booked"]


def next_things(visits: Sequence[Visit], *, on: date, now: datetime) -> dict[UUID, NextThing]:
    """Visit → its next thing. Asked of the pathway once for each version of a patient's record,
    and kept; for visits that nobody has to prepare, the state says it.

    The practitioner of each visit is the one who is asked about, whoever looks.
    """
    kept = _pathways([visit for visit in visits if visit.state in ASKED_ABOUT], on)
    return {visit.pk: kept.get(visit.pk) or _of_state(visit, now) for visit in visits}


def _of_state(visit: Visit, now: datetime) -> NextThing:
    code = code_of(visit, "", now)
    says, look, icon, name = NEXT[code]
    return NextThing(code, says, look, icon, address_of(name, visit.pk) if name else "")


def _pathways(visits: Sequence[Visit], on: date) -> dict[UUID, NextThing]:
    if not visits:
        return {}
    # Versions before what is composed from them, for all rows in one query.
    people = patient_versions([visit.patient_id for visit in visits])
    clinic = versions_of(visits[0].patient_id, visits[0].organisation_id).organisation
    found = {}
    for visit in visits:
        version = people.get(visit.patient_id, NEVER_WRITTEN)
        # The release, too: after an update no sentence of the former one may stand.
        name = (visit.pk, on, get_language(), version, clinic, __version__)
        kept = KEPT.get(name)
        if kept is None:
            kept = _asked(visit, on)
            KEPT.put(name, kept)
        found[visit.pk] = kept
    return found


def _asked(visit: Visit, on: date) -> NextThing:
    """The pathway's answer in the reader's words."""
    # The day's list reads a few columns of each visit; the pathway asks for others.
    whole = visit_in(visit.pk, visit.organisation_id)
    pathway = before_needling(whole, by=whole.practitioner, on=on)
    code = pathway.next
    if code in NEXT:
        says, look, icon, name = NEXT[code]
    else:
        step = STEP_OF[code]
        says, look, icon = pathway.steps[step].says, "mind", STEPS[step][1]
        name = STEPS[step][2]
    return NextThing(code, str(says), look, icon, address_of(name, visit.pk) if name else "")
