"""Where a visit goes on, which complaint it is for, and the end of an episode."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from filiform.clinic.pathway.rail import next_step, rail
from filiform.clinic.visits import actions
from filiform.clinic.visits.models import Discharge
from filiform.clinic.visits.queries import open_episodes


def open_page(client, visit):
    return client.get(reverse("pathway:open", args=[visit.pk]))


def test_a_first_visit_opens_at_its_story(as_alice, visit):
    assert open_page(as_alice, visit).url == reverse("assessment:story", args=[visit.pk])


def test_telling_the_first_story_begins_the_episode(visit, alice):
    from filiform.clinic.assessment.actions import tell_story

    tell_story(by=alice, visit=visit, areas=[], complaint_code="neck-pain")
    visit.refresh_from_db()
    assert visit.episode.complaint == "neck-pain"
    assert [one.pk for one in open_episodes(visit.patient)] == [visit.episode_id]


def test_with_an_open_episode_the_visit_is_asked_what_it_is_for(as_alice, visit, alice, today):
    episode = actions.open_episode(by=alice, patient=visit.patient, title="Neck", on=today)
    address = reverse("visits:episode", args=[visit.pk])
    assert open_page(as_alice, visit).url == address
    assert as_alice.get(address).status_code == 200
    as_alice.post(address, {"episode": str(episode.pk)})
    visit.refresh_from_db()
    assert visit.episode == episode


def test_a_new_complaint_begins_with_its_story(as_alice, visit, alice, today):
    actions.open_episode(by=alice, patient=visit.patient, title="Neck", on=today)
    response = as_alice.post(reverse("visits:episode", args=[visit.pk]), {"episode": ""})
    assert response.url == reverse("assessment:story", args=[visit.pk])


def test_an_episode_of_another_patient_is_refused(visit, alice, today):
    from datetime import date

    from filiform.clinic.patients.actions import register

    other = register(by=alice, given_name="Bilal", sex="male", birth_date=date(1990, 1, 1))
    episode = actions.open_episode(by=alice, patient=other, title="Knee", on=today)
    with pytest.raises(ValueError, match="another patient"):
        actions.put_into_episode(by=alice, visit=visit, episode=episode)


def test_a_discharged_episode_is_not_offered_any_more(as_alice, visit, alice, today):
    episode = actions.open_episode(by=alice, patient=visit.patient, title="Neck", on=today)
    actions.put_into_episode(by=alice, visit=visit, episode=episode)
    address = reverse("visits:discharge", args=[visit.pk])
    assert as_alice.get(address).status_code == 200
    assert as_alice.post(address, {"outcome": "goals-reached"}).status_code == 302
    assert Discharge.objects.get().outcome == "goals-reached"
    assert open_episodes(visit.patient) == []


def test_a_discharge_without_an_outcome_is_refused(as_alice, visit, alice, today):
    episode = actions.open_episode(by=alice, patient=visit.patient, title="Neck", on=today)
    actions.put_into_episode(by=alice, visit=visit, episode=episode)
    response = as_alice.post(reverse("visits:discharge", args=[visit.pk]), {})
    assert response.status_code == 422
    assert not Discharge.objects.exists()


def test_discharging_twice_is_one_discharge(visit, alice, today):
    episode = actions.open_episode(by=alice, patient=visit.patient, title="Neck", on=today)
    first = actions.discharge(by=alice, episode=episode, outcome="improved", on=today)
    later = today + timedelta(days=1)
    assert actions.discharge(by=alice, episode=episode, outcome="worse", on=later) == first


def test_a_discharge_of_a_visit_without_complaint_leads_to_its_story(as_alice, visit):
    response = as_alice.post(reverse("visits:discharge", args=[visit.pk]), {"outcome": "improved"})
    assert response.url == reverse("assessment:story", args=[visit.pk])


@pytest.mark.parametrize(
    ("state", "step"), [("needles-in", "treat"), ("to-sign", "treat"), ("done", "aftercare")]
)
def test_a_visit_is_taken_up_at_the_needles_while_they_are_in(visit, alice, today, state, step):
    entries = rail(visit, by=alice, on=today)
    visit.state = state
    assert next_step(entries, visit).step == step


def test_the_rail_has_every_step_with_a_state_in_words(visit, alice, today):
    entries = rail(visit, by=alice, on=today)
    assert [entry.step for entry in entries] == [
        *("story", "safety", "targets", "plan", "consent"),
        *("treat", "programme", "aftercare", "progress"),
    ]
    assert all(str(entry.state_in_words) and entry.mark for entry in entries)


def test_the_card_of_a_visit_opens_for_the_desk(client, bob, visit):
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("visits:visit", args=[visit.pk])).status_code == 200
    assert open_page(client, visit).status_code == 403
