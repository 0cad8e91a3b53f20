"""Words and looks of the atlas' codes, and quiet links into it."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.anatomy import atlas
from filiform.clinic.atlas import vocabulary
from filiform.clinic.web.templatetags.filiform import icon

register = template.Library()


@register.filter
def confidence(code: str) -> SafeString:
    """A tag that says how far a row was compared with a source."""
    text, look = vocabulary.CONFIDENCES[code]
    return format_html('<span class="tag {}">{}</span>', look, text)


@register.filter
def urgency(code: str) -> SafeString:
    """A tag that says how fast to act."""
    text, look = vocabulary.URGENCIES[code]
    return format_html('<span class="tag {}">{}</span>', look, text)


@register.filter
def level(code: str) -> Any:
    """Training that a needling note asks for, in words."""
    return vocabulary.LEVELS[code]


@register.filter
def status(code: str) -> Any:
    """What a study counted, in words."""
    return vocabulary.STATUSES.get(code, code)


@register.filter
def change_kind(code: str) -> Any:
    """ "added", "removed", "changed" in words."""
    return vocabulary.CHANGES[code]


@register.simple_tag
def atlas_link(muscle: str, side: str = "", point: str = "", *, apart: bool = False) -> SafeString:
    """A quiet link to a muscle's page, named for screen readers; nothing when the atlas has
    dropped the muscle. apart: in a window of its own, where the page must stay open."""
    known = atlas().muscles.get(muscle)
    if known is None:
        return SafeString("")
    # Painful areas may be "bilateral", which the muscle's page doesn't know.
    side = side if side in ("left", "right") else ""
    asked = [f"{key}={value}" for key, value in (("side", side), ("point", point)) if value]
    href = reverse("atlas:muscle", args=[muscle]) + ("?" + "&".join(asked) if asked else "")
    spoken = _("%(muscle)s in the atlas") % {
        "muscle": known.name.in_language(get_language() or "en")
    }
    return format_html(
        '<a class="atlas-link" href="{}"{} title="{}">{}'
        '<span class="visually-hidden">{}</span></a>',
        href,
        SafeString(' target="_blank" rel="noopener"') if apart else "",
        spoken,
        icon("book"),
        spoken,
    )
