"""Only a practitioner's review turns what came in from home into disclosure."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.assessment.queries import story
from filiform.clinic.facts.models import new_id
from filiform.clinic.intake import actions, queries, reviewing
from filiform.clinic.intake.parts import Told
from filiform.clinic.intake.sent_in import send_in
from filiform.clinic.pathway.gate import reasons_against_needling
from filiform.clinic.pathway.gathering import before_needling
from filiform.clinic.progress.models import OutcomeScore
from filiform.clinic.visits import actions as visits

SCORE = Told("score", "psfs", value={"items": [3, 6], "about": ["Prayer", "Stairs"]})
STORY = (
    Told("story", "complaint", "My neck"),
    Told("story", "onset", value="weeks"),
    Told("story", "aggravating", value=["sitting", "screen"]),
    Told("story", "pain_now", value=6),
    Told("drawing", "pain", value=BodyDrawing().as_text()),
)


@pytest.fixture
def send(patient, site):
    def sending(*told: Told, **more):
        return send_in(
            patient=patient, site=site, sending=new_id(), told=told, language="en", **more
        )

    return sending


def decided(visit, alice, decision=reviewing.accept, **more):
    ids = [i for one in reviewing.waiting(visit) for i in one.ids.split()]
    return decision(by=alice, visit=visit, ids=ids, **more)


def test_what_was_taken_over_counts_and_stands_in_the_practitioners_name(
    send, visit, patient, alice
) -> None:
    old = actions.disclose(by=alice, patient=patient, kind="medicine", text="Aspirin")
    send(
        Told("answer", "needle-phobia", value=True), Told("told", "medicine", "Warfarin"),
        Told("gone", str(old.pk), "Aspirin"), Told("none", "allergies"), Told("all", "medicines"),
        Told("unchanged", "yes"), SCORE, *STORY,
    )  # fmt: skip
    # What comes together is taken by one tap: the story, and each other thing.
    assert len(reviewing.waiting(visit)) == 8
    decided(visit, alice)
    told = queries.disclosure_of(patient, visit)
    assert {f.text: f.status for f in told.facts if f.kind == "medicine"} == {
        "Aspirin": "stopped", "Warfarin": "active",
    }  # fmt: skip
    assert told.answers["needle-phobia"] is True
    assert {"allergy", "medicine"} <= told.asked_for
    assert queries.change_check(visit).changed
    taken = story(visit)
    assert (taken.complaint, taken.onset, taken.aggravating, taken.pain_now, taken.recorded_by) == (
        "My neck", "weeks", ["sitting", "screen"], 6, alice,
    )  # fmt: skip
    assert OutcomeScore.objects.get(patient=patient).value == 4.5
    assert reviewing.waiting(visit) == []


def test_beside_the_record_stands_what_is_new_changed_or_contradicts_it(
    send, visit, patient, alice
) -> None:
    actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin")
    actions.disclose(by=alice, patient=patient, kind="allergy", none_known=True)
    actions.answer(by=alice, patient=patient, question="needle-phobia", value=True)
    send(
        Told("none", "medicines"), Told("told", "allergy", "Nickel"),
        Told("answer", "needle-phobia", value=False), Told("told", "condition", "Asthma"),
        Told("told", "medicine", "warfarin"), Told("answer", "bruise-tendency", value=False),
        Told("told", "medicine", "Warfarin", {"status": "stopped"}),
    )  # fmt: skip
    found = {
        (row.part, row.name, compared.said): compared.differs
        for one in reviewing.waiting(visit)
        for row, compared in one.rows
    }
    assert sorted(found.values()) == ["changed", *["contradicts"] * 3, "new", "new"]
    with pytest.raises(actions.Contradiction, match="Warfarin"):
        decided(visit, alice)
    assert queries.answers(patient, visit)["needle-phobia"] is True  # all or nothing


def test_nothing_is_not_swept_in_over_something_that_waits_beside_it(send, visit, alice) -> None:
    send(Told("told", "medicine", "Warfarin"))
    send(Told("none", "medicines"))
    found = {one.rows[0][0].part: one.differs for one in reviewing.waiting(visit)}
    assert found == {"none": "contradicts", "told": "new"}


def test_each_thing_is_decided_once_and_set_aside_only_with_a_reason(
    send, visit, patient, alice
) -> None:
    send(Told("told", "medicine", "Warfrin"))
    with pytest.raises(ValueError, match="reason"):
        decided(visit, alice, reviewing.set_aside, why=" ")
    (one,) = reviewing.waiting(visit)
    edited = Told("told", "medicine", "Warfarin")
    (review,) = reviewing.accept(by=alice, visit=visit, ids=[one.ids], edited=edited)
    assert (review.decision, review.sent.text) == ("edited", "Warfrin")
    assert [row.text for row in queries.rows(patient)] == ["Warfarin"]
    with pytest.raises(reviewing.ChangedMeanwhile):
        reviewing.accept(by=alice, visit=visit, ids=[one.ids])
    with pytest.raises(reviewing.ChangedMeanwhile):
        reviewing.accept(by=alice, visit=visit, ids=["1"])


def test_while_something_waits_no_needle_goes_in_and_the_pathway_says_so(
    send, visit, alice, today
) -> None:
    visits.move(by=alice, visit=visit, to="here")
    send(Told("answer", "needle-phobia", value=False), *STORY)
    assert before_needling(visit, by=alice, on=today).next == "sent-in"
    codes = [one.code for one in reasons_against_needling(visit, by=alice, on=today)]
    assert "safety-sent-in" in codes
    decided(visit, alice, reviewing.set_aside, why="another person's phone")
    codes = [one.code for one in reasons_against_needling(visit, by=alice, on=today)]
    assert "safety-sent-in" not in codes


def test_the_page_warns_takes_edits_and_sets_aside(
    send, as_alice, visit, alice, charlie, bob
) -> None:
    send(
        Told("told", "medicine", "Warfarin"),
        Told("answer", "needle-phobia", value=True),
    )
    send(Told("answer", "cauda-equina", value=True), *STORY)
    address = reverse("intake:sent-in", args=[visit.pk])
    act = reverse("intake:review-sent-in", args=[visit.pk])
    for page in (address, reverse("assessment:safety", args=[visit.pk])):
        assert "Numb saddle" in as_alice.get(page).content.decode()
    assert (
        "to review" in as_alice.get(reverse("assessment:story", args=[visit.pk])).content.decode()
    )
    medicine = next(o for o in reviewing.waiting(visit) if o.rows[0][0].part == "told")
    refused = as_alice.post(act, {"ids": medicine.ids, "decision": "aside"})
    assert refused.status_code == 422
    assert "say why" in refused.content.decode()
    forged = {"ids": "1", "decision": "edit", "text": "Heparin"}
    assert "Look again" in as_alice.post(act, forged, follow=True).content.decode()
    edit = {"ids": medicine.ids, "decision": "edit", "text": "Heparin", "status": "stopped"}
    assert as_alice.post(act, edit).status_code == 302
    flag = next(o for o in reviewing.waiting(visit) if o.rows[0][0].name == "cauda-equina")
    assert as_alice.post(act, {"ids": flag.ids, "decision": "edit"}).status_code == 302
    again = as_alice.post(act, {"ids": flag.ids, "decision": "take"}, follow=True)
    assert "decided about this meanwhile" in again.content.decode()
    assert as_alice.post(act, {"decision": "take-all"}).status_code == 302
    assert queries.answers(visit.patient, visit) == {"needle-phobia": True, "cauda-equina": False}
    assert [(row.text, row.status) for row in queries.rows(visit.patient)] == [
        ("Heparin", "stopped")
    ]
    outsider, desk = Client(), Client()
    outsider.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    desk.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert outsider.get(address).status_code == 404
    assert desk.get(address).status_code == 403
    assert desk.post(act, {"decision": "take-all"}).status_code == 403
