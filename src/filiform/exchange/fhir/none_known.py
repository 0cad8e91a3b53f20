"""The answer "nothing of this kind", which is not the same as silence."""

from __future__ import annotations

import re

import msgspec

from filiform.disclosure import Kind, Statement, Status
from filiform.exchange.fhir.elements import codings_of, text_of
from filiform.exchange.fhir.source import WHY, Source, clinical_status

_NONE = {
    "no-known-allergies": Kind.ALLERGY, "716186003": Kind.ALLERGY,
    "no-known-medications": Kind.MEDICINE, "no-known-problems": Kind.CONDITION,
    "no-known-procedures": Kind.PROCEDURE, "no-known-devices": Kind.DEVICE,
    "160245001": Kind.CONDITION, "787481004": Kind.MEDICINE,
}  # fmt: skip
_PARTLY = frozenset(
    {
        "no-known-medication-allergies", "no-known-environmental-allergies",
        "no-known-food-allergies", "409137002", "429625007", "428607008",
    }
)  # fmt: skip
_NO_INFORMATION = frozenset(
    {
        "no-allergy-info", "no-medication-info", "no-problem-info", "no-procedure-info",
        "no-device-info",
    }
)  # fmt: skip
_NONE_TEXTS = {
    Kind.ALLERGY: ("no known allergies", "no known allergy", "nka", "nkda", "nil known"),
    Kind.MEDICINE: ("no known medications", "no current medications", "no medications"),
    Kind.CONDITION: ("no known problems", "no current problems", "no known conditions"),
    Kind.PROCEDURE: ("no known procedures",),
    Kind.DEVICE: ("no known devices", "no implants"),
}


def says_none(source: Source, concept: object, kind: Kind) -> bool:
    """Whether the resource says "nothing of this kind" or "no information", and note it so."""
    text, codes = text_of(concept), {coding.code for coding in codings_of(concept)}
    # "No information" is not "none": the question stays open, as if nothing had been sent.
    if codes & _NO_INFORMATION or _is_absent(concept) or says_nothing(text):
        source.leave_out(text, "no-information")
        return True
    # No medication allergy leaves latex and metal open, which are what needling touches.
    if codes & _PARTLY:
        source.leave_out(text, "partly-none-known")
        return True
    said = any(_NONE.get(code) is kind for code in codes)
    said = said or text.lower().rstrip(".") in _NONE_TEXTS.get(kind, ())
    said = said or (kind in _ABOUT and _none_in_words(text, _ABOUT[kind]))
    spelt = _WITHOUT_SPACES.get(kind)
    said = said or (spelt is not None and spelt.fullmatch(text.rstrip("。.")) is not None)
    if not said:
        return False
    # "No known allergies", later found wrong, is marked inactive or refuted by most systems.
    status = clinical_status(source, None)
    if status in (Status.ACTIVE, Status.UNKNOWN, Status.SUSPECTED, Status.RECURRENCE):
        fact = Statement(id=source.label, kind=kind, text=text, none_known=True)
        source.add(msgspec.structs.replace(fact, codings=codings_of(concept)))
    else:
        source.leave_out(text, WHY[status])
    return True


_NOTHING_RECORDED = re.compile(
    r"(no|not)( \w+){0,6}? (data|information|recorded|available|documented|given|entered)"
    r"( (is|are|was|were))?( (applicable|available|recorded|found|provided|given|on file))?\.?"
    r"|no data|not available|not recorded|excluded/not available|.{0,40}excluded/not available",
    re.I,
)


def says_nothing(text: str) -> bool:
    """Whether words only say that nobody wrote anything down ("No allergy data available")."""
    return len(text) <= 60 and _NOTHING_RECORDED.fullmatch(text.strip()) is not None


_NOBODY_KNOWS = ("data-absent-reason", "v3-nullflavor", "2.16.840.1.113883.5.1008")


def _is_absent(concept: object) -> bool:
    """Whether all that a concept says is why nothing is said ("unknown", "asked but unknown")."""
    codings = codings_of(concept)
    return bool(codings) and all(
        coding.system.lower().endswith(_NOBODY_KNOWS) for coding in codings
    )


