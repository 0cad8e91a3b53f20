"""A script doesn't fill the inbox, and no patient is silenced by one."""

from __future__ import annotations

import hashlib
import os
import re
import time
from datetime import timedelta
from html import unescape
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.clinic.frontdoor.test_public_site import message_data
from tests.tables import check_each

from filiform.clinic.frontdoor import queries, sieve
from filiform.clinic.frontdoor.models import Arrival, Message
from filiform.clinic.pathway.attention import attention
from filiform.clinic.web import work

pytestmark = pytest.mark.django_db

SCRIPTED = int(os.environ.get("FILIFORM_SCRIPTED_MESSAGES", "40"))
"""How many messages the script sends: twice what a site takes freely. 10,000 take minutes and are
sent by hand."""


def solve(challenge: str, bits: int) -> str:
    number = 0
    while True:
        digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
        if int.from_bytes(digest, "big") >> (256 - bits) == 0:
            return str(number)
        number += 1


def asked_work(page: str) -> dict[str, str]:
    """What a browser with scripts does with the page."""
    found = re.search(r'challenge="([^"]+)" bits="(\d+)"', page)
    return {"work": found[1], "work_answer": solve(found[1], int(found[2]))}


def send_as_browser(client: Client, **changes: str):
    """A person's browser: sends, and does the sum when it is asked to."""
    data = message_data(**changes)
    answer = client.post("/message/", data)
    if answer.status_code == 422:
        page = answer.content.decode()
        data["token"] = re.search(r'name="token" value="([^"]+)"', page)[1]
        answer = client.post("/message/", {**data, **asked_work(page)})
    return answer


def inbox(site) -> int:
    return len(queries.open_messages(site.organisation, now=timezone.now()))


def test_a_scripts_thousands_of_messages_do_not_fill_the_inbox_nor_stop_a_patient(
    client, site
) -> None:
    for number in range(SCRIPTED):
        client.post("/message/", message_data(phone=f"0300 {1000000 + number}", text="Buy now"))
    assert inbox(site) <= sieve.FREE_PER_ADDRESS
    answer = send_as_browser(client, name="Amna", phone="0301 7654321", text="An appointment?")
    assert answer.status_code == 302, "the same network address, as behind a mall's router"
    assert Message.objects.get(name="Amna").set_aside_for == ""


def test_a_script_from_a_thousand_addresses_fills_nothing_either(client, site) -> None:
    for number in range(SCRIPTED):
        sender = Client(REMOTE_ADDR=f"198.51.{number // 250}.{number % 250}")
        sender.post("/message/", message_data(phone=f"0300 {1000000 + number}"))
    assert inbox(site) <= sieve.FREE_PER_SITE
    assert send_as_browser(client, name="Amna", phone="0301 7654321").status_code == 302
    assert Message.objects.get(name="Amna").set_aside_for == ""


def test_a_script_that_does_every_sum_lands_in_the_box_aside(
    client, site, bob, monkeypatch
) -> None:
    monkeypatch.setattr(work, "MOST_BITS", 6)  # the test has no day to spend on sums
    for number in range(20):
        answer = send_as_browser(client, phone=f"0300 {1000000 + number}")
        assert answer.status_code == 302
    assert inbox(site) == sieve.MOST_PER_ADDRESS
    assert Message.objects.count() == 20, "nothing is dropped"
    found = attention(bob, on=timezone.localdate(), now=timezone.now())
    assert found.set_aside == 20 - sieve.MOST_PER_ADDRESS
    client.force_login(bob)
    assert "look like a machine" in client.get("/today/").content.decode()


def test_a_patient_whose_number_is_known_is_never_taken_for_a_script(
    client, site, patient, monkeypatch
) -> None:
    monkeypatch.setattr(work, "MOST_BITS", 6)
    for number in range(sieve.MOST_PER_ADDRESS + 2):
        send_as_browser(client, phone=f"0300 {2000000 + number}")
    send_as_browser(client, name="Known", phone=patient.phone)
    assert Message.objects.get(name="Known").set_aside_for == ""


def test_each_doubling_costs_a_script_twice_the_work() -> None:
    bits = [work.bits_for(count, 3) for count in (0, 2, 3, 5, 6, 12, 24, 3 * 2**30)]
    assert bits == [0, 0, 12, 12, 13, 14, 15, work.MOST_BITS]


