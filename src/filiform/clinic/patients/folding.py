"""How a name is folded, so that it is found however it is spelt.

Names from Pakistan are written in Latin letters by ear: Mohammad, Muhammed, Mohd; Ayesha, Aisha;
Hussain, Hussein. Folding throws away what spellings differ in and keeps what names differ in:

    case, diacritics, apostrophes     José → jose, Ra'ees → raees
    letters heard alike               qui → qi; q, c, ck, kh → k; ch → kh; gh → g;
                                      th → t; ph → p; v → w
    doubled letters                   Hussain → husain
    vowels in a row                   with an a, or e with another vowel → a; ee, i, y → i;
                                      o, u → u; a single e → a (Ahmed, Ahmad)
    an h at the end                   Fatimah → Fatima
    short forms                       mohd, md → muhammad and a few more (ALIASES)

The beginning of a word folds to the beginning of the folded word (`beginnings`), so that a list
can be narrowed while somebody types. A name in the other script is found by its consonants
(`skeleton`): محمد and Muhammad are both "mhmd".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ALIASES: dict[str, str] = {
    alias: name
    for name, others in {
        "muhammad": "mohd muhd mohamd md mhd mohammod muhammud mohomed",
        "abdul": "abdur abdus abdel",
        "yusuf": "yousaf yousef yusaf yoosuf josuf",
        "fatima": "fatema fathima",
        "syed": "sayed sayyid sayyed saiyed saiyid syeda sayyeda",
        "chaudhry": "choudhry choudhary chaudhary chowdhury choudhury chowdhry ch",
        "shaukat": "shoukat showkat",
        "usman": "othman uthman usmaan",
        "zulfiqar": "zulfikar zulfqar",
        "sofia": "sophia sufia",
        "ibrahim": "abraham ebrahim",
        "imran": "emran",
        "khurram": "khuram kuram",
        "iftikhar": "aftikhar",
        "tariq": "tarek",
        "waheed": "vahid",
        "siddiqui": "siddique siddiqi siddiki sidiqui siddiquie",
    }.items()
    for alias in others.split()
}
"""Spellings too far apart for the rules; each finds the others. Collected by hand."""

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_SILENT = re.compile("[\u0640\u064b-\u065f\u0670\u0654\u0655\u200b-\u200f]")
_SAME_LETTER = str.maketrans("يىئكةۃهھأإآٱؤں", "یییکہہہہااااون", "ء")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’‘`ʼʻ´]")
_HEARD_ALIKE = (
    (re.compile("qu(?=i)"), "q"),
    (re.compile("ch"), "K"),
    (re.compile("(?<=[kgtpdbj])h"), ""),
    (re.compile("[qc]"), "k"),
    (re.compile("v"), "w"),
    (re.compile("x"), "ks"),
    (re.compile("K"), "kh"),
)
_VOWELS = re.compile("(?!^y)[aeiouy]+")
_DOUBLED = re.compile(r"([^aeiouy\d])\1+")
_DIGITS = {
    ord(urdu): str(n) for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩") for n, urdu in enumerate(digits)
}


_NO_MARK_TO_TAKE_OFF = str.maketrans(
    {"ı": "i", "ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
     "ħ": "h", "ŧ": "t"}
)  # fmt: skip
"""Letters that are no letter with a mark, so that taking marks off leaves them as they are."""


def plain(text: str) -> str:
    """Lower case, Latin digits, no diacritics, no apostrophes."""
    lower = _APOSTROPHES.sub("", text.lower())
    # Most names; a search makes some sixty of them plain, and the marks cost most of that.
    if lower.isascii():
        return lower
    lower = lower.translate(_DIGITS)
    if _ARABIC.search(lower):
        return _SILENT.sub("", unicodedata.normalize("NFKC", lower)).translate(_SAME_LETTER)
    apart = unicodedata.normalize("NFKD", lower.translate(_NO_MARK_TO_TAKE_OFF))
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


def words(text: str) -> list[str]:
    """The words of a name, plain; a hyphen parts words."""
    return _WORD.findall(plain(text))


def words_to_find(name: str) -> set[str]:
    """The words under which a name is stored: O'Brien is typed "obrien", and "o brien" too."""
    parted = _APOSTROPHES.sub(" ", name)
    return {*words(name), *(words(parted) if parted != name else ())}


