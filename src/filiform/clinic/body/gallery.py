"""Every mode of the chart on one page, to look at and to test. The drawings are invented."""

from __future__ import annotations

from typing import Any

from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from filiform.anatomy.surface import PatchWeights, draw, empty, parse_area
from filiform.clinic.access.guards import staff
from filiform.clinic.body.chart import chart_attributes, standard_body
from filiform.clinic.body.documents import STANDARD
from filiform.clinic.body.vocabulary import QUALITIES

ESSENTIAL = (
    "disc:deltoid-anterior-mid:5:right",
    "stripe:arm-anterior-mid>antecubital-crease-mid:5:right",
)
SPILLOVER = (
    "stripe:antecubital-crease-mid>forearm-volar-mid>volar-wrist-mid:5:right",
    "disc:infraspinous-fossa-center:6:right",
)
THEN = ("disc:l5-paraspinal:8:bilateral", "stripe:buttock-center>thigh-posterior-mid:7:right")
NOW = ("disc:l5-paraspinal:5:right", "disc:buttock-center:4:right")
BRUISE = ("disc:calf-medial-upper:2.5:left",)


@staff("sign-in")
def gallery(request: HttpRequest) -> HttpResponse:
    """?build=woman shows the charts on another standard body, ?chart=paint one of them alone."""
    build = request.GET.get("build", "reference")
    body = standard_body(build if build in STANDARD else "reference")
    charts = {name: _flat(body=body, **made) for name, made in charts_of().items()}
    wanted = request.GET.get("chart", "")
    charts = {wanted: charts[wanted]} if wanted in charts else charts
    return render(request, "body/gallery.html", {"charts": charts, "builds": STANDARD})


def charts_of() -> dict[str, dict[str, Any]]:
    return {
        "paint": {
            "mode": "paint",
            "name": "pain",
            "qualities": QUALITIES,
            "label": _("Where does it hurt? Paint on the body."),
        },
        "pick": {"mode": "pick", "name": "site", "label": _("Tap the place.")},
        "zones": {
            "mode": "show",
            "shown": {
                "zones": [{"essential": _text(ESSENTIAL), "spillover": _text(SPILLOVER)}],
                "pins": _needles(),
            },
            "label": _("Where infraspinatus sends pain, with three needles"),
        },
        "heat": {
            "mode": "show",
            "shown": {"heat": _slopes(), "bruises": [_text(BRUISE)]},
            "view": "back",
            "label": _("How often a place hurts"),
        },
        "compared": {
            "mode": "show",
            "shown": {"then": _text(THEN), "now": _text(NOW)},
            "view": "back",
            "label": _("Pain then and now"),
        },
    }


def _flat(**made: Any) -> SafeString:
    return flatatt(chart_attributes(**made))


def _drawn(areas: tuple[str, ...]) -> PatchWeights:
    whole = empty()
    for area in areas:
        whole = whole.union(draw(parse_area(area)))
    return whole


def _text(areas: tuple[str, ...]) -> str:
    return _drawn(areas).as_text()


def _slopes() -> str:
    """A map that has every step of the scale."""
    values = empty().values.copy()
    for step in range(1, 11):
        ring = draw(parse_area(f"disc:l3-spinous:{22 - 2 * step}:midline")).values
        values[ring > 0.3] = step / 10
    return PatchWeights(values).as_text()


def _needles() -> list[dict[str, Any]]:
    side = "right"
    return [
        {
            "id": "1",
            "label": "1",
            "name": "Infraspinatus",
            "state": "planned",
            "at": {"landmark": "infraspinous-fossa-center", "side": side},
        },
        {
            "id": "2",
            "label": "2",
            "name": "Deltoid",
            "state": "in",
            "at": {"landmark": "deltoid-anterior-mid", "side": side},
        },
        {
            "id": "3",
            "label": "3",
            "name": "Biceps",
            "state": "out",
            "at": {"landmark": "arm-anterior-mid", "side": side},
        },
    ]
