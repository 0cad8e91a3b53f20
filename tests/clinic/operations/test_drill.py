"""What a drill calls a loss: told with records that were made up."""

from __future__ import annotations

import pytest
from django.db import connections
from django.utils import timezone

from filiform.clinic.facts.stored import Stored
from filiform.clinic.operations import links
from filiform.clinic.operations.drill import (
    COUNTED,
    DrillReport,
    RecordExtent,
    compare,
    record_extent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> DrillReport:
    return DrillReport(begun_at=timezone.now(), engine="made up", release="0", python="3")


@pytest.fixture
def now(patient) -> RecordExtent:
    """The clinic's own, with a chain of several links."""
    found = record_extent()
    assert max(number for number, _ in found.heads.values()) > 1
    return found


def fewer(found: RecordExtent, **rows: int) -> RecordExtent:
    return found._replace(rows={**found.rows, **rows})


def test_a_copy_with_everything_is_no_loss(report: DrillReport, now: RecordExtent) -> None:
    compare(report, now, now, now)
    assert (report.loss, report.written_meanwhile, report.problems) == (0, 0, [])
    assert set(report.rows) == set(COUNTED)


def test_every_row_that_was_there_at_the_beginning_and_is_not_in_the_copy_is_lost(
    report: DrillReport, now: RecordExtent
) -> None:
    begin = fewer(now, acts=7, patients=3)
    compare(report, begin, fewer(now, acts=5, patients=2), fewer(now, acts=9, patients=3))
    assert report.loss == 3


def test_what_came_while_the_copy_was_made_is_told_and_is_no_loss(
    report: DrillReport, now: RecordExtent
) -> None:
    stored = Stored(connections["default"])
    earlier = {
        key: (number - 1, links.hash_at(stored, key, number - 1) or b"")
        for key, (number, _) in now.heads.items()
    }
    before = RecordExtent(dict.fromkeys(COUNTED, 0), earlier)
    compare(report, before, before, now)
    assert (report.loss, report.written_meanwhile, report.problems) == (0, len(earlier), [])


def test_a_copy_whose_chain_is_shorter_or_another_is_named(
    report: DrillReport, now: RecordExtent
) -> None:
    shorter = {key: (number - 1, made) for key, (number, made) in now.heads.items()}
    compare(report, now, now._replace(heads=shorter), now)
    assert "the chain ends at link" in report.problems[0]
    report.problems.clear()
    other = {key: (number, b"\0" * 32) for key, (number, _) in now.heads.items()}
    compare(report, now, now._replace(heads=other), now)
    assert "is not the clinic's" in report.problems[0]
