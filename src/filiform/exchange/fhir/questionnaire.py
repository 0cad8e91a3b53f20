"""Instruments as FHIR R4 Questionnaire (SDC), and answers as QuestionnaireResponse, both ways.

An instrument whose text may not be shipped goes out as its items' numbers, without their questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from filiform.exchange.fhir.elements import a_number
from filiform.outcomes.instruments import Instrument, instruments, score
from filiform.outcomes.scales import scales
from filiform.words import Words

BASE = "https://filiform.example/fhir/Questionnaire"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"
MIN_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/maxValue"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
LOINC = "http://loinc.org"
SCORE = "score"
"""linkId of the total; it is what an instrument without items consists of."""


class NotAResponse(ValueError):
    """What came is no answer to an instrument of ours; the message says what was got."""


def questionnaire(instrument_id: str) -> dict[str, Any]:
    """An instrument as a Questionnaire. Raises KeyError for an unknown one."""
    one = instruments()[instrument_id]
    name = scales()[one.id].name
    found: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "meta": {"profile": [SDC]},
        "url": f"{BASE}/{one.id}",
        "name": one.id.replace("-", "_").upper(),
        "title": name.en,
        "_title": _urdu(name),
        "status": "active",
        "subjectType": ["Patient"],
        "copyright": one.licence_note.en,
        "item": [*_items(one), _total(one, name)],
    }
    if one.loinc:
        found["code"] = [{"system": LOINC, "code": one.loinc}]
    return found


def _items(one: Instrument) -> list[dict[str, Any]]:
    rows = []
    for number in range(1, one.items + 1):
        row: dict[str, Any] = {
            "linkId": str(number),
            "type": "decimal",
            "required": False,
            "extension": [
                {"url": MIN_VALUE, "valueDecimal": one.item_low},
                {"url": MAX_VALUE, "valueDecimal": one.item_high},
            ],
        }
        if one.text:
            # One question for each activity of PSFS; others have one for each item.
            said = one.text[min(number, len(one.text)) - 1]
            row |= {"text": said.en, "_text": _urdu(said)}
        rows.append(row)
    return rows


def _total(one: Instrument, name: Words) -> dict[str, Any]:
    scale = scales()[one.id]
    return {
        "linkId": SCORE,
        "text": f"{name.en}: {scale.unit}",
        "type": "decimal",
        "readOnly": one.licence == "free",
    }


def _urdu(words: Words) -> dict[str, Any]:
    """The translation extension of FHIR beside a text."""
    parts = [{"url": "lang", "valueCode": "ur"}, {"url": "content", "valueString": words.ur}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


def response(
    instrument_id: str,
    items: Sequence[float | None],
    *,
    total: float | None = None,
    authored: datetime,
    patient: str,
) -> dict[str, Any]:
    """Answers as a QuestionnaireResponse. total: of a score-only instrument; otherwise it is
    computed. patient: a reference, "Patient/123". Raises as `score`."""
    value = score(instrument_id, items).value if items else total
    rows = [
        {"linkId": str(number), "answer": [{"valueDecimal": item}]}
        for number, item in enumerate(items, start=1)
        if item is not None
    ]
    if value is not None:
        rows.append({"linkId": SCORE, "answer": [{"valueDecimal": value}]})
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{BASE}/{instrument_id}",
        "status": "completed",
        "subject": {"reference": patient},
        "authored": authored.isoformat(),
        "item": rows,
    }


def read_response(resource: Mapping[str, Any]) -> tuple[str, list[float | None], float | None]:
    """(instrument, items, total) of a QuestionnaireResponse.

    A total that contradicts its items is refused: one of them is wrong and nobody can say which.
    Raises NotAResponse saying what was got.
    """
    if resource.get("resourceType") != "QuestionnaireResponse":
        raise NotAResponse(f"got a {resource.get('resourceType')!r}; a response is needed")
    # Behind "|" stands the form's version, which our instruments don't have.
    asked = str(resource.get("questionnaire", "")).partition("|")[0].rpartition("/")[2]
    if asked not in instruments():
        raise NotAResponse(f"no instrument {asked!r}; there are {', '.join(instruments())}")
    told = {row.get("linkId"): _number(row) for row in resource.get("item", ())}
    one = instruments()[asked]
    items = [told.get(str(number)) for number in range(1, one.items + 1)]
    total = told.get(SCORE)
    if all(item is None for item in items):
        return asked, [], total
    try:
        value = score(asked, items).value
    except ValueError as error:
        raise NotAResponse(str(error)) from error
    # Others round a percentage to one decimal.
    if total is not None and (value is None or abs(total - value) > 0.05):
        raise NotAResponse(f"{asked}: the total says {total:g}, its items make {value}")
    return asked, items, value


def _number(row: Mapping[str, Any]) -> float | None:
    for answer in row.get("answer", ()):
        for name in ("valueDecimal", "valueInteger"):
            if (found := a_number(answer.get(name))) is not None:
                return found
    return None
