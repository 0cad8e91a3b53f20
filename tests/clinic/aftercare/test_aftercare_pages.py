"""The pages of aftercare: who may open them, and what they say."""

from __future__ import annotations

import re
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.clinic.needling_rows import choose_target, needled

from filiform.clinic.aftercare.models import AdviceGiven

NO_TO_ALL = {"rest_is_fine": "on", "soreness_nprs": "2"}


def post_answers(client, check, **answers):
    return client.post(
        reverse("aftercare:check", args=[check.pk]),
        {"result": "answered", "outcome_id": str(uuid4()), **answers},
    )


@pytest.fixture
def pages(check, visit):
    return [
        reverse("aftercare:check", args=[check.pk]),
        reverse("aftercare:aftercare", args=[visit.pk]),
        reverse("aftercare:sheet", args=[visit.pk]),
    ]


def test_an_outsider_finds_no_page_of_another_clinics_patient(pages, charlie, signed_in):
    client = signed_in(charlie)
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_an_outsider_can_neither_answer_nor_acknowledge(check, charlie, signed_in):
    client = signed_in(charlie)
    for name in ("check", "triage", "take", "acknowledge"):
        assert client.post(reverse(f"aftercare:{name}", args=[check.pk])).status_code == 404
    assert check.outcomes.count() == 0


def test_the_front_desk_works_the_checks_but_not_the_clinical_step(check, visit, bob, signed_in):
    client = signed_in(bob)
    assert client.get(reverse("aftercare:worklist")).status_code == 200
    assert client.get(reverse("aftercare:check", args=[check.pk])).status_code == 200
    assert client.get(reverse("aftercare:sheet", args=[visit.pk])).status_code == 200
    assert client.get(reverse("aftercare:aftercare", args=[visit.pk])).status_code == 403
    acknowledge = reverse("aftercare:acknowledge", args=[check.pk])
    assert client.post(acknowledge, {"action": "x"}).status_code == 403


def test_the_owner_sees_the_checks_and_cannot_take_over_an_alarm_as_a_practitioner(
    check, olga, signed_in
):
    client = signed_in(olga)
    assert client.get(reverse("aftercare:worklist")).status_code == 200
    assert client.get(reverse("aftercare:check", args=[check.pk])).status_code == 200
    assert client.post(reverse("aftercare:acknowledge", args=[check.pk])).status_code == 403


def test_the_questions_stand_in_our_language_and_in_the_patients(check, patient, bob, signed_in):
    patient.language = "ur"
    patient.save()
    page = signed_in(bob).get(reverse("aftercare:check", args=[check.pk])).content.decode()
    assert "Are you short of breath?" in page
    assert "کیا آپ کا سانس پھول رہا ہے؟" in page


def test_the_greeting_names_the_clinic_in_the_patients_language(
    check, patient, site, bob, signed_in
):
    type(site).objects.filter(pk=site.pk).update(name_ur="مال روڈ")
    type(patient).objects.filter(pk=patient.pk).update(language="ur", phone="+923001234567")
    page = signed_in(bob).get(reverse("aftercare:check", args=[check.pk])).content.decode()
    assert quote("مال روڈ") in page


def test_breathlessness_shows_as_an_emergency_before_anything_is_saved(check, bob, signed_in):
    response = signed_in(bob).post(
        reverse("aftercare:triage", args=[check.pk]),
        {"breathless": "yes", "outcome_id": str(uuid4())},
        headers={"HX-Request": "true"},
    )
    page = response.content.decode()
    assert 'class="notice verdict danger emergency"' in page
    assert "1122" in page
    assert check.outcomes.count() == 0


def test_answers_with_questions_left_open_are_refused_and_kept_on_the_page(check, bob, signed_in):
    response = post_answers(signed_in(bob), check, breathless="no")
    assert response.status_code == 422
    assert check.outcomes.count() == 0
    assert "have no answer" in response.content.decode()


def test_an_emergency_is_noted_without_asking_the_rest(check, bob, signed_in):
    client = signed_in(bob)
    response = post_answers(client, check, breathless="yes")
    assert response.status_code == 302
    check.refresh_from_db()
    assert check.urgency == "emergency"
    worklist = client.get(reverse("aftercare:worklist")).content.decode()
    assert "Emergency" in worklist
    assert "Tell a practitioner now" in worklist


