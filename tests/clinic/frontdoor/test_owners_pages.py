"""The owner's words on the public pages: laid over ours, looked at first, never less urgent."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.tables import check_each

from filiform.clinic.frontdoor import danger, text_actions
from filiform.clinic.frontdoor.models import Photograph, PublicText
from filiform.clinic.frontdoor.texts import Text, shipped, standing_of, texts_of
from filiform.clinic.staff import actions
from filiform.warning_signs import Urgency, signs

pytestmark = pytest.mark.django_db
HURT = "/clinic/pages/text/question_hurt/"
OURS = {
    "title_en": "Does it hurt?",
    "body_en": "A little. You say stop, and we stop.",
    "title_ur": "کیا درد ہوتا ہے؟",
    "body_ur": "تھوڑا سا۔ آپ کہیں تو ہم رک جاتے ہیں۔",
    "is_shown": "on",
}


@pytest.fixture
def as_olga(client: Client, olga) -> Client:
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, path: str = "/", language: str = "en") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_text_is_looked_at_before_it_stands_there_and_ours_comes_back(
    as_olga: Client, site
) -> None:
    seen = as_olga.post(HURT, {**OURS, "preview": "yes"})
    assert OURS["body_ur"] in seen.content.decode()
    assert not PublicText.objects.exists()
    as_olga.post(HURT, OURS)
    assert OURS["body_en"] in page(Client())
    assert OURS["body_ur"] in page(Client(), language="ur")
    as_olga.post(HURT, {**OURS, "body_en": "Less than you think.", "why": "plainer"})
    history = page(as_olga, HURT)
    assert OURS["body_en"] in history
    assert "plainer" in history
    as_olga.post(f"{HURT}back/", {"why": "ours was better"})
    assert shipped()["question_hurt"].body_en in page(Client())
    assert PublicText.objects.filter(key="question_hurt").count() == 5  # nothing was altered


def test_an_urdu_text_older_than_the_english_is_named_until_somebody_compared_both(
    as_olga: Client, olga, site
) -> None:
    as_olga.post(HURT, OURS)
    assert not standing_of(olga.organisation_id, "question_hurt").urdu_is_older
    as_olga.post(HURT, {**OURS, "body_en": "Hardly."})
    assert standing_of(olga.organisation_id, "question_hurt").urdu_is_older
    assert "Urdu is older than the English" in page(as_olga, "/clinic/pages/")
    as_olga.post(HURT, {**OURS, "body_en": "Hardly.", "same": "on"})
    assert not standing_of(olga.organisation_id, "question_hurt").urdu_is_older


def test_questions_are_added_and_hidden(as_olga: Client, site) -> None:
    own = {"title_en": "May I bring my child?", "body_en": "Yes."}
    as_olga.post("/clinic/pages/question/", own)
    html = page(Client())
    assert own["title_en"] in html
    assert own["title_en"] in page(Client(), language="ur")  # until it is translated
    as_olga.post(HURT, {**OURS, "is_shown": ""})
    assert "Does it hurt?" not in page(Client())


def test_a_sign_of_the_table_is_never_told_to_be_less_urgent(as_olga: Client, olga, site) -> None:
    """Every sign for emergency, in the table's own words, is refused among those for a call."""
    emergencies = [one for one in signs().values() if one.urgency() is Urgency.EMERGENCY]
    assert emergencies

    def check(sign) -> None:
        for words in (sign.felt.en, sign.felt.ur):
            assert danger.said_less_urgent(words, "call-today") is not None, words
            assert danger.said_less_urgent(words, "emergency") is None, words

    check_each(emergencies, check)
    today = "/clinic/pages/text/danger_today/"
    answer = as_olga.post(today, {"body_en": "It hurts to breathe in my chest", "body_ur": ""})
    assert answer.status_code == 422
    assert "is an emergency in our table of warning signs" in unescape(answer.content.decode())
    assert not PublicText.objects.exists()
    before = page(Client(), "/something-is-wrong/")
    as_olga.post(today, {"body_en": "The skin itches for a week", "body_ur": ""})
    after = page(Client(), "/something-is-wrong/")
    assert "The skin itches for a week" in after
    # What the owner writes takes nothing of the table away.
    told = re.findall(r'data-sign="([^"]+)"', before)
    assert told
    assert re.findall(r'data-sign="([^"]+)"', after) == told


def test_every_text_of_the_pages_is_there_in_both_languages() -> None:
    def check(key: str) -> None:
        text = shipped()[key]
        assert text.title is None or text.title.ur, key
        assert bool(text.body_en) == bool(text.body_ur), key
        assert len(text.body_en.splitlines()) == len(text.body_ur.splitlines()), key

    check_each(shipped(), check)


def photograph_with_a_place() -> SimpleUploadedFile:
    taken = Image.new("RGB", (900, 1200), "#b98")
    exif = Image.Exif()
    exif[0x010F] = "Camera of Rawalpindi"
    out = io.BytesIO()
    taken.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("sana.jpg", out.getvalue(), "image/jpeg")


