"""Letters: composed from the record, marked, signed once, added to, opened by who may."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from tests.clinic.needling_rows import needled
from tests.tables import check_each

from filiform.clinic.assessment.models import Finding, Story
from filiform.clinic.correspondence import actions, messages, queries
from filiform.clinic.correspondence.editing import left_out, marked
from filiform.clinic.correspondence.models import Letter, LetterSignature
from filiform.clinic.correspondence.signing import is_intact
from filiform.clinic.facts.models import Entry
from filiform.clinic.sending import worker
from filiform.clinic.sending.providers import Ready, Receipt
from filiform.clinic.sending.setup import Setup
from filiform.clinic.visits.actions import book, open_episode
from filiform.exchange.fhir import read_bundle
from filiform.reasons import Reason

BACKEND = "django.contrib.auth.backends.ModelBackend"
PIN = "246810"


class Noting:
    """A provider that takes every message."""

    name, channel, cost = "noting", "email", 0

    def __init__(self) -> None:
        self.sent: list[Ready] = []

    def send(self, message: Ready) -> Receipt:
        self.sent.append(message)
        return Receipt(message.id)


@pytest.fixture
def treated(patient, alice, site, today):
    """Neck pain of 7, needled twice in three weeks, 3 at the last visit."""
    visits = []
    episode = open_episode(by=alice, patient=patient, title="Neck pain", on=today)
    for days, pain in ((21, 7), (14, 5), (1, 3)):
        when = timezone.now() - timedelta(days=days)
        visit = book(
            by=alice, patient=patient, practitioner=alice, site=site, planned_at=when,
            episode=episode,
        )  # fmt: skip
        type(visit).objects.filter(pk=visit.pk).update(state="done")
        visit.refresh_from_db()
        house = {"organisation": visit.organisation, "recorded_by": alice, "patient": patient}
        Story.objects.create(
            **house, visit=visit, pain_now=pain, pain_average=pain, complaint_code="neck-pain"
        )
        if days > 1:
            needled(visit, "trapezius-upper", started_at=when)
            Finding.objects.create(
                **house, visit=visit, muscle="trapezius-upper", side="right",
                finding="taut-band", present=True,
            )  # fmt: skip
        visits.append(visit)
    return visits[-1]


@pytest.fixture
def begin(treated, alice, today):
    def made(kind="referrer", language="en", **more) -> Letter:
        more = {"to_name": "Dr Farah Khan", **more}
        return actions.begin(
            by=alice, visit=treated, kind=kind, language=language, on=today, **more
        )

    return made


def text_of(letter: Letter) -> str:
    return "\n".join(one["text"] for one in letter.sentences)


def sign(letter: Letter, by) -> LetterSignature | tuple[Reason, ...]:
    return actions.sign(by=by, letter=letter, seen=letter.pk, way="pin")


def test_a_letter_says_what_was_found_and_done_and_how_it_went_with_its_interval(begin, patient):
    letter = begin()
    said = text_of(letter)
    for words in (
        "Amna Siddiqui, born",
        "Presenting complaint: Neck pain.",
        "Trapezius, upper (descending) part, right: taut band",
        "Visits: 3; with dry needling: 2; needles: 2.",
        "7 at first, 3 now; improvement +4 (95 % interval of measurement",
    ):
        assert words in said, said
    assert {one["by"] for one in letter.sentences} == {"composed"}
    urdu = text_of(begin(language="ur"))
    assert "Presenting" not in urdu
    assert "گردن" in urdu


def test_a_line_is_composed_while_it_says_what_the_record_said_and_written_when_changed() -> None:
    composed = [{"part": "found", "text": "Pain: 7."}, {"part": "done", "text": "Needled."}]
    found = marked({"found": "Pain: 7.\n\n  Stiff too. ", "done": "Needled twice."}, composed)
    assert [(one["text"], one["by"]) for one in found] == [
        ("Pain: 7.", "composed"),
        ("Stiff too.", "written"),
        ("Needled twice.", "written"),
    ]
    moved = marked({"done": "Pain: 7."}, composed)
    assert moved[0]["by"] == "written", "in another part it says something else"
    assert left_out(found, composed) == ["Needled."]


def test_the_employer_learns_no_diagnosis_that_the_patient_has_not_agreed_to(begin, alice, today):
    letter = begin("employer", diagnosis="refused")
    for word in ("neck", "trapezius", "needl", "taut"):
        assert word not in text_of(letter).lower()
    assert "Came to us for treatment on" in text_of(letter)
    slipped = actions.edit(
        by=alice, letter=letter, seen=letter.pk, to_name="HR", to_place="",
        sentences=[{"part": "about", "text": "She has neck PAIN.", "by": "written"}],
    )  # fmt: skip
    assert isinstance(slipped, Letter)
    refused = sign(slipped, alice)
    assert isinstance(refused, tuple)
    assert {one.code for one in refused} == {"letter-names-diagnosis"}
    agreed = actions.agree(by=alice, letter=slipped, diagnosis="agreed", on=today)
    assert isinstance(agreed, Letter)
    assert "The reason: Neck pain. The patient has agreed" in text_of(agreed)
    assert "She has neck PAIN." in text_of(agreed), "what was written stays"
    assert isinstance(sign(agreed, alice), LetterSignature)


def test_what_stands_against_a_signature_is_said(begin, alice) -> None:
    cases = {
        "letter-no-reader": begin(to_name=""),
        "letter-diagnosis-not-asked": begin("school"),
    }
    empty = begin()
    emptied = actions.edit(
        by=alice, letter=empty, seen=empty.pk, sentences=[], to_name="x", to_place=""
    )
    cases["letter-empty"] = emptied

    def check(code: str) -> None:
        answer = sign(cases[code], alice)
        assert isinstance(answer, tuple)
        assert code in {one.code for one in answer}

    check_each(cases, check)
    assert not Entry.objects.filter(action="letter-signed").exists()


def test_a_signed_letter_is_added_to_and_never_altered(as_alice: Client, begin, alice):
    letter = begin()
    page = reverse("correspondence:letter", args=[letter.root])
    to_sign = reverse("correspondence:sign", args=[letter.root])
    wrong = as_alice.post(to_sign, {"version": letter.pk, "secret": "111111"})
    assert wrong.status_code == 422
    # The form to sign stands below a long letter: the eye is taken to what was wrong.
    assert 'class="error-summary" role="alert" tabindex="-1" data-focus' in wrong.content.decode()
    assert not LetterSignature.objects.exists()
    data = {"version": letter.pk, "to_name": "Dr Khan", "part_about": "Dear colleague."}
    assert as_alice.post(page, data).status_code == 302
    stale = as_alice.post(to_sign, {"version": letter.pk, "secret": PIN})
    assert stale.status_code == 409, "the version that was read is not the one that holds"
    latest = queries.letter_of(letter.root, alice.organisation_id)
    for _twice in range(2):
        as_alice.post(to_sign, {"version": latest.pk, "secret": PIN})
    signature = LetterSignature.objects.get()
    assert is_intact(signature)
    signature.letter.sentences = [{"part": "about", "text": "Another.", "by": "written"}]
    assert not is_intact(signature)
    refused = as_alice.post(page, {"version": latest.pk, "part_about": "Changed"})
    assert refused.status_code == 422
    assert "signed and stays as it is" in refused.content.decode()
    added = {"addendum-text": "X-ray has come: normal.", "addendum-secret": PIN}
    added["once"] = str(uuid4())
    for _tap in range(2):
        as_alice.post(reverse("correspondence:addendum", args=[letter.root]), added)
    assert len(queries.addenda_of(latest)) == 1, "a second tap adds nothing again"
    paper = as_alice.get(reverse("correspondence:pdf", args=[letter.root]))
    said = " ".join(PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().split())
    for words in ("Dear colleague.", "Signed electronically by Alice", "X-ray has come: normal."):
        assert words in said, said
    assert Entry.objects.filter(action="saw-letter-paper").count() == 1


def test_the_document_beside_it_is_whole_and_our_own_reader_knows_whose_it_is(
    as_alice: Client, begin, alice
):
    letter = begin()
    sign(letter, alice)
    as_alice.post(
        reverse("correspondence:addendum", args=[letter.root]),
        {"addendum-text": "<Later> & more", "addendum-secret": PIN},
    )
    answer = as_alice.get(reverse("correspondence:fhir", args=[letter.root]))
    assert answer["Content-Type"].startswith("application/fhir+json")
    bundle = json.loads(answer.content)
    first = bundle["entry"][0]["resource"]
    assert (bundle["type"], first["resourceType"], first["status"]) == (
        "document", "Composition", "amended",
    )  # fmt: skip
    assert bundle["identifier"]["value"]
    assert bundle["timestamp"] > first["date"]
    here = {one["fullUrl"] for one in bundle["entry"]}
    named = set(_references(bundle))
    assert named <= here, "a document brings with it everything that it names"
    marks = {s["title"]: s["text"]["status"] for s in first["section"]}
    assert marks["What was found"] == "generated"
    assert marks["Added after the signature"] == "additional"
    pains = [one["resource"] for one in bundle["entry"] if "valueInteger" in one["resource"]]
    assert [one["valueInteger"] for one in pains] == [7, 5, 3]
    read = read_bundle(answer.content)
    assert read.profile == "document"
    assert read.patient.birth_date == date(1984, 3, 9)
    # Narrative is for people: our reader takes no fact from it and names each such section.
    assert all("has text and no entries" in one.why for one in read.unread)


def _references(node):
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_a_link_opens_the_letter_with_the_day_of_birth_and_locks_after_five_wrong_ones(
    client: Client, begin, alice
):
    letter = begin()
    sign(letter, alice)
    born = {"day": 9, "month": 3, "year": 1984}
    first, second = (
        reverse("correspondence:open", args=[actions.make_link(letter=letter)]) for _ in "12"
    )
    shown = client.get(first)
    assert "Amna" not in shown.content.decode()
    slip = client.post(first, {"day": 31, "month": 2, "year": 1984})
    assert "not a day of the calendar" in slip.content.decode()
    opened = client.post(first, born)
    assert opened["Content-Type"] == "application/pdf"
    assert "no-store" in opened["Cache-Control"]
    for _try in range(5):
        client.post(second, {**born, "year": 1985})
    assert "locked" in client.post(second, born).content.decode()
    assert client.get(reverse("correspondence:open", args=["x" * 43])).status_code == 403


def test_a_provider_sends_a_link_and_neutral_words(settings, as_alice, begin, alice):
    letter = begin()
    send = reverse("correspondence:send", args=[letter.root])
    noting = Noting()
    settings.SENDING = Setup(providers={"email": noting}, public_url="https://clinic.example")
    data = {"send-channel": "email", "send-to": "dr@hospital.example"}
    assert as_alice.post(send, data).status_code == 422, "a draft is not sent"
    sign(letter, alice)
    assert as_alice.post(send, {**data, "send-to": "dr"}).status_code == 422
    once = {"once": str(uuid4())}
    for _tap in range(2):
        assert as_alice.post(send, {**data, **once}).status_code == 302
    assert len(queries.handovers_of(letter)) == 1, "a trembling finger sends once"
    worker.round_of_work(now=timezone.now() + timedelta(hours=24))
    [mail] = noting.sent
    assert mail.to == "dr@hospital.example"
    assert "Amna" not in mail.text + mail.subject
    assert messages.path_of("x")[:-2] in mail.text


def test_another_clinic_and_the_front_desk_open_no_letter(client, begin, charlie, bob):
    letter = begin()
    names = ("letter", "pdf", "fhir", "sign", "addendum", "send", "link", "printed", "again")
    for who, status in ((charlie, {404, 405}), (bob, {403})):
        client.force_login(who, backend=BACKEND)
        for name in names:
            address = reverse(f"correspondence:{name}", args=[letter.root])
            for ask in (client.get, client.post):
                assert ask(address).status_code in status | {405}, name


def test_what_could_not_be_queued_did_not_go_out_and_a_shown_link_says_to_whom(
    settings, as_alice, begin, alice, monkeypatch
):
    letter = begin()
    sign(letter, alice)
    settings.SENDING = Setup(providers={"email": Noting()}, public_url="https://clinic.example")
    data = {"send-channel": "email", "send-to": "dr@hospital.example"}
    with monkeypatch.context() as broken:
        broken.setattr(messages, "enqueue", _fail)
        with pytest.raises(RuntimeError):
            as_alice.post(reverse("correspondence:send", args=[letter.root]), data)
    assert queries.handovers_of(letter) == []
    as_alice.post(reverse("correspondence:link", args=[letter.root]))
    assert Entry.objects.get(action="letter-link-made").by == alice
    page = as_alice.get(reverse("correspondence:letter", args=[letter.root])).content.decode()
    once = re.search('name="once" value="([^"]+)"', page)
    assert once is not None
    for _tap in range(2):
        as_alice.post(reverse("correspondence:printed", args=[letter.root]), {"once": once[1]})
    assert [one.how for one in queries.handovers_of(letter)].count("printed") == 1
    again = reverse("correspondence:again", args=[letter.root])
    begun = {as_alice.post(again, {"once": once[1]})["Location"] for _tap in range(2)}
    assert len(begun) == 1, "one letter in the other language"


def _fail(*_given, **_more):
    raise RuntimeError("the queue can't be written")
