"""How much of a medicine a day: strength × number × frequency, where the record states them."""

from __future__ import annotations

import re

from filiform.exchange.fhir.elements import Json, a_number, a_text, an_object, objects, text_of

# Not before a slash: "5 mg/ml" is a concentration, and how many millilitres are taken is not known.
_STRENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(mg|mcg|µg|ug|g)\b(?!\s*/)", re.I)
_IN_MG = {"mg": 1.0, "mcg": 0.001, "µg": 0.001, "ug": 0.001, "g": 1000.0}
_TIMES_A_DAY = {
    "QD": 1.0, "OD": 1.0, "AM": 1.0, "PM": 1.0, "BED": 1.0, "BID": 2.0, "TID": 3.0, "QID": 4.0,
    "QOD": 0.5, "Q4H": 6.0, "Q6H": 4.0, "Q8H": 3.0, "Q12H": 2.0, "WK": 1 / 7,
}  # fmt: skip
_DAYS = {"h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 30.4, "a": 365.25}
_NUMBERS = {
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "half": 0.5, "once": 1.0, "twice": 2.0,
}  # fmt: skip
_NUMBER = r"(\d+(?:[.,]\d+)?|one|two|three|four|half)"
_PIECES = re.compile(
    _NUMBER + r"\s*(?:x\s*)?(tab(?:let)?s?|cap(?:sule)?s?|pills?|tabletten|comprim\w*)\b", re.I
)
_OFTEN = (
    (re.compile(_NUMBER + r"\s*(?:times|x)\s*(?:a|per|/)?\s*(?:day|daily)", re.I), None),
    (re.compile(r"\b(?:b\.?i\.?d|twice)\b", re.I), 2.0),
    (re.compile(r"\b(?:t\.?i\.?d|thrice)\b", re.I), 3.0),
    (re.compile(r"\bq\.?i\.?d\b", re.I), 4.0),
    (re.compile(r"every other day|alternate days", re.I), 0.5),
    (re.compile(r"\b(?:weekly|once a week|every week)\b", re.I), 1 / 7),
    (re.compile(r"\b(?:daily|once|a day|per day|every day|o\.?d|q\.?d|mane|nocte|täglich)\b", re.I),
     1.0),
)  # fmt: skip
_SCHEME = re.compile(r"\b(\d)-(\d)-(\d)(?:-(\d))?\b")


def daily_mg(name: str, dosages: object) -> float | None:
    """Milligrams a day by all dosages together, None when one of them leaves it open.

    name: of the product, for the strength of one piece ("prednisone 1 mg tablet").
    """
    strength = strength_mg(name)
    found = [_of_one(one, strength) for one in objects(dosages)]
    # One dosage that is open leaves the sum open: half a dose would pass below a rule's bound.
    doses = [one for one in found if one is not None]
    return sum(doses) if doses and len(doses) == len(found) else None


def strength_mg(text: str) -> float | None:
    """The only strength that a text names, in milligrams; None for none or several."""
    found = {_float(n) * _IN_MG[unit.lower()] for n, unit in _STRENGTH.findall(text)}
    # Of "80 mg/400 mg" nobody can say which of the two a rule means.
    return found.pop() if len(found) == 1 else None


def _float(text: str) -> float:
    return _NUMBERS.get(text.lower()) or float(text.replace(",", "."))


def _of_one(dosage: Json, strength: float | None) -> float | None:
    # As needed may be none at all or the most; no daily dose can be told from it.
    if dosage.get("asNeededBoolean") is True:
        return None
    text = a_text(dosage.get("text")) or a_text(dosage.get("patientInstruction"))
    dose = _dose_mg(dosage, strength) or _dose_in_words(text, strength)
    often = _times_a_day(an_object(dosage.get("timing"))) or _often_in_words(text)
    return dose * often if dose is not None and often is not None else None


def _dose_mg(dosage: Json, strength: float | None) -> float | None:
    rates = objects(dosage.get("doseAndRate"))
    quantities = [an_object(one.get("doseQuantity")) for one in (*rates, dosage)]
    # Of a range the upper end: a rule about high doses must see what may be taken.
    quantities += [an_object(an_object(one.get("doseRange")).get("high")) for one in rates]
    for quantity in quantities:
        value = a_number(quantity.get("value"))
        if value is None:
            continue
        unit = (a_text(quantity.get("code")) or a_text(quantity.get("unit"))).lower()
        if unit in _IN_MG:
            return value * _IN_MG[unit]
        # Two of something that isn't weighed are two pieces; of a liquid or of units they are not.
        if strength is not None and not unit.startswith(("ml", "[iu]", "iu", "u", "%")):
            return value * strength
    return None


def _dose_in_words(text: str, strength: float | None) -> float | None:
    pieces = _PIECES.search(text)
    if pieces is not None and strength is not None:
        return _float(pieces[1]) * strength
    if pieces is None and (stated := strength_mg(text)) is not None:
        return stated
    return strength if strength is not None and _SCHEME.search(text) else None


def _times_a_day(timing: Json) -> float | None:
    repeat = an_object(timing.get("repeat"))
    period = a_number(repeat.get("period"))
    unit = a_text(repeat.get("periodUnit")) or a_text(repeat.get("periodUnits"))
    if period and unit in _DAYS:
        # Up to three times a day counts as three, as above.
        often = a_number(repeat.get("frequencyMax")) or a_number(repeat.get("frequency")) or 1.0
        return often / (period * _DAYS[unit])
    return _TIMES_A_DAY.get(text_of(timing.get("code")).upper())


def _often_in_words(text: str) -> float | None:
    scheme = _SCHEME.search(text)
    if scheme is not None:
        return float(sum(int(part) for part in scheme.groups() if part))
    for pattern, often in _OFTEN:
        match = pattern.search(text)
        if match is not None:
            return _float(match[1]) if often is None else often
    return None
