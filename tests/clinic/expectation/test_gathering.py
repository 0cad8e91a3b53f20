"""From the record to the model: the dose that was given, and what was measured since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.clinic.needling_rows import choose_target

from filiform.clinic.expectation import gathering
from filiform.clinic.treatment.models import Act
from filiform.mechanism import NeedlingDose


def planned(visit, muscle: str, insertions: int):
    from filiform.clinic.assessment.models import PlannedNeedling

    target = choose_target(visit, muscle)
    PlannedNeedling.objects.create(
        organisation=visit.organisation, recorded_by=visit.practitioner, patient=visit.patient,
        visit=visit, target=target, position="prone", technique="static", diameter_mm=0.25,
        length_mm=40, depth_mm=15, insertions=insertions, atlas_release="x",
    )  # fmt: skip
    return target


def add_act(treatment, kind: str, *, at, needle=None, **details):
    number = treatment.acts.count() + 1
    return Act.objects.create(
        organisation=treatment.organisation, recorded_by=treatment.practitioner,
        patient=treatment.patient, treatment=treatment, number=number, kind=kind, at=at,
        needle=needle, details=details,
    )  # fmt: skip


def test_before_needling_the_most_needled_target_of_the_plan_counts(visit):
    planned(visit, "soleus", 6)
    planned(visit, "infraspinatus", 12)
    given = gathering.dose_of(visit)
    assert not given.done
    assert given.dose == NeedlingDose(insertions=12, twitches=5)


def test_without_a_plan_the_usual_dose_is_shown(visit):
    assert gathering.dose_of(visit).dose == NeedlingDose(insertions=10, twitches=5)


def test_after_needling_strokes_twitches_and_time_in_place_are_those_of_the_record(tell):
    visit = tell(2, 6, "soleus")
    treatment = visit.treatment
    needle = treatment.acts.get(kind="insertion")
    for _number in range(4):
        add_act(treatment, "twitch", at=treatment.started_at, needle=needle)
    given = gathering.dose_of(visit)
    assert given.treated_at == treatment.started_at
    assert given.dose == NeedlingDose(insertions=1, twitches=4, dwell_min=10.0)


def test_twitches_of_another_muscle_are_not_counted_with_it(tell):
    visit = tell(2, 6, "soleus", "infraspinatus")
    second = visit.treatment.acts.filter(kind="insertion").order_by("number").last()
    add_act(visit.treatment, "twitch", at=visit.treatment.started_at, needle=second)
    assert gathering.dose_of(visit).dose.twitches == 0


def test_ratings_before_after_and_at_checks_stand_at_their_hours(tell, alice, bob, today):
    from filiform.clinic.aftercare import actions

    visit = tell(5, 6, "soleus")
    treatment = visit.treatment
    add_act(treatment, "response", at=treatment.started_at + timedelta(minutes=30), pain=3,
            soreness=2)  # fmt: skip
    check = actions.plan_checks(by=alice, treatment=treatment)[1]
    actions.settle(by=bob, check=check, result="answered", report={"soreness_nprs": 1}, on=today)
    found = gathering.measured_of(visit, treatment.started_at)
    seen = [(one.state, round(one.hour, 1), one.value) for one in found]
    assert seen[0] == ("pain_nprs", 0.0, 6.0)
    assert ("pain_nprs", 0.5, 3.0) in seen
    assert ("soreness_nprs", 0.5, 2.0) in seen
    assert seen[-1][0] == "soreness_nprs"
    assert seen[-1][1] == pytest.approx(120, abs=1)


def test_what_a_tablet_with_a_wrong_clock_sent_stands_at_our_hour(tell):
    visit = tell(5, 6, "soleus")
    treatment = visit.treatment
    ahead = timedelta(hours=3, minutes=30)
    add_act(treatment, "response", at=treatment.started_at + ahead, pain=3, clock_off_s=10_800)
    add_act(treatment, "retest", at=treatment.started_at + ahead, measure="pain", value=2,
            clock_off_s=10_800)  # fmt: skip
    found = gathering.measured_of(visit, treatment.started_at)
    assert [(one.hour, one.value) for one in found[1:]] == [(0.5, 3.0), (0.5, 2.0)]


def test_pain_at_the_next_visit_counts_until_that_visit_s_needling_and_no_longer(tell):
    first = tell(20, 7, "soleus")
    tell(12, 4, "soleus")
    tell(8, 2)
    found = gathering.measured_of(first, first.treatment.started_at)
    assert [one.value for one in found] == [7.0]
    second = tell(13, 5)
    found = gathering.measured_of(first, first.treatment.started_at)
    assert [one.value for one in found] == [7.0, 5.0]
    assert second.planned_at > first.planned_at


def test_age_and_duration_of_pain_come_from_file_and_story(tell):
    from filiform.clinic.assessment.models import Story

    visit = tell(1, 5)
    old = Story.objects.get(visit=visit)
    Story.objects.create(
        organisation=old.organisation, recorded_by=old.recorded_by, patient=old.patient,
        visit=visit, replaces=old, pain_now=5,
        onset_on=timezone.localdate() - timedelta(days=305),
    )  # fmt: skip
    traits = gathering.traits_of(visit)
    assert traits.age_years == visit.patient.age_on(visit.planned_at.date())
    assert traits.months == pytest.approx(10, abs=0.2)


def test_passes_that_were_kept_with_each_needle_add_up_to_the_dose(tell):
    visit = tell(2, 6, "soleus")
    treatment = visit.treatment
    first = treatment.acts.get(kind="insertion")
    Act.objects.create(
        organisation=treatment.organisation, recorded_by=treatment.practitioner,
        patient=treatment.patient, treatment=treatment, number=treatment.acts.count() + 1,
        kind="insertion", at=treatment.started_at, target=first.target, details={"passes": 8},
    )  # fmt: skip
    # The first needle is from before passes were kept and counts as one.
    assert gathering.dose_of(visit).dose.insertions == 9
