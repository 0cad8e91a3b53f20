"""SMART Health Links on the import page: opened where the owner allows it, and nowhere else."""

from __future__ import annotations

import html
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.clinic.intake.documents import bundle, medicine
from tests.exchange.test_health_links import jwe, manifest, shlink

from filiform.clinic.intake.models import PendingImport

WHOLE = jwe(bundle(medicine()))


class Sharing(BaseHTTPRequestHandler):
    """A server of links: /m wants the passcode 1234, /f/1 is the file, the rest isn't there."""

    asked: list[tuple[str, Any]] = []
    answer: bytes | None = None

    def do_GET(self) -> None:
        self.asked.append((self.path, None))
        self._answer(200 if self.path.startswith("/f/1") else 404, WHOLE.encode())

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, asked))
        if self.path != "/m":
            self._answer(404, b"")
        elif asked.get("passcode", "1234") != "1234":
            self._answer(401, b'{"remainingAttempts": 4}')
        else:
            here = f"http://127.0.0.1:{self.server.server_port}/f/1"
            self._answer(200, self.answer or manifest({"location": here}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server(settings, monkeypatch):
    """Plain http, because it stands on this machine: as the list in the settings allows."""
    monkeypatch.setattr("filiform.exchange.fhir.links.SCHEMES", ("http://", "https://"))
    running = ThreadingHTTPServer(("127.0.0.1", 0), Sharing)
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    Sharing.asked, Sharing.answer = [], None
    address = f"http://127.0.0.1:{running.server_port}"
    settings.LINK_SERVERS = [address]
    yield address
    running.shutdown()
    running.server_close()


def send(client, patient, **fields: Any):
    return client.post(reverse("intake:import", args=[patient.pk]), fields)


def says(answer) -> str:
    return " ".join(answer.context["form"].non_field_errors())


def test_a_link_is_opened_with_its_passcode_and_the_patient_sees_who_asked(
    as_alice, patient, server
) -> None:
    link = shlink(url=f"{server}/m", flags="P")
    assert "needs its passcode" in says(send(as_alice, patient, pasted=link))
    assert not Sharing.asked
    assert "passcode is wrong" in says(send(as_alice, patient, pasted=link, passcode="1"))
    answer = send(as_alice, patient, pasted=link, passcode="1234")
    assert answer.status_code == 302
    page = as_alice.get(answer.headers["Location"])
    assert [offer.fact.text for offer in page.context["preview"].offered] == [
        "Warfarin 5 MG Oral Tablet"
    ]
    assert Sharing.asked[-2] == (
        "/m", {"recipient": patient.organisation.name, "passcode": "1234"}
    )  # fmt: skip
    # Who reads the kept document later must not learn it.
    assert b"passcode" not in bytes(PendingImport.objects.get().raw)


def test_a_direct_link_and_one_with_its_file_inside_are_read(as_alice, patient, server) -> None:
    direct = shlink(url=f"{server}/f/1", flags="U")
    assert send(as_alice, patient, pasted=direct).status_code == 302
    assert Sharing.asked[0][0].startswith("/f/1?recipient=")
    Sharing.answer = manifest({"embedded": WHOLE}).encode()
    assert send(as_alice, patient, pasted=shlink(url=f"{server}/m")).status_code == 302


def test_what_a_link_does_not_lead_to_is_said(as_alice, patient, server) -> None:
    assert "no longer works" in says(send(as_alice, patient, pasted=shlink(url=f"{server}/gone")))
    past = shlink(url=f"{server}/m", exp=1_600_000_000)
    assert "has expired" in says(send(as_alice, patient, pasted=past))
    Sharing.answer = b"<html>"
    assert "answer can't be read" in html.unescape(
        says(send(as_alice, patient, pasted=shlink(url=f"{server}/m")))
    )
    as_alice.cookies["filiform_language"] = "ur"
    urdu = says(send(as_alice, patient, pasted=shlink(url=f"{server}/m")))
    assert "جواب پڑھا نہیں جا سکتا" in urdu, "an Urdu page says it in Urdu"
    assert not PendingImport.objects.exists()


def test_nothing_is_called_that_the_owner_does_not_allow(
    as_alice, patient, server, settings
) -> None:
    link = shlink(url=f"{server}/m")
    for servers in ([], ["https://other.example"], ["any"]):
        settings.LINK_SERVERS = servers
        assert send(as_alice, patient, pasted=link).status_code == 422
    settings.LINK_SERVERS = ["any"]
    for inside in ("https://127.0.0.1/m", "https://10.0.0.8/m", "https://[::1]/m"):
        answer = send(as_alice, patient, pasted=shlink(url=inside))
        assert "private network" in says(answer)
    assert not Sharing.asked


def test_without_leave_the_file_that_a_link_leads_to_is_read_beside_it(as_alice, patient) -> None:
    page = as_alice.get(reverse("intake:import", args=[patient.pk])).content.decode()
    assert "the owner has not allowed it" in page
    assert 'name="passcode"' not in page
    assert "address and not a record" in says(send(as_alice, patient, pasted=shlink()))
    file = SimpleUploadedFile("summary.jwe", WHOLE.encode())
    assert send(as_alice, patient, pasted=shlink(), file=file).status_code == 302
