"""What a visitor sees: reach the clinic in one tap, understand, send a message once."""

from __future__ import annotations

import logging
import re
import time
from datetime import timedelta
from html import unescape
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client

from filiform.clinic.facts.models import Entry
from filiform.clinic.frontdoor.facts import FACTS, SOURCES
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.frontdoor.sieve import token_for
from filiform.clinic.staff import actions

pytestmark = pytest.mark.django_db


def message_data(**changes: str) -> dict[str, str]:
    """A form that was opened a minute ago."""
    message_id = changes.get("message_id", str(uuid4()))
    with patch("django.core.signing.time.time", return_value=time.time() - 60):
        token = token_for(message_id)
    return {
        "message_id": message_id,
        "token": token,
        "name": "Ayesha Khan",
        "phone": "0300 1234567",
        "text": "An appointment on Monday, please.",
        "answer_by": "whatsapp",
        "language": "en",
        "website": "",
        "agreed": "on",
        **changes,
    }


def home(client: Client) -> str:
    return unescape(client.get("/").content.decode())


def explainer(client: Client) -> str:
    return unescape(client.get("/dry-needling/").content.decode())


def plain_sentences(html: str) -> list[str]:
    """The sentences of the paragraphs and list items that patients read."""
    body = html[html.index("<main") : html.index("</main>")]
    blocks = re.findall(
        r"<(?:p|li|summary|figcaption)[^>]*>(.*?)</(?:p|li|summary|figcaption)>", body, flags=re.S
    )
    texts = [re.sub(r"<[^>]+>", " ", block) for block in blocks if 'class="sources"' not in block]
    return [
        " ".join(sentence.split())
        for text in texts
        for sentence in re.split(r"(?<=[.!?:])\s", text)
        if len(sentence.split()) > 1
    ]


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and len(groups) > 1 and not word.lower().endswith("le")
    return max(1, len(groups) - silent)


def test_before_a_clinic_is_founded_the_page_says_so(client: Client, db) -> None:
    assert "being set up" in client.get("/").content.decode()


def test_the_first_screen_offers_directions_call_message_and_whatsapp(client, site) -> None:
    actions.change_site(site=site, by=_owner(site), whatsapp="+923352855522")
    html = home(client)
    first = html[html.index('class="first"') : html.index('class="contents"')]
    assert "MidCity Mall, Rehmanabad" in first
    assert "+92 335 2855522" in first
    assert 'href="tel:+923352855522"' in first
    assert 'href="/find-us/"' in first
    assert 'href="/message/"' in first
    assert 'href="https://wa.me/923352855522"' in first
    assert re.search(r"Open now, until \d\d:\d\d|Closed now\. Opens", first)


def test_the_explainer_has_six_parts_and_each_shows_a_picture(client, site) -> None:
    html = explainer(client)
    parts = re.findall(
        r'<section class="part[^"]*" aria-labelledby="t\d">.*?</section>', html, re.S
    )
    assert len(parts) == 6
    assert all("<svg" in part and "aria-label=" in part for part in parts)


def test_no_sentence_for_patients_is_longer_than_fifteen_words(client, site) -> None:
    sentences = plain_sentences(home(client)) + plain_sentences(explainer(client))
    assert len(sentences) > 60
    assert [one for one in sentences if len(one.split()) > 15] == []


def test_the_text_for_patients_reads_at_school_grade_six(client, site) -> None:
    """Flesch-Kincaid over the whole page; the target stands in the notes on consent."""
    sentences = plain_sentences(home(client))
    words = re.findall(r"[A-Za-z]+", " ".join(sentences))
    grade = (
        0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    )
    assert grade <= 6


def test_every_number_has_a_source_and_the_picture_marks_as_many_people(client, site) -> None:
    html = explainer(client)
    assert all(fact.sources for fact in FACTS.values())
    for name in {source.name for group in SOURCES.values() for source in group}:
        assert name in html
    for key in ("bruise", "blood", "pain"):
        fact = FACTS[key]
        said = (
            f"{fact.low} in 100" if fact.low == fact.high else f"{fact.low} to {fact.high} in 100"
        )
        assert said in html
    hundreds = re.findall(r'<svg class="hundred" viewBox="0 0 246.*?</svg>', html, re.S)
    assert [one.count('class="person sure"') for one in hundreds] == [8, 5, 3]
    assert [one.count('class="person maybe"') for one in hundreds] == [0, 11, 3]
    assert all(one.count('class="person') == 100 for one in hundreds)


