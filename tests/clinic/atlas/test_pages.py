"""The atlas' pages answer all of the staff, and say how sure they are."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from filiform.anatomy import atlas
from filiform.anatomy.surface import draw
from filiform.anatomy.surface.spots import site_spot, spot_text
from filiform.clinic.atlas.showing import views_showing

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


@pytest.fixture
def front_desk(client: Client, bob: Member) -> Client:
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, address: str, status: int = 200, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == status
    return answer.content.decode()


def where(client: Client, status: int = 200, **asked: str) -> str:
    return page(client, reverse("atlas:where"), status, **asked)


def names(html: str) -> list[str]:
    """What the answer lists, in its order."""
    return re.findall(r'<a class="cover"\s+href="/atlas/(?:muscles|sources)/([\w-]+)/', html)


def test_the_front_desk_may_read_the_atlas_and_a_visitor_must_sign_in(
    front_desk: Client, db: None
) -> None:
    assert "Infraspinatus" in page(front_desk, reverse("atlas:browse"))
    answer = Client().get(reverse("atlas:muscle", args=["infraspinatus"]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("typed", ["infraspinatis", "Musculus infraspinatus", "انفرا"])
def test_a_muscle_is_found_in_english_urdu_and_latin(front_desk: Client, typed: str) -> None:
    assert names(page(front_desk, reverse("atlas:browse"), q=typed))[0] == "infraspinatus"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("carpal", "carpal-tunnel"), ("heart", "heart"), ("c6 root", "radicular-c6")],
)
def test_other_sources_are_found_by_name(front_desk: Client, typed: str, found: str) -> None:
    assert found in names(page(front_desk, reverse("atlas:browse"), q=typed))


def test_nothing_found_says_what_was_typed_safely(front_desk: Client) -> None:
    html = page(front_desk, reverse("atlas:browse"), q="<b>xyzzy</b>")
    assert "&lt;b&gt;xyzzy" in html
    assert "<b>xyzzy" not in html


@pytest.mark.parametrize("muscle_id", ["infraspinatus", "levator-ani", "soleus", "temporalis"])
def test_a_muscle_shows_words_hazards_needling_and_where_it_comes_from(
    front_desk: Client, muscle_id: str
) -> None:
    muscle = atlas().muscles[muscle_id]
    html = page(front_desk, reverse("atlas:muscle", args=[muscle_id]))
    for text in ("for trained practitioners", "Certainty and sources", muscle.latin_name):
        assert text in html
    assert all(point.site.en.split(",")[0] in html for point in muscle.trigger_points)
    assert muscle.hazards[0].structure.en.split(",")[0] in html
    assert "<body-chart" in html


def test_every_muscle_and_every_source_has_a_page(front_desk: Client) -> None:
    """Every seventh muscle and every fifth source, which is all kinds and regions."""
    for muscle_id in list(atlas().muscles)[::7]:
        page(front_desk, reverse("atlas:muscle", args=[muscle_id]))
    for source_id in list(atlas().pain_sources)[::5]:
        page(front_desk, reverse("atlas:source", args=[source_id]))


def test_a_muscle_that_must_not_be_needled_says_so_and_names_no_needle(front_desk: Client) -> None:
    html = page(front_desk, reverse("atlas:muscle", args=["diaphragm"]))
    assert "The notes advise against needling this muscle." in html
    assert "Needle, mm" not in html


def test_one_trigger_point_can_be_shown_alone_on_a_side(front_desk: Client) -> None:
    address = reverse("atlas:muscle", args=["infraspinatus"])
    alone = page(front_desk, address, point="2", side="left")
    assert 'class="well chosen"' in alone
    assert page(front_desk, address, point="99")  # an old link still finds the muscle


def test_the_card_for_the_wall_holds_every_point_and_hazard(front_desk: Client) -> None:
    html = page(front_desk, reverse("atlas:card", args=["trapezius-upper"]))
    assert "data-print" in html
    assert html.count("<figure") >= 2
    assert "Lung apex" in html


def test_a_sources_red_flag_stands_on_its_page_with_its_urgency(front_desk: Client) -> None:
    html = page(front_desk, reverse("atlas:source", args=["heart"]))
    assert "Needs urgent attention" in html
    assert "emergency: at once" in html


@pytest.mark.parametrize("name", ["atlas:muscle", "atlas:card", "atlas:source"])
def test_what_the_atlas_lacks_is_not_found(front_desk: Client, name: str) -> None:
    page(front_desk, reverse(name, args=["no-such-thing"]), 404)


def test_a_tap_on_the_heel_finds_what_refers_to_the_heel(front_desk: Client) -> None:
    tap = spot_text(site_spot("heel-plantar", "right"))
    found = names(where(front_desk, at=tap))
    assert {"plantar-fascia", "soleus", "quadratus-plantae"} <= set(found[:5])


def test_a_region_and_a_side_find_sources_of_that_side(front_desk: Client) -> None:
    html = where(front_desk, region="temple", side="left")
    assert "Temple, left" in html
    assert {"temporalis", "trapezius-upper"} <= set(names(html))
    assert "side=right" not in html.split('id="refers"')[1].split("</section>")[0]


def test_pain_in_the_middle_of_the_chest_names_the_heart_before_the_muscles(
    front_desk: Client,
) -> None:
    html = where(front_desk, region="breastbone", side="midline")
    missed = html.split("Must not be missed here")[1]
    assert missed.index("/atlas/sources/heart/") < missed.index('class="rows refers"')


def test_in_the_midline_left_and_right_are_told_once(front_desk: Client) -> None:
    html = where(front_desk, region="breastbone", side="midline")
    assert names(html).count("sternalis") == 1
    assert "both sides" in html


def test_what_else_refers_to_a_points_zone_finds_the_point_itself(front_desk: Client) -> None:
    found = names(where(front_desk, like="infraspinatus/1", side="right"))
    assert "infraspinatus" in found
    assert len(found) > 3


@pytest.mark.parametrize(
    "asked",
    [
        {"at": "pick:other:1:0.1:0.1"},
        {"at": "pick"},
        {"at": "'; drop table"},
        {"region": "moon", "side": "left"},
        {"region": "temple", "side": "up"},
        {"like": "infraspinatus/9", "side": "right"},
    ],
)
def test_an_address_that_names_no_place_is_said_and_not_answered(
    front_desk: Client, asked: dict[str, str]
) -> None:
    html = where(front_desk, 422, **asked)
    assert "Place not found" in html
    assert 'class="rows refers"' not in html


def test_the_fragment_for_a_tap_has_one_root(front_desk: Client) -> None:
    answer = front_desk.get(
        reverse("atlas:where"),
        {"region": "heel", "side": "right"},
        headers={"HX-Request": "true", "HX-Target": "refers"},
    )
    html = answer.content.decode().strip()
    assert html.startswith('<section id="refers"')
    assert html.endswith("</section>")


def test_releases_show_what_changed_and_an_unknown_one_is_named(front_desk: Client) -> None:
    html = page(front_desk, reverse("atlas:releases"), before="2026.11", after="2026.11.2")
    assert "tibialis-posterior/1" in html
    assert "radicular-c6" in html
    html = page(front_desk, reverse("atlas:releases"), 404, before="1999", after="2026.11.2")
    assert "That release is not stored here." in html


def test_targets_lead_into_the_atlas(as_alice: Client, visit) -> None:
    html = page(as_alice, reverse("assessment:targets", args=[visit.pk]), q="infraspinatus")
    assert reverse("atlas:muscle", args=["infraspinatus"]) in html


def test_in_urdu_sites_and_names_are_urdu(front_desk: Client) -> None:
    front_desk.cookies["filiform_language"] = "ur"
    html = page(front_desk, reverse("atlas:muscle", args=["infraspinatus"]))
    muscle = atlas().muscles["infraspinatus"]
    assert muscle.name.ur in html
    assert muscle.trigger_points[0].site.ur in html


def test_a_muscle_page_is_made_in_less_than_a_tenth_of_a_second(front_desk: Client) -> None:
    address = reverse("atlas:muscle", args=["quadratus-lumborum"])
    page(front_desk, address)
    times = []
    for _ in range(3):
        begin = time.process_time()
        page(front_desk, address)
        times.append(time.process_time() - begin)
    assert min(times) < 0.1


def test_the_views_of_a_zone_are_those_on_which_it_is_seen() -> None:
    assert views_showing(draw("disc:sternum-mid:5:midline"))[0] == "front"
    assert views_showing(draw("disc:t7-spinous:5:midline"))[0] == "back"
    assert "foot-sole-right" in views_showing(draw("disc:heel-plantar:2:right"))
    assert "head-right" in views_showing(draw("disc:temple:2:right"))
