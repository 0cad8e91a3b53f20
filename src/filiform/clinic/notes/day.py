"""The paper pack of a day: what is needed at the couch when no computer answers, printed ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from filiform.clinic.assessment.queries import plans
from filiform.clinic.assessment.safety import screening
from filiform.clinic.assessment.verdict import sentences
from filiform.clinic.consent.queries import visit_state
from filiform.clinic.documents.heads import head_of
from filiform.clinic.supplies.refusing import size_text
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.templatetags.filiform import words as in_words
from filiform.clinic.web.times import at_site, written
from filiform.planning import POSITIONS, TECHNIQUES

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

LINES = 9
"""Empty rows for needles; the planned most of a session is eight (procedure.md, section 3)."""


def day_values(visits: Sequence[Visit], on: date, *, by: Member) -> dict[str, Any]:
    """For `papers/day.typ`. visits: with patient, site and practitioner, in the order of time."""
    return {
        "head": head_of(
            title=_("Paper for %(day)s") % {"day": written(on, "l, j F Y")},
            organisation=by.organisation,
            name="",
            file="",
            by=by,
        ),
        "intro": _(
            "For a day without the computer. Write down what you do, with times; enter it when the "
            "computer answers again, then destroy this paper."
        ),
        "columns": [_("Muscle"), _("Needle"), _("Depth"), _("Technique"), _("Position")],
        "write_title": _("Needles"),
        "write": [_("No."), _("Muscle, side"), _("In"), _("Out"), _("Twitches"), _("Lot")],
        "lines": LINES,
        "count": [
            _("Packs opened"),
            _("Needles out"),
            _("Unused"),
            _("In the bin"),
            _("Pain now"),
            _("Signature"),
        ],
        "patients": [_patient(visit, on) for visit in visits],
    }


def _patient(visit: Visit, on: date) -> dict[str, Any]:
    patient = visit.patient
    # As of that day: a break between treatments or a medicine may be over by then.
    told = sentences(screening(visit, on))
    return {
        "title": f"{written(at_site(visit.planned_at, visit.site_id), 'H:i')} {patient.name}",
        "facts": [
            [_("File"), patient.file_number],
            [_("Age"), str(patient.age_on(on))],
            [_("Phone"), patient.phone or "–"],
            [_("With"), local_name(visit.practitioner)],
            [_("Consent"), str(visit_state(visit).says)],
        ],
        "safety": [line.says for line in told],
        "against": any(line.look == "danger" for line in told),
        "plan": [_planned(target, plan) for target, plan in plans(visit)],
    }


def _planned(target: Any, plan: Any) -> list[str]:
    where = muscle_in_words(target.muscle, target.side)
    if plan is None:
        # A target without a plan keeps its row: on paper nothing else would remind of it.
        return [where, "–", "–", "–", "–"]
    return [
        where,
        size_text((plan.diameter_mm, plan.length_mm)),
        f"{plan.depth_mm:g} mm",
        str(in_words(dict(TECHNIQUES).get(plan.technique, plan.technique))),
        str(in_words(dict(POSITIONS).get(plan.position, plan.position))),
    ]
