"""The restore drill: copy the clinic while it is used, restore the copy elsewhere, check it, start
it, and compare it with the clinic.

What is compared. A copy is the record of one moment, shortly after the backup begins. Whatever was
acknowledged before then has to be in it: the chain of each clinic passes through its link of the
beginning, no table holds fewer rows, and what is missing is the *loss*. What is recorded while the
copy is made is told apart (`written_meanwhile`): the clinic has it, this copy can't.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from filiform import __version__
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.stored import Stored
from filiform.clinic.facts.triggers import missing_guards
from filiform.clinic.operations import links
from filiform.clinic.operations.copies import CopyError, copy_database, instead
from filiform.clinic.operations.rehearsal import Rehearsal, ask
from filiform.clinic.operations.writers import Writers, missing
from filiform.clinic.staff.models import Organisation
from filiform.clinic.treatment.course import course_of
from filiform.clinic.treatment.models import Act, Seal
from filiform.clinic.treatment.seals import last_seal, verify_part
from filiform.words import counted

FORMAT = "filiform-drill-1"
FOLDER = "drills"
"""Of the data folder: the reports."""
COUNTED = {
    "patients": "patients_patient",
    "visits": "visits_visit",
    "treatments": "treatment_treatment",
    "acts": "treatment_act",
    "seals": "treatment_seal",
    "audit entries": "audit_entry",
}
"""Tables that only grow."""


class Step(msgspec.Struct, frozen=True):
    name: str
    seconds: float
    said: str


class Rows(msgspec.Struct, frozen=True):
    """How many rows of one kind: when the backup began, in the copy, when the backup had ended."""

    begin: int
    copy: int
    end: int


class ClinicLinks(msgspec.Struct, frozen=True):
    """Number of the last link of one clinic's chain, at the same three moments."""

    organisation: UUID
    name: str
    begin: int
    copy: int
    end: int


class DrillReport(msgspec.Struct):
    """What a drill found. loss: rows that were acknowledged before the backup began and are not in
    the restored clinic; None when it did not come that far. back_after_s: from the copy to the
    first page, which is how long a clinic would be without its record."""

    begun_at: datetime
    engine: str
    release: str
    python: str
    passed: bool = False
    loss: int | None = None
    written_meanwhile: int | None = None
    copy_bytes: int = 0
    total_s: float = 0.0
    back_after_s: float | None = None
    writers: int = 0
    acts_by_writers: int = 0
    steps: list[Step] = []
    rows: dict[str, Rows] = {}
    clinics: list[ClinicLinks] = []
    problems: list[str] = []
    format: str = FORMAT


class RecordExtent(NamedTuple):
    """Where a record stands: rows by kind; clinic → number and hash of its chain's last link."""

    rows: dict[str, int]
    heads: dict[UUID, tuple[int, bytes]]


