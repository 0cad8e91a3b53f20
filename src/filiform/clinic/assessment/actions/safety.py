"""Confirming the verdict of screening, and writing why one needles in spite of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from django.utils import timezone

from filiform.anatomy import atlas
from filiform.clinic.assessment import safety
from filiform.clinic.assessment.judgement import (
    LEAST_JUSTIFICATION,
    LEAST_WORDS,
    session_reasons,
)
from filiform.clinic.assessment.models import (
    Clearance,
    Justification,
    SecondSignature,
    Verdict,
)
from filiform.clinic.facts.amending import in_place
from filiform.clinic.facts.recording import recording
from filiform.reasons import Reason, Weight

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

CLOSED = ("done", "cancelled", "missed", "left", "to-sign")
"""States of a visit in which safety, targets and plan stand as they are."""


def closed(visit: Visit) -> tuple[Reason, ...]:
    return (Reason("visit-ended"),) if visit.state in CLOSED else ()


def confirm_safety(*, by: Member, visit: Visit, on: date) -> Verdict:
    """Keep what screening answers now, whole, with the release of its rules.

    The same answer confirmed again by the same person is the same verdict.
    """
    found = safety.screening(visit, on)
    answer = msgspec.json.decode(msgspec.json.encode(found))  # as the database gives it back
    former = safety.verdict(visit)
    # By another member it is a verdict of its own: two have read it.
    if former and former.answer == answer and former.recorded_by_id == by.pk:
        return former
    with recording("safety-confirmed", by=by) as entry:
        verdict = in_place(
            Verdict(
                organisation=by.organisation,
                recorded_by=by,
                patient=visit.patient,
                visit=visit,
                replaces=former,
                decision=found.decision,
                answer=answer,
                release=found.release,
            )
        )
        entry.about(verdict, release=found.release)
    return verdict


def justify(
    *, by: Member, visit: Visit, rule: str, text: str, on: date | None = None
) -> Justification | tuple[Reason, ...]:
    """Write why needling is right in spite of a relative reason. Holds for this visit and this
    release of the rules only.

    rule: id of a screening rule, or the code of a relative reason of planning. An absolute
    reason can't be justified. Returns the reasons when it is refused.
    """
    text = text.strip()
    refused = closed(visit) or _too_short(text)
    if refused:
        return refused
    release = _release(visit, rule, on or timezone.localdate())
    if release is None:
        return (Reason("safety-rule-not-open", params={"rule": rule}),)
    former = next((row for row in safety.justifications(visit) if row.rule == rule), None)
    # The same words against new rules are a new decision, so the release has to agree too.
    if former and former.text == text and former.release == release:
        return former
    with recording("needling-justified", by=by) as entry:
        written = in_place(
            Justification(
                organisation=by.organisation,
                recorded_by=by,
                patient=visit.patient,
                visit=visit,
                replaces=former,
                rule=rule,
                text=text,
                release=release,
            )
        )
        entry.about(written, rule=rule)
    return written


def _too_short(text: str) -> tuple[Reason, ...]:
    if len(text) < LEAST_JUSTIFICATION:
        params = {"got": len(text), "least": LEAST_JUSTIFICATION}
        return (Reason("safety-justification-short", params=params),)
    words = len(text.split())
    if words < LEAST_WORDS:
        return (Reason("safety-justification-words", params={"got": words, "least": LEAST_WORDS}),)
    return ()


def record_clearance(
    *,
    by: Member,
    visit: Visit,
    rule: str,
    from_whom: str,
    given_on: date,
    valid_until: date,
    says: str,
    on: date | None = None,
) -> Clearance | tuple[Reason, ...]:
    """Keep that a letter of clearance was seen. Returns the reasons when it is refused."""
    on = on or timezone.localdate()
    found = safety.screening(visit, on)
    # Elsewhere too: the letter may come before a muscle there is chosen.
    asked = {one.id for one in (*found.reasons, *found.elsewhere) if "clearance" in one.needs}
    refused = closed(visit)
    if not refused and rule not in asked:
        refused = (Reason("safety-rule-not-open", params={"rule": rule}),)
    # A letter from tomorrow or from last year clears nobody today, and would look as if it did.
    if not refused and not given_on <= on <= valid_until:
        refused = (Reason("safety-clearance-days"),)
    if refused:
        return refused
    with recording("clearance-recorded", by=by) as entry:
        letter = in_place(
            Clearance(
                organisation=by.organisation,
                recorded_by=by,
                patient=visit.patient,
                visit=visit,
                replaces=safety.clearances(visit).get(rule),
                rule=rule,
                from_whom=from_whom.strip(),
                given_on=given_on,
                valid_until=valid_until,
                says=says.strip(),
            )
        )
        entry.about(letter, rule=rule)
    return letter


def sign_second(*, by: Member, visit: Visit, rule: str) -> SecondSignature | tuple[Reason, ...]:
    """Agree to what another practitioner wrote. The writer can't agree with himself."""
    written = next((row for row in safety.justifications(visit) if row.rule == rule), None)
    if written is None:
        return (Reason("safety-rule-not-open", params={"rule": rule}),)
    if written.recorded_by_id == by.pk:
        return (Reason("safety-second-signature-same"),)
    if refused := closed(visit):
        return refused
    # By the row, not the rule: a reason that was written anew has not been signed by anybody.
    former = safety.second_signatures(visit).get(written.pk)
    if former is not None:
        return former
    with recording("justification-signed-second", by=by) as entry:
        signed = SecondSignature.objects.create(
            organisation=by.organisation,
            recorded_by=by,
            patient=visit.patient,
            visit=visit,
            justification=written,
        )
        entry.about(signed, rule=rule)
    return signed


def _release(visit: Visit, rule: str, on: date) -> str | None:
    """The release that the rule belongs to; None where it asks for nothing in this visit."""
    found = safety.screening(visit, on)
    everywhere = (*found.reasons, *found.elsewhere)
    # An absolute reason is not among them: it can't be written away, only corrected.
    if any(one.id == rule and one.weight is Weight.RELATIVE for one in everywhere):
        return found.release
    asked = (one.code for one in session_reasons(visit, on) if one.weight is Weight.RELATIVE)
    return atlas().release if rule in asked else None
