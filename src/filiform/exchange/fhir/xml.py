"""FHIR in XML → the same resource as JSON, for what is read here.

The two forms say the same: an element with a `value` is a string, a number or a truth; one with
children an object; what repeats is a list. Which single element is a list of one, and which value
is a number, stands in no document: the tables below hold it for the resources that are read.
https://hl7.org/fhir/R4/xml.html, https://hl7.org/fhir/R4/json.html
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from filiform.exchange.fhir.elements import Json
from filiform.exchange.fhir.errors import BundleError

FHIR, XHTML = "http://hl7.org/fhir", "http://www.w3.org/1999/xhtml"
LARGEST_XML_BYTES = 8_000_000
"""XML takes ten times as long as JSON; more than this would not be answered within ten seconds on a
busy machine. Design value."""
DEEPEST_ELEMENT = 200
"""Elements within elements; a record has some thirty, an attack on the stack has thousands."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LISTS = _names("""
    coding entry given prefix suffix line telecom extension modifierExtension contained dosage
    dosageInstruction doseAndRate component interpretation reaction manifestation section ingredient
    note communication parameter udiCarrier deviceName reasonCode reasonReference evidence stage
    additionalInstruction timeOfDay dayOfWeek when issue focalDevice performer participant
    statusReason usedReference usedCode
""")
"""Lists wherever they stand."""
_LISTS_IN = frozenset(
    f"{parent}.{name}"
    for parent, names in {
        "Patient": "identifier name address contact link",
        "Bundle": "link",
        "Condition": "identifier category bodySite",
        "AllergyIntolerance": "identifier category",
        "Observation": "identifier category",
        "MedicationRequest": "identifier category",
        "MedicationStatement": "identifier",
        "Procedure": "identifier bodySite complication",
        "Device": "identifier specialization version",
        "FamilyMemberHistory": "identifier condition",
        "Composition": "author category",
        "meta": "profile tag security",
        "repeat": "event",
    }.items()
    for name in names.split()
)
_TRUTHS = _names("""
    active deceasedBoolean doNotPerform reportedBoolean asNeededBoolean multipleBirthBoolean
    valueBoolean userSelected wasNotTaken notDone notPerformed notGiven preferred wasSubstituted
""")
_NUMBERS = _names("""
    valueDecimal valueInteger count countMax duration durationMax frequency frequencyMax period
    periodMax offset sequence multipleBirthInteger numberOfRepeatsAllowed total
""")
_MEASURES = _names("low high numerator denominator quantity strength amount")
"""Elements whose `value` is a number; those that end in Quantity, Age or Duration as well."""


class _Node:
    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[_Node] = []
        self.text = ""


def from_xml(raw: bytes) -> Json:
    """The resource in an XML document, as in JSON. Raises BundleError for what is no FHIR."""
    if len(raw) > LARGEST_XML_BYTES:
        raise BundleError(
            "xml-too-large", size=f"{len(raw) / 1e6:.0f}", most=LARGEST_XML_BYTES // 1_000_000
        )
    try:
        root = _Builder().parse(raw)
        return _resource(root)
    except expat.ExpatError as error:
        raise BundleError("unusable-xml", error=error) from None


class _Builder:
    """From the parser's events to nodes; narratives become text with their tags."""

    def __init__(self) -> None:
        self.stack: list[_Node] = [_Node("", {})]
        self.inside = 0

    def parse(self, raw: bytes) -> _Node:
        parser = expat.ParserCreate(namespace_separator=" ")
        # Entities turn a kilobyte into a gigabyte, and read files of ours: FHIR has none.
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(raw, True)
        return self.stack[0].children[0]

    def _refuse(self, *_: object) -> None:
        raise BundleError("xml-doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        # A narrative is one value in JSON, a text with its tags, so it is put together again.
        if self.inside or space == XHTML:
            self.inside += 1
            if self.inside == 1:
                self.stack.append(_Node(local, {}))
            self.stack[-1].text += f"<{local}>"
            return
        if len(self.stack) > DEEPEST_ELEMENT:
            raise BundleError("xml-too-deep", most=DEEPEST_ELEMENT)
        self.stack.append(_Node(local, attributes))

    def _end(self, name: str) -> None:
        if self.inside:
            self.stack[-1].text += f"</{name.rpartition(' ')[2]}>"
            self.inside -= 1
            if self.inside:
                return
        done = self.stack.pop()
        self.stack[-1].children.append(done)

    def _data(self, data: str) -> None:
        # Outside a narrative FHIR has no text: what stands there is the layout of the file.
        self.stack[-1].text += data.replace("<", "&lt;") if self.inside else ""


def _resource(node: _Node) -> Json:
    return {"resourceType": node.name, **_object(node)}


def _object(node: _Node) -> Json:
    """The children of an element by their names; its id and url are attributes in XML."""
    found: Json = {key: node.attributes[key] for key in ("id", "url") if key in node.attributes}
    for child in node.children:
        value = _value(child, node.name)
        known = found.get(child.name)
        if isinstance(known, list):
            known.append(value)
        # What stands there twice is a list, whether the tables know it or not.
        elif child.name in found:
            found[child.name] = [known, value]
        elif child.name in _LISTS or f"{node.name}.{child.name}" in _LISTS_IN:
            found[child.name] = [value]
        else:
            found[child.name] = value
    return found


def _value(node: _Node, parent: str) -> Any:
    if node.text:
        return node.text
    # A capital begins the name of a resource, and of nothing else.
    if len(node.children) == 1 and node.children[0].name[:1].isupper():
        return _resource(node.children[0])
    stated = node.attributes.get("value")
    if stated is None:
        return _object(node)
    if node.name in _TRUTHS:
        return {"true": True, "false": False}.get(stated, stated)
    if node.name in _NUMBERS or (node.name == "value" and _is_measure(parent)):
        return _number(stated)
    return stated


def _is_measure(name: str) -> bool:
    return name in _MEASURES or name.endswith(("Quantity", "Age", "Duration"))


def _number(stated: str) -> float | int | str:
    try:
        # As JSON would have it: a valueInteger stays a whole number.
        return int(stated) if stated.lstrip("-").isdecimal() else float(stated)
    except ValueError:
        return stated  # told by the reader of the resource, in its own words
