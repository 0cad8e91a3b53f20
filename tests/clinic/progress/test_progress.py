"""Did it help, did it harm: over the visits of one patient."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.progress import queries, treatments
from filiform.clinic.progress.picture import picture


def test_the_last_version_of_a_story_counts(tell, alice, patient):
    from filiform.clinic.assessment.models import Story

    visit = tell(3, 6)
    old = Story.objects.get(visit=visit)
    Story.objects.create(
        organisation=old.organisation,
        recorded_by=alice,
        patient=patient,
        visit=visit,
        replaces=old,
        pain_now=4,
    )
    assert [(p.kind, p.nprs) for p in queries.pain_series(patient)] == [("now", 4)]


def test_pain_right_after_needling_and_soreness_at_checks_are_in_the_series(
    tell, patient, alice, bob, today
):
    from filiform.clinic.aftercare import actions
    from filiform.clinic.treatment.models import Act, Treatment

    visit = tell(2, 6, "soleus")
    treatment = Treatment.objects.get(visit=visit)
    Act.objects.create(
        organisation=visit.organisation,
        recorded_by=alice,
        patient=patient,
        treatment=treatment,
        number=99,
        kind="response",
        # Of a tablet that is an hour ahead.
        at=treatment.started_at + timedelta(minutes=72),
        details={"pain": 3, "soreness": 2, "clock_off_s": 3600},
    )
    check = actions.plan_checks(by=alice, treatment=treatment)[1]
    actions.settle(by=bob, check=check, result="answered", report={"soreness_nprs": 4}, on=today)
    series = queries.pain_series(patient)
    found = {(point.kind, point.nprs) for point in series}
    assert {("after", 3), ("soreness", 4)} <= found
    (after,) = [point.at for point in series if point.kind == "after"]
    assert after == treatment.started_at + timedelta(minutes=12)


def test_a_fall_from_seven_to_three_is_meaningful_and_one_from_seven_to_six_is_not(tell, patient):
    tell(20, 7)
    tell(10, 6)
    assert not picture(patient).change.meaningful
    tell(1, 3)
    found = picture(patient)
    assert (found.change.before, found.change.after) == (7, 3)
    assert found.change.meaningful


def test_change_is_judged_within_one_complaint(tell, patient, alice, today):
    from filiform.clinic.visits.actions import open_episode, put_into_episode

    tell(400, 9)
    episode = open_episode(by=alice, patient=patient, title="Shoulder", on=today)
    for days, average in ((14, 6), (2, 5)):
        put_into_episode(by=alice, visit=tell(days, average), episode=episode)
    found = picture(patient, episode=episode)
    assert (found.change.before, found.change.after) == (6, 5)


def test_after_three_needlings_without_benefit_the_page_says_stop_and_think(tell, alice, signed_in):
    for days in (21, 14, 7):
        visit = tell(days, 6, "soleus")
    page = signed_in(alice).get(reverse("progress:progress", args=[visit.pk])).content.decode()
    assert picture(visit.patient).review
    assert 'class="notice mind"' in page


def test_the_page_gives_the_numbers_as_a_table_too(tell, patient, alice, signed_in):
    tell(20, 7)
    tell(1, 3)
    page = signed_in(alice).get(reverse("progress:patient", args=[patient.pk])).content.decode()
    table = page[page.index("<table") : page.index("</table>")]
    assert ">7<" in table
    assert ">3<" in table
    assert 'role="img"' in page
    assert "<desc" in page


def test_side_effects_come_with_what_they_are_out_of(tell, patient, alice, bob, today):
    from filiform.clinic.aftercare import actions
    from filiform.clinic.treatment.models import Treatment

    visit = tell(2, 6, "soleus", "gastrocnemius-medial")
    treatment = Treatment.objects.get(visit=visit)
    checks = actions.plan_checks(by=alice, treatment=treatment)
    actions.settle(by=bob, check=checks[1], result="answered", report={"bruise": "small"}, on=today)
    found = treatments.side_effects(patient)
    assert [effect.times for effect in found.told] == [1]
    assert (found.answered, found.treatments, found.needles) == (1, 1, 2)


def test_an_undone_needle_is_not_counted(tell, patient, alice):
    from filiform.clinic.treatment.models import Act

    visit = tell(2, 6, "soleus", "gastrocnemius-medial")
    wrong = Act.objects.filter(patient=patient, kind="insertion").last()
    Act.objects.create(
        organisation=visit.organisation,
        recorded_by=alice,
        patient=patient,
        treatment=wrong.treatment,
        number=50,
        kind="void",
        is_void=True,
        at=timezone.now(),
        replaces=wrong,
    )
    rows, _ = treatments.treatments(patient)
    assert rows[0].needles == 1


def test_the_list_of_treatments_has_pages_and_an_end(tell, patient, monkeypatch):
    monkeypatch.setattr(treatments, "TREATMENTS_SHOWN", 2)
    for days in (30, 20, 10):
        tell(days, 5, "soleus")
    first, older = treatments.treatments(patient, page=1)
    second, none_older = treatments.treatments(patient, page=2)
    assert (len(first), older, len(second), none_older) == (2, True, 1, False)


def test_the_page_asks_the_database_no_more_often_for_twelve_visits_than_for_three(
    tell, patient, alice, signed_in
):
    client = signed_in(alice)
    address = reverse("progress:patient", args=[patient.pk])

    def questions_after(visits: range) -> int:
        for days in visits:
            tell(days, 5, "soleus")
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    assert questions_after(range(1, 4)) == questions_after(range(4, 13))


def test_an_outsider_finds_nothing_and_the_front_desk_is_refused(
    tell, patient, charlie, bob, signed_in
):
    visit = tell(2, 6)
    pages = [
        reverse("progress:progress", args=[visit.pk]),
        reverse("progress:patient", args=[patient.pk]),
    ]
    client = signed_in(charlie)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    client = signed_in(bob)
    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_the_chart_can_stand_on_any_page(tell, patient):
    tell(9, 6)
    tell(2, 2)
    page = Template("{% load progress %}{% pain_chart patient %}").render(
        Context({"patient": patient})
    )
    assert "<svg" in page
    assert "progress.css" in page


def test_a_patient_without_a_rating_gets_words_instead_of_an_empty_box(patient):
    page = Template("{% load progress %}{% pain_chart patient %}").render(
        Context({"patient": patient})
    )
    assert "<svg" not in page
    assert "No pain rating yet" in page
