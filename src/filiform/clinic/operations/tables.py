"""The database's tables: made at once where there are none, else brought up to date by steps."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model


def bring_up_to_date() -> None:
    """Create or change tables until they are those of this version, and lay the guards."""
    if _is_empty():
        _create_tables()
    # After _create_tables no step is left, but the signal goes out on which the guards are laid.
    call_command("migrate", verbosity=0, interactive=False)


def _is_empty() -> bool:
    """Whether the database holds no table of ours; those of others beside them don't count."""
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    ours.add(MigrationRecorder.Migration._meta.db_table)
    return ours.isdisjoint(connection.introspection.table_names())


def _create_tables() -> None:
    """Every table as the models are now, with all steps noted as taken.

    The steps lead to the same tables (tests/commands/test_tables_at_once.py compares them), but
    before each Django draws most models anew: twenty seconds of a processor against one. No row
    is there yet that a step could have to carry over.
    """
    tables: list[type[Model]] = [*apps.get_models(), MigrationRecorder.Migration]
    # One transaction: a start that is broken off leaves no tables without their notes, which
    # the next one would stumble over.
    with connection.schema_editor() as editor:
        for model in tables:
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        MigrationRecorder.Migration.objects.using(connection.alias).bulk_create(
            MigrationRecorder.Migration(app=app, name=name)
            for app, name in MigrationLoader(None).disk_migrations
        )
