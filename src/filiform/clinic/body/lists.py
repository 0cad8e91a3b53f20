"""The list of regions that stands beside the chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import BodyDrawing, extent_of, sided_regions
from filiform.anatomy.surface.listing import entries
from filiform.clinic.body.pictures import extent_names, place_name

RegionAndSide = tuple[str, str]


@dataclass(frozen=True)
class MarkedRegion:
    """One region with what was marked in it. key: begins the names of its fields."""

    key: str
    region: str
    side: str
    name: str
    extent: str
    quality: str
    intensity: int | None
    extents: Sequence[tuple[str, str]]
    qualities: Sequence[tuple[str, Any]]

    @classmethod
    def blank(cls, name: str, qualities: Sequence[tuple[str, Any]]) -> MarkedRegion:
        """The row that script fills in."""
        return cls(f"{name}-line-new", "", "", "", "all", "", None, extent_choices(), qualities)


@dataclass(frozen=True)
class RegionChoice:
    """One region in the list of all places, with a choice for each side that it has."""

    region: str
    name: str
    sides: tuple[tuple[str, str, str, str], ...]
    """(side, id, spoken name, extent)"""


@dataclass(frozen=True)
class PlaceGroup:
    id: str
    name: str
    spots: tuple[RegionChoice, ...]


def extent_choices() -> list[tuple[str, str]]:
    """None, part, about half, all."""
    return [("none", pgettext("extent", "none")), *extent_names().items()]


def lines(
    name: str, drawing: BodyDrawing, qualities: Iterable[tuple[str, Any]]
) -> list[MarkedRegion]:
    """What is marked, layer by layer. The place in the list is the number in the field's name."""
    known = tuple(qualities)
    return [
        MarkedRegion(
            f"{name}-line-{number}",
            *entry.place,
            place_name(*entry.place),
            entry.extent,
            entry.quality,
            entry.intensity,
            extent_choices(),
            known,
        )
        for number, entry in enumerate(entries(drawing))
    ]


def groups(name: str, drawing: BodyDrawing) -> list[PlaceGroup]:
    """Every region under its heading, with how much of it is marked."""
    language = get_language() or "en"
    extents = union_extents(shares(drawing))
    found = []
    for group in atlas().region_groups.values():
        spots = []
        for region in atlas().regions.values():
            if region.group != group.id:
                continue
            # Right first: seen from the front it is on the reader's left.
            sides = ("right", "left") if region.sided else ("midline",)
            spots.append(
                RegionChoice(
                    region.id,
                    region.name.in_language(language),
                    tuple(
                        (
                            side,
                            f"{name}-place-{region.id}-{side}",
                            place_name(region.id, side),
                            extents.get((region.id, side), "none"),
                        )
                        for side in sides
                    ),
                )
            )
        found.append(PlaceGroup(group.id, group.name.in_language(language), tuple(spots)))
    return found


def shares(drawing: BodyDrawing) -> dict[RegionAndSide, float]:
    """Place → how much of it is marked by anything at all."""
    return {(one.region, one.side): one.share for one in sided_regions(drawing.union)}


def union_extents(covered: dict[RegionAndSide, float]) -> dict[RegionAndSide, str]:
    """Place → its extent, only those that are marked."""
    found = {place: extent_of(share) for place, share in covered.items()}
    return {place: extent for place, extent in found.items() if extent}


def place_list(found: Iterable[PlaceGroup]) -> SafeString:
    """Every region with its choices as HTML, written in Python: a template took 40 ms for some 150
    selects, most of the story page. Names come from the atlas and the catalogue, not from people,
    and are escaped all the same."""
    options = {extent: _options(extent) for extent, _words in extent_choices()}
    sides = {"left": escape(_("Left")), "right": escape(_("Right"))}
    sections = []
    for group in found:
        heading = escape(group.name)
        items = "".join(_item(spot, heading, options, sides) for spot in group.spots)
        sections.append(
            f'<section data-group><h4>{heading}</h4><ul class="plain">{items}</ul></section>'
        )
    return mark_safe("".join(sections))  # noqa: S308


def _item(
    spot: RegionChoice, heading: str, options: Mapping[str, str], sides: Mapping[str, str]
) -> str:
    name = escape(spot.name)
    choices = "".join(
        f'<label class="place-choice"><span class="side" aria-hidden="true">{sides.get(side, "")}'
        f'</span><select id="{key}" name="{key}" aria-label="{escape(spoken)}" '
        f'data-place="{spot.region} {side}"{_marked(extent)}>{options[extent]}</select></label>'
        for side, key, spoken, extent in spot.sides
    )
    return f'<li data-words="{name} {heading}"><span class="place-name">{name}</span>{choices}</li>'


def _marked(extent: str) -> str:
    return "" if extent == "none" else ' class="is-marked"'


def _options(chosen: str) -> str:
    """The options of a select with one of them chosen."""
    return "".join(
        f'<option value="{key}"{" selected" if key == chosen else ""}>{escape(str(words))}</option>'
        for key, words in extent_choices()
    )
