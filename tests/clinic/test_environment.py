"""A wrong setting stops the start with a sentence that says what to do."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from filiform.clinic.environment import Environment, secret_key


def test_a_clinic_without_a_secret_does_not_start(tmp_path) -> None:
    with pytest.raises(ImproperlyConfigured, match="FILIFORM_SECRET_KEY is not set"):
        secret_key(Environment({}), demo=False, data_folder=tmp_path)


def test_a_short_secret_is_refused_without_being_shown(tmp_path) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        secret_key(
            Environment({"FILIFORM_SECRET_KEY": "hunter2"}), demo=False, data_folder=tmp_path
        )
    assert "hunter2" not in str(refusal.value)
    assert "at least 40" in str(refusal.value)


def test_the_demo_makes_its_own_secret_and_keeps_it(tmp_path) -> None:
    first = secret_key(Environment({}), demo=True, data_folder=tmp_path)
    assert len(first) >= 40
    assert secret_key(Environment({}), demo=True, data_folder=tmp_path) == first
    assert (tmp_path / "demo-secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("got", ["-1", "0", "99999", "ten", "1.5"])
def test_a_number_out_of_bounds_is_named_with_what_is_allowed(got: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="a whole number from 1 to 240"):
        Environment({"FILIFORM_LOCK_MINUTES": got}).number("LOCK_MINUTES", 10, low=1, high=240)


@pytest.mark.parametrize(("got", "meant"), [("yes", True), ("1", True), ("off", False), ("", True)])
def test_yes_and_no_are_read_in_their_common_forms(got: str, meant: bool) -> None:
    assert Environment({"FILIFORM_X": got}).yes("X", default=True) is meant


def test_a_yes_or_no_that_is_neither_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="allowed are yes and no"):
        Environment({"FILIFORM_X": "perhaps"}).yes("X", default=True)
