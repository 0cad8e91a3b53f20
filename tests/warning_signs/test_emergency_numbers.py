"""Whom to call, by country."""

from __future__ import annotations

from filiform.warning_signs import at_site, emergency_numbers


def dialled(numbers):
    return [one.number for one in numbers]


def test_in_pakistan_rescue_is_called_and_then_edhi():
    assert dialled(emergency_numbers("PK")) == ["1122", "115"]


def test_where_the_country_is_unknown_the_number_is_one_that_every_mobile_connects():
    assert dialled(emergency_numbers("XX")) == ["112"]


def test_a_sites_own_number_stands_first_and_none_stands_twice():
    assert dialled(at_site("115", "PK")) == ["115", "1122"]
    assert at_site("115", "PK")[0].name.en == "Edhi ambulance"
    assert dialled(at_site("", "GB")) == ["999"]
    assert dialled(at_site("042111", "GB")) == ["042111", "999"]
