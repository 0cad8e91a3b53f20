"""Fewer virtual patients than on the page, so that the tests are quick."""

from __future__ import annotations

import pytest
from tests.clinic.progress.conftest import signed_in, tell

from filiform.clinic.expectation import comparing, forecast

__all__ = ["signed_in", "tell"]


@pytest.fixture(autouse=True)
def few_people(monkeypatch):
    monkeypatch.setattr(forecast, "PATIENTS", 60)
    monkeypatch.setattr(comparing, "PATIENTS", 20)
