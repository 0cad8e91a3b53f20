"""Goals, causes, the plan of care, templates, what was done here and at home."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from django.urls import reverse
from tests.clinic.needling_rows import choose_target, needled

from filiform.clinic.programme import actions, care, care_actions, queries
from filiform.clinic.programme.models import HomeTick, PlanOfCare
from filiform.clinic.visits.actions import open_episode, put_into_episode
from filiform.programme import proposed
from filiform.reasons import say


@pytest.fixture
def episode(visit, alice, today):
    made = open_episode(by=alice, patient=visit.patient, title="Neck", on=today)
    put_into_episode(by=alice, visit=visit, episode=made)
    visit.refresh_from_db()
    return made


@pytest.fixture
def row(visit, alice, first_home):
    phase, item, release = first_home
    return actions.choose(by=alice, visit=visit, phase=phase, item=item, release=release)


def plan_for(visit, today):
    return proposed(queries.course(visit, on=today).plan, on=today)


def send(client, visit, name, data, **kwargs):
    return client.post(reverse(f"programme:{name}", kwargs={"visit_id": visit.pk, **kwargs}), data)


def test_a_plan_is_set_reviewed_and_its_former_version_stays(visit, alice, episode, target, today):
    plan = plan_for(visit, today)
    first = care_actions.plan_care(by=alice, visit=visit, plan=plan)
    later = msgspec.structs.replace(plan, review_on=plan.ends_on)
    second = care_actions.plan_care(by=alice, visit=visit, plan=later, decided="no-needles")
    assert second.replaces == first
    assert care.plan_of(visit) == second
    assert PlanOfCare.objects.filter(episode=episode).count() == 2


def test_a_plan_that_makes_no_sense_is_refused_with_what_is_allowed(
    visit, alice, episode, target, today
):
    plan = plan_for(visit, today)
    bad = msgspec.structs.replace(plan, visits=3, needling=4, review_on=today - timedelta(days=1))
    reasons = care_actions.plan_care(by=alice, visit=visit, plan=bad)
    assert [one.code for one in reasons] == ["care-needling", "care-review-outside"]
    assert "allow 0 to 3" in say(reasons[0])
    endless = msgspec.structs.replace(plan, visits=31, ends_on=today + timedelta(days=400))
    codes = [one.code for one in care_actions.plan_care(by=alice, visit=visit, plan=endless)]
    assert codes == ["care-visits", "care-end"]
    assert care.plan_of(visit) is None


def test_without_a_complaint_a_plan_and_goals_have_no_place(visit, alice, target, today):
    refused = care_actions.plan_care(by=alice, visit=visit, plan=plan_for(visit, today))
    assert refused[0].code == "care-no-episode"
    assert care_actions.set_goal(by=alice, visit=visit, activity="Run")[0].code == "care-no-episode"


def test_a_due_review_a_used_up_plan_and_used_needles_ask_for_a_decision(
    visit, alice, episode, today
):
    needled(visit, "soleus")
    visit.state = "done"
    visit.save(update_fields=["state"])
    start = today - timedelta(days=30)
    plan = msgspec.structs.replace(
        plan_for(visit, start), visits=1, needling=1, review_on=today, ends_on=today
    )
    row = care_actions.plan_care(by=alice, visit=visit, plan=plan)
    codes = {one.code for one in care.to_look_again(row, on=today)}
    assert codes == {"care-review-due", "care-visits-used", "care-needling-used"}
    ended = {one.code for one in care.to_look_again(row, on=today + timedelta(days=1))}
    assert "care-ended" in ended
    assert "care-review-due" not in ended, "one sentence about one thing"


def test_todays_page_names_the_plan_that_ends(visit, alice, bob, episode, target, signed_in, today):
    plan = msgspec.structs.replace(plan_for(visit, today), review_on=today)
    care_actions.plan_care(by=alice, visit=visit, plan=plan)
    page = signed_in(alice).get(reverse("pathway:today")).content.decode()
    assert "Plans to review" in page
    assert f"{reverse('programme:programme', args=[visit.pk])}#plan-of-care" in page
    assert "Plans to review" not in signed_in(bob).get(reverse("pathway:today")).content.decode()


def test_goals_are_scored_at_each_visit_and_judged_by_what_counts(
    visit, alice, episode, target, today
):
    goal = care_actions.set_goal(
        by=alice, visit=visit, activity="Carry water", patient_does="Walk", score=3
    )
    (line,) = care.goal_lines(visit)
    assert (line.first, line.last, line.change) == (3, 3, None)
    care_actions.score_goal(by=alice, visit=visit, goal=goal, score=4)
    (line,) = care.goal_lines(visit)
    assert (line.first, line.last) == (4, 4), "rated again in the same visit, the newer holds"
    assert (
        care_actions.score_goal(by=alice, visit=visit, goal=goal, score=11)[0].params["got"] == 11
    )
    board = queries.board(visit, on=today)
    assert board.stages[-1].stage.plan.id == "return"
    for number in range(4):
        care_actions.set_goal(by=alice, visit=visit, activity=f"More {number}")
    sixth = care_actions.set_goal(by=alice, visit=visit, activity="One too many")
    assert sixth[0].code == "care-goals-enough"
    care_actions.drop_goal(by=alice, goal=goal)
    assert "Carry water" not in [one.goal.activity for one in care.goal_lines(visit)]


def test_a_cause_that_was_found_is_asked_again_at_the_next_visit_of_any_region(
    visit, patient, alice, site, target
):
    from django.utils import timezone

    from filiform.clinic.visits.actions import book

    care_actions.answer_cause(by=alice, visit=visit, cause="overhead-work", state="found")
    other = book(
        by=alice, patient=patient, practitioner=alice, site=site,
        planned_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    choose_target(other, "soleus")
    first = care.asked_causes(other)[0]
    assert (first.cause.id, first.state, first.today) == ("overhead-work", "found", False)
    care_actions.answer_cause(by=alice, visit=other, cause="overhead-work", state="gone")
    assert "overhead-work" not in [one.cause.id for one in care.asked_causes(other)]


def test_what_was_done_in_the_clinic_holds_dose_and_response(visit, alice, row):
    done = actions.record_done(
        by=alice, row=row, dose=queries.dose_of(row), pain_before=6, pain_after=3
    )
    assert care.done_at(visit) == {row.item: done}
    again = actions.record_done(by=alice, row=row, dose=queries.dose_of(row), pain_after=2)
    assert again.replaces == done
    refused = actions.record_done(by=alice, row=row, dose=None, pain_after=12)
    assert refused[0].code == "care-score-out-of-bounds"


def test_a_template_brings_what_this_patient_may_do_and_says_what_it_left(
    visit, patient, alice, site, target, row, today
):
    from django.utils import timezone

    from filiform.clinic.visits.actions import book

    actions.choose_all(by=alice, visit=visit, on=today)
    template = actions.keep_template(by=alice, visit=visit, name="Shoulder")
    other = book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    choose_target(other, "infraspinatus", "left")
    chosen, left = actions.apply_template(by=alice, visit=other, template=template, on=today)
    assert chosen == len(template.rows)
    assert left == 0
    assert {row.side for row in queries.chosen(other)} <= {"left", ""}, "the new patient's side"
    bare = book(by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now())
    choose_target(bare, "soleus")
    chosen, left = actions.apply_template(by=alice, visit=bare, template=template, on=today)
    assert left > 0
    assert chosen + left == len(template.rows)
    renewed = actions.keep_template(by=alice, visit=visit, name="shoulder")
    assert care.templates(alice.organisation) == [renewed], "one name, one template"
    actions.drop_template(by=alice, template=renewed)
    assert care.templates(alice.organisation) == []


def test_of_sixty_programmes_by_name_each_can_be_used_and_taken_off(
    visit, alice, row, target, signed_in
):
    kept = [
        actions.keep_template(by=alice, visit=visit, name=f"Programme {number:02}")
        for number in range(60)
    ]
    assert [one.pk for one in care.templates(alice.organisation)] == [one.pk for one in kept]
    client = signed_in(alice)
    page = client.get(reverse("programme:programme", args=[visit.pk])).content.decode()
    assert page.count(f'<option value="{kept[-1].pk}">Programme 59') == 2
    last = {"template": str(kept[-1].pk)}
    used = client.post(reverse("programme:template", args=[visit.pk]), last, follow=True)
    assert "Chosen: " in used.content.decode()
    client.post(reverse("programme:template-drop", args=[visit.pk]), last)
    assert kept[-1] not in care.templates(alice.organisation)
    for wrong in ("", "x", str(visit.pk)):
        answer = client.post(reverse("programme:template", args=[visit.pk]), {"template": wrong})
        assert answer.status_code == 404


def test_a_programme_changed_while_the_patient_ticks_the_old_one_loses_nothing(
    visit, alice, row, today
):
    less = msgspec.structs.replace(queries.dose_of(row), sets=1)
    actions.change_dose(by=alice, row=row, dose=less)
    ticked = actions.tick(row=row, day=today, today=today, felt=2)
    (line,) = care.home_lines(visit.patient, on=today)
    assert (line.last, line.adherence.done) == (ticked, 1)
    again = actions.tick(row=queries.chosen(visit)[0], day=today, today=today, felt=3)
    assert again.replaces == ticked, "one day, one tick, whichever version was on the screen"
    actions.remove(by=alice, row=row)
    gone = actions.tick(row=row, day=today - timedelta(days=1), today=today)
    assert HomeTick.objects.current().filter(pk=gone.pk).exists()


def test_a_tick_of_tomorrow_and_a_feeling_of_eleven_are_refused(row, today):
    tomorrow = actions.tick(row=row, day=today + timedelta(days=1), today=today)
    assert tomorrow[0].code == "home-future"
    eleven = actions.tick(row=row, day=today, today=today, felt=11)
    assert "0 to 10" in say(eleven[0])
    assert not HomeTick.objects.exists()


def test_too_painful_twice_is_told_and_one_tap_takes_the_step_down(
    visit, alice, row, signed_in, today
):
    for ago in (2, 1):
        actions.tick(row=row, day=today - timedelta(days=ago), today=today, felt=7)
    client = signed_in(alice)
    todays = client.get(reverse("pathway:today")).content.decode()
    assert "Too painful at home" in todays
    page = client.get(reverse("programme:programme", args=[visit.pk])).content.decode()
    assert "too painful twice at home" in page
    assert send(client, visit, "easier", {}, row_id=row.pk).status_code == 302
    (line,) = care.home_lines(visit.patient, on=today)
    assert line.easier.en in queries.chosen(visit)[0].note
    assert line.adherence.step == "stay", "the old pain says nothing about the new step"
    assert "Too painful at home" not in client.get(reverse("pathway:today")).content.decode()


def test_the_progress_page_says_how_much_was_done_at_home(visit, alice, row, signed_in, today):
    actions.tick(row=row, day=today, today=today, felt=2, pain_before=4, pain_after=3)
    page = signed_in(alice).get(reverse("progress:progress", args=[visit.pk])).content.decode()
    assert "Done at home" in page
    assert "1 of 7 days" in page


def test_an_outsider_and_the_front_desk_change_nothing(visit, row, charlie, bob, signed_in):
    posts = [
        ("cause", {"cause": "pillow", "state": "found"}, {}),
        ("goal", {"activity": "Run"}, {}),
        ("plan", {}, {}),
        ("template-keep", {"name": "x"}, {}),
        ("done", {}, {"row_id": row.pk}),
        ("easier", {}, {"row_id": row.pk}),
    ]
    for member, status in ((charlie, 404), (bob, 403)):
        client = signed_in(member)
        for name, data, kwargs in posts:
            assert send(client, visit, name, data, **kwargs).status_code == status, name


def test_every_form_of_the_page_answers_and_bad_input_is_told(
    visit, alice, episode, target, row, signed_in, today
):
    client = signed_in(alice)
    plan = plan_for(visit, today)
    dates = {
        name: getattr(plan, name).isoformat() for name in ("starts_on", "review_on", "ends_on")
    }
    good = {"visits": 6, "needling": 3, **dates}
    assert send(client, visit, "plan", good).status_code == 302
    assert send(client, visit, "plan", {**good, "needling": 9}).status_code == 422
    assert send(client, visit, "plan", {**good, "visits": "many"}).status_code == 302
    assert care.plan_of(visit).visits == 6
    assert send(client, visit, "goal", {"activity": "Sleep"}).status_code == 302
    (line,) = care.goal_lines(visit)
    assert send(client, visit, "score", {"score": 4}, goal_id=line.goal.pk).status_code == 302
    assert care.goal_lines(visit)[0].last == 4
    send(client, visit, "cause", {"cause": "pillow", "state": "worse"})
    send(client, visit, "cause", {"cause": "pillow", "state": "found"})
    assert [one.cause.id for one in care.asked_causes(visit) if one.state] == ["pillow"]
    send(client, visit, "done", {"pain_before": 5, "pain_after": 2}, row_id=row.pk)
    assert care.done_at(visit)[row.item].pain_after == 2
    send(client, visit, "template-keep", {"name": "  "})
    send(client, visit, "template-keep", {"name": "Mine"})
    (template,) = care.templates(alice.organisation)
    send(client, visit, "template", {"template": template.pk})
    page = client.get(reverse("programme:programme", args=[visit.pk])).content.decode()
    assert "Mine" in page
    send(client, visit, "template-drop", {"template": template.pk})
    assert care.templates(alice.organisation) == []
    send(client, visit, "goal-drop", {}, goal_id=line.goal.pk)
    assert care.goal_lines(visit) == []


def test_a_dose_that_was_changed_meanwhile_can_be_put_back_from_an_old_page(visit, alice, row):
    usual = queries.dose_of(row)
    actions.change_dose(by=alice, row=row, dose=msgspec.structs.replace(usual, sets=2))
    actions.change_dose(by=alice, row=row, dose=usual)
    assert [queries.dose_of(one) for one in queries.chosen(visit)] == [usual]


def test_a_goal_and_a_template_sent_twice_are_one_and_taken_out_twice_are_out(
    visit, alice, episode, row
):
    goals = [care_actions.set_goal(by=alice, visit=visit, activity="Sleep", score=4) for _ in "12"]
    assert goals[0] == goals[1]
    assert [(one.first, one.last) for one in care.goal_lines(visit)] == [(4, 4)]
    template = actions.keep_template(by=alice, visit=visit, name="Neck")
    for _tap in range(2):
        care_actions.drop_goal(by=alice, goal=goals[0])
        actions.drop_template(by=alice, template=template)
    assert care.goal_lines(visit) == care.templates(alice.organisation) == []


def test_many_who_only_tick_do_not_hide_who_is_in_pain(row, today):
    for ago in (2, 1):
        actions.tick(row=row, day=today - timedelta(days=ago), today=today, felt=7)
    actions.tick(row=row, day=today, today=today, felt=0, pain_before=4, pain_after=2)
    read = care._ticked_between(row.organisation_id, today - timedelta(days=6), today)
    assert [tick.felt for tick in read] == [7, 7]
