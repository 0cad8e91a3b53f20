"""Scores of outcome measures: entered, judged within one complaint, taken back, asked again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.progress import actions, scores
from filiform.clinic.progress.models import OutcomeScore


@pytest.fixture
def scored(patient, alice):
    def at(days_ago: int, scale: str, **told):
        when = timezone.now() - timedelta(days=days_ago)
        return actions.record_score(by=alice, patient=patient, scale=scale, taken_at=when, **told)

    return at


def test_a_course_is_judged_with_its_thresholds_and_its_error(scored, patient):
    scored(20, "lefs", total=40)
    scored(2, "lefs", items=[3] * 18 + [None] * 2)
    [course] = scores.courses(patient)
    assert [row.value for row in course.rows] == [40, 60]
    assert course.change.meaningful
    assert course.between.low == 20 - course.change.mdc


def test_another_complaint_begins_a_course_of_its_own(scored, patient, alice):
    from filiform.clinic.visits.models import Episode

    scored(20, "nprs", total=8)
    Episode.objects.create(
        organisation=patient.organisation, recorded_by=alice, patient=patient, title="Knee",
        opened_on=timezone.localdate() - timedelta(days=5),
    )  # fmt: skip
    scored(1, "nprs", total=2)
    [course] = scores.courses(patient)
    assert (len(course.rows), course.change) == (1, None)


def test_free_measures_are_asked_again_after_a_week_and_licensed_ones_never(scored, patient):
    scored(8, "nprs", total=5)
    scored(8, "odi", total=40)
    scored(3, "psfs", items=[2, 4], about=["Climb stairs", "Carry water"])
    now = timezone.now()
    assert [one.id for one in scores.due_between_visits(patient, now=now)] == ["nprs"]
    later = now + timedelta(days=5)
    assert [one.id for one in scores.due_between_visits(patient, now=later)] == ["nprs", "psfs"]
    assert scores.psfs_activities(patient) == ["Climb stairs", "Carry water"]


def test_the_page_takes_answers_once_and_says_what_is_wrong(as_alice, patient):
    at = reverse("progress:scores", args=[patient.pk])
    today, number = timezone.localdate().isoformat(), uuid4()
    good = {"score_id": number, "scale": "odi", "taken_on": today, "items": "2 2 2 2 2 2 2 1 1 -"}
    for _twice in range(2):
        assert as_alice.post(at, good).status_code == 302
    row = OutcomeScore.objects.get()
    assert row.value == pytest.approx(35.56, abs=0.01)
    for wrong, says in (
        ({"items": "2 2 -"}, "These are 3 answers; this measure has 10."),
        ({"items": "2 2 2 2 2 2 2 2 - -"}, "Only 8 of 10 are answered; this measure needs 9."),
        ({"items": "", "total": "120"}, "120 is not on this scale: it goes from 0 to 100."),
        ({"items": ""}, "Enter the score or the answers."),
        ({"taken_on": "2199-01-01"}, "This day is in the future."),
    ):
        answer = as_alice.post(at, good | {"score_id": uuid4()} | wrong)
        assert answer.status_code == 422, wrong
        assert says in answer.content.decode(), wrong
    void = reverse("progress:void-score", args=[patient.pk, row.pk])
    as_alice.post(void, {"why": " "})
    assert OutcomeScore.objects.current().exists(), "nothing is taken back without a reason"
    as_alice.post(void, {"why": "Wrong patient"})
    assert not OutcomeScore.objects.current().exists()


def test_answers_may_stand_between_the_commas_of_an_urdu_keyboard(as_alice, patient):
    at = reverse("progress:scores", args=[patient.pk])
    data = {"score_id": uuid4(), "scale": "odi", "taken_on": timezone.localdate().isoformat()}
    answer = as_alice.post(at, data | {"items": "۲،۲، ۲ ،2, 2 2 2 1 1 -"})
    assert answer.status_code == 302
    assert OutcomeScore.objects.get().items == [2, 2, 2, 2, 2, 2, 2, 1, 1, None]


def test_an_outsider_sees_no_scores_and_takes_none_back(client, charlie, scored, patient, bob):
    row = scored(1, "nprs", total=5)
    for member, status in ((charlie, 404), (bob, 403)):
        client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("progress:scores", args=[patient.pk])).status_code == status
        void = reverse("progress:void-score", args=[patient.pk, row.pk])
        assert client.post(void, {"why": "x"}).status_code == status
    assert OutcomeScore.objects.current().count() == 1


def test_the_first_and_the_last_drawing_stand_side_by_side_with_their_area(
    as_alice, patient, alice, site
):
    from filiform.anatomy.surface import BodyDrawing, Layer, draw, parse_area
    from filiform.clinic.assessment.models import Story
    from filiform.clinic.body.actions import keep_pain
    from filiform.clinic.visits.actions import book

    def told(days_ago: int, cm: int):
        when = timezone.now() - timedelta(days=days_ago)
        visit = book(by=alice, patient=patient, practitioner=alice, site=site, planned_at=when)
        story = Story.objects.create(
            organisation=visit.organisation, recorded_by=alice, patient=patient, visit=visit,
            pain_now=5, pain_average=5,
        )  # fmt: skip
        area = draw(parse_area(f"disc:buttock-upper-lateral:{cm}:left"))
        keep_pain(story, BodyDrawing((Layer("dull", 5, area),)), visit=visit.pk)

    page = reverse("progress:patient", args=[patient.pk])
    told(20, 8)
    assert "then and now" not in as_alice.get(page).content.decode()
    told(2, 4)
    text = as_alice.get(page).content.decode()
    assert "Where it hurt, then and now" in text
    assert "a change of -7" in text, "half the radius is about a quarter of the skin"


def test_who_does_not_treat_sees_scores_and_records_none(client, olga, scored, patient):
    row = scored(1, "nprs", total=5)
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    at = reverse("progress:scores", args=[patient.pk])
    assert client.post(at, {}).status_code == 403
    assert client.post(reverse("progress:void-score", args=[patient.pk, row.pk])).status_code == 403
    page = client.get(at).content.decode()
    assert "Enter a score" not in page
    assert "Withdraw" not in page