def is_arabic(word: str) -> bool:
    return bool(_ARABIC.search(word))


def fold(word: str) -> str:
    """One plain word as it is stored and looked up. An Urdu word is only made plain."""
    if is_arabic(word):
        return word
    return _fold_latin(word)


def terms_of_word(word: str) -> set[str]:
    """Everything a word of a name is stored under: itself, its usual spelling, its consonants."""
    found = {fold(word)}
    if word in ALIASES:
        found.add(fold(ALIASES[word]))
    bones = skeleton(word)
    if bones:
        found.add(_other_script(word, bones))
    return {term for term in found if term}


def beginnings(word: str) -> set[str]:
    """Beginnings of folded words that the beginning of a word, as typed so far, may mean.

    A vowel at the end may still grow ("naze" → "nazeer"), so every sound it may become is meant.
    """
    if is_arabic(word):
        return {word}
    tail = re.search(r"(?!^y)[aeiouy]+$", word)
    if tail is None:
        found = {_fold_latin(word)}
    else:
        found = {_fold_latin(word + more) for more in ("", "a", "e", "i", "o", "u")}
    if word in ALIASES:
        found.add(_fold_latin(ALIASES[word]))
    return found - {""}


def _fold_latin(word: str) -> str:
    for pattern, sound in _HEARD_ALIKE:
        word = pattern.sub(sound, word)
    word = _DOUBLED.sub(r"\1", word)
    word = _VOWELS.sub(_vowel, word)
    # At the end after a vowel nobody hears it: Fatimah, Fatima.
    if len(word) > 2 and word.endswith("h") and word[-2] in "aiu":
        word = word[:-1]
    return word[:60]


def _vowel(found: re.Match[str]) -> str:
    run = found[0]
    # Ayesha and Aisha, Ahmed and Ahmad: an e beside another vowel is heard as the same a.
    if "a" in run or (run[0] == "e" and set(run) != {"e"}) or run == "e":
        return "a"
    return "u" if {"o", "u"} & set(run) else "i"


