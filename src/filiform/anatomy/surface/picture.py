"""A flat view as an SVG picture: the body, its regions, a drawing, zones and pins.

Looks stand in web/filiform/flat.css: only classes here, no colours and no inline style. Kind and
strength are told apart by pattern as well as colour, so that a print in black and white can be
read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

import numpy as np

from filiform.anatomy.surface.flat import FlatView, flat_view
from filiform.anatomy.surface.geodesics import Spot
from filiform.anatomy.surface.layers import BodyDrawing, Layer
from filiform.anatomy.surface.weights import PatchWeights

Href = Callable[[str, str], str]
STEPS = (0.1, 0.4, 0.75)
"""Weights from which a further coat is laid on: three steps look like a soft edge."""
PATTERNS = {
    "tight": '<path d="M3 0V12M9 0V12"/>',
    "sharp": '<path d="M0 12L12 0M-3 3L3 -3M9 15L15 9"/>',
    "burning": '<path d="M0 12L12 0M-3 3L3 -3M9 15L15 9M0 0L12 12M-3 9L3 15M9 -3L15 3"/>',
    "throbbing": '<circle cx="6" cy="6" r="3.6"/>',
    "shooting": '<path d="M0 0L12 12M-3 9L3 15M9 -3L15 3"/>',
    "tingling": (
        '<circle class="dot" cx="3" cy="3" r="1.4"/><circle class="dot" cx="9" cy="9" r="1.4"/>'
    ),
    "numb": '<path d="M0 3H12M0 9H12"/>',
    "cramping": '<path d="M0 6Q3 1 6 6T12 6"/>',
}
"""What tells qualities apart beside colour, on a tile of 12 by 12; none for a dull ache. The same
marks as on <body-chart>."""


@dataclass(frozen=True)
class Pin:
    """A marked place. kind: "needle", "planned" or "spot". label: read out and shown on hover."""

    spot: Spot
    kind: str = "spot"
    label: str = ""


@dataclass(frozen=True)
class Zone:
    """An outlined area. kind: a class of flat.css: "essential", "spillover", "first", "second"."""

    weights: PatchWeights
    kind: str = "essential"


def picture(
    name: str,
    *,
    drawing: BodyDrawing | None = None,
    zones: Iterable[Zone] = (),
    pins: Iterable[Pin] = (),
    href: Href | None = None,
    say: Callable[[str, str], str] | None = None,
    regions: str = "",
    shade: str = "",
    label: str = "",
    prefix: str = "flat",
    css: str = "",
) -> str:
    """The SVG of a view.

    href: address of a region, (region, side) → address; then every region is a link, left out of
    the tab order because the list beside it does the same. say: its name. regions: what
    `region_shapes` gave for this view, where it is kept. shade: address of the
    shade picture. label: what a screen reader says; without it the picture is decoration.
    prefix: makes ids unique on a page. css: further classes.
    """
    view = flat_view(name)
    own = f"{prefix}-{name}"
    layers = drawing.layers if drawing else ()
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    mirror = f'transform="matrix(-1 0 0 1 {view.width} 0)" ' if view.mirror else ""
    parts = [
        f'<svg class="flat flat-{name} {escape(css)}" viewBox="0 0 {view.width} {view.height}" '
        f'{spoken} focusable="false">',
        _patterns(layers, own, view),
        f'<path class="skin" d="{view.outline}"/>',
    ]
    if shade:
        parts.append(
            f'<image class="shade" {mirror}href="{escape(shade)}" width="{view.width}" '
            f'height="{view.height}" preserveAspectRatio="none"/>'
        )
    parts += [_coats(view, layer, own) for layer in layers]
    parts += [_zone(view, zone) for zone in zones]
    parts.append(regions or region_shapes(name, href, say))
    parts += [_pin(view, pin) for pin in pins]
    parts.append("</svg>")
    return "".join(parts)


def plain_picture(name: str) -> str:
    """A view as a whole SVG document with its own colours: outline and regions, nothing drawn."""
    view = flat_view(name)
    lines = "".join(f'<path d="{line}"/>' for line in view.regions.values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {view.width} {view.height}">'
        f'<path fill="#ecd3c0" stroke="#8d6a55" stroke-width="{view.height / 280:.1f}" '
        f'd="{view.outline}"/><g fill="none" stroke="#8d6a55" stroke-opacity="0.6" '
        f'stroke-width="{view.height / 800:.1f}">{lines}</g></svg>'
    )


def strength(intensity: int | None) -> str:
    """Class of an intensity: "i0" to "i10", "some" where nobody said."""
    return "some" if intensity is None else f"i{intensity}"


def _patterns(layers: Iterable[Layer], own: str, view: FlatView) -> str:
    used = sorted({x.quality for x in layers if PATTERNS.get(x.quality)})
    if not used:
        return ""
    scale = view.height / 620
    tiles = "".join(
        f'<pattern id="{own}-{quality}" class="pattern" width="12" height="12" '
        f'patternUnits="userSpaceOnUse" patternTransform="scale({scale:.2f})">'
        f"{PATTERNS[quality]}</pattern>"
        for quality in used
    )
    return f"<defs>{tiles}</defs>"


def _coats(view: FlatView, layer: Layer, own: str) -> str:
    values = layer.weights.values
    quality = layer.quality or "plain"
    coats = [view.path(values >= step) for step in STEPS]
    # The middle coat carries pattern and edge; a faint drawing has none and uses the faintest.
    clear = coats[1] or coats[0]
    if not clear:
        return ""
    body = "".join(f'<path class="coat" d="{coat}"/>' for coat in coats if coat)
    if PATTERNS.get(layer.quality):
        body += f'<path fill="url(#{own}-{quality})" d="{clear}"/>'
    body += f'<path class="edge" d="{clear}"/>'
    return f'<g class="layer quality-{quality} {strength(layer.intensity)}">{body}</g>'


def _zone(view: FlatView, zone: Zone) -> str:
    line = view.path(zone.weights.values >= np.float32(0.5))
    return f'<path class="zone {escape(zone.kind)}" d="{line}"/>' if line else ""


def region_shapes(
    name: str, href: Href | None = None, say: Callable[[str, str], str] | None = None
) -> str:
    """The regions of a view as SVG: the same for every drawing, so a caller may keep it."""
    view, drawn = flat_view(name), []
    for (region, side), line in view.regions.items():
        title = f"<title>{escape(say(region, side))}</title>" if say else ""
        path = f'<path class="region" d="{line}">{title}</path>'
        if href is not None:
            address = escape(href(region, side))
            path = (
                f'<a href="{address}" tabindex="-1" data-region="{region}" '
                f'data-side="{side}">{path}</a>'
            )
        drawn.append(path)
    return f'<g class="regions">{"".join(drawn)}</g>'


def _pin(view: FlatView, pin: Pin) -> str:
    where = view.place(pin.spot)
    # A pin on the back is no pin on the front; the page shows it in the view that has it.
    if where is None:
        return ""
    size = view.height / 100
    x, y = where
    title = f"<title>{escape(pin.label)}</title>" if pin.label else ""
    if pin.kind == "planned":
        across = f"M{x - size:.0f} {y:.0f}H{x + size:.0f}"
        shape = f'<path d="{across}M{x:.0f} {y - size:.0f}V{y + size:.0f}"/>'
    else:
        shape = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.0f}"/>'
    return f'<g class="pin pin-{escape(pin.kind)}">{shape}{title}</g>'
