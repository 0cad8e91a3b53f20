"""The demo clinic in a process of its own, on a free port, with a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE_S = 240
"""Loading the demo takes some ten seconds; a machine that is busy may take many times that."""


@contextmanager
def demo_clinic(folder: Path | None = None) -> Iterator[str]:
    """Serve a freshly loaded demo clinic; gives its address, and stops it at the end.

    Without a folder it lies in one that is removed at the end.
    Raises RuntimeError with the server's own words when it stops or doesn't answer in time.
    """
    if folder is None:
        with TemporaryDirectory() as made, demo_clinic(Path(made)) as address:
            yield address
        return
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FILIFORM_")},
        "FILIFORM_DEMO": "yes",
        "FILIFORM_DATA": str(folder),
        # Nothing here waits for a message to be sent; the process would share the processor.
        "FILIFORM_SENDER": "no",
        "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
    }
    command = [sys.executable, "-m", "filiform", "serve", "--port", str(port), "--workers", "1"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603
        try:
            _wait_for(port, server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"the server stopped:\n{log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"no answer from the server in {PATIENCE_S} s:\n{log.read_text()}")
