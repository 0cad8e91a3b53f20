"""What is said in messages and on the confirmed page; no clinical word stands in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filiform.clinic.web.times import zone_named
from filiform.times import written
from filiform.words import Words

if TYPE_CHECKING:
    from datetime import datetime

    from filiform.clinic.staff.models import Site

CONSENT_VERSION = "2026-11"
"""Raised with every change of CONSENT: who agreed to which text is kept."""
CONSENT = Words(
    en=(
        "The clinic keeps my name, my number and my answers to prepare this visit and to write to "
        "me about it. Only its staff read them."
    ),
    ur=(
        "کلینک میرا نام، نمبر اور جوابات اس وزٹ کی تیاری اور مجھ سے رابطے کے لیے رکھے گا۔ انہیں "
        "صرف عملہ پڑھتا ہے۔"
    ),
)

PREPARE: dict[bool, tuple[Words, ...]] = {
    True: (
        Words(
            en="Eat a meal within four hours before you come, and drink something.",
            ur="آنے سے پہلے چار گھنٹوں کے اندر کھانا کھا لیں اور کچھ پی لیں۔",
        ),
        Words(
            en="Wear loose clothes, so that we can reach the place that hurts.",
            ur="ڈھیلے کپڑے پہنیں تاکہ درد کی جگہ تک پہنچا جا سکے۔",
        ),
        Words(
            en="Bring a list or the boxes of your medicines. Don't leave any out because of us.",
            ur="اپنی دواؤں کی فہرست یا ڈبے ساتھ لائیں۔ ہماری وجہ سے کوئی دوا نہ چھوڑیں۔",
        ),
        Words(
            en="Bring reports and pictures: X-ray, MRI, blood tests.",
            ur="رپورٹیں اور تصویریں ساتھ لائیں: ایکسرے، ایم آر آئی، خون کے ٹیسٹ۔",
        ),
        Words(
            en="Fever, or newly pregnant? Call us first: we change the visit.",
            ur="بخار ہے یا حمل ٹھہرا ہے؟ پہلے فون کریں: ہم وزٹ بدل دیں گے۔",
        ),
    ),
}
PREPARE[False] = PREPARE[True][1:4]
"""Whether it is a needling visit → how to prepare (clinical notes, safety A4: fasting)."""

MESSAGES: dict[str, Words] = {
    "booked": Words(
        en="%(clinic)s: your visit is on %(when)s. To move or cancel it: %(address)s",
        ur="%(clinic)s: آپ کا وزٹ %(when)s ہے۔ بدلنے یا منسوخ کرنے کے لیے: %(address)s",
    ),
    "remind": Words(
        en="%(clinic)s: we expect you on %(when)s. Can't come? Tell us here: %(address)s",
        ur="%(clinic)s: ہم %(when)s آپ کے منتظر ہیں۔ نہیں آ سکتے؟ یہاں بتائیں: %(address)s",
    ),
    "moved": Words(
        en=(
            "%(clinic)s: your visit has been moved. It is on %(when)s now. If that doesn't suit "
            "you: %(address)s"
        ),
        ur=(
            "%(clinic)s: آپ کے وزٹ کا وقت بدل گیا ہے۔ اب %(when)s ہے۔ مناسب نہ ہو تو یہاں "
            "بدلیں: %(address)s"
        ),
    ),
    "cancelled": Words(
        en=(
            "%(clinic)s: your visit on %(when)s can't take place. We are sorry. Choose another "
            "time: %(address)s"
        ),
        ur=(
            "%(clinic)s: معذرت، %(when)s کا آپ کا وزٹ نہیں ہو سکے گا۔ نیا وقت یہاں چنیں: "
            "%(address)s"
        ),
    ),
    "laid-over": Words(
        en=(
            "%(clinic)s: we can't be there for your visit on %(when)s. Please choose another "
            "time: %(address)s"
        ),
        ur=(
            "%(clinic)s: %(when)s آپ کے وزٹ کے وقت ہم موجود نہیں ہوں گے۔ براہ کرم نیا وقت چنیں: "
            "%(address)s"
        ),
    ),
    "offer": Words(
        en="%(clinic)s: a time is free on %(when)s. It is yours until %(until)s: %(address)s",
        ur="%(clinic)s: %(when)s کا وقت خالی ہے۔ %(until)s تک آپ کا ہے: %(address)s",
    ),
}
SUBJECTS: dict[str, Words] = {
    "booked": Words(en="Your visit", ur="آپ کا وزٹ"),
    "remind": Words(en="Your visit", ur="آپ کا وزٹ"),
    "moved": Words(en="Your visit was moved", ur="آپ کے وزٹ کا وقت بدل گیا ہے"),
    "cancelled": Words(en="Your visit can't take place", ur="آپ کا وزٹ نہیں ہو سکے گا"),
    "laid-over": Words(en="Please choose another time", ur="براہ کرم نیا وقت چنیں"),
    "offer": Words(en="A free time for you", ur="آپ کے لیے خالی وقت"),
}


def moment(at: datetime, site: Site, language: str) -> str:
    """ "Monday, 30 November, 10:40" by the clock of the site."""
    return written(at.astimezone(zone_named(site.time_zone)), "l, j F, H:i", language)


def message(
    kind: str,
    site: Site,
    language: str,
    *,
    when: datetime,
    address: str,
    until: datetime | None = None,
) -> str:
    """The text of a message. Raises KeyError for an unknown kind."""
    named_ur = site.organisation.name_ur if language == "ur" else ""
    return MESSAGES[kind].in_language(language) % {
        "clinic": named_ur or site.organisation.name,
        "when": moment(when, site, language),
        "until": moment(until, site, language) if until else "",
        "address": address,
    }
