"""When an act happened, as a tablet or another program sends it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils import translation
from tests.tables import check_each

from filiform.clinic.audit.queries import Cursor
from filiform.clinic.treatment.forms import MomentField

AT = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
SENT = [
    ("2026-11-01T06:30:00Z", AT),
    ("2026-11-01T01:30:00-05:00", AT),  # the second 01:30 of that night in New York
    ("۲۰۲۶-۱۱-۰۱T۰۶:۳۰:۰۰Z", AT),
    ("2026-11-01T06:30:00", None),  # nobody can know which
    ("2026-11-01T24:00:00Z", None),
    ("2026-02-30T06:30:00Z", None),
    ("0000-01-01T00:00:00Z", None),
    ("0001-01-01T00:00:00+14:00", None),
    ("9999-12-31T23:59:59-12:00", None),
    ("1066-10-14T09:00:00Z", None),
    ("2026-11-01T06:30:00+99:99", None),
    ("soon", None),
]


def read(text):
    """The moment, or None with the message that says what a moment looks like."""
    try:
        # Whatever language the test before left on: the words are compared in English.
        with translation.override("en"):
            return MomentField().clean(text)
    except ValidationError as error:
        with translation.override("en"):
            (says,) = error.messages
        return None if "is not a time with its offset" in says else says


def test_a_moment_has_its_offset_and_lies_in_the_calendar_of_a_record():
    def check(text, wanted):
        assert read(text) == wanted

    check_each(SENT, check)


def test_a_place_in_the_audit_that_lies_outside_the_calendar_is_no_place():
    row = "_" + "0" * 8 + "-0000-4000-8000-" + "0" * 12

    def check(at):
        assert Cursor.read(at + row) is None

    check_each(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0000-01-01", ""], check)
    assert Cursor.read(AT.isoformat() + row).at == AT
