"""A clinic of 50,000 patients and 500,000 treatments, written straight into SQLite.

The rows have the shape and the volume of ten years of work (two million acts, one and a half
million settled checks, a million audit entries); texts are drawn from short lists. Nothing here
goes through the actions: at that size it would take hours. The hash chain is therefore not valid.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import NOT_PROVIDED


def names(text: str) -> list[str]:
    return text.split()


GIVEN = names(
    "Ahmed Ali Amna Asad Ayesha Bilal Bushra Danish Ehsan Fahad Faisal Farah Fatima Ghulam Hamza"
    " Hassan Hina Humaira Imran Iqra Jamil Junaid Kamran Khadija Kiran Laiba Mahnoor Maria Mehwish"
    " Muhammad Nadia Naveed Nida Omar Qasim Rabia Rashid Saad Sadia Saima Salman Sana Shahid Tahir"
    " Tariq Umar Usman Waqas Yasir Zainab Zara Zeeshan"
)
FAMILY = names(
    "Abbasi Afridi Ahmad Akhtar Ansari Awan Aziz Baig Bhatti Butt Chaudhry Dar Farooqi Gill Hashmi"
    " Hussain Iqbal Javed Kazmi Khan Khokhar Lodhi Malik Mehmood Mirza Mughal Nawaz Niazi Qureshi"
    " Raja Rana Raza Rizvi Saleem Shah Sheikh Siddiqui Tariq Warraich Yousaf Zaidi"
)
MUSCLES = ["trapezius-upper", "levator-scapulae", "infraspinatus", "gluteus-medius", "soleus"]


class Ids:
    """UUIDv7 as SQLite stores them, for any time, from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def at(self, moment: datetime) -> str:
        milliseconds = int(moment.timestamp() * 1000)
        bits = self.random.getrandbits(74)
        value = milliseconds << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & ((1 << 62) - 1)
        return f"{value:032x}"


