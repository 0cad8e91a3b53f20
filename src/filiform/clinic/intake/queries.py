"""What the patient disclosed, and what has not been asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.utils import timezone

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.intake.classifying import as_the_clinic_means, classified
from filiform.clinic.intake.models import (
    Answer,
    ChangeCheck,
    DisclosedFact,
    ImportedDocument,
    KindAsked,
)
from filiform.clinic.intake.reconciliation import Preview, preview
from filiform.clinic.intake.together import (
    Disagreement,
    answered_together,
    asked_together,
    disagreeing,
    listed_together,
)
from filiform.clinic.patients.files import files_of, merged_since, merges_of, of_files
from filiform.clinic.patients.queries import body, measurements
from filiform.clinic.visits.models import OPEN_STATES
from filiform.disclosure import Coding, Disclosure, Kind, Statement, Status
from filiform.reasons import Weight
from filiform.screening import red_flags, rules
from filiform.screening.engine import screened as screened_at
from filiform.screening.evaluation import Evaluation, evaluate
from filiform.screening.understanding import is_question_by_name
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Visit
    from filiform.exchange.fhir import ReadBundle
    from filiform.screening import Screening


# --- the value that screening looks at --------------------------------------------------------
@read_once
def disclosure_of(patient: Patient, visit: Visit | None = None) -> Disclosure:
    """All that holds today in all files of the person, as screening takes it.

    visit: whose treatment is meant, for the questions that are asked before each.
    """
    measured = body(patient)
    told = Disclosure(
        facts=tuple(as_fact(row) for row in rows(patient)),
        answers=answers(patient, visit),
        asked_for=frozenset(asked(patient)),
        sex=patient.sex,
        birth_date=patient.birth_date,
        birth_date_known=patient.birth_date_known,
        height_cm=measured.height_cm,
        weight_kg=measured.weight_kg,
    )
    # Last of all: what a clinic has said of an unknown name counts for every patient who has it.
    return as_the_clinic_means(told, patient.organisation_id)


def as_fact(row: DisclosedFact) -> Statement:
    """A row as the core's value. Its id is where it stands in the document it came from."""
    return Statement(
        id=row.resource or f"disclosure/{row.pk}",
        kind=Kind(row.kind),
        text=row.text,
        codings=tuple(msgspec.convert(coding, Coding) for coding in row.codings),
        status=Status(row.status),
        start=row.start,
        end=row.end,
        recorded=row.recorded_on,
        site=row.site,
        side=row.side or None,
        value=row.value,
        unit=row.unit,
        none_known=row.none_known,
    )


@prepared
def _facts(patient: UUID) -> QuerySet[DisclosedFact]:
    return facts(patient)


def facts(patient: Patient | UUID) -> QuerySet[DisclosedFact]:
    """Rows that hold, in the order in which they were written."""
    return (
        DisclosedFact.objects.current()
        .filter(patient=patient)
        .select_related("recorded_by")
        .order_by("recorded_at", "pk")
    )


@read_once
def rows(patient: Patient) -> tuple[DisclosedFact, ...]:
    """`facts` of all files of the person, read: several parts of a page look at them."""
    return listed_together(every_fact(patient))


@read_once
def every_fact(patient: Patient) -> list[DisclosedFact]:
    """Every row of all files, those too that another file gainsays."""
    return of_files(_facts, patient)


def own_rows(patient: Patient) -> tuple[DisclosedFact, ...]:
    """Those of this file alone, for what is decided about the file: if it is ever taken apart
    from another, it must not lack what it was told."""
    return tuple(_facts(patient.pk))


@prepared
def _answers(patient: UUID) -> QuerySet[Answer]:
    return (
        Answer.objects.current()
        .filter(patient=patient)
        .select_related("recorded_by")
        .order_by("recorded_at", "pk")
    )


@read_once
def given(patient: Patient) -> dict[str, Answer]:
    """Question → the answer that holds, of all files of the person."""
    return answered_together(of_files(_answers, patient), merges_of(patient))


