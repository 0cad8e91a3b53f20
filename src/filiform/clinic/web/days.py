"""Days as pages write them, for lists of many.

Formatting a date takes Django some twenty microseconds, most of it for asking which language is
on; a page with sixty visits writes two hundred of them, and mostly the same.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language


@lru_cache(maxsize=4096)
def _written(day: date, shape: str, language: str | None) -> str:
    return date_format(day, shape)


def written(day: date | datetime, shape: str = "j M Y") -> str:
    """A day (a moment's in the clinic's zone) in the reader's language, as `date` would."""
    if isinstance(day, datetime):
        day = localtime(day).date()
    return _written(day, shape, get_language())
