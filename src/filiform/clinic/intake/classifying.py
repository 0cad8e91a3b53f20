"""What this clinic takes unknown names to mean: harmless, one of the concepts, or to be asked.

document ─▶ not understood ─▶ somebody classifies the name ─▶ remembered for the clinic
                                                               │
every later disclosure with that name ◀────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from filiform.clinic.facts.reading import read_once
from filiform.clinic.facts.recording import recording
from filiform.clinic.intake.models import Classification
from filiform.disclosure import Coding, Disclosure, Kind, Statement
from filiform.screening.folding import words_of
from filiform.screening.terminology import Concept, concepts
from filiform.screening.understanding import is_unknown

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

MEANINGS = ("harmless", "concept", "ask")
OURS = "urn:filiform:concept"
"""System of the code by which a name that the clinic has classified carries its concept; its
display is the concept's own name, which screening reads."""


Classified = dict[tuple[str, str], Classification]
"""(kind, plain name) → what the clinic takes it to mean."""


def plain_name(text: str) -> str:
    """The words of a name as they are compared: without capitals, accents and punctuation."""
    return " ".join(words_of(text))[:300]


def classify(
    *, by: Member, kind: Kind, text: str, meaning: str, concept: str = ""
) -> Classification:
    """Remember for the clinic what a name means; takes the place of what was said before.

    Raises ValueError for an empty name, an unknown meaning, and a concept that does not exist or
    is not given where it is needed.
    """
    name = plain_name(text)
    if not name:
        raise ValueError("the name is empty; allowed are words")
    if meaning not in MEANINGS:
        raise ValueError(f"the meaning {meaning!r} is unknown; allowed: {', '.join(MEANINGS)}")
    if (meaning == "concept") != bool(concept) or (concept and concept not in concepts()):
        raise ValueError(f"{concept!r} is no concept; choose one of the list")
    with recording("name-classified", by=by) as entry:
        former = (
            Classification.objects.current()
            .filter(organisation=by.organisation, kind=kind.value, name=name)
            .order_by("-recorded_at", "-pk")
            .first()
        )
        if former is not None and (former.meaning, former.concept) == (meaning, concept):
            row = former
        else:
            row = _insert(by, kind, name, meaning, concept, former)
        # A name from one patient's document: the audit holds what was decided, not the name.
        entry.about(row, kind=kind.value, meaning=meaning, concept=concept)
    return row


def _insert(
    by: Member, kind: Kind, name: str, meaning: str, concept: str, former: Classification | None
) -> Classification:
    try:
        with transaction.atomic():
            return Classification.objects.create(
                organisation=by.organisation, recorded_by=by, kind=kind.value, name=name,
                meaning=meaning, concept=concept, replaces=former,
            )  # fmt: skip
    except IntegrityError:
        # Somebody classified the same name in this very moment; theirs is the one that holds.
        return Classification.objects.current().get(
            organisation=by.organisation, kind=kind.value, name=name
        )


@read_once
def classified(organisation_id: UUID) -> Classified:
    """All that the clinic has classified."""
    rows = Classification.objects.current().filter(organisation=organisation_id)
    return {(row.kind, row.name): row for row in rows.order_by("recorded_at", "pk")}


def as_the_clinic_means(disclosure: Disclosure, organisation_id: UUID) -> Disclosure:
    """A disclosure in which unknown names mean what the clinic takes them to mean.

    Most disclosures hold none, and then nothing is asked of the database.
    """
    if not any(is_unknown(fact) for fact in disclosure.facts):
        return disclosure
    return with_classified(disclosure, classified(organisation_id))


def with_classified(disclosure: Disclosure, known: Classified) -> Disclosure:
    """As `as_the_clinic_means`, with what the clinic has classified."""
    if not known:
        return disclosure
    facts, harmless, ask_about = as_classified(disclosure.facts, known)
    return msgspec.structs.replace(disclosure, facts=facts, harmless=harmless, ask_about=ask_about)


def as_classified(
    facts: Iterable[Statement], known: Classified
) -> tuple[tuple[Statement, ...], frozenset[str], frozenset[str]]:
    """(the facts, each with the concept that its name was given, ids of the harmless ones, ids of
    those to be asked about each time)."""
    found: list[Statement] = []
    harmless: set[str] = set()
    ask_about: set[str] = set()
    for fact in facts:
        # A name that a rule has learnt since goes by the rule, whatever the clinic said of it once.
        row = known.get((fact.kind.value, plain_name(fact.text))) if is_unknown(fact) else None
        if row is not None and row.meaning == "harmless":
            harmless.add(fact.id)
        if row is not None and row.meaning == "ask":
            ask_about.add(fact.id)
        # A later release may have dropped the concept: then the name is unknown again.
        if row is not None and row.meaning == "concept" and row.concept in concepts():
            fact = _carrying(fact, concepts()[row.concept])
        found.append(fact)
    return tuple(found), frozenset(harmless), frozenset(ask_about)


def _carrying(fact: Statement, concept: Concept) -> Statement:
    coding = Coding(OURS, concept.id, concept.name.en)
    # A published code of the concept as well: rules that ask by code find it, too.
    return msgspec.structs.replace(fact, codings=(*fact.codings, *concept.codings[:1], coding))
