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

from filiform.screening.folding import without_article, words_of
from filiform.screening.packing import kept
from filiform.screening.rulebook import RuleError, data_folder

ContextEffect = Literal[
    "negated", "prevented", "possible", "family", "history", "pseudo", "end", "perhaps"
]
"""perhaps: denied or past if the words beyond a comma still belong to the trigger. No row of the
data says so; it is what becomes of a trigger that reaches over a comma."""
Direction = Literal["forward", "backward", "both", "last"]
WordSpan = tuple[int, int]
"""First word and the word after the last."""

_SENTENCES = re.compile(r"(?<=\w{3})\.\s+|[;\n|。；]")
_COMMAS = re.compile(r"([,،，、()（）])(?!\d)")
_DOUBT_AFTER = re.compile(r"(?<=\w)\s*[?؟？](?=\s|$)")
"""A doubt of what stands before it; "?epilepsy" doubts what follows."""
_MINUS = re.compile(r"[(（]\s*[-−–ー]\s*[)）]")
_PLUS = re.compile(r"[(（]\s*\++\s*[)）]")
"""Laboratory's shorthand in the histories of Japan and China: 糖尿病(-), 高血圧(+)."""
_TAGS = re.compile(r"\((disorder|finding|situation|procedure|substance|product|physical object)\)")
"""SNOMED CT's own tags at the end of its names."""


class ContextTrigger(msgspec.Struct, frozen=True, array_like=True):
    """Words that change the meaning of what stands beside them."""

    words: tuple[str, ...]
    effect: ContextEffect
    direction: Direction


class FoldedSentence(msgspec.Struct, frozen=True):
    """The words of a sentence, and where a comma or bracket parts them.

    breaks: index of the first word after a comma. lists: those after 、, which in Chinese parts
    the things of a list, and only in Japanese the parts of a sentence.
    """

    words: tuple[str, ...]
    breaks: tuple[int, ...] = ()
    lists: tuple[int, ...] = ()


class _Row(msgspec.Struct, frozen=True):
    language: str
    effect: ContextEffect
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
            words = without_article(words_of(row.phrase))
            trigger = ContextTrigger(words, row.effect, row.direction)
            found.setdefault(words[0], {})[trigger] = None
    return {word: tuple(group) for word, group in found.items()}


def sentences(text: str) -> tuple[FoldedSentence, ...]:
    """The sentences of a text. "Epilepsy?" ends with a doubt, said as a word."""
    # Narratives come as HTML, and a question mark is how clinicians write a suspicion.
    plain = _DOUBT_AFTER.sub(" possible;", _TAGS.sub(" ", text))
    plain = plain.replace("?", " possible ").replace("؟", " possible ")
    plain = _PLUS.sub(" but ", _MINUS.sub(" not present ", plain))
    found = (_sentence(part) for part in _SENTENCES.split(plain))
    return tuple(one for one in found if one.words)


def _sentence(text: str) -> FoldedSentence:
    words: list[str] = []
    breaks: list[int] = []
    lists: list[int] = []
    mark = ""
    for piece in _COMMAS.split(text):
        if _COMMAS.fullmatch(piece):
            mark = piece
            continue
        here = without_article(words_of(piece))
        # A comma before the first word, or two in a row, part nothing.
        if here and words:
            (lists if mark == "、" else breaks).append(len(words))
        words += here
    return FoldedSentence(tuple(words), tuple(breaks), tuple(lists))


def _found(
    words: tuple[str, ...], names: Iterable[WordSpan]
) -> list[tuple[WordSpan, ContextTrigger]]:
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
    sentence: FoldedSentence, names: Iterable[WordSpan]
) -> tuple[dict[WordSpan, set[ContextEffect]], list[set[ContextEffect]]]:
    """(name → what acts on it, for each word what acts on it) within one sentence.

    A trigger's own words count as acted upon. `names` are the spans of concepts' names.
    """
    names, words = tuple(names), sentence.words
    found = _found(words, names)
    if not found:
        return {name: set() for name in names}, [set() for _ in words]
    acting: list[set[ContextEffect]] = [set() for _ in words]
    for span, trigger in found:
        if trigger.effect in ("end", "pseudo"):
            continue
        for at, effect in _Reach(sentence, names, found, span, trigger).acts():
            acting[at].add(effect)
    # A name is denied only when all its words are: half a name may lie beyond the reach of a "no".
    return {name: set.intersection(*(acting[at] for at in range(*name))) for name in names}, acting


