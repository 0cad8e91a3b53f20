"""Compile the message catalogues that are newer than what was compiled last.

The catalogues (.po) are text and lie in the repository; what Django reads (.mo) is made from
them here, so that no machine needs GNU gettext.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import polib

LOCALE = Path(__file__).parent / "locale"


def compile_translations(folder: Path = LOCALE) -> list[Path]:
    """The catalogues that were compiled anew."""
    # A wheel brings compiled ones: its folder may be read-only, and files' times say nothing there.
    if (folder.parent / "collected").is_dir() and any(folder.rglob("*.mo")):
        return []
    made = []
    for catalogue in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = catalogue.with_suffix(".mo")
        older = not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime
        if older and _compile(catalogue, compiled):
            made.append(compiled)
    return made


def _compile(catalogue: Path, compiled: Path) -> bool:
    """Aside, then put in its place: two servers may start at once, and neither may read half a
    file. False where nothing can be written; what was compiled last is then gone on with.

    Raises OSError when nothing was ever compiled: a clinic without its Urdu doesn't start.
    """
    aside = compiled.with_name(f".{compiled.name}-{os.getpid()}")
    try:
        polib.pofile(str(catalogue)).save_as_mofile(str(aside))
        aside.replace(compiled)
    except OSError:
        if not compiled.exists():
            raise
        return False
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
    return True