class Writer:
    """Inserts dictionaries; what they leave out gets the model's default."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.execute("PRAGMA cache_size=-400000")

    def write(self, label: str, rows: Iterable[dict[str, Any]]) -> None:
        model = apps.get_model(label)
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        given = list(first)
        left_out = {
            field.column: _plain(field.get_default())
            for field in model._meta.concrete_fields
            if field.column not in first and field.column != "id"
        }
        columns = [*given, *left_out]
        defaults = tuple(left_out.values())
        statement = (
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))})"
        )
        self.connection.execute("BEGIN")
        values = ((*(row[name] for name in given), *defaults) for row in _chain(first, rows))
        self.connection.executemany(statement, values)
        self.connection.execute("COMMIT")

    def close(self) -> None:
        # No ANALYZE, as in a running clinic: over columns that are almost always NULL
        # (`replaces`) its statistics lead SQLite to scan where it should look up.
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()


def _chain(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _plain(value: Any) -> Any:
    if value is NOT_PROVIDED:
        return ""
    if callable(value):
        return None
    if isinstance(value, (list, dict)):
        return json.dumps(value)
    if isinstance(value, datetime):
        return stamp(value)
    return value


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def generate(
    path: Path,
    *,
    organisation: str,
    site: str,
    member: str,
    patients: int,
    treatments: int,
    now: datetime,
    terms_of: Any,
) -> list[str]:
    """Write the clinic; returns the patients' ids.

    terms_of: a patient's fields → the words to be found by.
    """
    chance = random.Random(20261122)
    ids = Ids(1)
    writer = Writer(path)
    start = now - timedelta(days=3650)
    people = []
    for number in range(patients):
        moment = start + (now - start) * (number / patients)
        people.append(
            {
                "id": ids.at(moment),
                "organisation_id": organisation,
                "file_number": f"MC-{number + 100_000:06d}",
                "given_name": chance.choice(GIVEN),
                "family_name": chance.choice(FAMILY),
                "sex": chance.choice(["female", "male"]),
                "birth_date": (
                    date(1940, 1, 1) + timedelta(days=chance.randrange(25000))
                ).isoformat(),
                "phone": f"+923{chance.randrange(10**8, 10**9):09d}",
                "registered_at": stamp(moment),
                "registered_by_id": member,
            }
        )
    writer.write("patients.Patient", people)
    writer.write(
        "patients.SearchTerm",
        (
            {"patient_id": person["id"], "organisation_id": organisation, "term": term}
            for person in people
            for term in terms_of(person)
        ),
    )
    common = {"organisation_id": organisation, "recorded_by_id": member}
    plan = _plan(chance, people, start, treatments)
    visits, done = [], []
    for moment, person in plan:
        visit = ids.at(moment)
        done.append((moment, person, visit, ids.at(moment + timedelta(minutes=5))))
        visits.append(
            {
                "id": visit,
                "organisation_id": organisation,
                "site_id": site,
                "patient_id": person["id"],
                "practitioner_id": member,
                "planned_at": stamp(moment),
                "state": "done",
                "arrived_at": stamp(moment),
                "created_at": stamp(moment),
                "ended_at": stamp(moment + timedelta(minutes=40)),
            }
        )
    writer.write("visits.Visit", visits)
    writer.write(
        "treatment.Treatment",
        (
            {
                "id": treatment,
                **common,
                "patient_id": person["id"],
                "visit_id": visit,
                "practitioner_id": member,
                "started_at": stamp(moment),
                "recorded_at": stamp(moment),
            }
            for moment, person, visit, treatment in done
        ),
    )
    writer.write(
        "assessment.Story",
        (
            {
                "id": ids.at(moment),
                **common,
                "patient_id": person["id"],
                "visit_id": visit,
                "complaint": "Neck and shoulder ache",
                "recorded_at": stamp(moment),
                "pain_now": chance.randrange(11),
                "pain_worst": chance.randrange(11),
                "pain_average": chance.randrange(11),
            }
            for moment, person, visit, _ in done
        ),
    )
    writer.write(
        "assessment.Target",
        (
            {
                "id": ids.at(moment),
                **common,
                "patient_id": person["id"],
                "visit_id": visit,
                "muscle": chance.choice(MUSCLES),
                "side": chance.choice(["left", "right"]),
                "atlas_release": "bench",
                "recorded_at": stamp(moment),
            }
            for moment, person, visit, _ in done
        ),
    )
    writer.write("treatment.Act", _acts(ids, common, done))
    writer.write(
        "treatment.Seal",
        (
            {
                "id": ids.at(moment),
                "organisation_id": organisation,
                "recorded_by_id": member,
                "treatment_id": treatment,
                "number": number,
                "previous_hash": "0" * 64,
                "content_hash": "0" * 64,
                "hash": "0" * 64,
                "signed_at": stamp(moment),
                "recorded_at": stamp(moment),
                "signed_by_id": member,
            }
            for number, (moment, _, _, treatment) in enumerate(done, start=1)
        ),
    )
    writer.write(
        "aftercare.Check",
        (
            {
                "id": ids.at(moment),
                "organisation_id": organisation,
                "patient_id": person["id"],
                "treatment_id": treatment,
                "hours": hours,
                "due_at": stamp(moment + timedelta(hours=hours)),
                "settled_at": stamp(moment + timedelta(hours=hours)),
                "urgency": "fine",
            }
            for moment, person, _, treatment in done
            for hours in (24, 72, 168)
        ),
    )
    writer.write(
        "audit.Entry",
        (
            {
                "id": ids.at(moment),
                "organisation_id": organisation,
                "by_id": member,
                "at": stamp(moment),
                "action": action,
                "patient_id": person["id"],
            }
            for moment, person, _, _ in done
            for action in ("saw-chart", "treatment-signed")
        ),
    )
    writer.close()
    return [person["id"] for person in people]


def _plan(
    chance: random.Random, people: list[dict[str, Any]], start: datetime, treatments: int
) -> list[tuple[datetime, dict[str, Any]]]:
    """When who was treated, in the order of time, up to the day before yesterday."""
    seconds = 3648 * 86400
    moments = sorted(chance.randrange(seconds) for _ in range(treatments))
    return [(start + timedelta(seconds=s), chance.choice(people)) for s in moments]


def _acts(ids: Ids, common: dict[str, Any], done: list[Any]) -> Iterator[dict[str, Any]]:
    """A needle in, a twitch, the needle out, the count: four acts a treatment."""
    for moment, person, _, treatment in done:
        needle = ids.at(moment)
        for minute, kind in enumerate(("insertion", "twitch", "removal", "count")):
            at = stamp(moment + timedelta(minutes=minute))
            yield {
                "id": needle if kind == "insertion" else ids.at(moment),
                **common,
                "patient_id": person["id"],
                "treatment_id": treatment,
                "kind": kind,
                "number": minute + 1,
                "at": at,
                "recorded_at": at,
                "needle_id": needle if kind in {"twitch", "removal"} else None,
            }