def test_the_page_says_when_to_go_to_emergency_and_when_to_call_today(client, site) -> None:
    html = home(client)
    assert 'href="tel:1122"' in html
    for sign in ("short of breath", "Your chest hurts", "dry cough", "hours or even days later"):
        assert sign in html


def test_the_team_shows_only_those_whose_papers_hold_and_who_want_it(
    client, site, alice, olga, today
) -> None:
    assert "Who treats you" not in home(client)
    actions.change_member(member=alice, by=olga, on_public_site=True)
    assert "Alice" in home(client)
    licence = alice.licences.get()
    actions.amend_credential(
        credential=licence, by=olga, why="renewal refused", expires_on=today - timedelta(days=1)
    )
    assert "Alice" not in home(client)


@pytest.mark.parametrize(
    "path", ["/", "/dry-needling/", "/find-us/", "/message/", "/message/sent/"]
)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_public_pages_open_for_everybody_in_both_languages(client, site, path, language) -> None:
    client.cookies["filiform_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


def test_a_page_of_the_public_site_runs_no_script_inside_itself(client, site) -> None:
    for html in (home(client), explainer(client)):
        assert " style=" not in html
        # Data for machines (JSON-LD) is not run by any browser.
        assert not re.search(r'<script(?![^>]*(?:src=|type="application/ld\+json"))[^>]*>', html)


# --- the message ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    ["0300 1234567", "+92 300 1234567", "0092-300-1234567", "٠٣٠٠١٢٣٤٥٦٧", "(0300)1234567"],
)
def test_a_number_is_understood_however_it_is_written(client, site, written) -> None:
    answer = client.post("/message/", message_data(phone=written))
    assert answer.status_code == 302
    assert Message.objects.get().phone == "+923001234567"


def test_a_message_is_kept_with_everything_that_was_said(client, site) -> None:
    client.post("/message/", message_data())
    message = Message.objects.get()
    assert (message.name, message.text) == ("Ayesha Khan", "An appointment on Monday, please.")
    assert (message.answer_by, message.language, message.state) == ("whatsapp", "en", "new")
    assert Entry.objects.filter(action="message-received", by=None).count() == 1


def test_sending_the_same_form_twice_keeps_one_message(client, site) -> None:
    data = message_data()
    assert client.post("/message/", data).status_code == 302
    assert client.post("/message/", data).status_code == 302
    assert Message.objects.count() == 1
    assert Entry.objects.filter(action="message-received").count() == 1


def test_what_was_wrong_is_said_and_what_was_right_is_kept(client, site) -> None:
    answer = client.post("/message/", message_data(phone="12"))
    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Write it like 0300 1234567" in html
    assert "An appointment on Monday, please." in html
    assert not Message.objects.exists()


def test_a_machine_that_fills_the_trap_is_stopped_and_a_person_may_send_again(client, site) -> None:
    data = message_data(website="http://spam.example")
    answer = client.post("/message/", data)
    assert answer.status_code == 422
    assert not Message.objects.exists()
    assert "spam.example" not in answer.content.decode()
    assert client.post("/message/", {**data, "website": ""}).status_code == 302


def test_nothing_of_the_message_stands_in_an_address(client, site) -> None:
    answer = client.post("/message/", message_data())
    assert answer["Location"] == "/message/sent/"


def test_nothing_of_the_message_is_written_to_the_log(client, site, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("django", "filiform"):
        logging.getLogger(name).propagate = True
    client.post("/message/", message_data())
    client.post("/message/", message_data(phone="1"))
    logged = caplog.text
    for secret in ("Ayesha", "Khan", "1234567", "appointment"):
        assert secret not in logged


def _owner(site):
    return actions.add_member(
        organisation=site.organisation,
        username="theowner",
        password=None,
        roles=frozenset({"owner"}),
        name="Owner",
    )
