"""`filiform serve`: the clinic in one process group, with granian."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from typing import Any

from filiform.commands import application
from filiform.commands.errors import InputError
from filiform.words import counted


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "serve",
        help="run the clinic's server",
        description="Serve the clinic until Ctrl-C. In demo mode the database is brought up to "
        "date and the demo clinic is loaded if there is none.",
    )
    command.add_argument("--host", help="address to listen on (FILIFORM_HOST, 127.0.0.1)")
    command.add_argument("--port", type=int, help="port to listen on (FILIFORM_PORT, 8000)")
    command.add_argument("--workers", type=int, help="processes (FILIFORM_WORKERS, 2)")
    command.add_argument("--open", action="store_true", help="open the clinic in a browser")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start()
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    environment = settings.ENVIRONMENT
    try:
        host = args.host or environment.text("HOST", "127.0.0.1")
        port = _asked(args.port, "port", 65535) or environment.number(
            "PORT", 8000, low=1, high=65535
        )
        workers = _asked(args.workers, "workers", 64) or environment.number(
            "WORKERS", 2, low=1, high=64
        )
    except ImproperlyConfigured as error:
        raise InputError(str(error)) from None
    # The server itself would find out only after the demo is made and the sender runs.
    demand_free(host, port)
    # A clinic that can't start says so before anything is made for it.
    if not settings.DEMO:
        application.demand_migrated()
    _collect()
    _prepare(demo=settings.DEMO)
    address = address_of(host, port)
    _say_where(address, demo=settings.DEMO)
    if args.open:
        threading.Thread(target=_open_browser, args=(host, port, address), daemon=True).start()

    sender = _Sender() if environment.yes("SENDER", default=True) else None

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "filiform.clinic.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        # Addresses of pages hold patients' ids.
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    try:
        server.serve()
    finally:
        if sender is not None:
            sender.stop()
    return 0


def _asked(given: int | None, name: str, high: int) -> int | None:
    """A number of the command line, within the bounds of its setting."""
    if given is not None and not 1 <= given <= high:
        raise InputError(f"--{name} is {given}; allowed is a whole number from 1 to {high}")
    return given


def address_of(host: str, port: int) -> str:
    """What to open in a browser on this machine."""
    if host in {"127.0.0.1", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return f"http://localhost:{port}/"
    # An address of IPv6 stands in brackets, else its last part is read as the port.
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class _Sender:
    """`filiform send` beside the server: started again when it ends, stopped with the server."""

    AGAIN_AFTER_S = 5.0

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep_running, daemon=True)
        self.thread.start()

    def _keep_running(self) -> None:
        command = [sys.executable, "-m", "filiform", "send", "--beside", str(os.getpid())]
        while not self.stopping.is_set():
            # What it writes goes where the server's own log goes.
            self.process = subprocess.Popen(command)  # noqa: S603 - our own program
            while self.process.poll() is None and not self.stopping.wait(0.5):
                pass
            self.stopping.wait(self.AGAIN_AFTER_S)

    def stop(self) -> None:
        self.stopping.set()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()


def _collect() -> None:
    """Scripts, styles and typefaces as they go out. Raises InputError when one is missing."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from filiform.clinic.assets import ensure_collected

    if settings.LIVE:
        return
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        print("Collecting scripts, styles and typefaces ...", flush=True)
    try:
        ensure_collected()
    except ImproperlyConfigured as error:
        raise InputError(str(error)) from None


def _prepare(*, demo: bool) -> None:
    """The demo's database, made and filled at its first start."""
    if not demo:
        return
    missing = application.missing_migrations()
    if missing:
        from filiform.clinic.operations.tables import bring_up_to_date

        print(f"Preparing the database ({counted(len(missing), 'migration')}) ...", flush=True)
        bring_up_to_date()
    from filiform.clinic.staff.models import Organisation

    if not Organisation.objects.exists():
        from filiform.clinic.demo.clinic import load

        print("Loading the demo clinic ...", flush=True)
        load()


def demand_free(host: str, port: int) -> None:
    """Raises InputError when something listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # Connections of a server just stopped linger for a minute; they are no reason to refuse.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputError(
                f"can't listen on {host}, port {port}: {error.strerror}. Stop what runs there, "
                "or choose another port with --port or FILIFORM_PORT."
            ) from None


def _say_where(address: str, *, demo: bool) -> None:
    print(f"\n  Filiform is at {address}", flush=True)
    if demo:
        print("  Demo clinic: open the address, 'Staff sign-in', and pick a role with one click.")
    else:
        print(f"  Sign in at {address}sign-in/")
    print("  Stop with Ctrl-C.\n", flush=True)


def _open_browser(host: str, port: int, address: str) -> None:
    """Wait until the server answers; a machine without a screen is told, not troubled."""
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        print("  There is no screen here: open the address in a browser yourself.", flush=True)
        return
    # Ten seconds; a browser that comes too early shows an error and stays there.
    for _ in range(100):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(address)
            return
