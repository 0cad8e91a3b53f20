"""The day's page: the one next thing of each visit, and what must not wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.pathway.attention import attention
from filiform.clinic.pathway.next_thing import next_things
from filiform.clinic.visits import actions
from filiform.clinic.visits.models import Visit


def code_of(visit, now=None):
    visit.refresh_from_db()
    now = now or timezone.now()
    return next_things([visit], on=timezone.localdate(), now=now)[visit.pk].code


def tell(visit, alice):
    from filiform.clinic.assessment import actions as assessment

    assessment.tell_story(
        by=alice, visit=visit, areas=[("neck-back", "right", "", 5)], complaint_code="neck-pain"
    )


def nothing_to_report(visit, alice):
    """Every safety question of the record answered with no."""
    from filiform.clinic.assessment.safety import screening
    from filiform.clinic.intake import actions as intake

    open_ones = screening(visit, timezone.localdate()).unanswered
    intake.answer_all(
        by=alice, patient=visit.patient, visit=visit, questions=open_ones, value=False
    )


def test_the_next_thing_walks_through_the_visit_in_order(visit, alice):
    from filiform.clinic.assessment import actions as assessment
    from filiform.clinic.intake import actions as intake

    assert code_of(visit) == "expected"
    assert code_of(visit, visit.planned_at + timedelta(minutes=16)) == "late"
    actions.begin(by=alice, visit=visit)
    assert code_of(visit) == "story"
    tell(visit, alice)
    assert code_of(visit) == "ask-changes"
    intake.confirm_unchanged(by=alice, visit=visit, changed=False)
    assert code_of(visit) == "questions"
    nothing_to_report(visit, alice)
    assert code_of(visit) == "not-confirmed"
    assessment.confirm_safety(by=alice, visit=visit, on=timezone.localdate())
    assert code_of(visit) == "targets"
    target = assessment.choose_target(by=alice, visit=visit, muscle="infraspinatus", side="right")
    assert code_of(visit) == "plan"
    plan = assessment.plan_needling(
        by=alice,
        target=target,
        position="prone",
        technique="deep-static",
        diameter_mm=0.30,
        length_mm=30,
        depth_mm=10,
        insertions=1,
        note="A small step for a first visit.",
    )
    assert not isinstance(plan, tuple), plan
    assert code_of(visit) == "consent"
    actions.move(by=alice, visit=visit, to="needles-in")
    assert code_of(visit) == "needles-in"
    actions.move(by=alice, visit=visit, to="to-sign")
    assert code_of(visit) == "to-sign"
    actions.move(by=alice, visit=visit, to="done")
    assert code_of(visit) == "done"


def test_a_medicine_noted_since_the_last_visit_has_to_be_looked_at(visit, patient, alice, site):
    from filiform.clinic.assessment import actions as assessment
    from filiform.clinic.intake import actions as intake

    earlier = actions.book(
        by=alice,
        patient=patient,
        practitioner=alice,
        site=site,
        planned_at=visit.planned_at - timedelta(days=7),
    )
    Visit.objects.filter(pk=earlier.pk).update(state="done")
    actions.begin(by=alice, visit=visit)
    tell(visit, alice)
    intake.confirm_unchanged(by=alice, visit=visit, changed=True)
    intake.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin 5 mg")
    assert code_of(visit) == "medicines"
    assessment.confirm_safety(by=alice, visit=visit, on=timezone.localdate())
    assert code_of(visit) != "medicines"


def patient_of(by):
    from filiform.clinic.patients import actions as patients

    born = timezone.localdate().replace(year=1980, day=1)
    return patients.register(by=by, given_name="Bilal", sex="male", birth_date=born)


def page(client, query=""):
    return client.get(reverse("pathway:today") + query)


def test_a_practitioner_sees_the_own_visits_and_switches_to_all(
    as_alice, visit, patient, alice, olga, clinic, site, today
):
    from filiform.clinic.staff import actions as staff

    other = staff.add_member(
        organisation=clinic,
        username="ayesha",
        password=None,
        name="Ayesha",
        roles=frozenset({"practitioner"}),
    )
    actions.book(
        by=alice, patient=patient, practitioner=other, site=site, planned_at=timezone.now()
    )
    assert [row.visit.pk for row in page(as_alice).context["rows"]] == [visit.pk]
    assert len(page(as_alice, "?who=all").context["rows"]) == 2


def test_the_front_desk_sees_all_visits_with_arrived_one_tap_away(as_bob, visit):
    response = page(as_bob)
    (row,) = response.context["rows"]
    assert [to for to, _word in row.transitions] == ["here", "missed", "cancelled"]
    assert reverse("assessment:story", args=[visit.pk]) not in response.content.decode()


def test_another_clinic_sees_nothing_of_it(client, charlie, visit):
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    response = page(client, "?who=all")
    assert response.context["rows"] == []
    assert "Siddiqui" not in response.content.decode()


def test_needles_that_are_still_in_and_old_unsigned_treatments_must_not_wait(
    visit, patient, alice, site, today
):
    old = actions.book(
        by=alice,
        patient=patient,
        practitioner=alice,
        site=site,
        planned_at=visit.planned_at - timedelta(days=2),
    )
    Visit.objects.filter(pk=old.pk).update(state="to-sign")
    Visit.objects.filter(pk=visit.pk).update(state="needles-in")
    found = attention(alice, on=today, now=timezone.now())
    assert [one.pk for one in found.needles_in] == [visit.pk]
    assert [one.pk for one in found.unsigned] == [old.pk]


def test_the_front_desk_is_not_shown_clinical_things(visit, bob, today):
    Visit.objects.filter(pk=visit.pk).update(state="needles-in")
    assert attention(bob, on=today, now=timezone.now()).needles_in == []


def test_a_licence_that_ends_in_a_week_is_announced_to_its_holder(alice, olga, bob, today):
    from filiform.clinic.staff.models import Licence

    assert attention(alice, on=today, now=timezone.now()).expiring == []
    ends = Licence.objects.get(member=alice).expires_on
    week_before = ends - timedelta(days=7)
    assert [one.kind for one in attention(alice, on=week_before, now=timezone.now()).expiring]
    assert attention(olga, on=week_before, now=timezone.now()).expiring
    assert not attention(bob, on=week_before, now=timezone.now()).expiring


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_page_opens_on_a_day_without_visits(as_alice, language):
    as_alice.cookies["filiform_language"] = language
    assert page(as_alice).status_code == 200


def test_more_visits_cost_no_more_queries(
    as_alice, visit, patient, alice, site, at, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        page(as_alice)
    for hour in range(8, 20):
        extra = actions.book(
            by=alice, patient=patient, practitioner=alice, site=site, planned_at=at(hour)
        )
        actions.begin(by=alice, visit=extra)
    page(as_alice)  # asks the pathway of each visit under way, once for each version
    actions.book(
        by=alice, patient=patient_of(alice), practitioner=alice, site=site, planned_at=at(7)
    )
    with CaptureQueriesContext(connection) as many:
        page(as_alice)
    # The first page had no visit under way, so their versions were not asked for.
    assert len(many) <= len(one) + 2
    assert len(many) <= 26


@pytest.mark.parametrize("query", ["", "?day=2031-02-03", "?day=2031-02-31", "?day=nonsense"])
def test_the_diary_opens_on_any_day_that_is_asked_for(as_bob, visit, query):
    response = as_bob.get(reverse("diary:diary") + query)
    assert response.status_code == 200
    if not query.endswith("03"):
        assert response.context["is_today"]


def test_a_note_that_is_not_signed_waits_from_the_moment_the_needles_are_out(visit, alice, today):
    Visit.objects.filter(pk=visit.pk).update(state="to-sign")
    found = attention(alice, on=today, now=timezone.now())
    assert [one.pk for one in found.unsigned] == [visit.pk]


def test_an_expired_registration_stands_on_the_holders_own_day(as_alice, alice, visit, today):
    from filiform.clinic.staff.models import Licence

    ends = Licence.objects.get(member=alice).expires_on
    day_after = ends + timedelta(days=1)
    (own, *_rest) = attention(alice, on=day_after, now=timezone.now()).expiring
    assert (own.member, own.kind, own.days_left) == (alice, "licence", -1)


def test_a_registration_that_was_struck_off_or_never_recorded_is_missed(
    as_alice, alice, olga, bob, visit, today
):
    from filiform.clinic.staff import actions as staff
    from filiform.clinic.staff.models import Licence

    staff.void_credential(by=olga, credential=Licence.objects.get(member=alice), why="Struck off.")
    for who in (alice, olga):
        assert attention(who, on=today, now=timezone.now()).lacking == [(alice, "licence")]
    assert attention(bob, on=today, now=timezone.now()).lacking == []
    assert "No current registration" in page(as_alice).content.decode()


def test_what_the_owner_has_to_renew_stands_before_what_others_have(clinic, olga, alice, today):
    from tests.clinic.conftest import make_practitioner

    from filiform.clinic.staff import actions as staff

    zara = make_practitioner(clinic, "zara", today=today)
    type(zara).objects.filter(pk=zara.pk).update(is_owner=True)
    zara.refresh_from_db()
    for member, days in ((zara, 20), (alice, 2)):
        for former in member.licences.all():
            staff.void_credential(by=olga, credential=former, why="Renewed.")
        ends = today + timedelta(days=days)
        staff.record_licence(member=member, by=olga, body="Council", number="1", expires_on=ends)
    found = attention(zara, on=today, now=timezone.now()).expiring
    assert [one.member for one in found] == [zara, alice]
