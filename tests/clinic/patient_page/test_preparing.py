"""Before a visit, at home: one question at a time, nothing lost, nothing taken for granted."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.consent.actions import publish_shipped_texts
from filiform.clinic.consent.queries import last_consent, read_ahead
from filiform.clinic.diary.at_home import AT_HOME
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.intake import actions as intake
from filiform.clinic.intake import reviewing
from filiform.clinic.intake.models import SentIn
from filiform.clinic.intake.queries import disclosure_of
from filiform.clinic.patient_page.models import Preparation
from filiform.clinic.patient_page.preparing import screens as screens_module
from filiform.clinic.patient_page.preparing.screens import screens
from filiform.clinic.patient_page.preparing.standing import standing_of
from filiform.clinic.visits import actions as visits
from filiform.screening import rules


@pytest.fixture
def booked(patient, alice, site):
    return visits.book(
        by=alice, patient=patient, practitioner=alice, site=site,
        planned_at=timezone.now() + timedelta(days=2),
    )  # fmt: skip


@pytest.fixture
def home(phone, booked):
    """The phone, and where it prepares."""
    phone.at = reverse("patient_page:prepare", args=[phone.home.split("/")[2], booked.pk])
    return phone


def ids(visit, answers=None) -> list[str]:
    on = timezone.localdate()
    return [one.id for one in screens(visit.patient, visit, answers or {}, on)]


def tap(home: Client, at: str, **data):
    answer = home.post(home.at, {"at": at, **data})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].partition("?at=")[2]


def walk(home, visit, **said) -> None:
    """Answer every screen with the harmless answer unless it is said otherwise."""
    usual = {
        "section": {"do": "none"}, "question": {"a": "no"}, "rating": {"a": "3"},
        "words": {"text": ""}, "many": {}, "one": {"a": ""}, "drawing": {}, "activities": {},
        "ability": {"a": "5"}, "consent": {"a": "read"}, "changed": {"a": "no"}, "send": {},
    }  # fmt: skip
    draft = Preparation.objects.filter(visit=visit).first()
    todo = screens(visit.patient, visit, draft.answers if draft else {}, timezone.localdate())
    for screen in todo:
        if screen.kind == "question" and screen.id not in said:
            continue  # one of forty stands for all
        home.post(home.at, {"at": screen.id, **said.get(screen.id, usual[screen.kind])})


def test_a_closed_browser_goes_on_where_it_was_on_another_phone_too(
    home, booked, patient, link
) -> None:
    assert 'name="at" value="conditions"' in content(home.get(home.at))
    assert tap(home, "conditions", do="none") == "allergies"
    assert tap(home, "allergies", do="add", text="Nickel") == "allergies"
    other = Client()
    key = reverse("patient_page:open", args=[link[1]])
    other.post(key, {"day": "9", "month": "3", "year": "1984"})
    page = content(other.get(home.at.replace(home.home.split("/")[2], phone_of(patient))))
    assert 'name="at" value="allergies"' in page
    assert "Nickel" in page


def phone_of(patient) -> str:
    from filiform.clinic.patient_page.models import PatientDevice

    return str(PatientDevice.objects.filter(patient=patient).order_by("-opened_at").first().pk)


def content(response) -> str:
    return response.content.decode()


def test_what_was_told_is_sent_once_and_waits_for_the_practitioner(
    home, booked, patient, alice
) -> None:
    publish_shipped_texts(organisation=booked.organisation, by=alice)
    tap(home, "medicines", do="add", text="", concept="warfarin")
    tap(home, "medicines", do="go", text="Vitamin D")
    walk(home, booked, activities={"a": ["Prayer", "Stairs"]}, where={"where": ""},
         medicines={"do": "go"}, onset={"a": "weeks"}, aggravating={"a": ["sitting", "x"]},
         complaint={"text": "My neck \u202eabc"}, **{"q:needle-phobia": {"a": "no"}})  # fmt: skip
    assert tap(home, "send") == ""
    sent = {(row.part, row.name): row for row in SentIn.objects.filter(patient=patient)}
    medicines = SentIn.objects.filter(part="told", name="medicine").values_list("text", flat=True)
    assert sorted(medicines) == ["Vitamin D", "Warfarin"]
    assert sent[("story", "aggravating")].value == ["sitting"]
    assert sent[("story", "complaint")].text == "My neck abc"
    assert sent[("score", "nprs")].value == {"items": [3]}
    assert sent[("all", "medicines")].visit == booked
    assert ("none", "conditions") in sent
    assert disclosure_of(patient).facts == ()
    assert last_consent(booked) is None
    assert read_ahead(booked) is not None
    number = SentIn.objects.count()
    assert home.post(home.at, {"at": "send"}).status_code == 302
    assert SentIn.objects.count() == number
    tap(home, "notes", text="I also have a cold")
    tap(home, "send")
    assert SentIn.objects.count() == number + 1


def test_who_was_here_is_asked_what_changed_with_what_was_said(
    home, booked, patient, alice
) -> None:
    fact = intake.disclose(by=alice, patient=patient, kind="medicine", text="Aspirin")
    intake.answer(by=alice, patient=patient, question="needle-phobia", value=True)
    page = content(home.get(home.at))
    assert all(word in page for word in ("Aspirin", "very afraid of needles", "last on"))
    assert tap(home, "changed", a="no").startswith("q:")
    assert "medicines" not in ids(booked, {"changed": "no"})
    assert "q:needle-phobia" not in ids(booked)
    assert tap(home, "changed", a="yes") == "conditions"
    tap(home, "medicines", do=f"gone-{fact.pk}")
    tap(home, "medicines", do="go")
    tap(home, "send")
    gone = SentIn.objects.get(part="gone")
    assert (gone.name, gone.text) == (str(fact.pk), "Aspirin")
    assert SentIn.objects.get(part="unchanged").name == "yes"


def test_a_practitioners_question_is_never_put_to_the_patient_however_it_is_worded(
    booked, monkeypatch
) -> None:
    shown = rules()
    theirs = {one.id for one in shown if one.who_answers == "practitioner"}
    assert len(theirs) == 5
    assert not {f"q:{one}" for one in theirs} & set(ids(booked))
    # The sentence alone says nothing: it is the column.
    swapped = tuple(
        msgspec.structs.replace(one, who_answers="practitioner") if one.asked == "everyone" else one
        for one in shown
    )
    monkeypatch.setattr(screens_module, "rules", lambda: swapped)
    asked = {one.removeprefix("q:") for one in ids(booked) if one.startswith("q:")}
    assert not asked & {one.id for one in swapped if one.who_answers == "practitioner"}


def test_the_questions_are_those_that_a_patient_can_answer_days_ahead(booked) -> None:
    asked = {one.removeprefix("q:") for one in ids(booked) if one.startswith("q:")}
    assert "cauda-equina" in asked
    assert not asked & {"neck-blood-pressure", "pain-changed"}
    none = {one: {"done": True, "none": True} for one in ("conditions", "medicines", "allergies")}
    assert len(ids(booked, none)) < len(ids(booked)) - 10


def test_danger_is_told_at_once_and_not_only_with_the_last_screen(home, booked, patient) -> None:
    answer = home.post(home.at, {"at": "q:cauda-equina", "a": "yes"})
    assert "Go to emergency now" in content(answer)
    assert Message.objects.get(patient=patient).alarm == "ringing"
    answer = home.post(home.at, {"at": "notes", "text": "میرا سانس پھول رہا ہے"})
    assert "Go to emergency now" in content(answer)
    assert SentIn.objects.filter(patient=patient).count() == 2


def test_bad_input_is_clear_safe_and_loses_nothing(home, booked, patient, alice, site) -> None:
    def refused(at: str, **data) -> str:
        answer = home.post(home.at, {"at": at, **data})
        assert answer.status_code == 422, (at, data)
        return content(answer)

    assert "Tap yes" in refused("q:cauda-equina", a="maybe")
    assert "0 to 10" in refused("pain_now", a="²")
    assert "0 to 10" in refused("pain_now", a="11")
    assert "Write what it is" in refused("allergies", do="add", text="\u200b ")
    refused("where", where="x" * 1_000_000)
    tap(home, "notes", text="🙂" * 400_000)
    tap(home, "medicines", do="add", text="\u202eevil", concept="no-such-concept")
    draft = Preparation.objects.get(visit=booked)
    assert len(draft.answers["notes"]) == 1000
    assert draft.answers["medicines"]["told"] == [
        {"kind": "medicine", "text": "evil", "concept": ""}
    ]
    half = {"at": "complaint", "text": "half told", "kept-aside": "y"}
    assert home.post(home.at, half).status_code == 204
    assert "half told" in content(home.get(f"{home.at}?at=complaint"))
    assert "complaint" not in Preparation.objects.get(visit=booked).answers
    tap(home, "verdict", a="clear")
    visits.move(by=alice, visit=booked, to="cancelled")
    over = home.post(home.at, {"at": "send"})
    assert "This visit was cancelled" in content(over)
    assert not SentIn.objects.exists()


def test_nobody_elses_phone_or_visit_opens_it(home, booked, patient, alice, site) -> None:
    from tests.clinic.conftest import register_amna

    other = visits.book(
        by=alice, patient=register_amna(alice), practitioner=alice, site=site,
        planned_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    assert Client().get(home.at).status_code == 403
    assert home.get(home.at.replace(str(booked.pk), str(other.pk))).status_code == 404
    assert home.get(home.at.replace(str(booked.pk), str(patient.pk))).status_code == 404


def test_names_are_offered_while_typing_and_stand_in_no_address(home, booked) -> None:
    device = home.home.split("/")[2]
    address = reverse("patient_page:suggest", args=[device, "medicines"])
    assert "Warfarin" in content(home.post(address, {"text": "warf"}))
    assert home.get(address).status_code == 405
    assert home.post(address.replace("medicines", "debts"), {"text": "x"}).status_code == 404


def test_the_diary_says_how_far_the_questions_at_home_are(
    home, booked, client, bob, alice, patient
) -> None:
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    day = timezone.localtime(booked.planned_at).date()
    address = f"{reverse('diary:diary')}?day={day}"

    def shown() -> list[str]:
        pages = [content(client.get(address + view)) for view in ("", "&view=week")]
        return [str(words) for words in AT_HOME.values() if all(str(words) in p for p in pages)]

    assert shown() == []
    assert str(AT_HOME["not-sent"]) in content(client.get(address))
    client.post(reverse("patient_page:ask-to-prepare", args=[booked.pk]))
    assert shown() == [AT_HOME["sent"]]
    home.get(home.at)
    assert shown() == [AT_HOME["opened"]]
    tap(home, "conditions", do="none")
    assert shown() == [AT_HOME["begun"]]
    home.post(home.at, {"at": "send"})
    assert shown() == [AT_HOME["sent-in"]]
    ids_of = [pk for one in reviewing.waiting(booked) for pk in one.ids.split()]
    reviewing.accept(by=alice, visit=booked, ids=ids_of)
    assert shown() == [AT_HOME["reviewed"]]
    assert standing_of([booked]) == {booked.pk: "reviewed"}


def test_a_rating_follows_its_activity_to_another_place_or_goes_with_it(home, booked, patient):
    tap(home, "activities", a=["Walking", "Lifting"])
    tap(home, "activity-0", a="2")
    tap(home, "activity-1", a="7")
    tap(home, "activities", a=["Lifting", "Sleeping"])
    tap(home, "send")
    told = SentIn.objects.get(patient=patient, name="psfs")
    assert told.value == {"items": [7, None], "about": ["Lifting", "Sleeping"]}


def test_an_answer_to_a_question_that_another_phone_took_away_answers_no_other(home, booked):
    left = ids(booked)[0]
    answer = home.post(home.at, {"at": "q:gone-meanwhile", "do": "none", "a": "yes"})
    assert answer["Location"].endswith(f"?at={left}")
    assert Preparation.objects.get(visit=booked).answers == {}
