"""Signing in: one sentence for every wrong try, a wait for whoever guesses and for nobody else,
one tap in the demo."""

from __future__ import annotations

import hashlib
import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.tables import check_each

from filiform.clinic.facts.models import Entry
from filiform.clinic.staff import actions, factor_actions
from filiform.clinic.staff.actions import note_guessing
from filiform.clinic.staff.factor_actions import news_for

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
SIGN_IN = "/sign-in/"


def try_in(client: Client, username: str, password: str, **more: str):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def error_of(answer) -> str:
    page = answer.content.decode()
    return page[page.index("error-summary") : page.index("</ul>", page.index("error-summary"))]


def test_the_right_password_leads_to_the_page_that_was_asked_for(client, alice) -> None:
    assert try_in(client, "alice", PASSWORD, next="/me/")["Location"] == "/me/"
    assert Entry.objects.filter(action="signed-in", by=alice).count() == 1


def test_a_capital_letter_from_a_phones_keyboard_does_not_matter(client, alice) -> None:
    assert try_in(client, "Alice", PASSWORD).status_code == 302


def test_nobody_is_led_to_another_site(client, alice) -> None:
    answer = try_in(client, "alice", PASSWORD, next="https://evil.example/")
    assert answer["Location"] == "/today/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client, alice) -> None:
    known, unknown = try_in(client, "alice", "wrong"), try_in(client, "nobody", "wrong")
    assert known.status_code == unknown.status_code == 422
    assert error_of(known) == error_of(unknown)


@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_after_five_wrong_tries_the_page_says_how_long_to_wait(client, alice, username) -> None:
    for _ in range(5):
        answer = try_in(client, username, "wrong")
    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()
    assert 890 <= int(answer["Retry-After"]) <= 900  # a slow machine has waited a second already


def test_while_locked_even_the_right_password_waits(client, alice, bob) -> None:
    for _ in range(5):
        try_in(client, "alice", "wrong")
    assert try_in(client, "alice", PASSWORD).status_code == 429
    assert try_in(client, "bob", PASSWORD).status_code == 302


def test_a_lock_out_is_noted_once_in_the_audit(client, alice) -> None:
    for _ in range(8):
        try_in(client, "alice", "wrong")
    assert Entry.objects.filter(action="sign-in-locked").count() == 1


def test_a_stranger_stops_himself_and_not_the_practitioner(client, alice) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(8):
        answer = try_in(stranger, "alice", "wrong")
    assert answer.status_code == 429
    assert try_in(client, "alice", PASSWORD).status_code == 302


def test_a_known_device_stays_free_also_at_the_strangers_address(client, alice, bob) -> None:
    try_in(client, "alice", PASSWORD)
    client.post("/sign-out/")
    stranger = Client()
    for _ in range(6):
        try_in(stranger, "alice", "wrong")
        try_in(stranger, "bob", "wrong")
    assert try_in(client, "alice", PASSWORD).status_code == 302
    client.post("/sign-out/")
    assert try_in(client, "bob", PASSWORD).status_code == 429, "the device is not known as Bob's"


def test_a_made_up_device_is_no_known_device(client, alice) -> None:
    client.cookies["filiform_device"] = "W10:1abcde:forged"
    for _ in range(6):
        answer = try_in(client, "alice", "wrong")
    assert answer.status_code == 429


def test_a_stolen_device_can_not_guess_for_ever(client, alice) -> None:
    try_in(client, "alice", PASSWORD)
    client.post("/sign-out/")
    for _ in range(5):
        answer = try_in(client, "alice", "wrong")
    assert answer.status_code == 429


def test_guessing_from_many_places_slows_unknown_devices_and_tells_the_member(
    client, alice, olga
) -> None:
    try_in(client, "alice", PASSWORD)
    client.post("/sign-out/")
    for place in range(20):
        try_in(Client(REMOTE_ADDR=f"198.51.100.{place}"), "alice", "wrong")
    assert Entry.objects.filter(action="sign-in-guessed").count() == 1

    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    asked = try_in(elsewhere, "alice", PASSWORD)
    assert asked.status_code == 422
    work = re.search(r'challenge="([^"]+)" bits="(\d+)"', asked.content.decode())
    solved = {"work": work[1], "work_answer": solve(work[1], int(work[2]))}
    assert try_in(elsewhere, "alice", PASSWORD, work=work[1], work_answer="1").status_code == 422
    assert try_in(elsewhere, "alice", "wrong", **solved).status_code == 422
    again = try_in(elsewhere, "alice", PASSWORD, **solved)
    assert again.status_code == 422, "one sum is good for one try"
    work = re.search(r'challenge="([^"]+)" bits="(\d+)"', again.content.decode())
    solved = {"work": work[1], "work_answer": solve(work[1], int(work[2]))}
    assert try_in(elsewhere, "alice", PASSWORD, **solved).status_code == 302

    assert try_in(client, "alice", PASSWORD).status_code == 302, "a known device notices nothing"
    assert "too many wrong passwords were tried for your name" in told(client, "/today/")
    try_in(elsewhere, "olga", PASSWORD)  # had signed in before
    type(olga).objects.filter(pk=olga.pk).update(last_login=timezone.now())
    elsewhere.post("/sign-out/")
    try_in(elsewhere, "olga", PASSWORD)
    assert "were tried for \u2068Alice\u2069, from many places" in told(elsewhere, "/today/")


