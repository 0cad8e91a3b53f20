"""The body on the treatment page: planned sites as pins, so that a tap on one is a needle in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import Spot, patchwork
from filiform.anatomy.surface.flat import best_view
from filiform.anatomy.surface.picture import Pin
from filiform.anatomy.surface.spots import spot_text
from filiform.clinic.body.chart import body_of, chart_attributes
from filiform.clinic.body.pictures import pictures
from filiform.clinic.body.places import place_of

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.treatment.page import TargetCard, TreatmentPage

NEAR_SHOULDERS = frozenset({"shoulder-blade", "back-upper", "spine-upper", "chest-upper"})
KNEES = frozenset({"knee-front", "knee-inner", "knee-outer", "knee-back"})
LOW_BACK = frozenset(
    {"back-middle", "back-lower", "spine-lower", "flank", "sacrum", "tailbone", "buttock"}
)


def body_on_page(page: TreatmentPage, patient: Patient) -> dict[str, Any] | None:
    """The chart with a pin for every target whose site the atlas knows, and flat views of the
    same for screens without it. None where there is nothing to show."""
    placed = [(card, spot) for card in page.cards if (spot := place_of(card.target)) is not None]
    if not placed:
        return None
    spots = [spot for _card, spot in placed]
    view = best_view(spots[0])
    chart = chart_attributes(
        mode="show",
        body=body_of(patient),
        shown={"pins": [_pin(number, *one) for number, one in enumerate(placed, start=1)]},
        label=_("Planned places on the body"),
        view=view,
        close_up=close_up_of(spots),
    )
    pins = [Pin(spot, "planned", card.name) for card, spot in placed]
    views = dict.fromkeys(best_view(spot) for spot in spots)
    return {"chart": chart, "pictures": pictures(views=views, pins=pins, prefix="treatment")}


def _pin(number: int, card: TargetCard, spot: Spot) -> dict[str, Any]:
    return {
        "id": str(card.target.pk),
        "label": str(number),
        "name": card.name,
        "at": spot_text(spot),
        "state": "in" if card.inside else "out" if card.outside else "planned",
    }


def close_up_of(spots: Iterable[Spot]) -> str:
    """The close-up of `<body-chart>` that holds all places, "whole" when none does."""
    parts = {_part(spot) for spot in spots}
    return parts.pop() if len(parts) == 1 else "whole"


def _part(spot: Spot) -> str:
    work = patchwork()
    patch = int(work.of_face[spot.face])
    region = work.regions[int(work.region_of[patch])]
    group = atlas().regions[region].group
    if group in ("neck", "shoulder") or region in NEAR_SHOULDERS:
        return "shoulders"
    if region in LOW_BACK:
        return "low-back"
    if group == "hand":
        return "left-hand" if patch < work.count // 2 else "right-hand"
    if region in KNEES:
        return "knees"
    return {"head": "head", "foot": "feet"}.get(group, "whole")
