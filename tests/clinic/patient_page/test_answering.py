"""A check, and "something is wrong", on the patient's own phone."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinic.needling_rows import needled

from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.aftercare import queries as checks
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.frontdoor.queries import ringing
from filiform.clinic.patient_page import asking
from filiform.outcomes import CheckReport, questions_for, report_flags, table, triage
from filiform.warning_signs import Urgency, public_signs

WEB = Path(__file__).parents[3] / "web" / "filiform"
FIRST_VIEW_BYTES, FIRST_VIEW_REQUESTS = 100_000, 5
MOST_TAPS = 6


def words(answer) -> str:
    return unescape(answer.content.decode())


def asked_at(phone, check) -> str:
    return f"{phone.home}check/{check.pk}/"


def test_who_is_well_answers_in_at_most_six_taps_from_the_message_on(address, check, patient):
    """Tap the link, open with the birth date, how are you, none of these, no bruise, a number."""
    phone = Client()
    taps = ["the link"]
    home = phone.post(address, {"day": "9", "month": "3", "year": "1984"})["Location"]
    taps.append("open")
    where = re.search(rf'href="({home}check/[^"]+)"', words(phone.get(home)))[1]
    taps.append("how are you")
    sent = {"screen": "signs", "outcome_id": str(uuid4()), "none": "yes"}
    page = words(phone.post(where, sent))
    taps.append("none of these")
    assert 'value="bruise=none"' in page
    sent = {"outcome_id": sent["outcome_id"]}
    page = words(phone.post(where, {**sent, "screen": "bruise", "a": "bruise=none"}))
    assert 'value="soreness_nprs=2"' in page
    taps.append("no bruise")
    done = phone.post(
        where,
        {**sent, "screen": "soreness", "a": ["bruise=none", "soreness_nprs=2"]},
        follow=True,
    )
    taps.append("2")
    assert len(taps) <= MOST_TAPS
    assert "we have your answer" in words(done)
    assert "Your soreness" in words(done)
    check.refresh_from_db()
    assert check.settled_at is not None
    outcome = check.outcomes.get(result="answered")
    assert outcome.recorded_by is None
    assert outcome.urgency == "fine"
    assert outcome.report["breathless"] is False
    assert outcome.report["soreness_nprs"] == 2


def test_breathless_after_the_chest_wall_is_sent_to_emergency_in_both_languages_and_rings(
    phone, check, patient, as_alice
):
    patient.language = "ur"
    patient.save()
    told = phone.post(
        asked_at(phone, check),
        {"screen": "signs", "outcome_id": str(uuid4()), "a": "breathless=yes"},
        follow=True,
    )
    page = words(told)
    assert "Go to emergency now" in page
    assert "ابھی ایمرجنسی جائیں" in page
    assert 'href="tel:1122"' in page
    assert 'href="tel:115"' in page
    assert "needling near my lung" in page
    assert "پھیپھڑے کے قریب" in page
    assert checks.ringing(patient.organisation_id) == [check.pk]
    bell = as_alice.get(reverse("frontdoor:alarms")).json()
    assert bell == {"ringing": 1, "open": reverse("aftercare:check", args=[check.pk])}
    staff = words(as_alice.get(bell["open"]))
    assert "I'll take it" in staff
    assert "the patient, on their own page" in staff
    as_alice.post(reverse("aftercare:take-alarm", args=[check.pk]))
    assert as_alice.get(reverse("frontdoor:alarms")).json()["ringing"] == 0
    assert "what was done is not written yet" in words(as_alice.get(bell["open"]))


def test_a_forearm_patient_is_asked_neither_about_breath_nor_bladder(phone, patient, alice, site):
    from filiform.clinic.visits.actions import book

    visit = book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    treatment = needled(
        visit, "extensor-carpi-radialis-longus", started_at=timezone.now() - timedelta(hours=25)
    )
    aftercare.plan_checks(by=alice, treatment=treatment)
    page = words(phone.get(asked_at(phone, treatment.checks.get(hours=24))))
    for never in ("breathless=", "bladder_bowel=", "belly_pain=", "cough="):
        assert never not in page
    assert "numb=yes" in page


def test_the_same_answer_sent_twice_is_one_and_from_two_phones_both_are_kept_the_graver_counts(
    phone, check, address
):
    once = {"screen": "signs", "outcome_id": str(uuid4()), "a": "breathless=yes"}
    for _ in range(2):
        phone.post(asked_at(phone, check), once)
    assert check.outcomes.filter(result="answered").count() == 1
    other = Client()
    home = other.post(address, {"day": "9", "month": "3", "year": "1984"})["Location"]
    again = other.get(f"{home}check/{check.pk}/")
    assert again.status_code == 302, "the second phone sees that there is an answer"
    other.post(
        f"{home}check/{check.pk}/",
        {"screen": "soreness", "outcome_id": str(uuid4()), "a": ["soreness_nprs=0"]},
    )
    check.refresh_from_db()
    assert check.outcomes.filter(result="answered").count() == 2
    assert check.urgency == "emergency"


def test_a_check_of_a_treatment_whose_needles_were_taken_back_is_not_asked(phone, check, treated):
    from filiform.clinic.treatment.models import Act

    needle = treated.acts.get(kind="insertion")
    Act.objects.create(
        organisation=treated.organisation, recorded_by=treated.practitioner,
        patient=treated.patient, treatment=treated, number=9, kind="void", at=timezone.now(),
        replaces=needle, is_void=True, why="Another patient's",
    )  # fmt: skip
    page = words(phone.get(asked_at(phone, check)))
    assert "Nothing to answer now" in page
    assert "Something is wrong" in page
    assert "How are you?" not in words(phone.get(phone.home))
    sent = {"screen": "signs", "outcome_id": str(uuid4()), "a": "breathless=yes"}
    phone.post(asked_at(phone, check), sent)
    assert not check.outcomes.exists()


def test_a_check_that_is_not_due_yet_would_settle_the_earlier_ones_and_is_not_asked(phone, treated):
    later = treated.checks.get(hours=168)
    assert "Nothing to answer now" in words(phone.get(asked_at(phone, later)))


def test_somebody_elses_check_does_not_exist(phone, alice, charlie):
    from tests.clinic.patient_page.other import check_elsewhere

    assert phone.get(asked_at(phone, check_elsewhere(charlie))).status_code == 404


def test_made_up_answers_are_left_out(phone, check):
    phone.post(
        asked_at(phone, check),
        {"screen": "soreness", "outcome_id": "no id", "where": "scribble",
         "a": ["bladder_bowel=yes", "breathless=maybe", "soreness_nprs=99", "nothing"]},
    )  # fmt: skip
    assert not check.outcomes.exists()
    phone.post(
        asked_at(phone, check),
        {"screen": "soreness", "a": ["bladder_bowel=yes", "breathless=maybe", "soreness_nprs=99"]},
    )
    assert check.outcomes.filter(result="answered").get().urgency == "fine"


def test_something_is_wrong_works_before_the_page_is_opened_and_without_any_check(
    address, patient, as_alice, site
):
    stranger = Client()
    page = words(stranger.get(f"{address}wrong/"))
    assert patient.given_name not in page
    told = words(stranger.post(f"{address}wrong/", {"sign": "breathless", "report_id": uuid4()}))
    assert "Go to emergency now" in told
    assert 'href="tel:1122"' in told
    message = Message.objects.get()
    assert message.patient == patient
    assert message.alarm == "ringing"
    assert ringing(patient.organisation_id) == [message.pk]
    assert as_alice.get(reverse("frontdoor:alarms")).json()["ringing"] == 1


def test_what_was_told_before_rings_again_when_it_is_told_again(phone, alice, site):
    from filiform.clinic.frontdoor import actions

    report = {"sign": "chest_pain", "report_id": str(uuid4())}
    for _ in range(2):
        phone.post(f"{phone.home}wrong/", report)
    message = Message.objects.get()
    actions.end_alarm(message=message, by=alice, text="Called")
    phone.post(f"{phone.home}wrong/", {**report, "report_id": str(uuid4())})
    assert Message.objects.count() == 2
    assert len(ringing(alice.organisation_id)) == 1


def test_what_can_wait_a_day_is_told_as_such_and_does_not_ring(phone, site, patient):
    told = words(phone.post(f"{phone.home}wrong/", {"sign": "numb", "report_id": uuid4()}))
    assert "Call us today" in told
    assert ringing(patient.organisation_id) == []


def test_what_is_told_is_as_urgent_as_the_picture_said_and_blood_thinners_count(
    phone, site, patient, alice, treated
):
    from filiform.clinic.intake.actions import disclose

    def told() -> str:
        sent = {"sign": "bruise_growing", "report_id": uuid4()}
        return words(phone.post(f"{phone.home}wrong/", sent))

    assert "Call us today" in told()
    disclose(
        by=alice,
        patient=patient,
        kind="medicine",
        text="Warfarin 5 mg",
        codings=[{"system": "http://www.whocc.no/atc", "code": "B01AA03", "display": "warfarin"}],
    )
    assert "Go to emergency now" in told()


def test_every_sign_of_danger_can_be_tapped_and_has_a_picture(phone, site):
    page = phone.get(f"{phone.home}wrong/").content.decode()
    for sign in (*public_signs(Urgency.EMERGENCY), *public_signs(Urgency.CALL_TODAY)):
        assert f'value="{sign.id}"' in page


def test_pain_is_drawn_and_rated_once_and_stands_on_the_clinics_page(phone, patient, as_alice):
    sent = {"pain_id": str(uuid4()), "nprs": "6", "where-place-temple-right": "all"}
    for _ in range(2):
        assert phone.post(f"{phone.home}pain/", sent).status_code == 302
    page = words(as_alice.get(reverse("patient_page:link", args=[patient.pk])))
    assert "/10" in page
    refused = phone.post(f"{phone.home}pain/", {"pain_id": str(uuid4()), "nprs": "11"})
    assert refused.status_code == 422


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_first_view_and_the_check_are_small_enough_for_a_slow_line(
    phone, address, check, language
):
    phone.cookies["filiform_language"] = language
    for page in (
        Client().get(address),
        phone.get(phone.home),
        phone.get(asked_at(phone, check)),
        phone.get(f"{phone.home}wrong/"),
    ):
        html = page.content.decode()
        files = re.findall(r'(?:href|src)="[^"]*/static/filiform/([^"]+\.(?:css|js))"', html)
        total = len(page.content) + sum((WEB / name).stat().st_size for name in files)
        assert "manifest" not in html
        assert 1 + len(files) < FIRST_VIEW_REQUESTS, files
        assert total < FIRST_VIEW_BYTES, total


# --- a worse answer is never less urgent, whatever screen it is given on

MUSCLES = ("pectoralis-major-sternal", "lumbar-multifidus", "soleus", "temporalis")
ANSWERS = [tile.token for tile in asking.tiles(questions_for(pregnant=True))]


@settings(max_examples=150, deadline=None)
@given(
    muscle=st.sampled_from(MUSCLES),
    hours=st.sampled_from([2, 24, 72, 168]),
    marked=st.sets(st.sampled_from(ANSWERS), max_size=5),
    more=st.sampled_from(ANSWERS),
    bruises=st.tuples(st.integers(0, 3), st.integers(0, 3)).map(sorted),
    scores=st.tuples(st.integers(0, 10), st.integers(0, 10)).map(sorted),
)
def test_a_picture_more_a_larger_bruise_a_higher_number_never_make_it_less_urgent(
    muscle, hours, marked, more, bruises, scores
):
    asked = questions_for([muscle], hours=hours)
    sizes = [one.id for one in next(q for q in table().question if q.id == "bruise").choices]

    def urgency(tokens, bruise, score):
        given = asking.known([*tokens, f"bruise={sizes[bruise]}", f"soreness_nprs={score}"], asked)
        report = {**asking.report_of(given, asked), **report_flags([muscle])}
        return triage(CheckReport(hours_since=hours, **report)).urgency.rank

    before = urgency(marked, bruises[0], scores[0])
    assert urgency({*marked, more}, bruises[1], scores[1]) <= before
