"""Where a Chromium is: one that is installed, or the one that comes from the npm registry."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

# The one without windows comes first: the whole browser draws its own bars and buttons, too, even
# where nobody sees them, and takes a third more of the processor for the same journey.
NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
FROM_REGISTRY = Path(__file__).parents[1] / "tests/journeys/browser/node_modules/.chromium/start"


def installed_chromium() -> str:
    """The path of a Chromium of this machine, or "". FILIFORM_CHROMIUM names another."""
    named = os.environ.get("FILIFORM_CHROMIUM", "")
    return named or next((path for path in map(shutil.which, NAMES) if path), "")


def find_chromium() -> str:
    """The path of a Chromium, or "" when there is none: neither installed nor taken from the
    registry, which `sh tools/prepare.sh browser` does."""
    return installed_chromium() or (str(FROM_REGISTRY) if FROM_REGISTRY.exists() else "")


def registry_serves() -> bool:
    """Whether the package of the registry runs here: it is made for Linux on x86-64 alone."""
    return sys.platform == "linux" and platform.machine() == "x86_64"
