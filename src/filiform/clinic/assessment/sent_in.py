"""Story and pain drawing as a patient sends them from home: checked, compared, taken over as one.

story    name: a field of STORY; value: its code, list, number or text
drawing  name: "pain"; value: the drawing as `BodyDrawing.as_text` writes it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from filiform.anatomy.surface import AreaError, BodyDrawing
from filiform.clinic.assessment import queries
from filiform.clinic.assessment.actions.story import tell_story
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import Story
from filiform.clinic.assessment.telling import LABELS, in_words, words_of
from filiform.clinic.assessment.vocabulary import AGGRAVATING, EASING, MECHANISMS, ONSETS
from filiform.clinic.body.queries import pain_of
from filiform.clinic.intake.models import SentIn
from filiform.clinic.intake.parts import (
    PARTS,
    Compared,
    Differs,
    NotSendable,
    PartAtHome,
    Told,
)
from filiform.letters import as_read

if TYPE_CHECKING:
    from filiform.clinic.facts.models import Fact
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

CHOICES: dict[str, frozenset[str]] = {
    "complaint_code": frozenset(COMPLAINTS),
    "onset": frozenset(dict(ONSETS)),
    "mechanism": frozenset(dict(MECHANISMS)),
}
LISTS: dict[str, frozenset[str]] = {
    "aggravating": frozenset(dict(AGGRAVATING)),
    "easing": frozenset(dict(EASING)),
}
RATINGS = frozenset({"pain_now", "pain_worst", "pain_average"})
WORDS = frozenset({"complaint", "notes"})
"""Their text is what was written; a value they have none."""


def put_in() -> None:
    """Let the room of intake know these two parts."""
    PARTS["drawing"] = PartAtHome(check_drawing, compare, take, together="story")
    PARTS["story"] = PartAtHome(check_story, compare, take, together="story")


def check_story(told: Told) -> None:
    name, value = told.name, told.value
    if name in CHOICES and value in CHOICES[name]:
        return
    if name in LISTS and isinstance(value, list) and LISTS[name].issuperset(map(str, value)):
        return
    # In Python true is a whole number; no page of ours sends it as pain.
    whole = isinstance(value, int) and not isinstance(value, bool)
    if name in RATINGS and whole and 0 <= value <= 10:
        return
    if name in WORDS and value is None and told.text:
        return
    raise NotSendable(f"story, {name}: got {value!r}, which no page of ours sends")


def check_drawing(told: Told) -> None:
    if told.name != "pain" or not isinstance(told.value, str):
        raise NotSendable(f"a drawing of {told.name!r} as {type(told.value).__name__}")
    try:
        BodyDrawing.from_text(told.value)
    except AreaError as error:
        raise NotSendable(str(error)) from None


def _value(row: SentIn) -> Any:
    return as_read(row.text, lines=True) if row.name in WORDS else row.value


def _drawn(row: SentIn) -> BodyDrawing:
    """What was drawn; nothing where a later release can't read it any more."""
    try:
        return BodyDrawing.from_text(str(row.value))
    except AreaError:
        return BodyDrawing()


def compare(row: SentIn, patient: Patient, visit: Visit) -> Compared:
    """Against this visit's story, or the one before it in the episode."""
    field = "drawing" if row.part == "drawing" else row.name
    if row.part == "drawing":
        said = in_words(Story(), _drawn(row)).get(field, "")
    else:
        said = in_words(Story(**{row.name: _value(row)}), BodyDrawing()).get(field, "")
    story = queries.story(visit) or queries.former_story(visit)
    has = words_of(story).get(field, "") if story else ""
    # Compared in words, as both stand before the practitioner: another code with the same words is
    # no news.
    differs: Differs = "new" if not has else "same" if has == said else "changed"
    return Compared(str(LABELS[field]), said, has, differs)


def take(by: Member, visit: Visit, rows: Sequence[SentIn]) -> Fact | None:
    """One new version of the visit's story: what came in over what stands there."""
    there = queries.story(visit)
    # A story is replaced whole, so what the practitioner had written there goes into the new
    # version.
    fields = {name: getattr(there, name) for name in LABELS if name != "drawing"} if there else {}
    drawing = pain_of(there) if there else BodyDrawing()
    for row in rows:
        if row.part == "drawing":
            drawing = _drawn(row)
        else:
            fields[row.name] = _value(row)
    # Who sends a drawing alone comes with the complaint of the episode.
    if not fields.get("complaint_code") and not fields.get("complaint") and visit.episode:
        fields["complaint_code"] = visit.episode.complaint
    return tell_story(by=by, visit=visit, drawing=drawing, **fields)
