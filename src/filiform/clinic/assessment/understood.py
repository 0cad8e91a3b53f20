"""What a complaint was understood as, for pages: one complaint, or several that share a word."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from filiform.clinic.assessment.telling import comma
from filiform.clinic.web.times import semicolon
from filiform.targeting import UnknownComplaintError, told
from filiform.words import Words


def understood(text: str) -> dict[str, Any]:
    """told: whether there are words at all. taken: complaints called by their own names. may_be:
    general words with all that each may be. near: where the words are no known name, the nearest.
    """
    try:
        parts = told(text)
    except UnknownComplaintError as error:
        near = comma().join(map(_said, error.nearest))
        return {"told": True, "taken": "", "may_be": [], "near": near}
    sure = [part for part in parts if not part.general]
    return {
        "told": bool(parts),
        "taken": f"{semicolon()} ".join(_said(one.name) for one in sure),
        "may_be": [
            {
                "word": _said(part.name),
                "names": comma().join(_said(one.name) for one in part.complaints),
            }
            for part in parts
            if part.general
        ],
        "near": "",
    }


def _said(words: Words) -> str:
    return words.in_language(get_language() or "en")
