"""A shelf with needles of the planned sizes, and a treatment that has begun."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.clinic.treatment.conftest import act, counted, sealed, targets, treatment

__all__ = ["act", "counted", "sealed", "targets", "treatment"]


@pytest.fixture
def shelf(alice, site, visit, targets, today):
    """Size → its lot, ten packs of each planned size."""
    from filiform.clinic.supplies import actions
    from filiform.clinic.treatment.packs import sizes_planned

    found = {}
    for number, (diameter_mm, length_mm) in enumerate(sorted(sizes_planned(visit)), start=1):
        product = actions.add_product(
            by=alice, brand="Seirin", diameter_mm=diameter_mm, length_mm=length_mm,
            needles_per_pack=1, reorder_at=4,
        )  # fmt: skip
        move = actions.receive(
            by=alice, product=product, site=site, number=f"L{number}",
            expires_on=today + timedelta(days=400), packs=10,
        )  # fmt: skip
        found[diameter_mm, length_mm] = move.lot
    return found
