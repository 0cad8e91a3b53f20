"""Which needles are in: every act once, in order, and nothing lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from filiform.clinic.treatment import actions, queries
from filiform.clinic.treatment.models import Act


def codes(answer):
    assert isinstance(answer, tuple), f"not refused: {answer}"
    return [reason.code for reason in answer]


def test_a_needle_is_in_from_its_insertion_until_its_removal(act, targets, treatment, patient):
    needle = act("insertion", target=targets[0])
    assert [found.pk for found in queries.needles_in(patient)] == [needle.pk]
    assert [found.pk for found in queries.needles_of(treatment)] == [needle.pk]
    act("removal", needle=needle)
    assert queries.needles_in(patient) == []
    assert queries.needles_of(treatment) == []


def test_the_same_act_sent_twice_changes_nothing(act, targets, treatment):
    number = uuid4()
    first = act("insertion", act_id=number, target=targets[0])
    again = act("insertion", act_id=number, target=targets[0])
    assert first == again
    assert Act.objects.filter(treatment=treatment).count() == 1


def test_an_act_number_of_another_act_is_refused(act, targets):
    number = uuid4()
    act("insertion", act_id=number, target=targets[0])
    assert codes(act("insertion", act_id=number, target=targets[1])) == ["act-id-reused"]


def test_a_needle_that_is_out_is_not_taken_out_again(act, targets):
    needle = act("insertion", target=targets[0])
    act("removal", needle=needle)
    assert codes(act("removal", needle=needle)) == ["needle-already-out"]
    assert codes(act("twitch", needle=needle)) == ["needle-already-out"]


def test_a_needle_takes_its_figures_from_the_plan(act, targets):
    from filiform.clinic.assessment.queries import plan_of

    plan = plan_of(targets[0])
    needle = act("insertion", target=targets[0])
    assert needle.details == {
        "diameter_mm": plan.diameter_mm,
        "length_mm": plan.length_mm,
        "depth_mm": plan.depth_mm,
        "passes": plan.insertions,
    }


def test_a_needle_other_than_planned_is_noted_as_changed(act, targets):
    from filiform.clinic.assessment.queries import plan_of

    shallower_mm = plan_of(targets[0]).depth_mm - 1
    needle = act("insertion", target=targets[0], details={"depth_mm": shallower_mm})
    assert needle.details["changed"] == ["depth_mm"]
    assert needle.details["depth_mm"] == shallower_mm


def test_a_needle_deeper_than_the_limit_is_refused_during_the_treatment_too(act, targets):
    answer = act("insertion", target=targets[0], details={"depth_mm": 60, "length_mm": 75})
    assert codes(answer)
    assert all(reason.weight != "precaution" for reason in answer)


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"diameter_mm": 2.5}, "needle-diameter"),
        ({"length_mm": 400}, "needle-length"),
        ({"depth_mm": 200}, "needle-depth"),
    ],
)
def test_a_needle_that_nobody_makes_is_refused(act, targets, details, code):
    assert codes(act("insertion", target=targets[0], details=details)) == [code]


def test_a_muscle_that_was_not_planned_is_not_needled(act, visit, alice):
    from filiform.clinic.assessment.actions import choose_target

    bare = choose_target(by=alice, visit=visit, muscle="soleus", side="left")
    assert codes(act("insertion", target=bare)) == ["target-not-planned"]
    assert codes(act("insertion", target=uuid4())) == ["target-not-planned"]


def test_an_undone_act_stays_readable_and_counts_no_more(act, targets, treatment):
    wrong = act("insertion", target=targets[0])
    act("void", replaces=wrong, why="wrong muscle")
    course = queries.course(treatment)
    assert course.needles == {}
    assert wrong.pk in course.undone
    assert Act.objects.filter(pk=wrong.pk).exists()
    assert queries.needles_of(treatment) == []


def test_undoing_twice_undoing_an_undoing_and_undoing_nothing_are_refused(act, targets):
    wrong = act("insertion", target=targets[0])
    void = act("void", replaces=wrong, details={"reason": "tapped"})
    assert codes(act("void", replaces=wrong)) == ["void-again"]
    assert codes(act("void", replaces=void)) == ["void-of-void"]
    assert codes(act("void", replaces=uuid4())) == ["void-unknown"]
    assert codes(act("removal", needle=wrong)) == ["needle-undone"]


def test_a_needle_with_later_acts_is_undone_from_the_newest_backwards(act, targets, treatment):
    needle = act("insertion", target=targets[0])
    out = act("removal", needle=needle)
    assert codes(act("void", replaces=needle)) == ["void-has-later"]
    act("void", replaces=out, details={"reason": "other-needle"})
    assert len(queries.needles_of(treatment)) == 1
    assert not isinstance(act("void", replaces=needle, why="wrong muscle"), tuple)


def test_a_wrong_clock_on_the_tablet_is_noted_and_both_times_are_kept(act, targets, treatment):
    from filiform.clinic.treatment.course import time_of

    wrong = timezone.now() + timedelta(hours=3)
    needle = act("insertion", target=targets[0], at=wrong)
    assert needle.at == wrong
    assert abs((time_of(needle) - needle.recorded_at).total_seconds()) < 1


def test_an_act_that_waited_for_the_network_keeps_its_time(act, targets):
    """The tablet's clock is right: it only sends late."""
    from filiform.clinic.treatment.course import time_of

    sent = timezone.now()
    done = sent - timedelta(minutes=9)
    needle = act("insertion", target=targets[0], at=done, sent_at=sent)
    assert time_of(needle) == done


def test_dwell_is_the_time_between_in_and_out(act, targets, treatment):
    at = timezone.now()
    needle = act("insertion", target=targets[0], at=at)
    act("removal", needle=needle, at=at + timedelta(seconds=95))
    assert queries.course(treatment).needles[needle.pk].dwell_s == 95


def test_the_visit_says_whether_needles_are_in(act, targets, visit):
    needle = act("insertion", target=targets[0])
    visit.refresh_from_db()
    assert visit.state == "needles-in"
    act("removal", needle=needle)
    visit.refresh_from_db()
    assert visit.state == "to-sign"


def test_a_treatment_of_another_clinic_takes_no_act(treatment, targets, charlie):
    with pytest.raises(ValueError, match="another organisation"):
        actions.record_act(
            by=charlie,
            treatment=treatment,
            act_id=uuid4(),
            kind="insertion",
            at=timezone.now(),
            target=targets[0],
        )
