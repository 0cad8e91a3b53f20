"""A stamp says what its template would say, and takes no id from one page to the next."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from tests.clinic.test_template_loading import templates
from tests.tables import check_each

from filiform.clinic.treatment.vocabulary import KINDS
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.stamps import stamped

ACT, UNDO = "treatment/_act.html", "treatment/_undo.html"
GIVEN: list[tuple[str, dict[str, Any]]] = [
    *[(ACT, {"kind": kind, "class": "wide", "needle": "id"}) for kind in ("twitch", "removal")],
    (ACT, {"kind": "insertion", "target": "id"}),
    *[(UNDO, {"kind": kind, "name": "Out, <trapezius>", "act": "id"}) for kind in KINDS],
]


def with_ids(given: dict[str, Any]) -> dict[str, Any]:
    """The same for another patient: every id a new one, as on each page."""
    ids = {name: uuid4() for name, value in given.items() if value == "id"}
    return {"visit": Visit(pk=uuid4()), "fresh": uuid4(), **given, **ids}


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_stamp_is_what_its_template_says_with_these_ids_and_this_token(language: str) -> None:
    def says_the_same(template: str, given: dict[str, Any]) -> None:
        for _page in range(2):
            known = with_ids(given)
            token = uuid4().hex * 2
            plain = get_template(template).template.render(Context({**known, "csrf_token": token}))
            assert stamped(template, token, known) == plain
            assert token in plain
            assert str(known["fresh"]) in plain

    with translation.override(language):
        check_each(GIVEN, says_the_same)


def test_every_template_that_is_stamped_is_compared_here() -> None:
    stamps = {
        found for one in templates() for found in re.findall(r'{% stamp "([^"]+)"', one.read_text())
    }
    assert stamps == {template for template, _ in GIVEN}
