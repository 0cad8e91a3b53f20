"""What is recorded of a disclosure, and what is not forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from filiform.clinic.facts.models import Entry, new_id
from filiform.clinic.intake import actions, queries, sections
from filiform.clinic.intake import questions as intake_questions
from filiform.clinic.intake.models import DisclosedFact
from filiform.clinic.intake.vocabulary import SECTIONS
from filiform.clinic.visits import actions as visits
from filiform.disclosure import Kind
from filiform.screening import UnknownAnswerError, questions, screen
from filiform.screening.concepts import search

CONDITIONS, ALLERGIES, MEDICINES = SECTIONS


def state(patient, section) -> str:
    return next(one.state for one in sections.sections(patient) if one.section is section)


def test_silence_is_not_an_answer(patient) -> None:
    assert [state(patient, section) for section in SECTIONS] == ["not-asked"] * 3
    assert queries.disclosure_of(patient).asked_for == frozenset()


def test_nothing_is_an_answer_of_its_kind_alone(alice, patient) -> None:
    actions.disclose(by=alice, patient=patient, kind="allergy", none_known=True)
    assert state(patient, ALLERGIES) == "none"
    assert state(patient, MEDICINES) == "not-asked"
    found = queries.disclosure_of(patient)
    assert found.asked_for == {Kind.ALLERGY}
    assert [(fact.kind, fact.none_known) for fact in found.facts] == [(Kind.ALLERGY, True)]


def test_no_illness_operation_or_implant_answers_for_all_three(alice, patient) -> None:
    actions.disclose(by=alice, patient=patient, kind="condition", none_known=True)
    asked = queries.disclosure_of(patient).asked_for
    assert asked == {Kind.CONDITION, Kind.PROCEDURE, Kind.DEVICE}


def test_a_fact_after_nothing_takes_its_place_and_keeps_it_behind(alice, patient) -> None:
    nothing = actions.disclose(by=alice, patient=patient, kind="condition", none_known=True)
    fact = actions.disclose(by=alice, patient=patient, kind="procedure", text="Laminectomy L5")
    assert list(queries.facts(patient)) == [fact]
    assert queries.history(fact) == [nothing]
    assert state(patient, CONDITIONS) == "listed"


def test_nothing_is_refused_while_something_is_listed(alice, patient) -> None:
    actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin")
    with pytest.raises(actions.Contradiction, match="Warfarin"):
        actions.disclose(by=alice, patient=patient, kind="medicine", none_known=True)


def test_a_list_that_nobody_called_complete_is_not_asked_for(alice, patient) -> None:
    actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin")
    assert state(patient, MEDICINES) == "some"
    assert queries.disclosure_of(patient).asked_for == frozenset()
    actions.all_told(by=alice, patient=patient, section=MEDICINES)
    assert state(patient, MEDICINES) == "listed"
    assert queries.disclosure_of(patient).asked_for == {Kind.MEDICINE}


def test_asked_can_be_taken_back_with_why(alice, patient) -> None:
    actions.disclose(by=alice, patient=patient, kind="allergy", none_known=True)
    with pytest.raises(ValueError, match="reason"):
        actions.not_asked_after_all(by=alice, patient=patient, section=ALLERGIES, why=" ")
    actions.not_asked_after_all(by=alice, patient=patient, section=ALLERGIES, why="another patient")
    assert state(patient, ALLERGIES) == "not-asked"
    assert queries.disclosure_of(patient).facts == ()


def test_the_same_form_sent_twice_records_one_fact(alice, patient) -> None:
    key = new_id()
    for _ in range(2):
        actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin", fact_id=key)
    assert DisclosedFact.objects.count() == 1
    assert Entry.objects.filter(action="fact-disclosed").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "rumour"}, {"status": "gone"}, {"side": "outside"}, {"text": "  "},
        {"start": date(2020, 5, 1), "end": date(2020, 4, 1)},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(alice, patient, wrong) -> None:
    fact = {"kind": "condition", "text": "Emphysema"} | wrong
    with pytest.raises(ValueError, match=r"\w"):
        actions.disclose(by=alice, patient=patient, **fact)
    assert not DisclosedFact.objects.exists()


def test_an_amended_fact_counts_in_its_new_form_and_keeps_the_former(alice, patient, today) -> None:
    fact = actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin")
    assert "anticoagulant-vka" in {f.rule for f in queries.safety_flags(patient, today)}
    amended = actions.amend_fact(
        by=alice, fact=fact, why="stopped in spring", status="stopped", end=date(2020, 4, 1)
    )
    assert "anticoagulant-vka" not in {f.rule for f in queries.safety_flags(patient, today)}
    assert [row.status for row in queries.history(amended)] == ["active"]
    assert amended.why == "stopped in spring"


def test_two_people_who_amend_one_fact_do_not_overwrite_each_other(alice, bob, patient) -> None:
    fact = actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin")
    actions.amend_fact(by=alice, fact=fact, why="stopped", status="stopped")
    with pytest.raises(actions.ChangedMeanwhile):
        actions.amend_fact(by=bob, fact=fact, why="paused", status="on-hold")
    assert [row.status for row in queries.facts(patient)] == ["stopped"]


def test_a_voided_fact_counts_no_more_and_stays_readable(alice, patient, today) -> None:
    fact = actions.disclose(by=alice, patient=patient, kind="condition", text="Haemophilia A")
    with pytest.raises(ValueError, match="reason"):
        actions.void_fact(by=alice, fact=fact, why="")
    actions.void_fact(by=alice, fact=fact, why="the brother's")
    assert queries.safety_flags(patient, today) == []
    assert [(row.text, row.why) for row in queries.voided(patient)] == [
        ("Haemophilia A", "the brother's")
    ]


def test_the_banner_names_the_strictest_first(alice, patient, today) -> None:
    actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin")
    actions.disclose(by=alice, patient=patient, kind="condition", text="Haemophilia A")
    ranks = [flag.weight.rank for flag in queries.safety_flags(patient, today)]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0


def test_the_banner_calls_no_site_incompressible_before_a_muscle_is_named(
    alice, patient, today
) -> None:
    actions.disclose(by=alice, patient=patient, kind="medicine", text="Warfarin")
    rules = {flag.rule for flag in queries.safety_flags(patient, today)}
    assert "anticoagulant-vka" in rules
    assert "anticoagulant-deep" not in rules


@pytest.mark.parametrize("typed", ["warf", "rivar", "clopi"])
def test_a_chosen_concept_screens_as_its_plain_text_does(alice, patient, today, typed) -> None:
    concept = search(typed, Kind.MEDICINE)[0]
    plain = actions.disclose(by=alice, patient=patient, kind="medicine", text=concept.name.en)
    by_text = {reason.id for reason in screen(queries.disclosure_of(patient), on=today).reasons}
    actions.void_fact(by=alice, fact=plain, why="once more with its codes")
    actions.disclose(
        by=alice, patient=patient, kind="medicine", text=concept.name.en,
        codings=concept.codings, concept=concept.id,
    )  # fmt: skip
    by_code = {reason.id for reason in screen(queries.disclosure_of(patient), on=today).reasons}
    assert by_text == by_code
    assert by_code


def test_an_answer_replaces_the_one_before(alice, bob, patient, today) -> None:
    question = intake_questions.questions_of(patient, today)[0].question.id
    first = actions.answer(by=alice, patient=patient, question=question, value=True)
    assert queries.disclosure_of(patient).answers == {question: True}
    second = actions.answer(by=bob, patient=patient, question=question, value=False)
    assert second.replaces == first
    assert queries.disclosure_of(patient).answers == {question: False}
    assert actions.answer(by=bob, patient=patient, question=question, value=False) == second


def test_a_question_that_no_rule_asks_has_no_answer(alice, patient) -> None:
    with pytest.raises(UnknownAnswerError, match="favourite-colour"):
        actions.answer(by=alice, patient=patient, question="favourite-colour", value=True)


def test_open_questions_stand_on_top(alice, patient, today) -> None:
    first, *_ = intake_questions.questions_of(patient, today)
    actions.answer(by=alice, patient=patient, question=first.question.id, value=False)
    listed = intake_questions.questions_of(patient, today)
    answered = [one.question.answer is not None for one in listed]
    assert answered == sorted(answered)
    assert listed[-1].question.id == first.question.id
    assert listed[-1].answer.recorded_by == alice


def test_nothing_changed_is_noted_once_and_grows_old_when_something_is_recorded(
    alice, visit
) -> None:
    assert queries.change_check(visit) is None
    check = actions.confirm_unchanged(by=alice, visit=visit, changed=False)
    assert actions.confirm_unchanged(by=alice, visit=visit, changed=False) == check
    assert not queries.changed_since_asked(visit)
    actions.disclose(by=alice, patient=visit.patient, kind="medicine", text="Warfarin")
    assert queries.changed_since_asked(visit)
    again = actions.confirm_unchanged(by=alice, visit=visit, changed=False)
    assert queries.change_check(visit) == again != check
    assert not queries.changed_since_asked(visit)


def test_height_weight_sex_and_birth_date_reach_screening(alice, patient, today) -> None:
    from filiform.clinic.patients.actions import measure

    measure(by=alice, patient=patient, kind="height_cm", value=170)
    measure(by=alice, patient=patient, kind="weight_kg", value=45)
    found = queries.disclosure_of(patient)
    assert (found.sex, found.birth_date) == ("female", patient.birth_date)
    assert (found.height_cm, found.weight_kg) == (170, 45)
    assert "low-bmi" in {flag.rule for flag in queries.safety_flags(patient, today)}


def test_what_is_asked_before_each_treatment_holds_for_its_own_visit(visit, alice):
    of_the_day = ("pain-changed", "intoxication", "hypoglycaemia-fasting", "fever-systemic")

    def answered(of=None):
        told = queries.answers(visit.patient, of)
        return [told.get(question) for question in of_the_day]

    for question in of_the_day:
        actions.answer(by=alice, patient=visit.patient, question=question, value=False, visit=visit)
    assert answered(visit) == [False] * 4
    later = visits.book(
        by=alice,
        patient=visit.patient,
        practitioner=alice,
        site=visit.site,
        planned_at=visit.planned_at + timedelta(days=7),
    )
    assert answered(later) == [None] * 4
    asked = questions(queries.disclosure_of(visit.patient, later), on=later.planned_at.date())
    assert set(of_the_day) <= {one.id for one in asked if one.answer is None}
    actions.answer(
        by=alice, patient=visit.patient, question="needle-phobia", value=False, visit=visit
    )
    assert queries.answers(visit.patient, later)["needle-phobia"] is False
