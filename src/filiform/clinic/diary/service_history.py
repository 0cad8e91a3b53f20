"""What was said of a service, by whom and when; and whether its Urdu is older than its English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from filiform.clinic.diary.models import Service, ServiceVersion

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation

FIELDS = (
    *("name", "name_ur", "about", "about_ur", "minutes", "price", "currency", "needs_needling"),
    *("regions", "needs_room", "is_public", "is_active", "position"),
)
TEXTS = ("name", "about")
"""What is written in both languages; the Urdu stands in `..._ur`."""
Said = Mapping[str, Any]


def said_of(service: Service) -> dict[str, Any]:
    """All that the owner says of a service, as JSON holds it."""
    said = {name: getattr(service, name) for name in FIELDS}
    price = said["price"]
    # "2500" typed and "2500.00" read back are one price.
    said["price"] = None if price in (None, "") else f"{Decimal(str(price)):.2f}"
    givers = service.givers.values_list("member", flat=True)
    return said | {"givers": sorted(str(one) for one in givers)}


class ServiceChange(NamedTuple):
    """One version beside the one before it. changed: fields whose value is another now, with both
    values; empty for the first."""

    row: ServiceVersion
    changed: list[tuple[str, Any, Any]]


def history_of(service: Service) -> list[ServiceChange]:
    """What was changed, the newest first."""
    rows = list(service.versions.select_related("recorded_by").order_by("recorded_at", "pk"))
    # The first version has none before it, and so no changes.
    before: list[Said] = [{}, *(row.said for row in rows)]
    found = [
        ServiceChange(row, _changed(former, row.said) if former else [])
        for former, row in zip(before, rows, strict=False)
    ]
    return found[::-1]


def _changed(before: Said, after: Said) -> list[tuple[str, Any, Any]]:
    return [
        (name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    ]


def urdu_is_older(versions: Sequence[ServiceVersion]) -> bool:
    """Whether a text was changed in English after its Urdu, the oldest version first. Without any
    Urdu there is nothing that could be older."""
    for text in TEXTS:
        stale = False
        for before, after in zip([None, *versions], versions, strict=False):
            english = before is not None and before.said.get(text) != after.said.get(text)
            # Written, or looked at and found right: either makes the Urdu the newer one again.
            urdu = before is None or before.said.get(f"{text}_ur") != after.said.get(f"{text}_ur")
            if urdu or after.urdu_agrees or not after.said.get(f"{text}_ur"):
                stale = False
            elif english:
                stale = True
        if stale:
            return True
    return False


def with_older_urdu(organisation: Organisation) -> set[UUID]:
    """Services of which the Urdu has to be looked at."""
    rows = ServiceVersion.objects.filter(organisation=organisation)
    by_service: dict[UUID, list[ServiceVersion]] = defaultdict(list)
    for row in rows.order_by("recorded_at", "pk"):
        by_service[row.service_id].append(row)
    return {pk for pk, versions in by_service.items() if urdu_is_older(versions)}


def newest(versions: Iterable[ServiceVersion]) -> ServiceVersion | None:
    """The version that holds; None for a service from before there was a history."""
    return max(versions, key=lambda row: (row.recorded_at, row.pk), default=None)
