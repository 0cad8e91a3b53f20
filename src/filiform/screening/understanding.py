"""What of the present record no rule and no list of harmless things knows.

Screening can only be as good as its reading. What it could not place is shown, so that a person
looks at it: a medicine in a script that nobody taught us is no harmless medicine.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date
from functools import cache, lru_cache

import msgspec

from filiform.disclosure import ATC, ICD10, ICD10_CM, Kind, Statement, Status
from filiform.reasons import Evidence
from filiform.screening.code_systems import ICD10_GM, SKS, list_of, plain_code
from filiform.screening.concept_matching import ConceptMatch, match_concepts
from filiform.screening.currency import ENDED, NEVER
from filiform.screening.evidence_table import Phrases, procedure_row
from filiform.screening.folding import words_of
from filiform.screening.proof import proven
from filiform.screening.rulebook import RuleError, data_folder
from filiform.screening.triggers import ScreenedPatient, evidence_of, speaks_to_a_rule

KINDS = (Kind.CONDITION, Kind.ALLERGY, Kind.MEDICINE, Kind.PROCEDURE, Kind.DEVICE)
_ICD = re.compile(r"[A-Z]\d[0-9A-Z]{1,5}$")
_READ_WHOLE = {
    ICD10: _ICD,
    ICD10_CM: _ICD,
    ICD10_GM: _ICD,
    SKS: _ICD,
    ATC: re.compile(r"Q?[A-Z]\d\d[A-Z]{1,2}(\d\d)?$", re.I),
}
"""Systems whose every code the rules read, by its place in the tree, and how a code looks."""
_NUMBER = re.compile(r"[\d.,]+[a-zµμ%/]*$")


class Harmless(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Names of one kind that no rule needs to know. fillers: words that add nothing to them."""

    names: tuple[str, ...]
    fillers: tuple[str, ...] = ()


@cache
def harmless() -> dict[Kind, tuple[Phrases, frozenset[str]]]:
    """Kind → (names as phrases, fillers). Raises RuleError naming the field on a defect."""
    raw = tomllib.loads((data_folder() / "harmless.toml").read_text("utf-8"))
    try:
        found = msgspec.convert(raw, dict[str, Harmless])
    except msgspec.ValidationError as error:
        raise RuleError(f"harmless.toml: {error}") from None
    everywhere = found["any"].fillers
    return {
        kind: (
            Phrases(found[kind.value].names),
            frozenset(
                w for one in (*everywhere, *found[kind.value].fillers) for w in words_of(one)
            ),
        )
        for kind in KINDS
    }


def not_understood(who: ScreenedPatient) -> tuple[Evidence, ...]:
    """The facts of the present that nothing here knows, each name once, in a settled order.

    One that is asked about by its name is a question instead, until it is answered with yes:
    then somebody has to say what it is.
    """
    answers = who.disclosure.answers
    return tuple(
        evidence_of(fact)
        for fact in unknown_facts(who)
        if fact.id not in who.disclosure.ask_about or answers.get(question_id(fact))
    )


def asked_by_name(who: ScreenedPatient) -> dict[str, Evidence]:
    """Question → the unknown fact that somebody in charge wants asked about by its name."""
    return {
        question_id(fact): evidence_of(fact)
        for fact in unknown_facts(who)
        if fact.id in who.disclosure.ask_about
    }


_QUESTION_ID = re.compile(r"ask-[0-9a-f]{16}")


def question_id(fact: Statement) -> str:
    """The id of the question about a name: the same in every record that spells it alike."""
    # A hash, because a name may be longer than an id and holds letters that no address has.
    spelt = f"{fact.kind.value}:{' '.join(words_of(evidence_of(fact).text))}"
    return f"ask-{hashlib.sha256(spelt.encode()).hexdigest()[:16]}"


def is_question_by_name(question: str) -> bool:
    """Whether an id is that of a question about a name."""
    return _QUESTION_ID.fullmatch(question) is not None


def unknown_facts(who: ScreenedPatient) -> tuple[Statement, ...]:
    """As `not_understood`, the facts themselves."""
    found: dict[tuple[str, str | None], tuple[Evidence, Statement]] = {}
    for fact in who.disclosure.facts:
        if not _is_of_the_present(fact, who.on) or fact.id in who.disclosure.harmless:
            continue
        if not is_unknown(fact):
            continue
        evidence = evidence_of(fact)
        found.setdefault((evidence.text.lower(), evidence.code), (evidence, fact))
    # By name, so that a record sent in another order is shown in the same.
    ordered = sorted(found.values(), key=lambda one: (one[0].text, one[0].resource))
    return tuple(fact for _, fact in ordered)


def is_unknown(fact: Statement) -> bool:
    """Whether neither rules, concepts nor the list of harmless names know what a fact says.

    What is known and proves nothing (an eye drop, a test that was done) is known.
    """
    if fact.kind not in KINDS or fact.none_known:
        return False
    meaning = proven(fact)
    if _is_known(meaning) or is_placed(fact) or speaks_to_a_rule(fact.kind, meaning):
        return False
    # Without status and dates: a test that was done is known, though it proves nothing.
    bare = Statement(id="", kind=fact.kind, text=fact.text, codings=fact.codings)
    return not match_concepts(bare).concepts


def _is_of_the_present(fact: Statement, on: date) -> bool:
    if fact.kind not in KINDS or fact.none_known or fact.family or fact.status in NEVER:
        return False
    if fact.start is not None and fact.start > on:
        return False
    # An operation long past still belongs to the present: its implant and its scar are there.
    if fact.kind is Kind.PROCEDURE:
        return fact.status is not Status.STOPPED
    return fact.status not in ENDED and (fact.end is None or fact.end >= on)


def _is_known(meaning: ConceptMatch) -> bool:
    # Only similar is known when a rule asks about it; likeness to a complaint settles nothing.
    return bool(meaning.concepts or meaning.icd10 or meaning.relative)


def is_placed(fact: Statement) -> bool:
    """Whether a code of a system that is read whole, or a list of harmless names, knows a fact."""
    for coding in fact.codings:
        system = list_of(coding.system, coding.code)
        shape = _READ_WHOLE.get(system)
        if shape is not None and shape.match(plain_code(system, coding.code)):
            return True
    texts = (fact.text, *(coding.display for coding in fact.codings))
    return any(_is_harmless(fact.kind, text) for text in dict.fromkeys(texts) if text)


@lru_cache(maxsize=20_000)
def _is_harmless(kind: Kind, text: str) -> bool:
    """Whether every word of a text belongs to a harmless name or adds nothing to it."""
    words = words_of(text)
    if kind is Kind.PROCEDURE and procedure_row(words).id == "looking":
        return True
    names, fillers = harmless()[kind]
    places = {at for start, end in names.where(words) for at in range(start, end)}
    if not places:
        return False
    return all(
        at in places or word in fillers or _NUMBER.match(word) for at, word in enumerate(words)
    )
