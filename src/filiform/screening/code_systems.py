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
_READ = frozenset({*LISTS.values(), ""})

_NAMES_ITS_LIST: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"snomed\.info|/sct\b|snomed"), SNOMED),
    # Codes of operations: named here, lest a pattern below takes them for diagnoses.
    (re.compile(r"icd-?_?10-?_?pcs"), ""),
    (re.compile(r"(icd|cie|cid|cim)-?_?10-?_?(cm|es)\b"), ICD10_CM),
    (re.compile(r"icd-?_?10-?_?gm"), ICD10_GM),
    (re.compile(r"(?<![a-z])(icd|cie|cid|cim|mkb|mkn|rhk|brcid|tautiluokitus)-?_?10"), ICD10),
    (re.compile(r"(icd|cie|cim)-?_?9"), ICD9_CM),
    (re.compile(r"(icd|cie|cim)-?_?11"), ICD11),
    (re.compile(r"icpc|ciap"), ICPC2),
    (re.compile(r"rxnorm"), RXNORM),
    (re.compile(r"(?<![a-z])unii(?![a-z])"), UNII),
    (re.compile(r"(?<![a-z])atc(?![a-z])"), ATC),
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


_LIKE_ATC = re.compile(r"\s*[A-DGHJLMNPRSV]\d\d[A-Z]{2}\d\d\s*", re.I)
# With its dot: a letter and digits alone could be of many lists.
_LIKE_ICD10 = re.compile(r"\s*[A-Z]\d\d\.\d{1,3}\s*")


@lru_cache(maxsize=20_000)
def list_of(system: str, code: str) -> str:
    """As `system_of`; a list nobody here knows is told by a code that only one list has.

    Every country has its own address for ATC and ICD-10, and new ones come; B01AF02 and G40.9 are
    the same everywhere. Danger in being wrong: a question too many.
    """
    known = system_of(system)
    if known in _READ or _plain(system) in _table():
        return known
    if _LIKE_ATC.fullmatch(code):
        return ATC
    return ICD10 if _LIKE_ICD10.fullmatch(code) else known


def name_of_unread(system: str) -> str:
    """The name of a code list that is known but not read (NDC, PZN, dm+d ...), else empty."""
    name, users = _table().get(_plain(system), ("", ""))
    return users if name == "unread" else ""


@lru_cache(maxsize=20_000)
def plain_code(system: str, code: str) -> str:
    """A code as the rules compare it. Danish SKS puts a D before ICD-10's own letter.

    Dagger and asterisk (G63.2*, E11.4†) say which of two codes comes first, and nothing else.
    """
    if system in (SNOMED, ICD11):
        code = _focus(system, code)
    plain = code.replace(".", "").strip().upper().rstrip("*†+!#-")
    if system == SKS and re.match(r"D[A-Z]\d", plain):
        return plain[1:]
    return plain


_SCT_FOCUS = re.compile(r"\s*(?:===|<<<)?\s*\(?\s*(\d{6,18})")


def _focus(system: str, code: str) -> str:
    """The concept that a code of several parts is about.

    SNOMED CT refines ("84757009 |Epilepsy| : 246112005 = 24484000"); what stands first is what it
    is. ICD-11 clusters ("8A60&XT5R") are read by prefix, but may come as an address.
    """
    if system == ICD11:
        return code.rstrip("/").rsplit("/mms/", 1)[-1]
    found = _SCT_FOCUS.match(code)
    return found[1] if found else code
