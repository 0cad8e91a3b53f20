"""The quick ways of matching against slow, obvious ones."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.disclosure import Kind
from filiform.screening.concept_matching import _named
from filiform.screening.context import ContextTrigger, Effect, effects, triggers
from filiform.screening.folding import _folded, fold
from filiform.screening.packing import digest, kept
from filiform.screening.terminology import Phrase, phrases, phrases_of_other_scripts

KINDS = frozenset({Kind.CONDITION, Kind.PROCEDURE, Kind.DEVICE})
EVERY = (*phrases(), *phrases_of_other_scripts())
TRIGGERS = tuple(one for group in triggers().values() for one in group)
pieces = st.one_of(
    st.sampled_from(EVERY).map(lambda phrase: phrase.words),
    st.sampled_from(TRIGGERS).map(lambda trigger: trigger.words),
    st.sampled_from(["and", "but", "pain", "x", "de", "von"]).map(lambda word: (word,)),
)
sentences = st.lists(pieces, max_size=5).map(lambda parts: tuple(w for p in parts for w in p))


def slow_named(words: tuple[str, ...]) -> set[tuple[int, int, str]]:
    """Every name at every place; then those inside a longer one fall away."""
    found = {
        (start, start + len(phrase.words), phrase.concept)
        for start in range(len(words))
        for phrase in EVERY
        if phrase.kind in KINDS and words[start : start + len(phrase.words)] == phrase.words
    }
    return {
        (a, b, one) for a, b, one in found
        if not any(c <= a and b <= d and d - c > b - a for c, d, _ in found)
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(sentences)
def test_names_are_found_as_by_trying_every_name_everywhere(words: tuple[str, ...]) -> None:
    assert set(_named(words, KINDS)) == slow_named(words)


def slow_effects(words: tuple[str, ...]) -> list[set[Effect]]:
    """For each word, each trigger in turn: does it reach so far?"""
    spans: list[tuple[int, int, ContextTrigger]] = [
        (start, start + len(trigger.words), trigger)
        for start in range(len(words))
        for trigger in TRIGGERS
        if words[start : start + len(trigger.words)] == trigger.words
    ]
    spans = [
        one for one in spans
        if not any(a <= one[0] and one[1] <= b and b - a > one[1] - one[0] for a, b, _ in spans)
    ]  # fmt: skip
    stops = [(a, b) for a, b, trigger in spans if trigger.effect == "end"]
    acting: list[set[Effect]] = []
    for at in range(len(words)):
        here: set[Effect] = set()
        for start, end, trigger in spans:
            if trigger.effect in ("end", "pseudo"):
                continue
            if trigger.direction == "last" and end != len(words):
                continue
            inside = start <= at < end
            after = at >= end and trigger.direction in ("forward", "both")
            before = at < start and trigger.direction in ("backward", "both", "last")
            stopped = any(end <= a <= at for a, _ in stops) if after else any(
                at < b <= start for _, b in stops
            )  # fmt: skip
            if inside or ((after or before) and not stopped):
                here.add(trigger.effect)
        acting.append(here)
    return acting


@settings(max_examples=60, deadline=None)
@given(sentences)
def test_triggers_act_as_when_each_word_asks_each_trigger(words: tuple[str, ...]) -> None:
    assert effects(words, ())[1] == slow_effects(words)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=30))
def test_the_quick_folding_of_latin_letters_is_the_rules(text: str) -> None:
    assert fold(text) == _folded(text)


def test_what_is_kept_is_what_is_worked_out() -> None:
    """Run `python tools/terminology/pack.py` when this fails."""
    from tools.terminology.pack import FOLDER, packed

    stale = [
        name for name, content in packed().items()
        if (FOLDER / f"{name}.json").read_bytes() != content
    ]  # fmt: skip
    assert not stale


def test_a_stale_file_is_not_believed() -> None:
    assert len(digest()) == 24
    assert kept("no-such-file", list[Phrase], list) == []
