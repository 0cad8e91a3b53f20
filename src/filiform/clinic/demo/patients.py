"""The demo's patients. All invented; the phone numbers lie in ranges made up for the demo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from filiform.anatomy.surface import BodyDrawing, Layer, draw, parse_area
from filiform.clinic.demo.pathway import NeedledSpot
from filiform.disclosure import ATC, Coding

PainDrawn = tuple[str, str, int]
"""Area on the body, quality, intensity; each quality of a person stands once."""
SHRINKS = 0.12
"""By how much of its first size a painful area is smaller at every visit."""


@dataclass(frozen=True)
class Person:
    given_name: str
    family_name: str
    sex: str
    years: int
    phone: str
    complaint: str
    complaint_code: str
    mechanism: str
    drawn: tuple[PainDrawn, ...]
    spots: tuple[NeedledSpot, ...]
    first_pain: tuple[int, int, int] = (6, 8, 5)
    language: str = "en"
    height_cm: float = 165
    weight_kg: float = 66
    kin: tuple[str, str, str] = ("", "", "")
    aggravating: tuple[str, ...] = ("sitting", "screen")
    easing: tuple[str, ...] = ("heat", "movement")
    disclosed: tuple[dict[str, Any], ...] = ()
    yes: tuple[str, ...] = ()
    """Safety questions that are answered with yes."""
    why: str = ""
    asked: bool = True
    with_hamza: bool = False
    signs: str = ""
    relation: str = "self"
    months: str = "months"

    def details(self, *, on: date) -> dict[str, Any]:
        name, relation, phone = self.kin
        return {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "sex": self.sex,
            # A hundred days after the birthday: nobody turns a year older while a demo is in use.
            "birth_date": on - timedelta(days=round(365.25 * self.years) + 100),
            "phone": self.phone,
            "language": self.language,
            "height_cm": self.height_cm,
            "weight_kg": self.weight_kg,
            "kin_name": name,
            "kin_relation": relation,
            "kin_phone": phone,
        }

    def facts(self, *, on: date) -> list[dict[str, Any]]:
        """What is disclosed; `years_ago` becomes the day on which it began."""
        found = []
        for fact in self.disclosed:
            told = dict(fact)
            years = told.pop("years_ago", None)
            if years is not None:
                told["start"] = on - timedelta(days=round(365.25 * years))
            found.append(told)
        return found

    def pain(self, visit_number: int) -> tuple[int, int, int]:
        """Now, worst, average: a little less at every visit."""
        now, worst, average = (max(1, score - visit_number) for score in self.first_pain)
        return now, worst, average

    def drawing(self, visit_number: int) -> BodyDrawing:
        """What is painted: a little smaller and milder at every visit."""
        layers = []
        for text, quality, intensity in self.drawn:
            area = parse_area(text)
            size = round(area.size_cm * max(0.4, 1 - SHRINKS * visit_number), 1)
            weights = draw(replace(area, size_cm=size))
            layers.append(Layer(quality, max(1, intensity - visit_number), weights))
        return BodyDrawing(tuple(layers))

    def story(self, visit_number: int) -> dict[str, Any]:
        return {
            "complaint": self.complaint,
            "complaint_code": self.complaint_code,
            "onset": self.months,
            "mechanism": self.mechanism,
            "aggravating": list(self.aggravating),
            "easing": list(self.easing),
            "drawing": self.drawing(visit_number),
        }


NECK: tuple[PainDrawn, ...] = (
    ("stripe:neck-shoulder-angle>posterior-neck-mid>suboccipital-hollow:4:right", "dull", 6),
    ("stripe:neck-shoulder-angle>acromion-tip:5:right", "tight", 7),
)
WARFARIN = {
    "kind": "medicine",
    "text": "Warfarin 5 mg tablet",
    "codings": (Coding(ATC, "B01AA03", "warfarin"),),
    "years_ago": 2,
}

DEMO_PATIENTS: dict[str, Person] = {
    "usman": Person(
        "Usman", "Sheikh", "male", 38, "+923005550101",
        "Ache from the neck into the right shoulder, worse after long days at the computer",
        "neck-pain", "posture", NECK,
        (("trapezius-upper", "right", "1"), ("infraspinatus", "right", "1")),
        first_pain=(7, 8, 6), height_cm=176, weight_kg=82,
        kin=("Asma Sheikh", "spouse", "+923005550102"),
    ),
    "fatima": Person(
        "Fatima", "Zahra", "female", 61, "+923005550103",
        "Low back and left buttock ache when standing in the kitchen",
        "low-back-pain", "gradual",
        (
            ("disc:l5-paraspinal:6:left", "dull", 5),
            ("stripe:buttock-upper-lateral>buttock-center>gluteal-fold-mid:7:left", "tight", 6),
        ),
        (("gluteus-medius", "left", "1"),),
        height_cm=158, weight_kg=71, language="ur",
        aggravating=("standing", "prayer"), easing=("rest", "heat"),
        disclosed=(WARFARIN, {"kind": "condition", "text": "Atrial fibrillation", "years_ago": 2}),
        why="INR 2.3 last week by letter. One thin needle, compressible site, 2 minutes of "
        "pressure, called at 24 hours.",
    ),
    "tariq": Person(
        "Tariq", "Mehmood", "male", 45, "+923005550104",
        "Outer elbow pain when gripping tools", "tennis-elbow", "overuse",
        (
            ("disc:lateral-epicondyle:2.5:right", "sharp", 6),
            ("stripe:radial-head>forearm-dorsal-mid:4:right", "dull", 5),
        ),
        (("extensor-carpi-radialis-brevis", "right", "1"),),
        aggravating=("gripping", "lifting"), height_cm=171, weight_kg=78, with_hamza=True,
    ),
    "khadija": Person(
        "Khadija", "Bibi", "female", 29, "+923005550105",
        "Tension headache from the neck up to the temple", "tension-headache", "stress",
        (
            ("stripe:neck-shoulder-angle>posterior-neck-mid:4:bilateral", "tight", 5),
            ("stripe:mastoid-process>temple>eyebrow-mid:3:right", "throbbing", 6),
        ),
        (("trapezius-upper", "right", "1"),),
        aggravating=("stress", "screen"), language="ur", height_cm=160, weight_kg=55,
    ),
    "omar": Person(
        "Omar", "Farooq", "male", 24, "+923005550106",
        "Calf tightens up after bowling", "calf-shin-pain", "strain",
        (("stripe:calf-medial-upper>calf-distal:6:right", "cramping", 6),),
        (("soleus", "right", "1"),),
        aggravating=("sport", "stairs"), easing=("stretching",), height_cm=182, weight_kg=76,
        months="weeks", with_hamza=True,
    ),
    "bilal": Person(
        "Bilal", "Ahmed", "male", 33, "+923005550107",
        "Front of the right shoulder hurts when reaching overhead", "shoulder-pain", "overuse",
        (
            ("disc:deltoid-anterior-mid:5:right", "sharp", 6),
            ("stripe:deltoid-lateral-mid>arm-lateral-mid:5:right", "dull", 5),
        ),
        (("infraspinatus", "right", "1"), ("deltoid-anterior", "right", "1")),
        aggravating=("overhead", "night"), height_cm=174, weight_kg=80,
    ),
    "ayesha": Person(
        "Ayesha", "Khan", "female", 41, "+923005550108",
        "Right buttock and outer thigh ache when sitting long", "hip-pain", "gradual",
        (
            ("disc:buttock-upper-lateral:6:right", "dull", 6),
            ("stripe:greater-trochanter>thigh-lateral-distal:5:right", "tingling", 4),
        ),
        (("gluteus-medius", "right", "1"),),
        height_cm=163, weight_kg=69,
        disclosed=({"kind": "allergy", "text": "Latex", "years_ago": 6},),
    ),
    "imran": Person(
        "Imran", "Ali", "male", 52, "+923005550109",
        "Stiff neck, left, after a night on a bus", "neck-pain", "posture",
        (
            ("stripe:lateral-neck-mid>neck-shoulder-angle:4:left", "tight", 7),
            ("disc:scapula-superior-angle:4:left", "dull", 6),
        ),
        (("levator-scapulae", "left", "1"),),
        height_cm=168, weight_kg=84, months="days", language="ur",
        disclosed=(
            {"kind": "condition", "text": "Type 2 diabetes", "years_ago": 5},
            {"kind": "medicine", "text": "Metformin 500 mg", "years_ago": 5},
        ),
    ),
    # Must not be needled (`Demo.blocked`): a factor VIII of 12 % is a bleeding disorder.
    "sadia": Person(
        "Sadia", "Nawaz", "female", 35, "+923005550110",
        "Back of the thigh tight and sore", "", "strain",
        (("stripe:ischial-tuberosity>thigh-posterior-distal:6:left", "tight", 5),),
        (("biceps-femoris", "left", "1"),),
        height_cm=166, weight_kg=60,
        disclosed=({"kind": "condition", "text": "Haemophilia A carrier, factor VIII 12 %"},),
    ),
    # Nothing was asked yet of her and of Zainab: both wait.
    "maryam": Person(
        "Maryam", "Iqbal", "female", 27, "+923005550111",
        "Upper back ache", "upper-back-pain", "posture",
        (("disc:interscapular-mid:4:bilateral", "tight", 5),),
        (("trapezius-middle", "left", "1"),),
        height_cm=162, weight_kg=58, asked=False,
    ),
    "zainab": Person(
        "Zainab", "Noor", "female", 58, "+923005550112",
        "Knee aches on stairs", "kneecap-pain", "gradual",
        (("disc:patella-center:4.5:left", "dull", 5),),
        (("vastus-medialis", "left", "1"),),
        height_cm=155, weight_kg=74, asked=False,
        kin=("Noor ul Ain", "child", "+923005550113"),
    ),
    "shahid": Person(
        "Shahid", "Raza", "male", 47, "+923005550114",
        "Heel pain with the first steps in the morning", "heel-pain", "overuse",
        (("disc:heel-plantar:3:right", "sharp", 6),),
        (("gastrocnemius-medial", "right", "1"),),
        height_cm=170, weight_kg=90, with_hamza=True,
    ),
    # Under age: his mother signs. He has only a visit in the week to come.
    "hassan": Person(
        "Hassan", "Javed", "male", 16, "+923005550115",
        "Shoulder sore from swimming", "shoulder-pain", "overuse",
        (("disc:posterior-shoulder-joint:4:left", "dull", 4),),
        (("infraspinatus", "left", "1"),),
        height_cm=172, weight_kg=61,
        kin=("Saima Javed", "parent", "+923005550116"), signs="Saima Javed", relation="mother",
    ),
}  # fmt: skip
