"""Names in the languages of other countries: found where they are, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from filiform.disclosure import Coding, Kind, Statement
from filiform.screening.concept_matching import ConceptMatch, match_concepts
from filiform.screening.substances import skeleton
from filiform.screening.terminology import concepts, names_by_language, parts_of


def read(kind: str, text: str) -> ConceptMatch:
    return match_concepts(Statement(id="x", kind=Kind(kind), text=text))


def test_every_name_finds_its_concept_and_no_other() -> None:
    wrong = []
    for concept, language, name in names_by_language():
        found = read(concepts()[concept].kind, name)
        if found.concepts != {concept} or found.relative or found.past:
            wrong.append((language, name, concept, sorted(found.concepts)))
    assert not wrong


SUBSTANCES = {
    "warfarin": "Warfarine 2 mg, Warfarina 5 mg, Warfaryna, Varfariini 3 mg, Варфарин 2,5, "
                "Warfarinum natricum, वारफरिन ५, 华法林片, ワルファリン錠",
    "heparin": "Héparine calcique, Eparina calcica, Heparyna, Hepariini, Гепарин натрия, "
               "Heparinnatrium, هيبارين",
    "apixaban": "Apixabán 2,5, Apixabana 5 mg, Apiksaban, Apiksabaani, Апиксабан",
    "aspirin": "Acetylsalicylsyra 75, Acetylsalisylsyre 75, Asetyylisalisyylihappo, "
               "Kwas acetylosalicylowy, Kyselina acetylsalicylová, Asetilsalisilik asit, "
               "Ácido acetilsalicílico, Acido acetilsalicilico, Ацетилсалициловая кислота, "
               "ASS 100, 阿司匹林肠溶片, アスピリン腸溶錠",
    "clopidogrel": "Klopidogrel 75, Klopidogreeli, Клопидогрел, क्लोपिडोग्रेल, 氯吡格雷",
    "methotrexate": "Méthotrexate, Metotreksat, Metotreksaatti, Метотрексат, メトトレキサート",
    "ciclosporin": "Ciclosporine, Cyklosporyna, Siklosporiini, Циклоспорин",
    "prednisone": "Prednison 10, Prednizon, Prednisona, Преднизон",
    "levetiracetam": "Lévétiracétam, Lewetyracetam, Levetirasetaami, Леветирацетам",
    "insulin": "Inzulín, Insuliini, Insüline, İnsülin, Инсулин, Semglee 100",
    "valproate": "Valproinsäure, Acide valproïque, Ácido valproico, Natriumvalproaat, Вальпроат",
}  # fmt: skip


def test_a_substance_is_found_in_every_languages_spelling() -> None:
    wrong = [
        (text, concept)
        for concept, texts in SUBSTANCES.items()
        for text in texts.split(", ")
        if concept not in read("medicine", text).concepts
    ]
    assert not wrong


NO_SUBSTANCE = (
    "Eau de Cologne", "Lavaggio nasale", "Hair restorer 5%", "Cleanex window cleaner",
    "Methyl salicylate liniment", "Salicylvaseline", "Insulating gloves", "Heparansulfat test",
    "Placebo", "Vitamin C", "Kochsalzlösung", "生理食塩水", "维生素", "Физиологический раствор",
)  # fmt: skip


def test_what_only_resembles_a_medicine_is_none() -> None:
    wrong = [
        (text, sorted(found.concepts | found.similar))
        for text in NO_SUBSTANCE
        if (found := read("medicine", text)).concepts or found.similar
    ]
    assert not wrong


def test_a_form_that_acts_where_it_is_put_is_no_systemic_medicine_in_any_language() -> None:
    texts = (
        "Heparin Salbe", "Héparine crème", "Heparyna maść", "Гепарин мазь", "ヘパリン軟膏",
        "Diclofenac geeli", "Hidrocortisona pomada", "双氯芬酸钠凝胶",
    )  # fmt: skip
    assert not [text for text in texts if read("medicine", text).atc]


COMPOUNDS = {
    "latex": "Latexallergie, Latexallergi, Lateksiallergia, Latexüberempfindlichkeit",
    "nickel": "Nickelallergie, Nikkelallergie, Nickelallergi",
    "penicillin": "Penicillinallergie, Penicillinallergi, Penicilline-allergie",
    "cancer": "Magenkrebs, Schilddrüsenkarzinom, Blaaskanker, Livmorkreft, Äggstockscancer",
    "fracture": "Oberschenkelhalsfraktur, Polsfractuur",
}


def test_the_head_of_a_compound_is_read_with_its_stem() -> None:
    wrong = [
        (text, concept)
        for concept, texts in COMPOUNDS.items()
        for text in texts.split(", ")
        if concept not in read("condition", text).concepts
    ]
    assert not wrong


def test_a_compound_of_another_meaning_stays_whole() -> None:
    words = ("krebsvorsorge", "prediabetes", "pseudoepilepsie", "kreuzallergie", "leistenbruch")
    assert not [word for word in words if parts_of(word) != (word,)]


NOT_THE_PATIENTS = (
    "Kein Anhalt für Epilepsie", "Epilepsie ausgeschlossen", "Pas d'épilepsie",
    "Absence de diabète", "Sin evidencia de tuberculosis", "Epilepsia descartada", "Nega diabetes",
    "Sem história de epilepsia", "Assenza di tubercolosi", "Geen aanwijzingen voor epilepsie",
    "Ingen epilepsi", "Ikke diabetes", "Ei epilepsiaa, ei epilepsia", "Nie stwierdzono: padaczka",
    "Padaczka wykluczona", "Bez epilepsie", "Epilepsi yok", "Эпилепсия исключена",
    "Нет данных за туберкулез", "لا يوجد سكري", "मिर्गी नहीं है", "ذیابیطس نہیں ہے", "否认糖尿病",
    "糖尿病なし", "Impfung gegen Hepatitis B", "Dépistage de tuberculose", "Cribado de VIH",
    "Riesgo de osteoporosis", "Szczepienie przeciw gruźlica", "Вакцинация против гепатит B",
)  # fmt: skip
DOUBTED = (
    "Verdacht auf Lungenembolie", "Suspicion de tuberculose", "Sospecha de epilepsia",
    "Suspeita de tuberculose", "Sospetta epilessia", "Verdenking op epilepsie",
    "Misstänkt epilepsi", "Mistanke om tuberkulose", "Podejrzenie: gruźlica",
    "Podezření na: epilepsie", "Şüpheli tüberküloz", "Подозрение на туберкулез", "疑似肺结核",
    "てんかん疑い", "Epilepsie?", "Epilepsy, suspected? possible epilepsy",
)  # fmt: skip
OF_A_RELATIVE = (
    "FHx: diabetes", "Maternal history of breast cancer", "Familienanamnese: Brustkrebs",
    "Mutter hat Diabetes", "Antécédents familiaux: diabète", "Antecedentes familiares de epilepsia",
    "Epilepsia en la familia", "História familiar de diabetes", "Familiarità per epilessia",
    "Belaste familieanamnese: diabetes", "Hereditet för epilepsi", "Familieanamnese: epilepsi",
    "Sukuanamneesi: epilepsia", "Wywiad rodzinny: padaczka", "Rodinná anamnéza: epilepsie",
    "Aile öyküsü: epilepsi", "Семейный анамнез: эпилепсия", "تاريخ عائلي: صرع",
    "पारिवारिक इतिहास: मधुमेह", "خاندان میں ذیابیطس", "糖尿病家族史", "糖尿病の家族歴",
)  # fmt: skip
THE_PATIENTS_OWN = {
    "blood-cancer": ("Non-Hodgkin lymphoma", "Linfoma no Hodgkin", "Lymphoma, ALK-negative"),
    "epilepsy": ("Childhood absence epilepsy", "Epilepsy, not intractable, without status"),
    "diabetes": ("Diabetes without complications", "Diabète non insulino-dépendant"),
    "myasthenia": ("重症肌无力",),
    "needle-phobia": ("Fear of needles", "Angst vor Nadeln"),
    "not-pregnant": ("Not pregnant", "Nicht schwanger"),
    "osteoporosis": ("Osteoporosis without current pathological fracture",),
}


@pytest.mark.parametrize(("texts", "what"), [
    (NOT_THE_PATIENTS, "denied"), (DOUBTED, "doubted"), (OF_A_RELATIVE, "a relative's"),
])  # fmt: skip
def test_what_is_denied_doubted_or_a_relatives_is_told_in_every_language(
    texts: tuple[str, ...], what: str
) -> None:
    wrong = []
    for text in texts:
        found = read("condition", text)
        right = {
            "denied": not found.concepts,
            "doubted": bool(found.similar) and not found.concepts,
            "a relative's": found.relative,
        }[what]
        if not right:
            wrong.append((text, sorted(found.concepts), sorted(found.similar)))
    assert not wrong


def says(text: str) -> str:
    """What a sentence says of the patient, in the words of sentences.tsv."""
    found = read("condition", text)
    if found.relative:
        return "relative"
    if found.concepts:
        return "past" if found.past else ",".join(sorted(found.concepts))
    return "doubt" if found.similar else "no"


def test_denial_doubt_past_and_family_reach_as_far_as_a_reader_takes_them() -> None:
    lines = (Path(__file__).parent / "sentences.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    wrong = [
        (language, text, expected, says(text))
        for language, expected, text in rows
        if says(text) != ",".join(sorted(expected.split(",")))
    ]
    assert not wrong


def test_words_of_a_name_deny_nothing() -> None:
    wrong = [
        (text, concept)
        for concept, texts in THE_PATIENTS_OWN.items()
        for text in texts
        if concept not in read("condition", text).concepts
    ]
    assert not wrong
    fracture = read("condition", "Osteoporosis without current pathological fracture")
    assert "fracture" not in fracture.concepts


INNOCENT = (
    "Dolor en zona lumbar", "Sağ kol ağrısı", "Spiral curl", "Cancelled appointment",
    "Metal ceiling fell on foot", "Working in mental health", "Married", "Stress at work",
    "Housing unsatisfactory", "Nivelkipu", "Kopfschmerz", "Mal de gorge", "Gola secca",
    "头痛", "腰痛", "кашель с мокротой", "كتف متجمد",
)  # fmt: skip


def test_ordinary_complaints_of_other_languages_set_off_nothing() -> None:
    harmless = {"low-back-pain", "shoulder-pain", "cough", "tension-headache"}
    wrong = [
        (text, sorted(found.concepts | found.similar))
        for text in INNOCENT
        if (found := read("condition", text)).concepts - harmless or found.similar - harmless
    ]
    assert not wrong


def test_a_misspelling_is_bridged_only_when_nothing_speaks_against_it() -> None:
    assert read("medicine", "Clopidogral 75 mg").concepts == {"clopidogrel"}
    assert not read("medicine", "Clopidogral surface cleaner").concepts
    assert not read("medicine", "Clexano").concepts  # a near brand asks
    coded = Statement(id="x", kind=Kind.MEDICINE, text="Clopidogral",
                 codings=(Coding("http://www.whocc.no/atc", "A11GA01"),))  # fmt: skip
    assert not match_concepts(coded).concepts
    assert not read("condition", "Chronic hepatitis, other").concepts
    assert not read("condition", "Tarsal tunnel syndrome").concepts


def test_the_skeleton_of_a_name_does_not_change_when_it_is_taken_again() -> None:
    wrong = [word for word in ("warfarin", "heparin", "ciclosporin", "quetiapine")
             if skeleton(skeleton(word)) != skeleton(word)]  # fmt: skip
    assert not wrong
