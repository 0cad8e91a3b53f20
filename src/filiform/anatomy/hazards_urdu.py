"""The Urdu of what a muscle's needling note warns of.

It stands beside the note, not in it: a translation is no clinical fact, so that a better word
makes no new release of the atlas. Each row carries a digest of the English that it was made from.
Where the English has changed since, the English is shown: an old warning would be a wrong one.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import NamedTuple

from filiform.anatomy.model import Needling
from filiform.anatomy.tables import DataError, data_text, rows
from filiform.words import Words

FILE = "needling_urdu.tsv"
COLUMNS = ("muscle_id", "english", "structures_at_risk", "mitigation")


class UrduWarning(NamedTuple):
    english: str
    structures_at_risk: str
    mitigation: str


def digest_of(note: Needling) -> str:
    """Eight hexadecimal digits of the English that is translated."""
    english = f"{note.structures_at_risk}\0{note.mitigation}"
    return hashlib.sha256(english.encode()).hexdigest()[:8]


@cache
def warnings() -> dict[str, UrduWarning]:
    """Rows of the file by muscle. Raises DataError naming file and line on a defect."""
    found: dict[str, UrduWarning] = {}
    for place, row in rows(FILE, data_text(FILE), COLUMNS):
        muscle_id, *texts = row.values()
        if muscle_id in found or not all(texts):
            raise DataError(f"{place}: {muscle_id!r} stands there twice, or a text is missing")
        found[muscle_id] = UrduWarning(*texts)
    return found


def warned(note: Needling) -> tuple[Words, Words]:
    """(what the needle can harm, how that is kept safe) in both languages."""
    urdu = warnings().get(note.muscle_id)
    if urdu is None or urdu.english != digest_of(note):
        return Words(en=note.structures_at_risk), Words(en=note.mitigation)
    return (
        Words(en=note.structures_at_risk, ur=urdu.structures_at_risk),
        Words(en=note.mitigation, ur=urdu.mitigation),
    )
