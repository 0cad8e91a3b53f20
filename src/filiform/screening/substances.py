"""Medicines by their international non-proprietary names, however a language spells them.

Warfarin is warfarine, warfarina, warfaryna, varfariini and варфарин: the names follow rules
(`data/terminology/inn_spelling.tsv`), and a word to which the rules have been applied is its
skeleton. Words with one skeleton are one substance. Brands follow no rule and stand as they are.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from filiform.disclosure import Kind
from filiform.screening.folding import words_of
from filiform.screening.packing import kept
from filiform.screening.rulebook import data_folder
from filiform.screening.terminology import concepts

SHORTEST = 5
"""Letters of a skeleton below which too many other words share it. Design value."""

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ж": "zh",
    "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c",
    "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
ACIDS = {
    "acetylsalicyl": "aspirin", "acetylosalicyl": "aspirin", "acetylisalicyl": "aspirin",
    "mefenam": "mefenamic-acid", "valpro": "valproate",
    "mycophenol": "mycophenolate", "alendron": "alendronate", "zoledron": "zoledronate",
    "ibandron": "ibandronate", "risedron": "risedronate", "tolfenam": "tolfenamic-acid",
    "niflum": "niflumic-acid", "tiaprofen": "tiaprofenic-acid",
}  # fmt: skip
"""Acids are named by a root and each language's word for acid: -säure, -zuur, -syra, -happo."""
_ACID_ENDINGS = re.compile(r"o?(in)?i?(saur|sur|sir|ap|ik|ikv|ikum|ov|oi|at|atum)$")
"""What may follow an acid's root, as a skeleton."""


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    path = data_folder() / "terminology" / "inn_spelling.tsv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = (line.split("\t") for line in lines[1:])
    return tuple((re.compile(find), "" if put == "0" else put) for find, put, _ in rows)


def skeleton(word: str) -> str:
    """A folded word without what differs between the languages' spellings of a substance."""
    for pattern, put in _rules():
        word = pattern.sub(put, word)
    return word


def _in_latin(word: str) -> tuple[str, ...]:
    """A Cyrillic word in Latin letters. г stands for g and for h: гепарин, гликлазид."""
    if not any(letter in _CYRILLIC for letter in word):
        return (word,)
    plain = "".join(_CYRILLIC.get(letter, letter) for letter in word)
    with_h = "".join("h" if letter == "г" else _CYRILLIC.get(letter, letter) for letter in word)
    return (plain, with_h) if with_h != plain else (plain,)


@cache
def by_skeleton() -> dict[str, str]:
    """Skeleton of every medicine's one-word name → its concept; brands are left out."""
    return kept("skeletons", dict[str, str], _read_skeletons)


def _read_skeletons() -> dict[str, str]:
    found: dict[str, str] = {}
    for concept in concepts().values():
        if concept.kind is not Kind.MEDICINE:
            continue
        for name in (concept.name.en, *concept.also):
            words = words_of(name)
            if len(words) == 1 and words[0].isascii() and name not in concept.brands:
                bare = skeleton(words[0])
                if len(bare) >= SHORTEST:
                    found.setdefault(bare, concept.id)
    return found


@cache
def _acid_roots() -> tuple[tuple[str, str], ...]:
    known = concepts()
    return tuple((skeleton(root), one) for root, one in ACIDS.items() if one in known)


@lru_cache(maxsize=20_000)
def substance(word: str) -> str:
    """The concept of a medicine that a folded word names in any spelling, or empty."""
    if len(word) < SHORTEST or word.isdigit():
        return ""
    for latin in _in_latin(word):
        if not latin.isascii():
            return ""
        bare = skeleton(latin)
        # Whole names before roots: "valproate" is a name, and only its acids need the root.
        if bare in by_skeleton():
            return by_skeleton()[bare]
        for root, concept in _acid_roots():
            if bare.startswith(root) and _ACID_ENDINGS.fullmatch(bare[len(root) :]):
                return concept
    return ""
