"""The owner's pages: people, their credentials, sites; and one's own account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from filiform.clinic.facts.models import Entry
from filiform.clinic.staff import actions
from filiform.clinic.staff.models import Licence, Member, Privilege, Site

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "a long enough password"
PERSON = {
    "name": "Sana Malik",
    "name_ur": "",
    "title": "Physiotherapist",
    "roles": ["practitioner"],
    "language": "ur",
}
SITE = {
    "name": "MidCity Mall",
    "address": "Second floor, MidCity Mall",
    "phone": "0335 2855522",
    "whatsapp": "",
    "emergency_phone": "1122",
    "time_zone": "Asia/Karachi",
    "is_public": "on",
    "day_0": "10:00-14:00, 16:00-20:00",
    "day_5": "9:00 to 13:00",
}


@pytest.fixture
def as_olga(client: Client, olga) -> Client:
    client.force_login(olga, backend=BACKEND)
    return client


OWNERS_PAGES = [
    "/clinic/people/",
    "/clinic/people/add/",
    "/clinic/sites/",
    "/clinic/sites/add/",
    "/clinic/audit/",
]


@pytest.mark.parametrize("path", OWNERS_PAGES)
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_only_the_owner_opens_the_clinics_pages(client, request, path, who) -> None:
    client.force_login(request.getfixturevalue(who), backend=BACKEND)
    assert client.get(path).status_code == 403
    assert client.post(path).status_code in {403, 405}


@pytest.mark.parametrize("path", OWNERS_PAGES)
def test_the_owner_opens_the_clinics_pages(as_olga, alice, path) -> None:
    assert as_olga.get(path).status_code == 200


def test_a_person_is_added_once_however_often_the_form_is_sent(as_olga) -> None:
    data = {**PERSON, "username": "Sana.M", "new_password": "three blue kettles sing"}
    assert as_olga.post("/clinic/people/add/", data).status_code == 302
    again = as_olga.post("/clinic/people/add/", data)
    assert again.status_code == 422
    assert "already" in again.content.decode()
    member = Member.objects.get(username="sana.m")
    assert member.roles == {"practitioner"}
    assert member.check_password("three blue kettles sing")


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "a b"), ("username", "ab"), ("new_password", "short"), ("roles", [])],
)
def test_a_person_with_a_defect_is_not_added(as_olga, field, value) -> None:
    data = {**PERSON, "username": "sana", "new_password": "three blue kettles sing", field: value}
    assert as_olga.post("/clinic/people/add/", data).status_code == 422
    assert not Member.objects.filter(name="Sana Malik").exists()


def test_the_only_owner_can_neither_be_switched_off_nor_lose_the_role(as_olga, olga) -> None:
    address = f"/clinic/people/{olga.pk}/"
    off = as_olga.post(f"{address}switch/", {"why": "leaving"})
    role = as_olga.post(f"{address}change/", PERSON)
    assert off.status_code == role.status_code == 422
    assert "only owner" in off.content.decode()
    olga.refresh_from_db()
    assert olga.is_active
    assert olga.is_owner


def test_of_two_owners_who_see_each_other_one_stays(olga, alice) -> None:
    actions.change_member(member=alice, by=olga, is_owner=True)
    seen = [Member.objects.get(pk=alice.pk) for _page in range(2)]
    actions.switch_member(member=olga, by=alice, active=False, why="Left us.")
    with pytest.raises(actions.LastOwner):
        actions.change_member(member=seen[0], by=olga, is_owner=False)
    with pytest.raises(actions.LastOwner):
        actions.switch_member(member=seen[1], by=olga, active=False, why="Left.")
    alice.refresh_from_db()
    assert alice.is_owner
    assert alice.is_active


def test_a_change_of_roles_is_audited_with_what_they_were(as_olga, bob) -> None:
    as_olga.post(
        f"/clinic/people/{bob.pk}/change/",
        {**PERSON, "roles": ["practitioner", "front_desk"]},
    )
    bob.refresh_from_db()
    assert bob.roles == {"practitioner", "front_desk"}
    entry = Entry.objects.get(action="member-changed")
    assert entry.details["before"]["is_practitioner"] is False


def test_switching_off_needs_a_reason(as_olga, bob) -> None:
    assert as_olga.post(f"/clinic/people/{bob.pk}/switch/", {"why": ""}).status_code == 422
    for _tap in range(2):
        as_olga.post(f"/clinic/people/{bob.pk}/switch/", {"why": "left the clinic", "to": "off"})
    bob.refresh_from_db()
    assert not bob.is_active, "a second tap does not switch them on again"
    assert Entry.objects.get(action="member-switched-off").details["why"] == "left the clinic"


def test_a_licence_is_recorded_amended_and_voided_with_reasons(as_olga, bob, today) -> None:
    data = {
        "body": "Allied Health Council",
        "number": "7",
        "expires_on": (today + timedelta(days=99)).isoformat(),
    }
    add = f"/clinic/people/{bob.pk}/licence/add/"
    as_olga.post(add, data)
    as_olga.post(add, data)
    row = Licence.objects.get(member=bob)
    amend = f"/clinic/credentials/licence/{row.pk}/amend/"
    assert as_olga.post(amend, {**data, "number": "8", "why": ""}).status_code == 422
    as_olga.post(amend, {**data, "number": "8", "why": "typing error"})
    current = Licence.objects.current().get(member=bob)
    assert (current.number, current.why, current.replaces) == ("8", "typing error", row)
    assert as_olga.get(amend).status_code == 404
    as_olga.post(f"/clinic/credentials/licence/{current.pk}/void/", {"why": "never existed"})
    assert not Licence.objects.current().filter(member=bob).exists()
    assert Licence.objects.filter(member=bob).count() == 3
    assert "typing error" in as_olga.get(f"/clinic/people/{bob.pk}/").content.decode()


def test_training_can_neither_lie_in_the_future_nor_end_before_it_began(
    as_olga, bob, today
) -> None:
    page = as_olga.post(
        f"/clinic/people/{bob.pk}/training/add/",
        {
            "course": "Dry needling",
            "hours": "54",
            "completed_on": (today + timedelta(days=1)).isoformat(),
            "expires_on": today.isoformat(),
        },
    )
    assert page.status_code == 422
    assert "in the future" in page.content.decode()


def test_a_region_is_granted_from_the_atlas_list(as_olga, bob, today) -> None:
    address = f"/clinic/people/{bob.pk}/privilege/add/"
    data = {"region": "thorax", "granted_on": today.isoformat(), "expires_on": ""}
    assert as_olga.post(address, {**data, "region": "moon"}).status_code == 422
    assert as_olga.post(address, data).status_code == 302
    assert Privilege.objects.get(member=bob).region == "thorax"


def test_another_clinics_people_sites_and_credentials_do_not_exist(as_olga, charlie, today) -> None:
    licence = charlie.licences.get()
    for path in (
        f"/clinic/people/{charlie.pk}/",
        f"/clinic/people/{charlie.pk}/licence/add/",
        f"/clinic/credentials/licence/{licence.pk}/amend/",
        f"/clinic/credentials/licence/{licence.pk}/void/",
    ):
        assert as_olga.get(path).status_code == 404
    for path in ("change", "switch", "password"):
        assert as_olga.post(f"/clinic/people/{charlie.pk}/{path}/").status_code == 404


def test_a_site_is_changed_and_the_public_page_shows_it(as_olga, site) -> None:
    answer = as_olga.post(f"/clinic/sites/{site.pk}/", SITE, follow=True)
    assert "The public site shows it now" in answer.content.decode()
    site.refresh_from_db()
    assert site.opening_hours == {
        "0": [["10:00", "14:00"], ["16:00", "20:00"]],
        "5": [["09:00", "13:00"]],
    }
    assert site.phone == "+923352855522"
    assert "Second floor" in as_olga.get("/find-us/").content.decode()
    before = Entry.objects.get(action="site-changed").details["before"]
    assert before["address"] == "MidCity Mall, Rehmanabad"
    assert "phone" not in before
    hidden = {name: value for name, value in SITE.items() if name != "is_public"}
    answer = as_olga.post(f"/clinic/sites/{site.pk}/", hidden, follow=True)
    assert "The public site shows it now" not in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("day_0", "10-12", "not a time of day"),
        ("day_0", "10:00-25:00", "not a time of day"),
        ("phone", "12", "telephone number"),
        ("time_zone", "Mars/Base", "no such time zone"),
        ("emergency_phone", "ask 115 or 1122", "be dialled"),
    ],
)
def test_a_site_with_a_defect_is_refused_with_the_way_to_mend_it(
    as_olga, site, field, value, says
) -> None:
    answer = as_olga.post(f"/clinic/sites/{site.pk}/", {**SITE, field: value})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_new_site_appears_on_the_public_page(as_olga, site) -> None:
    as_olga.post("/clinic/sites/add/", {**SITE, "name": "Second branch"})
    assert Site.objects.count() == 2
    assert "Second branch" in as_olga.get("/find-us/").content.decode()


# --- one's own account --------------------------------------------------------------------------
def test_ones_own_name_and_language_are_changed(as_alice, alice) -> None:
    answer = as_alice.post("/me/", {"name": "Alice B", "title": "DPT", "language": "ur"})
    assert answer.status_code == 302
    assert answer.cookies["filiform_language"].value == "ur"
    alice.refresh_from_db()
    assert (alice.name, alice.language) == ("Alice B", "ur")


def test_a_pin_needs_the_password_and_may_not_be_easy(as_alice, alice) -> None:
    def post(pin: str, password: str = PASSWORD) -> int:
        return as_alice.post("/me/pin/", {"pin-pin": pin, "pin-password": password}).status_code

    assert post("739164", "wrong password") == 422
    for easy in ("123456", "654321", "111111", "112211", "12345", "abcdef"):
        assert post(easy) == 422
    old = alice.pin_hash
    assert post("739164") == 302
    alice.refresh_from_db()
    assert alice.pin_hash != old
    assert "739164" not in alice.pin_hash


def test_a_new_password_keeps_this_device_and_signs_out_the_others(as_alice, alice) -> None:
    other = Client()
    other.force_login(alice, backend=BACKEND)
    new = "seven quiet rivers bend"
    as_alice.post("/me/password/", {"password-password": PASSWORD, "password-new_password": new})
    assert as_alice.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_a_weak_password_is_refused_in_words(as_alice) -> None:
    answer = as_alice.post(
        "/me/password/", {"password-password": PASSWORD, "password-new_password": "alice123"}
    )
    assert answer.status_code == 422
    assert "at least 12 characters" in answer.content.decode()
