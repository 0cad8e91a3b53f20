"""The bench's own data folder: generated once, found again by later runs.

What later runs must know stands in `bench.json`; it is written last, so that a folder whose
making was broken off is made anew. Every run brings its own treatments under way and signs
them at its end, and looks first at patients at whom no run has looked yet.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from tests.bench.generated_clinic import House, Size, generate

from filiform.anatomy import PRIVILEGES
from filiform.anatomy.surface import packed, surface
from filiform.clinic.demo import pathway
from filiform.clinic.demo.clinic import Demo
from filiform.clinic.demo.patients import DEMO_PATIENTS
from filiform.clinic.demo.people import Team, open_clinic
from filiform.clinic.demo.week import furnish
from filiform.clinic.diary.models import Service, ServiceGiver
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.terms import terms_of
from filiform.clinic.staff import actions as staff
from filiform.clinic.staff.models import Member, Organisation, Site
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.visits.models import Visit

UNDER_TREATMENT = ("ayesha", "bilal", "usman", "khadija", "fatima")
TREATING = "treating"
"""A practitioner of the bench who treats; so that the treatments of a run don't stand on the
page of today that is measured."""
PASSWORD = "a clinic to be measured"
GROWTH_DAYS = (10, 11)
"""Days from the making of the folder, with few and with many visits."""


@dataclass
class Folder:
    """path: the data folder. looked_at: how many patients earlier runs have looked at."""

    path: Path
    days: tuple[str, str]
    looked_at: int = 0

    def __post_init__(self) -> None:
        ids = Patient.objects.filter(file_number__startswith="MC-1").order_by("file_number")
        known = [one.hex for one in ids.values_list("pk", flat=True)]
        self.few, self.many, *self.others = known
        self.fresh_order = random.Random(5).sample(self.others, len(self.others))

    def noons(self) -> tuple[datetime, datetime]:
        few, many = map(datetime.fromisoformat, self.days)
        return few, many

    def fresh_patient(self) -> uuid.UUID:
        """One at whom no run has looked yet; from the start again when all have been."""
        patient = self.fresh_order[self.looked_at % len(self.fresh_order)]
        self.looked_at += 1
        return uuid.UUID(patient)

    def save(self) -> None:
        kept = {"days": self.days, "looked_at": self.looked_at}
        (self.path / "bench.json").write_text(json.dumps(kept))


def open_folder(size: Size) -> tuple[Folder, bool]:
    """The folder of the settings, made if need be; and whether it was made now."""
    path = Path(settings.DATA_FOLDER)
    about = path / "bench.json"
    is_new = not about.exists()
    if is_new:
        connection.close()
        for old in path.glob("clinic.sqlite3*"):
            old.unlink()
    call_command("migrate", verbosity=0)
    if is_new:
        days = _make(size)
        about.write_text(json.dumps({"days": days, "looked_at": 0}))
    told = json.loads(about.read_text())
    _today()
    _read_once(path / "clinic.sqlite3")
    return Folder(path, tuple(told["days"]), told["looked_at"]), is_new


def _read_once(file: Path) -> None:
    """Have the machine hold the file in its memory, as it does on a server's second day.

    Otherwise the first look at a patient measures the disk: on a machine that has just been
    started it took twice as long, and never the same twice.
    """
    with file.open("rb") as database:
        while database.read(1 << 24):
            pass


def _make(size: Size) -> tuple[str, str]:
    now = timezone.now()
    team = open_clinic(today=timezone.localdate())
    _treating_member(team)
    noon = timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)
    few, many = (noon + timedelta(days=days) for days in GROWTH_DAYS)
    connection.close()
    generate(
        settings.DATABASES["default"]["NAME"],
        house=House(team.organisation.pk.hex, team.site.pk.hex, team.sana.pk.hex),
        size=size,
        now=now,
        days=(few, many),
        drawings=_drawings(),
        terms_of=_terms,
    )
    Organisation.objects.update(next_file_number=size.patients + 200_000)
    return few.isoformat(), many.isoformat()


def _treating_member(team: Team) -> None:
    today = timezone.localdate()
    member = staff.add_member(
        organisation=team.organisation,
        username=TREATING,
        password=PASSWORD,
        pin="246810",
        roles=frozenset({"practitioner"}),
        name="Nasreen Bano",
    )
    known = {"member": member, "by": team.owner}
    year = timedelta(days=365)
    staff.record_licence(**known, body="Council", number="BENCH", expires_on=today + 5 * year)
    staff.record_training(
        **known, course="Dry needling", hours=80, completed_on=today - year, expires_on=today + year
    )
    for region in PRIVILEGES:
        staff.grant_privilege(**known, region=region, granted_on=today - year)


def _drawings() -> list[tuple[str, str]]:
    """What the demo's people draw, as it is stored."""
    return [
        (surface().release, packed(person.drawing(0).as_text()))
        for person in DEMO_PATIENTS.values()
    ]


