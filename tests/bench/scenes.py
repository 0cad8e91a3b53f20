"""What is asked of the big clinic, and the clinic of today on top of the generated past."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.bench.generated_clinic import generate

from filiform.clinic.demo import pathway
from filiform.clinic.demo.clinic import Demo
from filiform.clinic.demo.patients import CAST
from filiform.clinic.demo.people import Team, open_clinic
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.terms import terms_of
from filiform.clinic.staff.models import Member, Organisation, Site
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.visits.models import Visit

ON_THE_COUCH = ("ayesha", "bilal", "usman", "khadija", "fatima")
Request = Callable[[random.Random], None]


@dataclass(frozen=True)
class Ids:
    patients: list[str]
    team: Team


def prepare(*, patients: int, treatments: int) -> Ids:
    """The generated past and the demo's people of today, once; later runs find them there."""
    if not Organisation.objects.exists():
        now = timezone.now()
        team = open_clinic(today=timezone.localdate())
        connection.close()
        generate(
            settings.DATABASES["default"]["NAME"],
            organisation=team.organisation.pk.hex,
            site=team.site.pk.hex,
            member=team.sana.pk.hex,
            patients=patients,
            treatments=treatments,
            now=now,
            terms_of=_terms,
        )
        Organisation.objects.update(next_file_number=patients + 200_000)
        _today(team, now)
    team = Team(
        Organisation.objects.get(),
        Site.objects.get(),
        *(Member.objects.get(username=name) for name in ("owner", "sana", "hamza", "desk")),
    )
    return Ids(
        [
            pk.hex
            for pk in Patient.objects.filter(file_number__startswith="MC-1")
            .values_list("pk", flat=True)
            .order_by("pk")
        ],
        team,
    )


def _terms(row: dict[str, Any]) -> set[str]:
    names = ("given_name", "family_name", "file_number", "phone")
    return terms_of(Patient(**{name: row[name] for name in names}))


def _today(team: Team, now: Any) -> None:
    """Some twenty visits today through the actions: what Today's page and the couch show."""
    demo = Demo(team, now)
    for key, person in CAST.items():
        demo.known[key] = demo.register(person)
    demo.consent_missing("imran", minutes_ago=5)
    demo.waiting("maryam", minutes_ago=2)
    for number, key in enumerate(CAST):
        demo.book(key, now + timedelta(minutes=40 * (number % 10)))


def _on_the_couch(team: Team, now: Any) -> list[Treatment]:
    """Treatments that have just begun; new ones for every run, as a treatment holds 60 needles."""
    demo = Demo(team, now)
    for minutes, key in enumerate(ON_THE_COUCH):
        demo.known[key] = demo.register(CAST[key])
        demo.ready(key, minutes_ago=10 + minutes)
    return [
        pathway.start(by=visit.practitioner, visit=visit)
        for visit in Visit.objects.filter(patient__in=demo.known.values(), state="in-room")
    ]


class Scenes:
    """One signed-in practitioner and the requests that are measured."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.client = Client(enforce_csrf_checks=False)
        self.client.force_login(ids.team.sana, backend="django.contrib.auth.backends.ModelBackend")
        self.treatments = _on_the_couch(ids.team, timezone.now())
        self.turn = 0
        self.needle = ""

    def requests(self) -> dict[str, Request]:
        return {
            "open a patient's chart": self.chart,
            "open a visit's story": self.story,
            "search by two parts of a name": self.by_name,
            "search by the end of a phone number": self.by_phone,
            "today's page": self.today,
            "record an act (needle in, needle out)": self.act,
        }

    def get(self, address: str) -> Any:
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        return answer

    def chart(self, chance: random.Random) -> None:
        patient = uuid.UUID(chance.choice(self.ids.patients))
        self.get(reverse("chart:patient", kwargs={"patient_id": patient}))

    def story(self, chance: random.Random) -> None:
        self.get(reverse("assessment:story", kwargs={"visit_id": self.treatments[0].visit_id}))

    def by_name(self, chance: random.Random) -> None:
        patient = Patient.objects.get(pk=uuid.UUID(chance.choice(self.ids.patients)))
        self.search(f"{patient.family_name[:4]} {patient.given_name[:4]}")

    def by_phone(self, chance: random.Random) -> None:
        patient = Patient.objects.get(pk=uuid.UUID(chance.choice(self.ids.patients)))
        self.search(patient.phone[-6:])

    def search(self, text: str) -> None:
        answer = self.client.post(reverse("patients:search"), {"text": text})
        if answer.status_code != 200:
            raise SystemExit(f"the search answered {answer.status_code}")

    def today(self, chance: random.Random) -> None:
        self.get(reverse("pathway:today"))

    def act(self, chance: random.Random) -> None:
        """In and out in turn, over all couches, so that they stay as full as they are."""
        said = {"act_id": str(uuid.uuid4()), "at": timezone.now().isoformat()}
        treatment = self.treatments[self.turn // 2 % len(self.treatments)]
        if self.turn % 2:
            said |= {"kind": "removal", "needle": self.needle}
        else:
            target = treatment.visit.target_set.first()
            said |= {"kind": "insertion", "target": str(target.pk)}
            self.needle = said["act_id"]
        self.turn += 1
        address = reverse("treatment:act", kwargs={"visit_id": treatment.visit_id})
        answer = self.client.post(address, said, headers={"HX-Request": "true"})
        if answer.status_code not in {200, 204, 302}:
            raise SystemExit(f"the act was answered with {answer.status_code}")
