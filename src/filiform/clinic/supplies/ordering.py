"""The message to a supplier, ready to be sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filiform.clinic.web.templatetags.filiform import isolated, local_name
from filiform.clinic.web.times import comma

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation, Site
    from filiform.clinic.supplies.queries import ProductLine


def order_message(
    lines: Iterable[ProductLine], organisation: Organisation, sites: Sequence[Site]
) -> list[tuple[str, str, str]]:
    """For each supplier what is to be ordered: (supplier, message, address for WhatsApp or "")."""
    wanted: dict[tuple[str, str], list[ProductLine]] = {}
    for line in lines:
        if line.to_order:
            product = line.product
            wanted.setdefault((product.supplier, product.supplier_phone), []).append(line)
    found = []
    for (supplier, phone), short in wanted.items():
        text = "\n".join(
            [
                _("Please send us:"),
                *[f"– {_one(line)}" for line in short],
                isolated(local_name(organisation))
                + (f"{comma()} {isolated(local_name(sites[0], 'address'))}" if sites else ""),
            ]
        )
        digits = "".join(digit for digit in phone if digit.isdigit())
        address = f"https://wa.me/{digits}?text={quote(text)}" if digits else ""
        found.append((supplier, text, address))
    return found


def _one(line: ProductLine) -> str:
    packs = ngettext("%(n)s pack", "%(n)s packs", line.order_packs) % {"n": line.order_packs}
    gtin = f", GTIN {line.product.gtin}" if line.product.gtin else ""
    return f"{packs}: {isolated(f'{line.product.brand} {line.size}{gtin}')}"
