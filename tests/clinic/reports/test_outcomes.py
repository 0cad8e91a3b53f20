"""The clinic's view: every share has its denominator, its missing ones and its case mix."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import needled

from filiform.clinic.aftercare.actions import plan_checks
from filiform.clinic.aftercare.models import CheckOutcome
from filiform.clinic.assessment.models import Story
from filiform.clinic.patients import actions as patients
from filiform.clinic.reports.outcomes import count_outcomes
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.visits.actions import book


@pytest.fixture
def treated(alice, site):
    """A patient with these average ratings a week apart, needled at each but the last."""

    def made(name: str, *ratings: int | None):
        patient = patients.register(
            by=alice, given_name=name, family_name="Khan", sex="male",
            birth_date=date(1980, 1, 1), phone="+923001234567", language="en",
        )  # fmt: skip
        for number, rating in enumerate(ratings):
            when = timezone.now() - timedelta(days=7 * (len(ratings) - number))
            visit = book(by=alice, patient=patient, practitioner=alice, site=site, planned_at=when)
            Story.objects.create(
                organisation=visit.organisation, recorded_by=alice, patient=patient, visit=visit,
                pain_average=rating, complaint_code="",
            )  # fmt: skip
            if number < max(1, len(ratings) - 1):
                needled(visit, "soleus", started_at=when)
        return patient

    return made


def test_who_did_not_come_back_is_missing_and_bounds_the_share(as_alice, alice, treated):
    treated("Better", 8, 6, 3)
    treated("Same", 8, 7)
    treated("Gone", 6)
    treated("Never rated", None)
    today = timezone.localdate()
    found = count_outcomes(alice.organisation, today - timedelta(days=60), today)
    assert (found.courses, found.unrated) == (4, 1)
    [all_of_them] = found.total
    whole = all_of_them.cohort
    assert (whole.started, whole.missing.events) == (3, 1)
    assert (whole.better.events, whole.better.of) == (1, 2)
    assert (whole.worst, whole.best) == pytest.approx((1 / 3, 2 / 3))
    assert whole.mean_before == pytest.approx(22 / 3)
    assert all_of_them.few
    assert [name for name, _lines in found.by] == [
        "By complaint",
        "By technique",
        "By practitioner",
    ]
    page = as_alice.get(reverse("reports:outcomes")).content.decode()
    assert "1/2: 50 %" in page
    assert "33 % – 67 %" in page


def test_another_clinic_counts_none_of_ours_and_the_front_desk_may_not_look(
    client, charlie, bob, treated
):
    treated("Better", 8, 3)
    today = timezone.localdate()
    assert count_outcomes(charlie.organisation, today - timedelta(days=60), today).courses == 0
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("reports:outcomes")).status_code == 403


def test_how_many_are_rid_of_soreness_stands_between_what_is_certain_and_what_is_possible(
    as_alice, alice, treated
):
    """Told at 25 hours and 73 hours after the first needles of three patients."""
    today = timezone.localdate()
    for name, *scores in (("Day", 0, 0), ("Days", 3, 0), ("Week", 4, 2), ("Silent",)):
        treatment = Treatment.objects.filter(patient=treated(name, 7, 4)).get()
        plan_checks(by=alice, treatment=treatment)
        for check, score, hours in zip(
            treatment.checks.filter(hours__in=(24, 72)).order_by("hours"), scores, (25, 73),
            strict=False,
        ):  # fmt: skip
            CheckOutcome.objects.create(
                organisation=alice.organisation, recorded_by=alice, patient=treatment.patient,
                check_due=check, result="answered", report={"soreness_nprs": score},
                recorded_at=treatment.started_at + timedelta(hours=hours),
            )  # fmt: skip
    found = count_outcomes(alice.organisation, today - timedelta(days=60), today)
    assert (found.sore_of, found.needled) == (3, 4)
    two, four, eight = found.sore
    assert (two.certain.events, two.possible.events) == (1, 2), "one is free, one may be"
    assert (four.certain.events, four.possible.events) == (2, 3)
    assert eight.certain.events == 2, "nobody asked the third again"
    page = " ".join(as_alice.get(reverse("reports:outcomes")).content.decode().split())
    assert "by 96 h" in page
    assert "From 3 treatments with an answer about soreness, of 4" in page


def test_with_few_courses_expected_is_the_clinics_mean_and_no_ratio_is_shown(
    as_alice, alice, treated
):
    treated("Better", 8, 3)
    treated("Same", 8, 7)
    treated("Gone", 8)
    today = timezone.localdate()
    found = count_outcomes(alice.organisation, today - timedelta(days=60), today)
    assert (found.model.adjusted, found.model.courses, found.model.better) == (False, 2, 1)
    [whole] = found.total
    assert (whole.beside.observed, whole.beside.expected) == (1, 1), "who is missing is in neither"
    page = " ".join(as_alice.get(reverse("reports:outcomes")).content.decode().split())
    assert "1 : 1.0" in page
    assert "= 1.00" not in page, "two courses are no ratio"
    assert "too few to adjust" in page
