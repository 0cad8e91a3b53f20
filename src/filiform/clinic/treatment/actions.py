"""What changes a treatment. Each is one transaction with its audit entry.

Whatever the tablets send, and however often and in whatever order: the server takes one act at a
time, under a lock, and holds to what was decided only if the record still says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from filiform import __version__
from filiform.anatomy import atlas
from filiform.clinic.assessment.safety import verdict
from filiform.clinic.facts.ahead import Ahead
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.prepared import insert, prepared
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.facts.recording import EntryDraft, recording
from filiform.clinic.staff.models import Member
from filiform.clinic.treatment import seals
from filiform.clinic.treatment.checks import reasons_against_signing
from filiform.clinic.treatment.course import Course, course_of
from filiform.clinic.treatment.deciding import RESTS_ON_OTHERS, Decided, decide
from filiform.clinic.treatment.despite import as_details
from filiform.clinic.treatment.events import keep_adverse_event
from filiform.clinic.treatment.models import Act, Amendment, Seal, Treatment
from filiform.clinic.treatment.packs import move_stock
from filiform.clinic.treatment.queries import acts_of
from filiform.clinic.treatment.vocabulary import KINDS
from filiform.clinic.visits.actions import follow
from filiform.clinic.visits.models import COUCH_STATES
from filiform.reasons import Reason, Reasons

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import Target
    from filiform.clinic.visits.models import Visit


def open_treatment(
    *,
    by: Member,
    visit: Visit,
    treatment_id: UUID | None = None,
    started_at: datetime | None = None,
) -> Treatment:
    """The treatment of a visit, begun now; begun already: the same treatment.

    treatment_id, started_at: of a tablet that began it without a line.

    Whether needling may begin is not asked here but in `pathway.actions.start`, the only caller,
    under the lock of `hold`.
    """
    # A visit has one treatment; the column is unique as well.
    known = Treatment.objects.filter(visit=visit).first()
    if known is not None:
        return known
    return Treatment.objects.create(
        # The tablet's own id, since its acts name it already while they wait for a line.
        pk=treatment_id or new_id(),
        organisation=by.organisation,
        recorded_by=by,
        patient=visit.patient,
        visit=visit,
        practitioner=by,
        started_at=started_at or timezone.now(),
        # The tables that it was decided by: a later release may say otherwise of the same patient.
        release=_releases(visit),
    )


def note_despite(
    *, by: Member, treatment: Treatment, act_id: UUID, at: datetime, against: Reasons
) -> Act | None:
    """Keep with the treatment what stood against a start that had happened already, so that page,
    record and signature show it. The same `act_id` again is the act that is there; None for a
    treatment that is signed.

    `pathway.actions.start` calls it inside its own transaction.
    """
    _lock(treatment)
    acts = acts_of(treatment, whole=False)
    known = next((act for act in acts if act.pk == act_id), None)
    # A sealed treatment takes no act, not even of what speaks against it.
    if known is not None or Seal.objects.filter(treatment=treatment).exists():
        return known
    return _next_act(
        treatment, acts, by=by, pk=act_id, kind="start", at=at, details=as_details(against)
    )


def _next_act(treatment: Treatment, acts: Sequence[Act], *, by: Member, **values: Any) -> Act:
    """Write one more act after those that there are; under the lock of the treatment."""
    return insert(
        Act(
            organisation_id=treatment.organisation_id,
            recorded_by=by,
            recorded_at=timezone.now(),
            patient_id=treatment.patient_id,
            treatment=treatment,
            # Acts are never deleted: so there are no gaps, and a later check can say so.
            number=len(acts) + 1,
            **values,
        )
    )


def _releases(visit: Visit) -> dict[str, str]:
    confirmed = verdict(visit)
    return {
        "filiform": __version__,
        "atlas": atlas().release,
        "rules": confirmed.release if confirmed else "",
    }


def record_act(
    *,
    by: Member,
    treatment: Treatment,
    act_id: UUID,
    kind: str,
    at: datetime,
    needle: Act | UUID | None = None,
    target: Target | UUID | None = None,
    details: Mapping[str, Any] | None = None,
    replaces: Act | UUID | None = None,
    why: str = "",
    sent_at: datetime | None = None,
    tapped_by: UUID | None = None,
) -> Act | Reasons:
    """Take one act from a tablet. The same `act_id` again answers the act that is there.

    kind: of `vocabulary.KINDS`. at: when it was done, by the tablet's clock; sent_at: that clock
    when it was sent. tapped_by: the member at the tablet, when somebody else sends it because they
    can't (their session or their account ended). needle: the insertion meant by a twitch, pain or
    removal. target: for an insertion. replaces: the act that a void undoes, with `why`. details:
    per kind, see `details.details_of`; figures of the needle are taken from the plan where they
    are not given.
    Answers the reasons when the act can't be written down. What should have held the needle back
    is no such reason: it is kept with the act (`despite`). Raises KeyError for an unknown kind.
    """
    if kind not in KINDS:
        raise KeyError(f"no kind of act {kind!r}; there are {', '.join(KINDS)}")
    # An act without a line may name rows that never reached us: ids, looked up under the lock.
    named = {"needle_id": _id(needle), "target_id": _id(target), "replaces_id": _id(replaces)}
    decide_now = partial(
        decide,
        by=by,
        treatment=treatment,
        act_id=act_id,
        kind=kind,
        at=at,
        named=named,
        given=details or {},
        why=why,
        sent_at=sent_at,
        tapped_by=tapped_by,
    )
    about = {"patient": treatment.patient_id, "organisation": treatment.organisation_id}
    # Anew: what the page has read outside was read before the lock.
    with one_reading(anew=True):
        ahead = None if kind in RESTS_ON_OTHERS else Ahead(decide_now, **about)
        with recording(f"act-{kind}", by=by) as entry:
            _lock(treatment)
            entry.about(treatment)
            decided = ahead.under_the_lock() if ahead else decide_now()
            if decided.known is not None:
                known = decided.known
                # The same id for something else is a defect or a forgery; the first one stands.
                return known if _same(known, kind, named) else (Reason(code="act-id-reused"),)
            reasons = decided.reasons
            # Of any treatment: another patient's acts raise no version of this record.
            if not reasons and _taken(act_id):
                reasons = (Reason(code="act-id-reused"),)
            if reasons:
                entry.details["refused"] = [reason.code for reason in reasons]
                return reasons
            act = _next_act(
                treatment, decided.course.acts, by=by, pk=act_id, kind=kind, at=at,
                details=decided.details, is_void=kind == "void", why=why.strip(), **named,
            )  # fmt: skip
            entry.about(act)
            _follow_act(act, decided, entry, by=by, treatment=treatment)
    return act


def _follow_act(
    act: Act, decided: Decided, entry: EntryDraft, *, by: Member, treatment: Treatment
) -> None:
    """What an act brings with it: on the shelf, among adverse events, in the visit's state."""
    # In the same transaction: an opened pack and the fall of the stock are one fact.
    move_stock(act, decided.course, by=by, treatment=treatment)
    if decided.against:
        entry.details["despite"] = [reason.code for reason in decided.against]
    # From the acts again, in memory: cheaper than reading them, and the truth has one maker.
    after = course_of([*decided.course.acts, act])
    if act.kind == "event-end":
        entry.about(keep_adverse_event(act, after, by=by))
    _move_visit(by, treatment, decided.course, after)


