"""The server is killed while tablets record: what was acknowledged is there, exactly once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).parents[3]
CSRF = "a" * 32
ENOUGH = 40
"""Acknowledged acts before the plug is pulled."""


@pytest.fixture
def surroundings(tmp_path):
    """A data folder of its own, so that nothing of the other tests is touched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FILIFORM_")}
    return {
        **kept,
        "FILIFORM_DEMO": "yes",
        "FILIFORM_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }


def free_port() -> int:
    with closing(socket.socket()) as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


@pytest.fixture
def server(surroundings):
    """The filled clinic, served as in a clinic. Killed at the end, whatever happened."""
    filled = subprocess.run(
        [sys.executable, "-m", "tests.clinic.treatment.fill_for_power_cut"],
        env=surroundings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert filled.returncode == 0, filled.stderr
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)),
            *("--blocking-threads", "4", "--log-level", "error"),
            "filiform.clinic.wsgi:application",
        ],
        env=surroundings,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port, process)
        yield json.loads(filled.stdout.strip().splitlines()[-1]), port, process
    finally:
        pull_the_plug(process)


def wait_for(port, process):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended by itself"
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 0.2)):
            return
        time.sleep(0.05)
    raise AssertionError("the server did not come up within 20 s")


def pull_the_plug(process):
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Tablet(threading.Thread):
    """Sends one twitch after the other, each under a new id, until the server is gone."""

    def __init__(self, clinic, port, needle, acknowledged):
        super().__init__(daemon=True)
        self.clinic, self.port, self.needle, self.acknowledged = clinic, port, needle, acknowledged
        self.refused = []

    def run(self):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with suppress(OSError, http.client.HTTPException), closing(line):
            while True:
                number = str(uuid.uuid4())
                status = self.send(line, number)
                if status == 200:
                    self.acknowledged.append(number)
                else:
                    self.refused.append(status)
                    return

    def send(self, line, number):
        body = urlencode({"act_id": number, "kind": "twitch", "needle": self.needle})
        line.request(
            "POST",
            f"/visits/{self.clinic['visit']}/treat/act/",
            body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"filiform_session={self.clinic['session']}; csrftoken={CSRF}",
                "X-CSRFToken": CSRF,
                "X-Treatment-Page": "yes",
            },
        )
        answer = line.getresponse()
        answer.read()
        return answer.status


def test_every_act_that_was_acknowledged_survives_a_killed_server_exactly_once(server, tmp_path):
    clinic, port, process = server
    acknowledged: list[str] = []
    tablets = [Tablet(clinic, port, needle, acknowledged) for needle in clinic["needles"]]
    for tablet in tablets:
        tablet.start()
    end = time.monotonic() + 30
    while len(acknowledged) < ENOUGH and time.monotonic() < end:
        assert not any(tablet.refused for tablet in tablets), [t.refused for t in tablets]
        time.sleep(0.005)
    pull_the_plug(process)
    for tablet in tablets:
        tablet.join(timeout=10)
    assert len(acknowledged) >= ENOUGH

    with closing(sqlite3.connect(tmp_path / "clinic.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute("SELECT id, number FROM treatment_act ORDER BY number").fetchall()
    stored = [str(uuid.UUID(row[0])) for row in rows]
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored)
    assert [row[1] for row in rows] == list(range(1, len(rows) + 1))
