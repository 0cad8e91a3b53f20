"""How long a recall takes among a million needles. On SQLite.

    python -m tests.bench.recall_times [NEEDLES]

A clinic of that many needles in treatments of eight, each with a pack of eight; lots of 1,000
needles. One lot with its 125 treatments is made through the models and copied in SQL, which takes
a minute and not an hour; the query is the clinic's. Twenty lots are looked up once each.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from itertools import count
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()  # before what it makes possible

from django.db import connection  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from filiform.clinic.patients.models import Patient  # noqa: E402
from filiform.clinic.recalls.finding import needles_of_lot, patients_of  # noqa: E402
from filiform.clinic.staff import actions as staff  # noqa: E402
from filiform.clinic.supplies.models import Lot, NeedleProduct, OpenedPack  # noqa: E402
from filiform.clinic.treatment.models import Act, Treatment  # noqa: E402
from filiform.clinic.visits.models import Visit  # noqa: E402

NEEDLES = 1_000_000
A_VISIT, A_LOT, LOTS_ASKED = 8, 1_000, 20
COPIED = (Lot, Patient, Visit, Treatment, OpenedPack, Act)
END = "deadbeef"
"""The last digits of every id of the one lot; no other id ends so."""


def main() -> None:
    needles = int(sys.argv[1]) if len(sys.argv) > 1 else NEEDLES
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    try:
        lots = fill(needles)
        connection.cursor().execute("ANALYZE")
        look_up(lots, needles)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def fill(needles: int) -> list[UUID]:
    """Answers the ids of the lots."""
    lot = one_lot()
    end = lot.pk.hex[-8:]
    lots = [lot.pk]
    with connection.cursor() as cursor:
        for model in COPIED:
            table = model._meta.db_table
            cursor.execute(f"CREATE TEMP TABLE one_{table} AS SELECT * FROM {table}")
    for copy in range(1, needles // A_LOT):
        lots.append(copied(lot.pk, end, f"{copy:08x}"))
    print(f"{len(lots) * A_LOT:,} needles")
    return lots


def one_lot() -> Lot:
    """A lot of A_LOT needles with everything that hangs on it. All ids end in the same digits, so
    that a copy is made by exchanging these."""
    now, day = timezone.now(), timezone.localdate()
    clinic = staff.found_organisation(name="Bench", file_prefix="B")
    site = staff.open_site(organisation=clinic, name="S", address="A", phone="1")
    by = staff.add_member(
        organisation=clinic,
        username="b",
        password=None,
        name="B",
        roles=frozenset({"practitioner"}),
    )
    product = NeedleProduct.objects.create(
        organisation=clinic, brand="B", diameter_mm=0.25, length_mm=40, needles_per_pack=A_VISIT
    )
    number = count()
    key = lambda: UUID(f"{next(number):024x}{END}")  # noqa: E731
    common = {"organisation": clinic, "recorded_by": by, "recorded_at": now}
    lot = Lot(pk=key(), organisation=clinic, product=product, number="L", expires_on=day)
    patients = [
        Patient(pk=key(), organisation=clinic, file_number=f"B-{n}", given_name=f"P{n}",
                birth_date=day)
        for n in range(A_LOT // 40)
    ]  # fmt: skip
    rows = {Lot: [lot], Patient: patients, Visit: [], Treatment: [], OpenedPack: [], Act: []}
    for n in range(A_LOT // A_VISIT):
        at, patient = now - timedelta(minutes=n), patients[n % len(patients)]
        visit = Visit(pk=key(), organisation=clinic, site=site, patient=patient, practitioner=by,
                      planned_at=at, state="done")  # fmt: skip
        treatment = Treatment(pk=key(), **common, patient=patient, visit=visit, practitioner=by,
                              started_at=at)  # fmt: skip
        pack = OpenedPack(pk=key(), **common, patient=patient, visit=visit, lot=lot, site=site,
                          act=key(), packs=1, needles=A_VISIT)  # fmt: skip
        told = {"pack": {"lot": str(lot.pk), "act": str(pack.act), "number": lot.number}}
        rows[Visit].append(visit)
        rows[Treatment].append(treatment)
        rows[OpenedPack].append(pack)
        rows[Act] += [
            Act(pk=key(), **common, patient=patient, treatment=treatment, number=m,
                kind="insertion", at=at, details={"diameter_mm": 0.25, "length_mm": 40.0, **told})
            for m in range(1, A_VISIT + 1)
        ]  # fmt: skip
    for model, some in rows.items():
        QuerySet(model).bulk_create(some, batch_size=200)  # past the chain: nobody verifies it
    return lot


def copied(lot: UUID, end: str, other: str) -> UUID:
    """Copy the lot and everything on it; ids and texts get `other` where `end` stands."""
    with connection.cursor() as cursor:
        for model in COPIED:
            fields = model._meta.concrete_fields
            names = ", ".join(f'"{field.column}"' for field in fields)
            values = ", ".join(_value(field, end, other) for field in fields)
            table = model._meta.db_table
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM one_{table}")
    return UUID(lot.hex[:-8] + other)


def _value(field, end: str, other: str) -> str:
    column = f'"{field.column}"'
    kind = (field.target_field if field.is_relation else field).get_internal_type()
    if kind in ("UUIDField", "JSONField"):
        return f"replace({column}, '{end}', '{other}')"
    return f"{column} || '-{other}'" if field.name == "file_number" else column


def look_up(lots: list[UUID], needles: int) -> None:
    took, worked, found = [], [], 0
    for key in lots[:: max(1, len(lots) // LOTS_ASKED)][:LOTS_ASKED]:
        began, work = time.perf_counter(), time.process_time()
        patients = patients_of(needles_of_lot(key))
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - work))
        found += sum(one.count for one in patients)
    took.sort()
    worked.sort()
    print(
        f"{needles:,} needles, {len(lots):,} lots: {found // len(took):,} needles of a lot, "
        f"p50 {took[len(took) // 2]:.0f} ms, p95 {took[int(0.95 * len(took))]:.0f} ms; "
        f"of the processor's time p50 {worked[len(worked) // 2]:.0f} ms"
    )


if __name__ == "__main__":
    main()
