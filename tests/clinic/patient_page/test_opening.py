"""Who gets into a patient's page, and who doesn't."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.clinic.patient_page.conftest import BORN

from filiform.clinic.chart import merging
from filiform.clinic.facts.models import Entry
from filiform.clinic.patient_page import actions, queries
from filiform.clinic.patient_page.keys import MOST_TRIES
from filiform.clinic.patient_page.models import PatientDevice, PatientLink
from filiform.clinic.patients.actions import register
from filiform.clinic.web import keep, kept

pytestmark = pytest.mark.django_db
WRONG = {**BORN, "year": "1985"}


def test_the_link_and_the_birth_date_open_the_page_and_this_phone_is_asked_only_once(
    address, patient
):
    phone = Client()
    asked = phone.get(address)
    assert asked.status_code == 200
    assert patient.given_name not in asked.content.decode(), "a link may be anybody's"
    opened = phone.post(address, BORN)
    assert patient.given_name in phone.get(opened["Location"]).content.decode()
    assert phone.get(address)["Location"] == opened["Location"]
    assert phone.get("/my/")["Location"] == opened["Location"]


def test_nothing_that_opens_a_page_is_stored(link, phone):
    cookie = phone.cookies["filiform_my"].value
    kept = str(list(PatientLink.objects.values()) + list(PatientDevice.objects.values()))
    assert link[1] not in kept
    assert cookie not in kept
    assert link[1] not in str(list(Entry.objects.values()))


def test_a_forged_an_old_a_revoked_and_a_shared_link_show_the_same_and_nothing(
    link, address, phone, alice, patient
):
    """Who was sent somebody's link, or has an old one, learns not even whether it was one."""
    forged = Client().get(reverse("patient_page:open", args=["x" * 43]))
    shared = Client().get(phone.home)  # the address without the phone's cookie
    PatientLink.objects.filter(pk=link[0].pk).update(expires_at=timezone.now())
    old = Client().get(address)
    PatientLink.objects.filter(pk=link[0].pk).update(expires_at=timezone.now() + timedelta(days=1))
    actions.revoke(patient=patient, by=alice)
    revoked, its_phone = Client().get(address), phone.get(phone.home)
    for answer in (forged, shared, old, revoked, its_phone):
        assert answer.status_code == 403
        assert "no longer works" in answer.content.decode()
        assert patient.given_name not in answer.content.decode()


def test_a_guessed_birth_date_locks_the_link_tells_the_clinic_and_is_not_answered_when_right(
    address, link, patient, alice, as_alice
):
    guesser = Client()
    for _ in range(MOST_TRIES - 1):
        assert "not the date that we have" in guesser.post(address, WRONG).content.decode()
    assert "too many wrong answers" in guesser.post(address, WRONG).content.decode()
    right = guesser.post(address, BORN)
    assert right.status_code == 422
    assert not PatientDevice.objects.exists()
    page = as_alice.get(reverse("patient_page:link", args=[patient.pk])).content.decode()
    assert "locked: wrong birth dates" in page
    as_alice.post(reverse("patient_page:unlock", args=[patient.pk, link[0].pk]))
    assert guesser.post(address, BORN).status_code == 302


def test_several_links_give_no_more_guesses_in_a_day(patient, alice):
    addresses = [
        reverse("patient_page:open", args=[actions.make_link(patient=patient, by=alice)[1]])
        for _ in range(4)
    ]
    guesser = Client()
    for address in addresses:
        for _ in range(4):
            guesser.post(address, WRONG)
    assert guesser.post(addresses[-1], BORN).status_code == 422


def test_without_a_day_of_birth_the_desks_code_opens_the_page(patient, address, alice):
    patient.birth_date_known = "year"
    patient.save()
    phone = Client()
    assert "Type your code" in phone.get(address).content.decode()
    assert phone.post(address, BORN).status_code == 422, "a made-up day opens nothing"
    first = actions.give_code(patient=patient, by=alice)
    second = actions.give_code(patient=patient, by=alice)
    if first != second:
        assert phone.post(address, {"code": first}).status_code == 422
    assert phone.post(address, {"code": second}).status_code == 302


def test_a_date_that_is_no_day_is_no_guess(address, link):
    answer = Client().post(address, {"day": "31", "month": "2", "year": "1984"})
    assert "not a day of the calendar" in answer.content.decode()
    link[0].refresh_from_db()
    assert link[0].wrong_tries == 0


