"""Parts of a page that stand on it many times and differ only in ids: rendered once, then stamped.

Beside each needle and each line of what was done stand forms whose markup is the same but for the
ids and the token in them; a treatment page has forty, and rendering them was half of its time.
`{% stamp "treatment/_act.html" kind="twitch" needle=needle.id %}` renders the template once for
its language and its other values, with stand-ins for the ids, and afterwards only fills them in.

The template sees what it is given and nothing else: no request, no context processor, no clock.
What decides anything in it must come as a value and not as an id. Nothing that was entered by
anybody should be given: each value of its own would be another stamp to keep.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.template import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

FORM_MARK = "the-forms-own-mark-stands-here"
STAND_IN = 0xF11F_57A3 << 96
_SLOT = re.compile(rf"({FORM_MARK}|f11f57a3-[0-9a-f-]{{27}})")

MOST_STAMPS = 2000
"""In memory; some 1 kB each. A clinic's muscles, kinds of acts and languages make some hundred."""


class _Row(dict[str, UUID]):
    """What a row looks like to a stamp: it has an id, and `{{ row.pk }}` names it."""

    def __init__(self, stand_in: UUID) -> None:
        super().__init__(pk=stand_in)


def stamped(template: str, token: str, given: Mapping[str, Any]) -> SafeString:
    """The template as it would be rendered with `given`.

    given: ids (UUID or a row, which stands for its id) are filled in anew each time; everything
    else has to be hashable and makes a stamp of its own. token: of the form, as `csrf_token`.
    """
    ids: list[UUID] = []
    kinds: list[tuple[str, Hashable]] = []
    for name, value in given.items():
        if isinstance(value, UUID):
            ids.append(value)
            kinds.append((name, UUID))
        elif isinstance(value, Model):
            ids.append(value.pk)
            kinds.append((name, _Row))
        else:
            kinds.append((name, value))
    pieces, slots = _cut(template, get_language(), get_script_prefix(), tuple(kinds))
    filled = list(pieces)
    for place, number in slots:
        filled[place] = token if number < 0 else str(ids[number])
    # Pieces were escaped when they were rendered; ids are hexadecimal, tokens letters and digits.
    return mark_safe("".join(filled))  # noqa: S308


@lru_cache(maxsize=MOST_STAMPS)
def _cut(
    template: str, _language: str | None, _prefix: str, kinds: tuple[tuple[str, Hashable], ...]
) -> tuple[list[str], list[tuple[int, int]]]:
    """The rendered text cut at each id: the pieces, and which piece is to be which id (the token
    is -1). _language and _prefix are part of what makes a stamp: of its words, of its addresses."""
    known: dict[str, Any] = {"csrf_token": FORM_MARK}
    places = {FORM_MARK: -1}
    for name, kind in kinds:
        if kind is UUID or kind is _Row:
            number = len(places) - 1
            stand_in = UUID(int=STAND_IN + number)
            places[str(stand_in)] = number
            known[name] = stand_in if kind is UUID else _Row(stand_in)
        else:
            known[name] = kind
    # Not through the backend: that would call the context processors.
    text = get_template(template).template.render(Context(known))  # type: ignore[attr-defined]
    pieces = _SLOT.split(text)
    return pieces, [(at, places[one]) for at, one in enumerate(pieces) if one in places]
