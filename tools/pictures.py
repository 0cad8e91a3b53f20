"""`make pictures`: the pictures of README and of the tutorial, from the real pages.

Starts the demo clinic in a temporary folder, walks through it in a real Chromium as the tutorial
tells it, and writes docs/pictures/*.webp. When a step of the tutorial doesn't work any more, this
stops there: the tutorial is wrong, or the clinic is.

    python tools/pictures.py [--only readme|visit] [--into FOLDER]
"""

from __future__ import annotations

import argparse
import base64
import math
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from browser import find_chromium
from demo_server import demo_clinic

PICTURES = Path(__file__).parents[1] / "docs/pictures"
TABLET = {"width": 820, "height": 1100}
SHARPNESS = 1.5
"""Pixels of the picture for each of the page's: sharp on most screens, and small enough."""
QUALITIES = (82, 72, 60, 45)
"""Tried one after the other until the picture is small enough."""
MOST_BYTES = 150_000
PATIENT = "Nasreen Akhtar"
TO_THE_TOP = """(part) => {
  // Under what stays at the top of the page: header and banner.
  const stays = [...document.querySelectorAll(".top, .banner")].filter(
    (one) => ["sticky", "fixed"].includes(getComputedStyle(one).position));
  const covered = stays.reduce((sum, one) => sum + one.offsetHeight, 0);
  scrollTo(0, part.getBoundingClientRect().top + scrollY - covered - 12);
}"""


class Tablet:
    """Somebody at a tablet in the clinic, who also takes pictures of it."""

    def __init__(self, page: Page, address: str, folder: Path) -> None:
        self.page, self.address, self.folder = page, address, folder
        self.camera = page.context.new_cdp_session(page)

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.address + path)
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path} answered {answer and answer.status}")
        return self.page

    def sign_in(self, username: str) -> None:
        self.page.context.clear_cookies()
        self.open("/sign-in/")
        self.page.click(f"button[name=username][value={username}]")
        self.page.wait_for_url("**/today/")

    def tap(self, name: str, within: str = "main") -> None:
        """A button or a link by the words on it."""
        # A count may stand before the words, as on "2 Twitch +1".
        named = re.compile(rf"^\s*(\d+\s+)?{re.escape(name)}")
        room = self.page.locator(within)
        room.get_by_role("button", name=named).or_(
            room.get_by_role("link", name=named)
        ).first.click()
        self.page.wait_for_load_state()

    def chip(self, group: str, label: str) -> None:
        inside = self.page.get_by_role("group", name=re.compile(f"^{re.escape(group)}"))
        inside.get_by_label(label, exact=True).first.check()

    def picture(self, name: str, top: Locator | None = None, height: int | None = None) -> None:
        """What the tablet shows now, from `top` on; height in the page's own pixels."""
        page = self.page
        page.evaluate("document.activeElement?.blur()")
        page.mouse.move(2, 2)
        if top is None:
            page.evaluate("scrollTo(0, 0)")
        else:
            top.first.evaluate(TO_THE_TOP)
        page.wait_for_timeout(400)  # for what fades in
        size = page.viewport_size or TABLET
        if height:
            page.set_viewport_size({"width": size["width"], "height": height})
            page.wait_for_timeout(200)
        for quality in QUALITIES:
            shot = self.camera.send(
                "Page.captureScreenshot", {"format": "webp", "quality": quality}
            )
            content = base64.b64decode(shot["data"])
            if len(content) < MOST_BYTES:
                break
        else:
            raise RuntimeError(f"{name} has {len(content)} bytes; at most {MOST_BYTES} are allowed")
        (self.folder / f"{name}.webp").write_bytes(content)
        print(f"  {name}.webp, {len(content) // 1000} kB", flush=True)
        page.set_viewport_size(size)

    def visit_of(self, patient: str) -> str:
        self.open("/today/?who=all")
        link = self.page.get_by_role("link", name=patient).first.get_attribute("href") or ""
        found = re.search(r"/visits/[0-9a-f-]{36}", link)
        if not found:
            raise RuntimeError(f"{patient} has no visit today: {link!r}")
        return found.group(0)

    def chart_is_there(self) -> None:
        if self.page.locator("body-chart").count():
            self.page.wait_for_function(
                "() => ['frame', 'failed'].some((is) => document.querySelector('body-chart')[is])"
            )


# --- README -------------------------------------------------------------------------------------