class _Watch:
    """Times the steps, and tells each as it is done."""

    def __init__(self, report: DrillReport, tell: Callable[[Step], None]) -> None:
        self.report, self.tell = report, tell

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Gives a list for what there is to say."""
        said: list[str] = []
        begun = time.monotonic()
        try:
            yield said
        finally:
            done = Step(name, round(time.monotonic() - begun, 2), "; ".join(said))
            self.report.steps.append(done)
            self.tell(done)


def rehearse(
    folder: Path, *, keeps: bool, port: int = 0, writers: int = 0, tell: Callable[[Step], None]
) -> DrillReport:
    """Do the drill in `folder`, which is made, and gone afterwards unless `keeps`. The clinic
    itself is only read, unless `writers` invent acts in it. What fails stands in the report's
    problems.

    Raises NoNeedleInError when there are to be writers and no treatment to write into.
    """
    report = DrillReport(
        begun_at=timezone.now(),
        engine=connection.vendor,
        release=__version__,
        python=platform.python_version(),
        writers=writers,
    )
    # Before anything is timed: it may refuse.
    writing = Writers(writers) if writers else None
    folder.mkdir()
    place = Rehearsal(folder)
    begun = time.monotonic()
    try:
        _go_through(report, _Watch(report, tell), place, writing, port)
    except (CopyError, DatabaseError, OSError) as error:
        report.problems.append(str(error).strip().splitlines()[0])
    finally:
        if writing:
            _account_for(report, writing)
        if not keeps:
            place.remove()
        report.total_s = round(time.monotonic() - begun, 2)
        report.passed = not report.problems and report.loss == 0
    return report


def _go_through(
    report: DrillReport, watch: _Watch, place: Rehearsal, writing: Writers | None, port: int
) -> None:
    with watch.step("backup") as said:
        begin, before, end = _back_up(place, writing)
        report.copy_bytes = place.copy.stat().st_size
        said.append(f"{report.copy_bytes:,} bytes while the clinic was in use")
    with watch.step("restore and check") as said:
        said.append(place.restore())
    with watch.step("start") as said:
        with place.serving(port) as found:
            report.problems += ask(found)
        said.append("the public page, the sign-in and the door to the record were asked for")
    # Without the backup, which is there already on the day that it is needed.
    report.back_after_s = round(sum(step.seconds for step in report.steps[1:]), 2)
    with watch.step("compare") as said:
        with instead(place.database):
            copy = record_extent()
            report.problems += [f"the guard {name} is missing" for name in missing_guards()]
            lost_acts = missing(before)
            records = {key: newest_record(key) for key in copy.heads}
        # Outside: the same questions, put to the clinic itself.
        compare(report, begin, copy, end)
        # Not added: an act that is lost is one of the rows that are.
        report.loss = max(report.loss or 0, lost_acts)
        for key, record in records.items():
            said.append(_told(record))
            if record and record != record_at(key, record.number):
                report.problems.append("the newest signed treatment reads differently in the copy")
    if report.loss:
        report.problems.append(f"{counted(report.loss, 'row')} that had been acknowledged, missing")


def _back_up(
    place: Rehearsal, writing: Writers | None
) -> tuple[RecordExtent, list[UUID], RecordExtent]:
    """Where the record stood before and after, and the writers' acts from before."""
    if writing is None:
        begin = record_extent()
        copy_database(place.copy, verifies=False)
        return begin, [], record_extent()
    with writing:
        begin, moment = record_extent(), time.monotonic()
        copy_database(place.copy, verifies=False)
    return begin, writing.before(moment), record_extent()


def _account_for(report: DrillReport, writing: Writers) -> None:
    report.acts_by_writers = len(writing.acknowledged)
    report.problems += writing.problems
    lost = missing(list(writing.acknowledged))
    if lost:
        report.problems.append(f"the clinic itself lost {counted(lost, 'acknowledged act')}")


def record_extent() -> RecordExtent:
    """Of the database that Django's models look at."""
    stored = Stored(connections["default"])
    rows = {
        name: next(stored.rows(f"SELECT count(*) FROM {table}"))[0]  # noqa: S608 - our own names
        for name, table in COUNTED.items()
    }
    keys = Organisation.objects.order_by("created_at", "pk").values_list("pk", flat=True)
    return RecordExtent(rows, {key: links.head(stored, key) for key in keys})


def compare(
    report: DrillReport, begin: RecordExtent, copy: RecordExtent, end: RecordExtent
) -> None:
    """Fill in rows, clinics, loss and what is wrong. Asks the live chain for the copy's head."""
    report.rows = {
        name: Rows(begin.rows[name], copy.rows[name], end.rows[name]) for name in COUNTED
    }
    # Kind by kind: a surplus of one must not make up for what another lost.
    report.loss = sum(max(0, one.begin - one.copy) for one in report.rows.values())
    report.problems += [
        f"{name}: {one.copy} in the copy, {one.end} in the clinic"
        for name, one in report.rows.items()
        if one.copy > one.end
    ]
    report.written_meanwhile = 0
    names = dict(Organisation.objects.values_list("pk", "name"))
    stored = Stored(connections["default"])
    for key, (first, _) in begin.heads.items():
        number, made = copy.heads.get(key, (0, b""))
        last, _ = end.heads.get(key, (0, b""))
        report.clinics.append(ClinicLinks(key, names.get(key, ""), first, number, last))
        report.written_meanwhile += max(0, last - number)
        if number < first:
            report.problems.append(f"the chain ends at link {number}; it had {first} at the start")
        # Each link holds the hash of the one before: one that is the same is so all the way down.
        elif number and links.hash_at(stored, key, number) != made:
            report.problems.append(f"link {number} of the copy is not the clinic's")


