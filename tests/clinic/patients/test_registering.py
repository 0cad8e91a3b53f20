"""Registering and correcting patients."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.demo_folder import copy_of_migrated

import filiform
from filiform.clinic.facts.models import Entry, new_id
from filiform.clinic.patients import actions, queries
from filiform.clinic.patients.models import Measurement, Patient
from filiform.clinic.patients.search import search
from filiform.clinic.web.phones import UnreadableNumber, e164, spoken

BORN = date(1984, 3, 9)


def register(by, **changes):
    person = {"given_name": "Amna", "family_name": "Siddiqui", "sex": "female", "birth_date": BORN}
    return actions.register(by=by, **(person | changes))


def test_file_numbers_run_on_within_a_clinic_and_start_anew_in_another(alice, charlie) -> None:
    numbers = [register(alice).file_number for _ in range(3)]
    assert numbers == ["MC-000001", "MC-000002", "MC-000003"]
    assert register(charlie).file_number == "AC-000001"


def test_the_same_form_sent_twice_registers_once(alice) -> None:
    key = new_id()
    first, second = register(alice, patient_id=key), register(alice, patient_id=key)
    assert first == second
    assert Patient.objects.count() == 1
    assert Entry.objects.filter(action="patient-registered").count() == 1


AT_ONCE = """
import threading, django
django.setup()
from datetime import date
from django.db import connection
from filiform.clinic.patients import actions
from filiform.clinic.staff.actions import add_member, found_organisation

clinic = found_organisation(name="A clinic", file_prefix="MC")
desk = [
    add_member(organisation=clinic, username=name, name=name, password=None,
               roles=frozenset({"front_desk"}))
    for name in ("bob", "bea")
]
start = threading.Barrier(8)
numbers = []

def work(by):
    start.wait()
    try:
        patient = actions.register(by=by, given_name="Amna", sex="female",
                                   birth_date=date(1984, 3, 9))
        numbers.append(patient.file_number)
    finally:
        connection.close()

people = [threading.Thread(target=work, args=(by,)) for by in desk * 4]
for person in people: person.start()
for person in people: person.join()
print(*numbers)  # from one thread: lines of several run into each other
"""


def test_two_people_registering_at_once_get_different_file_numbers(tmp_path_factory) -> None:
    """On a database in a file, as in a clinic: the tests' own lives in one connection."""
    folder = copy_of_migrated(tmp_path_factory, "registering")
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
        "FILIFORM_DEMO": "yes",
        "FILIFORM_DATA": str(folder),
        "FILIFORM_DATABASE_URL": f"sqlite:///{folder / 'clinic.sqlite3'}",
        "PYTHONPATH": str(Path(filiform.__file__).parents[1]),
    }
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE],
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(done.stdout.split()) == [f"MC-{number:06d}" for number in range(1, 9)]


@pytest.mark.parametrize("days_old", [366 * 200, -1])
def test_an_impossible_birth_date_is_refused(alice, today: date, days_old: int) -> None:
    with pytest.raises(ValueError, match="birth date"):
        register(alice, birth_date=today - timedelta(days=days_old))
    assert not Patient.objects.exists()


@pytest.mark.parametrize(("kind", "value"), [("height_cm", 5.7), ("weight_kg", 900)])
def test_a_height_in_feet_and_a_slip_of_the_key_are_refused(alice, kind: str, value: float) -> None:
    with pytest.raises(ValueError, match=kind):
        register(alice, **{kind: value})
    assert not Patient.objects.exists()


def test_height_and_weight_at_registration_are_measurements_of_today(alice, today) -> None:
    patient = register(alice, height_cm=162, weight_kg=58.5)
    body = queries.body(patient)
    assert (body.height_cm, body.weight_kg, body.measured_on) == (162, 58.5, today)


