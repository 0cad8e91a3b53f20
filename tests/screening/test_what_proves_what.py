"""A name in a record is not yet a fact about the patient: what each resource can prove."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from filiform.disclosure import (
    ATC,
    ICD10,
    SNOMED,
    Coding,
    Disclosure,
    Kind,
    Sex,
    Side,
    Statement,
    Status,
)
from filiform.reasons import Evidence
from filiform.screening import for_complaint, indications, screen
from filiform.screening.asking import open_questions
from filiform.screening.evaluation import evaluate
from filiform.screening.evidence_page import TARGET, page
from filiform.screening.evidence_table import Phrases
from filiform.screening.findings import outcome
from filiform.screening.rulebook import Trigger
from filiform.screening.triggers import matches, patient

DAY = date(2026, 3, 2)


def fact(kind: Kind, text: str, *, atc: str = "", **more: object) -> Statement:
    codings = (Coding(ATC, atc),) if atc else ()
    return Statement(id=f"{kind}/{text}", kind=kind, text=text, codings=codings, **more)  # type: ignore[arg-type]


def fired(*facts: Statement) -> set[str]:
    return {one.id for one in screen(Disclosure(facts=facts), on=DAY).reasons}


def asked(*facts: Statement) -> set[str]:
    found = evaluate(Disclosure(facts=facts), on=DAY)
    return {one.id for one in open_questions(found, ()) if one.because}


LOOKING = [
    "Hepatitis C antibody measurement", "Screening for tuberculosis", "HIV test",
    "EEG for epilepsy",
    "Mammography for suspected breast cancer", "Diabetic retinopathy screening",
    "Education about osteoporosis", "Vaccination against hepatitis B", "Epilepsie-Kontrolle",
    "Dépistage du VIH", "Control de diabetes mellitus", "Pregnancy test", "Onderzoek epilepsie",
]  # fmt: skip


def test_a_test_that_was_done_proves_no_disease() -> None:
    done = {text: fired(fact(Kind.PROCEDURE, text, start=date(2026, 1, 5))) for text in LOOKING}
    assert done == {text: set() for text in LOOKING}


def test_a_treatment_asks_about_the_disease_in_its_name_and_proves_the_operation() -> None:
    treated = fact(Kind.PROCEDURE, "Vagus surgery for epilepsy", start=date(2020, 1, 5))
    assert "epilepsy" not in fired(treated)
    assert "epilepsy" in asked(treated)
    assert "joint-replacement" in fired(
        fact(Kind.PROCEDURE, "Total hip replacement", start=date(2020, 1, 5))
    )
    assert "graft-stent" in fired(
        fact(Kind.PROCEDURE, "Angiography with coronary stent", start=date(2020, 1, 5))
    )


def test_a_check_of_an_implant_asks_whether_it_is_there() -> None:
    check = fact(Kind.PROCEDURE, "Pacemaker check", start=date(2026, 1, 5))
    assert "pacemaker-electro" not in fired(check)
    assert "pacemaker-electro" in asked(check)


def test_what_was_taken_out_is_gone_from_that_day_on() -> None:
    def record(put_in: date | None, taken_out: date, put_side: Side | None = None,
               out_side: Side | None = None) -> tuple[Statement, Statement]:  # fmt: skip
        return (
            fact(Kind.DEVICE, "Breast implant", start=put_in, side=put_side),
            fact(Kind.PROCEDURE, "Removal of breast implant", start=taken_out, side=out_side),
        )

    cases = {
        "before": (record(date(2015, 4, 1), date(2024, 4, 1)), False),
        "put in again": (record(date(2025, 4, 1), date(2024, 4, 1)), True),
        "not yet taken out": (record(date(2015, 4, 1), date(2026, 5, 1)), True),
        "the other side": (record(date(2015, 4, 1), date(2024, 4, 1), "left", "right"), True),
        "the same side": (record(date(2015, 4, 1), date(2024, 4, 1), "left", "left"), False),
    }
    found = {name: "breast-implant" in fired(*facts) for name, (facts, _) in cases.items()}
    assert found == {name: there for name, (_, there) in cases.items()}
    undated = record(None, date(2024, 4, 1))
    assert "breast-implant" not in fired(*undated)
    assert "breast-implant" in asked(*undated)


def test_a_replaced_pacemaker_is_still_there() -> None:
    facts = (
        fact(Kind.DEVICE, "Cardiac pacemaker", start=date(2010, 1, 1)),
        fact(Kind.PROCEDURE, "Removal and replacement of pacemaker", start=date(2020, 1, 1)),
    )  # fmt: skip
    assert "pacemaker-electro" in fired(*facts)


OUTCOMES = {
    "positive": ["Positive", "REACTIVE", "Detected (32 copies)", "+", "++", "yes", "Positif",
                 "nachweisbar", "阳性", "Weak positive"],
    "negative": ["Non-Reactive", "not detected", "Negative for HIV", "NEG", "Immune",
                 "Reactive, Immune", "nicht reaktiv", "Négatif", "no detectado", "阴性",
                 "отрицательный", "Target Not Detected", "niet aantoonbaar"],
    "unsure": ["Indeterminate", "equivocal", "HIV-1 positive, HIV-2 negative", "grenzwertig"],
    "nothing": [".", "", "-", "see comment", "Pending", "Not performed"],
    "other": ["Epilepsy", "brown"],
}  # fmt: skip


def test_a_value_says_yes_no_something_between_or_nothing() -> None:
    found = {text: outcome(text) for texts in OUTCOMES.values() for text in texts}
    assert found == {text: says for says, texts in OUTCOMES.items() for text in texts}


LOCAL = [
    ("Ciclosporin eye drops 1 mg/ml", ""), ("Ikervis", "S01XA18"), ("Hydrocortisone", "D07AA02"),
    ("Heparin 30 000 IE", "C05BA03"), ("Diclofenac Salbe", ""), ("Prednisolon Zäpfchen", ""),
    ("Methotrexate topical gel", ""), ("Diclofenac", "M02AA15"), ("Heparin lock flush", ""),
]  # fmt: skip
WHOLE_BODY = [
    ("Diclofenac gel capsule", "", "nsaid-ssri"), ("Warfarin", "B01AA03", "anticoagulant-vka"),
    ("Acetylsalicylic acid", "N02BA01", "antiplatelet-single"),
    ("Coumadin", "B01AA", "anticoagulant-vka"), ("Ciclosporin capsule", "", "immunosuppressed"),
]  # fmt: skip


def test_what_acts_where_it_is_put_is_no_medicine_of_the_whole_body() -> None:
    found = {text: fired(fact(Kind.MEDICINE, text, atc=atc)) for text, atc in LOCAL}
    assert found == {text: set() for text, _ in LOCAL}
    missing = [
        t for t, atc, rule in WHOLE_BODY if rule not in fired(fact(Kind.MEDICINE, t, atc=atc))
    ]
    assert not missing


def test_a_misspelling_is_bridged_only_when_nothing_speaks_against_it() -> None:
    assert "heparin" in fired(fact(Kind.MEDICINE, "Clexan 40 mg injection"))
    assert fired(fact(Kind.MEDICINE, "Cleane surface wipes 7%")) == set()


def test_an_allergy_to_a_medicine_is_no_medicine() -> None:
    assert "anticoagulant-vka" not in fired(fact(Kind.ALLERGY, "Warfarin"))


def test_a_removal_that_was_not_done_removes_nothing() -> None:
    facts = (
        fact(Kind.DEVICE, "Cardiac pacemaker", start=date(2010, 1, 1)),
        fact(Kind.PROCEDURE, "Removal of cardiac pacemaker", start=date(2020, 1, 1),
             status=Status.REFUTED),
    )  # fmt: skip
    assert "pacemaker-electro" in fired(*facts)


def test_the_page_shows_the_table_that_the_code_reads() -> None:
    root = Path(__file__).parents[2]
    assert (root / TARGET).read_text("utf-8") == page()


def test_taking_out_stitches_takes_out_no_device() -> None:
    pacemaker = fact(Kind.DEVICE, "Cardiac pacemaker", start=date(2020, 1, 1))
    stitches = fact(Kind.PROCEDURE, "Removal of sutures", start=date(2025, 1, 1))
    assert fired(pacemaker, stitches) == fired(pacemaker) != set()


def test_the_code_of_a_topical_form_makes_a_medicine_local() -> None:
    topical = Coding(SNOMED, "6064005", "")
    told = Statement(id="m", kind=Kind.MEDICINE, text="Heparin", codings=(topical,))
    assert fired(told) == set()
    assert fired(fact(Kind.MEDICINE, "Heparin")) != set()


def test_a_phrase_without_a_word_stands_in_no_text() -> None:
    assert Phrases(("?", "eye drop")).where(("one", "eye", "drop")) == [(1, 3)]


def test_a_trigger_for_one_sex_is_silent_for_the_other() -> None:
    trigger = Trigger(icd10=("N80",), sex="female")
    told = (Statement(id="c", kind=Kind.CONDITION, text="Endometriosis",
                      codings=(Coding(ICD10, "N80.9"),)),)  # fmt: skip

    def found(sex: Sex) -> int:
        return len(matches(trigger, patient(Disclosure(facts=told, sex=sex), DAY)))

    assert (found("female"), found("male")) == (1, 0)


def test_a_daily_dose_of_the_record_outweighs_the_strength_in_the_name() -> None:
    """Two tablets of 5 mg a day suppress the immune system as one of 10 mg does."""
    steroid = Trigger(atc=("H02AB06",), strength_mg_from=10)

    def sure(**dose: object) -> bool:
        told = fact(Kind.MEDICINE, "Prednisolone 5 mg", atc="H02AB06", **dose)
        return any(
            not one.asks for one in matches(steroid, patient(Disclosure(facts=(told,)), DAY))
        )

    assert [sure(), sure(value=5.0, unit="mg/d"), sure(value=10.0, unit="mg/d")] == [
        False, False, True
    ]  # fmt: skip


def test_a_body_mass_index_from_height_and_weight_stands_before_a_word_for_it() -> None:
    def found(**person: object) -> set[str]:
        told = Disclosure(facts=(fact(Kind.CONDITION, "Underweight"),), **person)  # type: ignore[arg-type]
        return {one.id for one in screen(told, on=DAY).reasons} & {"low-bmi"}

    assert found() == {"low-bmi"}
    assert found(height_cm=170.0, weight_kg=70.0) == set()


def test_an_age_of_which_only_the_year_is_known_is_told_as_about() -> None:
    born = Disclosure(birth_date=date(1940, 1, 1), birth_date_known="year")
    (match,) = matches(Trigger(age_from_years=75), patient(born, DAY))
    assert match.evidence.text == "age about 86 years (born 1940)"


def test_a_bound_from_above_is_itself_still_allowed() -> None:
    def beyond(value: float) -> bool:
        inr = Statement(id="o", kind=Kind.OBSERVATION, text="INR", value=value, start=DAY)
        trigger = Trigger(measure="inr", above=3, within_days=7)
        return bool(matches(trigger, patient(Disclosure(facts=(inr,)), DAY)))

    assert (beyond(3.0), beyond(3.1)) == (False, True)


def test_the_complaint_itself_gives_an_indication_with_its_effect() -> None:
    told = Evidence("Intake", "neck pain")
    found = for_complaint(indications()[0].id, told)
    assert (found.id, found.because) == (indications()[0].id, (told,))
