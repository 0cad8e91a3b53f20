"""Names that are spelt almost as we spell them: bridged when nothing speaks against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from filiform.disclosure import Kind
from filiform.screening.folding import words_of
from filiform.screening.local_forms import acts_locally
from filiform.screening.rulebook import data_folder
from filiform.screening.terminology import concepts, own_phrases

SAME_WORD = 90.0
"""Similarity (0–100, Indel ratio) from which a word is taken for a misspelling. Design value."""
SIMILAR_WORD = 82.0
"""Similarity from which it is worth asking. Design value."""
SHORTEST_FUZZY = 6
"""Shorter words have too many neighbours to forgive spelling. Design value."""

_SPEAKS_AGAINST = re.compile(
    r"%|\b(wipes?|clean(s|er|ers|ing|se|ser|sing)?|surface|soap|shampoo|cosmetic|tooth\w*|wash"
    r"|bandage|dressing|device|glove|mask|syringe|needle|strip|lancet|kit|bag|bottle|food|drink"
    r"|vitamin|tea|milk|thickener|sunscreen|deodorant|lozenge)s?\b",
    re.I,
)
"""What makes a text speak of something else than a misspelt medicine."""


def nearly_named(
    words: tuple[str, ...], kinds: frozenset[Kind], text: str
) -> tuple[frozenset[str], frozenset[str]]:
    """(concepts that a misspelling surely means, concepts that it may mean).

    A misspelling is bridged only when nothing else speaks against it: the first letter agrees, a
    medicine's text names no thing of another kind, and a near brand only asks, because brands are
    made to differ by a letter.
    """
    from rapidfuzz.fuzz import ratio  # only records without codes need it
    from rapidfuzz.process import extract

    if kinds == frozenset({Kind.MEDICINE}) and (_SPEAKS_AGAINST.search(text) or acts_locally(text)):
        return frozenset(), frozenset()
    scores: dict[str, float] = {}
    sure: set[str] = set()
    for window, (names, owners) in _windows(words, kinds):
        for name, score, index in extract(
            window, names, scorer=ratio, score_cutoff=SIMILAR_WORD, limit=20
        ):
            owner, is_brand = owners[index]
            if not _word_by_word(window, name):
                continue
            scores[owner] = max(scores.get(owner, 0.0), score)
            if score >= SAME_WORD and not is_brand:
                sure.add(owner)
    best = max(scores.values(), default=0.0)
    # Of two near names the nearer is meant; within a point nobody can tell, and both count.
    sure = {one for one in sure if scores[one] >= best - 1}
    return frozenset(sure), (frozenset() if sure else frozenset(scores))


_Names = tuple[list[str], list[tuple[str, bool]]]


def _windows(words: tuple[str, ...], kinds: frozenset[Kind]) -> Iterator[tuple[str, _Names]]:
    """Consecutive words that may be a misspelt name, with the names that begin like them.

    Every word of a misspelling begins like its partner (`_word_by_word`), so that the initials
    leave a handful of a thousand names to be compared.
    """
    by_initials = _names_by_initials(kinds)
    initials = "".join(word[0] for word in words)
    for size in _sizes(kinds):
        for position in range(len(words) - size + 1):
            names = by_initials.get(initials[position : position + size])
            if names is None:
                continue
            window = " ".join(words[position : position + size])
            # One letter may be missing. Other scripts have too few letters a word for likeness.
            if len(window) < SHORTEST_FUZZY - 1 or not window.isascii():
                continue
            # Pentobarbital is no misspelt phenobarbital: it is another medicine.
            if window not in not_misspelt():
                yield window, names


@cache
def not_misspelt() -> frozenset[str]:
    """Names of other medicines that are spelt almost like one of ours, folded."""
    lines = (data_folder() / "terminology" / "not_misspelt.tsv").read_text("utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    return frozenset(" ".join(words_of(name)) for name in rows[1:])


def _word_by_word(window: str, name: str) -> bool:
    """Whether every word is a misspelling of its partner. Between “chronic hepatitis B” and
    “chronic hepatitis not” lies one letter in nineteen, and the whole meaning."""
    from rapidfuzz.fuzz import ratio

    return all(
        # One letter s is a plural, no other word.
        mine.rstrip("s") == other.rstrip("s")
        or (min(len(mine), len(other)) >= SHORTEST_FUZZY - 1
            # A joint infection is no misspelt joint injection: our own words are spelt right.
            and mine not in _our_words()
            and mine[0] == other[0]
            # Milder than for the whole name, which has to be near as well.
            and ratio(mine, other) >= SIMILAR_WORD - 10)
        for mine, other in zip(window.split(), name.split(), strict=True)
    )  # fmt: skip


@cache
def _our_words() -> frozenset[str]:
    """Every word of our own names, English and brands."""
    return frozenset(word for phrase in own_phrases() for word in phrase.words if word.isascii())


@cache
def _names_by_initials(kinds: frozenset[Kind]) -> dict[str, _Names]:
    """First letter of each word → (names long enough to forgive spelling, each one's concept and
    whether it is a brand). English and brands only: a near miss among twenty languages proves
    nothing."""
    found: dict[str, _Names] = {}
    brands = {
        (concept.id, words_of(brand)) for concept in concepts().values() for brand in concept.brands
    }
    for phrase in own_phrases():
        name = " ".join(phrase.words)
        if phrase.kind in kinds and len(name) >= SHORTEST_FUZZY and name.isascii():
            initials = "".join(word[0] for word in phrase.words)
            names, owners = found.setdefault(initials, ([], []))
            names.append(name)
            owners.append((phrase.concept, (phrase.concept, phrase.words) in brands))
    return found


@cache
def _sizes(kinds: frozenset[Kind]) -> tuple[int, ...]:
    """Numbers of words that names of these kinds have."""
    return tuple(sorted({len(one) for one in _names_by_initials(kinds)}))
