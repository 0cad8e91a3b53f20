"""Every rule, from FHIR records that say it in each usual way, and from those that only seem to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.tables import check_each

from filiform.exchange.fhir import read_bundle
from filiform.screening import NeedlingSite, Screening, rules, screen

DAY = date(2025, 11, 22)
LATELY = (DAY - timedelta(days=1)).isoformat()
SYSTEMS = {
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "snomed": "http://snomed.info/sct",
    "atc": "http://www.whocc.no/atc",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
}
TYPES = {
    "C": "Condition",
    "M": "MedicationStatement",
    "P": "Procedure",
    "D": "Device",
    "A": "AllergyIntolerance",
}
Json = dict[str, Any]


def lines(file: str) -> Iterator[tuple[str, bool, str]]:
    """(rule, whether it counts ever, one way of saying it)"""
    text = (Path(__file__).parent / file).read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        head, *ways = (part.strip() for part in line.split(" | "))
        for way in ways:
            yield head.split()[-1], head.startswith("ever "), way


def concept(way: str) -> Json:
    _, system, said = way.split(" ", 2)
    if system == "text":
        return {"text": said}
    return {"coding": [{"system": SYSTEMS[system], "code": said}]}


def resource(way: str, **more: Any) -> Json:
    kind, code = TYPES[way[0]], concept(way)
    found: Json = {"resourceType": kind, "id": "x", "subject": {"reference": "Patient/p"}}
    if kind == "Condition":
        found |= {"code": code, "clinicalStatus": {"coding": [{"code": "active"}]},
                  "onsetDateTime": LATELY}  # fmt: skip
    elif kind == "MedicationStatement":
        found |= {"status": "active", "medicationCodeableConcept": code,
                  "effectivePeriod": {"start": LATELY}}  # fmt: skip
    elif kind == "Procedure":
        found |= {"status": "completed", "code": code, "performedDateTime": LATELY}
    elif kind == "Device":
        found |= {"status": "active", "type": code, "patient": found.pop("subject")}
    else:
        found |= {"code": code, "clinicalStatus": {"coding": [{"code": "active"}]},
                  "patient": found.pop("subject")}  # fmt: skip
    return found | more


def answer(*resources: Json, sites: tuple[NeedlingSite, ...] = ()) -> Screening:
    person = {"resourceType": "Patient", "id": "p", "birthDate": "1985-03-14", "gender": "female"}
    document = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one} for one in (person, *resources)],
    }
    found = read_bundle(json.dumps(document).encode())
    assert not found.unread
    return screen(found.disclosure(on=DAY), sites, on=DAY)


def fired(*resources: Json) -> set[str]:
    return {reason.id for reason in answer(*resources).reasons}


SAID = list(lines("spoken.txt"))
NOT_SAID = list(lines("unspoken.txt"))
CLINICAL = {"C": "clinicalStatus", "A": "clinicalStatus"}


def test_the_record_sets_off_the_rule() -> None:
    def check(rule: str, ever: bool, way: str) -> None:
        assert rule in fired(resource(way))

    check_each(SAID, check)


def test_what_only_sounds_like_it_does_not() -> None:
    def check(rule: str, ever: bool, way: str) -> None:
        assert rule not in fired(resource(way))

    check_each(NOT_SAID, check)


def test_what_is_over_counts_only_for_what_counts_ever() -> None:
    check_each((one for one in SAID if one[2][0] in "CMA"), check_over)


def check_over(rule: str, ever: bool, way: str) -> None:
    if way[0] == "M":
        over = {"status": "stopped", "effectivePeriod": {"start": "2011", "end": "2012"}}
    else:
        over = {"clinicalStatus": {"coding": [{"code": "resolved"}]}, "onsetDateTime": LATELY}
    lingers = rule == "fever-systemic"  # 48 hours well
    windowed = ever and way[0] == "M" and rule == "botulinum-filler-recent"
    assert (rule in fired(resource(way, **over))) is ((ever and not windowed) or lingers)


def test_what_is_refuted_mistaken_or_not_done_never_counts() -> None:
    check_each(SAID, check_refuted)


def check_refuted(rule: str, ever: bool, way: str) -> None:
    wrong = {
        "C": [{"verificationStatus": {"coding": [{"code": code}]}}
              for code in ("refuted", "entered-in-error")],
        "A": [{"verificationStatus": {"coding": [{"code": "refuted"}]}}],
        "M": [{"status": status} for status in ("entered-in-error", "not-taken", "intended")],
        "P": [{"status": status} for status in ("not-done", "preparation", "entered-in-error")],
        "D": [{"status": "entered-in-error"}],
    }[way[0]]  # fmt: skip
    for more in wrong:
        assert rule not in fired(resource(way, **more)), more


def test_a_relatives_condition_never_counts() -> None:
    check_each((one for one in SAID if one[2][0] == "C"), check_relative)


def check_relative(rule: str, ever: bool, way: str) -> None:
    relatives = {
        "resourceType": "FamilyMemberHistory",
        "status": "completed",
        "patient": {"reference": "Patient/p"},
        "relationship": {"text": "mother"},
        "condition": [{"code": concept(way)}],
    }
    assert not fired(relatives)


def test_what_begins_after_the_treatment_does_not_count_yet() -> None:
    check_each(SAID, check_later)


def check_later(rule: str, ever: bool, way: str) -> None:
    later = (DAY + timedelta(days=10)).isoformat()
    more = {
        "C": {"onsetDateTime": later},
        "A": {"onsetDateTime": later},
        "M": {"effectivePeriod": {"start": later}},
        "P": {"performedDateTime": later},
        "D": {},
    }[way[0]]
    if more:
        assert rule not in fired(resource(way, **more))


def test_every_rule_that_a_code_or_a_name_can_set_off_is_spoken_of_here() -> None:
    wordless = {"child", "infant-fontanelle", "low-bmi", "obesity-landmarks", "bp-uncontrolled",
                "pregnancy-t1", "pregnancy-t2t3", "pain-catastrophizing", "surgery-recent",
                "anticoagulant-deep", "antiplatelet-deep"}  # fmt: skip
    by_record = {rule.id for rule in rules() if any(t.effect == "fires" for t in rule.when)}
    assert by_record - {rule for rule, _, _ in SAID} == wordless
