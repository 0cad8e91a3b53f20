"""Words as they sound, so that saans, sans and sanss are one word.

Roman Urdu has no spelling. What writers vary is few things: vowels (a/aa, i/ee/e/ay, u/oo/o),
doubled letters, the h of aspirated consonants, and w/v, q/k, z/j. The table `SOUNDS` makes them
equal; English words go through the same table on both sides, so nothing is lost for them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from filiform.screening.folding import words_of

SOUNDS: tuple[tuple[str, str], ...] = (
    ("sch", "sh"),
    ("ph", "f"),
    ("gh|kh", "k"),
    ("([tdbjg])h", r"\1"),
    ("ck|q|c(?!h)", "k"),
    ("w", "v"),
    ("z", "s"),
    ("ai|ay|ei|ey|ee|ie|y|i", "e"),
    ("oo|ou|au|u", "o"),
    (r"(.)\1+", r"\1"),
    ("(?<=[aeo])h$|(?<=[ae])n$", ""),
)
"""Pattern → what it sounds like, in this order. The last: a final h, and a nasal n as in seenon,
nahin, are written or not."""
_STEPS = tuple((re.compile(pattern), sound) for pattern, sound in SOUNDS)
_LATIN = re.compile("[a-z']+")
_URDU_ENDS = str.maketrans({"ں": "ن", "ھ": "ہ", "ۓ": "ے", "ئ": "ی", "ؤ": "و"})


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """One folded word as it sounds; Urdu script with the letters that are often confused made
    equal."""
    if not _LATIN.fullmatch(word):
        return word.translate(_URDU_ENDS)
    for pattern, to in _STEPS:
        word = pattern.sub(to, word)
    return word


def sounds(text: str) -> tuple[str, ...]:
    """The words of a text as they sound, in order. "can't" is one word: cant."""
    # Before the words are parted: "can't" would leave a "t" of its own.
    plain = text.replace("'", "").replace("’", "").replace("`", "")
    return tuple(sound(word) for word in words_of(plain))
