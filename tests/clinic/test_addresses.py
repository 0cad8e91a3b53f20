"""The quick way to an address gives the same as Django's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.urls import URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern
from tests.tables import check_each

from filiform.clinic.web.addresses import address_of


@pytest.mark.parametrize("name", ["pathway:open", "visits:move", "chart:patient"])
def test_an_address_is_the_one_that_reverse_gives(name: str) -> None:
    for _ in range(3):
        key = uuid4()
        assert address_of(name, key) == reverse(name, args=[key])


NOWHERE = ("nowhere", "//elsewhere.example", "http://[", "javascript:alert(1)", "/x" * 2000)


@pytest.mark.parametrize("name", ["visits:begin", "visits:move"])
def test_a_form_that_leads_nowhere_leads_to_today(as_alice, visit, name: str) -> None:
    def check(place: str) -> None:
        answer = as_alice.post(reverse(name, args=[visit.pk]), {"to": "here", "then": place})
        assert (answer.status_code, answer["Location"]) == (302, reverse("pathway:today"))

    check_each(NOWHERE, check)


def test_a_form_leads_to_the_page_of_ours_that_it_names(as_alice, visit) -> None:
    diary = reverse("diary:diary")
    for place in (diary, f"http://testserver{diary}"):
        answer = as_alice.post(
            reverse("visits:move", args=[visit.pk]), {"to": "here", "then": place}
        )
        assert answer["Location"] == place


SAMPLES = {"uuid": str(uuid4()), "int": "7", "slug": "a-word", "path": "a/b"}


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one, route)
        else:
            yield route


def test_no_two_patterns_match_one_address() -> None:
    """So the order of the rooms in `clinic.urls` is a matter of speed alone."""
    patterns = {route: RoutePattern(route, is_endpoint=True) for route in _routes(get_resolver())}
    assert len(patterns) > 300

    def check(route: str) -> None:
        sample = re.sub(r"<(\w+):\w+>", lambda found: SAMPLES.get(found[1], "word"), route)
        assert [one for one, of in patterns.items() if of.match(sample)] == [route]

    check_each(list(patterns), check)
