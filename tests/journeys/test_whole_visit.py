"""The whole way: from a message at the front door to the signed treatment and the due checks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import Visitor
from tests.journeys.summary import patient_summary
from tests.journeys.visit_steps import (
    begin_the_visit,
    chip,
    paint_the_right_shoulder,
    start_the_visit,
)


def test_a_message_becomes_a_patient_whose_summary_counts_in_the_first_visit(
    phone: Visitor, tablet: Visitor
) -> None:
    """What comes after it, to the signed treatment: test_front_door.py."""
    write_a_message(phone)
    address = register_from_the_inbox(tablet)
    bring_a_summary(tablet, address)
    visit = arrive(tablet, address)
    tablet.sign_in("sana")
    start_the_visit(tablet, tablet.open(f"{visit}/story/"))
    page = tablet.open(f"{visit}/safety/")
    expect(page.get_by_role("main")).to_contain_text("questions are still open")
    expect(page.locator("#safety")).to_contain_text("Aspirin")


def write_a_message(phone: Visitor) -> None:
    page = phone.open("/")
    phone.glance()
    page.get_by_role("link", name="Message").first.click()
    phone.glance()
    page.get_by_label("Phone").fill("0300 7654321")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".error-summary")).to_contain_text("There is a problem")
    expect(page.get_by_label("Phone")).to_have_value("0300 7654321")
    page.get_by_label("name", exact=False).first.fill("Nasreen Akhtar")
    page.get_by_label("message", exact=False).first.fill("My right shoulder has ached for weeks.")
    page.locator("[name=agreed]").check()
    page.wait_for_timeout(3_000)  # as long as a quick writer takes: sooner the form asks again
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/message/sent/")
    phone.glance()


def register_from_the_inbox(tablet: Visitor) -> str:
    tablet.sign_in("desk")
    tablet.glance()
    page = tablet.open("/inbox/")
    tablet.glance()
    page.get_by_role("link", name="Nasreen Akhtar").click()
    tablet.glance()
    page.get_by_role("link", name="Register as a new patient").click()
    page.get_by_label("Date of birth").fill("2031-01-01")
    chip(page, "Sex", "Female")
    page.get_by_role("button", name="Register").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_label("Date of birth").fill("1979-05-17")
    for more in page.locator("form details:not([open]) > summary").all():
        more.click()
    page.get_by_label("Height").fill("161")
    page.get_by_label("Weight").fill("64")
    tablet.glance()
    page.get_by_role("button", name="Register").click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("main")).to_contain_text("My right shoulder has ached for weeks")
    tablet.glance()
    return page.url


def bring_a_summary(tablet: Visitor, address: str) -> None:
    page = tablet.page
    page.goto(f"{address}disclosure/import/")
    tablet.glance()
    raw = patient_summary(family="Akhtar", given="Nasreen", birth_date="1979-05-17")
    page.get_by_label("file", exact=False).first.set_input_files(
        {"name": "summary.json", "mimeType": "application/fhir+json", "buffer": raw}
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("The same person")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Aspirin")).to_be_checked()
    tablet.glance()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.get_by_role("main")).to_contain_text("Aspirin 75 mg tablet")
    tablet.glance()
    asks = page.get_by_role("button", name=re.compile("that is all|No known|Nothing|None"))
    while left := asks.count():
        asks.first.click()
        expect(asks).not_to_have_count(left)


def arrive(tablet: Visitor, address: str) -> str:
    page = tablet.page
    page.goto(f"{address}book/")
    chip(page, "With", "Sana Malik")
    tablet.glance()
    with page.expect_navigation():
        page.get_by_role("button", name="Arrived now").click()
    if page.get_by_label("Book it anyway").count():
        page.get_by_label("Book it anyway").check()
        with page.expect_navigation():
            page.get_by_role("button", name="Arrived now").click()
    tablet.open("/today/?who=all")
    link = page.get_by_role("link", name="Nasreen Akhtar").first.get_attribute("href") or ""
    found = re.search(r"/visits/[0-9a-f-]{36}", link)
    assert found, link
    return found.group(0)


LOOKS = [pytest.param("en", "light", marks=pytest.mark.long), ("ur", "dark")]


@pytest.mark.parametrize(("language", "theme"), LOOKS)
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
    steps = ("story", "safety", "targets", "plan", "consent", "treat", "programme", "aftercare")
    around = ("/today/", "/patients/", "/inbox/", "/checks/", "/diary/", "/me/", "/components/")
    paths = (*(f"{visit.group(0)}/{step}/" for step in (*steps, "progress")), *around)
    for path in paths:
        tablet.open(path)
        tablet.look()


def visit_of(tablet: Visitor, name: str) -> str:
    tablet.open("/today/?who=all")
    link = tablet.page.get_by_role("link", name=name).first.get_attribute("href") or ""
    found = re.search(r"/visits/[0-9a-f-]{36}", link)
    assert found, link
    return found.group(0)


def booked_visit_of(tablet: Visitor, name: str) -> str:
    """The address of a patient's next visit, by way of the patient's page."""
    page = tablet.open("/patients/")
    page.locator("#typed").fill(name)
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url(re.compile("/patients/[0-9a-f-]{36}/$"))
    links = tablet.page.locator("a[href^='/visits/']").all()
    found = {re.sub(r"^(/visits/[0-9a-f-]{36}).*", r"\1", link.get_attribute("href") or "")
             for link in links}  # fmt: skip
    for visit in sorted(found):
        if tablet.open(f"{visit}/safety/").get_by_role("button", name="Start the visit").count():
            return visit
    raise AssertionError(f"{name} has no visit that is booked: {found}")


PHONE_IN_URDU = (390, "ur", "dark")
OTHERS = [(390, "en", "light"), (820, "en", "light"), (1280, "en", "dark")]


def look_at_everything(tablet: Visitor, path: str, width: int, language: str, theme: str) -> None:
    """The safety step with every part of it open."""
    tablet.page.set_viewport_size({"width": width, "height": 1000})
    tablet.speak(language, theme)
    page = tablet.open(path)
    page.evaluate("document.querySelectorAll('#safety details').forEach(d => d.open = true)")
    tablet.look()
    tablet.speak("en")


@pytest.mark.long
@pytest.mark.parametrize("look", OTHERS)
def test_the_safety_step_is_accessible_in_other_sizes_and_themes(
    tablet: Visitor, look: tuple[int, str, str]
) -> None:
    tablet.sign_in("sana")
    blocked = visit_of(tablet, "Sadia Nawaz")
    justify = booked_visit_of(tablet, "Fatima Zahra")
    for visit in (blocked, justify):
        look_at_everything(tablet, f"{visit}/safety/", *look)


def test_the_safety_step_speaks_for_a_blocked_a_justified_and_a_clear_patient(
    tablet: Visitor,
) -> None:
    tablet.sign_in("sana")
    blocked, clear = (visit_of(tablet, name) for name in ("Sadia Nawaz", "Bilal Ahmed"))
    page = tablet.open(f"{blocked}/safety/")
    expect(page.locator(".verdict")).to_contain_text("No needling today: Haemophilia")
    expect(page.locator(".body-glance")).to_contain_text("Every muscle has the same answer.")
    expect(page.locator("#reason-haemophilia-severe")).to_contain_text("Source:")
    expect(page.locator("#reason-haemophilia-severe")).to_contain_text("A letter of clearance")
    look_at_everything(tablet, f"{blocked}/safety/", *PHONE_IN_URDU)

    page = tablet.open(f"{clear}/safety/")
    expect(page.locator(".verdict")).to_contain_text("No contraindication to needling")
    justify = booked_visit_of(tablet, "Fatima Zahra")
    page = tablet.open(f"{justify}/safety/")
    expect(page.locator(".verdict")).to_contain_text("Only with a written reason: Warfarin")
    page.get_by_text("Which muscles").click()
    expect(page.locator(".body-glance")).to_contain_text("Psoas major")
    card = page.locator("#reason-anticoagulant-vka")
    card.get_by_label("Why needle despite this").fill("INR of 2.4 last week; thin needles only.")
    card.get_by_role("button", name="Save the reason").click()
    expect(page.locator("#reason-anticoagulant-vka")).to_contain_text("INR of 2.4 last week")
    look_at_everything(tablet, f"{justify}/safety/", *PHONE_IN_URDU)


def test_the_owner_reads_and_takes_along_how_the_rules_do(tablet: Visitor) -> None:
    tablet.sign_in("owner")
    page = tablet.open("/clinic/rules/")
    expect(page.get_by_role("main")).to_contain_text("anticoagulant-vka")
    tablet.look()
    with page.expect_download() as taken:
        page.get_by_role("button", name="As a table file (CSV)").click()
    assert taken.value.suggested_filename.startswith("rules-")
    tablet.speak("ur", "dark")
    tablet.page.set_viewport_size({"width": 390, "height": 844})
    tablet.open("/clinic/rules/")
    tablet.look_again()


def test_three_answers_change_the_ranking_and_two_muscles_go_into_the_plan(
    tablet: Visitor,
) -> None:
    """Drawn on the body, ranked, palpated as asked, chosen."""
    tablet.sign_in("sana")
    visit = draw_a_shoulder(tablet)
    page = tablet.open(f"{visit}/targets/")
    ranking = page.locator("#ranking")
    tablet.look()
    before = ranking.locator(".chance-number").all_inner_texts()
    assert ranking.locator(".flat .zone").count() > 0
    for answer in ("yes", "no", "yes"):
        asked = ranking.locator(".asks").inner_text()
        page.locator(f"#palpated-{answer}").click()
        expect(ranking.locator(".asks")).not_to_have_text(asked, use_inner_text=True)
    assert ranking.locator(".chance-number").all_inner_texts() != before
    tablet.look()
    names = []
    for place in range(2):
        button = ranking.locator(".choose").first
        names.append(button.locator("span").first.inner_text())
        button.click()
        expect(ranking.locator(".tag", has_text="in the plan")).to_have_count(place + 1)
    tablet.look()
    page = tablet.open(f"{visit}/plan/")
    for name in names:
        expect(page.get_by_role("main")).to_contain_text(name.split(",")[0])


def draw_a_shoulder(tablet: Visitor) -> str:
    """The story of a patient who has told none yet: the front of the right shoulder hurts."""
    visit = visit_of(tablet, "Zainab Noor")
    page = tablet.open(f"{visit}/story/")
    if page.get_by_role("button", name="Start the visit").count():
        begin_the_visit(page)
    chip(page, "Presenting complaint", "Shoulder pain")
    paint_the_right_shoulder(page)
    page.get_by_role("button", name="Save, then Safety").click()
    page.wait_for_url("**/safety/")
    return visit


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_what_to_expect_is_accessible_and_the_dose_explorer_answers_a_tap(
    tablet: Visitor, language: str, theme: str
) -> None:
    tablet.sign_in("sana")
    visit = visit_of(tablet, "Imran Ali")
    tablet.speak(language, theme)
    for path in ("", "sheet/", "doses/"):
        tablet.open(f"{visit}/expectation/{path}")
        tablet.look()
    page = tablet.page
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("input[name=load][value='0.5']").check(force=True)
    expect(page.locator("#doses article")).to_have_count(3)
    expect(page.locator("input[name=load][value='0.5']")).to_be_checked()
    tablet.look()
