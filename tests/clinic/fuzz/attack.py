"""Requests at every address as every role, and what must hold of each answer."""

from __future__ import annotations

import json
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter
from hypothesis import strategies as st
from tests.clinic.fuzz import values
from tests.clinic.test_every_address import VIEWS

SECRET = "Zzyxwv"
"""The family name of the patient; no value that is sent holds it."""
ODD_METHODS = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "NONSENSE")
METHODS = (*("POST",) * 16, *("GET",) * 8, *ODD_METHODS)
OUTSIDERS = ("stranger", "other clinic")
LOGIN = "django.contrib.auth.backends.ModelBackend"


PLAIN: dict[type, tuple[object, ...]] = {
    StringConverter: ("story", "a" * 200, "\x00", "سوئی", "a b", "..", "%2f"),
    SlugConverter: ("right", "infraspinatus", "a" * 200, "-", "0"),
    IntConverter: (192, 0, 10**9, 10**40),
}
"""By kind of an address's part: one that is usual, then strange ones."""


@dataclass(frozen=True)
class Shot:
    """One request. body: bytes, or None for a form of `fields`."""

    name: str
    role: str
    method: str
    ids: dict[str, Any]
    fields: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    content_type: str = "application/x-www-form-urlencoded"
    headers: tuple[tuple[str, str], ...] = ()
    has_token: bool = True


@dataclass
class Room:
    """A clinic to be attacked. pool: ids by the name that addresses give them, ours and others'."""

    members: dict[str, Any]
    pool: dict[str, tuple[UUID, ...]]
    client: Client = field(default_factory=Client)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    offered: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for role, member in self.members.items():
            self.client.cookies.clear()
            if member is not None:
                self.client.force_login(member, backend=LOGIN)
            self.cookies[role] = SimpleCookie(self.client.cookies.output(header="", sep=";"))
        self.look_at_every_form()

    def look_at_every_form(self) -> None:
        """Each address's fields: those its room reads, with what its page offers for them."""
        for name, view in VIEWS.items():
            self.offered[name] = dict.fromkeys(values.names_of(view.callback), ())
        named = {self.address(name, self.usual(name)): name for name in VIEWS}
        seen = set(named)  # those that are still to be seen: the next role may open them
        for role in ("practitioner", "owner", "front desk", "stranger"):
            for at in sorted(seen):
                self.be(role)
                answer = self.client.get(at)
                if answer.status_code == 200:
                    seen.discard(at)
                if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
                    continue
                for action, fields in values.Forms(answer.content.decode(), at).found.items():
                    known = self.offered.get(named.get(action.partition("?")[0], ""), {})
                    for one, offers in fields.items():
                        known[one] = tuple(dict.fromkeys((*known.get(one, ()), *offers)))

    def be(self, role: str) -> None:
        self.client.cookies = SimpleCookie(self.cookies[role].output(header="", sep=";"))

    def usual(self, name: str) -> dict[str, Any]:
        """Values for the address; of its numbers and words any will do."""
        return {
            key: self.pool.get(key, PLAIN.get(type(kind), (uuid4(),)))[0]
            for key, kind in VIEWS[name].pattern.converters.items()
        }

    @staticmethod
    def address(name: str, ids: dict[str, Any]) -> str:
        return reverse(name, kwargs=ids)

    def shots(self) -> st.SearchStrategy[list[Shot]]:
        """Some requests one after the other; the record goes on between them."""
        return st.lists(self.shot(), min_size=1, max_size=8)

    def shot(self) -> st.SearchStrategy[Shot]:
        return st.sampled_from(sorted(VIEWS)).flatmap(self._shot_at)

    def _shot_at(self, name: str) -> st.SearchStrategy[Shot]:
        every = tuple(one for ids in self.pool.values() for one in ids if isinstance(one, UUID))
        ids = {
            key: st.sampled_from((*self.pool.get(key, ()), *PLAIN.get(type(kind), (uuid4(),))))
            for key, kind in VIEWS[name].pattern.converters.items()
        }
        known = self.offered[name]
        one = st.sampled_from(sorted(known)) if known else st.text(max_size=8)
        pairs = one.flatmap(
            lambda field: st.tuples(st.just(field), values.value_of(known.get(field, ()), every))
        )
        # A form as its page would send it, with a few values of ours in place of its own.
        whole = st.fixed_dictionaries(
            {field: values.value_of(known[field], every) for field in sorted(known)}
        ).map(lambda found: tuple(found.items()))
        few = st.lists(pairs, max_size=5).map(tuple)
        odd = st.integers(0, 7)
        return st.builds(
            Shot,
            name=st.just(name),
            role=st.sampled_from(sorted(self.members)),
            method=st.sampled_from(METHODS),
            ids=st.fixed_dictionaries(ids),
            fields=whole | few,
            query=few | st.just(()),
            body=odd.flatmap(lambda n: _bodies() if n == 0 else st.none()),
            content_type=odd.flatmap(
                lambda n: (
                    st.sampled_from(values.CONTENT_TYPES)
                    if n == 0
                    else st.just("application/x-www-form-urlencoded")
                )
            ),
            headers=odd.flatmap(lambda n: _headers() if n < 3 else st.just(())),
            has_token=odd.map(lambda n: n > 0),
        )