def test_a_photograph_is_shown_without_what_the_camera_wrote_and_goes_again(
    as_olga: Client, alice, olga, site
) -> None:
    actions.change_member(member=alice, by=olga, on_public_site=True)
    address = f"/clinic/photographs/people/{alice.pk}/"
    told = {"describes": "Alice, smiling", "agrees": "on"}
    bad = as_olga.post(address, {**told, "file": SimpleUploadedFile("x.jpg", b"no picture")})
    assert bad.status_code == 422
    as_olga.post(address, {**told, "file": photograph_with_a_place()})
    html = page(Client())
    assert 'alt="\u2068Alice, smiling\u2069"' in html
    shown = Client().get(re.search(r'src="(/photographs/[^"]+)"', html).group(1))
    assert shown["Content-Type"] == "image/webp"
    assert b"Rawalpindi" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as kept:
        assert (kept.size, len(kept.getexif())) == ((480, 480), 0)
    as_olga.post(address, {"take": "yes"})
    assert "/photographs/" not in page(Client())
    row = Photograph.objects.filter(is_void=False).get()
    assert Client().get(f"/photographs/{row.pk}.webp").status_code == 404


def test_machines_read_what_people_read_and_no_name_can_break_out(
    client: Client, site, olga, monkeypatch
) -> None:
    evil = "</script><script>alert(1)</script>"
    text_actions.add_question(by=olga, texts={"en": Text("", evil, "Yes & no.")})

    class Offer:
        name, name_ur, about, about_ur = "First visit", "پہلا وزٹ", "", ""
        minutes, price, currency = 40, Decimal(2500), "PKR"

    monkeypatch.setattr("filiform.clinic.frontdoor.offers.OFFERS", [lambda clinic: [Offer()]])
    raw = client.get("/").content.decode()
    assert evil not in raw
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', raw, re.S).group(1)
    clinic, faq = json.loads(data)["@graph"]
    assert clinic["@type"] == ["MedicalClinic", "Physiotherapy"]
    assert clinic["telephone"] == "+923352855522"
    assert clinic["makesOffer"][0]["price"] == "2500"
    assert faq["mainEntity"][-1]["name"] == evil
    assert [one["name"] for one in faq["mainEntity"]] == [
        one.title for one in texts_of(site.organisation_id, "en").questions()
    ]
    assert "2,500" in unescape(raw)


def test_the_site_that_a_visitor_chose_stands_first_from_then_on(client: Client, site) -> None:
    other = actions.open_site(
        organisation=site.organisation, name="Second place", address="Saddar", phone="+92512345678"
    )
    assert 'href="tel:+923352855522"' in page(client)
    answer = client.post("/our-places/choose/", {"place": str(other.pk), "next": "/"})
    assert answer["Location"] == "/"
    html = page(client)
    first = html[html.index('class="first"') : html.index('class="places')]
    assert 'href="tel:+92512345678"' in first
    assert 'href="tel:+923352855522"' not in first
    found = page(client, "/find-us/")
    assert found.index("Saddar") < found.index("MidCity Mall, Rehmanabad")
    # Made-up ids are no choice, and nothing is kept under them.
    client.cookies["filiform_place"] = "0" * 36
    assert 'href="tel:+923352855522"' in page(client)


def test_files_for_machines_open_and_name_nothing_behind_the_sign_in(client: Client, site) -> None:
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /\n" in robots
    assert "http://testserver/sitemap.xml" in robots
    sitemap = client.get("/sitemap.xml").content.decode()
    for address in re.findall(r"<loc>http://testserver(.*?)</loc>", sitemap):
        assert client.get(address).status_code == 200
        assert address == "/" or f"Allow: {address}" in robots
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["name"] == "MidCity clinic"
    for address in (*(one["src"] for one in manifest["icons"]), "/favicon.ico"):
        with Image.open(io.BytesIO(client.get(address).content)) as picture:
            picture.load()


def test_a_link_to_us_shows_a_picture_in_the_language_of_its_page(client: Client, site) -> None:
    site.organisation.name_ur = "مڈ سٹی"
    site.organisation.save()
    for language in ("en", "ur"):
        html = client.get("/", headers={"Accept-Language": language}).content.decode()
        (named,) = re.findall(r'<meta property="og:image" content="http://testserver(.*?)">', html)
        with Image.open(io.BytesIO(client.get(named).content)) as picture:
            assert picture.size == (1200, 630), "as the page says beside it"
            # Ink of the name: where reading begins, and nowhere near the other edge.
            name = picture.convert("RGB").crop((0, 300, 1200, 420))
            inked = name.convert("L").point(lambda light: 255 if light > 150 else 0).getbbox()
            assert inked
            assert inked[0] < 100 if language == "en" else inked[2] > 1100
    assert client.get("/social-de.png").status_code == 404


def test_an_address_that_is_not_there_leaves_staff_their_way_on(client: Client, alice) -> None:
    visitor = client.get("/no-such-page/")
    assert visitor.status_code == 404
    assert "/today/" not in visitor.content.decode()
    client.force_login(alice)
    staff = client.get("/no-such-page/")
    assert staff.status_code == 404
    assert 'href="/today/"' in staff.content.decode()
