"""An act at the couch is recorded in every state of visit, consent, stop, licence and disclosure;
and nobody but the treatment moves a visit between its start and its signature."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clinic.pathway.acts import undone_afterwards
from tests.clinic.treatment.treatment_steps import choose_and_plan
from tests.tables import check_each

from filiform.anatomy import atlas
from filiform.clinic.consent.actions import withdraw
from filiform.clinic.intake import actions as intake
from filiform.clinic.pathway import actions as pathway
from filiform.clinic.staff import actions as staff
from filiform.clinic.staff.models import Licence
from filiform.clinic.treatment import actions, queries
from filiform.clinic.treatment.despite import despite_of
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import STATES, Visit
from filiform.clinic.visits.transitions import transitions_for


def codes(act):
    assert not isinstance(act, tuple), f"refused: {act}"
    return [reason.code for reason in despite_of(act)]


# --- the visit stays while its treatment is open ------------------------------------------------


def test_from_the_start_to_the_signature_no_hand_moves_the_visit(visit, alice, bob, treatment):
    def check(to):
        with undone_afterwards(), pytest.raises(visits.MoveRefused) as refusal:
            visits.move(by=bob, visit=visit, to=to)
        assert refusal.value.reasons[0].code == "visit-under-treatment"
        assert Visit.objects.get(pk=visit.pk).state == "in-room"

    check_each([(to,) for to in STATES if to not in ("in-room", "needles-in", "to-sign")], check)
    assert transitions_for(visit, alice, under_treatment=True) == []


def test_the_desk_is_told_why_and_what_to_do(client, bob, visit, treatment):
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    as_bob = client
    answer = as_bob.post(reverse("visits:move", args=[visit.pk]), {"to": "here"}, follow=True)
    assert "Needling was begun in this visit" in answer.content.decode()
    assert "take out what is in, count, and sign" in answer.content.decode()
    card = as_bob.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert "nobody can move the visit, cancel it or end it by hand" in card
    assert 'name="to"' not in card


def test_a_walk_in_or_a_second_start_moves_no_visit_that_is_under_treatment(
    visit, alice, today, treatment
):
    assert visits.begin(by=alice, visit=visit).state == "in-room"
    assert pathway.start(by=alice, visit=visit, on=today) == treatment
    visit.refresh_from_db()
    assert visit.state == "in-room"


def test_a_visit_that_an_older_release_let_go_comes_back_at_the_next_start(
    visit, alice, today, act, targets
):
    act("insertion", target=targets[0])
    Visit.objects.filter(pk=visit.pk).update(state="left", ended_at=timezone.now())
    visit.refresh_from_db()
    pathway.start(by=alice, visit=visit, on=today)
    visit.refresh_from_db()
    assert (visit.state, visit.ended_at) == ("needles-in", None)


def test_once_signed_the_visit_is_done_whatever_it_was(visit, alice, today, counted):
    Visit.objects.filter(pk=visit.pk).update(state="here")
    counted.visit.refresh_from_db()
    seal = pathway.sign(by=alice, treatment=counted, on=today)
    assert not isinstance(seal, tuple), seal
    assert Visit.objects.get(pk=visit.pk).state == "done"


# --- what was done is recorded ------------------------------------------------------------------


def test_in_every_state_of_the_visit_a_needle_goes_on_the_record_and_the_state_follows(
    visit, treatment, targets, alice
):
    def check(state):
        with undone_afterwards():
            Visit.objects.filter(pk=visit.pk).update(state=state)
            treatment.visit = Visit.objects.get(pk=visit.pk)
            needle, other = (
                record(alice, treatment, "insertion", target=target) for target in targets
            )
            assert Visit.objects.get(pk=visit.pk).state == "needles-in"
            assert codes(record(alice, treatment, "removal", needle=needle)) == []
            assert codes(record(alice, treatment, "removal", needle=other)) == []
            assert Visit.objects.get(pk=visit.pk).state == "to-sign"

    check_each([(state,) for state in STATES], check)


def record(by, treatment, kind, **given):
    act = actions.record_act(
        by=by, treatment=treatment, act_id=uuid4(), kind=kind, at=timezone.now(), **given
    )
    assert not isinstance(act, tuple), act
    return act


def test_a_consent_withdrawn_while_an_act_waits_for_the_lock_stands_with_the_act(
    treatment, act, targets, visit, alice, monkeypatch
):
    locked = actions._lock

    def withdrawn_just_before(one):
        withdraw(by=alice, visit=visit, said="I want to stop.")
        locked(one)

    monkeypatch.setattr(actions, "_lock", withdrawn_just_before)
    late = act("insertion", target=targets[0])
    assert codes(late) == ["needling-consent-withdrawn"]


def test_after_a_withdrawal_what_happens_is_recorded_and_said_in_red(
    act, targets, visit, alice, as_alice
):
    needle = act("insertion", target=targets[0])
    withdraw(by=alice, visit=visit, said="I want to stop.")
    late = act("insertion", target=targets[0])
    assert codes(late) == ["needling-consent-withdrawn"]
    assert codes(act("twitch", needle=needle)) == ["needling-consent-withdrawn"]
    assert codes(act("removal", needle=needle)) == []
    shown = as_alice.get(reverse("treatment:treat", args=[visit.pk])).content.decode()
    assert "Recorded as it happened, although:" in shown
    assert 'data-act="insertion"' not in shown, "no further needle is offered"
    assert f'id="out-{late.pk}"' in shown, "the needle can be taken out"
    act("removal", needle=late)
    assert not isinstance(act("count", details={"opened": 2, "in_bin": 2}), tuple)


def test_the_tablet_is_told_what_stood_against_the_act(as_alice, visit, alice, targets, treatment):
    withdraw(by=alice, visit=visit, said="No.")
    data = {"act_id": uuid4(), "kind": "insertion", "target": targets[0].pk}
    address = reverse("treatment:act", args=[visit.pk])
    answer = as_alice.post(address, data, headers={"X-Treatment-Page": "yes"})
    assert answer.status_code == 200
    assert "no valid consent" in answer.json()["warnings"][0]
    record_page = as_alice.get(reverse("treatment:record", args=[visit.pk])).content.decode()
    assert "although: There is no valid consent" in " ".join(record_page.split())


def test_a_needle_put_in_after_the_stop_is_recorded_with_it(act, targets):
    stop = act("stop", details={"reason": "chest"})
    assert codes(act("insertion", target=targets[1])) == ["needling-stopped"]
    act("void", replaces=stop, why="slip")
    assert codes(act("insertion", target=targets[1])) == []


def test_a_muscle_planned_after_the_consent_is_recorded_as_not_agreed(act, visit, alice, today):
    late = choose_and_plan(visit, alice, "soleus", "left", today)
    assert codes(act("insertion", target=late)) == ["target-not-agreed"]


def test_who_may_not_needle_a_muscle_is_offered_no_button_and_recorded_if_they_did(
    client, clinic, visit, treatment, targets
):
    trainee = staff.add_member(
        organisation=clinic,
        username="tariq",
        password=None,
        name="Tariq",
        roles=frozenset({"practitioner"}),
    )
    client.force_login(trainee, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("treatment:treat", args=[visit.pk])).content.decode()
    assert 'data-act="insertion"' not in shown
    assert "staff-no-licence" in codes(record(trainee, treatment, "insertion", target=targets[0]))


def test_a_twitch_that_a_tablet_kept_back_is_recorded_after_the_needle_is_out(act, targets):
    at = timezone.now()
    needle = act("insertion", target=targets[0], at=at - timedelta(seconds=40))
    act("removal", needle=needle, at=at - timedelta(seconds=10))
    assert codes(act("twitch", needle=needle, at=at - timedelta(seconds=20))) == []
    after = act("twitch", needle=needle, at=at)
    assert [reason.code for reason in after] == ["needle-already-out"]


def test_what_somebody_tapped_and_could_not_send_is_sent_by_a_colleague_in_both_names(
    as_alice, clinic, visit, targets, treatment, charlie
):
    gone = staff.add_member(
        organisation=clinic,
        username="gone",
        password=None,
        name="Gul",
        roles=frozenset({"practitioner"}),
    )
    address = reverse("treatment:act", args=[visit.pk])
    for person in (gone, charlie):
        data = {"act_id": uuid4(), "kind": "insertion", "target": targets[0].pk}
        sent = data | {"tapped_by": person.pk}
        assert as_alice.post(address, sent, headers={"X-Treatment-Page": "yes"}).status_code == 200
    taps = [act.details.get("tapped_by") for act in queries.acts_of(treatment)]
    assert taps == [{"id": str(gone.pk), "name": "Gul"}, None], "nobody of another clinic"
    shown = as_alice.get(reverse("treatment:record", args=[visit.pk])).content.decode()
    assert "by <bdi>Gul</bdi>, sent by" in " ".join(shown.split())


def test_the_worker_names_its_script_and_is_asked_for_anew_each_time(client, db):
    answer = client.get(reverse("treatment:worker"))
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "importScripts(" in answer.content.decode()
    assert reverse("treatment:worker") == "/visits/worker.js", "its folder is what it speaks for"


worlds = st.fixed_dictionaries(
    {
        "state": st.sampled_from(sorted(STATES)),
        "withdrawn": st.booleans(),
        "stopped": st.booleans(),
        "licence_gone": st.booleans(),
        "blocked": st.booleans(),
        "kinds": st.lists(
            st.sampled_from(["insertion", "twitch", "pain-reproduced", "removal"]),
            min_size=1,
            max_size=6,
        ),
    }
)


@given(world=worlds)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_changed_while_needles_were_in_every_act_is_on_the_record(
    world, visit, treatment, targets, alice
):
    with undone_afterwards():
        first = record(alice, treatment, "insertion", target=targets[0])
        change(world, visit, treatment, alice)
        inside, count = [first], 1
        for kind in world["kinds"]:
            if kind == "insertion":
                inside.append(record(alice, treatment, kind, target=targets[count % 2]))
            elif inside:
                needle = inside.pop() if kind == "removal" else inside[-1]
                record(alice, treatment, kind, needle=needle)
            count += 1
        assert {needle.pk for needle in queries.needles_of(treatment)} == {one.pk for one in inside}
        expected = "needles-in" if inside else "to-sign"
        assert Visit.objects.get(pk=visit.pk).state == expected


def change(world, visit, treatment, alice):
    """What may happen elsewhere in the clinic while a needle is in."""
    if world["withdrawn"]:
        withdraw(by=alice, visit=visit, said="No more.")
    if world["stopped"]:
        record(alice, treatment, "stop", details={"reason": "faint"})
    if world["licence_gone"]:
        licence = Licence.objects.current().get(member=alice)
        staff.void_credential(credential=licence, by=alice, why="Suspended.")
    if world["blocked"]:
        intake.disclose(by=alice, patient=visit.patient, kind="condition", text="Haemophilia A")
    Visit.objects.filter(pk=visit.pk).update(state=world["state"])
    treatment.visit = Visit.objects.get(pk=visit.pk)


def test_a_fourth_needle_over_one_lung_is_recorded_with_the_bound_that_it_broke(act, targets):
    over = next(target for target in targets if atlas().muscles[target.muscle].over_lung)
    assert [codes(act("insertion", target=over)) for _needle in range(4)] == [
        [], [], [], ["plan-many-over-lung"]
    ]  # fmt: skip
