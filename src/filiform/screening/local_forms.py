"""Whether a medicine's text names a form that acts only where it is put.

A hydrocortisone cream is no systemic steroid, a heparin gel no anticoagulant.
"""

from __future__ import annotations

from functools import cache, lru_cache

from filiform.screening.folding import spellings, words_of
from filiform.screening.rulebook import data_folder


@cache
def _forms() -> dict[str, tuple[tuple[str, ...], ...]]:
    """First word → the forms that begin with it, in words."""
    path = data_folder() / "terminology" / "local_forms.tsv"
    rows = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    found: dict[str, set[tuple[str, ...]]] = {}
    for row in rows[1:]:
        for form in row.split("\t")[1].split(", "):
            for spelling in spellings(form):
                words = words_of(spelling)
                # By first word: most texts hold no form and are done after one look a word.
                found.setdefault(words[0], set()).add(words)
    return {word: tuple(group) for word, group in found.items()}


@lru_cache(maxsize=20_000)
def acts_locally(text: str) -> bool:
    """Whether any form of the table stands in the text, in any of its languages."""
    words = words_of(text)
    return any(
        words[start : start + len(form)] == form
        for start, word in enumerate(words)
        for form in _forms().get(word, ())
    )
