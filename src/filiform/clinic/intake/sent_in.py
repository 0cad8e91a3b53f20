"""What a patient tells from home: kept as it came, waiting for a practitioner's review.

link or booking ──send_in──▶ SentIn ──review──▶ taken | edited | set aside
                               │                  └─▶ the record
                               └─ words of danger ring at once, like a message's
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from filiform.clinic.facts.amending import hold, in_place
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.recording import recording
from filiform.clinic.frontdoor.receiving import receive
from filiform.clinic.intake.models import SentIn
from filiform.clinic.intake.parts import PARTS, NotSendable, Told
from filiform.clinic.intake.waiting import sent_in
from filiform.clinic.patients.files import closed_into
from filiform.letters import as_read
from filiform.listening import hear, urgency_of
from filiform.screening import red_flags
from filiform.warning_signs import Urgency

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Site
    from filiform.clinic.visits.models import Visit

MOST_AT_ONCE = 200
"""Things in one sending; all questions, a long list of medicines and a story have some ninety."""
LONGEST_TEXT = 1000
LONGEST_VALUE = 100_000
"""Characters of a value as JSON; a drawing of the whole body has some 20,000. Design values."""


@dataclass(frozen=True)
class SentAnswers:
    """What came of sending. rows: what waits now of it. urgency: what was heard, None for none."""

    rows: tuple[SentIn, ...]
    urgency: Urgency | None = None


def send_in(
    *,
    patient: Patient,
    site: Site,
    sending: UUID,
    told: Sequence[Told],
    language: str,
    visit: Visit | None = None,
    channel: str = "link",
) -> SentAnswers:
    """Keep what a patient told, for a practitioner to review. All of it or nothing.

    sending: made with the form, so that sending it twice keeps it once. What says the same as
    something that still waits adds nothing; what says otherwise takes its place. Words of danger
    and a yes to a red flag ring at once. Raises NotSendable or screening.UnknownAnswerError, both
    ValueError, for what no page of ours sends.
    """
    if len(told) > MOST_AT_ONCE:
        raise NotSendable(f"{len(told)} things at once; allowed are {MOST_AT_ONCE}")
    # Of two words on the same thing the later one is meant.
    cleaned = list({_key(one): one for one in map(_cleaned, told)}.values())
    # What is told to a closed file is told to the person: it waits where it will be looked for.
    merge = closed_into(patient)
    person = merge.kept if merge else patient
    with one_link():
        hold(person)
        there = tuple(SentIn.objects.filter(patient=person, sending=sending))
        if there:
            # What to do is told again, though it doesn't ring a second time.
            return SentAnswers(there, _urgency(cleaned))
        with recording("sent-in", by=None, organisation=person.organisation) as entry:
            waiting = {_key(row): row for row in sent_in(person)}
            rows = tuple(
                _keep(one, waiting.get(_key(one)), person, sending, language, visit, channel)
                for one in cleaned
            )
            entry.about(person, patient=person, number=len(rows), channel=channel)
        urgency = _ring(cleaned, person, site, sending, language)
    return SentAnswers(rows, urgency)


def _cleaned(told: Told) -> Told:
    if told.part not in PARTS:
        raise NotSendable(f"part {told.part!r}; allowed are {', '.join(PARTS)}")
    written = json.dumps(told.value, ensure_ascii=False)
    if len(written) > LONGEST_VALUE:
        raise NotSendable(f"{told.part} {told.name}: more than {LONGEST_VALUE} characters")
    text = as_read(told.text, lines=True).strip()[:LONGEST_TEXT]
    # As the database gives it back, so that the same said again is seen to be the same.
    one = Told(told.part, told.name, text, json.loads(written))
    PARTS[one.part].check(one)
    return one


def _key(one: Told | SentIn) -> tuple[str, ...]:
    """What it is about: of what can be listed more than once, the words belong to it."""
    listed = one.part == "told"
    return (one.part, one.name, one.text.casefold() if listed else "")


def _keep(
    told: Told, former: SentIn | None, patient: Patient, sending: UUID, language: str,
    visit: Visit | None, channel: str,
) -> SentIn:  # fmt: skip
    if former is not None and (former.text, former.value) == (told.text, told.value):
        # It keeps its day: the patient has waited since then.
        return former
    return in_place(
        SentIn(
            organisation=patient.organisation,
            recorded_by=None,
            patient=patient,
            visit=visit,
            sending=sending,
            channel=channel,
            part=told.part,
            name=told.name,
            text=told.text,
            value=told.value,
            language=language,
            replaces=former,
        )
    )


# --- what can't wait for a review -----------------------------------------------------------------
def _flags_said(told: Iterable[Told]) -> list[str]:
    said = {one.name for one in told if one.part == "answer" and one.value is True}
    return [flag.id for flag in red_flags() if flag.id in said]


def _words(told: Iterable[Told]) -> list[str]:
    """Free words. What was taken from our own list is what one has, not what happens now."""
    return [one.text for one in told if one.text and not _is_from_a_list(one)]


def _is_from_a_list(told: Told) -> bool:
    # "Heart attack" from the list of conditions is years ago, typed freely it may be now.
    chosen = isinstance(told.value, dict) and bool(told.value.get("concept"))
    return chosen or told.part in ("gone", "none", "all")


def _urgency(told: Sequence[Told]) -> Urgency | None:
    """The most urgent of what was answered and heard."""
    named = {"emergency": Urgency.EMERGENCY, "same-day": Urgency.CALL_TODAY}
    said = _flags_said(told)
    found = [named[f.urgency] for f in red_flags() if f.id in said and f.urgency in named]
    heard = urgency_of([one for text in _words(told) for one in hear(text)])
    return min([*found, *([heard] if heard else [])], key=lambda one: one.rank, default=None)


def _ring(
    told: Sequence[Told], patient: Patient, site: Site, sending: UUID, language: str
) -> Urgency | None:
    """A message in the inbox for what tells of danger, in the patient's words and ours."""
    urgency = _urgency(told)
    if urgency is None:
        return None
    said = _flags_said(told)
    asked = [flag.ask.in_language(language) for flag in red_flags() if flag.id in said]
    heard = [text for text in _words(told) if hear(text)]
    receive(
        site=site,
        # Of the sending: sent twice it rings once.
        message_id=uuid5(sending, "sent-in"),
        name=patient.name,
        phone=patient.phone,
        # As long as a message may be.
        text="\n".join([*asked, *heard])[:4000],
        answer_by="call",
        language=language,
        patient=patient,
        known=urgency,
    )
    return urgency


__all__ = ["NotSendable", "SentAnswers", "Told", "send_in"]
