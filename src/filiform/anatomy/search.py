"""Finding a muscle by what a clinician types: English, Urdu, Latin, short forms, misspelt."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filiform.anatomy.atlas import Atlas

LEAST_LIKENESS = 72.0
"""Below this rapidfuzz score (0 to 100) a name counts as another word; tried on the atlas' names
with one or two letters changed (design value)."""

_SAME_LETTER = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ۂ": "ہ", "ه": "ہ", "‌": " ", "‐": "-"})


def normal(text: str) -> str:
    """Lower case, no accents or Urdu vowel signs, Arabic letters as in Urdu, single spaces."""
    text = unicodedata.normalize("NFC", text).translate(_SAME_LETTER)
    kept = (
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        # The hamza above stays: it tells Urdu words apart, where vowel signs are mostly left out.
        if not unicodedata.combining(letter) or letter in "ٔ"
    )
    plain = unicodedata.normalize("NFC", "".join(kept))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


class _Index:
    """Every name of every muscle, made plain once per release."""

    def __init__(self, atlas: Atlas) -> None:
        self.owners: list[str] = []
        self.names: list[str] = []
        self.words: list[tuple[str, ...]] = []
        self.word_owners: dict[str, list[str]] = {}
        for muscle in atlas.muscles.values():
            known = (muscle.name.en, muscle.name.ur, muscle.latin_name, muscle.id, *muscle.aliases)
            for name in filter(None, map(normal, known)):
                self.owners.append(muscle.id)
                self.names.append(name)
                self.words.append(tuple(name.split()))
                for word in name.split():
                    owners = self.word_owners.setdefault(word, [])
                    if muscle.id not in owners:
                        owners.append(muscle.id)


_indexes: dict[str, _Index] = {}


def _index_of(atlas: Atlas) -> _Index:
    if atlas.release not in _indexes:
        _indexes.clear()
        _indexes[atlas.release] = _Index(atlas)
    return _indexes[atlas.release]


def find(atlas: Atlas, text: str, limit: int) -> list[str]:
    """Muscle ids by likeness to `text`, best first, at most `limit`.

    Order: the whole name, names that begin with the text, names with words that begin with its
    words, names that hold it; only if there are none, names and words that are like it. Equals
    keep the order of the atlas.
    """
    wanted = normal(text)
    if not wanted:
        return []
    index = _index_of(atlas)
    # Likeness only when spelling finds nothing: else "soleus" would bring its lookalikes along.
    scores = _spelt_right(index, wanted) or _misspelt(index, wanted)
    ranked = sorted(scores.items(), key=lambda entry: -entry[1])
    return [muscle_id for muscle_id, _ in ranked[:limit]]


def _spelt_right(index: _Index, wanted: str) -> dict[str, float]:
    wanted_words = wanted.split()
    scores: dict[str, float] = {}
    for owner, name, words in zip(index.owners, index.names, index.words, strict=True):
        if wanted == name:
            score = 4.0
        elif name.startswith(wanted):
            score = 3.0
        elif all(any(word.startswith(part) for word in words) for part in wanted_words):
            score = 2.0
        # Two letters stand inside almost every name.
        elif len(wanted) >= 3 and wanted in name:
            score = 1.0
        else:
            continue
        scores[owner] = max(score, scores.get(owner, 0.0))
    return scores


def _misspelt(index: _Index, wanted: str) -> dict[str, float]:
    if len(wanted) < 3:
        return {}
    from rapidfuzz import fuzz, process  # only a misspelt name needs it

    scores: dict[str, float] = {}
    whole = process.extract(
        wanted,
        index.names,
        scorer=fuzz.token_sort_ratio,
        score_cutoff=LEAST_LIKENESS,
        limit=None,
    )
    for _, score, place in whole:
        scores[index.owners[place]] = max(score, scores.get(index.owners[place], 0.0))
    words = list(index.word_owners)
    # Single words, a little stricter and ranked a little lower: a word is a smaller part of a name.
    alike = process.extract(
        wanted, words, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS + 5.0, limit=None
    )
    for word, score, _ in alike:
        for owner in index.word_owners[word]:
            scores[owner] = max(score - 5.0, scores.get(owner, 0.0))
    return scores
