"""Whom to call in an emergency, by country."""

from __future__ import annotations

from functools import cache

import msgspec

from filiform.data_files import read_toml
from filiform.words import Words


class EmergencyNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """number: as it is dialled in that country. name: who answers."""

    number: str
    name: Words


class _Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    numbers: tuple[EmergencyNumber, ...]


class _Country(_Numbers, frozen=True, forbid_unknown_fields=True):
    code: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    anywhere: _Numbers
    country: tuple[_Country, ...]


@cache
def _table() -> _Table:
    return read_toml("filiform.warning_signs", "emergency_numbers.toml", _Table)


@cache
def emergency_numbers(country: str) -> tuple[EmergencyNumber, ...]:
    """The numbers of a country (ISO 3166-1 alpha-2), the first to try first; of one that the
    table doesn't know, what every mobile telephone connects. Never empty."""
    known = {one.code: one for one in _table().country}
    # Wrong numbers are worse than one that every telephone knows.
    return known.get(country, _table().anywhere).numbers


def at_site(own: str, country: str) -> tuple[EmergencyNumber, ...]:
    """The numbers to show for a place: its own first, where it has one, then its country's.

    own: "" for none; a number of the country keeps the name that the country gives it.
    """
    found = emergency_numbers(country)
    if not own:
        return found
    # A number that the clinic typed in itself is told as the ambulance's.
    name = next((one.name for one in found if one.number == own), AMBULANCE)
    return (EmergencyNumber(own, name), *(one for one in found if one.number != own))


AMBULANCE = Words(en="Ambulance", ur="ایمبولینس")
