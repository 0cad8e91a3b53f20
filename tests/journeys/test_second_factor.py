"""An owner's first sign-in, and the next ones: a passkey, an app, a code on paper. Each page is
looked at on a phone or on a desktop, in both languages and both themes by turns; `make long` looks
twice at each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle

import pyotp
import pytest
from playwright.sync_api import Browser
from tests.demo_folder import copy_of_demo
from tests.journeys.conftest import EVERY_LOOK, PHONE, Visitor, served

pytestmark = pytest.mark.long

OWNER = "owner"
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def strict_clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo clinic, asking its owner for a second factor as a real one does."""
    folder = copy_of_demo(tmp_path_factory, "strict")
    with served(folder, FILIFORM_DEMO_SECOND_FACTOR="yes") as address:
        yield address


@pytest.fixture
def owner(chromium: Browser, strict_clinic: str) -> Iterator[Visitor]:
    visitor = Visitor(chromium, strict_clinic, PHONE)
    yield visitor
    visitor.context.close()


def give_device(visitor: Visitor) -> None:
    """A device that asks for a finger, of Chromium's own making."""
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})


LOOKS = cycle(
    (
        ((PHONE, "ur", "light"), (WIDE, "en", "dark")),
        ((WIDE, "en", "light"), (PHONE, "ur", "dark")),
        ((PHONE, "ur", "dark"), (WIDE, "en", "light")),
        ((PHONE, "en", "dark"), (WIDE, "ur", "light")),
    )
)


def look_everywhere(visitor: Visitor) -> None:
    """Phone and desktop, English and Urdu, light and dark, in turn."""
    for size, language, theme in next(LOOKS)[: 2 if EVERY_LOOK else 1]:
        visitor.speak(language, theme)
        visitor.page.set_viewport_size(size)
        visitor.page.reload()
        visitor.look()
    visitor.page.set_viewport_size(PHONE)
    visitor.speak("en")
    visitor.page.reload()


def enter(visitor: Visitor) -> None:
    visitor.open("/sign-in/")
    visitor.page.click(f"button[name=username][value={OWNER}]")


def leave(visitor: Visitor) -> None:
    """Sign out, and wait for it: the page first wipes what the tablet keeps."""
    visitor.open("/me/")
    visitor.page.click("main >> text=Sign out")
    visitor.page.wait_for_url(f"{visitor.address}/")


def test_an_owner_sets_up_a_passkey_and_comes_in_with_it_alone(owner: Visitor) -> None:
    page = owner.page
    give_device(owner)
    enter(owner)
    page.wait_for_url("**/sign-in/set-up/")
    look_everywhere(owner)
    page.fill("#passkey-name", "phone")
    page.click("text=Create a passkey")
    page.wait_for_url("**/me/second-factor/codes/")
    look_everywhere(owner)
    page.click("text=Show me ten codes")
    page.wait_for_selector(".codes li")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    owner.look()
    page.click("text=I have kept them")
    page.wait_for_url("**/today/")

    owner.open("/me/second-factor/")
    look_everywhere(owner)
    owner.open("/clinic/people/")
    look_everywhere(owner)

    leave(owner)
    owner.open("/sign-in/")
    look_everywhere(owner)
    page.click("text=Sign in with a passkey")
    page.wait_for_url("**/today/")

    # Another day, without the device: a code from the sheet.
    leave(owner)
    enter(owner)
    page.wait_for_url("**/sign-in/second/")
    look_everywhere(owner)
    page.fill("#code", codes[0])
    page.click("text=Continue")
    page.wait_for_url("**/today/")


def test_an_app_is_set_up_from_its_picture(chromium: Browser, strict_clinic: str) -> None:
    visitor = Visitor(chromium, strict_clinic, PHONE)
    page = visitor.page
    visitor.sign_in("sana")
    visitor.open("/me/second-factor/app/")
    look_everywhere(visitor)
    page.click("summary")
    secret = page.locator(".key").inner_text().replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.click("text=Continue")
    page.wait_for_url("**/me/second-factor/codes/")
    visitor.open("/me/prove/")
    look_everywhere(visitor)
    visitor.context.close()


def test_the_front_desk_shows_a_patient_who_opened_the_record(
    chromium: Browser, strict_clinic: str
) -> None:
    visitor = Visitor(chromium, strict_clinic, PHONE)
    visitor.sign_in("desk")
    visitor.open("/patients/")
    visitor.page.click("main .rows a >> nth=0")
    visitor.page.wait_for_selector("text=Who opened this record")
    visitor.page.click("text=Who opened this record")
    visitor.page.wait_for_url("**/opened/")
    look_everywhere(visitor)
    visitor.open(visitor.page.url.removeprefix(visitor.address) + "?language=ur")
    visitor.look()
    visitor.context.close()


def test_the_message_form_asks_a_browser_for_a_sum_and_sends_by_itself(
    chromium: Browser, strict_clinic: str
) -> None:
    visitor = Visitor(chromium, strict_clinic, PHONE)
    for number in range(4):
        page = visitor.open("/message/")
        if number == 3:
            look_everywhere(visitor)
        page.fill("[name=name]", "Amna")
        page.fill("[name=phone]", f"0300 123456{number}")
        page.fill("[name=text]", "An appointment, please.")
        page.check("[name=agreed]")
        time.sleep(3.2)  # the form notices who is quicker than people are
        page.click("main button:has-text('Send')")
        page.wait_for_url("**/message/sent/")
    visitor.context.close()
