"""Measured values: which observation is which measure, in one unit, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from filiform.disclosure import LOINC, Disclosure, Kind, Statement, Status
from filiform.screening.folding import fold
from filiform.screening.rulebook import MeasureName

LOINC_CODES: dict[str, MeasureName] = {
    "6301-6": "inr", "34714-6": "inr", "46418-0": "inr",
    "777-3": "platelets", "26515-7": "platelets", "49497-1": "platelets", "778-1": "platelets",
    "751-8": "neutrophils", "26499-4": "neutrophils", "753-4": "neutrophils",
    "24467-3": "cd4",
    "8310-5": "temperature", "8331-1": "temperature", "8332-9": "temperature",
    "8480-6": "systolic", "8462-4": "diastolic",
    "39156-5": "bmi",
    "4548-4": "hba1c", "17856-6": "hba1c", "59261-8": "hba1c",
    "33914-3": "egfr", "48642-3": "egfr", "48643-1": "egfr", "62238-1": "egfr",
    "77147-7": "egfr", "98979-8": "egfr", "69405-9": "egfr",
}  # fmt: skip

_ELSEWHERE: tuple[tuple[MeasureName, str], ...] = (
    ("platelets", "Thrombozyten, plaquettes, plaquetas, piastrine, trombocyt, trombociet,"
                  " trombosyytit, płytki krwi, trombosit, тромбоцит, صفائح دموية,"
                  " الصفائح الدموية, پلیٹلیٹ, प्लेटलेट, 血小板"),
    ("neutrophils", "neutrofil, neutrophile, нейтрофил, 好中球, 中性粒细胞"),
    ("inr", "МНО, 国际标准化比值, 國際標準化比值"),
    ("temperature", "Körpertemperatur, temperatura, lichaamstemperatuur, kroppstemperatur,"
                    " température, температура тела, حرارة الجسم, درجہ حرارت, 体温"),
    ("systolic", "systolisch, systolique, sistolica, systolisk, 収縮期血圧, 收缩压"),
    ("diastolic", "diastolisch, diastolique, diastolica, diastolisk, 拡張期血圧, 舒张压"),
    ("egfr", "débit de filtration glomérulaire, filtrado glomerular, filtración glomerular,"
             " filtrato glomerulare, 推算糸球体濾過量"),
)  # fmt: skip
"""Names of the measures in the languages of other countries, or how they begin."""
NAMES: tuple[tuple[str, MeasureName], ...] = (
    ("international normali", "inr"),
    ("inr", "inr"),
    ("platelet", "platelets"),
    ("neutrophil", "neutrophils"),
    ("cd4", "cd4"),
    ("body temperature", "temperature"),
    ("temperature", "temperature"),
    ("systolic", "systolic"),
    ("diastolic", "diastolic"),
    ("body mass index", "bmi"),
    ("bmi", "bmi"),
    ("hba1c", "hba1c"),
    ("hemoglobin a1c", "hba1c"),
    ("glomerular filtration", "egfr"),
    ("egfr", "egfr"),
    ("pain catastroph", "pcs"),
    *((fold(name), measure) for measure, names in _ELSEWHERE for name in names.split(", ")),
)
"""Tried from the top, within the folded text of a value that has no LOINC code."""

PLAUSIBLE: dict[MeasureName, tuple[float, float]] = {
    "inr": (0.5, 20), "platelets": (0, 3000), "neutrophils": (0, 200), "cd4": (0, 5000),
    "temperature": (25, 45), "systolic": (30, 320), "diastolic": (10, 220), "bmi": (7, 110),
    "hba1c": (2, 25), "egfr": (0, 250), "pcs": (0, 52),
}  # fmt: skip
"""Outside these bounds a value or its unit is misread, and is not used. Design values."""


class Measured(msgspec.Struct, frozen=True):
    """One usable value. Units: platelets and neutrophils 10⁹/L, CD4 per µL, temperature °C,
    pressures mmHg, BMI kg/m², HbA1c %, eGFR mL/min/1.73 m²."""

    measure: MeasureName
    value: float
    day: date
    fact: Statement


def measure_of(fact: Statement) -> MeasureName | None:
    """Which measure an observation is: by its LOINC code, without one by its name."""
    codes = [coding.code for coding in fact.codings if coding.system == LOINC]
    for code in codes:
        if code in LOINC_CODES:
            return LOINC_CODES[code]
    if codes:
        return None
    # A coded value is what its code says; a name speaks only for a value without one.
    text = fold(fact.text)
    return next((measure for name, measure in NAMES if name in text), None)


def _without_unit(measure: MeasureName, value: float) -> float:
    """A bare number, in the only usual unit in which it is possible."""
    # No body is warmer than 45 °C: such a number can only be Fahrenheit.
    if measure == "temperature" and value > PLAUSIBLE[measure][1]:
        return (value - 32) / 1.8
    if measure in ("platelets", "neutrophils") and value > PLAUSIBLE[measure][1]:
        return value / 1000
    return value


_CELLS: tuple[tuple[float, frozenset[str]], ...] = (
    (1 / 1000, frozenset({"/ul", "/mm3", "/cmm", "/cumm", "cells/ul", "{cells}/ul", "/mm^3",
                          "cells/cumm", "cells/mm3", "10*6/l", "10^6/l", "cumm", "ul"})),
    # Japan counts in ten thousands, India in lakhs.
    (10.0, frozenset({"10*4/ul", "10^4/ul", "x10^4/ul", "x10*4/ul", "万/ul", "万/mm3", "10e4/ul"})),
    (100.0, frozenset({"lakh/ul", "lakhs/ul", "lakh/cumm", "lakhs/cumm", "lac/cumm",
                       "lakhs/cmm", "lakh/cmm"})),
)  # fmt: skip
"""Factor to 10⁹/L → units of a blood count that are not thousands per µL by another name."""


def _in_usual_unit(measure: MeasureName, value: float, unit: str) -> float:
    unit = unit.replace(" ", "").lower().replace("µ", "u").replace("μ", "u")
    if not unit:
        return _without_unit(measure, value)
    if measure == "temperature" and unit in ("[degf]", "degf", "°f", "f", "fahrenheit"):
        return (value - 32) / 1.8
    if measure in ("platelets", "neutrophils"):
        factor = next((by for by, units in _CELLS if unit in units), 1.0)
        return value * (1000 if unit in ("10*12/l", "10^12/l") else factor)
    if measure in ("systolic", "diastolic") and unit == "kpa":
        # Millimetres of mercury in a kilopascal.
        return value * 7.50062
    if measure == "cd4" and unit in ("10*9/l", "10^9/l", "10*3/ul", "10^3/ul"):
        return value * 1000
    if measure == "hba1c" and unit == "mmol/mol":
        return value * 0.09148 + 2.152  # NGSP from IFCC, the published master equation
    return value


def all_measured(disclosure: Disclosure) -> dict[MeasureName, tuple[Measured, ...]]:
    """Every usable value of a record by its measure, in the record's order: read once, because
    a dozen triggers look at a record of a thousand observations."""
    found: dict[MeasureName, list[Measured]] = {}
    for fact in disclosure.facts:
        if fact.value is None or fact.kind is not Kind.OBSERVATION:
            continue
        measure = measure_of(fact)
        value = _usable(fact, measure) if measure is not None else None
        if value is not None:
            found.setdefault(value.measure, []).append(value)
    return {measure: tuple(values) for measure, values in found.items()}


def newest(values: Sequence[Measured], *, on: date, within_days: int) -> tuple[Measured, ...]:
    """Those of the newest day that is not after `on` and no older than so many days."""
    # By day, not by hour: two values of one day are both kept, and the stricter one decides.
    oldest = on - timedelta(days=within_days)
    recent = [value for value in values if oldest <= value.day <= on]
    last = max((value.day for value in recent), default=None)
    return tuple(value for value in recent if value.day == last)


def _usable(fact: Statement, measure: MeasureName) -> Measured | None:
    if fact.kind is not Kind.OBSERVATION or fact.value is None or fact.family:
        return None
    if fact.status in (Status.ENTERED_IN_ERROR, Status.REFUTED, Status.PLANNED):
        return None
    day = fact.start or fact.recorded
    # A value of an unknown day may be years old; it neither warns nor reassures.
    if day is None:
        return None
    value = _in_usual_unit(measure, fact.value, fact.unit)
    low, high = PLAUSIBLE[measure]
    return Measured(measure, value, day, fact) if low <= value <= high else None


def body_mass_index(disclosure: Disclosure) -> float | None:
    """kg/m² from the stated height and weight, None when one is missing or impossible."""
    height, weight = disclosure.height_cm, disclosure.weight_kg
    # In cm and kg: 1.75 is metres and 75000 grams, and neither may reach a rule.
    if not height or not weight or not 40 <= height <= 260 or not 2 <= weight <= 450:
        return None
    return weight / (height / 100) ** 2
