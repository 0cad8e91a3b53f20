"""Is the document about this patient? Importing another person's allergies harms two people."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio

from filiform.clinic.patients import folding
from filiform.clinic.patients.models import Patient
from filiform.clinic.web.times import written
from filiform.exchange.fhir.model import ReadPatient

SameOrNot = Literal["same", "different", "unknown"]
_ENDS_OPEN_LATIN = re.compile("[aeiouy]h?$")
_ENDS_OPEN_ARABIC = re.compile("[اہیےوۃةىؤئ]$")
_PARTICLES = frozenset(
    {
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "la", "le",
        "zu", "zur", "bin", "ibn", "bint", "al", "el", "ul", "ur",
    }
)  # fmt: skip
_LETTERS = (
    "а=a б=b в=v г=g ґ=g д=d е=e є=e ё=e ж=zh з=z и=i і=i ї=i й=i к=k л=l м=m н=n о=o п=p "
    "р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya "
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y "
    "φ=f χ=ch ψ=ps ω=o ά=a έ=e ή=i ί=i ό=o ύ=y ώ=o ϊ=i ϋ=y ΐ=i ΰ=y "
)
_IN_LATIN = str.maketrans(dict(pair.split("=") for pair in _LETTERS.split()))
"""As passports write names (ICAO 9303, ISO 843); й before a vowel is left to likeness."""
JOINED = 90.0
"""Likeness of whole names without their blanks: Abdul Rahman, Abdurrahman. Design value."""
LIKE = 85.0
"""Likeness of two folded words (0 to 100) from which they are one name. Design value."""


@dataclass(frozen=True)
class Identity:
    """How name, birth date and sex of a document agree with the patient's."""

    name: SameOrNot
    birth_date: SameOrNot
    sex: SameOrNot
    said: ReadPatient

    @property
    def born(self) -> str:
        """The birth date as far as the document knows it: "1951", "Apr 1951", "9 Apr 1951"."""
        born, known = self.said.birth_date, self.said.birth_date_known
        if born is None:
            return ""
        return written(born, {"year": "Y", "month": "M Y", "day": "j M Y"}[known])

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
        name=agreement_of_names(patient.name, names),
        birth_date=_agree(*_births(patient, said)),
        sex=_agree(_known(patient.sex), _known(said.sex)),
        said=said,
    )


def _known(sex: str) -> str | None:
    # "Other" and "unknown" are written for many reasons: they neither agree nor gainsay.
    return sex if sex in ("female", "male") else None


def _births(patient: Patient, said: ReadPatient) -> tuple[object, object]:
    """Both births cut to what is known of either: of "1951" only the year is compared, and
    somebody "about 60" was born in any of three years."""
    here, there = patient.birth_date, said.birth_date
    if there is None:
        return here, there
    # "About 60" may be a year off on either side.
    if patient.birth_date_known == "age":
        near = abs(here.year - there.year) <= 1
        return here.year, here.year if near else there.year
    known = {"year": 1, "month": 2, "day": 3}
    # No more is compared than both know.
    parts = min(known[patient.birth_date_known], known[said.birth_date_known])
    cut = [(one.year, one.month, one.day)[:parts] for one in (here, there)]
    return cut[0], cut[1]


def _agree(here: object, there: object) -> SameOrNot:
    if here is None or there is None:
        return "unknown"
    return "same" if here == there else "different"


def agreement_of_names(here: str, there: tuple[str, ...]) -> SameOrNot:
    """The same when every word of the shorter name is found in the longer one."""
    ours = _words(here)
    others = [_words(name) for name in there if _words(name)]
    if not ours or not others:
        return "unknown"
    return "same" if any(_like_in_one_script(ours, theirs) for theirs in others) else "different"


def _words(name: str) -> list[str]:
    """Plain words; the numbers that test records carry in their names are left away."""
    # A letter and its mark as one character, as the table of letters has them.
    latin = unicodedata.normalize("NFC", name).lower().translate(_IN_LATIN)
    words = ("".join(c for c in word if not c.isdigit()) for word in folding.words(latin))
    named = [word for word in words if word]
    # "Jan van den Berg" and "van der Berg Jan" differ in what every record writes otherwise.
    without = [word for word in named if word not in _PARTICLES]
    # "Al Din" is all that some names have.
    return without if len(without) > 1 else named


def _like_in_one_script(ours: list[str], theirs: list[str]) -> bool:
    """One name in Urdu and the other in Latin letters are compared by their consonants."""
    if any(map(folding.is_arabic, ours)) == any(map(folding.is_arabic, theirs)):
        folded = [[_folded(word) for word in words] for words in (ours, theirs)]
        return _like(*folded) or _like_when_joined(ours, theirs, *folded)
    bones = [[_bones(word) for word in words] for words in (ours, theirs)]
    apart = all(bones[0]) and all(bones[1]) and _like(*bones)
    return apart or _like_when_joined(ours, theirs, *bones)


def _like_when_joined(
    ours: list[str], theirs: list[str], our_words: list[str], their_words: list[str]
) -> bool:
    """Whether one only parts its words elsewhere: عبد الرحمن, Abdurrahman, 田中太郎."""
    if len(ours) == len(theirs) and not any(map(folding.is_arabic, (*ours, *theirs))):
        return False
    return ratio("".join(our_words), "".join(their_words)) >= JOINED


def _bones(word: str) -> str:
    """Consonants, and whether a vowel ends the word: Salma is not Saleem in Urdu letters."""
    bones = folding.skeleton(word)
    ends = _ENDS_OPEN_ARABIC if folding.is_arabic(word) else _ENDS_OPEN_LATIN
    # Long enough that likeness of the consonants alone does not reach LIKE without it.
    return bones + "+" * len(bones) if bones and ends.search(word) else bones


def _folded(word: str) -> str:
    return folding.fold(folding.ALIASES.get(word, word))


def _like(ours: list[str], theirs: list[str]) -> bool:
    short, long = sorted((ours, theirs), key=len)
    rest = list(long)
    for word in short:
        # Each word once: "Ali Ali" is not found in "Ali Khan".
        best = max(rest, key=lambda one: ratio(word, one))
        if ratio(word, best) < LIKE:
            return False
        rest.remove(best)
    return True
