"""Triggers by which the database itself refuses to alter or delete facts.

They are laid after every migration over each model that is a `Fact`, and over the audit, so that
a new room is guarded without being told to and a rebuilt table gets its guard back. Nothing can
be recorded under a treatment once its seal is there.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models

from filiform.clinic.facts.models import Entry, Fact
from filiform.clinic.facts.versions import trigger_names

REFUSAL = "facts are amended, never altered or deleted"
SEALED = "the treatment is signed: add an amendment"

SQLITE_GUARD = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
SQLITE_SEAL = """
CREATE TRIGGER IF NOT EXISTS treatment_act_after_seal BEFORE INSERT ON treatment_act
WHEN EXISTS (SELECT 1 FROM treatment_seal WHERE treatment_id = NEW.treatment_id)
BEGIN SELECT RAISE(ABORT, '{sealed}'); END
"""
POSTGRES_FUNCTIONS = """
CREATE OR REPLACE FUNCTION filiform_refuse() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{refusal}'; END;
$$ LANGUAGE plpgsql;
CREATE OR REPLACE FUNCTION filiform_sealed() RETURNS trigger AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM treatment_seal WHERE treatment_id = NEW.treatment_id) THEN
    RAISE EXCEPTION '{sealed}';
  END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
"""
POSTGRES_GUARD = """
CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION filiform_refuse()
"""
POSTGRES_SEAL = """
CREATE OR REPLACE TRIGGER treatment_act_after_seal BEFORE INSERT ON treatment_act
FOR EACH ROW EXECUTE FUNCTION filiform_sealed()
"""


def guarded_models() -> list[type[models.Model]]:
    """Every model whose rows are only ever inserted."""
    return [model for model in apps.get_models() if issubclass(model, Fact) or model is Entry]


def lay_guards(using: str = "default", **_: Any) -> None:
    """Create the triggers that are missing; doing it twice changes nothing."""
    connection = connections[using]
    postgres = connection.vendor == "postgresql"
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute(POSTGRES_FUNCTIONS.format(refusal=REFUSAL, sealed=SEALED))
        guard = POSTGRES_GUARD if postgres else SQLITE_GUARD
        for model in guarded_models():
            table = model._meta.db_table
            if table in present:
                for verb in ("update", "delete"):
                    cursor.execute(guard.format(table=table, verb=verb, refusal=REFUSAL))
        if {"treatment_act", "treatment_seal"} <= present:
            cursor.execute((POSTGRES_SEAL if postgres else SQLITE_SEAL).format(sealed=SEALED))


def missing_guards(using: str = "default") -> list[str]:
    """Names of triggers that should be there and are not."""
    connection = connections[using]
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {row[0] for row in cursor.fetchall()}
    wanted = {
        f"{model._meta.db_table}_no_{verb}"
        for model in guarded_models()
        for verb in ("update", "delete")
    }
    wanted |= trigger_names() | {"treatment_act_after_seal"}
    return sorted(wanted - present)
