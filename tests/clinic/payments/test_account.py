"""A patient's account, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.payments.conftest import priced

from filiform.clinic.payments import actions, queries
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit


@pytest.fixture
def ten(alice, bob, patient, site):
    """Ten visits, the newest first; all paid but the oldest, and one that was paid back."""
    found = []
    for ago in range(10):
        visit = priced(
            visits.book(
                by=alice, patient=patient, practitioner=alice, site=site,
                planned_at=timezone.now() - timedelta(days=ago),
            )
        )  # fmt: skip
        Visit.objects.filter(pk=visit.pk).update(state="done")
        visit.refresh_from_db()
        if ago < 9:
            actions.set_price(by=bob, visit=visit, amount=0, why="for nothing")
        found.append(visit)
    return found


def test_pages_tell_every_visit_once_and_the_first_one_all_that_is_owed(
    ten, patient, as_alice, monkeypatch
):
    monkeypatch.setattr(queries, "VISITS_SHOWN", 4)
    pages = [queries.account_page(patient, page=number) for number in (1, 2, 3)]
    told = [[one.visit.pk for one in rows] for rows, _older in pages]
    newest = [visit.pk for visit in ten]
    assert told == [[*newest[:4], newest[9]], newest[4:8], newest[8:]]
    assert [older for _rows, older in pages] == [True, True, False]
    everything = {one.visit.pk: one.account for one in queries.visit_accounts(patient)}
    shown = {one.visit.pk: one.account for rows, _older in pages for one in rows}
    assert shown == everything
    address = reverse("payments:account", args=[patient.pk])
    page = as_alice.get(address).content.decode()
    assert "owed: Rs 2,500" in page
    assert 'href="?page=2"' in page
    last = as_alice.get(address, {"page": 3}).content.decode()
    assert "Newer visits" in last
    assert "Older visits" not in last
    assert "owed: Rs 2,500" in last, "the balance is of all pages"
