"""A drawing as a field of a form: the chart, the flat views, and the list that does the same.

    where = DrawingField(label=_("Where it hurts"), qualities=QUALITIES)
    form.cleaned_data["where"]  # an anatomy.surface.BodyDrawing

Without script the list is the field: what is chosen in it is laid over the drawing that came with
the page. With script `body-list.js` keeps chart and list in step and only the drawing is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filiform.anatomy.surface import AreaError, BodyDrawing, surface
from filiform.anatomy.surface.flat import main_view
from filiform.anatomy.surface.language import AreaError as Unusable
from filiform.anatomy.surface.listing import ListedRegion, edited, entries
from filiform.clinic.body.chart import chart_attributes
from filiform.clinic.body.lists import (
    MarkedRegion,
    groups,
    lines,
    place_list,
    shares,
    union_extents,
)
from filiform.clinic.body.pictures import pictures

MOST_CHANGES = 400
"""Fields of the list that are looked at; it has some 170."""


@dataclass(frozen=True)
class Sent:
    """What a page sent: the drawing's text, and what was chosen in the list."""

    text: str
    chosen: Mapping[str, str] = field(default_factory=dict)


class DrawingWidget(forms.Widget):
    """`<body-chart>` around the flat views, and `<body-list>` beside it."""

    template_name = "body/drawing_field.html"
    use_fieldset = True

    class Media:
        css = {"all": ["filiform/body/body.css", "filiform/flat.css", "filiform/body-list.css"]}

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.qualities: tuple[tuple[str, Any], ...] = ()
        self.intensities = True
        self.kind = "pain"
        self.body = ""
        self.label: Any = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent | None:
        prefix = f"{name}-"
        chosen = {
            key.removeprefix(prefix): data.get(key)
            # Whatever is sent: a form with a million fields must not be looked through.
            for key in [key for key in data if key.startswith(prefix)][:MOST_CHANGES]
        }
        # Without script the list alone may be there; only when both are missing was nothing asked.
        if name not in data and not chosen:
            return None
        return Sent(str(data.get(name) or ""), chosen)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def format_value(self, value: Any) -> str:
        """The text of a drawing, whatever form it comes in; one that can't be read is empty."""
        return shown(value).as_text()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        drawing = shown(value)
        context: dict[str, Any] = super().get_context(name, drawing, attrs)
        # A bruise is a bruise; how pain feels is never filled in for anybody.
        usual = self.qualities[0][0] if self.kind != "pain" and self.qualities else ""
        chart = chart_attributes(
            mode="paint",
            name=name,
            value=drawing.as_text(),
            qualities=self.qualities,
            body=self.body,
            label=str(self.label),
            view=main_view(drawing.union),
        )
        context["widget"] |= {
            "chart": chart | ({"quality": usual} if usual else {}),
            "usual": usual,
            "text": drawing.as_text(),
            "kind": self.kind,
            "older": drawing.came_from,
            "pictures": pictures(
                drawing,
                links=f"#{name}-place-",
                prefix=name,
                css=self.kind,
            ),
            "lines": lines(name, drawing, self.qualities),
            "blank": MarkedRegion.blank(name, self.qualities),
            "places": place_list(groups(name, drawing)),
            "qualities": self.qualities,
            "intensities": range(11) if self.intensities else (),
            "regions": reverse("body:regions", args=[surface().release]),
        }
        return context


