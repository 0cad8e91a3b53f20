"""What is logged: where and what kind, never what somebody entered.

An exception's text often holds the value that it stumbled over, a warning of Django's the host or
path that was sent, and another library's line nobody has read. So of a line that is not our own
only its place, its level and the kind of its exception are written, with the way through the code
that led there; of a request the pattern of its address. That is enough to find a defect, and
nothing to learn about a patient.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any

OURS = "filiform"


class WithoutValues(logging.Formatter):
    """For every handler. Lines of our own loggers keep their text: we write no value into them."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {record.levelname} {record.name}"
        ours = record.name == OURS or record.name.startswith(f"{OURS}.")
        says = record.getMessage() if ours else _about(record)
        lines = [f"{head} {says}".rstrip()]
        if record.exc_info and record.exc_info[0] is not None:
            lines.append(self.formatException(record.exc_info))
        return "\n".join(lines)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        return way_to(ei[1])


def way_to(error: BaseException) -> str:
    """The frames of an exception and of what caused it, without any value: file, line, function,
    kind. Variables, source lines and texts are left out."""
    parts = []
    seen: set[int] = set()
    told: BaseException | None = error
    # Two exceptions may each name the other as what came before.
    while told is not None and id(told) not in seen:
        seen.add(id(told))
        parts.append(f"{type(told).__module__}.{type(told).__qualname__} in")
        parts += _frames(told.__traceback__)
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    return "\n".join(parts)


def _frames(trace: TracebackType | None) -> list[str]:
    return [
        f"  {frame.filename}, line {frame.lineno}, {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]


def _about(record: logging.LogRecord) -> str:
    """Status and pattern of the request, when the line is about one."""
    words = []
    status = getattr(record, "status_code", None)
    if status is not None:
        words.append(str(status))
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    if match is not None:
        words.append(f"{record.request.method} {match.route}")  # type: ignore[attr-defined]
    return " ".join(words)
