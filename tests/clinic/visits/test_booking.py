"""Booking, double booking, walking in."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.visits.conftest import LOGIN

from filiform.clinic.patients.actions import register
from filiform.clinic.staff.models import Member
from filiform.clinic.visits import actions
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import clashes


def post(client, patient, data):
    return client.post(reverse("diary:book", args=[patient.pk]), data)


def test_the_front_desk_books_a_visit(as_bob, patient, booking, alice):
    assert post(as_bob, patient, booking).status_code == 302
    visit = Visit.objects.get()
    assert visit.practitioner == alice
    assert timezone.localtime(visit.planned_at).strftime("%H:%M") == "10:00"
    assert (visit.minutes, visit.state) == (40, "booked")


def test_an_urdu_page_names_who_treats_in_urdu(as_bob, patient, alice):
    Member.objects.filter(pk=alice.pk).update(name_ur="ایلس")
    as_bob.cookies["filiform_language"] = "ur"
    page = as_bob.get(reverse("diary:book", args=[patient.pk])).content.decode()
    assert "ایلس" in page


def test_a_double_click_books_once(as_bob, patient, booking):
    post(as_bob, patient, booking)
    post(as_bob, patient, booking)
    assert Visit.objects.count() == 1


def test_a_clinic_that_has_no_place_yet_is_told_so_in_the_booking_form(client, charlie, booking):
    client.force_login(charlie, backend=LOGIN)
    there = register(
        by=charlie,
        given_name="Zara",
        family_name="Malik",
        sex="female",
        birth_date=date(1990, 1, 1),
        phone="+923001234568",
        language="en",
    )
    assert client.get(reverse("diary:book", args=[there.pk])).status_code == 200
    sent = post(client, there, booking | {"practitioner": str(charlie.pk), "site": ""})
    assert sent.status_code == 422
    assert sent.context["form"].errors["site"]


def test_a_double_booking_is_refused_and_names_who_is_there(as_bob, patient, booking):
    post(as_bob, patient, booking)
    booking |= {"visit_id": str(uuid4()), "at": "10:30"}
    response = post(as_bob, patient, booking)
    assert response.status_code == 422
    assert "Alice already has Amna Siddiqui at 10:00 for 40 minutes" in response.content.decode()
    assert Visit.objects.count() == 1


def test_a_double_booking_is_made_when_it_is_meant(as_bob, patient, booking):
    post(as_bob, patient, booking)
    booking |= {"visit_id": str(uuid4()), "at": "10:30", "anyway": "on"}
    assert post(as_bob, patient, booking).status_code == 302
    assert Visit.objects.count() == 2


@pytest.mark.parametrize(
    ("hour", "minute", "minutes", "overlaps"),
    [
        (9, 20, 40, False),  # ends when the other begins
        (9, 30, 40, True),
        (10, 39, 20, True),
        (10, 40, 20, False),  # begins when the other ends
        (9, 0, 200, True),
    ],
)
def test_visits_overlap_when_they_share_a_minute(
    patient, alice, site, at, hour, minute, minutes, overlaps
):
    actions.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=at(10), minutes=40
    )
    assert bool(clashes(alice, at(hour, minute), minutes)) is overlaps


@pytest.mark.parametrize("state", ["cancelled", "missed", "left"])
def test_a_visit_that_does_not_take_place_keeps_no_place(patient, alice, site, at, state):
    visit = actions.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=at(10)
    )
    Visit.objects.filter(pk=visit.pk).update(state=state)
    assert clashes(alice, at(10), 40) == []


def test_who_walks_in_is_booked_for_now_and_is_here(as_bob, patient, booking):
    post(as_bob, patient, {**booking, "now": "yes"})
    visit = Visit.objects.get()
    assert visit.state == "here"
    assert abs((timezone.now() - visit.planned_at).total_seconds()) < 120
    assert visit.arrived_at is not None


def test_a_walk_in_sent_twice_is_one_visit(as_bob, patient, booking):
    post(as_bob, patient, {**booking, "now": "yes"})
    post(as_bob, patient, {**booking, "now": "yes"})
    assert Visit.objects.count() == 1


def test_the_form_opens_filled_in(as_alice, patient, alice):
    page = as_alice.get(reverse("diary:book", args=[patient.pk]))
    assert page.status_code == 200
    assert page.context["form"].initial["practitioner"] == str(alice.pk)


def test_a_practitioner_of_another_clinic_cannot_be_booked(as_bob, patient, booking, charlie):
    response = post(as_bob, patient, {**booking, "practitioner": str(charlie.pk)})
    assert response.status_code == 422
    assert not Visit.objects.exists()


def test_booking_somebody_elses_patient_is_impossible(client, charlie, patient, booking):
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert post(client, patient, booking).status_code == 404


def test_the_action_refuses_rows_of_another_clinic(patient, alice, charlie, site, at):
    with pytest.raises(ValueError, match="another organisation"):
        actions.book(by=alice, patient=patient, practitioner=charlie, site=site, planned_at=at(10))


def test_nobody_is_booked_with_the_front_desk(patient, alice, bob, site, at):
    with pytest.raises(ValueError, match="no practitioner"):
        actions.book(by=alice, patient=patient, practitioner=bob, site=site, planned_at=at(10))
