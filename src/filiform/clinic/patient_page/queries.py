"""What a patient's page shows, and who may open it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from filiform.clinic.aftercare.knowledge import needled_muscles
from filiform.clinic.aftercare.models import Check
from filiform.clinic.consent.models import Consent
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patient_page.keys import hash_of
from filiform.clinic.patient_page.models import (
    ExerciseReminder,
    OwnPain,
    PatientCode,
    PatientDevice,
    PatientLink,
    Preparation,
)
from filiform.clinic.patients.files import closed_into, files_of
from filiform.clinic.programme.care import (
    HomeLine,
    held,
    home_lines,
    last_programmed,
    too_painful,
)
from filiform.clinic.programme.models import HomeTick, ProgrammeItem
from filiform.clinic.programme.queries import HandoutLine, handout
from filiform.clinic.staff.models import Organisation, Site
from filiform.clinic.visits.models import Visit

if TYPE_CHECKING:
    from uuid import UUID

    from filiform.clinic.patients.models import Patient

EARLY = timedelta(hours=1)
"""So much before it is due a check may be answered: a phone's clock, an eager patient."""
ASKED_FOR = timedelta(days=3)
"""So long after it fell due a check is still worth answering; later only "something is wrong"."""


def link_of(token: str) -> PatientLink | None:
    """The link of a secret, whatever its state; None for one that was never given out."""
    return (
        PatientLink.objects.filter(token_hash=hash_of(token))
        .select_related("patient__organisation", "organisation")
        .first()
    )


def is_open(link: PatientLink, now: datetime) -> bool:
    """Neither expired nor revoked; a locked one is still a link of ours."""
    # A locked link opens "something is wrong" all the same, and says that the clinic can help.
    return link.revoked_at is None and now < link.expires_at


def phone(device_id: UUID, key: str, now: datetime) -> PatientDevice | None:
    """The opened phone with this cookie; None for another's, an expired or a revoked one."""
    return (
        PatientDevice.objects.filter(
            pk=device_id, key_hash=hash_of(key), revoked_at__isnull=True, expires_at__gt=now
        )
        .select_related("patient__organisation", "organisation")
        .first()
    )


def phones_of(key: str, now: datetime) -> list[PatientDevice]:
    """Everybody whose page this phone opens."""
    rows = PatientDevice.objects.filter(
        key_hash=hash_of(key), revoked_at__isnull=True, expires_at__gt=now
    )
    return list(rows.select_related("patient").order_by("opened_at"))


def needs_code(patient: Patient) -> bool:
    """The day of birth isn't known, so only a code of the desk opens the page."""
    return patient.birth_date_known != "day"


def has_code(patient: Patient) -> bool:
    return PatientCode.objects.filter(patient=patient).exists()


def site_of(patient: Patient) -> Site | None:
    """Where the patient was last or will be next; else the clinic's first site."""
    visit = (
        Visit.objects.filter(patient__in=files_of(patient))
        # The last or the next one: both tell where the patient goes.
        .order_by("-planned_at")
        .select_related("site__organisation")
        .first()
    )
    return visit.site if visit else first_site(patient.organisation)


def first_site(organisation: Organisation) -> Site | None:
    return Site.objects.filter(organisation=organisation).order_by("pk").first()


def next_visit(patient: Patient, now: datetime) -> Visit | None:
    return (
        # Booked in a file that was closed later it is still the patient's visit.
        Visit.objects.filter(patient__in=files_of(patient), state="booked", planned_at__gte=now)
        .select_related("site", "practitioner")
        .order_by("planned_at")
        .first()
    )


def visit_of(patient: Patient, visit_id: UUID) -> Visit | None:
    """A visit of this patient, in whichever of their files."""
    return (
        Visit.objects.filter(pk=visit_id, patient__in=files_of(patient))
        .select_related("patient__organisation", "organisation", "site__organisation", "episode")
        .select_related("practitioner")
        .first()
    )


def person(patient: Patient) -> Patient:
    """The file that is gone on with: into a closed one nothing new is written."""
    merge = closed_into(patient)
    return merge.kept if merge else patient


def preparation(visit: Visit) -> Preparation | None:
    """How far the patient has come with preparing a visit; None while nothing is begun."""
    return Preparation.objects.filter(visit=visit).first()


def check_of(patient: Patient, check_id: UUID) -> Check | None:
    """A check of this patient, in whichever of their files."""
    return (
        Check.objects.filter(pk=check_id, patient__in=files_of(patient))
        .select_related("patient__organisation", "treatment__visit__site__organisation")
        .first()
    )


def still_holds(check: Check) -> bool:
    """Whether its treatment stands: one that was voided, or from which every needle was taken
    back as a slip of the record, is asked about no more."""
    return not check.treatment.is_void and bool(needled_muscles(check.treatment))


