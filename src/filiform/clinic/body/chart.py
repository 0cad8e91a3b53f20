"""What a page hands to `<body-chart>`: addresses, words, icons and what is shown.

attributes = chart_attributes(mode="paint", name="pain", value=text, body=body_of(patient))
<body-chart{{ attributes|flat }}> ... what is seen without script ... </body-chart>
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import surface
from filiform.clinic.body.documents import STANDARD
from filiform.clinic.patients.models import Patient
from filiform.clinic.web.icons import ICONS

Mode = Literal["paint", "pick", "show"]

CHART_ICONS = (
    "body-front",
    "body-back",
    "body-left",
    "body-right",
    "eraser",
    "turn",
    "undo",
    "redo",
    "cross",
    "plus",
    "minus",
)


def body_of(patient: Patient) -> str:
    """Address of the patient's own build; only for pages of members of staff."""
    return reverse("body:patient", args=[patient.pk])


def standard_body(build: str = "reference") -> str:
    """Address of a standard build. Raises KeyError for one that doesn't exist."""
    if build not in STANDARD:
        raise KeyError(f"{build!r} is no standard build; there are {', '.join(STANDARD)}")
    return reverse("body:build", args=[surface().release, build])


def chart_attributes(
    *,
    mode: Mode,
    body: str = "",
    name: str = "",
    value: str = "",
    qualities: Iterable[tuple[str, Any]] = (),
    shown: Mapping[str, Any] | None = None,
    label: str = "",
    view: str = "front",
    close_up: str = "whole",
) -> dict[str, str]:
    """Attributes of the element, all text.

    body: an address from `body_of` or `standard_body`; the reference body without one.
    qualities: (id, label) pairs a patient may choose from. shown: see docs/reference/body-chart.md.
    label: the picture's name for those who can't see it. view: front, back, left or right.
    """
    made = {
        "mode": mode,
        "name": name,
        "value": value,
        "surface": reverse("body:surface", args=[surface().release]),
        "body": body or standard_body(),
        # A tapped place is told on this one, whatever build is shown.
        "reference": standard_body(),
        "view": view,
        "close-up": close_up,
        "label": label or str(_("Body, rotatable")),
        "data-words": _words_json(get_language()),
        "data-icons": _icons_json(),
    }
    if qualities:
        made["data-qualities"] = _json([[key, str(text)] for key, text in qualities])
    if shown is not None:
        made["data-show"] = _json(shown)
    # An empty value is a statement of its own: nothing is drawn yet.
    return {key: text for key, text in made.items() if text or key == "value"}


@cache
def _words_json(_language: str | None) -> str:
    # Some hundred words that are the same for everybody who reads this language.
    return _json(chart_words())


@cache
def _icons_json() -> str:
    return _json({name: ICONS[name] for name in CHART_ICONS})


def chart_words() -> dict[str, Any]:
    """Every word that the chart shows, in the reader's language."""
    return {**_tool_words(), **_view_words(), **_picture_words(), "regions": _region_names()}


def _tool_words() -> dict[str, Any]:
    return {
        "tool": _("Brush"),
        "brushes": {
            "small": pgettext("brush", "Fine"),
            "medium": pgettext("brush", "Medium"),
            "large": pgettext("brush", "Broad"),
        },
        "rubOut": _("Erase"),
        "turn": pgettext("tool: dragging turns the body", "Turn"),
        "history": _("Undo and redo"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "clear": _("Clear all"),
        "quality": _("What does it feel like?"),
        "qualityUnsaid": _("Pain"),
        "strength": _("How strong?"),
        "strengthUnsaid": _("not stated"),
        "strengthUnsay": _("Remove the rating"),
        "mild": _("0 none"),
        "worst": _("10 worst"),
    }


def _view_words() -> dict[str, Any]:
    return {
        "label": _("Body, rotatable"),
        "help": {
            "paint": _(
                "Arrow keys turn the body, plus and minus zoom. Without a pointer use the list of "
                "regions beside the picture: it fills in the same drawing."
            ),
            "pick": _(
                "Arrow keys turn the body, plus and minus zoom. Without a pointer use the list of "
                "regions beside the picture."
            ),
            "show": _("Arrow keys turn the body, plus and minus zoom."),
        },
        "side": _("Side of the body"),
        "sides": {
            "front": pgettext("view of the body", "Front"),
            "back": pgettext("view of the body", "Back"),
            "left": pgettext("view of the body", "Left"),
            "right": pgettext("view of the body", "Right"),
        },
        "closeUp": _("Close-up"),
        "closeUps": {
            "whole": _("Whole body"),
            "head": _("Head"),
            "shoulders": _("Neck and shoulders"),
            "low-back": _("Low back"),
            "right-hand": _("Right hand"),
            "left-hand": _("Left hand"),
            "knees": _("Knees"),
            "feet": _("Feet"),
            "soles": _("Soles"),
        },
        "zoom": _("Zoom"),
        "nearer": _("Zoom in"),
        "farther": _("Zoom out"),
    }


def _picture_words() -> dict[str, Any]:
    return {
        "failed": _(
            "The body can't be drawn on this device. The list and the pictures do the same."
        ),
        "lost": _("The picture stopped. What was drawn is kept; the list shows it."),
        "unread": _("This drawing was made on an older body; the list shows it."),
        "few": _("less"),
        "many": _("more"),
        "essential": _("Where pain is usual"),
        "spillover": _("Where it may spread"),
        "bruise": _("Bruise"),
        "then": pgettext("drawing", "Then"),
        "now": pgettext("drawing", "Now"),
        "both": _("Then and now"),
        "states": {
            "planned": pgettext("needle", "Planned"),
            "in": pgettext("needle", "In"),
            "out": pgettext("needle", "Out"),
        },
        "comma": "، " if (get_language() or "en").startswith("ur") else ", ",
        "sideNames": {
            "left": pgettext("side of the body", "left"),
            "right": pgettext("side of the body", "right"),
        },
    }


def _region_names() -> dict[str, dict[str, Any]]:
    language = (get_language() or "en").split("-")[0]
    return {
        region.id: {"name": region.name.in_language(language), "sided": region.sided}
        for region in atlas().regions.values()
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
