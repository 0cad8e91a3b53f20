"""The line is cut while needles are in: the page stays, every act arrives once and in order, a
refusal holds nothing up, and nobody sees another's page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect
from tests.demo_folder import copy_of_demo
from tests.journeys.begin import begin_needling
from tests.journeys.conftest import PHONE, TABLET, Visitor, served
from tests.journeys.test_nothing_is_lost import address_of

from filiform.clinic.demo.people import DEMO_PASSWORD

KEPT = """async () => {
  const ofMembers = /^filiform-treatment-[0-9a-f]{8}-/;
  const names = (await caches.keys()).filter((name) => ofMembers.test(name));
  const kept = names.length ? await (await caches.open(names[0])).keys() : [];
  return kept.filter((one) => new URL(one.url).pathname.endsWith("/treat/")).length;
}"""
WAITING = """() => new Promise((resolve) => {
  const opening = indexedDB.open("filiform-acts");
  opening.onsuccess = () => {
    const all = opening.result.transaction("acts").objectStore("acts").getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result.map((row) => (row.sealed && !row.act ? "sealed" : row.act.kind)));
    };
  };
})"""


class Acts:
    """What the page posts: kinds of acts that were answered, in order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.kinds: list[str] = []
        page.on("requestfinished", self.note)

    def note(self, request: Request) -> None:
        if request.url.endswith("/treat/act/"):
            found = re.search(r"kind=([a-z-]+)", request.post_data or "")
            self.kinds.append(found.group(1) if found else "?")

    def become(self, kinds: list[str]) -> None:
        """What the browser tells of its requests comes a little later than what they changed."""
        for _turn in range(100):
            if self.kinds == kinds:
                return
            self.page.wait_for_timeout(100)
        assert self.kinds == kinds


def open_treatment(visitor: Visitor, name: str) -> Page:
    """At the treatment page of a visit that is ready, or under way already."""
    page = visitor.open(f"{address_of(visitor, name)}/treat/")
    if page.get_by_role("button", name="Start needling").count():
        begin_needling(page)
    expect(page.locator("#treatment")).to_be_visible()
    page.wait_for_load_state("load")
    until(page, KEPT, 1)
    return page


def until(page: Page, script: str, answer: object) -> None:
    """Ask the page again and again until it answers this."""
    for _turn in range(150):
        if page.evaluate(script) == answer:
            return
        page.wait_for_timeout(100)
    assert page.evaluate(script) == answer


def on_the_disk(page: Page, number: int) -> None:
    """So many acts wait there; one that came before its key is sealed later."""
    until(page, f"async () => (await ({WAITING})()).length", number)


def needle_in(page: Page) -> None:
    # The form of the first target: a further needle in it is a tap on its sheet. Found and sent in
    # one breath: a form of a part that was swapped between the two would send nothing.
    page.evaluate("document.querySelector('form[data-act=insertion]').requestSubmit()")
    page.wait_for_timeout(500)  # a second tap sooner than this is a trembling glove


def saved(page: Page) -> None:
    """Nothing waits, and the page is the server's. A tap is on the disk a moment after it was made,
    and until then only the page itself says that it is on its way."""
    expect(page.locator(".needle.unsent, .needle.leaving")).to_have_count(0, timeout=20_000)
    expect(page.locator("#unsaved")).to_be_hidden(timeout=20_000)
    until(page, WAITING, [])


def answered_with(status: int, body: str = "") -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body=body, content_type="application/json")


def test_the_line_is_cut_with_three_needles_in_and_everything_arrives_once(
    tablet: Visitor,
) -> None:
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    before = int(page.locator("[data-needles-in]").inner_text())
    out = page.locator(".out-needles li").count()
    for _needle in range(3):
        needle_in(page)
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 3))
    saved(page)

    tablet.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 3))
    expect(page.locator("#unsaved")).to_contain_text("No connection to the clinic's computer")
    expect(page.locator("#unsaved")).to_contain_text(re.compile(r"Last contact \d\d:\d\d"))
    page.get_by_role("button", name="Out", exact=True).first.click()
    page.wait_for_timeout(500)
    needle_in(page)
    expect(page.locator("#unsaved")).to_contain_text("waiting on this tablet")
    expect(page.locator("#unsaved")).to_contain_text(": 2.")
    page.reload()
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 3))
    assert page.evaluate(WAITING) == ["sealed", "sealed"]

    acts = Acts(page)
    tablet.context.set_offline(False)
    saved(page)
    acts.become(["removal", "insertion"])
    page.reload()
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 3))
    expect(page.locator(".out-needles li")).to_have_count(out + 1)
    clean_up(page)


def clean_up(page: Page) -> None:
    """All needles out: the next test begins with none."""
    outs = page.locator(".needle:not(.leaving)").get_by_role("button", name="Out", exact=True)
    while left := outs.count():
        outs.first.click()
        expect(outs).to_have_count(left - 1)
        page.wait_for_timeout(500)
    saved(page)


