"""What a fact of the record speaks of, in the terms of the rules.

Codes are certain. Texts are read as whole words; a text that has no code at all is also read
with tolerance for spelling. What is only similar is kept apart as uncertain: it raises a
question and never a reason.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from itertools import accumulate, pairwise

import msgspec

from filiform.disclosure import ATC, ICD10, Kind, Statement
from filiform.screening.code_maps import mapped, reads
from filiform.screening.code_systems import list_of, plain_code
from filiform.screening.codes import compact
from filiform.screening.context import ContextEffect, FoldedSentence, effects, sentences
from filiform.screening.folding import fold, without_article, words_of
from filiform.screening.local_forms import acts_locally
from filiform.screening.misspelling import nearly_named
from filiform.screening.substances import substance
from filiform.screening.terminology import (
    concepts,
    concepts_by_code,
    may_hold_compounds,
    parts_of,
    phrases_by_first_word,
)

_TREATMENTS = frozenset(
    {"anticoagulated", "antiplatelet-use", "immunosuppressant-use", "diabetes-medicine-use"}
)
"""What is taken to prevent something is taken: "anticoagulants as stroke prophylaxis"."""


_SPEAKS_OF_ALLERGY = re.compile(
    r"all?erg|alerji|sensiti|sensibili|intoleran|intoleranz|uczulen|preciltliv|precitliv"
    r"|overgevoelig|uberempfindlich|unvertraglich|overkanslig|overfolsom|yliherk"
    r"|аллерг|непереносим|حساسی|الرجی|एलर्जी|过敏|過敏|アレルギ"
)
"""A condition that speaks of an allergy, in folded text: only then may it name an allergen."""


class ConceptMatch(msgspec.Struct, frozen=True, cache_hash=True):
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


def allowed_kinds(fact: Statement) -> frozenset[Kind]:
    """Kinds of concept that a fact may speak of: a condition can name an operation or a device."""
    if fact.kind is Kind.MEDICINE:
        return frozenset({Kind.MEDICINE})
    if fact.kind is Kind.ALLERGY:
        return frozenset({Kind.ALLERGY})
    kinds = {Kind.CONDITION, Kind.PROCEDURE, Kind.DEVICE}
    texts = " ".join((fact.text, *(coding.display for coding in fact.codings)))
    # "Latex" alone is a thing; only "latex allergy" among the diagnoses is an allergy.
    if _SPEAKS_OF_ALLERGY.search(fold(texts)):
        kinds.add(Kind.ALLERGY)
    return frozenset(kinds)


@lru_cache(maxsize=20_000)
def match_concepts(fact: Statement) -> ConceptMatch:
    """The meaning of one fact. Pure; remembered because records repeat themselves."""
    kinds = allowed_kinds(fact)
    texts = [fact.text, *(coding.display for coding in fact.codings if coding.display)]
    coded = _from_codes(fact, kinds)
    said = [_read(text, kinds) for text in dict.fromkeys(texts) if text]
    sure = coded.concepts.union(*(one.sure for one in said))
    doubted = frozenset[str]().union(*(one.doubted for one in said)) - sure
    # A code that is read and says nothing to us is an answer too: no guessing at spelling then.
    if not (sure or doubted or coded.known or fact.kind is Kind.OBSERVATION):
        near, doubted = nearly_named(said[0].words if said else (), kinds, fact.text)
        sure |= near
    icd10, atc = set(coded.icd10), set(coded.atc)
    local = fact.kind is Kind.MEDICINE and any(acts_locally(text) for text in texts)
    for one in sure:
        icd10 |= {compact(code) for code in concepts()[one].codes(ICD10)}
        if not coded.substance:  # the record's own ATC knows the route; a name does not
            codes = {compact(code) for code in concepts()[one].codes(ATC)}
            # R03 are inhalers: named by where they act, and still the sign of asthma or COPD.
            atc |= {code for code in codes if not local or code.startswith("R03")}
    return ConceptMatch(
        concepts=sure,
        similar=frozenset(doubted),
        icd10=frozenset(icd10),
        atc=frozenset(atc),
        # The bar keeps a pattern from beginning in one text and ending in the next.
        words=tuple(word for one in said for word in (*one.words, "|")),
        past=any(one.past for one in said),
        relative=any(one.relative for one in said),
    )


class _Coded(msgspec.Struct, frozen=True):
    """What the codes of a fact mean. known: one of them is of a list that is read.
    substance: an ATC code that names the substance, not just its group."""

    concepts: frozenset[str]
    icd10: frozenset[str]
    atc: frozenset[str]
    known: bool
    substance: bool


ATC_SUBSTANCE = 7


def _from_codes(fact: Statement, kinds: frozenset[Kind]) -> _Coded:
    found: set[str] = set()
    icd10: set[str] = set()
    atc: set[str] = set()
    known = False
    for coding in fact.codings:
        system = list_of(coding.system, coding.code)
        code = plain_code(system, coding.code)
        known = known or system == ATC or reads(system)
        if system == ATC:
            atc.add(code)
            continue
        meaning = mapped(system, code)
        icd10 |= meaning.icd10
        here = concepts_by_code().get((system, code), ())
        found |= {one for one in (*here, *meaning.concepts) if concepts()[one].kind in kinds}
    whole = any(len(code) >= ATC_SUBSTANCE for code in atc)
    return _Coded(frozenset(found), frozenset(icd10), frozenset(atc), known, whole)


class _Text(msgspec.Struct, frozen=True):
    """What one text says. words: those that it does not deny, sentences parted by a bar."""

    sure: frozenset[str]
    doubted: frozenset[str]
    words: tuple[str, ...]
    past: bool
    relative: bool


@lru_cache(maxsize=20_000)
def _read(text: str, kinds: frozenset[Kind]) -> _Text:
    said: list[tuple[str, set[ContextEffect]]] = []
    on_words: list[tuple[str, set[ContextEffect]]] = []
    for plain in sentences(text):
        named, sentence = _named_in(plain, kinds)
        on_name, on_word = effects(sentence, dict.fromkeys((start, end) for start, end, _ in named))
        said += [(concept, on_name[start, end]) for start, end, concept in named]
        # Patterns of words may not reach over the end of a sentence.
        on_words += [("|", set())] if on_words else []
        on_words += zip(sentence.words, on_word, strict=True)
    # Whose and of when: said of the names where there are any, else of the words.
    acting = [one for _, one in said] or [one for _, one in on_words]
    past, relative = _holds("history", acting, said), _holds("family", acting, said)
    sure: set[str] = set()
    doubted: set[str] = set()
    for concept, on in said:
        on = on & (_acting_on(kinds, concept) | {"history", "family"})
        # A relative's disease beside one's own is the relative's alone.
        if on & {"negated", "prevented"} or ("family" in on and not relative):
            continue
        unsure = on & {"possible", "perhaps"} or ("history" in on and not past)
        (doubted if unsure else sure).add(concept)
    denying = _acting_on(kinds, "") & {"negated", "prevented", "perhaps"}
    kept = tuple(word for word, on in on_words if not on & denying)
    return _Text(frozenset(sure), frozenset(doubted - sure), kept, past, relative)


def _holds(
    effect: ContextEffect,
    acting: list[set[ContextEffect]],
    said: list[tuple[str, set[ContextEffect]]],
) -> bool:
    """Whether it holds of all that a text says; of a text without names, whether it is there."""
    return (all if said else any)(effect in one for one in acting)


def _named_in(
    plain: FoldedSentence, kinds: frozenset[Kind]
) -> tuple[list[tuple[int, int, str]], FoldedSentence]:
    """Concepts' names in a sentence, and the sentence with compounds taken apart."""
    named = _named(plain.words, kinds)
    # Names first, compounds second: "Herzschrittmacher" is a name and must not be taken apart.
    whole_names = {at for start, end, _ in named for at in range(start, end)}
    if not may_hold_compounds(plain.words):
        return named, plain
    parts = [
        (word,) if at in whole_names else parts_of(word) for at, word in enumerate(plain.words)
    ]
    if all(len(one) == 1 for one in parts):
        return named, plain
    starts = list(accumulate((len(one) for one in parts), initial=0))
    sentence = FoldedSentence(
        tuple(part for one in parts for part in one),
        tuple(starts[at] for at in plain.breaks),
        tuple(starts[at] for at in plain.lists),
    )
    return _named(sentence.words, kinds), sentence


