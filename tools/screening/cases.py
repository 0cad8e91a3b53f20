"""Small cases for every rule, made from the tables that the code reads: fires, or must not.

    python -m tools.screening.cases            writes docs/reference/screening-cases.md
    python -m tools.screening.cases FILE       writes the cases as NDJSON: rule, kind, fires, bundle

Each case is one patient with one resource: a thing that a trigger of the rule looks for, said in
one way (a code of a system, its name in a language), in one state (active, refuted, planned ...).
What must come of it follows from the state alone, by the table STATES; the engine is not asked.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from filiform.disclosure import ATC, ICD10, RXNORM, SNOMED, Kind
from filiform.screening.rulebook import Rule, Trigger, rules
from filiform.screening.terminology import Concept, concepts, names_by_language

TARGET = Path(__file__).parents[2] / "docs" / "reference" / "screening-cases.md"
DAY = date(2025, 11, 22)
LATELY = (DAY - timedelta(days=1)).isoformat()
LATER = (DAY + timedelta(days=30)).isoformat()
CONCEPTS_A_TRIGGER, LANGUAGES_A_CONCEPT, ICD10_A_TRIGGER = 3, 2, 2
"""How many are taken of each, by a hash of their names, so that every release takes the same."""
SYSTEMS = {SNOMED: "SNOMED CT", ICD10: "ICD-10", ATC: "ATC", RXNORM: "RxNorm"}
Json = dict[str, Any]

STATES = {
    "active": "fires",
    "refuted": "must not",
    "entered in error": "must not",
    "a relative's": "must not",
    "in the future": "must not",
    "planned": "must not",
    "resolved or stopped long ago": "must not, unless the rule counts what has ever been",
    "denied in words": "must not",
}


class Way(NamedTuple):
    """One way of saying a thing: its kind, the words or code, and how the table calls it."""

    kind: Kind
    concept: Json
    said: str
    english: str


@dataclass(frozen=True)
class GeneratedCase:
    """One record and what must come of it. said, state: how the table of the page calls them."""

    rule: str
    kind: str
    said: str
    state: str
    fires: bool
    bundle: Json


def _sampled(values: list[Any], number: int, salt: str) -> list[Any]:
    def order(value: Any) -> str:
        return hashlib.sha256(f"{salt}|{value}".encode()).hexdigest()

    return sorted(values, key=order)[:number]


def _is_plain(trigger: Trigger) -> bool:
    """Whether one fact that is there and recent sets the trigger off, whatever else is known."""
    person = trigger.sex or trigger.age_from_years or trigger.age_under_years
    other = trigger.with_ or trigger.without or trigger.unless_measured or trigger.pregnancy
    dosed = trigger.distinct > 1 or trigger.for_days or trigger.strength_mg_from
    return trigger.effect == "fires" and not (person or other or dosed or trigger.measure)


def _ways(trigger: Trigger) -> Iterator[Way]:
    known = concepts()
    named = [known[one] for one in trigger.concepts]
    named += [
        one
        for one in known.values()
        if one.kind is Kind.MEDICINE and one.codes(ATC)
        and any(code.startswith(trigger.atc) for code in one.codes(ATC)) and trigger.atc
    ]  # fmt: skip
    fitting = [one for one in named if not trigger.kinds or one.kind in trigger.kinds]
    for one in _sampled(fitting, CONCEPTS_A_TRIGGER, "concept"):
        yield from _ways_of(one)
    if trigger.icd10 and (not trigger.kinds or Kind.CONDITION in trigger.kinds):
        for code in _sampled(list(trigger.icd10), ICD10_A_TRIGGER, "icd10"):
            first = code.split("-")[0]
            coded = {"coding": [{"system": ICD10, "code": first}]}
            yield Way(Kind.CONDITION, coded, "ICD-10", "")


def _ways_of(one: Concept) -> Iterator[Way]:
    yield Way(one.kind, {"text": one.name.en}, "words, en", one.name.en)
    if one.name.ur:
        yield Way(one.kind, {"text": one.name.ur}, "words, ur", "")
    names = [(language, name) for id_, language, name in names_by_language() if id_ == one.id]
    for language, name in _sampled(names, LANGUAGES_A_CONCEPT, "language"):
        yield Way(one.kind, {"text": name}, f"words, {language}", "")
    for system in (SNOMED, ATC, RXNORM):
        for code in one.codes(system)[:1]:
            yield Way(one.kind, {"coding": [{"system": system, "code": code}]}, SYSTEMS[system], "")


def _coded(code: str) -> Json:
    return {"coding": [{"code": code}]}


def _resource(way: Way, **more: Any) -> Json:
    """A resource of the way's kind: there, and since yesterday."""
    base: Json = {"id": "x", "subject": {"reference": "Patient/p"}}
    if way.kind is Kind.MEDICINE:
        base |= {"resourceType": "MedicationStatement", "status": "active",
                 "medicationCodeableConcept": way.concept,
                 "effectivePeriod": {"start": LATELY}}  # fmt: skip
    elif way.kind is Kind.PROCEDURE:
        base |= {"resourceType": "Procedure", "status": "completed", "code": way.concept,
                 "performedDateTime": LATELY}  # fmt: skip
    elif way.kind is Kind.DEVICE:
        base |= {"resourceType": "Device", "status": "active", "type": way.concept,
                 "patient": base.pop("subject")}  # fmt: skip
    elif way.kind is Kind.ALLERGY:
        base |= {"resourceType": "AllergyIntolerance", "code": way.concept,
                 "clinicalStatus": _coded("active"), "patient": base.pop("subject")}  # fmt: skip
    else:
        base |= {"resourceType": "Condition", "code": way.concept,
                 "clinicalStatus": _coded("active"), "onsetDateTime": LATELY}  # fmt: skip
    return base | more


