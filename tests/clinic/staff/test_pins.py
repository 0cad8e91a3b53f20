"""Somebody shows on a colleague's page who they are: by their own PIN or password, a few tries."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from tests.clinic.conftest import PASSWORD

from filiform.clinic.facts.models import Entry
from filiform.clinic.staff import actions, factors, pins
from filiform.clinic.staff.forms import check_pin
from filiform.reasons import say

NOON = datetime.fromisoformat("2026-11-28T12:00:00+05:00")
PIN = "135790"


def code(answer) -> str:
    assert not isinstance(answer, str), answer
    return answer.code


def test_a_pin_or_a_password_is_somebodys_own(alice, bob) -> None:
    assert pins.prove(bob, PIN, asked_by=alice, now=NOON) == pins.PIN
    assert pins.prove(bob, PASSWORD, asked_by=alice, now=NOON) == pins.PASSWORD
    for wrong in ("", "246810", "a quite wrong password"):  # the second is Alice's own PIN
        assert code(pins.prove(bob, wrong, asked_by=alice, now=NOON)) == "proof-wrong"


def test_digits_of_an_urdu_keyboard_are_the_same_pin_and_code(alice) -> None:
    actions.change_pin(member=alice, by=alice, pin=check_pin("۸۲۰۶۴۵"))
    assert pins.way_of(alice, "820645") == pins.way_of(alice, "۸۲۰۶۴۵") == "pin"
    secret = factors.new_secret()
    code = pyotp.TOTP(secret).now()
    assert factors.step_of(secret, code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")))


def test_the_pin_is_kept_as_a_hash_only(alice, bob) -> None:
    bob.refresh_from_db()
    assert PIN not in bob.pin_hash
    assert "$" in bob.pin_hash


def test_after_five_wrong_tries_not_even_the_right_pin_is_looked_at_for_a_while(alice, bob, olga):
    for _try in range(pins.TRIES_ALLOWED):
        pins.prove(bob, "000001", asked_by=alice, now=NOON)
    # From whichever session: the tries are counted for Bob.
    paused = pins.prove(bob, PIN, asked_by=olga, now=NOON)
    assert code(paused) == "proof-paused"
    assert "12:15" in say(paused)
    assert pins.prove(bob, PIN, asked_by=alice, now=NOON + pins.PAUSE) == pins.PIN


def test_a_right_pin_forgets_the_wrong_tries_before_it(alice, bob) -> None:
    for _round in range(3):
        for _try in range(pins.TRIES_ALLOWED - 1):
            pins.prove(bob, "000001", asked_by=alice, now=NOON)
        assert pins.prove(bob, PIN, asked_by=alice, now=NOON) == pins.PIN


def test_wrong_tries_stand_in_the_audit_with_whose_page_it_was(alice, bob) -> None:
    pins.prove(bob, "000001", asked_by=alice, now=NOON)
    entry = Entry.objects.get(action="proof-refused")
    assert (entry.by, entry.subject_id) == (alice, str(bob.pk))
    assert "000001" not in str(entry.details)


def test_somebody_of_another_clinic_or_switched_off_proves_nothing(alice, bob, charlie) -> None:
    assert code(pins.prove(charlie, "246810", asked_by=alice, now=NOON)) == "account-not-of-clinic"
    actions.switch_member(member=bob, by=alice, active=False, why="Left the clinic.")
    assert code(pins.prove(bob, PIN, asked_by=alice, now=NOON)) == "proof-wrong"


@pytest.mark.parametrize("minutes", [1, 14])
def test_tries_go_on_counting_within_the_pause(alice, bob, minutes) -> None:
    for number in range(pins.TRIES_ALLOWED):
        at = NOON + timedelta(minutes=minutes * number / pins.TRIES_ALLOWED)
        pins.prove(bob, "000001", asked_by=alice, now=at)
    later = NOON + timedelta(minutes=minutes)
    assert code(pins.prove(bob, PIN, asked_by=alice, now=later)) == "proof-paused"
