"""The body to draw on, on a phone: the field of the staff's pages, by itself."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.safestring import SafeString

from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.aftercare.vocabulary import MARKS
from filiform.clinic.body.fields import DrawingField, DrawingWidget

NAME = "where"


def pain_field() -> DrawingField:
    return DrawingField(required=False, kind="pain", intensities=False)


def bruise_field() -> DrawingField:
    return DrawingField(required=False, kind="bruise", qualities=MARKS, intensities=False)


def sent(field: DrawingField, data: QueryDict) -> BodyDrawing:
    """What was drawn; an empty body where nothing was sent. Raises ValidationError."""
    got = _widget(field).value_from_datadict(data, {}, NAME)
    if got is None:
        return BodyDrawing()
    return cast(BodyDrawing, field.clean(got))


def readable(field: DrawingField, data: QueryDict) -> BodyDrawing | None:
    """The same; None for what can't be used."""
    try:
        return sent(field, data)
    except ValidationError:
        return None


def rendered(field: DrawingField, drawing: BodyDrawing) -> SafeString:
    given: Any = drawing
    return _widget(field).render(NAME, given, {"id": f"id_{NAME}"})


def _widget(field: DrawingField) -> DrawingWidget:
    return cast(DrawingWidget, field.widget)