def is_another(begun: UUID, *, treatment: Treatment | None) -> bool:
    """Whether the id that a tablet made for a start is that of something else already: of another
    treatment, or of an act of one."""
    treatments, acts = Treatment.objects.filter(pk=begun), Act.objects.filter(pk=begun)
    if treatment is not None:
        treatments, acts = treatments.exclude(pk=treatment.pk), acts.exclude(treatment=treatment)
    return treatments.exists() or acts.exists()


@prepared
def _taken(act: UUID) -> QuerySet[Act, UUID]:
    return Act.objects.filter(pk=act).values_list("pk", flat=True)


def _id(thing: Any) -> UUID | None:
    found: UUID | None = getattr(thing, "pk", thing)
    return found


def _same(act: Act, kind: str, named: dict[str, UUID | None]) -> bool:
    return act.kind == kind and all(getattr(act, name) == value for name, value in named.items())


def _lock(treatment: Treatment) -> None:
    """One act at a time. On SQLite the transaction itself holds the write lock from its start."""
    if not connection.features.has_select_for_update:
        return
    # `no_key`: checks, packs and events that name the treatment are written without waiting.
    list(Treatment.objects.select_for_update(no_key=True).filter(pk=treatment.pk).values_list("pk"))


def _move_visit(by: Member, treatment: Treatment, before: Course, after: Course) -> None:
    """The visit shows whether needles are in.

    A visit that stands elsewhere (moved by an older release, or by hand in the database) is
    brought back by the next act: an act is never refused for the state of its visit."""
    was_in, is_in = bool(before.needles_in), bool(after.needles_in)
    # Only the first needle in and the last one out change what the visit shows.
    if was_in == is_in and treatment.visit.state in {"in-room", *COUCH_STATES}:
        return
    follow(by=by, visit=treatment.visit, to="needles-in" if is_in else "to-sign")


