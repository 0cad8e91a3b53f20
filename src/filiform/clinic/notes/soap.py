"""The note as SOAP text, composed from the record; somebody reads it, edits it and adds it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filiform.clinic.notes.gathering import TreatmentNote
from filiform.clinic.treatment.vocabulary import FEELS
from filiform.clinic.web.times import comma


def soap_of(note: TreatmentNote) -> str:
    """Four paragraphs. What is not in the record is not in the text either."""
    parts = [
        (_("Subjective"), [f"{label}: {text}" for label, text in note.story.items()]),
        (_("Objective"), list(note.found)),
        (_("Assessment"), list(note.necessity)),
        (_("Plan and treatment"), _treated(note)),
    ]
    # A paragraph without a line gets a dash, so that whoever edits sees what is left to write.
    return "\n\n".join(f"{name}\n" + "\n".join(lines or ["–"]) for name, lines in parts)


def _treated(note: TreatmentNote) -> list[str]:
    lines = [f"{one.where}: {one.done}" for one in note.beside if one.done]
    # Said always: the billing codes are those of needles without an injection.
    lines.append(_("Nothing was injected."))
    n = len(note.needles)
    lines.append(
        ngettext("%(n)s needle in, %(out)s out.", "%(n)s needles in, %(out)s out.", n)
        % {"n": n, "out": note.page.panel.needles_out}
    )
    response = note.page.course.response
    if response is not None:
        told = response.details
        after = [
            _("Pain now %(pain)s/10") % {"pain": told["pain"]} if told["pain"] is not None else "",
            str(dict(FEELS).get(told["feels"], "")),
            told["motion"],
        ]
        lines.append(f"{comma()} ".join(part for part in after if part))
    return [line for line in lines if line]
