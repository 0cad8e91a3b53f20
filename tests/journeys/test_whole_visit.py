"""The whole way: from a message at the front door to the signed treatment and the due checks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Visitor
from tests.journeys.summary import patient_summary


def chip(page: Page, group: str, label: str) -> None:
    """Tap a chip of the group with that legend."""
    inside = page.get_by_role("group", name=re.compile(f"^{group}"))
    inside.get_by_label(label, exact=True).first.check()


def test_a_message_becomes_a_signed_treatment_with_checks(phone: Visitor, tablet: Visitor) -> None:
    write_a_message(phone)
    address = register_from_the_inbox(tablet)
    bring_a_summary(tablet, address)
    visit = arrive(tablet, address)
    tablet.sign_in("sana")
    page = tablet.open(f"{visit}/story/")
    tell_the_story(tablet, page)
    choose_targets(tablet, visit)
    answer_for_safety(tablet, visit)
    save_the_plan(tablet, visit)
    consent(tablet, visit)
    needle(tablet, visit)
    choose_the_programme(tablet, visit)
    see_the_checks(tablet, visit)


def write_a_message(phone: Visitor) -> None:
    page = phone.open("/")
    phone.look()
    page.get_by_role("link", name="Message").first.click()
    phone.look()
    page.get_by_label("Phone").fill("0300 7654321")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("There is something to mend")
    expect(page.get_by_label("Phone")).to_have_value("0300 7654321")
    page.get_by_label("name", exact=False).first.fill("Nasreen Akhtar")
    page.get_by_label("message", exact=False).first.fill("My right shoulder has ached for weeks.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/message/sent/")
    phone.look()


def register_from_the_inbox(tablet: Visitor) -> str:
    tablet.sign_in("desk")
    tablet.look()
    page = tablet.open("/inbox/")
    tablet.look()
    page.get_by_role("link", name="Nasreen Akhtar").click()
    tablet.look()
    page.get_by_role("link", name="Becomes a new patient").click()
    page.get_by_label("Birth date").fill("2031-01-01")
    chip(page, "Sex", "Female")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Birth date").fill("1979-05-17")
    for more in page.locator("form details:not([open]) > summary").all():
        more.click()
    page.get_by_label("Height").fill("161")
    page.get_by_label("Weight").fill("64")
    tablet.look()
    page.get_by_role("button", name="Register").click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("main")).to_contain_text("My right shoulder has ached for weeks")
    tablet.look()
    return page.url


def bring_a_summary(tablet: Visitor, address: str) -> None:
    page = tablet.page
    page.goto(f"{address}disclosure/import/")
    tablet.look()
    raw = patient_summary(family="Akhtar", given="Nasreen", birth_date="1979-05-17")
    page.get_by_label("file", exact=False).first.set_input_files(
        {"name": "summary.json", "mimeType": "application/fhir+json", "buffer": raw}
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("The same person")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Aspirin")).to_be_checked()
    tablet.look()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_role("main")).to_contain_text("Aspirin 75 mg tablet")
    tablet.look()
    while (
        ask := page.get_by_role("button", name=re.compile("that is all|No known|Nothing|None"))
    ) and (ask.count()):
        ask.first.click()
        page.wait_for_load_state()


def arrive(tablet: Visitor, address: str) -> str:
    page = tablet.page
    page.goto(f"{address}book/")
    chip(page, "With", "Sana Malik")
    tablet.look()
    page.get_by_role("button", name="Is here now").click()
    page.wait_for_load_state()
    if page.get_by_label("Book it all the same").count():
        page.get_by_label("Book it all the same").check()
        page.get_by_role("button", name="Is here now").click()
    tablet.open("/today/?who=all")
    link = page.get_by_role("link", name="Nasreen Akhtar").first.get_attribute("href") or ""
    found = re.search(r"/visits/[0-9a-f-]{36}", link)
    assert found, link
    return found.group(0)


def tell_the_story(tablet: Visitor, page: Page) -> None:
    begin = page.get_by_role("button", name="Begin the visit")
    begin.click()
    page.wait_for_load_state()
    tablet.look()
    chip(page, "What brings the patient", "Shoulder pain")
    places = page.locator("[data-places]")
    if places.get_attribute("open") is None:
        page.get_by_text("Choose from the list").click()
    page.get_by_label("Front of the shoulder, right", exact=True).select_option("all")
    expect(page.locator("[data-lines]")).to_contain_text("Front of the shoulder, right")
    for group, score in (("Pain now", "6"), ("Worst", "8"), ("On average", "5")):
        chip(page, group, score)
    chip(page, "Since when", "Weeks ago")
    page.get_by_role("button", name="Save, then Safety").click()
    page.wait_for_url("**/safety/")
    expect(page.get_by_role("main")).to_contain_text("questions are still open")


def choose_targets(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/targets/")
    page.get_by_role("searchbox").fill("infraspinatus")
    page.get_by_role("button", name="Right Infraspinatus").first.click()
    page.wait_for_load_state()
    card = page.locator("#infraspinatus-right")
    expect(card).to_be_visible()
    tablet.look()


def answer_for_safety(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/safety/")
    tablet.look()
    page.get_by_role("button", name=re.compile("All told|Nothing has changed")).click()
    rest = page.locator(".questions .rest button")
    while left := rest.count():
        rest.first.click()
        expect(rest).to_have_count(left - 1)
    one = page.locator(".questions .yes-no button[value=no]")
    while left := one.count():
        one.first.click()
        expect(one).to_have_count(left - 1)
    expect(page.locator("#safety")).to_contain_text("Aspirin or clopidogrel")
    tablet.look()
    page.get_by_role("button", name="I have read this").click()
    page.wait_for_load_state()


def save_the_plan(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/plan/")
    tablet.look()
    depth = page.get_by_label(re.compile("^Depth"))
    proposed = depth.input_value()
    depth.fill("60")
    page.get_by_role("button", name="Save, then Consent").click()
    expect(page.get_by_role("alert").first).to_contain_text("60 mm")
    page.get_by_label(re.compile("^Depth")).fill(proposed)
    page.get_by_role("button", name="Save, then Consent").click()
    page.wait_for_url("**/consent/")


def consent(tablet: Visitor, visit: str) -> None:
    page = tablet.page
    tablet.look()
    for box in page.locator("input[name=teach_back]").all():
        box.check()
    chip(page, "Who signs", "The patient")
    page.locator("input[name=signed_name]").fill("Nasreen Akhtar")
    pad = page.locator("signature-pad canvas")
    pad.scroll_into_view_if_needed()
    area = pad.bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + 40, area["y"] + 60)
    page.mouse.down()
    for step in range(1, 30):
        page.mouse.move(area["x"] + 40 + 6 * step, area["y"] + 60 + (25 if step % 2 else -25))
    page.mouse.up()
    page.get_by_role("button", name="Record this consent").click()
    expect(page.get_by_role("main")).to_contain_text("Nasreen Akhtar consented")
    tablet.look()


def needle(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/treat/")
    tablet.look()
    page.get_by_role("button", name="Start needling").click()
    page.get_by_role("button", name="Needle is in").click()
    expect(page.locator("[data-needles-in]")).to_have_text("1")
    tablet.look()
    twitch = page.get_by_role("button", name="Twitch")
    twitch.click()
    twitch.click()
    expect(page.locator("[data-twitches]").first).to_have_text("2")
    page.reload()
    expect(page.locator("[data-twitches]").first).to_have_text("2")
    page.get_by_role("button", name="Out", exact=True).click()
    expect(page.locator("[data-needles-in]")).to_have_text("0")
    expect(page.get_by_role("heading", name="Count the needles")).to_be_visible()
    tablet.look()
    page.locator("input[name=opened]").fill("1")
    page.locator("input[name=in_bin]").fill("1")
    page.get_by_role("button", name="Counted").click()
    chip(page, "Pain now", "3")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name=re.compile("^Sign as")).dblclick()
    expect(page.get_by_role("main")).to_contain_text(re.compile("Signed|seal", re.I))
    page = tablet.open(f"{visit}/treat/record/")
    expect(page.get_by_role("main")).to_contain_text("Infraspinatus")
    tablet.look()


def choose_the_programme(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/programme/")
    page.get_by_role("button", name="All for Infraspinatus").click()
    expect(page.get_by_role("link", name="The patient's paper")).to_be_visible()
    tablet.look()
    page.get_by_role("link", name="The patient's paper").click()
    expect(page.get_by_role("main")).to_contain_text("Nasreen Akhtar")
    tablet.look()
    assert page.pdf(format="A4")[:4] == b"%PDF"


def see_the_checks(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/aftercare/")
    tablet.look()
    page = tablet.open(f"{visit}/aftercare/sheet/")
    tablet.look()
    page = tablet.open(f"{visit}/progress/")
    expect(page.get_by_role("main")).to_contain_text("Infraspinatus")
    tablet.look()
    page = tablet.open("/checks/?when=week")
    expect(page.get_by_role("main")).to_contain_text("Nasreen Akhtar")
    tablet.look()


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_a_visit_is_accessible_in_both_languages_and_themes(
    tablet: Visitor, language: str, theme: str
) -> None:
    tablet.sign_in("sana")
    page = tablet.open("/today/")
    names = page.get_by_role("link", name="Imran Ali")
    link = names.first.get_attribute("href") or ""
    visit = re.search(r"/visits/[0-9a-f-]{36}", link)
    assert visit, link
    tablet.speak(language, theme)
    for step in ("story", "safety", "targets", "plan", "consent", "treat", "programme"):
        tablet.open(f"{visit.group(0)}/{step}/")
        tablet.look()
    for path in ("/today/", "/patients/", "/inbox/", "/checks/", "/diary/", "/me/", "/components/"):
        tablet.open(path)
        tablet.look()