def _states(way: Way, ever: bool) -> Iterator[tuple[str, bool, Json]]:
    """(state, whether the rule fires, the resource) for the states that a kind can be in."""
    yield "active", True, _resource(way)
    if way.kind in (Kind.CONDITION, Kind.ALLERGY):
        yield "refuted", False, _resource(way, verificationStatus=_coded("refuted"))
        error = _coded("entered-in-error")
        yield "entered in error", False, _resource(way, verificationStatus=error)
        if not ever:
            gone = _resource(way, clinicalStatus=_coded("resolved"), onsetDateTime="2011",
                             abatementDateTime="2012")  # fmt: skip
            yield "resolved or stopped long ago", False, gone
    else:
        yield "entered in error", False, _resource(way, status="entered-in-error")
    if way.kind is Kind.CONDITION:
        yield "in the future", False, _resource(way, onsetDateTime=LATER)
        relative = {"resourceType": "FamilyMemberHistory", "id": "x", "status": "completed",
                    "patient": {"reference": "Patient/p"}, "relationship": {"text": "mother"},
                    "condition": [{"code": way.concept}]}  # fmt: skip
        yield "a relative's", False, relative
        if way.english:
            denied = way._replace(concept={"text": f"No {way.english}"})
            yield "denied in words", False, _resource(denied)
    if way.kind is Kind.MEDICINE:
        yield "in the future", False, _resource(way, effectivePeriod={"start": LATER})
        planned = _resource(way, resourceType="MedicationRequest", intent="proposal")
        planned.pop("effectivePeriod")
        yield "planned", False, planned
        if not ever:
            past = _resource(
                way, status="stopped", effectivePeriod={"start": "2011", "end": "2012"}
            )
            yield "resolved or stopped long ago", False, past
    if way.kind is Kind.PROCEDURE:
        yield "planned", False, _resource(way, status="preparation")


def _bundle(resource: Json) -> Json:
    person = {"resourceType": "Patient", "id": "p", "birthDate": "1985-03-14", "gender": "female"}
    entries = [{"resource": one} for one in (person, resource)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def cases() -> Iterator[GeneratedCase]:
    """All cases, in the order of the rules; each way and state of a rule once."""
    for rule in rules():
        seen: set[str] = set()
        for trigger in rule.when:
            if not _is_plain(trigger):
                continue
            for way in _ways(trigger):
                for one in _cases_of(rule, way):
                    key = json.dumps(one.bundle, sort_keys=True)
                    if key not in seen:
                        seen.add(key)
                        yield one


def _cases_of(rule: Rule, way: Way) -> Iterator[GeneratedCase]:
    # By the whole rule: what one trigger counts only while active, another may count for ever.
    ever = any(one.counts == "ever" or one.after_end_days for one in rule.when)
    for state, fires, resource in _states(way, ever):
        made = _bundle(resource)
        yield GeneratedCase(rule.id, way.kind.value, way.said, state, fires, made)


HEAD = """\
# Generated cases

Made by `python -m tools.screening.cases` from the rules, the terminology and its names; the test
`tests/screening/test_generated_cases.py` runs them all. Each case is one patient with one resource
that says one thing in one way and one state; what must come of it follows from the state alone.
"""


def page() -> str:
    """The table of kinds with the number of cases of each, as Markdown."""
    made = list(cases())
    by_state = Counter((one.kind, one.state) for one in made)
    by_way = Counter((one.said, one.fires) for one in made)
    kinds = [kind.value for kind in Kind if any(one.kind == kind.value for one in made)]
    told = len({one.rule for one in made})
    fires = sum(one.fires for one in made)
    lines = [
        HEAD,
        f"{len(made):,} cases for {told} of {len(rules())} rules: {fires:,} fire,"
        f" {len(made) - fires:,} must not. A rule",
        "without any is set off by age, a measured value or several things together;",
        "`screening/data/cases/` holds cases for those.",
        "\n## By state\n",
        "| state | must it fire | " + " | ".join(kinds) + " |",
        "|---|---|" + "---|" * len(kinds),
    ]
    for state, must in STATES.items():
        numbers = " | ".join(str(by_state[kind, state] or "–") for kind in kinds)
        lines.append(f"| {state} | {must} | {numbers} |")
    lines += ["", "## By the way it is said", "", "| said by | fires | must not |", "|---|---|---|"]
    for said in sorted({said for said, _ in by_way}):
        lines.append(f"| {said} | {by_way[said, True]} | {by_way[said, False]} |")
    lines += ["", "## By rule", "", "| rule | fires | must not |", "|---|---|---|"]
    by_rule = Counter((one.rule, one.fires) for one in made)
    for rule in rules():
        lines.append(f"| {rule.id} | {by_rule[rule.id, True]} | {by_rule[rule.id, False]} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    if len(sys.argv) > 1:
        with Path(sys.argv[1]).open("w", encoding="utf-8") as file:
            for one in cases():
                file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    else:
        TARGET.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
