"""What is seen at a needle: how deep it really is, how the patient takes it, bent or stuck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from filiform.clinic.treatment.refusing import DetailsOrRefusal
from filiform.clinic.treatment.vocabulary import FOUND_AT_NEEDLE, REACTIONS
from filiform.clinic.web.times import comma
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.treatment.course import InsertedNeedle


def observed_details(given: Mapping[str, Any], needle: InsertedNeedle | None) -> DetailsOrRefusal:
    """depth_mm: of the tip, 1 mm to the needle's length. reaction: of REACTIONS. found: of
    FOUND_AT_NEEDLE. At least one of them.

    Raises ValueError for a word that isn't in the lists: a defect of the page.
    """
    stored: dict[str, Any] = {}
    for name, words in (("reaction", REACTIONS), ("found", FOUND_AT_NEEDLE)):
        value = given.get(name) or ""
        if value and value not in words:
            raise ValueError(f"observed: {name} is {value!r}; allowed: {', '.join(words)}")
        if value:
            stored[name] = value
    if given.get("depth_mm") not in (None, ""):
        depth_mm = float(given["depth_mm"])
        longest = float(needle.act.details.get("length_mm", 0)) if needle else 0.0
        if needle is not None and not 1.0 <= depth_mm <= longest:
            params = {"got": f"{depth_mm:g}", "low": "1", "high": f"{longest:g}"}
            return {}, (Reason(code="needle-depth", params=params),)
        stored["depth_mm"] = depth_mm
        planned = needle.act.details.get("depth_mm") if needle else None
        others = set(needle.act.details.get("changed", ())) - {"depth_mm"} if needle else set()
        # The record marks what differs from the plan, whenever it was said.
        stored["changed"] = sorted(others | ({"depth_mm"} if depth_mm != planned else set()))
    if not stored:
        return {}, (Reason(code="observed-nothing"),)
    return stored, ()


def observed_note(details: Mapping[str, Any]) -> str:
    """What was observed, for the list of what was done."""
    parts = []
    if "depth_mm" in details:
        parts.append(_("%(depth)s mm deep") % {"depth": f"{details['depth_mm']:g}"})
    parts += [str(REACTIONS[details["reaction"]])] if details.get("reaction") else []
    parts += [str(FOUND_AT_NEEDLE[details["found"]])] if details.get("found") else []
    return f"{comma()} ".join(parts)