class Record(NamedTuple):
    """One signed treatment, read through what the pages read it with."""

    number: int
    hash: str
    acts: tuple[tuple[UUID, str], ...]
    needles: int
    needles_in: int
    wrong: tuple[str, ...]


def newest_record(organisation: UUID) -> Record | None:
    seal = last_seal(organisation)
    return record_at(organisation, seal.number) if seal else None


def record_at(organisation: UUID, number: int) -> Record | None:
    """The treatment under the seal of that number, and what is not as it was signed."""
    seal = Seal.objects.filter(organisation=organisation, number=number).first()
    if seal is None:
        return None
    course = course_of(Act.objects.filter(treatment=seal.treatment_id).order_by("number"))
    return Record(
        number=number,
        hash=seal.hash,
        acts=tuple((act.pk, act.kind) for act in course.acts),
        needles=len(course.needles),
        needles_in=len(course.needles_in),
        wrong=tuple(str(one) for one in verify_part(organisation, number - 1, number)),
    )


def _told(record: Record | None) -> str:
    if record is None:
        return "no treatment is signed yet"
    needles = counted(record.needles, "needle")
    return f"seal {record.number} read: {needles} in, {record.needles - record.needles_in} out"


# --- what stays -----------------------------------------------------------------------------------


def keep(report: DrillReport, data_folder: Path) -> Path:
    """Lay the report into the data folder, as JSON and to read, and note the drill in the audit of
    each clinic, where the owner's page finds it. Returns the readable one's path."""
    folder = data_folder / FOLDER
    folder.mkdir(exist_ok=True)
    name = f"{report.begun_at:%Y%m%d-%H%M%S}"
    raw = msgspec.json.format(msgspec.json.encode(report), indent=2)
    (folder / f"{name}.json").write_bytes(raw + b"\n")
    readable = folder / f"{name}.txt"
    readable.write_text(as_text(report), encoding="utf-8")
    said: dict[str, Any] = {
        "passed": report.passed,
        "loss": report.loss,
        "seconds": round(report.total_s, 1),
        "back_after_s": report.back_after_s,
        "report": f"{FOLDER}/{name}.json",
    }
    for organisation in Organisation.objects.all():
        with recording("restore-drilled", by=None, organisation=organisation) as entry:
            entry.about(organisation, **said)
    return readable


def line(step: Step) -> str:
    return f"{step.name:18} {step.seconds:8.1f} s  {step.said}".rstrip()


def outcome(report: DrillReport) -> str:
    """The last words of a drill, without the steps."""
    lines = [f"{'in all':18} {report.total_s:8.1f} s", ""]
    if report.back_after_s is not None:
        lines.append(f"From the copy to the first page: {report.back_after_s:.1f} s.")
    if report.loss is not None:
        total = sum(one.begin for one in report.rows.values())
        lines.append(f"Loss: {report.loss} of {total:,} rows that were there when it began.")
    if report.written_meanwhile:
        wrote = counted(report.written_meanwhile, "link")
        lines.append(f"Recorded while the copy was made, and left to the next one: {wrote}.")
    lines += [f"WRONG: {problem}" for problem in report.problems]
    lines.append("The drill passed." if report.passed else "THE DRILL FAILED.")
    return "\n".join(lines)


def as_text(report: DrillReport) -> str:
    """The report to read, with what it was made with."""
    head = f"Restore drill, {report.begun_at:%Y-%m-%d %H:%M:%S} UTC"
    made = f"filiform {report.release}, Python {report.python}, {report.engine}"
    return "\n".join([head, made, "", *map(line, report.steps), outcome(report), ""])
