"""A PostgreSQL cluster for tests: made in a temporary folder, gone afterwards.

FILIFORM_TEST_DATABASE_URL names a server to use instead.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def find_postgres() -> Path | None:
    """The folder with initdb and pg_ctl, newest version first; None when there is none."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True
    )
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).parent)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


class Cluster:
    """`with Cluster() as url:` starts one and gives its address; the server is stopped after."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.bin = find_postgres()

    def __enter__(self) -> str:
        given = os.environ.get("FILIFORM_TEST_DATABASE_URL")
        if given:
            return given
        if self.bin is None:
            raise SystemExit("There is no PostgreSQL on this machine.")
        self.folder = Path(tempfile.mkdtemp(prefix="filiform-postgres-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", "filiform", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -k {self.folder} -c fsync=off -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start")
        return f"postgresql://filiform@127.0.0.1:{port}/postgres"

    def __exit__(self, *_: object) -> None:
        if self.folder:
            self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, tool: str, *words: object) -> None:
        """PostgreSQL refuses to run as root; there its own user runs it."""
        command = [str(Path(self.bin or "") / tool), *map(str, words)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(  # noqa: S603
            command, cwd="/", capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{tool} failed:\n{done.stdout}\n{done.stderr}")
