"""Fields for days and times as people type them; and a form's fields as what they are."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from filiform import times

AnyField = TypeVar("AnyField", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[AnyField]) -> AnyField:
    """A field of this form, to be given what only this request knows: its choices, its rows.

    Raises KeyError when there is no such field, TypeError when it is of another kind.
    """
    found = form.fields[name]
    if not isinstance(found, kind):
        raise TypeError(f"{name} is a {type(found).__name__} and no {kind.__name__}")
    return found


EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days that a record can hold (design value): nobody alive was born before the first, and every
calculation with days, weeks and zones stays far from the edges of the calendar."""

UNREAD_DAY = {
    "unread": _("“%(got)s” is not a day that we can read. Write it like 2026-11-28 or 28/11/2026."),
    "no-such-day": _(
        "There is no such day as “%(got)s”. Write day, month and year, like 28/11/2026."
    ),
}
UNREAD_TIME = {
    "unread": _("“%(got)s” is not a time that we can read. Write it like 14:30."),
    "no-such-time": _("There is no such time as “%(got)s”. The day has 00:00 to 23:59."),
    "24": _("24:00 is 00:00 of the next day. Choose the next day and 00:00."),
}


class DayField(forms.DateField):
    """A day, typed in any digits, year first or day first; from EARLIEST to LATEST."""

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            value = value.date()
        day: date = value if isinstance(value, date) else self._read(str(value))
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(
                _("%(got)s is too far away: the year has to be from %(first)s to %(last)s."),
                code="too-far",
                params={
                    "got": day.isoformat(),
                    "first": EARLIEST.year,
                    "last": LATEST.year,
                },
            )
        return day

    def _read(self, text: str) -> date:
        try:
            return times.read_day(text)
        except times.NotADayOrTime as why:
            raise ValidationError(
                UNREAD_DAY[why.code], code=why.code, params={"got": text[:40]}
            ) from None


class ClockField(forms.TimeField):
    """A time of the day, typed in any digits."""

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        try:
            return times.read_clock(str(value))
        except times.NotADayOrTime as why:
            raise ValidationError(
                UNREAD_TIME[why.code], code=why.code, params={"got": str(value)[:40]}
            ) from None


def day_asked(text: str) -> date | None:
    """The day that an address names; None where it names none that a page can show."""
    try:
        day = times.read_day(text)
    except times.NotADayOrTime:
        return None
    return day if EARLIEST <= day <= LATEST else None
