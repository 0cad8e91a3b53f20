"""A treatment played through the clinic's real addresses, for `count_faults`."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from filiform.clinic.treatment import queries
from filiform.clinic.treatment.accounting import STEPS
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.visits.models import Visit

NAMESPACE = UUID("5b5b5c0e-8f2a-4a3e-9a39-5f6d8c5b1f11")
BY_SCRIPT = {"X-Treatment-Page": "yes"}


class HttpRoom:
    """lot: of packs with one needle each. people: name → (member, PIN); "second" and "outsider"
    besides the one who is signed in."""

    most_needles = 1

    def __init__(
        self,
        client: Client,
        outsider: Client,
        visit: Visit,
        treatment: Treatment,
        target: Any,
        people: dict[str, tuple[Any, str]],
        lot: Any,
    ) -> None:
        self.client, self.outsider = client, outsider
        self.visit, self.treatment, self.target = visit, treatment, target
        self.people, self.lot = people, lot

    def open_packs(self, name: str, packs: int) -> str:
        return self._act(name, kind="pack", lot=self.lot.pk, packs=packs)

    def insert(self, name: str) -> str:
        return self._act(name, kind="insertion", target=self.target.pk)

    def remove(self, name: str, needle: str) -> str:
        return self._act(name, kind="removal", needle=real_id(needle))

    def undo(self, name: str, about: str, reason: str) -> str:
        return self._act(name, kind="void", replaces=real_id(about), reason=reason, why="As said")

    def _act(self, name: str, **data: Any) -> str:
        answer = self.client.post(
            self._address("act"), {"act_id": real_id(name), **data}, headers=BY_SCRIPT
        )
        return code_of(answer)

    def count(
        self, opened: int, in_bin: int, *, unused: int = 0, broken: int = 0, name: str = ""
    ) -> str:
        return code_of(self.client.post(self._address("count"), {
            "act_id": real_id(name) if name else uuid4(),
            "opened": opened, "in_bin": in_bin, "unused": unused, "broken": broken,
        }))  # fmt: skip

    def count_as(self, who: str, opened: int, in_bin: int) -> str:
        data = {"act_id": uuid4(), "opened": opened, "in_bin": in_bin}
        return code_of(self.outsider.post(self._address("count"), data))

    def account(
        self, result: str, *, steps: tuple[str, ...] = STEPS, second: str = "second", **other: str
    ) -> str:
        member, pin = self.people["second" if second == "wrong-pin" else second]
        said = {"result": result, "steps": steps, "first_pin": self.people["self"][1],
                "second": member.pk, "second_pin": "999998" if second == "wrong-pin" else pin,
                "act_id": uuid4(), **other}  # fmt: skip
        data = {f"account-{name}": value for name, value in said.items()}
        return code_of(self.client.post(self._address("account"), data))

    def sign(self, acts_seen: int | None = None) -> str:
        data = {} if acts_seen is None else {"acts_seen": acts_seen}
        return code_of(self.client.post(self._address("sign"), data))

    def _address(self, name: str) -> str:
        room = "pathway" if name == "sign" else "treatment"
        return reverse(f"{room}:{name}", args=[self.visit.pk])

    def acts(self) -> int:
        return len(queries.acts_of(self.treatment))

    def used(self) -> int:
        return queries.course(self.treatment).tally.used

    def mismatches(self) -> int:
        return len(queries.course(self.treatment).tally.mismatches)


def real_id(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def code_of(answer: HttpResponse) -> str:
    """Why the page refused; "" when it did not. Raises AssertionError for any other answer."""
    if answer.status_code in (200, 302):
        return ""
    if answer.status_code == 404:
        return "not-found"
    assert answer.status_code == 422, answer.status_code
    if answer["Content-Type"].startswith("application/json"):  # as the tablet's script hears it
        return str(answer.json()["refused"][0]["id"])
    refused = answer.context["refused"]
    return refused[0].code if refused else "form"
