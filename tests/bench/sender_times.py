"""One round of the sender of messages, in a clinic with ten years of messages behind it. On SQLite.

    python -m tests.bench.sender_times

`filiform send` makes a round every five seconds, day and night: what a round costs is paid whether
or not there is anything to send. 200,000 visits, 600,000 settled checks, 1,200,000 messages
that are done (one in thirty failed, one in fifty waits for a hand that nobody lent), 300,000
scores, and reminders of exercises that 4,000 patients wished for. Nothing is due: rounds are made
until none adds a message.

Prints the processor time of a round, of each source by itself, and of what pages and other rooms
ask of the messages, beside a yardstick of the same
run (one row by its key), for the absolute figures of a busy machine say little; and the steps of
SQLite's machine, which no other program changes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.bench.figures import ROOT

ROUNDS, KEYS = 15, 200
STATE = """CASE WHEN n % 30 = 7 THEN 'failed' WHEN kind = 'scores' AND n % 9 = 2 THEN 'by-hand'
WHEN n % 5 = 0 THEN 'sent' WHEN n % 5 = 1 THEN 'delivered' WHEN n % 5 = 2 THEN 'stopped'
ELSE 'answered' END"""
NEW_ID = "lower(hex(randomblob(16)))"


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--patients", type=int, default=20_000)
    words.add_argument("--visits", type=int, default=200_000)
    words.add_argument("--folder", type=Path, default=ROOT / "data" / "bench" / "sender")
    args = words.parse_args()
    os.environ["FILIFORM_DUTY_PHONE"] = "+923000000000"
    from tests.bench.server_times import set_up

    size = set_up(SimpleNamespace(**vars(args), treatments=args.visits, many=1000))  # type: ignore[arg-type]
    from django.conf import settings
    from django.db import connection
    from django.db.models import Count
    from django.utils import timezone
    from tests.bench.folder import open_folder
    from tests.clinic.plans import steps

    from filiform.clinic.booking import changes, desk
    from filiform.clinic.patient_page import messages
    from filiform.clinic.sending import actions, queries, worker
    from filiform.clinic.sending.composing import SOURCES
    from filiform.clinic.sending.models import Outgoing
    from filiform.clinic.sending.setup import Setup
    from filiform.clinic.staff.models import Organisation

    _folder, _is_new = open_folder(size)
    if not Outgoing.objects.exists():
        connection.close()
        _fill(settings.DATABASES["default"]["NAME"])
    states = Outgoing.objects.values_list("state").annotate(many=Count("pk")).order_by("state")
    before: list[Any] = []
    while before != (before := list(states.all())):
        now = timezone.now()
        worker.round_of_work(now=now)
    one = Outgoing.objects.values_list("pk", flat=True).first()
    key = _ms(lambda: Outgoing.objects.get(pk=one), KEYS)
    print(f"{Outgoing.objects.count():,} messages; one row by its key {key:.3f} ms")
    print(f"{'':34} {'median':>10} {'rows by key':>12} {'steps':>12}")
    asked: list[tuple[str, Callable[[], Any]]] = [
        ("the round", lambda: worker.round_of_work(now=now)),
        ("give_up_cut_off", lambda: actions.give_up_cut_off(now=now)),
        ("due", lambda: queries.due(now)),
    ]
    asked += [
        (f"{source.__module__.split('.', 2)[2]}.{source.__name__}", lambda s=source: s(now))
        for source in SOURCES
    ]
    house, capped = Organisation.objects.get(), Setup(cost_cap=10**9)
    asked += [
        ("at each look at Today", lambda: changes.calls_open(house.pk, now)),
        ("at the desk's list", lambda: desk.undelivered(house, now)),
        ("at an answer by SMS", lambda: messages._who_answers("+923000")),
        (
            "at each SMS with a cost cap",
            lambda: actions.cap_reached(Outgoing(organisation=house), 1, capped, now),
        ),
    ]
    for name, ask in asked:
        took = _ms(ask, ROUNDS)
        print(f"{name:34} {took:7.2f} ms {took / key:12.1f} {steps(ask):12,}")
    return 0


def _ms(ask: Callable[[], Any], rounds: int) -> float:
    """Median of processor time: other programs of the machine are no part of it, and SQLite reads
    in this very thread. The first, in which Django makes its texts, counts for nothing."""
    ask()
    times = []
    for _ in range(rounds):
        begun = time.thread_time()
        ask()
        times.append(1000 * (time.thread_time() - begun))
    return statistics.median(times)


def _fill(path: str) -> None:
    """The messages about what the generated clinic has, scores at half of the visits' ends twice,
    and wishes to be reminded."""
    from tests.bench.bulk import BulkWriter

    numbered = "(SELECT row_number() OVER () AS n, * FROM {table})"
    with BulkWriter(path) as writer:
        for kinds, table, at in (
            (("check",), "aftercare_check", "due_at"),
            (("booked", "remind", "scores"), "visits_visit", "planned_at"),
        ):
            writer.table(f"{kinds[0]}_kind", "kind", [(kind,) for kind in kinds])
            writer.fill(
                "sending.Outgoing",
                {
                    "id": NEW_ID,
                    "organisation_id": "organisation_id",
                    "patient_id": "patient_id",
                    "kind": "kind",
                    "subject": "id",
                    "once": "kind || ' ' || id || ' 1'",
                    "channel": "'sms'",
                    "to": "'+92300' || (n % 20000)",
                    # A message that is about what lies ahead would stand in the round itself.
                    "state": f"iif({at} > datetime('now', '-30 days'), 'answered', {STATE})",
                    "made_at": at,
                    "state_at": at,
                    "not_before": at,
                    "cost": "n % 3",
                },
                f"{numbered.format(table=table)} CROSS JOIN {kinds[0]}_kind ORDER BY {at}",
            )
        writer.table("measure", "scale", [("nprs",), ("psfs",)])
        visits = "(SELECT row_number() OVER () AS n, * FROM visits_visit WHERE ended_at NOT NULL)"
        fact = {
            "id": NEW_ID,
            "organisation_id": "organisation_id",
            "recorded_by_id": "NULL",
            "patient_id": "patient_id",
        }
        writer.fill(
            "progress.OutcomeScore",
            {**fact, "recorded_at": "ended_at", "scale": "scale", "taken_at": "ended_at",
             "value": "n % 11"},
            f"{visits} CROSS JOIN measure WHERE n % 4 != 3",
        )  # fmt: skip
        writer.fill(
            "patient_page.ExerciseReminder",
            {**fact, "recorded_at": "registered_at", "patient_id": "id", "at_hour": "8 + n % 13"},
            "(SELECT row_number() OVER () AS n, * FROM patients_patient) WHERE n % 5 = 0",
        )


if __name__ == "__main__":
    sys.exit(main())
