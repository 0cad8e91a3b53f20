"""Signing in: one sentence for every wrong try, a wait after five, one tap in the demo."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from filiform.clinic.facts.models import Entry

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
    assert answer["Retry-After"] == "900"


def test_while_locked_even_the_right_password_waits(client, alice, bob) -> None:
    for _ in range(5):
        try_in(client, "alice", "wrong")
    assert try_in(client, "alice", PASSWORD).status_code == 429
    assert try_in(client, "bob", PASSWORD).status_code == 302


def test_a_lock_out_is_noted_once_in_the_audit(client, alice) -> None:
    for _ in range(8):
        try_in(client, "alice", "wrong")
    assert Entry.objects.filter(action="sign-in-locked").count() == 1


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
    for name in ("django", "axes", "filiform"):
        logging.getLogger(name).propagate = True
    try_in(client, "alice", "my-wrong-secret")
    try_in(client, "nobody-at-all", "my-wrong-secret")
    try_in(client, "alice", PASSWORD)
    for secret in ("alice", "Alice", "nobody-at-all", "my-wrong-secret", PASSWORD):
        assert secret not in caplog.text
