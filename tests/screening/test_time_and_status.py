"""What a status and a date mean, stated as properties."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.disclosure import Coding, Disclosure, Kind, Statement, Status
from filiform.screening import Screening, screen
from filiform.screening.cases import DAY, cases

STRICTNESS = ["clear", "modify", "justify", "blocked"]
SILENT = [Status.REFUTED, Status.ENTERED_IN_ERROR, Status.PLANNED]
POOL = [
    msgspec.structs.replace(fact.fact(number), id=f"{case.id}/{number}")
    for case in cases()
    for number, fact in enumerate(case.facts)
]
SAID = [fact for fact in POOL if fact.kind is not Kind.OBSERVATION]
"""A newer measurement may lift a reason; everything else may only add one."""


def strictness(found: Screening) -> int:
    return STRICTNESS.index(found.decision)


facts = st.lists(st.sampled_from(POOL), max_size=6).map(tuple)


@settings(max_examples=80, deadline=None)
@given(facts=facts, more=st.sampled_from(POOL), status=st.sampled_from(SILENT))
def test_a_refuted_planned_or_mistaken_fact_never_changes_the_answer(
    facts: tuple[Statement, ...], more: Statement, status: Status
) -> None:
    silent = msgspec.structs.replace(more, status=status)
    before = screen(Disclosure(facts=facts), on=DAY)
    after = screen(Disclosure(facts=(*facts, silent)), on=DAY)
    if status is Status.PLANNED and more.kind is Kind.MEDICINE:
        after = msgspec.structs.replace(after, unanswered=before.unanswered)
    assert after == before


@settings(max_examples=80, deadline=None)
@given(facts=facts, more=st.sampled_from(POOL))
def test_a_relatives_fact_never_changes_the_answer(
    facts: tuple[Statement, ...], more: Statement
) -> None:
    relatives = msgspec.structs.replace(more, family=True)
    before = screen(Disclosure(facts=facts), on=DAY)
    assert screen(Disclosure(facts=(*facts, relatives)), on=DAY) == before


@settings(max_examples=80, deadline=None)
@given(facts=facts, more=st.sampled_from(SAID))
def test_another_fact_never_makes_the_decision_milder(
    facts: tuple[Statement, ...], more: Statement
) -> None:
    before = screen(Disclosure(facts=facts), on=DAY)
    after = screen(Disclosure(facts=(*facts, more)), on=DAY)
    assert strictness(after) >= strictness(before)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), facts=facts)
def test_the_order_of_the_facts_does_not_matter(
    data: st.DataObject, facts: tuple[Statement, ...]
) -> None:
    shuffled = tuple(data.draw(st.permutations(facts)))
    assert screen(Disclosure(facts=shuffled), on=DAY) == screen(Disclosure(facts=facts), on=DAY)


@settings(max_examples=60, deadline=None)
@given(facts=facts, sites=st.sets(st.sampled_from([
    "soleus", "intercostals", "psoas-major", "infraspinatus", "masseter-superficial",
]), min_size=1))  # fmt: skip
def test_every_site_gets_the_strictest_of_its_reasons(
    facts: tuple[Statement, ...], sites: set[str]
) -> None:
    from filiform.screening import NeedlingSite

    asked = tuple(NeedlingSite(muscle, "left") for muscle in sorted(sites))
    found = screen(Disclosure(facts=facts), asked, on=DAY)
    assert strictness(found) == max(STRICTNESS.index(one.decision) for one in found.muscles)
    alone = [screen(Disclosure(facts=facts), (site,), on=DAY).decision for site in asked]
    assert [one.decision for one in found.muscles] == alone


@settings(max_examples=60, deadline=None)
@given(facts=facts)
def test_the_decision_is_the_strictest_reason_and_each_reason_stands_once(
    facts: tuple[Statement, ...],
) -> None:
    found = screen(Disclosure(facts=facts), on=DAY)
    ranks = [reason.weight.rank for reason in found.reasons]
    assert ranks == sorted(ranks)
    assert len({reason.id for reason in found.reasons}) == len(ranks)
    assert strictness(found) == (3 - ranks[0] if ranks else 0)


def warfarin(**changes: object) -> Disclosure:
    fact = Statement(
        id="MedicationRequest/1",
        kind=Kind.MEDICINE,
        text="Warfarin Sodium 5 MG Oral Tablet",
        codings=(Coding("http://www.nlm.nih.gov/research/umls/rxnorm", "855332"),),
    )
    return Disclosure(facts=(msgspec.structs.replace(fact, **changes),))


def reasons(disclosure: Disclosure, on: date = DAY) -> set[str]:
    return {reason.id for reason in screen(disclosure, on=on).reasons}


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (Status.ACTIVE, True),
        (Status.RECURRENCE, True),
        (Status.SUSPECTED, True),
        (Status.UNKNOWN, True),
        (Status.ON_HOLD, False),
        (Status.STOPPED, False),
        (Status.COMPLETED, False),
        (Status.PLANNED, False),
        (Status.REFUTED, False),
        (Status.ENTERED_IN_ERROR, False),
    ],
)
def test_warfarin_counts_by_its_status(status: Status, counts: bool) -> None:
    assert ("anticoagulant-vka" in reasons(warfarin(status=status))) is counts


def test_warfarin_that_ended_years_ago_does_not_count_even_when_called_active() -> None:
    assert not reasons(warfarin(start=date(2010, 1, 1), end=date(2011, 1, 1)))


@pytest.mark.parametrize(("days", "counts"), [(0, True), (5, True), (6, False)])
def test_warfarin_lingers_five_days(days: int, counts: bool) -> None:
    stopped = warfarin(status=Status.STOPPED, end=DAY - timedelta(days=days))
    assert ("anticoagulant-vka" in reasons(stopped)) is counts


def test_an_allergy_is_not_over_for_being_a_history_of_one() -> None:
    for text in ("Latex allergy", "History of latex allergy"):
        fact = Statement(id="a/1", kind=Kind.ALLERGY, text=text)
        assert "latex" in reasons(Disclosure(facts=(fact,))), text


def test_warfarin_that_begins_next_week_does_not_count_yet() -> None:
    assert not reasons(warfarin(start=DAY + timedelta(days=7)))


@pytest.mark.parametrize("status", [s for s in Status if s not in SILENT])
def test_haemophilia_always_counts(status: Status) -> None:
    fact = Statement(id="Condition/1", kind=Kind.CONDITION, text="Haemophilia A", status=status,
                start=date(1980, 1, 1), end=None)  # fmt: skip
    found = screen(Disclosure(facts=(fact,)), on=DAY)
    asked = "haemophilia-severe" in found.unanswered
    assert found.decision == "blocked" or (status is Status.ON_HOLD and asked)


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (400, True)])
def test_a_joint_replacement_counts_from_its_date(days: int, counts: bool) -> None:
    done = DAY - timedelta(days=days)
    fact = Statement(id="Procedure/1", kind=Kind.PROCEDURE, text="Total hip replacement",
                status=Status.COMPLETED, start=done, end=done)  # fmt: skip
    assert ("joint-replacement" in reasons(Disclosure(facts=(fact,)))) is counts


def test_a_suspected_disease_counts_and_is_said_to_be_suspected() -> None:
    fact = Statement(id="Condition/1", kind=Kind.CONDITION, text="Haemophilia",
                status=Status.SUSPECTED)  # fmt: skip
    found = screen(Disclosure(facts=(fact,)), on=DAY).reasons
    assert [(reason.id, reason.suspected) for reason in found] == [("haemophilia-severe", True)]


def test_a_no_does_not_silence_the_record_where_the_record_knows_better() -> None:
    disclosure = msgspec.structs.replace(warfarin(), answers={"anticoagulant-vka": False})
    found = screen(disclosure, on=DAY).reasons
    assert [(reason.id, reason.answered_no) for reason in found] == [("anticoagulant-vka", True)]


def test_no_known_allergies_answers_the_questions_about_allergies() -> None:
    fact = Statement(id="AllergyIntolerance/1", kind=Kind.ALLERGY, text="No known allergies",
                none_known=True)  # fmt: skip
    asked = set(screen(Disclosure(facts=(fact,)), on=DAY).unanswered)
    assert not asked & {"nickel-chromium", "latex", "antiseptic"}
    assert {"nickel-chromium", "latex"} <= set(screen(Disclosure(), on=DAY).unanswered)


def test_an_answered_question_is_no_longer_open() -> None:
    assert "needle-phobia" in screen(Disclosure(), on=DAY).unanswered
    answered = screen(Disclosure(answers={"needle-phobia": False}), on=DAY)
    assert "needle-phobia" not in answered.unanswered
    assert answered.decision == "clear"


@pytest.mark.parametrize(
    ("sex", "born", "asked"),
    [
        ("female", date(1990, 1, 1), True),
        ("male", date(1990, 1, 1), False),
        ("female", date(1950, 1, 1), False),
        ("unknown", None, True),
    ],
)
def test_only_who_can_be_pregnant_is_asked(sex: str, born: date | None, asked: bool) -> None:
    disclosure = msgspec.convert({"sex": sex, "birth_date": born}, Disclosure)
    assert ("pregnancy-t1" in screen(disclosure, on=DAY).unanswered) is asked


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Warfarine 5mg", "anticoagulant-vka"),
        ("RIVAROXABAN 20 MG TAB", "anticoagulant-doac"),
        ("rivaroxiban", "anticoagulant-doac"),
        ("Clopidogral 75mg", "antiplatelet-single"),
        ("tab. Loprin 75 mg OD", "antiplatelet-single"),
        ("لوپرین", "antiplatelet-single"),
        ("Brufen 400", "nsaid-ssri"),
    ],
)
def test_a_medicine_without_a_code_is_known_by_its_name(text: str, rule: str) -> None:
    fact = Statement(id="m/1", kind=Kind.MEDICINE, text=text)
    assert rule in reasons(Disclosure(facts=(fact,)))


@pytest.mark.parametrize(
    "text", ["Clonidine 100 mcg", "Vitamin C", "Panadol", "Risek 20", "Flagyl"]
)
def test_a_harmless_medicine_is_not_taken_for_a_dangerous_one(text: str) -> None:
    fact = Statement(id="m/1", kind=Kind.MEDICINE, text=text)
    assert not reasons(Disclosure(facts=(fact,)))


@pytest.mark.parametrize(
    "text",
    [
        "Family history of haemophilia",
        "No evidence of haemophilia",
        "Haemophilia ruled out: no haemophilia",
        "Screening for epilepsy",
        "Vaccination against tuberculosis",
        "At risk for diabetes",
        "Her mother had haemophilia",
    ],
)
def test_what_a_text_denies_is_no_reason(text: str) -> None:
    fact = Statement(id="Condition/1", kind=Kind.CONDITION, text=text)
    assert not reasons(Disclosure(facts=(fact,)))


@settings(max_examples=60, deadline=None)
@given(facts=facts)
def test_the_quick_way_from_fact_to_trigger_finds_what_trying_every_pair_finds(
    facts: tuple[Statement, ...],
) -> None:
    from filiform.screening import triggers

    who = triggers.patient(Disclosure(facts=facts), DAY)
    for trigger in triggers._triggers_of_rules().values():
        slow = [
            (fact, meaning, sure)
            for fact, meaning in who.meanings
            if (sure := triggers._speaks_of(trigger, fact.kind, meaning))
            or triggers._may_speak_of(trigger, meaning)
        ]
        assert list(triggers._speaking(trigger, who)) == slow
