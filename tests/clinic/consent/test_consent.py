"""Consent: what holds is computed from what was signed."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.clinic.consent.agreed import valid_consent
from tests.clinic.consent.conftest import ALL_SAID, SIGNATURE

from filiform.clinic.consent import actions, queries
from filiform.clinic.consent.models import Consent, ConsentText, Withdrawal
from filiform.clinic.consent.understood import shows_it
from filiform.clinic.facts.models import new_id


def codes(answer):
    assert isinstance(answer, tuple), f"not refused: {answer}"
    return [reason.code for reason in answer]


def test_without_a_signature_nothing_is_consented_to(visit, targets):
    assert valid_consent(visit) is None
    assert codes(queries.reasons_against(visit)) == ["consent-not-given"]


def test_a_signed_consent_holds_for_the_muscles_it_names(visit, targets, give):
    consent = give()
    assert valid_consent(visit) == consent
    assert queries.reasons_against(visit) == ()
    assert consent.shown["text_sha256"] == consent.text.sha256


def test_a_target_added_later_makes_the_consent_incomplete_and_is_named(
    visit, targets, give, alice
):
    from filiform.clinic.assessment.actions import choose_target

    give()
    choose_target(by=alice, visit=visit, muscle="soleus", side="left")
    assert valid_consent(visit) is None
    (reason,) = queries.reasons_against(visit)
    assert reason.code == "consent-incomplete"
    assert reason.params["muscles"] == "Soleus, left"


def test_the_other_side_of_the_same_muscle_needs_consent_of_its_own(visit, targets, give, alice):
    from filiform.clinic.assessment.actions import choose_target

    give()
    choose_target(by=alice, visit=visit, muscle="infraspinatus", side="left")
    assert codes(queries.reasons_against(visit)) == ["consent-incomplete"]


def test_a_withdrawn_consent_holds_no_more_and_a_new_one_does(visit, targets, give, alice):
    give()
    first = actions.withdraw(by=alice, visit=visit, said="I do not want it any more.")
    assert actions.withdraw(by=alice, visit=visit, said="again") == first
    assert Withdrawal.objects.count() == 1
    assert codes(queries.reasons_against(visit)) == ["consent-withdrawn"]
    again = give()
    assert valid_consent(visit) == again


def test_withdrawing_what_was_never_given_changes_nothing(visit, targets, alice):
    assert actions.withdraw(by=alice, visit=visit, said="") is None


def test_consent_is_for_one_visit(visit, targets, give, patient, alice, site):
    from django.utils import timezone

    from filiform.clinic.visits.actions import book

    give()
    later = book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    assert valid_consent(later) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"muscles": []}, "consent-no-muscles"),
        ({"signed_name": "  "}, "consent-no-name"),
        ({"signature": ""}, "consent-no-signature"),
        ({"signature": "M1 1"}, "consent-no-signature"),
        ({"signature": "<script>alert(1)</script>"}, "consent-no-signature"),
        ({"signature": "M1 1 " + "L2 2 " * 20_000}, "consent-signature-too-long"),
        ({"method": "thumb-print", "signature": ""}, "consent-no-witness"),
        ({"teach_back": {"what": True, "risk": True}}, "consent-teach-back"),
    ],
)
def test_a_consent_that_lacks_something_is_not_taken(targets, give, changes, code):
    assert codes(give(**changes)) == [code]
    assert Consent.objects.count() == 0


def test_paper_and_thumb_print_do_without_a_drawing(targets, give):
    assert isinstance(give(method="paper", signature=""), Consent)
    assert isinstance(give(method="thumb-print", signature="", witness="Bilal Khan"), Consent)


def test_under_18_a_parent_signs(visit, targets, give):
    born = date(2012, 5, 1)
    type(visit.patient).objects.filter(pk=visit.patient.pk).update(birth_date=born)
    visit.patient.birth_date = born
    assert codes(give()) == ["consent-guardian-needed"]
    assert isinstance(give(relation="mother", signed_name="Hina Siddiqui"), Consent)


@pytest.mark.parametrize(("on", "refused"), [(date(2026, 4, 30), True), (date(2026, 5, 1), False)])
def test_on_the_18th_birthday_the_patient_signs(visit, targets, give, on, refused):
    visit.patient.birth_date = date(2008, 5, 1)
    assert isinstance(give(on=on), tuple) == refused


def test_teach_back_is_required_at_the_first_treatment_only(
    visit, targets, give, alice, patient, site
):
    from django.utils import timezone

    from filiform.clinic.treatment.models import Treatment
    from filiform.clinic.visits.actions import book

    assert codes(give(teach_back={})) == ["consent-teach-back"]
    before = book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    Treatment.objects.create(
        organisation=alice.organisation,
        patient=patient,
        visit=before,
        practitioner=alice,
        started_at=timezone.now(),
    )
    assert isinstance(give(teach_back={}), Consent)


def test_the_same_consent_sent_twice_is_one(targets, give):
    number = uuid4()
    assert give(consent_id=number) == give(consent_id=number)
    assert Consent.objects.count() == 1


def test_a_changed_text_needs_a_new_version_and_old_consents_keep_theirs(
    targets, give, alice, visit, texts
):
    consent = give()
    english = texts[0]
    with pytest.raises(ValueError, match="new version"):
        actions.publish_text(
            by=alice, version=english.version, language="en", title="x", body=[{"text": "other"}]
        )
    newer = actions.publish_text(
        by=alice, version="2027-01", language="en", title="New", body=[{"text": "other"}]
    )
    assert queries.current_text(alice.organisation, "en") == newer
    consent.refresh_from_db()
    assert consent.text == english
    assert valid_consent(visit) == consent


def test_publishing_the_shipped_texts_twice_changes_nothing(texts, alice):
    assert actions.publish_shipped_texts(by=alice) == texts
    assert {text.language for text in texts} == {"en", "ur"}


def test_the_database_refuses_to_alter_a_consent(targets, give):
    give()
    for model in (Consent, ConsentText):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(language="xx")
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


def test_the_banner_says_where_consent_stands(visit, targets, give, alice, patient):
    from filiform.clinic.visits.actions import begin

    assert queries.state(patient).level == "mind"
    begin(by=alice, visit=visit)
    assert "No consent" in str(queries.state(patient).says)
    give()
    assert queries.state(patient).level == "well-done"
    actions.withdraw(by=alice, visit=visit, said="")
    assert queries.state(patient).level == "danger"


def test_said_and_shown_stand_in_the_consent(targets, give):
    consent = give(shown={"risks": [{"id": "bruise"}], "lung": True})
    assert consent.teach_back == ALL_SAID
    assert consent.shown["lung"] is True
    assert consent.signature == SIGNATURE


def test_a_current_that_is_planned_after_the_consent_needs_a_consent_of_its_own(
    give, visit, electrical
):
    electrical("deep-static")
    give()
    assert queries.reasons_against(visit) == ()
    electrical("electrical")
    assert [one.code for one in queries.reasons_against(visit)] == ["consent-technique"]
    assert valid_consent(visit) is None
    give(consent_id=new_id())
    assert queries.last_consent(visit).techniques == ["manual", "current"]
    assert queries.reasons_against(visit) == ()


def test_a_refused_muscle_that_is_chosen_again_needs_a_new_consent(give, visit, alice, targets):
    from filiform.clinic.assessment.actions import choose_target

    give()
    actions.refuse(by=alice, visit=visit, muscles=[("gluteus-medius", "left")], why="Refused.")
    assert queries.reasons_against(visit) == ()
    choose_target(by=alice, visit=visit, muscle="gluteus-medius", side="left")
    assert [one.code for one in queries.reasons_against(visit)] == ["consent-region-refused"]
    give(consent_id=new_id())
    assert queries.reasons_against(visit) == ()


ANSWERS = [
    # question, answer, a needle comes near the lung, understood
    ("what", "needle", False, True),
    ("what", "injection", False, False),
    ("risk", "sore", False, True),
    ("risk", "sore", True, False),
    ("risk", "lung", True, True),
    ("risk", "lung", False, False),
    ("risk", "none", False, False),
    ("call", "breath", True, True),
    ("call", "signs", True, False),
    ("call", "wait", False, False),
    ("call", "", False, False),
]


def test_over_the_lung_only_the_lung_is_an_answer_to_the_main_risk():
    for question, answer, lung, right in ANSWERS:
        assert shows_it(question, answer, over_lung=lung) is right, (question, answer, lung)


def test_what_was_asked_later_and_not_understood_stands_against_it(give, targets):
    answers = {"risk": {"chosen": "none", "said": ""}}
    wrong = {"what": True, "risk": False, "call": True}
    assert codes(give(teach_back=wrong, answers=answers)) == ["consent-teach-back"]
