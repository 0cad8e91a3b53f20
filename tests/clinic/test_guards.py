"""The database itself refuses to alter, delete or replace facts, whatever the verb."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from filiform.clinic.facts.triggers import (
    _unique,
    guarded_models,
    kept_models,
    lay_guards,
    missing_guards,
)

Row = dict[str, object]
VALUES = {
    "CharField": "x", "TextField": "x", "EmailField": "x@y.example", "BooleanField": False,
    "DateField": "2026-11-28", "FloatField": 1.5, "DecimalField": "2.50", "JSONField": "{}",
    "BinaryField": b"x",
}  # fmt: skip
A_TABLE_EACH = [*guarded_models(), *kept_models()]


def made_up(model: type[models.Model]) -> Row:
    """Column → a value that the table takes; references point at nothing, which is looked at
    when a transaction ends, and this one never does."""
    found: Row = {}
    for field in model._meta.concrete_fields:
        kind = (field.target_field if field.is_relation else field).get_internal_type()
        if kind == "UUIDField":
            key = uuid.uuid4()
            found[field.column] = key.hex if connection.vendor == "sqlite" else key
        elif kind == "DateTimeField":
            found[field.column] = timezone.now()
        elif "Integer" in kind:
            found[field.column] = 7
        else:
            found[field.column] = VALUES[kind]
        if field.unique and isinstance(found[field.column], str) and kind == "CharField":
            found[field.column] = uuid.uuid4().hex[:12]
    return found


def insert(model: type[models.Model], row: Row, verb: str = "INSERT", end: str = ""):
    columns = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join(["%s"] * len(row))
    sql = f"{verb} INTO {model._meta.db_table} ({columns}) VALUES ({marks}) {end}"
    return sql, list(row.values())


def attacks(
    model: type[models.Model], row: dict[str, object], other: dict[str, object]
) -> Iterator:
    """(what is tried, SQL, values) against `row`; `other` is a second row of the table."""
    table, guarded = model._meta.db_table, model in guarded_models()
    sets = list(_unique(model))
    key = " AND ".join(f'"{column}" = %s' for column in sets[0])
    of_key = [row[column] for column in sets[0]]
    changed = next(c for c in row if not any(c in one for one in sets))
    yield "delete", f"DELETE FROM {table} WHERE {key}", of_key
    if guarded:
        yield "update", f'UPDATE {table} SET "{changed}" = "{changed}" WHERE {key}', of_key
    moved = made_up(model)[sets[0][0]]
    yield "another id", f'UPDATE {table} SET "{sets[0][0]}" = %s WHERE {key}', [moved, *of_key]
    if connection.vendor == "postgresql":
        if guarded:
            target = ", ".join(f'"{column}"' for column in sets[0])
            end = f'ON CONFLICT ({target}) DO UPDATE SET "{changed}" = EXCLUDED."{changed}"'
            yield "upsert", *insert(model, row, end=end)
        return
    for columns in sets:
        replacing = made_up(model) | {column: row[column] for column in columns}
        for verb in ("INSERT OR REPLACE", "REPLACE"):
            yield f"{verb} by {columns}", *insert(model, replacing, verb)
        values = [row[column] for column in columns]
        to = ", ".join(f'"{column}" = %s' for column in columns)
        of_other = [other[column] for column in sets[0]]
        yield (
            f"UPDATE OR REPLACE by {columns}",
            f"UPDATE OR REPLACE {table} SET {to} WHERE {key}",
            [*values, *of_other],
        )
    rowid = f"(SELECT rowid FROM {table} WHERE {key})"
    columns, marks = ", ".join(f'"{c}"' for c in row), ", ".join(["%s"] * len(row))
    yield (
        "REPLACE by rowid",
        f"REPLACE INTO {table} (rowid, {columns}) SELECT {rowid}, {marks}",
        [*of_key, *made_up(model).values()],
    )
    end = f'ON CONFLICT DO UPDATE SET "{changed}" = excluded."{changed}"'
    if guarded:
        yield "upsert", *insert(model, row, end=end)


def refusal(cursor, sql: str, values: list[object]) -> str:
    try:
        with transaction.atomic():
            cursor.execute(sql, values)
    except DatabaseError as error:
        return str(error)
    return "it went through"


@pytest.fixture(params=["off", "on"] if connection.vendor == "sqlite" else [""])
def recursive(db, request) -> Iterator[None]:
    """With recursive triggers SQLite's REPLACE fires those of a delete; nothing rests on it."""
    with connection.cursor() as cursor:
        if request.param:
            cursor.execute(f"PRAGMA recursive_triggers = {request.param}")
        yield
        if request.param:
            cursor.execute("PRAGMA recursive_triggers = off")


