"""The words and codes under which records speak of what the rules know.

Each concept of `data/thesaurus/*.toml` has its names in English and Urdu, other spellings, brand
names, and its codes. Rules name concepts or code prefixes; this file is the only place where a
SNOMED CT or RxNorm identifier stands.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

import msgspec

from filiform.disclosure import ATC, ICD10, RXNORM, SNOMED, Coding, Kind
from filiform.screening.rulebook import RuleError, data_folder
from filiform.words import Words


class ConceptEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One concept as it stands in the data: short keys, because there are hundreds."""

    en: str
    ur: str = ""
    also: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    snomed: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    rxnorm: tuple[str, ...] = ()


class Concept(msgspec.Struct, frozen=True):
    """Something that the rules know, as a person searches for it.

    also: other names and brand names. codings: the codes written into a record for it.
    """

    id: str
    kind: Kind
    name: Words
    codings: tuple[Coding, ...] = ()
    also: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()

    def codes(self, system: str) -> tuple[str, ...]:
        return tuple(coding.code for coding in self.codings if coding.system == system)


FILES: dict[str, Kind] = {
    "conditions.toml": Kind.CONDITION,
    "medicines.toml": Kind.MEDICINE,
    "allergies.toml": Kind.ALLERGY,
    "procedures.toml": Kind.PROCEDURE,
    "devices.toml": Kind.DEVICE,
}


@cache
def concepts() -> dict[str, Concept]:
    """All concepts by id. Raises RuleError naming file, concept and field on a defect."""
    found: dict[str, Concept] = {}
    for file, kind in FILES.items():
        text = (data_folder() / "thesaurus" / file).read_text("utf-8")
        for name, raw in tomllib.loads(text).items():
            if name in found:
                raise RuleError(f"{file}: the concept {name!r} exists already")
            try:
                entry = msgspec.convert(raw, ConceptEntry)
            except msgspec.ValidationError as error:
                raise RuleError(f"{file}, {name}: {error}") from None
            found[name] = _concept(name, kind, entry)
    return found


def _concept(name: str, kind: Kind, entry: ConceptEntry) -> Concept:
    by_system = ((SNOMED, entry.snomed), (ICD10, entry.icd10), (ATC, entry.atc))
    codings = [
        Coding(system, code, entry.en)
        for system, codes in (*by_system, (RXNORM, entry.rxnorm))
        for code in codes
    ]
    return Concept(
        id=name,
        kind=kind,
        name=Words(entry.en, entry.ur),
        codings=tuple(codings),
        also=(*entry.also, *entry.brands),
        brands=entry.brands,
    )


@cache
def concepts_by_code() -> dict[tuple[str, str], tuple[str, ...]]:
    """(system, code) → ids of the concepts, for SNOMED CT and RxNorm."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for concept in concepts().values():
        for coding in concept.codings:
            if coding.system in (SNOMED, RXNORM):
                key = (coding.system, coding.code)
                found[key] = (*found.get(key, ()), concept.id)
    return found


_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_LETTERS = str.maketrans("يكةۀأإآ", "یکہہااا")
_MARKS = re.compile("[\u064b-\u0652\u0670\u200c\u200d]")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, with Arabic and Urdu letter forms made equal."""
    plain = _MARKS.sub("", text.lower()).replace("'s", "").replace("’s", "")
    return tuple(_WORD.findall(plain.translate(_LETTERS)))


class Phrase(msgspec.Struct, frozen=True):
    """A name of a concept as words."""

    concept: str
    kind: Kind
    words: tuple[str, ...]


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every name, other spelling and brand of every concept as words."""
    found: dict[tuple[str, tuple[str, ...]], Phrase] = {}
    for concept in concepts().values():
        for name in (concept.name.en, concept.name.ur, *concept.also):
            words = words_of(name)
            if words:
                found.setdefault((concept.id, words), Phrase(concept.id, concept.kind, words))
    return tuple(found.values())


@cache
def phrases_by_first_word() -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases():
        found.setdefault(phrase.words[0], []).append(phrase)
    return {word: tuple(group) for word, group in found.items()}
