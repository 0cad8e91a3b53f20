"""Observation → measured values, pregnancy, and findings that are stated as observations.

An observation proves by its value and its interpretation, not by its name: "HIV antibody" alone
says nothing, "not detected" says no. The words stand in screening's table of what proves what.

A record holds thousands of observations. Those of which screening knows nothing are counted,
not taken over.
"""

from __future__ import annotations

import re

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
from filiform.screening.concept_matching import match_concepts, may_name
from filiform.screening.findings import TestOutcome, is_sign_of_immunity, names_a_test, outcome
from filiform.screening.folding import fold
from filiform.screening.measures import LOINC_CODES, measure_of
from filiform.screening.pregnancy import NOT_PREGNANT, STATUS
from filiform.screening.proof import proven

_STATUS = {
    "entered-in-error": Status.ENTERED_IN_ERROR,
    "cancelled": Status.REFUTED,
    "registered": Status.PLANNED,
}
_MAYBE_PREGNANT = frozenset({"102874004", "152231000119106"})
"""SNOMED CT: possible pregnancy, pregnancy not yet confirmed."""
_DATES = frozenset({"11778-8", "11779-6", "8665-2"})
_USED = frozenset({*HEIGHT, *WEIGHT, *_DATES, "18185-9", "49051-6"})


_MEASURES = frozenset({*LOINC_CODES, *_USED, STATUS})
"""LOINC codes of the numbers that screening reads."""


_PREGNANCY_TESTS = re.compile(
    "|".join(
        fold(name)
        for name in (
        "pregnancy test", "Schwangerschaftstest", "test de grossesse", "prueba de embarazo",
        "test de embarazo", "teste de gravidez", "test di gravidanza", "zwangerschapstest",
        "graviditetstest", "raskaustesti", "test ciążowy", "těhotenský test", "gebelik testi",
        "тест на беременность", "اختبار الحمل", "اختبار حمل", "حمل ٹیسٹ", "حمل کا ٹیسٹ",
        "गर्भावस्था परीक्षण", "妊娠検査", "妊娠反応", "妊娠试验", "怀孕测试", "早孕试验",
    ))
)  # fmt: skip


def read_observation(source: Source) -> bool:
    """Add the facts of an observation. False when it holds nothing that screening uses."""
    resource = source.resource
    if not resource.get("component") and _cannot_matter(resource):
        return False
    own = _fact(source, resource, "")
    parts = [
        _fact(source, part, f"#{code_of(part.get('code')) or number}")
        for number, part in enumerate(objects(resource.get("component")))
    ]
    used = [fact for fact in (own, *parts) if fact is not None and _is_used(fact)]
    for fact in used:
        source.add(fact)
    return bool(used)


def _cannot_matter(part: Json) -> bool:
    """Whether it is a number of a laboratory that no rule measures, by its LOINC code alone.

    Thousands of them fill a record; nothing else of them is read.
    """
    number = part.get("valueQuantity")
    # An interpretation may say "positive", which is a finding whatever the number.
    if not isinstance(number, dict) or part.get("interpretation"):
        return False
    code = part.get("code")
    codings = code.get("coding") if isinstance(code, dict) else None
    if not isinstance(codings, list) or not codings:
        return False
    return all(
        isinstance(one, dict)
        and one.get("system") == LOINC
        and a_text(one.get("code")) not in _MEASURES
        for one in codings
    )


def _fact(source: Source, part: Json, suffix: str) -> Statement | None:
    if _cannot_matter(part):
        return None
    text, codings = text_of(part.get("code")), codings_of(part.get("code"))
    if not text and not codings:
        return None
    # Preliminary results count: a first positive must not wait for its confirmation.
    status = _STATUS.get(source.code("status"), Status.ACTIVE)
    value, unit = _quantity(part, codings)
    said, said_codings = _said(part)
    if value is None and not _may_be_known(text, said, (*codings, *said_codings)):
        return None
    proves = _proves(part, text, codings, said, said_codings, value)
    if proves == "nothing":
        return None
    if proves == "negative" and status is Status.ACTIVE:
        status = Status.REFUTED
    if proves == "unsure" and status is Status.ACTIVE:
        status = Status.SUSPECTED
    if value is not None and not _measures(codings, text) and _interpreted(part):
        value, unit = None, ""  # "9.1, positive": the interpretation says what the number means
    if proves == "unsure" and any(coding.code == STATUS for coding in codings):
        text, said = "Pregnancy", ""  # "possible pregnancy" is one that is suspected
    if proves == "other":
        # Neither yes nor no: the value speaks for itself, and the test's name for nothing.
        text, codings = "", ()
    if proves == "positive" and _names_pregnancy_test(text):
        # Other words may stand between ("Pregnancy test, urine"); the outcome is what counts.
        text = f"Pregnancy test: positive ({text})"
    site, side = sites_and_side(objects(source.resource.get("bodySite")))
    return Statement(
        id=f"{source.label}{suffix}",
        kind=Kind.OBSERVATION,
        text=": ".join(one for one in (text, said) if one),
        codings=(*codings, *said_codings),
        status=status,
        start=source.day("effectiveDateTime", "effectivePeriod.start", "effectiveInstant"),
        recorded=source.day("issued"),
        site=site,
        side=side,
        value=value,
        unit=unit,
    )


