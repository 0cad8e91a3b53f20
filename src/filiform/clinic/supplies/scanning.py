"""What a pack's code says: GS1 DataMatrix, QR, a barcode, or what a keyboard scanner typed.

Pure. A GS1 code is a row of pieces. A piece of variable length (lot, serial) ends with an unseen
separator, which many keyboard scanners leave out: then the lot swallows what follows it. Such a
reading is never guessed at: `readings` gives each way to read it, and a person or a lot that the
clinic knows decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import biip

SEPARATOR = "\x1d"
LONGEST_CARRIER = 200
# What may follow a lot whose end was lost: expiry (17 and six digits), serial (21), count (30).
SWALLOWED = re.compile(r"17(?=\d{6})|21|30(?=\d{1,8}$)")


@dataclass(frozen=True, slots=True)
class PackCode:
    """gtin: 14 digits, "" where the code has none. carrier: everything that was read."""

    carrier: str
    gtin: str = ""
    lot: str = ""
    expires_on: date | None = None
    serial: str = ""


class NotACode(Exception):
    """Nothing that stands on a pack of needles."""


def readings(text: str) -> list[PackCode]:
    """Every way to read a code, the plainest first; nearly always one.

    Raises NotACode, also for a code without a product number.
    """
    # Not `strip()`: it takes away the separator as well, which Python counts among white space.
    carrier = text.strip("\r\n\t ")[:LONGEST_CARRIER]
    # People read the bracketed line that is printed under the code, and type it.
    typed = re.sub(r"\((\d{2,4})\)", SEPARATOR + r"\1", carrier).lstrip(SEPARATOR)
    plain = _read(typed, carrier)
    if plain is None:
        raise NotACode(carrier)
    found = [plain]
    # One separator that came through shows that the scanner sends them.
    if SEPARATOR not in typed:
        found += _with_lost_separator(typed, plain)
    return found


def _read(text: str, carrier: str) -> PackCode | None:
    try:
        parsed = biip.parse(text)
    except biip.ParseError:
        return None
    pieces = parsed.gs1_message.element_strings if parsed.gs1_message else []
    told = {piece.ai.ai: piece for piece in pieces}
    # Without its check digit a number is a misreading, not another product.
    product = told["01"].gtin if "01" in told else parsed.gtin
    if product is None:
        return None
    expires = told["17"].date if "17" in told else None
    return PackCode(
        carrier=carrier,
        gtin=product.value.zfill(14),
        lot=told["10"].value if "10" in told else "",
        expires_on=expires,
        serial=told["21"].value if "21" in told else "",
    )


def _with_lost_separator(text: str, plain: PackCode) -> list[PackCode]:
    """The other ways: at each place where a lot could have ended."""
    if not plain.lot:
        return []
    # The last place: "10" may stand in the product number, too.
    at = text.rfind(f"10{plain.lot}") + 2
    found = []
    # From the second letter on: a lot has at least one.
    for piece in SWALLOWED.finditer(text, at + 1):
        other = _read(f"{text[: piece.start()]}{SEPARATOR}{text[piece.start() :]}", plain.carrier)
        if other is not None and other.lot and other not in found:
            found.append(other)
    return found
