"""The clinic's view: every share has its denominator, its missing ones and its case mix."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import needled

from filiform.clinic.assessment.models import Story
from filiform.clinic.patients import actions as patients
from filiform.clinic.reports.outcomes import count_outcomes
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
