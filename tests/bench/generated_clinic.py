"""A clinic of 50,000 patients and 500,000 treatments, written straight into SQLite.

The rows have the shape and the volume of ten years of work (two million acts, one and a half
million settled checks, a million audit entries); texts are drawn from short lists. Nothing here
goes through the actions: at that size it would take hours. Seals and links are as the actions would
have made them, but one link for each treatment: `filiform check` finds nothing wrong.

Beside the random patients there are, for the figures of growth, one with FEW and one with MANY
treatments, and two days to come with as many visits.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import chained_past
from tests.bench.bulk import BulkWriter


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words(
    "Ahmed Ali Amna Asad Ayesha Bilal Bushra Danish Ehsan Fahad Faisal Farah Fatima Ghulam Hamza"
    " Hassan Hina Humaira Imran Iqra Jamil Junaid Kamran Khadija Kiran Laiba Mahnoor Maria Mehwish"
    " Muhammad Nadia Naveed Nida Omar Qasim Rabia Rashid Saad Sadia Saima Salman Sana Shahid Tahir"
    " Tariq Umar Usman Waqas Yasir Zainab Zara Zeeshan"
)
FAMILY = _words(
    "Abbasi Afridi Ahmad Akhtar Ansari Awan Aziz Baig Bhatti Butt Chaudhry Dar Farooqi Gill Hashmi"
    " Hussain Iqbal Javed Kazmi Khan Khokhar Lodhi Malik Mehmood Mirza Mughal Nawaz Niazi Qureshi"
    " Raja Rana Raza Rizvi Saleem Shah Sheikh Siddiqui Tariq Warraich Yousaf Zaidi"
)
MUSCLES = ("trapezius-upper", "levator-scapulae", "infraspinatus", "gluteus-medius", "soleus")
DAYS = 3648
"""From the first treatment to the day before yesterday."""
DRAWN_EVERY = 10
"""Every so many treatments the patient has drawn the pain: about once for each patient."""
ID = "printf('%012x7{kind:03x}8%015x', {at} * 1000, {number})"
"""A UUIDv7 as SQLite stores it: made by the second, sorted by time, and cheap. The kind keeps
apart what is made in the same second."""
COUNTED_ONE = {
    "opened": 1,
    "used": 1,
    "unused": 0,
    "in_bin": 1,
    "broken": 0,
    "spoilt": 0,
    "matches": True,
}
KINDS = {
    name: number
    for number, name in enumerate(
        ("patient", "visit", "treatment", "story", "target", "act", "seal", "check", "entry")
    )
} | {"drawing": 9, "booked": 10}


@dataclass(frozen=True)
class Size:
    """How much there is. few and many: treatments of two patients, and visits of two days."""

    patients: int
    treatments: int
    few_treatments: int = 10
    many_treatments: int = 1000
    few_visits: int = 10
    many_visits: int = 200


@dataclass(frozen=True)
class House:
    """Whose clinic it is: ids as SQLite stores them."""

    organisation: str
    site: str
    member: str


@dataclass(frozen=True)
class Person:
    id: str
    at: int
    """When registered, in seconds since 1970, as are all times here."""
    file_number: str
    given_name: str
    family_name: str
    sex: str
    birth_date: str
    phone: str


@dataclass(frozen=True)
class Treated:
    at: int
    patient: str


def generate(
    path: Path | str,
    *,
    house: House,
    size: Size,
    now: datetime,
    days: tuple[datetime, datetime],
    drawings: Sequence[tuple[str, str]],
    terms_of: Callable[[Mapping[str, Any]], set[str]],
) -> list[str]:
    """Write the clinic; returns the patients' ids, the one with few and with many treatments first.

    days: noon of the days to come with few and with many visits.
    drawings: release and text of pain drawings as they are stored.
    terms_of: a patient's fields → the words to be found by.
    """
    chance = random.Random(20261122)
    start = int((now - timedelta(days=DAYS + 2)).timestamp())
    people = list(_people(chance, size.patients, start, int(now.timestamp())))
    treated = _treated(chance, people, size, start)
    booked = []
    for noon, visits in zip(days, (size.few_visits, size.many_visits), strict=True):
        came, to_come = _day(chance, people, int(noon.timestamp()), visits)
        treated += came
        booked += to_come
    treated.sort(key=lambda one: one.at)
    labels = (*chained_past.PER_TREATMENT, "body.Drawing")
    before = chained_past.rows_before(path, labels)
    with BulkWriter(path) as writer:
        _write_people(writer, people, terms_of, house)
        writer.table("drawn", "number, release, text", _numbered(drawings))
        writer.table("hand", "number, muscle", _numbered([(one,) for one in MUSCLES]))
        writer.table("booked", "number, at, patient", _rows(booked))
        writer.table("done", "number INTEGER PRIMARY KEY, at, patient", _rows(treated))
        _write_treatments(writer, house, drawings=len(drawings))
        chained_past.write(
            writer,
            chained_past.Reader(str(path), before, DRAWN_EVERY if drawings else 0),
            treatments=len(treated),
            organisation=house.organisation,
            member=house.member,
        )
    return [person.id for person in people]


def _numbered(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    return ((number, *row) for number, row in enumerate(rows))


def _rows(treated: Sequence[Treated]) -> Iterator[tuple[int, int, str]]:
    return ((number, one.at, one.patient) for number, one in enumerate(treated, start=1))


def _people(chance: random.Random, patients: int, start: int, now: int) -> Iterator[Person]:
    for number in range(patients):
        at = start + (now - start) * number // patients
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(25000))
        yield Person(
            id=f"{at * 1000:012x}7{KINDS['patient']:03x}8{number:015x}",
            at=at,
            file_number=f"MC-{number + 100_000:06d}",
            given_name=chance.choice(GIVEN),
            family_name=chance.choice(FAMILY),
            sex=chance.choice(("female", "male")),
            birth_date=born.isoformat(),
            phone=f"+923{chance.randrange(10**8, 10**9):09d}",
        )


def _treated(
    chance: random.Random, people: Sequence[Person], size: Size, start: int
) -> list[Treated]:
    """The first two patients have as many treatments as they should; the others share the rest."""
    few, many, *others = people
    patients = [few.id] * size.few_treatments + [many.id] * size.many_treatments
    rest = max(0, size.treatments - len(patients))
    patients += [person.id for person in chance.choices(others, k=rest)]
    return [Treated(start + chance.randrange(DAYS * 86400), patient) for patient in patients]


def _day(
    chance: random.Random, people: Sequence[Person], noon: int, visits: int
) -> tuple[list[Treated], list[Treated]]:
    """A day at noon: two in five have been treated since nine, the others come until six."""
    patients = [person.id for person in chance.choices(people[2:], k=visits)]
    came = visits * 2 // 5
    return (
        [Treated(noon - chance.randrange(3600, 3 * 3600), one) for one in patients[:came]],
        [Treated(noon + chance.randrange(6 * 3600), one) for one in patients[came:]],
    )


def _write_people(
    writer: BulkWriter,
    people: Sequence[Person],
    terms_of: Callable[[Mapping[str, Any]], set[str]],
    house: House,
) -> None:
    columns = tuple(Person.__dataclass_fields__)
    writer.table("people", ", ".join(columns), (tuple(vars(one).values()) for one in people))
    terms = ((person.id, term) for person in people for term in terms_of(vars(person)))
    writer.table("terms", "patient, term", terms)
    writer.fill(
        "patients.Patient",
        {
            **{column: column for column in columns if column != "at"},
            "organisation_id": ":organisation",
            "registered_by_id": ":member",
            "registered_at": _stamp("at"),
        },
        "people",
        organisation=house.organisation,
        member=house.member,
    )
    writer.fill(
        "patients.SearchTerm",
        {"patient_id": "patient", "organisation_id": ":organisation", "term": "term"},
        "terms",
        organisation=house.organisation,
    )


def _stamp(at: str) -> str:
    """Whole seconds are stored without a fraction, as Django does it."""
    return f"datetime({at}, 'unixepoch')"


def _id(kind: str, at: str = "at", number: str = "number") -> str:
    return ID.format(kind=KINDS[kind], at=at, number=number)


def _write_treatments(writer: BulkWriter, house: House, *, drawings: int) -> None:
    """Visits, and all that hangs on each: in the order of time, so that every table grows at
    its end."""
    by = {"organisation": house.organisation, "member": house.member}
    fact = {
        "organisation_id": ":organisation",
        "recorded_by_id": ":member",
        "recorded_at": _stamp("at"),
    }
    of_visit = {**fact, "patient_id": "patient", "visit_id": _id("visit")}
    for state, source, kind in (("done", "done", "visit"), ("booked", "booked", "booked")):
        writer.fill(
            "visits.Visit",
            {
                "id": _id(kind),
                "organisation_id": ":organisation",
                "site_id": ":site",
                "patient_id": "patient",
                "practitioner_id": ":member",
                "planned_at": _stamp("at"),
                "state": f"'{state}'",
                "arrived_at": _stamp("at") if state == "done" else "NULL",
                "created_at": _stamp("at"),
                "ended_at": _stamp("at + 2400") if state == "done" else "NULL",
            },
            source,
            site=house.site,
            **by,
        )
    writer.fill(
        "treatment.Treatment",
        {
            "id": _id("treatment"),
            **of_visit,
            "practitioner_id": ":member",
            "started_at": _stamp("at"),
        },
        "done",
        **by,
    )
    writer.fill(
        "assessment.Story",
        {
            "id": _id("story"),
            **of_visit,
            "complaint": "'Neck and shoulder ache'",
            # Products of the number with primes: scattered, and the same in every run.
            "pain_now": "number * 7919 % 11",
            "pain_worst": "number * 6367 % 11",
            "pain_average": "number * 4909 % 11",
        },
        "done",
        **by,
    )
    writer.fill(
        "assessment.Target",
        {
            "id": _id("target", number="done.number"),
            **of_visit,
            "visit_id": _id("visit", number="done.number"),
            "muscle": "muscle",
            "side": "iif(done.number * 7919 % 2, 'left', 'right')",
            "atlas_release": "'bench'",
        },
        f"done JOIN hand ON hand.number = done.number * 7919 % 31 % {len(MUSCLES)}"
        " ORDER BY done.number",
        **by,
    )
    if drawings:
        writer.fill(
            "body.Drawing",
            {
                "id": _id("drawing", number="done.number"),
                **of_visit,
                "visit_id": _id("visit", number="done.number"),
                "story_id": _id("story", number="done.number"),
                "kind": "'pain'",
                "release": "release",
                "text": "text",
            },
            f"done JOIN drawn ON drawn.number = done.number / {DRAWN_EVERY} % {drawings}"
            f" WHERE done.number % {DRAWN_EVERY} = 0 ORDER BY done.number",
            **by,
        )
    _write_needling(writer, fact, by)


def _write_needling(writer: BulkWriter, fact: Mapping[str, str], by: Mapping[str, str]) -> None:
    """A needle in, a twitch, the needle out, the count; three settled checks; and two entries of
    the audit. What signed and chained them is worked out from the rows (`chained_past`)."""
    treatment = _id("treatment", number="number")
    writer.table(
        "steps", "minute, kind", _numbered([("insertion",), ("twitch",), ("removal",), ("count",)])
    )
    moment = _stamp("at + 60 * minute")
    writer.fill(
        "treatment.Act",
        {
            "id": _id("act", number="4 * number + minute"),
            **fact,
            "recorded_at": moment,
            "patient_id": "patient",
            "treatment_id": treatment,
            "kind": "kind",
            "number": "minute + 1",
            "at": moment,
            "needle_id": f"iif(minute IN (1, 2), {_id('act', number='4 * number')}, NULL)",
            # A needle goes into the visit's target, and is drawn at its place on the body.
            "target_id": f"iif(minute = 0, {_id('target', number='number')}, NULL)",
            "details": f"iif(kind = 'count', '{json.dumps(COUNTED_ONE)}', '{{}}')",
        },
        "done CROSS JOIN steps",
        **by,
    )
    writer.table("dues", "hours INTEGER", [(24,), (72,), (168,)])
    due = _stamp("at + 3600 * hours")
    writer.fill(
        "aftercare.Check",
        {
            "id": _id("check", number="number * 1000 + hours"),
            "organisation_id": ":organisation",
            "patient_id": "patient",
            "treatment_id": treatment,
            "hours": "hours",
            "due_at": due,
            "settled_at": due,
            "urgency": "'fine'",
        },
        "done CROSS JOIN dues",
        organisation=by["organisation"],
    )
    writer.table("seen", "nth, action", _numbered([("saw-chart",), ("treatment-signed",)]))
    writer.fill(
        "record.Entry",
        {
            "id": _id("entry", number="2 * number + nth"),
            "organisation_id": ":organisation",
            "by_id": ":member",
            "at": _stamp("at"),
            "action": "action",
            "patient_id": "patient",
        },
        "done CROSS JOIN seen",
        **by,
    )
