"""After whatever happened, the rail, the gate, Today and `start` say the same of a visit."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.clinic.pathway import acts
from tests.clinic.pathway.acts import ACTS, perform, undone_afterwards

from filiform.clinic.pathway.gathering import before_needling, pathway_of
from filiform.clinic.pathway.next_thing import NEXT, next_things
from filiform.clinic.pathway.rail import rail
from filiform.clinic.pathway.state import NEEDLING_STEPS, UNDER_WAY, compose
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.visits.models import STATES
from filiform.clinic.visits.step import StepState
from filiform.reasons import Reason

pytestmark = pytest.mark.django_db
DATABASE = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    # A sequence is short enough to be read as it is; making it shorter takes minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SEQUENCES = st.lists(st.sampled_from(sorted(ACTS)), min_size=1, max_size=12)


def next_code(scene):
    found = next_things([scene.visit], on=scene.on, now=timezone.now())
    return found[scene.visit.pk].code


def check_agreement(scene, client):
    visit, by = scene.visit, scene.by
    pathway = before_needling(visit, by=by, on=scene.on)
    code = next_code(scene)
    with undone_afterwards():
        begun = isinstance(acts.start(scene), Treatment)
    scene.refresh()
    visit = scene.visit
    again = Treatment.objects.filter(visit=visit).exists()
    assert begun == (pathway.may_start or again), "start and the pathway differ"
    if code == "ready":
        assert begun
    if visit.state in UNDER_WAY:
        assert code == pathway.next
        if code in ("blocked", "papers"):
            assert not begun or again
        if not begun:
            assert code != "ready"
    entries = {entry.step: entry.state for entry in rail(visit, by=by, on=scene.on)}
    for step in NEEDLING_STEPS:
        assert entries[step] == pathway.steps[step], step
    check_pages(scene, client, pathway, code, again)


def check_pages(scene, client, pathway, code, begun_before):
    today = client.get(reverse("pathway:today")).content.decode()
    if code in NEXT:
        assert str(NEXT[code][0]) in today
    if not begun_before:
        page = client.get(reverse("treatment:treat", args=[scene.visit.pk])).content.decode()
        assert ("Ready to needle" in page) == pathway.may_start
    shown = client.get(reverse("assessment:story", args=[scene.visit.pk])).content.decode()
    for step in NEEDLING_STEPS:
        address = reverse(
            f"{'consent' if step == 'consent' else 'assessment'}:{step}", args=[scene.visit.pk]
        )
        assert f'<li class="{pathway.steps[step].state}"><a href="{address}"' in shown


@DATABASE
@given(names=SEQUENCES, prepared=st.booleans())
def test_all_of_them_agree_after_any_sequence_of_acts(scene, as_alice, names, prepared):
    with undone_afterwards():
        for name in ["prepare"] * prepared + names:
            perform(scene, name)
        check_agreement(scene, as_alice)
    scene.refresh()


def test_haemophilia_disclosed_in_the_waiting_room_is_told_on_today(scene, as_alice):
    perform(scene, "prepare")
    assert next_code(scene) == "ready"
    perform(scene, "haemophilia")
    assert next_code(scene) == "blocked"
    check_agreement(scene, as_alice)


def test_a_voided_licence_is_told_on_today(scene, as_alice):
    perform(scene, "prepare")
    perform(scene, "lose the licence")
    assert next_code(scene) == "papers"
    check_agreement(scene, as_alice)
    perform(scene, "get a licence")
    assert next_code(scene) == "ready"


STEP_STATES = st.builds(
    StepState,
    st.sampled_from(["done", "open", "attention", "refused", "waiting"]),
    reasons=st.lists(st.sampled_from([Reason("a-reason"), Reason("another")]), max_size=2).map(
        tuple
    ),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    state=st.sampled_from(sorted(STATES)),
    steps=st.fixed_dictionaries(dict.fromkeys(NEEDLING_STEPS, STEP_STATES)),
    papers=st.lists(st.just(Reason("staff-no-licence")), max_size=1).map(tuple),
)
def test_ready_means_that_nothing_stands_against_it(state, steps, papers):
    pathway = compose(state, papers=papers, steps=steps)
    if pathway.next == "ready":
        assert pathway.may_start
        assert pathway.against_start == ()
    if pathway.against_start:
        assert not pathway.may_start
    assert all(reason in pathway.against for reason in pathway.against_start)


def test_a_pathway_without_a_rooms_answer_is_a_defect():
    with pytest.raises(KeyError, match="consent"):
        compose("here", papers=(), steps={"story": StepState("done")})


def test_the_whole_way_has_an_answer_from_every_room(scene):
    steps = pathway_of(scene.visit, by=scene.by, on=scene.on).steps
    assert set(NEEDLING_STEPS) < set(steps)
