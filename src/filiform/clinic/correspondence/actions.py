"""What happens to letters. Each is one transaction with its audit entry."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from django.utils import timezone
from django.utils.translation import override

from filiform.clinic.correspondence import queries
from filiform.clinic.correspondence.composing import composed
from filiform.clinic.correspondence.editing import MOST_LINES, Marked
from filiform.clinic.correspondence.gathering import given
from filiform.clinic.correspondence.models import (
    Letter,
    LetterAddendum,
    LetterHandover,
    LetterLink,
    LetterSignature,
)
from filiform.clinic.correspondence.signing import digest_of
from filiform.clinic.facts.amending import ChangedMeanwhile, amended, hold, in_place
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.reasons import Reason

if TYPE_CHECKING:
    from uuid import UUID

    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

LINK_HOLDS = timedelta(days=30)
MOST_TRIES = 5
"""As for a patient's own link; both are design values."""

LetterOpened = Literal["opened", "wrong", "locked"]


def begin(
    *,
    by: Member,
    visit: Visit,
    kind: str,
    language: str,
    on: date,
    to_name: str = "",
    to_place: str = "",
    diagnosis: str = "",
    letter_id: UUID | None = None,
) -> Letter:
    """Compose a letter from the record. The same `letter_id` sent twice is the same letter."""
    # The first version's id is the letter's, so that a form sent twice finds it.
    root = letter_id or new_id()
    with override(language):
        made = composed(given(visit, on=on), kind, diagnosis=diagnosis)
    rows = [{"part": one.part, "text": " ".join(one.text.split())} for one in made]
    with recording("letter-begun", by=by) as entry:
        there = Letter.objects.current().filter(root=root, organisation=by.organisation_id).first()
        if there is not None:
            entry.about(there, kind=there.kind, again=True)
            return there
        letter = Letter.objects.create(
            pk=root,
            root=root,
            organisation=by.organisation,
            recorded_by=by,
            patient=visit.patient,
            visit=visit,
            kind=kind,
            language=language,
            to_name=to_name,
            to_place=to_place,
            diagnosis=diagnosis,
            composed=rows,
            sentences=[{**row, "by": "composed"} for row in rows],
        )
        entry.about(letter, kind=kind)
    return letter


def edit(
    *, by: Member, letter: Letter, seen: UUID, sentences: list[Marked], to_name: str, to_place: str
) -> Letter | tuple[Reason, ...]:
    """A new version of a draft. seen: id of the version that was edited.

    Raises ChangedMeanwhile when another took its place since. A signed letter is refused: it gets
    an addendum.
    """
    if len(sentences) > MOST_LINES:
        return (Reason("letter-too-long", params={"got": len(sentences), "most": MOST_LINES}),)
    if queries.signature_of(letter) is not None:
        return (Reason("letter-signed"),)
    with recording("letter-edited", by=by) as entry:
        _hold_draft(letter)
        if letter.pk != seen:
            raise ChangedMeanwhile
        fresh = amended(
            letter, by=by, sentences=sentences, to_name=to_name.strip(), to_place=to_place.strip()
        )
        entry.about(fresh)
    return fresh


def _hold_draft(letter: Letter) -> None:
    """Keep it to oneself until the transaction ends. Raises ChangedMeanwhile when somebody has
    signed it since it was looked at."""
    # The patient and not the letter: a version that is replaced meanwhile is another row.
    hold(letter.patient)
    if queries.signature_of(letter) is not None:
        raise ChangedMeanwhile


def agree(*, by: Member, letter: Letter, diagnosis: str, on: date) -> Letter | tuple[Reason, ...]:
    """What the patient said to a diagnosis being named. The composed sentences are made anew by
    it; those that were written stay."""
    if queries.signature_of(letter) is not None:
        return (Reason("letter-signed"),)
    with recording("letter-diagnosis-asked", by=by) as entry:
        _hold_draft(letter)
        with override(letter.language):
            made = composed(given(letter.visit, on=on), letter.kind, diagnosis=diagnosis)
        rows = [{"part": one.part, "text": " ".join(one.text.split())} for one in made]
        # What a person wrote is never thrown away, even where the patient has refused; signing
        # looks at it.
        written = [one for one in letter.sentences if one["by"] == "written"]
        fresh = amended(
            letter,
            by=by,
            diagnosis=diagnosis,
            composed=rows,
            sentences=[{**row, "by": "composed"} for row in rows] + written,
        )
        entry.about(fresh, agreed=diagnosis == "agreed")
    return fresh


