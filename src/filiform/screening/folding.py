"""The words of a text, made equal where spelling differs but meaning does not.

"Épilepsie", "EPILEPSIE" and "épilepsie" are one word; so are Urdu and Arabic forms of one
letter. Vowel signs of Indic scripts are letters here: without them वारफरिन would fall to pieces.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i",
        "ё": "е",
        "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ہ", "ه": "ہ", "ۀ": "ہ", "أ": "ا", "إ": "ا", "آ": "ا",
        "ँ": "ं",  # chandrabindu is often typed as anusvara
        "ـ": None, "\u200c": None, "\u200d": None, "\u093c": None,
    }
)  # fmt: skip
"""Letters that stand for others; the tatweel, joiners and the nukta carry no meaning here."""
_ARABIC_MARKS = re.compile("[\u064b-\u0652\u0670]")
_ACCENTED_LATIN = re.compile("([a-z\u00df-\u024f\u1e00-\u1eff])[\u0300-\u036f]+")

_EACH = "\u3005\u3040-\u309f\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Han and kana: written without spaces, so every character is taken for a word."""
_SIGNS = "\u0900-\u0963\u0971-\u0e3a\u0e40-\u0e4e"
"""Indic and Thai scripts with their vowel signs, which `\\w` leaves out; no danda."""
_WORD = re.compile(f"[{_EACH}]|(?:[^\\W_{_EACH}]|[{_SIGNS}])+")


_ONLY_LATIN = re.compile("[\x00-\u024f\u1e00-\u1eff]*")


@cache
def _latin() -> dict[int, str]:
    """Every Latin letter, folded: most texts hold no others, and a table is ten times as quick."""
    codes = (*range(0x250), *range(0x1E00, 0x1F00))
    return {code: _folded(chr(code)) for code in codes}


def fold(text: str) -> str:
    """A text in lower case, without accents on Latin letters and without differing letter forms.

    Folding twice changes nothing. Accents of other scripts stay: they are their vowels.
    """
    if text.isascii():
        return text.lower()
    if _ONLY_LATIN.fullmatch(text):
        return text.translate(_latin())
    return _folded(text)


def _folded(text: str) -> str:
    """The rule itself; what `fold` returns for any text."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _ARABIC_MARKS.sub("", unicodedata.normalize("NFD", plain))
    plain = unicodedata.normalize("NFKC", _ACCENTED_LATIN.sub(r"\1", plain)).translate(_LETTERS)
    return "".join(_digit(letter) for letter in plain)


def _digit(letter: str) -> str:
    """Digits of every script as 0 to 9."""
    return str(unicodedata.digit(letter, letter)) if letter.isdigit() else letter


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded. English 's is dropped; every Han or kana sign is a word."""
    plain = fold(text).replace("'s", "").replace("’s", "")
    return tuple(_WORD.findall(plain))


_ARTICLE = re.compile("(?:[وف]?(?:بال|لل|کال)(?=\\w{2})|[وف]?ال(?=\\w{3}))(\\w+)")


def without_article(words: tuple[str, ...]) -> tuple[str, ...]:
    """Folded words without the Arabic article and what is written together with it.

    السكري, بالسكري and للسكري are سكري; a short word that only begins so stays as it is.
    """
    if "".join(words).isascii():
        return words
    return tuple(
        found[1] if (found := _ARTICLE.fullmatch(word)) is not None else word for word in words
    )


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def spellings(name: str) -> tuple[str, ...]:
    """A name and how it is typed without its letters: Hämophilie, Haemophilie."""
    small = unicodedata.normalize("NFC", name).lower()
    other = small.translate(_UMLAUTS)
    return (name,) if other == small else (name, other)
