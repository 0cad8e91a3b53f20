"""How a process that helps with a check begins.

A module of its own that imports no models: a new process reads it before Django is set up.
"""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.db import connections


def begin_worker(database: dict[str, Any]) -> None:
    """database: settings that differ from those of `default`, as in `verifying.checking`."""
    django.setup()
    if database:
        live = connections["default"]
        other = {**settings.DATABASES["default"], **database}
        connections["default"] = type(live)(other, alias="default")
