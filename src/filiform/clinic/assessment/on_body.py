"""A card's two pictures: where the needle goes in on the body, and what it passes on its way.

Both follow what stands in the form, saved or not: the page draws them first, and asks for them
again (`views.plan.look`) when a place is tapped or a number changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.anatomy import atlas
from filiform.anatomy.surface import Spot, patchwork
from filiform.anatomy.surface.close_up import close_up
from filiform.anatomy.surface.flat import best_view, flat_view
from filiform.anatomy.surface.spots import spot_text
from filiform.clinic.assessment import queries
from filiform.clinic.body.pictures import place_name, shade_address
from filiform.clinic.body.places import place_of
from filiform.planning import Body, NeedlePlan
from filiform.planning.headings import headings, vector
from filiform.planning.section import Section, section
from filiform.planning.section_picture import needle_of, section_picture

if TYPE_CHECKING:
    from datetime import date

    from filiform.clinic.assessment.models import Target


class OnBody(NamedTuple):
    """entry: the text of the place. usual: it is the atlas' own. where: its region in words."""

    entry: str
    usual: bool
    where: str
    body: SafeString
    section: SafeString
    unplaced: tuple[str, ...]
    by_build: bool


class Shown(NamedTuple):
    """What stands in a card's form and moves its pictures."""

    entry: str = ""
    heading: str = ""
    angle_deg: float | None = None
    depth_mm: float | None = None
    palpation: str = ""


def on_body(
    target: Target,
    proposal: NeedlePlan,
    shown: Shown,
    *,
    on: date,
    others: Iterable[tuple[Spot, str]] = (),
) -> OnBody | None:
    """The pictures of a target; None where neither plan nor atlas knows a place for it."""
    spot = entry_of(target, shown.entry)
    if spot is None:
        return None
    language = get_language() or "en"
    name = atlas().muscles[target.muscle].name.in_language(language)
    where = _where(spot)
    known = {one.id for one in headings()}
    # From the form, so it may be anything: an unknown direction is drawn straight in.
    heading = vector(shown.heading, target.side) if shown.heading in known else None
    view = best_view(spot)
    body = close_up(
        spot,
        heading=heading,
        others=others,
        view=view,
        shade=shade_address(view),
        label=_("%(muscle)s: place of entry, %(where)s") % {"muscle": name, "where": where},
    )
    found = section_of(target, on=on, palpation=shown.palpation)
    drawn = section_picture(
        found,
        needle_of(proposal, shown.depth_mm, shown.angle_deg),
        language=language,
        label=_("%(muscle)s: section from the skin inwards") % {"muscle": name},
        prefix=f"section-{target.pk}",
    )
    # Both rooms escape every text that they are given.
    return OnBody(
        entry=spot_text(spot),
        usual=not shown.entry,
        where=where,
        body=mark_safe(body),  # noqa: S308
        section=mark_safe(drawn),  # noqa: S308
        unplaced=tuple(one.in_language(language) for one in found.unplaced),
        by_build=found.by_build,
    )


def entry_of(target: Target, entry: str) -> Spot | None:
    """The place of a plan, else the atlas' own; an unreadable one counts as none."""
    return place_of(target, entry)


def section_of(target: Target, *, on: date, palpation: str = "") -> Section:
    """What lies under the target's place in this patient."""
    grip: Any = palpation if palpation in ("flat", "pincer") else None
    return section(
        target.muscle, Body(**queries.build(target.patient, on)), trp=target.trp, grip=grip
    )


def tapped(view: str, x: float, y: float) -> Spot | None:
    """The place on the skin at a point of a flat view; None beside the body."""
    try:
        return flat_view(view).spot(x, y)
    # A view that we don't draw; a tap there is like one beside the body.
    except KeyError:
        return None


def _where(spot: Spot) -> str:
    work = patchwork()
    patch = int(work.of_face[spot.face])
    region = work.regions[int(work.region_of[patch])]
    known = atlas().regions.get(region)
    side = "left" if patch < work.count // 2 else "right"
    return place_name(region, side if known is None or known.sided else "midline")
