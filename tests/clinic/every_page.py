"""Every page of the demo clinic: addresses from the urlconf, with rows that exist.

A new page is walked as soon as it has an address. One with an id that nobody has said the rows of
stops the walk, so that no page is forgotten.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import connections
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from tests.clinic.furnished import furnish
from tests.clinic.test_every_address import VIEWS
from tests.demo_folder import copy_of_demo

LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f][\w'’/.+@-]*")
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
    "attachment_id": "frontdoor.MessageAttachment",
    "check_id": "aftercare.Check",
    "container_id": "supplies.SharpsContainer",
    "couch_id": "treatment.AdverseEvent",
    "credential_id": "staff.Licence",
    "device_id": "patient_page.PatientDevice",
    "document_id": "intake.ImportedDocument",
    "entry_id": "booking.SelfRegistered",
    "event_id": "events.SafetyEvent",
    "exception_id": "staff.OpeningException",
    "fact_id": "intake.DisclosedFact",
    "feed_id": "diary.CalendarFeed",
    "goal_id": "programme.PatientGoal",
    "link_id": "patient_page.PatientLink",
    "merge_id": "patients.FileMerge",
    "needle_id": "treatment.Act",
    "other_id": "patients.Patient",
    "pending_id": "intake.PendingImport",
    "person_id": "staff.Member",
    "picture_id": "assessment.DepthPicture",
    "receipt_id": "payments.PaymentReceipt",
    "row_id": "programme.ProgrammeItem",
    "sale_id": "payments.PackageSale",
    "score_id": "progress.OutcomeScore",
    "subject_id": "staff.Member",
    "template_id": "assessment.PlanTemplate",
    "wish_id": "booking.WaitingWish",
}
"""Parameter → model, where its name isn't the model's."""


class Page(NamedTuple):
    name: str
    address: str
    markup: str


def every_page(tmp_path_factory: pytest.TempPathFactory, blocker: Any) -> dict[str, list[Page]]:
    """Language → every page of the demo clinic that opens, composed once per run.

    What is read on a page and whether it fits on a telephone are asked in two tests, perhaps in
    two processes: the first of them composes the pages, the other reads them from the run's folder.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    kept = shared / "every-page.json"
    with (shared / "every-page-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with demo_at_hand(copy_of_demo(tmp_path_factory, "every-page"), blocker):
                furnish()
                # English is read in one visit: it is the language that texts are written in.
                no_page: set[str] = set()
                found = {
                    language: list(pages(language, no_page, each_state=language == "ur"))
                    for language in ("ur", "en")
                }
                words = sorted(entered_words())
            kept.write_text(json.dumps({"pages": found, "entered": words}))
    told = json.loads(kept.read_text())
    ENTERED.update(told["entered"])
    return {language: [Page(*one) for one in found] for language, found in told["pages"].items()}


ENTERED: set[str] = set()
"""Every Latin word that somebody wrote into the demo: names, complaints, brands, notes."""


def entered_words() -> set[str]:
    words: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label in {"sessions", "axes", "contenttypes", "auth"}:
            continue
        for row in model._default_manager.values_list():
            words.update(LATIN_WORD.findall(" ".join(map(str, row))))
    return {word.rstrip(".-/'") for word in words}


@contextmanager
def demo_at_hand(folder: Path, blocker: Any) -> Iterator[None]:
    """A folder with the loaded demo clinic as the database of this process."""
    with blocker.unblock():
        usual = connections["default"]
        own = usual.copy()
        own.settings_dict["NAME"] = str(folder / "clinic.sqlite3")
        connections["default"] = own
        try:
            yield
        finally:
            own.close()
            connections["default"] = usual


@cache
def model_of(parameter: str) -> type[Model] | None:
    """The model whose rows an address names; None where it names a word or a number.

    Raises LookupError for an id of rows that nobody has said here.
    """
    if parameter in NAMED_OTHERWISE:
        return apps.get_model(NAMED_OTHERWISE[parameter])
    if not parameter.endswith("_id") or parameter in CHOSEN:
        return None
    wanted = parameter.removesuffix("_id").replace("_", "")
    named = [one for one in apps.get_models() if one.__name__.lower() == wanted]
    if len(named) != 1:
        raise LookupError(f"say in NAMED_OTHERWISE which rows {parameter} names: {named}")
    return named[0]


STATES = ("needles-in", "done", "in-room")
"""Of a visit: while, after and before it is worked on, pages say other things."""


def rows_of(parameter: str, each_state: bool) -> list[Any]:
    """Rows that a parameter may name: one, but of visits one in each of STATES."""
    model = model_of(parameter)
    if model is None:
        return []
    rows = model._default_manager.order_by("pk")
    if parameter == "visit_id":
        states = STATES if each_state else STATES[:1]
        return [one for state in states if (one := rows.filter(state=state).first())]
    if parameter == "check_id":
        return [rows.filter(alarm_since__isnull=False).first() or rows.first()]
    return list(rows[:1])


def _fitting(parameter: str, given: Mapping[str, Any]) -> Any:
    """A row for a further parameter that belongs to the first's patient or visit, if it can."""
    model = model_of(parameter)
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


def pages(language: str, no_page: set[str], *, each_state: bool = True) -> Iterator[Page]:
    """Every page that opens: for a practitioner, else the owner, else
    somebody with a patient's own phone.

    no_page: names of addresses that gave none in another language, and those that give none here.
    """
    members = apps.get_model("staff.Member")._default_manager.filter(is_active=True)
    readers = [
        client_of(members.filter(is_practitioner=True).first(), language),
        client_of(members.filter(is_owner=True).first(), language),
    ]
    seen: set[str] = set()
    opened: set[str] = set()
    for client in readers:
        for name, address in addresses(each_state=each_state):
            # What is no page for one is none for another: pictures, files, addresses of acts.
            if address in seen or name in no_page:
                continue
            answer = client.get(address)
            assert answer.status_code < 500, address
            if answer.status_code == 405 or _is_file(answer):
                no_page.add(name)
            elif answer.status_code == 200:
                seen.add(address)
                opened.add(name)
                yield Page(name, address, answer.content.decode())
    no_page.update(VIEWS.keys() - opened)
    yield from own_pages(language)


def _is_file(answer: Any) -> bool:
    return answer.status_code == 200 and (
        answer.streaming or "text/html" not in answer.headers.get("Content-Type", "")
    )


def own_pages(language: str) -> Iterator[Page]:
    """The pages that a patient opens on a phone of their own, through a link of the clinic."""
    from filiform.clinic.patient_page import actions

    member = apps.get_model("staff.Member")._default_manager.filter(is_practitioner=True).first()
    check = apps.get_model("aftercare.Check")._default_manager.filter(settled_at=None).first()
    patient = check.patient
    _link, token = actions.make_link(patient=patient, by=member)
    client = client_of(None, language)
    door = reverse("patient_page:open", args=[token])
    yield Page("patient_page:open", door, client.get(door).content.decode())
    born = patient.birth_date
    client.post(door, {"day": born.day, "month": born.month, "year": born.year})
    device = (
        apps.get_model("patient_page.PatientDevice")
        ._default_manager.filter(patient=patient)
        .latest("opened_at")
    )
    for name, view in VIEWS.items():
        wanted = tuple(view.pattern.converters)
        if wanted[:1] != ("device_id",):
            continue
        given = {
            "device_id": device.pk,
            "check_id": check.pk,
            "visit_id": check.treatment.visit_id,
            "section": "medicines",
        }
        # What stands behind another id answers 404, and is no page to read.
        address = reverse(name, kwargs={one: given.get(one, uuid.uuid4()) for one in wanted})
        answer = client.get(address)
        if answer.status_code == 200 and not _is_file(answer):
            yield Page(name, address, answer.content.decode())
