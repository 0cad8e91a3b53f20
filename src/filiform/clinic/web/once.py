"""What a form with one button makes, made once: `{% once %}` in the form, `once_of` in its view.

Forms with fields carry the id of the row that they make in a field of their own. A form that is a
mere button ("told", "handed over") has none, and a trembling finger told everybody twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from filiform.clinic.facts.models import new_id

if TYPE_CHECKING:
    from django.http import HttpRequest

NAME = "once"


def once_of(request: HttpRequest) -> UUID:
    """The id that stood in the form; a new one where there is none."""
    try:
        return UUID(request.POST.get(NAME, ""))
    except ValueError:
        return new_id()
