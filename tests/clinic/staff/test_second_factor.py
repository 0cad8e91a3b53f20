"""A password alone opens nothing where a second factor is asked for."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.clinic.staff.authenticator import Authenticator
from tests.clinic.test_every_address import address, ids, not_public  # noqa: F401
from tests.tables import check_each

from filiform.clinic.facts.models import Entry
from filiform.clinic.staff import door, factor_actions, factors
from filiform.clinic.staff.models import CodeApp, Passkey, RecoveryCode
from filiform.clinic.staff.sealed import Unopenable, seal, unseal

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
SECOND = "/sign-in/second/"
HERE = {"HTTP_HOST": "localhost"}


@pytest.fixture(autouse=True)
def owners_need_it(settings) -> None:
    settings.OWNERS_NEED_SECOND_FACTOR = True


def give_app(member) -> str:
    secret = factors.new_secret()
    factor_actions.set_up_app(member=member, secret=secret, step=0)
    return secret


def password(client: Client, member, **more):
    return client.post(
        "/sign-in/", {"username": member.username, "password": PASSWORD, **more}, **HERE
    )


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def prove(client: Client, member) -> None:
    """A session in which the member has just proved who they are."""
    client.force_login(member, backend=door.BACKEND)
    session = client.session
    session[door.FACTOR], session[door.PROVED_AT] = "code", int(time.time())
    session.save()


# --- the half-signed session --------------------------------------------------------------------


def test_after_the_password_alone_every_page_still_refuses(client, olga, ids, alice) -> None:  # noqa: F811
    give_app(olga)
    assert password(client, olga)["Location"] == SECOND

    def check(name: str) -> None:
        for send in (client.get, client.post):
            answer = send(address(name, ids))
            assert answer.status_code in {302, 401, 403, 405}, name
            if answer.status_code == 302:
                assert answer["Location"].startswith("/sign-in/"), name

    check_each(not_public(), check)


def test_the_code_completes_the_session_and_leads_where_it_was_going(client, olga) -> None:
    secret = give_app(olga)
    password(client, olga, next="/clinic/people/")
    answer = client.post(SECOND, {"code": pyotp.TOTP(secret).now()})
    assert answer["Location"] == "/clinic/people/"
    assert is_in(client)
    assert Entry.objects.get(action="signed-in", by=olga).details == {"factor": "code"}


def test_half_a_sign_in_ends_by_itself_and_with_a_new_password(client, olga, monkeypatch) -> None:
    secret = give_app(olga)
    password(client, olga)
    olga.set_password("another long password")
    olga.save()
    assert client.post(SECOND, {"code": pyotp.TOTP(secret).now()})["Location"] == "/sign-in/"
    olga.set_password(PASSWORD)
    olga.save()
    password(client, olga)
    monkeypatch.setattr(door, "HALF_S", -1)
    assert client.get(SECOND)["Location"] == "/sign-in/"


def test_a_session_from_before_the_rule_has_to_begin_anew(client, bob, olga) -> None:
    password(client, bob)
    assert is_in(client)
    factor_actions.demand_for_all(organisation=bob.organisation, by=olga, demanded=True)
    assert client.get("/me/")["Location"].startswith("/sign-in/")
    assert password(client, bob)["Location"] == "/sign-in/set-up/"


# --- the first sign-in of an owner ----------------------------------------------------------------


def test_an_owner_without_a_factor_is_led_through_setting_one_up(client, olga) -> None:
    assert password(client, olga)["Location"] == "/sign-in/set-up/"
    assert not is_in(client)
    page = client.get("/sign-in/set-up/app/").content.decode()
    assert "<svg" in page
    secret = re.search(r'class="number key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert secret in client.get("/sign-in/set-up/app/").content.decode().replace(" ", "")
    assert client.post("/sign-in/set-up/app/", {"code": "000000"}).status_code == 422
    assert not CodeApp.objects.exists()
    done = client.post("/sign-in/set-up/app/", {"code": pyotp.TOTP(secret).now()})
    assert done["Location"] == "/me/second-factor/codes/"
    assert is_in(client)


def test_who_has_a_factor_can_add_none_with_the_password_alone(client, olga) -> None:
    give_app(olga)
    password(client, olga)
    for path in ("", "app/"):
        assert client.get(f"/sign-in/set-up/{path}")["Location"] == SECOND
    answer = client.post("/sign-in/set-up/passkey/options/", {})
    assert answer["Location"] == SECOND


def test_a_practitioner_needs_none_until_the_owner_says_so(client, alice) -> None:
    assert password(client, alice)["Location"] == "/today/"


# --- the authenticator app ------------------------------------------------------------------------


def test_a_code_opens_once(client, olga) -> None:
    secret = give_app(olga)
    code = pyotp.TOTP(secret).now()
    assert factors.takes_code(olga, code)
    assert not factors.takes_code(olga, code)


def test_a_code_is_borne_half_a_minute_early_or_late_and_no_more(monkeypatch) -> None:
    secret, now = factors.new_secret(), 1_800_000_000
    monkeypatch.setattr(time, "time", lambda: now)
    for steps, holds in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = pyotp.TOTP(secret).at(now + 30 * steps)
        assert (factors.step_of(secret, code) is not None) == holds, steps
    for nonsense in ("", "12345", "1234567", "١٢٣٤٥٦", "abcdef"):
        assert factors.step_of(secret, nonsense) is None


def test_the_secret_lies_sealed_in_the_database_and_opens_for_nobody_else(olga, settings) -> None:
    secret = give_app(olga)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_secret FROM staff_codeapp")
        kept = cursor.fetchone()[0]
    assert secret not in kept
    with pytest.raises(Unopenable):
        unseal(kept, whose="somebody else")
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "x" * 50
    with pytest.raises(Unopenable):
        unseal(kept, whose=str(olga.pk))
    settings.SECRET_KEY_FALLBACKS = [former]
    assert unseal(kept, whose=str(olga.pk)) == secret
    assert seal("s", whose="a") != seal("s", whose="a")


def test_guessing_codes_ends_after_five(client, olga) -> None:
    secret = give_app(olga)
    password(client, olga)
    for _ in range(4):
        assert client.post(SECOND, {"code": "000000"}).status_code == 422
    assert client.post(SECOND, {"code": "000000"}).status_code == 429
    assert client.post(SECOND, {"code": pyotp.TOTP(secret).now()}).status_code == 429
    assert Entry.objects.filter(action="sign-in-locked").exists()


def test_guessing_codes_from_many_places_ends_too(client, olga) -> None:
    secret = give_app(olga)
    for place in range(5):
        client.defaults["REMOTE_ADDR"] = f"10.0.0.{place}"
        password(client, olga)
        for _ in range(4):
            client.post(SECOND, {"code": "000000"})
    client.defaults["REMOTE_ADDR"] = "10.0.1.1"
    password(client, olga)
    assert client.post(SECOND, {"code": pyotp.TOTP(secret).now()}).status_code == 429


# --- recovery codes -------------------------------------------------------------------------------


def test_ten_codes_are_shown_once_and_each_opens_once(client, olga) -> None:
    give_app(olga)
    prove(client, olga)
    page = client.post("/me/second-factor/codes/").content.decode()
    codes = re.findall(r'<code class="number">([a-z0-9-]+)</code>', page)
    assert len(set(codes)) == 10
    assert "data-print" in page
    again = client.get("/me/second-factor/codes/").content.decode()
    assert not any(code in again for code in codes)
    assert not RecoveryCode.objects.filter(hashed__in=codes).exists()
    client.logout()
    for _ in range(2):
        password(client, olga)
        client.post(SECOND, {"code": codes[3].upper().replace("-", " ")})
        if not is_in(client):
            break
        client.logout()
    else:
        pytest.fail("a recovery code opened twice")
    assert factors.factors_of(olga).codes_left == 9


def test_new_codes_take_the_place_of_the_old_ones(olga) -> None:
    old = factor_actions.make_recovery_codes(by=olga)
    factor_actions.make_recovery_codes(by=olga)
    assert not any(factors.takes_recovery_code(olga, code) for code in old)


# --- passkeys -------------------------------------------------------------------------------------


def add_passkey(client: Client, base: str, device: Authenticator):
    options = client.post(f"{base}options/", **HERE).json()
    return client.post(base, {"answer": device.create(options), "name": "tablet"}, **HERE)


def use_passkey(client: Client, device: Authenticator, **more):
    options = client.post("/sign-in/passkey/options/", **HERE).json()
    return client.post("/sign-in/passkey/", {"answer": device.get(options), **more}, **HERE)


@pytest.fixture
def device(client, olga) -> Authenticator:
    made = Authenticator()
    password(client, olga)
    answer = add_passkey(client, "/sign-in/set-up/passkey/", made)
    assert answer.json() == {"location": "/me/second-factor/codes/"}
    assert is_in(client)
    client.logout()
    return made


def test_a_passkey_alone_signs_in_without_a_password(client, olga, device) -> None:
    answer = use_passkey(client, device, next="/clinic/people/")
    assert answer.json()["location"] == "/clinic/people/"
    assert is_in(client)


def test_a_device_that_asked_for_no_finger_is_only_a_second_factor(client, olga, device) -> None:
    device.verifies = False
    assert use_passkey(client, device).status_code == 422
    assert not is_in(client)
    password(client, olga)
    assert use_passkey(client, device).status_code == 200
    assert is_in(client)


def test_a_passkeys_answer_is_refused_when_anything_about_it_is_wrong(client, olga, device) -> None:
    def check(change) -> None:
        options = client.post("/sign-in/passkey/options/", **HERE).json()
        answer = change(options)
        got = client.post("/sign-in/passkey/", {"answer": answer}, **HERE)
        assert got.status_code == 422
        assert not is_in(client)

    elsewhere = Authenticator(origin="https://evil.example", id=device.id)
    elsewhere.key = device.key
    stranger = Authenticator(id=device.id)
    check_each(
        [
            lambda options: device.get({"challenge": "AAAA"}),
            elsewhere.get,
            stranger.get,
            Authenticator().get,
            lambda options: "no json",
            lambda options: "[1]",
            lambda options: "{}",
            lambda options: '{"id": "\u00e9"}',
        ],
        check,
    )


def test_an_answer_is_good_for_its_own_challenge_once(client, olga, device) -> None:
    options = client.post("/sign-in/passkey/options/", **HERE).json()
    answer = device.get(options)
    assert client.post("/sign-in/passkey/", {"answer": answer}, **HERE).status_code == 200
    client.logout()
    client.post("/sign-in/passkey/options/", **HERE)
    assert client.post("/sign-in/passkey/", {"answer": answer}, **HERE).status_code == 422


def test_somebody_elses_passkey_is_no_second_factor(client, olga, device, alice) -> None:
    give_app(alice)
    password(client, alice)
    assert use_passkey(client, device).status_code == 422


def test_who_was_switched_off_has_no_passkey_either(client, olga, device) -> None:
    type(olga).objects.filter(pk=olga.pk).update(is_active=False)
    assert use_passkey(client, device).status_code == 422


# --- sensitive acts -------------------------------------------------------------------------------


def test_factors_are_changed_only_by_who_has_just_said_who_they_are(client, olga) -> None:
    give_app(olga)
    client.force_login(olga, backend=door.BACKEND)
    session = client.session
    session[door.FACTOR] = "code"
    session.save()
    for path in ("codes/", "app/", "app/remove/"):
        answer = client.post(f"/me/second-factor/{path}")
        assert answer["Location"].startswith("/me/prove/")
    assert CodeApp.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_proving_takes_the_password_and_the_code(client, olga) -> None:
    secret = give_app(olga)
    client.force_login(olga, backend=door.BACKEND)
    session = client.session
    session[door.FACTOR] = "code"
    session.save()
    wrong = client.post("/me/prove/", {"password": PASSWORD, "code": "000000"})
    assert wrong.status_code == 422
    right = {"password": PASSWORD, "code": pyotp.TOTP(secret).now(), "next": "/me/second-factor/"}
    assert client.post("/me/prove/", right)["Location"] == "/me/second-factor/"
    assert client.get("/me/second-factor/").status_code == 200


def test_the_last_factor_of_an_owner_stays(client, olga) -> None:
    give_app(olga)
    prove(client, olga)
    client.post("/me/second-factor/app/remove/")
    assert CodeApp.objects.filter(member=olga).exists()
    factor_actions.add_passkey(
        passkey=Passkey(member=olga, name="key", credential="a", public_key="b"), by=olga
    )
    client.post("/me/second-factor/app/remove/")
    assert not CodeApp.objects.filter(member=olga).exists()
    remove = "/me/second-factor/passkey/remove/"
    assert client.post(remove, {"passkey": "nonsense"}).status_code == 404
    client.post(remove, {"passkey": str(olga.passkeys.get().pk)})
    assert olga.passkeys.count() == 1


def test_an_owner_resets_a_colleague_who_is_signed_out_and_told(client, olga, alice) -> None:
    give_app(alice)
    hers = Client()
    prove(hers, alice)
    type(alice).objects.filter(pk=alice.pk).update(last_login=timezone.now() - timedelta(days=1))
    assert is_in(hers)
    prove(client, olga)
    path = f"/clinic/people/{alice.pk}/second-factor/"
    assert client.post(path, {"why": ""}).status_code == 422
    client.post(path, {"why": "telephone lost, came in person"})
    assert not is_in(hers)
    assert not factors.factors_of(alice).any
    entry = Entry.objects.get(action="second-factor-reset")
    assert (entry.by, entry.subject_id) == (olga, str(alice.pk))
    password(hers, alice)
    assert "second factor was reset" in hers.get("/today/").content.decode()


def test_nobody_else_resets_a_factor(client, alice, bob, charlie, olga) -> None:
    give_app(bob)
    for who in (alice, charlie):
        prove(client, who)
        answer = client.post(f"/clinic/people/{bob.pk}/second-factor/", {"why": "because"})
        assert answer.status_code == 403
    assert factors.factors_of(bob).any