def _bodies() -> st.SearchStrategy[bytes]:
    nested = values.NESTED.map(lambda one: json.dumps(one).encode())
    return st.sampled_from(values.BODIES) | nested | st.binary(max_size=40)


def _headers() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    one = st.sampled_from(sorted(values.HEADERS)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(values.HEADERS[name]))
    )
    return st.lists(one, min_size=1, max_size=3).map(tuple)


def coded(pairs: tuple[tuple[str, str], ...]) -> str:
    return urlencode(pairs, errors="surrogatepass")


@dataclass
class Tally:
    """What came of it. problems: by kind, the shortest request that shows it."""

    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    problems: dict[str, Shot] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return sum(self.answers.values())

    def problem(self, kind: str, shot: Shot) -> None:
        self.times[kind] += 1
        known = self.problems.get(kind)
        if known is None or len(repr(shot)) < len(repr(known)):
            self.problems[kind] = shot


def fire(room: Room, shot: Shot, tally: Tally) -> None:
    """Send it, and note what must not be."""
    address = f"{Room.address(shot.name, shot.ids)}"
    if shot.query:
        address += "?" + coded(shot.query)
    sent = coded(shot.fields).encode() if shot.body is None else shot.body
    room.be(shot.role)
    room.client.handler.enforce_csrf_checks = not shot.has_token
    began = time.monotonic()
    try:
        answer = room.client.generic(
            shot.method, address, sent, content_type=shot.content_type, **dict(shot.headers)
        )
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    except Exception as error:  # each kind is told once with the request that shows it
        tally.answers[shot.name, shot.role, 500] += 1
        tally.problem(f"{type(error).__name__} at {_place(error)}: {str(error)[:120]!r}", shot)
        return
    took = time.monotonic() - began
    tally.slowest[shot.name] = max(took, tally.slowest.get(shot.name, 0.0))
    tally.answers[shot.name, shot.role, answer.status_code] += 1
    for kind in _wrong(shot, answer, content):
        tally.problem(f"{shot.name}: {kind}", shot)


def _wrong(shot: Shot, answer: Any, content: bytes) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"answers {answer.status_code}"
    if shot.role in OUTSIDERS and SECRET.encode() in content:
        yield f"shows another clinic's patient to a {shot.role}"
    is_refusal = 400 <= answer.status_code < 500 and shot.method != "HEAD"
    if is_refusal and not content and "HX-Refresh" not in answer.headers:
        yield f"refuses with {answer.status_code} without a word"


def _place(error: BaseException) -> str:
    """The innermost frame of ours, else the innermost."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if "/filiform/" in one.filename] or list(frames)
    last = ours[-1]
    return f"{last.filename.rpartition('/filiform/')[2]}:{last.lineno} {last.name}"


def report(tally: Tally, *, seconds: float) -> str:
    """The round in Markdown: what was asked by role and status, each address, each problem."""
    roles, statuses = Counter[str](), Counter[int]()
    by_role: Counter[tuple[str, int]] = Counter()
    for (_name, role, status), number in tally.answers.items():
        roles[role] += number
        statuses[status] += number
        by_role[role, status] += number
    codes = sorted(statuses)
    lines = [
        "# Fuzzing every address",
        "",
        f"{tally.requests:,} requests at {len(VIEWS)} addresses as {len(roles)} roles in "
        f"{seconds:,.0f} s; {sum(tally.times.values())} answers that must not be, "
        f"of {len(tally.problems)} kinds.",
        "",
        "| role | " + " | ".join(map(str, codes)) + " | all |",
        "|---" * (len(codes) + 2) + "|",
    ]
    for role in sorted(roles):
        counts = " | ".join(str(by_role[role, code]) for code in codes)
        lines.append(f"| {role} | {counts} | {roles[role]} |")
    lines += ["", "## Problems", ""]
    lines += [
        f"- {tally.times[kind]} × {kind}\n\n      {shot!r}"[:3000]
        for kind, shot in sorted(tally.problems.items())
    ] or ["None."]
    lines += [
        "",
        "## Addresses",
        "",
        "| address | requests | statuses | slowest, s |",
        "|---" * 4 + "|",
    ]
    for name in sorted(VIEWS):
        own = Counter[int]()
        for (other, _role, status), number in tally.answers.items():
            if other == name:
                own[status] += number
        seen = ", ".join(f"{code}: {number}" for code, number in sorted(own.items()))
        lines.append(f"| {name} | {own.total()} | {seen} | {tally.slowest.get(name, 0.0):.1f} |")
    return "\n".join(lines) + "\n"
