"""Nothing in silence: what nobody here knows is shown, and a verdict over it is not complete."""

from __future__ import annotations

from datetime import date

import pytest

from filiform.disclosure import ATC, ICD10, SNOMED, Coding, Disclosure, Kind, Statement, Status
from filiform.screening import UnknownAnswerError, check_answers, questions, screen
from filiform.screening.misspelling import nearly_named
from filiform.screening.understanding import is_unknown

DAY = date(2026, 3, 2)


def fact(kind: Kind, text: str, *codings: Coding, **more: object) -> Statement:
    return Statement(id=f"{kind}/{text}", kind=kind, text=text, codings=codings, **more)  # type: ignore[arg-type]


def not_understood(*facts: Statement, harmless: frozenset[str] = frozenset()) -> list[str]:
    found = screen(Disclosure(facts=facts, harmless=harmless), on=DAY)
    return [one.text for one in found.not_understood]


UNKNOWN = [
    fact(Kind.MEDICINE, "Zorvaxinab 30 mg"), fact(Kind.CONDITION, "Morbus Quixoticus"),
    fact(Kind.ALLERGY, "Blimpwort"), fact(Kind.DEVICE, "Implanted zorgometer"),
    fact(Kind.PROCEDURE, "Zorgification of the knee", start=date(2019, 1, 1)),
    fact(Kind.CONDITION, "Presbyopia with blorp"),
    fact(Kind.CONDITION, "Thingummy", Coding(SNOMED, "999999999")),
]  # fmt: skip
KNOWN = [
    fact(Kind.MEDICINE, "Warfarin 5 mg"), fact(Kind.MEDICINE, "Omeprazol 20 mg Kapseln"),
    fact(Kind.MEDICINE, "Xyzol", Coding(ATC, "A02BC01")), fact(Kind.CONDITION, "Epilepsy"),
    fact(Kind.CONDITION, "Irgendwas", Coding(ICD10, "J32.9")), fact(Kind.ALLERGY, "Peanut allergy"),
    fact(Kind.CONDITION, "Viral sinusitis (disorder)"), fact(Kind.DEVICE, "Hearing aid"),
    fact(Kind.PROCEDURE, "Zorg screening"),
    fact(Kind.MEDICINE, "Zorvaxinab", status=Status.STOPPED),
    fact(Kind.CONDITION, "Quixotic fever", status=Status.RESOLVED),
    fact(Kind.CONDITION, "Quixotic illness", family=True),
    fact(Kind.MEDICINE, "Zorvaxinab", start=date(2020, 1, 1), end=date(2021, 1, 1)),
]  # fmt: skip


def test_what_no_rule_and_no_list_knows_is_shown_and_only_that() -> None:
    found = {one.text: not_understood(one) for one in UNKNOWN}
    assert found == {one.text: [one.text] for one in UNKNOWN}
    assert {one.text: not_understood(one) for one in KNOWN} == {one.text: [] for one in KNOWN}


def test_the_same_name_twice_is_shown_once_in_any_order() -> None:
    twice = (UNKNOWN[0], fact(Kind.MEDICINE, "ZORVAXINAB 30 mg"), UNKNOWN[1])
    assert len(not_understood(*twice)) == 2
    assert not_understood(*twice[::-1])[0] == not_understood(*twice)[0]


def test_what_the_clinic_calls_harmless_is_no_longer_asked_about() -> None:
    assert not_understood(UNKNOWN[0], harmless=frozenset({UNKNOWN[0].id})) == []


def test_a_screening_is_complete_when_all_is_answered_and_understood() -> None:
    asked = {one.id: False for one in questions(Disclosure(), on=DAY)}
    assert screen(Disclosure(answers=asked), on=DAY).complete
    assert not screen(Disclosure(), on=DAY).complete
    assert not screen(Disclosure(answers=asked, facts=(UNKNOWN[0],)), on=DAY).complete


def test_an_observation_is_never_a_name_that_is_not_understood() -> None:
    assert not is_unknown(fact(Kind.OBSERVATION, "Grobbledook index"))
    assert is_unknown(fact(Kind.CONDITION, "Grobbledook"))


def test_what_the_clinic_asks_about_each_time_is_a_question_until_it_is_answered() -> None:
    zorvaxinab, other = UNKNOWN[0], UNKNOWN[1]

    def ask(**answers: bool) -> tuple[list[str], list[str]]:
        told = Disclosure(
            facts=(zorvaxinab, other), ask_about=frozenset({zorvaxinab.id}),
            answers={key.replace("_", "-"): value for key, value in answers.items()},
        )  # fmt: skip
        found = screen(told, on=DAY)
        named = [one for one in found.unanswered if one.startswith("ask-")]
        return named, [one.text for one in found.not_understood]

    (question,), left = ask()
    assert left == [other.text]
    key = question.replace("-", "_")
    assert ask(**{key: False}) == ([], [other.text])
    assert ask(**{key: True}) == ([], [other.text, zorvaxinab.text])


def test_the_question_about_a_name_names_it_and_has_one_id_for_all_spellings() -> None:
    spellings = ("Zorvaxinab  30 mg", "ZORVAXINAB 30 MG", "x" * 500)
    asked = []
    for text in spellings:
        one = fact(Kind.MEDICINE, text)
        told = Disclosure(facts=(one,), ask_about=frozenset({one.id}))
        asked += [found for found in questions(told, on=DAY) if found.id.startswith("ask-")]
    assert "“Zorvaxinab 30 mg”" in asked[0].ask.en
    assert asked[0].because[0].text == spellings[0]
    assert asked[0].id == asked[1].id != asked[2].id
    assert len(asked[2].ask.en) < 200
    check_answers({asked[0].id})
    with pytest.raises(UnknownAnswerError):
        check_answers({"ask-something"})


def test_a_long_word_in_place_of_one_letter_is_no_misspelling_of_it() -> None:
    # Between "chronic hepatitis B" and "chronic hepatitis by" lies one letter in twenty.
    def meant(text: str) -> frozenset[str]:
        return nearly_named(tuple(text.split()), frozenset({Kind.CONDITION}), text)[0]

    assert meant("cronic hepatitis b") == {"hepatitis-b"}
    assert meant("chronic hepatitis by") == frozenset()


def test_what_only_resembles_a_complaint_is_shown() -> None:
    """Likeness to something that no rule asks about settles nothing; to a rule's, it asks."""
    assert not_understood(fact(Kind.CONDITION, "Migrayne")) == ["Migrayne"]
    assert not_understood(fact(Kind.CONDITION, "Emphysaema")) == []


@pytest.mark.parametrize(
    ("text", "not_this"),
    [
        ("Joint infection", "steroid-injection"),
        ("Cervical stenosis", "neck-pain"),
        ("Cervical artery stent", "neck-pain"),
    ],
)
def test_a_word_of_ours_is_no_misspelling_of_another(text: str, not_this: str) -> None:
    from filiform.screening.concept_matching import match_concepts

    meaning = match_concepts(fact(Kind.CONDITION, text))
    assert not_this not in meaning.concepts | meaning.similar
