"""Whoever sends it and however broken it is: a reader reads it, or says what is wrong with it.

Samples of our own are changed as files get changed: a value replaced by another kind of value, a
part doubled or lost, bytes overwritten, the rest cut off.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.exchange import cds_calls
from tests.exchange.records import every_record

from filiform import times
from filiform.anatomy.surface import AreaError, BodyDrawing, parse_area
from filiform.anatomy.surface.language import parse_point
from filiform.anatomy.surface.spots import read_spot
from filiform.exchange.cds import SERVICES, CdsRefusal, read_feedback, read_request, respond
from filiform.exchange.fhir import BundleError, read_bundle
from filiform.letters import as_read
from filiform.screening import screen

ON = date(2026, 11, 28)
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e308, 5e-324, 10**30, "", " ", "0", "NaN", [], {}, [[]]),
    *([None], {"": {}}),
    *("0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("2026-13-45", "2026", "٢٠٢٦-١١-٢٨", "\x00", "\ud800", "\u202e", "a" * 5000, "½", "²"),
    *("Patient/p", "#", "urn:uuid:", "http://[", "active", "completed", "entered-in-error"),
    [{"value": 1e400}], {"value": -1, "unit": "a"}, {"start": "9999-12-31", "end": "0001-01-01"},
)  # fmt: skip
LONG = int(os.environ.get("FILIFORM_FUZZ_READINGS", "0"))
"""Readings of each kind in the long round (`make fuzz`); without it the same few as ever."""
QUIET = settings(
    max_examples=LONG or 60, derandomize=not LONG, database=None, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) in a JSON document."""
    found: list[tuple[Any, Any]] = []
    keys = document if isinstance(document, dict) else range(len(document))
    for key in keys:
        found.append((document, key))
        if isinstance(document[key], dict | list):
            found += places(document[key])
    return found


@st.composite
def changed(draw: st.DrawFn, samples: list[bytes]) -> bytes:
    """One of the samples with a few changes of its values, then perhaps of its bytes."""
    document = json.loads(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(1, 6))):
        every = places(document)
        if not every:
            break
        holder, key = every[draw(st.integers(0, len(every) - 1))]
        how = draw(st.integers(0, 5))
        if how == 0:
            del holder[key]
        elif how == 1 and isinstance(holder, list):
            holder.append(holder[key])
        elif how == 2:
            holder[key] = [holder[key]]
        else:
            holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
    raw = json.dumps(document).encode()
    if draw(st.integers(0, 5)) == 0:
        at = draw(st.integers(0, len(raw)))
        raw = raw[:at] + draw(st.binary(max_size=4)) + raw[at + draw(st.integers(0, 40)) :]
    return raw


@cache
def bundles() -> list[bytes]:
    return [raw for _, raw in every_record()]


@cache
def calls() -> list[bytes]:
    return [
        json.dumps(one).encode()
        for one in (
            cds_calls.call(),
            cds_calls.call("order-select", cds_calls.order()),
            cds_calls.call("order-sign", cds_calls.order("Dry needling", "Right soleus")),
        )
    ]


def says_something(refusal: Exception) -> None:
    assert str(refusal).strip()


@settings(parent=QUIET)
@given(data=st.data())
def test_a_record_is_read_and_screened_or_refused(data: st.DataObject) -> None:
    raw = data.draw(changed(bundles()))
    try:
        bundle = read_bundle(raw)
    except BundleError as refusal:
        says_something(refusal)
        return
    screen(bundle.disclosure(on=ON), (), on=ON)


@settings(parent=QUIET)
@given(data=st.data())
def test_a_call_of_another_record_is_answered_or_refused(data: st.DataObject) -> None:
    raw = data.draw(changed(calls()))
    for service in SERVICES.values():
        try:
            respond(read_request(raw, service), {}, on=ON, new_uuid=uuid4)
        except CdsRefusal as refusal:
            says_something(refusal)


FEEDBACK = [
    json.dumps(
        {"feedback": [{"card": "f6b95768-b1c8-40dc-8385-bf3504b82ffb", "outcome": "overridden",
                       "overrideReason": {"reason": {"code": "contraindicated"}},
                       "outcomeTimestamp": "2026-11-28T10:00:00Z"}]}
    ).encode()
]  # fmt: skip


@settings(parent=QUIET)
@given(raw=changed(FEEDBACK))
def test_feedback_is_read_or_refused(raw: bytes) -> None:
    try:
        read_feedback(raw)
    except CdsRefusal as refusal:
        says_something(refusal)


DEEP = (b"[" * 50_000, b'{"a":' * 50_000, b"", b"\x00", b"\xff", b"NaN", b"9" * 6000, b'"\\ud800"')


def test_depth_and_nonsense_are_refused_by_every_reader_of_json() -> None:
    for raw in DEEP:
        for read, refusal in (
            (read_bundle, BundleError),
            (read_feedback, CdsRefusal),
            *(
                (lambda raw, one=one: read_request(raw, one), CdsRefusal)
                for one in SERVICES.values()
            ),
        ):
            try:
                read(raw)
            except refusal:
                continue
            raise AssertionError(f"{raw[:20]!r} was read")


# --- short texts ------------------------------------------------------------------------------

TEXTS: dict[str, tuple[Callable[[str], Any], type[Exception], tuple[str, ...]]] = {
    "area": (parse_area, AreaError, (
        "disc:buttock-upper-lateral:2:left", "band:mastoid~acromion:2:right", "zone:a:b")),
    "point": (parse_point, AreaError, ("mastoid", "mastoid~acromion", "mastoid~acromion@0.5")),
    "spot": (read_spot, AreaError, ("pick:1:12:0.2:0.3", "pick:x:1:nan:inf")),
    "drawing": (BodyDrawing.from_text, AreaError, ("1;front;pain;0-3=50,9=100", "0-3=50")),
    "clock": (times.read_clock, times.NotADayOrTime, ("14:30", "2.30 pm", "۱۴:۳۰", "24:00")),
    "day": (times.read_day, times.NotADayOrTime, ("2026-11-28", "28/11/2026", "28 November 2026")),
    "letters": (as_read, ValueError, ("Amna", "نام", "a\u202eb")),
}  # fmt: skip
PIECES = (":", "~", "@", "-", ".", ",", ";", "=", "/", " ", "0", "9" * 30, "nan", "1e999", "٣", "²")
PIECES += ("\x00", "\ud800", "½", "(", ")", "+", "left", "pick", "disc")


@st.composite
def misspelt(draw: st.DrawFn, samples: tuple[str, ...]) -> str:
    """A sample with pieces put in, taken out and doubled."""
    text = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, 4))):
        at, lost = draw(st.integers(0, len(text))), draw(st.integers(0, 3))
        piece = draw(st.sampled_from(PIECES) | st.text(max_size=3))
        text = text[:at] + piece + text[at + lost :]
    return text


@settings(parent=QUIET, max_examples=LONG or 300)
@given(data=st.data())
def test_a_short_text_is_read_or_refused_with_what_was_got(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    read, refusal, samples = TEXTS[name]
    try:
        read(data.draw(misspelt(samples)))
    except refusal as error:
        says_something(error)