def test_an_attack_on_other_names_does_not_push_out_what_happened_to_ones_own(
    alice, bob, olga, monkeypatch
) -> None:
    monkeypatch.setattr(factor_actions, "MOST_NEWS", 2)
    monkeypatch.setattr(actions, "NOTED_ONCE", timedelta(0))
    note_guessing(username="alice", together=False)
    for _ in range(3):
        note_guessing(username="bob", together=False)
    assert Entry.objects.filter(action="sign-in-locked").count() == 4
    month_ago = timezone.now() - timedelta(days=30)
    assert [one.subject_id for one in news_for(alice, month_ago)] == [str(alice.pk)]
    assert news_for(olga, month_ago) == [], "one name tried too often is that member's affair"


def solve(challenge: str, bits: int) -> str:
    for number in range(1 << (bits + 6)):
        digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
        if int.from_bytes(digest, "big") >> (256 - bits) == 0:
            return str(number)
    raise AssertionError("no answer")


def told(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_behind_a_proxy_the_address_before_the_last_one_counts(settings, rf) -> None:
    from filiform.clinic.web.callers import caller

    def check(proxies: int, passed: str, expected: str) -> None:
        settings.PROXIES = proxies
        request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=passed)
        assert caller(request) == expected

    check_each(
        [
            (0, "203.0.113.9", "127.0.0.1"),
            (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
            (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
            (2, "203.0.113.9", "127.0.0.1"),
            (1, "nonsense", "unknown"),
            (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            (1, "::ffff:203.0.113.9", "203.0.113.9"),
        ],
        check,
    )


def test_a_name_that_nobody_bears_costs_as_many_hashes_and_questions(
    client, alice, monkeypatch
) -> None:
    """What takes the time of a try is counted, not the time: a clock would be noise."""
    from django.contrib.auth.hashers import MD5PasswordHasher
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given)
    )

    def cost(username: str) -> tuple[int, int]:
        hashed.clear()
        with CaptureQueriesContext(connection) as asked:
            try_in(Client(), username, "wrong")
        return len(hashed), len(asked)

    cost("warm")
    assert cost("alice") == cost("nobody")


def test_somebody_who_was_switched_off_can_no_longer_sign_in(client, alice, olga) -> None:
    from filiform.clinic.staff import actions

    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/me/").status_code == 200
    actions.switch_member(member=alice, by=olga, active=False, why="left the clinic")
    assert client.get("/me/").status_code == 302
    assert try_in(client, "alice", PASSWORD).status_code == 422


def test_in_the_demo_one_tap_opens_the_door(client, settings, alice, bob) -> None:
    settings.DEMO = True
    page = client.get(SIGN_IN).content.decode()
    assert 'value="alice"' in page
    assert 'value="bob"' in page
    answer = client.post("/sign-in/demo/", {"username": "bob", "next": "/inbox/"})
    assert answer["Location"] == "/inbox/"


def test_outside_the_demo_there_is_no_such_door(client, settings, alice) -> None:
    settings.DEMO = False
    assert 'value="alice"' not in client.get(SIGN_IN).content.decode()
    assert client.post("/sign-in/demo/", {"username": "alice"}).status_code == 404


def test_signing_out_needs_a_post_and_is_noted(as_alice, alice) -> None:
    assert as_alice.get("/sign-out/").status_code == 405
    assert as_alice.post("/sign-out/")["Location"] == "/"
    assert as_alice.get("/me/").status_code == 302
    assert Entry.objects.filter(action="signed-out", by=alice).exists()


def test_neither_names_nor_passwords_are_written_to_the_log(client, alice, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("django", "filiform"):
        logging.getLogger(name).propagate = True
    try_in(client, "alice", "my-wrong-secret")
    try_in(client, "nobody-at-all", "my-wrong-secret")
    try_in(client, "alice", PASSWORD)
    for secret in ("alice", "Alice", "nobody-at-all", "my-wrong-secret", PASSWORD):
        assert secret not in caplog.text
