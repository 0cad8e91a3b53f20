"""A message in Urdu tells of breathlessness: the sender is answered, the clinic's pages ring."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.conftest import PHONE, TABLET, Visitor

DESKTOP = {"width": 1280, "height": 800}


@pytest.mark.parametrize(
    ("language", "theme"),
    [
        pytest.param("en", "light", marks=pytest.mark.long),
        pytest.param("en", "dark", marks=pytest.mark.long),
        pytest.param("ur", "light", marks=pytest.mark.long),
        ("ur", "dark"),
    ],
)
def test_the_pages_for_somebody_in_danger_can_be_used_by_everybody(
    chromium: Browser, clinic_address: str, language: str, theme: str
) -> None:
    # Every page in both languages and themes; each of the four rounds begins at another width.
    turn = ("en", "ur").index(language) + ("light", "dark").index(theme)
    sizes = (PHONE, TABLET, DESKTOP)
    visitor = Visitor(chromium, clinic_address, PHONE)
    visitor.speak(language, theme)
    for number, path in enumerate(("/something-is-wrong/", "/message/", "/")):
        visitor.page.set_viewport_size(sizes[(number + turn) % 3])
        visitor.open(path)
        visitor.look()
    visitor.context.close()


def test_a_message_of_danger_rings_on_another_page_until_it_is_taken(
    tablet: Visitor, phone: Visitor
) -> None:
    tablet.sign_in("sana", by_hand=True)
    # What the bell plays is counted, for a test can't hear it.
    tablet.page.add_init_script(
        "globalThis.tones = 0; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (...at)"
        " { tones += 1; return start.apply(this, at); };"
    )
    staff = tablet.open("/atlas/")
    staff.get_by_role("button", name="Turn the bell on").click()
    expect(staff.get_by_role("button", name="Turn the bell on")).to_be_hidden()
    bar = staff.locator("alarm-bell .ringing")
    expect(bar).to_be_hidden()

    phone.speak("ur")
    page = phone.open("/message/")
    page.locator("[name=name]").fill("سائرہ بی بی")
    page.locator("[name=phone]").fill("0300 5550199")
    page.locator("[name=text]").fill("کل سے میرا سانس پھول رہا ہے")
    page.locator("form .button.primary.wide").click()
    expect(page.locator(".danger-answer")).to_contain_text("ابھی ایمرجنسی جائیں")
    expect(page.locator(".danger-answer a[href='tel:1122']")).to_be_visible()
    phone.look()

    expect(bar).to_be_visible(timeout=20_000)
    staff.wait_for_function("() => document.title.startsWith('\u25cf')")
    staff.wait_for_function("() => globalThis.tones > 3")
    tablet.look()
    bar.click()
    tablet.look()
    take = staff.get_by_role("button", name="I'll take it")
    take.click()
    expect(take).to_have_count(0)
    expect(bar).to_be_hidden()
    staff.locator(".alarm-notice [name=text]").fill("Called at once: goes to emergency")
    tablet.look()
    staff.get_by_role("button", name="Record what was done").click()
    expect(staff.locator(".alarm-notice.over")).to_be_visible()
    for path in ("/inbox/", "/today/"):
        tablet.open(path)
        tablet.look_again()
