"""Checks on the busiest day: 50,000 that fall due, made and listed.

    python -m tests.bench.checks_due

Prints how long planning the checks of one treatment takes (with its transaction and audit), how
long 50,000 rows take to be made, and the worklist's times over them, each beside a yardstick of the
same run (one row by its key), for the absolute figures of a busy machine say little.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta

CHECKS, ROUNDS, PLANNED = 50_000, 100, 40


def main() -> int:
    os.environ.setdefault("FILIFORM_DEMO", "yes")
    os.environ["FILIFORM_DATA"] = tempfile.mkdtemp(prefix="filiform-checks-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filiform.clinic.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from filiform.clinic.aftercare import actions, queries
    from filiform.clinic.aftercare.models import Check
    from filiform.clinic.demo.clinic import load
    from filiform.clinic.staff.models import Member
    from filiform.clinic.treatment.models import Treatment

    call_command("migrate", verbosity=0)
    load()
    now = timezone.now()
    template = Treatment.objects.filter(checks__isnull=False).select_related("visit").first()
    assert template is not None
    treatments = _treatments(template, CHECKS, now)
    some = treatments[:PLANNED]
    begun = time.perf_counter()
    for treatment in some:
        actions.plan_checks(by=template.practitioner, treatment=treatment)
    planned_ms = (time.perf_counter() - begun) * 1000 / len(some)
    begun = time.perf_counter()
    Check.objects.bulk_create(
        [
            Check(
                treatment=treatment, hours=24, organisation=template.organisation,
                patient=template.patient, owner=template.practitioner, over_lung=number % 5 == 0,
                due_at=now + timedelta(seconds=86_400 * (number / CHECKS - 0.5)),
            )
            for number, treatment in enumerate(treatments[PLANNED:])
        ],
        batch_size=500,
    )  # fmt: skip
    made_s = time.perf_counter() - begun
    one = Check.objects.first()
    member = Member.objects.get(pk=template.practitioner_id)
    key = _times(lambda: Check.objects.get(pk=one.pk if one else None))
    print(f"plan_checks: {planned_ms:.1f} ms a treatment; {len(treatments)} rows in {made_s:.1f} s")
    for when in ("overdue", "today", "week"):
        found = _times(lambda when=when: queries.worklist(member, now=now, when=when))
        print(
            f"worklist {when}: median {found[0]:.2f} ms, p95 {found[1]:.2f} ms "
            f"({found[1] / key[1]:.1f} x one row by its key, p95 {key[1]:.2f} ms)"
        )
    return 0


def _times(call) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds of processor time: other programs of the machine
    are no part of it, and SQLite reads in this very thread."""
    found = []
    for _ in range(ROUNDS):
        begun = time.thread_time()
        call()
        found.append((time.thread_time() - begun) * 1000)
    return statistics.median(found), statistics.quantiles(found, n=20)[-1]


def _treatments(template, many, now) -> list:
    """So many treatments of one patient; rows as `needled` in the tests would leave them, without
    needles but for the first few."""
    from filiform.clinic.treatment.models import Act, Treatment
    from filiform.clinic.visits.models import Visit

    house = {"organisation": template.organisation, "patient": template.patient}
    visits = [
        Visit(**house, site=template.visit.site, practitioner=template.practitioner, planned_at=now)
        for _ in range(many + PLANNED)
    ]
    Visit.objects.bulk_create(visits, batch_size=500)
    treatments = [
        Treatment(**house, visit=visit, practitioner=template.practitioner, started_at=now)
        for visit in visits
    ]
    Treatment.objects.bulk_create(treatments, batch_size=500)
    target = template.acts.filter(kind="insertion").first().target
    for treatment in treatments[:PLANNED]:
        Act.objects.create(
            **house, treatment=treatment, number=1, kind="insertion", at=now, target=target
        )
    return treatments


if __name__ == "__main__":
    sys.exit(main())
