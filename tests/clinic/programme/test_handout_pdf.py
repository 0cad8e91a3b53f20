"""The handout as a PDF: both languages, one sheet for three exercises, and quickly."""

from __future__ import annotations

import io
import re
import time

import pytest
from django.urls import reverse
from pypdf import PdfReader

from filiform.clinic.programme import actions, queries
from filiform.programme.figures import drawn_exercises


@pytest.fixture
def three(visit, target, alice, today):
    """Three exercises for home, in every stretch of time in which they are proposed."""
    programme = queries.proposals(visit, on=today)
    home = [phase for phase in programme.phases if phase.id != "clinic"]
    work = [one.id for phase in home for one in phase.items if one.kind in ("stretch", "exercise")]
    wanted = list(dict.fromkeys(work))[:3]
    for phase in home:
        for item in phase.items:
            if item.id in wanted:
                actions.choose(by=alice, visit=visit, phase=phase.id, item=item)
    return wanted


def pdf(client, visit, language):
    address = reverse("programme:handout-pdf", args=[visit.pk])
    return client.get(address, {"language": language})


@pytest.mark.parametrize("language", ["en", "ur"])
def test_three_exercises_stand_on_one_sheet_in_14_points(visit, three, alice, signed_in, language):
    answer = pdf(signed_in(alice), visit, language)
    assert answer["Content-Type"] == "application/pdf"
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    sizes: list[float] = []
    page.extract_text(visitor_text=lambda text, cm, tm, font, size: sizes.append(size))
    assert 14.0 in {round(size, 1) for size in sizes}
    if language == "en":
        text = page.extract_text()
        assert "on the right side" in text
        assert "If it hurts" in text
        assert visit.patient.name in text


def test_a_handout_is_set_in_less_than_300_ms(visit, three, alice, signed_in):
    client = signed_in(alice)
    pdf(client, visit, "en")
    began = time.process_time()
    pdf(client, visit, "en")
    assert time.process_time() - began < 0.3


def test_an_outsider_gets_no_handout_and_the_opening_is_noted(
    visit, three, bob, charlie, signed_in
):
    from filiform.clinic.facts.models import Entry

    assert pdf(signed_in(charlie), visit, "en").status_code == 404
    assert pdf(signed_in(bob), visit, "en").status_code == 200
    assert Entry.objects.filter(action="saw-handout", by=bob).exists()


def test_the_handout_shows_each_exercise_as_a_picture_on_the_side_that_is_sore(
    visit, three, alice, signed_in
):
    client = signed_in(alice)
    drawn = [one for one in three if one.partition(":")[0] in drawn_exercises()]
    assert drawn, "nothing chosen that has a picture"
    page = client.get(reverse("programme:handout", args=[visit.pk]), {"language": "ur"})
    for item in drawn:
        exercise, _, side = item.partition(":")
        address = (
            f"/{exercise}/woman/{'left' if side == 'left' else 'right'}/turned.svg"
            if visit.patient.sex != "male"
            else f"/{exercise}/man/{'left' if side == 'left' else 'right'}/turned.svg"
        )
        assert address in page.content.decode(), address
    first = re.search(r'<img src="([^"]+turned\.svg)"', page.content.decode())
    assert first is not None
    # A picture says nothing of anybody: no sign-in, and any cache may keep it.
    client.logout()
    answer = client.get(first[1])
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    for wrong in (
        first[1].replace("turned", "upside-down"),
        first[1].replace("/exercises/", "/exercises/x"),
    ):
        assert client.get(wrong).status_code == 404