# --- the other script -------------------------------------------------------------------------
_URDU_CONSONANTS = str.maketrans(
    {
        **dict.fromkeys("ب", "b"), **dict.fromkeys("پ", "p"), **dict.fromkeys("تطٹ", "t"),
        **dict.fromkeys("ثسص", "s"), **dict.fromkeys("جژ", "j"), **dict.fromkeys("چ", "C"),
        **dict.fromkeys("ح", "h"), **dict.fromkeys("خکق", "k"), **dict.fromkeys("دڈ", "d"),
        **dict.fromkeys("ذزضظ", "z"), **dict.fromkeys("رڑ", "r"), **dict.fromkeys("ش", "S"),
        **dict.fromkeys("غگ", "g"), **dict.fromkeys("ف", "f"), **dict.fromkeys("ل", "l"),
        **dict.fromkeys("م", "m"), **dict.fromkeys("ن", "n"), **dict.fromkeys("ہ", "h"),
        **dict.fromkeys("اعیوےۓ", None),
    }
)  # fmt: skip
_LATIN_CONSONANTS = (
    (re.compile("sh"), "S"),
    (re.compile("ch"), "C"),
    (re.compile("ph"), "f"),
    (re.compile("(?<=[kgtdbj])h"), ""),
    (re.compile("[qc]"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("[aeiouywv]"), ""),
)


def skeleton(word: str) -> str:
    """The consonants of a plain word, the same for both scripts; a final h is not one."""
    if is_arabic(word):
        bones = re.sub("(?<=[کگتدبجپڈٹ])ہ(?=.)", "", word).translate(_URDU_CONSONANTS)
    else:
        bones = re.sub("(?<=[aeiouy])h$", "", ALIASES.get(word, word))
        for pattern, sound in _LATIN_CONSONANTS:
            bones = pattern.sub(sound, bones)
    # As the Latin one above: Fatima ends in a ہ that nobody hears.
    if is_arabic(word) and word.endswith("ہ"):
        bones = bones.removesuffix("h")
    return _DOUBLED.sub(r"\1", re.sub("[^A-Za-z]", "", bones))[:40]


def _other_script(word: str, bones: str) -> str:
    return ("~u" if is_arabic(word) else "~l") + bones


def in_other_script(word: str) -> str:
    """The term under which a name in the other script is stored; "" when there is none."""
    bones = skeleton(word)
    return ("~l" if is_arabic(word) else "~u") + bones if bones else ""


# Each Urdu letter and how it may be written in Latin. Urdu leaves short vowels out and writes long
# ones and the last one: that is what tells Salma (سلمیٰ) from Saleem (سلیم).
_WRITTEN = {
    **dict.fromkeys("ا", "[aeou]+"), **dict.fromkeys("ع", "[aeiou]*"),
    **dict.fromkeys("و", "(?:[aou]+[vw]?|[vw]+)e?"), **dict.fromkeys("یےۓ", "a?[eiy]+"),
    **dict.fromkeys("ب", "b+h?"), **dict.fromkeys("پ", "(?:p|ph|f)+"),
    **dict.fromkeys("تطٹ", "t+h?"), **dict.fromkeys("ث", "(?:s|th)+"),
    **dict.fromkeys("سص", "[sc]+"), **dict.fromkeys("ج", "(?:j|g|dj)+h?"),
    **dict.fromkeys("ژ", "(?:zh|j|z)"), **dict.fromkeys("چ", "(?:ch|c|tch)+h?"),
    **dict.fromkeys("ح", "h*"), **dict.fromkeys("خ", "(?:kh|k|h|x)+"),
    **dict.fromkeys("دڈ", "d+h?"), **dict.fromkeys("ذضظ", "(?:z|d|dh|th)+"),
    **dict.fromkeys("ز", "z+"), **dict.fromkeys("رڑ", "r+h?"),
    **dict.fromkeys("ش", "(?:sh|sch|ch|s)+"), **dict.fromkeys("غ", "(?:gh|g)+"),
    **dict.fromkeys("ف", "(?:f|ph)+"), **dict.fromkeys("ق", "(?:q|k|c|g)+u?"),
    **dict.fromkeys("ک", "(?:k|c|q|x)+h?"), **dict.fromkeys("گ", "g+h?"),
    **dict.fromkeys("ل", "l+"), **dict.fromkeys("م", "m+"), **dict.fromkeys("ن", "n+"),
    **dict.fromkeys("ہ", "h*"), **dict.fromkeys("ء", ""),
}  # fmt: skip
_LAST = {"ا": "[aeou]+h?", "ہ": "(?:[aeiou]+h?|h)", "ی": "[aeiy]+h?"}
_SILENT_HE = {"ا": "h?", "و": "h?", "ی": "[aeiou]*h?"}
"""A ہ at the end by the letter before it: Shah, but Sadia."""
_SHORT = "(?:[aeiou]|ei|ou)?"
"""What may stand between two consonants though nothing is written there."""


def sounds_like(latin: str, urdu: str, *, so_far: bool = False) -> bool:
    """Whether a plain word in Latin letters may be the plain Urdu word.

    so_far: the Latin word is being typed; the beginning of the Urdu word is enough.
    """
    spoken = re.sub("qu(?=i)", "q", ALIASES.get(latin, latin))
    if re.fullmatch(_pattern(urdu), spoken):
        return True
    # While somebody types, each beginning of the Urdu word may be what is meant so far.
    return so_far and any(
        re.fullmatch(_pattern(urdu[:end], whole=False), spoken) for end in range(1, len(urdu) + 1)
    )


@lru_cache(maxsize=4096)
def _pattern(urdu: str, *, whole: bool = True) -> str:
    parts = []
    for place, letter in enumerate(urdu):
        before, after = urdu[:place][-1:], urdu[place + 1 :][:1]
        if not place and letter == "ا":
            written = "[aeiou]+"
        elif urdu[place - 1 : place + 2] == "وال":
            written = ""  # Zulfiqar, ذوالفقار: the article's alef is silent
        elif whole and place and not after and letter in _LAST:
            written = _SILENT_HE.get(before, _LAST[letter]) if letter == "ہ" else _LAST[letter]
        else:
            written = _WRITTEN.get(letter, "")
        parts.append(written)
        if (after or not whole) and after not in ("ا", "ی", "و"):
            parts.append(_SHORT)
    return "".join(parts)
