"""What the words around a name make of it: denied, prevented, doubted, a relative's, long past.

The ConText algorithm (Harkema 2009, after NegEx, Chapman 2001) on the titles of a record: a trigger
acts on what stands before or after it, up to an ending word or the end of the sentence. The
triggers are data (`data/terminology/context/*.tsv`) in some twenty languages, all tried on every
text, because records seldom say in which language they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

from filiform.screening.folding import words_of
from filiform.screening.packing import kept
from filiform.screening.rulebook import RuleError, data_folder

Effect = Literal["negated", "prevented", "possible", "family", "history", "pseudo", "end"]
Direction = Literal["forward", "backward", "both", "last"]
Span = tuple[int, int]
"""First word and the word after the last."""

_SENTENCES = re.compile(r"(?<=\w{3})\.\s+|[;\n|。；]")
_TAGS = re.compile(r"\((disorder|finding|situation|procedure|substance|product|physical object)\)")
"""SNOMED CT's own tags at the end of its names."""


class ContextTrigger(msgspec.Struct, frozen=True, array_like=True):
    """Words that change the meaning of what stands beside them."""

    words: tuple[str, ...]
    effect: Effect
    direction: Direction


class _Row(msgspec.Struct, frozen=True):
    language: str
    effect: Effect
    direction: Direction
    phrase: str


@cache
def triggers() -> dict[str, tuple[ContextTrigger, ...]]:
    """All triggers by their first word. Raises RuleError naming file and line on a defect."""
    return kept("triggers", dict[str, tuple[ContextTrigger, ...]], _read_triggers)


def _read_triggers() -> dict[str, tuple[ContextTrigger, ...]]:
    found: dict[str, dict[ContextTrigger, None]] = {}
    for file in ("published.tsv", "own.tsv"):
        path = data_folder() / "terminology" / "context" / file
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if line.startswith(("#", "language\t")):
                continue
            cells = dict(zip(_Row.__struct_fields__, line.split("\t"), strict=False))
            try:
                row = msgspec.convert(cells, _Row)
            except msgspec.ValidationError as error:
                raise RuleError(f"{file}, line {number}: {error}") from None
            words = words_of(row.phrase)
            trigger = ContextTrigger(words, row.effect, row.direction)
            found.setdefault(words[0], {})[trigger] = None
    return {word: tuple(group) for word, group in found.items()}


def sentences(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of each sentence of a text. "Epilepsy?" ends with a doubt, said as a word."""
    # Narratives come as HTML, and a question mark is how clinicians write a suspicion.
    plain = _TAGS.sub(" ", text).replace("?", " possible ").replace("؟", " possible ")
    return tuple(words for part in _SENTENCES.split(plain) if (words := words_of(part)))


def _found(words: tuple[str, ...], names: Iterable[Span]) -> list[tuple[Span, ContextTrigger]]:
    """Triggers of a sentence, the longest where they overlap.

    Words that belong to a name ("not pregnant", "fear of needles") trigger nothing.
    """
    index = triggers()
    if index.keys().isdisjoint(words):
        return []
    spans = [
        ((start, start + len(trigger.words)), trigger)
        for start, word in enumerate(words)
        for trigger in index.get(word, ())
        if words[start : start + len(trigger.words)] == trigger.words
    ]
    taken = [*names, *(span for span, _ in spans)]
    return [
        (span, trigger)
        for span, trigger in spans
        if not any(a <= span[0] and span[1] <= b and b - a > span[1] - span[0] for a, b in taken)
        and not any(span == name for name in names)
    ]


def effects(
    words: tuple[str, ...], names: Iterable[Span]
) -> tuple[dict[Span, set[Effect]], list[set[Effect]]]:
    """(name → what acts on it, for each word what acts on it) within one sentence.

    A trigger's own words count as acted upon. `names` are the spans of concepts' names.
    """
    names = tuple(names)
    found = _found(words, names)
    if not found:
        return {name: set() for name in names}, [set() for _ in words]
    stops = [span for span, trigger in found if trigger.effect == "end"]
    acting: list[set[Effect]] = [set() for _ in words]
    for span, trigger in found:
        if trigger.effect in ("end", "pseudo"):
            continue
        for at in range(*_scope(span, trigger, stops, len(words))):
            acting[at].add(trigger.effect)
    # A name is denied only when all its words are: half a name may lie beyond the reach of a "no".
    return {name: set.intersection(*(acting[at] for at in range(*name))) for name in names}, acting


def _scope(span: Span, trigger: ContextTrigger, stops: list[Span], length: int) -> Span:
    """Which words a trigger acts on, its own included."""
    start, end = span
    before = max((stop[1] for stop in stops if stop[1] <= start), default=0)
    after = min((stop[0] for stop in stops if stop[0] >= end), default=length)
    if trigger.direction == "forward":
        return start, after
    if trigger.direction == "backward":
        return before, end
    if trigger.direction == "last":
        return (before, end) if end == length else (start, start)
    return before, after
