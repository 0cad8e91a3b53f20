"""How long the diary takes. `python -m tests.bench.diary_times [TIMES PEOPLE]`

A week of 400 visits with five practitioners and six rooms, and its busiest day: each page in
process through all the middleware, 200 looks in turn with the yardstick (tests/bench/yardstick.py),
in whose multiples runs on a busy machine compare. Times are the processor's, since others work on
the machine, too. Then 200 times that 50 people want at once, each
three times over, by `tests.clinic.diary.at_once` in a database of its own: FILIFORM_DATABASE_URL
names a PostgreSQL, else it is SQLite in a file.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta

os.environ.setdefault("FILIFORM_DEMO", "yes")
os.environ["FILIFORM_DATA"] = tempfile.mkdtemp(prefix="filiform-diary-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from tests.bench.figures import percentile  # noqa: E402
from tests.clinic.diary import at_once  # noqa: E402

from filiform.clinic.diary.actions import take  # noqa: E402
from filiform.clinic.diary.settings_actions import save_room, save_service, set_hours  # noqa: E402
from filiform.clinic.patients.actions import register  # noqa: E402
from filiform.clinic.staff import actions as staff  # noqa: E402
from filiform.clinic.staff.models import Member  # noqa: E402
from filiform.clinic.web.kept import KEEP  # noqa: E402

VISITS, PRACTITIONERS, ROOMS, LOOKS = 400, 5, 6, 200
LIMIT_MS = 25


def main(times: int, people: int) -> None:
    call_command("migrate", verbosity=0)
    got, refused, took = at_once.main(times, people)
    print(f"{times} times, {people} people at once: {got} got, {refused} refused, {took:.1f} s")
    desk, monday = fill()
    client = Client()
    client.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    day = f"/diary/?day={monday:%Y-%m-%d}"
    pages = {
        "yardstick": "/bench/yardstick/",
        "week": f"{day}&view=week",
        "week by room": f"{day}&view=week&by=room",
        "day": day,
        # Kept pages are what the desk looks at; these are looked at after somebody wrote.
        "week composed anew": f"{day}&view=week",
        "day composed anew": day,
    }
    asked: dict[str, Callable[[], object]] = {
        name: (lambda address=address: client.get(address)) for name, address in pages.items()
    }
    found: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(LOOKS):
        for name, ask in asked.items():
            if name.endswith("anew"):
                KEEP.clear()
            elif name != "yardstick":
                ask()  # what is kept is what this one measures
            began = time.process_time()
            answer = ask()
            found[name].append(1000 * (time.process_time() - began))
            if answer.status_code != 200:  # type: ignore[attr-defined]
                raise SystemExit(f"{name} answers {answer.status_code}")  # type: ignore[attr-defined]
    yard = percentile(sorted(found["yardstick"]), 0.5)
    for name, each in found.items():
        middle, late = percentile(sorted(each), 0.5), percentile(sorted(each), 0.95)
        print(f"{name}: p50 {middle:.1f} p95 {late:.1f} ms, {middle / yard:.1f} yardsticks")
    print(f"all in ms of processor time; limit of the week's p95: {LIMIT_MS} ms")


def fill() -> tuple[Member, date]:
    """A clinic whose coming week is full."""
    clinic = staff.found_organisation(name="Bench", file_prefix="B")
    always = {str(day): [["08:00", "22:00"]] for day in range(6)}
    site = staff.open_site(
        organisation=clinic, name="S", address="A", phone="+923352855522", opening_hours=always
    )
    treating = [_member(clinic, f"p{number}", "practitioner") for number in range(PRACTITIONERS)]
    desk = _member(clinic, "d", "front_desk")
    service = save_service(by=desk, givers=treating, name="Talk", minutes=40)
    for number in range(ROOMS):
        save_room(by=desk, site=site, name=f"Room {number}", position=number)
    for member in treating:
        set_hours(by=desk, member=member, site=site, hours=always)
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    start = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    start += monday - today
    for number in range(VISITS):
        turn, who = divmod(number, PRACTITIONERS)
        day, place = divmod(turn, 14)
        patient = register(
            by=desk, given_name=f"Patient {number}", family_name="Of the bench", sex="female",
            birth_date=date(1984, 3, 9),
        )  # fmt: skip
        take(
            by=desk, patient=patient, practitioner=treating[who], site=site, service=service,
            starts_at=start + timedelta(days=day, minutes=50 * place),
        )  # fmt: skip
    return desk, monday


def _member(clinic: object, name: str, role: str) -> Member:
    return staff.add_member(
        organisation=clinic, username=name, name=name, password=None, roles=frozenset({role})
    )  # type: ignore[arg-type]


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:3]]
    main(*(given or [200, 50]))
