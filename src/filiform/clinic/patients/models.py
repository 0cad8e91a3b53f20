"""The patient: who it is and how to reach them. Facts about health stand in other rooms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models

from filiform.clinic.facts.models import Identified, PatientFact
from filiform.clinic.patients.births import BirthKnown, latest_birth
from filiform.disclosure import Sex, age_on


class Patient(Identified):
    """Contact details may be corrected in place; the audit keeps what they were."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="patients")
    file_number = models.CharField(max_length=20)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True)
    sex: models.CharField[str, Sex] = models.CharField(max_length=10)
    """female, male, other, unknown"""
    birth_date = models.DateField()
    """The day, or the middle of the month or year that is known."""
    birth_date_known: models.CharField[str, BirthKnown] = models.CharField(
        max_length=5, default="day"
    )
    """day, month, year, age (`births`)"""
    language = models.CharField(max_length=5, default="en")
    phone = models.CharField(max_length=20, blank=True)
    """E.164: +923352855522"""
    other_phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    kin_name = models.CharField(max_length=120, blank=True)
    kin_relation = models.CharField(max_length=60, blank=True)
    kin_phone = models.CharField(max_length=20, blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)
    registered_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "file_number"], name="patient_file_number"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "phone"], name="patient_phone"),
            models.Index(fields=["organisation", "birth_date"], name="patient_birth_date"),
            models.Index(fields=["organisation", "-registered_at"], name="patient_registered"),
        ]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def age_on(self, day: date) -> int:
        """Whole years on a day; of a birth that is known by its year alone, half a year more or
        less."""
        return age_on(self.birth_date, day)

    def least_age_on(self, day: date) -> int:
        """The youngest that the patient can be, for what is decided otherwise for children."""
        # Of a baby born this year the latest birth may lie ahead.
        return max(age_on(latest_birth(self.birth_date, self.birth_date_known), day), 0)


class SearchTerm(models.Model):
    """One word by which a patient can be found: a name's parts, the file number, a phone.

    Words are folded (`folding`), so that a look-up of a word's beginning by index
    (`term__begins`) finds a patient among tens of thousands in milliseconds on either database.
    """

    patient = models.ForeignKey(
        Patient, models.CASCADE, related_name="search_terms", db_index=False
    )
    organisation = models.ForeignKey("staff.Organisation", models.CASCADE, related_name="+")
    term = models.CharField(max_length=80)

    class Meta:
        indexes = [
            # The operator classes concern PostgreSQL alone: bytes in order, whatever the locale.
            models.Index(
                fields=["organisation", "term", "patient"],
                name="search_term",
                opclasses=["uuid_ops", "varchar_pattern_ops", "uuid_ops"],
            ),
            models.Index(
                fields=["patient", "term"],
                name="search_term_of_patient",
                opclasses=["uuid_ops", "varchar_pattern_ops"],
            ),
        ]


if TYPE_CHECKING:
    _Condition = models.Lookup[bool]
else:  # Django's class takes no parameter when it runs
    _Condition = models.Lookup


@models.CharField.register_lookup
class Begins(_Condition):
    """`term__begins="ayi"`: a range over the index, byte by byte on both databases.

    LIKE would not do: SQLite reads the whole table for it.
    """

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return self._range(compiler, connection, ">=", "<")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return self._range(compiler, connection, "~>=~", "~<~")

    def _range(
        self, compiler: Any, connection: Any, least: str, below: str
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        start = str(self.rhs)
        values = (*params, start, *params, start + LAST_CHARACTER)
        return f"({column} {least} %s AND {column} {below} %s)", values


LAST_CHARACTER = "\U0010ffff"
"""Sorts behind every letter."""


class Measurement(PatientFact):
    """Height, weight, blood pressure ... on a day."""

    kind = models.CharField(max_length=40)
    """height_cm, weight_kg"""
    value = models.FloatField()
    measured_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["patient", "kind", "-measured_on"], name="measurement")]


class FileMerge(PatientFact):
    """Two files are one person's: `patient` is the file that is closed, `kept` the one that is
    gone on with. Voided: taken apart again, with why.

    Nothing is moved from one to the other. What both disclosed is read together as long as the
    row holds (`files`), so that taking apart has nothing to bring back.
    """

    kept = models.ForeignKey(Patient, models.PROTECT, related_name="+")
