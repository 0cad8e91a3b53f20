"""When a message may go and what a report changes: values, without a clinic."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from filiform.clinic.sending import rules, signatures

KARACHI = ZoneInfo("Asia/Karachi")
NIGHT = rules.QuietHours(time(21), time(8))
MOMENTS = st.integers(1_770_000_000, 1_800_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(moment=MOMENTS, begin=st.integers(0, 23), end=st.integers(0, 23))
def test_after_the_quiet_hours_it_is_never_quiet_never_earlier_and_never_a_day_later(
    moment, begin, end
):
    quiet = rules.QuietHours(time(begin), time(end))
    after = quiet.after(moment, KARACHI)
    assert moment <= after <= moment + timedelta(days=1)
    assert not quiet.is_quiet(after, KARACHI)
    assert after == moment or after.astimezone(KARACHI).time() == time(end)


def test_at_ten_at_night_a_message_waits_until_eight_and_at_noon_it_goes():
    ten = datetime(2026, 11, 28, 22, 0, tzinfo=KARACHI)
    assert NIGHT.after(ten, KARACHI) == datetime(2026, 11, 29, 8, 0, tzinfo=KARACHI)
    noon = datetime(2026, 11, 28, 12, 0, tzinfo=KARACHI)
    assert NIGHT.after(noon, KARACHI) == noon


def test_a_patients_wish_is_kept_where_it_can_be_and_nothing_is_sent_to_who_wants_nothing():
    has = {"has_phone": True, "has_email": True}
    assert rules.channel_for("sms", configured={"sms", "whatsapp"}, **has) == "sms"
    assert rules.channel_for("sms", configured={"email"}, **has) == "email"
    assert rules.channel_for("", configured={"sms", "whatsapp"}, **has) == "whatsapp"
    assert rules.channel_for("", configured=set(), **has) == "hand"
    assert rules.channel_for("none", configured={"sms"}, **has) == "none"
    assert rules.channel_for("", configured={"sms"}, has_phone=False, has_email=True) == "hand"


def test_reports_that_come_twice_or_out_of_order_end_in_the_same_state():
    for order in permutations(("sent", "delivered", "sent", "failed")):
        state = "sent"
        for report in order:
            state = rules.reported(state, report)
        assert state == "delivered", order
    assert rules.reported("answered", "failed") == "answered"
    assert rules.reported("stopped", "delivered") == "stopped"
    assert rules.reported("failed", "delivered") == "delivered", "cut off, and it had gone"


def test_a_message_that_is_never_taken_is_given_up_within_half_a_day():
    start = now = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    tries = 0
    while (again := rules.again_at(now, tries := tries + 1)) is not None:
        assert again > now
        now = again
    assert tries == 6
    assert now - start < timedelta(hours=12)


def test_a_report_is_signed_as_the_providers_own_examples_are():
    """The first is the example that Twilio's and others' libraries are tested with."""
    fields = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234",
        "From": "+12349013030", "To": "+18005551212",
    }  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signatures.twilio(url, fields.items(), "12345") == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    # RFC 4231, test case 2.
    made = signatures.meta(b"what do ya want for nothing?", "Jefe")
    assert made == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
