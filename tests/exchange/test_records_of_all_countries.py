"""Small records in many languages and code lists: what must be found in them, and what must not."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from filiform.exchange.fhir import ReadBundle, read_bundle
from filiform.screening import screen

DAY = date(2026, 11, 28)
Json = dict[str, Any]
SCT, RX = "http://snomed.info/sct", "http://www.nlm.nih.gov/research/umls/rxnorm"
PERSON: Json = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1986-02-03"}


def record(*resources: Json, **person: Any) -> ReadBundle:
    entry = [{"resource": one} for one in (PERSON | person, *resources)]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entry}
    return read_bundle(json.dumps(whole).encode())


def fired(*resources: Json) -> set[str]:
    found = screen(record(*resources).disclosure(on=DAY), on=DAY)
    return {one.id for one in (*found.reasons, *found.elsewhere)}


def fact(kind: str, text: str = "", key: str = "code", **more: Any) -> Json:
    return {"resourceType": kind, "id": text or "x", "subject": {"reference": "Patient/p"},
            key: {"text": text}} | more  # fmt: skip


def result(name: str, said: str) -> Json:
    return fact("Observation", name, status="final", valueString=said)


def medicine(text: str, **more: Any) -> Json:
    return fact("MedicationStatement", text, "medicationCodeableConcept", status="active", **more)


def done(text: str, **more: Any) -> Json:
    return fact("Procedure", text, status="completed", performedDateTime="2020-01-01") | more


def condition(text: str, **more: Any) -> Json:
    return fact("Condition", text, clinicalStatus={"coding": [{"code": "active"}]}, **more)


MUST = {
    "hiv": [result("VIH anticuerpos", "reactivo"), result("HIV抗体", "陽性")],
    "anticoagulant-doac": [
        medicine("Дабигатрана этексилат 150 мг"), medicine("ريفاروكسابان ٢٠ ملغ"),
        medicine("エドキサバン錠30mg"), medicine("एपिक्साबैन 5 मिग्रा"),
    ],
    "anticoagulant-vka": [medicine("ワルファリンカリウム錠1mg"), medicine("وارفیرن ۵ ملی گرام")],
    "antiplatelet-single": [
        medicine(text) for text in (
            "Klopidogrel 75 mg tabletki", "Acetylsalicylsyra 75 mg", "Asetilsalisilik asit 100 mg",
            "Kyselina acetylsalicylová 100 mg", "Asetyylisalisyylihappo 100 mg",
            "Ácido acetilsalicílico 100 mg", "阿司匹林肠溶片 100mg",
        )
    ],
    "joint-replacement": [done("Implantation Hüft-TEP links"), done("Prothèse totale de genou")],
    "epilepsy": [condition("صرع")],
    "diabetes": [condition("मधुमेह")],
    "cancer-active": [condition("Рак молочной железы")],
}  # fmt: skip
MUST_NOT = {
    "hiv": [
        result(name, said) for name, said in (
            ("HIV-Test", "negativ"), ("Anti-HIV 1 e 2", "Não reagente"),
            ("HIV Ab", "non reattivo"), ("HIV", "niereaktywny"), ("Anti HIV", "negatif"),
            ("ВИЧ антитела", "не обнаружено"), ("HIV抗体", "阴性"),
        )
    ] + [done("Dépistage du VIH")],
    "epilepsy": [
        condition(text) for text in (
            "Keine Epilepsie", "V. a. Epilepsie", "Ausschluss Epilepsie", "Madre con epilepsia",
            "Niega epilepsia", "Pas d'épilepsie connue", "Epilepsi yok", "Bez padaczki",
        )
    ] + [done("EEG bij verdenking epilepsie")],
    "cancer-active": [
        condition("Antécédents familiaux de cancer du sein"),
        condition("Familieanamnese: borstkanker moeder"),
        done("Mamografía de cribado de cáncer de mama"),
    ],
    "fixation-hardware": [
        done("Metallentfernung Osteosynthese Tibia"), done("Ablation de matériel d'ostéosynthèse"),
        done("Retirada de material de osteosíntesis"),
    ],
    "pacemaker-electro": [done("Verwijderen pacemaker")],
    "breast-implant": [done("Explantation Brustimplantat")],
    "immunosuppressed": [
        medicine("Tacrolimus 0,1% zalf"), medicine("Prednisolon acetaat oogdruppels 1%"),
    ],
    "heparin": [medicine("Heparin-Natrium 30.000 Salbe")],
}  # fmt: skip


def test_what_a_rule_needs_is_found_in_the_words_of_other_countries_and_no_more() -> None:
    lost = [(rule, one["id"]) for rule, each in MUST.items() for one in each
            if rule not in fired(one)]  # fmt: skip
    invented = [(rule, one["id"]) for rule, each in MUST_NOT.items() for one in each
                if rule in fired(one)]  # fmt: skip
    assert (lost, invented) == ([], [])


PREGNANT = condition("Schwangerschaft", onsetDateTime="2026-09-01")
PREGNANCY = {"pregnancy-t1", "pregnancy-t2t3"}
ENDS = [
    done("Schwangerschaftsabbruch", performedDateTime="2026-10-01"),
    done("Induced termination of pregnancy", performedDateTime="2026-10-01"),
    condition("Fausse couche", onsetDateTime="2026-10-10"),
    condition("Aborto espontáneo", onsetDateTime="2026-10-10"),
    fact("Condition", onsetDateTime="2026-10-10", code={"coding": [
        {"system": "http://hl7.org/fhir/sid/icd-10", "code": "O03.9"}]}),
]  # fmt: skip
NO_ENDS = [
    condition("Fausse couche", onsetDateTime="2019-10-10"),
    condition("Fausse couche"),
    condition("Drohende Fehlgeburt", onsetDateTime="2026-10-10"),
    condition("Mutter: Fehlgeburt", onsetDateTime="2026-10-10"),
    done("Schwangerschaftsabbruch", performedDateTime="2026-10-01", status="preparation"),
    condition("Fausse couche", onsetDateTime="2026-10-10",
              verificationStatus={"coding": [{"code": "refuted"}]}),
]  # fmt: skip


def test_a_pregnancy_is_over_with_its_recorded_end_and_with_nothing_less() -> None:
    assert fired(PREGNANT) & PREGNANCY
    assert [one["id"] for one in ENDS if fired(PREGNANT, one) & PREGNANCY] == []
    assert [one["id"] for one in NO_ENDS if not fired(PREGNANT, one) & PREGNANCY] == []
    again = condition("Grossesse", onsetDateTime="2026-11-01")
    assert fired(ENDS[2], again) & PREGNANCY


def test_a_positive_pregnancy_test_is_a_pregnancy_in_every_language() -> None:
    tests = ("Schwangerschaftstest, Urin", "Test de grossesse", "Teste de gravidez", "妊娠検査")
    positive = ("positiv", "positif", "positivo", "陽性")
    negative = ("negativ", "négatif", "negativo", "陰性")
    for name, yes, no in zip(tests, positive, negative, strict=True):
        assert fired(result(name, yes)) & PREGNANCY, name
        assert not fired(result(name, no)) & PREGNANCY, name


NONE = [
    ("AllergyIntolerance", text) for text in (
        "Keine bekannten Allergien", "Geen bekende allergieën", "Inga kända allergier",
        "Brak znanych alergii", "Sem alergias conhecidas", "Аллергии отрицает",
        "Bilinen alerjisi yok", "アレルギーなし", "无过敏史", "لا توجد حساسية معروفة",
        "کوئی الرجی نہیں", "Ei tunnettuja allergioita", "Žádné známé alergie",
        "No se conocen alergias",
    )
] + [("MedicationStatement", text) for text in (
    "Ingen medicin", "Aucun traitement en cours", "常用薬なし")]  # fmt: skip
NOT_NONE = [
    "Medicines not known",
    "Allergies: latex, no others",
    "Allergie auf Nickel, keine weitere",
]


def test_none_known_is_understood_in_every_language_and_only_where_nothing_else_is_said() -> None:
    def says_none(kind: str, text: str) -> bool:
        key = "medicationCodeableConcept" if kind == "MedicationStatement" else "code"
        facts = record(fact(kind, text, key)).facts
        return bool(facts) and facts[0].none_known

    assert [text for kind, text in NONE if not says_none(kind, text)] == []
    assert [text for text in NOT_NONE if says_none("AllergyIntolerance", text)] == []


def test_a_logical_reference_that_leaves_something_out_finds_the_only_one_that_fits() -> None:
    who = [{"system": "x", "value": "1"}]
    warfarin = medicine("Warfarin")
    for subject, theirs in (({"value": "1"}, True), ({"value": "2"}, False),
                            ({"system": "y", "value": "1"}, False)):  # fmt: skip
        found = record(warfarin | {"subject": {"identifier": subject}}, identifier=who)
        assert bool(found.facts) is theirs
        assert bool(found.unread) is not theirs
    drug = {"resourceType": "Medication", "id": "d", "identifier": [{"system": "f", "value": "7"}],
            "code": {"text": "Rivaroxaban"}}  # fmt: skip
    order = {"resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
             "subject": {"reference": "Patient/p"},
             "medicationReference": {"identifier": {"system": "f", "value": "7"}}}  # fmt: skip
    assert "anticoagulant-doac" in fired(order, drug)
    other = drug | {"id": "e", "identifier": [{"system": "g", "value": "7"}]}
    vague = order | {"medicationReference": {"identifier": {"value": "7"}}}
    assert record(vague, drug, other).unread


def test_a_death_is_told_however_its_truth_is_spelt() -> None:
    assert record(deceasedBoolean="true").warnings
    assert not record(deceasedBoolean="false").warnings
