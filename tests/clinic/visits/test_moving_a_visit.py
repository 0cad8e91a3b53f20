"""A visit moves along one table; everything else is refused in words."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.clinic.pathway.acts import undone_afterwards
from tests.tables import check_each

from filiform.clinic.facts.models import Entry
from filiform.clinic.visits import actions
from filiform.clinic.visits.models import STATES, Visit
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS
from filiform.reasons import say

ALL_TRANSITIONS = [(now, to) for now in STATES for to in STATES if now != to]


def test_a_visit_moves_only_as_the_table_of_states_allows(visit, alice):
    def check(now, to):
        with undone_afterwards():
            visit.refresh_from_db()
            check_move(visit, alice, now, to)

    check_each(ALL_TRANSITIONS, check)


def check_move(visit, alice, now, to):
    Visit.objects.filter(pk=visit.pk).update(state=now)
    if to in STATES[now]:
        assert actions.move(by=alice, visit=visit, to=to).state == to
        return
    with pytest.raises(actions.MoveRefused) as refusal:
        actions.move(by=alice, visit=visit, to=to)
    assert Visit.objects.get(pk=visit.pk).state == now
    assert "reload the page" in say(refusal.value.reasons[0])
    assert "صفحہ" in say(refusal.value.reasons[0], "ur")


def test_every_state_that_can_be_reached_is_in_the_table_and_has_a_name():
    assert set().union(*STATES.values()) <= set(STATES)
    assert set(STATES_IN_WORDS) == set(STATES)


def test_no_visit_is_left_with_needles_in_but_through_signing():
    assert STATES["needles-in"] == {"to-sign"}


def test_a_move_that_was_made_already_changes_nothing(visit, alice):
    actions.move(by=alice, visit=visit, to="here")
    arrived = visit.arrived_at
    assert actions.move(by=alice, visit=visit, to="here").arrived_at == arrived


def test_an_unknown_state_is_a_defect_and_names_the_states(visit, alice):
    with pytest.raises(KeyError, match="in-room"):
        actions.move(by=alice, visit=visit, to="sleeping")


def test_a_refused_move_leaves_no_trace_in_the_audit(visit, alice):
    before = Entry.objects.count()
    with pytest.raises(actions.MoveRefused):
        actions.move(by=alice, visit=visit, to="done")
    assert Entry.objects.count() == before


def test_a_move_is_in_the_audit_with_where_it_came_from(visit, alice):
    actions.move(by=alice, visit=visit, to="here")
    entry = Entry.objects.get(action="visit-moved")
    assert entry.details == {"came_from": "booked", "went_to": "here"}
    assert entry.patient_id == visit.patient_id


def test_beginning_a_visit_that_the_desk_forgot_notes_the_arrival_too(visit, alice):
    actions.begin(by=alice, visit=visit)
    assert visit.state == "in-room"
    assert visit.arrived_at is not None


def move(client, visit, to):
    return client.post(reverse("visits:move", args=[visit.pk]), {"to": to}, follow=True)


def test_the_front_desk_notes_arrivals(as_bob, visit):
    move(as_bob, visit, "here")
    visit.refresh_from_db()
    assert visit.state == "here"


@pytest.mark.parametrize("to", ["in-room", "needles-in", "to-sign", "done", "nonsense"])
def test_the_front_desk_neither_begins_nor_ends_a_treatment(as_bob, visit, alice, to):
    actions.begin(by=alice, visit=visit)
    assert move(as_bob, visit, to).status_code == 403


def test_nobody_moves_a_visit_by_hand_while_needles_are_in(as_alice, visit, alice):
    actions.begin(by=alice, visit=visit)
    actions.move(by=alice, visit=visit, to="needles-in")
    told = move(as_alice, visit, "done").content.decode()
    assert "On the treatment page: take out what is in, count, and sign" in told
    assert move(as_alice, visit, "to-sign").status_code == 403
    visit.refresh_from_db()
    assert visit.state == "needles-in"


def test_an_impossible_move_by_hand_is_told_and_not_made(as_bob, visit):
    response = move(as_bob, visit, "left")
    assert "can&#x27;t go from “Booked” to “Left before treatment”" in response.content.decode()
    visit.refresh_from_db()
    assert visit.state == "booked"


def test_a_visit_without_needles_ends_from_the_room(as_alice, visit, alice):
    actions.begin(by=alice, visit=visit)
    move(as_alice, visit, "done")
    visit.refresh_from_db()
    assert visit.state == "done"
    assert visit.ended_at is not None


def test_another_clinic_moves_nothing(client, charlie, visit):
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert move(client, visit, "here").status_code == 404
