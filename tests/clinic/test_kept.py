"""What is given again is what was made: row for row, and none of it belongs to two tests."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from tests.clinic import kept as room
from tests.clinic.conftest import book_for_now, make_practitioner, open_mall, register_amna
from tests.clinic.kept import Kept, keeping
from tests.clinic.treatment.conftest import sign, start
from tests.clinic.treatment.treatment_steps import make_ready, treated_and_counted

from filiform.clinic.facts.models import RecordVersion
from filiform.clinic.patients.models import Patient, SearchTerm
from filiform.clinic.staff.actions import found_organisation

GIVEN_OUT = {RecordVersion: {"mark", "activity_mark"}, SearchTerm: {"id"}}
"""Columns that the database itself fills with something new each time."""


@pytest.fixture
def as_in_a_test(db, monkeypatch):
    """Like one test among several: what it writes is gone afterwards, what is kept stays."""
    monkeypatch.setattr(room, "COPIES", {})

    @contextmanager
    def test():
        with transaction.atomic(), keeping() as kept:
            yield kept
            transaction.set_rollback(True)

    return test


def signed_treatment(kept: Kept):
    """The longest way there is: from an empty clinic to a seal."""
    today = timezone.localdate()
    clinic = kept(found_organisation, name="MidCity clinic", file_prefix="MC")
    site = kept(open_mall, clinic)
    alice = kept(make_practitioner, clinic, "alice", today=today)
    patient = kept(register_amna, alice)
    visit = kept(book_for_now, patient, alice, site)
    targets = kept(make_ready, visit, alice, today)
    treatment = kept(start, visit, alice, today)
    kept(treated_and_counted, treatment, alice, targets)
    kept(sign, treatment, alice, today)
    return alice, patient, visit, targets, treatment


def all_rows() -> dict[str, list[str]]:
    return {
        model._meta.label: sorted(
            str([getattr(row, field.attname) for field in model._meta.concrete_fields
                 if field.attname not in GIVEN_OUT.get(model, ())])
            for row in model._base_manager.all()
        )
        for model in apps.get_models()
        if model.__module__.startswith("filiform.")
    }  # fmt: skip


def fields(thing) -> dict[str, object]:
    return {field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields}


def test_a_signed_treatment_is_given_again_row_for_row_and_field_for_field(as_in_a_test):
    told = []
    for _ in range(2):
        with as_in_a_test() as kept:
            alice, patient, visit, targets, treatment = signed_treatment(kept)
            assert not kept.is_touched
            told.append(
                (all_rows(), [fields(one) for one in (alice, patient, visit, *targets, treatment)])
            )
    (rows, things), (rows_again, things_again) = told
    assert rows["treatment.Act"], "there is something to compare"
    assert rows_again == rows
    assert things_again == things


def test_what_belongs_together_is_one_thing_also_when_given_again(as_in_a_test):
    for _ in range(2):
        with as_in_a_test() as kept:
            _, patient, visit, targets, treatment = signed_treatment(kept)
            assert visit.patient is patient
            assert all(target.visit is visit for target in targets)
            assert treatment.visit is visit


def test_nothing_that_a_test_changes_reaches_the_next(as_in_a_test):
    for _ in range(2):
        with as_in_a_test() as kept:
            _, patient, visit, *_ = signed_treatment(kept)
            assert (patient.given_name, visit.patient.given_name) == ("Amna", "Amna")
            patient.given_name = "Somebody"
            patient.save()


def made_anew(kept: Kept) -> bool:
    """Whether a patient is registered through the actions now."""
    calls = []

    def register(clinic):
        calls.append(clinic)
        return clinic

    clinic = kept(found_organisation, name="MidCity clinic", file_prefix="MC")
    kept(register, clinic)
    return bool(calls)


def test_the_second_test_makes_nothing(as_in_a_test):
    with as_in_a_test() as kept:
        assert made_anew(kept)
    with as_in_a_test() as kept:
        assert not made_anew(kept)


def test_after_a_write_of_the_tests_own_everything_is_made_anew(as_in_a_test):
    for _ in range(2):
        with as_in_a_test() as kept:
            found_organisation(name="Not kept", file_prefix="NK")
            assert made_anew(kept)


def test_under_a_clock_of_the_tests_own_everything_is_made_anew(as_in_a_test, monkeypatch):
    with as_in_a_test() as kept:
        made_anew(kept)
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with as_in_a_test() as kept:
        assert made_anew(kept)


def test_a_copy_that_is_a_minute_old_is_made_anew(as_in_a_test, monkeypatch):
    with as_in_a_test() as kept:
        made_anew(kept)
    monkeypatch.setattr(room, "OLDEST_S", 0)
    with as_in_a_test() as kept:
        assert made_anew(kept)


def test_somebody_who_was_not_kept_gets_what_is_his(as_in_a_test):
    """A clinic that the test itself founded: its people can't be another one's copy."""
    for _ in range(2):
        with as_in_a_test() as kept:
            first = found_organisation(name="First", file_prefix="FI")
            member = kept(make_practitioner, first, "alice", today=timezone.localdate())
            assert member.organisation_id == first.pk
            assert Patient.objects.count() == 0
