"""The regions of the body that a consent is asked for, each with its picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils.safestring import SafeString, mark_safe

from filiform.anatomy.surface import Spot
from filiform.anatomy.surface.close_up import close_up
from filiform.anatomy.surface.flat import best_view
from filiform.clinic.assessment.details import details_of
from filiform.clinic.assessment.queries import plans
from filiform.clinic.body.pictures import shade_address
from filiform.clinic.body.places import place_of

if TYPE_CHECKING:
    from filiform.clinic.consent.personal import Done
    from filiform.clinic.visits.models import Visit


class ConsentRegion(NamedTuple):
    """A part of the body with everything that is planned there. pairs: as the form posts them."""

    name: str
    side: str
    done: list[Done]
    picture: SafeString
    pairs: str


def regions_of(visit: Visit, done: Iterable[Done], language: str) -> list[ConsentRegion]:
    """What is planned, by region and side, in the order in which it was chosen.

    language: of the consent text, which need not be the page's.
    """
    places: dict[tuple[str, str], Spot | None] = {
        (target.muscle, target.side): place_of(target, details_of(plan).entry)
        for target, plan in plans(visit)
    }
    groups: dict[tuple[str, str], list[Done]] = {}
    for one in done:
        # By side, too: a patient may refuse one side alone.
        groups.setdefault((one.region, one.side), []).append(one)
    return [
        ConsentRegion(
            name=region,
            side=side,
            done=own,
            picture=_picture([places.get((one.muscle, one.side)) for one in own], region),
            pairs=" ".join(f"{one.muscle}:{one.side}" for one in own),
        )
        for (region, side), own in groups.items()
    ]


def _picture(spots: list[Spot | None], label: str) -> SafeString:
    """The skin about the first place, with the others on it; empty where none is known."""
    known = [spot for spot in spots if spot is not None]
    if not known:
        return mark_safe("")
    view = best_view(known[0])
    others = [(spot, str(number)) for number, spot in enumerate(known[1:], start=2)]
    svg = close_up(known[0], others=others, view=view, shade=shade_address(view), label=label)
    # The pure room escapes every text that it is given.
    return mark_safe(svg)  # noqa: S308
