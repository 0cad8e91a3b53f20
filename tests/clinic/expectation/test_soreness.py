"""Soreness that was told, by the hour, beside the band of the dose that was given."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from filiform.clinic.aftercare.actions import plan_checks
from filiform.clinic.aftercare.models import CheckOutcome
from filiform.clinic.expectation.forecast import forecast
from filiform.clinic.expectation.soreness import sore_course
from filiform.mechanism import NeedlingDose, StateMeasurement, Traits
from filiform.outcomes.soreness import GoneBetween


def test_answers_stand_beside_the_band_before_it_was_narrowed_by_them():
    dose, traits = NeedlingDose(insertions=8, twitches=4), Traits()
    told = [
        StateMeasurement("soreness_nprs", hour, value, 1.44)
        for hour, value in ((24.0, 10.0), (72.0, 2.0), (170.0, 0.0))
    ]
    found = forecast(dose, traits, told)
    course = sore_course(found, dose, traits, told)
    first = course.rows[0]
    assert (first.told, first.standing) == (10, "above")
    assert course.rows[-1].standing == "inside"
    assert course.gone == GoneBetween(72, 170)
    low, middle, high = course.expected
    assert 0 <= low <= middle <= high <= 336
    assert sore_course(found, dose, traits, []) is None


def test_both_pages_tell_between_which_answers_soreness_went(as_alice, alice, tell):
    visit = tell(8, 6, "soleus")
    treatment = visit.treatment
    plan_checks(by=alice, treatment=treatment)
    for check, score in zip(treatment.checks.order_by("hours"), (3, 0), strict=False):
        CheckOutcome.objects.create(
            organisation=visit.organisation, recorded_by=alice, patient=visit.patient,
            check_due=check, result="answered", report={"soreness_nprs": score},
            recorded_at=treatment.started_at + timedelta(hours=check.hours + 1),
        )  # fmt: skip
    first, second = (check.hours + 1 for check in treatment.checks.order_by("hours")[:2])
    expected = as_alice.get(reverse("expectation:expected", args=[visit.pk])).content.decode()
    page = " ".join(expected.split())
    assert f"It went between {first} and {second} h after the needles." in page
    assert "The model expects it to last" in page
    progress = as_alice.get(reverse("progress:patient", args=[visit.patient_id]))
    page = " ".join(progress.content.decode().split())
    assert f"between {first} and {second} h" in page
    assert 'class="sore-chart"' in page
