"""The body on the treatment page: every planned target is a pin in the state of its needles."""

from __future__ import annotations

import html
import json
import re

from django.urls import reverse

from filiform.anatomy.surface.spots import site_spot
from filiform.clinic.treatment.page_body import close_up_of


def pins(client, visit):
    text = client.get(reverse("treatment:treat", args=[visit.pk])).content.decode()
    found = re.search(r'<body-chart[^>]* data-show="([^"]*)"', text)
    assert found, "no body on the page"
    return {pin["id"]: pin for pin in json.loads(html.unescape(found.group(1)))["pins"]}


def test_every_target_has_a_pin_that_follows_its_needles(as_alice, visit, targets, treatment, act):
    first, other = (str(target.pk) for target in targets)
    assert {pin["state"] for pin in pins(as_alice, visit).values()} == {"planned"}
    needle = act("insertion", target=targets[0].pk)
    states = {key: pin["state"] for key, pin in pins(as_alice, visit).items()}
    assert states == {first: "in", other: "planned"}
    act("removal", needle=needle.pk)
    assert pins(as_alice, visit)[first]["state"] == "out"


def test_without_graphics_the_planned_places_stand_on_flat_pictures(as_alice, visit, treatment):
    text = as_alice.get(reverse("treatment:treat", args=[visit.pk])).content.decode()
    assert re.search(r"<body-chart.*<svg.*</body-chart>", text, re.DOTALL)


def test_the_close_up_holds_every_planned_place():
    blade = site_spot("infraspinous-fossa-center", "right")
    shoulder = site_spot("acromion-tip", "left")
    thumb, other_thumb = (site_spot("thumb-tip", side) for side in ("left", "right"))
    assert close_up_of([blade, shoulder]) == "shoulders"
    assert close_up_of([thumb]) == "left-hand"
    assert close_up_of([thumb, other_thumb]) == "whole"
    assert close_up_of([site_spot("l5-paraspinal", "left")]) == "low-back"
    assert close_up_of([blade, site_spot("heel-plantar", "left")]) == "whole"
