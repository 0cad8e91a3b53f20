"""Needling in spite of a reason: a sentence, a letter, a second signature; and counting it all."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import choose_target, needled

from filiform.clinic.assessment import actions, safety
from filiform.clinic.assessment.judgement import lacking, reasons_of_safety
from filiform.clinic.assessment.models import Clearance, SecondSignature
from filiform.clinic.intake import actions as intake
from filiform.clinic.reports.rule_counts import count
from filiform.disclosure import Kind
from filiform.screening import release

WHY = "Oncologist agrees; three thin needles far from the tumour."


@pytest.fixture
def disclosed(answered, alice):
    """Put a condition into the record, whatever was answered before."""

    def disclose(text: str) -> None:
        intake.disclose(by=alice, patient=answered.patient, kind=Kind.CONDITION, text=text)

    return disclose


@pytest.fixture
def dana(clinic, site, today):
    from tests.clinic.conftest import make_practitioner

    return make_practitioner(clinic, "dana", today=today)


def post(client, visit, name, **data):
    return client.post(reverse(f"assessment:{name}", args=[visit.pk]), data)


def codes(visit, today):
    return [reason.code for reason in reasons_of_safety(visit, today)]


def justify(visit, by, rule, today):
    written = actions.justify(by=by, visit=visit, rule=rule, text=WHY, on=today)
    assert not isinstance(written, tuple), written
    return written


def letter(visit, by, rule, today, **changes):
    given = {"from_whom": "Dr Saeed", "given_on": today, "valid_until": today + timedelta(days=30),
             "says": "Superficial needling of the limbs.", **changes}  # fmt: skip
    return actions.record_clearance(by=by, visit=visit, rule=rule, on=today, **given)


@pytest.mark.parametrize("text", ["contraindicationless", "fine-by-everybody-here ok", "ok " * 3])
def test_a_written_reason_is_a_sentence_and_not_a_label(answered, alice, disclosed, today, text):
    disclosed("Stroke in the last weeks")
    disclosed("Multiple sclerosis")
    disclosed("COPD")
    refused = actions.justify(by=alice, visit=answered, rule="copd-emphysema", text=text, on=today)
    assert next(reason.code for reason in refused).startswith("safety-justification-")


def test_a_written_reason_alone_does_not_do_where_the_rule_asks_for_a_letter(
    answered, alice, disclosed, today
):
    disclosed("Prostate cancer")
    justify(answered, alice, "cancer-active", today)
    assert "safety-clearance-missing" in codes(answered, today)
    assert isinstance(letter(answered, alice, "cancer-active", today), Clearance)
    found = next(
        one for one in safety.screening(answered, today).reasons if one.id == "cancer-active"
    )
    assert lacking(answered, found, release(), today) == ""


def test_a_letter_that_has_run_out_no_longer_clears(answered, alice, disclosed, today):
    disclosed("Prostate cancer")
    justify(answered, alice, "cancer-active", today)
    letter(answered, alice, "cancer-active", today)
    later = today + timedelta(days=31)
    assert "cancer-active" in safety.cleared(answered, today)
    assert "cancer-active" not in safety.cleared(answered, later)


@pytest.mark.parametrize(
    "changes",
    [{"given_on": timedelta(days=1)}, {"valid_until": timedelta(days=-1)}],
)
def test_a_letter_from_the_future_or_the_past_is_refused(
    answered, alice, disclosed, today, changes
):
    disclosed("Prostate cancer")
    days = {name: today + shift for name, shift in changes.items()}
    refused = letter(answered, alice, "cancer-active", today, **days)
    assert [reason.code for reason in refused] == ["safety-clearance-days"]
    assert not Clearance.objects.exists()


def test_a_letter_is_taken_only_for_a_rule_that_asks_for_one(answered, alice, disclosed, today):
    disclosed("COPD")
    refused = letter(answered, alice, "copd-emphysema", today)
    assert [reason.code for reason in refused] == ["safety-rule-not-open"]


def test_haemophilia_blocks_until_haematology_clears_and_then_needs_a_written_reason(
    answered, alice, disclosed, today
):
    disclosed("Haemophilia A")
    assert safety.screening(answered, today).decision == "blocked"
    assert "safety-blocked" in codes(answered, today)
    letter(answered, alice, "haemophilia-severe", today)
    assert safety.screening(answered, today).decision == "justify"
    assert "safety-justification-missing" in codes(answered, today)
    justify(answered, alice, "haemophilia-severe", today)
    assert "safety-blocked" not in codes(answered, today)
    assert "safety-justification-missing" not in codes(answered, today)


def test_the_second_signature_is_another_practitioners(answered, alice, dana, disclosed, today):
    disclosed("Paraplegia")
    rule = "autonomic-dysreflexia"
    justify(answered, alice, rule, today)
    assert "safety-second-signature-missing" in codes(answered, today)
    own = actions.sign_second(by=alice, visit=answered, rule=rule)
    assert [reason.code for reason in own] == ["safety-second-signature-same"]
    first = actions.sign_second(by=dana, visit=answered, rule=rule)
    assert isinstance(first, SecondSignature)
    assert actions.sign_second(by=dana, visit=answered, rule=rule) == first
    assert "safety-second-signature-missing" not in codes(answered, today)


def test_a_reason_written_anew_needs_a_new_second_signature(
    answered, alice, dana, disclosed, today
):
    disclosed("Paraplegia")
    justify(answered, alice, "autonomic-dysreflexia", today)
    actions.sign_second(by=dana, visit=answered, rule="autonomic-dysreflexia")
    actions.justify(
        by=alice, visit=answered, rule="autonomic-dysreflexia",
        text="Changed my mind about where to needle today.", on=today,
    )  # fmt: skip
    assert "safety-second-signature-missing" in codes(answered, today)


def test_the_page_takes_letter_and_signature(as_alice, answered, alice, dana, disclosed, today):
    disclosed("Prostate cancer")
    disclosed("Paraplegia")
    page = as_alice.get(reverse("assessment:safety", args=[answered.pk])).content.decode()
    assert "A letter of clearance is needed" in page
    bad = post(as_alice, answered, "clear", rule="cancer-active", from_whom="")
    assert bad.status_code == 422
    good = post(
        as_alice, answered, "clear", rule="cancer-active", from_whom="Dr Saeed",
        given_on=f"{today}", valid_until=f"{today + timedelta(days=9)}", says="Limbs only.",
    )  # fmt: skip
    assert good.status_code == 302
    page = as_alice.get(reverse("assessment:safety", args=[answered.pk])).content.decode()
    assert "Cleared in writing until" in page
    justify(answered, alice, "autonomic-dysreflexia", today)
    own = post(as_alice, answered, "countersign", rule="autonomic-dysreflexia")
    assert own.status_code == 422
    as_alice.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    signed = post(as_alice, answered, "countersign", rule="autonomic-dysreflexia")
    assert signed.status_code == 302
    page = as_alice.get(reverse("assessment:safety", args=[answered.pk])).content.decode()
    assert "Second signature: <bdi>Dana</bdi>" in page


# --- at a glance ------------------------------------------------------------------------------
def test_the_page_says_which_muscles_of_the_body_are_out_and_which_are_free(
    as_alice, answered, disclosed
):
    disclosed("Left pneumonectomy")
    response = as_alice.get(reverse("assessment:safety", args=[answered.pk]))
    glance = response.context["body"]
    assert {look for _, _, look, _ in glance.counted} == {"danger", "well-done"}
    named = {row.name: [part.look for part in row.parts] for row in glance.rows}
    assert named["Lower leg"] == ["well-done"]
    assert named["Chest wall"] == ["danger"]


def test_the_page_tells_the_patients_own_risks(as_alice, answered, disclosed):
    disclosed("Emphysema")
    page = as_alice.get(reverse("assessment:safety", args=[answered.pk])).content.decode()
    assert "where 10 people without it are affected, about 49 are (10 to 80)" in page
    assert "LIN19" in page


def test_the_page_says_what_needling_may_do_for_the_complaint_and_how_sure_that_is(
    as_alice, answered
):
    page = as_alice.get(reverse("assessment:safety", args=[answered.pk])).content.decode()
    assert "What needling may do" in page
    assert "May be considered" in page
    assert "Certainty of the evidence: low to moderate." in page
    assert "Navarro-Santana 2020" in page


def test_a_red_flag_leaves_no_room_for_what_needling_may_do(as_alice, answered, alice):
    intake.answer(
        by=alice, patient=answered.patient, question="cauda-equina", value=True, visit=answered
    )
    page = as_alice.get(reverse("assessment:safety", args=[answered.pk])).content.decode()
    assert "What needling may do" not in page


def test_every_word_of_the_evidence_can_be_said():
    from filiform.clinic.assessment.complaints import COMPLAINTS
    from filiform.clinic.assessment.evidence import (
        ADVICES,
        CERTAINTIES,
        COMPARED,
        HORIZONS,
        MEASURES,
    )
    from filiform.screening import indications

    known = {one.id for one in indications()}
    assert {one.indication for one in COMPLAINTS.values() if one.indication} <= known
    for one in indications():
        assert one.advice in ADVICES
        assert one.certainty in CERTAINTIES
        for effect in one.effects:
            assert effect.measure in MEASURES
            assert effect.against in COMPARED
            assert effect.horizon in HORIZONS


# --- counting ---------------------------------------------------------------------------------
@pytest.fixture
def overridden(answered, alice, disclosed, today):
    """Needled with COPD on record, with a written reason; a check afterwards brought something."""
    from filiform.clinic.aftercare import actions as aftercare
    from filiform.clinic.aftercare.models import CheckOutcome

    disclosed("COPD")
    choose_target(answered, "trapezius-upper")
    justify(answered, alice, "copd-emphysema", today)
    actions.confirm_safety(by=alice, visit=answered, on=today)
    treatment = needled(answered, "trapezius-upper")
    aftercare.plan_checks(by=alice, treatment=treatment)
    CheckOutcome.objects.create(
        organisation=answered.organisation, recorded_by=alice, patient=answered.patient,
        check_due=treatment.checks.first(), result="answered", urgency="call-today",
    )  # fmt: skip
    return answered


def row(counted, rule):
    return next(one for one in counted.rows if one.rule == rule)


def test_an_overridden_rule_with_an_event_after_it_is_counted_as_such(overridden, clinic, today):
    counted = count(clinic, today, today)
    mine = row(counted, "copd-emphysema")
    assert (mine.fired, mine.stopped, mine.overridden, mine.acknowledged, mine.event) == (
        1, 0, 1, 0, 1
    )  # fmt: skip
    assert (counted.visits, counted.needled) == (1, 1)


def test_a_rule_that_kept_the_needles_away_is_counted_as_stopped(
    answered, alice, clinic, disclosed, today
):
    disclosed("Haemophilia A")
    actions.confirm_safety(by=alice, visit=answered, on=today)
    mine = row(count(clinic, today, today), "haemophilia-severe")
    assert (mine.fired, mine.stopped, mine.event) == (1, 1, 0)


def test_only_the_last_verdict_of_a_visit_and_only_the_period_counts(
    overridden, alice, clinic, disclosed, today
):
    disclosed("Diabetes")
    actions.confirm_safety(by=alice, visit=overridden, on=today)
    counted = count(clinic, today, today)
    assert counted.visits == 1
    assert row(counted, "copd-emphysema").fired == 1
    assert row(counted, "diabetes").acknowledged == 1
    before = today - timedelta(days=1)
    assert count(clinic, before - timedelta(days=9), before).rows == []


def test_cards_and_what_became_of_them_stand_beside(clinic, today, db):
    import uuid

    from filiform.clinic.cds.models import CardFeedback, ShownCard

    for number in range(3):
        card = ShownCard.objects.create(
            id=uuid.uuid4(), organisation=clinic, service="s", kind="reason", rule="diabetes",
            indicator="info", release=release(),
        )  # fmt: skip
        for outcome in ["overridden"] * number:
            CardFeedback.objects.create(
                organisation=clinic, card=card, outcome=outcome, at=timezone.now()
            )
    mine = row(count(clinic, today, today), "diabetes")
    assert (mine.cards, mine.cards_overridden, mine.cards_accepted) == (3, 2, 0)


def test_the_owner_sees_the_table_and_takes_it_along_as_a_file(
    client, olga, overridden, clinic, today
):
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("reports:rule-counts"))
    assert page.status_code == 200
    assert "copd-emphysema" in page.content.decode()
    assert overridden.patient.name not in page.content.decode()
    asked = {"first": f"{today}", "last": f"{today}", "format": "csv"}
    file = client.get(reverse("reports:rule-counts"), asked)
    assert file["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode())))
    mine = next(one for one in rows if one["rule"] == "copd-emphysema")
    assert (mine["fired"], mine["overridden"], mine["event"]) == ("1", "1", "1")


@pytest.mark.parametrize(
    ("first", "last"), [("2025-02-02", "2025-01-01"), ("x", "2025-01-01"), ("2010-01-01", "")]
)
def test_a_period_that_cannot_be_is_refused_in_words(client, olga, first, last):
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("reports:rule-counts"), {"first": first, "last": last})
    assert page.status_code == 422


def test_another_clinic_counts_its_own(client, charlie, overridden, today):
    assert count(charlie.organisation, today, today).rows == []


def test_a_practitioner_who_does_not_own_the_clinic_is_refused(as_alice):
    assert as_alice.get(reverse("reports:rule-counts")).status_code == 403
