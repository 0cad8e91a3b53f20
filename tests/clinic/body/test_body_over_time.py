"""The patient's body over the visits, and marks at checks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import needled

from filiform.anatomy.surface import BodyDrawing, Layer, draw, places
from filiform.anatomy.surface.spots import spot_text
from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.assessment import actions as assessment
from filiform.clinic.body.models import Drawing as Kept
from filiform.clinic.chart.body_over_time import moments, visits_to_see
from filiform.clinic.facts.models import Entry
from filiform.clinic.treatment.models import Act
from filiform.clinic.visits import actions as visits

LOGIN = "django.contrib.auth.backends.ModelBackend"
SHOULDER = BodyDrawing((Layer("dull", 6, draw("disc:acromion-tip:6:right")),))
BRUISE = BodyDrawing((Layer("bruise", None, draw("disc:calf-medial-upper:3:left")),))


@pytest.fixture
def book(alice, begun, site):
    def at(hours):
        return visits.book(
            by=alice,
            patient=begun.patient,
            practitioner=alice,
            site=site,
            planned_at=begun.planned_at + timedelta(hours=hours),
        )

    return at


@pytest.fixture
def check(begun, alice):
    treatment = needled(begun, "soleus", started_at=timezone.now() - timedelta(hours=26))
    aftercare.plan_checks(by=alice, treatment=treatment)
    return treatment.checks.get(hours=24)


def settled(check, by, today, where=BRUISE):
    return aftercare.settle(
        by=by, check=check, result="answered", report={"bruise": "small"}, on=today, where=where
    )


def all_moments(patient):
    return moments(patient, visits_to_see(patient))


def test_a_bruise_drawn_at_a_check_is_kept_with_its_outcome(check, bob, today):
    outcome = settled(check, bob, today)
    kept = Kept.objects.get(kind="bruise")
    assert (kept.outcome, kept.patient, kept.visit) == (
        outcome,
        check.patient,
        check.treatment.visit,
    )
    assert kept.drawn.union == BRUISE.union


def test_bruise_and_soreness_are_kept_apart(check, bob, today):
    sore = Layer("soreness", None, draw("disc:calf-mid:4:left"))
    settled(check, bob, today, BodyDrawing((*BRUISE.layers, sore)))
    assert sorted(Kept.objects.values_list("kind", flat=True)) == ["bruise", "soreness"]


def test_nothing_marked_at_a_check_keeps_no_drawing(check, bob, today):
    settled(check, bob, today, BodyDrawing())
    assert not Kept.objects.exists()


def test_the_check_is_answered_with_a_bruise_ticked_in_the_list(client, check, bob):
    client.force_login(bob, backend=LOGIN)
    page = reverse("aftercare:check", args=[check.pk])
    shown = client.get(page)
    assert 'data-place="calf left"' in shown.content.decode()
    response = client.post(
        page,
        {
            "result": "answered",
            "outcome_id": shown.context["answers"]["outcome_id"].value(),
            "bruise": "small",
            "rest_is_fine": "on",
            "where": "",
            "where-quality": "bruise",
            "where-place-calf-left": "part",
        },
    )
    assert response.status_code == 302
    kept = Kept.objects.get(kind="bruise")
    assert {share.region for _, share in kept.drawn.regions()} == {"calf"}
    assert "Calf, left" in client.get(page).content.decode()


def test_a_visit_shows_its_pain_its_needles_and_its_bruise_together(
    begun, alice, bob, today, check
):
    assessment.tell_story(by=alice, visit=begun, drawing=SHOULDER, complaint_code="shoulder-pain")
    settled(check, bob, today)
    (moment,) = all_moments(begun.patient)
    assert moment.pain == SHOULDER
    assert moment.needled == ["Soleus, right"]
    assert [one.exact for one in moment.needles] == [False]
    assert moment.needles[0].spot.at()[0] < 0, "on the right"
    assert moment.shown["bruises"]


def test_the_patients_page_begins_with_the_last_visit_and_can_begin_with_another(
    as_alice, alice, begun, patient, book
):
    assessment.tell_story(by=alice, visit=begun, drawing=SHOULDER, complaint_code="shoulder-pain")
    later = book(hours=3)
    knee = BodyDrawing((Layer("sharp", 3, draw("disc:patella-center:4:left")),))
    assessment.tell_story(by=alice, visit=later, drawing=knee, complaint_code="knee-osteoarthritis")
    address = reverse("chart:patient", args=[patient.pk])
    page = as_alice.get(address)
    assert page.context["on_body"]["moment"].of.visit == later.pk
    assert "Front of the knee" in page.content.decode()
    first = as_alice.get(address, {"body": str(begun.pk)})
    assert first.context["on_body"]["moment"].of.visit == begun.pk
    assert as_alice.get(address, {"body": "nonsense"}).status_code == 200


def test_only_visits_with_something_to_see_are_on_the_slider(
    check, alice, bob, begun, patient, book, today
):
    settled(check, bob, today)  # needles and a bruise, no story
    drawn, told_twice, empty, without = (book(hours) for hours in (3, 4, 5, 6))
    assessment.tell_story(by=alice, visit=drawn, drawing=SHOULDER, complaint_code="neck-pain")
    for drawing in (SHOULDER, BRUISE, BodyDrawing()):
        assessment.tell_story(by=alice, visit=empty, drawing=drawing, complaint_code="neck-pain")
    for drawing in (SHOULDER, BRUISE):
        assessment.tell_story(by=alice, visit=told_twice, drawing=drawing, complaint_code="other")
    found = {one.of.visit: one for one in all_moments(patient)}
    assert list(found) == [begun.pk, drawn.pk, told_twice.pk]
    assert found[told_twice.pk].pain == BRUISE, "as it was told last"
    assert found[begun.pk].needled
    assert [one.union for one in found[begun.pk].bruises] == [BRUISE.union]
    # Each for itself, as the page shows it, is what it is among all others.
    assert [moments(patient, [one.of])[0] for one in found.values()] == list(found.values())
    assert without.pk not in found


def test_the_other_visits_are_fetched_when_the_slider_is_taken(
    as_alice, client, bob, alice, begun, patient, book
):
    for visit in (begun, book(hours=3)):
        assessment.tell_story(by=alice, visit=visit, drawing=SHOULDER, complaint_code="neck-pain")
    page = as_alice.get(reverse("chart:patient", args=[patient.pk])).content.decode()
    address = reverse("chart:body-over-time", args=[patient.pk])
    assert page.count("data-moment=") == 1
    assert f'data-moments="{address}"' in page
    assert as_alice.get(address).content.decode().count("data-moment=") == 2
    assert Entry.objects.filter(action="saw-body-over-time", patient=patient).count() == 1
    client.force_login(bob, backend=LOGIN)
    assert client.get(address).status_code == 403


def test_the_front_desk_sees_no_body_over_time(client, bob, alice, begun):
    assessment.tell_story(by=alice, visit=begun, drawing=SHOULDER, complaint_code="shoulder-pain")
    client.force_login(bob, backend=LOGIN)
    page = client.get(reverse("chart:patient", args=[begun.patient_id]))
    assert page.status_code == 200
    assert "body-time" not in page.content.decode()


def test_a_patient_without_anything_drawn_has_no_empty_body(as_alice, patient):
    page = as_alice.get(reverse("chart:patient", args=[patient.pk])).content.decode()
    assert "body-time" not in page


def test_the_list_of_regions_for_the_browser_holds_every_patch_once(client):
    from filiform.anatomy.surface import patchwork, surface

    answer = client.get(reverse("body:regions", args=[surface().release]))
    assert "immutable" in answer["Cache-Control"]
    content = answer.json()
    patches = [
        patch
        for _name, _sided, runs, _areas in content["regions"]
        for first, last in runs
        for patch in range(first, last + 1)
    ]
    assert sorted(patches) == list(range(patchwork().count // 2))
    assert client.get(reverse("body:regions", args=["body-0"])).status_code == 404


def test_a_plain_view_is_a_picture_of_its_own(client):
    from filiform.anatomy.surface import surface

    answer = client.get(reverse("body:view", args=[surface().release, "front"]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content
    assert client.get(reverse("body:view", args=[surface().release, "inside"])).status_code == 404


def test_a_needle_stands_on_the_body_where_it_was_marked_last(begun, alice, today):
    first, last = (places()[name].on("right") for name in ("calf-distal", "calf-medial-upper"))
    treatment = needled(begun, "soleus", started_at=timezone.now() - timedelta(hours=26))
    needle = treatment.acts.get(kind="insertion")
    for number, spot in enumerate((first, last), start=3):
        Act.objects.create(
            organisation=treatment.organisation, recorded_by=alice, patient=treatment.patient,
            treatment=treatment, kind="place", needle=needle, details={"place": spot_text(spot)},
            number=number, at=needle.at + timedelta(minutes=number),
        )  # fmt: skip
    (moment,) = all_moments(begun.patient)
    (shown,) = moment.needles
    assert spot_text(shown.spot) == spot_text(last)