def answers(patient: Patient, visit: Visit | None = None) -> dict[str, bool]:
    """Question → yes or no, as last answered. Answers to questions that the rules no longer ask
    are kept in the record and left out here, and so are those given before another treatment."""
    known = _question_ids()
    return {
        question: answer.value
        for question, answer in given(patient).items()
        if (question in known or is_question_by_name(question)) and _still_holds(answer, visit)
    }


@cache
def _asked_each_time() -> frozenset[str]:
    return frozenset(rule.id for rule in rules() if rule.each_time)


def _still_holds(answer: Answer, visit: Visit | None) -> bool:
    """Whether an answer is one before this treatment, where its rule asks before each."""
    if answer.question not in _asked_each_time():
        return True
    # A visit that is over isn't asked again: what stood at its treatment stands.
    if visit is not None and (visit.state not in OPEN_STATES or answer.visit_id == visit.pk):
        return True
    if visit is not None and answer.visit_id is not None:
        return False
    # Said at the desk or on the telephone, before any visit: it holds for its day.
    return timezone.localtime(answer.recorded_at).date() == timezone.localdate()


def _question_ids() -> set[str]:
    return {rule.id for rule in rules()} | {flag.id for flag in red_flags()}


@prepared
def _asked(patient: UUID) -> QuerySet[KindAsked]:
    return (
        KindAsked.objects.current()
        .filter(patient=patient)
        .select_related("recorded_by", "document")
        # A document has megabytes, and only its name and day stand beside the row.
        .defer("document__raw")
        .order_by("recorded_at", "pk")
    )


@read_once
def asked(patient: Patient) -> dict[Kind, KindAsked]:
    """Kinds that were asked about, each with the last time."""
    merges = merges_of(patient)
    return asked_together(every_asked(patient), every_fact(patient) if merges else (), merges)


def own_asked(patient: Patient) -> dict[Kind, KindAsked]:
    """The same of this file alone: the rows that one of it may take the place of."""
    # In the order of writing, so the last one of a kind stays.
    return {Kind(row.kind): row for row in _asked(patient.pk)}


def every_asked(patient: Patient) -> list[KindAsked]:
    """Every row of all files by which a kind counts as asked about."""
    return of_files(_asked, patient)


@read_once
def disagreements(patient: Patient) -> list[Disagreement]:
    """Where the files of the person contradict each other and nobody has asked since."""
    merges = merges_of(patient)
    if not merges:
        return []
    answered = of_files(_answers, patient)
    found = disagreeing(every_fact(patient), answered, asked(patient), merges)
    known = _question_ids()
    return [one for one in found if one.kind is not None or one.question in known]


# --- the banner -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Flag:
    """A rule that the disclosure sets off, for the banner."""

    rule: str
    name: Words
    weight: Weight


@read_once
def screened(patient: Patient, on: date) -> Screening:
    """Screening over the whole body."""
    return screened_at(evaluated(patient, on))


@read_once
def evaluated(patient: Patient, on: date, visit: Visit | None = None) -> Evaluation:
    """What the rules find in all that holds, as `disclosure_of`.

    A page about a visit asks twice: the banner about the patient, the step about the visit. They
    differ only in what is asked before each treatment, and reading a record with every rule is
    what screening takes its time for.
    """
    if visit is None:
        return evaluate(disclosure_of(patient), on=on)
    told = disclosure_of(patient, visit)
    # By value: nearly always they are the same, and the rules are run once.
    if told == disclosure_of(patient):
        return evaluated(patient, on)
    return evaluate(told, on=on)


def safety_flags(patient: Patient, on: date) -> list[Flag]:
    """What speaks against needling or asks for care, anywhere on the body, strictest first.

    Rules that wait for a muscle stay out: beside "warfarin" the banner would say of everybody
    that the site can't be compressed.
    """
    screening = screened(patient, on)
    flags: dict[str, Flag] = {}
    for reason in screening.reasons:
        # A rule that two medicines set off is one flag.
        flags.setdefault(reason.id, Flag(reason.id, reason.name, reason.weight))
    return sorted(flags.values(), key=lambda flag: flag.weight.rank)


