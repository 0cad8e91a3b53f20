"""What is asked of the big clinic in one process, through all the middleware."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.bench.folder import TREATING, Folder, visits_on
from tests.bench.treating import BY_SCRIPT, Act, Tablet

from filiform.clinic.demo.clock import at
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.visits.models import Visit

FIRST, AGAIN, WRITTEN = "first look", "same again", "after a write"
TIMES_LOOKED_AT = 20
"""Patients over whom the repeated looks go."""


@dataclass(frozen=True)
class Scene:
    """before: what is not measured, and what `ask` needs. target_p95: of issue 11, in ms."""

    name: str
    look: str
    before: Callable[[], Any]
    ask: Callable[[Any], Any]
    target_p95: float | None = None


class Scenes:
    """The practitioner who looks, the one who treats, and somebody from the street."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.chance = random.Random(7)
        self.looking = _signed_in("sana")
        self.treating = _signed_in(TREATING)
        self.stranger = Client()
        self.on_day: dict[date, Client] = {}
        self.versions: dict[uuid.UUID, str] = {}

    def yardstick(self) -> Scene:
        return Scene("yardstick", "", lambda: reverse("yardstick"), self.get)

    def without_treatments(self) -> Iterator[Scene]:
        """What is measured before anybody is under treatment."""
        yield Scene("public home", AGAIN, lambda: "/", self.get_as_stranger)
        yield Scene("today, some 20 visits", AGAIN, lambda: reverse("pathway:today"), self.get, 15)
        yield Scene("today, some 20 visits", WRITTEN, self.write_to_today, self.get, 15)
        yield Scene("chart", FIRST, lambda: chart_of(self.folder.fresh_patient()), self.get, 12)
        charts = [chart_of(self.folder.fresh_patient()) for _ in range(TIMES_LOOKED_AT)]
        for address in charts:
            self.get(address)
        yield Scene("chart", AGAIN, lambda: self.chance.choice(charts), self.get, 12)
        yield Scene(
            "chart", WRITTEN, lambda: self.written(self.chance.choice(charts)), self.get, 12
        )
        yield Scene("story", FIRST, self.fresh_story, self.get, 35)
        yield Scene("search by two parts of a name", "", self.by_name, self.search, 12)
        yield Scene("search by the end of a phone", "", self.by_phone, self.search, 12)

    def with_treatments(self, treatments: list[Treatment], page: Tablet) -> Iterator[Scene]:
        stories = [
            (story_of(one.visit_id), chart_of(one.patient_id))
            for one in treatments[:TIMES_LOOKED_AT]
        ]
        for story, _ in stories:
            self.get(story)
        yield Scene("story", AGAIN, lambda: self.chance.choice(stories)[0], self.get, 35)
        yield Scene(
            "story", WRITTEN, lambda: self.written(*self.chance.choice(stories)), self.get, 35
        )
        yield Scene("record an act", "", page.next, self.act, 10)
        yield Scene("state after an act", WRITTEN, lambda: self.acted(page.next()), self.state, 15)
        yield Scene("act and state together", WRITTEN, page.next, self.act_and_state, 25)

    def growth(self) -> Iterator[tuple[str, float, Scene, Scene]]:
        """What it is called, at most how many times, the small one and the large one."""
        few, many = (chart_of(uuid.UUID(one)) for one in (self.folder.few, self.folder.many))
        yield (
            "chart of a patient with many treatments, composed anew",
            2.0,
            Scene("chart, few treatments", WRITTEN, lambda: self.written(few), self.get),
            Scene("chart, many treatments", WRITTEN, lambda: self.written(many), self.get),
        )
        yield (
            "chart of a patient with many treatments, looked at again",
            2.0,
            Scene("chart, few treatments", AGAIN, lambda: few, self.get),
            Scene("chart, many treatments", AGAIN, lambda: many, self.get),
        )
        small, large = self.folder.noons()
        yield (
            "today on a day with many visits, composed anew",
            3.0,
            Scene("today, few visits", WRITTEN, lambda: self.write_on(small), self.today_at(small)),
            Scene(
                "today, many visits", WRITTEN, lambda: self.write_on(large), self.today_at(large)
            ),
        )
        yield (
            "today on a day with many visits, looked at again",
            3.0,
            Scene(
                "today, few visits", AGAIN, lambda: reverse("pathway:today"), self.today_at(small)
            ),
            Scene(
                "today, many visits", AGAIN, lambda: reverse("pathway:today"), self.today_at(large)
            ),
        )

    # --- what is not measured ---------------------------------------------------------------------

    def written(self, address: str, chart: str = "") -> str:
        """Look, note a weight of the patient, and say where to look again."""
        self.get(address)
        weight = str(self.chance.randrange(500, 900) / 10)
        answer = self.looking.post(f"{chart or address}measurements/", {"weight_kg": weight})
        _demand(answer, 302, address)
        return address

    def write_to_today(self) -> str:
        return self.write_on(timezone.localtime())

    def write_on(self, moment: datetime) -> str:
        """Look at the page of a day, and note a weight of somebody who comes that day."""
        address = reverse("pathway:today")
        self.today_at(moment)(address)
        patient = visits_on(moment).values_list("patient_id", flat=True)[0]
        self.written(chart_of(patient))
        return address

    def fresh_story(self) -> str:
        """The last visit with a drawing of somebody at whom nobody has looked yet."""
        while True:
            patient = self.folder.fresh_patient()
            drawn = Visit.objects.filter(patient=patient, drawings__isnull=False)
            visit = drawn.order_by("-planned_at").first()
            if visit is not None:
                return story_of(visit.pk)

    def by_name(self) -> str:
        patient = self.anybody()
        return f"{patient.family_name[:4]} {patient.given_name[:4]}"

    def by_phone(self) -> str:
        return self.anybody().phone[-6:]

    def anybody(self) -> Patient:
        return Patient.objects.get(pk=uuid.UUID(self.chance.choice(self.folder.others)))

    def acted(self, act: Act) -> Act:
        self.act(act)
        return act

    # --- what is measured -------------------------------------------------------------------------

    def get(self, address: str) -> None:
        _get(self.looking, address)

    def get_as_stranger(self, address: str) -> None:
        _get(self.stranger, address)

    def today_at(self, moment: datetime) -> Callable[[str], None]:
        """Looks at Today with the clock at a moment; signed in then, as a session ends in time."""
        if moment.date() not in self.on_day:
            with at(moment):
                self.on_day[moment.date()] = _signed_in("sana")

        def look(address: str) -> None:
            with at(moment):
                _get(self.on_day[moment.date()], address)

        return look

    def search(self, text: str) -> None:
        _demand(self.looking.post(reverse("patients:search"), {"typed": text}), 200, "the search")

    def act(self, act: Act) -> None:
        _demand(self.treating.post(act.address, act.said, headers=BY_SCRIPT), 200, "the act")

    def state(self, act: Act) -> None:
        """As the tablet asks: with the version it shows, which the act has made an old one."""
        headers = {**BY_SCRIPT, "X-Treatment-Version": self.versions.get(act.visit, "none")}
        answer = self.treating.get(act.state_address, headers=headers)
        _demand(answer, 200, "the state after an act")
        self.versions[act.visit] = answer.headers["X-Treatment-Version"]

    def act_and_state(self, act: Act) -> None:
        self.act(act)
        self.state(act)


def chart_of(patient: uuid.UUID) -> str:
    return reverse("chart:patient", kwargs={"patient_id": patient})


def story_of(visit: uuid.UUID) -> str:
    return reverse("assessment:story", kwargs={"visit_id": visit})


def _signed_in(username: str) -> Client:
    client = Client(enforce_csrf_checks=False)
    member = Member.objects.get(username=username)
    client.force_login(member, backend="filiform.clinic.staff.sessions.MemberBackend")
    return client


def _get(client: Client, address: str) -> None:
    _demand(client.get(address), 200, address)


def _demand(answer: Any, status: int, what: str) -> None:
    if answer.status_code != status:
        raise SystemExit(f"{what} answered {answer.status_code}, {status} was expected")
