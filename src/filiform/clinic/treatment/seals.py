"""The chain of seals: one per organisation, each holding the hash of the one before.

docs/explanation/seals.md says what it proves and what it can't.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from filiform.clinic.consent.actions import digest_of
from filiform.clinic.consent.models import ConsentText
from filiform.clinic.facts.models import Entry
from filiform.clinic.staff.models import Organisation
from filiform.clinic.treatment.models import Seal, Treatment
from filiform.clinic.treatment.signed_content import (
    FORMAT,
    Contents,
    Difference,
    Signed,
    canonical,
    differences,
)
from filiform.reasons import Reason, say

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Organisation

NONE_BEFORE = "0" * 64
BATCH = 500
"""Seals that are checked at a time: some 15 MB of rows."""


def hold(organisation_id: UUID) -> None:
    """Let one at a time work on the chain; the row is locked until the transaction ends.

    Its key is not: rows that name the organisation are written meanwhile, and on PostgreSQL a
    lock that kept them waiting could wait for them in turn."""
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id)
    # A query set that nobody reads asks nothing, and would lock nothing.
    list(rows.values_list("pk"))


def last_seal(organisation_id: UUID) -> Seal | None:
    return Seal.objects.filter(organisation=organisation_id).order_by("-number").first()


def next_moment(organisation_id: UUID) -> datetime:
    """Now, but never before the last seal: a clock that was set back must not reorder the chain.

    Only while the chain is held."""
    last = last_seal(organisation_id)
    now = timezone.now().astimezone(UTC)
    # A microsecond is the least that both databases keep.
    return now if last is None else max(now, last.signed_at + timedelta(microseconds=1))


def hash_of(
    *,
    organisation_id: UUID,
    number: int,
    previous_hash: str,
    content_hash: str,
    treatment_id: UUID,
    signed_by_id: UUID,
    signed_at: datetime,
    content_format: int,
) -> str:
    """The hash that the next seal holds."""
    return hashlib.sha256(
        canonical(
            {
                "organisation": organisation_id,
                "number": number,
                "previous": previous_hash,
                "content": content_hash,
                "treatment": treatment_id,
                "signed_by": signed_by_id,
                "signed_at": signed_at,
                "format": content_format,
            }
        )
    ).hexdigest()


def seal(treatment: Treatment, *, by: Member) -> Seal:
    """Close a treatment. Call it inside a transaction that holds the chain (`hold`)."""
    last = last_seal(treatment.organisation_id)
    signed_at = next_moment(treatment.organisation_id)
    signed = Signed(
        treatment_id=treatment.pk,
        visit_id=treatment.visit_id,
        organisation_id=treatment.organisation_id,
        since=last.signed_at if last else None,
        signed_at=signed_at,
    )
    content = Contents([signed]).of(signed)
    # Gapless while the chain is held, and unique in the table: a seal that is taken out leaves a
    # gap.
    number = last.number + 1 if last else 1
    previous_hash = last.hash if last else NONE_BEFORE
    # Over the text itself: the packed form may differ between two releases of zlib.
    content_hash = hashlib.sha256(content).hexdigest()
    return Seal.objects.create(
        organisation_id=treatment.organisation_id,
        recorded_by=by,
        recorded_at=signed_at,
        treatment=treatment,
        number=number,
        previous_hash=previous_hash,
        content_hash=content_hash,
        signed_at=signed_at,
        signed_by=by,
        format=FORMAT,
        # Kept whole, so that a difference can be told row by row and not only that there is one.
        content=zlib.compress(content, 6),
        hash=hash_of(
            organisation_id=treatment.organisation_id,
            number=number,
            previous_hash=previous_hash,
            content_hash=content_hash,
            treatment_id=treatment.pk,
            signed_by_id=by.pk,
            signed_at=signed_at,
            content_format=FORMAT,
        ),
    )


@dataclass(frozen=True)
class SealProblem:
    """Something that is not as it was signed. number: of the seal; treatment_id where known."""

    number: int
    reason: Reason
    treatment_id: UUID | None = None

    def __str__(self) -> str:
        return say(self.reason)


def verify(organisation: Organisation, *, batch: int = BATCH) -> Iterator[SealProblem]:
    """Make every seal of an organisation again from the tables and name what differs.

    Streams: memory does not grow with the length of the chain. Ends with the treatments that
    ought to be in the chain and are not. Nothing is yielded when all is as it was signed.
    """
    last = last_number(organisation.pk)
    yield from verify_part(organisation.pk, 0, last, batch=batch)
    yield from verify_end(organisation, last)


def last_number(organisation_id: UUID) -> int:
    """The number of the last seal; 0 when there is none."""
    last = last_seal(organisation_id)
    return last.number if last else 0


def verify_part(
    organisation_id: UUID, after: int, upto: int, *, batch: int = BATCH
) -> Iterator[SealProblem]:
    """The seals (after, upto]."""
    known = Seal.objects.filter(organisation=organisation_id)
    seals = (
        known.filter(number__gt=after, number__lte=upto)
        .select_related("treatment")
        .only(*SEAL_FIELDS, "treatment__visit_id")
        .order_by("number")
        .iterator(chunk_size=batch)
    )
    # The one before the part, or its first seal could not be checked against anything.
    before = known.filter(number__lte=after).order_by("-number").first()
    while part := list(islice(seals, batch)):
        yield from _verify_part(part, before)
        before = part[-1]


def verify_end(organisation: Organisation, after: int) -> Iterator[SealProblem]:
    """What was sealed since the seal `after`, the consent texts, and what has no seal."""
    last = last_number(organisation.pk)
    # Sealed while the long check ran.
    yield from verify_part(organisation.pk, after, last)
    yield from _verify_texts(organisation)
    yield from _unsealed(organisation, last)


SEAL_FIELDS = (
    *("organisation_id", "number", "previous_hash", "content_hash", "hash", "signed_at"),
    *("signed_by_id", "format", "content", "treatment_id"),
)


def _verify_part(part: list[Seal], before: Seal | None) -> Iterator[SealProblem]:
    chained = list(zip([before, *part], part, strict=False))
    signed = [_signed(seal, former) for former, seal in chained]
    contents = Contents(signed)
    for (former, entry), what in zip(chained, signed, strict=True):
        yield from _verify_links(entry, former)
        yield from _verify_content(entry, contents.of(what))


def _signed(entry: Seal, former: Seal | None) -> Signed:
    return Signed(
        treatment_id=entry.treatment_id,
        visit_id=entry.treatment.visit_id,
        organisation_id=entry.organisation_id,
        since=former.signed_at if former else None,
        signed_at=entry.signed_at,
        content_format=entry.format,
    )


def _verify_links(entry: Seal, former: Seal | None) -> Iterator[SealProblem]:
    """Number, predecessor and hash of the seal itself."""
    expected = former.number + 1 if former else 1
    if entry.number != expected:
        params = {"number": entry.number, "from": expected, "to": entry.number - 1}
        yield _problem(entry, "seal-missing", **params)
    # Where a seal is missing its hash can't be known, so only the gap is told.
    elif entry.previous_hash != (former.hash if former else NONE_BEFORE):
        yield _problem(entry, "seal-previous")
    made = hash_of(
        organisation_id=entry.organisation_id,
        number=entry.number,
        previous_hash=entry.previous_hash,
        content_hash=entry.content_hash,
        treatment_id=entry.treatment_id,
        signed_by_id=entry.signed_by_id,
        signed_at=entry.signed_at,
        content_format=entry.format,
    )
    if made != entry.hash:
        yield _problem(entry, "seal-hash")


def _verify_content(entry: Seal, current: bytes) -> Iterator[SealProblem]:
    """The signed content against its hash, then against the rows of today."""
    signed = _opened(entry)
    # The kept text first: comparing rows with a text that was altered itself would blame the rows.
    if signed is None or hashlib.sha256(signed).hexdigest() != entry.content_hash:
        yield _problem(entry, "seal-content")
        return
    # Nearly always, and two texts are compared faster than their rows.
    if signed == current:
        return
    for found in differences(signed, current):
        yield _problem(entry, f"seal-row-{found.kind}", **_params(found))


def _opened(entry: Seal) -> bytes | None:
    try:
        return zlib.decompress(bytes(entry.content))
    except zlib.error:
        return None


def _params(found: Difference) -> dict[str, Any]:
    params = {"table": found.model.split(".")[1], "row": found.row}
    if found.kind == "altered":
        params |= {"field": found.field, "was": found.was, "now": found.now}
    return params


def _problem(entry: Seal, code: str, **params: Any) -> SealProblem:
    reason = Reason(code=code, params={"number": entry.number} | params)
    return SealProblem(entry.number, reason, entry.treatment_id)


def _verify_texts(organisation: Organisation) -> Iterator[SealProblem]:
    """The words of the consent texts against the hash that every consent is bound to."""
    for text in ConsentText.objects.filter(organisation=organisation).iterator():
        if digest_of(text.version, text.language, text.body) != text.sha256:
            params = {"version": text.version, "language": text.language}
            yield SealProblem(0, Reason(code="consent-text-altered", params=params))


def _unsealed(organisation: Organisation, last_number: int) -> Iterator[SealProblem]:
    """What the end of the chain can't show: visits that ended with a treatment and have no seal,
    and signatures in the audit beyond the last seal."""
    # A visit gets its "done" from the signature; one without a seal has lost it.
    bare = Treatment.objects.filter(
        organisation=organisation, seal__isnull=True, visit__state="done"
    )
    for treatment in bare.iterator():
        reason = Reason(code="seal-absent", params={"treatment": str(treatment.pk)})
        yield SealProblem(last_number + 1, reason, treatment.pk)
    newest = (
        Entry.objects.filter(
            organisation=organisation, action="treatment-signed", details__number__gt=0
        )
        .order_by("-at")
        .values_list("details", flat=True)
        .first()
    )
    # Seals cut off at the end leave no gap; the audit has its own chain, and knows of them.
    if newest and newest["number"] > last_number:
        params = {"number": last_number, "last": newest["number"]}
        yield SealProblem(newest["number"], Reason(code="seal-cut", params=params))
