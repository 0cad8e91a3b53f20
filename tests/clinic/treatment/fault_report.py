"""Plays the mistakes of `count_faults` in turn, and tells what came of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.clinic.treatment.count_faults import FAULTS, Fault


@dataclass
class Tallied:
    """One kind: how often it was played, how often it was found, and by which reasons."""

    times: int
    caught: int
    by: dict[str, int]


def faults_for(*, http: bool) -> list[Fault]:
    return [one for one in FAULTS if http or not one.only_http]


def play_all(make_room: Callable[[], Any], times: int, *, seed: int, http: bool) -> dict[str, Any]:
    """Play faults in turn, so many treatments altogether, each in a room of its own."""
    rng = random.Random(seed)  # the same treatments every time
    kinds = faults_for(http=http)
    found = {one.name: Tallied(0, 0, {}) for one in kinds}
    for number in range(times):
        one = kinds[number % len(kinds)]
        with make_room() as room:
            code = one.play(room, rng)
        tallied = found[one.name]
        tallied.times += 1
        tallied.caught += code in one.caught_by
        tallied.by[code] = tallied.by.get(code, 0) + 1
    return found


def page(pure: dict[str, Tallied], http: dict[str, Tallied], sound: tuple[int, int]) -> str:
    """docs/reference/count-faults.md. sound: treatments without a fault that were signed, in the
    rules and over HTTP."""
    total = [sum(one.times for one in tallies.values()) for tallies in (pure, http)]
    lines = [
        "# Which mistakes the count of needles finds",
        "",
        f"Mistakes made on purpose: {total[0]:,} treatments through the pure rules "
        f"(`treatment.counting`, `treatment.accounting`) and {total[1]:,} over HTTP through the "
        "real addresses, in the same kinds. `tests/clinic/treatment/test_count_faults.py` plays "
        "them in every run of the tests (a hundred over HTTP in `make test`, three hundred in "
        "`make long`) and compares this page with what came out; it leaves the same page in "
        "`build/`, with the number that was played. "
        f"Without any mistake, {sound[0]:,} and {sound[1]:,} treatments were signed, and none was "
        "held up.",
        "",
        "## Found every time",
        "",
        "*Found* means: the act was refused with a reason, or the treatment could not be signed. "
        "The reasons are those of `src/filiform/sentences/treatment.toml`; `form` is a field's own "
        "message, `once` that the same act was stored once, `not-found` the page's 404.",
        "",
        "| mistake | rules: found | HTTP: found | by |",
        "|---|--:|--:|---|",
    ]
    for one in FAULTS:
        if not one.remains:
            a, b = pure.get(one.name), http[one.name]
            rules = f"{a.caught:,} of {a.times:,}" if a else "a matter of doors"
            codes = sorted({*(a.by if a else {}), *b.by})
            says = ", ".join(f"`{code}`" for code in codes)
            lines.append(f"| {one.says} | {rules} | {b.caught} of {b.times} | {says} |")
    lines += [
        "",
        "## What a count can't find",
        "",
        "In these all witnesses say the same wrong thing, so every count adds up. They are played, "
        "too, and the figures say so: none was found. What remains is a hazard that only people "
        "can lessen.",
        "",
        "| mistake | rules: found | HTTP: found | what remains |",
        "|---|--:|--:|---|",
    ]
    for one in FAULTS:
        if one.remains:
            a, b = pure[one.name], http[one.name]
            figures = f"{a.caught} of {a.times:,} | {b.caught} of {b.times}"
            lines.append(f"| {one.says} | {figures} | {one.remains} |")
    return "\n".join(lines) + "\n"
