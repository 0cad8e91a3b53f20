"""Reconciling a FHIR document: held, compared, sorted, and what is chosen recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from filiform.clinic.facts.amending import hold
from filiform.clinic.facts.recording import recording
from filiform.clinic.intake import queries
from filiform.clinic.intake.disclosing import disclose
from filiform.clinic.intake.identity import Identity, compare
from filiform.clinic.intake.models import DisclosedFact, ImportedDocument, PendingImport
from filiform.clinic.intake.reconciliation import Offer, Preview
from filiform.clinic.intake.rows import insert_after, plain
from filiform.clinic.patients.actions import measure
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.vocabulary import BOUNDS
from filiform.disclosure import Statement
from filiform.exchange.fhir import ReadBundle, read_bundle

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

KEEP_UPLOADS = timedelta(days=1)
KEEP_SENT_IN = timedelta(days=90)
"""What a patient sent in before a visit, until a practitioner has looked at it (design value)."""
MOST_SENT_IN = 3
"""Documents of one patient that wait at once; a summary is one (design value)."""


class AnotherPerson(ValueError):
    """A document is, or may be, about somebody else; `identity` says what differs."""

    def __init__(self, identity: Identity) -> None:
        super().__init__(f"the document is about another person, or may be: {identity.verdict}")
        self.identity = identity


def hold_import(*, by: Member, patient: Patient, raw: bytes) -> PendingImport:
    """Keep an uploaded document until somebody has decided what to add of it.

    Documents that nobody decided about within a day are dropped.
    """
    with recording("document-uploaded", by=by) as entry:
        drop_old_uploads()
        pending = PendingImport.objects.create(
            organisation=patient.organisation, patient=patient, member=by, raw=raw
        )
        entry.about(pending, patient=patient, size_bytes=len(raw))
    return pending


class TooManySentIn(ValueError):
    """So many documents of this patient wait already that no other is taken."""


def send_document(*, patient: Patient, raw: bytes) -> PendingImport:
    """Keep a document that a patient sent from their own page, until a practitioner decides.

    The same document twice is one. Raises AnotherPerson when it is about somebody else,
    BundleError when it can't be read, TooManySentIn.
    """
    identity = compare(patient, read_bundle(raw).patient)
    if identity.verdict == "another":
        raise AnotherPerson(identity)
    # After the reading: a file that can't be read, or is another's, is nowhere kept.
    with recording("document-sent-in", by=None, organisation=patient.organisation) as entry:
        drop_old_uploads()
        hold(patient)
        there = list(PendingImport.objects.filter(patient=patient, member__isnull=True))
        for one in there:
            # Of three at most, so that comparing them whole costs nothing.
            if bytes(one.raw) == raw:
                entry.about(one, patient=patient, again=True)
                return one
        if len(there) >= MOST_SENT_IN:
            raise TooManySentIn(f"{len(there)} documents wait; at most {MOST_SENT_IN} do at once")
        pending = PendingImport.objects.create(
            organisation=patient.organisation, patient=patient, member=None, raw=raw
        )
        entry.about(pending, patient=patient, size_bytes=len(raw))
    return pending


def drop_import(*, by: Member, pending: PendingImport) -> None:
    """Forget an uploaded document of which nothing is added."""
    with recording("document-dropped", by=by) as entry:
        entry.about(pending, patient=pending.patient)
        PendingImport.objects.filter(pk=pending.pk).delete()


def drop_old_uploads() -> None:
    """Forget what was uploaded too long ago; part of every upload."""
    now = timezone.now()
    by_staff = Q(member__isnull=False, created_at__lt=now - KEEP_UPLOADS)
    PendingImport.objects.filter(by_staff | Q(created_at__lt=now - KEEP_SENT_IN)).delete()


@dataclass(frozen=True)
class Imported:
    """What importing a document did. document is None when it added nothing."""

    document: ImportedDocument | None
    facts: tuple[DisclosedFact, ...] = ()
    measurements: int = 0


def import_document(
    *,
    by: Member,
    patient: Patient,
    raw: bytes,
    chosen: Collection[str] | None = None,
    identity_reason: str = "",
) -> Imported:
    """Add facts of a FHIR Bundle; the Bundle itself is kept byte for byte.

    chosen: ids of facts (`Statement.id`), and "height_cm", "weight_kg"; None takes what a preview
    ticks. The same document a second time adds nothing.
    Raises filiform.exchange.fhir.BundleError when it cannot be read, AnotherPerson when it is
    about somebody else or, without a reason, when that is doubtful.
    """
    # Before the patient is held: nobody waits while a long document is read.
    read = read_bundle(raw)
    identity = compare(patient, read.patient)
    if identity.verdict == "another" or (
        identity.verdict == "doubtful" and not identity_reason.strip()
    ):
        raise AnotherPerson(identity)
    with transaction.atomic():
        hold(patient)
        sorted_out = queries.preview_of(read, patient, on=timezone.localdate())
        # Of what is sorted now, under the lock: a page may be as old as its reader's lunch.
        wanted = _wanted(sorted_out, chosen)
        body = _wanted_body(sorted_out, chosen)
        if not wanted and not body:
            return Imported(document=None)
        with recording("document-imported", by=by) as entry:
            document = _keep_document(by=by, patient=patient, raw=raw, read=read)
            facts = tuple(
                _reconcile(offer, by=by, patient=patient, document=document) for offer in wanted
            )
            for kind, (value, day) in body.items():
                measure(by=by, patient=patient, kind=kind, value=value, measured_on=day)
            details: dict[str, Any] = {"facts": len(facts), "identity": identity.verdict}
            if identity_reason:
                details["identity_reason"] = identity_reason.strip()
            entry.about(document, **details)
    return Imported(document=document, facts=facts, measurements=len(body))


def _wanted(sorted_out: Preview, chosen: Collection[str] | None) -> list[Offer]:
    if chosen is None:
        return list(sorted_out.offered)
    return [o for o in (*sorted_out.offered, *sorted_out.optional) if o.fact.id in chosen]


def _wanted_body(
    sorted_out: Preview, chosen: Collection[str] | None
) -> dict[str, tuple[float, date]]:
    found = {}
    for kind, (low, high) in BOUNDS.items():
        value = getattr(sorted_out, kind)
        day = sorted_out.measured_on(kind)
        if (
            value is not None
            and day
            # A slip of units in a document (grams, inches) must not become a weight.
            and low <= value <= high
            and (chosen is None or kind in chosen)
        ):
            found[kind] = (value, day)
    return found


def _keep_document(
    *, by: Member, patient: Patient, raw: bytes, read: ReadBundle
) -> ImportedDocument:
    """The document's row; the one that is there when the very same bytes came before."""
    sha256 = hashlib.sha256(raw).hexdigest()
    # The same bytes are the same document, whoever brings it and however often.
    there = next((one for one in queries.documents(patient) if one.sha256 == sha256), None)
    if there is not None:
        return there
    return ImportedDocument.objects.create(
        organisation=patient.organisation,
        recorded_by=by,
        patient=patient,
        sha256=sha256,
        size_bytes=len(raw),
        profile=read.profile[:40],
        raw=raw,
    )


def _reconcile(
    offer: Offer, *, by: Member, patient: Patient, document: ImportedDocument
) -> DisclosedFact:
    fact = offer.fact
    if offer.amends is not None:
        return insert_after(
            offer.amends,
            by=by,
            why=str(_("as a newer document says")),
            **_row_of(fact, document),
        )
    # The codes as they are: `disclose` makes them plain itself.
    return disclose(by=by, patient=patient, **_row_of(fact, document) | {"codings": fact.codings})


def _row_of(fact: Statement, document: ImportedDocument) -> dict[str, Any]:
    return {
        "kind": fact.kind.value, "text": fact.text[:300], "codings": plain(fact.codings),
        "status": fact.status.value, "start": fact.start, "end": fact.end,
        "recorded_on": fact.recorded, "site": fact.site[:60], "side": fact.side or "",
        "value": fact.value, "unit": fact.unit[:30], "none_known": fact.none_known,
        "document": document, "resource": fact.id[:200],
    }  # fmt: skip
