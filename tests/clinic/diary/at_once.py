"""Many people want the same times at once: `python -m tests.clinic.diary.at_once 200 50`.

The database that FILIFORM_DATABASE_URL names has its tables and nothing in them. Every time is
wanted by three of the people. Says how many got one and how many were refused; fails with words
when a time was given twice or lost.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

WANTED_BY = 3
LENGTH = timedelta(minutes=20)


def main(times: int, people: int) -> tuple[int, int, float]:
    """How many got a time, how many were refused, and the seconds that it took."""
    from django.db import connection
    from django.utils import timezone

    from filiform.clinic.diary.actions import NotFree, take
    from filiform.clinic.diary.models import Appointment
    from filiform.clinic.visits.models import Visit

    clinic = prepare(times, people)
    got: list[tuple[datetime, object]] = []
    refused: list[datetime] = []
    failed: list[BaseException] = []
    start = threading.Barrier(people + 1)

    def work(patient: object, wanted: list[datetime]) -> None:
        start.wait()
        try:
            for at in wanted:
                try:
                    visit = take(patient=patient, starts_at=at, how="public", **clinic)
                    got.append((at, visit.pk))
                except NotFree:
                    refused.append(at)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    first = timezone.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    every = [first + timedelta(days=7) + LENGTH * number for number in range(times)]
    chosen = random.Random(17)  # which people want a time is the same in every run
    lists: list[list[datetime]] = [[] for _ in range(people)]
    for at in every:
        for one in chosen.sample(range(people), WANTED_BY):
            lists[one].append(at)
    for one in lists:
        chosen.shuffle(one)
    patients = clinic.pop("patients")
    threads = [
        threading.Thread(target=work, args=pair) for pair in zip(patients, lists, strict=True)
    ]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if failed:
        raise SystemExit(f"{len(failed)} failed, the first with {failed[0]!r}")
    stored = dict(Visit.objects.values_list("planned_at", "pk"))
    if len(stored) != Visit.objects.count() or len(stored) != Appointment.objects.count():
        raise SystemExit("a time was given twice")
    if stored != dict(got) or sorted(stored) != every:
        raise SystemExit("a time was lost")
    return len(got), len(refused), took


def prepare(times: int, people: int) -> dict:
    from datetime import date

    from filiform.clinic.diary.models import Room, Service, ServiceGiver, WorkingHours
    from filiform.clinic.patients.actions import register
    from filiform.clinic.staff.actions import add_member, found_organisation, open_site

    clinic = found_organisation(name="A clinic", file_prefix="MC")
    always = {str(day): [["00:00", "24:00"]] for day in range(7)}
    site = open_site(
        organisation=clinic, name="Mall", address="Mall", phone="+923352855522",
        opening_hours=always, time_zone="UTC",
    )  # fmt: skip
    alice = add_member(
        organisation=clinic, username="alice", name="Alice", password=None,
        roles=frozenset({"practitioner"}),
    )  # fmt: skip
    of_clinic = {"organisation": clinic}
    service = Service.objects.create(**of_clinic, name="Talk", minutes=20)
    ServiceGiver.objects.create(**of_clinic, service=service, member=alice)
    WorkingHours.objects.create(**of_clinic, member=alice, site=site, hours=always)
    Room.objects.create(**of_clinic, site=site, name="Couch")
    patients = [
        register(by=alice, given_name=f"P{n}", sex="female", birth_date=date(1984, 3, 9))
        for n in range(people)
    ]
    return {"practitioner": alice, "site": site, "service": service, "patients": patients}


if __name__ == "__main__":
    import django

    django.setup()
    got, refused, _took = main(int(sys.argv[1]), int(sys.argv[2]))
    print(f"{got} got, {refused} refused")
