"""Days, times and durations as people read and type them, in English and Urdu.

One module for pages, scripts, papers and messages: `tools/time_words.py` writes the same words for
the browser (web/filiform/time-words.js), and a test compares both. Django's own formats are not
used: its English is American ("11/28/2026, 12:37 p.m."), its Urdu half English ("2 days").

Days are written day-month-year, times by the 24-hour clock, with Latin digits in both languages:
what is read aloud at the couch must not hang on which digits the reader grew up with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal, NamedTuple

TimePhrase = Literal["ago", "in", "for"]
PHRASES: tuple[TimePhrase, ...] = ("ago", "in", "for")

MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    "ur": (
        *("جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی"),
        *("اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر"),
    ),
}
WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ur": ("پیر", "منگل", "بدھ", "جمعرات", "جمعہ", "ہفتہ", "اتوار"),
}
COMMA = {"en": ",", "ur": "،"}
SEMICOLON = {"en": ";", "ur": "؛"}

NAMED_SHAPES = {
    "DATE_FORMAT": "j F Y",
    "DATETIME_FORMAT": "j F Y, H:i",
    "TIME_FORMAT": "H:i",
    "SHORT_DATE_FORMAT": "j M Y",
    "SHORT_DATETIME_FORMAT": "j M Y, H:i",
    "MONTH_DAY_FORMAT": "j F",
    "YEAR_MONTH_FORMAT": "F Y",
}
"""Django's names of formats → our shape."""

PIECES: dict[str, Callable[[date | time, str], str]] = {
    "j": lambda at, _: str(_day(at).day),
    "d": lambda at, _: f"{_day(at).day:02}",
    "n": lambda at, _: str(_day(at).month),
    "m": lambda at, _: f"{_day(at).month:02}",
    "F": lambda at, language: MONTHS[language][_day(at).month - 1],
    # Urdu has no short names of months or days.
    "M": lambda at, language: _short(MONTHS[language][_day(at).month - 1], language),
    "Y": lambda at, _: f"{_day(at).year:04}",
    "y": lambda at, _: f"{_day(at).year % 100:02}",
    "l": lambda at, language: WEEKDAYS[language][_day(at).weekday()],
    "D": lambda at, language: _short(WEEKDAYS[language][_day(at).weekday()], language),
    "H": lambda at, _: f"{_clock(at).hour:02}",
    "i": lambda at, _: f"{_clock(at).minute:02}",
    "s": lambda at, _: f"{_clock(at).second:02}",
}
"""Letter of a shape → what it stands for; the letters are Django's."""
CLOCK_LETTERS = "His"
"""Those of the time of the day."""


def _day(at: date | time) -> date:
    if not isinstance(at, date):
        raise TypeError("a time of the day has no date")
    return at


def _clock(at: date | time) -> datetime | time:
    # A day alone is its midnight, as Django has it.
    return at if isinstance(at, (datetime, time)) else time.min


def _short(name: str, language: str) -> str:
    return name[:3] if language == "en" else name


def spoken_language(language: str | None) -> str:
    """ "en" or "ur" for any code of a language ("ur-pk", None): English where it is neither."""
    return "ur" if (language or "en").split("-")[0] == "ur" else "en"


def written(at: date | time, shape: str, language: str | None) -> str:
    """A day, time or moment in a shape such as "l, j F Y" or "H:i".

    at: as it is to be read; a moment stands in the zone that it is to be told in.
    "c" is ISO 8601, "Y-m-d" is for fields. Letters that are no piece stand for themselves.
    """
    shape = NAMED_SHAPES.get(shape, shape)
    if shape == "c":
        return at.isoformat()
    language = spoken_language(language)
    if isinstance(at, date) and _tells_days_alone(shape):
        return _written_day(at.toordinal(), shape, language)
    return _written(at, shape, language)


@lru_cache(maxsize=256)
def _tells_days_alone(shape: str) -> bool:
    return not set(shape) & {*CLOCK_LETTERS, "\\"}


# A patient's page names a hundred days, many of them several times. By the day's number and not by
# the moment: two moments are equal in Karachi and in UTC, and may be of different days.
@lru_cache(maxsize=8192)
def _written_day(number: int, shape: str, language: str) -> str:
    return _written(date.fromordinal(number), shape, language)


def _written(at: date | time, shape: str, language: str) -> str:
    parts = []
    for letter in shape:
        if letter == ",":
            parts.append(COMMA[language])
        else:
            piece = PIECES.get(letter)
            parts.append(piece(at, language) if piece else letter)
    return "".join(parts)


# --- durations --------------------------------------------------------------------------------


