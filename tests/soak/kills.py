"""Acts over HTTP while the server is killed again and again, and what of them is there after.

A tablet sends one act after the other, each under an id of its own. It sends an act again until
somebody answers, as the real one does, and now and then an act that was answered already. What
must hold in the end, whatever was killed when:

- every acknowledged act is there once, and no act twice;
- the acts of a treatment stand in the order in which they were sent, numbered without a gap;
- the database is whole, every row stands in the chain, every treatment can be signed, and
  `filiform check` finds nothing.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
CSRF = "a" * 32
TABLETS = 4
"""At the same time, each with a treatment of its own."""
ACTS_EACH = 400
"""Of one treatment: fifty needles in, with twitches, and out again."""
CYCLE = ("insertion", *["twitch"] * 6, "removal")
SENT_TWICE = 0.05
"""Share of acts that are sent once more after they were acknowledged."""
COMES_UP_WITHIN_S = 240


@dataclass
class Round:
    """What a round was, and what is wrong after it."""

    acts: int
    kills: int
    seed: int
    tablets: int = TABLETS
    acknowledged: int = 0
    killed: int = 0
    unanswered: int = 0
    """Acts whose answer never came, because the server was killed: each was sent again."""
    sent_twice: int = 0
    refused: list[str] = field(default_factory=list)
    broken_off: bool = False
    seconds: float = 0.0
    signed: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems and not self.refused


def surroundings(folder: Path) -> dict[str, str]:
    """A data folder of its own, so that nothing else is touched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FILIFORM_")}
    return {
        **kept,
        "FILIFORM_DEMO": "yes",
        "FILIFORM_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }


def run_round(
    folder: Path, *, acts: int, kills: int, seed: int = 1, tablets: int = TABLETS
) -> Round:
    """Fill a clinic in an empty folder, needle and kill, look at what is there.

    tablets: so many treatments are live at once.
    """
    found = Round(acts, kills, seed, tablets)
    # Every tablet needs enough treatments for its own share.
    number = tablets * -(-acts // (tablets * ACTS_EACH))
    clinic = _program(folder, "tests.soak.clinic", "fill", str(number))
    port = _free_port()
    couch = [
        Tablet(clinic["session"], port, clinic["treatments"][one::tablets], share, seed + one)
        for one, share in enumerate(_shares(acts, tablets))
    ]
    for tablet in couch:
        tablet.pause_s = max(tablet.pause_s, tablets / 200)
    begun = time.monotonic()
    _needle_and_kill(folder, port, couch, found)
    found.seconds = time.monotonic() - begun
    for tablet in couch:
        found.acknowledged += len(tablet.acknowledged)
        found.unanswered += tablet.unanswered
        found.sent_twice += tablet.sent_twice
        found.refused += tablet.refused
    found.problems += _wrong_with_acts(folder, couch)
    found.signed = _program(folder, "tests.soak.clinic", "sign")["signed"]
    checks = _program(folder, "filiform", "check", "--json")["checks"]
    found.problems += [f"{one['check']}: {what}" for one in checks for what in one["problems"]]
    return found


def _shares(acts: int, among: int) -> list[int]:
    return [acts // among + (one < acts % among) for one in range(among)]


def _needle_and_kill(folder: Path, port: int, tablets: list[Tablet], found: Round) -> None:
    """Kill at random moments, spread over the acts, until all of both is done."""
    rng = random.Random(found.seed)
    moments = iter(sorted(rng.sample(range(1, found.acts), found.kills)))
    moment = next(moments, None)
    for tablet in tablets:
        tablet.start()
    server = _serve(folder, port)
    try:
        while any(tablet.is_alive() for tablet in tablets):
            done = sum(len(tablet.acknowledged) for tablet in tablets)
            if moment is not None and done >= moment:
                # Somewhere within the next act, not always just after an answer.
                time.sleep(rng.uniform(0, 0.05))
                _kill(server)
                found.killed += 1
                moment = next(moments, None)
                server = _serve(folder, port)
            elif server.poll() is not None:
                raise RuntimeError(f"the server ended by itself with {server.returncode}")
            time.sleep(0.002)
    except KeyboardInterrupt:
        # Ctrl-C ends a long round early; what was done until then is looked at all the same.
        found.broken_off = True
    finally:
        for tablet in tablets:
            tablet.stop.set()
        _kill(server)
        for tablet in tablets:
            tablet.join(timeout=30)


def _serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "4", "--log-level", "error"),
            "filiform.clinic.wsgi:application",
        ],
        env=surroundings(folder),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _kill(server: subprocess.Popen[bytes]) -> None:
    """All its processes at once, without a word."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


class Tablet(threading.Thread):
    """Sends its share of acts, one after the other."""

    def __init__(
        self, session: str, port: int, treatments: list[dict[str, str]], share: int, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.session, self.port, self.share = session, port, share
        self.treatments = treatments
        self.rng = random.Random(seed)
        self.stop = threading.Event()
        self.acknowledged: list[tuple[str, str]] = []
        """(visit, act) in the order in which they were sent"""
        self.refused: list[str] = []
        self.unanswered = self.sent_twice = 0
        self.on_its_way = ""
        """The act that nobody answered when the round was broken off: it may be there or not."""
        self.line: http.client.HTTPConnection | None = None
        self.pause_s = 0.05
        """Before asking again where nobody is; two hundred that ask at once keep a server down"""

    def run(self) -> None:
        for visit, said in self._acts():
            status = self._send_until_answered(visit, said)
            if status != 200:
                self.on_its_way = said["act_id"]
                if not self.stop.is_set():
                    self.refused.append(f"{said['kind']} was answered {status}")
                return
            self.acknowledged.append((visit, said["act_id"]))
            if self.rng.random() < SENT_TWICE:
                self.sent_twice += 1
                again = self._send_until_answered(visit, said)
                if again != 200 and not self.stop.is_set():
                    self.refused.append(f"{said['kind']} sent again was answered {again}")

    def _acts(self) -> Iterator[tuple[str, dict[str, str]]]:
        left = self.share
        for treatment in self.treatments:
            needle = ""
            for place in range(min(left, ACTS_EACH)):
                kind = CYCLE[place % len(CYCLE)]
                said = {"act_id": str(uuid.uuid4()), "kind": kind}
                if kind == "insertion":
                    needle = said["act_id"]
                    said["target"] = treatment["target"]
                else:
                    said["needle"] = needle
                left -= 1
                yield treatment["visit"], said

    def _send_until_answered(self, visit: str, said: dict[str, str]) -> int:
        """The status; 0 when the round was broken off."""
        heard_nothing = False
        end = time.monotonic() + COMES_UP_WITHIN_S
        while not self.stop.is_set() and time.monotonic() < end:
            try:
                return self._send(visit, said)
            except (ConnectionRefusedError, socket.gaierror):
                time.sleep(self.pause_s)  # nobody is there yet: the act was never sent
            except (OSError, http.client.HTTPException):
                self.unanswered += not heard_nothing
                heard_nothing = True
            if self.line:
                self.line.close()
            self.line = None
        return 0

    def _send(self, visit: str, said: dict[str, str]) -> int:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.line.request(
            "POST",
            f"/visits/{visit}/treat/act/",
            urlencode(said),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"filiform_session={self.session}; csrftoken={CSRF}",
                "X-CSRFToken": CSRF,
                "X-Treatment-Page": "yes",
            },
        )
        answer = self.line.getresponse()
        answer.read()
        return answer.status


def _wrong_with_acts(folder: Path, tablets: list[Tablet]) -> list[str]:
    """Compares what the tablets were told with what is stored."""
    with closing(sqlite3.connect(folder / "clinic.sqlite3")) as database:
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
        rows = database.execute(
            "SELECT t.visit_id, a.id, a.number FROM treatment_act a "
            "JOIN treatment_treatment t ON t.id = a.treatment_id ORDER BY a.number"
        ).fetchall()
    problems = [] if whole == "ok" else [f"the database is damaged: {whole}"]
    stored: dict[str, list[tuple[str, int]]] = {}
    for visit, act, number in rows:
        stored.setdefault(str(uuid.UUID(visit)), []).append((str(uuid.UUID(act)), number))
    on_their_way = {tablet.on_its_way for tablet in tablets}
    sent: dict[str, list[str]] = {}
    for tablet in tablets:
        for visit, act in tablet.acknowledged:
            sent.setdefault(visit, []).append(act)
    for visit in sorted(stored.keys() | sent.keys()):
        there, told = stored.get(visit, []), sent.get(visit, [])
        acts = [act for act, _ in there]
        if lost := set(told) - set(acts):
            problems.append(f"{len(lost)} acknowledged acts are not there")
        if len(acts) != len(set(acts)):
            problems.append("an act is there twice")
        if set(acts) - set(told) - on_their_way:
            problems.append("an act is there that no tablet was told of")
        if [act for act in acts if act in set(told)] != told:
            problems.append("acts stand in another order than they were sent in")
        if [number for _, number in there] != list(range(1, len(there) + 1)):
            problems.append("the numbers of a treatment's acts have a gap")
    return problems


def _program(folder: Path, module: str, *words: str) -> dict[str, Any]:
    """Run a program of ours that prints one JSON document at its end."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=surroundings(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.strip():
        raise RuntimeError(f"{module} {' '.join(words)}:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _free_port() -> int:
    with closing(socket.socket()) as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])
