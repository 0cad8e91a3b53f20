"""The rules of screening: their schema, and the loader that refuses an incomplete one.

The rules are text (`data/rules/*.toml`, `data/red_flags.toml`, `data/indications.toml`); the
format is explained in docs/reference/rule-format.md. Ids are those of the safety notes.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar

import msgspec

from filiform.disclosure import Kind, Sex
from filiform.reasons import Weight
from filiform.words import Words

Counts = Literal["while-active", "ever"]
RuleEffect = Literal["fires", "asks"]
Reach = Literal["whole-body", "regions", "place", "limb"]
Need = Literal["clearance", "second-signature"]
RuleBasis = Literal["measured", "guideline", "design", "expert"]
MeasureName = Literal[
    "inr",
    "platelets",
    "neutrophils",
    "cd4",
    "temperature",
    "systolic",
    "diastolic",
    "bmi",
    "hba1c",
    "egfr",
    "pcs",
]
FlagUrgency = Literal["emergency", "same-day", "urgent", "routine"]
T = TypeVar("T")


class RuleError(ValueError):
    """A data file of the rules is not usable; the message names file, rule and field."""


class Trigger(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, cache_hash=True
):
    """One way in which a record sets off a rule. Every stated field has to hold.

    concepts: ids of the terminology (data/terminology/*.toml), any of them.
    icd10, atc: code prefixes or ranges ("F20-F31"), any of them.
    text: patterns of words ("*ectomy", "total hip *") for what has no concept.
    measure with below, at_least or above: the newest value not older than within_days.
    counts: "while-active", or "ever" whatever its end.
    within_days: only so long after it began (procedures, measures: were done).
    after_end_days: goes on counting so long after its end (medicines that linger).
    for_days: only when it has lasted at least so long.
    distinct: so many different substances are needed.
    with_: a second trigger that has to hold too. without: one that must not.
    strength_mg_from: single strength in the medicine's text; weaker or unstated asks instead.
    unless_measured: silent when this was measured in the last ten years.
    stale: what is still called active after within_days "ends", or "asks".
    class, regions: where they differ from the rule's own.
    effect: "asks" puts the rule's question instead of assuming the answer.
    """

    concepts: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    measure: MeasureName | None = None
    below: float | None = None
    at_least: float | None = None
    above: float | None = None
    age_from_years: float | None = None
    age_under_years: float | None = None
    sex: Sex | None = None
    pregnancy: Literal["first", "later", "any"] | None = None
    counts: Counts = "while-active"
    within_days: int | None = None
    after_end_days: int = 0
    for_days: int = 0
    distinct: int = 1
    with_: Trigger | None = msgspec.field(name="with", default=None)
    without: Trigger | None = None
    strength_mg_from: float | None = None
    unless_measured: MeasureName | None = None
    weight: Weight | None = msgspec.field(name="class", default=None)
    regions: tuple[str, ...] | None = None
    stale: Literal["ends", "asks"] = "ends"
    effect: RuleEffect = "fires"

    def __post_init__(self) -> None:
        looks_at_facts = self.concepts or self.icd10 or self.atc or self.text
        looks_at_person = (
            self.measure or self.pregnancy or self.age_from_years or self.age_under_years
        )
        if not (looks_at_facts or looks_at_person):
            raise ValueError(
                "a trigger needs concepts, icd10, atc, text, measure, age or pregnancy"
            )
        bounds = [b for b in (self.below, self.at_least, self.above) if b is not None]
        # Without an age limit a value of ten years ago would decide today.
        if self.measure and (len(bounds) != 1 or self.within_days is None):
            raise ValueError("a measure needs one of below, at_least, above, and within_days")


class Stricter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Regions in which the rule weighs more than elsewhere."""

    regions: tuple[str, ...]
    weight: Weight = msgspec.field(name="class")


class AskedOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom a question makes sense for; unknown sex or age is asked."""

    sex: Literal["female", "male"] | None = None
    age_from_years: float = 0
    age_under_years: float = 200
    regions: tuple[str, ...] = ()
    """Only when one of these regions, or no site at all, is asked about."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One contraindication or precaution.

    weight: "class" in data and JSON.
    scope: where it applies, as a reader sees it; reach and regions say it to the engine.
    place_only: it holds only for muscles that are named, so it is silent without sites.
    both_sides: set off by needling its regions on both sides at once.
    needs: what a written reason for needling all the same needs beside it: a letter of
        clearance, or the signature of a second practitioner.
    cleared_to: the class that is left once a letter of clearance is there.
    asked: "everyone", or "when-unsure" (something in the record raises the question), or "never".
    ask_kind: a "nothing known" about this kind answers the question.
    answer: "settles" – a no outweighs the record (fear, fasting, consent today);
        "adds" – a yes counts, a no does not silence the record.
    replaced_by: rules that say the same more strictly.
    answered_by: rules whose firing answers this rule's question too.
    each_time: asked anew before every treatment; an answer holds for its own treatment only.
    who_answers: a practitioner's question is never put to the patient.
    basis: "measured" by a study, "guideline", "design" value of ours or "expert" opinion.
    date: the day on which the rule was last worded, YYYY-MM-DD.
    """

    id: str
    weight: Weight = msgspec.field(name="class")
    scope: Words
    reach: Reach = "whole-body"
    regions: tuple[str, ...] = ()
    stricter: tuple[Stricter, ...] = ()
    place_only: bool = False
    both_sides: bool = False
    needs: tuple[Need, ...] = ()
    cleared_to: Weight | None = None
    name: Words
    why: Words
    instead: Words
    ask: Words | None = None
    asked: Literal["everyone", "when-unsure", "never"] = "when-unsure"
    asked_of: AskedOf = AskedOf()
    ask_kind: Kind | None = None
    answer: Literal["settles", "adds"] = "adds"
    when: tuple[Trigger, ...] = ()
    replaced_by: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    each_time: bool = False
    who_answers: Literal["patient", "practitioner"] = "patient"
    sources: tuple[str, ...]
    basis: RuleBasis
    date: str

    def __post_init__(self) -> None:
        _require_urdu(self, ("scope", "name", "why", "instead"))
        if not self.sources:
            raise ValueError("sources is empty; name at least one")
        if self.reach == "regions" and not self.regions:
            raise ValueError("reach is 'regions' but regions is empty")
        if self.ask is None and (self.asked == "everyone" or self._asks()):
            raise ValueError("the rule asks, but has no question (ask)")
        if self.both_sides and not self.regions:
            raise ValueError("both_sides is true but regions is empty")
        if self.cleared_to is not None and "clearance" not in self.needs:
            raise ValueError("cleared_to is stated but needs has no 'clearance'")
        if self.each_time and self.ask is None:
            raise ValueError("each_time is true but there is no question (ask)")
        if not self.when and self.ask is None:
            raise ValueError("the rule can never fire: it has neither when nor ask")

    def _asks(self) -> bool:
        return any(trigger.effect == "asks" for trigger in self.when)


class RedFlag(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A cluster of signs that sends the patient elsewhere before any needle."""

    id: str
    urgency: FlagUrgency
    name: Words
    think_of: Words
    instead: Words
    ask: Words
    asked: Literal["everyone", "when-unsure"] = "everyone"
    asked_of: AskedOf = AskedOf()
    when: tuple[Trigger, ...] = ()
    sources: tuple[str, ...]
    basis: RuleBasis
    date: str

    def __post_init__(self) -> None:
        _require_urdu(self, ("name", "think_of", "instead", "ask"))


class Effectiveness(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One published effect, as printed: negative pain differences favour needling."""

    measure: str
    estimate: float
    low: float | None = None
    high: float | None = None
    against: str
    horizon: Literal["immediate", "short", "mid", "long"]
    source: str


class Indication(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A complaint or diagnosis for which needling has been tried, and what came of it."""

    id: str
    name: Words
    advice: Literal["recommend", "consider", "insufficient", "against"]
    certainty: Literal["high", "moderate", "low-moderate", "low", "very low", "none"]
    expect: Words
    effects: tuple[Effectiveness, ...] = ()
    when: tuple[Trigger, ...]
    sources: tuple[str, ...]
    date: str

    def __post_init__(self) -> None:
        _require_urdu(self, ("name", "expect"))
        if not self.when:
            raise ValueError("when is empty: the indication can never apply")


def _require_urdu(entry: object, fields: tuple[str, ...]) -> None:
    for field in fields:
        if not getattr(entry, field).ur.strip():
            raise ValueError(f"{field} has no Urdu text (ur)")


def data_folder() -> Traversable:
    return files("filiform.screening") / "data"


def data_files(folder: Traversable | None = None) -> Iterator[tuple[str, Traversable]]:
    """Every data file that decides an answer, by name; the cases for tests are not among them,
    nor what is worked out from other files."""
    folder = folder or data_folder()
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        # Cases test the rules, packed files repeat the data, and which questions are asked before
        # a booking decides no answer: none of them makes another release.
        if entry.name == "at_booking.toml":
            continue
        if entry.is_dir() and entry.name not in ("cases", "packed"):
            yield from data_files(entry)
        elif entry.name.endswith((".toml", ".tsv")):
            yield entry.name, entry


def read_entries(text: str, file: str, table: str, shape: type[T]) -> list[T]:
    """The `[[table]]` entries of a TOML text; RuleError names file, entry and field."""
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{file}: not valid TOML: {error}") from None
    # A misspelt table would be rules that nobody reads: refused, as a misspelt field is.
    unknown = sorted(set(document) - {table})
    if unknown:
        raise RuleError(f"{file}: unknown table {unknown[0]!r}; allowed is [[{table}]]")
    entries = []
    for number, raw in enumerate(document.get(table, []), start=1):
        label = raw.get("id", f"number {number}") if isinstance(raw, dict) else f"number {number}"
        try:
            entries.append(msgspec.convert(raw, shape))
        except msgspec.ValidationError as error:
            raise RuleError(f"{file}, {table} {label}: {error}") from None
    return entries


RuleEntry = TypeVar("RuleEntry", Rule, RedFlag, Indication)


def _unique(entries: list[RuleEntry], file: str) -> tuple[RuleEntry, ...]:
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise RuleError(f"{file}: the id {entry.id!r} is used twice")
        seen.add(entry.id)
    return tuple(entries)


@cache
def rules() -> tuple[Rule, ...]:
    """All contraindications and precautions, in the order of the safety notes."""
    found: list[Rule] = []
    for name, file in data_files(data_folder() / "rules"):
        found += read_entries(file.read_text("utf-8"), name, "rule", Rule)
    return _unique(found, "rules")


@cache
def red_flags() -> tuple[RedFlag, ...]:
    text = (data_folder() / "red_flags.toml").read_text("utf-8")
    return _unique(read_entries(text, "red_flags.toml", "red_flag", RedFlag), "red_flags.toml")


@cache
def indications() -> tuple[Indication, ...]:
    text = (data_folder() / "indications.toml").read_text("utf-8")
    found = read_entries(text, "indications.toml", "indication", Indication)
    return _unique(found, "indications.toml")


VERSION = "2025.1"


@cache
def release() -> str:
    """The version of the rules: a name by date and a hash over every data file's content."""
    digest = hashlib.sha256()
    for name, path in data_files():
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return f"{VERSION}+{digest.hexdigest()[:12]}"