class Unit(NamedTuple):
    """A unit of time: its length, and its words for one, for one after a postposition, for more.

    Urdu bends the noun before "بعد" and "سے": ایک گھنٹہ, but ایک گھنٹے سے.
    """

    seconds: float
    words: dict[str, tuple[str, str, str]]


DAY_S = 86_400
UNITS: dict[str, Unit] = {
    "minute": Unit(60, {"en": ("min", "min", "min"), "ur": ("منٹ", "منٹ", "منٹ")}),
    "hour": Unit(3600, {"en": ("h", "h", "h"), "ur": ("گھنٹہ", "گھنٹے", "گھنٹے")}),
    "day": Unit(DAY_S, {"en": ("day", "day", "days"), "ur": ("دن", "دن", "دن")}),
    "month": Unit(
        30.4375 * DAY_S, {"en": ("month", "month", "months"), "ur": ("مہینہ", "مہینے", "مہینے")}
    ),
    "year": Unit(365.25 * DAY_S, {"en": ("year", "year", "years"), "ur": ("سال", "سال", "سال")}),
}
"""Smallest first. A month and a year are the mean ones of the calendar."""

STEPS: tuple[tuple[float, str, str], ...] = (
    (3600, "minute", ""),
    (DAY_S, "hour", "minute"),
    (2 * DAY_S, "day", "hour"),
    (60 * DAY_S, "day", ""),
    (2 * 365.25 * DAY_S, "month", ""),
    (float("inf"), "year", ""),
)
"""Below so many seconds → told in this unit, with the rest in that one."""

MOMENT_AGO = {"en": "just now", "ur": "ابھی"}
UNDER_A_MINUTE = {"en": "less than 1 min", "ur": "1 منٹ سے کم"}
IN_PHRASE: dict[str, dict[TimePhrase, str]] = {
    "en": {"ago": "{} ago", "in": "in {}", "for": "for {}"},
    "ur": {"ago": "{} پہلے", "in": "{} بعد", "for": "{} سے"},
}
SOON = {"en": "in less than 1 min", "ur": "ابھی"}
SINCE_NOW = {"en": "since just now", "ur": "ابھی سے"}
BENT: frozenset[TimePhrase] = frozenset({"in", "for"})


def duration(seconds: float, language: str | None, *, bent: bool = False) -> str:
    """ "12 min", "3 h 20 min", "2 days"; "12 منٹ", "3 گھنٹے 20 منٹ", "2 دن". Never rounded up.

    seconds: below 0 counts as 0. bent: a postposition follows (see `Unit`).
    """
    language = spoken_language(language)
    seconds = max(0.0, seconds)
    if seconds < UNITS["minute"].seconds:
        return UNDER_A_MINUTE[language]
    unit, rest = next((unit, rest) for below, unit, rest in STEPS if seconds < below)
    count = int(seconds // UNITS[unit].seconds)
    text = counted_unit(count, unit, language, bent=bent)
    if rest:
        left = int(seconds % UNITS[unit].seconds // UNITS[rest].seconds)
        text += f" {counted_unit(left, rest, language, bent=bent)}" if left else ""
    return text


def counted_unit(count: int, unit: str, language: str | None, *, bent: bool = False) -> str:
    """ "1 day", "3 days", "3 گھنٹے"."""
    one, one_bent, many = UNITS[unit].words[spoken_language(language)]
    word = many if count != 1 else one_bent if bent else one
    return f"{count} {word}"


def told(seconds: float, phrase: TimePhrase, language: str | None) -> str:
    """How long ago ("12 min ago"), until when ("in 2 days"), since when ("for 3 h")."""
    language = spoken_language(language)
    if seconds < UNITS["minute"].seconds:
        return {"ago": MOMENT_AGO, "in": SOON, "for": SINCE_NOW}[phrase][language]
    span = duration(seconds, language, bent=phrase in BENT)
    return IN_PHRASE[language][phrase].format(span)


# --- what people type -------------------------------------------------------------------------

ZEROS = "٠۰०০０"
"""The zeros of Arabic, Urdu, Hindi, Bengali and wide digits; the other nine follow each."""
DIGITS = {ord(zero) + n: str(n) for zero in ZEROS for n in range(10)}
MARKS = {ord(mark): None for mark in "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"}
SIGNS = {**{ord(c): "-" for c in "−–—‐‑"}, **{ord(c): ":" for c in "：∶"}, ord("٫"): "."}


def plain_digits(text: str) -> str:
    """Typed text with the digits, dashes and colons that we read, without marks of direction."""
    return text.translate({**DIGITS, **MARKS, **SIGNS}).strip()


CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?:[:.]\d{2}(?:\.\d+)?)?)?\s*"
    r"(?P<half>a\.?m\.?|p\.?m\.?|صبح|شام|دوپہر)?",
    re.IGNORECASE,
)
DAY_BY_YEAR = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})")
DAY_IN_WORDS = re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[^\W\d]+)[.,،]?\s+(?P<year>\d{4})")


