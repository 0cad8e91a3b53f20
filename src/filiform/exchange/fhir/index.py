"""Finding resources inside a Bundle: by id, by address, by urn:uuid, and inside each other."""

from __future__ import annotations

import re
from typing import Any

from filiform.exchange.fhir.elements import Json, a_text, an_object, objects

_HISTORY = re.compile(r"/_history/[^/]*$")


class Index:
    """The resources of a Bundle by every address under which another may refer to them."""

    def __init__(self, entries: list[Json]) -> None:
        self._by_address: dict[str, Json] = {}
        for entry in entries:
            resource = an_object(entry.get("resource"))
            if not resource:
                continue
            for address in self.addresses(entry):
                self._by_address.setdefault(address, resource)

    @staticmethod
    def addresses(entry: Json) -> list[str]:
        """Full address, "Type/id" and bare urn of an entry."""
        resource = an_object(entry.get("resource"))
        found = [_HISTORY.sub("", a_text(entry.get("fullUrl")))]
        if a_text(resource.get("id")):
            found.append(f"{a_text(resource.get('resourceType'))}/{a_text(resource['id'])}")
        if found[0].startswith("http"):
            found.append("/".join(found[0].split("/")[-2:]))
        return [address for address in found if address]

    def find(self, reference: object, inside: Json) -> Json | None:
        """The resource that a Reference points at; `inside` holds its contained resources."""
        address = reference_of(reference)
        if address.startswith("#"):
            contained = objects(inside.get("contained"))
            return next((one for one in contained if one.get("id") == address[1:]), None)
        address = _HISTORY.sub("", address)
        found = self._by_address.get(address)
        if found is None and address.startswith("http"):
            found = self._by_address.get("/".join(address.split("/")[-2:]))
        return found


def reference_of(reference: Any) -> str:
    """The address in a Reference, or the bare string in its place; empty when there is none."""
    if isinstance(reference, str):
        return reference.strip()
    return a_text(an_object(reference).get("reference"))
