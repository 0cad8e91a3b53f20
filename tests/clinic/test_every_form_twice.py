"""Every form of every page, sent twice as a trembling finger sends it: it makes one thing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from PIL import Image
from tests.clinic.every_page import BACKEND, client_of, demo_at_hand, pages
from tests.clinic.furnished import furnish
from tests.clinic.pathway.acts import undone_afterwards
from tests.demo_folder import copy_of_demo

from filiform.clinic.staff.models import Site

pytestmark = pytest.mark.sqlite  # the demo clinic's file

NO_THINGS = frozenset({
    "record.entry", "record.recordversion", "record.recordlink", "sessions.session", "web.draft",
    "patients.searchterm", "staff.signintry", "frontdoor.heldfile",
    "patient_page.patientlink",
})  # fmt: skip
"""Who did what and who tried to, what only serves finding and keeping, a file that waits for its
message, and a link whose secret is shown once (SHOWN_ONCE)"""

MADE_IN_THE_WALK = {
    *("diary:service-add", "diary:room-add", "diary:leave-add", "staff:credential-add"),
    *("frontdoor:page-question", "frontdoor:text-add", "frontdoor:note", "frontdoor:holidays"),
    *("payments:packages", "supplies:sharps", "supplies:product", "supplies:receive"),
    *("supplies:needlesticks", "recalls:lot", "events:step", "patients:measure"),
    *("patient_page:ask-to-prepare", "payments:count", "programme:goal", "treatment:act"),
}
"""Some that have to be among them: a form that the walk can't fill in any more proves nothing."""

SHOWN_ONCE = {
    *("patient_page:link", "patient_page:code", "correspondence:link", "couch:make-link"),
    *("diary:calendar", "booking:by-hand"),
}
"""What they make is a secret of which a hash is kept. The answer to the second tap is the one that
is seen, and it can't tell the first one's again."""


class Form(NamedTuple):
    """As it stands on a page. fields: (tag, attributes, options) in their order."""

    action: str
    fields: list[Field]


class Field(NamedTuple):
    tag: str
    said: dict[str, str]
    options: list[dict[str, str]]

    @property
    def name(self) -> str:
        return self.said.get("name", "")

    @property
    def kind(self) -> str:
        usual = "submit" if self.tag == "button" else "text"
        return self.said.get("type", usual) if self.tag in ("input", "button") else self.tag


