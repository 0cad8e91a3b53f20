"""The story: told, amended, prefilled, and written by two people at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from filiform.anatomy.surface import BodyDrawing, Layer, draw, of_regions, surface
from filiform.anatomy.surface.listing import noted
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.models import PainArea, Story
from filiform.clinic.body.models import Drawing as KeptDrawing
from filiform.clinic.body.queries import pain_of
from filiform.clinic.visits import actions as visits

LOGIN = "django.contrib.auth.backends.ModelBackend"


def sent(places=("neck-back-right",), quality="dull", intensity="6", drawing="", **fields):
    """What the form sends without script: the list, and the drawing that the page came with."""
    data = {
        "complaint_code": "neck-pain",
        "complaint": "",
        "pain_now": "6",
        "aggravating": ["sitting", "screen"],
        "started_from": "",
        "drawing": drawing,
        "drawing-quality": quality,
        "drawing-intensity": intensity,
        **fields,
    }
    return data | {f"drawing-place-{place}": "all" for place in places}


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
    assert "Previous versions" in page


def test_the_same_story_sent_twice_is_one_version(as_alice, begun):
    save(as_alice, begun)
    save(as_alice, begun)
    assert Story.objects.count() == 1


def test_a_story_needs_to_say_what_brings_the_patient(as_alice, begun):
    response = save(as_alice, begun, complaint_code="")
    assert response.status_code == 422
    assert "Choose the presenting complaint" in response.content.decode()
    assert not Story.objects.exists()


def test_a_story_told_by_the_list_alone_makes_a_drawing(as_alice, begun):
    save(as_alice, begun, places=["neck-back-right", "breastbone-midline"])
    drawn = pain_of(queries.story(begun))
    assert drawn == of_regions(
        [("neck-back", "right", 1, "dull", 6), ("breastbone", "midline", 1, "dull", 6)]
    )
    named = {(area.region, area.side) for area in queries.pain_areas(begun)}
    assert named == {("neck-back", "right"), ("breastbone", "midline")}


def test_a_drawing_is_kept_patch_by_patch_and_named_by_its_regions(as_alice, begun):
    painted = BodyDrawing((Layer("burning", 8, draw("disc:infraspinous-fossa-center:5:left")),))
    save(as_alice, begun, places=[], drawing=painted.as_text())
    told = queries.story(begun)
    assert pain_of(told) == painted
    kept = KeptDrawing.objects.get(story=told)
    assert (kept.patient, kept.visit, kept.kind) == (begun.patient, begun, "pain")
    assert kept.release == surface().release
    regions = {area.region for area in queries.pain_areas(begun)}
    assert "shoulder-blade" in regions
    assert {area.side for area in queries.pain_areas(begun)} == {"left"}
    assert {(a.quality, a.intensity) for a in queries.pain_areas(begun)} == {("burning", 8)}


def test_the_list_changes_one_region_of_a_painted_drawing_and_leaves_the_rest(as_alice, begun):
    painted = BodyDrawing((Layer("dull", 5, draw("disc:acromion-tip:6:right")),))
    save(as_alice, begun, places=["temple-left"], drawing=painted.as_text())
    drawn = pain_of(queries.story(begun))
    assert ("temple", "left", "dull", 6) in noted(drawn)
    (five,) = [layer for layer in drawn.layers if layer.intensity == 5]
    assert five == painted.layers[0]


def test_a_story_told_by_regions_before_there_were_drawings_is_shown_by_region(
    as_alice, begun, alice
):
    actions.tell_story(
        by=alice, visit=begun, areas=[("temple", "left", "dull", 4)], complaint_code="migraine"
    )
    assert not KeptDrawing.objects.exists()
    form = as_alice.get(reverse("assessment:story", args=[begun.pk])).context["form"]
    assert form["drawing"].value() == of_regions([("temple", "left", 1, "dull", 4)])


@pytest.mark.parametrize(
    ("drawing", "says"),
    [
        ("body-0;dull:5:1=100", "this one reads"),
        ("RELEASE;dull:5:1=nan", "read &quot;1=nan&quot;"),
        ("RELEASE;dull:50:1=10", "expected 0 to 10"),
        ("RELEASE;lovely:5:1=10", "not a kind of pain"),
        ("RELEASE;dull:5:" + "1=100," * 20_000, "at most"),
    ],
)
def test_a_drawing_that_cant_be_used_is_refused_and_nothing_is_saved(
    as_alice, begun, drawing, says
):
    text = drawing.replace("RELEASE", surface().release)
    response = save(as_alice, begun, places=[], drawing=text)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Story.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"drawing-place-elbo-left": "all"}, "elbo"),
        ({"drawing-place-temple-west": "all"}, "expected left, right or midline"),
        ({"drawing-place-temple-left": "most"}, "expected part, half, all"),
        ({"drawing-place-temple-left": "all", "drawing-intensity": "12"}, "expected 0 to 10"),
        ({"drawing-place-temple-left": "all", "drawing-quality": "x y"}, "expected an id"),
    ],
)
def test_a_list_that_was_tampered_with_is_refused(as_alice, begun, fields, says):
    response = save(as_alice, begun, places=[], **fields)
    assert response.status_code == 422
    assert says in response.content.decode()


def test_a_story_whose_drawing_alone_changed_is_a_new_version(as_alice, begun):
    save(as_alice, begun)
    first = queries.story(begun)
    told = pain_of(first).as_text()
    save(as_alice, begun, places=[], drawing=told, started_from=str(first.pk))
    assert Story.objects.count() == 1
    save(as_alice, begun, places=["temple-left"], drawing=told, started_from=str(first.pk))
    assert Story.objects.count() == 2


def test_an_onset_in_the_future_is_refused(as_alice, begun, today):
    tomorrow = f"{today + timedelta(days=1):%Y-%m-%d}"
    response = save(as_alice, begun, onset_on=tomorrow)
    assert response.status_code == 422
    assert "in the future" in response.content.decode()


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
    from filiform.clinic.facts.models import Entry

    as_alice.get(reverse("assessment:story", args=[told.pk]))
    assert Entry.objects.filter(action="saw-story", patient=told.patient).exists()
