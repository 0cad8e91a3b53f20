"""What changes consent. Each is one transaction with its audit entry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.utils import timezone

from filiform.anatomy import atlas
from filiform.clinic.assessment.actions import drop_target
from filiform.clinic.assessment.queries import targets
from filiform.clinic.consent import queries
from filiform.clinic.consent.models import (
    Consent,
    ConsentText,
    ReadAhead,
    Refusal,
    Withdrawal,
)
from filiform.clinic.consent.shipped import shipped_texts
from filiform.clinic.consent.understood import questions
from filiform.clinic.consent.vocabulary import (
    ADULT_AGE_YEARS,
    CURRENT,
    LARGEST_SIGNATURE,
    MANUAL,
    METHODS,
    RELATIONS,
)
from filiform.clinic.facts.amending import hold
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Organisation
    from filiform.clinic.visits.models import Visit

PATH_DATA = re.compile(r"(?:[ML] ?-?\d{1,4}(?:\.\d{1,2})? -?\d{1,4}(?:\.\d{1,2})? ?)+\Z")
"""What <signature-pad> writes: moves and lines, nothing that could be more than a drawing."""
FEWEST_STROKES = 6


def digest_of(version: str, language: str, body: object) -> str:
    """SHA-256 over version, language and body of a text: what a signature is bound to."""
    # The same bytes on every machine, or a check years later would find every text altered.
    content = msgspec.json.encode([version, language, body], order="deterministic")
    return hashlib.sha256(content).hexdigest()


def publish_text(
    *,
    by: Member | None,
    version: str,
    language: str,
    title: str,
    body: list[dict[str, str]],
    organisation: Organisation | None = None,
) -> ConsentText:
    """A new version of the text in one language. Consents given before keep theirs.

    Publishing the same version with the same words again changes nothing. Raises ValueError when
    the version exists with other words: a changed text needs a new version.
    """
    owner = organisation or (by.organisation if by else None)
    if owner is None:
        raise ValueError("a text belongs to an organisation: give `by` or `organisation`")
    sha256 = digest_of(version, language, body)
    known = ConsentText.objects.filter(
        organisation=owner, version=version, language=language
    ).first()
    if known is not None:
        # The words are what was signed: the same version must never say two things.
        if known.sha256 != sha256:
            raise ValueError(
                f"the consent text {version!r} ({language}) is published with other words; "
                "give the changed text a new version"
            )
        return known
    with recording("consent-text-published", by=by, organisation=owner) as entry:
        text = ConsentText.objects.create(
            organisation=owner,
            recorded_by=by,
            version=version,
            language=language,
            title=title,
            body=body,
            sha256=sha256,
        )
        entry.about(text, version=version, language=language)
    return text


def publish_shipped_texts(
    *, by: Member | None = None, organisation: Organisation | None = None
) -> list[ConsentText]:
    """Publish the texts that come with Filiform, in every language; doing it twice changes
    nothing. Used when a clinic is set up."""
    return [
        publish_text(
            by=by,
            organisation=organisation,
            version=text.version,
            language=text.language,
            title=text.title,
            body=text.body,
        )
        for text in shipped_texts()
    ]


def note_read_ahead(*, visit: Visit, text: ConsentText) -> ReadAhead:
    """The patient says on their own page that they read a text. The same text twice is once."""
    # Not `recording` at once: a second tap does nothing, so that it leaves no audit entry either.
    with one_link():
        hold(visit)
        there = ReadAhead.objects.filter(visit=visit, text=text).first()
        if there is not None:
            return there
        with recording("consent-read-ahead", by=None, organisation=visit.organisation) as entry:
            read = ReadAhead.objects.create(
                organisation=visit.organisation,
                recorded_by=None,
                patient=visit.patient,
                visit=visit,
                text=text,
            )
            entry.about(read)
    return read


def give_consent(
    *,
    by: Member,
    visit: Visit,
    text: ConsentText,
    language: str,
    muscles: Iterable[tuple[str, str]],
    method: str,
    signature: str,
    signed_name: str,
    relation: str,
    teach_back: Mapping[str, bool],
    shown: Mapping[str, Any],
    witness: str = "",
    interpreter: str = "",
    answers: Mapping[str, Mapping[str, str]] | None = None,
    techniques: Iterable[str] | None = None,
    consent_id: UUID | None = None,
    on: date | None = None,
) -> Consent | tuple[Reason, ...]:
    """The patient agrees to the needling of these muscles in this visit.

    muscles: pairs of muscle id and side. method: drawn, paper or thumb-print. signature: SVG path
    data in a box of 600 x 200 for `drawn`, else empty. relation: who signs. teach_back: question
    → said back in own words; answers: question → {"chosen": code, "said": words}, as heard.
    techniques: kinds that were explained, what is planned now by default. shown: personal risks
    that stood on the page. on: the clinic's day, today by default. The same `consent_id` sent
    twice is one consent.
    Answers the reasons when it can't be taken like this. Raises KeyError for an unknown muscle.
    """
    pairs = [(muscle, side) for muscle, side in muscles]
    # Only for its KeyError: a consent for a muscle that no atlas knows would cover nothing.
    for muscle, _side in pairs:
        atlas().muscle(muscle)
    consent_id = consent_id or new_id()
    day = on or timezone.localdate()
    planned = [MANUAL, *([CURRENT] if queries.with_current(visit) else [])]
    kinds = planned if techniques is None else list(techniques)
    given = {"method": method, "signature": signature.strip(), "witness": witness.strip()}
    with recording("consent-given", by=by) as entry:
        # In the transaction: sent twice, the second finds what the first has written.
        known = Consent.objects.filter(pk=consent_id, visit=visit).first()
        reasons = () if known else _reasons_against_giving(
            visit, text, pairs, given, signed_name.strip(), relation, teach_back, day,
            [key for key, one in (answers or {}).items() if one.get("chosen")],
        )  # fmt: skip
        consent = known
        if known is None and not reasons:
            consent = Consent.objects.create(
                pk=consent_id, organisation=by.organisation, recorded_by=by,
                patient=visit.patient, visit=visit, text=text, language=language,
                muscles=[list(pair) for pair in pairs], signed_name=signed_name.strip(),
                relation=relation, interpreter=interpreter.strip(), teach_back=dict(teach_back),
                answers={key: dict(one) for key, one in (answers or {}).items()}, techniques=kinds,
                # With the words themselves by their hash: what was signed can be proved without
                # the page.
                shown={**shown, "text_sha256": text.sha256}, **given,
            )  # fmt: skip
        # A refusal is in the audit, too: why a signature was not taken may be asked.
        entry.about(consent or visit, patient=visit.patient, refused=[r.code for r in reasons])
    return consent if consent is not None else reasons


def _reasons_against_giving(
    visit: Visit,
    text: ConsentText,
    pairs: list[tuple[str, str]],
    given: dict[str, str],
    signed_name: str,
    relation: str,
    teach_back: Mapping[str, bool],
    day: date,
    answered: Iterable[str],
) -> tuple[Reason, ...]:
    found = []
    if text.organisation_id != visit.organisation_id:
        raise ValueError("the text is of another organisation")
    if not pairs:
        found.append(Reason(code="consent-no-muscles"))
    if not signed_name:
        found.append(Reason(code="consent-no-name"))
    # A refusal is for what a person can mend. A code that no form offers is a programmer's error.
    if relation not in dict(RELATIONS):
        raise ValueError(f"relation is {relation!r}; allowed: {', '.join(dict(RELATIONS))}")
    # The youngest that the patient can be: of a birth year alone the safer reading.
    age = visit.patient.least_age_on(day)
    if age < ADULT_AGE_YEARS and relation == "self":
        found.append(
            Reason(code="consent-guardian-needed", params={"age": age, "adult": ADULT_AGE_YEARS})
        )
    asked = [question.id for question in questions()]
    said = sum(1 for question in asked if teach_back.get(question))
    # Later, what was asked and not understood counts; what was not asked again does not.
    wrong = any(not teach_back.get(question) for question in answered)
    if (queries.is_first_visit(visit) or wrong) and said < len(asked):
        found.append(Reason(code="consent-teach-back", params={"said": said, "needed": len(asked)}))
    return (*found, *_reasons_against_signature(given))


def _reasons_against_signature(given: dict[str, str]) -> tuple[Reason, ...]:
    method, signature = given["method"], given["signature"]
    if method not in dict(METHODS):
        raise ValueError(f"method is {method!r}; allowed: {', '.join(dict(METHODS))}")
    # Who signs with a thumb may not be able to read; somebody else has to stand for what was said.
    if method == "thumb-print" and not given["witness"]:
        return (Reason(code="consent-no-witness"),)
    if method != "drawn":
        return ()
    drawn = len(re.findall("[ML]", signature))
    if len(signature) > LARGEST_SIGNATURE:
        return (Reason(code="consent-signature-too-long"),)
    # A tap or a short line is no signature.
    if not PATH_DATA.match(signature) or drawn < FEWEST_STROKES:
        return (Reason(code="consent-no-signature"),)
    return ()


def refuse(
    *, by: Member, visit: Visit, muscles: Iterable[tuple[str, str]], why: str, said: str = ""
) -> Refusal | None:
    """The patient wants no needles in a part of the body: what is planned there leaves the plan at
    once. A target that a needle has already been in stays on the list, and is refused all the same.

    muscles: pairs of muscle and side of current targets; others are left out, and None is answered
    when none is left. why: what the plan says of it, in the clinic's words; said: the patient's.
    """
    wanted = set(muscles)
    with recording("region-refused", by=by) as entry:
        entry.about(visit)
        # Read under the turn: another tablet may have dropped the target since the page was made.
        meant = [one for one in targets(visit) if (one.muscle, one.side) in wanted]
        if not meant:
            return None
        refusal = Refusal.objects.create(
            organisation=by.organisation,
            recorded_by=by,
            patient=visit.patient,
            visit=visit,
            muscles=[[one.muscle, one.side] for one in meant],
            said=said.strip(),
        )
        for target in meant:
            # The row knows its visit by id alone; with it, dropping needs no query for each.
            target.visit = visit
            # In the transaction of the refusal: a target that stayed by accident could be needled.
            drop_target(by=by, target=target, why=why)
        entry.about(refusal)
    return refusal


def withdraw(*, by: Member, visit: Visit, said: str = "") -> Withdrawal | None:
    """The patient takes the consent of this visit back, at any time and without a reason.

    From then on only removals are recorded. A second time changes nothing; None when no consent
    had been given.
    """
    with recording("consent-withdrawn", by=by) as entry:
        entry.about(visit)
        consent = queries.last_consent(visit)
        if consent is None:
            return None
        # One withdrawal to a consent, by the table's key: what was said first stays.
        withdrawal, _ = Withdrawal.objects.get_or_create(
            consent=consent,
            defaults={
                "organisation": by.organisation,
                "recorded_by": by,
                "patient": visit.patient,
                "visit": visit,
                "said": said.strip(),
            },
        )
        entry.about(withdrawal)
    return withdrawal
