"""The words and codes under which records speak of what the rules know.

Each concept of `data/terminology/*.toml` has its names in English and Urdu, other spellings, brand
names, and its codes. Rules name concepts or code prefixes; this file is the only place where a
SNOMED CT or RxNorm identifier stands.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache

import msgspec

from filiform.disclosure import ATC, ICD10, RXNORM, SNOMED, Coding, Kind
from filiform.screening.folding import fold, spellings, without_article, words_of
from filiform.screening.packing import kept
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
    return kept("concepts", dict[str, Concept], _read_concepts)


def _read_concepts() -> dict[str, Concept]:
    found: dict[str, Concept] = {}
    for file, kind in FILES.items():
        text = (data_folder() / "terminology" / file).read_text("utf-8")
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


class Phrase(msgspec.Struct, frozen=True, array_like=True):
    """A name of a concept as words."""

    concept: str
    kind: Kind
    words: tuple[str, ...]


NAMES = ("conditions.tsv", "others.tsv", "medicines.tsv")
"""Files of `data/terminology/names`: a row a concept, a column a language."""
LATIN = frozenset(["de", "fr", "es", "pt", "it", "nl", "sv", "nb", "da", "fi", "pl", "cs", "tr"])
"""Languages whose names are always read; those of other scripts when a text has their letters."""


@cache
def names_by_language() -> tuple[tuple[str, str, str], ...]:
    """(concept, language, name) of every name beside English and Urdu.

    Raises RuleError naming file and line when a row has no known concept or too many cells.
    """
    found: list[tuple[str, str, str]] = []
    for file in NAMES:
        text = (data_folder() / "terminology" / "names" / file).read_text("utf-8")
        rows = [line for line in text.splitlines() if not line.startswith("#")]
        languages = rows[0].split("\t")[1:]
        for number, row in enumerate(rows[1:], start=1):
            concept, *cells = row.split("\t")
            if concept not in concepts() or len(cells) != len(languages):
                raise RuleError(f"names/{file}, row {number}: {concept!r} or its cells do not fit")
            found += [
                (concept, language, name)
                for language, cell in zip(languages, cells, strict=True)
                for name in cell.split(", ")
                if name
            ]
    return tuple(found)


@cache
def own_phrases() -> tuple[Phrase, ...]:
    """The names of every concept's own entry: English, Urdu, other spellings, brands."""
    return kept("own", tuple[Phrase, ...], _read_own_phrases)


def _read_own_phrases() -> tuple[Phrase, ...]:
    found: dict[tuple[str, tuple[str, ...]], Phrase] = {}
    for concept in concepts().values():
        for name in (concept.name.en, concept.name.ur, *concept.also):
            _add(found, concept, name)
    return tuple(found.values())


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every name of every concept in Latin letters and in Urdu, spelling and brand, as words."""
    found = {(phrase.concept, phrase.words): phrase for phrase in own_phrases()}
    for one, language, name in names_by_language():
        if language in LATIN:
            for spelling in spellings(name):
                _add(found, concepts()[one], spelling)
    return tuple(found.values())


@cache
def phrases_of_other_scripts() -> tuple[Phrase, ...]:
    """Names in Cyrillic, Arabic, Devanagari, Han and kana."""
    found: dict[tuple[str, tuple[str, ...]], Phrase] = {}
    for one, language, name in names_by_language():
        if language not in LATIN:
            _add(found, concepts()[one], name)
    return tuple(found.values())


def _add(found: dict[tuple[str, tuple[str, ...]], Phrase], concept: Concept, name: str) -> None:
    words = without_article(words_of(name))
    # A name without a letter would stand in every text: a slip of the table, not a name.
    assert words, f"{concept.id}: the name {name!r} holds no word"  # noqa: S101
    found.setdefault((concept.id, words), Phrase(concept.id, concept.kind, words))


@cache
def phrases_by_first_word(*, other_scripts: bool = False) -> dict[str, tuple[Phrase, ...]]:
    """Names by their first word; those of other scripts stand apart, to be read when needed."""
    shape = dict[str, tuple[Phrase, ...]]
    if other_scripts:
        return kept("other_scripts", shape, lambda: _by_first_word(phrases_of_other_scripts()))
    return kept("latin", shape, lambda: _by_first_word(phrases()))


def _by_first_word(names: tuple[Phrase, ...]) -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in names:
        found.setdefault(phrase.words[0], []).append(phrase)
    return {word: tuple(group) for word, group in found.items()}


@cache
def _compounds() -> tuple[tuple[str, ...], frozenset[str]]:
    """(words that end a compound, stems that make another word of it)."""
    text = (data_folder() / "terminology" / "compounds.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]
    heads = {fold(w) for what, words in rows if what != "not" for w in words.split(", ")}
    stems = {fold(w) for what, words in rows if what == "not" for w in words.split(", ")}
    return tuple(sorted(heads, key=lambda head: (-len(head), head))), frozenset(stems)


SHORTEST_STEM = 3


@cache
def _endings() -> frozenset[str]:
    return frozenset(head[-SHORTEST_STEM:] for head in _compounds()[0])


def may_hold_compounds(words: tuple[str, ...]) -> bool:
    """Whether any word may be a compound, by its last letters alone."""
    return not _endings().isdisjoint([word[-SHORTEST_STEM:] for word in words])


@lru_cache(maxsize=20_000)
def parts_of(word: str) -> tuple[str, ...]:
    """The parts of a compound that ends in a name of ours; a word that is a name stays whole."""
    heads, stems = _compounds()
    # First whether it ends so at all: hardly a word does, and this asks about every ending at once.
    if len(word) < 2 * SHORTEST_STEM or not word.endswith(heads):
        return (word,)
    if any(len(phrase.words) == 1 for phrase in phrases_by_first_word().get(word, ())):
        return (word,)
    for head in heads:
        stem = word[: -len(head)]
        if word.endswith(head) and len(stem) >= SHORTEST_STEM and stem not in stems:
            return stem, head
    return (word,)
