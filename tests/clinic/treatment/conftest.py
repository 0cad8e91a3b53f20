"""A visit in which nothing prevents needling any more."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone
from tests.clinic.treatment.treatment_steps import make_ready, treated_and_counted


@pytest.fixture
def targets(visit, alice, today, kept):
    return kept(make_ready, visit, alice, today)


def start(visit, alice, today):
    from filiform.clinic.pathway import actions as pathway

    started = pathway.start(by=alice, visit=visit, on=today)
    assert not isinstance(started, tuple), started
    return started


@pytest.fixture
def treatment(visit, alice, today, targets, kept):
    return kept(start, visit, alice, today)


@pytest.fixture
def act(treatment, alice):
    """Record one act; answers the act or the reasons."""
    from filiform.clinic.treatment import actions

    def record(kind, **given):
        return actions.record_act(
            **{
                "by": alice,
                "treatment": treatment,
                "act_id": uuid4(),
                "kind": kind,
                "at": timezone.now(),
                **given,
            }
        )

    return record


@pytest.fixture
def counted(treatment, alice, targets, kept):
    kept(treated_and_counted, treatment, alice, targets)
    return treatment


def sign(treatment, alice, today):
    from filiform.clinic.pathway import actions as pathway

    seal = pathway.sign(by=alice, treatment=treatment, on=today)
    assert not isinstance(seal, tuple), seal
    return seal


@pytest.fixture
def sealed(counted, alice, today, kept):
    return kept(sign, counted, alice, today)