def _may_be_known(text: str, said: str, codings: tuple[Coding, ...]) -> bool:
    """Whether words or codes may name anything that rules know; False is certain.

    A laboratory sends texts by the hundred thousand, and hardly one does: what they prove is
    worked out for the others only.
    """
    texts = dict.fromkeys((text, said, *(coding.display for coding in codings)))
    if any(may_name(one) for one in texts if one) or _names_pregnancy_test(text):
        return True
    if any(coding.code in _MEASURES for coding in codings):
        return True
    bare = tuple(Coding(coding.system, coding.code) for coding in codings)
    if not bare:
        return False
    meaning = proven(Statement(id="", kind=Kind.OBSERVATION, text="", codings=bare))
    return bool(meaning.concepts or meaning.icd10)


def _names_pregnancy_test(text: str) -> bool:
    return _PREGNANCY_TESTS.search(fold(text)) is not None


def _proves(
    part: Json,
    text: str,
    codings: tuple[Coding, ...],
    said: str,
    said_codings: tuple[Coding, ...],
    value: float | None,
) -> TestOutcome:
    """What an observation proves of what its name speaks of; "positive" also for a finding
    that is stated without a value, and for values that the rules measure."""
    codes = [coding.code for coding in codings]
    if STATUS in codes:
        doubted = any(one.code in _MAYBE_PREGNANT for one in said_codings)
        if doubted or match_concepts(Statement(id="", kind=Kind.CONDITION, text=said)).similar:
            return "unsure"
        # "Not pregnant" by its code is kept: it outweighs what was said before.
        coded = any(one.code in NOT_PREGNANT for one in said_codings)
        return "negative" if not coded and outcome(said) == "negative" else "positive"
    if any(code in _USED for code in codes):
        return "positive"
    judged = _interpreted(part)
    if said or said_codings:
        judged.append(outcome(said, [coding.code for coding in said_codings]))
    telling = {one for one in judged if one != "other"}
    # A bare number proves nothing of its name; the rules read it as a measure or not at all.
    if value is not None and not telling:
        return "positive"
    if not judged:
        return "nothing" if _is_result(part, text, codings) else "positive"
    # "Normal" is said of the number; of a number that a rule reads, the rule judges.
    if value is not None and telling == {"negative"} and _measures(codings, text):
        return "positive"
    # "Not tested" beside a result is the panel's other half.
    if len(telling) > 1:
        telling -= {"nothing"}
    found: TestOutcome = (
        "other" if not telling else telling.pop() if len(telling) == 1 else "unsure"
    )
    # Antibodies to hepatitis B surface antigen come from the vaccine: they speak against infection.
    if found in ("positive", "unsure") and is_sign_of_immunity(text, codes):
        return "negative"
    return found


def _interpreted(part: Json) -> list[TestOutcome]:
    """What the laboratory's interpretation says; high, low and abnormal say nothing here."""
    found = []
    for concept in objects(part.get("interpretation")):
        found.append(outcome(text_of(concept), [one.code for one in codings_of(concept)]))
    return [one for one in found if one != "other"]


def _measures(codings: tuple[Coding, ...], text: str) -> bool:
    """Whether the number itself is what screening reads."""
    if any(coding.code in _MEASURES for coding in codings):
        return True
    return (
        measure_of(Statement(id="", kind=Kind.OBSERVATION, text=text, codings=codings)) is not None
    )


def _is_result(part: Json, text: str, codings: tuple[Coding, ...]) -> bool:
    """Whether it is a test's result, which says nothing without a value."""
    if part.get("dataAbsentReason") or any(one.system == LOINC for one in codings):
        return True
    categories = {one.code for c in objects(part.get("category")) for one in codings_of(c)}
    return "laboratory" in categories or names_a_test(text)


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
    written = _WRITTEN.fullmatch(a_text(part.get("valueString")))
    if written is not None and _measures(codings, text_of(part.get("code"))):
        return _written_number(written), (written[3] or "").strip()
    if any(coding.system == LOINC and coding.code in _DATES for coding in codings):
        try:
            day = first_day(part.get("valueDateTime") or part.get("valueDate"), "valueDateTime")
        # A due date "in June" dates nothing, and the pregnancy stays known by its own record.
        except ValueError:
            day = None
        if day is not None:
            return float(day.toordinal()), "date"
    return None, ""


_WRITTEN = re.compile(r"\s*[<>]?=?\s*(\d+(?:[.,]\d+)?)(\s*\+\s*[0-6])?\s*([^\d\s][^\n]{0,20})?")
"""A number with its unit in one text, "35 G/l", and the weeks and days of a pregnancy, "30+2"."""


def _written_number(found: re.Match[str]) -> float:
    weeks_days = float(found[2].strip(" +")) / 7 if found[2] else 0.0
    return float(found[1].replace(",", ".")) + weeks_days


def _said(part: Json) -> tuple[str, tuple[Coding, ...]]:
    """The value in words, and its codings."""
    concept = part.get("valueCodeableConcept")
    if concept:
        return text_of(concept), codings_of(concept)
    if isinstance(part.get("valueBoolean"), bool):
        # As words, so that one table judges every form of yes and no.
        return ("yes", ()) if part["valueBoolean"] else ("no", ())
    text = a_text(part.get("valueString"))
    return (text, ()) if text and a_number(text) is None else ("", ())


def _is_used(fact: Statement) -> bool:
    """A measure of the rules, height, weight, dating of a pregnancy, or a known finding."""
    if fact.value is not None:
        if any(coding.system == LOINC and coding.code in _USED for coding in fact.codings):
            return True
        return measure_of(fact) is not None
    meaning = proven(fact)
    return bool(meaning.concepts or meaning.icd10)
