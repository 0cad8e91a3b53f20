"""Plans: proposed, saved as versions, refused with reasons, copied from last time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from filiform import planning
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.depth_bar import WIDTH, depth_bar
from filiform.clinic.assessment.models import MeasuredDepth, PlannedNeedling
from filiform.clinic.patients import actions as patients
from filiform.reasons import say

WHY = "Small first step in this patient; measured and palpated."


@pytest.fixture
def measured(told, alice):
    for kind, value in (("height_cm", 165), ("weight_kg", 64)):
        patients.measure(by=alice, patient=told.patient, kind=kind, value=value)
    return told


@pytest.fixture
def target(measured, alice):
    return actions.choose_target(by=alice, visit=measured, muscle="infraspinatus", side="right")


@pytest.fixture
def usual(target, today):
    """The proposal as values of `plan_needling`."""
    found = planning.suggest(target.muscle, target.side, **queries.build(target.patient, today))
    return {
        "position": found.position,
        "technique": "deep-static",
        "diameter_mm": found.needle.diameter_mm,
        "length_mm": found.needle.length_mm,
        "depth_mm": found.depth_mm.target[1],
        "insertions": 1,
        "note": WHY,
    }


def limit_mm(target, today):
    found = planning.suggest(target.muscle, target.side, **queries.build(target.patient, today))
    return found.depth_mm.limit


def page(client, visit, query=""):
    return client.get(reverse("assessment:plan", args=[visit.pk]) + query)


def save(client, target, values, **more):
    data = {f"{target.pk}-{name}": value for name, value in values.items()}
    data[f"{target.pk}-diameter_mm"] = f"{values['diameter_mm']:.2f}"
    data[f"{target.pk}-length_mm"] = f"{values['length_mm']:g}"
    return client.post(reverse("assessment:plan-save", args=[target.visit_id]), {**data, **more})


def test_a_card_is_filled_in_with_what_planning_proposes(as_alice, measured, target, usual):
    (card,) = page(as_alice, measured).context["cards"]
    assert float(card["form"]["depth_mm"].value()) == usual["depth_mm"]
    assert card["kept"] is None
    assert card["proposed_differs"] == {}


def test_a_plan_is_saved_and_goes_on_to_consent(as_alice, target, usual):
    response = save(as_alice, target, usual, next="yes")
    assert response.url == reverse("consent:consent", args=[target.visit_id])
    plan = queries.plan_of(target)
    assert plan.depth_mm == usual["depth_mm"]
    assert plan.atlas_release == target.atlas_release


def test_a_changed_plan_is_a_new_version(as_alice, target, usual):
    save(as_alice, target, usual)
    first = queries.plan_of(target)
    save(as_alice, target, {**usual, "insertions": 2})
    now = queries.plan_of(target)
    assert (now.insertions, now.replaces) == (2, first)
    assert PlannedNeedling.objects.count() == 2


def test_the_same_plan_saved_twice_is_one_version(as_alice, target, usual):
    save(as_alice, target, usual)
    save(as_alice, target, usual)
    assert PlannedNeedling.objects.count() == 1


def test_a_depth_over_the_limit_is_refused_with_the_numbers(as_alice, target, usual, today):
    too_deep = limit_mm(target, today) + 5
    response = save(as_alice, target, {**usual, "depth_mm": too_deep})
    text = response.content.decode()
    assert response.status_code == 422
    assert f"planned {too_deep:g} mm, limit {limit_mm(target, today):g} mm" in text
    assert not PlannedNeedling.objects.exists()
    assert response.context["cards"][0]["bar"].over


def test_what_asks_for_a_written_reason_is_refused_without_one(target, usual, alice):
    many = {**usual, "technique": "ims", "insertions": 9}
    refused = actions.plan_needling(by=alice, target=target, **{**many, "note": ""})
    assert "plan-why-missing" in [reason.code for reason in refused]
    assert "at least 15" in say(refused[0])
    kept = actions.plan_needling(by=alice, target=target, **many)
    assert "plan-passes-too-many" in [row["code"] for row in kept.reasons]


def test_a_precaution_is_kept_with_the_plan(measured, alice, today):
    target = actions.choose_target(by=alice, visit=measured, muscle="rhomboid-major", side="left")
    found = planning.suggest(target.muscle, "left", **queries.build(target.patient, today))
    plan = actions.plan_needling(
        by=alice,
        target=target,
        position=found.position,
        technique=found.technique,
        diameter_mm=found.needle.diameter_mm,
        length_mm=found.needle.length_mm,
        depth_mm=found.depth_mm.target[0],
        insertions=1,
        note=WHY,
    )
    assert not isinstance(plan, tuple), plan
    assert "plan-over-lung" in [row["code"] for row in plan.reasons]


def test_one_refused_card_does_not_undo_the_others(as_alice, target, usual, measured, alice, today):
    second = actions.choose_target(by=alice, visit=measured, muscle="soleus", side="left")
    data = {f"{target.pk}-{name}": value for name, value in usual.items()}
    data |= {
        f"{target.pk}-diameter_mm": "0.30",
        f"{target.pk}-length_mm": f"{usual['length_mm']:g}",
    }
    data |= {f"{second.pk}-depth_mm": ""}
    response = as_alice.post(reverse("assessment:plan-save", args=[measured.pk]), data)
    assert response.status_code == 422
    assert queries.plan_of(target) is not None
    assert queries.plan_of(second) is None


def test_targets_over_both_lungs_are_told_above_the_cards(as_alice, measured, alice):
    for side in ("left", "right"):
        actions.choose_target(by=alice, visit=measured, muscle="rhomboid-major", side=side)
    text = page(as_alice, measured).content.decode()
    assert "Targets over both lungs in one visit" in text


def test_last_time_can_be_copied_and_what_differs_is_marked(
    as_alice, target, usual, measured, alice, patient, site
):
    from filiform.clinic.visits import actions as visits

    actions.plan_needling(by=alice, target=target, **{**usual, "insertions": 3})
    later = visits.book(
        by=alice,
        patient=patient,
        practitioner=alice,
        site=site,
        planned_at=measured.planned_at + timedelta(days=7),
    )
    again = actions.choose_target(by=alice, visit=later, muscle="infraspinatus", side="right")
    (card,) = page(as_alice, later).context["cards"]
    assert card["last_differs"]["insertions"] == 3
    (card,) = page(as_alice, later, f"?copy={again.pk}").context["cards"]
    assert card["form"]["insertions"].value() == 3
    assert card["last_differs"] == {}
    assert "insertions" in card["proposed_differs"]


def test_a_muscle_that_is_not_to_be_needled_gets_no_plan(as_alice, measured, alice, usual):
    from filiform.anatomy import atlas

    never = next(one.id for one in atlas().muscles.values() if not one.needleable)
    target = actions.choose_target(by=alice, visit=measured, muscle=never, side="left")
    refused = actions.plan_needling(by=alice, target=target, **usual)
    assert "plan-not-recommended" in [reason.code for reason in refused]
    assert "No needle and no depth" in page(as_alice, measured).content.decode()


@pytest.mark.parametrize("planned", [None, 5.0, 18.0, 90.0])
def test_the_depth_bar_holds_target_limit_and_plan(target, today, planned):
    depth = planning.suggest(
        target.muscle, target.side, **queries.build(target.patient, today)
    ).depth_mm
    bar = depth_bar(depth, planned)
    assert 0 <= bar.target_start <= bar.target_start + bar.target_width <= bar.limit + 0.2
    assert bar.limit < WIDTH, "what lies beyond the limit is drawn"
    assert planned is None or bar.planned <= WIDTH
    assert bar.over is (planned is not None and planned > depth.limit)


def test_only_practitioners_plan(client, olga, bob, charlie, target, usual):
    for person, status in ((olga, 403), (bob, 403), (charlie, 404)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert save(client, target, usual).status_code == status


def probe(target, **more):
    """What is typed into the card when somebody measured the depth by ultrasound."""
    values = {"measured_mm": 70, "measured_how": "ultrasound", "measured_by": "Dr Sana Malik"}
    return {**values, "measured_on": f"{timezone.localdate():%Y-%m-%d}", **more}


def test_a_measured_depth_raises_the_limit_and_stands_with_the_plan(
    as_alice, measured, alice, today
):
    target = actions.choose_target(
        by=alice, visit=measured, muscle="lumbar-multifidus", side="left"
    )
    deeper = {"position": "prone", "technique": "deep-static", "insertions": 1, "note": WHY}
    deeper |= {"diameter_mm": 0.3, "length_mm": 60, "depth_mm": limit_mm(target, today) + 1}
    assert save(as_alice, target, deeper).status_code == 422
    assert save(as_alice, target, {**deeper, **probe(target)}).status_code == 302
    said = next(
        row for row in queries.plan_of(target).reasons if row["code"] == "plan-measured-raises"
    )
    assert (said["params"]["by"], said["params"]["how"]) == ("Dr Sana Malik", "ultrasound")
    card = page(as_alice, measured).context["cards"][-1]
    assert card["proposal"].depth_mm.limit == 49  # 70 percent of 70 mm
    assert "measured on this patient" in page(as_alice, measured).content.decode()


def test_a_measurement_without_who_is_refused_and_one_taken_back_no_longer_counts(
    as_alice, target, usual, today
):
    nameless = save(as_alice, target, {**usual, **probe(target, measured_by="")})
    assert nameless.status_code == 422
    assert "needs its value, who, how and when" in nameless.content.decode()
    save(as_alice, target, {**usual, **probe(target)})
    save(as_alice, target, {**usual, **probe(target, measured_mm="", measured_how="")})
    assert queries.measured_depth(target, target.patient) is None
    kept = [row.is_void for row in MeasuredDepth.objects.order_by("recorded_at")]
    assert kept == [False, True]


def test_a_depth_measured_half_a_year_ago_no_longer_raises_a_limit(target, alice, today):
    actions.measure_depth(
        by=alice,
        target=target,
        depth_mm=70,
        measured_by="Dr Sana Malik",
        how="ultrasound",
        measured_on=today - timedelta(days=queries.RAISES_FOR_DAYS + 1),
    )
    found = queries.build_at(target, target.visit, today)
    plan = planning.suggest(target.muscle, target.side, **found)
    assert plan.depth_mm.limit == limit_mm(target, today)
    assert "plan-measured-unsigned" in [reason.code for reason in plan.reasons]


def test_no_needle_is_in_the_list_that_would_be_refused(as_alice, measured, target, usual):
    """Infraspinatus is worked with 30 mm at most: the lung may lie behind a gap in the bone."""
    card = page(as_alice, measured).context["cards"][-1]
    offered = [float(size) for size, _ in card["form"].fields["length_mm"].choices]
    assert max(offered) == card["proposal"].longest_mm == 30
    assert save(as_alice, target, {**usual, "length_mm": 75}).status_code == 422
