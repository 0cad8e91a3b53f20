"""Which checks fall due after a treatment, and when."""

from __future__ import annotations

from datetime import timedelta

from tests.clinic.needling_rows import choose_target, needled

from filiform.clinic.aftercare import actions
from filiform.clinic.treatment.models import Act


def hours_of(treatment) -> list[int]:
    return list(treatment.checks.order_by("hours").values_list("hours", flat=True))


def test_after_every_needling_somebody_asks_after_one_three_and_seven_days(in_leg):
    assert hours_of(in_leg)[-3:] == [24, 72, 168]


def test_after_a_needle_over_the_lung_somebody_asks_after_two_hours_too(over_lung):
    assert hours_of(over_lung) == [2, 24, 72, 168]
    assert all(check.over_lung for check in over_lung.checks.all())


def test_a_leg_needled_again_needs_no_check_after_two_hours(in_leg, visit, alice):
    again = needled(visit, "soleus", started_at=in_leg.started_at + timedelta(hours=50))
    actions.plan_checks(by=alice, treatment=again)
    assert hours_of(again) == [24, 72, 168]


def test_planning_twice_makes_no_second_check(over_lung, alice):
    before = set(over_lung.checks.values_list("pk", flat=True))
    actions.plan_checks(by=alice, treatment=over_lung)
    assert set(over_lung.checks.values_list("pk", flat=True)) == before


def test_the_clock_starts_when_the_last_needle_came_out(visit, alice):
    treatment = needled(visit, "soleus", minutes=25)
    actions.plan_checks(by=alice, treatment=treatment)
    check = treatment.checks.get(hours=24)
    assert check.due_at == treatment.started_at + timedelta(minutes=25, hours=24)


def test_a_tablet_whose_clock_is_wrong_moves_no_check(visit, alice):
    treatment = needled(visit, "soleus")
    needle = Act.objects.get(treatment=treatment, kind="insertion")
    out_at = treatment.started_at + timedelta(minutes=25)
    Act.objects.create(
        organisation=visit.organisation, recorded_by=alice, patient=visit.patient, number=99,
        treatment=treatment, kind="removal", needle=needle, at=out_at + timedelta(hours=3),
        details={"clock_off_s": 3 * 3600},
    )  # fmt: skip
    actions.plan_checks(by=alice, treatment=treatment)
    assert treatment.checks.get(hours=24).due_at == out_at + timedelta(hours=24)


def test_a_muscle_that_was_chosen_but_not_needled_plans_nothing(visit, alice):
    choose_target(visit, "trapezius-upper")
    treatment = needled(visit)
    assert actions.plan_checks(by=alice, treatment=treatment) == []


def test_the_checks_belong_to_the_practitioner_who_needled(over_lung, alice):
    assert {check.owner for check in over_lung.checks.all()} == {alice}


def test_every_check_says_why_it_is_made_in_both_languages(over_lung):
    for check in over_lung.checks.all():
        assert check.why
        assert all(why["en"] and why["ur"] for why in check.why)


def test_blood_thinners_are_among_the_reasons_for_the_first_day(visit, alice, patient):
    from filiform.clinic.intake.actions import disclose

    disclose(
        by=alice,
        patient=patient,
        kind="medicine",
        text="Warfarin 5 mg",
        codings=[{"system": "http://www.whocc.no/atc", "code": "B01AA03", "display": "warfarin"}],
    )
    treatment = needled(visit, "soleus")
    actions.plan_checks(by=alice, treatment=treatment)
    why = " ".join(entry["en"] for entry in treatment.checks.get(hours=24).why)
    assert "Blood thinners" in why
