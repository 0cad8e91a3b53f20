"""The demo clinic's needles: a shelf that looks like one, and the packs of each treatment."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from filiform.clinic.facts.models import new_id
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.supplies import actions
from filiform.clinic.treatment import queries
from filiform.clinic.treatment.actions import record_act
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.treatment.packs import pack_panel

SIZES = (
    (0.16, 13), (0.20, 25), (0.25, 25), (0.25, 30), (0.25, 40), (0.25, 50), (0.30, 25), (0.30, 40),
    (0.30, 50), (0.30, 60), (0.30, 75),
)  # fmt: skip
"""Diameter and length in mm of what the planning proposes for the demo's patients."""


def stock_up(*, by: Member, site: Site, today: date) -> None:
    """Eleven kinds of needles; one runs low, one lot expires soon, one has expired."""
    for number, (diameter_mm, length_mm) in enumerate(SIZES):
        product = actions.add_product(
            by=by,
            brand="Demo Needles",
            diameter_mm=diameter_mm,
            length_mm=length_mm,
            needles_per_pack=1,
            reorder_at=20,
            coating="silicone",
            handle="steel",
            supplier="Demo Medical Supplies, Rawalpindi",
        )
        lots = [(f"D{number}24", 400, 12 if number == 3 else 90)]
        if number == 4:
            lots += [("D4-SOON", 35, 15), ("D4-OLD", -20, 6)]
        for lot, days, packs in lots:
            actions.receive(
                by=by, product=product, site=site, number=lot,
                expires_on=today + timedelta(days=days), packs=packs,
            )  # fmt: skip


def put_up_containers(*, by: Member, site: Site) -> None:
    """One that is full and waits to be collected, and one in use in each room."""
    container = actions.open_container(by=by, site=site, place="Room 1")
    actions.move_container(by=by, container=container, kind="full")
    actions.open_container(by=by, site=site, place="Room 1")
    actions.open_container(by=by, site=site, place="Room 2")


def open_packs(*, by: Member, treatment: Treatment) -> None:
    """What the page suggests, as one tap each."""
    panel = pack_panel(treatment.visit, queries.course(treatment), timezone.localdate())
    for choice in panel.choices if panel else []:
        answer = record_act(
            by=by,
            treatment=treatment,
            act_id=new_id(),
            kind="pack",
            at=timezone.now(),
            details={"lot": choice.lot.pk, "packs": choice.packs},
        )
        if isinstance(answer, tuple):
            raise ValueError(f"the demo may not open a pack: {answer}")
