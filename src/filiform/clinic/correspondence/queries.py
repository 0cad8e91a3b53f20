"""Letters, read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from filiform.clinic.correspondence.gathering import telling_words
from filiform.clinic.correspondence.models import (
    Letter,
    LetterAddendum,
    LetterHandover,
    LetterLink,
    LetterSignature,
)
from filiform.clinic.correspondence.vocabulary import LAYMEN
from filiform.clinic.patients.files import files_of
from filiform.clinic.visits.models import Visit
from filiform.reasons import Reason

if TYPE_CHECKING:
    from datetime import datetime

    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member

SHOWN = 60
"""The newest letters of a patient."""


@dataclass(frozen=True)
class LetterRow:
    letter: Letter
    signature: LetterSignature | None


def letters_of(patient: Patient) -> list[LetterRow]:
    """The letters of all files of a person, the newest first; a draft in its last version."""
    rows = Letter.objects.current().filter(patient__in=files_of(patient))
    found = list(rows.select_related("recorded_by").order_by("-recorded_at")[:SHOWN])
    signed = {
        one.root: one
        for one in LetterSignature.objects.filter(root__in=[row.root for row in found])
        .select_related("signed_by")
    }  # fmt: skip
    return [LetterRow(row, signed.get(row.root)) for row in found]


def letter_of(root: UUID, organisation: UUID) -> Letter | None:
    """The version that holds."""
    rows = Letter.objects.current().filter(root=root, organisation=organisation)
    return rows.select_related(
        *("patient__organisation", "visit__site__organisation", "visit__episode"),
        *("visit__practitioner", "recorded_by"),
    ).first()


def signature_of(letter: Letter) -> LetterSignature | None:
    rows = LetterSignature.objects.filter(root=letter.root)
    return rows.select_related("letter", "signed_by").first()


def author_of(letter: Letter) -> Member:
    """Who signed it, or whose draft it is. Raises ValueError for a letter of nobody."""
    signature = signature_of(letter)
    author = signature.signed_by if signature else letter.recorded_by
    if author is None:
        raise ValueError(f"letter {letter.pk} was recorded by nobody; letters have an author")
    return author


def addenda_of(letter: Letter) -> list[LetterAddendum]:
    rows = LetterAddendum.objects.current().filter(letter=letter).select_related("recorded_by")
    return list(rows.order_by("recorded_at"))


def handovers_of(letter: Letter) -> list[LetterHandover]:
    rows = LetterHandover.objects.current().filter(letter=letter).select_related("recorded_by")
    return list(rows.order_by("recorded_at"))


def links_of(letter: Letter) -> list[LetterLink]:
    return list(LetterLink.objects.filter(letter=letter).order_by("-made_at")[:10])


def newest_visit(patient: Patient, now: datetime) -> Visit | None:
    """The visit that a letter tells of unless another is chosen: the last one that was held."""
    rows = Visit.objects.filter(patient__in=files_of(patient), planned_at__lte=now)
    rows = rows.exclude(state__in=("booked", "cancelled", "missed", "left"))
    return rows.select_related("episode", "patient", "site").order_by("-planned_at").first()


def hash_of(secret: str) -> str:
    """SHA-256, in hexadecimal digits. Fast is enough: 256 random bits can't be tried out."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_of(secret: str) -> LetterLink | None:
    rows = LetterLink.objects.filter(token_hash=hash_of(secret))
    return rows.select_related(
        "letter__patient__organisation", "letter__visit__site__organisation"
    ).first()


def reasons_against_signing(letter: Letter) -> tuple[Reason, ...]:
    """What a letter lacks before somebody can stand for it."""
    found = []
    if not letter.sentences:
        found.append(Reason("letter-empty"))
    if not letter.to_name.strip():
        found.append(Reason("letter-no-reader"))
    if letter.kind in LAYMEN and not letter.diagnosis:
        found.append(Reason("letter-diagnosis-not-asked"))
    elif letter.kind in LAYMEN and letter.diagnosis != "agreed":
        # The practitioner writes freely: what the patient did not agree to may stand there.
        told = " ".join(one["text"] for one in letter.sentences).casefold()
        found += [
            Reason("letter-names-diagnosis", params={"word": word})
            for word in telling_words(letter.visit)
            if word.casefold() in told
        ]
    return tuple(found)
