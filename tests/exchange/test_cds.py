"""CDS Hooks without a network: calls as in the specification, and the cards that answer them."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

import pytest
from tests.exchange.cds_calls import (
    EMPHYSEMA,
    PATIENT,
    WARFARIN,
    Json,
    call,
    order,
    prefetch,
    searchset,
)
from tests.tables import in_one_test

from filiform.exchange.cds import (
    SERVICES,
    CdsAnswer,
    CdsRefusal,
    discovery,
    read_feedback,
    read_request,
    respond,
)
from filiform.exchange.cds.cards import _short
from filiform.exchange.fhir import read_bundle
from filiform.screening import NeedlingSite, screen

DAY = date(2025, 11, 22)
IDS = {service.hook: service.id for service in SERVICES.values()}


def answer(body: Json, language: str = "en", **fetched: Any) -> CdsAnswer:
    service = SERVICES[IDS[body["hook"]]]
    request = read_request(json.dumps(body).encode(), service)
    return respond(request, fetched, on=DAY, new_uuid=uuid.uuid4, language=language)


def refusal(body: Any, service: str = "dry-needling-patient") -> CdsRefusal:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(CdsRefusal) as refused:
        respond(read_request(raw, SERVICES[service]), {}, on=DAY, new_uuid=uuid.uuid4)
    return refused.value


def no_empties(value: Any) -> bool:
    """The specification forbids null, "", [] and {} except for an empty list of cards."""
    if isinstance(value, dict):
        return bool(value) and all(map(no_empties, value.values()))
    if isinstance(value, list):
        return bool(value) and all(map(no_empties, value))
    return value not in (None, "")


def test_the_discovery_document_describes_three_hooks_and_their_data() -> None:
    services = discovery()["services"]
    assert {one["hook"] for one in services} == {"patient-view", "order-select", "order-sign"}
    for one in services:
        assert set(one) == {"id", "hook", "title", "description", "prefetch"}
        assert all("{{context.patientId}}" in template for template in one["prefetch"].values())
        assert no_empties(one)


def test_the_cards_say_the_same_as_screening_in_the_same_words() -> None:
    found = answer(call())
    document = searchset(PATIENT, WARFARIN)
    alone = screen(read_bundle(json.dumps(document).encode()).disclosure(on=DAY), on=DAY)
    assert [card.rule for card in found.cards] == [one.id for one in alone.reasons]
    for card, reason in zip(found.cards, alone.reasons, strict=True):
        assert reason.name.en in card.summary
        for text in (reason.why.en, reason.instead.en, reason.place.en, *reason.sources):
            assert text in card.detail
        for evidence in reason.because:
            assert evidence.text in card.detail


def test_a_card_says_where_it_rests_on_guidelines_that_were_not_read_in_full() -> None:
    old = call()
    old["prefetch"]["patient"] = {**PATIENT, "birthDate": "1940-01-01"}
    (frail,) = [card for card in answer(old).cards if card.rule == "older-frail"]
    assert "guideline not read in full" in frail.detail
    (warfarin,) = [card for card in answer(call()).cards if card.rule == "anticoagulant-vka"]
    assert "not read in full" not in warfarin.detail


def test_a_card_has_the_form_of_the_specification() -> None:
    body = answer(call("order-sign", order(place="Left upper trapezius"))).as_json()
    assert no_empties(body)
    (card,) = body["cards"]
    assert uuid.UUID(card["uuid"])
    assert len(card["summary"]) < 140
    assert card["indicator"] in ("info", "warning", "critical")
    assert card["source"]["label"].startswith("Filiform dry needling rules 20")
    assert card["source"]["topic"]["code"] == "anticoagulant-vka"
    assert card["selectionBehavior"] == "at-most-one"
    assert all(reason["display"] and reason["code"] for reason in card["overrideReasons"])
    kept, removed = card["suggestions"]
    assert removed["actions"] == [{
        "type": "delete", "description": "Remove the dry needling order",
        "resourceId": "ServiceRequest/needling-1"}]  # fmt: skip
    (update,) = kept["actions"]
    assert update["type"] == "update"
    assert update["resource"]["id"] == "needling-1"
    assert "INR" in update["resource"]["note"][0]["text"]


def test_reasons_come_strictest_first_with_their_indicator() -> None:
    body = call("order-sign", order(place="Right psoas major"))
    body["prefetch"]["conditions"] = searchset(EMPHYSEMA)
    cards = answer(body).cards
    assert [card.rule for card in cards] == ["anticoagulant-deep", "anticoagulant-vka"]
    assert [card.indicator for card in cards] == ["critical", "warning"]
    assert [one.code if hasattr(one, "code") else one for one in cards[0].overrides] == [
        "record-wrong", "cleared"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "rules"),
    [
        ("Left soleus muscle", {"anticoagulant-vka"}),
        ("Intercostal muscles, right", {"anticoagulant-vka", "copd-emphysema"}),
        ("Chest wall, left", {"anticoagulant-vka", "copd-emphysema"}),
        ("Chest wall", {"anticoagulant-vka", "copd-emphysema", "thorax-bilateral"}),
        ("", {"anticoagulant-vka", "copd-emphysema"}),
        ("an unknown place", {"anticoagulant-vka", "copd-emphysema"}),
    ],
)
def test_the_muscles_of_the_order_decide_which_reasons_apply(place: str, rules: set[str]) -> None:
    body = call("order-select", order(place=place))
    body["prefetch"]["conditions"] = searchset(EMPHYSEMA)
    assert {card.rule for card in answer(body).cards} == rules


@pytest.mark.parametrize(
    "code",
    [
        {"text": "Dry needling of trigger points"},
        {"text": "Dry-needling, 2 muscles"},
        {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "20561"}]},
        {"coding": [{"system": "x", "code": "y", "display": "Intramuscular stimulation"}]},
    ],
)
def test_a_dry_needling_order_is_known_by_its_code_or_words(code: Json) -> None:
    assert answer(call("order-sign", order(code=code))).cards


def test_other_orders_and_orders_not_selected_are_none_of_our_business() -> None:
    assert answer(call("order-sign", order("Lumbar X-ray"))).as_json() == {"cards": []}
    assert answer(call("order-sign", order(doNotPerform=True))).as_json() == {"cards": []}
    body = call("order-select", order())
    body["context"]["selections"] = ["NutritionOrder/pureeddiet-simple"]
    assert answer(body).as_json() == {"cards": []}


def test_a_patient_without_reasons_gets_no_card() -> None:
    assert answer(call(prefetch=prefetch())).as_json() == {"cards": []}


def test_what_could_not_be_read_is_a_card_of_its_own() -> None:
    broken = {"resourceType": "Condition", "id": "nameless",
              "subject": {"reference": "Patient/1288992"}}  # fmt: skip
    page = {**searchset(broken), "link": [{"relation": "next", "url": "https://x/2"}]}
    card = answer(call(prefetch=prefetch(conditions=page))).cards[-1]
    assert (card.rule, card.indicator) == ("unread", "warning")
    assert "Condition/nameless" in card.detail
    assert "one page of several" in card.detail
    assert "overrideReasons" not in card.as_json(), "nothing is there to be overridden"


def test_text_from_the_record_cannot_become_markup() -> None:
    evil = json.loads(json.dumps(WARFARIN))
    evil["medicationCodeableConcept"]["coding"][0]["display"] = (
        "Warfarin <img src=x> [click](javascript:x) **now**"
    )
    detail = answer(call(prefetch=prefetch(medicationRequests=searchset(evil)))).cards[0].detail
    assert "<img" not in detail.replace("\\<", "")
    assert "](javascript" not in detail.replace("\\]\\(", "")


def test_cards_speak_urdu_when_asked() -> None:
    card = answer(call(), "ur").cards[0]
    assert "وارفرین" in card.summary
    assert card.as_json()["overrideReasons"][0]["display"] == "ریکارڈ غلط یا پرانا ہے"


def test_a_red_flag_is_critical_and_comes_first() -> None:
    flag = {
        "resourceType": "Condition",
        "id": "c",
        "subject": {"reference": "Patient/1288992"},
        "onsetDateTime": "2025-11-20",
        "code": {"text": "Cauda equina syndrome"},
    }
    flag["code"] = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "G83.4"}]}
    cards = answer(call(prefetch=prefetch(conditions=searchset(flag)))).cards
    assert (cards[0].rule, cards[0].kind, cards[0].indicator) == (
        "cauda-equina", "red-flag", "critical"
    )  # fmt: skip


@in_one_test(
    ("change", "status", "says"),
    [
        ({"hook": "order-sign"}, 400, "'patient-view' only"),
        ({"hook": None}, 400, "hook"),
        ({"hookInstance": "1"}, 400, "UUID"),
        ({"context": {"userId": "Practitioner/x"}}, 400, "context.patientId"),
        ({"context": {"patientId": "1"}}, 400, "context.userId"),
        ({"context": {"userId": "x", "patientId": "1?_include=*"}}, 400, "no FHIR id"),
        ({"context": []}, 400, "context"),
        ({"fhirAuthorization": {"access_token": "t", "token_type": "Bearer", "expires_in": 3,
                                "scope": "s", "subject": "u"}}, 400, "without fhirServer"),
        ({"fhirServer": "ftp://x"}, 400, "fhirServer"),
        ({"prefetch": {"patient": PATIENT}}, 412, "conditions"),
        ({"prefetch": prefetch(conditions=PATIENT)}, 422, "prefetch.conditions is no Bundle"),
        ({"prefetch": prefetch(conditions={"resourceType": "OperationOutcome"})}, 422, "error"),
        ({"prefetch": prefetch(patient={**PATIENT, "id": "other"})}, 422, "patient"),
        ({"prefetch": prefetch(conditions={"resourceType": "Bundle", "entry": 7})}, 422, "FHIR"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_answered_says_why_and_what_is_needed(
    change: Json, status: int, says: str
) -> None:
    refused = refusal({**call(), **change})
    assert (refused.status, says in refused.message) == (status, True), refused.message
    assert "\n" not in refused.message
    assert "Warfarin" not in refused.message


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b'"x"', b"[" * 9000])
def test_what_is_no_json_object_is_refused(raw: bytes) -> None:
    assert refusal(raw).status == 400


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_an_order_hook_needs_its_orders(hook: str) -> None:
    body = call(hook, order())
    del body["context"]["draftOrders"]
    assert "draftOrders" in refusal(body, IDS[hook]).message


def test_choosing_an_order_needs_the_choice() -> None:
    body = call("order-select", order())
    del body["context"]["selections"]
    assert "context.selections is no list" in refusal(body, IDS["order-select"]).message


def test_the_records_own_server_is_taken_without_its_last_slash() -> None:
    body = call(fhirServer="https://records.example/fhir/")
    request = read_request(json.dumps(body).encode(), SERVICES["dry-needling-patient"])
    assert request.fhir_server == "https://records.example/fhir"


def test_a_summary_is_cut_where_the_specification_ends_it() -> None:
    """CDS Hooks 2.0: a summary is under 140 characters."""
    assert _short("x" * 139) == "x" * 139
    assert _short("word " * 40) == "word " * 27 + "wor…"


def test_missing_keys_are_turned_into_addresses_with_the_patients_id() -> None:
    body = call(prefetch={"patient": PATIENT, "conditions": None})
    request = read_request(json.dumps(body).encode(), SERVICES["dry-needling-patient"])
    assert "conditions" not in request.missing
    assert request.missing["allergies"] == "AllergyIntolerance?patient=1288992"
    assert request.missing["observations"].startswith("Observation?patient=1288992&code=http")


def test_fetched_data_stands_in_for_what_was_not_sent() -> None:
    keys = set(prefetch()) - {"patient"}
    fetched = dict.fromkeys(keys) | {"conditions": searchset(EMPHYSEMA)}
    found = answer(call(prefetch={"patient": PATIENT}), **fetched)
    assert [card.rule for card in found.cards] == ["copd-emphysema"]


def test_the_sites_of_an_order_are_those_that_screening_is_asked_about() -> None:
    found = answer(call("order-sign", order(place="Left upper trapezius")))
    assert found.screening is not None
    assert [NeedlingSite(one.muscle, one.side) for one in found.screening.muscles] == [  # type: ignore[arg-type]
        NeedlingSite("trapezius-upper", "left")
    ]


def item(**more: Any) -> Json:
    return {"card": str(uuid.uuid4()), "outcome": "overridden",
            "outcomeTimestamp": "2020-12-11T00:00:00Z", **more}  # fmt: skip


def test_feedback_is_read_as_the_specification_has_it() -> None:
    reason = {"reason": {"code": "benefit", "system": "urn:x"}, "userComment": "written down"}
    accepted = item(outcome="accepted", acceptedSuggestions=[{"id": "e56e1945"}])
    body = {"feedback": [item(overrideReason=reason), accepted, item()]}
    first, second, third = read_feedback(json.dumps(body).encode())
    assert (first.outcome, first.reason, first.comment) == ("overridden", "benefit", "written down")
    assert (second.outcome, second.suggestions) == ("accepted", ("e56e1945",))
    assert (third.reason, third.comment) == ("", "")


@pytest.mark.parametrize(
    ("feedback", "says"),
    [
        ([], "empty list"),
        ([item(card="x")], "no uuid"),
        ([item(outcome="ignored")], "ignored"),
        ([item(outcome="accepted")], "acceptedSuggestions"),
        ([item(outcomeTimestamp="yesterday")], "outcomeTimestamp"),
        ([item(outcomeTimestamp="2020-12-11T00:00:00")], "time zone"),
    ],
)
def test_feedback_that_cannot_be_used_says_why(feedback: list[Json], says: str) -> None:
    with pytest.raises(CdsRefusal) as refused:
        read_feedback(json.dumps({"feedback": feedback}).encode())
    assert refused.value.status == 400
    assert says in refused.value.message


def test_what_was_not_understood_has_one_card_with_what_was_not_read() -> None:
    unknown = {"resourceType": "Condition", "id": "z", "subject": {"reference": "Patient/1288992"},
               "code": {"text": "Morbus *Quixoticus*"}}  # fmt: skip
    many = [{**unknown, "id": f"z{n}", "code": {"text": f"Zorg {'x' * n}"}} for n in range(1, 24)]
    for resources, says in (
        ([unknown], ["not understood (1)", "Morbus \\*Quixoticus\\*"]),
        ([unknown, *many], ["not understood (24)", "+ 4"]),
    ):
        body = call()
        body["prefetch"]["conditions"] = searchset(*resources)
        (card,) = [one for one in answer(body).cards if one.kind == "unread"]
        text = f"{card.summary}\n{card.detail}"
        assert all(word in text for word in says), text
        assert "Questions that only the patient can answer:** " in card.detail
        assert card.indicator == "warning"
    assert not [one for one in answer(call()).cards if one.kind == "unread"]
