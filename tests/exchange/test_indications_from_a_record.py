"""Which indication a record gives, by code and in words, and which it must not."""

from __future__ import annotations

from tests.exchange.test_every_rule_from_a_record import answer, resource
from tests.tables import check_each

from filiform.screening import indications

SAID = """
myofascial-pain-syndrome | C icd10 M79.1 | C icd10cm M79.18 | C text Myofascial pain syndrome
neck-pain | C icd10 M54.2 | C snomed 81680005 | C text Chronic neck pain
whiplash | C icd10 S13.4 | C text Whiplash injury
tension-type-headache | C icd10 G44.2 | C text Tension-type headache
cervicogenic-headache | C icd10cm G44.86 | C text Cervicogenic headache
migraine | C icd10 G43.9 | C snomed 37796009 | C text Migraine without aura
tmd-myogenous | C icd10 K07.6 | C text Temporomandibular joint disorder
shoulder-pain | C icd10 M25.51 | C text Shoulder pain
subacromial-pain | C icd10 M75.1 | C text Rotator cuff syndrome
lateral-epicondylalgia | C icd10 M77.1 | C text Lateral epicondylitis
low-back-pain | C icd10 M54.5 | C icd10cm M54.50 | C snomed 279039007 | C text Low back pain
radicular-pain | C icd10 M54.3 | C text Sciatica
hip-osteoarthritis | C icd10 M16.1 | C snomed 239872002
knee-osteoarthritis | C icd10 M17.0 | C snomed 239873007 | C text Osteoarthritis of knee
patellofemoral-pain | C icd10 M22.2 | C text Patellofemoral pain syndrome
plantar-heel-pain | C icd10 M72.2 | C text Plantar fasciitis
tendinopathy | C icd10 M76.6 | C text Achilles tendinopathy
ankle-instability | C icd10 S93.4 | C snomed 44465007 | C text Sprain of ankle
muscle-strain | C icd10 S76.3 | C text Hamstring strain
fibromyalgia | C icd10 M79.7 | C snomed 203082005
neuropathic-pain | C icd10 G56.0 | C text Carpal tunnel syndrome
chronic-pelvic-pain | C icd10 R10.2 | C text Chronic pelvic pain
chronic-primary-pain | C icd10 R52.2 | C snomed 82423001
"""
WAYS = [
    (rule.strip(), way.strip())
    for line in SAID.strip().splitlines()
    for rule, *ways in [line.split(" | ")]
    for way in ways
]


def test_the_record_gives_the_indication_while_the_complaint_lasts() -> None:
    check_each(WAYS, check_lasting)


def check_lasting(indication: str, way: str) -> None:
    assert indication in {one.id for one in answer(resource(way)).indications}
    over = {"clinicalStatus": {"coding": [{"code": "resolved"}]}, "abatementDateTime": "2019"}
    assert not answer(resource(way, onsetDateTime="2018", **over)).indications


def test_a_complaint_that_was_ruled_out_gives_none() -> None:
    def check(_indication: str, way: str) -> None:
        refuted = {"verificationStatus": {"coding": [{"code": "refuted"}]}}
        assert not answer(resource(way, **refuted)).indications

    check_each(WAYS, check)


def test_every_effect_lies_in_its_interval_and_names_its_source() -> None:
    for one in indications():
        for effect in one.effects:
            assert effect.source
            if effect.low is not None and effect.high is not None:
                assert effect.low <= effect.estimate <= effect.high, one.id
