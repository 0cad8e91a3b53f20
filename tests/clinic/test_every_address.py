"""Every address that exists: who may see it is said, and an outsider is refused."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.clinic.pathway.acts import undone_afterwards
from tests.tables import check_each

PATIENT_NAME = "Amna"


def all_views(patterns=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from all_views(entry.url_patterns, inner)
        else:
            yield f"{prefix}{entry.name}", entry


VIEWS = dict(all_views())


def test_every_view_says_who_may_see_it() -> None:
    def check(name: str) -> None:
        assert getattr(VIEWS[name].callback, "audience", None), f"{name} has no guard"

    check_each(VIEWS, check)


@pytest.fixture
def ids(patient, visit, alice, bob, site) -> dict[str, object]:
    """Values for every parameter that stands in an address, of Alice's clinic."""
    from filiform.clinic.frontdoor.models import Message
    from filiform.clinic.staff import actions

    day = date(2027, 3, 10)
    eid = actions.record_opening_exception(
        site=site, by=alice, title="Eid", first_on=day, last_on=day, hours=[]
    )
    message = Message.objects.create(
        organisation=patient.organisation,
        site=site,
        name="Amna",
        phone="+923001234567",
        text="Hello",
    )
    return {
        "patient_id": patient.pk,
        "visit_id": visit.pk,
        "member_id": bob.pk,
        "site_id": site.pk,
        "exception_id": eid.pk,
        "message_id": message.pk,
        "key": "story",
        "kind": "people",
        "subject_id": bob.pk,
        "side": 192,
    }


def address(name: str, ids: dict[str, object]) -> str:
    wanted = VIEWS[name].pattern.converters
    return reverse(name, kwargs={key: ids.get(key, uuid.uuid4()) for key in wanted})


def not_public() -> list[str]:
    return [name for name, view in VIEWS.items() if view.callback.audience != "public"]


def test_a_visitor_has_to_sign_in_first(ids: dict[str, object], client: Client) -> None:
    def check(name: str) -> None:
        with undone_afterwards():
            check_sign_in_first(name, ids, client)

    check_each(not_public(), check)


def check_sign_in_first(name: str, ids: dict[str, object], client: Client) -> None:
    for method in (client.get, client.post):
        answer = method(address(name, ids))
        assert answer.status_code in {302, 401, 403, 405}, f"{name} let a visitor in"
        if answer.status_code == 302:
            assert answer["Location"].startswith("/sign-in/"), f"{name} leads past the sign-in"


def test_somebody_from_another_clinic_sees_nothing_of_ours(
    ids: dict[str, object], client: Client, charlie
) -> None:
    type(charlie).objects.filter(pk=charlie.pk).update(is_owner=True, is_front_desk=True)
    charlie.refresh_from_db()

    def check(name: str) -> None:
        with undone_afterwards():
            client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
            check_outsider(name, ids, client)

    check_each(not_public(), check)


def check_outsider(name: str, ids: dict[str, object], client: Client) -> None:
    belongs_to_somebody = [key for key in VIEWS[name].pattern.converters if key != "key"]
    for method in (client.get, client.post):
        answer = method(address(name, ids))
        if belongs_to_somebody:
            assert answer.status_code in {403, 404, 405}, f"{name} answers an outsider"
        body = b"" if answer.streaming else answer.content
        assert PATIENT_NAME.encode() not in body, f"{name} shows a patient to an outsider"


def test_no_page_has_inline_script_or_style(as_alice: Client, ids: dict[str, object]) -> None:
    import re

    for name, view in VIEWS.items():
        answer = as_alice.get(address(name, ids))
        if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        page = answer.content.decode()
        # Data for a script (JSON) is not run by any browser.
        inline = r'<script(?![^>]*\b(?:src=|type="application/(?:ld\+)?json"))[^>]*>'
        assert not re.search(inline, page), name
        assert not re.search(r"<style\b|\sstyle=", page), name
        assert not re.search(r"\son[a-z]+=\"", page), name
        assert view is not None
