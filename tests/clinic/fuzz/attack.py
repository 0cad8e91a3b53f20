"""Requests at every address as every role, and what must hold of each answer."""

from __future__ import annotations

import json
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter
from tests.clinic.every_page import model_of
from tests.clinic.fuzz import values
from tests.clinic.test_every_address import VIEWS

from filiform.clinic.patient_page.access import COOKIE

SECRET = "Zzyxwv"
"""The family name of the patient; no value that is sent holds it."""
OWN_PHONE = "own phone"
"""A patient's, which one of the clinic's links has opened."""
ODD_METHODS = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "NONSENSE")
METHODS = (*("POST",) * 16, *("GET",) * 8, *ODD_METHODS)
OUTSIDERS = ("stranger", "other clinic")
FORM = "application/x-www-form-urlencoded"
LOGIN = "django.contrib.auth.backends.ModelBackend"


PLAIN: dict[type, tuple[object, ...]] = {
    StringConverter: ("story", "a" * 200, "\x00", "سوئی", "a b", "..", "%2f"),
    SlugConverter: ("right", "infraspinatus", "a" * 200, "-", "0"),
    IntConverter: (192, 0, 10**9, 10**40),
}
"""By kind of an address's part: one that is usual, then strange ones."""


MOST_KNOWN = 12
"""Values that are learnt for one part of an address."""


def rows_known() -> dict[str, tuple[Any, ...]]:
    """Ids for every part of an address that names rows: the first, some later, the last."""
    found = {}
    for key in {key for view in VIEWS.values() for key in view.pattern.converters}:
        model = model_of(key)
        if model is None:
            continue
        rows = model._default_manager.order_by("pk")
        if key == "visit_id":
            # Each state answers otherwise; the one with needles in first.
            states = sorted(set(rows.values_list("state", flat=True)), key="needles-in".__ne__)
            of_state = [rows.filter(state=state).values_list("pk", flat=True) for state in states]
            found[key] = tuple(pk for pks in of_state for pk in pks[:2])
        else:
            pks = rows.values_list("pk", flat=True)
            found[key] = tuple(dict.fromkeys((*pks[:3], *pks.reverse()[:2])))
    return found


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
    content_type: str = FORM
    headers: tuple[tuple[str, str], ...] = ()
    has_token: bool = True


