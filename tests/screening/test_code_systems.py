"""Code lists under the addresses of many countries, and what their codes mean to the rules."""

from __future__ import annotations

import re

from filiform.disclosure import ATC, ICD10, ICD10_CM, RXNORM, SNOMED, Coding, Kind, Statement
from filiform.screening.code_maps import _FILES, _table, mapped
from filiform.screening.code_systems import (
    ICD9_CM,
    ICD10_GM,
    ICD11,
    ICPC2,
    LISTS,
    SKS,
    UNII,
    name_of_unread,
    plain_code,
    system_of,
)
from filiform.screening.concept_matching import match_concepts
from filiform.screening.rulebook import data_folder
from filiform.screening.terminology import concepts

ADDRESSES = {
    SNOMED: ("http://snomed.info/sct/900000000000207008", "https://snomed.info/sct/",
             "http://snomed.info/sct/11000172109/version/20250315",
             "2.16.840.1.113883.6.96", "URN:OID:2.16.840.1.113883.6.96"),
    ICD10: ("urn:oid:1.3.6.1.4.1.12559.11.10.1.3.1.44.2", "1.2.40.0.34.5.171",
            "https://termgit.elga.gv.at/CodeSystem/icd-10-bmsgpk-2031",
            "http://www.saude.gov.br/fhir/r4/CodeSystem/BRCID10",
            "urn:oid:2.16.840.1.113883.6.3.2", "http://hl7.org/fhir/sid/icd-10-nl",
            "https://smt.esante.gouv.fr/terminologie-cim-10/", "urn:oid:2.16.578.1.12.4.1.1.7110",
            "urn:oid:1.2.246.537.6.1.1999", "urn:oid:1.2.752.116.1.1.1.1.8",
            "http://example.org/fhir/CodeSystem/mkb-10", "eHealth/ICD10_AM/condition_codes",
            "http://hl7.org/fhir/sid/icd-10|2019"),
    ICD10_GM: ("http://fhir.de/CodeSystem/dimdi/icd-10-gm", "urn:oid:1.2.276.0.76.5.409"),
    ICD10_CM: ("https://twcore.mohw.gov.tw/ig/twcore/CodeSystem/icd-10-cm-2026-tw",
               "http://terminology.hl7.org/CodeSystem/icd10cm"),
    ICPC2: ("http://www.saude.gov.br/fhir/r4/CodeSystem/BRCIAP2", "http://hl7.org/fhir/sid/icpc-1"),
    ICD9_CM: ("urn:oid:2.16.840.1.113883.6.103",),
    ICD11: ("https://id.who.int/icd/release/11/mms/",),
    ATC: ("http://fhir.de/CodeSystem/bfarm/atc", "urn:oid:2.16.578.1.12.4.1.1.7180",
          "http://www.whocc.no/ATC"),
    RXNORM: ("urn:oid:2.16.840.1.113883.6.88",),
    UNII: ("http://fdasis.nlm.nih.gov", "urn:oid:2.16.840.1.113883.4.9"),
}  # fmt: skip


def test_a_code_list_is_known_under_the_addresses_of_every_country() -> None:
    wrong = [
        (address, system_of(address), usual)
        for usual, addresses in ADDRESSES.items()
        for address in (usual, *addresses)
        if system_of(address) != usual
    ]
    assert not wrong


def test_an_address_that_only_resembles_a_list_is_not_taken_for_it() -> None:
    others = ("http://hl7.org/fhir/sid/icd-10-pcs", "http://fhir.de/CodeSystem/ifa/pzn",
              "https://example.org/catch-rate", "http://hl7.org/fhir/sid/ndc",
              "https://fhir.kbv.de/CodeSystem/KBV_CS_SFHIR_ICD_SEITENLOKALISATION")  # fmt: skip
    assert not [one for one in others if system_of(one) in LISTS.values()]


def test_lists_that_are_not_read_have_a_name_to_say_so() -> None:
    unread = ("http://hl7.org/fhir/sid/ndc", "http://fhir.de/CodeSystem/ifa/pzn",
              "https://dmd.nhs.uk", "urn:oid:2.16.840.1.113883.2.4.4.10")  # fmt: skip
    assert not [one for one in unread if not name_of_unread(one)]
    assert not name_of_unread(SNOMED)


