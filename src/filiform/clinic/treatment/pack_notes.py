"""Opened packs and fates in words, for the list of what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from filiform.clinic.supplies.refusing import size_text
from filiform.clinic.treatment.vocabulary import FATES

if TYPE_CHECKING:
    from filiform.clinic.treatment.models import Act


def pack_note(act: Act) -> str:
    """ "2 packs, 0.25 × 40 mm, lot L-2291" or what became of a needle."""
    told = act.details
    if act.kind == "fate":
        return str(FATES.get(told["fate"], told["fate"]))
    size = size_text((told["diameter_mm"], told["length_mm"]))
    says = ngettext(
        "%(n)s pack of %(size)s, lot %(lot)s", "%(n)s packs of %(size)s, lot %(lot)s", told["packs"]
    )
    return says % {"n": told["packs"], "size": size, "lot": told["number"]}
