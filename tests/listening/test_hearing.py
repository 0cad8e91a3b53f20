"""A message of danger rings however it is spelled; an appointment never does."""

from __future__ import annotations

import time
from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.data_files import read_toml
from filiform.listening import hear, hearing, urgency_of
from filiform.listening.sounds import sounds
from filiform.warning_signs import Urgency, signs


def heard(text: str) -> set[str]:
    return {one.sign for one in hear(text)}


@in_one_test(
    ("text", "sign"),
    [
        # English
        ("I can't breathe properly since yesterday", "breathless"),
        ("i am short of breth", "breathless"),
        ("Short of breath after needling", "breathless"),
        ("No fever but chest pain", "chest_pain"),
        ("I have no appointment and chest pain", "chest_pain"),
        ("chest tightnes", "chest_pain"),
        ("She fainted twice", "faint_again"),
        ("my arm is weak", "weak"),
        ("I can't hold my urine", "bladder_bowel"),
        ("My groin is numb", "bladder_bowel"),
        ("saddle numbness since the morning", "bladder_bowel"),
        ("numb between my legs", "bladder_bowel"),
        ("my private parts feel numb", "bladder_bowel"),
        ("fever and red skin at the place", "fever_and_redness"),
        ("I am pregnant. There is some bleeding", "pregnant_bleeding"),
        ("I want to kill myself", "suicidal"),
        ("sevre headache", "severe_headache"),
        ("The bleeding won't stop", "bleeding_not_stopping"),
        ("my lips are swelling", "face_swelling"),
        # Urdu in Latin letters
        ("saans phool raha hai", "breathless"),
        ("sans nhi aa rahi", "breathless"),
        ("saansein phool rahi hain mujhe", "breathless"),
        ("saans theek nahi hai", "breathless"),
        ("dam ghut raha hai", "breathless"),
        ("seenay mein dard hai", "chest_pain"),
        ("sine me bohat dard", "chest_pain"),
        ("seeny mai drd ho raha", "chest_pain"),
        ("chakkar aa rahe hain", "faint_again"),
        ("chakr aa rahy", "faint_again"),
        ("main behosh ho gayi", "faint_again"),
        ("bayhosh ho gaya", "faint_again"),
        ("hath mein kamzori hai", "weak"),
        ("taang kamzor ho gai", "weak"),
        ("bazu nahi uth raha", "weak"),
        ("peshab pe kabu nahi", "bladder_bowel"),
        ("paishab nahi ruk raha", "bladder_bowel"),
        ("tangon ke darmiyan sunn ho gaya hai", "bladder_bowel"),
        ("sharamgah sun hai", "bladder_bowel"),
        ("bukhar hai. jagah laal hai", "fever_and_redness"),
        ("main hamla hun. khoon aa raha hai", "pregnant_bleeding"),
        ("marna chahti hun", "suicidal"),
        ("khudkushi ka dil karta hai", "suicidal"),
        ("khoon nahi ruk raha", "bleeding_not_stopping"),
        # Urdu, also with Arabic letters and vowel signs
        ("میرا سانس پھول رہا ہے", "breathless"),
        ("ميرا سانس پهول رها هے", "breathless"),
        ("سانس نہیں آ رہی", "breathless"),
        ("سینے میں درد ہے", "chest_pain"),
        ("سينے ميں دَرْد", "chest_pain"),
        ("میں بے ہوش ہو گئی", "faint_again"),
        ("ہاتھ میں کمزوری ہے", "weak"),
        ("پیشاب نہیں آ رہا", "bladder_bowel"),
        ("ٹانگوں کے درمیان سُن پن ہے", "bladder_bowel"),
        ("شرم گاہ کے گرد سن ہے", "bladder_bowel"),
        ("بخار ہے اور جلد سرخ ہے", "fever_and_redness"),
        ("میں حاملہ ہوں، خون آ رہا ہے", "pregnant_bleeding"),
        ("خودکشی کے خیال آتے ہیں", "suicidal"),
    ],
)
def test_a_message_of_danger_is_heard_in_three_spellings(text, sign):
    assert sign in heard(text)