CODES = (
    (ICPC2, "N88", "condition", "G40"), (ICPC2, "K77", "condition", "I50"),
    (ICPC2, "T90", "condition", "E11"), (ICD9_CM, "345.90", "condition", "G40"),
    (ICD9_CM, "345.3", "condition", "G41"), (ICD9_CM, "V58.61", "condition", "Z7901"),
    (ICD9_CM, "174.4", "condition", "C50"), (ICD11, "8A60.0", "condition", "G40"),
    (ICD11, "2C61.Z", "condition", "C50"), (ICD10, "M81.0", "condition", "M810"),
    (ICD10, "G63.2*", "condition", "G632"), (SKS, "DE119", "condition", "E119"),
    (ICD10_CM, "Z95.810", "condition", "Z950"), (ICD10_CM, "Z95.820", "condition", "Z9582"),
    (ICD10_GM, "Z95.0", "condition", "Z950"),
)  # fmt: skip
MEAN_CONCEPTS = (
    (ICD10_CM, "Z79.02", "condition", "antiplatelet-use"),
    (ICD10_CM, "Z79.60", "condition", "immunosuppressant-use"),
    (ICD10_CM, "Z79.4", "condition", "diabetes-medicine-use"),
    (ICD10_CM, "Z95.811", "condition", "heart-assist"),
    (ICD10_GM, "Z95.81", "condition", "vascular-port"),
    (ICPC2, "S18", "condition", "open-wound"),
    (SNOMED, "705643001", "device", "coronary-stent"),
    (SNOMED, "69805005", "device", "insulin-pump"),
    (RXNORM, "1114198", "medicine", "rivaroxaban"),
    (UNII, "R16CO5Y76E", "medicine", "aspirin"),
    (UNII, "6153CWM0CL", "medicine", "warfarin"),
)


def test_a_code_of_another_list_means_what_its_icd_10_code_means() -> None:
    wrong = []
    for system, code, kind, icd10 in CODES:
        fact = Statement(id="x", kind=Kind(kind), text="", codings=(Coding(system, code),))
        if match_concepts(fact).icd10 != {icd10}:
            wrong.append((system, code, sorted(match_concepts(fact).icd10), icd10))
    assert not wrong


def test_a_code_with_a_meaning_of_ours_names_the_concept() -> None:
    wrong = []
    for system, code, kind, concept in MEAN_CONCEPTS:
        fact = Statement(id="x", kind=Kind(kind), text="", codings=(Coding(system, code),))
        if concept not in match_concepts(fact).concepts:
            wrong.append((system, code, sorted(match_concepts(fact).concepts), concept))
    assert not wrong


def test_the_records_own_atc_decides_before_the_name() -> None:
    skin = Statement(id="x", kind=Kind.MEDICINE, text="Heparin", codings=(Coding(ATC, "C05BA03"),))
    assert match_concepts(skin).atc == {"C05BA03"}


def test_every_table_names_only_codes_and_concepts_that_there_are() -> None:
    wrong = []
    for system, name in _FILES.items():
        exact, ranges = _table(system)
        for code, meaning in [*exact.items(), *ranges]:
            wrong += [(name, code, one) for one in meaning.concepts if one not in concepts()]
            wrong += [(name, code, one) for one in meaning.icd10
                      if not re.fullmatch(r"[A-Z]\d\d\w{0,4}", one)]  # fmt: skip
        path = data_folder() / "terminology" / "codes" / f"{name}.tsv"
        text = path.read_text("utf-8")
        codes = [code for line in text.splitlines() if "\t" in line and line[0] != "#"
                 for code in line.split("\t")[1].split()]  # fmt: skip
        wrong += [(name, code, "twice") for code in codes if codes.count(code) > 1]
        if "# Source:" not in text and "Source:" not in text:
            wrong.append((name, "", "no source"))
    assert not wrong


def test_the_longest_prefix_says_most() -> None:
    assert mapped(ICD9_CM, plain_code(ICD9_CM, "250.60")).icd10 == {"E114"}
    assert mapped(ICD9_CM, plain_code(ICD9_CM, "250.00")).icd10 == {"E11"}


def test_rxnorm_codes_mean_what_their_own_names_mean_at_every_term_type() -> None:
    """Codes of the release of 6 October 2025, none of which stands in the concepts' own entries."""
    expected = {
        "855338": {"warfarin"},  # SCD: warfarin sodium 6 MG Oral Tablet
        "855337": {"warfarin"},  # SCDC: its strength
        "405155": {"warfarin"},  # BN: Jantoven
        "259081": {"aspirin", "dipyridamole"},  # MIN
        "1117": set(),  # of no medicine of ours
    }
    found = {
        code: match_concepts(
            Statement(id="", kind=Kind.MEDICINE, text=code, codings=(Coding(RXNORM, code),))
        ).concepts
        for code in expected
    }
    assert found == expected


def test_another_medicine_is_no_misspelling_of_ours() -> None:
    def meant(text: str) -> frozenset[str]:
        found = match_concepts(Statement(id="", kind=Kind.MEDICINE, text=text))
        return found.concepts | found.similar

    for other in ("pentobarbital 100 mg", "Cycloserine", "rifaximin 550 MG", "procainamide"):
        assert not meant(other), other
    assert meant("phenobarbitol") == {"phenobarbital"}