def test_the_second_to_settle_is_told_who_was_first(check, bob, alice, signed_in):
    post_answers(signed_in(bob), check, **NO_TO_ALL)
    client = signed_in(alice)
    response = client.post(
        reverse("aftercare:check", args=[check.pk]),
        {"result": "answered", "outcome_id": str(uuid4()), **NO_TO_ALL},
        follow=True,
    )
    assert "\u2068Bob\u2069 had already completed this check" in response.content.decode()
    assert check.outcomes.count() == 2


def test_closing_over_the_lung_without_the_safety_text_is_refused(check, bob, signed_in):
    client = signed_in(bob)
    address = reverse("aftercare:check", args=[check.pk])
    for _ in range(2):
        client.post(address, {"result": "no-reply", "outcome_id": str(uuid4())})
    closing = {"result": "given-up", "outcome_id": str(uuid4()), "note": "Silent twice"}
    assert client.post(address, closing).status_code == 422
    assert client.post(address, {**closing, "safety_text_left": "on"}).status_code == 302
    check.refresh_from_db()
    assert check.settled_at is not None


def test_a_practitioner_takes_over_an_alarm_and_it_leaves_the_list(
    check, over_lung, bob, alice, signed_in
):
    post_answers(signed_in(bob), check, breathless="yes")
    client = signed_in(alice)
    response = client.post(
        reverse("aftercare:acknowledge", args=[check.pk]),
        {"action": "Sent to the emergency department", "outcome_id": str(uuid4())},
        follow=True,
    )
    assert response.status_code == 200
    assert "Acknowledge and record" not in response.content.decode()


def test_the_sheet_in_urdu_reads_from_right_to_left(visit, over_lung, alice, signed_in):
    address = reverse("aftercare:sheet", args=[visit.pk])
    page = signed_in(alice).get(address, {"language": "ur"}).content.decode()
    assert '<html lang="ur" dir="rtl"' in page
    assert "پھیپھڑے" in page
    assert "1122" in page


def test_the_sheet_follows_the_patients_language_not_the_readers(
    visit, over_lung, patient, alice, signed_in
):
    patient.language = "ur"
    patient.save()
    page = signed_in(alice).get(reverse("aftercare:sheet", args=[visit.pk])).content.decode()
    assert 'dir="rtl"' in page


def test_only_a_needle_over_the_lung_puts_the_lung_on_the_sheet(
    second_visit, in_leg, visit, over_lung, alice, signed_in
):
    client = signed_in(alice)
    lung = "needled near the lung"
    over = client.get(reverse("aftercare:sheet", args=[visit.pk])).content.decode()
    leg = client.get(reverse("aftercare:sheet", args=[second_visit.pk])).content.decode()
    assert lung in over
    assert lung not in leg


def test_the_sheet_speaks_of_what_was_needled_not_of_what_was_meant(visit, alice, signed_in):
    choose_target(visit, "trapezius-upper")
    needled(visit, "soleus")
    page = signed_in(alice).get(reverse("aftercare:sheet", args=[visit.pk])).content.decode()
    assert "needled near the lung" not in page


def test_telling_the_patient_is_noted_with_language_and_way(visit, over_lung, alice, signed_in):
    client = signed_in(alice)
    address = reverse("aftercare:aftercare", args=[visit.pk])
    once = re.search('name="once" value="([^"]+)"', client.get(address).content.decode())
    assert once is not None
    told = {"language": "ur", "way": "spoken", "once": once[1]}
    for _tap in range(2):
        assert client.post(address, told).status_code == 302
    given = AdviceGiven.objects.get()
    assert (given.language, given.way) == ("ur", "spoken")
    assert given.advice
    again = re.search('name="once" value="([^"]+)"', client.get(address).content.decode())
    assert again is not None
    client.post(address, {**told, "once": again[1]})
    assert AdviceGiven.objects.count() == 2, "told again on purpose it is told twice"


def test_the_owner_reads_the_step_and_notes_nothing(visit, over_lung, olga, signed_in):
    client = signed_in(olga)
    address = reverse("aftercare:aftercare", args=[visit.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"language": "en", "way": "paper"}).status_code == 403