def _acting_on(kinds: frozenset[Kind], concept: str) -> frozenset[ContextEffect]:
    """The effects that can change what a concept of a text counts for.

    A medicine's text describes a product: "if needed" and "risk of" there are no doubts about it.
    """
    if kinds == frozenset({Kind.MEDICINE}):
        return frozenset({"negated", "perhaps"})
    if concept in _TREATMENTS:
        return frozenset({"negated", "possible", "perhaps"})
    return frozenset({"negated", "prevented", "possible", "perhaps"})


def _named(words: tuple[str, ...], kinds: frozenset[Kind]) -> list[tuple[int, int, str]]:
    """Concepts whose name stands in the words: first word, word after the last, concept.

    The longer name wins: hay fever is no fever.
    """
    # A medicine's name may be spelt as no index has it; any other stands in an index or nowhere.
    if Kind.MEDICINE not in kinds and not begins_a_name(words):
        return []
    index = phrases_by_first_word()
    others = phrases_by_first_word(other_scripts=True) if _has_other_script(words) else {}
    found: list[tuple[int, int, str]] = []
    for start, word in enumerate(words):
        for phrase in (*index.get(word, ()), *others.get(word, ())):
            end = start + len(phrase.words)
            if phrase.kind in kinds and words[start:end] == phrase.words:
                found.append((start, end, phrase.concept))
        # A name that stands in the index is surer than its skeleton in another spelling.
        here = bool(found) and found[-1][0] == start
        if Kind.MEDICINE in kinds and not here and (medicine := substance(word)):
            found.append((start, start + 1, medicine))
    return [
        (start, end, concept)
        for start, end, concept in found
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in found)
    ]