class DrawingField(forms.Field):
    """Cleans to a `BodyDrawing`. kind: "pain", "bruise" or "soreness", for the colours.

    qualities: (id, name) pairs that may be chosen. intensities: ask how strong. The page sets
    `widget.body` to the address of the patient's build (`body.chart.body_of`).
    """

    widget = DrawingWidget
    default_error_messages = {"required": gettext_lazy("Mark where it is.")}

    def __init__(
        self,
        *,
        kind: str = "pain",
        qualities: Iterable[tuple[str, Any]] = (),
        intensities: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.qualities = tuple(qualities)
        self.widget.kind, self.widget.qualities = kind, self.qualities
        self.widget.intensities = intensities
        self.widget.label = self.label

    def to_python(self, value: Any) -> BodyDrawing:
        if isinstance(value, BodyDrawing):
            return value
        sent = value if isinstance(value, Sent) else Sent(str(value or ""))
        try:
            drawing = changed(sent)
        except AreaError as error:
            raise ValidationError(unusable(error), code="drawing") from error
        self._check_qualities(drawing)
        return drawing

    def _check_qualities(self, drawing: BodyDrawing) -> None:
        known = {"", *(key for key, _name in self.qualities)}
        for layer in drawing.layers:
            if layer.quality not in known:
                raise ValidationError(
                    _("%(got)s is not a kind of pain we know. Choose one from the list."),
                    code="quality",
                    params={"got": layer.quality},
                )

    def validate(self, value: BodyDrawing) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            now = (
                changed(data) if isinstance(data, Sent) else BodyDrawing.from_text(str(data or ""))
            )
        except AreaError:
            return True
        return bool(now != (initial or BodyDrawing()))


def shown(value: Any) -> BodyDrawing:
    """What a page shows for a value: a drawing, its text, or what was sent. What can't be read is
    an empty body; the error beside it says why."""
    if isinstance(value, BodyDrawing):
        return value
    try:
        return (
            changed(value) if isinstance(value, Sent) else BodyDrawing.from_text(str(value or ""))
        )
    except AreaError:
        try:
            return BodyDrawing.from_text(value.text) if isinstance(value, Sent) else BodyDrawing()
        except AreaError:
            return BodyDrawing()


def unusable(error: Unusable) -> str:
    """One sentence for people; the part that can't be used stands in it."""
    return _("The drawing can't be used (%(why)s). Clear it and draw again, or use the list.") % {
        "why": error
    }


def changed(sent: Sent) -> BodyDrawing:
    """The drawing that was sent with what was chosen in the list. Raises AreaError."""
    base = BodyDrawing.from_text(sent.text)
    # Changing the list of a drawing of an older body doesn't make it one of today's.
    came_from = base.came_from
    known = entries(base)
    touched: set[tuple[str, str]] = set()
    changes: list[tuple[ListedRegion | None, ListedRegion | None]] = []
    for number, entry in enumerate(known):
        after = _line_chosen(sent.chosen, number, entry)
        # Untouched lines are left to the drawing, which is finer than the list can say.
        if after != entry:
            changes.append((entry, after))
            touched.add(entry.place)
    changes += _places_chosen(sent.chosen, base, known, touched)
    done = edited(base, changes) if changes else base
    return BodyDrawing(done.layers, came_from)


def _line_chosen(
    chosen: Mapping[str, str], number: int, entry: ListedRegion
) -> ListedRegion | None:
    extent = chosen.get(f"line-{number}", entry.extent)
    if extent == "none":
        return None
    quality = chosen.get(f"line-{number}-quality", entry.quality)
    intensity = entry.intensity
    if f"line-{number}-intensity" in chosen:
        intensity = _intensity(chosen[f"line-{number}-intensity"])
    # What somebody sent; `edited` refuses words that are no extent.
    return ListedRegion(*entry.place, extent, quality, intensity, entry.noted)  # type: ignore[arg-type]


def _places_chosen(
    chosen: Mapping[str, str], base: BodyDrawing, known: tuple[ListedRegion, ...], touched: set[Any]
) -> list[tuple[ListedRegion | None, ListedRegion | None]]:
    """Places whose extent is no longer what the page said. The largest line of a place takes the
    new extent, its others go; where there was none, it gets the kind that was chosen for new
    marks."""
    said = union_extents(shares(base))
    found: list[tuple[ListedRegion | None, ListedRegion | None]] = []
    for key, extent in chosen.items():
        if not key.startswith("place-"):
            continue
        region, _dash, side = key.removeprefix("place-").rpartition("-")
        place = (region, side)
        # A line of its own says more than the list of all places, and goes before it.
        if extent == said.get(place, "none") or place in touched:
            continue
        before = [entry for entry in known if entry.place == place]
        found += [(entry, None) for entry in before]
        if extent != "none":
            kind = before[0].layer if before else _new_kind(chosen)
            # `edited` refuses words that are no extent.
            found.append((None, ListedRegion(region, side, extent, *kind)))  # type: ignore[arg-type]
    return found


def _new_kind(chosen: Mapping[str, str]) -> tuple[str, int | None]:
    return chosen.get("quality", ""), _intensity(chosen.get("intensity", ""))


def _intensity(text: str) -> int | None:
    if text == "":
        return None
    # `isdigit` alone would take "²", at which `int` stumbles.
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise AreaError(f'intensity "{text[:40]}": expected 0 to 10, or nothing')
    return int(text)


__all__ = ["DrawingField", "DrawingWidget", "Sent", "changed"]
