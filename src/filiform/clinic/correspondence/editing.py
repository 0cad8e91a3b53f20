"""A letter's text between the record and the page: lines in, marked sentences out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

LONGEST = 600
"""Letters (characters) of one sentence (design value)."""
MOST_LINES = 60


class Marked(TypedDict):
    """A sentence with where it comes from; by: "composed" or "written"."""

    part: str
    text: str
    by: str


def marked(parts: Mapping[str, str], composed: Iterable[Mapping[str, str]]) -> list[Marked]:
    """Sentences as they were sent: one a line, by part, each with its mark.

    A line that says, in its part, exactly what was composed from the record stays "composed";
    every other was written. Blank lines are nothing; spaces at the ends don't count.
    """
    known = {(one["part"], one["text"].strip()) for one in composed}
    found: list[Marked] = []
    for part, text in parts.items():
        for line in text.splitlines():
            # As the composed sentences are kept: a line that was only wrapped otherwise isn't
            # written anew.
            said = " ".join(line.split())
            if said:
                by = "composed" if (part, said) in known else "written"
                found.append(Marked(part=part, text=said, by=by))
    return found


def lines_of(sentences: Sequence[Mapping[str, str]], part: str) -> str:
    """The text of a part as it is edited."""
    return "\n".join(one["text"] for one in sentences if one["part"] == part)


def left_out(
    sentences: Sequence[Mapping[str, str]], composed: Sequence[Mapping[str, str]]
) -> list[str]:
    """What the record said and the letter does not say any more."""
    # By part, too: a finding that was moved under "advice" says something else.
    there = {(one["part"], one["text"]) for one in sentences}
    return [one["text"] for one in composed if (one["part"], one["text"]) not in there]
