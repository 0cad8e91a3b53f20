"""The version of a record: rises with every write about a patient, or about the clinic.

What a page shows is kept under the version it was composed from. The versions are raised by the
database itself, in triggers on every table of the record, because a page that is shown as it was
before the last write can harm: no action, command or hand at the database can forget them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import connections, models
from django.db.models import Q, QuerySet

from filiform.clinic.facts.models import Entry, RecordVersion
from filiform.clinic.facts.prepared import prepared

VERBS = ("insert", "update", "delete")

NOT_SHOWN = frozenset(
    {
        "record.recordversion",
        "record.recordlink",
        "record.draft",
        "web.draft",
        "patients.searchterm",
        # The queue stands on one page, which is composed at every look; it moves all day.
        "sending.outgoing",
        # Links and phones stand on one page of staff alone, which is composed at every look.
        "patient_page.patientlink",
        "patient_page.patientdevice",
        "patient_page.patientcode",
        # So do these: the desk's page of bookings and the pages behind links are never kept.
        "booking.bookinglink",
        "booking.waitingwish",
        "booking.waitingoffer",
        "correspondence.letterlink",
        # Half-told answers stand on no page of staff.
        "patient_page.preparation",
    }
)
"""Tables from which no page shows anything that is kept."""

ONLY_ACTIVITY = frozenset({"frontdoor", "cds"})
"""Rows without a patient that are no part of what the clinic is."""

STANDS_ON_PAGES = frozenset({"frontdoor.publictext", "frontdoor.photograph"})
"""Of these rooms the rows that every page of the clinic's may show all the same."""

UNSEEN_COLUMNS = {
    "staff.organisation": frozenset({"next_file_number"}),
    "staff.member": frozenset({"password", "pin_hash", "last_login", "sessions_mark"}),
}
"""Columns that change often and stand on no page."""


class Version(NamedTuple):
    """number rises by one with each write; mark is random and makes it unmistakable."""

    number: int
    mark: int


NEVER_WRITTEN = Version(0, 0)


class Versions(NamedTuple):
    """What a page about one patient rests on."""

    patient: Version
    organisation: Version


@prepared
def _rows(patient: UUID, organisation: UUID) -> QuerySet[RecordVersion, tuple[UUID, int, int]]:
    return RecordVersion.objects.filter(Q(subject=patient) | Q(subject=organisation)).values_list(
        "subject", "version", "mark"
    )


@prepared
def _activity(organisation: UUID) -> QuerySet[RecordVersion, tuple[int, int]]:
    return RecordVersion.objects.filter(subject=organisation).values_list(
        "activity", "activity_mark"
    )


def versions_of(patient: UUID, organisation: UUID) -> Versions:
    """Read them before what is composed from them: written meanwhile, the page is composed again
    at the next look; the other way round it would be kept as newer than it is."""
    found: dict[UUID, Version] = {
        subject: Version(number, mark) for subject, number, mark in _rows(patient, organisation)
    }
    return Versions(found.get(patient, NEVER_WRITTEN), found.get(organisation, NEVER_WRITTEN))


def organisation_version(organisation: UUID) -> Version:
    """What an organisation is and who works there."""
    return versions_of(organisation, organisation).organisation


def activity_of(organisation: UUID) -> Version:
    """The version of everything in the organisation together."""
    rows = _activity(organisation)
    return Version(*rows[0]) if rows else NEVER_WRITTEN


def patient_versions(patients: list[UUID]) -> dict[UUID, Version]:
    """Patient → version; those never written are left out."""
    rows = RecordVersion.objects.filter(subject__in=patients)
    return {
        subject: Version(number, mark)
        for subject, number, mark in rows.values_list("subject", "version", "mark")
    }


# --- triggers -------------------------------------------------------------------------------------

SQLITE_RAISE = """
CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} BEGIN
{raises}
END
"""
POSTGRES_RAISE = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN
{raises}
RETURN NULL; END; $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()
"""
# The WHERE is needed, too, where nothing can be NULL: without one SQLite takes the ON of
# ON CONFLICT for that of a join.
RAISE = """\
  INSERT INTO record_version (subject, version, mark, activity, activity_mark)
  SELECT {subject}, 1, {random}, 0, 0 WHERE {subject} IS NOT NULL
  ON CONFLICT (subject) DO UPDATE
  SET version = record_version.version + 1, mark = excluded.mark;
"""
FILES = "patients_filemerge"
"""Which files are one person's (`patients.FileMerge`)."""

