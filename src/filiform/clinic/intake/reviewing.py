"""What a practitioner makes of what came in from home: taken over, put differently, set aside.

Only this turns it into disclosure. Each thing is decided once: of two people at once the database
lets one decide, and the other sees what was decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from filiform.clinic.facts.amending import ChangedMeanwhile, hold, require_why
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.models import Fact
from filiform.clinic.facts.recording import recording
from filiform.clinic.intake.models import SentIn, SentInReview
from filiform.clinic.intake.parts import PARTS, Compared, PartAtHome, Told
from filiform.clinic.intake.rows import Contradiction
from filiform.clinic.intake.waiting import sent_in
from filiform.clinic.patients.files import files_of

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


NO = "no"
"""Answers "no" that are decided together."""


@dataclass(frozen=True)
class Waiting:
    """Rows that are decided together, each with what the record has beside it.

    together: "no", "story", or "" for one row alone."""

    together: str
    rows: tuple[tuple[SentIn, Compared], ...]

    @property
    def ids(self) -> str:
        """For the form: ids of all rows, separated by blanks."""
        return " ".join(str(row.pk) for row, _ in self.rows)

    @property
    def differs(self) -> str:
        """The strictest of its rows."""
        order = ("contradicts", "changed", "new", "same")
        return min((one.differs for _, one in self.rows), key=order.index)


def waiting(visit: Visit) -> list[Waiting]:
    """What waits about the patient of a visit, in the order in which it is reviewed: yes to a
    danger and what contradicts the record stand first."""
    order = list(PARTS)
    rows = sorted(sent_in(visit.patient), key=lambda row: order.index(row.part))
    groups: dict[str, list[tuple[SentIn, Compared]]] = {}
    for row in rows:
        part = PARTS[row.part]
        compared = part.compare(row, visit.patient, visit)
        name = part.together or (NO if _is_plain_no(row, compared) else str(row.pk))
        groups.setdefault(name, []).append((row, compared))
    shared = {NO, *(part.together for part in PARTS.values())}
    found = [Waiting(n if n in shared else "", tuple(of)) for n, of in groups.items()]
    return sorted(found, key=_place)


def _is_plain_no(row: SentIn, compared: Compared) -> bool:
    """A no that gainsays nothing. A patient sends some thirty; each alone would bury the yes."""
    return row.part == "answer" and row.value is False and compared.differs != "contradicts"


def _place(one: Waiting) -> tuple[bool, bool, bool]:
    yes = one.rows[0][0].part == "answer" and one.rows[0][0].value is True
    return (one.differs != "contradicts", not yes, one.together == NO)


def accept(
    *, by: Member, visit: Visit, ids: Iterable[str], why: str = "", edited: Told | None = None
) -> list[SentInReview]:
    """Write what came in into the record; the practitioner stands for it from now on.

    ids: of rows that wait. edited: what one row should have said, with which it is taken over.
    Raises ChangedMeanwhile when somebody decided about one of them already, Contradiction when
    the record says otherwise, as `intake.actions` do.
    """
    with one_link():
        hold(visit.patient)
        rows = _waiting(visit, ids)
        if edited is not None:
            (row,) = rows
            # An edited row is checked as if it had been sent: a browser can send anything.
            PARTS[edited.part].check(edited)
            became = PARTS[edited.part].take(by, visit, [_as_edited(row, edited)])
            return [_decide(by, row, "edited", became=became, why=why)]
        order = list(PARTS)
        done: list[SentInReview] = []
        for part, of in _groups(sorted(rows, key=lambda row: order.index(row.part))):
            became = part.take(by, visit, of)
            done += [_decide(by, row, "taken", became=became, why=why) for row in of]
    return done


def _as_edited(row: SentIn, edited: Told) -> SentIn:
    """A copy that says it otherwise and is never written: what came in stays as it came."""
    other = copy(row)
    other.part, other.name = edited.part, edited.name
    other.text, other.value = edited.text, edited.value
    return other


def set_aside(*, by: Member, visit: Visit, ids: Iterable[str], why: str) -> list[SentInReview]:
    """Leave it out of the record, and say why. Raises ValueError without a reason, and as
    `accept`."""
    require_why(why)
    with one_link():
        hold(visit.patient)
        return [_decide(by, row, "set-aside", why=why) for row in _waiting(visit, ids)]


def _waiting(visit: Visit, ids: Iterable[str]) -> list[SentIn]:
    wanted = set(ids)
    found = list(
        # Of the row alone: PostgreSQL locks nothing on the far side of an outer join.
        SentIn.objects.select_for_update(no_key=True, of=("self",)).filter(
            pk__in=[one for one in wanted if _is_id(one)],
            patient__in=files_of(visit.patient),
            replaced_by__isnull=True,
            review__isnull=True,
        )
    )
    # All or none: who saw five must not have decided four.
    if not wanted or len(found) != len(wanted):
        raise ChangedMeanwhile
    return found


def one_waiting(visit: Visit, ids: Iterable[str]) -> SentIn:
    """The one row of these that waits about the patient of a visit. Raises ChangedMeanwhile for
    none, for several, and for what is no id."""
    ids = set(ids)
    found = [row for row in sent_in(visit.patient) if str(row.pk) in ids]
    if len(found) != 1 or len(ids) != 1:
        raise ChangedMeanwhile
    return found[0]


def _is_id(text: str) -> bool:
    try:
        SentIn._meta.pk.to_python(text)
    except Exception:  # Django's ValidationError, of whatever was sent
        return False
    return True


def _groups(rows: Sequence[SentIn]) -> list[tuple[PartAtHome, list[SentIn]]]:
    groups: dict[Any, list[SentIn]] = {}
    for row in rows:
        groups.setdefault(PARTS[row.part].together or row.pk, []).append(row)
    return [(PARTS[of[0].part], of) for of in groups.values()]


def _decide(
    by: Member, row: SentIn, decision: str, *, became: Fact | None = None, why: str = ""
) -> SentInReview:
    with recording("sent-in-reviewed", by=by) as entry:
        review: SentInReview = SentInReview.objects.create(
            organisation_id=row.organisation_id,
            recorded_by=by,
            patient_id=row.patient_id,
            sent=row,
            decision=decision,
            became_type=became._meta.label_lower if became else "",
            became_id=str(became.pk) if became else "",
            why=why.strip(),
        )
        entry.about(review, decision=decision)
    return review


__all__ = ["ChangedMeanwhile", "Contradiction", "Waiting", "accept", "set_aside", "waiting"]
