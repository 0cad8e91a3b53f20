"""Unseen characters stay outside, whichever door the text comes through."""

from __future__ import annotations

import json
import subprocess

import pytest
from tests.clinic.frontdoor.test_public_site import message_data
from tests.demo_folder import copy_of_migrated, demo_settings
from tests.warm import filiform

from filiform.clinic.frontdoor.models import Message
from filiform.clinic.staff.models import Member
from filiform.exchange.fhir import read_bundle

HIDDEN = "Am\u200bna \u202eSid\u2066diqui\ufeff"
READ = "Amna Siddiqui"


@pytest.mark.django_db
def test_at_the_public_form(client, site) -> None:
    client.post("/message/", message_data(name=HIDDEN, text="one\u202e\ntwo"))
    message = Message.objects.get()
    assert (message.name, message.text) == (READ, "one\ntwo")


@pytest.mark.django_db
def test_at_the_staffs_forms_while_a_password_stays_as_it_is_typed(client, olga) -> None:
    client.force_login(olga)
    password = "long enough \u200b with a zero width space"
    answer = client.post(
        "/clinic/people/add/",
        {
            "name": HIDDEN,
            "username": "am\u200bna",
            "new_password": password,
            "roles": ["front_desk"],
            "language": "en",
        },
    )
    assert answer.status_code == 302
    made = Member.objects.get(username="amna")
    assert made.name == READ
    assert made.check_password(password)


def test_at_the_import_of_a_record() -> None:
    """A medicine's name with a hidden character in it would pass by the rule that looks for it."""
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "p", "name": [{"text": HIDDEN}]}},
            {
                "resource": {
                    "resourceType": "MedicationStatement",
                    "id": "m",
                    "status": "active",
                    "subject": {"reference": "Patient/p"},
                    "medicationCodeableConcept": {"text": "War\u200bfarin 5\u2060 mg"},
                }
            },
        ],
    }
    record = read_bundle(json.dumps(bundle).encode())
    assert record.patient.name == READ
    texts = str(record.facts)
    assert "Warfarin 5 mg" in texts


@pytest.mark.sqlite
def test_at_the_command_line(tmp_path_factory) -> None:
    folder = copy_of_migrated(tmp_path_factory, "command-line")

    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        settings = {"FILIFORM_DEMO": "no", "FILIFORM_SECRET_KEY": "k" * 50}
        return filiform(*words, env={**demo_settings(folder), **settings}, given=given)

    made = run(
        *("create-clinic", "--name", "Mid\u200bCity", "--address", "Mall", "--phone"),
        *("+923352855522", "--owner", HIDDEN, "--username", "ol\u200bga"),
        given="a long enough password\n",
    )
    assert made.returncode == 0, made.stderr
    assert "MidCity is set up" in made.stdout
    assert "sign in as olga." in made.stdout
    wrong = run("reset-second-factor", "--username", "nobody", "--why", "lost")
    assert wrong.returncode == 2
    assert "nobody signs in with this --username" in wrong.stderr
    assert run("reset-second-factor", "--username", "olga", "--why", "lost").returncode == 0
