"""A "no", a "not like this" or a "mind this" is a value.

Every room answers refusals and warnings as `Reason`: a code with parameters, the evidence it
rests on and its source. The sentence is made in one place from `sentences/*.toml`, so a page,
a FHIR OperationOutcome and a CDS Hooks card say the same thing in the reader's language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from filiform.words import Words


class Weight(StrEnum):
    """How much a reason weighs, strictest first (safety.md, "Class meaning")."""

    ABSOLUTE = "absolute"
    """Not at all in this scope; cleared only by correcting the data."""
    RELATIVE = "relative"
    """Not unless a clinician records why, and what is done differently."""
    PRECAUTION = "precaution"
    """Yes, with the stated change."""

    @property
    def rank(self) -> int:
        """0 is the strictest; for sorting."""
        return _RANKS[self]


_RANKS = {weight: rank for rank, weight in enumerate(Weight)}


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """What in the record a reason rests on, in the words and codes of the record."""

    resource: str
    """Where it stands: "MedicationRequest/123", or "answer/needle-phobia"."""
    text: str
    system: str | None = None
    code: str | None = None


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something can't be done, or can't be done like this.

    code: stable id; its sentence stands in `sentences/*.toml`.
    params: values for the sentence, already formatted with their units.
    because: the facts in the record; empty when the reason lies in the request itself.
    sources: keys of the clinical notes or names of published sources.
    """

    code: str
    weight: Weight = Weight.ABSOLUTE
    params: Mapping[str, str | int | float] = msgspec.field(default_factory=dict)
    because: tuple[Evidence, ...] = ()
    sources: tuple[str, ...] = ()


Reasons = tuple[Reason, ...]
"""Everything that stands against a thing; empty when nothing does."""


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a code says: what was got and what is allowed, then what to do next.

    sources: of the numbers that stand in the words themselves; those of its values are with them.
    """

    says: Words
    instead: Words | None = None
    sources: tuple[str, ...] = ()


@cache
def sentences() -> dict[str, Sentence]:
    """All sentences by code. Raises ValueError naming the file and the code on a defect."""
    found: dict[str, Sentence] = {}
    folder = files("filiform") / "sentences"
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".toml"):
            continue
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            # Two rooms could take the same code; the page would say the one's words of the other's
            # refusal.
            if code in found:
                raise ValueError(f"{path.name}: the code {code!r} has a sentence already")
            try:
                found[code] = msgspec.convert(entry, Sentence)
            except msgspec.ValidationError as error:
                raise ValueError(f"{path.name}, [{code}]: {error}") from None
    return found


def say(reason: Reason, language: str = "en") -> str:
    """The whole sentence of a reason in a language: what is wrong, then what to do instead."""
    sentence = sentences()[reason.code]
    parts = [sentence.says.in_language(language)]
    if sentence.instead is not None:
        parts.append(sentence.instead.in_language(language))
    # Without values a text stands as it is: a "%" in it is a percent sign then.
    return " ".join(part % reason.params if reason.params else part for part in parts)


def reason_json(reason: Reason, language: str = "en") -> dict[str, object]:
    """A reason as plain JSON values, in the keys of `filiform screen`, with its sentence."""
    return {
        "id": reason.code,
        "class": reason.weight.value,
        "text": say(reason, language),
        "params": dict(reason.params),
        "because": [msgspec.to_builtins(one) for one in reason.because],
        "sources": list(reason.sources),
    }
