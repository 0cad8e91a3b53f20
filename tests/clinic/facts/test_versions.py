"""The version of a record rises with every write, whoever writes, and never comes back."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, transaction
from django.utils import timezone

from filiform.clinic.facts.recording import saw
from filiform.clinic.facts.triggers import missing_guards
from filiform.clinic.facts.versions import activity_of, counted_models, versions_of
from filiform.clinic.patients import actions as patients
from filiform.clinic.staff import actions as staff
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(clinic, patient):
    """(patient's version, organisation's version, activity)."""

    def look(who=patient):
        found = versions_of(who.pk, clinic.pk)
        return found.patient, found.organisation, activity_of(clinic.pk)

    return look


def test_a_write_about_a_patient_raises_theirs_and_nobody_elses(seen, clinic, alice, patient):
    other = patients.register(
        by=alice, given_name="Bilal", sex="male", birth_date=timezone.localdate().replace(year=1980)
    )
    before, others_before = seen(), seen(other)
    patients.measure(by=alice, patient=patient, kind="height_cm", value=165.0)
    after, others_after = seen(), seen(other)
    assert after[0].number == before[0].number + 1
    assert after[0].mark != before[0].mark
    assert others_after[0] == others_before[0]
    assert after[1] == before[1], "what the clinic is did not change"
    assert after[2].number > before[2].number


def test_registering_somebody_leaves_the_clinic_as_it_is(seen, alice):
    before = seen()
    patients.register(
        by=alice, given_name="Bilal", sex="male", birth_date=timezone.localdate().replace(year=1980)
    )
    assert seen()[:2] == before[:2]


def test_a_credential_or_a_site_raises_the_clinics(seen, alice, site):
    before = seen()
    staff.record_licence(
        member=alice, by=alice, body="Council", number="L-2", expires_on=timezone.localdate()
    )
    between = seen()
    type(site).objects.filter(pk=site.pk).update(phone="+923330000000")
    assert before[1].number < between[1].number < seen()[1].number
    assert seen()[0] == before[0]


def test_looking_raises_nothing(seen, alice, patient):
    before = seen()
    saw("patient", by=alice, patient=patient)
    assert seen() == before


def test_writes_past_the_application_are_counted_too(seen, visit):
    before = seen()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE visits_visit SET minutes = minutes + 1")
    assert seen()[0].number == before[0].number + 1


def test_an_undone_transaction_leaves_no_version_that_could_mean_something_else(seen, alice, visit):
    inside = None
    with transaction.atomic():
        point = transaction.savepoint()
        visits.move(by=alice, visit=visit, to="here")
        inside = seen()[0]
        transaction.savepoint_rollback(point)
    Visit.objects.filter(pk=visit.pk).update(minutes=20)
    assert seen()[0].number == inside.number
    assert seen()[0].mark != inside.mark


def test_somebody_never_written_about_has_the_version_nought(clinic):
    assert versions_of(uuid.uuid4(), uuid.uuid4()).patient.number == 0


def test_every_table_of_the_record_has_its_triggers():
    assert missing_guards() == []
    labels = {model._meta.label_lower for model in counted_models()}
    assert {"treatment.seal", "patients.patient", "staff.organisation", "visits.visit"} <= labels
    assert not {"record.entry", "web.draft", "patients.searchterm"} & labels
