"""The command `filiform`: every core question and the running of a clinic, from the shell.

Exit status: 0 answered (also when the answer is "no"), 2 the input can't be used (one line on
standard error says what was got and what is allowed), 1 a defect of ours or of the record.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from filiform import __version__
from filiform.commands.errors import InputError

COMMANDS = (
    *("serve", "send", "bounces", "migrate", "create_clinic", "reset_second_factor"),
    *("demo", "check", "digest", "backup", "restore", "drill"),
    *("screen", "target", "evaluate_targeting", "plan", "simulate", "programme", "atlas"),
)


OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
    | {errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EMFILE}
)
"""A full disk, a folder that is only read: no defect of ours, and one line says so."""


class Parser(argparse.ArgumentParser):
    """Wrong words end with one clear line, not with a page of usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. See '{self.prog} --help'.\n")


def parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser for these commands. Each command is a module of its own; one that isn't asked
    for is not loaded, because a patient waits for `screen`."""
    top = Parser(prog="filiform", description="The clinical system for dry needling.")
    top.add_argument("--version", action="version", version=f"filiform {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for name in names:
        import_module(f"filiform.commands.{name}").add_parser(commands)
    return top


def main(words: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if words is None else words)
    known = {module.replace("_", "-"): module for module in COMMANDS}
    # With an unknown word all are loaded, since the refusal lists what is allowed.
    top = parser([known[given[0]]] if given and given[0] in known else COMMANDS)
    args = top.parse_args(given)
    if not hasattr(args, "run"):
        top.print_help()
        return 2
    try:
        # All output of a command is inside this, so that every way it can end is told in one
        # manner.
        status = int(args.run(args))
        sys.stdout.flush()  # else a full disk behind it would be found when nobody can say so
        return status
    except InputError as error:
        print(f"filiform: {error}", file=sys.stderr)
        return 2
    # `| head` has read enough. Standard error is closed too, else Python complains at the very end.
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno not in OF_THE_MACHINE:
            _tell_defect(error)
            return 1
        where = f"{error.filename}: " if error.filename else ""
        print(f"filiform: {where}{error.strerror}; nothing more was written", file=sys.stderr)
        _leave_output()
        return 2
    except Exception as error:  # a defect of ours: where it is, without what was entered
        _tell_defect(error)
        return 1


def _leave_output() -> None:
    """What could not be written is not tried again at the end, which would print a traceback."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell_defect(error: Exception) -> None:
    """One line for people and the way there for us. The exception's own text may hold what stood
    in a patient's file, so it is shown only to whoever asks for it."""
    if os.environ.get("FILIFORM_TRACEBACK") == "yes":
        raise error
    print(
        f"filiform: a defect of ours ({type(error).__name__}). Please report it:", file=sys.stderr
    )
    for frame in traceback.extract_tb(error.__traceback__):
        print(f"  {frame.filename}, line {frame.lineno}, {frame.name}", file=sys.stderr)
    print(
        "  FILIFORM_TRACEBACK=yes shows the values too; they may be a patient's.", file=sys.stderr
    )


if __name__ == "__main__":
    sys.exit(main())
