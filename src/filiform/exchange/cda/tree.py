"""The XML of a clinical document, safely: elements by their local names, times, texts."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from filiform.exchange.fhir.errors import BundleError

LARGEST_CDA_BYTES = 20_000_000
"""A whole medical life in C-CDA has some ten megabytes; this many are read in two seconds."""
DEEPEST_ELEMENT = 200
"""Elements within elements; a document has some thirty, an attack on the stack has thousands."""

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TIME = re.compile(r"(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?(?:\.\d+)?)?([+-]\d{4})?$")


class _Strict(TreeBuilder):
    def doctype(self, *_: object) -> None:
        """Entities turn a kilobyte into a gigabyte, and read files of ours: no CDA needs them."""
        raise BundleError("cda-doctype")


def parsed(raw: bytes) -> Element:
    """The root, with local names for tags and a plain `type` for xsi:type. Raises BundleError."""
    if len(raw) > LARGEST_CDA_BYTES:
        raise BundleError(
            "cda-too-large", size=f"{len(raw) / 1e6:.0f}", most=LARGEST_CDA_BYTES // 1_000_000
        )
    # What makes XML dangerous needs a document type, and _Strict refuses every one.
    parser = XMLParser(target=_Strict())  # noqa: S314
    try:
        parser.feed(raw)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError("unusable-xml", error=error) from None
    _simplify(root)
    return root


def _simplify(root: Element) -> None:
    """Local names in place; Raises BundleError for what is nested absurdly deep."""
    level, depth = [root], 0
    # Level by level: recursion over an attacker's depth would end in a crash.
    while level:
        depth += 1
        if depth > DEEPEST_ELEMENT:
            raise BundleError("xml-too-deep", most=DEEPEST_ELEMENT)
        for node in level:
            node.tag = node.tag.rpartition("}")[2]
            stated = node.attrib.pop(_TYPE, None)
            # The prefix is the sender's choice ("xsi:type='cda:CD'").
            if stated is not None:
                node.set("xsi-type", stated.rpartition(":")[2])
        level = [child for node in level for child in node]


def words_in(node: Element | None) -> str:
    """All text inside an element, each blank once."""
    return "" if node is None else " ".join(" ".join(node.itertext()).split())


def iso_time(stated: str) -> str:
    """HL7's "20120806" or "201208061530+0500" as FHIR writes it; what is no time, unchanged.

    Unchanged, so that the reader of the resource reports it by name.
    """
    match = _TIME.fullmatch(stated.strip())
    if match is None:
        return stated.strip()
    year, month, day, hour, minute, _, zone = match.groups()
    found = "-".join(part for part in (year, month, day) if part)
    # FHIR has no time without a zone; the day alone is true in any.
    if day and hour and zone:
        found += f"T{hour}:{minute}:00{zone[:3]}:{zone[3:]}"
    return found


def time_at(node: Element | None, path: str = ".") -> str:
    """The time in an element's `value`, "" when there is none or it is unknown."""
    found = node.find(path) if node is not None else None
    return iso_time(found.get("value", "")) if found is not None else ""


def templates(node: Element) -> set[str]:
    """The roots of an element's templateIds."""
    return {one.get("root", "") for one in node.iterfind("templateId")}
