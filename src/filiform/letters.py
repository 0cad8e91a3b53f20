"""Text as it is read: without characters that nobody sees.

A zero-width space makes two names that look alike differ, a direction override shows "cod.txt"
for what is stored as "txt.doc", and a variation selector changes nothing a reader can check. Such
characters come with pasted text more often than from malice; either way they must not come to lie
in a name. One helper for every door: forms (`clinic.web.middleware`), FHIR, the command line.
"""

from __future__ import annotations

import re
import unicodedata

JOINERS = "\u200c\u200d"
"""Zero width non-joiner and joiner: within an Urdu word they are spelling, elsewhere nothing."""

SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
"""Of category Cf, yet drawn: signs that stand around or under Arabic and Syriac numbers."""

VARIATIONS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x1810))
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and a pattern by category, drawn as nothing: a name of them looks empty."""

_ARABIC = r"[\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06ff\u0750-\u077f\u08a0-\u08ff]"
_WITHIN_A_WORD = re.compile(f"(?<={_ARABIC})[{JOINERS}](?={_ARABIC})")


def _is_unseen(letter: str) -> bool:
    if letter in SEEN:
        return False
    if letter in BLANKS or any(ord(letter) in block for block in VARIATIONS):
        return True
    # Cc controls, Cf formats (bidi, zero width, BOM, tags), Cs halves of a character
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs"}


def as_read(text: str, *, lines: bool = False) -> str:
    """The text without what can't be seen and without what turns its direction.

    Joiners stay between two Arabic letters. Line and paragraph separators, tabs and line ends
    become spaces; with `lines` tabs and line ends stay as they are. Doing it twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text  # by far the most
    kept = "\n\r\t" if lines else ""
    read = []
    for place, letter in enumerate(text):
        if letter in kept or (letter in JOINERS and _WITHIN_A_WORD.match(text, place)):
            read.append(letter)
        elif letter in "\n\r\t\x0b\x0c\x85\u2028\u2029":
            read.append("\n" if lines else " ")
        elif not _is_unseen(letter):
            read.append(letter)
    found = "".join(read)
    # Only where something was taken out or made a blank: what was typed with two stays as typed.
    return found if lines or found == text else re.sub(" {2,}", " ", found)


def whole_number(text: str, *, digits: int = 6) -> int | None:
    """The number that at most so many digits write, of any script; None for anything else.

    `isdigit` takes "²", which `int` doesn't, and `int` refuses more than 4,300 digits.
    """
    # Digits of every script are read: whoever types Urdu has Urdu numbers under the fingers.
    return int(text) if text.isdecimal() and len(text) <= digits else None
