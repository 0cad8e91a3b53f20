"""Who saw and changed what: complete in words, quick however long, and read under its own eyes."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

import filiform.clinic
from filiform.clinic.audit.queries import PAGE, Cursor, Filter, drills, page, selection
from filiform.clinic.audit.subjects import SUBJECTS
from filiform.clinic.audit.vocabulary import ACTIONS
from filiform.clinic.facts.models import Entry
from filiform.clinic.facts.recording import recording, saw

BACKEND = "django.contrib.auth.backends.ModelBackend"
KARACHI = ZoneInfo("Asia/Karachi")
SOURCE = Path(filiform.clinic.__file__).parent


@pytest.fixture
def as_olga(client: Client, olga) -> Client:
    client.force_login(olga, backend=BACKEND)
    return client


def families() -> dict[str, frozenset[str]]:
    """Codes that are put together from a prefix and a code of the room."""
    from filiform.clinic.aftercare.vocabulary import RESULTS
    from filiform.clinic.treatment.vocabulary import KINDS

    return {"check-": frozenset(RESULTS), "act-": frozenset(KINDS)}


def literals(node: ast.expr, tree: ast.Module) -> list[str | None]:
    """The codes that an argument may be; None for one that can't be read from the source."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*literals(node.body, tree), *literals(node.orelse, tree)]
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        prefix = str(node.values[0].value)
        return [f"{prefix}{code}" for code in families().get(prefix, ())] or [None]
    if isinstance(node, ast.Name):
        named = [
            found
            for assign in ast.walk(tree)
            if isinstance(assign, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == node.id for t in assign.targets)
            for found in literals(assign.value, tree)
        ]
        return named or [None]
    return [None]


def hands_on(node: ast.expr) -> bool:
    """A decorator that passes its `saw_what` on; the code stands where it is used."""
    return isinstance(node, ast.Name) and node.id == "saw_what"


def codes_of(call: ast.Call, tree: ast.Module) -> list[str | None]:
    """The action codes that a call writes to the audit."""
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    codes: list[str | None] = []
    if called == "recording" and call.args:
        codes += literals(call.args[0], tree)
    seen = [keyword.value for keyword in call.keywords if keyword.arg == "saw_what"]
    if called == "saw" and call.args and not hands_on(call.args[0]):
        seen.append(call.args[0])
    for node in seen:
        # "" says that the page shows no patient's record.
        codes += [code and f"saw-{code}" for code in literals(node, tree) if code != ""]
    return codes


@cache
def codes_in_use() -> dict[str | None, str]:
    """Every action code in the source with the file that uses it."""
    found: dict[str | None, str] = {}
    for path in SOURCE.rglob("*.py"):
        if path.name in {"recording.py", "guards.py"}:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found.update(dict.fromkeys(codes_of(node, tree), path.name))
    return found


def test_every_action_in_the_source_has_words() -> None:
    used = codes_in_use()
    assert len(used) > 40
    missing = {code: where for code, where in used.items() if code not in ACTIONS}
    assert missing == {}


def test_the_vocabulary_holds_no_word_for_an_action_that_does_not_exist() -> None:
    assert set(ACTIONS) - set(codes_in_use()) == set()


def test_every_kind_of_subject_has_a_word() -> None:
    from django.apps import apps

    rooms = {config.label for config in apps.get_app_configs() if "filiform" in config.name}
    known = {
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.app_label in rooms - {"record", "web"}
    }
    assert set(SUBJECTS) <= known
    never_a_subject = {"patients.searchterm", "staff.signintry", "frontdoor.arrival"}
    assert known - set(SUBJECTS) - never_a_subject == set()


@pytest.mark.django_db
def test_the_owner_reads_who_saw_whom_in_words(as_olga, alice, patient) -> None:
    saw("patient", by=alice, patient=patient)
    html = unescape(as_olga.get("/clinic/audit/").content.decode())
    assert str(ACTIONS["saw-patient"]) in html
    assert "Alice" in html
    assert patient.file_number in html


@pytest.mark.django_db
def test_reading_the_audit_is_noted_with_what_was_asked(as_olga, olga, patient) -> None:
    as_olga.get(f"/clinic/audit/?patient={patient.pk}")
    entry = Entry.objects.get(action="read-audit")
    assert (entry.by, entry.patient) == (olga, patient)
    assert entry.details == {"patient": str(patient.pk)}


