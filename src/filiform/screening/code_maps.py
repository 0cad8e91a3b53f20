"""From the codes of other lists to ICD-10 and to our concepts.

Rules speak ICD-10 and ATC. `data/terminology/codes/*.tsv` says for every other list which of its
codes mean the same, one file a list, read when a record first uses that list. The longest prefix
decides: of 345 (epilepsy) and 345.2 (status epilepticus) the second says more.
"""

from __future__ import annotations

from functools import cache, lru_cache

import msgspec

from filiform.disclosure import ICD10, ICD10_CM, RXNORM, SNOMED
from filiform.screening.code_systems import ICD9_CM, ICD10_GM, ICD11, ICPC2, SKS, UNII
from filiform.screening.codes import compact, within
from filiform.screening.rulebook import RuleError, data_folder

_FILES = {
    ICPC2: "icpc-2", ICD9_CM: "icd-9-cm", ICD11: "icd-11", ICD10_CM: "icd-10-cm",
    ICD10_GM: "icd-10-gm", SNOMED: "snomed", RXNORM: "rxnorm", UNII: "unii",
}  # fmt: skip
_SAYS_ICD10 = frozenset({ICD10, ICD10_CM, ICD10_GM, SKS})
"""Lists whose codes are ICD-10's own, but for the exceptions in their file."""
_WHOLE = frozenset({SNOMED, RXNORM, UNII})
"""Lists whose codes have no parts: a code is looked up as it stands."""


class Mapped(msgspec.Struct, frozen=True):
    """What a code means: ICD-10 codes (compact) and ids of our concepts."""

    icd10: frozenset[str] = frozenset()
    concepts: frozenset[str] = frozenset()


@cache
def _table(system: str) -> tuple[dict[str, Mapped], tuple[tuple[str, Mapped], ...]]:
    """(code → meaning, ranges with their meaning). Raises RuleError naming file and line."""
    file = f"{_FILES[system]}.tsv"
    path = data_folder() / "terminology" / "codes" / file
    exact: dict[str, Mapped] = {}
    ranges: list[tuple[str, Mapped]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.startswith(("#", "icd10\t", "concept\t")):
            continue
        target, tab, codes = line.partition("\t")
        if not tab or not codes.strip():
            raise RuleError(f"{file}, line {number}: a meaning, a tab and codes are needed")
        meaning = _meaning(target, system)
        for code in codes.split():
            if "-" in code and system not in _WHOLE:
                ranges.append((code, meaning))
            else:
                exact[code if system in _WHOLE else compact(code)] = meaning
    return exact, tuple(ranges)


def _meaning(target: str, system: str) -> Mapped:
    # Looked at and found to mean nothing here; its parent's meaning must not stand in for it.
    if target == "-":
        return Mapped()
    if target.startswith("=") or system in _WHOLE:
        return Mapped(concepts=frozenset(target.removeprefix("=").split()))
    return Mapped(icd10=frozenset({compact(target)}))


@lru_cache(maxsize=20_000)
def mapped(system: str, code: str) -> Mapped:
    """What a code of a list means; `system` is the list's usual address, `code` is plain.

    Codes of ICD-10 mean themselves unless their national list says otherwise.
    """
    own = Mapped(icd10=frozenset({code})) if system in _SAYS_ICD10 else Mapped()
    if system not in _FILES:
        return own
    exact, ranges = _table(system)
    if system in _WHOLE:
        return exact.get(code, own)
    # The longest prefix says most: a country refines ICD-10 below a code, never above it.
    for length in range(len(code), 1, -1):
        prefix = code[:length]
        if prefix in exact:
            return exact[prefix]
        for span, meaning in ranges:
            if len(compact(span.partition("-")[0])) == length and within(prefix, span):
                return meaning
    return own


def reads(system: str) -> bool:
    """Whether codes of this list are understood at all."""
    return system in _FILES or system in _SAYS_ICD10
