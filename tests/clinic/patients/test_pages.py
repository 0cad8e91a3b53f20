"""The pages: who sees them, what stands on them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.facts.models import Entry, new_id
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.patients import actions
from filiform.clinic.patients.models import Patient


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def as_bob(bob) -> Client:
    return signed_in(bob)


def person(**changes):
    fields = {
        "patient_id": str(new_id()), "given_name": "Rubina", "family_name": "Baig",
        "sex": "female", "birth_date": "1990-05-06", "phone": "0300 7654321", "language": "ur",
    }  # fmt: skip
    return fields | changes


PATIENT_PAGES = ("chart:patient", "patients:edit", "patients:measure")


@pytest.mark.parametrize("name", PATIENT_PAGES)
def test_an_outsider_finds_no_patient_of_ours(name: str, patient, charlie) -> None:
    address = reverse(name, args=[patient.pk])
    assert signed_in(charlie).get(address).status_code == 404
    assert signed_in(charlie).post(address).status_code in (404, 405)


@pytest.mark.parametrize("name", ["patients:search", "frontdoor:register"])
def test_a_visitor_signs_in_first(name: str, client, clinic) -> None:
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", PATIENT_PAGES)
def test_everybody_of_the_clinic_opens(name: str, patient, alice, bob, olga) -> None:
    for member in (alice, bob, olga):
        page = signed_in(member).get(reverse(name, args=[patient.pk]))
        assert page.status_code == 200, (name, member.username)
        assert patient.file_number in page.content.decode()


def test_opening_a_patient_is_noted_in_the_audit(as_alice, patient) -> None:
    as_alice.get(reverse("chart:patient", args=[patient.pk]))
    assert Entry.objects.filter(action="saw-patient", patient=patient).count() == 1


def test_a_name_is_searched_for_by_post_and_stands_in_no_address(as_alice, patient) -> None:
    page = as_alice.post(reverse("patients:search"), {"typed": "siddiqi"}).content.decode()
    assert "Amna Siddiqui" in page
    form = re.search(r"<form class=\"patient-search\".*?>", page, re.S)
    assert form is not None
    assert 'method="post"' in form[0]
    assert "hx-push-url" not in page


def test_htmx_gets_the_list_alone(as_alice, patient) -> None:
    page = as_alice.post(
        reverse("patients:search"), {"typed": "siddiqi"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert page.lstrip().startswith("<section")
    assert "Amna Siddiqui" in page


def test_registering_leads_to_the_patient(as_bob) -> None:
    answer = as_bob.post(reverse("frontdoor:register"), person(height_cm="160", weight_kg="61"))
    rubina = Patient.objects.get(given_name="Rubina")
    assert answer.headers["Location"] == reverse("chart:patient", args=[rubina.pk])
    assert rubina.phone == "+923007654321"
    assert rubina.registered_by.username == "bob"


def test_a_double_click_registers_once(as_bob) -> None:
    fields = person()
    first, second = (as_bob.post(reverse("frontdoor:register"), fields) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert Patient.objects.filter(given_name="Rubina").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", ""), ("sex", "f"), ("birth_date", "2090-01-01"),
        ("birth_date", "1850-01-01"),
        ("birth_date", "31.02.1990"), ("phone", "12"), ("height_cm", "5.6"), ("weight_kg", "4000"),
        ("email", "rubina"),
    ],
)  # fmt: skip
def test_a_slip_is_refused_with_what_to_do(as_bob, field: str, value: str) -> None:
    answer = as_bob.post(reverse("frontdoor:register"), person(**{field: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert 'role="alert"' in answer.content.decode()
    assert not Patient.objects.exists()


def test_a_possible_duplicate_is_shown_before_anything_is_saved(as_bob, patient) -> None:
    fields = person(phone="0300-1234567")
    answer = as_bob.post(reverse("frontdoor:register"), fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert reverse("chart:patient", args=[patient.pk]) in page
    assert Patient.objects.count() == 1
    answer = as_bob.post(reverse("frontdoor:register"), fields | {"all-the-same": "yes"})
    assert answer.status_code == 302
    assert Patient.objects.count() == 2


def test_a_message_fills_the_form_and_is_linked_to_the_patient(as_bob, site, clinic) -> None:
    message = Message.objects.create(
        organisation=clinic, site=site, name="Rubina Naz Baig", phone="+923007654321",
        text="My neck", language="ur",
    )  # fmt: skip
    page = as_bob.get(f"{reverse('frontdoor:register')}?message={message.pk}")
    initial = page.context["form"].initial
    assert (initial["given_name"], initial["family_name"]) == ("Rubina Naz", "Baig")
    assert "My neck" in page.content.decode()
    as_bob.post(reverse("frontdoor:register"), person(message=str(message.pk)))
    message.refresh_from_db()
    assert message.patient.given_name == "Rubina"


@pytest.mark.parametrize("message", ["nonsense", "01a20000-0000-7000-8000-000000000000"])
def test_an_unknown_message_fills_nothing(as_bob, message: str) -> None:
    page = as_bob.get(f"{reverse('frontdoor:register')}?message={message}")
    assert page.status_code == 200
    assert not page.context["form"].initial.get("given_name")


def test_another_clinics_message_fills_nothing(as_bob, charlie) -> None:
    from filiform.clinic.staff.actions import open_site

    there = open_site(
        organisation=charlie.organisation, name="There", address="There", phone="+923001112223"
    )
    message = Message.objects.create(
        organisation=charlie.organisation,
        site=there,
        name="Secret",
        phone="+923001112223",
        text="x",
    )
    page = as_bob.get(f"{reverse('frontdoor:register')}?message={message.pk}")
    assert "Secret" not in page.content.decode()


def test_the_banner_names_the_patient_on_every_page(as_alice, patient, today) -> None:
    page = as_alice.get(reverse("patients:edit", args=[patient.pk])).content.decode()
    banner = page[page.index('<aside class="banner') :].partition("</aside>")[0]
    for word in ("Amna Siddiqui", str(patient.age_on(today)), "9 Mar 1984", "MC-000001", "female"):
        assert word in banner


def test_the_banner_says_in_words_what_speaks_against_needling(as_alice, alice, patient) -> None:
    from filiform.clinic.intake.actions import disclose

    disclose(by=alice, patient=patient, kind="condition", text="Haemophilia A")
    page = as_alice.get(reverse("patients:edit", args=[patient.pk])).content.decode()
    banner = page[page.index('<aside class="banner') :].partition("</aside>")[0]
    assert 'class="tag danger"' in banner
    assert "aemophilia" in banner


def test_the_banner_costs_few_queries(alice, patient, django_assert_max_num_queries) -> None:
    from django.template.loader import render_to_string

    with django_assert_max_num_queries(8):
        render_to_string("pathway/_banner.html", {"patient": patient})


def test_the_front_desk_sees_no_complaint(alice, bob, patient, site) -> None:
    from filiform.clinic.visits import actions as visits

    episode = visits.open_episode(
        by=alice, patient=patient, title="Left-sided sciatica", on=timezone.localdate()
    )
    visits.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now(),
        episode=episode,
    )  # fmt: skip
    address = reverse("chart:patient", args=[patient.pk])
    assert "sciatica" in signed_in(alice).get(address).content.decode()
    assert "sciatica" not in signed_in(bob).get(address).content.decode()


def test_a_visit_today_stands_first(as_alice, visit) -> None:
    page = as_alice.get(reverse("chart:patient", args=[visit.patient_id])).content.decode()
    assert reverse("pathway:open", args=[visit.pk]) in page


def test_what_was_not_asked_is_said_plainly(as_alice, patient) -> None:
    page = as_alice.get(reverse("chart:patient", args=[patient.pk])).content.decode()
    assert page.count("Not asked yet") == 3


def test_only_the_owner_is_led_to_the_audit(alice, olga, patient) -> None:
    address = reverse("chart:patient", args=[patient.pk])
    audit = f"{reverse('audit:entries')}?patient={patient.pk}"
    assert audit in signed_in(olga).get(address).content.decode()
    assert audit not in signed_in(alice).get(address).content.decode()


def test_details_are_corrected_on_their_page(as_bob, patient) -> None:
    address = reverse("patients:edit", args=[patient.pk])
    shown = as_bob.get(address).context["form"]
    assert shown["phone"].value() == "0300 1234567"
    fields = person(given_name="Amna", family_name="Sheikh", birth_date="1984-03-09", phone="")
    assert as_bob.post(address, fields).status_code == 302
    patient.refresh_from_db()
    assert (patient.family_name, patient.phone) == ("Sheikh", "")
    assert Entry.objects.get(action="patient-corrected").details["before"]["family_name"] == (
        "Siddiqui"
    )


def test_a_measurement_is_noted_and_taken_back_with_why(as_bob, bob, patient) -> None:
    address = reverse("patients:measure", args=[patient.pk])
    assert as_bob.post(address, {}).status_code == 422
    assert as_bob.post(address, {"weight_kg": "61.5"}).status_code == 302
    from filiform.clinic.patients.queries import body, measurements

    assert body(patient).weight_kg == 61.5
    one = measurements(patient).get()
    void = reverse("patients:void-measurement", args=[patient.pk, one.pk])
    as_bob.post(void, {"why": ""})
    assert body(patient).weight_kg == 61.5
    as_bob.post(void, {"why": "with the coat on"})
    assert body(patient).weight_kg is None


def test_anothers_measurement_cannot_be_taken_back(as_bob, bob, patient) -> None:
    other = actions.register(
        by=bob, given_name="Sana", sex="female", birth_date=date(1990, 1, 1), weight_kg=60
    )
    from filiform.clinic.patients.queries import measurements

    address = reverse("patients:void-measurement", args=[patient.pk, measurements(other).get().pk])
    assert as_bob.post(address, {"why": "a slip"}).status_code == 404
