"""What a fact of the record speaks of, in the terms of the rules.

Codes are certain. Texts are read as whole words; a text that has no code at all is also read
with tolerance for spelling. What is only similar is kept apart as uncertain: it raises a
question and never a reason.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache, lru_cache

import msgspec

from filiform.disclosure import ATC, ICD10, ICD10_CM, RXNORM, SNOMED, Kind, Statement
from filiform.screening.codes import compact
from filiform.screening.thesaurus import (
    concepts,
    concepts_by_code,
    phrases,
    phrases_by_first_word,
    words_of,
)

SAME_WORD = 90.0
"""Similarity (0–100, Indel ratio) from which a word is taken for a misspelling. Design value."""
SIMILAR_WORD = 82.0
"""Similarity from which it is worth asking. Design value."""
SHORTEST_FUZZY = 6
"""Shorter words have too many neighbours to forgive spelling. Design value."""

_SYSTEMS = {
    "urn:oid:2.16.840.1.113883.6.96": SNOMED,
    "urn:oid:2.16.840.1.113883.6.3": ICD10,
    "urn:oid:2.16.840.1.113883.6.90": ICD10_CM,
    "urn:oid:2.16.840.1.113883.6.88": RXNORM,
    "urn:oid:2.16.840.1.113883.6.73": ATC,
    "http://hl7.org/fhir/sid/icd-10-gm": ICD10,
    "http://fhir.de/codesystem/bfarm/icd-10-gm": ICD10,
    "http://fhir.de/codesystem/bfarm/atc": ATC,
    "http://id.who.int/icd/release/10": ICD10,
    "http://www.whocc.no/atc/": ATC,
}

_NOT_SO = re.compile(
    r"\b((?<!to be )ruled out|excluded|refuted|not (found|present|detected|confirmed))\b", re.I
)
_PREVENTED = re.compile(
    r"\b(prophyla(xis|ctic)|vaccin(e|es|ation|ated)|immuni[sz](ation|ed)|screening)$", re.I
)
"""At the end of a text: what is prevented or looked for is not there ("DVT prophylaxis")."""
_LOCAL = re.compile(
    r"\b(cream|ointment|gel|topical|lotion|shampoo|nasal|inhal\w*|metered dose|ophthalmic"
    r"|eye drops?|ear drops?|otic|mouthwash|suppositor\w*|flush)\b",
    re.I,
)
"""Forms that act where they are put: a hydrocortisone cream is no systemic steroid."""
_PAST = re.compile(
    r"\b(history of|h/o|hx of|past history|previous(ly)?|status post|s/p|former)\b", re.I
)
_RELATIVE = re.compile(
    r"\b(family history|fh of|family hx|(his|her|my|in|the) (mother|father|brother|sister|sibling)"
    r"|(mother|father|brother|sister|sibling)s? (has|had|have|with))\b",
    re.I,
)
_DENIED = re.compile(
    r"\b(no|not|without|denies|negative for|rule out|absence of|free of"
    r"|at risk (of|for)|risk of|screening for|vaccination|immuni[sz]ation|suspicion of"
    r"|prophylaxis (of|against|for)|fear of|education about|counsel+ing)\b(.*)$",
    re.I,
)


class Recognised(msgspec.Struct, frozen=True):
    """The meaning of a fact: concepts and codes, and how the text limits them.

    similar: concepts whose name is only close to the text.
    past: the text speaks of history. relative: of a relative.
    """

    concepts: frozenset[str] = frozenset()
    similar: frozenset[str] = frozenset()
    icd10: frozenset[str] = frozenset()
    atc: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    past: bool = False
    relative: bool = False


def system_of(system: str) -> str:
    """The usual address of a code system that goes by several."""
    return _SYSTEMS.get(system.lower(), system)


def allowed_kinds(fact: Statement) -> frozenset[Kind]:
    """Kinds of concept that a fact may speak of: a condition can name an operation or a device."""
    if fact.kind is Kind.MEDICINE:
        return frozenset({Kind.MEDICINE})
    if fact.kind is Kind.ALLERGY:
        return frozenset({Kind.ALLERGY})
    kinds = {Kind.CONDITION, Kind.PROCEDURE, Kind.DEVICE}
    if re.search(r"allerg|sensitiv|intoleran", fact.text, re.I):
        kinds = {Kind.ALLERGY}
    return frozenset(kinds)


@lru_cache(maxsize=20_000)
def recognise(fact: Statement) -> Recognised:
    """The meaning of one fact. Pure; remembered because records repeat themselves."""
    kinds = allowed_kinds(fact)
    texts = [fact.text, *(coding.display for coding in fact.codings if coding.display)]
    by_code, icd10, atc, coded = _from_codes(fact, kinds)
    said = [_affirmed(text) for text in dict.fromkeys(texts) if text]
    by_text: set[str] = set()
    for words in said:
        by_text |= _named(words, kinds)
    similar: set[str] = set()
    if not (by_code or by_text or coded or fact.kind is Kind.OBSERVATION):
        near, similar = _nearly_named(said[0] if said else (), kinds)
        by_text |= near
    found = frozenset(by_code | by_text)
    known = concepts()
    whole = " ".join(texts)
    local = fact.kind is Kind.MEDICINE and bool(_LOCAL.search(whole))
    for one in found:
        icd10 |= {compact(code) for code in known[one].codes(ICD10)}
        codes = {compact(code) for code in known[one].codes(ATC)}
        atc |= {code for code in codes if not local or code.startswith("R03")}
    return Recognised(
        concepts=found,
        similar=frozenset(similar),
        icd10=frozenset(icd10),
        atc=frozenset(atc),
        words=tuple(word for words in said for word in (*words, "|")),
        past=bool(_PAST.search(whole)),
        relative=bool(_RELATIVE.search(whole)),
    )


def _from_codes(
    fact: Statement, kinds: frozenset[Kind]
) -> tuple[set[str], set[str], set[str], bool]:
    found: set[str] = set()
    icd10: set[str] = set()
    atc: set[str] = set()
    coded = False
    known = concepts()
    for coding in fact.codings:
        system = system_of(coding.system)
        coded = coded or system in (SNOMED, ICD10, ICD10_CM, RXNORM, ATC)
        if system in (ICD10, ICD10_CM):
            icd10.add(compact(coding.code))
        elif system == ATC:
            atc.add(compact(coding.code))
        for one in concepts_by_code().get((system, coding.code), ()):
            if known[one].kind in kinds:
                found.add(one)
    return found, icd10, atc, coded


def _affirmed(text: str) -> tuple[str, ...]:
    """The words of a text up to where it denies something: "cough, no fever" → "cough"."""
    plain = re.sub(r"\((disorder|finding|situation|procedure|substance|product)\)", " ", text)
    if plain.lower().startswith("fear of"):
        return words_of(plain)
    if _NOT_SO.search(plain) or (_PREVENTED.search(plain) and "anticoag" not in plain.lower()):
        return ()
    return words_of(_DENIED.sub(" ", plain))


def _named(words: tuple[str, ...], kinds: frozenset[Kind]) -> set[str]:
    """Concepts whose name stands in the text; the longer name wins: hay fever is no fever."""
    index = phrases_by_first_word()
    found: list[tuple[int, int, str]] = []
    for start, word in enumerate(words):
        for phrase in index.get(word, ()):
            end = start + len(phrase.words)
            if phrase.kind in kinds and words[start:end] == phrase.words:
                found.append((start, end, phrase.concept))
    return {
        concept
        for start, end, concept in found
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in found)
    }


def _nearly_named(words: tuple[str, ...], kinds: frozenset[Kind]) -> tuple[set[str], set[str]]:
    """(concepts that a misspelling surely means, concepts that it may mean)."""
    from rapidfuzz.fuzz import ratio  # only records without codes need it
    from rapidfuzz.process import extract

    scores: dict[str, float] = {}
    for size, (names, owners) in _names_by_length(kinds).items():
        for position in range(len(words) - size + 1):
            window = " ".join(words[position : position + size])
            if len(window) < SHORTEST_FUZZY - 1:
                continue
            for _, score, index in extract(
                window, names, scorer=ratio, score_cutoff=SIMILAR_WORD, limit=20
            ):
                owner = owners[index]
                scores[owner] = max(scores.get(owner, 0.0), score)
    best = max(scores.values(), default=0.0)
    sure = {one for one, score in scores.items() if score >= SAME_WORD and score >= best - 1}
    return sure, (set() if sure else set(scores))


@cache
def _names_by_length(kinds: frozenset[Kind]) -> dict[int, tuple[list[str], list[str]]]:
    """Number of words → (names long enough to forgive spelling, the concept of each)."""
    found: dict[int, tuple[list[str], list[str]]] = {}
    for phrase in phrases():
        name = " ".join(phrase.words)
        if phrase.kind in kinds and len(name) >= SHORTEST_FUZZY:
            names, owners = found.setdefault(len(phrase.words), ([], []))
            names.append(name)
            owners.append(phrase.concept)
    return found


def text_matches(words: tuple[str, ...], pattern: str) -> bool:
    """Whether consecutive words fit a pattern such as "total hip *" or "*ectomy"."""
    if "*" not in pattern:
        return f" {pattern} " in f" {' '.join(words)} "
    parts = pattern.split()
    last = len(words) - len(parts) + 1
    return any(
        all(
            fnmatchcase(word, part)
            for word, part in zip(words[at : at + len(parts)], parts, strict=True)
        )
        for at in range(last)
    )