@pytest.mark.django_db
def test_the_filters_keep_what_they_promise(clinic, alice, bob, patient, today) -> None:
    saw("patient", by=alice, patient=patient)
    saw("patient", by=bob, patient=patient)

    def found(**wanted) -> set[str]:
        rows = page(clinic, Filter(**wanted), zone=KARACHI).entries
        return {f"{row.by.username if row.by else '-'}:{row.action}" for row in rows}

    assert found(person=bob.pk) == {"bob:saw-patient"}
    assert found(action="saw-patient") == {"alice:saw-patient", "bob:saw-patient"}
    assert found(patient=patient.pk, person=alice.pk) >= {"alice:saw-patient"}
    assert found(day=today - timedelta(days=1)) == set()


@pytest.mark.django_db
def test_a_day_is_the_clinics_day_and_not_the_servers(clinic, olga) -> None:
    with recording("signed-in", by=olga) as entry:
        entry.about(olga)
    row = Entry.objects.filter(action="signed-in").values().get()
    del row["id"]
    row["at"] = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)  # half past one of the next day there
    Entry.objects.create(**row)
    wanted = Filter(day=datetime(2026, 3, 2, tzinfo=UTC).date())
    assert len(page(clinic, wanted, zone=KARACHI).entries) == 1


@pytest.mark.django_db
def test_paging_shows_every_entry_once_even_when_many_have_the_same_time(clinic, olga) -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    Entry.objects.bulk_create(
        Entry(
            organisation=clinic, by=olga, action="signed-in", at=moment + timedelta(seconds=n // 40)
        )
        for n in range(3 * PAGE + 7)
    )
    seen, after = [], None
    while True:
        part = page(clinic, Filter(action="signed-in"), zone=KARACHI, after=after)
        seen += [row.pk for row in part.entries]
        if part.next is None:
            break
        after = Cursor.read(str(part.next))
    assert len(seen) == len(set(seen)) == 3 * PAGE + 7


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("by", ["", "person", "patient", "action"])
def test_a_page_far_down_is_reached_through_an_index(clinic, olga, patient, by) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the planner's words differ")
    wanted = {
        "": Filter(),
        "person": Filter(person=olga.pk),
        "patient": Filter(patient=patient.pk),
        "action": Filter(action="signed-in"),
    }[by]
    after = Cursor(datetime(2026, 3, 1, tzinfo=UTC), olga.pk)
    plan = selection(clinic, wanted, zone=KARACHI, after=after)[:PAGE].explain()
    assert re.search(r"SEARCH audit_entry USING INDEX audit_\w+ \(.*at<\?\)", plan), plan


@pytest.mark.django_db
def test_an_unreadable_place_in_the_list_starts_from_the_newest(as_olga) -> None:
    assert as_olga.get("/clinic/audit/?after=nonsense").status_code == 200


@pytest.mark.django_db
def test_another_clinics_entries_and_patients_do_not_exist(as_olga, charlie) -> None:
    from datetime import date

    from filiform.clinic.patients import actions as patients

    theirs = patients.register(
        by=charlie, given_name="Zoya", sex="female", birth_date=date(1990, 1, 1)
    )
    assert as_olga.get(f"/clinic/audit/?patient={theirs.pk}").status_code == 404
    html = as_olga.get("/clinic/audit/").content.decode()
    assert "Zoya" not in html
    assert "Charlie" not in html


@pytest.mark.django_db
def test_front_desk_and_practitioner_may_not_read_the_audit(client, alice, bob) -> None:
    for member in (alice, bob):
        client.force_login(member, backend=BACKEND)
        assert client.get("/clinic/audit/").status_code == 403


def test_the_owner_sees_when_a_restore_was_last_tested_and_that_one_is_due(as_olga, olga) -> None:
    page = "/clinic/backups/"
    assert "No restore has been tested yet" in as_olga.get(page).content.decode()
    for passed, loss in ((True, 0), (False, None)):
        with recording("restore-drilled", by=None, organisation=olga.organisation) as entry:
            entry.about(olga.organisation, passed=passed, loss=loss, seconds=61.2, report="a.json")
    shown = unescape(as_olga.get(page).content.decode())
    assert "Last tested restore" in shown
    assert "It took 61 s, and 0 rows were lost." in " ".join(shown.split())
    assert "failed" in shown
    assert "filiform drill" not in shown
    later = datetime.now(tz=UTC) + timedelta(days=36)
    assert drills(olga.organisation, now=later).is_due
