"""Every address, as every role, with whatever a form, a script or a stranger may send.

A short round here; `make fuzz` is the long one, with its report in build/fuzz.md.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.core.cache import cache
from django.utils import timezone
from tests.clinic.conftest import make_practitioner
from tests.clinic.every_page import demo_at_hand
from tests.clinic.furnished import furnish
from tests.clinic.fuzz.attack import SECRET, Room, Tally, fire, report, rows_known
from tests.clinic.pathway.acts import undone_afterwards
from tests.clinic.treatment.treatment_steps import make_ready
from tests.demo_folder import copy_of_demo

from filiform.clinic.facts.models import new_id

REQUESTS = int(os.environ.get("FILIFORM_FUZZ_REQUESTS", "150"))
REPORT = os.environ.get("FILIFORM_FUZZ_REPORT", "")
MANY = 1000
"""Requests from which on chance decides, not the same requests as ever."""


@pytest.fixture
def demo(tmp_path_factory, django_db_blocker, unlocked) -> Iterator[Room]:
    """The demo clinic with a row of everything that an address can be about."""
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff import actions
    from filiform.clinic.staff.models import Member

    with demo_at_hand(copy_of_demo(tmp_path_factory, "fuzz"), django_db_blocker):
        secrets = furnish()
        ours = Member.objects.filter(is_active=True)
        elsewhere = actions.found_organisation(name="Another clinic", file_prefix="AC")
        stranger = make_practitioner(elsewhere, "charlie", today=timezone.localdate())
        Member.objects.filter(pk=stranger.pk).update(is_owner=True, is_front_desk=True)
        stranger.refresh_from_db()
        Patient.objects.update(family_name=SECRET)
        yield Room(
            members={
                "owner": ours.filter(is_owner=True).first(),
                "practitioner": ours.filter(is_practitioner=True).order_by("pk").first(),
                "front desk": ours.filter(is_front_desk=True).first(),
                "other clinic": stranger,
                "stranger": None,
            },
            pool=rows_known(),
            links=secrets.links,
            phone=secrets.phone,
        )


@pytest.fixture
def small(alice, bob, olga, charlie, patient, visit, today, unlocked) -> Room:
    """One patient with a needle in, in the database of the tests."""
    from filiform.clinic.pathway import actions as pathway
    from filiform.clinic.treatment import actions as treatments

    type(charlie).objects.filter(pk=charlie.pk).update(is_owner=True, is_front_desk=True)
    charlie.refresh_from_db()
    patient.family_name = SECRET
    patient.save()
    targets = make_ready(visit, alice, today)
    treatment = pathway.start(by=alice, visit=visit, on=today)
    assert not isinstance(treatment, tuple), treatment
    treatments.record_act(
        by=alice, treatment=treatment, act_id=new_id(), kind="insertion", at=timezone.now(),
        target=targets[0],
    )  # fmt: skip
    members = {"owner": olga, "practitioner": alice, "front desk": bob, "other clinic": charlie}
    return Room(members={**members, "stranger": None}, pool=rows_known())


@pytest.fixture
def unlocked(settings) -> None:
    """What a session writes is undone with the rest, so that a long round would look unused to it,
    and most of what is sent would be answered by the lock."""
    settings.LOCK_AFTER_MINUTES = 100_000


@pytest.mark.sqlite
def test_whatever_is_sent_is_answered_with_a_page_or_a_refusal_that_says_something(
    demo: Room,
) -> None:
    attack(demo, REQUESTS)


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_other_database_answers_whatever_is_sent(small: Room) -> None:
    attack(small, min(REQUESTS, MANY - 1))


def attack(room: Room, requests: int) -> None:
    tally, began = Tally(), time.monotonic()

    def write() -> None:
        Path(REPORT).parent.mkdir(parents=True, exist_ok=True)
        Path(REPORT).write_text(report(tally, seconds=time.monotonic() - began))

    # Chance decides in a long round; a short one sends the same requests as ever.
    draw = Random(1 if requests < MANY else None)
    while tally.requests < requests:
        cache.clear()  # limits against many tries would answer in place of the views
        with undone_afterwards():
            shots = room.shots(draw)
            for shot in shots:
                fire(room, shot, tally)
        if REPORT and tally.requests % 500 < len(shots):
            write()
    if REPORT:
        write()
    told = "\n".join(f"{kind}\n    {shot!r}"[:1500] for kind, shot in tally.problems.items())
    assert not tally.problems, f"{len(tally.problems)} kinds in {tally.requests} requests:\n{told}"
