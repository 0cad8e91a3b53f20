"""What the letter to the patient says, in the language that is switched on.

It follows what open disclosure asks for: what happened, that we are sorry, what is known and what
not yet, what the patient should do, and whom they can ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.documents.heads import head_of
from filiform.clinic.events.vocabulary import KINDS
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import written
from filiform.outcomes.events import register

if TYPE_CHECKING:
    from filiform.clinic.events.models import SafetyEvent
    from filiform.clinic.staff.models import Member


def letter_values(event: SafetyEvent, *, by: Member) -> dict[str, Any]:
    """For `papers/letter.typ`. Raises ValueError for an event of nobody."""
    patient = event.patient
    if patient is None:
        raise ValueError("a letter about an event goes to its patient; this event has none")
    language = get_language() or "en"
    causes = {one.id: one.name.in_language(language) for one in register().causality}
    facts = [
        [_("When"), written(timezone.localtime(event.happened_at), "j F Y, H:i")],
        [_("What happened"), str(KINDS.get(event.kind, event.kind))],
    ]
    if event.muscle:
        facts.append([_("Where"), muscle_in_words(event.muscle, event.side)])
    if event.causality:
        facts.append([_("Did the needling cause it?"), causes[event.causality]])
    return {
        "head": head_of(
            title=_("What happened at your treatment"),
            organisation=by.organisation,
            name=patient.name,
            file=patient.file_number,
            by=by,
        ),
        "day": written(timezone.localdate(), "j F Y"),
        "to": [patient.name, patient.address],
        "text": [
            _("Dear %(name)s,") % {"name": patient.name},
            _("Something happened at or after your treatment with us that should not have. "
              "We are sorry. You have a right to know what we know."),
        ],
        "facts": facts,
        "told": event.for_patient,
        "known_title": _("What we know and what not yet"),
        "known": _("We have looked into it, and this is what we found.")
        # "Conditional" is WHO-UMC's word for: more has to be known first.
        if event.causality and event.causality != "conditional"
        else _("We are still looking into it, and will tell you what we find."),
        "next_title": _("What you can do"),
        "advice": [
            _("If you feel worse, call us at any hour, or go to an emergency department and show "
              "this letter."),
            _("You may see your record and have a copy, and ask for another practitioner."),
            _("Ask us anything; you may bring somebody with you."),
        ],
        "call": _("Call us: %(phone)s") % {"phone": event.site.phone},
        "sign": [local_name(by), by.title, local_name(by.organisation)],
    }  # fmt: skip