class NotADayOrTime(ValueError):
    """What was typed is no day or time. `code` says why: unread, no-such-day, no-such-time, 24."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_clock(text: str) -> time:
    """ "14:30", "14.30", "2:30 pm", "۱۴:۳۰" as a time of the day.

    Raises NotADayOrTime: "24" for 24:00, which is the next day's 00:00 and has to be said so.
    """
    found = CLOCK.fullmatch(plain_digits(text))
    if found is None or (found["minute"] is None and found["half"] is None):
        raise NotADayOrTime("unread")
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        # شام is the evening and دوپہر noon; صبح, the morning, is neither.
        afternoon = found["half"].lower().startswith(("p", "ش", "د"))
        if not 1 <= hour <= 12:
            raise NotADayOrTime("no-such-time")
        # 12 am is midnight and 12 pm noon.
        hour = hour % 12 + (12 if afternoon else 0)
    if (hour, minute) == (24, 0):
        raise NotADayOrTime("24")
    if hour > 23 or minute > 59:
        raise NotADayOrTime("no-such-time")
    return time(hour, minute)


def read_day(text: str) -> date:
    """ "2026-11-28", "28/11/2026", "28 November 2026", "۲۸ نومبر ۲۰۲۶" as a day.

    Slashes are day first, as Pakistan and Britain write; never month first. Raises NotADayOrTime.
    """
    plain = plain_digits(text)
    for shape in (DAY_BY_YEAR, DAY_FIRST, DAY_IN_WORDS):
        found = shape.fullmatch(plain)
        if found is None:
            continue
        month = int(found["month"]) if found["month"].isdigit() else _month(found["month"])
        try:
            return date(int(found["year"]), month, int(found["day"]))
        except ValueError:
            raise NotADayOrTime("no-such-day") from None
    raise NotADayOrTime("unread")


def _month(name: str) -> int:
    """The number of a month by its name in either language, or three letters of it; 0 for none."""
    wanted = name.casefold()
    for names in MONTHS.values():
        for number, month in enumerate(names, start=1):
            if wanted == month.casefold() or (len(wanted) == 3 and month.casefold()[:3] == wanted):
                return number
    return 0


# --- a wall clock that jumps ------------------------------------------------------------------


class WallTime(NamedTuple):
    """What a day and a time on the wall of a place can mean.

    moments: none when the clock skips it, one as a rule, two (first, second) where it is repeated.
    around: for a skipped time, the moments as far before and after it as the clock jumps.
    """

    moments: tuple[datetime, ...]
    around: tuple[datetime, ...] = ()

    @property
    def choices(self) -> tuple[datetime, ...]:
        """What has to be asked about; empty when the time is plain."""
        return self.around if not self.moments else self.moments if len(self.moments) > 1 else ()


def wall_time(day: date, at: time, zone: tzinfo) -> WallTime:
    """The moments that a wall clock in `zone` shows as this day and time.

    Raises OverflowError at the edges of the calendar (year 1, year 9999).
    """
    readings = [datetime.combine(day, at.replace(fold=fold), tzinfo=zone) for fold in (0, 1)]
    # Comparing within one zone ignores `fold` and the offset, so moments are compared in UTC.
    instants = [reading.astimezone(UTC) for reading in readings]
    wall = readings[0].replace(tzinfo=None, fold=0)
    real = [
        instant
        for instant in dict.fromkeys(instants)
        if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall
    ]
    if real:
        return WallTime(tuple(instant.astimezone(zone) for instant in sorted(real)))
    return WallTime((), tuple(instant.astimezone(zone) for instant in sorted(instants)))


def offset_words(moment: datetime) -> str:
    """The offset of a moment in its zone: "UTC+05:00", "UTC−04:00"."""
    offset = moment.utcoffset() or timedelta(0)
    minutes = round(abs(offset).total_seconds() / 60)
    sign = "−" if offset < timedelta(0) else "+"
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day at a place; where midnight is skipped, the moment of the jump.

    In UTC. Raises OverflowError at the edges of the calendar.
    """
    found = wall_time(day, time.min, zone)
    if found.moments:
        # Midnight that comes twice begins the day the first time.
        return found.moments[0].astimezone(UTC)
    # Midnight itself doesn't exist: the day begins when the clock jumps, between the two readings.
    low, high = (moment.astimezone(UTC) for moment in found.around)
    # No clock is set by parts of a second.
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (low, middle) if middle.astimezone(zone).date() >= day else (middle, high)
    return high.replace(microsecond=0)