def for_readme(tablet: Tablet) -> None:
    """Today, needles in, and a verdict with its reasons."""
    tablet.sign_in("sana")
    tablet.open("/today/?who=all")
    tablet.picture("today")
    tablet.open(f"{tablet.visit_of('Usman Sheikh')}/treat/")
    tablet.chart_is_there()
    tablet.picture("needles-in")
    tablet.open(f"{tablet.visit_of('Sadia Nawaz')}/safety/")
    tablet.picture("safety")


# --- your first visit: docs/tutorials/your-first-visit.md ---------------------------------------


def first_visit(tablet: Tablet) -> None:
    message(tablet)
    patient = register(tablet)
    disclose(tablet, patient)
    visit = arrive(tablet, patient)
    tablet.sign_in("sana")
    story(tablet, visit)
    safety(tablet)
    targets(tablet, visit)
    plan(tablet, visit)
    consent(tablet)
    needles(tablet, visit)
    count_and_sign(tablet, visit)
    afterwards(tablet, visit)


def message(tablet: Tablet) -> None:
    page = tablet.open("/")
    tablet.tap("Message", "body")
    page.get_by_label("name", exact=False).first.fill(PATIENT)
    page.get_by_label("Phone").fill("0300 7654321")
    page.locator("[name=agreed]").check()
    page.get_by_label("message", exact=False).first.fill(
        "My right shoulder has ached for six weeks, mostly at night. Can needling help?"
    )
    page.wait_for_timeout(3_000)  # sooner the form takes the writer for a script
    tablet.tap("Send")
    page.wait_for_url("**/message/sent/")


def register(tablet: Tablet) -> str:
    tablet.sign_in("desk")
    page = tablet.open("/inbox/")
    tablet.tap(PATIENT)
    tablet.picture("visit-1-message", height=760)
    tablet.tap("Register as a new patient")
    page.get_by_label("Date of birth").fill("1979-05-17")
    tablet.chip("Sex", "Female")
    for more in page.locator("form details:not([open]) > summary").all():
        more.click()
    page.get_by_label("Height").fill("161")
    page.get_by_label("Weight").fill("64")
    tablet.tap("Register")
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))
    return page.url.removeprefix(tablet.address)


def disclose(tablet: Tablet, patient: str) -> None:
    """Asked about each kind: none. A kind that was never asked about is no "none"."""
    page = tablet.open(f"{patient}disclosure/")
    none = page.get_by_role("button", name=re.compile("^(No |Nothing)"))
    while left := none.count():
        none.first.click()
        expect(none).to_have_count(left - 1)
    tablet.picture("visit-2-patient", height=900)


def arrive(tablet: Tablet, patient: str) -> str:
    page = tablet.open(f"{patient}book/")
    tablet.chip("With", "Sana Malik")
    tablet.tap("Arrived now")
    if page.get_by_label("Book it anyway").count():
        page.get_by_label("Book it anyway").check()
        tablet.tap("Arrived now")
    return tablet.visit_of(PATIENT)


def story(tablet: Tablet, visit: str) -> None:
    page = tablet.open(f"{visit}/story/")
    tablet.tap("Start the visit")
    tablet.chip("Presenting complaint", "Shoulder pain")
    for closed in page.locator("details[data-places]:not([open]) > summary").all():
        closed.click()
    page.locator("select[data-place='shoulder-front right']").select_option("all")
    page.locator("select[data-place='upper-arm-front right']").select_option("half")
    for group, score in (("Pain now", "6"), ("Worst", "8"), ("On average", "5")):
        tablet.chip(group, score)
    tablet.chip("When it started", "Weeks ago")
    for opened in page.locator("details[data-places][open] > summary").all():
        opened.click()
    tablet.chart_is_there()
    tablet.picture("visit-3-story", page.locator(".story-body"))
    tablet.tap("Save, then Safety")
    page.wait_for_url("**/safety/")


def safety(tablet: Tablet) -> None:
    page = tablet.page
    tablet.picture("visit-4-questions")
    told = page.get_by_role("button", name=re.compile("^(All disclosed|Nothing has changed)"))
    if told.count():
        told.first.click()
    rest = page.locator(".questions .rest button")
    while left := rest.count():
        rest.first.click()
        expect(rest).to_have_count(left - 1)
    single = page.locator(".questions .yes-no button[value=no]")
    while left := single.count():
        single.first.click()
        expect(single).to_have_count(left - 1)
    tablet.picture("visit-5-safety")
    tablet.tap("I have read this")


