"""What records outcome scores. Each is one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.timezone import localdate

from filiform.clinic.facts.amending import voided
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.progress.models import OutcomeScore
from filiform.clinic.visits.models import Episode
from filiform.outcomes.instruments import instruments, score
from filiform.outcomes.scales import scales

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member


def record_score(
    *,
    by: Member | None,
    patient: Patient,
    scale: str,
    taken_at: datetime,
    items: Sequence[float | None] = (),
    total: float | None = None,
    about: Sequence[str] = (),
    score_id: UUID | None = None,
) -> OutcomeScore:
    """Keep a score. by: None when the patient answered on their own page.

    items: then the score follows the instrument's rule; without them `total` is the score. The same
    `score_id` sent twice is the same score. Raises KeyError for an unknown scale, ValueError naming
    what was got and what is allowed.
    """
    score_id = score_id or new_id()
    # Before the transaction: a score that is refused leaves no entry in the audit.
    value = _value(scale, items, total)
    with recording("outcome-scored", by=by, organisation=patient.organisation) as entry:
        sent_before = OutcomeScore.objects.filter(pk=score_id, patient=patient).first()
        if sent_before is not None:
            entry.about(sent_before, patient=patient, scale=scale, again=True)
            return sent_before
        kept = OutcomeScore.objects.create(
            pk=score_id,
            organisation=patient.organisation,
            recorded_by=by,
            patient=patient,
            episode=_open_episode(patient, taken_at),
            scale=scale,
            taken_at=taken_at,
            items=list(items),
            about=list(about),
            value=value,
        )
        entry.about(kept, patient=patient, scale=scale)
    return kept


def _value(scale: str, items: Sequence[float | None], total: float | None) -> float | None:
    # The items decide: a total beside them could contradict them.
    if items:
        return score(scale, items).value
    one = scales()[scale]
    if total is None:
        raise ValueError(f"{scale}: neither items nor a total were given")
    if not one.low <= total <= one.high:
        raise ValueError(f"{scale}: got {total:g}; allowed: {one.low:g} to {one.high:g}")
    return float(total)


def _open_episode(patient: Patient, at: datetime) -> Episode | None:
    """The complaint that was being treated then: the newest one opened by that day."""
    # Of that day and not of today: a score may be entered weeks later.
    rows = Episode.objects.current().filter(patient=patient, opened_on__lte=localdate(at))
    return rows.order_by("-opened_on", "-recorded_at").first()


def void_score(*, by: Member, row: OutcomeScore, why: str) -> OutcomeScore:
    """Take a score back that was entered wrongly. Raises as `facts.amending.voided`."""
    with recording("outcome-voided", by=by) as entry:
        gone = voided(row, by=by, why=why)
        entry.about(gone, patient=row.patient)
    return gone


def is_free(scale: str) -> bool:
    """Whether its questions may be shown to the patient."""
    one = instruments().get(scale)
    return one is not None and one.licence == "free"