def test_a_voided_measurement_gives_way_to_the_one_before(alice, today) -> None:
    patient = register(alice)
    actions.measure(
        by=alice, patient=patient, kind="weight_kg", value=60, measured_on=today - timedelta(9)
    )
    wrong = actions.measure(by=alice, patient=patient, kind="weight_kg", value=160)
    actions.void_measurement(by=alice, measurement=wrong, why="slip of the key")
    assert queries.body(patient).weight_kg == 60
    assert Measurement.objects.count() == 3


@pytest.mark.parametrize(
    "typed",
    ["0335 2855522", "0335-285-5522", "+92 335 2855522", "0092 335 2855522", "۰۳۳۵۲۸۵۵۵۲۲"],
)
def test_a_telephone_in_any_notation_is_one_number(typed: str) -> None:
    assert e164(typed) == "+923352855522"


@pytest.mark.parametrize("typed", ["12", "no phone", "0335 28555", "+"])
def test_what_is_no_telephone_is_refused(typed: str) -> None:
    with pytest.raises(UnreadableNumber):
        e164(typed)


def test_a_number_at_home_is_read_out_without_the_country_code() -> None:
    assert spoken("+923352855522").startswith("0335")
    assert spoken("+441632960961").startswith("+44")


def test_a_correction_keeps_the_former_values_in_the_audit(alice) -> None:
    patient = register(alice, phone="0300 1234567")
    actions.correct(by=alice, patient=patient, phone="0300 7654321", given_name="Amna")
    entry = Entry.objects.get(action="patient-corrected")
    assert entry.details == {"before": {"phone": "+923001234567"}}
    assert entry.patient == patient
    assert Patient.objects.get(pk=patient.pk).phone == "+923007654321"
    assert search(alice.organisation, "7654321") == [patient]
    assert search(alice.organisation, "1234567") == []


def test_a_correction_that_changes_nothing_writes_nothing(alice) -> None:
    patient = register(alice, phone="0300 1234567")
    actions.correct(by=alice, patient=patient, phone="+923001234567")
    assert not Entry.objects.filter(action="patient-corrected").exists()


def test_a_file_number_is_never_corrected(alice) -> None:
    with pytest.raises(ValueError, match="file_number"):
        actions.correct(by=alice, patient=register(alice), file_number="MC-000009")


def test_the_same_telephone_is_a_possible_duplicate(alice) -> None:
    patient = register(alice, phone="0300 1234567")
    (found,) = queries.possible_duplicates(
        alice.organisation, given_name="Zara", birth_date=date(2001, 1, 1), phone="0300-1234567"
    )
    assert (found.patient, found.why) == (patient, ("phone",))


@pytest.mark.parametrize(
    "born", [date(1984, 3, 9), date(1984, 9, 3), date(1985, 3, 9), date(1984, 3, 10)]
)
def test_a_like_name_with_the_same_or_a_slipped_birth_date_is_one(alice, born: date) -> None:
    patient = register(alice, given_name="Mohammad", family_name="Hussain")
    found = queries.possible_duplicates(
        alice.organisation, given_name="Muhammad", family_name="Husein", birth_date=born
    )
    assert [one.patient for one in found] == [patient]


def test_another_name_born_on_the_same_day_is_not_a_duplicate(alice, charlie) -> None:
    register(alice)
    register(charlie, given_name="Rubina", family_name="Baig")
    assert not queries.possible_duplicates(
        alice.organisation, given_name="Rubina", family_name="Baig", birth_date=BORN
    )


def test_a_height_taken_once_is_known_after_many_weights(alice, patient) -> None:
    day = date(2026, 1, 1)
    actions.measure(by=alice, patient=patient, kind="height_cm", value=163, measured_on=day)
    for week in range(queries.MOST_MEASURED + 2):
        actions.measure(
            by=alice, patient=patient, kind="weight_kg", value=60 + week,
            measured_on=day + timedelta(days=7 * week),
        )  # fmt: skip
    last = queries.body(patient)
    assert (last.height_cm, last.weight_kg) == (163, 60 + queries.MOST_MEASURED + 1)
    assert last.measured_on == day + timedelta(days=7 * (queries.MOST_MEASURED + 1))
