"""Choosing, examining, placing and dropping targets."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from filiform.anatomy import atlas
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.actions.targets import in_our_unit
from filiform.clinic.assessment.forms.targets import criteria
from filiform.clinic.assessment.models import Finding, Target
from filiform.clinic.assessment.ranked import answer_of


def page(client, visit, query=""):
    return client.get(reverse("assessment:targets", args=[visit.pk]) + query)


def post(client, visit, name, *args, **data):
    return client.post(reverse(f"assessment:{name}", args=[visit.pk, *args]), data)


@pytest.fixture
def target(told, alice):
    return actions.choose_target(by=alice, visit=told, muscle="infraspinatus", side="right")


def test_a_muscle_is_chosen_with_one_tap_on_its_side(as_alice, told):
    post(as_alice, told, "choose", muscle="infraspinatus", side="right")
    (chosen,) = queries.targets(told)
    assert (chosen.muscle, chosen.side) == ("infraspinatus", "right")
    assert chosen.atlas_release == atlas().release


def test_choosing_the_same_muscle_twice_is_one_target(as_alice, told):
    post(as_alice, told, "choose", muscle="infraspinatus", side="right")
    post(as_alice, told, "choose", muscle="infraspinatus", side="right")
    assert len(queries.targets(told)) == 1


@pytest.mark.parametrize(
    ("muscle", "side", "code"),
    [
        ("gluteus-imaginarius", "left", "target-unknown"),
        ("infraspinatus", "up", "target-side-unknown"),
    ],
)
def test_what_the_body_does_not_have_is_refused_in_words(told, alice, muscle, side, code):
    refused = actions.choose_target(by=alice, visit=told, muscle=muscle, side=side)
    assert [reason.code for reason in refused] == [code]


def test_a_search_finds_a_muscle_by_a_misspelt_name(as_alice, told):
    found = page(as_alice, told, "?q=infraspinatous").context["muscles_found"]
    assert found[0].id == "infraspinatus"


def test_the_search_answers_while_typing_with_a_fragment(as_alice, told):
    address = reverse("assessment:muscle-search", args=[told.pk])
    text = as_alice.get(address, {"q": "soleus"}, headers={"HX-Request": "true"}).content.decode()
    assert text.startswith('<div id="muscles-found"')
    assert "<html" not in text


def test_without_script_the_search_keeps_every_letter(as_alice, told):
    address = reverse("assessment:muscle-search", args=[told.pk])
    answer = as_alice.get(address, {"q": "soleus & #2"}, follow=True)
    assert answer.context["q"] == "soleus & #2"


def test_below_the_ranking_its_next_muscles_are_offered_on_the_likelier_side(as_alice, told):
    context = page(as_alice, told).context
    shown = {row.muscle for row in context["ranking"]["rows"]}
    further = [(muscle.id, side) for muscle, side in context["further"]]
    assert further
    assert not shown & {muscle for muscle, _side in further}
    ranked = [(one.source, one.side) for one in answer_of(told).ranked]
    places = [ranked.index(one) for one in further]
    assert places == sorted(places)
    assert further[0][1] == "right", "the drawing lies on the right"


def test_with_nothing_drawn_or_found_no_further_muscle_is_offered(as_alice, visit):
    assert page(as_alice, visit).context["further"] == []


def test_a_finding_is_kept_as_it_is_tapped_and_a_new_answer_replaces_it(as_alice, target, told):
    form = {"muscle": "infraspinatus", "side": "right"}
    post(as_alice, told, "find", **form, **{"f_taut-band": "yes", "f_nodule": "no"})
    found = queries.findings_by_muscle(told)["infraspinatus", "right"]
    assert found["taut-band"].present is True
    assert found["nodule"].present is False
    assert "jump-sign" not in found
    post(as_alice, told, "find", **form, **{"f_taut-band": "no", "f_nodule": ""})
    found = queries.findings_by_muscle(told)["infraspinatus", "right"]
    assert found["taut-band"].present is False
    assert "nodule" not in found
    assert Finding.objects.count() == 4, "the former answers stay in the record"


def test_the_same_findings_sent_twice_are_kept_once(as_alice, target, told):
    form = {"muscle": "infraspinatus", "side": "right", "f_taut-band": "yes"}
    post(as_alice, told, "find", **form)
    post(as_alice, told, "find", **form)
    assert Finding.objects.count() == 1


def test_pressure_in_kg_per_square_centimetre_is_kept_in_kilopascal(as_alice, target, told):
    form = {"muscle": "infraspinatus", "side": "right"}
    post(as_alice, told, "find", **form, pressure="2.5", pressure_unit="kg/cm2")
    found = queries.findings_by_muscle(told)["infraspinatus", "right"]["pressure-threshold"]
    assert found.value == pytest.approx(245.2, abs=0.05)
    assert found.unit == "kPa"


def test_an_impossible_pressure_is_refused(as_alice, target, told):
    form = {"muscle": "infraspinatus", "side": "right"}
    post(as_alice, told, "find", **form, pressure="250", pressure_unit="kg/cm2")
    assert not Finding.objects.exists()


def test_an_unknown_unit_names_the_allowed_ones():
    with pytest.raises(ValueError, match="kPa, kg/cm2, deg"):
        in_our_unit(3.0, "bar")


def test_range_of_motion_is_kept_with_its_movement(as_alice, target, told):
    form = {"muscle": "infraspinatus", "side": "right"}
    post(as_alice, told, "find", **form, movement="internal-rotation", degrees="55")
    found = queries.findings_by_muscle(told)["infraspinatus", "right"]
    assert found["range-of-motion/internal-rotation"].value == 55


def test_the_delphi_criteria_are_three_and_the_others_do_not_count(told, alice):
    for finding in ("taut-band", "referred-pain", "nodule", "jump-sign"):
        actions.find(
            by=alice, visit=told, muscle="soleus", side="left", finding=finding, present=True
        )
    present, recognised = criteria(queries.findings_by_muscle(told)["soleus", "left"])
    assert sorted(present) == ["referred-pain", "taut-band"]
    assert recognised is None


def test_a_muscle_can_be_examined_without_becoming_a_target(as_alice, told):
    response = page(as_alice, told, "?examine=soleus:left")
    assert [card["muscle"].id for card in response.context["examined"]] == ["soleus"]
    assert queries.targets(told) == []


def test_a_dropped_target_stays_in_the_record_with_why(as_alice, target, told):
    post(as_alice, told, "drop", target.pk, why="not found on palpation")
    assert queries.targets(told) == []
    void = Target.objects.get(is_void=True)
    assert (void.replaces, void.why) == (target, "not found on palpation")


def test_a_target_is_not_dropped_without_a_word(as_alice, target, told):
    post(as_alice, told, "drop", target.pk, why="  ")
    assert len(queries.targets(told)) == 1


def test_naming_the_trigger_point_asks_for_a_new_plan(as_alice, target, told):
    post(as_alice, told, "place", target.pk, trp="1")
    ((placed, plan),) = queries.plans(told)
    assert (placed.trp, placed.replaces, plan) == ("1", target, None)


def test_two_targets_of_one_muscle_are_two_points(as_alice, alice, target, told):
    actions.place_target(by=alice, target=target, trp="1")
    again = actions.choose_target(by=alice, visit=told, muscle="infraspinatus", side="right")
    refused = actions.place_target(by=alice, target=again, trp="1")
    assert [reason.code for reason in refused] == ["target-placed-already"]
    post(as_alice, told, "place", again.pk, trp="2")
    assert [one.trp for one in queries.targets(told)] == ["1", "2"]


def test_a_point_that_the_muscle_does_not_have_is_not_found(as_alice, target, told):
    assert post(as_alice, told, "place", target.pk, trp="99").status_code == 404


def test_the_page_says_which_privilege_is_lacking(client, told, target, clinic):
    from filiform.clinic.staff import actions as staff

    new = staff.add_member(
        organisation=clinic,
        username="new",
        password=None,
        name="New",
        roles=frozenset({"practitioner"}),
    )
    client.force_login(new, backend="django.contrib.auth.backends.ModelBackend")
    (card,) = page(client, told).context["cards"]
    assert card["lacking"]


def test_after_the_visit_targets_stand_as_they_are(target, told, alice):
    from filiform.clinic.visits import actions as visits

    visits.move(by=alice, visit=told, to="done")
    target.visit.refresh_from_db()
    for refused in (
        actions.choose_target(by=alice, visit=told, muscle="soleus", side="left"),
        actions.drop_target(by=alice, target=target, why="late"),
    ):
        assert [reason.code for reason in refused] == ["visit-ended"]


def test_the_target_of_another_visit_is_not_found(as_alice, target, told, patient, alice, site):
    from filiform.clinic.visits import actions as visits

    other = visits.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    assert post(as_alice, other, "drop", target.pk, why="x").status_code == 404


@pytest.mark.parametrize("name", ["choose", "find"])
def test_only_practitioners_choose_and_examine(client, olga, bob, charlie, told, name):
    for person, status in ((olga, 403), (bob, 403), (charlie, 404)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert post(client, told, name).status_code == status
