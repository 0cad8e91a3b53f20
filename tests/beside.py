"""Tests that read files lying beside the project are there when the files are, and else are not.

What they hold about real records, other tests hold about made-up ones; so nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def only_beside(*paths: Path) -> Callable[[Any], Any]:
    """Let pytest collect the test only if all paths are there, and there is at least one."""
    there = bool(paths) and all(path.exists() for path in paths)

    def decide(test: Any) -> Any:
        test.__test__ = there
        return test

    return decide
