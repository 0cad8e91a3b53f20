"""Prepared queries give what their querysets give."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db.models.signals import post_init
from django.utils import timezone

from filiform.clinic.facts.prepared import MANY, prepared, update
from filiform.clinic.visits.models import Visit

pytestmark = pytest.mark.django_db


@prepared
def _of_patient(patient, after, state):
    return (
        Visit.objects.filter(patient=patient, planned_at__gte=after, state=state)
        .select_related("patient", "practitioner", "episode")
        .order_by("planned_at")
    )


@prepared
def _times(patient):
    return Visit.objects.filter(patient=patient).values_list("planned_at", "minutes")


def _fields(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_are_the_same_as_the_querysets_with_their_relations(visit, patient):
    asked = (patient.pk, timezone.now() - timedelta(hours=1), "booked")
    for _again in range(2):
        (row,), (plain,) = _of_patient(*asked), _of_patient.plainly(*asked)
        assert _fields(row) == _fields(plain)
        assert _fields(row.patient) == _fields(plain.patient)
        assert row.practitioner.name == plain.practitioner.name
        assert row.episode is None


@prepared
def _part_of(visit):
    return Visit.objects.filter(pk=visit).only("state", "patient").select_related("patient")


def test_an_instance_is_as_django_makes_it(visit, django_assert_num_queries):
    (one,), (plain,) = _part_of(visit.pk), _part_of.plainly(visit.pk)
    assert vars(one).keys() == vars(plain).keys()
    assert (one._state.adding, one._state.db) == (plain._state.adding, plain._state.db)
    assert one == plain
    assert one.get_deferred_fields() == plain.get_deferred_fields()
    with django_assert_num_queries(0):
        assert one.patient == plain.patient
    with django_assert_num_queries(1):
        assert one.minutes == visit.minutes
    one.patient_id = uuid.uuid4()
    assert not Visit.patient.is_cached(one), "another patient's id, another patient"


def test_a_model_that_does_something_when_it_is_made_still_does_it(visit):
    made = []

    def listen(sender, instance, **_kwargs):
        made.append(instance.pk)

    post_init.connect(listen, sender=Visit)
    try:
        _part_of._made.clear()
        _part_of(visit.pk)
    finally:
        post_init.disconnect(listen, sender=Visit)
        _part_of._made.clear()
    assert made == [visit.pk]


def test_each_call_fills_in_its_own_values(visit, patient):
    hour = timedelta(hours=1)
    assert _of_patient(patient.pk, timezone.now() + hour, "booked") == []
    assert _of_patient(uuid.uuid4(), timezone.now() - hour, "booked") == []
    assert _of_patient(patient.pk, timezone.now() - hour, "here") == []
    assert _of_patient(patient.pk, timezone.now() - hour, "booked") == [visit]


@prepared
def _of_any(*visits):
    return Visit.objects.filter(pk__in=visits)


def test_many_ids_are_asked_for_forty_at_a_time(visit, django_assert_num_queries):
    others = [uuid.uuid4() for _ in range(MANY)]
    assert _of_any.among([]) == []
    assert _of_any.among([visit.pk]) == [visit]
    with django_assert_num_queries(2):
        assert _of_any.among([*others, visit.pk, visit.pk]) == [visit]


def test_values_come_as_tuples(visit, patient):
    assert _times(patient.pk) == _times.plainly(patient.pk) == [(visit.planned_at, visit.minutes)]


def test_a_row_is_read_with_one_query(visit, patient, django_assert_num_queries):
    asked = (patient.pk, timezone.now() - timedelta(hours=1), "booked")
    _of_patient(*asked)
    with django_assert_num_queries(1):
        assert _of_patient(*asked)[0].patient.name == patient.name


def test_none_and_lists_are_refused(visit):
    with pytest.raises(ValueError, match="None"):
        _times(None)
    with pytest.raises(ValueError, match="list"):
        _times.__class__(lambda ids: Visit.objects.filter(pk__in=ids))([visit.pk])


def test_an_inserted_row_is_as_the_orm_would_have_written_it(clinic, alice, patient):
    from filiform.clinic.facts.models import Entry
    from filiform.clinic.facts.prepared import insert

    about = {"organisation": clinic, "by": alice, "patient": patient, "action": "saw-patient"}
    about["details"] = {"side": "بائیں", "n": 1}
    ours = insert(Entry(**about))
    plain = Entry(**about, at=ours.at)
    plain.save(force_insert=True)
    left, right = (_fields(Entry.objects.get(pk=row.pk)) for row in (ours, plain))
    assert left | {"id": None} == right | {"id": None}
    assert ours._state.adding is False


def test_an_update_writes_what_save_would_write(visit):
    arrived = timezone.now()
    visit.state, visit.arrived_at = "here", arrived
    update(visit, "state", "arrived_at")
    found = Visit.objects.get(pk=visit.pk)
    assert (found.state, found.arrived_at, found.ended_at) == ("here", arrived, None)
    visit.arrived_at = None
    update(visit, "state", "arrived_at")
    assert Visit.objects.get(pk=visit.pk).arrived_at is None


def test_an_update_of_a_row_that_is_gone_is_no_success(visit):
    with pytest.raises(ObjectDoesNotExist, match=r"no visits\.visit has the id"):
        update(Visit(pk=uuid.uuid4(), state="here"), "state")