def test_no_verb_alters_deletes_or_replaces_a_row(recursive) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for model in A_TABLE_EACH:
            row, other = made_up(model), made_up(model)
            for one in (row, other):
                cursor.execute(*insert(model, one))
            table = f"SELECT * FROM {model._meta.db_table}"
            cursor.execute(table)
            before = sorted(map(str, cursor.fetchall()))
            for what, sql, values in attacks(model, row, other):
                assert "never" in refusal(cursor, sql, values), (what, sql)
                cursor.execute(table)
                assert sorted(map(str, cursor.fetchall())) == before, (what, sql)
        transaction.set_rollback(True)


@pytest.mark.postgres
@pytest.mark.django_db
def test_no_table_is_emptied_at_once() -> None:
    with connection.cursor() as cursor:
        for model in A_TABLE_EACH:
            sql = f"TRUNCATE {model._meta.db_table} CASCADE"
            assert "never" in refusal(cursor, sql, []), sql


@pytest.mark.django_db
def test_every_table_of_facts_is_guarded_and_what_they_hang_on_is_kept() -> None:
    assert missing_guards() == []
    assert {"audit_entry", "record_link", "record_shape", "consent_consent", "treatment_seal"} <= {
        model._meta.db_table for model in guarded_models()
    }
    assert {"patients_patient", "visits_visit", "staff_organisation", "staff_member"} <= {
        model._meta.db_table for model in kept_models()
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["intake_answer_no_update", "intake_answer_no_delete", "patients_patient_no_delete"]
)
def test_a_missing_guard_is_found_and_laid_again(name: str) -> None:
    table = name.partition("_no_")[0]
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on_table}")
    assert missing_guards() == [name]
    lay_guards()
    assert missing_guards() == []


@pytest.mark.django_db
def test_a_guard_that_does_nothing_any_more_is_found_and_laid_again() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE intake_answer DISABLE TRIGGER intake_answer_no_truncate")
            name = "intake_answer_no_truncate"
        else:
            name = "intake_answer_no_replace"
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON intake_answer "
                "WHEN 0 BEGIN SELECT RAISE(ABORT, 'never'); END"
            )
    assert missing_guards() == [name]
    lay_guards()
    assert missing_guards() == []


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_guard_whose_function_was_emptied_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION filiform_refuse() RETURNS trigger AS "
            "$$ BEGIN RETURN NULL; END; $$ LANGUAGE plpgsql"
        )
    assert "intake_answer_no_update" in missing_guards()
    lay_guards()
    assert missing_guards() == []


def test_a_fact_can_neither_be_altered_nor_deleted(patient, alice) -> None:
    from filiform.clinic.intake.models import Answer

    answer = Answer.objects.create(
        organisation=patient.organisation,
        recorded_by=alice,
        patient=patient,
        question="needle-phobia",
        value=True,
    )
    answer.value = False
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        answer.save()
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).delete()
    answer.refresh_from_db()
    assert answer.value is True


def test_a_patient_may_be_corrected_and_keeps_the_file_number_to_herself(patient, alice) -> None:
    from filiform.clinic.patients import actions

    other = actions.register(
        by=alice, given_name="Bilal", sex="male", birth_date=patient.birth_date
    )
    actions.correct(by=alice, patient=patient, given_name="Aamna")
    with pytest.raises(DatabaseError), transaction.atomic():
        type(patient).objects.filter(pk=other.pk).update(file_number=patient.file_number)
    with pytest.raises(DatabaseError), transaction.atomic():
        patient.delete()
    patient.refresh_from_db()
    assert patient.given_name == "Aamna"


def test_an_audit_entry_can_neither_be_altered_nor_deleted(patient) -> None:
    from filiform.clinic.facts.models import Entry

    entry = Entry.objects.filter(action="patient-registered").get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(action="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()