def targets(tablet: Tablet, visit: str) -> None:
    page = tablet.open(f"{visit}/targets/")
    ranking = page.locator("#ranking")
    for _ in range(2):
        asked = ranking.locator(".asks").inner_text()
        page.locator("#palpated-yes").click()
        expect(ranking.locator(".asks")).not_to_have_text(asked, use_inner_text=True)
    ranking.locator(".choose").first.click()
    page.wait_for_load_state()
    tablet.picture("visit-6-targets", page.locator(".ranking-parts"))


def plan(tablet: Tablet, visit: str) -> None:
    page = tablet.open(f"{visit}/plan/")
    tablet.picture("visit-7-plan")
    tablet.tap("Save, then Consent")
    page.wait_for_url("**/consent/")


def consent(tablet: Tablet) -> None:
    page = tablet.page
    for question, answer in (("what", "needle"), ("risk", "lung"), ("call", "breath")):
        page.locator(f"input[name=answer_{question}][value={answer}]").check()
    tablet.chip("Who signs", "The patient")
    page.locator("input[name=signed_name]").fill(PATIENT)
    pad = page.locator("signature-pad canvas")
    pad.scroll_into_view_if_needed()
    area = pad.bounding_box()
    if area is None:
        raise RuntimeError("there is no place for the signature")
    page.mouse.move(area["x"] + 40, area["y"] + 60)
    page.mouse.down()
    for step in range(1, 90):
        x, swing = step * 2.4, math.sin(step / 5) * 26 + math.sin(step / 2.3) * 14
        page.mouse.move(area["x"] + 40 + x, area["y"] + 80 + swing * (1 - step / 140))
    page.mouse.up()
    tablet.picture("visit-8-consent", page.locator("input[name=answer_what]").first)
    tablet.tap("Record this consent")


def needles(tablet: Tablet, visit: str) -> None:
    page = tablet.open(f"{visit}/treat/")
    for item in ("Who is this?", "Nothing new since the questions"):
        page.get_by_text(item).click()
    tablet.tap("The rest as usual")
    tablet.tap("Start needling")
    tablet.chart_is_there()
    tablet.tap("Open it")
    page.wait_for_timeout(800)  # the packs make way, and a tap that comes sooner means none of it
    tablet.tap("Needle is in")
    expect(page.locator("[data-needles-in]")).to_have_text("1")
    # Sooner a tap on the new needle is the trembling of the one that put it in (treatment.js).
    page.wait_for_timeout(800)
    tablet.tap("Twitch")
    expect(page.locator("[data-twitches]").first).to_have_text("1")
    tablet.picture("visit-9-needles")
    page.get_by_role("button", name="Out", exact=True).click()
    expect(page.locator("[data-needles-in]")).to_have_text("0")


def count_and_sign(tablet: Tablet, visit: str) -> None:
    page = tablet.page
    page.locator("input[name=opened]").fill("1")
    page.locator("input[name=in_bin]").fill("1")
    tablet.tap("Counted")
    tablet.chip("Pain now", "3")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()
    tablet.picture("visit-10-sign", page.get_by_role("button", name=re.compile("^Sign as")))
    tablet.tap("Sign as")
    expect(page.locator("main")).to_contain_text("seal")


def afterwards(tablet: Tablet, visit: str) -> None:
    page = tablet.open(f"{visit}/programme/")
    page.get_by_role("button", name=re.compile("^All for ")).first.click()
    page.wait_for_load_state()
    tablet.open(f"{visit}/aftercare/sheet/")
    tablet.picture("visit-11-sheet")
    tablet.open(f"{visit}/aftercare/")


PARTS = {"readme": for_readme, "visit": first_visit}


def main() -> int:
    words = argparse.ArgumentParser(description="Pictures for the documentation.")
    words.add_argument("--only", choices=PARTS)
    words.add_argument("--into", type=Path, default=PICTURES)
    asked = words.parse_args()
    chromium = find_chromium()
    if not chromium:
        print("There is no Chromium. On Debian: apt-get install -y chromium", file=sys.stderr)
        return 2
    asked.into.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_clinic(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        for name, part in PARTS.items():
            if asked.only in (None, name):
                # A context for each: nobody is signed in from the part before.
                context = browser.new_context(
                    viewport=TABLET, device_scale_factor=SHARPNESS, has_touch=True, locale="en-GB"
                )
                page = context.new_page()
                page.set_default_timeout(20_000)
                part(Tablet(page, address, asked.into))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
