"""A fresh process has what its first visit needs before somebody opens it."""

from __future__ import annotations

from django.template.loader import get_template

from filiform.clinic import warming
from filiform.targeting.network import network
from filiform.targeting.priors import by_complaint
from filiform.targeting.territory import felt_there


def test_after_warming_the_ranking_finds_its_tables() -> None:
    for table in (by_complaint, network, felt_there):
        table.cache_clear()
    warming.begin().join()
    for table in (by_complaint, network, felt_there):
        made = table.cache_info().misses
        table()
        assert table.cache_info().misses == made, table


def test_every_page_that_is_read_ahead_exists() -> None:
    for name in warming.PAGES:
        assert get_template(name)