def _terms(row: Mapping[str, Any]) -> set[str]:
    names = ("given_name", "family_name", "file_number", "phone")
    return terms_of(Patient(**{name: row[name] for name in names}))


def team() -> Team:
    return Team(
        Organisation.objects.get(),
        Site.objects.get(),
        *(Member.objects.get(username=name) for name in ("owner", "sana", "hamza", "desk")),
    )


def _needling() -> Service:
    """The service that is booked; a folder that was made before there were any gets them now."""
    service = Service.objects.filter(needs_needling=True).first() or furnish(team())
    treating = Member.objects.get(username=TREATING)
    ServiceGiver.objects.get_or_create(
        service=service, member=treating, defaults={"organisation": treating.organisation}
    )
    return service


def _today() -> None:
    """Some twenty visits through the actions on the day of the run, what Today's page shows."""
    now = timezone.now()
    demo = Demo(team(), now, _needling())
    if visits_on(now).filter(created_by=demo.team.desk, practitioner=demo.team.sana).exists():
        return
    for key, person in DEMO_PATIENTS.items():
        demo.known[key] = demo.register(person)
    demo.consent_missing("imran", minutes_ago=5)
    demo.waiting("maryam", minutes_ago=2)
    for number, key in enumerate(DEMO_PATIENTS):
        demo.book(key, now + timedelta(minutes=40 * (number % 10)))


def visits_on(moment: datetime) -> QuerySet[Visit]:
    """The visits of a day by time, looked up by index."""
    start = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    return Visit.objects.filter(
        organisation=Organisation.objects.get(),
        planned_at__gte=start,
        planned_at__lt=start + timedelta(days=1),
    ).order_by("planned_at")


def begin_treatments(number: int) -> list[Treatment]:
    """Treatments that have just begun. New ones for every figure: a treatment holds 60 needles,
    and its acts get slower to record the more there are."""
    treating = Member.objects.get(username=TREATING)
    people = replace(team(), sana=treating, hamza=treating)
    demo = Demo(people, timezone.now(), _needling())
    begun = []
    for minutes in range(number):
        key = UNDER_TREATMENT[minutes % len(UNDER_TREATMENT)]
        patient = demo.known[key] = demo.register(DEMO_PATIENTS[key])
        demo.ready(key, minutes_ago=10)
        visit = Visit.objects.get(patient=patient, state="in-room")
        begun.append(pathway.start(by=treating, visit=visit))
    return begun


def end_treatments(treatments: Iterable[Treatment]) -> None:
    """Needles out, counted, signed: the next run finds nothing open on the page of today."""
    from filiform.clinic.treatment.queries import course

    for treatment in treatments:
        by = treatment.practitioner
        treatment.visit.refresh_from_db()
        if not course(treatment).needles:  # without one there is nothing to sign
            pathway.needle(by=by, treatment=treatment, twitches=0)
        known = course(treatment)
        inside = [needle.act for needle in known.needles_in]
        pathway.take_out(by=by, treatment=treatment, placed=inside)
        pathway.count_and_ask(by=by, treatment=treatment, needles=len(known.needles), pain=3)
        pathway.sign(by=by, treatment=treatment)
