"""The story: told, amended, prefilled, and written by two people at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from filiform.anatomy import atlas
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.models import PainArea, Story
from filiform.clinic.visits import actions as visits

LOGIN = "django.contrib.auth.backends.ModelBackend"


def sent(areas=(("neck-back", "right", "dull", "6"),), **fields):
    """What the form sends."""
    data = {
        "complaint_code": "neck-pain",
        "complaint": "",
        "pain_now": "6",
        "aggravating": ["sitting", "screen"],
        "started_from": "",
        "area-TOTAL_FORMS": "3",
        "area-INITIAL_FORMS": "0",
        **fields,
    }
    for n, (region, side, quality, intensity) in enumerate(areas):
        data |= {f"area-{n}-region": region, f"area-{n}-side": side}
        data |= {f"area-{n}-quality": quality, f"area-{n}-intensity": intensity}
    return data


def save(client, visit, **given):
    return client.post(reverse("assessment:story-save", args=[visit.pk]), sent(**given))


def test_a_story_is_saved_with_its_painful_areas(as_alice, begun):
    assert save(as_alice, begun).status_code == 302
    told = queries.story(begun)
    assert (told.complaint_code, told.pain_now) == ("neck-pain", 6)
    assert told.aggravating == ["sitting", "screen"]
    (area,) = queries.pain_areas(begun)
    assert (area.region, area.side, area.quality, area.intensity) == (
        *("neck-back", "right", "dull"),
        6,
    )


def test_the_large_button_goes_on_to_safety(as_alice, begun):
    response = save(as_alice, begun, next="yes")
    assert response.url == reverse("assessment:safety", args=[begun.pk])


def test_an_amended_story_is_a_new_version_and_the_former_stays_readable(as_alice, begun):
    save(as_alice, begun)
    first = queries.story(begun)
    save(as_alice, begun, pain_now="3", started_from=str(first.pk))
    now = queries.story(begun)
    assert (now.pain_now, now.replaces) == (3, first)
    assert Story.objects.get(pk=first.pk).pain_now == 6
    page = as_alice.get(reverse("assessment:story", args=[begun.pk])).content.decode()
    assert "Former versions" in page


def test_the_same_story_sent_twice_is_one_version(as_alice, begun):
    save(as_alice, begun)
    save(as_alice, begun)
    assert Story.objects.count() == 1


def test_a_story_needs_to_say_what_brings_the_patient(as_alice, begun):
    response = save(as_alice, begun, complaint_code="")
    assert response.status_code == 422
    assert "Choose what brings the patient" in response.content.decode()
    assert not Story.objects.exists()


def test_an_area_that_exists_on_both_sides_needs_a_side(as_alice, begun):
    response = save(as_alice, begun, areas=[("neck-back", "", "", "")])
    assert response.status_code == 422
    assert "on which side" in response.content.decode()


def test_an_area_in_the_middle_needs_no_side(as_alice, begun):
    middle = next(one.id for one in atlas().regions.values() if not one.sided)
    assert save(as_alice, begun, areas=[(middle, "", "", "")]).status_code == 302
    assert queries.pain_areas(begun)[0].side == "midline"


def test_an_onset_in_the_future_is_refused(as_alice, begun, today):
    tomorrow = f"{today + timedelta(days=1):%Y-%m-%d}"
    response = save(as_alice, begun, onset_on=tomorrow)
    assert response.status_code == 422
    assert "in the future" in response.content.decode()


def test_another_area_can_be_added_without_script_and_nothing_is_saved(as_alice, begun):
    response = save(as_alice, begun, **{"add-area": "yes", "notes": "worse since Monday"})
    page = response.content.decode()
    assert response.status_code == 200
    assert response.context["areas"].shown == 2
    assert "worse since Monday" in page
    assert not Story.objects.exists()


def test_an_area_can_be_taken_away_without_script(as_alice, begun):
    areas = [("neck-back", "right", "dull", "6"), ("shoulder-top", "left", "tight", "4")]
    response = save(as_alice, begun, areas=areas, **{"remove-area": "0"})
    rows = [row["region"].value() for row in response.context["areas"] if row["region"].value()]
    assert rows == ["shoulder-top"]


def test_the_second_of_two_tablets_sees_that_somebody_saved_and_both_versions(
    as_alice, client, begun, alice, clinic, today
):
    """Alice and a colleague open the same empty story; the colleague saves first."""
    actions.tell_story(
        by=alice,
        visit=begun,
        areas=[("shoulder-top", "left", "", 4)],
        complaint_code="shoulder-pain",
        notes="theirs",
    )
    response = save(as_alice, begun, notes="mine")
    page = response.content.decode()
    assert response.status_code == 409
    assert "while you were writing" in page
    assert "theirs" in page
    assert "mine" in page
    assert Story.objects.count() == 1, "nothing was overwritten"


def test_after_seeing_both_the_own_version_can_be_saved_and_the_other_stays_in_the_history(
    as_alice, begun, alice
):
    actions.tell_story(
        by=alice, visit=begun, areas=[], complaint_code="shoulder-pain", notes="theirs"
    )
    refused = save(as_alice, begun, notes="mine")
    base = refused.context["form"]["started_from"].value()
    assert save(as_alice, begun, notes="mine", started_from=base).status_code == 302
    assert queries.story(begun).notes == "mine"
    assert sorted(Story.objects.values_list("notes", flat=True)) == ["mine", "theirs"]


@pytest.fixture
def second(told, patient, alice, site):
    """A later visit of the same episode."""
    told.refresh_from_db()
    return visits.book(
        by=alice,
        patient=patient,
        practitioner=alice,
        site=site,
        planned_at=told.planned_at + timedelta(days=7),
        episode=told.episode,
    )


def test_the_next_visit_begins_with_the_last_story_but_asks_for_pain_anew(as_alice, second):
    form = as_alice.get(reverse("assessment:story", args=[second.pk])).context["form"]
    assert form["complaint_code"].value() == "neck-pain"
    assert form["pain_now"].value() is None


def test_what_changed_since_last_time_is_marked(as_alice, second, alice):
    actions.tell_story(
        by=alice,
        visit=second,
        areas=[("neck-back", "right", "dull", 6)],
        complaint_code="neck-pain",
        pain_now=2,
    )
    response = as_alice.get(reverse("assessment:story", args=[second.pk]))
    assert response.context["changed"] == {"pain_now"}
    assert "Last time:" in response.content.decode()


@pytest.mark.parametrize(
    ("area", "says"),
    [
        (("nowhere", "left", "", None), "no region 'nowhere'"),
        (("neck-back", "upside", "", None), "allowed: left, right"),
        (("neck-back", "left", "", 11), "allowed: 0 to 10"),
    ],
)
def test_a_painful_area_has_to_be_possible(begun, alice, area, says):
    with pytest.raises(ValueError, match=says):
        actions.tell_story(by=alice, visit=begun, areas=[area], complaint_code="neck-pain")
    assert not PainArea.objects.exists()


def test_the_front_desk_writes_no_story(client, bob, begun):
    client.force_login(bob, backend=LOGIN)
    assert save(client, begun).status_code == 403


def test_the_owner_reads_the_story_but_does_not_write_it(client, olga, begun):
    client.force_login(olga, backend=LOGIN)
    assert client.get(reverse("assessment:story", args=[begun.pk])).status_code == 200
    assert save(client, begun).status_code == 403


def test_another_clinic_writes_nothing(client, charlie, begun):
    client.force_login(charlie, backend=LOGIN)
    assert save(client, begun).status_code == 404


def test_reading_a_story_is_in_the_audit(as_alice, told):
    from filiform.clinic.audit.models import Entry

    as_alice.get(reverse("assessment:story", args=[told.pk]))
    assert Entry.objects.filter(action="saw-story", patient=told.patient).exists()
