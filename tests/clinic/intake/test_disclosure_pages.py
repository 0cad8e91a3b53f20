"""The disclosure's pages: who may, and that they work without script."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from filiform.clinic.facts.models import new_id
from filiform.clinic.intake import actions, queries, questions, sections


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def fact(alice, patient):
    return actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin")


def addresses(patient, fact, visit) -> dict[str, str]:
    return {
        "disclosure": reverse("intake:disclosure", args=[patient.pk]),
        "suggest": reverse("intake:suggest", args=[patient.pk, "medicines"]),
        "disclose": reverse("intake:disclose", args=[patient.pk, "medicines"]),
        "asked": reverse("intake:asked", args=[patient.pk, "medicines"]),
        "not-asked": reverse("intake:not-asked", args=[patient.pk, "medicines"]),
        "amend": reverse("intake:amend", args=[patient.pk, fact.pk]),
        "void": reverse("intake:void", args=[patient.pk, fact.pk]),
        "answer": reverse("intake:answer", args=[patient.pk]),
        "import": reverse("intake:import", args=[patient.pk]),
        "changes": reverse("intake:changes", args=[visit.pk]),
    }


def test_an_outsider_finds_nothing_at_any_address(patient, fact, visit, charlie) -> None:
    client = signed_in(charlie)
    for name, address in addresses(patient, fact, visit).items():
        assert client.get(address).status_code in (404, 405), name
        assert client.post(address, {"changed": "no"}).status_code in (404, 405), name


def test_the_owner_reads_but_records_nothing(patient, fact, visit, olga) -> None:
    client = signed_in(olga)
    pages = addresses(patient, fact, visit)
    assert client.get(pages.pop("disclosure")).status_code == 200
    for name, address in pages.items():
        assert client.post(address, {}).status_code == 403, name


def test_a_visitor_signs_in_first(client, patient, fact, visit) -> None:
    for name, address in addresses(patient, fact, visit).items():
        assert client.post(address, {}).status_code in (302, 405), name


def test_the_front_desk_records_a_medicine_in_its_own_words(bob, patient) -> None:
    address = reverse("intake:disclose", args=[patient.pk, "medicines"])
    fields = {"fact_id": str(new_id()), "text": "a green pill for the heart", "stands": "present"}
    client = signed_in(bob)
    for _ in range(2):
        assert client.post(address, fields).status_code == 302
    row = queries.facts(patient).get()
    assert (row.text, row.kind, row.status, row.recorded_by) == (
        "a green pill for the heart", "medicine", "active", bob,
    )  # fmt: skip


def test_a_chosen_concept_brings_its_kind_and_codes(as_alice, patient) -> None:
    address = reverse("intake:disclose", args=[patient.pk, "conditions"])
    from filiform.disclosure import Kind
    from filiform.screening.concepts import search

    concept = search("laminectomy", Kind.PROCEDURE)[0]
    as_alice.post(
        address,
        {"fact_id": str(new_id()), "text": concept.name.en, "concept": concept.id,
         "kind": "condition", "stands": "present", "side": "left", "start": "2020-02-03"},
    )  # fmt: skip
    row = queries.facts(patient).get()
    assert (row.kind, row.status, row.side, str(row.start)) == (
        "procedure", "completed", "left", "2020-02-03",
    )  # fmt: skip
    assert row.concept == concept.id
    assert len(row.codings) == len(concept.codings)


@pytest.mark.parametrize(
    ("field", "value"), [("text", ""), ("start", "2090-01-01"), ("end", "1900-01-01")]
)
def test_a_slip_is_refused_on_the_same_page(as_alice, patient, field: str, value: str) -> None:
    address = reverse("intake:disclose", args=[patient.pk, "medicines"])
    fields = {"fact_id": str(new_id()), "text": "Warfarin", "start": "2020-01-01"}
    answer = as_alice.post(address, fields | {field: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not queries.facts(patient).exists()


def test_one_tap_says_nothing_and_one_says_that_is_all(as_alice, patient) -> None:
    asked = {
        name: reverse("intake:asked", args=[patient.pk, name])
        for name in ("allergies", "medicines")
    }
    as_alice.post(asked["allergies"])
    as_alice.post(
        reverse("intake:disclose", args=[patient.pk, "medicines"]),
        {"fact_id": str(new_id()), "text": "Warfarin"},
    )
    as_alice.post(asked["medicines"])
    states = {one.section.id: one.state for one in sections.sections(patient)}
    assert states == {"conditions": "not-asked", "allergies": "none", "medicines": "listed"}
    page = as_alice.get(reverse("intake:disclosure", args=[patient.pk])).content.decode()
    assert page.count("Not asked yet") == 1


def test_suggestions_are_a_list_to_choose_from(as_alice, patient) -> None:
    address = reverse("intake:suggest", args=[patient.pk, "medicines"])
    page = as_alice.post(address, {"text": "warf"}).content.decode()
    assert 'role="listbox"' in page
    assert 'role="option"' in page
    assert "Warfarin" in page
    assert 'role="option"' not in as_alice.post(address, {"text": "qqqqzzzz"}).content.decode()
    assert as_alice.get(address).status_code == 405


def test_a_section_that_does_not_exist_is_not_found(as_alice, patient) -> None:
    address = reverse("intake:disclose", args=[patient.pk, "rumours"])
    assert as_alice.post(address, {"text": "x"}).status_code == 404


def test_amending_needs_a_why_and_shows_the_history(as_alice, patient, fact) -> None:
    address = reverse("intake:amend", args=[patient.pk, fact.pk])
    change = {"text": "Warfarin", "status": "stopped", "end": "2024-01-01", "why": ""}
    assert as_alice.post(address, change).status_code == 422
    ahead = change | {"why": "misread", "start": "2199-01-01", "end": ""}
    assert "in the future" in as_alice.post(address, ahead).content.decode()
    assert as_alice.post(address, change | {"why": "the doctor stopped it"}).status_code == 302
    row = queries.facts(patient).get()
    assert row.status == "stopped"
    page = as_alice.get(reverse("intake:amend", args=[patient.pk, row.pk])).content.decode()
    assert "the doctor stopped it" in page
    assert as_alice.get(address).status_code == 302, "the former version is no page to amend"


def test_other_words_lose_the_codes_of_the_former_ones(as_alice, alice, patient) -> None:
    from filiform.disclosure import Kind
    from filiform.screening.concepts import search

    concept = search("warfarin", Kind.MEDICINE)[0]
    fact = actions.disclose(
        by=alice, patient=patient, kind="medicine", text="Warfarin", codings=concept.codings,
        concept=concept.id,
    )  # fmt: skip
    as_alice.post(
        reverse("intake:amend", args=[patient.pk, fact.pk]),
        {"text": "Paracetamol", "status": "active", "why": "misheard"},
    )
    row = queries.facts(patient).get()
    assert (row.text, row.codings, row.concept) == ("Paracetamol", [], "")


def test_voiding_needs_a_why(as_alice, patient, fact) -> None:
    address = reverse("intake:void", args=[patient.pk, fact.pk])
    assert as_alice.post(address, {"why": ""}).status_code == 422
    assert queries.facts(patient).count() == 1
    assert as_alice.post(address, {"why": "her mother's"}).status_code == 302
    assert queries.facts(patient).count() == 0


def test_a_question_is_answered_by_one_tap_with_and_without_script(
    as_alice, patient, today
) -> None:
    question = questions.questions_of(patient, today)[0].question.id
    address = reverse("intake:answer", args=[patient.pk])
    row = as_alice.post(
        address, {"question": question, "value": "no"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert row.count('aria-pressed="true"') == 1
    assert 'hx-swap-oob="true"' in row
    assert queries.disclosure_of(patient).answers == {question: False}
    plain = as_alice.post(address, {"question": question, "value": "yes"})
    assert plain.headers["Location"].endswith(f"#question-{question}")
    assert queries.disclosure_of(patient).answers == {question: True}


@pytest.mark.parametrize(
    "sent", [{"question": "needle-phobia", "value": "maybe"}, {"question": "x", "value": "yes"}, {}]
)
def test_an_answer_that_is_none_is_refused(as_alice, patient, sent) -> None:
    answer = as_alice.post(reverse("intake:answer", args=[patient.pk]), sent)
    assert answer.status_code == 400
    assert queries.disclosure_of(patient).answers == {}


def test_no_change_is_one_tap_and_yes_leads_to_the_disclosure(as_alice, visit) -> None:
    address = reverse("intake:changes", args=[visit.pk])
    assert as_alice.get(address).status_code == 200
    answer = as_alice.post(address, {"changed": "no"})
    assert answer.headers["Location"] == reverse("pathway:open", args=[visit.pk])
    assert queries.change_check(visit).changed is False
    answer = as_alice.post(address, {"changed": "yes"})
    assert answer.headers["Location"].startswith(
        reverse("intake:disclosure", args=[visit.patient_id])
    )
    page = as_alice.get(answer.headers["Location"]).content.decode()
    assert reverse("pathway:open", args=[visit.pk]) in page
    assert as_alice.post(address, {}).status_code == 400


def test_the_way_back_leads_nowhere_else(as_alice, visit) -> None:
    address = reverse("intake:changes", args=[visit.pk])
    answer = as_alice.post(address, {"changed": "no", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == reverse("pathway:open", args=[visit.pk])
