"""Checking the areas that stand in the atlas' tables, against the atlas' own landmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from filiform.anatomy.area_text import Area, AreaError, parse_area, parse_point
from filiform.anatomy.tables import DataError, parts

RELATIVE = ("ipsilateral", "contralateral", "bilateral", "midline")
FIXED = ("left", "right", "bilateral", "midline")


@dataclass(frozen=True)
class Areas:
    """Reads zones, outlines and points of a table's row.

    landmarks: which exist, and whether each is paired.
    """

    landmarks: Mapping[str, bool]

    def zones(
        self, place: str, row: dict[str, str], weight: str, *, sided: bool = True
    ) -> tuple[str, ...]:
        """The row's zones of one weight. Raises DataError naming place, column and what is wrong.

        sided: zones are relative to the source's side; otherwise they carry their own.
        """
        column = f"{weight}_zones"
        texts = parts(row[column], " | ")
        # A source without essential pain would contradict no drawing.
        if weight == "essential" and not texts:
            raise DataError(f"{place}, {column}: empty; every source needs an essential zone")
        for text in texts:
            area = self._area(place, column, text)
            # Said in the column and in the text: one that was copied to the other is caught.
            if area.weight != weight:
                raise DataError(f"{place}, {column}: {text!r} must end with ':{weight}'")
            allowed = RELATIVE if sided else FIXED
            if area.side not in allowed:
                raise DataError(
                    f"{place}, {column}: {text!r} has the side {area.side!r}, "
                    f"expected {', '.join(allowed)}"
                )
        return texts

    def outline(self, place: str, text: str) -> tuple[str, ...]:
        """The skin over a muscle, relative to its side. Raises DataError."""
        texts = parts(text, " | ")
        if not texts:
            raise DataError(f"{place}, outline: empty; every muscle lies under some skin")
        for one in texts:
            area = self._area(place, "outline", one)
            if area.weight or area.side not in RELATIVE:
                raise DataError(
                    f"{place}, outline: {one!r} must end with one of {', '.join(RELATIVE)}"
                )
        return texts

    def point(self, place: str, text: str) -> str:
        """A site. Raises DataError."""
        try:
            parse_point(text, self.landmarks)
        except AreaError as error:
            raise DataError(f"{place}, site_point: {error}") from None
        return text

    def _area(self, place: str, column: str, text: str) -> Area:
        try:
            return parse_area(text, self.landmarks, atlas=True)
        except AreaError as error:
            raise DataError(f"{place}, {column}: {error}") from None
