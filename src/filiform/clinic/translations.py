"""Compile the message catalogues that are newer than what was compiled last.

The catalogues (.po) are text and lie in the repository; what Django reads (.mo) is made from
them here, so that no machine needs GNU gettext.
"""

from __future__ import annotations

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
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            polib.pofile(str(catalogue)).save_as_mofile(str(compiled))
            made.append(compiled)
    return made
