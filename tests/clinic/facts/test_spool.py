"""A full disk hides no needle: the page is shown, and that it was looked at is not forgotten."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from tests.clinic.treatment.treatment_steps import make_ready

from filiform.clinic.facts import spool
from filiform.clinic.facts.models import Entry
from filiform.commands.check import _waiting


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    settings.SPOOL_FOLDERS = [tmp_path / "one", tmp_path / "two"]
    yield settings.SPOOL_FOLDERS
    spool.IN_MEMORY.clear()


def _full(execute, sql, params, many, context):
    if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


@contextmanager
def full_disk():
    with connection.execute_wrapper(_full):
        yield


@contextmanager
def only_read():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA query_only = OFF")


@pytest.fixture
def page(as_alice, visit, alice, today) -> str:
    from django.utils import timezone

    from filiform.clinic.facts.models import new_id
    from filiform.clinic.pathway import actions as pathway
    from filiform.clinic.treatment import actions as treatments

    targets = make_ready(visit, alice, today)
    treatment = pathway.start(by=alice, visit=visit, on=today)
    treatments.record_act(
        by=alice, treatment=treatment, act_id=new_id(), kind="insertion", at=timezone.now(),
        target=targets[0],
    )  # fmt: skip
    return reverse("treatment:treat", args=[visit.pk])


def looks() -> int:
    return Entry.objects.filter(action="saw-treatment").count()


@pytest.mark.parametrize(
    "unwritable", [full_disk, pytest.param(only_read, marks=pytest.mark.sqlite)]
)
def test_the_needles_in_are_shown_while_nothing_can_be_written(
    as_alice, page, folders, unwritable
) -> None:
    before = looks()
    with unwritable():
        answer = as_alice.get(page)
    assert answer.status_code == 200
    assert "needle-card" in answer.content.decode() or "data-needle" in answer.content.decode()
    assert looks() == before
    assert [number for _, number in spool.waiting()] == [1]
    assert "holds 1 look" in _waiting()[0]
    assert (folders[0] / spool.NAME).stat().st_mode & 0o077 == 0

    as_alice.get(page)
    assert looks() == before + 2, "the look that waited, and this one"
    assert _waiting() == []


def test_a_look_is_noted_with_its_own_time_and_only_once(as_alice, page, folders) -> None:
    with full_disk():
        as_alice.get(page)
    kept = (folders[0] / spool.NAME).read_bytes()
    as_alice.get(page)
    (folders[0] / spool.NAME).write_bytes(kept)  # as after a power cut before it was emptied
    before = looks()
    spool.write_back()
    assert looks() == before
    times = Entry.objects.filter(action="saw-treatment").order_by("pk").values_list("at", flat=True)
    assert list(times) == sorted(times)


def test_without_any_folder_the_look_waits_in_memory(as_alice, page, settings, tmp_path) -> None:
    (tmp_path / "file").touch()
    settings.SPOOL_FOLDERS = [tmp_path / "file" / "spool"]
    before = looks()
    with full_disk():
        assert as_alice.get(page).status_code == 200
    assert len(spool.IN_MEMORY) == 1
    as_alice.get(page)
    assert looks() == before + 2
    assert not spool.IN_MEMORY


def test_a_spool_that_cannot_be_read_hides_no_page(as_alice, page, folders) -> None:
    folders[0].mkdir()
    (folders[0] / spool.NAME).write_bytes(b'{"id": "nonsense"}\n')
    assert as_alice.get(page).status_code == 200
    assert "holds 1 look" in _waiting()[0]
