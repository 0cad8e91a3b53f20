"""The words and the look of the page that `filiform screen --folder --report` writes."""

from __future__ import annotations

from filiform.words import Words

WEIGHTS = ("absolute", "relative", "precaution", "emergency", "same-day", "urgent", "routine")
"""Classes of rules and urgencies of red flags, each from the gravest."""

_SAID: dict[str, Words] = {
    "title": Words("Screening for dry needling: review of a folder",
                   "ڈرائی نیڈلنگ کی جانچ: فولڈر کا جائزہ"),
    "contents": Words("On this page", "اس صفحے پر"),
    "day": Words("Day of treatment", "علاج کا دن"),
    "sites": Words("Asked about", "جگہ"),
    "whole_body": Words("whole body", "پورا جسم"),
    "release": Words("Release of the rules", "اصولوں کا اجرا"),
    "share": Words("{number:,} of {of:,}", "{of:,} میں سے {number:,}"),
    "none": Words("None.", "کوئی نہیں۔"),
    "patients": Words("Patients", "مریض"),
    "totals": Words("Totals", "مجموعہ"),
    "answered": Words("Files answered", "جن فائلوں کا جواب ملا"),
    "blocked": Words("Do not needle", "سوئی نہ لگائیں"),
    "justify": Words("Only with a recorded reason", "صرف وجہ درج کر کے"),
    "modify": Words("Yes, with the stated changes", "ہاں، بتائی گئی تبدیلیوں کے ساتھ"),
    "clear": Words("Nothing found against it", "کوئی رکاوٹ نہیں ملی"),
    "with_incomplete": Words("Not complete", "نامکمل"),
    "with_unanswered": Words("With open questions", "جن میں سوال باقی ہیں"),
    "with_not_understood": Words("With something not understood", "جن میں کچھ سمجھ نہیں آیا"),
    "with_unread": Words("With something not read", "جن میں کچھ پڑھا نہیں گیا"),
    "with_warnings": Words("With a warning", "جن میں تنبیہ ہے"),
    "red_flags": Words("Red flags", "خطرے کی علامات"),
    "reasons": Words("Rules that fired", "لاگو ہونے والے اصول"),
    "elsewhere": Words("Only at other places", "صرف دوسری جگہوں پر"),
    "warnings": Words("Warnings", "تنبیہات"),
    "not_understood": Words("Not understood: ask what it is", "سمجھ نہیں آیا: پوچھیں یہ کیا ہے"),
    "unread": Words("Could not be read", "پڑھا نہیں جا سکا"),
    "questions": Words("Still to be asked", "ابھی پوچھنا باقی ہے"),
    "questions_about": Words(
        "How many patients each question is still open for. While one is, nothing is complete.",
        "ہر سوال کتنے مریضوں سے پوچھنا باقی ہے۔ جب تک باقی ہے، جانچ نامکمل ہے۔"),
    "unusable": Words("Files that could not be used", "فائلیں جو استعمال نہ ہو سکیں"),
    "unusable_one": Words("could not be used", "استعمال نہ ہو سکی"),
    "index": Words("Index of patients", "مریضوں کی فہرست"),
    "file": Words("File", "فائل"),
    "decision": Words("Decision", "فیصلہ"),
    "rules": Words("Red flags and rules", "علامات اور اصول"),
    "open": Words("Questions open", "سوال باقی"),
    "not_read": Words("Not understood or not read", "سمجھا یا پڑھا نہیں گیا"),
    "not_complete": Words("not complete", "نامکمل"),
    "absolute": Words("Absolute", "قطعی"),
    "relative": Words("Relative", "نسبتی"),
    "precaution": Words("Precaution", "احتیاط"),
    "emergency": Words("Emergency", "ہنگامی"),
    "same-day": Words("Same day", "اسی دن"),
    "urgent": Words("Urgent", "فوری"),
    "routine": Words("Routine", "معمول"),
}  # fmt: skip


def say(key: str, language: str) -> str:
    """The words for a key in "en" or "ur". Raises KeyError for a key that does not exist."""
    return _SAID[key].in_language(language)


STYLE = """
:root{--ink:#1a1a1a;--paper:#fff;--soft:#595959;--line:#c8c8c8;--link:#0b4f8a;
--grave:#8f1d14;--weighed:#7a4a00;--mild:#1d5c38}
@media(prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#16181a;--soft:#b0b0b0;--line:#4a4a4a;
--link:#8ec5ff;--grave:#ff9d94;--weighed:#f2c063;--mild:#8fd6ab}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,"Noto Sans","Noto Naskh Arabic",sans-serif;overflow-wrap:anywhere}
:lang(ur) body,body:lang(ur){line-height:1.9}
a{color:var(--link)}.evidence li li a{display:inline-block;min-height:1.75rem}
h1{font-size:1.5rem}h2{margin-top:2rem;border-bottom:2px solid var(--line)}
h3{margin:0;font-size:1.05rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
nav a{display:inline-block;padding:.35rem 0}
.rule{margin:1rem 0;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.4rem}
.rule p{margin:.25rem 0}
.absolute,.emergency{color:var(--grave)}.relative,.same-day,.urgent{color:var(--weighed)}
.precaution,.routine{color:var(--mild)}
code{font-size:.85em;color:var(--soft)}.where{font-size:.85em;color:var(--soft)}
.evidence{padding:0;list-style:none}
.evidence>li{border-top:1px solid var(--line)}
summary{padding:.35rem 0;cursor:pointer}
summary:focus-visible,a:focus-visible,.wide:focus-visible{outline:3px solid var(--link)}
table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .5rem;border-bottom:1px solid var(--line);text-align:start;vertical-align:top}
th{font-weight:400}td{font-variant-numeric:tabular-nums}.share{white-space:nowrap}
thead th{font-weight:700}
.wide{overflow-x:auto}
tr:target{outline:3px solid var(--link)}
@media print{:root{--ink:#000;--paper:#fff;--soft:#333;--line:#999;--link:#000;--grave:#000;
--weighed:#000;--mild:#000}body{max-width:none;font-size:9pt;padding:0}nav{display:none}
.rule,tr,.evidence>li{break-inside:avoid}.rule h3{break-after:avoid}a{text-decoration:none}
.wide{overflow:visible}thead{display:table-header-group}}
"""
