"""`filiform` as a process of its own, forked by one that has loaded the libraries already.

A run starts some hundred and fifty of them, and each would load a thousand modules for more than a
second before it does anything. The forked one reads environment, settings and the clinic anew, as
any does; it writes where it was told to, and is waited for, stopped and killed like any.

`make long` starts every one of them cold, as people do; and so does what needs a shell's way to
begin (tests/commands/test_wheel.py, tests/commands/test_never_a_traceback.py).
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

# Coverage follows what a new interpreter runs (`patch = ["subprocess"]`), not what was forked.
COLD = (
    os.environ.get("FILIFORM_EVERY_LOOK", "no") == "yes" or "COVERAGE_PROCESS_CONFIG" in os.environ
)
_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG")
"""Beginnings of names that are read when an interpreter starts, and never again."""

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.libraries"])


class _Forked:
    """A `filiform` that has begun, with as much of subprocess.Popen as tests need."""

    def __init__(
        self, words: tuple[str, ...], env: Mapping[str, str], *files: Path | None, umask: int = -1
    ) -> None:
        """files: its standard input, output and error; None: nothing, and where the output goes."""
        self.process = _forking.Process(target=_run, args=(words, dict(env), umask, *files))
        self.process.start()

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self.process.join(timeout)
        status = self.process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired("filiform", timeout or 0)
        return status

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()


Begun = subprocess.Popen[bytes] | _Forked


def begin(*words: str, env: Mapping[str, str], log: Path) -> Begun:
    """Begins one that runs until it is terminated. log: what it writes, from the beginning."""
    if not COLD:
        return _Forked(words, env, None, log, None)
    with log.open("w") as file:
        return subprocess.Popen(_command(words), env=env, stdout=file, stderr=subprocess.STDOUT)


def filiform(
    *words: str, env: Mapping[str, str], given: str = "", umask: int = -1
) -> subprocess.CompletedProcess[str]:
    """Runs it to its end. given: what it reads from its standard input; umask: -1 is our own."""
    if COLD or _for_the_interpreter(env) != _for_the_interpreter(os.environ):
        return subprocess.run(
            _command(words), env=env, input=given, capture_output=True, text=True, check=False,
            umask=umask,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        stdin, stdout, stderr = (Path(folder, name) for name in ("in", "out", "err"))
        stdin.write_text(given)
        status = _Forked(words, env, stdin, stdout, stderr, umask=umask).wait()
        said = stdout.read_text(), stderr.read_text()
    return subprocess.CompletedProcess(_command(words), status, *said)


def _command(words: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "filiform", *words]


def _for_the_interpreter(env: Mapping[str, str]) -> dict[str, str]:
    return {name: to for name, to in env.items() if name.startswith(_OF_THE_INTERPRETER)}


def _run(
    words: tuple[str, ...],
    environment: dict[str, str],
    umask: int,
    stdin: Path | None,
    stdout: Path,
    stderr: Path | None,
) -> None:
    """In the forked process: what a shell and `python -m filiform` do."""
    anew = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    written = os.open(stdout, anew)
    files = (
        os.open(stdin or os.devnull, os.O_RDONLY),
        written,
        os.open(stderr, anew) if stderr else written,
    )
    for number, file in enumerate(files):
        os.dup2(file, number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", 1)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    if umask >= 0:
        os.umask(umask)
    sys.argv = ["filiform", *words]
    # As of any other process: after a fork by a server of forks, its own children would each begin
    # cold, the workers of `filiform serve` above all.
    multiprocessing.set_start_method("fork", force=True)
    from filiform.cli import main

    sys.exit(main())
