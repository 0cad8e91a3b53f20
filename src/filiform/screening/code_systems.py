"""Which code list an address means: one list goes by many addresses, one for each country.

`data/terminology/code_systems.tsv` holds the addresses that are known, with who uses them. An
address that is not in it is still read when it names its list ("…/CodeSystem/icd-10-xy").
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from filiform.disclosure import ATC, ICD10, ICD10_CM, LOINC, RXNORM, SNOMED
from filiform.screening.rulebook import data_folder

ICD10_GM = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"
SKS = "urn:oid:1.2.208.176.2.4"
ICD9_CM = "http://hl7.org/fhir/sid/icd-9-cm"
ICD11 = "http://id.who.int/icd/release/11/mms"
ICPC2 = "http://hl7.org/fhir/sid/icpc-2"
UNII = "http://fdasis.nlm.nih.gov"

LISTS = {
    "snomed": SNOMED, "icd-10": ICD10, "icd-10-cm": ICD10_CM, "icd-10-gm": ICD10_GM, "sks": SKS,
    "icd-9-cm": ICD9_CM, "icd-11": ICD11, "icpc-2": ICPC2, "atc": ATC, "rxnorm": RXNORM,
    "unii": UNII, "loinc": LOINC,
}  # fmt: skip
"""Short name of a list in the data → its usual address."""

_NAMES_ITS_LIST: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"snomed\.info|/sct\b|snomed"), SNOMED),
    (re.compile(r"icd-?_?10-?_?pcs"), ""),
    (re.compile(r"(icd|cie|cid|cim)-?_?10-?_?(cm|es)\b"), ICD10_CM),
    (re.compile(r"icd-?_?10-?_?gm"), ICD10_GM),
    (re.compile(r"(?<![a-z])(icd|cie|cid|cim|mkb|mkn|rhk|brcid|tautiluokitus)-?_?10"), ICD10),
    (re.compile(r"(icd|cie|cim)-?_?9"), ICD9_CM),
    (re.compile(r"(icd|cie|cim)-?_?11"), ICD11),
    (re.compile(r"icpc|ciap"), ICPC2),
    (re.compile(r"rxnorm"), RXNORM),
    (re.compile(r"(?<![a-z])unii(?![a-z])"), UNII),
    (re.compile(r"(?<![a-z])atc$"), ATC),
)
"""Tried from the top; the parts of an address that name the list, whoever publishes it."""


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Plain address → (name of the list, who uses it)."""
    lines = (data_folder() / "terminology" / "code_systems.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return {_plain(address): (name, users) for name, address, users, _source in rows}


def _plain(address: str) -> str:
    """An address without what differs by habit: capitals, https, a version, the last slash."""
    plain = address.strip().lower().split("|")[0].replace("https://", "http://", 1)
    plain = re.sub(r"^(http://)www\.(?=snomed|hl7)", r"\1", plain).rstrip("/")
    if re.fullmatch(r"[012](\.\d+)+", plain):
        plain = f"urn:oid:{plain}"
    return plain.replace("urn:oid:urn:oid:", "urn:oid:")


@lru_cache(maxsize=2_000)
def system_of(system: str) -> str:
    """The usual address of a code list that goes by several; any other address as it is.

    SNOMED CT is one list whatever its edition and version say: ids are unique among them all.
    """
    plain = _plain(system)
    name = _table().get(plain, ("", ""))[0]
    if name:
        return LISTS.get(name, system)
    if plain.startswith("urn:oid:2.16.840.1.113883.6.3."):  # translations of ICD-10
        return ICD10
    for pattern, known in _NAMES_ITS_LIST:
        if pattern.search(plain):
            return known or system
    return system


def name_of_unread(system: str) -> str:
    """The name of a code list that is known but not read (NDC, PZN, dm+d ...), else empty."""
    name, users = _table().get(_plain(system), ("", ""))
    return users if name == "unread" else ""


@lru_cache(maxsize=20_000)
def plain_code(system: str, code: str) -> str:
    """A code as the rules compare it. Danish SKS puts a D before ICD-10's own letter.

    Dagger and asterisk (G63.2*, E11.4†) say which of two codes comes first, and nothing else.
    """
    plain = code.replace(".", "").strip().upper().rstrip("*†+!#-")
    if system == SKS and re.match(r"D[A-Z]\d", plain):
        return plain[1:]
    return plain