_NOT_ANY = frozenset(
    [
        "ei",
        "žádné",
        "žádná",
        "žádný",
        "لا",
        "کوئی",
        "نہیں",
        "कोई",
        "नहीं",
        "yok",
        "нет",
        "отрицает",
        "не",
        "ندارد",
        "no",
        "none",
        "nil",
        "not",
        "keine",
        "kein",
        "aucun",
        "aucune",
        "pas",
        "sin",
        "ninguna",
        "ninguno",
        "geen",
        "nessuna",
        "nessun",
        "sem",
        "nenhuma",
        "ingen",
        "inga",
        "inget",
        "brak",
    ]
)
_FILLING = frozenset(
    [
        "tunnettuja",
        "säännöllisiä",
        "známé",
        "známých",
        "bilinen",
        "düzenli",
        "известных",
        "известно",
        "выявлено",
        "توجد",
        "يوجد",
        "معروفة",
        "معروف",
        "معلوم",
        "ज्ञात",
        "se",
        "conocen",
        "conoce",
        "en",
        "cours",
        "regelmäßige",
        "regelmäßigen",
        "feste",
        "hay",
        "tiene",
        "known",
        "current",
        "currently",
        "active",
        "relevant",
        "significant",
        "past",
        "medical",
        "or",
        "and",
        "other",
        "any",
        "recorded",
        "reported",
        "documented",
        "bekannt",
        "bekannten",
        "bekannte",
        "connue",
        "connu",
        "connues",
        "de",
        "d'",
        "d",
        "conocidas",
        "conocidos",
        "conocida",
        "bekende",
        "bekend",
        "nota",
        "note",
        "conhecidas",
        "conhecida",
        "kända",
        "kjente",
        "kendte",
        "znanych",
        "disability",
        "disabilities",
        "history",
        "of",
        "the",
    ]
)
_ABOUT = {
    Kind.ALLERGY: frozenset(
        [
            "аллергии",
            "аллергий",
            "аллергия",
            "alerji",
            "alerjisi",
            "alerjiler",
            "allergioita",
            "alergie",
            "حساسية",
            "الرجی",
            "حساسیت",
            "एलर्जी",
            "allergy",
            "allergies",
            "allergien",
            "allergie",
            "alergias",
            "alergia",
            "allergieën",
            "alergii",
            "allergi",
            "allergier",
            "intolerances",
            "intolerance",
        ]
    ),
    Kind.MEDICINE: frozenset(
        [
            "medicin",
            "mediciner",
            "dauermedikation",
            "medikation",
            "traitement",
            "traitements",
            "tratamiento",
            "tratamientos",
            "medicação",
            "terapia",
            "лекарств",
            "ilaç",
            "ilacı",
            "lääkkeitä",
            "lääkitystä",
            "léky",
            "léků",
            "medikace",
            "أدوية",
            "دوا",
            "ادویات",
            "दवा",
            "दवाएं",
            "medication",
            "medications",
            "medicines",
            "medicine",
            "drugs",
            "medikamente",
            "médicament",
            "médicaments",
            "medicamentos",
            "medicamento",
            "medicatie",
            "medicijnen",
            "farmaci",
            "läkemedel",
            "medisiner",
            "leków",
        ]
    ),
    Kind.CONDITION: frozenset(
        [
            "заболеваний",
            "hastalık",
            "hastalığı",
            "sairauksia",
            "nemoci",
            "onemocnění",
            "أمراض",
            "بیماری",
            "बीमारी",
            "problem",
            "problems",
            "condition",
            "conditions",
            "disease",
            "diseases",
            "illness",
            "illnesses",
            "diagnosis",
            "diagnoses",
            "erkrankungen",
            "krankheiten",
            "vorerkrankungen",
            "maladie",
            "maladies",
            "antécédents",
            "enfermedades",
            "antecedentes",
            "problemas",
            "aandoeningen",
            "ziekten",
            "malattie",
            "patologie",
            "doenças",
            "sjukdomar",
            "sykdommer",
            "chorób",
        ]
    ),
    Kind.PROCEDURE: frozenset(
        [
            "procedure",
            "procedures",
            "operations",
            "operation",
            "surgery",
            "surgeries",
            "operationen",
            "opérations",
            "cirugías",
            "operaties",
            "interventi",
        ]
    ),
    Kind.DEVICE: frozenset(
        ["device", "devices", "implant", "implants", "implantate", "dispositifs"]
    ),
}


_LAST = frozenset(["yok", "нет", "отрицает", "نہیں", "नहीं", "ندارد"])
"""Words of denial that end a sentence."""
_WITHOUT_SPACES = {
    Kind.ALLERGY: re.compile(
        r"(无|無|没有|沒有|否认|否認|未见)(已知)?(的)?(过敏|過敏)(史|反应|反應)?"
        r"|アレルギー(歴)?(は)?(特に)?(なし|無し|無|ありません)"
    ),
    Kind.MEDICINE: re.compile(
        r"(无|無|没有|沒有)(长期|長期)?(用药|用藥|服药|服藥)"
        r"|(内服|内服薬|常用薬|服用薬)(は)?(なし|無し)"
    ),
    Kind.CONDITION: re.compile(r"(无|無)(特殊)?(病史|既往史)|既往(歴)?(は)?(特に)?(なし|無し)"),
}
"""The same in Chinese and Japanese, which put no space between words."""


def _none_in_words(text: str, nouns: frozenset[str]) -> bool:
    """ "No known current problems or disability": a no, a noun of the kind, and nothing else."""
    words = [word.strip(".,;:'’()") for word in text.lower().replace("d'", "d' ").split()]
    # The no stands first, in some languages last. Between, as in "medicines not known", it denies
    # the knowledge.
    if not words or not (words[0] in _NOT_ANY or words[-1] in _LAST):
        return False
    if not nouns.intersection(words):
        return False
    # A single unknown word may be the disease: then it is no statement of nothing.
    return all(word in nouns or word in _FILLING or word in _NOT_ANY for word in words)