def test_a_refusal_in_the_middle_is_shown_and_holds_no_later_act(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    before = int(page.locator("[data-needles-in]").inner_text())
    tablet.context.set_offline(True)
    for _needle in range(3):
        needle_in(page)
    refused: list[str] = []

    def refuse_the_second(route: Route) -> None:
        data = route.request.post_data or ""
        found = re.search(r"act_id=([0-9a-f-]+)", data)
        number = found.group(1) if found else ""
        if number not in refused and len(refused) < 2:
            refused.append(number)
        if len(refused) == 2 and number == refused[1]:
            answer = '{"refused": [{"id": "x", "text": "No plan for this target. Plan it."}]}'
            route.fulfill(status=422, body=answer, content_type="application/json")
        else:
            route.continue_()

    page.route("**/treat/act/", refuse_the_second)
    tablet.context.set_offline(False)
    panel = page.locator("[data-refused]")
    expect(panel).to_contain_text("Not recorded: Needle in", timeout=20_000)
    expect(panel).to_contain_text("Plan it.")
    expect(page.locator("#unsaved")).to_contain_text("Not recorded, see below: 1.")
    # Two are on the record; the third is in the patient and shown, and says that it isn't.
    expect(page.locator(".needle:not(.unsent)")).to_have_count(before + 2, timeout=20_000)
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 3))
    tablet.complaints.clear()  # the browser's own, about the line
    tablet.look()
    page.unroute("**/treat/act/")
    panel.get_by_role("button", name="Try again").click()
    expect(panel).to_have_count(0)
    saved(page)
    expect(page.locator(".needle:not(.unsent)")).to_have_count(before + 3)
    clean_up(page)


@pytest.mark.long
def test_dismissing_spells_out_what_is_lost(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    before = page.locator("[data-needles-in]").inner_text()
    answer = '{"refused": [{"id": "x", "text": "It can\'t be."}]}'
    page.route("**/treat/act/", answered_with(422, answer))
    needle_in(page)
    panel = page.locator("[data-refused]")
    expect(panel).to_contain_text("It can't be.")
    page.locator(".needle.unsent").get_by_role("button", name="Out", exact=True).click()
    expect(panel).to_contain_text("Waits with it, because it rests on it: Needle out")
    panel.get_by_role("button", name="Dismiss").click()
    expect(panel).to_contain_text(re.compile("will never show this: Needle in.*Needle out"))
    panel.get_by_role("button", name="Dismiss, and lose it").click()
    expect(panel).to_have_count(0)
    saved(page)
    expect(page.locator("[data-needles-in]")).to_have_text(before)
    page.unroute("**/treat/act/")


def test_acts_outlive_the_closed_tab_and_two_tabs_send_them_once(
    chromium: Browser, clinic_address: str
) -> None:
    visitor = Visitor(chromium, clinic_address, TABLET)
    visitor.sign_in("sana")
    page = open_treatment(visitor, "Ayesha Khan")
    before = int(page.locator("[data-needles-in]").inner_text())
    address = page.url
    visitor.context.set_offline(True)
    needle_in(page)
    needle_in(page)
    on_the_disk(page, 2)
    page.close()
    visitor.context.set_offline(False)
    tabs = [visitor.context.new_page() for _tab in range(2)]
    acts = [Acts(tab) for tab in tabs]
    for tab in tabs:
        tab.goto(address)
    for tab in tabs:
        tab.bring_to_front()
        expect(tab.locator("[data-needles-in]")).to_have_text(str(before + 2))
        saved(tab)
    tabs[1].wait_for_timeout(200)  # more than these would come, too
    assert acts[0].kinds + acts[1].kinds == ["insertion", "insertion"]
    clean_up(tabs[0])
    visitor.context.close()


def test_an_ended_session_is_renewed_on_the_page_and_the_acts_follow(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    before = int(page.locator("[data-needles-in]").inner_text())
    tablet.context.clear_cookies(name="filiform_session")
    needle_in(page)
    dialog = page.get_by_role("dialog", name="Signed out")
    expect(dialog).to_be_visible()
    tablet.look()
    dialog.get_by_label("Password").fill("not the password")
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_contain_text("not right")
    dialog.get_by_role("button", name="Later").click()
    expect(page.locator("#unsaved")).to_contain_text("You are signed out")
    page.get_by_role("button", name="Sign in again").click()
    dialog.get_by_label("Password").fill(DEMO_PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_be_hidden()
    saved(page)
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 1))
    clean_up(page)


@pytest.mark.long
def test_a_colleague_who_signs_in_on_the_page_sends_the_acts_in_both_names(
    tablet: Visitor,
) -> None:
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    before = int(page.locator("[data-needles-in]").inner_text())
    tablet.context.clear_cookies(name="filiform_session")
    needle_in(page)
    dialog = page.get_by_role("dialog", name="Signed out")
    dialog.get_by_label("User name").fill("hamza")
    dialog.get_by_label("Password").fill(DEMO_PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    bar = page.locator("#unsaved")
    expect(bar).to_contain_text("Tapped on this tablet by somebody else", timeout=20_000)
    expect(page.locator("[data-needles-in]")).to_have_text(str(before))
    page.get_by_role("button", name="Record them in my name").click()
    saved(page)
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 1))
    page.locator("#log").click()
    log = page.locator(".log li").first
    expect(log).to_contain_text(re.compile(r"by Sana Malik, sent by\s+Hamza Iqbal"))
    clean_up(page)


