"""Parts of the consent text that stand in its own language, whatever language the page has."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from filiform.clinic.consent.personal import ShownRisk
from filiform.clinic.consent.shipped import risks
from filiform.words import Words

register = template.Library()

HEADINGS = {
    "planned": Words(en="What is planned today", ur="آج کیا کرنے کا ارادہ ہے"),
    "risks": Words(en="How often it happens", ur="کتنی بار ایسا ہوتا ہے"),
    "one-figure": Words(
        en="Each picture shows 100 treatments; a filled figure is one in which it happens; "
        "one with a dotted edge belongs to the higher of two counts.",
        ur="ہر تصویر میں 100 علاج ہیں؛ بھری ہوئی شکل وہ ہے جس میں ایسا ہوا، "
        "نقطے دار کنارے والی شکل زیادہ والی گنتی کی ہے۔",
    ),
    "expert": Words(en="Opinion of experts, not counted", ur="ماہرین کی رائے، گنا نہیں گیا"),
    "counted": Words(en="Counted in", ur="گنتی کا ماخذ"),
    "refused": Words(
        en="Not agreed to, and not done", ur="جس سے انکار کیا گیا، اور نہیں کیا جائے گا"
    ),
    "said-back": Words(en="What you said back", ur="آپ نے کیا دہرایا"),
    "agreed": Words(en="What was agreed to", ur="کس بات پر رضامندی دی گئی"),
}
COLUMNS = 20


@register.simple_tag
def heading(name: str, language: str) -> str:
    return HEADINGS[name].in_language(language)


@register.simple_tag
def people(risk: ShownRisk) -> SafeString:
    """100 people in five rows; filled, striped, a sliver, or empty."""
    figures = format_html_join(
        "",
        '<use href="#one-person" class="{}" x="{}" y="{}" width="9" height="16"/>',
        (
            (dot, (place % COLUMNS) * 10, (place // COLUMNS) * 18)
            for place, dot in enumerate(risk.dots)
        ),
    )
    return format_html(
        '<svg class="people" viewBox="0 0 200 90" role="img" aria-label="{}">{}</svg>',
        risk.says,
        figures,
    )


@register.simple_tag
def risk_name(risk_id: str, language: str) -> str:
    """The name of a risk of the table; its id where a later release has dropped it."""
    found = next((risk for risk in risks() if risk.id == risk_id), None)
    return found.name.in_language(language) if found else risk_id
