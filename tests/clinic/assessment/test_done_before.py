"""What was done before this visit: in whichever file of the person, by our own clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.clinic.needling_rows import choose_target, needled

from filiform.clinic.aftercare.knowledge import circumstances
from filiform.clinic.assessment import actions, queries
from filiform.clinic.chart import merging
from filiform.clinic.patients import actions as patients
from filiform.clinic.progress.treatments import side_effects
from filiform.clinic.treatment.models import Act, Seal
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import last_done_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(alice, patient, site):
    """A visit of ten days ago in a second file of the same person."""
    other = patients.register(
        by=alice, given_name="Aamna", family_name="Sidiqi", sex="female",
        birth_date=date(1984, 3, 9),
    )  # fmt: skip
    return visits.book(
        by=alice, patient=other, practitioner=alice, site=site,
        planned_at=timezone.now() - timedelta(days=10),
    )  # fmt: skip


def put_together(alice, kept, closed):
    return merging.merge(by=alice, kept=kept, closed=closed, why="She told us so.")


def ended(visit):
    Visit.objects.filter(pk=visit.pk).update(state="done", ended_at=visit.planned_at)
    return visit


def test_treatments_of_a_closed_file_count_as_the_persons(
    alice, patient, visit, elsewhere, today, unguarded
):
    done = needled(ended(elsewhere), "soleus", started_at=elsewhere.planned_at)
    now = timezone.now()
    assert queries.treatments_before(visit) == (0, 0)
    Seal.objects.create(
        organisation=patient.organisation, recorded_by=alice, signed_by=alice, signed_at=now,
        treatment=done, number=1,
    )  # fmt: skip
    put_together(alice, patient, elsewhere.patient)
    assert queries.treatments_before(visit) == (1, 0)
    assert not circumstances(patient, before=now, on=today).first_visit
    assert last_done_visit(visit) == elsewhere.planned_at
    told = side_effects(patient)
    assert (told.treatments, told.needles) == (1, 1)


def test_a_depth_that_was_measured_in_a_closed_file_limits_the_needle(
    alice, patient, visit, elsewhere, today
):
    measured = {"by": alice, "measured_by": "Dr Khan", "how": "ultrasound"}
    actions.measure_depth(
        target=choose_target(elsewhere, "soleus"), depth_mm=18, measured_on=today, **measured
    )
    ended(elsewhere)
    target = choose_target(visit, "soleus")
    assert queries.measured_depth(target, patient) is None
    put_together(alice, patient, elsewhere.patient)
    assert queries.measured_depth(target, patient).depth_mm == 18
    newer = actions.measure_depth(target=target, depth_mm=21, measured_on=today, **measured)
    assert newer.replaces is None
    assert queries.measured_depth(target, patient).depth_mm == 21
    actions.forget_depth(by=alice, target=target, why="Another muscle.")
    actions.forget_depth(by=alice, target=target, why="That one, too.")
    assert queries.measured_depth(target, patient) is None


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=-400)])
def test_a_tablet_with_a_wrong_clock_does_not_move_the_day_of_the_needle(
    ahead, alice, patient, visit, site, today, unguarded
):
    before = visits.book(
        by=alice, patient=patient, practitioner=alice, site=site,
        planned_at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    needled(before, "soleus", started_at=before.planned_at)
    Act.objects.update(
        at=before.planned_at + ahead, details={"clock_off_s": ahead.total_seconds()},
    )  # fmt: skip
    assert queries.days_since_needled(visit, today) == {("soleus", "right"): 2.0}


def test_a_needle_that_was_undone_was_not_in_the_muscle(
    alice, patient, visit, site, today, unguarded
):
    before = visits.book(
        by=alice, patient=patient, practitioner=alice, site=site,
        planned_at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    needled(before, "soleus", started_at=before.planned_at)
    Act.objects.update(is_void=True)
    assert queries.days_since_needled(visit, today) == {}
