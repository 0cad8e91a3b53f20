"""The CDS services over HTTP: what another record's software sends, and what it gets back."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
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

from filiform.clinic.cds import fetching, trust
from filiform.clinic.cds.models import CardFeedback, ShownCard

PATIENT_VIEW = "/cds-services/dry-needling-patient"
ORDER_SIGN = "/cds-services/dry-needling-order-sign"
TOKEN = {"access_token": "some-opaque-token", "token_type": "Bearer", "expires_in": 300,
         "scope": "patient/*.read", "subject": "cds-service4"}  # fmt: skip


@pytest.fixture(autouse=True)
def is_open(settings: Any, clinic: Any) -> None:
    """Calls without a token are answered; cards are kept with the clinic."""
    settings.CDS_OPEN = True
    settings.CDS_CLIENTS = ""


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(path, raw, content_type="application/json", headers=headers)


def test_anybody_may_discover_the_services(client: Client) -> None:
    found = client.get("/cds-services")
    assert found.status_code == 200
    assert {one["hook"] for one in found.json()["services"]} == {
        "patient-view", "order-select", "order-sign"
    }  # fmt: skip


def test_a_call_with_prefetch_is_answered_and_its_cards_are_kept_without_the_patient(
    client: Client,
) -> None:
    found = post(client, PATIENT_VIEW, call())
    (card,) = found.json()["cards"]
    kept = ShownCard.objects.get(pk=card["uuid"])
    assert (kept.rule, kept.indicator, kept.kind) == ("anticoagulant-vka", "warning", "reason")
    held = " ".join(str(value) for value in vars(kept).values())
    assert "1288992" not in held
    assert "Warfarin" not in held


def test_an_order_of_dry_needling_is_judged_before_it_is_signed(client: Client) -> None:
    found = post(client, ORDER_SIGN, call("order-sign", order(place="Right psoas major")))
    assert [card["indicator"] for card in found.json()["cards"]] == ["critical", "warning"]


def test_a_card_says_the_very_words_of_the_safety_page(
    client: Client, as_alice: Client, visit: Any, alice: Any, patient: Any
) -> None:
    from html import unescape

    from filiform.clinic.intake import actions
    from filiform.disclosure import Kind

    actions.disclose(by=alice, patient=patient, kind=Kind.MEDICINE, text="Warfarin 5 mg")
    page = unescape(as_alice.get(f"/visits/{visit.pk}/safety/").content.decode())
    (card,) = [
        one for one in post(client, PATIENT_VIEW, call()).json()["cards"]
        if one["source"]["topic"]["code"] == "anticoagulant-vka"
    ]  # fmt: skip
    why, _, instead, _, _ = card["detail"].split("\n\n")
    assert why in page
    assert instead.removeprefix("**Instead:** ") in page
    assert card["summary"].partition(": ")[2] in page


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (PATIENT_VIEW, b"", 400),
        (PATIENT_VIEW, b"{", 400),
        (PATIENT_VIEW, {**call(), "hookInstance": "x"}, 400),
        (ORDER_SIGN, call(), 400),
        (PATIENT_VIEW, call(prefetch={"patient": PATIENT}), 412),
        (PATIENT_VIEW, call(prefetch=prefetch(conditions=PATIENT)), 422),
        ("/cds-services/unknown", call(), 404),
        (PATIENT_VIEW + "/feedback", {"feedback": []}, 400),
    ],
)
def test_a_call_that_cannot_be_answered_gets_a_status_and_one_clear_line(
    client: Client, path: str, body: Any, status: int
) -> None:
    found = post(client, path, body)
    assert found.status_code == status
    assert found.json()["status"] == status
    assert len(found.json()["message"]) > 10
    assert not ShownCard.objects.exists()


def test_other_methods_are_refused_and_cors_is_answered(client: Client, settings: Any) -> None:
    assert client.get(PATIENT_VIEW).status_code == 405
    assert client.post("/cds-services").status_code == 405
    asked = client.options(PATIENT_VIEW, headers={"Origin": "https://ehr.example"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in asked["Access-Control-Allow-Headers"]
    settings.CDS_ORIGINS = ["https://ehr.example"]
    mine = client.options(PATIENT_VIEW, headers={"Origin": "https://ehr.example"})
    assert mine["Access-Control-Allow-Origin"] == "https://ehr.example"
    other = client.get("/cds-services", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other


def test_the_language_of_the_caller_is_spoken(client: Client) -> None:
    found = post(client, PATIENT_VIEW, call(), **{"Accept-Language": "ur"})
    assert "وارفرین" in found.json()["cards"][0]["summary"]


def test_a_body_over_20_mb_is_refused_before_it_is_read(client: Client) -> None:
    found = client.generic(
        "POST", PATIENT_VIEW, b"{}", content_type="application/json", CONTENT_LENGTH="20000001"
    )
    assert found.status_code == 413


# --- feedback ---------------------------------------------------------------------------------
def shown(client: Client) -> str:
    return str(post(client, PATIENT_VIEW, call()).json()["cards"][0]["uuid"])


def overridden(card: str, **more: Any) -> Json:
    return {"card": card, "outcome": "overridden", "outcomeTimestamp": "2025-11-22T08:00:00Z",
            **more}  # fmt: skip


def test_feedback_is_kept_with_the_card_and_may_come_twice(client: Client) -> None:
    card = shown(client)
    body = {"feedback": [overridden(card, overrideReason={"reason": {"code": "benefit"}})]}
    for _ in range(2):
        assert post(client, PATIENT_VIEW + "/feedback", body).status_code == 200
    kept = list(CardFeedback.objects.all())
    assert [(one.outcome, one.reason) for one in kept] == [("overridden", "benefit")] * 2
    assert str(kept[0].card_id) == card


def test_feedback_about_an_unknown_card_is_refused_whole(client: Client) -> None:
    body = {"feedback": [overridden(shown(client)), overridden(str(uuid.uuid4()))]}
    found = post(client, PATIENT_VIEW + "/feedback", body)
    assert found.status_code == 422
    assert "feedback[1]" in found.json()["message"]
    assert not CardFeedback.objects.exists()
    elsewhere = post(client, ORDER_SIGN + "/feedback", {"feedback": [overridden(shown(client))]})
    assert elsewhere.status_code == 422


# --- the record's own server ------------------------------------------------------------------
class Hospital(BaseHTTPRequestHandler):
    """A small FHIR server: two pages of conditions, one medicine, nothing else."""

    asked: list[tuple[str, str]]
    slow = 0.0

    def do_GET(self) -> None:
        Hospital.asked.append((self.path, self.headers.get("Authorization", "")))
        time.sleep(Hospital.slow)
        base = f"http://{self.headers['Host']}/fhir"
        found: Json | None = searchset()
        if self.path == "/fhir/Patient/1288992":
            found = PATIENT
        elif self.path == "/fhir/Condition?patient=1288992":
            found = {**searchset(), "link": [{"relation": "next", "url": f"{base}/page2"}]}
        elif self.path == "/fhir/page2":
            found = searchset(EMPHYSEMA)
        elif self.path.startswith("/fhir/MedicationRequest?"):
            found = searchset(WARFARIN)
        elif self.path.startswith("/fhir/Device?"):
            found = None
        elif self.path.startswith("/fhir/Procedure?") and Hospital.broken:
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/")
            self.end_headers()
            return
        self.send_response(200 if found else 404)
        self.end_headers()
        if found:
            self.wfile.write(json.dumps(found).encode())

    broken = False

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hospital(settings: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hospital)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # we hang up in one test
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    Hospital.asked, Hospital.broken, Hospital.slow = [], False, 0.0
    address = f"http://127.0.0.1:{server.server_port}/fhir"
    settings.CDS_FHIR_SERVERS = [address]
    yield address
    server.shutdown()
    server.server_close()


def without_data(server: str, **sent: Any) -> Json:
    return call(prefetch=sent, fhirServer=server, fhirAuthorization=TOKEN)


def test_what_was_not_sent_is_fetched_with_the_callers_token_page_by_page(
    client: Client, hospital: str
) -> None:
    found = post(client, PATIENT_VIEW, without_data(hospital))
    rules = {card["source"]["topic"]["code"] for card in found.json()["cards"]}
    assert rules == {"anticoagulant-vka", "copd-emphysema"}
    assert {token for _, token in Hospital.asked} == {"Bearer some-opaque-token"}


def test_only_what_is_missing_is_fetched(client: Client, hospital: str) -> None:
    sent = {key: value for key, value in prefetch().items() if key != "conditions"}
    post(client, PATIENT_VIEW, without_data(hospital, **sent))
    assert [path for path, _ in Hospital.asked] == [
        "/fhir/Condition?patient=1288992", "/fhir/page2"
    ]  # fmt: skip


def test_a_redirect_is_not_followed_and_the_key_counts_as_missing(
    client: Client, hospital: str
) -> None:
    Hospital.broken = True
    found = post(client, PATIENT_VIEW, without_data(hospital))
    assert found.status_code == 412
    assert "procedures" in found.json()["message"]


def test_a_server_that_is_not_listed_is_not_called(
    client: Client, hospital: str, settings: Any
) -> None:
    settings.CDS_FHIR_SERVERS = ["https://fhir.other.example"]
    assert post(client, PATIENT_VIEW, without_data(hospital)).status_code == 412
    settings.CDS_FHIR_SERVERS = []
    assert post(client, PATIENT_VIEW, without_data(hospital)).status_code == 412
    assert Hospital.asked == []


@pytest.mark.parametrize(
    "server",
    ["https://127.0.0.1/fhir", "https://localhost/fhir", "https://10.0.0.8", "https://[::1]/fhir",
     "https://169.254.169.254/latest", "https://192.168.1.1:8443/fhir"],
)  # fmt: skip
def test_nobody_leads_us_into_a_private_network(server: str) -> None:
    with pytest.raises(fetching.NotFetched, match="private network"):
        fetching.get_json(f"{server}/Patient/1", headers={}, allowed=())


def test_a_slow_server_costs_no_more_than_the_time_allowed(
    client: Client, hospital: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.2)
    Hospital.slow = 1.0
    began = time.monotonic()
    assert post(client, PATIENT_VIEW, without_data(hospital)).status_code == 412
    assert time.monotonic() - began < 3


# --- who calls --------------------------------------------------------------------------------
ISSUER = "https://ehr.example.org"
URL = f"http://testserver{PATIENT_VIEW}"
KEY = ec.generate_private_key(ec.SECP384R1())


@pytest.fixture
def known(tmp_path: Path, settings: Any) -> None:
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key()))
    (tmp_path / "ehr.json").write_text(
        json.dumps({"keys": [{**public, "kid": "k1", "alg": "ES384", "use": "sig"}]})
    )
    file = tmp_path / "clients.toml"
    file.write_text(f'[[client]]\nissuer = "{ISSUER}"\njwks_file = "ehr.json"\n')
    settings.CDS_CLIENTS = str(file)
    trust.clients.cache_clear()


def token(key: Any = KEY, kid: str = "k1", **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": URL, "iat": now, "exp": now + 300, "jti": str(uuid.uuid4())}
    claims |= changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm="ES384", headers={"kid": kid})


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


def test_a_known_client_is_answered_and_its_cards_carry_its_name(
    client: Client, known: None
) -> None:
    found = post(client, PATIENT_VIEW, call(), **bearer(token()))
    assert found.status_code == 200
    assert ShownCard.objects.get().client == ISSUER


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic abc"},
        bearer("nonsense"),
        bearer(token(iss="https://stranger.example")),
        bearer(token(aud="https://elsewhere.example/cds-services/x")),
        bearer(token(exp=int(time.time()) - 600)),
        bearer(token(jti=None)),
        bearer(token(exp=int(time.time()) + 999_999)),
        bearer(token(kid="k2")),
        bearer(token(key=ec.generate_private_key(ec.SECP384R1()))),
        bearer(jwt.encode({"iss": ISSUER, "aud": URL, "iat": 1, "exp": 2**33, "jti": "x"}, "",
                          algorithm="none")),
        bearer(jwt.encode({"iss": ISSUER, "aud": URL, "iat": int(time.time()), "jti": "x",
                           "exp": int(time.time()) + 60}, "k" * 64, algorithm="HS256")),
    ],
)  # fmt: skip
def test_an_unknown_caller_is_refused(client: Client, known: None, headers: Json) -> None:
    found = post(client, PATIENT_VIEW, call(), **headers)
    assert found.status_code == 401
    assert found["WWW-Authenticate"].startswith("Bearer")
    assert not ShownCard.objects.exists()


def test_a_token_works_once(client: Client, known: None) -> None:
    once = token()
    assert post(client, PATIENT_VIEW, call(), **bearer(once)).status_code == 200
    again = post(client, PATIENT_VIEW, call(), **bearer(once))
    assert (again.status_code, "used before" in again.json()["message"]) == (401, True)


def test_one_client_cannot_speak_about_anothers_cards(client: Client, known: None) -> None:
    card = post(client, PATIENT_VIEW, call(), **bearer(token())).json()["cards"][0]["uuid"]
    body = {"feedback": [overridden(card)]}
    path = PATIENT_VIEW + "/feedback"
    mine = post(client, path, body, **bearer(token(aud=f"http://testserver{path}")))
    assert mine.status_code == 200
    ShownCard.objects.get()
    from filiform.clinic.cds.actions import keep_feedback
    from filiform.exchange.cds import read_feedback

    items = read_feedback(json.dumps(body).encode())
    service = "dry-needling-patient"
    assert keep_feedback(feedback=items, service=service, client="https://x") == [0]


def test_without_clients_and_without_the_setting_nobody_is_answered(
    client: Client, settings: Any
) -> None:
    settings.CDS_OPEN = False
    assert post(client, PATIENT_VIEW, call()).status_code == 401
    assert client.get("/cds-services").status_code == 200


def test_nothing_of_the_patient_or_the_token_is_logged(
    client: Client, hospital: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        post(client, PATIENT_VIEW, without_data(hospital))
        post(client, PATIENT_VIEW, {**call(), "hookInstance": "x"})
        post(client, PATIENT_VIEW, call(prefetch={"patient": PATIENT}))
    for secret in ("1288992", "Warfarin", "some-opaque-token"):
        assert secret not in caplog.text