def test_a_familys_phone_opens_each_ones_page_and_mixes_none(phone, patient, alice):
    from datetime import date

    from filiform.clinic.patients.actions import register

    son = register(
        by=alice, given_name="Bilal", family_name="Siddiqui", sex="male",
        birth_date=date(2004, 5, 6), phone=patient.phone, language="ur",
    )  # fmt: skip
    _, secret = actions.make_link(patient=son, by=alice)
    address = reverse("patient_page:open", args=[secret])
    assert phone.get(address).status_code == 200, "the mother's phone is asked for the son's birth"
    his = phone.post(address, {"day": "6", "month": "5", "year": "2004"})["Location"]
    assert "Bilal" in phone.get(his).content.decode()
    assert "Amna" in phone.get(phone.home).content.decode()
    both = phone.get("/my/").content.decode()
    assert "Bilal" in both
    assert "Amna" in both


def test_a_phone_that_was_told_to_forget_asks_again(phone, address):
    phone.post(f"{phone.home}forget/")
    assert phone.get(phone.home).status_code == 403
    assert phone.get(address).status_code == 200


def test_no_page_of_the_patient_may_be_kept_or_found(phone, address):
    for answer in (phone.get(phone.home), Client().get(address)):
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Robots-Tag"] == "noindex"


def test_every_page_opens_on_a_fresh_phone_and_on_nobody_elses(phone, treated, patient):
    pages = ("", "pain/", "exercises/", "progress/", "documents/", "opened/", "install/", "wrong/")
    for page in pages:
        assert phone.get(phone.home + page).status_code == 200, page
        assert Client().get(phone.home + page).status_code == 403, page


def test_who_opened_the_record_is_told_to_the_patient(phone, patient, as_alice):
    as_alice.get(reverse("chart:patient", args=[patient.pk]))
    assert "Alice" in phone.get(f"{phone.home}opened/").content.decode()


def test_what_was_given_out_for_a_file_that_was_merged_is_revoked_with_it(phone, patient, alice):
    kept = register(by=alice, given_name="Sana", sex="female", birth_date=patient.birth_date)
    merging.merge(by=alice, kept=kept, closed=patient, why="She told us so.")
    assert len(queries.links_of(kept)) == len(queries.devices_of(kept, timezone.now())) == 1
    actions.revoke(patient=kept, by=alice)
    assert phone.get(phone.home).status_code == 403
    assert not PatientLink.objects.filter(revoked_at__isnull=True).exists()


def test_a_link_that_is_revoked_while_somebody_opens_it_opens_nothing(link, patient, alice):
    held = queries.link_of(link[1])
    actions.revoke(patient=patient, by=alice)
    opened = actions.open_page(link=held, birth=patient.birth_date, code="", device_key="key")
    assert opened == ("locked", None)


@pytest.fixture
def keeping(monkeypatch):
    """Pages are kept as they are in a clinic."""
    monkeypatch.setattr(kept.KEEP, "largest", 50_000_000)
    keep.forget_everything()
    yield
    keep.forget_everything()


def tapped_new_link(client, page):
    """The one tap of Today that makes a new link."""
    tap = re.search(r'<form method="post" action="(/patients/[^"]+/own-page/)">', page)
    assert tap, "Today tells of no locked link"
    made = client.post(tap[1]).content.decode()
    return re.search(r"https?://[^/\s<]+(/p/[^/\s<]+/)", made)[1]


def test_today_tells_of_a_locked_link_until_one_tap_has_made_a_new_one(
    address, patient, bob, charlie, keeping
):
    guesser, today = Client(), reverse("pathway:today")
    as_bob, as_charlie = Client(), Client()
    as_bob.force_login(bob)
    as_charlie.force_login(charlie)
    assert "Links locked" not in as_bob.get(today).content.decode()
    for _ in range(MOST_TRIES):
        guesser.post(address, WRONG)
    page = as_bob.get(today).content.decode()
    assert "Links locked by wrong birth dates" in page
    assert patient.name in page
    assert "Links locked" not in as_charlie.get(today).content.decode()
    new = tapped_new_link(as_bob, page)
    assert "Links locked" not in as_bob.get(today).content.decode()
    assert guesser.post(new, BORN).status_code == 302


def test_guesses_spread_over_several_links_are_told_too_and_a_new_link_opens_at_once(
    patient, as_alice
):
    addresses = [
        reverse("patient_page:open", args=[actions.make_link(patient=patient, by=None)[1]])
        for _ in range(4)
    ]
    guesser = Client()
    for address in addresses:
        for _ in range(4):
            guesser.post(address, WRONG)
    page = as_alice.get(reverse("pathway:today")).content.decode()
    assert guesser.post(tapped_new_link(as_alice, page), BORN).status_code == 302
