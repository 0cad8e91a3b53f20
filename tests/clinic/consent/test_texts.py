"""The texts that come with Filiform: plain, whole in both languages, and with counted numbers."""

from __future__ import annotations

import re

import pytest

from filiform.clinic.consent.personal import dots, personal
from filiform.clinic.consent.shipped import risks, shipped_texts
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.screening import rules

LONGEST_SENTENCE = 15
MOST_WORDS = 700


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?۔؟])\s+", text.strip()) if part]


def english():
    return next(text for text in shipped_texts() if text.language == "en")


def urdu():
    return next(text for text in shipped_texts() if text.language == "ur")


def test_no_english_sentence_is_longer_than_15_words():
    long = [
        sentence
        for part in english().section
        for sentence in sentences(part.text)
        if len(sentence.split()) > LONGEST_SENTENCE
    ]
    assert long == []


def test_the_text_is_at_the_reading_grade_of_ten_to_twelve_year_olds():
    """Flesch-Kincaid, with syllables counted as groups of vowels; 6 is the most."""
    text = " ".join(part.text for part in english().section)
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e$", "", word.lower()))))
        for word in words
    )
    count = len(sentences(text))
    grade = 0.39 * len(words) / count + 11.8 * syllables / len(words) - 15.59
    assert grade <= 6
    assert len(words) <= MOST_WORDS


def test_both_languages_have_the_same_parts_in_the_same_order():
    assert [(part.id, part.only) for part in english().section] == [
        (part.id, part.only) for part in urdu().section
    ]
    assert english().version == urdu().version


def test_both_languages_state_the_same_numbers():
    for one, other in zip(english().section, urdu().section, strict=True):
        assert sorted(re.findall(r"\d[\d,]*", one.text)) == sorted(
            re.findall(r"\d[\d,]*", other.text)
        ), one.id


def test_urdu_is_written_in_urdu_letters():
    for part in urdu().section:
        assert not re.search(r"[A-Za-z]", part.text), part.id
        assert not re.search("[يك]", part.text), f"{part.id}: Arabic ye or kaf"


@pytest.mark.parametrize("word", ["safe", "painless", "guarantee", "completely"])
def test_the_text_promises_nothing(word):
    assert not any(re.search(rf"\b{word}\b", part.text.lower()) for part in english().section)


def test_the_text_and_the_table_of_risks_agree():
    common = next(part.text for part in english().section if part.id == "common")
    by_id = {risk.id: risk for risk in risks()}
    assert by_id["bleeding"].per_100 == (5, 16)
    assert "5 to 16" in common
    assert by_id["bruise"].per_100 == (8, 8)
    assert "About 8 get a small bruise" in common


def test_every_counted_risk_names_its_study_and_every_picture_has_100_people():
    for risk in risks():
        assert risk.basis == "expert" or risk.sources, risk.id
        assert len(dots(risk)) in (0, 100), risk.id
        filled = sum(dot in ("yes", "perhaps") for dot in dots(risk))
        assert filled == risk.per_100[1], risk.id
        assert risk.name.ur, risk.id
        assert risk.says.ur, risk.id


def test_every_rule_that_changes_a_risk_exists():
    known = {rule.id for rule in rules()}
    named = {rule for risk in risks() for rule in risk.rules}
    assert named - known == set()


def test_the_lung_is_spoken_of_when_a_muscle_over_the_lung_is_planned(visit, alice, today):
    from filiform.clinic.assessment.actions import choose_target

    choose_target(by=alice, visit=visit, muscle="gluteus-medius", side="left")
    away = personal(visit, language="en", on=today)
    assert not away.over_lung
    assert "lung" not in [risk.id for risk in away.risks]
    choose_target(by=alice, visit=visit, muscle="trapezius-upper", side="right")
    near = personal(visit, language="en", on=today)
    assert near.over_lung
    assert "lung" in [risk.id for risk in near.risks]


def test_a_patient_who_bruises_easily_is_told_of_more_bruises(visit, alice, today, targets):
    from filiform.clinic.intake.actions import answer

    def words_of(risk_id, language="en"):
        shown = personal(visit, language=language, on=today).risks
        return next(risk.then for risk in shown if risk.id == risk_id)

    assert words_of("bruise") == ""
    answer(by=alice, patient=visit.patient, question="bruise-tendency", value=True, visit=visit)
    assert "more often" in words_of("bruise")
    assert "نیل" in words_of("bruise", "ur")


def test_muscles_are_called_by_their_name_in_the_language_of_the_text():
    assert muscle_in_words("infraspinatus", "right", "en") == "Infraspinatus, right"
    assert muscle_in_words("infraspinatus", "right", "ur").endswith("، دائیں")
    assert muscle_in_words("a-muscle-of-an-older-atlas", "left", "en").startswith("a-muscle")
