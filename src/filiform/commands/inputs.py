"""Reading what a command is given, and refusing it in one clear line."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filiform.commands.errors import InputError

if TYPE_CHECKING:
    from filiform.exchange.fhir import ReadBundle


LARGEST_FILE_BYTES = 500_000_000
"""A whole medical life with its documents inside; beyond that the file is something else."""


def add_usual_options(parser: argparse.ArgumentParser) -> None:
    """The options of every question about a patient: day, form and language of the answer."""
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="the day of treatment (today)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--language", choices=("en", "ur"), default="en")


def named(file: str) -> str:
    """What a file is called in a message."""
    return "standard input" if file == "-" else file


def raw(file: str, *, needed: str) -> bytes:
    """The content of a file, `-` for standard input. needed: what the file should have held."""
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}; {needed} is needed") from None


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""As the record's own forms (design value): no calculation meets the edges of the calendar."""


def day(text: str | None) -> date:
    """YYYY-MM-DD, today without a text; from FIRST_DAY to LAST_DAY."""
    if text is None:
        # The day where the reader is: in Pakistan it begins five hours before that of UTC.
        return datetime.now(tz=UTC).astimezone().date()
    try:
        # Python reads "20250131" and "2025-W05-5" too, which nobody here means.
        if len(text) != len("2025-01-31"):
            raise ValueError
        found = date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--on {text!r} is not a day; allowed is YYYY-MM-DD") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise InputError(f"--on {text} is too far away; allowed are {FIRST_DAY} to {LAST_DAY}")
    return found


def bundle(file: str) -> ReadBundle:
    """A FHIR R4 Bundle. Raises InputError saying what is wrong with it."""
    from filiform.exchange.fhir import BundleError, read_bundle

    try:
        return read_bundle(raw(file, needed="a FHIR Bundle"), largest_bytes=LARGEST_FILE_BYTES)
    except BundleError as error:
        raise InputError(f"{named(file)}: {error}") from None


def number(name: str, text: str) -> float:
    """A number from the command line; its bounds are the core's business."""
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{name} {text!r} is not a number; give it like 12.5") from None
