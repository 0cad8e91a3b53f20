"""Is the document about this patient? Importing another person's allergies harms two people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio

from filiform.clinic.patients import folding
from filiform.clinic.patients.models import Patient
from filiform.exchange.fhir.model import ReadPatient

Agreement = Literal["same", "different", "unknown"]
LIKE = 85.0
"""Likeness of two folded words (0 to 100) from which they are one name. Design value."""


@dataclass(frozen=True)
class Identity:
    """How name, birth date and sex of a document agree with the patient's."""

    name: Agreement
    birth_date: Agreement
    sex: Agreement
    said: ReadPatient

    @property
    def verdict(self) -> Literal["same", "doubtful", "another"]:
        """another: refused. doubtful: only with a reason. same: name and birth date agree."""
        if self.name != "same" and self.birth_date == "different":
            return "another"
        if self.name == "different" and self.birth_date != "same":
            return "another"
        agree = self.name == "same" and self.birth_date == "same" and self.sex != "different"
        return "same" if agree else "doubtful"


def compare(patient: Patient, said: ReadPatient) -> Identity:
    names = said.names or ((said.name,) if said.name else ())
    return Identity(
        name=_names(patient.name, names),
        birth_date=_agree(patient.birth_date, said.birth_date),
        sex=_agree(_known(patient.sex), _known(said.sex)),
        said=said,
    )


def _known(sex: str) -> str | None:
    return sex if sex in ("female", "male") else None


def _agree(here: object, there: object) -> Agreement:
    if here is None or there is None:
        return "unknown"
    return "same" if here == there else "different"


def _names(here: str, there: tuple[str, ...]) -> Agreement:
    """The same when every word of the shorter name is found in the longer one."""
    ours = _words(here)
    others = [_words(name) for name in there if _words(name)]
    if not ours or not others:
        return "unknown"
    return "same" if any(_like_in_one_script(ours, theirs) for theirs in others) else "different"


def _words(name: str) -> list[str]:
    """Plain words; the numbers that test records carry in their names are left away."""
    words = ("".join(c for c in word if not c.isdigit()) for word in folding.words(name))
    return [word for word in words if word]


def _like_in_one_script(ours: list[str], theirs: list[str]) -> bool:
    """One name in Urdu and the other in Latin letters are compared by their consonants."""
    if any(map(folding.is_arabic, ours)) == any(map(folding.is_arabic, theirs)):
        return _like(*([_folded(word) for word in words] for words in (ours, theirs)))
    bones = [[folding.skeleton(word) for word in words] for words in (ours, theirs)]
    return all(bones[0]) and all(bones[1]) and _like(*bones)


def _folded(word: str) -> str:
    return folding.fold(folding.ALIASES.get(word, word))


def _like(ours: list[str], theirs: list[str]) -> bool:
    short, long = sorted((ours, theirs), key=len)
    rest = list(long)
    for word in short:
        best = max(rest, key=lambda one: ratio(word, one))
        if ratio(word, best) < LIKE:
            return False
        rest.remove(best)
    return True
