"""Every address, as every role, with whatever a form, a script or a stranger may send.

A short round here; `make fuzz` is the long one, with its report in build/fuzz.md.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, Phase, given, settings
from tests.clinic.fuzz.attack import SECRET, Room, Shot, Tally, fire, report
from tests.clinic.pathway.acts import undone_afterwards
from tests.clinic.treatment.treatment_steps import make_ready

REQUESTS = int(os.environ.get("FILIFORM_FUZZ_REQUESTS", "150"))
REPORT = os.environ.get("FILIFORM_FUZZ_REPORT", "")
MANY = 1000
"""Requests from which on chance decides, not the same requests as ever."""


@pytest.fixture
def room(alice, bob, olga, charlie, patient, visit, site, today, monkeypatch) -> Room:
    from django.conf import settings as of_clinic
    from django.utils import timezone

    from filiform.clinic.facts.models import new_id
    from filiform.clinic.frontdoor.models import Message
    from filiform.clinic.pathway import actions as pathway
    from filiform.clinic.treatment import actions as treatments

    # What a session writes is undone with the rest, so that a long round would look unused to it,
    # and most of what is sent would be answered by the lock.
    monkeypatch.setattr(of_clinic, "LOCK_AFTER_MINUTES", 100_000)
    type(charlie).objects.filter(pk=charlie.pk).update(is_owner=True, is_front_desk=True)
    charlie.refresh_from_db()
    patient.family_name = SECRET
    patient.save()
    message = Message.objects.create(
        organisation=patient.organisation,
        site=site,
        name=f"Amna {SECRET}",
        phone="+923001234567",
        text="Hello",
    )
    targets = make_ready(visit, alice, today)
    treatment = pathway.start(by=alice, visit=visit, on=today)
    assert not isinstance(treatment, tuple), treatment
    needle = new_id()
    treatments.record_act(
        by=alice, treatment=treatment, act_id=needle, kind="insertion", at=timezone.now(),
        target=targets[0],
    )  # fmt: skip
    return Room(
        members={
            "owner": olga,
            "practitioner": alice,
            "front desk": bob,
            "other clinic": charlie,
            "stranger": None,
        },
        pool={
            "patient_id": (patient.pk,),
            "visit_id": (visit.pk,),
            "member_id": (bob.pk, alice.pk, charlie.pk),
            "site_id": (site.pk,),
            "message_id": (message.pk,),
            "needle_id": (needle,),
            "target_id": tuple(target.pk for target in targets),
        },
    )


@pytest.mark.django_db
def test_whatever_is_sent_is_answered_with_a_page_or_a_refusal_that_says_something(
    room: Room,
) -> None:
    tally, began = Tally(), time.monotonic()

    @settings(
        max_examples=max(1, REQUESTS // 2),
        derandomize=REQUESTS < MANY,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(shots=room.shots())
    def attack(shots: list[Shot]) -> None:
        if tally.requests >= REQUESTS:
            return
        cache.clear()  # limits against many tries would answer in place of the views
        with undone_afterwards():
            for shot in shots:
                fire(room, shot, tally)
        if REPORT and tally.requests % 500 < len(shots):
            write()

    def write() -> None:
        Path(REPORT).parent.mkdir(parents=True, exist_ok=True)
        Path(REPORT).write_text(report(tally, seconds=time.monotonic() - began))

    attack()
    if REPORT:
        write()
    told = "\n".join(f"{kind}\n    {shot!r}"[:1500] for kind, shot in tally.problems.items())
    assert not tally.problems, f"{len(tally.problems)} kinds in {tally.requests} requests:\n{told}"
