"""The whole visit without network: taken along by one tap, begun, needled, counted, and signed when
the line is back. What was done arrives once and in order; that another tablet began meanwhile is
decided by a person."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.journeys.begin import begin_needling
from tests.journeys.conftest import Visitor
from tests.journeys.test_dead_line import Acts, needle_in, on_the_disk
from tests.journeys.test_nothing_is_lost import address_of

RAW = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    if (!/^filiform-treatment-[0-9a-f]{8}-/.test(name)) continue;
    const store = await caches.open(name);
    for (const key of await store.keys()) texts.push(await (await store.match(key)).text());
  }
  return texts;
}"""


def take_along(tablet: Visitor) -> Page:
    tablet.sign_in("sana")
    page = tablet.page
    page.get_by_role("link", name="Make available offline").click()
    expect(page.locator("#on-tablet[data-done]")).to_be_visible(timeout=30_000)
    row = page.locator("[data-visit]", has_text="Ayesha Khan")
    expect(row).to_contain_text("on this tablet")
    tablet.look()
    return page


def test_a_visit_is_read_begun_needled_and_counted_without_a_line_and_signed_when_it_is_back(
    tablet: Visitor, phone: Visitor
) -> None:
    page = take_along(tablet)
    raw = page.evaluate(RAW)
    assert len(raw) >= 6
    assert not any("Ayesha" in text or "<html" in text for text in raw), "sealed on the disk"
    visit = tablet.address + address_of(tablet, "Ayesha Khan")

    tablet.context.set_offline(True)
    for step, says in (("story", "History"), ("safety", "Safety"), ("plan", "Plan")):
        page.goto(f"{visit}/{step}/")
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        assert says in page.title(), page.title()
    page.goto(f"{visit}/treat/")
    begin_needling(page)
    page.wait_for_url("**/treat/ready/")
    for _needle in range(2):
        needle_in(page)
    page.get_by_role("button", name="Twitch").first.click()
    on_the_disk(page, 4)  # the start and three taps
    page.reload()  # as after a flat battery
    expect(page.locator("[data-needles-in]")).to_have_text("2")
    for _needle in range(2):
        page.locator(".needle:not(.leaving)").first.get_by_role(
            "button", name="Out", exact=True
        ).click()
        page.wait_for_timeout(500)
    finish = page.locator(".finish-here")
    for name in ("opened", "in_bin"):
        finish.locator(f"input[name={name}]").fill("2")
    finish.get_by_role("button", name="Counted").click()
    expect(finish).to_contain_text("checks it when the connection is back")
    finish.get_by_role("button", name="Sign when the connection is back").click()
    expect(finish).to_contain_text("Nothing is signed yet")
    tablet.complaints.clear()  # the browser's own, about the line
    tablet.look()

    phone.sign_in("sana")
    begin_needling(phone.open(f"{visit.removeprefix(tablet.address)}/treat/"))
    expect(phone.page.locator("#treatment")).to_be_visible()
    acts = Acts(page)
    tablet.context.set_offline(False)
    panel = page.locator("[data-refused]")
    expect(panel).to_contain_text("Sana Malik began needling in this visit", timeout=20_000)
    assert acts.kinds == [], "nothing goes by the side of it"
    panel.get_by_role("button", name="It was done: record it in this visit").click()
    expect(page.locator("#unsaved")).to_contain_text("You asked to sign", timeout=20_000)
    acts.become(["insertion", "insertion", "twitch", "removal", "removal"])
    page.get_by_role("button", name="Sign as").click()
    page.wait_for_url("**/record/")
    expect(page.get_by_role("main")).to_contain_text("2 opened")
