"""From a visitor's form with a picture to an answer that arrives, or comes back."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from html import unescape
from unittest.mock import patch
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.clinic.frontdoor.test_public_site import message_data
from tests.tables import check_each

from filiform.clinic.frontdoor import actions, queries, ready_texts, receiving, replying
from filiform.clinic.frontdoor.clock import due_at
from filiform.clinic.frontdoor.models import AnswerText, HeldFile, Message, MessageAttachment
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import Receipt, Refused
from filiform.clinic.sending.setup import Setup
from filiform.clinic.sending.worker import round_of_work
from filiform.clinic.staff.hours import deadline

KARACHI = ZoneInfo("Asia/Karachi")
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def as_(member) -> Client:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def photograph() -> bytes:
    """A JPEG as a telephone makes it, with the place where it was taken."""
    picture = Image.new("RGB", (320, 240), "purple")
    exif = picture.getexif()
    exif[0x010E] = "SECRETPLACE"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


@pytest.fixture
def message(site) -> Message:
    return receiving.receive(
        site=site, message_id=uuid4(), name="Amna", phone="", email="amna@example.org",
        text="When can I come?", answer_by="email", language="en",
    )  # fmt: skip


class Mail:
    """A mail server of the test: takes everything, or refuses it."""

    name, channel, cost = "smtp", "email", 0

    def __init__(self) -> None:
        self.sent, self.refuses = [], False

    def send(self, ready):
        if self.refuses:
            raise Refused("smtp-550")
        self.sent.append(ready)
        return Receipt("1")


@pytest.fixture
def mail(settings) -> Mail:
    found = Mail()
    settings.SENDING = Setup(providers={"email": found}, public_url="https://clinic.example")
    return found


# --- the clock ------------------------------------------------------------------------------------

WEEK = {"0": [["10:00", "14:00"], ["16:00", "20:00"]], "1": [["10:00", "20:00"]], "4": []}


def slow_deadline(hours, start, zone, minutes):
    """Minute by minute, as a person would count on the wall clock."""
    moment, left = start, minutes
    while left:
        local = moment.astimezone(zone)
        clock = f"{local:%H:%M}"
        periods = hours.get(str(local.weekday()), [])
        left -= any(begin <= clock < end for begin, end in periods)
        moment += timedelta(minutes=1)
    return moment


@settings(deadline=None, max_examples=40)  # the slow count is slow on purpose
@given(
    start=st.integers(0, 7 * 24 * 60).map(
        lambda minute: datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=minute)
    ),
    minutes=st.integers(1, 900),
)
def test_the_limit_counts_the_minutes_in_which_the_clinic_is_open(start, minutes) -> None:
    within = timedelta(minutes=minutes)
    assert deadline(WEEK, start, KARACHI, within) == slow_deadline(WEEK, start, KARACHI, minutes)


def test_a_clinic_without_opening_hours_counts_every_minute() -> None:
    start = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
    due = deadline({}, start, KARACHI, timedelta(hours=2))
    assert due == start + timedelta(hours=2)


@pytest.mark.django_db
def test_a_message_past_its_time_turns_red_and_rings_without_anybody_writing(message, bob):
    desk = as_(bob)
    quiet = desk.get("/message/alarms/")
    assert quiet.json()["ringing"] == 0
    assert "Late" not in page(desk, "/today/")
    with patch("django.utils.timezone.now", return_value=message.due_at + timedelta(minutes=1)):
        desk = as_(bob)
        rings = desk.get("/message/alarms/", headers={"If-None-Match": quiet["ETag"]})
        assert rings.json() == {"ringing": 1, "open": f"/inbox/{message.pk}/"}
        assert "Late" in page(desk, "/today/")
        assert "alarmed" in page(desk, "/inbox/")
        # Whoever takes it is not rung at while they answer; it stays red until they have.
        desk.post(f"/inbox/{message.pk}/take/")
        assert desk.get("/message/alarms/").json()["ringing"] == 0
        assert "alarmed" in page(desk, "/inbox/")
        desk.post(f"/inbox/{message.pk}/answered/", {"channel": "in-person", "text": "Monday"})
        assert "Late" not in page(desk, "/today/")
    with patch("django.utils.timezone.now", return_value=message.due_at + timedelta(days=9)):
        assert as_(bob).get("/message/alarms/").json()["ringing"] == 0


@pytest.mark.django_db
def test_the_owner_sets_the_limit_and_the_clocks_that_run_follow(message, olga, bob) -> None:
    before = message.due_at
    assert as_(bob).post("/inbox/rules/limit/", {"minutes": "30"}).status_code == 403
    assert as_(olga).post("/inbox/rules/limit/", {"minutes": "3"}).status_code == 422
    assert as_(olga).post("/inbox/rules/limit/", {"minutes": "30"}).status_code == 302
    message.refresh_from_db()
    # Not 90 minutes less: hours in which the clinic is closed don't count.
    expected = due_at(message.site, message.received_at, timedelta(minutes=30))
    assert message.due_at == expected < before


# --- the form -------------------------------------------------------------------------------------

REACHED = {
    # phone, e-mail, way of the answer: the field that is told of, or "" where it is taken
    "neither": ("", "", "call", "phone"),
    "only a number": ("0300 1234567", "", "call", ""),
    "only an address": ("", "a@b.example", "email", ""),
    "an address, but to be called": ("", "a@b.example", "call", "phone"),
    "a number, but by e-mail": ("0300 1234567", "", "email", "email"),
    "no address at all": ("0300 1234567", "a@b", "call", "email"),
}


@pytest.mark.django_db
def test_a_number_or_an_address_is_enough_when_it_is_the_one_we_answer_to(client, site) -> None:
    def check(case: str) -> None:
        phone, email, answer_by, told = REACHED[case]
        data = message_data(phone=phone, email=email, answer_by=answer_by, text=case)
        answer = client.post("/message/", data)
        if told:
            assert told in answer.context["form"].errors
        else:
            assert answer.status_code == 302

    check_each(REACHED, check)


@pytest.mark.django_db
def test_what_was_agreed_to_is_kept_word_for_word_and_danger_does_not_wait_for_it(client, site):
    unticked = message_data(text="An appointment, please")
    del unticked["agreed"]
    assert "agreed" in client.post("/message/", unticked).context["form"].errors
    client.cookies["filiform_language"] = "ur"
    client.post("/message/", message_data(language="ur"))
    assert "پیغام" in Message.objects.get().agreed_to
    assert client.post("/message/", {**unticked, "text": "I can't breathe"}).status_code == 302
    assert Message.objects.get(alarm="ringing").agreed_to == ""


@pytest.mark.django_db
def test_a_picture_loses_where_it_was_taken_and_a_letter_is_only_given_as_a_download(
    client, site, bob, charlie
):
    files = [upload("bruise.jpg", photograph()), upload("../../letter\u202efdp.exe", PDF)]
    client.post("/message/", {**message_data(), "attach": files})
    picture = MessageAttachment.objects.get(kind="image/webp")
    letter = MessageAttachment.objects.get(kind="application/pdf")
    assert b"SECRETPLACE" not in bytes(picture.content)
    assert (letter.name, bytes(letter.content)) == ("letterfdp.exe", PDF)
    desk, where = as_(bob), f"/inbox/{picture.message_id}"
    assert f"{where}/file/{picture.pk}/" in page(desk, f"{where}/")
    answer = desk.get(f"{where}/file/{letter.pk}/")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == (
        "nosniff", "private, no-store",
    )  # fmt: skip
    assert desk.get(f"{where}/file/{picture.pk}/")["Content-Type"] == "image/webp"
    assert as_(charlie).get(f"{where}/file/{letter.pk}/").status_code == 404
    assert Client().get(f"{where}/file/{letter.pk}/").status_code == 302


@pytest.mark.django_db
def test_a_second_picture_with_the_same_words_is_a_second_message(client, site) -> None:
    for name in ("monday.jpg", "tuesday.jpg"):
        client.post("/message/", {**message_data(), "attach": [upload(name, photograph())]})
    assert MessageAttachment.objects.count() == Message.objects.count() == 2


NOT_TAKEN = {
    "a web page called jpg": ("x.jpg", b"<html><script>alert(1)</script>"),
    "a web page called pdf": ("x.pdf", b"<html>%PDF-1.7 %%EOF"),
    "a PDF without its end": ("x.pdf", b"%PDF-1.7 cut off"),
    "a telephone's HEIC": ("x.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40),
    "too large": ("x.jpg", b"\xff\xd8" + b"\0" * (8 * 1024 * 1024)),
    "a drawing with script in it": ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
}


@pytest.mark.django_db
def test_a_file_is_judged_by_what_is_in_it_and_the_good_one_beside_it_is_not_lost(client, site):
    def check(case: str) -> None:
        data = message_data(text=case)
        client.defaults["REMOTE_ADDR"] = f"10.0.0.{list(NOT_TAKEN).index(case)}"
        files = [upload("good.jpg", photograph()), upload(*NOT_TAKEN[case])]
        answer = client.post("/message/", {**data, "attach": files})
        assert answer.status_code == 422
        assert "attach" in answer.context["form"].errors
        assert "good.jpg" in answer.content.decode()
        # Sent again without choosing anything: the good one goes with it.
        assert client.post("/message/", data).status_code == 302
        kept = Message.objects.get(text=case).attachments.values_list("name", flat=True)
        assert list(kept) == ["good.jpg"]

    check_each(NOT_TAKEN, check)
    assert not HeldFile.objects.exists()


@pytest.mark.django_db
def test_a_kept_file_can_be_left_out_and_nobody_else_can_add_to_a_form(client, site) -> None:
    data = message_data()
    client.post("/message/", {**data, "phone": "", "attach": [upload("a.jpg", photograph())]})
    held = HeldFile.objects.get()
    stranger = {**message_data(), "message_id": data["message_id"], "phone": ""}
    Client().post("/message/", {**stranger, "attach": [upload("b.jpg", photograph())]})
    assert HeldFile.objects.get() == held
    client.post("/message/", {**data, "drop": [str(held.pk)]})
    assert not Message.objects.get().attachments.exists()


# --- answering ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_answer_by_email_goes_out_once_and_a_refused_one_is_back_in_the_inbox_and_rings(
    message, bob, mail
):
    desk = as_(bob)
    said = {"by-email": "yes", "channel": "call", "text": "Monday at 11 suits us."}
    desk.post(f"/inbox/{message.pk}/answered/", said)
    round_of_work()
    (sent,) = mail.sent
    assert (sent.to, sent.text) == ("amna@example.org", "Monday at 11 suits us.")
    message.refresh_from_db()
    assert (message.state, message.undelivered) == ("answered", False)

    mail.refuses = True
    desk.post(f"/inbox/{message.pk}/answered/", said)
    for _round in range(3):  # it is told of once, however often one looks
        round_of_work()
    message.refresh_from_db()
    assert (message.state, message.undelivered) == ("new", True)
    assert message.events.filter(kind="not-delivered").count() == 1
    assert desk.get("/message/alarms/").json()["ringing"] == 1
    for address in ("/inbox/", "/today/", f"/inbox/{message.pk}/"):
        assert "Not delivered" in page(desk, address)
    assert not Outgoing.objects.exclude(kind="reply").exists()


@pytest.mark.django_db
def test_a_bounce_that_comes_after_a_later_answer_opens_nothing(message, bob) -> None:
    first = actions.answer(message=message, by=bob, channel="email", text="Monday?")
    actions.answer(message=message, by=bob, channel="call", text="Tuesday.")
    desk = as_(bob)
    desk.post(f"/inbox/{message.pk}/not-delivered/", {"answer": str(first.pk)})
    message.refresh_from_db()
    assert message.state == "answered"
    assert message.events.filter(kind="not-delivered").exists()


@pytest.mark.django_db
def test_a_ready_text_is_in_the_senders_language_and_every_version_of_it_stays(
    site, olga, bob
) -> None:
    message = receiving.receive(
        site=site, message_id=uuid4(), name="آمنہ", phone="+923001234567", text="x",
        answer_by="whatsapp", language="ur",
    )  # fmt: skip
    owner, desk = as_(olga), as_(bob)
    told = {"name": "Call", "name_ur": "فون", "text": "Hello {name}", "text_ur": "سلام {name} {x}"}
    assert desk.post("/inbox/rules/text/call-us/", told).status_code == 403
    owner.post("/inbox/rules/text/call-us/", told)
    owner.post("/inbox/rules/text/call-us/", {**told, "text_ur": "سلام {name}!"})
    assert "سلام آمنہ!" in page(desk, f"/inbox/{message.pk}/?text=call-us")
    assert "wa.me/923001234567?text=%D8" in page(desk, f"/inbox/{message.pk}/?text=call-us")
    assert "{x}" in page(owner, "/inbox/rules/text/call-us/")
    assert AnswerText.objects.count() == 2
    owner.post("/inbox/rules/text/call-us/", {**told, "drop": "yes"})
    assert "call-us" not in [one.key for one in ready_texts.texts_of(site.organisation_id)]


@pytest.mark.django_db
def test_the_spam_box_is_a_page_from_which_a_person_comes_back_with_a_new_clock(message, bob):
    desk = as_(bob)
    desk.post(f"/inbox/{message.pk}/spam/")
    assert message.name not in page(desk, "/inbox/").replace("Amnaz", "")
    assert "A colleague put it here" in page(desk, f"/inbox/{message.pk}/")
    assert "Not spam" in page(desk, "/inbox/spam/")
    with patch("django.utils.timezone.now", return_value=message.due_at + timedelta(days=1)):
        desk = as_(bob)
        assert desk.get("/message/alarms/").json()["ringing"] == 0
        desk.post(f"/inbox/{message.pk}/move-in/")
        message.refresh_from_db()
        assert message.due_at > timezone.now()
    assert [row.message for row in queries.open_messages(message.organisation, now=timezone.now())]


@pytest.mark.django_db
def test_without_a_mail_server_nothing_is_put_into_the_queue(message, bob) -> None:
    went = replying.reply(message=message, by=bob, channel="email", text="Monday")
    assert not went
    assert not Outgoing.objects.exists()
    assert "mailto:amna@example.org?body=" in page(as_(bob), f"/inbox/{message.pk}/")


@pytest.mark.django_db
def test_a_second_tap_is_the_same_answer_and_one_that_cannot_be_queued_is_none(
    message, bob, mail, monkeypatch
) -> None:
    said = {"answer_id": str(uuid4()), "by-email": "1", "text": "Monday at 11"}
    desk = as_(bob)
    assert 'name="answer_id"' in page(desk, f"/inbox/{message.pk}/")
    with monkeypatch.context() as broken:
        broken.setattr(replying.sending, "enqueue", lambda **_given: _fail())
        with pytest.raises(RuntimeError):
            replying.reply(message=message, by=bob, channel="email", text="Monday at 11")
    message.refresh_from_db()
    assert message.state == "new", "else nobody would look at it again"
    for _tap in range(2):
        desk.post(f"/inbox/{message.pk}/answered/", said)
    assert message.events.filter(kind="answered").count() == 1
    assert Outgoing.objects.filter(kind="reply").count() == 1


def _fail() -> None:
    raise RuntimeError("the queue can't be written")
