"""A photograph is sent, answered by keyboard with one tap, and a visit is paid on the way out."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect
from tests.journeys.conftest import Visitor

from filiform.clinic.demo.bruise import bruise_photograph


def test_a_message_is_answered_and_a_visit_is_paid_without_leaving_the_keyboard(
    tablet: Visitor, phone: Visitor
) -> None:
    page, opened_at = phone.open("/message/"), time.monotonic()
    page.locator("[name=name]").fill("Nadia Shah")
    page.locator("[name=phone]").fill("0300 5550123")
    page.locator("[name=text]").fill("Is this bruise in order?")
    page.locator("[name=attach]").set_input_files(
        {"name": "arm.jpg", "mimeType": "image/jpeg", "buffer": bruise_photograph()}
    )
    page.locator("[name=answer_by][value=whatsapp]").check()
    tablet.sign_in("desk", by_hand=True)
    # Sooner than that nobody reads the form, and we would be asked once more.
    page.wait_for_timeout(max(0, 3.2 - (time.monotonic() - opened_at)) * 1000)
    page.get_by_role("button", name="Send").click()
    # What may be kept was not ticked: the form comes back, and the picture is still there.
    expect(page.locator(".error-summary, [role=alert]").first).to_be_visible()
    expect(page.get_by_text("arm.jpg")).to_be_visible()
    page.locator("[name=agreed]").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    staff = tablet.open("/inbox/")
    staff.keyboard.press("j")
    expect(staff.locator("a.cover:focus")).to_be_visible()
    while "Nadia Shah" not in staff.locator("a.cover:focus").inner_text():
        staff.keyboard.press("j")
    staff.keyboard.press("Enter")
    staff.wait_for_url(re.compile("/inbox/.{30,}"))
    expect(staff.get_by_alt_text("Picture of the sender: arm.jpg")).to_be_visible()
    tablet.look()
    staff.get_by_role("link", name="We'll call you").click()
    link = staff.get_by_role("link", name="Send by WhatsApp")
    expect(link).to_have_attribute("href", re.compile(r"wa\.me/923005550123\?text=Hello%20Nadia"))
    staff.get_by_label("Your answer").fill("It is in order. Call us if it grows.")
    # No line leads out of here: what opens is caught, and the answer is noted all the same.
    tablet.context.route("https://wa.me/**", lambda route: route.fulfill(status=200, body=""))
    with staff.expect_popup() as opened:
        link.click()
    assert "Call%20us%20if%20it%20grows" in opened.value.url
    opened.value.close()
    expect(staff.locator(".events")).to_contain_text("By WhatsApp")

    till = tablet.open("/payments/")
    owed = till.locator("li", has_text="owed").first
    who = owed.locator("a.cover").inner_text()
    owed.get_by_role("button", name=re.compile("Cash")).click()
    expect(till.locator(".notice.well-done").first).to_contain_text(who)
    tablet.look()
    till.goto(f"{tablet.address}/payments/day/")
    expect(till.locator(".payments")).to_contain_text(who)
