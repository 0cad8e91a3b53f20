"""Let the actions believe that it is another time, so that the demo has a past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Within this block `timezone.now()` is `moment`. For the demo alone: single-threaded."""
    # In Django's module, where everybody asks. A `now` that a file imported for itself stays real.
    with patch.object(timezone, "now", lambda: moment):
        yield moment