_STOPPED_BY_COMMA = frozenset({"negated", "history"})
"""Beyond a comma these may be over: "No fever, epilepsy since 1990", "Past stroke, diabetes"."""
_AND_OR = frozenset(
    words_of(
        "or and nor oder und noch ou et ni o y e nem of en och eller og tai ja lub albo i ani nebo"
        " a ve veya ya ne أو او و या और یا اور или и ни ও 或 和 及"
    )
)
"""What shows that a list goes on beyond its commas."""


def denies_a_list(trigger: ContextTrigger) -> bool:
    """Whether it is of a language whose "no" stands at the end of what it denies."""
    last = trigger.words[-1]
    return last in ("yok", "yoktur", "degil") or last[0] > "\u024f"


class _Reach:
    """Which words one trigger acts on, and how surely."""

    def __init__(
        self, sentence: FoldedSentence, names: tuple[WordSpan, ...],
        found: list[tuple[WordSpan, ContextTrigger]], span: WordSpan, trigger: ContextTrigger,
    ) -> None:  # fmt: skip
        self.sentence, self.names, self.found = sentence, names, found
        (self.start, self.end), self.trigger = span, trigger
        stops = [one for one, other in found if other.effect == "end"]
        self.low = max((stop[1] for stop in stops if stop[1] <= self.start), default=0)
        self.high = min(
            (stop[0] for stop in stops if stop[0] >= self.end), default=len(sentence.words)
        )

    def acts(self) -> Iterable[tuple[int, ContextEffect]]:
        """Index of a word, and what acts on it. The trigger's own words are among them."""
        effect, direction = self.trigger.effect, self.trigger.direction
        at_end = self.end == len(self.sentence.words)
        if direction == "last" and not at_end:
            return
        yield from ((at, effect) for at in range(self.start, self.end))
        left, right = self._clause()
        ahead = direction in ("forward", "both")
        behind = direction in ("backward", "last", "both")
        # "Epilepsy, mother has diabetes": who has a name of his own to speak of takes no other's.
        if direction == "both" and self.sentence.breaks + self.sentence.lists:
            own = self._names_in(self.end, right)
            ahead, behind = ahead and (own or not self._names_in(0, self.start)), behind and not own
        if ahead:
            yield from self._ahead()
        if behind:
            yield from self._behind(left, right)

    def _clause(self) -> WordSpan:
        """The part between commas in which the trigger stands."""
        marks = (*self.sentence.breaks, *self.sentence.lists)
        left = max((mark for mark in marks if self.low < mark <= self.start), default=self.low)
        right = min((mark for mark in marks if self.end <= mark < self.high), default=self.high)
        return left, right

    def _names_in(self, start: int, end: int) -> bool:
        return any(start <= a and b <= end for a, b in self.names)

    def _ahead(self) -> Iterable[tuple[int, ContextEffect]]:
        effect = self.trigger.effect
        comma = self.high
        if effect in _STOPPED_BY_COMMA:
            comma = min((b for b in self.sentence.breaks if self.end <= b < self.high),
                        default=self.high)  # fmt: skip
        yield from ((at, effect) for at in range(self.end, comma))
        # "No diabetes, history of cancer": what begins with a trigger of its own is not ours.
        if any(span[0] == comma and one.effect != "pseudo" for span, one in self.found):
            return
        if _AND_OR.intersection(self.sentence.words[comma : self.high]):
            yield from ((at, effect) for at in range(comma, self.high))
        else:
            yield from ((at, "perhaps") for at in range(comma, self.high))

    def _behind(self, left: int, right: int) -> Iterable[tuple[int, ContextEffect]]:
        effect = self.trigger.effect
        yield from ((at, effect) for at in range(left, self.start))
        # "Brain metastases: excluded" reaches back over commas only when it has nothing nearer.
        if not self._names_in(left, right):
            yield from ((at, effect) for at in range(self.low, left))
        # "Diyabet, epilepsi yok" may deny both; "Prostatakarzinom, Metastasen ausgeschlossen"
        # denies what stands beside it.
        elif effect == "negated" and denies_a_list(self.trigger):
            yield from ((at, "perhaps") for at in range(self.low, left))
