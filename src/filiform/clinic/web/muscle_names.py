"""Muscles with their side in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

from filiform.anatomy import atlas
from filiform.words import Words

SIDES = {
    "left": Words(en="left", ur="بائیں"),
    "right": Words(en="right", ur="دائیں"),
    "midline": Words(en="midline", ur="درمیان"),
    "bilateral": Words(en="both sides", ur="دونوں طرف"),
}


def muscle_words(muscle: str) -> Words:
    """A muscle's name. One that the atlas no longer has is called by its id, so that old records
    stay readable."""
    known = atlas().muscles.get(muscle)
    return known.name if known else Words(en=muscle, ur=muscle)


def muscle_in_words(muscle: str, side: str, language: str | None = None) -> str:
    """ "Infraspinatus, right" in the reader's language or in `language`."""
    language = language or get_language() or "en"
    name = muscle_words(muscle).in_language(language)
    separator = "، " if language.startswith("ur") else ", "
    return separator.join(
        part
        for part in (name, SIDES[side].in_language(language) if side in SIDES else side)
        if part
    )


def named(name: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Muscles as parameters of a sentence: `name` in English, `name_ur` in Urdu."""
    listed = list(pairs)
    return {name: list_in_words(listed, "en"), f"{name}_ur": list_in_words(listed, "ur")}


def list_in_words(pairs: Iterable[tuple[str, str]], language: str | None = None) -> str:
    """Several, separated by semicolons."""
    language = language or get_language() or "en"
    separator = "؛ " if language.startswith("ur") else "; "
    return separator.join(muscle_in_words(*pair, language) for pair in pairs)
