"""What a letter's paper says, in the language that is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from filiform.clinic.correspondence import queries
from filiform.clinic.correspondence.models import Letter
from filiform.clinic.correspondence.vocabulary import PARTS
from filiform.clinic.documents.heads import head_of
from filiform.clinic.patients.births import birth_in_words
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import written

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

MOMENT = "j F Y, H:i"


def letter_values(letter: Letter, *, by: Member | None = None) -> dict[str, Any]:
    """For `papers/letter.typ`. by: who makes the paper; None for the letter's reader."""
    signature = queries.signature_of(letter)
    patient = letter.patient
    author = queries.author_of(letter)
    return {
        "head": head_of(
            title=title_of(letter),
            organisation=patient.organisation,
            name=patient.name,
            file=patient.file_number,
            by=by or author,
        ),
        "draft": "" if signature else _("Draft: not signed."),
        # A draft bears the day on which it is printed.
        "day": written(timezone.localtime(signature.signed_at if signature else None), "j F Y"),
        "to": [letter.to_name, letter.to_place],
        "about": [
            [_("Patient"), patient.name],
            [_("Born"), birth_in_words(patient.birth_date, patient.birth_date_known)],
        ],
        "parts": [
            {
                "title": str(name),
                "texts": [one["text"] for one in letter.sentences if one["part"] == part],
            }
            for part, name in PARTS.items()
            # The address stands above: a heading over one line of greeting says nothing.
            if any(one["part"] == part for one in letter.sentences)
        ],
        "sign": [local_name(author), author.title, local_name(patient.organisation)],
        "site": [local_name(letter.visit.site), letter.visit.site.phone],
        "signed": _signed(letter) if signature else "",
        "added_title": _("Added after the signature"),
        "added": [
            {
                "text": one.text,
                "who": _("%(name)s, %(when)s")
                % {"name": local_name(one.recorded_by), "when": written(one.recorded_at, MOMENT)},
            }
            for one in queries.addenda_of(letter)
        ],
    }


def title_of(letter: Letter) -> str:
    return {
        "referrer": _("Report to the referrer"),
        "discharge": _("Report at discharge"),
        "employer": _("Letter to the employer"),
        "school": _("Letter to the school"),
    }[letter.kind]


def _signed(letter: Letter) -> str:
    """Who signed when, with the beginning of the fingerprint: what a reader can ask us about."""
    signature = queries.signature_of(letter)
    if signature is None:
        return ""
    told = {
        "name": local_name(signature.signed_by),
        "when": written(signature.signed_at, MOMENT),
        "digest": signature.digest[:16],
    }
    return _("Signed electronically by %(name)s on %(when)s; fingerprint %(digest)s.") % told


def name_of(letter: Letter) -> str:
    """The file's name, without its ending."""
    return f"{letter.patient.file_number}-{letter.kind}-{letter.language}"
