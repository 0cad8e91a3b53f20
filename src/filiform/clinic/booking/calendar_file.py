"""A visit as a file for calendars (iCalendar, RFC 5545). It names the clinic, never a complaint."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from filiform import __version__

if TYPE_CHECKING:
    from filiform.clinic.visits.models import Visit

STAMP = "%Y%m%dT%H%M%SZ"
LONGEST_LINE = 75
"""Bytes of a line, its continuation's space included (RFC 5545, 3.1)."""


def event(visit: Visit, address: str, *, now: datetime) -> str:
    """The file. address: of the page on which the visit can be moved."""
    site = visit.site
    ends = visit.planned_at + timedelta(minutes=visit.minutes)
    cancelled = visit.state == "cancelled"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Filiform {__version__}//EN",
        f"METHOD:{'CANCEL' if cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{visit.pk}",
        # A later file of the same visit takes the place of the earlier one.
        f"SEQUENCE:{int(now.timestamp()) // 60 % 2**31}",
        f"DTSTAMP:{now.astimezone(UTC):{STAMP}}",
        f"DTSTART:{visit.planned_at.astimezone(UTC):{STAMP}}",
        f"DTEND:{ends.astimezone(UTC):{STAMP}}",
        f"SUMMARY:{_text(site.organisation.name)}",
        f"LOCATION:{_text(f'{site.name}, {site.address}')}",
        f"DESCRIPTION:{_text(f'{site.phone} {address}')}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(value: str) -> str:
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """In pieces of at most LONGEST_LINE bytes, no letter cut in two."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LONGEST_LINE - bool(pieces):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
