"""What a patient reads or hears from us: always in both languages, whatever page it stands on."""

from __future__ import annotations

from filiform.warning_signs import Urgency, listed, public_signs
from filiform.words import Words

_GO = listed(public_signs(Urgency.EMERGENCY))

SAFETY_TEXT = Words(
    en=(
        "This is your clinic. We tried to reach you after your treatment. Go to the emergency "
        f"department or call %(emergency)s now with: {_GO.en}. "
        "For anything else call us: %(phone)s."
    ),
    ur=(
        "یہ آپ کے کلینک کی طرف سے ہے۔ علاج کے بعد ہم نے آپ سے رابطے کی کوشش کی۔ "
        f"ان میں سے کچھ ہو تو ابھی ایمرجنسی جائیں یا %(emergency)s پر فون کریں: {_GO.ur}۔ "
        "کسی اور بات کے لیے ہمیں فون کریں: %(phone)s۔"
    ),
)
"""Left after the second silent call (consent.md, 5). It names no treatment and no diagnosis."""

WHATSAPP_GREETING = Words(
    en="Hello, this is %(clinic)s. How are you since your visit? Please tell us when we may call.",
    ur="السلام علیکم، یہ %(clinic)s ہے۔ وزٹ کے بعد آپ کیسے ہیں؟ بتائیں کہ ہم کب فون کر سکتے ہیں؟",
)
"""No clinical detail travels in a message (consent.md, 5)."""

SHEET: dict[str, Words] = {
    "title": Words(en="After your treatment", ur="علاج کے بعد"),
    "for": Words(en="For", ur="نام"),
    "on": Words(en="Treated on", ur="علاج کی تاریخ"),
    "treated": Words(en="Muscles treated", ur="جن پٹھوں کا علاج ہوا"),
    "emergency": Words(en="Emergency: go now", ur="ایمرجنسی: فوراً جائیں"),
    "ambulance": Words(en="Ambulance", ur="ایمبولینس"),
    "call": Words(en="Call us the same day", ur="اسی دن ہمیں فون کریں"),
    "clinic": Words(en="The clinic", ur="کلینک"),
    "do": Words(en="Do", ur="یہ کریں"),
    "avoid": Words(en="Avoid", ur="یہ نہ کریں"),
    "watch": Words(en="Watch for", ur="ان باتوں پر نظر رکھیں"),
    "checks": Words(en="We will ask how you are", ur="ہم آپ کا حال پوچھیں گے"),
    "opening": Words(
        en="If you cannot reach us and you are worried, go to the nearest hospital.",
        ur="اگر ہم سے رابطہ نہ ہو سکے اور آپ کو پریشانی ہو تو قریبی ہسپتال جائیں۔",
    ),
    "practitioner": Words(en="Treated by", ur="معالج"),
    "left": Words(en="left", ur="بائیں"),
    "right": Words(en="right", ur="دائیں"),
    "bilateral": Words(en="both sides", ur="دونوں طرف"),
    "midline": Words(en="middle", ur="درمیان"),
}
"""Headings of the sheet that goes home."""
