"""A message that tells of danger: answered at once, red, ringing, taken, and said what was done."""

from __future__ import annotations

import logging
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from tests.clinic.frontdoor.test_public_site import message_data

from filiform.clinic.facts.models import Entry
from filiform.clinic.frontdoor import actions, receiving
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.staff import actions as staff
from filiform.clinic.web.templatetags.filiform import isolated
from filiform.warning_signs import Urgency, public_signs, signs, thinner_signs

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
URDU = "کل سے میرا سانس پھول رہا ہے"


@pytest.fixture
def alarm(site) -> Message:
    return receiving.receive(
        site=site,
        message_id=uuid4(),
        name="Amna Siddiqui",
        phone="+923001234567",
        text=URDU,
        answer_by="call",
        language="ur",
    )


def as_(member) -> Client:
    client = Client()
    client.force_login(member, backend=BACKEND)
    return client


def page(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def test_the_sender_is_told_at_once_where_to_go_in_the_language_of_the_message(client, site):
    staff.change_site(site=site, by=_owner(site), emergency_phone="115")
    sent = client.post("/message/", message_data(text=URDU, language="ur"))
    assert sent["Location"] == "/message/sent/"
    html = page(client, "/message/sent/")
    assert '<html lang="ur" dir="rtl"' in html
    assert "ابھی قریبی ایمرجنسی جائیں" in html
    assert 'href="tel:115"' in html
    assert URDU not in html
    assert "Thank you" in page(Client(), "/message/sent/")


def test_the_message_is_not_altered_and_what_was_heard_is_a_fact_beside_it(alarm):
    assert alarm.text == URDU
    assert (alarm.reading.urgency, alarm.alarm) == ("emergency", "ringing")
    assert [sign for sign, _ in alarm.reading.signs] == ["breathless"]
    assert URDU not in str(alarm.reading.signs)


def test_it_is_red_on_today_and_in_the_inbox_and_rings_until_somebody_takes_it(alarm, bob, alice):
    desk, treats = as_(bob), as_(alice)
    for client in (desk, treats):
        assert "Nobody has taken it on" in page(client, "/today/")
        assert client.get("/message/alarms/").json()["ringing"] == 1
    assert "alarmed" in page(desk, "/inbox/")
    assert "I'll take it" in page(desk, "/inbox/")

    desk.post(f"/inbox/{alarm.pk}/alarm/take/")
    assert treats.get("/message/alarms/").json()["ringing"] == 0
    assert "Bob" in page(treats, "/today/")
    late = treats.post(f"/inbox/{alarm.pk}/alarm/take/", follow=True)
    assert f"{isolated('Bob')} had already taken this alarm" in late.content.decode()

    refused = desk.post(f"/inbox/{alarm.pk}/close/", {"text": ""})
    assert refused.status_code == 422
    assert desk.post(f"/inbox/{alarm.pk}/alarm/done/", {"text": " "}).status_code == 422
    desk.post(f"/inbox/{alarm.pk}/alarm/done/", {"text": "Sent to emergency"})
    assert "Messages with danger signs" not in page(treats, "/today/")
    events = alarm.events.order_by("recorded_at").values_list("kind", "recorded_by__name")
    assert list(events) == [("alarm-taken", "Bob"), ("alarm-done", "Bob")]
    audit = set(Entry.objects.values_list("action", flat=True))
    assert {"message-alarm-taken", "message-alarm-done"} <= audit


def test_another_clinic_and_a_visitor_hear_see_and_take_nothing(alarm, charlie):
    outside = as_(charlie)
    assert outside.get("/message/alarms/").json()["ringing"] == 0
    assert outside.post(f"/inbox/{alarm.pk}/alarm/take/").status_code == 404
    assert outside.post(f"/inbox/{alarm.pk}/alarm/done/", {"text": "x"}).status_code == 404
    assert Client().get("/message/alarms/").status_code == 302
    alarm.refresh_from_db()
    assert alarm.alarm == "ringing"


def test_asking_again_when_nothing_was_written_costs_one_query_and_gives_304(
    alarm, bob, django_assert_max_num_queries
):
    client = as_(bob)
    tag = client.get("/message/alarms/")["ETag"]
    with django_assert_max_num_queries(4):  # session, member, their site's clock, version
        assert client.get("/message/alarms/", headers={"If-None-Match": tag}).status_code == 304
    actions.take_alarm(message=alarm, by=bob)
    assert client.get("/message/alarms/", headers={"If-None-Match": tag}).status_code == 200


def test_no_word_of_the_message_stands_in_a_log_an_address_a_title_or_the_bell(
    client, site, bob, caplog
):
    caplog.set_level(logging.DEBUG)
    text = "Bano says: chest pain"
    client.post("/message/", message_data(text=text, name="Bano"))
    desk = as_(bob)
    message = Message.objects.get()
    html = page(desk, f"/inbox/{message.pk}/")
    assert "Bano" not in html[html.index("<title>") : html.index("</title>")]
    bell = desk.get("/message/alarms/").content.decode()
    for secret in ("Bano", "chest"):
        assert secret not in caplog.text
        assert secret not in bell


def test_back_and_send_again_is_one_message_and_says_so(client, site):
    client.post("/message/", message_data())
    client.post("/message/", message_data())
    assert Message.objects.count() == 1
    assert "We have your message already" in page(client, "/message/sent/")


def test_a_second_site_stands_on_the_home_page_and_gets_its_own_messages(client, site, clinic):
    other = staff.open_site(
        organisation=clinic, name="Sadiqabad", address="Sadiqabad", phone="+923335550000"
    )
    html = page(client, "/")
    assert 'href="tel:+923335550000"' in html
    assert "Sadiqabad" in page(client, "/message/")
    client.post("/message/", message_data(site=str(other.pk)))
    assert Message.objects.get().site == other
    assert client.post("/message/", message_data(site=str(uuid4()))).status_code == 422


def test_the_owner_sees_the_alarm_too(alarm, olga):
    assert "Nobody has taken it on" in page(as_(olga), "/today/")


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("address", ["/", "/something-is-wrong/"])
def test_no_public_page_says_less_than_the_table(client, site, address, language):
    client.cookies["filiform_language"] = language
    html = page(client, address)
    emergency = html[html.index('<div class="emergency">') : html.index('<div class="today">')]
    today = html[html.index('<div class="today">') :]
    for sign in public_signs(Urgency.EMERGENCY):
        felt = sign.felt.in_language(language)
        assert felt in emergency, sign.id
        assert felt not in today, sign.id
    for sign in thinner_signs():
        assert sign.felt.in_language(language) in emergency, sign.id
    for sign in public_signs(Urgency.CALL_TODAY):
        assert sign.felt.in_language(language) in html, sign.id


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_warning_with_the_number_stands_above_send(client, site, language):
    client.cookies["filiform_language"] = language
    html = page(client, "/message/")
    above = html[: html.index('class="button primary large wide"')]
    assert 'href="tel:1122"' in above
    for sign in ("breathless", "chest_pain", "weak", "bladder_bowel", "pregnant_bleeding"):
        assert signs()[sign].felt.in_language(language) in above, sign


def test_consent_the_handout_and_the_words_left_by_telephone_name_every_emergency():
    from filiform.clinic.aftercare.texts import SAFETY_TEXT
    from filiform.clinic.consent.shipped import shipped_texts
    from filiform.clinic.programme.texts import HANDOUT

    for sign in public_signs(Urgency.EMERGENCY):
        for language in ("en", "ur"):
            name = sign.name.in_language(language)
            assert name in SAFETY_TEXT.in_language(language), sign.id
            assert name in HANDOUT["emergency"].in_language(language), sign.id
            consent = [text for text in shipped_texts() if text.language == language][-1]
            after = next(part.text for part in consent.section if part.id == "after")
            felt = sign.felt.in_language(language)
            call = "Call us the same day" if language == "en" else "اسی دن ہمیں فون کریں"
            assert felt in after[: after.index(call)], sign.id


def _owner(site):
    return staff.add_member(
        organisation=site.organisation,
        username="theowner",
        password=None,
        roles=frozenset({"owner"}),
        name="Owner",
    )
