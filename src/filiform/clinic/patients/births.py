"""When somebody was born, as far as they know: a day, a month, a year, or an age.

Many people in Pakistan know the year of their birth, or about how old they are, and no day. A day
made up for them would turn up in letters as if somebody had said it.

The day that is stored for a month or a year is its middle, so that an age is at most half a month
or half a year off; `latest_birth` gives the youngest that somebody can be, for everything that is
decided otherwise for children.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import override

from filiform.clinic.patients import folding
from filiform.clinic.web.times import written
from filiform.letters import whole_number

if TYPE_CHECKING:
    from django.utils.functional import Promise

BirthKnown = Literal["day", "month", "year", "age"]
OLDEST_YEARS = 120
"""The oldest human life on record lasted 122 years; above this a birth date is a slip."""


@dataclass(frozen=True)
class Birth:
    """on: the day, or the middle of what is known."""

    on: date
    known: BirthKnown = "day"


class UnreadableBirth(ValueError):
    """The text says no day, month, year or age. The message says what is allowed."""


def latest_birth(on: date, known: BirthKnown) -> date:
    """The last day on which somebody of whom so much is known may have been born."""
    if known == "month":
        return on.replace(day=calendar.monthrange(on.year, on.month)[1])
    if known == "year":
        return date(on.year, 12, 31)
    # An age leaves a year open; what is stored is its middle.
    return _years_later(on, 0, 6) if known == "age" else on


def birth_in_words(on: date, known: BirthKnown) -> str:
    """ "5 Mar 1960", "Mar 1960", "1960" or "about 1960" in the reader's language."""
    if known == "age":
        return _("about %(year)s") % {"year": on.year}
    return written(on, {"day": "j M Y", "month": "M Y", "year": "Y"}[known])


def birth_to_type(birth: Birth) -> str:
    """What to type for the same birth, so that a form that is sent unchanged changes nothing."""
    on = birth.on
    if birth.known == "age":
        # Not the age: read again next year, it would be another birth.
        return f"~{on.year}"
    return {"day": f"{on:%d/%m/%Y}", "month": f"{on:%m/%Y}", "year": f"{on:%Y}"}[birth.known]


_PARTS = re.compile(r"[^\W_]+")
_AGE = re.compile(
    r"(?:about|ca|c|age|aged|تقریبا|عمر)?\s*(\d{1,3})\s*(?:years?|yrs?|y|yo|سال|برس)?(?: old)?"
)
_ABOUT_YEAR = re.compile(r"(?:about|around|ca|c|~|تقریبا)\s*(\d{4})")


def typed_birth(text: str, today: date) -> Birth:
    """What somebody typed, day first as pages write it.

    5/3/1960, 5.3.60, 5 Mar 1960, 5 مارچ 1960, 1960-03-05; 3/1960, March 1960; 1960; "about 1960",
    "60", "60 years", "60 سال". Raises UnreadableBirth for anything else, and for days that are not
    in the calendar, in the future or more than `OLDEST_YEARS` ago.
    """
    plain = folding.plain(text).strip(" .،,")
    plain = re.sub(r"\s+", " ", plain)
    birth = _read(plain, today)
    first, last = date(today.year - OLDEST_YEARS, 1, 1), today
    if birth.on > last:
        raise UnreadableBirth(_("This date is in the future. Check the year."))
    if birth.on < first:
        raise UnreadableBirth(
            _("This is more than %(years)s years ago. Check the year.") % {"years": OLDEST_YEARS}
        )
    return birth


def _read(plain: str, today: date) -> Birth:
    about = _ABOUT_YEAR.fullmatch(plain)
    if about:
        return Birth(_day(int(about[1]), 7, 1), "age")
    age = _AGE.fullmatch(plain)
    if age and int(age[1]) <= OLDEST_YEARS:
        # Somewhere in the year that ends with the birthday before today: its middle.
        return Birth(_years_later(today, -int(age[1]), -6), "age")
    parts = [_month_of(part) or part for part in _PARTS.findall(plain.lstrip("~"))]
    if not parts or not all(
        isinstance(part, int) or whole_number(part, digits=4) is not None for part in parts
    ):
        raise _unreadable()
    return _from_parts(parts, today)


def _from_parts(parts: list[int | str], today: date) -> Birth:
    numbers = [int(part) for part in parts]
    first = str(parts[0])
    if len(parts) == 1 and len(first) == 4:
        return Birth(_day(numbers[0], 7, 1), "year")
    if len(parts) == 2:
        # "1960-03" as computers write it, "3/1960" as people do.
        year, month = numbers if len(first) == 4 else reversed(numbers)
        # Two figures beside a month may be a day as well.
        if year < 100:
            raise _unreadable()
        return Birth(_day(year, month, 15), "month")
    if len(parts) == 3:
        if len(first) == 4:  # 1960-03-05, as computers write it
            return Birth(_day(*numbers))
        day, month, year = numbers
        if isinstance(parts[0], int) and not isinstance(parts[1], int):  # Mar 5, 1960
            day, month = month, day
        if len(str(parts[2])) == 2:
            # A birth lies in the past: "60" is 1960, and "05" 2005.
            year += today.year // 100 * 100
            year -= 100 if year > today.year else 0
        return Birth(_day(year, month, day))
    raise _unreadable()


def _month_of(part: str) -> int | None:
    """The month that a word names, in English or Urdu, whole or in short; None for a number."""
    if part.isdecimal():
        return None
    for language in ("en", "ur"):
        with override(language):
            for names in (MONTHS, MONTHS_3):
                for number, name in names.items():
                    if folding.plain(_month_text(name)) == part:
                        return number
    # The one short form that is longer than three letters.
    return 9 if part == "sept" else None


def _month_text(name: str | Promise) -> str:
    return str(name).strip(".")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableBirth(
            _("%(day)s/%(month)s/%(year)s is not in the calendar. The day stands first.")
            % {"day": day, "month": month, "year": year}
        ) from error


def _years_later(day: date, years: int, months: int) -> date:
    month = day.month - 1 + months
    year = day.year + years + month // 12
    month = month % 12 + 1
    # The 31st has no day in every month.
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _unreadable() -> UnreadableBirth:
    return UnreadableBirth(
        _(
            "This can't be read as a date of birth. Type the day first (5/3/1960 or 5 Mar 1960), "
            "or only what is known: 3/1960, 1960, or an age such as 60."
        )
    )
