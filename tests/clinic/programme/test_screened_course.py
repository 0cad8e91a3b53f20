"""What screening and the story say about needles reaches the programme."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.clinic.needling_rows import choose_target, needled

from filiform.clinic.assessment.models import Story
from filiform.clinic.intake import actions as intake
from filiform.clinic.programme import actions, queries
from filiform.clinic.programme.models import ProgrammeTemplate

DAY = timedelta(days=1)


def codes(visit) -> set[str]:
    course = queries.course(visit, on=timezone.localdate())
    return {reason.code for reason in course.left_out}


def test_where_screening_forbids_needles_the_programme_has_none_and_says_so(visit, alice):
    choose_target(visit, "infraspinatus")
    assert "programme-not-needled" not in codes(visit)
    intake.answer(
        by=alice, patient=visit.patient, visit=visit, question="consent-incapable", value=True
    )
    assert "programme-not-needled" in codes(visit)
    needled(visit, "infraspinatus")
    assert "programme-not-needled" not in codes(visit), "needles that are in were in"


def test_a_muscle_hurt_yesterday_is_not_needled_and_an_old_pain_is_no_injury(visit, alice):
    choose_target(visit, "infraspinatus")
    here = timezone.localtime(visit.planned_at).date()
    cases = [
        ("strain", "days", here - DAY, True),
        ("strain", "days", here - 3 * DAY, True),  # its evening is less than 72 hours ago
        ("strain", "days", here - 4 * DAY, False),
        ("strain", "today", None, True),
        ("accident", "weeks", None, False),
        ("posture", "days", here - DAY, False),
    ]
    last = None
    for mechanism, onset, day, is_fresh in cases:
        last = Story.objects.create(
            organisation=visit.organisation, recorded_by=alice, patient=visit.patient,
            visit=visit, mechanism=mechanism, onset=onset, onset_on=day, replaces=last,
        )  # fmt: skip
        told = "programme-fresh-injury" in codes(visit)
        assert told == is_fresh, (mechanism, onset, day)


def test_a_template_with_a_dose_out_of_bounds_leaves_that_item_out_and_counts_it(
    visit, alice, target, first_home, today
):
    phase, item, _release = first_home
    rows = [
        {"phase": phase, "item": item.id.partition(":")[0], "dose": {"hold_s": 900}, "note": ""}
    ]
    template = ProgrammeTemplate.objects.create(
        organisation=visit.organisation, recorded_by=alice, name="Old", rows=rows
    )
    made = actions.apply_template(by=alice, visit=visit, template=template, on=today)
    assert made == (0, 1)
    assert queries.chosen(visit) == []
