"""Everything that the note of a treatment says, read once, in the language that is switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.aftercare.queries import checks_of
from filiform.clinic.aftercare.vocabulary import URGENCIES
from filiform.clinic.assessment.queries import findings, story
from filiform.clinic.assessment.safety import indicated, justifications, verdict
from filiform.clinic.assessment.telling import LABELS, words_of
from filiform.clinic.assessment.vocabulary import CONSEQUENCES, FINDINGS
from filiform.clinic.consent.queries import last_consent
from filiform.clinic.notes.codes import BillingCode, codes_for
from filiform.clinic.notes.stricta import NeedleDone, stricta
from filiform.clinic.notes.vocabulary import MEASURES, STRICTA
from filiform.clinic.supplies.refusing import size_text
from filiform.clinic.treatment.beside import PlanAndDone, plan_beside_done
from filiform.clinic.treatment.models import Amendment
from filiform.clinic.treatment.packs import PackLine, pack_lines, packs_of_needles
from filiform.clinic.treatment.page import TreatmentPage, treatment_page_of
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.templatetags.filiform import words as in_words
from filiform.clinic.web.times import comma

if TYPE_CHECKING:
    from filiform.clinic.consent.models import Consent
    from filiform.clinic.staff.models import Member
    from filiform.clinic.treatment.models import Treatment
    from filiform.clinic.visits.models import Visit

SEMICOLON = {False: "; ", True: "؛ "}
"""By whether the language is Urdu"""
NAMES = dict(FINDINGS) | MEASURES
"""Finding of an examination → its words."""


@dataclass(frozen=True)
class TreatmentNote:
    """needles: in the order in which they went in. stricta: (code, item, text or None)."""

    visit: Visit
    treatment: Treatment
    page: TreatmentPage
    needles: Sequence[NeedleDone]
    beside: Sequence[PlanAndDone]
    stricta: Sequence[tuple[str, Any, str | None]]
    codes: Sequence[BillingCode]
    packs: Sequence[PackLine]
    consent: Consent | None
    amendments: Sequence[Amendment]
    story: dict[str, str]
    found: Sequence[str]
    necessity: Sequence[str]

    @property
    def missing(self) -> list[Any]:
        """The items of STRICTA that the record can't fill, by their names."""
        return [name for _code, name, text in self.stricta if text is None]


def note_of(visit: Visit, treatment: Treatment, *, by: Member, on: date) -> TreatmentNote:
    page = treatment_page_of(visit, treatment, by=by, on=on)
    needles = _needles(page)
    told = story(visit)
    filled = stricta(
        needles,
        responses=(_("local twitches: %(n)s"), _("needles with familiar pain: %(n)s")),
        comma=f"{comma()} ",
        semicolon=SEMICOLON[get_language() == "ur"],
        minutes=_("min"),
    )
    # Of needles that went in, never of what was planned: a code is billed for what was done.
    targets = {(n.target.muscle, n.target.side) for n in page.course.needles.values()}
    return TreatmentNote(
        visit=visit,
        treatment=treatment,
        page=page,
        needles=needles,
        beside=plan_beside_done(page.cards),
        stricta=[(code, STRICTA[code], text) for code, text in filled.items()],
        codes=codes_for(targets),
        packs=pack_lines(page.course),
        consent=last_consent(visit),
        amendments=list(
            Amendment.objects.filter(treatment=treatment)
            .select_related("recorded_by")
            .order_by("recorded_at")
        ),
        story={str(LABELS[name]): text for name, text in words_of(told).items()} if told else {},
        found=_found(visit),
        necessity=_necessity(visit, on),
    )


def _needles(page: TreatmentPage) -> list[NeedleDone]:
    # The technique is the plan's, by target: an insertion only says how deep and with what.
    techniques = {card.target.pk: str(in_words(card.technique)) for card in page.cards}
    packs = packs_of_needles(page.course)
    found = []
    for needle in page.course.needles.values():
        told = needle.details  # with the depth that it really reached
        # Not what the insertion said: its pack may have turned out to be of another lot.
        pack = packs[needle.id].details if needle.id in packs else {}
        found.append(
            NeedleDone(
                where=muscle_in_words(needle.target.muscle, needle.target.side),
                size=size_text((told["diameter_mm"], told["length_mm"])),
                depth_mm=told["depth_mm"],
                technique=techniques.get(needle.target.pk, ""),
                twitches=needle.twitches,
                pain_reproduced=needle.pain_reproduced,
                passes=told.get("passes", 1),
                dwell_s=needle.dwell_s,
                maker=pack.get("brand", ""),
                lot=pack.get("number", ""),
                placed=bool(needle.place),
            )
        )
    return found


def _found(visit: Visit) -> list[str]:
    """Findings of the examination that were there, by muscle."""
    by_muscle: dict[str, list[str]] = {}
    for row in findings(visit):
        # A measured value says something by itself; of signs only those that were there.
        if row.present or row.value is not None:
            name = str(NAMES.get(row.finding, row.finding))
            text = f"{name} {row.value:g} {row.unit}".strip() if row.value is not None else name
            by_muscle.setdefault(muscle_in_words(row.muscle, row.side), []).append(text)
    return [f"{where}: {f'{comma()} '.join(what)}" for where, what in by_muscle.items()]


def _necessity(visit: Visit, on: date) -> list[str]:
    """Why needling is indicated, what screening said, and what was justified in writing."""
    lines = [str(in_words(one.name)) for one in indicated(visit, on)]
    confirmed = verdict(visit)
    if confirmed is not None:
        # What was confirmed at that time, with the rules of that time, and not what screening says
        # today.
        decision = CONSEQUENCES[confirmed.decision][0]
        told = {"decision": decision, "release": confirmed.release}
        lines.append(_("Screening: %(decision)s (rules %(release)s)") % told)
    lines += [row.text for row in justifications(visit)]
    return lines


def checks_in_words(visit: Visit) -> list[list[str]]:
    """Each check after the treatment: when, how it stands, what it brought to light."""
    return [
        [
            check.hours_in_words,
            _("settled") if check.settled_at else _("open"),
            str(URGENCIES.get(check.urgency, "–")),
        ]
        for check in checks_of(visit)
    ]
