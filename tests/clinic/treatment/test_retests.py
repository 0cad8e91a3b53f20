"""Response at once: tested before and after, with the needles in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.demo import clock
from filiform.clinic.expectation import gathering
from filiform.clinic.treatment import queries
from filiform.clinic.treatment.retests import pairs_of


@pytest.fixture
def tested(act, targets, treatment):
    """test(seconds, measure, value, target): seconds after the start of the treatment."""

    def test(seconds, measure, value, target=None):
        return act(
            "retest",
            target=target,
            at=treatment.started_at + timedelta(seconds=seconds),
            details={"measure": measure, "value": value},
        )

    return test


def needle(act, treatment, target, seconds):
    return act("insertion", target=target, at=treatment.started_at + timedelta(seconds=seconds))


def test_a_pair_holds_the_tests_round_the_needles_of_its_own_target(
    tested, act, treatment, targets
):
    first, other = targets
    tested(1, "threshold", 160, first)
    tested(2, "threshold", 180, first)  # the last before the needle counts
    tested(3, "threshold", 300, other)
    one = needle(act, treatment, first, 10)
    two = needle(act, treatment, first, 20)
    needle(act, treatment, other, 25)
    tested(40, "threshold", 260, first)
    pair, of_other = pairs_of(queries.course(treatment))
    assert (pair.before.value, pair.after.value, pair.change) == (180, 260, 80)
    assert [between.id for between in pair.needles] == [one.pk, two.pk]
    assert pair.verdict == "better"
    assert (of_other.after, of_other.verdict) == (None, ""), "tested once is no pair yet"


def test_tests_that_reach_us_late_stand_where_they_were_made(tested, act, treatment, targets):
    needle(act, treatment, targets[0], 10)
    tested(60, "pain", 2)
    tested(1, "pain", 7)  # waited on a tablet without a line
    [pair] = pairs_of(queries.course(treatment))
    assert (pair.before.value, pair.after.value) == (7, 2)


def test_less_pain_is_better_and_less_strength_is_worse(tested, act, treatment, targets):
    for measure, before, after in (("pain", 6, 3), ("strength", 5, 4), ("range", 90, 90)):
        tested(1, measure, before)
        tested(60, measure, after)
    needle(act, treatment, targets[0], 10)
    found = {pair.measure.id: pair.verdict for pair in pairs_of(queries.course(treatment))}
    assert found == {"pain": "better", "strength": "worse", "range": "same"}


def test_what_cannot_be_measured_is_refused_in_words(tested, act, targets, treatment):
    assert [reason.code for reason in tested(1, "pain", 11)] == ["retest-value"]
    assert [reason.code for reason in tested(1, "strength", "")] == ["retest-value"]
    with pytest.raises(ValueError, match="measure is 'mood'; allowed: pain"):
        tested(1, "mood", 3)


def test_page_and_record_show_the_pair_and_the_labels_of_its_needles(
    tested, act, treatment, targets, as_alice, visit
):
    tested(1, "pain", 6)
    for target in targets:
        needle(act, treatment, target, 10)
    tested(60, "pain", 4)
    for name in ("treat", "record"):
        text = as_alice.get(reverse(f"treatment:{name}", args=[visit.pk])).content.decode()
        assert "<td>1 2</td>" in text, name
        assert "\N{MINUS SIGN}2" in text, name


def test_what_was_tested_after_the_needles_stands_beside_what_was_expected(
    tested, act, treatment, targets, as_alice, visit
):
    needle(act, treatment, targets[0], 10)
    # By our clock, too: an act from the future is one of a tablet whose clock is wrong.
    with clock.at(treatment.started_at + timedelta(seconds=1800)):
        tested(1800, "threshold", 260, targets[0])
        tested(1800, "pain", 3)
    measured = gathering.measured_of(visit, treatment.started_at)
    found = {one.state: one for one in measured if one.hour}
    assert found["pressure_threshold_kpa"].hour == pytest.approx(0.5)
    assert (found["pain_nprs"].value, found["pressure_threshold_kpa"].value) == (3, 260)
    text = as_alice.get(reverse("expectation:expected", args=[visit.pk])).content.decode()
    assert "Measured last: 260 kPa" in text


def test_a_target_of_another_visit_is_no_place_to_test(act, treatment):
    told = {"measure": "threshold", "value": 200}
    refused = act("retest", target=treatment.pk, at=timezone.now(), details=told)
    assert [reason.code for reason in refused] == ["target-not-planned"]
