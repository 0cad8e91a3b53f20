"""Finding resources inside a Bundle: by id, by address, by urn:uuid, by identifier, and inside
each other.

Records spell one and the same reference in many ways; these all find Patient/0b1c with the
identifier 17 of http://h.example/mrn:

    Patient/0b1c · http://h.example/fhir/Patient/0b1c/_history/2 · urn:uuid:0B1C ·
    urn:uuid:Patient/0b1c · 0b1c · {identifier: {system, value}} ·
    Patient?identifier=http://h.example/mrn|17
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote

from filiform.exchange.fhir.elements import Json, a_text, an_object, objects

_HISTORY = re.compile(r"/_history/[^/]*$")
_URN = re.compile(r"^urn:(?:uuid|oid):", re.I)


class Index:
    """The resources of a Bundle by every address under which another may refer to them."""

    def __init__(self, entries: list[Json]) -> None:
        self._entries = entries
        self._by_address: dict[str, Json] = {}
        for entry in entries:
            resource = entry.get("resource")
            if isinstance(resource, dict) and resource:
                for address in self.addresses(entry):
                    # The first stands, as in a document, where entries of one address are copies.
                    self._by_address.setdefault(address, resource)

    @cached_property
    def _by_id(self) -> dict[str, Json | None]:
        """Bare id → resource; None for an id that two resources share, which then finds neither.

        Made when a reference first needs it: most records spell theirs out.
        """
        found: dict[str, Json | None] = {}
        for address, resource in self._by_address.items():
            known = found.setdefault(bare_id(address), resource)
            if known is not None and known is not resource and not _same(known, resource):
                found[bare_id(address)] = None
        return found

    @cached_property
    def _by_identifier(self) -> dict[tuple[str, str, str], Json]:
        """(type, system, value) → the resource of which that is an identifier."""
        found: dict[tuple[str, str, str], Json] = {}
        for entry in self._entries:
            resource = an_object(entry.get("resource"))
            kind = a_text(resource.get("resourceType"))
            # Only what others refer to by identifier; all would double the time of a long record.
            if kind in ("Patient", "Medication", "Device"):
                for system, value in identifiers_of(resource):
                    found.setdefault((kind, system, value), resource)
        return found

    @cached_property
    def _by_value(self) -> dict[str, list[tuple[str, str, Json]]]:
        """Value of an identifier → (type, system, resource) of all that have it."""
        found: dict[str, list[tuple[str, str, Json]]] = {}
        for (kind, system, value), resource in self._by_identifier.items():
            found.setdefault(value, []).append((kind, system, resource))
        return found

    @staticmethod
    def addresses(entry: Json) -> list[str]:
        """Full address, "Type/id" and bare urn of an entry."""
        resource = an_object(entry.get("resource"))
        full = _without_version(a_text(entry.get("fullUrl")))
        found = [full] if full else []
        if a_text(resource.get("id")):
            found.append(f"{a_text(resource.get('resourceType'))}/{a_text(resource['id'])}")
        if full.startswith("http"):
            # References are often relative where the address is whole, and the reverse.
            found.append("/".join(full.split("/")[-2:]))
        return found

    def find(self, reference: object, inside: Json) -> Json | None:
        """The resource that a Reference points at; `inside` holds its contained resources."""
        address = reference_of(reference)
        if address.startswith("#"):
            contained = objects(inside.get("contained"))
            return next((one for one in contained if one.get("id") == address[1:]), None)
        if not address:
            return self._by_logical(an_object(reference))
        if "?" in address:
            return self._by_query(address)
        address = _without_version(address).rstrip("/")
        found = self._by_address.get(address)
        if found is None and address.startswith("http"):
            # One server has several addresses; type and id are the same under each.
            found = self._by_address.get("/".join(address.split("/")[-2:]))
        if found is None and (_URN.match(address) or "/" not in address):
            found = self._by_id.get(bare_id(address))
        if found is None and "/" in address:
            kind, _, _ = address.rpartition("/")
            other = self._by_id.get(bare_id(address))
            # An entry known by its urn alone is still found by "Type/id".
            if other is not None and kind.endswith(a_text(other.get("resourceType"))):
                found = other
        return found

    def _by_logical(self, reference: Json) -> Json | None:
        identifier = an_object(reference.get("identifier"))
        value, system = a_text(identifier.get("value")), a_text(identifier.get("system"))
        kind = a_text(reference.get("type")).rpartition("/")[2]
        if not value:
            return None
        # Without a type it is taken for the patient first, to whom nearly all refer.
        exact = self._by_identifier.get((kind or "Patient", system, value))
        if exact is not None:
            return exact
        # What the reference leaves out fits whatever stands there, if only one does.
        found = {
            id(resource): resource
            for its_kind, its_system, resource in self._by_value.get(value, ())
            if (not kind or kind == its_kind) and (not system or system == its_system)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _by_query(self, address: str) -> Json | None:
        """A conditional reference: "Patient?identifier=system|value"."""
        kind, _, query = address.rpartition("/")[2].partition("?")
        for token in parse_qs(query).get("identifier", ()):
            system, _, value = unquote(token).rpartition("|")
            found = self._by_identifier.get((kind, system, value))
            if found is not None:
                return found
        return None


def _without_version(address: str) -> str:
    return _HISTORY.sub("", address) if "/_history/" in address else address


def _same(one: Json, other: Json) -> bool:
    """Whether two copies carry the name of one and the same resource."""
    return all(one.get(key) == other.get(key) for key in ("resourceType", "id"))


def bare_id(address: str) -> str:
    """The id at the end of an address, without type, urn and capitals."""
    return _URN.sub("", address).rstrip("/").rpartition("/")[2].lower()


def identifiers_of(resource: Json) -> list[tuple[str, str]]:
    """(system, value) of every identifier that has a value."""
    return [
        (a_text(one.get("system")), a_text(one.get("value")))
        for one in objects(resource.get("identifier"))
        if a_text(one.get("value"))
    ]


def reference_of(reference: Any) -> str:
    """The address in a Reference, or the bare string in its place; empty when there is none."""
    if isinstance(reference, str):
        return reference.strip()
    return a_text(an_object(reference).get("reference"))


def named_by(reference: Any) -> str:
    """What a Reference says about whom it means, for a message: address, identifier or name."""
    address = reference_of(reference)
    if address:
        return address
    identifier = an_object(an_object(reference).get("identifier"))
    value, system = a_text(identifier.get("value")), a_text(identifier.get("system"))
    return f"{system}|{value}" if value else ""
