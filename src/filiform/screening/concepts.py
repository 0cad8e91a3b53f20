"""Search among the concepts that the rules know, in English, Urdu and by brand."""

from __future__ import annotations

from functools import cache

from filiform.disclosure import Kind
from filiform.screening.folding import words_of
from filiform.screening.terminology import Concept, concepts

__all__ = ["Concept", "concepts", "search"]

LEAST_ALIKE = 72.0
"""Similarity (0–100) below which a misspelt text finds nothing. Design value."""


def search(text: str, kind: Kind, *, limit: int = 12) -> tuple[Concept, ...]:
    """The concepts of a kind that a typed text may mean, best first; empty for an empty text.

    Beginnings of words count first ("rivar", "xar"), then words inside, then likeness.
    """
    typed = " ".join(words_of(text))
    if not typed or limit < 1:
        return ()
    best: dict[str, float] = {}
    for name, concept in _names(kind):
        score = _begins(typed, name)
        if score:
            best[concept] = max(best.get(concept, 0.0), score)
    # Likeness last: who types the beginning of a word should not see its lookalikes first.
    if len(best) < limit and len(typed) >= 3:
        _add_alike(typed, kind, best)
    order = sorted(best, key=lambda found: (-best[found], concepts()[found].name.en))
    return tuple(concepts()[one] for one in order[:limit])


def _begins(typed: str, name: str) -> float:
    if name == typed:
        return 300.0
    if name.startswith(typed):
        # Of several the shortest first: least of it is left to be typed.
        return 250.0 - len(name) / 100
    if f" {typed}" in name:
        return 200.0 - len(name) / 100
    return 0.0


def _add_alike(typed: str, kind: Kind, best: dict[str, float]) -> None:
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    names = _names(kind)
    choices = [name for name, _ in names]
    found = extract(typed, choices, scorer=ratio, limit=40, score_cutoff=LEAST_ALIKE)
    # Also by their beginnings: half of a long name, misspelt, is unlike the whole.
    found += extract(
        typed, [name[: len(typed)] for name in choices], scorer=ratio, limit=40, score_cutoff=80
    )
    for _, score, index in found:
        concept = names[index][1]
        best[concept] = max(best.get(concept, 0.0), score)


@cache
def _names(kind: Kind) -> tuple[tuple[str, str], ...]:
    """(name in lower-case words, id of the concept) for every name of a kind."""
    return tuple(
        (" ".join(words_of(name)), concept.id)
        for concept in concepts().values()
        if concept.kind is kind
        for name in dict.fromkeys((concept.name.en, concept.name.ur, *concept.also))
        if words_of(name)
    )
