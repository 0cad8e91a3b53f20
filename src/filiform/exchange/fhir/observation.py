"""Observation → measured values, pregnancy, and findings that are stated as observations.

A record holds thousands of observations. Those of which screening knows nothing are counted,
not read in.
"""

from __future__ import annotations

from filiform.disclosure import LOINC, Coding, Kind, Statement, Status
from filiform.exchange.fhir.elements import (
    Json,
    a_number,
    a_text,
    an_object,
    code_of,
    codings_of,
    first_day,
    objects,
    sites_and_side,
    text_of,
)
from filiform.exchange.fhir.model import HEIGHT, WEIGHT
from filiform.exchange.fhir.source import Source
from filiform.screening.measures import measure_of
from filiform.screening.pregnancy import NOT_PREGNANT
from filiform.screening.recognition import recognise

_STATUS = {
    "entered-in-error": Status.ENTERED_IN_ERROR,
    "cancelled": Status.REFUTED,
    "registered": Status.PLANNED,
}
_DATES = frozenset({"11778-8", "11779-6", "8665-2"})
_USED = frozenset({*HEIGHT, *WEIGHT, *_DATES, "18185-9", "49051-6"})
_NO = frozenset({"no", "negative", "none", "absent", "not detected", "not present", "false", "n"})
_NO_CODES = frozenset({"373067005", "260385009", "LA32-8", "LA6577-6", "60001007", "N", "NEG"})


def read_observation(source: Source) -> bool:
    """Add the facts of an observation. False when it holds nothing that screening uses."""
    resource = source.resource
    own = _fact(source, resource, "")
    parts = [
        _fact(source, part, f"#{code_of(part.get('code')) or number}")
        for number, part in enumerate(objects(resource.get("component")))
    ]
    used = [fact for fact in (own, *parts) if fact is not None and _is_used(fact)]
    for fact in used:
        source.add(fact)
    return bool(used)


def _fact(source: Source, part: Json, suffix: str) -> Statement | None:
    text, codings = text_of(part.get("code")), codings_of(part.get("code"))
    if not text and not codings:
        return None
    status = _STATUS.get(source.code("status"), Status.ACTIVE)
    value, unit = _quantity(part, codings)
    said, said_codings, denied = _said(part)
    if denied and status is Status.ACTIVE and not any(c.code in NOT_PREGNANT for c in said_codings):
        status = Status.REFUTED
    site, side = sites_and_side(objects(source.resource.get("bodySite")))
    return Statement(
        id=f"{source.label}{suffix}",
        kind=Kind.OBSERVATION,
        text=f"{text}: {said}" if said else text,
        codings=(*codings, *said_codings),
        status=status,
        start=source.day("effectiveDateTime", "effectivePeriod.start", "effectiveInstant"),
        recorded=source.day("issued"),
        site=site,
        side=side,
        value=value,
        unit=unit,
    )


def _quantity(part: Json, codings: tuple[Coding, ...]) -> tuple[float | None, str]:
    """The number and its unit. A date (due date, last period) is a day number, unit "date"."""
    quantity = an_object(part.get("valueQuantity"))
    number = a_number(quantity.get("value"))
    if number is not None:
        return number, a_text(quantity.get("code")) or a_text(quantity.get("unit"))
    for name in ("valueInteger", "valueDecimal", "valueString"):
        number = a_number(part.get(name))
        if number is not None:
            return number, ""
    if any(coding.system == LOINC and coding.code in _DATES for coding in codings):
        try:
            day = first_day(part.get("valueDateTime") or part.get("valueDate"), "valueDateTime")
        except ValueError:
            day = None
        if day is not None:
            return float(day.toordinal()), "date"
    return None, ""


def _said(part: Json) -> tuple[str, tuple[Coding, ...], bool]:
    """The value in words, its codings, and whether it says no."""
    concept = part.get("valueCodeableConcept")
    if concept:
        text, codings = text_of(concept), codings_of(concept)
        codes = {coding.code for coding in codings}
        return text, codings, text.lower() in _NO or bool(codes & _NO_CODES)
    if isinstance(part.get("valueBoolean"), bool):
        return ("yes", (), False) if part["valueBoolean"] else ("no", (), True)
    text = a_text(part.get("valueString"))
    if text and a_number(text) is None:
        return text, (), text.lower() in _NO
    return "", (), False


def _is_used(fact: Statement) -> bool:
    """A measure of the rules, height, weight, dating of a pregnancy, or a known finding."""
    if fact.value is not None:
        if any(coding.system == LOINC and coding.code in _USED for coding in fact.codings):
            return True
        return measure_of(fact) is not None
    meaning = recognise(fact)
    return bool(meaning.concepts or meaning.icd10)
