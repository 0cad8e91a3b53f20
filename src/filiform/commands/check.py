"""`filiform check`: is the record whole, is the database guarded, is our own data sound?"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from filiform.commands import application
from filiform.commands.errors import InputError
from filiform.words import counted

CheckLine = tuple[str, list[str]]
"""What was checked, and what is wrong with it; an empty list is good news."""

NO_KEY = """note   the clinic's key is not here: links written without it can't be told apart
       (docs/how-to/hand-out-a-digest.md)"""

NOT_PROVED = (
    "that the chain's end was not cut off together with its rows, or an older backup put in place: "
    "filiform digest --verify with a digest that was handed out",
    "that nobody rewrote the record who has the clinic's key too: a digest that was handed out",
    "that what was recorded is true, and entered by the person whose account it was",
)
"""What no check within the database can show; docs/explanation/seals.md says more."""


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "check",
        help="verify the record, the database and the data that Filiform ships",
        description="Compare every row of the record with the chain it stands in and every signed "
        "treatment with its seal, look for missing guards and broken references, and load the "
        "atlas, the rules and the sentences. Exit status 1 when anything is wrong. What the chain "
        "can't prove: docs/explanation/seals.md.",
    )
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    # Tightened first, it could no longer say who was able to read the files until now.
    application.start(tightens=False)
    from filiform.clinic.facts.keys import KeyFileError

    try:
        findings = list(_findings(say=not args.json))
    except KeyFileError as error:
        raise InputError(str(error)) from None
    bad = sum(len(problems) for _, problems in findings)
    if args.json:
        checks = [{"check": name, "problems": problems} for name, problems in findings]
        print(json.dumps({"checks": checks, "not_proved": NOT_PROVED}))
    else:
        print(f"\n{counted(bad, 'problem') if bad else 'No problems found'}.")
        print("\nNot proved by this:", *NOT_PROVED, sep="\n- ")
    return 1 if bad else 0


def _findings(*, say: bool) -> Iterator[CheckLine]:
    missing = application.missing_migrations()
    yield _told("migrations", missing, say=say)
    # Without its tables no other question could be answered.
    if missing:
        return
    from filiform.clinic.operations.verifying import checking

    with checking() as check:
        if say and not check.with_marks:
            print(NO_KEY)
        checks = (
            # The slow ones last, so that what is soon known is soon said.
            ("guards", _guards),
            ("shipped data", _shipped),
            ("database file", check.database),
            ("who may read the files", _modes),
            ("looks that wait", _waiting),
            ("every row", check.chain),
            ("signed treatments", check.signed),
        )
        for name, answer in checks:
            yield _told(name, answer(), say=say)


def _told(name: str, problems: list[str], *, say: bool) -> CheckLine:
    if say:
        # At once: over millions of rows the last check takes minutes.
        print(f"{'ok' if not problems else 'WRONG':6} {name}", flush=True)
        for problem in problems:
            print(f"       {problem}")
    return name, problems


def _modes() -> list[str]:
    from django.conf import settings

    from filiform.clinic.operations.modes import too_open

    return too_open(settings.DATA_FOLDER, application.database_file())


def _waiting() -> list[str]:
    """What the audit could not take when it was to be written."""
    from filiform.clinic.facts.spool import waiting

    return [
        f"{path} holds {counted(number, 'look')} at patients' pages that the record could not "
        "take (was the disk full?): make room; the next page that is opened writes them"
        for path, number in waiting()
    ]


def _guards() -> list[str]:
    from filiform.clinic.facts.triggers import missing_guards

    return [
        f"the trigger {name} is missing or altered: run filiform migrate"
        for name in missing_guards()
    ]


def _shipped() -> list[str]:
    from filiform.anatomy import atlas
    from filiform.anatomy.zones import zone_matrix
    from filiform.reasons import sentences
    from filiform.screening import rules

    problems = []
    # Each by itself: the first that is defective must not hide the others.
    for load in (atlas, zone_matrix, rules, sentences):
        try:
            load()
        except ValueError as error:
            problems.append(str(error))
    return problems
