"""A check of a clinic that is none of ours."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from tests.clinic.needling_rows import needled


def check_elsewhere(charlie):
    from filiform.clinic.aftercare.actions import plan_checks
    from filiform.clinic.patients.actions import register
    from filiform.clinic.staff.actions import open_site
    from filiform.clinic.visits.actions import book

    site = open_site(
        organisation=charlie.organisation, name="Elsewhere", address="–", phone="+923352855523"
    )
    patient = register(
        by=charlie, given_name="Zara", family_name="Else", sex="female",
        birth_date=date(1990, 1, 1), phone="+923001234568", language="en",
    )  # fmt: skip
    visit = book(
        by=charlie, patient=patient, practitioner=charlie, site=site, planned_at=timezone.now()
    )
    treatment = needled(visit, "soleus", started_at=timezone.now() - timedelta(hours=25))
    plan_checks(by=charlie, treatment=treatment)
    return treatment.checks.get(hours=24)