def sign(
    *, by: Member, treatment: Treatment, on: date, acts_seen: int | None = None
) -> Seal | Reasons:
    """Seal the treatment and end the visit. Signed already: the same seal.

    on: the clinic's day, for the credentials. acts_seen: how many acts the page showed that is
    signed: nobody signs what another tablet has recorded meanwhile. Answers the reasons when it
    can't be signed yet.
    `pathway.actions.sign` calls it and plans the checks in the same transaction.
    """
    with recording("treatment-signed", by=by) as entry:
        seals.hold(treatment.organisation_id)
        _lock(treatment)
        entry.about(treatment)
        # Under both locks: of two people who sign, one seals and the other is shown the seal.
        sealed = Seal.objects.filter(treatment=treatment).first()
        if sealed is not None:
            entry.details["again"] = sealed.number
            return sealed
        course = course_of(acts_of(treatment))
        reasons = reasons_against_signing(
            by=by, treatment=treatment, course=course, on=on, acts_seen=acts_seen
        )
        if reasons:
            entry.details["refused"] = [reason.code for reason in reasons]
            return reasons
        seal = seals.seal(treatment, by=by)
        entry.details["number"] = seal.number
        # Whatever state it was in: a signed treatment is over.
        follow(by=by, visit=treatment.visit, to="done")
    return seal


def amend(
    *, by: Member, treatment: Treatment, text: str, amendment_id: UUID | None = None
) -> Amendment | Reasons:
    """Add something to a signed treatment. The same `amendment_id` sent twice is one amendment."""
    amendment_id = amendment_id or new_id()
    with recording("treatment-amended", by=by) as entry:
        seals.hold(treatment.organisation_id)
        entry.about(treatment)
        known = Amendment.objects.filter(pk=amendment_id).first()
        if known is not None:
            # An id that is in use elsewhere would break the key, and tell of another's treatment.
            same = known.treatment_id == treatment.pk
            return known if same else (Reason(code="act-id-reused"),)
        if not text.strip():
            return (Reason(code="amendment-empty"),)
        if not Seal.objects.filter(treatment=treatment).exists():
            return (Reason(code="amendment-unsigned"),)
        amendment = Amendment.objects.create(
            pk=amendment_id,
            organisation_id=treatment.organisation_id,
            recorded_by=by,
            # After the last seal, so that the next one covers it whatever the clock says.
            recorded_at=seals.next_moment(treatment.organisation_id),
            patient_id=treatment.patient_id,
            treatment=treatment,
            text=text.strip(),
        )
        entry.about(amendment)
    return amendment


def all_out(
    *, by: Member, treatment: Treatment, removals: Iterable[tuple[UUID, UUID]], at: datetime
) -> list[Act | Reasons]:
    """Take every named needle out at once: pairs of act id and needle. One transaction.

    A refused one (out already, undone meanwhile) is answered with its reasons and holds none of
    the others back: each of these needles has been pulled.
    """
    # One link of the chain for all of them: twenty needles out are one tap and one moment.
    with one_link():
        return [
            record_act(
                by=by, treatment=treatment, act_id=act_id, kind="removal", at=at, needle=needle
            )
            for act_id, needle in removals
        ]
