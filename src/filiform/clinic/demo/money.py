"""What the demo clinic has sold and been paid: a package in use, a visit that is owed, a refund."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from filiform.clinic.demo.clock import at
from filiform.clinic.demo.people import Team
from filiform.clinic.facts.models import new_id
from filiform.clinic.payments import actions, package_actions
from filiform.clinic.payments.models import Package, Payment
from filiform.clinic.visits.models import Visit

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

RUPEE = 100
"""In paisa, the smallest unit."""


def tell(team: Team, known: dict[str, Patient], *, now: datetime) -> None:
    desk, owner = team.desk, team.owner
    with at(now - timedelta(days=300)):
        five = package_actions.offer_package(
            by=owner, name="Five visits", name_ur="پانچ وزٹ", visits=5, price=11_000 * RUPEE,
            valid_days=180,
        )  # fmt: skip
        package_actions.offer_package(
            by=owner, name="Ten visits", name_ur="دس وزٹ", visits=10, price=20_000 * RUPEE,
            valid_days=365,
        )  # fmt: skip
    _package(team, five, _done(known["usman"]))
    for key, how in (("fatima", "cash"), ("tariq", "card"), ("khadija", "wallet")):
        for visit in _done(known[key]):
            _pay(team, visit, how)
    # Omar went home without paying, and Bilal's visit is of today: both are owed.
    last = _done(known["fatima"])[-1]
    paid = Payment.objects.current().get(visit=last)
    with at(last.planned_at + timedelta(hours=1)):
        actions.refund(
            by=desk, payment=paid, payment_id=new_id(), amount=500 * RUPEE, how="cash",
            why="Half an hour late; agreed with Sana.",
        )  # fmt: skip
    # Paid on the way in, so that today has takings at every hour.
    for key, how in (("ayesha", "cash"), ("imran", "card")):
        for begun in known[key].visits.filter(state="in-room"):
            with at(now - timedelta(minutes=1)):
                actions.pay(by=desk, payment_id=new_id(), amount=2500 * RUPEE, how=how, visit=begun)


def _done(patient: Patient) -> list[Visit]:
    rows = patient.visits.filter(state="done").select_related("site", "patient")
    return list(rows.order_by("planned_at"))


def _pay(team: Team, visit: Visit, how: str) -> None:
    with at(visit.planned_at + timedelta(minutes=50)):
        actions.pay(by=team.desk, payment_id=new_id(), amount=2500 * RUPEE, how=how, visit=visit)


def _package(team: Team, package: Package, visits: list[Visit]) -> None:
    first = visits[0]
    with at(first.planned_at + timedelta(minutes=50)):
        sale = package_actions.sell(
            by=team.desk, patient=first.patient, package=package, site=team.site, sale_id=new_id()
        )
        actions.pay(by=team.desk, payment_id=new_id(), amount=sale.price, how="bank", sale=sale)
    for visit in visits:
        with at(visit.planned_at + timedelta(minutes=55)):
            package_actions.use_package(by=team.desk, visit=visit, sale=sale)