@pytest.mark.long
def test_signing_out_wipes_the_kept_page_and_not_what_waits(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    before = int(page.locator("[data-needles-in]").inner_text())
    address = page.url
    page.route("**/treat/act/", answered_with(503))
    needle_in(page)
    expect(page.locator("#unsaved")).to_contain_text("No connection to the clinic's computer")
    page.goto(tablet.address + "/me/")
    page.get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog", name="Not everything has reached the record")
    expect(dialog).to_contain_text("Actions waiting on this tablet: 1")
    expect(dialog.get_by_role("link", name="Send them now")).to_have_attribute(
        "href", address.removeprefix(tablet.address)
    )
    tablet.complaints.clear()  # the browser's own, about the line
    tablet.look()
    dialog.get_by_role("button", name="Sign out anyway").click()
    page.wait_for_url(tablet.address + "/")
    assert page.evaluate(KEPT) == 0
    assert page.evaluate(WAITING) == ["sealed"]
    page.unroute("**/treat/act/")
    tablet.sign_in("sana")
    page.goto(address)
    saved(page)
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 1))
    clean_up(page)


@pytest.mark.long
def test_with_the_line_up_a_reload_shows_what_another_tablet_did(
    tablet: Visitor, phone: Visitor
) -> None:
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    before = int(page.locator("[data-needles-in]").inner_text())
    page.goto("about:blank")  # it sees nothing of what happens now
    phone.sign_in("sana")
    other = open_treatment(phone, "Ayesha Khan")
    needle_in(other)
    saved(other)
    page.go_back()
    page.reload()
    expect(page.locator("[data-needles-in]")).to_have_text(str(before + 1))
    assert page.locator("#treatment-page").get_attribute("data-kept-for") == "0"
    clean_up(other)


@pytest.mark.long
def test_another_members_page_is_not_shown_without_a_line(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    address = page.url
    tablet.sign_in("hamza")
    assert page.evaluate(KEPT) == 0
    tablet.context.set_offline(True)
    failed = False
    try:
        page.goto(address)
    except Exception:  # the browser's own page: there is no line
        failed = True
    assert failed
    tablet.context.set_offline(False)


@pytest.fixture
def two_tablets(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Visitor]]:
    """In a clinic of their own: they sign the treatment that the other tests put needles into."""
    with served(copy_of_demo(tmp_path_factory, "signed")) as address:
        tablets = [Visitor(chromium, address, size) for size in (TABLET, PHONE)]
        yield tablets
        for one in tablets:
            one.context.close()


def test_an_act_that_comes_after_the_signature_becomes_an_amendment(
    two_tablets: list[Visitor],
) -> None:
    tablet, phone = two_tablets
    tablet.sign_in("sana")
    page = open_treatment(tablet, "Ayesha Khan")
    clean_up(page)
    tablet.context.set_offline(True)
    needle_in(page)

    phone.sign_in("sana")
    other = open_treatment(phone, "Ayesha Khan")
    count_and_sign(other)
    tablet.context.set_offline(False)
    panel = page.locator("[data-refused]")
    expect(panel).to_contain_text("This treatment is signed", timeout=20_000)
    panel.get_by_role("button", name="Record as an amendment").click()
    expect(panel).to_have_count(0)
    until(page, WAITING, [])
    record = tablet.open(f"{page.url.removeprefix(tablet.address)}record/")
    expect(record.get_by_role("main")).to_contain_text(
        re.compile(r"Needle in · .+ · \d\d:\d\d:\d\d\. Tapped on a tablet at that time")
    )


def count_and_sign(page: Page) -> None:
    """As the forms of the page do; the needles that were used are all out."""
    token = page.evaluate("() => document.getElementById('treatment').dataset.token")
    used = page.locator(".out-needles li").count()
    numbers = {"act_id": str(uuid4()), "opened": used, "unused": 0, "in_bin": used}
    for last, form in (("count/", numbers), ("sign/", {})):
        headers = {"X-CSRFToken": token, "Referer": page.url}
        answer = page.request.post(page.url + last, form=form, headers=headers)
        assert answer.status == 200, last
        token = page.context.request.get(page.url).text().split('data-token="')[1].split('"')[0]
