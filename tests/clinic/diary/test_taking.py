"""Which times are offered, and that nobody gets one that is taken."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.clinic.conftest import make_practitioner
from tests.clinic.diary.conftest import at, gives, works

from filiform.clinic.diary import actions
from filiform.clinic.diary.actions import NotFree, take
from filiform.clinic.diary.models import Leave, Service
from filiform.clinic.diary.queries import public_services, slots
from filiform.clinic.diary.rules import CAN_BE_MEANT
from filiform.clinic.facts.amending import amended
from filiform.clinic.facts.models import Entry, new_id
from filiform.clinic.patients.actions import register
from filiform.clinic.staff.models import Privilege
from filiform.clinic.visits.actions import WHEN_FREED, MoveRefused, move
from filiform.clinic.visits.models import Visit
from filiform.reasons import say


def offered(service: Service, site, day, **asked) -> list[str]:
    found = slots(service, site, first=day, last=day, now=timezone.now(), **asked)
    return [f"{timezone.localtime(one.start):%H:%M}" for one in found]


def codes(refused: pytest.ExceptionInfo[NotFree]) -> list[str]:
    for reason in refused.value.reasons:
        assert "%(" not in say(reason, "en") + say(reason, "ur")
    return [reason.code for reason in refused.value.reasons]


@pytest.fixture
def booking(patient, alice, site, needling, hours, couches, bob, monday) -> dict:
    return {
        "patient": patient, "practitioner": alice, "site": site, "service": needling,
        "starts_at": at(monday, 10), "by": bob,
    }  # fmt: skip


@pytest.fixture
def others(alice) -> list:
    born = date(1984, 3, 9)
    return [
        register(by=alice, given_name=name, sex="female", birth_date=born)
        for name in ("Hina", "Sana")
    ]


def test_a_taken_time_and_leave_are_not_offered_and_a_cancelled_one_is_again(
    booking, needling, site, alice, olga, monday
) -> None:
    free = offered(needling, site, monday)
    assert (free[0], free[-1], len(free)) == ("10:00", "13:20", 21)
    visit = take(**booking)
    assert offered(needling, site, monday)[0] == "10:40"
    Leave.objects.create(
        organisation=site.organisation, member=alice, kind="leave", recorded_by=olga,
        starts_at=at(monday, 11), ends_at=at(monday, 13),
    )  # fmt: skip
    assert offered(needling, site, monday) == ["13:00", "13:10", "13:20"]
    actions.cancel(visit=visit, because="patient-asked", by=booking["by"])
    assert offered(needling, site, monday)[0] == "10:00"


def test_needling_is_offered_only_with_who_is_cleared_for_the_region_on_that_day(
    booking, needling, site, clinic, alice, today, monday
) -> None:
    dara = make_practitioner(clinic, "dara", today=today)
    gives(needling, dara)
    works(dara, site)
    row = Privilege.objects.current().get(member=dara, region="thorax")
    amended(row, by=dara, why="ends sooner", expires_on=monday - timedelta(days=1))
    asked = {"first": monday, "last": monday, "now": timezone.now()}
    everybody = {one.person for one in slots(needling, site, **asked, regions=["neck"])}
    assert everybody == {alice.pk, dara.pk}
    assert {one.person for one in slots(needling, site, **asked, regions=["thorax"])} == {alice.pk}
    with pytest.raises(NotFree) as refused:
        take(**booking | {"practitioner": dara, "regions": ["neck", "thorax"]}, meant=CAN_BE_MEANT)
    assert codes(refused) == ["diary-not-cleared"]
    assert "Dara" in say(refused.value.reasons[0])


def test_every_refusal_says_why_and_only_some_can_be_meant(
    booking, others, alice, bob, needling, couches, monday, clinic, site
) -> None:
    hina, sana = others
    first = take(**booking)
    assert first.appointment.room == couches[0]
    with pytest.raises(NotFree) as refused:
        take(**booking | {"patient": hina, "starts_at": at(monday, 10, 30)})
    assert codes(refused) == ["diary-practitioner-busy"]
    squeezed = take(
        **booking | {"patient": hina, "starts_at": at(monday, 10, 30)},
        meant={"diary-practitioner-busy"},
    )
    assert squeezed.appointment.room == couches[1]
    assert Entry.objects.get(subject_id=squeezed.pk).details["despite"] == [
        "diary-practitioner-busy"
    ]
    lapsed = make_practitioner(clinic, "farah", today=monday - timedelta(days=4000))
    eman = make_practitioner(clinic, "eman", today=monday)
    works(lapsed, site)
    cases = {
        ("diary-practitioner-busy", "diary-no-room"): {"patient": sana},
        ("diary-practitioner-busy", "diary-room-busy"): {"patient": sana, "room": couches[0]},
        ("diary-patient-busy",): {"practitioner": eman, "service": None},
        ("diary-not-working",): {"starts_at": at(monday, 15)},
        ("diary-closed",): {"starts_at": at(monday, 21)},
        ("diary-past",): {"starts_at": at(monday - timedelta(days=14), 10)},
        ("diary-not-given", "diary-papers-lapsed"): {
            "practitioner": lapsed, "starts_at": at(monday, 13),
        },
    }  # fmt: skip
    for expected, change in cases.items():
        with pytest.raises(NotFree) as refused:
            take(**booking | {"starts_at": at(monday, 10, 30)} | change)
        assert tuple(codes(refused)) == expected


def test_the_same_booking_sent_twice_is_one_visit_at_the_price_of_that_day(
    booking, needling
) -> None:
    key = new_id()
    first = take(**booking, visit_id=key)
    needling.price = 9000
    needling.save()
    assert take(**booking, visit_id=key) == first
    assert Visit.objects.count() == 1
    assert str(first.appointment.price) == "2500.00"


def test_a_visit_is_moved_with_its_room_and_refused_where_it_would_overlap(
    booking, others, bob, monday, couches
) -> None:
    first = take(**booking)
    second = take(**booking | {"patient": others[0], "starts_at": at(monday, 12)})
    with pytest.raises(NotFree) as refused:
        actions.reschedule(visit=second, starts_at=at(monday, 10, 20), by=bob)
    assert codes(refused) == ["diary-practitioner-busy"]
    freed: list[object] = []
    WHEN_FREED.append(lambda visit: freed.append(visit.planned_at))
    try:
        actions.reschedule(visit=second, starts_at=at(monday, 11), by=bob)
    finally:
        WHEN_FREED.pop()
    assert freed == [at(monday, 12)]
    assert Visit.objects.get(pk=second.pk).planned_at == at(monday, 11)
    # It is no obstacle to itself.
    actions.reschedule(visit=second, starts_at=at(monday, 11, 10), by=bob)
    move(by=bob, visit=first, to="here")
    with pytest.raises(MoveRefused):
        actions.reschedule(visit=first, starts_at=at(monday, 13), by=bob)


def test_a_patient_books_without_anybody_of_the_staff(booking) -> None:
    visit = take(**booking | {"by": None}, how="public")
    assert visit.created_by is None
    actions.cancel(visit=visit, because="patient-ill")
    noted = Entry.objects.filter(by=None, patient=visit.patient).values_list("action", flat=True)
    assert sorted(noted) == ["visit-booked", "visit-cancelled", "visit-moved"]


def test_nothing_of_another_clinic_can_be_booked(booking, charlie) -> None:
    for change in ({"practitioner": charlie}, {"by": charlie}):
        with pytest.raises(ValueError, match="another organisation"):
            take(**booking | change)


def test_the_public_is_offered_what_is_public_and_given_by_somebody(clinic, needling, alice):
    Service.objects.create(organisation=clinic, name="Talk", is_public=True)
    gives(Service.objects.create(organisation=clinic, name="For staff"), alice)
    assert [one.name for one in public_services(clinic)] == ["Dry needling"]
    alice.is_active = False
    alice.save()
    assert public_services(clinic) == []


def test_what_many_want_at_once_one_gets(copy_of_the_database) -> None:
    """Each of 12 times is wanted by three of 9 people at the same moment."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.clinic.diary.at_once", "12", "9"],
        env=os.environ | copy_of_the_database | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["12", "got,", "24", "refused"], "")
