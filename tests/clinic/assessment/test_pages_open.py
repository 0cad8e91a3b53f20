"""Every step page of this room opens, in both languages, at the beginning and later on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

STEPS = ["story", "safety", "targets", "plan"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_step_opens_in_a_visit_in_which_nothing_is_known_yet(as_alice, visit, step, language):
    as_alice.cookies["filiform_language"] = language
    response = as_alice.get(reverse(f"assessment:{step}", args=[visit.pk]))
    assert response.status_code == 200
    assert 'aria-current="step"' in response.content.decode()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_opens_when_story_and_targets_are_there(as_alice, answered, alice, step):
    from filiform.clinic.assessment import actions

    actions.choose_target(by=alice, visit=answered, muscle="trapezius-upper", side="right")
    assert as_alice.get(reverse(f"assessment:{step}", args=[answered.pk])).status_code == 200


@pytest.mark.parametrize("step", STEPS)
def test_the_front_desk_does_not_see_the_steps(client, bob, visit, step):
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse(f"assessment:{step}", args=[visit.pk])).status_code == 403


@pytest.mark.parametrize("step", STEPS)
def test_for_another_clinic_the_visit_does_not_exist(client, charlie, visit, step):
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse(f"assessment:{step}", args=[visit.pk])).status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_more_targets_cost_a_step_page_no_more_queries(as_alice, answered, alice, step):
    """About 24 questions to the database for the page, beside session, member, the zones of the
    clinic's sites, and the audit's entry with its link."""
    from filiform.clinic.assessment import actions

    address = reverse(f"assessment:{step}", args=[answered.pk])

    def queries_asked():
        with CaptureQueriesContext(connection) as asked:
            assert as_alice.get(address).status_code == 200
        return len(asked)

    muscles = ("infraspinatus", "soleus", "gluteus-medius", "masseter-superficial")
    actions.choose_target(by=alice, visit=answered, muscle="trapezius-upper", side="right")
    with_one = queries_asked()
    for muscle in muscles:
        actions.choose_target(by=alice, visit=answered, muscle=muscle, side="right")
    assert queries_asked() <= with_one
    assert with_one <= 45
