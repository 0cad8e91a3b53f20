"""What passes through several rooms at once: beginning to needle, and signing.

Each is one transaction: either every room has written its part, or none has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from filiform.clinic.aftercare.actions import plan_checks
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.recording import EntryDraft, recording
from filiform.clinic.pathway.gate import reasons_against_needling
from filiform.clinic.pathway.state import BEGUN_BY_STARTING
from filiform.clinic.treatment import actions as treatment_actions
from filiform.clinic.treatment import seals
from filiform.clinic.treatment.before import keep, lacking
from filiform.clinic.treatment.models import Seal, Treatment
from filiform.clinic.treatment.queries import is_sealed, needles_of
from filiform.clinic.visits.actions import begin, follow
from filiform.clinic.visits.models import COUCH_STATES, Visit
from filiform.clinic.web.times import written
from filiform.reasons import Reason, Reasons

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


class Begun(NamedTuple):
    """A start that a tablet made without a line, told afterwards.

    id: made by the tablet; sent twice, it is one start. at: by our clock. anyway: a person has
    read what stands against it and says that it happened all the same.
    """

    id: UUID
    at: datetime
    anyway: bool = False


def start(
    *,
    by: Member,
    visit: Visit,
    on: date,
    before: Mapping[str, datetime] | None = None,
    begun: Begun | None = None,
) -> Treatment | Reasons:
    """Begin needling, if nothing stands against it now. Started already: the same treatment.

    on: the clinic's day. before: what of `treatment.before` was confirmed and when; None only
    where nobody stands at the couch (a script, a test of other things): the page always gives it.
    begun: where a tablet without a line has begun already. A needle may be in, so what stands
    against it is told first and is no refusal for ever: a person decides (`Begun.anyway`).
    Answers every reason of `pathway.gate`, or what of the list is lacking, otherwise.
    """
    with recording("treatment-started", by=by) as entry:
        # First of all: two tablets that start one visit must not both find it free.
        _hold(visit)
        # As it is now: the desk may have cancelled it since this page was loaded.
        visit.refresh_from_db(fields=["state"])
        entry.about(visit)
        known = Treatment.objects.filter(visit=visit).first()
        if begun is not None and treatment_actions.is_another(begun.id, treatment=known):
            entry.details["refused"] = ["act-id-reused"]
            return (Reason(code="act-id-reused"),)
        if known is not None:
            return _start_again(known, begun, entry, by=by, visit=visit)
        # Read from the record within the transaction: what a page said may be minutes old.
        against = reasons_against_needling(visit, by=by, on=on)
        # Starting is itself the answer to "not begun": nobody has to tap twice for one thing.
        reasons = tuple(one for one in against if one.code != BEGUN_BY_STARTING)
        if not reasons and before is not None:
            reasons = lacking(before)
        if reasons and not (begun is not None and begun.anyway):
            # Refusals are recorded: an audit asks who wanted to needle against what.
            entry.details["refused"] = [reason.code for reason in reasons]
            return reasons
        # Only now: who was refused has not come into the room by asking.
        if visit.state in ("booked", "here"):
            begin(by=by, visit=visit)
        if reasons:
            # It happened: what stood against it is kept beside it, and by whom it was confirmed.
            entry.details["despite"] = [reason.code for reason in reasons]
            follow(by=by, visit=visit, to="in-room")
        # With `anyway` the list may have gaps; one with gaps must not read as confirmed later.
        if before is not None and not lacking(before):
            keep(by=by, visit=visit, checked=before)
        treatment = treatment_actions.open_treatment(
            by=by,
            visit=visit,
            treatment_id=begun.id if begun else None,
            started_at=begun.at if begun else None,
        )
        entry.about(treatment)
        if reasons and begun is not None:
            _keep_despite(by, treatment, begun, reasons)
    return treatment


def _start_again(
    known: Treatment, begun: Begun | None, entry: EntryDraft, *, by: Member, visit: Visit
) -> Treatment | Reasons:
    """A visit that was started already: its treatment, unless another tablet's start is told."""
    if begun is not None and begun.id != known.pk:
        theirs = _begun_meanwhile(known)
        if not begun.anyway:
            return theirs
        entry.details["despite"] = [reason.code for reason in theirs]
        _keep_despite(by, known, begun, theirs)
    _bring_back(by, visit, known)
    return known


def _keep_despite(by: Member, treatment: Treatment, begun: Begun, against: Reasons) -> None:
    """In the treatment itself, not in the audit alone: who reads the record has to see it."""
    treatment_actions.note_despite(
        by=by, treatment=treatment, act_id=begun.id, at=begun.at, against=against
    )


def _begun_meanwhile(known: Treatment) -> Reasons:
    """Another tablet began this visit while this one had no line: theirs or the same patient's
    second start, only a person can tell."""
    params = {"name": known.practitioner.name, "time": written(known.started_at, "H:i")}
    return (Reason(code="start-meanwhile", params=params),)


def _bring_back(by: Member, visit: Visit, known: Treatment) -> None:
    """A visit that an older release let go while its treatment was open is in the room again."""
    # A sealed treatment stays where it is: its visit is over, and only an amendment adds to it.
    if visit.state not in {"in-room", *COUCH_STATES} and not is_sealed(known):
        follow(by=by, visit=visit, to="needles-in" if needles_of(known) else "in-room")


def _hold(visit: Visit) -> None:
    """One at a time for a visit: the row is locked until the transaction ends."""
    list(Visit.objects.select_for_update(no_key=True).filter(pk=visit.pk).values_list("pk"))


def sign(
    *, by: Member, treatment: Treatment, on: date, acts_seen: int | None = None
) -> Seal | Reasons:
    """Seal the treatment, end the visit and plan the checks. Signed already: the same seal.

    on: the clinic's day, for the credentials. acts_seen: how many acts the signed page showed.
    Answers the reasons when it can't be signed yet.
    """
    with one_link():
        # A clinic's seals follow each other: who signs second waits here and builds on the first.
        seals.hold(treatment.organisation_id)
        # Asked before signing: a form sent twice must not plan the checks twice.
        already = Seal.objects.filter(treatment=treatment).exists()
        sealed = treatment_actions.sign(by=by, treatment=treatment, on=on, acts_seen=acts_seen)
        if isinstance(sealed, Seal) and not already:
            plan_checks(by=by, treatment=treatment)
    return sealed
