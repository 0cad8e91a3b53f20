"""Mistakes around the count, made on purpose: every kind that can be found is found every time."""

from __future__ import annotations

import json
import random
import re
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from tests.clinic.pathway.acts import undone_afterwards
from tests.clinic.treatment.count_faults import FAULTS, sound_treatment
from tests.clinic.treatment.fault_report import Tallied, page, play_all
from tests.clinic.treatment.fault_rooms import PureRoom
from tests.clinic.treatment.http_room import HttpRoom

from filiform.clinic.assessment.queries import plan_of
from filiform.clinic.supplies import actions as supplies

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "build"
PAGE = ROOT / "docs/reference/count-faults.md"
PURE = 10_000
SOUND_PURE, SOUND_HTTP = 1_000, 10
ORDINARY, LONG = len(FAULTS), 300
"""Treatments with a mistake over HTTP: each kind once in `make test`, many in `make long`."""
SEED = 20_261_128
BACKEND = "django.contrib.auth.backends.ModelBackend"


@cache
def pure() -> dict[str, Tallied]:
    return play_all(lambda: nullcontext(PureRoom()), PURE, seed=SEED, http=False)


def check(found: dict[str, Tallied]) -> None:
    """Every kind comes out as it must: the findable every time, the others never."""
    for one in FAULTS:
        tallied = found.get(one.name)
        if tallied is None:
            assert one.only_http, f"{one.name} was not played"
            continue
        expected = 0 if one.remains else tallied.times
        assert tallied.times, one.name
        assert tallied.caught == expected, f"{one.name}: {tallied}"
        if one.remains:
            assert tallied.by == {"": tallied.times}, f"{one.name} is found after all: {tallied}"


def test_ten_thousand_treatments_with_a_mistake_are_found_out_by_the_rules() -> None:
    assert sum(one.times for one in pure().values()) == PURE
    assert sum(not one.remains for one in FAULTS) >= 20
    check(pure())


def test_a_treatment_without_a_mistake_is_never_held_up() -> None:
    rng = random.Random(SEED)
    for _treatment in range(SOUND_PURE):
        assert sound_treatment(PureRoom(), rng) == ""


@pytest.fixture
def room(as_alice, alice, bob, charlie, visit, site, today, treatment, targets):
    plan = plan_of(targets[0])
    product = supplies.add_product(
        by=alice, brand="Seirin", diameter_mm=plan.diameter_mm, length_mm=plan.length_mm,
        needles_per_pack=1,
    )  # fmt: skip
    lot = supplies.receive(
        by=alice, product=product, site=site, number="L1", expires_on=today, packs=900
    ).lot
    outsider = Client()
    outsider.force_login(charlie, backend=BACKEND)
    people = {
        "self": (alice, "246810"),
        "second": (bob, "135790"),
        "outsider": (charlie, "246810"),
    }

    @contextmanager
    def make():
        with undone_afterwards():
            yield HttpRoom(as_alice, outsider, visit, treatment, targets[0], people, lot)

    return make


@pytest.mark.sqlite
@pytest.mark.parametrize("times", [ORDINARY, pytest.param(LONG, marks=pytest.mark.long)])
def test_over_http_they_are_found_out_too_and_the_page_says_so(room, times: int) -> None:
    http = play_all(room, times, seed=SEED, http=True)
    rng = random.Random(SEED)
    for _treatment in range(SOUND_HTTP):
        with room() as one:
            assert sound_treatment(one, rng) == ""
    text = page(pure(), http, (SOUND_PURE, SOUND_HTTP))
    leave_behind(text, http)
    check(http)
    # The page in docs is that of `make long`; the ordinary run compares all but how often and why.
    as_compared = without_http if times == ORDINARY else str
    there, here = as_compared(PAGE.read_text()), as_compared(text)
    assert there == here, f"write it anew: make long; cp build/count-faults.md {PAGE}"


def without_http(text: str) -> str:
    """A page without what depends on how many were played over HTTP: the last two columns."""
    return re.sub(r"^(\|[^|]+\|[^|]+\|).*|\d+(?= over HTTP)", r"\1", text, flags=re.M)


def leave_behind(text: str, http: dict[str, Tallied]) -> None:
    """For people and for other programs, whether or not the test passes."""
    BUILD.mkdir(exist_ok=True)
    (BUILD / "count-faults.md").write_text(text)
    figures = {
        where: {name: asdict(one) for name, one in found.items()}
        for where, found in (("rules", pure()), ("http", http))
    }
    (BUILD / "count-faults.json").write_text(json.dumps(figures, indent=1) + "\n")
