"""The body chart in a real browser: what is pressed is what is kept, and nothing else."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.chart_page import chart_pages
from tests.journeys.conftest import Visitor

from filiform.anatomy.surface import patches, patchwork, places, surface

pytestmark = pytest.mark.long

RELEASE = surface().release
ARM = {"upper-arm-front", "upper-arm-side", "upper-arm-back", "elbow-inner", "elbow-outer"}


SMALL = {"width": 480, "height": 640}


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[Visitor]:
    with chart_pages() as address:
        visitor = Visitor(chromium, address, SMALL)
        # Every frame of a turn costs much where a processor draws it.
        visitor.page.emulate_media(reduced_motion="reduce")
        yield visitor
        visitor.context.close()


# A new graphics context costs much where a processor draws: the chart is emptied in its place.
EMPTIED = """() => {
  const chart = document.querySelector('body-chart');
  for (const name of ['disabled', 'skin']) chart.removeAttribute(name);
  document.documentElement.dataset.theme = 'light';
  Object.assign(chart, { value: '', quality: '', intensity: -1 });
  Object.assign(chart.drawing, { past: [], future: [] });
  chart.useTool('medium');
  chart.home();
}"""


def open_chart(visitor: Visitor, which: str, build: str = "reference", more: str = "") -> Page:
    """A chart that nobody touched yet; the page is asked for only when it is another one."""
    path = f"/?chart={which}&build={build}{more}"
    page = visitor.page
    if page.url == visitor.address + path:
        page.evaluate(EMPTIED)
    else:
        visitor.open(path)
    page.evaluate(
        "async () => { const c = document.querySelector('body-chart'); await c.ready;"
        " c.stage.turning = null; c.canvas.scrollIntoView({ block: 'center' }); }"
    )
    return page


def value(page: Page) -> str:
    return str(page.evaluate("document.querySelector('body-chart').value"))


def touched(text: str) -> dict[int, int]:
    """Percent of each patch in any layer."""
    found: dict[int, int] = {}
    for first, last, percent in re.findall(r"(\d+)(?:-(\d+))?=(\d+)", text):
        for patch in range(int(first), int(last or first) + 1):
            found[patch] = max(found.get(patch, 0), int(percent))
    return found


def on_screen(page: Page, landmark: str, side: str = "left") -> tuple[float, float]:
    """Where a landmark is seen, in pixels of the page."""
    x, y = page.evaluate(
        "async ([id, side]) => {"
        " const { landmarkPlace } = await import('/static/filiform/body/picker.js');"
        " const c = document.querySelector('body-chart');"
        " c.canvas.scrollIntoView({ block: 'center' });"
        " const p = landmarkPlace(c.body.surface, id, side); c.stage.aim();"
        " const [x, y] = c.stage.onScreen(c.body.at(p.face, p.b1, p.b2));"
        " const b = c.canvas.getBoundingClientRect(); return [b.left + x, b.top + y]; }",
        [landmark, side],
    )
    return x, y


def still(page: Page) -> None:
    """Waits until the camera has arrived."""
    page.evaluate(
        "async () => { const { stage } = document.querySelector('body-chart');"
        " while (stage.turning) await new Promise(requestAnimationFrame); }"
    )


def press(page: Page, *points: tuple[float, float]) -> None:
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=2)
    page.mouse.up()


def view(page: Page) -> dict[str, float]:
    return dict(page.evaluate("({ ...document.querySelector('body-chart').stage.view })"))


def away_cm(patch: int, landmark: str, side: str = "left") -> float:
    return float(np.linalg.norm(places()[landmark].at(side) - patches()[patch].centre_cm))


def test_a_press_marks_the_skin_under_it_and_nothing_on_the_back(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    page.get_by_role("button", name="Broad").click()
    press(page, on_screen(page, "umbilicus"))
    drawn = touched(value(page))
    covered = sum(patches()[p].area_cm2 * percent / 100 for p, percent in drawn.items())
    assert 25 < covered < 55, "a brush of 4 cm radius with a soft edge covers some 40 cm2"
    assert max(away_cm(p, "umbilicus") for p in drawn) < 7
    assert {patches()[p].view for p in drawn} == {"front"}


def test_a_press_on_the_flank_leaves_the_arm_beside_it_clean(reader: Visitor) -> None:
    page = open_chart(reader, "paint", "heavy-woman")
    page.get_by_role("button", name="Broad").click()
    x, y = on_screen(page, "axilla-apex", "right")
    press(page, (x + 12, y + 14), (x + 12, y + 60))
    drawn = touched(value(page))
    assert drawn
    assert not {patches()[p].region for p in drawn} & ARM
    assert all(patches()[p].view != "back" for p in drawn)


def test_a_stroke_is_undone_and_done_again_by_button_and_by_key(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    press(page, on_screen(page, "sternum-mid"))
    one = value(page)
    press(page, on_screen(page, "thigh-anterior-mid"), on_screen(page, "patella-center"))
    two = value(page)
    assert one
    assert set(touched(one)) < set(touched(two))
    page.get_by_role("button", name="Undo").click()
    assert value(page) == one
    page.keyboard.press("Control+z")
    page.locator("canvas").press("Control+z")
    assert value(page) == ""
    page.locator("canvas").press("Control+Shift+z")
    page.get_by_role("button", name="Redo").click()
    assert value(page) == two
    page.get_by_role("button", name="Clear all").click()
    assert value(page) == ""
    page.get_by_role("button", name="Undo").click()
    assert value(page) == two


def test_what_a_list_changed_is_undone_in_the_picture_too(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    press(page, on_screen(page, "sternum-mid"))
    painted = value(page)
    page.evaluate(f"document.querySelector('body-chart').value = '{RELEASE};:5:40=100'")
    page.get_by_role("button", name="Undo").click()
    assert value(page) == painted
    page.get_by_role("button", name="Redo").click()
    assert value(page) == f"{RELEASE};:5:40=100"


def test_what_is_rubbed_out_is_gone(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    press(page, on_screen(page, "sternum-mid"))
    assert value(page)
    page.get_by_role("button", name="Erase").click()
    x, y = on_screen(page, "sternum-mid")
    press(page, *((x + dx, y + dy) for dx in (-16, 0, 16) for dy in (-16, 16)))
    assert value(page) == ""


def test_painting_over_replaces_the_strength_within_one_quality_only(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    slider = page.get_by_label("How strong?")
    page.get_by_role("button", name="Burning").click()
    slider.fill("3")
    press(page, on_screen(page, "sternum-mid"))
    assert value(page).startswith(f"{RELEASE};burning:3:")
    page.get_by_role("button", name="Numb", exact=True).click()
    slider.fill("0")
    press(page, on_screen(page, "sternum-mid"))
    page.get_by_role("button", name="Burning").click()
    slider.fill("9")
    press(page, on_screen(page, "sternum-mid"))
    layers = [part.split(":")[:2] for part in value(page).split(";")[1].split("|")]
    assert layers == [["burning", "9"], ["numb", "0"]]
    page.get_by_role("button", name="Remove the rating").click()
    press(page, on_screen(page, "sternum-mid"))
    assert value(page).startswith(f"{RELEASE};burning::")


def test_a_finger_paints_and_two_fingers_only_look_closer(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    x, y = on_screen(page, "sternum-mid")
    fingers("touchStart", (x, y))
    fingers("touchMove", (x, y + 30))
    fingers("touchEnd")
    painted = value(page)
    assert painted
    before = view(page)
    fingers("touchStart", (x, y))
    fingers("touchStart", (x, y), (x, y + 60))
    fingers("touchMove", (x, y - 40), (x, y + 100))
    fingers("touchEnd")
    assert value(page) == painted, "the first of two fingers leaves no mark"
    assert view(page)["away"] < 0.7 * before["away"]


def test_a_drag_beside_the_body_turns_it_and_draws_nothing(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    box = page.locator("canvas").bounding_box()
    assert box
    before = view(page)
    press(page, (box["x"] + 20, box["y"] + 200), (box["x"] + 160, box["y"] + 200))
    assert abs(view(page)["yaw"] - before["yaw"]) > 0.5
    assert value(page) == ""


def test_a_drawing_that_is_set_comes_back_to_the_letter(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    chance = random.Random(3)
    half = patchwork().count // 2
    ones = ",".join(f"{p}={chance.randint(1, 99)}" for p in range(1, half, 2))
    text = f"{RELEASE};:5:0-9=100,3455=1|burning::17=50|burning:0:18=50|numb:10:{ones}"
    set_value = "(text) => { document.querySelector('body-chart').value = text; }"
    page.evaluate(set_value, text)
    assert value(page) == text
    page.evaluate(set_value, "")
    assert value(page) == ""
    sent = page.evaluate("new FormData(document.querySelector('body-chart').form).get('pain')")
    assert sent == ""


def test_a_stroke_leaves_what_it_does_not_touch_to_the_letter(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    far = ",".join(f"{p}={1 + p % 4}" for p in range(patchwork().count) if away_from_chest(p))
    page.evaluate(
        "(text) => { document.querySelector('body-chart').value = text; }",
        f"{RELEASE};numb:4:{far}",
    )
    before = touched(value(page))
    press(page, on_screen(page, "sternum-mid"))
    page.get_by_role("button", name="Erase").click()
    press(page, on_screen(page, "sternum-mid"))
    after = touched(value(page))
    assert {p: after.get(p) for p in before} == before


def away_from_chest(patch: int) -> bool:
    return away_cm(patch, "sternum-mid") > 25


def test_ten_thousand_marks_are_taken_and_given_back_in_a_moment(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    chance = random.Random(5)
    layers = [
        f"{quality}:7:"
        + ",".join(f"{p}={1 + (p * 37 + chance.randint(0, 60)) % 99}" for p in range(3456))
        for quality in ("burning", "dull", "numb")
    ]
    text = f"{RELEASE};" + "|".join(_runs(layer) for layer in layers)
    took = page.evaluate(
        "(text) => { const t = performance.now(); const c = document.querySelector('body-chart');"
        " c.value = text; return performance.now() - t; }",
        text,
    )
    assert value(page) == text
    assert took < 3000


def _runs(layer: str) -> str:
    """Equal neighbours joined, as the chart writes them."""
    head, _, marks = layer.rpartition(":")
    joined: list[list[int]] = []
    for patch, percent in (map(int, mark.split("=")) for mark in marks.split(",")):
        if joined and joined[-1][1] == patch - 1 and joined[-1][2] == percent:
            joined[-1][1] = patch
        else:
            joined.append([patch, patch, percent])
    return f"{head}:" + ",".join(f"{a}={v}" if a == b else f"{a}-{b}={v}" for a, b, v in joined)


def test_a_drawing_of_an_unknown_release_is_kept_until_somebody_draws(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    page.evaluate("document.querySelector('body-chart').value = 'body-0-000000000000;::1=50'")
    assert value(page) == "body-0-000000000000;::1=50"
    expect(page.get_by_text("This drawing was made on an older body")).to_be_visible()


@pytest.mark.parametrize(
    ("landmark", "side", "turned"),
    [
        ("patella-center", "right", "Front"),
        ("deltoid-anterior-mid", "left", "Front"),
        ("c7-spinous", "midline", "Back"),
    ],
)
def test_a_tap_on_a_landmark_is_read_as_that_landmark(
    landmark: str, side: str, turned: str, reader: Visitor
) -> None:
    page = open_chart(reader, "pick", "man")
    page.get_by_role("button", name=turned, exact=True).click()
    still(page)
    page.mouse.click(*on_screen(page, landmark, side))
    place: dict[str, Any] = page.evaluate("document.querySelector('body-chart').place")
    assert place["landmark"] == landmark
    assert place["landmarkSide"] == side
    assert place["landmarkCm"] < 1
    there = np.array([place["x"], place["y"], place["z"]])
    assert np.linalg.norm(there - places()[landmark].at(side)) < 1
    assert re.fullmatch(rf"pick:{RELEASE}:\d+:[01]\.\d{{4}}:[01]\.\d{{4}}", value(page))
    expect(page.locator(".bc-pin")).to_have_count(1)


def test_needles_can_be_tapped_and_hide_behind_the_body(reader: Visitor) -> None:
    page = open_chart(reader, "zones")
    page.evaluate("document.addEventListener('pick', (e) => { window.tapped = e.detail; });")
    page.get_by_role("button", name="2: Deltoid").click()
    assert page.evaluate("window.tapped.pin") == "2"
    expect(page.get_by_role("button", name="1: Infraspinatus")).to_be_hidden()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_role("button", name="1: Infraspinatus")).to_be_visible()
    expect(page.get_by_role("button", name="2: Deltoid")).to_be_hidden()


def test_essential_and_spillover_differ_by_pattern_not_by_colour_alone(reader: Visitor) -> None:
    page = open_chart(reader, "zones")
    counts = page.evaluate(
        "() => { const { tint, marksB } = document.querySelector('body-chart').stage.layers;"
        " let [solid, stippled] = [0, 0]; for (let v = 0; v < tint.array.length; v += 4) {"
        " if (marksB.array[v + 3] > 128) stippled += 1;"
        " else if (tint.array[v + 3] > 128) solid += 1; }"
        " return [solid, stippled]; }"
    )
    assert min(counts) > 100


def test_keys_turn_and_zoom(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    canvas = page.locator("canvas")
    before = view(page)
    canvas.press("ArrowLeft")
    canvas.press("ArrowLeft")
    canvas.press("+")
    after = view(page)
    assert abs(after["yaw"] - before["yaw"]) == pytest.approx(np.pi / 6, abs=1e-6)
    assert after["away"] < before["away"]
    canvas.press("Home")
    still(page)
    assert view(page)["yaw"] == pytest.approx(before["yaw"], abs=1e-6)


def test_a_drawing_outlives_another_theme_a_move_in_the_page_and_a_lost_graphics_card(
    reader: Visitor,
) -> None:
    page = open_chart(reader, "paint")
    press(page, on_screen(page, "sternum-mid"))
    drawn = value(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert value(page) == drawn
    page.evaluate(
        "async () => { const c = document.querySelector('body-chart'); const at = c.parentElement;"
        " c.remove(); at.append(c); await c.ready; }"
    )
    assert value(page) == drawn
    expect(page.locator("canvas")).to_have_count(1)
    page.evaluate(
        "() => { const c = document.querySelector('body-chart');"
        " window.lost = c.stage.renderer.getContext().getExtension('WEBGL_lose_context');"
        " window.lost.loseContext(); }"
    )
    expect(page.get_by_text("The picture stopped. What was drawn is kept")).to_be_visible()
    assert (
        page.evaluate("new FormData(document.querySelector('body-chart').form).get('pain')")
        == drawn
    )
    page.evaluate("window.lost.restoreContext()")
    expect(page.locator("canvas")).to_be_visible()
    assert value(page) == drawn


def test_without_graphics_the_fallback_stays_and_says_why(reader: Visitor) -> None:
    page = reader.context.new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    page.goto(f"{reader.address}/?chart=paint")
    expect(page.get_by_text("The body can't be drawn on this device")).to_be_visible()
    expect(page.get_by_text("The list of regions.", exact=True)).to_be_visible()
    expect(page.locator("canvas")).to_have_count(0)
    page.close()


def test_what_the_picture_stands_for_is_what_is_printed(reader: Visitor) -> None:
    page = open_chart(reader, "zones")
    instead = page.get_by_text("The list of regions.", exact=True)
    expect(instead).to_be_hidden()
    page.emulate_media(media="print")
    expect(instead).to_be_visible()
    expect(page.locator("canvas")).to_be_hidden()
    page.emulate_media(media="screen", reduced_motion="reduce")


def test_a_reset_form_empties_the_drawing_and_a_disabled_one_takes_none(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    press(page, on_screen(page, "sternum-mid"))
    assert value(page)
    page.get_by_role("button", name="Start again").click()
    assert value(page) == ""
    page.evaluate("document.querySelector('body-chart').toggleAttribute('disabled', true)")
    press(page, on_screen(page, "sternum-mid"))
    assert value(page) == ""


def test_heat_can_be_ordered_by_lightness_alone_on_every_skin(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    for skin in ("light", "medium", "dark"):
        page.evaluate(f"document.querySelector('body-chart').setAttribute('skin', '{skin}')")
        colours = page.evaluate("document.querySelector('body-chart').colours")
        skin_l, *scale_l = (_lightness(rgb) for rgb in [colours["skin"], *colours["scale"]])
        steps = np.diff([skin_l, *scale_l])
        away = 1 if scale_l[-1] > skin_l else -1
        assert (steps[1:] * away > 6).all(), (skin, scale_l)
        assert steps[0] * away > 3, (skin, skin_l, scale_l)


def _lightness(rgb: list[float]) -> float:
    part = np.array(rgb) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16)


@pytest.mark.parametrize(
    ("which", "language", "theme"), [("paint", "ur", "dark"), ("zones", "en", "light")]
)
def test_the_page_with_the_chart_is_sound(
    which: str, language: str, theme: str, reader: Visitor
) -> None:
    open_chart(reader, which, more=f"&language={language}&theme={theme}")
    reader.look()


def test_the_words_of_the_chart_are_all_there(reader: Visitor) -> None:
    page = open_chart(reader, "paint")
    words = json.loads(page.locator("body-chart").get_attribute("data-words") or "")
    assert page.evaluate("document.querySelector('body-chart').innerText").count("undefined") == 0
    assert set(words["regions"]) == set(patchwork().regions)
