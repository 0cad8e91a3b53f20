"""Where somebody pointed: a tap on the body, a region of the list, or a source's own zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from filiform.anatomy.surface import (
    AreaError,
    PatchWeights,
    named_regions,
    patchwork,
)
from filiform.anatomy.surface.layers import region_patches
from filiform.anatomy.surface.spots import read_spot
from filiform.anatomy.zones import place_about, zone_matrix
from filiform.clinic.body.pictures import place_name


@dataclass(frozen=True)
class Pointed:
    """A place to ask about. name: in the reader's language; text: the tap, as the chart has it."""

    weights: PatchWeights
    name: str
    text: str = ""


class Unreadable(ValueError):
    """The address names no place of this body."""


def pointed(asked: Mapping[str, str]) -> Pointed | None:
    """From the fields `at` (a tap), `region` and `side`, or `like` (a source's zone) and `side`.

    None when nothing was asked. Raises Unreadable for what is no place.
    """
    side = asked.get("side", "")
    if asked.get("at"):
        return _tapped(asked["at"])
    if asked.get("region"):
        return _region(asked["region"], side)
    if asked.get("like"):
        return _like(asked["like"], side)
    return None


def _tapped(text: str) -> Pointed:
    try:
        spot = read_spot(text)
    except AreaError:
        raise Unreadable from None
    patch = int(patchwork().of_face[spot.face])
    region = patchwork().regions[int(patchwork().region_of[patch])]
    # Patches are numbered left half first.
    side = "left" if patch < patchwork().count // 2 else "right"
    return Pointed(place_about(spot), place_name(region, side), text)


def _region(region: str, side: str) -> Pointed:
    if side not in ("left", "right", "midline", "bilateral"):
        raise Unreadable
    try:
        inside = region_patches(region, side)
    except AreaError:
        raise Unreadable from None
    return Pointed(PatchWeights(inside.astype(float)), place_name(region, side))


def _like(source_id: str, side: str) -> Pointed:
    matrix = zone_matrix()
    # From an address that anybody may type; a side that a source hasn't is no place either.
    if (source_id, side) not in matrix.rows:
        raise Unreadable
    essential, _ = matrix.zones(source_id, side)
    found = named_regions(essential)
    # The largest region stands for a zone that covers several.
    name = place_name(found[0].region, found[0].side) if found else ""
    return Pointed(essential, name)