# --- the page ---------------------------------------------------------------------------------


def is_over(row: DisclosedFact) -> bool:
    """Whether a fact has ended: by its status or by its last day."""
    over = {Status.RESOLVED, Status.STOPPED, Status.INACTIVE, Status.REMISSION}
    return row.status in over or (row.end is not None and row.end < timezone.localdate())


def observations(patient: Patient) -> list[DisclosedFact]:
    """Measured values imported from documents."""
    return [row for row in rows(patient) if row.kind == Kind.OBSERVATION]


def history(row: DisclosedFact) -> list[DisclosedFact]:
    """The versions of a fact that came before it, the last one first."""
    found: list[DisclosedFact] = []
    older = row.replaces
    # One query for each version: a fact has two or three, and a page shows one fact.
    while isinstance(older, DisclosedFact):
        found.append(older)
        older = older.replaces
    return found


def voided(patient: Patient) -> list[DisclosedFact]:
    """Facts that were taken back, with why."""
    return list(
        DisclosedFact.objects.filter(patient=patient, is_void=True, replaced_by__isnull=True)
        .select_related("recorded_by")
        .order_by("-recorded_at")
    )


@prepared
def _medicines(patient: UUID) -> QuerySet[DisclosedFact, datetime]:
    return (
        DisclosedFact.objects.filter(patient=patient, kind="medicine")
        .order_by("-recorded_at")
        .values_list("recorded_at", flat=True)[:1]
    )


@read_once
def last_medicine(patient: Patient) -> datetime | None:
    """When a medicine was last noted, changed or taken back."""
    noted = _medicines(patient.pk)
    for merge in merges_of(patient):
        # Medicines of another file are news in this one from the moment they are seen in it.
        if any(_medicines(file) for file in (merge.patient_id, merge.kept_id)):
            noted.append(merge.recorded_at)
    return max((*noted, *of_files(_medicines, patient)), default=None)


# --- before each treatment --------------------------------------------------------------------
@prepared
def _change_checks(visit: UUID) -> QuerySet[ChangeCheck]:
    return (
        ChangeCheck.objects.current()
        .filter(visit=visit)
        .select_related("recorded_by")
        .order_by("-recorded_at", "-pk")[:1]
    )


@read_once
def change_check(visit: Visit) -> ChangeCheck | None:
    """The last answer to "has anything changed?" in a visit."""
    return _change_checks.first(visit.pk)


def changed_since_asked(visit: Visit) -> bool:
    """Whether the disclosure was changed after the last check of a visit; False before one."""
    check = change_check(visit)
    if check is None:
        return False
    files = files_of(visit.patient_id)
    told = DisclosedFact.objects.filter(patient__in=files, recorded_at__gt=check.recorded_at)
    # A file that was put to this one brings what the patient was not asked about.
    return told.exists() or merged_since(visit.patient_id, check.recorded_at)


# --- documents --------------------------------------------------------------------------------
@prepared
def _documents(patient: UUID) -> QuerySet[ImportedDocument]:
    return (
        ImportedDocument.objects.current()
        .filter(patient=patient)
        .defer("raw")
        .select_related("recorded_by")
        .order_by("-recorded_at")
    )


def documents(patient: Patient) -> list[ImportedDocument]:
    """Documents brought along, the last one first, without their content."""
    return _documents(patient.pk)


def preview_of(read: ReadBundle, patient: Patient, *, on: date) -> Preview:
    """A document sorted against what stands here."""
    days: dict[str, date] = {}
    for one in measurements(patient):
        # They come with the newest first.
        days.setdefault(one.kind, one.measured_on)
    known = classified(patient.organisation_id)
    return preview(
        read, rows=own_rows(patient), voided=voided(patient), on=on, measured=days,
        classified=known, listed=rows(patient),
    )  # fmt: skip
