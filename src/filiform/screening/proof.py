"""What a fact proves: its meaning, without what a resource of its kind cannot prove.

    fact ──match_concepts──▶ what its words and codes mean ──proves.toml──▶ what the rules take

A test that was done proves no disease, a removal proves absence, an eye drop is no medicine of
the whole body. The table is `data/proves.toml`; docs/reference/what-proves-what.md shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import msgspec

from filiform.disclosure import ATC, ICD10, Coding, Kind, Side, Statement, Status
from filiform.screening.code_maps import mapped
from filiform.screening.code_systems import list_of, plain_code
from filiform.screening.codes import any_within, compact, within
from filiform.screening.concept_matching import ConceptMatch, match_concepts
from filiform.screening.evidence_table import codes_of, phrases_of, procedure_row, table
from filiform.screening.folding import words_of
from filiform.screening.terminology import concepts

DEVICES_AS_OPERATIONS = frozenset({"joint-replacement", "coronary-stent-procedure"})
"""Operations whose name means what stays in the body; taken out, that is gone as well."""
COARSE_ATC = 5
"""A code of the record that is shorter names a group; the name may say more."""


def proven(fact: Statement) -> ConceptMatch:
    """The meaning of a fact as far as a resource of its kind can prove it. Pure.

    It hangs on words and codes alone, and a folder's records repeat those thousands of times.
    """
    return _proven(fact.kind, fact.text, fact.codings)


@lru_cache(maxsize=20_000)
def _proven(kind: Kind, text: str, codings: tuple[Coding, ...]) -> ConceptMatch:
    fact = Statement(id="", kind=kind, text=text, codings=codings)
    meaning = match_concepts(fact)
    if fact.kind is Kind.MEDICINE:
        return _medicine(fact, meaning)
    if fact.kind is Kind.PROCEDURE:
        return _procedure(fact, meaning)
    return meaning


def _own_words(fact: Statement) -> tuple[str, ...]:
    texts = dict.fromkeys((fact.text, *(coding.display for coding in fact.codings)))
    # The bar keeps two texts apart: no phrase may begin in one and end in the next.
    return tuple(word for text in texts if text for word in (*words_of(text), "|"))


# --- procedures -------------------------------------------------------------------------------
def _procedure(fact: Statement, meaning: ConceptMatch) -> ConceptMatch:
    row = procedure_row(_own_words(fact))
    kept: set[str] = set()
    asked: set[str] = set(meaning.similar)
    for one in meaning.concepts:
        # The table says for each part of a meaning what a procedure of this row does with it.
        becomes = getattr(row, _part(one))
        if becomes == "proves":
            kept.add(one)
        elif becomes == "asks":
            asked.add(one)
    return msgspec.structs.replace(
        meaning,
        concepts=frozenset(kept),
        # Looking for a disease asks about what it names, never about what it only resembles.
        similar=frozenset(asked if row.id != "looking" else asked & meaning.concepts),
        icd10=_codes_of(kept, ICD10) | _codes_of_procedures(fact),
        words=() if row.id == "looking" else meaning.words,
    )


def _part(concept: str) -> str:
    kind = concepts()[concept].kind
    if kind is Kind.DEVICE or concept in DEVICES_AS_OPERATIONS:
        return "device"
    return "operation" if kind is Kind.PROCEDURE else "disease"


def _codes_of(named: Iterable[str], system: str) -> frozenset[str]:
    known = concepts()
    return frozenset(compact(code) for one in named for code in known[one].codes(system))


def _codes_of_procedures(fact: Statement) -> frozenset[str]:
    """ICD-10 codes that a procedure may be coded with: those of chapter XXI say what was done."""
    meant = (list_of(coding.system, coding.code) for coding in fact.codings)
    return frozenset(
        code
        for system, coding in zip(meant, fact.codings, strict=True)
        for code in mapped(system, plain_code(system, coding.code)).icd10
        if code.startswith("Z")
    )


class Removal(msgspec.Struct, frozen=True):
    """What was taken out, on which day and on which side, as far as known."""

    concepts: frozenset[str]
    day: date
    side: Side | None


def removals(facts: Iterable[Statement], on: date) -> tuple[Removal, ...]:
    """What the record proves to have been taken out by a day."""
    found = []
    for fact in facts:
        day = fact.end or fact.start
        if fact.kind is not Kind.PROCEDURE or day is None or day > on or fact.family:
            continue
        if fact.status not in (Status.COMPLETED, Status.ACTIVE, Status.UNKNOWN):
            continue
        # Only what the table calls a removal: a replaced battery leaves a pacemaker in place.
        if procedure_row(_own_words(fact)).device != "gone":
            continue
        gone = frozenset(one for one in match_concepts(fact).concepts if _part(one) == "device")
        if gone:
            found.append(Removal(gone, day, fact.side))
    return tuple(found)


def without_removed(
    fact: Statement, meaning: ConceptMatch, taken: tuple[Removal, ...]
) -> ConceptMatch:
    """The meaning without what was taken out since.

    What was put in on an unknown day, or on another side than the removal names, is asked about.
    """
    for one in taken:
        gone = meaning.concepts & one.concepts
        since = fact.start or fact.end
        # What was put in after the removal is there again.
        if not gone or (since is not None and since > one.day):
            continue
        other_side = fact.side is not None and one.side is not None and fact.side != one.side
        if other_side:
            continue
        # Undated, it may have come after the removal; a diagnosis is older than its treatment.
        unsure = (since is None and fact.kind is not Kind.CONDITION) or one.side != fact.side
        left = meaning.concepts - gone
        meaning = msgspec.structs.replace(
            meaning,
            concepts=left,
            similar=meaning.similar | gone if unsure else meaning.similar,
            icd10=meaning.icd10 - _codes_of(gone, ICD10) | _codes_of(left, ICD10),
        )
    return meaning


# --- medicines --------------------------------------------------------------------------------
def _medicine(fact: Statement, meaning: ConceptMatch) -> ConceptMatch:
    own = own_atc(fact)
    # The record's own code knows the product; words of its form are second best.
    local = any_within(own, table().medicine["local"].atc) if own else acts_locally(fact)
    concepts_: set[str] = set()
    atc = set(own)
    for one in meaning.concepts:
        codes = _codes_of((one,), ATC)
        if any(len(code) >= COARSE_ATC for code in own):
            # The record's own code says which product it is; a name may mean another form.
            agreed = {code for code in codes if any(within(code, mine) for mine in own)}
        else:
            # Of what acts where it is put, only what is inhaled tells a rule something.
            agreed = {code for code in codes if not local or code.startswith("R03")}
        atc |= agreed
        if agreed or not (codes or local or own):
            concepts_.add(one)
    return msgspec.structs.replace(meaning, concepts=frozenset(concepts_), atc=frozenset(atc))


def own_atc(fact: Statement) -> frozenset[str]:
    """The ATC codes that the record itself gives; those for animals begin with a Q."""
    return frozenset(
        plain_code(ATC, coding.code).removeprefix("Q")
        for coding in fact.codings
        if list_of(coding.system, coding.code) == ATC
    )


def acts_locally(fact: Statement) -> bool:
    """Whether words of form or route say that a medicine acts where it is put."""
    words = _own_words(fact)
    if phrases_of("medicine", "systemic").within(words):
        return False
    if any(coding.code in codes_of("medicine", "local") for coding in fact.codings):
        return True
    return phrases_of("medicine", "local").within(words)
