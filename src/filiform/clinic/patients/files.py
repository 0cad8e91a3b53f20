"""Files of one person: which are read together, and which are closed.

closed file ──FileMerge──▶ kept file ◀──FileMerge── closed file

A file is closed into one other at most, and a file that others are closed into is never closed
itself: the files of a person are a star, and one query finds them from wherever one looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from filiform.clinic.facts.prepared import Prepared, prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.patients.models import FileMerge, Patient
from filiform.reasons import Reason, Weight

Row = TypeVar("Row")


class FileClosed(Exception):
    """Something was to be written into a closed file. `reasons` names the file to go on with."""

    def __init__(self, merge: FileMerge) -> None:
        super().__init__(f"file {merge.patient_id} is closed into {merge.kept_id}")
        self.merge = merge
        self.reasons = (
            Reason(
                "file-closed",
                Weight.ABSOLUTE,
                {"closed": merge.patient.file_number, "kept": merge.kept.file_number},
            ),
        )


@prepared
def _merges(patient: UUID) -> QuerySet[FileMerge]:
    closed_with_it = FileMerge.objects.current().filter(patient=patient).values("kept")
    return (
        FileMerge.objects.current()
        .filter(Q(kept=patient) | Q(kept__in=closed_with_it))
        .select_related("patient", "kept", "recorded_by")
        .order_by("recorded_at", "pk")
    )


@read_once
def merges_of(patient: Patient | UUID) -> tuple[FileMerge, ...]:
    """The merges that hold between all files of a person, the first one first; none for nearly
    everybody."""
    return tuple(_merges(_id(patient)))


def _id(patient: Patient | UUID) -> UUID:
    return patient.pk if isinstance(patient, Patient) else patient


def closed_into(patient: Patient | UUID) -> FileMerge | None:
    """The merge by which this very file is closed."""
    which = _id(patient)
    return next((merge for merge in merges_of(patient) if merge.patient_id == which), None)


def files_of(patient: Patient | UUID) -> tuple[UUID, ...]:
    """Ids of all files of a person; this one first."""
    which = _id(patient)
    ends = (end for merge in merges_of(patient) for end in (merge.kept_id, merge.patient_id))
    return tuple(dict.fromkeys((which, *ends)))


def other_numbers(patient: Patient) -> dict[UUID, str]:
    """Patient → file number, of the person's other files."""
    ends = (end for merge in merges_of(patient) for end in (merge.kept, merge.patient))
    return {end.pk: end.file_number for end in ends if end.pk != patient.pk}


def of_files(query: Prepared[Row], patient: Patient | UUID, *rest: object) -> list[Row]:
    """The rows that a prepared query gives for each file of a person, one file after another.

    Several questions and not one: hardly anybody has a second file, and the query of the one file
    stays the quick one that everybody else uses.
    """
    return [row for file in files_of(patient) for row in query(file, *rest)]


def joined_at(merges: Iterable[FileMerge], one: UUID, other: UUID) -> datetime | None:
    """Since when two files of a person are read together: since the later of the two was closed.

    None for a file and itself. What was said later than this was said by somebody who could see
    both.
    """
    if one == other:
        return None
    return max(merge.recorded_at for merge in merges if merge.patient_id in (one, other))


def merged_since(patient: UUID, since: datetime) -> bool:
    """Whether files were put to this one, or taken from it, after a moment."""
    merges = FileMerge.objects.filter(recorded_at__gt=since)
    return merges.filter(Q(patient__in=files_of(patient)) | Q(kept=patient)).exists()


def closed_among(patients: Iterable[Patient]) -> dict[UUID, Patient]:
    """Closed file → the one that is gone on with, for lists of patients; in one query."""
    merges = _closed.among(one.pk for one in patients)
    return {merge.patient_id: merge.kept for merge in merges}


@prepared
def _closed(*patients: UUID) -> QuerySet[FileMerge]:
    return FileMerge.objects.current().filter(patient__in=patients).select_related("kept")


# --- what a closed file still takes ---------------------------------------------------------------

GOES_ON = frozenset({
    "files-merged", "files-taken-apart", "fact-amended", "fact-voided", "measurement-voided",
    "outcome-voided", "message-received", "message-taken", "message-noted", "message-answered",
    "message-linked", "message-moved-in", "message-alarm-taken", "message-alarm-done",
    "message-closed", "message-put-aside", "message-not-delivered", "message-reopened",
    "message-link-made", "message-links-revoked", "message-link-tried", "message-link-unlocked",
    "message-code-given", "message-phone-forgotten", "message-pain-drawn", "message-wish",
    "message-sent-by-hand", "message-told-by-voice", "message-booking-link-made",
    "message-time-offered", "message-waiting-left", "message-exercise-reminder",
    "document-dropped", "consent-withdrawn", "consent-read-ahead", "act-pack", "act-fate",
    "act-start", "act-account", "act-insertion", "act-twitch", "act-pain-reproduced",
    "act-removal", "act-place", "act-observed", "act-retest", "act-event", "act-event-step",
    "act-vitals", "act-called", "act-event-end", "act-stop", "act-count", "act-response",
    "act-void", "treatment-signed", "treatment-amended", "visit-moved", "episode-discharged",
    "check-answered", "check-no-reply", "check-given-up", "check-covered", "check-taken-over",
    "check-alarm-taken", "alarm-acknowledged", "advice-given", "read-audit", "home-ticked",
    "event-reported", "event-taken-in", "event-assessed", "event-taken", "event-step",
    "event-closed", "event-reopened", "recall-patient-told", "region-refused",
    "depth-picture-dropped", "visit-rescheduled", "visit-cancelled", "visit-price-set",
    "payment-taken", "payment-refunded", "payment-corrected", "payment-voided", "package-used",
    "package-use-given-back", "package-sale-undone", "patient-self-registered-kept",
    "patient-self-registered-joined", "letter-addendum", "letter-diagnosis-asked",
    "letter-edited", "letter-handed-over", "letter-link-made", "letter-link-tried",
    "letter-signed", "sent-in", "sent-in-reviewed", "document-sent-in", "home-unticked",
    "programme-kept-as-it-is",
})  # fmt: skip
"""Actions that go on in a closed file; every other is refused.

What was begun there is brought to its end, because a needle that is in, an alarm, a withdrawal or
a correction must never wait for somebody to tidy up files. Nothing new is begun there."""


def refuse_in_closed(action: str, patient: UUID) -> None:
    """Raises FileClosed when an action is about a closed file and begins something new there.

    Called by `facts.recording` for every action about a patient: no room has to think of it.
    """
    if action in GOES_ON:
        return
    merge = closed_into(patient)
    if merge is not None:
        raise FileClosed(merge)