class Reader(HTMLParser):
    """The forms of a page that are posted, with the fields that name them from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self.open: Form | None = None
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(said.get("action", ""), [])
            if said.get("method", "").lower() == "post":
                self.forms.append(self.open)
                self.named[said.get("id", "")] = self.open
        elif tag == "option":
            form = self.open
            if form and form.fields:
                form.fields[-1].options.append(said)
        elif tag in ("input", "select", "textarea", "button"):
            form = self.named.get(said["form"]) if "form" in said else self.open
            if form is not None and "disabled" not in said:
                form.fields.append(Field(tag, said, []))
                self.text = [] if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text is not None and self.open and self.open.fields:
            self.open.fields[-1].said["value"] = "".join(self.text).strip()
            self.text = None
        if tag == "form":
            self.open = None


LATER = f"{timezone.now() + timedelta(days=200):%Y-%m-%d}"
GUESSES = {
    "number": "5", "date": LATER, "time": "10:00",
    "email": "somebody@clinic.example", "tel": "+923001234567", "url": "https://clinic.example/",
    "datetime-local": f"{LATER}T10:00",
    "password": "a long enough password",
    "textarea": "Something to be said", "text": "Something", "search": "Something",
}  # fmt: skip


def picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "gray").save(file, "PNG")
    return SimpleUploadedFile("picture.png", file.getvalue(), "image/png")


def answers(form: Form, *, whole: bool) -> dict[str, list[Any]]:
    """What somebody writes into it; whole: into every field, else only where one must."""
    found: dict[str, list[Any]] = {}
    for one in form.fields:
        kind, value = one.kind, one.said.get("value", "")
        wanted = whole or "required" in one.said
        if not one.name or kind in ("submit", "button", "reset", "image"):
            continue
        if kind in ("checkbox", "radio"):
            first = one.name not in found and kind == "radio"
            if "checked" in one.said or (wanted and (kind == "checkbox" or first)):
                if kind == "radio":
                    found[one.name] = []
                found.setdefault(one.name, []).append(value or "on")
        elif kind == "select":
            chosen = [o.get("value", "") for o in one.options if "selected" in o]
            some = [o["value"] for o in one.options if o.get("value")]
            if not any(chosen) and wanted:
                chosen = some[:1]
            found.setdefault(one.name, []).extend(chosen)
        elif kind == "file":
            if wanted:
                found[one.name] = [picture()]
        elif kind == "hidden":
            found.setdefault(one.name, []).append(value)
        else:
            guess = one.said.get("min") if kind == "number" else None
            if one.said.get("inputmode") in ("numeric", "decimal"):
                guess = guess or "5"
            least = int(one.said.get("minlength") or 0)
            filled = value or ((guess or GUESSES.get(kind, "Something")) if wanted else "")
            found.setdefault(one.name, []).append(filled.ljust(least, "x"))
    return found


def buttons(form: Form) -> list[dict[str, list[str]]]:
    """Each way to send it: with the name of the button that was tapped."""
    named = [
        {one.name: [one.said.get("value", "")]}
        for one in form.fields
        if one.kind == "submit" and one.name
    ]
    bare = any(one.kind == "submit" and not one.name for one in form.fields)
    return [*([{}] if bare or not named else []), *named]


def things() -> dict[str, int]:
    """Table → rows that hold; a version that replaces another is no second thing."""
    with connection.cursor() as cursor:
        cursor.execute(counts_sql())
        return dict(cursor.fetchall())


@cache
def counts_sql() -> str:
    tables = {
        model._meta.db_table: "replaces_id" if hasattr(model, "replaces") else ""
        for model in apps.get_models()
        if model._meta.label_lower not in NO_THINGS
        and model._meta.app_label not in ("axes", "contenttypes", "auth")
    }
    return " UNION ALL ".join(
        f"SELECT '{table}', count(*) - count({column or 'NULL'}) FROM {table}"
        for table, column in tables.items()
    )


def grown(before: dict[str, int]) -> dict[str, int]:
    return {name: n - before[name] for name, n in things().items() if n > before[name]}


def sent(client: Any, address: str, page: str, answers: dict[str, list[Any]]) -> Any:
    for values in answers.values():
        for value in values:
            if hasattr(value, "seek"):
                value.seek(0)
    return client.post(address, answers, headers={"referer": f"http://testserver{page}"})


def ways(markup: str, page: str) -> Iterator[tuple[str, str, Form, dict[str, list[str]]]]:
    """(name of the address, address, form, button) of each way in which something is sent."""
    reader = Reader()
    reader.feed(markup)
    for form in reader.forms:
        address = urljoin(page, form.action or page)
        try:
            name = resolve(address.split("?")[0]).view_name
        except Resolver404:
            continue
        for button in buttons(form):
            yield name, address, form, button


def makes_two(client: Any, page: str, address: str, said: dict[str, list[Any]]) -> dict[str, int]:
    """What a second sending makes beside what the first has made. Raises NothingMade."""
    before = things()
    sent(client, address, page, said)
    if not grown(before):
        raise NothingMade
    after = things()
    sent(client, address, page, said)
    return grown(after)


class NothingMade(Exception):
    """Refused, or it only changes what is there."""


def test_no_form_makes_two_things_when_it_is_sent_twice(tmp_path_factory, django_db_blocker):
    made, twice, seen = set(), [], set()
    with demo_at_hand(copy_of_demo(tmp_path_factory, "every-form"), django_db_blocker):
        furnish()
        staff = apps.get_model("staff.Member")._default_manager.filter(is_active=True)
        readers = [staff.filter(is_practitioner=True).first(), staff.filter(is_owner=True).first()]
        for page in pages("en", set()):
            for name, address, form, button in ways(page.markup, page.address):
                fields = frozenset(one.name for one in form.fields)
                if (name, fields, *button) in seen or name in SHOWN_ONCE:
                    continue
                seen.add((name, fields, *button))
                for reader, whole in ((one, whole) for one in readers for whole in (False, True)):
                    said = answers(form, whole=whole) | button
                    with undone_afterwards():
                        try:
                            again = makes_two(client_of(reader, "en"), page.address, address, said)
                        except NothingMade:
                            continue
                    made.add(name)
                    if again:
                        twice.append((page.name, name, button, again))
                    break
    assert made >= MADE_IN_THE_WALK, MADE_IN_THE_WALK - made
    assert not twice, "\n".join(sorted({str(one) for one in twice}))


SITE = {
    "name": "Second site", "address": "Somewhere 1", "phone": "+923352855599",
    "time_zone": "Asia/Karachi", "emergency_phone": "1122",
}  # fmt: skip


@pytest.mark.django_db
def test_a_site_is_added_once_and_whoever_goes_back_and_writes_another_adds_another(
    client, olga, site
):
    client.force_login(olga, backend=BACKEND)
    page = reverse("staff:site-add")
    found = list(ways(client.get(page).content.decode(), page))
    form = next(form for name, _address, form, _button in found if name == "staff:site-add")
    said = answers(form, whole=False) | SITE
    for _ in range(2):
        answer = client.post(page, said)
        assert answer.status_code == 302, answer.context["form"].errors
    assert Site.objects.filter(name="Second site").count() == 1
    assert client.post(page, said | {"name": "Third site"}).status_code == 302
    names = list(Site.objects.order_by("pk").values_list("name", flat=True))
    assert names[0] == site.name, "ids are in the order of the forms"
    assert sorted(names[1:]) == ["Second site", "Third site"]