@dataclass
class Room:
    """A clinic to be attacked.

    members: role → who signs in; None for a visitor. pool: values by the name that addresses give
    them, ours and others'. links: the secrets of links that were given out, by the beginning of
    the addresses that they open. phone: the secret in a patient's own phone.
    """

    members: dict[str, Any]
    pool: dict[str, tuple[Any, ...]]
    links: dict[str, str] = field(default_factory=dict)
    phone: str = ""
    client: Client = field(default_factory=Client)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    offered: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    """Where pages lead: each address is taken apart once."""

    def __post_init__(self) -> None:
        if self.phone:
            self.members = {**self.members, OWN_PHONE: None}
        for role, member in self.members.items():
            self.client.cookies.clear()
            if member is not None:
                self.client.force_login(member, backend=LOGIN)
            if role == OWN_PHONE:
                self.client.cookies[COOKIE] = self.phone
            self.cookies[role] = SimpleCookie(self.client.cookies.output(header="", sep=";"))
        self.look_at_every_form()
        self.names = sorted(VIEWS)
        self.ids = tuple(one for ids in self.pool.values() for one in ids if isinstance(one, UUID))

    def values_for(self, name: str, key: str) -> tuple[Any, ...]:
        """What is known for a part of an address, the likeliest first."""
        if key == "token":
            return tuple(one for start, one in self.links.items() if name.startswith(start))
        return self.pool.get(key, ())

    def look_at_every_form(self) -> None:
        """Each address's fields: those its room reads, with what its page offers for them."""
        for name, view in VIEWS.items():
            self.offered[name] = dict.fromkeys(values.names_of(view.callback), ())
        named = {self.address(name, self.usual(name)): name for name in VIEWS}
        seen = set(named)  # those that are still to be seen: the next role may open them
        for role in ("practitioner", "owner", "front desk", OWN_PHONE, "stranger"):
            for at in sorted(seen) if role in self.members else ():
                self.be(role)
                answer = self.client.get(at)
                if answer.status_code in {200, 405}:  # what is only written to is no page for all
                    seen.discard(at)
                elif answer.status_code in {403, 404}:  # a refusal offers nothing
                    continue
                if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
                    continue
                page = values.Forms(answer.content.decode(), at)
                self.learn(page.links)
                for action, fields in page.found.items():
                    known = self.offered.get(named.get(action.partition("?")[0], ""), {})
                    for one, offers in fields.items():
                        known[one] = tuple(dict.fromkeys((*known.get(one, ()), *offers)))

    def learn(self, links: set[str]) -> None:
        """Add the parts of addresses that pages lead to: times that are free, words, rows."""
        for link in sorted(links - self.seen):
            self.seen.add(link)
            try:
                parts = resolve(link).kwargs
            except Resolver404:
                continue
            for key, value in parts.items():
                known = self.pool.get(key, ())
                if value not in known and len(known) < MOST_KNOWN:
                    self.pool[key] = (*known, value)

    def be(self, role: str) -> None:
        self.client.cookies = SimpleCookie(self.cookies[role].output(header="", sep=";"))

    def usual(self, name: str) -> dict[str, Any]:
        """Values for the address; of its numbers and words any will do."""
        return {
            key: (*self.values_for(name, key), *plain(kind))[0]
            for key, kind in VIEWS[name].pattern.converters.items()
        }

    @staticmethod
    def address(name: str, ids: dict[str, Any]) -> str:
        return reverse(name, kwargs=ids)

    def shots(self, draw: Random) -> list[Shot]:
        """Some requests one after the other; the record goes on between them."""
        return [self.shot(draw) for _ in range(draw.randint(1, 8))]

    def shot(self, draw: Random) -> Shot:
        name = draw.choice(self.names)
        known = self.offered[name]

        def some() -> tuple[tuple[str, str], ...]:
            fields = [self._field(draw, known) for _ in range(draw.randrange(6))]
            return tuple((one, self._value(draw, known.get(one, ()))) for one in fields)

        # A form as its page would send it, with a few values of ours in place of its own.
        whole = tuple((one, self._value(draw, known[one])) for one in sorted(known))
        odd_type = draw.randrange(8) == 0
        return Shot(
            name=name,
            role=draw.choice(sorted(self.members)),
            method=draw.choice(METHODS),
            ids={
                key: draw.choice((*self.values_for(name, key), *plain(kind)))
                for key, kind in VIEWS[name].pattern.converters.items()
            },
            fields=whole if draw.randrange(2) else some(),
            query=some() if draw.randrange(2) else (),
            body=_body(draw) if draw.randrange(8) == 0 else None,
            content_type=draw.choice(values.CONTENT_TYPES) if odd_type else FORM,
            headers=_headers(draw) if draw.randrange(8) < 3 else (),
            has_token=draw.randrange(8) > 0,
        )

    def _value(self, draw: Random, offered: tuple[str, ...]) -> str:
        return values.value_of(draw, offered, self.ids)

    @staticmethod
    def _field(draw: Random, known: dict[str, tuple[str, ...]]) -> str:
        return draw.choice(sorted(known)) if known else values.any_text(draw, 8)


def plain(kind: object) -> tuple[Any, ...]:
    """What a part of an address may be that no row is known for."""
    return PLAIN.get(type(kind)) or (uuid4(),)


def _body(draw: Random) -> bytes:
    own = json.dumps(values.nested(draw)).encode()
    return draw.choice((*values.BODIES, own, own, draw.randbytes(draw.randrange(40))))


def _headers(draw: Random) -> tuple[tuple[str, str], ...]:
    names = [draw.choice(sorted(values.HEADERS)) for _ in range(draw.randint(1, 3))]
    return tuple((name, draw.choice(values.HEADERS[name])) for name in names)


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
