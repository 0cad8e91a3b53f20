"""The quick way to an address gives the same as Django's own."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from filiform.clinic.web.addresses import address_of


@pytest.mark.parametrize("name", ["pathway:open", "visits:move", "chart:patient"])
def test_an_address_is_the_one_that_reverse_gives(name: str) -> None:
    for _ in range(3):
        key = uuid4()
        assert address_of(name, key) == reverse(name, args=[key])