def begins_a_name(words: tuple[str, ...]) -> bool:
    """Whether a name may stand in the words: one of one word, or the first two of a longer one.

    Most texts of a record hold none, and this tells so in a microsecond for each word.
    """
    whole, pairs = _beginnings(_has_other_script(words))
    if not whole.isdisjoint(words):
        return True
    return not pairs.isdisjoint(pairwise(words))


@cache
def _beginnings(other_scripts: bool) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """(names of one word, first two words of longer names)."""
    scripts = (False, True) if other_scripts else (False,)
    names = [
        phrase.words
        for script in scripts
        for group in phrases_by_first_word(other_scripts=script).values()
        for phrase in group
    ]
    whole = frozenset(words[0] for words in names if len(words) == 1)
    return whole, frozenset((words[0], words[1]) for words in names if len(words) > 1)


def may_name(text: str) -> bool:
    """Whether a text may name anything that rules know, beside medicines. False is certain."""
    words = without_article(words_of(text))
    if begins_a_name(words):
        return True
    if not may_hold_compounds(words):
        return False
    apart = tuple(part for word in words for part in parts_of(word))
    return apart != words and begins_a_name(apart)


def _has_other_script(words: tuple[str, ...]) -> bool:
    """Whether any word begins with a letter that is not Latin."""
    return not "".join(words).isascii() and any(word[0] > "\u024f" for word in words)


def any_matches(words: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    """Whether any pattern fits, as `text_matches` says: all of them looked for in one pass."""
    return bool(patterns) and _all_in_one(patterns).search(" ".join(words)) is not None


@cache
def _all_in_one(patterns: tuple[str, ...]) -> re.Pattern[str]:
    each = "|".join(re.escape(one).replace(r"\*", "[^ ]*") for one in patterns)
    return re.compile(f"(?:^| )(?:{each})(?= |$)")


def text_matches(words: tuple[str, ...], pattern: str) -> bool:
    """Whether consecutive words fit a pattern such as "total hip *" or "*ectomy"."""
    # A plain phrase is found by text: this runs for every pattern against every fact.
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
