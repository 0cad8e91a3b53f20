"""What the papers of the room say, as their templates take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.documents.heads import head_of
from filiform.clinic.notes.gathering import TreatmentNote, checks_in_words
from filiform.clinic.notes.soap import soap_of
from filiform.clinic.notes.stricta import SOURCE
from filiform.clinic.patients.births import birth_in_words
from filiform.clinic.treatment.observing import observed_note
from filiform.clinic.treatment.templatetags.treatment import clock
from filiform.clinic.treatment.vocabulary import FATES, FEELS
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.templatetags.filiform import words as in_words
from filiform.clinic.web.times import comma, written
from filiform.reasons import say

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

NoteValues = dict[str, Any]


def head(note: TreatmentNote, title: str, by: Member) -> Any:
    patient = note.visit.patient
    return head_of(
        title=title,
        organisation=by.organisation,
        name=patient.name,
        file=patient.file_number,
        by=by,
    )


def note_values(note: TreatmentNote, *, by: Member) -> NoteValues:
    """For `papers/note.typ`."""
    return {
        "head": head(note, _("Note of the treatment"), by),
        "seal": _seal(note),
        "facts": _facts(note),
        "sections": [
            _table(
                _("Planned and done"),
                [_("Muscle"), _("Planned"), _("Done")],
                [[one.where, one.planned or "–", one.done or "–"] for one in note.beside],
            ),
            _needles(note),
            _stricta(note),
            _codes(note),
            _texts(_("SOAP"), soap_of(note).split("\n\n")),
            _amendments(note),
        ],
    }


def packet_values(note: TreatmentNote, *, by: Member) -> NoteValues:
    """For `papers/note.typ`, too: necessity, consent, needles, count, lots, outcome, in the order
    in which an auditor asks."""
    return {
        "head": head(note, _("Audit packet of a treatment"), by),
        "seal": _seal(note),
        "facts": _facts(note),
        "sections": [
            _texts(_("Why it was needed"), [*_story(note), *note.necessity, *note.found]),
            _consent(note),
            _needles(note),
            _count(note),
            _table(
                _("Lots"),
                [_("Needle"), _("Manufacturer"), _("Lot"), _("Expires on"), _("Opened"), _("Used")],
                [
                    [
                        line.size,
                        line.act.details["brand"],
                        line.act.details["number"],
                        written(line.expires_on, "j M Y"),
                        str(line.needles),
                        str(line.used),
                    ]
                    for line in note.packs
                ],
            ),
            _outcome(note),
            _stricta(note),
            _codes(note),
            _amendments(note),
        ],
    }


def _story(note: TreatmentNote) -> list[str]:
    return [f"{label}: {told}" for label, told in note.story.items()]


def _texts(title: str, lines: list[str]) -> NoteValues:
    return {"title": title, "texts": [line for line in lines if line], "columns": [], "rows": []}


def _table(title: str, columns: list[str], rows: list[list[str]], texts: Any = ()) -> NoteValues:
    return {"title": title, "texts": list(texts), "columns": columns, "rows": rows}


def _seal(note: TreatmentNote) -> list[str]:
    seal = getattr(note.treatment, "seal", None)
    if seal is None:
        return [_("Not signed yet: a draft."), ""]
    told = {
        "name": local_name(seal.signed_by),
        "when": written(seal.signed_at, "j F Y, H:i"),
        "number": seal.number,
    }
    return [_("Signed by %(name)s on %(when)s, seal number %(number)s.") % told, seal.hash]


def _facts(note: TreatmentNote) -> list[list[str]]:
    patient, visit = note.visit.patient, note.visit
    return [
        [_("Patient"), patient.name],
        [_("Born"), birth_in_words(patient.birth_date, patient.birth_date_known)],
        [_("Treated on"), written(note.treatment.started_at, "j F Y, H:i")],
        [_("At"), local_name(visit.site)],
        [_("By"), local_name(note.treatment.practitioner)],
    ]


def _needles(note: TreatmentNote) -> NoteValues:
    names = [_("No."), _("Muscle"), _("Needle"), _("Depth"), _("Time in"), _("Twitches"), _("Lot")]
    rows = [
        [
            str(number),
            one.where,
            one.size,
            f"{one.depth_mm:g} mm",
            clock(one.dwell_s) or "–",
            str(one.twitches) + (" +" if one.pain_reproduced else ""),
            one.lot or "–",
        ]
        for number, one in enumerate(note.needles, start=1)
    ]
    texts = [_("+ the familiar pain was reproduced. Nothing was injected.")] if rows else []
    return _table(_("Needles"), names, rows, [*texts, *_odd_needles(note), *_despite(note)])


def _odd_needles(note: TreatmentNote) -> list[str]:
    """What was seen at single needles, and what became of them where it was not simply the bin."""
    lines = []
    for number, needle in enumerate(note.page.course.needles.values(), start=1):
        fate = needle.fate if needle.fate != "bin" else ""
        told = [observed_note(needle.observed), str(FATES.get(fate, ""))]
        said = f"{comma()} ".join(dict.fromkeys(text for text in told if text))
        if said:
            lines.append(_("Needle %(number)s: %(said)s") % {"number": number, "said": said})
    return lines


def _despite(note: TreatmentNote) -> list[str]:
    """What the treatment was recorded in spite of: it belongs to what is read and signed."""
    language = get_language() or "en"
    title = _("Recorded as it happened, although:")
    return [f"{title} {say(reason, language)}" for reason in note.page.despite]


def _stricta(note: TreatmentNote) -> NoteValues:
    missing = note.missing
    texts = [f"STRICTA 2a–2g ({SOURCE})"]
    if missing:
        names = f"{comma()} ".join(str(name) for name in missing)
        texts.append(_("Not in the record: %(items)s") % {"items": names})
    rows = [[code, str(name), text or "–"] for code, name, text in note.stricta]
    return _table(_("For a report of the needling"), ["", _("Item"), _("Record")], rows, texts)


def _codes(note: TreatmentNote) -> NoteValues:
    rows = [[one.system, one.code, str(in_words(one.says))] for one in note.codes]
    columns = [_("System"), _("Code"), _("Says")] if rows else []
    return _table(_("Codes"), columns, rows)


def _consent(note: TreatmentNote) -> NoteValues:
    consent = note.consent
    if consent is None:
        return _texts(_("Consent"), [_("None is recorded.")])
    lines = [
        f"{consent.signed_name}{comma()} {written(consent.recorded_at, 'j F Y, H:i')}",
        _("Text %(version)s, fingerprint %(hash)s")
        % {"version": consent.text.version, "hash": consent.text.sha256[:16]},
    ]
    if consent.witness:
        lines.append(_("Witness: %(name)s") % {"name": consent.witness})
    if hasattr(consent, "withdrawal"):
        when = written(consent.withdrawal.recorded_at, "j F Y, H:i")
        lines.append(_("Withdrawn on %(when)s") % {"when": when})
    return _texts(_("Consent"), lines)


def _count(note: TreatmentNote) -> NoteValues:
    rows = [
        [
            written(line.at, "H:i"),
            str(line.made.opened),
            str(line.made.used),
            str(line.made.unused),
            str(line.made.in_bin),
            _("Adds up.") if line.adds_up else _("Does not add up."),
        ]
        for line in note.page.panel.counts
    ]
    accounts = [
        f"{line.result}{comma()} {line.note}".rstrip(f"{comma()} ")
        for line in note.page.panel.accounts
    ]
    columns = [_("Time"), _("Opened"), _("Used"), _("Unused"), _("In the bin"), ""]
    return _table(_("Count of the needles"), columns if rows else [], rows, accounts)


def _outcome(note: TreatmentNote) -> NoteValues:
    response = note.page.course.response
    texts = []
    if response is not None:
        told = response.details
        if told["pain"] is not None:
            texts.append(_("Pain right after: %(pain)s/10") % {"pain": told["pain"]})
        texts += [str(dict(FEELS).get(told["feels"], "")), told["motion"]]
    rows = checks_in_words(note.visit)
    columns = [_("Check after"), _("State"), _("Found")] if rows else []
    return _table(_("Outcome"), columns, rows, [text for text in texts if text])


def _amendments(note: TreatmentNote) -> NoteValues:
    lines = []
    for one in note.amendments:
        who = local_name(one.recorded_by)
        who = f"{who}{comma()} {written(one.recorded_at, 'j F Y, H:i')}"
        lines.append(f"{who}: {one.text}")
    return _texts(_("Added after the signature"), lines)
