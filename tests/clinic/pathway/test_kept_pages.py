"""A kept page is the page that would be composed now: the slow page that keeps nothing says so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinic.pathway.acts import perform, undone_afterwards
from tests.clinic.pathway.test_one_answer import DATABASE, SEQUENCES

from filiform.clinic.treatment import queries as treated
from filiform.clinic.web import keep, kept

pytestmark = pytest.mark.django_db
TOKENS = re.compile(r'(csrfmiddlewaretoken" value="|"X-CSRFToken": ")[A-Za-z0-9]{64}')
STEPS = (
    *("assessment:story", "assessment:safety", "assessment:targets", "assessment:plan"),
    *("consent:consent", "programme:programme", "aftercare:aftercare", "progress:progress"),
)


@pytest.fixture
def keeping(monkeypatch):
    monkeypatch.setattr(kept.KEEP, "largest", 50_000_000)
    keep.forget_everything()
    yield
    keep.forget_everything()


def pages_of(scene):
    visit = scene.visit
    yield reverse("chart:patient", args=[visit.patient_id])
    yield reverse("pathway:today")
    yield reverse("pathway:today") + "?who=all"
    yield reverse("diary:diary")
    yield reverse("diary:diary") + "?view=week&by=room"
    for name in STEPS:
        yield reverse(name, args=[visit.pk])
    if treated.treatment_of(visit) is not None:
        yield reverse("treatment:record", args=[visit.pk])


def chosen(pages, numbers):
    """The pages at these places of the list, counted round."""
    pages = list(pages)
    return [pages[at] for at in sorted({number % len(pages) for number in numbers})]


def shown(client, address):
    response = client.get(address)
    assert response.status_code in (200, 403), address
    text = response.content.decode()
    assert kept.TOKEN_STANDS_HERE.decode() not in text
    return TOKENS.sub(r"\1", text)


def composed_anew(client, address):
    keep.forget_everything()
    largest, kept.KEEP.largest = kept.KEEP.largest, 0
    try:
        return shown(client, address)
    finally:
        kept.KEEP.largest = largest


@settings(DATABASE, max_examples=8)
@given(
    names=SEQUENCES,
    looked_at=st.lists(st.integers(0, 11), min_size=3, max_size=4, unique=True),
    prepared=st.booleans(),
    language=st.sampled_from(["en", "ur"]),
    desk=st.booleans(),
)
def test_after_any_sequence_every_page_is_as_if_nothing_were_kept(
    scene, keeping, client, bob, names, looked_at, prepared, language, desk
):
    # All pages after every act took most of the time of this file; each sequence takes some.
    who = bob if desk else scene.by
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    with undone_afterwards():
        for name in ["prepare"] * prepared + names:
            perform(scene, name)
            for address in chosen(pages_of(scene), looked_at):
                client.get(address)
        seen = {address: shown(client, address) for address in chosen(pages_of(scene), looked_at)}
        for address, text in seen.items():
            assert text == composed_anew(client, address), address
    scene.refresh()


LATER = st.one_of(
    st.integers(1, 24 * 60),
    # Around what turns by itself: lateness, checks due after hours and days, midnight.
    st.sampled_from([14, 15, 16, 119, 120, 121, 839, 840, 1440, 3 * 1440, 7 * 1440]),
    st.integers(-180, -1),  # somebody sets the clock back
).map(lambda minutes: timedelta(minutes=minutes))
TREATED = ["prepare", "start", "needle in", "needle out", "count", "sign"]


@settings(DATABASE, max_examples=8)
@given(
    names=SEQUENCES,
    done=st.integers(0, len(TREATED)),
    later=st.lists(LATER, min_size=1, max_size=3),
    looked_at=st.lists(st.integers(0, 11), min_size=2, max_size=3, unique=True),
    language=st.sampled_from(["en", "ur"]),
    desk=st.booleans(),
)
def test_a_page_that_is_looked_at_later_is_as_if_composed_then(
    scene, keeping, client, bob, names, done, later, looked_at, language, desk
):
    who = bob if desk else scene.by
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    before = scene.clock[0]
    with undone_afterwards():
        for name in [*TREATED[:done], *names[:2]]:
            perform(scene, name)
        pages = {*chosen(pages_of(scene), looked_at), reverse("pathway:today")}
        for step in later:
            for address in pages:
                client.get(address)
            scene.clock[0] += step
            # By then the session has ended or the screen is locked; the pages are still kept.
            client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
            seen = {address: shown(client, address) for address in pages}
            for address, text in seen.items():
                assert text == composed_anew(client, address), (address, step)
    scene.clock[0] = before
    scene.refresh()


def treat(scene):
    for name in TREATED:
        perform(scene, name)


def test_a_check_that_falls_due_is_on_today_at_that_second_and_not_before(scene, keeping, as_alice):
    from filiform.clinic.aftercare.models import Check

    treat(scene)
    address = reverse("pathway:today")
    due = Check.objects.order_by("due_at").first().due_at
    scene.clock[0] = due - timedelta(minutes=5)
    early = get(as_alice, address)
    scene.clock[0] = due - timedelta(microseconds=1)
    assert get(as_alice, address, if_none_match=early["ETag"]).status_code == 304
    scene.clock[0] = due
    after = get(as_alice, address, if_none_match=early["ETag"])
    assert after.status_code == 200
    assert "Overdue checks" not in early.content.decode()
    assert "Overdue checks" in after.content.decode()
    scene.clock[0] = due - timedelta(minutes=1)  # set back: the check is not due yet
    assert "Overdue checks" not in get(as_alice, address).content.decode()


def test_today_is_composed_once_while_nothing_turns(scene, keeping, as_alice):
    treat(scene)
    address = reverse("pathway:today")
    tag = get(as_alice, address)["ETag"]
    for _look in range(9):  # the screen locks after ten minutes
        scene.clock[0] += timedelta(minutes=1)
        assert get(as_alice, address, if_none_match=tag).status_code == 304


def test_words_that_grow_old_carry_their_moment_on_a_kept_page(scene, keeping, client, bob):
    from filiform.clinic.frontdoor.models import Message

    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    Message.objects.create(
        organisation=scene.visit.organisation,
        site=scene.visit.site,
        name="Bilal",
        phone="+923001234567",
        text="Hello",
        received_at=scene.clock[0] - timedelta(minutes=12),
    )
    text = get(client, reverse("pathway:today")).content.decode()
    found = re.search(r'<time datetime="([^"]+)" data-told="ago"[^>]*>([^<]+)</time>', text)
    assert found[1] == "2026-03-04T04:48:00Z"
    assert found[2] == "09:48", "a reader without script sees a time that stays true"


def get(client, address, **headers):
    return client.get(address, headers=headers)


def test_a_browser_that_has_the_page_is_told_so_until_something_is_written(
    scene, keeping, as_alice
):
    address = reverse("chart:patient", args=[scene.visit.patient_id])
    first = get(as_alice, address)
    assert get(as_alice, address, if_none_match=first["ETag"]).status_code == 304
    perform(scene, "warfarin")
    after = get(as_alice, address, if_none_match=first["ETag"])
    assert after.status_code == 200
    assert "Warfarin" in after.content.decode()


def test_looking_is_noted_whether_the_page_was_kept_or_not(scene, keeping, as_alice):
    from filiform.clinic.facts.models import Entry

    address = reverse("chart:patient", args=[scene.visit.patient_id])
    for _look in range(3):
        tag = get(as_alice, address).get("ETag")
    get(as_alice, address, if_none_match=tag)
    assert Entry.objects.filter(action="saw-patient").count() == 4


def test_a_kept_page_is_not_another_readers(scene, keeping, as_alice, client, bob, charlie):
    address = reverse("chart:patient", args=[scene.visit.patient_id])
    tag = get(as_alice, address)["ETag"]
    for who, status in ((bob, 200), (charlie, 404)):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        assert get(client, address, if_none_match=tag).status_code == status


def test_the_forms_of_a_kept_page_carry_the_token_of_their_session(scene, keeping, alice):
    from django.test import Client

    address = reverse("visits:begin", args=[scene.visit.pk])
    page = reverse("assessment:story", args=[scene.visit.pk])
    for _session in range(2):
        client = Client(enforce_csrf_checks=True)
        client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        found = re.search(
            r'csrfmiddlewaretoken" value="(\w{64})', get(client, page).content.decode()
        )
        answer = client.post(address, {"csrfmiddlewaretoken": found[1]})
        assert answer.status_code == 302


def test_a_page_with_something_to_tell_once_is_not_kept(scene, keeping, as_alice):
    address = reverse("assessment:story", args=[scene.visit.pk])
    as_alice.post(reverse("visits:discharge", args=[scene.visit.pk]))  # "no complaint yet"
    assert "has no complaint yet" in get(as_alice, address).content.decode()
    assert "has no complaint yet" not in get(as_alice, address).content.decode()


def test_the_keep_forgets_what_was_used_longest_ago():
    pages = keep.Keep(100, size=len)
    for name in "abc":
        pages.put(name, name * 40)
        pages.get("a")
    assert pages.get("b") is None
    assert pages.get("a") == "a" * 40
    assert len(pages) == 2
    pages.put("d", "d" * 500)
    assert pages.get("d") is None, "what is larger than everything is not kept"


def test_the_public_page_is_kept_for_everybody_until_the_clinic_changes(keeping, client, site):
    from django.test import Client

    first = get(client, "/")
    assert not first.cookies
    assert get(Client(), "/", if_none_match=first["ETag"]).status_code == 304
    assert get(client, "/", accept_encoding="br")["Content-Encoding"] == "br"
    type(site).objects.filter(pk=site.pk).update(phone="+923330000000")
    after = get(client, "/", if_none_match=first["ETag"])
    assert after.status_code == 200
    assert "+923330000000" in after.content.decode()


def test_a_made_up_query_fills_no_memory(keeping, client, site):
    get(client, "/?a=1")
    assert len(kept.KEEP) == 0


def test_a_clock_that_is_set_back_makes_no_page_old(scene, keeping, as_alice):

    address = reverse("chart:patient", args=[scene.visit.patient_id])
    get(as_alice, address)
    scene.clock[0] -= timedelta(hours=3)
    perform(scene, "warfarin")
    assert "Warfarin" in get(as_alice, address).content.decode()


def test_what_another_server_writes_is_on_the_page_of_this_one(scene, keeping, as_alice):
    """The other server has its own keep; all that they share is the database."""
    address = reverse("chart:patient", args=[scene.visit.patient_id])
    get(as_alice, address)
    ours = dict(kept.KEEP._entries)
    keep.forget_everything()
    perform(scene, "warfarin")
    get(as_alice, address)
    keep.forget_everything()
    for name, page in ours.items():
        kept.KEEP.put(name, page)
    assert "Warfarin" in get(as_alice, address).content.decode()
