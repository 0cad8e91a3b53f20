"""Parts of a page that differ only in ids and in texts: rendered once, then stamped.

Beside each needle and each line of what was done stand forms whose markup is the same but for the
ids and the token in them; a treatment page has forty, and rendering them was half of its time.
`{% stamp "treatment/_act.html" kind="twitch" needle=needle.id %}` renders the template once for
its language and its other values, with stand-ins for the ids, and afterwards only fills them in.

A text that is only printed goes into a slot of the stamp (`before=change.before|slot`). So do the
names and days of a patient's page, which make each page another one while everything around them is
the same.

The template sees what it is given and nothing else: no request, no context processor, no clock.
What decides anything in it must come as a value and not as an id or a slot. Nothing that was
entered by anybody may come as a value: each would be another stamp to keep.
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
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

FORM_MARK = "the-forms-own-mark-stands-here"
STAND_IN = 0xF11F_57A3 << 96
_SLOT = re.compile(rf"({FORM_MARK}|f11f57a3-[0-9a-f-]{{27}})")

MOST_STAMPS = 2000
"""In memory; some 1 kB each. A clinic's muscles, kinds of acts and languages make some hundred."""


class SlotText(str):
    """A text that a template prints as it stands and asks nothing of but whether there is any.

    It is escaped when it is filled in, like any other text (`SafeString` isn't, as ever). No filter
    may change it in the template: the stamp has another text in its place.
    """

    filling: str

    def __new__(cls, text: str | int) -> SlotText:
        slot = super().__new__(cls, text)
        slot.filling = conditional_escape(text if isinstance(text, str) else str(text))
        return slot


class _Row(dict[str, UUID]):
    """What a row looks like to a stamp: it has an id, and `{{ row.pk }}` names it."""

    def __init__(self, stand_in: UUID) -> None:
        super().__init__(pk=stand_in)


def stamped(template: str, token: str, given: Mapping[str, Any]) -> SafeString:
    """The template as it would be rendered with `given`.

    given: ids (UUID or a row, which stands for its id) and slots are filled in anew each time;
    everything else has to be hashable and makes a stamp of its own. token: of the form, as
    `csrf_token`.
    """
    fillings: list[str] = []
    kinds: list[tuple[str, Hashable]] = []
    for name, value in given.items():
        if isinstance(value, SlotText):
            # An empty one is a stamp of its own: `{% if note %}` decides.
            kinds.append((name, SlotText if value else ""))
            if value:
                fillings.append(value.filling)
        elif isinstance(value, UUID):
            fillings.append(str(value))
            kinds.append((name, UUID))
        elif isinstance(value, Model):
            fillings.append(str(value.pk))
            kinds.append((name, _Row))
        else:
            kinds.append((name, value))
    pieces, slots = _cut(template, get_language(), get_script_prefix(), tuple(kinds))
    filled = list(pieces)
    for place, number in slots:
        filled[place] = token if number < 0 else fillings[number]
    # Pieces were escaped when they were rendered, slots as they were made; ids are hexadecimal,
    # tokens letters and digits.
    return mark_safe("".join(filled))  # noqa: S308


@lru_cache(maxsize=MOST_STAMPS)
def _cut(
    template: str, _language: str | None, _prefix: str, kinds: tuple[tuple[str, Hashable], ...]
) -> tuple[list[str], list[tuple[int, int]]]:
    """The rendered text cut at each id and slot: the pieces, and which piece is to be which (the
    token is -1). _language and _prefix are part of what makes a stamp: its words, its addresses."""
    known: dict[str, Any] = {"csrf_token": FORM_MARK}
    places = {FORM_MARK: -1}
    for name, kind in kinds:
        if kind is UUID or kind is _Row or kind is SlotText:
            number = len(places) - 1
            stand_in = UUID(int=STAND_IN + number)
            places[str(stand_in)] = number
            known[name] = _stand_in(kind, stand_in)
        else:
            known[name] = kind
    # Not through the backend: that would call the context processors.
    text = get_template(template).template.render(Context(known))  # type: ignore[attr-defined]
    pieces = _SLOT.split(text)
    return pieces, [(at, places[one]) for at, one in enumerate(pieces) if one in places]


def _stand_in(kind: Hashable, stand_in: UUID) -> UUID | _Row | str:
    if kind is SlotText:
        return str(stand_in)
    return stand_in if kind is UUID else _Row(stand_in)
