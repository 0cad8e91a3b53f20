"""Drawings through FHIR: ours come back patch by patch, those of others region by region."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from tests.anatomy.surface.test_layers import drawings

from filiform.anatomy.surface import BodyDrawing, Layer, draw, of_regions, surface
from filiform.exchange.fhir.drawing import (
    BODY_SITE,
    EXTENSION,
    QUALITIES,
    drawing_resources,
    read_drawings,
)

Json = dict[str, Any]
WHEN = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
SNOMED = "http://snomed.info/sct"


def sent(drawing: BodyDrawing, **more: Any) -> list[Json]:
    resources = drawing_resources(drawing, patient="Patient/7", when=WHEN, id_="d1", **more)
    return json.loads(json.dumps(resources))


@settings(max_examples=25, deadline=None)
@given(drawings())
def test_a_drawing_that_went_out_comes_back_unchanged(drawing: BodyDrawing) -> None:
    found, unread = read_drawings(sent(drawing))
    assert unread == []
    (back,) = found
    assert back.drawing == drawing
    assert back.drawing.as_text() == drawing.as_text()
    assert (back.exact, back.kind, back.when) == (True, "pain", "2026-11-25T10:30:00+00:00")


def told() -> BodyDrawing:
    return of_regions(
        [("buttock", "left", 1, "burning", 7), ("breastbone", "midline", 1, "", None)]
    )


def test_other_systems_see_region_side_strength_and_quality() -> None:
    whole, *parts = sent(told())
    assert whole["status"] == "final"
    assert whole["code"]["text"] == "Pain drawing"
    told_, structure = next(
        (parts[i], parts[i + 1]) for i in range(0, len(parts), 2) if "valueInteger" in parts[i]
    )
    assert told_["valueInteger"] == 7
    assert {"system": SNOMED, "code": "46862004", "display": "Buttock"} in told_["bodySite"][
        "coding"
    ]
    assert structure["locationQualifier"][0]["coding"][0]["code"] == "7771000"
    assert [member["reference"] for member in whole["hasMember"]] == [
        f"{one['resourceType']}/{one['id']}" for one in parts[::2]
    ]
    pointer = told_["bodySite"]["extension"][0]["valueReference"]["reference"]
    assert pointer == f"BodyStructure/{structure['id']}"


def test_without_our_extension_the_regions_are_read() -> None:
    resources = sent(told())
    for resource in resources:
        resource.pop("extension", None)
    found, unread = read_drawings(resources)
    assert unread == []
    (back,) = found
    assert not back.exact
    assert back.drawing == told()


@pytest.mark.parametrize(
    ("site", "regions"),
    [
        (
            {"coding": [{"system": SNOMED, "code": "72696002"}], "text": "Left knee"},
            {("knee-front", "left"), ("knee-inner", "left"), ("knee-outer", "left")},
        ),
        ({"coding": [{"system": SNOMED, "code": "46862004"}]}, {("buttock", "right")}),
        ({"text": "Temple, left"}, {("temple", "left")}),
        ({"text": "Right shoulder"}, {("shoulder-top", "right")}),
    ],
)
def test_a_body_site_of_another_system_gives_its_regions(site: Json, regions: set[Any]) -> None:
    observation = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "72514-3"}]},
        "bodySite": site,
        "valueQuantity": {"value": 6, "code": "{score}"},
    }
    (back,), unread = read_drawings([observation])
    assert unread == []
    seen = {(share.region, share.side) for _, share in back.drawing.regions()}
    assert regions <= seen
    assert {layer.intensity for layer in back.drawing.layers} == {6}


def test_a_site_without_a_side_counts_for_both_and_an_unknown_one_is_named() -> None:
    pain = {"coding": [{"system": SNOMED, "code": "22253000"}]}
    resources = [
        {"resourceType": "Observation", "id": n, "status": "final", "code": pain, "bodySite": site}
        for n, site in (("a", {"text": "Temple"}), ("b", {"text": "Third eye"}))
    ]
    (back,), (unread,) = read_drawings(resources)
    assert back.drawing.union.side() == "bilateral"
    assert unread.resource == "Observation/b"
    assert "Third eye" in unread.why


def test_a_drawing_entered_in_error_is_not_read() -> None:
    resources = sent(told())
    for resource in resources:
        resource["status"] = "entered-in-error"
    assert read_drawings(resources) == ([], [])


@pytest.mark.parametrize(
    "text", ["body-0;dull:5:1=100", f"{surface().release};dull:5:1=nan", "x" * 100_000]
)
def test_an_extension_that_cant_be_read_falls_back_to_the_regions_and_says_so(text: str) -> None:
    resources = sent(told())
    resources[0]["extension"][0]["extension"][1]["valueString"] = text
    (back,), (unread,) = read_drawings(resources)
    assert not back.exact
    assert back.drawing == told()
    assert "regions are read instead" in unread.why


def test_a_bruise_is_told_apart_from_pain() -> None:
    bruise = BodyDrawing((Layer("", None, draw("disc:calf-medial-upper:3:left")),))
    (back,), _ = read_drawings(sent(bruise, kind="bruise"))
    assert (back.kind, back.drawing) == ("bruise", bruise)


@pytest.mark.parametrize(
    "rubbish",
    [
        [],
        [{}],
        [{"resourceType": "Observation"}],
        [{"extension": 5}],
        [{"resourceType": "Observation", "extension": [{"url": EXTENSION, "extension": "x"}]}],
    ],
)
def test_rubbish_gives_nothing(rubbish: list[Json]) -> None:
    assert read_drawings(rubbish) == ([], [])


def test_other_extensions_codes_and_components_are_stepped_over() -> None:
    """Systems add their own; ours is found among them, and without it the text still speaks."""
    other = {"url": "urn:other", "valueString": "x"}
    pain = {"coding": [{"system": "urn:other", "code": "1"},
                       {"system": SNOMED, "code": "22253000"}]}  # fmt: skip
    site = {"coding": [{"system": SNOMED, "code": "1"}], "text": "Left temple", "extension": [
        other,
        {"url": BODY_SITE, "valueReference": {"reference": "BodyStructure/gone"}}]}  # fmt: skip
    quality = [
        {"valueCodeableConcept": {"text": "an ache"}},
        {"valueCodeableConcept": {"coding": [{"system": "urn:other", "code": "ache"}]}},
        {"valueCodeableConcept": {"coding": [{"system": QUALITIES, "code": "dull"}]}},
    ]
    told = {"resourceType": "Observation", "id": "o", "status": "final", "code": pain,
            "bodySite": site, "component": quality,
            "extension": [other, {"url": EXTENSION, "extension": [other]}]}  # fmt: skip
    (back,), unread = read_drawings([told])
    assert unread == []
    assert [(one.quality, one.intensity) for one in back.drawing.layers] == [("dull", None)]
    assert {(share.region, share.side) for _, share in back.drawing.regions()} == {
        ("temple", "left")
    }
