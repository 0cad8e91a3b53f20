"""May this practitioner be booked to needle these regions on that day?

Asked of the day of the visit, not of today: a licence that ends before it is no licence then.
Which needle may go in is asked again, of the muscle, before it does (`staff.credentials`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from filiform import times
from filiform.anatomy import atlas
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.credentials import Currency
    from filiform.clinic.staff.models import Member


def papers_hold(currency: Currency, on: date) -> bool:
    """Whether licence and training hold on a day."""
    rows = (currency.licence, currency.training)
    return all(row is not None and row.expires_on >= on for row in rows)


def cleared_regions(currency: Currency, on: date) -> frozenset[str]:
    """The regions, ids of `anatomy.PRIVILEGES`, for which a privilege holds on a day."""
    return frozenset(
        region
        for region, row in currency.privileges.items()
        if row.granted_on <= on and (row.expires_on is None or row.expires_on >= on)
    )


def may_needle(currency: Currency, regions: Iterable[str], on: date) -> bool:
    """Whether somebody may needle all these regions on a day; none named: any region at all."""
    if not papers_hold(currency, on):
        return False
    cleared = cleared_regions(currency, on)
    # With no region named every set is a superset: who is cleared for nothing must not pass.
    return bool(cleared) and cleared.issuperset(regions)


def reasons_against(currency: Currency, regions: Iterable[str], on: date) -> tuple[Reason, ...]:
    """The same as reasons; empty when they may. Raises KeyError for a region there is not."""
    who = {**person_words(currency.member), **day_words(on)}
    if not papers_hold(currency, on):
        return (Reason(code="diary-papers-lapsed", params=who),)
    cleared = cleared_regions(currency, on)
    lacking = [region for region in regions if region not in cleared]
    if cleared and not lacking:
        return ()
    return (Reason(code="diary-not-cleared", params={**who, **region_words(lacking)}),)


def person_words(member: Member) -> dict[str, str]:
    return {"person": member.name, "person_ur": member.name_ur or member.name}


def region_words(regions: Iterable[str]) -> dict[str, str]:
    names = [atlas().privileges[region].name for region in regions]
    return {
        "regions": ", ".join(name.in_language("en") for name in names) or "–",
        "regions_ur": "، ".join(name.in_language("ur") for name in names) or "–",
    }


def day_words(day: date, key: str = "day") -> dict[str, str]:
    return {
        key: times.written(day, "j F Y", "en"),
        f"{key}_ur": times.written(day, "j F Y", "ur"),
    }