RAISE_OTHER_FILES = f"""\
  INSERT INTO record_version (subject, version, mark, activity, activity_mark)
  SELECT other, 1, {{random}}, 0, 0 FROM (
    SELECT kept_id AS other FROM {FILES} WHERE patient_id = {{subject}}
    UNION SELECT patient_id FROM {FILES} WHERE kept_id = {{subject}}
    UNION SELECT beside.patient_id FROM {FILES} AS own JOIN {FILES} AS beside
      ON beside.kept_id = own.kept_id WHERE own.patient_id = {{subject}}
  ) AS files WHERE other <> {{subject}}
  ON CONFLICT (subject) DO UPDATE
  SET version = record_version.version + 1, mark = excluded.mark;
"""  # noqa: S608
"""Pages about one file of a person show what stands in the others. Merges that were taken apart
count, too: a version that rises for nothing costs a page composed anew, and whether a merge holds
would have to be asked with every write."""

RAISE_ACTIVITY = """\
  INSERT INTO record_version (subject, version, mark, activity, activity_mark)
  SELECT {subject}, 0, 0, 1, {random} WHERE {subject} IS NOT NULL
  ON CONFLICT (subject) DO UPDATE
  SET activity = record_version.activity + 1, activity_mark = excluded.activity_mark;
"""


def counted_models() -> list[type[models.Model]]:
    """Models whose rows belong to an organisation's record."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("filiform.")
        and model is not Entry  # who looked is no part of what is seen
        and not {model._meta.label_lower, model._meta.app_label} & NOT_SHOWN
        and ("organisation" in _names(model) or model._meta.label_lower == "staff.organisation")
    ]


def lay_versions(using: str = "default", **_: Any) -> None:
    """Create the triggers that are missing; doing it twice changes nothing."""
    connection = connections[using]
    postgres = connection.vendor == "postgresql"
    present = set(connection.introspection.table_names())
    # Early in a migration from nothing the tables that the triggers write to are not there yet.
    if not {RecordVersion._meta.db_table, FILES} <= present:
        return
    with connection.cursor() as cursor:
        for model in counted_models():
            if model._meta.db_table in present:
                for statement in _statements(model, postgres=postgres):
                    cursor.execute(statement)


def lift_versions(using: str = "default", plan: Any = (), **_: Any) -> None:
    """Before tables are rebuilt: SQLite refuses to rename one that a trigger elsewhere reads."""
    if not plan or connections[using].vendor != "sqlite":
        return
    with connections[using].cursor() as cursor:
        for name in sorted(trigger_names()):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def trigger_names() -> set[str]:
    return {
        f"{model._meta.db_table}_version_{verb}" for model in counted_models() for verb in VERBS
    }


def _statements(model: type[models.Model], *, postgres: bool) -> Iterator[str]:
    table, label = model._meta.db_table, model._meta.label_lower
    unseen = UNSEEN_COLUMNS.get(label, frozenset())
    columns = [one.column for one in model._meta.concrete_fields if one.column not in unseen]
    # PostgreSQL's lies between 0 and 1, and a bigint ends at 9.2e18; SQLite's is one already.
    random = "(random() * 9e18)::bigint" if postgres else "random()"
    for verb in VERBS:
        row = "OLD" if verb == "delete" else "NEW"
        event = f"UPDATE OF {', '.join(columns)}" if verb == "update" and unseen else verb.upper()
        raises = "".join(
            text.format(subject=subject, random=random) for text, subject in _raised(model, row)
        )
        form = POSTGRES_RAISE if postgres else SQLITE_RAISE
        yield form.format(name=f"{table}_version_{verb}", event=event, table=table, raises=raises)


def _raised(model: type[models.Model], row: str) -> Iterator[tuple[str, str]]:
    """Which versions a row raises: (text, subject)."""
    label = model._meta.label_lower
    if label == "staff.organisation":
        yield RAISE, f"{row}.id"
        yield RAISE_ACTIVITY, f"{row}.id"
        return
    patient = _patient(model, row)
    if patient:
        yield RAISE, patient
        yield RAISE_OTHER_FILES, patient
    elif label in STANDS_ON_PAGES or not {label, model._meta.app_label} & ONLY_ACTIVITY:
        yield RAISE, f"{row}.organisation_id"
    yield RAISE_ACTIVITY, f"{row}.organisation_id"


def _patient(model: type[models.Model], row: str) -> str:
    """Whom a row is about, as SQL; "" for what is about nobody."""
    names = _names(model)
    if model._meta.label_lower == "patients.patient":
        return f"{row}.id"
    if "patient" in names:
        return f"{row}.patient_id"
    if "treatment" in names:
        treatment = f"{row}.treatment_id"
        return f"(SELECT patient_id FROM treatment_treatment WHERE id = {treatment})"  # noqa: S608
    return ""


def _names(model: type[models.Model]) -> set[str]:
    return {one.name for one in model._meta.concrete_fields}
