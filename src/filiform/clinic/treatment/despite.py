"""What should have held a needle back and didn't: recorded with the act, never instead of it.

A tap says what was done to the patient. Consent may have been withdrawn on another tablet, a
licence voided or the needling stopped in the seconds between, or while this tablet had no line.
Then a needle is in all the same, and a record without it would be wrong. So the act is taken, and
carries what stood against it. The page offers no further needle in these cases
(`page.TreatmentPage.may_insert`), and the first one is asked about in `pathway.actions.start`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from filiform.anatomy import atlas
from filiform.clinic.assessment.queries import plan_of, target_in
from filiform.clinic.assessment.safety import justified
from filiform.clinic.consent.queries import agrees_to, is_withdrawn, last_consent
from filiform.clinic.staff.credentials import reasons_against
from filiform.clinic.treatment.course import Course
from filiform.clinic.treatment.models import Act, Treatment
from filiform.clinic.treatment.queries import needled
from filiform.clinic.treatment.vocabulary import NEEDLING_KINDS
from filiform.clinic.web.muscle_names import named
from filiform.planning import check_needles
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import Target
    from filiform.clinic.staff.models import Member


def despite(
    *,
    by: Member,
    treatment: Treatment,
    course: Course,
    kind: str,
    target_id: UUID | None,
    now: datetime,
) -> tuple[Reason, ...]:
    """All that stands against an act which happened; empty nearly always.

    Only what needs a consent is asked about: taking out, counting and undoing never does.
    """
    if kind not in NEEDLING_KINDS:
        return ()
    consent = last_consent(treatment.visit)
    gone = consent is None or is_withdrawn(consent)
    # A consent that is missing and one that was withdrawn are the same to a needle.
    found = [Reason(code="needling-consent-withdrawn")] if gone else []
    # A twitch or a pain brings no needle: only consent can stand against it.
    if kind != "insertion":
        return tuple(found)
    if course.stop is not None:
        found.append(Reason(code="needling-stopped"))
    plan = plan_of(target_id) if target_id else None
    if plan is None or target_id is None:  # `checks` has refused it
        return tuple(found)
    target = plan.target
    if target_in(treatment.visit_id, target_id) is None:
        found.append(Reason(code="target-no-longer-chosen"))
    pair = (target.muscle, target.side)
    if consent is not None and not gone and not agrees_to(treatment.visit, consent, pair):
        where = named("muscle", [pair])
        found.append(Reason(code="target-not-agreed", params=dict(where)))
    found += reasons_against(by, [target.muscle], on=timezone.localdate(now))
    found += _too_many(treatment, course, target)
    return tuple(found)


def _too_many(treatment: Treatment, course: Course, target: Target) -> list[Reason]:
    """The bound of a visit and of one lung, with this needle, unless somebody wrote why."""
    where = needled(treatment)  # the acts of an act come without their targets
    went_in = [where[needle] for needle in course.needles if needle in where]
    # A muscle that this release of the atlas no longer has can't be counted over a lung.
    known = [one for one in (*went_in, (target.muscle, target.side)) if one[0] in atlas().muscles]
    over = check_needles(known)
    if not over:
        return []
    written = justified(treatment.visit, atlas().release)
    return [reason for reason in over if reason.code not in written]


def as_details(reasons: Iterable[Reason]) -> dict[str, Any]:
    """As they are kept in the act; nothing where nothing stood against it."""
    rows = [{"code": reason.code, "params": dict(reason.params)} for reason in reasons]
    return {"despite": rows} if rows else {}


def despite_of(act: Act) -> tuple[Reason, ...]:
    """What stood against an act when it was recorded, read from its row."""
    rows = act.details.get("despite", ())
    return tuple(Reason(code=row["code"], params=row["params"]) for row in rows)
