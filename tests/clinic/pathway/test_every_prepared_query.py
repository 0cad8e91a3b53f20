"""Each prepared query gives what its queryset gives, in a visit that has everything."""

from __future__ import annotations

import inspect
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Model
from django.utils import timezone
from tests.clinic.pathway.acts import perform

from filiform.clinic.assessment import queries as assessed
from filiform.clinic.facts.prepared import EVERY, MANY
from filiform.clinic.treatment import queries as treated

pytestmark = pytest.mark.django_db
COMMON = timedelta(days=30)


def arguments_of(query, scene):
    """Values of the scene for the query's arguments, by their names and kinds."""
    treatment = treated.treatment_of(scene.visit)
    (target, *_), told = assessed.targets(scene.visit), assessed.story(scene.visit)
    known = {
        "patient": scene.visit.patient_id,
        "visit": scene.visit.pk,
        "besides": scene.visit.pk,
        "organisation": scene.visit.organisation_id,
        "member": scene.by.pk,
        "episode": scene.visit.episode_id,
        "treatment": treatment.pk,
        "target": target.pk,
        "story": told.pk,
        "act": treated.acts_of(treatment)[0].pk,
        "key": "no such session",
        "since": timezone.now() - COMMON,
        "start": timezone.now() - COMMON,
        "end": timezone.now() + COMMON,
        "before": timezone.now() + COMMON,
        "after": timezone.now() - COMMON,
        "now": timezone.now(),
        "until": timezone.now() + COMMON,
        "day": timezone.localdate(),
        "from_day": timezone.localdate() - COMMON,
        "to_day": timezone.localdate(),
        "owner": scene.by.pk,
        "site": scene.visit.site_id,
        "first": timezone.localdate(),
        "last": timezone.localdate() + COMMON,
        "state": "needles-in",
        "kind": "weight_kg",
        "serial": "A-17",
        "lot": scene.visit.pk,
    }
    parameters = inspect.signature(query.__wrapped__).parameters
    if "patients" in parameters:  # as `among` asks
        return [known["patient"], *(uuid4() for _ in range(MANY - 1))]
    return [known[name] for name in parameters]


def plain(row):
    if isinstance(row, Model):
        return {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname not in row.get_deferred_fields()
        }
    return row


def test_every_prepared_query_gives_what_its_queryset_gives(scene, as_alice):
    for act in ("prepare", "start", "needle in"):
        perform(scene, act)
    as_alice.get("/")
    wrong, asked = [], 0
    for query in EVERY:
        if not query.__module__.startswith("filiform."):
            continue
        given = arguments_of(query, scene)
        asked += 1
        if list(map(plain, query(*given))) != list(map(plain, query.plainly(*given))):
            wrong.append(f"{query.__module__}.{query.__qualname__}")
    assert wrong == []
    assert asked > 40


def test_arguments_of_prepared_queries_say_what_they_are():
    allowed = {"UUID", "str", "int", "datetime", "date"}
    for query in EVERY:
        if query.__module__.startswith("filiform."):
            hints = dict(query.__wrapped__.__annotations__)
            hints.pop("return")
            assert set(hints.values()) <= allowed, query.__qualname__