def test_one_sum_is_good_for_its_own_message_and_its_own_hardness() -> None:
    asked = work.challenge("a", 8)
    answer = solve(asked.text, 8)
    assert work.is_done(asked.text, answer, subject="a", bits=8)
    assert not work.is_done(asked.text, answer, subject="b", bits=8)
    assert not work.is_done(asked.text, answer, subject="a", bits=9)
    assert not work.is_done(asked.text + "x", answer, subject="a", bits=8)
    assert not work.is_done("", "0", subject="a", bits=1)


def test_without_scripts_one_waits_instead_and_the_message_is_looked_at(client, site) -> None:
    for number in range(3):
        send_as_browser(client, phone=f"0300 {1000000 + number}")
    data = message_data(name="Patient", phone="0301 7654321")
    page = client.post("/message/", data).content.decode()
    assert re.search(r"Wait \d+ seconds", page)
    challenge = re.search(r'challenge="([^"]+)"', page)[1]
    assert client.post("/message/", {**data, "work": challenge}).status_code == 422
    with patch("django.core.signing.time.time", return_value=time.time() + 125):
        assert client.post("/message/", {**data, "work": challenge}).status_code == 302
    assert Message.objects.get(name="Patient").set_aside_for == "waited"


def test_who_is_too_quick_or_too_late_is_asked_again_and_loses_nothing(client, site) -> None:
    def check(token: str, text: str) -> None:
        data = {**message_data(text=text), "token": token}
        page = client.post("/message/", data)
        html = unescape(page.content.decode())
        assert page.status_code == 422
        assert text in html
        fresh = re.search(r'name="token" value="([^"]+)"', html)[1]
        assert not Message.objects.filter(text=text).exists()
        with patch("django.core.signing.time.time", return_value=time.time() + 10):
            again = client.post("/message/", {**data, "token": fresh})
        assert again.status_code == 302
        Arrival.objects.all().delete()

    with patch("django.core.signing.time.time", return_value=time.time() - 90_000):
        old = sieve.token_for(uuid4())
    cases = [
        ("", "none"),
        ("made up", "forged"),
        (old, "left open"),
        (sieve.token_for(uuid4()), "x"),
    ]
    check_each(cases, check)


def test_a_form_that_was_just_opened_is_too_quick(client, site) -> None:
    data = message_data()
    data["token"] = sieve.token_for(data["message_id"])
    assert "quicker than most people" in client.post("/message/", data).content.decode()


def test_what_tells_of_danger_is_never_set_aside(rf, site) -> None:
    request = rf.post("/message/", {})
    given = {"site": site, "message_id": uuid4(), "phone": "+923001234567"}
    links = "www.a www.b www.c"
    assert sieve.judge(request, **given, text=links, urgent=True) == sieve.Judgement()
    with patch.object(sieve, "_time_of", return_value=""):
        judged = sieve.judge(request, **given, text=links, urgent=False)
    assert judged.aside == "links"


def test_staff_see_why_it_was_set_aside_and_move_it_to_the_inbox(client, site, bob) -> None:
    send_as_browser(client, text="www.a www.b https://c", name="Amna")
    client.force_login(bob)
    message = Message.objects.get()
    page = client.get("/inbox/spam/").content.decode()
    assert "Amna" in page
    assert "Amna" not in client.get("/inbox/").content.decode()
    assert "many links" in client.get(f"/inbox/{message.pk}/").content.decode()
    client.post(f"/inbox/{message.pk}/move-in/")
    assert "Amna" in client.get("/inbox/").content.decode()
    assert list(message.events.values_list("kind", flat=True)) == ["moved-in"]


def test_several_messages_from_one_number_are_kept_aside_and_not_refused(client, site) -> None:
    for number in range(6):
        sender = Client(REMOTE_ADDR=f"198.51.100.{number}")
        assert send_as_browser(sender, text=f"Message {number}").status_code == 302
    reasons = Message.objects.order_by("received_at").values_list("set_aside_for", flat=True)
    assert list(reasons) == ["", "", "", "", "same-number", "same-number"]


def test_addresses_are_kept_as_hashes_and_for_a_day(client, site) -> None:
    client.post("/message/", message_data())
    kept = Arrival.objects.get()
    assert re.fullmatch("[0-9a-f]{32}", kept.place_key)
    assert kept.place_key != hashlib.sha256(b"127.0.0.1").hexdigest()[:32], "without a key"
    Arrival.objects.update(at=timezone.now() - timedelta(days=2))
    client.post("/message/", message_data())
    assert Arrival.objects.count() == 1
