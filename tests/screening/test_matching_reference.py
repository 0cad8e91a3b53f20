"""The quick ways of matching against slow, obvious ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from filiform.disclosure import Kind
from filiform.screening import packing
from filiform.screening.concept_matching import (
    _named,
    any_matches,
    may_name,
    text_matches,
)
from filiform.screening.context import _AND_OR as AND_OR
from filiform.screening.context import (
    ContextEffect,
    ContextTrigger,
    FoldedSentence,
    denies_a_list,
    effects,
    triggers,
)
from filiform.screening.folding import _folded, fold
from filiform.screening.misspelling import _windows, _word_by_word, not_misspelt
from filiform.screening.packing import digest, kept
from filiform.screening.rulebook import rules
from filiform.screening.terminology import (
    Phrase,
    own_phrases,
    parts_of,
    phrases,
    phrases_of_other_scripts,
)

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


@settings(max_examples=40, deadline=None)
@given(sentences)
def test_a_text_that_is_passed_over_names_nothing(words: tuple[str, ...]) -> None:
    apart = tuple(part for word in words for part in parts_of(word))
    if slow_named(words) or slow_named(apart):
        assert may_name(" ".join(words))


PATTERNS = tuple({one for rule in rules() for trigger in rule.when for one in trigger.text})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(PATTERNS).map(lambda one: one.replace("*", "x")),
            st.sampled_from(["pain", "|", "of"]),
        ),
        max_size=4,
    ),
    st.lists(st.sampled_from(PATTERNS), max_size=4),
)
def test_patterns_are_found_in_one_pass_as_one_by_one(texts: list[str], sought: list[str]) -> None:
    words = tuple(" ".join(texts).split())
    slow = any(text_matches(words, one) for one in sought)
    assert any_matches(words, tuple(sought)) is slow


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([p for p in own_phrases() if len(" ".join(p.words)) > 6]), st.data())
def test_a_misspelling_is_sought_among_all_names_that_could_be_meant(
    phrase: Phrase, data: st.DataObject
) -> None:
    """The initials leave out only names that `_word_by_word` refuses."""
    name = " ".join(phrase.words)
    at = data.draw(st.integers(1, len(name) - 1))
    typed = tuple((name[:at] + data.draw(st.sampled_from(["", "x"])) + name[at + 1 :]).split())
    window = " ".join(typed)
    near = {
        other for one in own_phrases()
        if one.kind is phrase.kind and len(one.words) == len(typed)
        and (other := " ".join(one.words)).isascii() and len(other) >= 6
        and ratio(window, other) >= 82 and _word_by_word(window, other)
    }  # fmt: skip
    compared = {n for part, (names, _) in _windows(typed, frozenset({phrase.kind})) for n in names
                if part == window}  # fmt: skip
    if len(window) >= 5 and window.isascii() and window not in not_misspelt():
        assert near <= compared


parted = st.builds(
    lambda parts, marks: FoldedSentence(
        tuple(word for part in parts for word in part),
        *(
            tuple(
                sum(len(part) for part in parts[:at])
                for at, mark in enumerate(marks[: len(parts)])
                if at and mark == kind
            )
            for kind in (",", "、")
        ),
    ),
    st.lists(pieces, max_size=5),
    st.lists(st.sampled_from(["", ",", "、"]), min_size=5, max_size=5),
)
"""Sentences with commas between some of their pieces."""


def slow_effects(sentence: FoldedSentence, names: set[tuple[int, int]]) -> list[set[ContextEffect]]:
    """For each word, each trigger in turn: does it reach so far, and how surely?"""
    words = sentence.words
    spans: list[tuple[int, int, ContextTrigger]] = [
        (start, start + len(trigger.words), trigger)
        for start in range(len(words))
        for trigger in TRIGGERS
        if words[start : start + len(trigger.words)] == trigger.words
    ]
    taken = [*((a, b) for a, b, _ in spans), *names]
    spans = [
        one for one in spans
        if not any(a <= one[0] and one[1] <= b and b - a > one[1] - one[0] for a, b in taken)
        and (one[0], one[1]) not in names
    ]  # fmt: skip
    return [
        {effect for one in spans if (effect := slow_effect(sentence, names, spans, one, at))}
        for at in range(len(words))
    ]


def slow_effect(sentence, names, spans, one, at) -> ContextEffect | None:  # type: ignore[no-untyped-def]
    """What one trigger does to the word at a place, None when it does not reach it."""
    start, end, trigger = one
    direction, effect = trigger.direction, trigger.effect
    if effect in ("end", "pseudo") or (direction == "last" and end != len(sentence.words)):
        return None
    if start <= at < end:
        return effect
    stops = [(a, b) for a, b, other in spans if other.effect == "end"]
    low = max([0, *(b for _, b in stops if b <= start)])
    high = min([len(sentence.words), *(a for a, _ in stops if a >= end)])
    if not low <= at < high:
        return None
    marks = sorted({*sentence.breaks, *sentence.lists})
    left = max([low, *(mark for mark in marks if low < mark <= start)])
    right = min([high, *(mark for mark in marks if end <= mark < high)])
    within = lambda a, b: any(a <= c and d <= b for c, d in names)  # noqa: E731
    followed = direction == "both" and bool(marks) and within(end, right)
    preceded = direction == "both" and bool(marks) and not followed and within(0, start)
    if at >= end:
        if direction not in ("forward", "both") or preceded:
            return None
        if effect not in ("negated", "history"):
            return effect
        comma = min([high, *(mark for mark in sentence.breaks if end <= mark < high)])
        if at < comma:
            return effect
        if any(a == comma and other.effect != "pseudo" for a, _, other in spans):
            return None
        return effect if set(sentence.words[comma:high]) & AND_OR else "perhaps"
    if direction == "forward" or followed:
        return None
    if at >= left or not within(left, right):
        return effect
    return "perhaps" if effect == "negated" and denies_a_list(trigger) else None


@settings(max_examples=60, deadline=None)
@given(parted, st.data())
def test_triggers_act_as_when_each_word_asks_each_trigger(
    sentence: FoldedSentence, data: st.DataObject
) -> None:
    found = {(a, b) for a, b, _ in slow_named(sentence.words)}
    names = data.draw(st.sets(st.sampled_from(sorted(found)))) if found else set()
    assert effects(sentence, names)[1] == slow_effects(sentence, names)


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


def test_a_stale_file_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "builders", {})  # else it would be asked for by the test above
    assert len(digest()) == 24
    assert kept("no-such-file", list[Phrase], list) == []
