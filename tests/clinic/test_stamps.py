"""A stamp says what its template would say, and takes no id from one page to the next."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings as settings_of_django
from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinic.test_template_loading import templates
from tests.tables import check_each

from filiform.clinic.progress.chart import PainPoint, draw
from filiform.clinic.progress.picture import ProgressPicture
from filiform.clinic.progress.queries import by_day, pain_change
from filiform.clinic.treatment.vocabulary import KINDS
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.stamps import STAND_IN, SlotText, stamped

LANGUAGES = st.sampled_from(["en", "ur"])
CHANGE, PAIN = "progress/_change.html", "progress/_pain_chart.html"
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


@settings(max_examples=40)
@given(
    given=st.lists(st.text() | st.just(SafeString("<b>5</b>")), min_size=2, max_size=2),
)
def test_a_slot_shows_any_text_as_a_template_would(given: list[str]) -> None:
    """Also one that looks like a stand-in, an empty one, and markup that somebody entered."""
    texts = {"kind": "mild", "response_name": "Better", "before": given[0], "after": given[1]}
    slots = {name: SlotText(text) for name, text in texts.items()}
    decided = {"response": "better", "meaningful": True, "sources": ("design",)}
    plain = get_template(CHANGE).template.render(Context({**decided, **texts}))
    assert stamped(CHANGE, "", {**decided, **slots}) == plain


def test_a_slot_that_looks_like_a_stand_in_stays_what_it_is() -> None:
    looks = str(UUID(int=STAND_IN + 1))
    given = {"response": "better", "before": SlotText(looks), "after": SlotText(looks)}
    assert stamped(CHANGE, "", given).count(looks) == 4


RATINGS = st.lists(
    st.builds(
        PainPoint,
        at=st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        kind=st.sampled_from(["now", "worst", "average", "after", "soreness"]),
        nprs=st.integers(0, 10),
    ),
    max_size=8,
)


@settings(max_examples=30)
@given(points=RATINGS, group=st.sampled_from(["", "neck", "shoulder"]), language=LANGUAGES)
def test_the_pain_chart_is_what_its_template_says(points, group, language) -> None:
    points = sorted(points, key=lambda point: point.at)
    _kind, change = pain_change(points, group=group) or ("", None)
    ends = (points[0], points[-1]) if points else (None, None)
    shown = ProgressPicture(
        draw(points, goal_nprs=4), tuple(by_day(points)), change, "average", None, *ends, ()
    )
    with translation.override(language):
        plain = {
            name: mark_safe(value.filling) if isinstance(value, SlotText) else value  # noqa: S308
            for name, value in shown.given.items()
        }
        assert shown.html == get_template(PAIN).template.render(Context(plain))


def test_every_template_that_is_stamped_is_compared_here() -> None:
    stamps = {
        found for one in templates() for found in re.findall(r'{% stamp "([^"]+)"', one.read_text())
    }
    assert stamps == {template for template, _ in GIVEN} | {"filiform/_unlock.html"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_the_top_of_a_page_is_its_readers_own(client, request, language, who) -> None:
    """Name, menu, way back and marks of the forms, whoever looked before in the same process."""
    member = request.getfixturevalue(who)
    name = member.name = f"<{who}> & {language}"
    member.save()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies[settings_of_django.LANGUAGE_COOKIE_NAME] = language
    for address, place in (("/today/?who=all", "/today/?who=all"), ("/me/", "/me/")):
        page = client.get(address).content.decode()
        assert f"<bdi>{escape(name)}</bdi>" in page
        assert f'name="next" value="{place}"' in page
        assert ("staff/people/" in page or "/clinic/people/" in page) == member.may("manage-staff")
        assert len(set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))) == 1