@in_one_test(
    ("text",),
    [
        ("I want to book an appointment on Monday",),
        ("What is the price?",),
        ("I am sore since yesterday, is it normal?",),
        ("No chest pain",),
        ("no numbness in the groin",),
        ("My chest is clear again since I was here and the only pain is in my knee",),
        ("no chest pain or shortness of breath",),
        ("I am not short of breath",),
        ("no weakness",),
        ("do you treat headaches?",),
        ("My shoulder hurts when I lift my arm",),
        ("a small bruise where the needle went in",),
        ("I take blood thinners, can I be treated?",),
        ("Can you send me the opening hours",),
        ("Thank you, the pain is much better",),
        ("saans theek hai",),
        ("seene mein dard nahi hai",),
        ("kamzori nahi hai",),
        ("bukhar nahi hai",),
        ("appointment chahiye kal ki",),
        ("fees kitni hai?",),
        ("thora dard hai jahan sui lagi thi",),
        ("gardan mein dard hai, appointment chahiye",),
        ("kamar dard ka ilaj",),
        ("main hamla hun, kya ilaj ho sakta hai",),
        ("shukriya, ab behtar hun",),
        ("raat ko neend nahi aati",),
        ("mujhe kal aana hai time bata dein",),
        ("کل کا وقت چاہیے",),
        ("ٹانگیں ٹھیک ہیں، بازو سن ہے",),
        ("فیس کتنی ہے؟",),
        ("سانس ٹھیک ہے",),
        ("سینے میں درد نہیں ہے",),
        ("تھوڑا درد ہے",),
        ("گردن میں درد ہے، علاج کروانا ہے",),
        ("میں حاملہ ہوں، کیا علاج ہو سکتا ہے؟",),
        ("شکریہ، اب بہتر ہوں",),
        ("چھوٹا سا نیل پڑا ہے",),
    ],
)
def test_an_appointment_a_price_soreness_and_what_is_denied_do_not_ring(text):
    assert heard(text) == set()


@given(
    before=st.sampled_from(
        ["", "Hello. ", "I would like an appointment. ", "شکریہ۔ ", "no fever. "]
    ),
    danger=st.sampled_from(["chest pain", "saans phool raha hai", "سینے میں درد ہے"]),
    after=st.sampled_from(
        ["", ". Thank you", ". How much is it?", ". kal aa sakta hun", "۔ شکریہ"]
    ),
)
def test_polite_sentences_around_it_do_not_hide_a_danger(before, danger, after):
    assert heard(danger) <= heard(before + danger + after)


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error_and_only_signs_that_ring_are_named(text):
    assert all(signs()[sign].rings for sign in heard(text))


def test_no_word_of_a_phrase_stands_at_two_of_its_places():
    # "My groin is numb" was not heard while a phrase asked for groin twice.
    for phrase in (one for phrases in hearing._ear().phrases.values() for one in phrases):
        for one, other in combinations(phrase.words, 2):
            assert not one & other, phrase.text


def test_one_word_of_a_message_is_never_two_words_of_a_phrase():
    legs = hearing._phrase("weak leg/legs legs/feet", frozenset())
    assert hearing._places(legs, sounds("weak legs")) == []
    assert hearing._places(legs, sounds("weak legs and feet")) == [0, 1, 3]


def test_phrases_of_a_sign_that_nobody_knows_are_refused(monkeypatch):
    # A misspelt sign would never ring.
    table = read_toml("filiform.listening", "phrases.toml", hearing._Table)
    strange = msgspec.structs.replace(table, phrases={"chest_pian": ("chest pain",)})
    monkeypatch.setattr(hearing, "read_toml", lambda *_: strange)
    with pytest.raises(ValueError, match="no such warning sign: chest_pian"):
        hearing._ear.__wrapped__()


def test_every_sign_that_rings_has_phrases_in_both_scripts():
    ringing = {sign.id for sign in signs().values() if sign.rings}
    assert set(hearing._ear().phrases) == ringing
    for sign, phrases in hearing._ear().phrases.items():
        texts = " ".join(phrase.text for phrase in phrases)
        assert any("\u0600" <= letter <= "\u06ff" for letter in texts), sign
        assert any("a" <= letter <= "z" for letter in texts), sign


def test_the_longest_message_that_the_form_takes_is_read_in_a_moment():
    start = time.perf_counter()
    hear("saans dard nahi chest breathe weak peshab khoon bukhar " * 72)
    assert time.perf_counter() - start < 5


def test_what_is_known_of_nobody_is_taken_for_the_dangerous_case():
    assert urgency_of(hear("my arm is weak")) is Urgency.EMERGENCY
    assert urgency_of(hear("fever and red skin")) is Urgency.CALL_TODAY
    assert urgency_of(()) is None
