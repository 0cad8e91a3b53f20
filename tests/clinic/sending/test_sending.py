"""Messages about checks: through real lines to stand-ins, with what goes wrong on them."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import re
import socket
from datetime import date, time, timedelta
from urllib.parse import parse_qs, urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import needled
from tests.clinic.sending.stand_in import gateway

from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.chart import merging
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.patient_page.models import PatientLink
from filiform.clinic.patients.actions import register
from filiform.clinic.sending import actions, providers, queries, signatures, worker
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import SmsGateway, Smtp, WhatsApp
from filiform.clinic.sending.rules import QuietHours
from filiform.clinic.sending.setup import Setup

pytestmark = pytest.mark.django_db
PUBLIC = "https://clinic.example"
NEVER = QuietHours(time(0), time(0))
CLINICAL = re.compile(
    r"needl|treat|muscle|pain|breath|lung|pectoral|Amna|Siddiqui|سوئی|علاج|درد", re.I
)


@pytest.fixture
def check(visit, alice):
    """Due since an hour, after a needle in the calf."""
    treatment = needled(visit, "soleus", started_at=timezone.now() - timedelta(hours=25))
    aftercare.plan_checks(by=alice, treatment=treatment)
    return treatment.checks.get(hours=24)


@pytest.fixture
def sms(settings):
    with gateway() as there:
        given = SmsGateway(there.url, "AC1", "secret", "+15005550006", cost=700)
        settings.SENDING = Setup({"sms": given}, PUBLIC, NEVER, sms_token="secret")
        yield there


def the_message() -> Outgoing:
    return Outgoing.objects.exclude(kind="alarm").get()


def test_a_check_that_falls_due_is_asked_once_with_a_link_and_no_clinical_word(check, sms):
    for _ in range(3):
        worker.round_of_work()
    (taken,) = sms.taken
    form = {name: value[0] for name, value in parse_qs(taken["body"].decode()).items()}
    assert form["To"] == check.patient.phone
    assert form["From"] == "+15005550006"
    assert taken["headers"]["Authorization"] == "Basic " + base64.b64encode(b"AC1:secret").decode()
    row = the_message()
    assert form["StatusCallback"] == PUBLIC + reverse("sending:sms-report", args=[row.pk])
    assert (row.state, row.provider_id, row.cost) == ("sent", "SM1", 700)
    link = re.search(PUBLIC + r"(/p/[\w-]{43}/)", form["Body"])[1]
    assert not CLINICAL.search(form["Body"])
    assert Client().get(link).status_code == 200
    assert link.split("/")[2] not in str(list(Outgoing.objects.values()))


def test_a_reminder_follows_until_it_is_answered_and_then_nothing_more(check, sms, bob, today):
    now = timezone.now()
    worker.round_of_work(now=now)
    for hours in (1, 5, 6, 21, 22, 30):
        worker.round_of_work(now=now + timedelta(hours=hours))
    assert [row.kind for row in Outgoing.objects.order_by("made_at")] == ["check", "nudge", "nudge"]
    aftercare.settle(by=bob, check=check, result="answered", report={"soreness_nprs": 1}, on=today)
    worker.round_of_work(now=now + timedelta(hours=40))
    assert len(sms.taken) == 3


def test_who_answers_before_the_reminder_gets_none(check, sms, bob, today):
    now = timezone.now()
    worker.round_of_work(now=now)
    aftercare.settle(by=bob, check=check, result="answered", report={"soreness_nprs": 1}, on=today)
    worker.round_of_work(now=now + timedelta(hours=5))
    assert len(sms.taken) == 1


def test_a_gateway_that_is_down_is_tried_again_later_and_the_patient_gets_one(check, sms):
    sms.behaviour = [503, 429]
    now = timezone.now()
    worker.round_of_work(now=now)
    assert (the_message().state, the_message().tries) == ("waiting", 1)
    worker.round_of_work(now=now + timedelta(seconds=30))
    assert len(sms.taken) == 0, "not before its time"
    worker.round_of_work(now=now + timedelta(minutes=2))
    worker.round_of_work(now=now + timedelta(minutes=10))
    assert (the_message().state, len(sms.taken)) == ("sent", 1)


def test_where_nobody_listens_it_waits_and_is_at_last_given_to_a_person(check, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        settings.SENDING = Setup({"sms": SmsGateway(url, "a", "b", "+1")}, PUBLIC, NEVER)
        now = timezone.now()
        for hours in range(14):
            worker.round_of_work(now=now + timedelta(hours=hours))
    row = the_message()
    assert row.state == "failed"
    assert row.why.startswith("gave-up")


@pytest.mark.parametrize("how", ["cut", 500])
def test_what_was_handed_over_and_not_answered_is_never_sent_again_by_itself(check, sms, how):
    sms.behaviour = [how]
    now = timezone.now()
    for hours in (0, 1, 3):
        worker.round_of_work(now=now + timedelta(hours=hours))
    row = the_message()
    assert (row.state, row.tries) == ("failed", 1)
    assert len(sms.taken) <= 1
    # The provider had it all the same, and says so late.
    assert actions.report(message_id=row.pk, provider_id="", said="delivered")
    assert the_message().state == "delivered"


def test_a_number_that_the_gateway_refuses_has_failed_and_is_not_tried_again(check, sms):
    sms.behaviour = [400]
    now = timezone.now()
    for minutes in (0, 5, 60):
        worker.round_of_work(now=now + timedelta(minutes=minutes))
    assert (the_message().state, the_message().why) == ("failed", "refused http-400")


def test_a_process_that_died_with_a_message_in_hand_left_it_to_a_person(check, sms):
    now = timezone.now()
    row = actions.enqueue(
        organisation=check.organisation, patient=check.patient, kind="check", subject=check.pk,
        once=f"check {check.pk} 1", now=now, zone=timezone.get_current_timezone(),
    )  # fmt: skip
    assert actions.take_in_hand(row, worker="dead", now=now)
    assert not actions.take_in_hand(row, worker="another", now=now)
    worker.round_of_work(now=now + timedelta(minutes=1))
    assert the_message().state == "sending"
    worker.round_of_work(now=now + timedelta(minutes=6))
    assert (the_message().state, the_message().why) == ("failed", "cut-off")
    assert sms.taken == []


def test_above_the_days_cost_a_person_sends(check, sms, settings):
    given = settings.SENDING
    settings.SENDING = Setup(given.providers, PUBLIC, NEVER, cost_cap=699)
    worker.round_of_work()
    assert (the_message().state, the_message().why) == ("by-hand", "cost-cap")
    assert sms.taken == []


def test_at_night_it_waits_but_not_two_hours_after_a_needle_over_the_lung(
    visit, alice, patient, site, settings
):
    from filiform.clinic.visits.actions import book

    now = timezone.now()
    hour = timezone.localtime(now).hour
    quiet = QuietHours(time(hour), time((hour + 2) % 24))
    calf = needled(visit, "soleus", started_at=now - timedelta(hours=25))
    second = book(by=alice, patient=patient, practitioner=alice, site=site, planned_at=now)
    lung = needled(second, "trapezius-upper", started_at=now - timedelta(minutes=140))
    for treatment in (calf, lung):
        aftercare.plan_checks(by=alice, treatment=treatment)
    with gateway() as there:
        settings.SENDING = Setup({"sms": SmsGateway(there.url, "a", "b", "+1")}, PUBLIC, quiet)
        worker.round_of_work(now=now)
        states = dict(Outgoing.objects.values_list("subject", "state"))
        assert states[lung.checks.get(hours=2).pk] == "sent"
        assert states[calf.checks.get(hours=24).pk] == "waiting"
        worker.round_of_work(now=now + timedelta(hours=3))
        assert set(Outgoing.objects.filter(kind="check").values_list("state")) == {("sent",)}


def test_without_any_provider_the_clinic_runs_and_a_person_sends_with_one_tap(
    check, settings, as_alice
):
    settings.SENDING = Setup()
    worker.round_of_work()
    row = the_message()
    assert row.state == "by-hand"
    page = as_alice.get(reverse("sending:queue")).content.decode()
    assert "No provider is set up" in page
    ready = as_alice.post(reverse("patient_page:by-hand", args=[row.pk])).content.decode()
    assert f"https://wa.me/{check.patient.phone[1:]}?text=" in ready
    assert "sms:" in ready
    assert the_message().state == "sent"


def test_who_wants_none_gets_none_and_who_writes_stop_gets_no_more(check, sms, as_alice):
    signed = {"From": check.patient.phone, "Body": " Stop. ", "MessageSid": "SM9"}
    address = reverse("sending:sms-answer")
    forged = post_signed(address, signed, "another secret")
    assert forged.status_code == 403
    assert queries.wish_of(check.patient) == ""
    assert post_signed(address, signed, "secret").status_code == 200
    assert queries.wish_of(check.patient) == "none"
    worker.round_of_work()
    assert (the_message().state, the_message().why) == ("stopped", "opted-out")
    assert sms.taken == []


def test_an_answer_that_tells_of_danger_rings_in_the_inbox_once(check, sms):
    said = {"From": check.patient.phone, "Body": "mera saans phool raha hai", "MessageSid": "SM8"}
    for _ in range(2):
        post_signed(reverse("sending:sms-answer"), said, "secret")
    message = Message.objects.get()
    assert message.patient == check.patient
    assert message.alarm == "ringing"


def test_an_answer_without_words_asks_for_a_call_and_a_thumb_for_nobody(check, sms, settings):
    wordless = {"From": check.patient.phone, "Body": "", "NumMedia": "1", "MessageSid": "SM7"}
    post_signed(reverse("sending:sms-answer"), wordless, "secret")
    message = Message.objects.get()
    assert (message.patient, message.alarm) == (check.patient, "")
    assert "please call" in message.text
    settings.SENDING = Setup({}, PUBLIC, NEVER, meta_secret="app")
    number = check.patient.phone[1:]
    sent = [
        {"type": "reaction", "reaction": {"emoji": "👍"}},
        {"type": "audio", "audio": {"id": "1"}},
        {"type": "image", "image": {"caption": "My shoulder"}},
        {"type": "button", "button": {"text": "Yes"}},
        {"type": "interactive",
         "interactive": {"type": "button_reply", "button_reply": {"title": "Later"}}},
        {"type": "contacts", "contacts": [{"name": "x"}]},
        {"text": {"body": "As before"}},
    ]  # fmt: skip
    told = [{**one, "from": number, "id": f"wamid.{at}"} for at, one in enumerate(sent)]
    document = json.dumps({"entry": [{"changes": [{"value": {"messages": told}}]}]}).encode()
    answer = Client().post(
        reverse("sending:whatsapp"), document, content_type="application/json",
        headers={"X-Hub-Signature-256": signatures.meta(document, "app")},
    )  # fmt: skip
    assert answer.status_code == 204
    texts = list(Message.objects.order_by("received_at").values_list("text", flat=True))[1:]
    # The voice message and the contact say no more than the picture a moment ago: call.
    assert texts == ["My shoulder", "Yes", "Later", "As before"]


def test_who_writes_stop_gets_nothing_that_waits_in_another_file_of_theirs(patient, sms, alice):
    kept = register(by=alice, given_name="Sana", sex="female", birth_date=date(1984, 3, 9))
    merging.merge(by=alice, kept=kept, closed=patient, why="She told us so.")
    row = actions.enqueue(
        organisation=kept.organisation, kind="check", subject=uuid4(), once="x",
        now=timezone.now(), zone=ZoneInfo("UTC"), patient=patient,
    )  # fmt: skip
    actions.wish(patient=kept, channel="none", by=None)
    row.refresh_from_db()
    assert (row.state, row.why) == ("stopped", "opted-out")


def test_what_was_stopped_meanwhile_is_not_left_to_a_person(check, settings):
    settings.SENDING = Setup({}, PUBLIC, NEVER)
    row = Outgoing.objects.create(
        organisation=check.organisation, patient=check.patient, kind="check", subject=check.pk,
        once="x", channel="sms", to="+923001234567",
    )  # fmt: skip
    Outgoing.objects.filter(pk=row.pk).update(state="stopped", why="opted-out")
    worker._one(row, Setup({}, PUBLIC, NEVER), "here", timezone.now())
    row.refresh_from_db()
    assert (row.state, row.why) == ("stopped", "opted-out")


def post_signed(address: str, fields: dict[str, str], secret: str):
    signature = signatures.twilio(PUBLIC + address, fields.items(), secret)
    return Client().post(
        address,
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )  # fmt: skip


def test_delivery_reports_are_believed_only_when_they_are_signed(check, sms):
    worker.round_of_work()
    row = the_message()
    address = reverse("sending:sms-report", args=[row.pk])
    told = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert post_signed(address, told, "guessed").status_code == 403
    assert Client().post(address, told).status_code == 403
    assert the_message().state == "sent"
    assert post_signed(address, told, "secret").status_code == 204
    assert the_message().state == "delivered"
    assert post_signed(address, {**told, "MessageStatus": "sent"}, "secret").status_code == 204
    assert the_message().state == "delivered"


def test_whatsapp_gets_a_template_in_the_patients_language_and_reports_by_our_id(
    check, settings, patient
):
    patient.language = "ur"
    patient.save()
    with gateway() as there:
        settings.SENDING = Setup(
            {"whatsapp": WhatsApp(there.url, "token", "how_are_you")}, PUBLIC, NEVER,
            meta_secret="app", meta_verify="word",
        )  # fmt: skip
        worker.round_of_work()
        (taken,) = there.taken
    body = json.loads(taken["body"])
    assert taken["headers"]["Authorization"] == "Bearer token"
    assert (body["messaging_product"], body["to"]) == ("whatsapp", patient.phone[1:])
    assert body["template"]["language"] == {"code": "ur"}
    link = body["template"]["components"][0]["parameters"][1]["text"]
    assert link.startswith(f"{PUBLIC}/p/")
    row = the_message()
    assert row.provider_id == "wamid.1"
    status = {"id": "other", "status": "read", "biz_opaque_callback_data": str(row.pk)}
    entry = {"changes": [{"value": {"statuses": [status]}}]}
    document = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    hook = reverse("sending:whatsapp")
    for secret, answer, state in (("wrong", 403, "sent"), ("app", 204, "delivered")):
        given = Client().post(
            hook, document, content_type="application/json",
            headers={"X-Hub-Signature-256": signatures.meta(document, secret)},
        )  # fmt: skip
        assert given.status_code == answer
        assert the_message().state == state
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158", "hub.verify_token": "word"}
    assert Client().get(hook, asked).content == b"1158"
    assert Client().get(hook, {**asked, "hub.verify_token": "x"}).status_code == 403


class Mailbox:
    def __init__(self) -> None:
        self.mails, self.answers = [], []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd calls it so
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


def test_an_email_reaches_a_real_mail_server_in_urdu_and_a_busy_one_is_asked_again(
    check, settings, patient
):
    patient.language, patient.email, patient.phone = "ur", "amna@patients.example", ""
    patient.save()
    box = Mailbox()
    box.answers = ["451 busy"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        given = Smtp(f"smtp://127.0.0.1:{port}", "clinic@midcity.example")
        settings.SENDING = Setup({"email": given}, PUBLIC, NEVER)
        now = timezone.now()
        worker.round_of_work(now=now)
        assert (the_message().state, the_message().why) == ("waiting", "smtp-451")
        worker.round_of_work(now=now + timedelta(minutes=2))
        box.answers = ["550 no such box"]
        with pytest.raises(providers.Refused):
            given.send(providers.Ready("x", "b@c.example", "s", "t", "", "en"))
    finally:
        server.stop()
    (mail,) = box.mails
    assert mail["To"] == "amna@patients.example"
    assert mail["Message-ID"] == f"<{the_message().pk}@midcity.example>"
    text = mail.get_content()
    assert "آپ کیسے ہیں" in text
    assert f"{PUBLIC}/p/" in text
    assert not CLINICAL.search(text)


def test_an_emergency_calls_the_telephone_on_duty_once_and_not_after_it_was_taken(
    check, sms, settings, bob, alice, today
):
    settings.SENDING = Setup(
        settings.SENDING.providers,
        PUBLIC,
        QuietHours(time(0), time(23)),
        duty_phone="+923001112223",
    )
    aftercare.settle(by=bob, check=check, result="answered", report={"faint": "again"}, on=today)
    for _ in range(2):
        worker.round_of_work()
    (taken,) = sms.taken
    form = parse_qs(taken["body"].decode())
    assert form["To"] == ["+923001112223"]
    assert not CLINICAL.search(form["Body"][0])
    assert "needs you now" in form["Body"][0]


def test_a_link_that_goes_out_by_itself_is_one_of_the_patients_and_says_so(check, sms):
    worker.round_of_work()
    link = PatientLink.objects.get()
    assert link.made_by is None
    assert link.patient == check.patient


def test_another_clinic_sees_none_of_the_messages(check, sms, charlie, client):
    worker.round_of_work()
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("sending:queue")).content.decode()
    assert "Amna" not in page
    assert client.post(reverse("patient_page:by-hand", args=[the_message().pk])).status_code == 404
    assert client.post(reverse("patient_page:by-hand", args=[uuid4()])).status_code == 404


def test_a_telephone_of_two_is_answered_by_whom_we_wrote_to_and_else_by_nobody_we_guess(
    check, sms, alice
):
    mother = check.patient
    register(
        by=alice, given_name="Her daughter", sex="female", birth_date=date(2001, 5, 4),
        phone=mother.phone,
    )  # fmt: skip
    answered(mother.phone, "Who is this?", "1")
    assert Message.objects.get().patient is None
    worker.round_of_work()
    assert the_message().to == mother.phone
    answered(mother.phone, "All is well", "2")
    assert Message.objects.order_by("-received_at").first().patient == mother


def answered(number: str, text: str, name: str) -> None:
    said = {"From": number, "Body": text, "MessageSid": name}
    post_signed(reverse("sending:sms-answer"), said, "secret")
