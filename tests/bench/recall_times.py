"""How long a recall takes among a million needles.

    python -m tests.bench.recall_times [NEEDLES]

A clinic of that many needles in treatments of eight, each with a pack of eight; lots of 1,000
needles. The rows are written past the record's own ways, which would take hours; the query is the
clinic's. Each of twenty lots is looked up once, without a warm start.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from itertools import islice
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

NEEDLES = 1_000_000
A_VISIT, A_LOT, LOTS_ASKED = 8, 1_000, 20
BATCH = 20_000


def main() -> None:
    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

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
    from django.db import connection
    from django.utils import timezone

    from filiform.clinic.facts.models import new_id
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff import actions as staff
    from filiform.clinic.supplies.models import Lot, NeedleProduct, OpenedPack
    from filiform.clinic.treatment.models import Act, Treatment
    from filiform.clinic.visits.models import Visit

    now, day = timezone.now(), timezone.localdate()
    clinic = staff.found_organisation(name="Bench", file_prefix="B")
    site = staff.open_site(organisation=clinic, name="S", address="A", phone="1")
    by = staff.add_member(
        organisation=clinic,
        username="b",
        password=None,
        roles=frozenset({"practitioner"}),
        name="B",
    )
    product = NeedleProduct.objects.create(
        organisation=clinic, brand="B", diameter_mm=0.25, length_mm=40, needles_per_pack=A_VISIT
    )
    lots = [
        Lot.objects.create(organisation=clinic, product=product, number=f"L{n}", expires_on=day)
        for n in range(max(1, needles // A_LOT))
    ]
    common = {"organisation": clinic, "recorded_by": by, "recorded_at": now}
    patients = [
        Patient(organisation=clinic, file_number=f"B-{n}", given_name=f"P{n}", birth_date=day)
        for n in range(max(1, needles // 40))
    ]
    put(Patient, patients)

    def rows():
        for n in range(needles // A_VISIT):
            at = now - timedelta(minutes=n)
            patient, lot = patients[n % len(patients)], lots[n * A_VISIT // A_LOT % len(lots)]
            visit = Visit(organisation=clinic, site=site, patient=patient, practitioner=by,
                          planned_at=at, state="done")  # fmt: skip
            treatment = Treatment(**common, patient=patient, visit=visit, practitioner=by,
                                  started_at=at)  # fmt: skip
            pack = OpenedPack(**common, patient=patient, visit=visit, lot=lot, site=site,
                              act=new_id(), packs=1, needles=A_VISIT)  # fmt: skip
            told = {"pack": {"lot": str(lot.pk), "act": str(pack.act), "number": lot.number}}
            acts = [
                Act(**common, patient=patient, treatment=treatment, number=m, kind="insertion",
                    at=at, details={"diameter_mm": 0.25, "length_mm": 40.0, **told})
                for m in range(1, A_VISIT + 1)
            ]  # fmt: skip
            yield visit, treatment, pack, acts

    made, taken = rows(), 0
    while chunk := list(islice(made, BATCH // A_VISIT)):
        put(Visit, [row[0] for row in chunk])
        put(Treatment, [row[1] for row in chunk])
        put(OpenedPack, [row[2] for row in chunk])
        put(Act, [act for row in chunk for act in row[3]])
        taken += len(chunk) * A_VISIT
        print(f"\r{taken:,} needles", end="", flush=True)
    print(f" in {connection.vendor}")
    return [lot.pk for lot in lots]


def put(model, rows) -> None:
    """Many rows at once, past the chain: nobody verifies this clinic."""
    from django.db.models import QuerySet

    QuerySet(model).bulk_create(rows, batch_size=400)


def look_up(lots: list[UUID], needles: int) -> None:
    from filiform.clinic.recalls.finding import needles_of_lot, patients_of

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