def is_due(check: Check, now: datetime) -> bool:
    return check.due_at - EARLY <= now


def open_check(patient: Patient, now: datetime) -> Check | None:
    """The one check that is asked now: the latest that fell due and isn't settled."""
    due = Check.objects.filter(
        patient__in=files_of(patient),
        settled_at__isnull=True,
        due_at__lte=now + EARLY,
        due_at__gt=now - ASKED_FOR,
    )
    # A few: one whose treatment was voided lets the one before it be asked.
    for check in due.select_related("treatment__visit__site").order_by("-due_at")[:5]:
        if still_holds(check):
            return check
    return None


def consents(patient: Patient) -> list[Consent]:
    """What the patient agreed to, the newest first."""
    rows = Consent.objects.current().filter(patient__in=files_of(patient))
    newest = rows.select_related("visit", "text", "withdrawal").order_by("-recorded_at")
    return list(newest[:20])


def consent_of(patient: Patient, consent_id: UUID) -> Consent | None:
    """A consent of this patient, in whichever of their files."""
    rows = Consent.objects.current().filter(pk=consent_id, patient__in=files_of(patient))
    with_all = rows.select_related("visit", "text", "patient", "organisation", "recorded_by")
    return with_all.first()


@dataclass(frozen=True)
class OwnExercise:
    """An exercise as the patient has it now: home with its ticks, and how it is done; line is None
    for one that is not proposed any more and still holds. today: today's tick."""

    home: HomeLine
    line: HandoutLine | None
    today: HomeTick | None
    too_painful: bool


@dataclass(frozen=True)
class Exercises:
    """week: the last seven days, oldest first, each with whether anything was ticked."""

    visit: Visit
    lines: tuple[OwnExercise, ...]
    week: tuple[tuple[date, bool], ...]

    @property
    def days_this_week(self) -> int:
        return sum(ticked for _day, ticked in self.week)

    @property
    def longest(self) -> int:
        return max((one.home.adherence.longest for one in self.lines), default=0)


def exercises(patient: Patient) -> Exercises | None:
    """What the last visit's programme asks for at home; None where there is nothing."""
    today = timezone.localdate()
    visit = last_programmed(files_of(patient))
    home = home_lines(patient, on=today) if visit else []
    if visit is None or not home:
        return None
    # What is not proposed any more is not in the handout: its name and ticks are shown all the
    # same.
    how = {line.item.id: line for line in handout(visit, on=today).tasks}
    # Judged over all items at once: the step down of an item is told once, whatever its phases.
    hurt = too_painful(home)
    days = [today - timedelta(days=ago) for ago in range(6, -1, -1)]
    ticked = {day for line in home for day in line.adherence.week}
    return Exercises(
        visit=visit,
        lines=tuple(
            OwnExercise(
                home=line,
                line=how.get(line.row.item),
                today=line.last if line.last and line.last.on == today else None,
                too_painful=line.row.item in hurt,
            )
            for line in home
        ),
        week=tuple((day, day in ticked) for day in days),
    )


def has_exercises(patient: Patient) -> bool:
    """Whether the last programme asks for anything at home; cheaper than making the page."""
    visit = last_programmed(files_of(patient))
    return visit is not None and bool(held(visit))


def programme_row(patient: Patient, row_id: UUID) -> ProgrammeItem | None:
    """An exercise of a patient by the id of any version of it; None for another's."""
    rows = ProgrammeItem.objects.filter(pk=row_id, patient__in=files_of(patient))
    return rows.select_related("visit", "patient", "organisation").first()


def is_still_current(row: ProgrammeItem) -> bool:
    """Whether the version that was on the phone is the one that holds."""
    return ProgrammeItem.objects.current().filter(pk=row.pk).exists()


def reminder_hour(patient: Patient) -> int | None:
    rows = ExerciseReminder.objects.current().filter(patient__in=files_of(patient))
    return rows.order_by("-recorded_at").values_list("at_hour", flat=True).first()


def pains(patient: Patient) -> list[OwnPain]:
    rows = OwnPain.objects.current().filter(patient__in=files_of(patient))
    return list(rows.order_by("-recorded_at")[:30])


def links_of(patient: Patient) -> list[PatientLink]:
    rows = PatientLink.objects.filter(patient__in=files_of(patient)).select_related("made_by")
    return list(rows.order_by("-made_at")[:20])


def devices_of(patient: Patient, now: datetime) -> list[PatientDevice]:
    rows = PatientDevice.objects.filter(
        patient__in=files_of(patient), revoked_at__isnull=True, expires_at__gt=now
    )
    return list(rows.order_by("-seen_at"))


def any_site() -> Site | None:
    """The site that stands on pages of nobody in particular: the public one."""
    return _any_site.first()


@prepared
def _any_site() -> QuerySet[Site]:
    return Site.objects.select_related("organisation").order_by("-is_public", "pk")[:1]
