"""What a form makes, made once: `{% once %}` in the form, `once_of` or `made_by` in its view.

`once_of` is for a form that is a mere button ("told", "handed over"): a trembling finger told
everybody twice. `made_by` is for one with fields: sent twice it makes one row, and whoever goes
back and writes something else into the same form has meant another.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from filiform.clinic.facts.models import new_id

if TYPE_CHECKING:
    from django.http import HttpRequest

NAME = "once"
NO_ANSWERS = frozenset({NAME, "csrfmiddlewaretoken"})
KEEPS_BYTES = 8
"""Of the form's id: the time in it, by which rows are in the order in which they were made"""


def once_of(request: HttpRequest) -> UUID:
    """The id that stood in the form; a new one where there is none."""
    try:
        return UUID(request.POST.get(NAME, ""))
    except ValueError:
        return new_id()


def made_by(request: HttpRequest) -> UUID:
    """The id of what this form makes with these answers; a new one where the form has none."""
    answers = request.POST.lists()
    said = sorted((name, *values) for name, values in answers if name not in NO_ANSWERS)
    form = once_of(request).bytes
    rest = hashlib.sha256(form + repr(said).encode()).digest()
    return UUID(bytes=form[:KEEPS_BYTES] + rest[: 16 - KEEPS_BYTES])
