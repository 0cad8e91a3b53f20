"""Where a Chromium is on this machine."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str:
    """The path of a Chromium, or "" when there is none. FILIFORM_CHROMIUM names another."""
    named = os.environ.get("FILIFORM_CHROMIUM", "")
    return named or next((path for path in map(shutil.which, NAMES) if path), "")
