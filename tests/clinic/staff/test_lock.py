"""The lock: the server decides, and nothing that was entered is lost."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from filiform.clinic.facts.models import Entry
from filiform.clinic.frontdoor.models import MessageEvent
from filiform.clinic.staff import lock

pytestmark = pytest.mark.django_db
PIN, PASSWORD = "246810", "a long enough password"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def locked(as_alice: Client) -> Client:
    as_alice.get("/me/")
    as_alice.post("/lock/")
    return as_alice


@pytest.fixture
def message(site):
    from uuid import uuid4

    from filiform.clinic.frontdoor import receiving

    return receiving.receive(
        site=site,
        message_id=uuid4(),
        name="A",
        phone="+923001234567",
        text="Hello",
        answer_by="call",
        language="en",
    )


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return unescape(found.group(1))


def idle(client: Client, minutes: float) -> None:
    session = client.session
    session[lock.SEEN_AT] = int(time.time() - minutes * 60)
    session.save()


def test_a_page_left_alone_for_ten_minutes_asks_for_the_pin(as_alice, settings) -> None:
    settings.LOCK_AFTER_MINUTES = 10
    assert as_alice.get("/me/").status_code == 200
    idle(as_alice, 9.9)
    assert as_alice.get("/me/").status_code == 200
    idle(as_alice, 10.1)
    answer = as_alice.get("/me/")
    assert answer.status_code == 423
    assert "Allied Health" not in answer.content.decode()


def test_every_request_keeps_the_screen_awake_but_not_one_that_a_page_sends_by_itself(
    as_alice,
) -> None:
    as_alice.get("/me/")
    idle(as_alice, 5)
    before = as_alice.session[lock.SEEN_AT]
    as_alice.get("/me/", HTTP_X_UNATTENDED="yes")
    assert as_alice.session[lock.SEEN_AT] == before
    as_alice.get("/me/")
    assert as_alice.session[lock.SEEN_AT] > before


def test_after_unlocking_one_is_where_one_was(locked) -> None:
    page = locked.get("/inbox/?show=closed").content.decode()
    answer = locked.post("/unlock/", {"pin": PIN, "path": hidden(page, "path")})
    assert answer["Location"] == "/inbox/?show=closed"
    assert locked.get("/me/").status_code == 200


def test_the_password_unlocks_too(locked) -> None:
    assert locked.post("/unlock/", {"pin": PASSWORD, "path": "/me/"}).status_code == 302


def test_unlocking_never_leads_to_another_site(locked) -> None:
    answer = locked.post("/unlock/", {"pin": PIN, "path": "//evil.example/"})
    assert answer["Location"] == "/today/"


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HX_REQUEST": "true"},
        JSON,
        {"HTTP_SEC_FETCH_DEST": "empty", "HTTP_ACCEPT": "*/*"},
    ],
)
def test_a_part_of_a_page_gets_423_so_that_the_page_can_ask(locked, headers) -> None:
    assert locked.get("/me/", **headers).status_code == 423
    assert locked.put("/drafts/story/", b"{}", content_type="application/json").status_code == 423


def test_a_form_sent_while_locked_is_held_and_goes_on_after_the_pin(locked, message) -> None:
    """The whole way: refused, held, unlocked, handed back, and sent once."""
    address = f"/inbox/{message.pk}/answered/"
    said = 'Monday at 11, "first visit"\r\nbring the X-ray & shoes'
    refused = locked.post(address, {"channel": "call", "text": said, "draft_key": "message-1"})
    assert refused.status_code == 423
    assert not MessageEvent.objects.exists()
    held = hidden(refused.content.decode(), "held")
    assert "first visit" not in held

    wrong = locked.post("/unlock/", {"pin": "000000", "held": held}).content.decode()
    assert hidden(wrong, "held") == held

    page = unescape(locked.post("/unlock/", {"pin": PIN, "held": held}).content.decode())
    assert f'action="{address}"' in page
    fields = dict(re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.S))
    assert fields == {"channel": "call", "text": said, "draft_key": "message-1"}
    assert locked.post(address, fields).status_code == 302
    assert MessageEvent.objects.get().text == said


def test_a_draft_survives_the_form_that_the_lock_refused(locked, alice) -> None:
    from filiform.clinic.web.models import Draft

    Draft.objects.create(member=alice, key="story-1", data={"text": ["typed"]})
    locked.post("/me/", {"name": "A", "draft_key": "story-1"})
    assert Draft.objects.filter(member=alice, key="story-1").exists()


def test_a_held_form_of_another_session_is_worthless(locked, message, bob) -> None:
    refused = locked.post(f"/inbox/{message.pk}/note/", {"text": "secret"}).content.decode()
    other = Client()
    other.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    other.get("/me/")
    answer = other.post("/unlock/", {"pin": "135790", "held": hidden(refused, "held")})
    assert answer.status_code == 302
    assert "secret" not in answer.content.decode()


def test_a_tampered_held_form_is_not_sent_on(locked) -> None:
    answer = locked.post("/unlock/", {"pin": PIN, "held": "x:y:z", "path": "/me/"})
    assert answer["Location"] == "/me/"


@pytest.mark.parametrize("size", [lock.LARGEST_HELD_FORM + 1])
def test_a_form_that_is_too_large_is_not_held_and_the_page_says_so(locked, size) -> None:
    page = locked.post("/me/", {"name": "x" * size}).content.decode()
    assert 'name="held"' not in page
    assert "was not sent" in page


def test_a_form_with_a_file_is_not_held_and_the_page_says_so(locked) -> None:
    page = locked.post("/me/", {"file": SimpleUploadedFile("a.json", b"{}")}).content.decode()
    assert 'name="held"' not in page
    assert "was not sent" in page


def test_five_wrong_pins_sign_out_and_are_noted(locked, alice) -> None:
    for left in (4, 3, 2, 1):
        page = locked.post("/unlock/", {"pin": "000000"}).content.decode()
        assert re.search(rf"{left} (attempt is|attempts are) left", page)
    assert locked.post("/unlock/", {"pin": "000000"})["Location"] == "/sign-in/"
    assert locked.post("/unlock/", {"pin": PIN})["Location"] == "/sign-in/"
    assert Entry.objects.filter(action="signed-out-after-wrong-pins", by=alice).count() == 1


def test_wrong_tries_are_counted_before_they_are_looked_at(locked) -> None:
    """Many attempts at once must not all be the first one."""
    request = type("Request", (), {"session": locked.session})()
    assert [lock.take_try(request) for _ in range(3)] == [1, 2, 3]


def test_a_script_learns_whether_the_screen_is_locked_and_unlocks_it(as_alice) -> None:
    assert as_alice.get("/unlock/").status_code == 204
    as_alice.post("/lock/")
    assert as_alice.get("/unlock/").status_code == 423
    wrong = as_alice.post("/unlock/", {"pin": "1"}, **JSON)
    assert wrong.status_code == 422
    assert "attempts are left" in wrong.json()["error"]
    assert as_alice.post("/unlock/", {"pin": PIN}, **JSON).status_code == 200
    assert as_alice.get("/unlock/").status_code == 204


def test_a_script_without_a_session_gets_401(client, db) -> None:
    assert client.post("/unlock/", {"pin": PIN}, **JSON).status_code == 401


def test_a_locked_screen_can_be_signed_out_by_the_next_person(locked) -> None:
    assert locked.post("/sign-out/")["Location"] == "/"


def test_the_public_site_stays_open_while_the_screen_is_locked(locked, site) -> None:
    assert locked.get("/").status_code == 200
