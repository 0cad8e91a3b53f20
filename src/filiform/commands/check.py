"""`filiform check`: is the record whole, is the database guarded, is our own data sound?"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from filiform.commands import application
from filiform.words import counted

Finding = tuple[str, list[str]]
"""What was checked, and what is wrong with it; an empty list is good news."""


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "check",
        help="verify the record, the database and the data that Filiform ships",
        description="Recompute the hash chain over all signed treatments, look for missing "
        "guards and broken references, and load the atlas, the rules and the sentences. "
        "Exit status 1 when anything is wrong.",
    )
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start(tightens=False)
    findings = list(_findings(say=not args.json))
    bad = sum(len(problems) for _, problems in findings)
    if args.json:
        print(json.dumps({"checks": [{"check": c, "problems": p} for c, p in findings]}))
    else:
        print(f"\n{counted(bad, 'problem') if bad else 'No problems found'}.")
    return 1 if bad else 0


def _findings(*, say: bool) -> Iterator[Finding]:
    checks = (
        ("migrations", application.missing_migrations),
        ("database file", _database),
        ("who may read the files", _modes),
        ("guards", _guards),
        ("signed treatments", _chain),
        ("shipped data", _shipped),
    )
    for name, check in checks:
        problems = check()
        if say:
            print(f"{'ok' if not problems else 'WRONG':6} {name}")
            for problem in problems:
                print(f"       {problem}")
        yield name, problems
        if name == "migrations" and problems:
            return


def _database() -> list[str]:
    """SQLite's own checks; PostgreSQL checks its pages and references itself."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        problems = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        problems += [
            f"{table}: a row points at {parent}, which is gone"
            for table, _, parent, _ in cursor.fetchall()
        ]
    return problems


def _modes() -> list[str]:
    from django.conf import settings

    from filiform.clinic.operations.modes import too_open

    return too_open(settings.DATA_FOLDER, application.database_file())


def _guards() -> list[str]:
    from filiform.clinic.facts.triggers import missing_guards

    return [f"the trigger {name} is missing: run filiform migrate" for name in missing_guards()]


def _chain() -> list[str]:
    from filiform.clinic.staff.models import Organisation
    from filiform.clinic.treatment.seals import verify

    return [
        f"{organisation.name}: {problem}"
        for organisation in Organisation.objects.all()
        for problem in verify(organisation)
    ]


def _shipped() -> list[str]:
    from filiform.anatomy import atlas
    from filiform.anatomy.zones import zone_matrix
    from filiform.reasons import sentences
    from filiform.screening import rules

    problems = []
    for load in (atlas, zone_matrix, rules, sentences):
        try:
            load()
        except ValueError as error:
            problems.append(str(error))
    return problems
