"""Telephone numbers: written as people write them, kept as E.164, shown as people read them."""

from __future__ import annotations

import phonenumbers
from django.conf import settings

LONGEST = 40


def e164(text: str, region: str | None = None) -> str:
    """A number in any notation ("0335 285-5522", "٠٣٣٥…", "0092…") as "+923352855522".

    region: the country of numbers written without one, ISO 3166 ("PK"); the setting
    PHONE_REGION by default. Raises ValueError when it is no possible number.
    """
    try:
        number = phonenumbers.parse(text[:LONGEST], region or settings.PHONE_REGION)
    except phonenumbers.NumberParseException:
        raise ValueError("not a telephone number") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError("no such telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable(number: str) -> str:
    """An E.164 number in the groups in which people read it; other text is left as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
