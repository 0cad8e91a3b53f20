"""What an open musculoskeletal model says about the postures of our stretches.

data/computed_stretches.tsv is made by tools/programme/stretches.py;
docs/reference/computed-stretches.md names model, licence and joint ranges, and says what the
numbers can't tell. Percentages are of the path of muscle and tendon in the anatomical position.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from filiform.words import Words

Accordance = Literal["agrees", "differs", "textbook not in the model", "not in the model"]


class ComputedStretch(msgspec.Struct, frozen=True, kw_only=True):
    """One muscle. posture: joint angles in degrees, "" where none lengthens it or it is lacking.

    most_percent: what that posture lengthens it by; ours_percent: what our posture does; None
    where not computed. neighbours: muscle id → percent by which it is lengthened too.
    """

    muscle_id: str
    stretch_id: str
    posture: str
    most_percent: float | None
    ours_percent: float | None
    verdict: Accordance
    neighbours: dict[str, float]


@cache
def computed_stretches() -> dict[str, ComputedStretch]:
    """Every muscle of the atlas. Raises ValueError naming the row that can't be read."""
    text = files("filiform.programme").joinpath("data/computed_stretches.tsv").read_text("utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        pairs = [one.split("=") for one in row["neighbours"].split(";") if one]
        try:
            found[row["muscle_id"]] = msgspec.convert(
                {
                    "muscle_id": row["muscle_id"],
                    "stretch_id": row["stretch_id"],
                    "posture": row["posture"],
                    "most_percent": float(row["lengthening_percent"])
                    if row["lengthening_percent"]
                    else None,
                    "ours_percent": float(row["textbook_percent"])
                    if row["textbook_percent"]
                    else None,
                    "verdict": row["verdict"],
                    "neighbours": {name: float(percent) for name, percent in pairs},
                },
                ComputedStretch,
            )
        except (ValueError, msgspec.ValidationError) as error:
            raise ValueError(f"computed_stretches.tsv, {row['muscle_id']}: {error}") from None
    return found


def why_this_posture(muscle_id: str) -> Words:
    """A sentence for the practitioner. Raises KeyError for an unknown muscle."""
    one = computed_stretches()[muscle_id]
    if one.most_percent is None:
        return Words(
            en="The posture is the textbook's: no open model that we compute with has this muscle.",
            ur="یہ حالت درسی کتاب کی ہے: ہمارے کھلے حسابی ماڈل میں یہ پٹھا نہیں۔",
        )
    if one.ours_percent is None:
        return Words(
            en=f"Computed: at most {one.most_percent:.0f} % longer; our posture can't be put into "
            "the model.",
            ur=f"حساب سے: زیادہ سے زیادہ {one.most_percent:.0f} % لمبا؛ "
            "ہماری حالت ماڈل میں نہیں آ سکتی۔",
        )
    if one.verdict == "agrees":
        return Words(
            en=f"Computed: this posture makes the muscle {one.ours_percent:.0f} % longer, of "
            f"{one.most_percent:.0f} % that are possible.",
            ur=f"حساب سے: اس حالت میں پٹھا {one.ours_percent:.0f} % لمبا ہوتا ہے، "
            f"زیادہ سے زیادہ {one.most_percent:.0f} % ممکن ہے۔",
        )
    return Words(
        en=f"The model disagrees: {one.ours_percent:.0f} % here, {one.most_percent:.0f} % in the "
        "posture below. The textbook's is kept; look twice.",
        ur=f"ماڈل متفق نہیں: یہاں {one.ours_percent:.0f} %، نیچے والی حالت میں "
        f"{one.most_percent:.0f} %۔ درسی کتاب والی حالت رکھی گئی ہے؛ دوبارہ دیکھ لیں۔",
    )
