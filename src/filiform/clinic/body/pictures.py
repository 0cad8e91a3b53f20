"""Flat views for pages: the pictures of `anatomy.surface.picture` with words and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import BodyDrawing
from filiform.anatomy.surface.flat import CLOSE_UPS, WHOLE, flat_view
from filiform.anatomy.surface.listing import entries
from filiform.anatomy.surface.picture import Href, Pin, Zone, picture, region_shapes


@dataclass(frozen=True)
class NamedPicture:
    """A picture with its name. near: a close-up."""

    id: str
    name: str
    svg: SafeString
    near: bool


def view_names() -> Mapping[str, str]:
    """Names of the views in the reader's language."""
    return _view_names(get_language() or "en")


@cache
def _view_names(_language: str) -> Mapping[str, str]:
    return {
        "front": pgettext("view of the body", "Front"),
        "back": pgettext("view of the body", "Back"),
        "left": pgettext("view of the body", "Left"),
        "right": pgettext("view of the body", "Right"),
        "head-front": _("Face"),
        "head-back": _("Back of the head"),
        "head-left": _("Head, left"),
        "head-right": _("Head, right"),
        "hand-palm-right": _("Right palm"),
        "hand-palm-left": _("Left palm"),
        "hand-back-left": _("Back of the left hand"),
        "hand-back-right": _("Back of the right hand"),
        "foot-top-right": _("Right foot, top"),
        "foot-top-left": _("Left foot, top"),
        "foot-sole-left": _("Left sole"),
        "foot-sole-right": _("Right sole"),
    }


def place_name(region: str, side: str) -> str:
    """ "Temple, left" in the reader's language; the id of a region that the atlas has dropped."""
    return _place_name(region, side, get_language() or "en")


@lru_cache(maxsize=512)
def _named_regions(view: str, language: str, links: str) -> str:
    """The outlines with their names, which don't depend on what is drawn. `language` is the one
    that is on: it makes each its own entry."""
    href = (lambda region, side: f"{links}{region}-{side}") if links else None
    return region_shapes(view, href, place_name)


@cache
def _place_name(region: str, side: str, language: str) -> str:
    # Kept, since a page with all views says some 700 of them.
    known = atlas().regions.get(region)
    if known is None:
        return region
    name = known.name.in_language(language)
    if not known.sided:
        return name
    comma = "، " if language.startswith("ur") else ", "
    words = {
        "left": pgettext("side of the body", "left"),
        "right": pgettext("side of the body", "right"),
        "bilateral": _("both sides"),
    }
    return f"{name}{comma}{words.get(side, side)}"


def shade_address(view: str) -> str:
    """Of the picture of darkness that lies over a view's skin."""
    # Mirrored views share a picture: half as many to load.
    kept = view.removesuffix("right") + "left" if flat_view(view).mirror else view
    return static(f"filiform/flat/{kept}.webp")


def pictures(
    drawing: BodyDrawing | None = None,
    *,
    views: Iterable[str] = (*WHOLE, *CLOSE_UPS),
    href: Href | None = None,
    links: str = "",
    zones: Iterable[Zone] = (),
    pins: Iterable[Pin] = (),
    prefix: str = "flat",
    css: str = "",
    spoken: bool = False,
) -> list[NamedPicture]:
    """The views with a drawing, zones and pins. href: address of a region; links: its beginning,
    where region and side follow ("#pain-" → "#pain-temple-left"), which is kept. spoken: each
    picture is named for screen readers; leave it off where a list beside it says more."""
    names = view_names()
    zones, pins = tuple(zones), tuple(pins)
    found = []
    for view in views:
        svg = picture(
            view,
            drawing=drawing,
            zones=zones,
            pins=pins,
            href=href,
            say=place_name,
            # Addresses that differ for each region can't be kept; those with one beginning can.
            regions="" if href else _named_regions(view, get_language() or "en", links),
            shade=shade_address(view),
            label=names[view] if spoken else "",
            prefix=prefix,
            css=css,
        )
        # The pure room escapes every text that it is given.
        found.append(NamedPicture(view, names[view], mark_safe(svg), view in CLOSE_UPS))  # noqa: S308
    return found


def views_of(drawing: BodyDrawing, pins: Iterable[Pin] = ()) -> tuple[str, ...]:
    """The views worth printing: front and back, and whatever else shows more of a drawing."""
    chosen = ["front", "back"]
    seen = flat_view("front").visible | flat_view("back").visible
    wanted = drawing.union.values > 0 if drawing else None
    if wanted is None:
        return tuple(chosen)
    for view in (*WHOLE[2:], *CLOSE_UPS):
        fresh = flat_view(view).visible & wanted & ~seen
        # A patch or two at the edge is worth no picture more.
        if fresh.sum() >= 3:
            chosen.append(view)
            seen = seen | flat_view(view).visible
    return tuple(chosen)


def in_words(drawing: BodyDrawing, qualities: dict[str, Any]) -> list[str]:
    """A line for each painful region: "Temple, left: dull, aching, 5/10, part of it"."""
    comma = "، " if (get_language() or "en").startswith("ur") else ", "
    extents = extent_names()
    lines = []
    for entry in entries(drawing):
        # Only touched by the pen's edge: said in words it would be a painful place.
        if not entry.noted:
            continue
        parts = [str(qualities.get(entry.quality, entry.quality)).lower()] if entry.quality else []
        if entry.intensity is not None:
            parts.append(f"{entry.intensity}/10")
        parts.append(str(extents[entry.extent]))
        lines.append(f"{place_name(*entry.place)}: {comma.join(parts)}")
    return lines


def extent_names() -> dict[str, str]:
    """How much of a region, in words."""
    return {
        "part": pgettext("extent", "part of it"),
        "half": pgettext("extent", "about half"),
        "all": pgettext("extent", "all of it"),
    }
