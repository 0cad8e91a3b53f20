"""What a message says: a link and neutral words, in the patient's language. No clinical word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Site

MESSAGES: dict[str, Words] = {
    "link": Words(
        en="%(clinic)s: your own page. Open it with your date of birth: %(address)s",
        ur="%(clinic)s: آپ کا اپنا صفحہ۔ تاریخِ پیدائش سے کھولیں: %(address)s",
    ),
    "check": Words(
        en="%(clinic)s: how are you? It takes one minute: %(address)s",
        ur="%(clinic)s: آپ کیسے ہیں؟ صرف ایک منٹ لگے گا: %(address)s",
    ),
    "nudge": Words(
        en="%(clinic)s: we have not heard from you yet. One minute: %(address)s",
        ur="%(clinic)s: ابھی تک آپ کا جواب نہیں ملا۔ صرف ایک منٹ: %(address)s",
    ),
    "exercises": Words(
        en="%(clinic)s: your exercises, if you like. Tick what you did: %(address)s",
        ur="%(clinic)s: آپ کی ورزشیں، اگر چاہیں۔ جو کریں اس پر نشان لگائیں: %(address)s",
    ),
    "prepare": Words(
        en="%(clinic)s: some questions before your visit. Take your time: %(address)s",
        ur="%(clinic)s: آپ کے وزٹ سے پہلے چند سوال۔ آرام سے جواب دیں: %(address)s",
    ),
    "scores": Words(
        en="%(clinic)s: how is it going? Two minutes: %(address)s",
        ur="%(clinic)s: کیسا چل رہا ہے؟ دو منٹ لگیں گے: %(address)s",
    ),
    "scores-again": Words(
        en="%(clinic)s: we would like to know how it is going. Two minutes: %(address)s",
        ur="%(clinic)s: ہم جاننا چاہتے ہیں کہ کیسا چل رہا ہے۔ دو منٹ: %(address)s",
    ),
    "alarm": Words(
        en="%(clinic)s: somebody needs you now. Open the clinic's page.",
        ur="%(clinic)s: کسی کو ابھی آپ کی ضرورت ہے۔ کلینک کا صفحہ کھولیں۔",
    ),
}


def path_of(secret: str) -> str:
    return reverse("patient_page:open", args=[secret])


def message(kind: str, patient: Patient | None, site: Site | None, address: str) -> str:
    """The text of a message. Raises KeyError for an unknown kind."""
    language = patient.language if patient else "en"
    clinic = ""
    if site is not None:
        named_ur = site.organisation.name_ur if language == "ur" else ""
        clinic = named_ur or site.organisation.name
    return MESSAGES[kind].in_language(language) % {"clinic": clinic, "address": address}
