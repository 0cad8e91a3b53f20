"""What stands on the patient's paper beside the exercises, always in both languages."""

from __future__ import annotations

from filiform.warning_signs import Urgency, listed, public_signs
from filiform.words import Words

# From the one table of signs: a paper must not call less an emergency than the public page does.
_GO = listed(public_signs(Urgency.EMERGENCY))

HANDOUT: dict[str, Words] = {
    "title": Words(en="Your exercises at home", ur="گھر پر آپ کی ورزشیں"),
    "for": Words(en="For", ur="نام"),
    "on": Words(en="Given on", ur="تاریخ"),
    "by": Words(en="By", ur="معالج"),
    # They follow the name of what is done: "Band turn-out, on the left side".
    "left": Words(en="on the left side", ur="بائیں طرف"),
    "right": Words(en="on the right side", ur="دائیں طرف"),
    "bilateral": Words(en="on both sides", ur="دونوں طرف"),
    "midline": Words(en="in the middle", ur="درمیان میں"),
    "how-much": Words(en="How much", ur="کتنی بار"),
    "mind": Words(en="Mind", ur="خیال رکھیں"),
    "your-note": Words(en="For you", ur="خاص آپ کے لیے"),
    "hurts-title": Words(en="If it hurts", ur="اگر درد ہو"),
    "hurts-ok": Words(
        en="A pull, or pain up to 3 of 10 that is gone by the next morning, is all right.",
        ur="کھنچاؤ، یا 10 میں سے 3 تک درد جو اگلی صبح تک ختم ہو جائے، ٹھیک ہے۔",
    ),
    "hurts-less": Words(
        en="More than that: do half as much. Still more the next day: leave this exercise and "
        "tell us.",
        ur="اس سے زیادہ ہو تو آدھا کریں۔ اگلے دن بھی زیادہ ہو تو یہ ورزش چھوڑ دیں اور ہمیں بتائیں۔",
    ),
    "hurts-stop": Words(
        en="Stop at once with tingling, numbness, dizziness or sharp pain, and call us.",
        ur="جھنجھناہٹ، سُن پن، چکر یا تیز درد ہو تو فوراً رک جائیں اور ہمیں فون کریں۔",
    ),
    "emergency": Words(
        en=f"Emergency, go now or call, with: {_GO.en}.",
        ur=f"ایمرجنسی، ابھی جائیں یا فون کریں، اگر ہو: {_GO.ur}۔",
    ),
    "call": Words(en="Call us", ur="ہمیں فون کریں"),
    "know": Words(en="Good to know", ur="جاننے کی باتیں"),
    "comma": Words(en=",", ur="،"),
    "tick": Words(en="Tick each day you did it", ur="جس دن کریں اس پر نشان لگائیں"),
    "picture": Words(
        en="Picture: how it begins and how it ends", ur="تصویر: ابتدا اور انجام کی حالت"
    ),
    "nothing": Words(en="Nothing is chosen for home yet.", ur="گھر کے لیے ابھی کچھ نہیں چنا گیا۔"),
}
"""Headings and the rules about pain; the limit of 3 of 10 is a design value (integration.md, 2)."""