def sign(
    *, by: Member, letter: Letter, seen: UUID, way: str
) -> LetterSignature | tuple[Reason, ...]:
    """One signature, however often the button is pressed. way: how the practitioner proved who
    they are, from `staff.pins.prove`. Raises ChangedMeanwhile when the letter is another by now."""
    # Before all else: a second tap changes nothing and is refused nothing.
    there = queries.signature_of(letter)
    if there is not None:
        return there
    if letter.pk != seen:
        raise ChangedMeanwhile
    reasons = queries.reasons_against_signing(letter)
    if reasons:
        return reasons
    with recording("letter-signed", by=by) as entry:
        _hold_draft(letter)
        # Held now: the version that was proof-read has to be the one that holds.
        latest = queries.letter_of(letter.root, by.organisation_id)
        if latest is None or latest.pk != seen:
            raise ChangedMeanwhile
        entry.about(latest, way=way)
        signed_at = timezone.now()
        return in_place(
            LetterSignature(
                organisation=by.organisation,
                recorded_by=by,
                patient=latest.patient,
                letter=latest,
                root=latest.root,
                signed_by=by,
                # The very moment that is in the digest: a second call of the clock would not match
                # it.
                signed_at=signed_at,
                way=way,
                digest=digest_of(latest, signed_by=by.pk, signed_at=signed_at),
            )
        )


def add(
    *, by: Member, letter: Letter, text: str, way: str, addendum_id: UUID | None = None
) -> LetterAddendum | tuple[Reason, ...]:
    """Add to a signed letter; what was signed stays as it is. The same `addendum_id` sent twice is
    one addition."""
    if queries.signature_of(letter) is None:
        return (Reason("letter-not-signed"),)
    key = addendum_id or new_id()
    with recording("letter-addendum", by=by) as entry:
        entry.about(letter, way=way)
        there = LetterAddendum.objects.filter(pk=key, letter=letter).first()
        if there is not None:
            entry.details["again"] = True
            return there
        return LetterAddendum.objects.create(
            pk=key,
            organisation=by.organisation,
            recorded_by=by,
            patient=letter.patient,
            letter=letter,
            text=text.strip(),
            way=way,
        )


def hand_over(
    *, by: Member, letter: Letter, how: str, to: str = "", handover_id: UUID | None = None
) -> LetterHandover | tuple[Reason, ...]:
    """The letter has left the clinic. A draft never does. The same `handover_id` sent twice is one
    handing over."""
    if queries.signature_of(letter) is None:
        return (Reason("letter-not-signed"),)
    handover_id = handover_id or new_id()
    with recording("letter-handed-over", by=by) as entry:
        entry.about(letter, how=how)
        there = LetterHandover.objects.filter(pk=handover_id, letter=letter).first()
        if there is not None:
            entry.details["again"] = True
            return there
        return LetterHandover.objects.create(
            pk=handover_id,
            organisation=by.organisation,
            recorded_by=by,
            patient=letter.patient,
            letter=letter,
            how=how,
            to=to.strip(),
        )


def make_link(*, letter: Letter, by: Member | None = None) -> str:
    """A link that opens a signed letter with the patient's day of birth; its secret is told here
    once and never again. by: None when a message goes out by itself; else who was shown it."""
    secret, now = secrets.token_urlsafe(32), timezone.now()
    with recording("letter-link-made", by=by, organisation=letter.organisation) as entry:
        LetterLink.objects.create(
            organisation=letter.organisation,
            letter=letter,
            token_hash=queries.hash_of(secret),
            made_at=now,
            expires_at=now + LINK_HOLDS,
        )
        entry.about(letter, patient=letter.patient)
    return secret


def open_link(*, link: LetterLink, birth: date) -> LetterOpened:
    """Try the patient's day of birth. A wrong try is counted before anything is answered, in a row
    that is locked meanwhile: two at once can't both be the fifth."""
    patient = link.letter.patient
    with recording("letter-link-tried", by=None, organisation=link.organisation) as entry:
        held = LetterLink.objects.select_for_update(no_key=True).get(pk=link.pk)
        entry.about(link.letter, patient=patient)
        # Corrected to "about 1984" after the link was sent, a date is no secret: it opens nothing.
        right = patient.birth_date_known == "day" and birth == patient.birth_date
        result: LetterOpened = "locked" if held.locked_at else "opened" if right else "wrong"
        if result == "opened":
            held.wrong_tries, held.opened_at = 0, timezone.now()
        elif result == "wrong":
            held.wrong_tries += 1
            if held.wrong_tries >= MOST_TRIES:
                held.locked_at, result = timezone.now(), "locked"
        held.save(update_fields=["wrong_tries", "locked_at", "opened_at"])
        entry.details["result"] = result
    return result
