"""A clinic of its own on a restored copy: its folder, its database, its server; gone afterwards.

Everything is done by the commands that a bad day asks for (`filiform restore`, `filiform serve`),
in processes of their own, so that what is rehearsed is what will be done.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from filiform.clinic.operations.copies import CopyError, run_statement, sqlite_settings

HOST = "127.0.0.1"
STARTS_WITHIN_S = 120
ASKED = (("/", 200), ("/sign-in/", 200), ("/today/", 302))
"""The public home, the sign-in, and a page of the record, which sends strangers to the sign-in."""


class Rehearsal:
    """folder: where the copy and the restored clinic lie. database: settings that lead Django's
    models there (`copies.instead`). environment: that of a `filiform` which works there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "restored"
        self.copy = folder / "copy"
        self.drill_database = ""
        self.environment = {
            **os.environ,
            "FILIFORM_DATA": str(self.data),
            # Reached from this machine alone, whatever stands before the clinic itself.
            "FILIFORM_HTTPS": "no",
            "FILIFORM_ALLOWED_HOSTS": HOST,
        }
        if connection.vendor == "postgresql":
            live = settings.DATABASES["default"]["NAME"]
            self.drill_database = f"{live}_drill_{timezone.now():%Y%m%d%H%M%S}"
            self.database: dict[str, Any] = {"NAME": self.drill_database}
            address = urlsplit(settings.DATABASE_URL)
            named = urlunsplit(address._replace(path=f"/{self.drill_database}"))
        else:
            file = self.data / "clinic.sqlite3"
            self.database = sqlite_settings(file)
            named = f"sqlite:///{file}"
        self.environment["FILIFORM_DATABASE_URL"] = named

    def restore(self) -> str:
        """Restore the copy, which verifies it. Returns what `filiform restore` said.
        Raises CopyError."""
        words = ["restore", str(self.copy)]
        if self.drill_database:
            # A database to take the place of: restoring renames it away.
            run_statement(_maintenance(), f'CREATE DATABASE "{self.drill_database}"')
            words.append("--yes")
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "filiform", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no reason given"]
            raise CopyError(lines[0].removeprefix("filiform: "))
        return done.stdout.strip().splitlines()[-1]

    @contextmanager
    def serving(self, port: int) -> Iterator[int]:
        """`filiform serve` on the restored clinic. Gives the port; 0 is any that is free.
        Raises CopyError with the server's own words when it does not come up."""
        port = port or free_port()
        words = ["serve", "--host", HOST, "--port", str(port), "--workers", "1"]
        with tempfile.TemporaryFile(dir=self.folder) as said:
            server = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "filiform", *words],
                env=self.environment,
                stdout=said,
                stderr=said,
                # So that it can be ended together with the processes that it starts.
                start_new_session=True,
            )
            try:
                _wait_for(server, port, said)
                yield port
            finally:
                _stop(server)

    def remove(self) -> None:
        """Nothing of patients' data stays behind."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.drill_database:
            self._drop_databases()

    def _drop_databases(self) -> None:
        with connection.cursor() as cursor:
            # Restoring left the empty one under another name.
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
                [self.drill_database],
            )
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            run_statement(_maintenance(), f'DROP DATABASE "{name}" WITH (FORCE)')


def ask(port: int) -> list[str]:
    """Ask the pages of ASKED and say what is wrong with an answer; nothing when all is well."""
    wrong = []
    for path, expected in ASKED:
        with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as line:
            try:
                line.request("GET", path)
                status = line.getresponse().status
            except (OSError, http.client.HTTPException) as error:
                wrong.append(f"{path} was not answered ({type(error).__name__})")
                continue
        if status != expected:
            wrong.append(f"{path} answered {status}, {expected} was expected")
    return wrong


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _maintenance() -> dict[str, Any]:
    return {**settings.DATABASES["default"], "NAME": "postgres"}


def _wait_for(server: subprocess.Popen[bytes], port: int, said: Any) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while server.poll() is None and time.monotonic() < end:
        with suppress(OSError), closing(socket.create_connection((HOST, port), timeout=1)):
            return
        time.sleep(0.1)
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
    why = lines[-1].removeprefix("filiform: ")
    raise CopyError(f"the restored clinic did not start: {why}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, then make it: nothing may go on serving patients' data."""
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
        server.kill()
        server.wait()
