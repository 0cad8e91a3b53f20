"""Telephone numbers in any notation, kept as E.164."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from django.conf import settings


class UnreadableNumber(ValueError):
    """The text is no telephone number of the region or of the country that it names."""


def e164(text: str, *, region: str | None = None) -> str:
    """ "0335 285 5522", "0092-335-2855522" or "+923352855522" → "+923352855522".

    region: the country meant by a number without a country code; settings.PHONE_REGION when
    not given. An empty text stays empty. Raises UnreadableNumber for anything else.
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, region or settings.PHONE_REGION)
    except phonenumbers.NumberParseException as error:
        raise UnreadableNumber(text) from error
    # A wrong digit is found while the patient still stands at the desk.
    if not _is_number(number, region or settings.PHONE_REGION):
        raise UnreadableNumber(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_number(number: phonenumbers.PhoneNumber, region: str) -> bool:
    """At home the numbering plan is known well enough to refuse what is not in it; abroad new
    ranges are opened faster than libraries learn of them, so the length has to do."""
    if number.country_code == phonenumbers.country_code_for_region(region):
        return phonenumbers.is_valid_number(number)
    return phonenumbers.is_possible_number(number)


def country_of(number: str) -> str:
    """The country of an E.164 number (ISO 3166-1 alpha-2); the installation's for one that names
    none."""
    try:
        found = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        found = None
    return found or settings.PHONE_REGION


def spoken(number: str) -> str:
    """An E.164 number grouped as people at home read it out: "0335 2855522"."""
    return _spoken(number, settings.PHONE_REGION)


# A page of a search or of Today has twenty, mostly those of the page before, and the library takes
# as long for one as the template for the rest of its line.
@lru_cache(maxsize=4096)
def _spoken(number: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    at_home = phonenumbers.country_code_for_region(region)
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == at_home
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, form)


def readable(number: str) -> str:
    """An E.164 number grouped with its country code, for readers anywhere: "+92 335 2855522"."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def national_digits(number: str) -> str:
    """The digits of an E.164 number without its country code."""
    try:
        return str(phonenumbers.parse(number, settings.PHONE_REGION).national_number)
    except phonenumbers.NumberParseException:
        return "".join(filter(str.isdigit, number))
