"""The database itself refuses to alter or delete facts."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from filiform.clinic.facts.triggers import guarded_models, lay_guards, missing_guards


@pytest.mark.django_db
def test_every_table_of_facts_is_guarded() -> None:
    assert missing_guards() == []
    assert len(guarded_models()) > 20


@pytest.mark.django_db
def test_a_missing_guard_is_found_and_laid_again() -> None:
    on_table = " ON intake_answer" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER intake_answer_no_update{on_table}")
    assert missing_guards() == ["intake_answer_no_update"]
    lay_guards()
    assert missing_guards() == []


def test_a_fact_can_neither_be_altered_nor_deleted(patient, alice) -> None:
    from filiform.clinic.intake.models import Answer

    answer = Answer.objects.create(
        organisation=patient.organisation,
        recorded_by=alice,
        patient=patient,
        question="needle-phobia",
        value=True,
    )
    answer.value = False
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        answer.save()
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).delete()
    answer.refresh_from_db()
    assert answer.value is True


def test_an_audit_entry_can_neither_be_altered_nor_deleted(patient) -> None:
    from filiform.clinic.facts.models import Entry

    entry = Entry.objects.filter(action="patient-registered").get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(action="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()
