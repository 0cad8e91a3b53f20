"""Every page of the demo clinic: addresses from the urlconf, with rows that exist.

A new page is walked as soon as it has an address. One whose parameter no row is known for makes
`unknown` name it, so that nobody forgets a page without saying why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from tests.clinic.test_every_address import VIEWS
from tests.demo_folder import copy_of_demo

BACKEND = "django.contrib.auth.backends.ModelBackend"

NOT_WALKED = frozenset({"components", "staff:sign-out", "staff:demo-sign-in", "body:gallery"})
"""Pages of our own workshop, and what would end the walk."""

CHOSEN = {
    "muscle_id": "infraspinatus",
    "kind": "licence",
    "section": "conditions",
    "key": "story",
    "source_id": "radicular-c6",
}
"""Parameters that are words, not rows."""

NAMED_OTHERWISE = {
    "fact_id": "intake.Statement",
    "credential_id": "staff.Licence",
    "event_id": "events.SafetyEvent",
    "other_id": "patients.Patient",
    "device_id": "patient_page.PatientDevice",
    "link_id": "patient_page.PatientLink",
    "row_id": "programme.ProgrammeItem",
    "container_id": "supplies.SharpsContainer",
    "check_id": "aftercare.Check",
    "document_id": "intake.ImportedDocument",
}
"""Parameter → model, where its name isn't the model's."""


@contextmanager
def demo_at_hand(tmp_path_factory: pytest.TempPathFactory, blocker: Any) -> Iterator[Path]:
    """The loaded demo clinic as the database of this process; its folder.

    Loading takes ten seconds, and the journeys load it anyway: it is copied, not loaded again.
    """
    folder = copy_of_demo(tmp_path_factory, "every-page")
    with blocker.unblock():
        usual = connections["default"]
        own = usual.copy()
        own.settings_dict["NAME"] = str(folder / "clinic.sqlite3")
        connections["default"] = own
        try:
            yield folder
        finally:
            own.close()
            connections["default"] = usual


@cache
def _model(parameter: str) -> type[Model] | None:
    if parameter in NAMED_OTHERWISE:
        try:
            return apps.get_model(NAMED_OTHERWISE[parameter])
        except LookupError:
            return None
    wanted = parameter.removesuffix("_id").replace("_", "")
    named = [one for one in apps.get_models() if one.__name__.lower() == wanted]
    return named[0] if len(named) == 1 and parameter.endswith("_id") else None


def rows_of(parameter: str, each_state: bool) -> list[Any]:
    """Rows that a parameter may name: few, but a visit in every state."""
    model = _model(parameter)
    if model is None:
        return []
    rows = model._default_manager.order_by("pk")
    if parameter == "visit_id":
        states = dict.fromkeys(rows.order_by("planned_at").values_list("state", flat=True))
        chosen = [rows.filter(state=state).first() for state in states]
        return chosen if each_state else [rows.filter(state="in-treatment").first() or chosen[0]]
    if parameter == "check_id":
        return [rows.filter(alarm_since__isnull=False).first() or rows.first()]
    return list(rows[:1])


def _fitting(parameter: str, given: Mapping[str, Any]) -> Any:
    """A row for a further parameter that belongs to the first's patient or visit, if it can."""
    model = _model(parameter)
    if model is None:
        return None
    rows = model._default_manager.order_by("pk")
    for owner in ("visit", "patient"):
        key = given.get(f"{owner}_id")
        names = {field.name for field in model._meta.get_fields()}
        if key and owner in names and parameter != f"{owner}_id":
            rows = rows.filter(**{f"{owner}_id": key})
            break
    return rows.exclude(pk__in=[one for one in given.values() if not isinstance(one, str)]).first()


def addresses(*, each_state: bool = True) -> Iterator[tuple[str, str]]:
    """(name, address) of everything that has one and isn't in NOT_WALKED."""
    for name, view in VIEWS.items():
        wanted = tuple(view.pattern.converters)
        if name in NOT_WALKED:
            continue
        if not wanted:
            yield name, reverse(name)
            continue
        first, *others = wanted
        starts = (
            [CHOSEN[first]] if first in CHOSEN else [row.pk for row in rows_of(first, each_state)]
        )
        for start in starts:
            given = {first: start}
            for other in others:
                row = CHOSEN.get(other) or getattr(_fitting(other, given), "pk", None)
                given[other] = row or uuid.uuid4()
            yield name, reverse(name, kwargs=given)


def client_of(member: Any, language: str) -> Client:
    client = Client(headers={"accept-language": language})
    client.cookies["filiform_language"] = language
    if member is not None:
        client.force_login(member, backend=BACKEND)
    return client


def pages(language: str, *, each_state: bool = True) -> Iterator[tuple[str, str, str]]:
    """(name, address, markup) of every page that opens: for a practitioner, else the owner, else
    somebody with a patient's own phone."""
    members = apps.get_model("staff.Member")._default_manager.filter(is_active=True)
    readers = [
        client_of(members.filter(is_practitioner=True).first(), language),
        client_of(members.filter(is_owner=True).first(), language),
    ]
    seen: set[str] = set()
    others: set[str] = set()
    for client in readers:
        for name, address in addresses(each_state=each_state):
            # What is no page for one is none for another: pictures, files, addresses of acts.
            if address in seen or name in others:
                continue
            answer = client.get(address)
            assert answer.status_code < 500, address
            if answer.status_code == 405 or _is_file(answer):
                others.add(name)
            elif answer.status_code == 200:
                seen.add(address)
                yield name, address, answer.content.decode()
    for name, address, answer in own_pages(language):
        yield name, address, answer


def _is_file(answer: Any) -> bool:
    return answer.status_code == 200 and (
        answer.streaming or "text/html" not in answer.headers.get("Content-Type", "")
    )


def own_pages(language: str) -> Iterator[tuple[str, str, str]]:
    """The pages that a patient opens on a phone of their own, through a link of the clinic."""
    from filiform.clinic.patient_page import actions

    member = apps.get_model("staff.Member")._default_manager.filter(is_practitioner=True).first()
    check = apps.get_model("aftercare.Check")._default_manager.filter(settled_at=None).first()
    patient = check.patient
    _link, token = actions.make_link(patient=patient, by=member)
    client = client_of(None, language)
    door = reverse("patient_page:open", args=[token])
    yield "patient_page:open", door, client.get(door).content.decode()
    born = patient.birth_date
    client.post(door, {"day": born.day, "month": born.month, "year": born.year})
    device = apps.get_model("patient_page.PatientDevice")._default_manager.get(patient=patient)
    for name, view in VIEWS.items():
        wanted = tuple(view.pattern.converters)
        if wanted[:1] != ("device_id",):
            continue
        given = {"device_id": device.pk, "check_id": check.pk}
        address = reverse(name, kwargs={one: given[one] for one in wanted})
        answer = client.get(address)
        if answer.status_code == 200 and not _is_file(answer):
            yield name, address, answer.content.decode()
