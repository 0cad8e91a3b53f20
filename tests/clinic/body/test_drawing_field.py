"""A drawing through the form, the database and FHIR, and back into the form."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from tests.anatomy.surface.test_layers import QUALITIES as DRAWN
from tests.anatomy.surface.test_layers import coarser, drawings

from filiform.anatomy.surface import (
    BodyDrawing,
    Layer,
    PatchWeights,
    draw,
    of_regions,
    packed,
    patchwork,
)
from filiform.anatomy.surface.layers import LONGEST_TEXT
from filiform.anatomy.surface.listing import entries
from filiform.anatomy.surface.releases import known_releases
from filiform.clinic.assessment import actions, queries
from filiform.clinic.body.fields import DrawingField
from filiform.clinic.body.models import LONGEST_STORED
from filiform.clinic.body.models import Drawing as Kept
from filiform.clinic.body.queries import pain_of
from filiform.exchange.fhir.drawing import drawing_resources, read_drawings

KNOWN = [(quality, quality.title()) for quality in DRAWN if quality]


class Where(forms.Form):
    drawing = DrawingField(qualities=KNOWN, required=False)


def sent(**fields: str) -> Where:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data[name.replace("__", "-")] = value
    return Where(data)


def cleaned(form: Where) -> BodyDrawing:
    assert form.is_valid(), form.errors
    return form.cleaned_data["drawing"]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawing=drawings())
def test_a_drawing_survives_form_database_fhir_and_form_unchanged(alice, begun, drawing) -> None:
    posted = Where(initial={"drawing": drawing})["drawing"].field.widget.format_value(drawing)
    first = cleaned(sent(drawing=posted))
    told = actions.tell_story(
        by=alice, visit=begun, drawing=first, complaint_code="neck-pain", notes=first.as_text()[:50]
    )
    stored = Kept.objects.get(story=told)
    assert len(stored.text) < 8000
    resources = drawing_resources(
        pain_of(told), patient="Patient/1", when=told.recorded_at, id_=str(told.pk)
    )
    (back,), unread = read_drawings(json.loads(json.dumps(resources)))
    assert unread == []
    again = cleaned(sent(drawing=back.drawing.as_text()))
    assert again == drawing
    assert again.as_text() == posted


def painted() -> BodyDrawing:
    return BodyDrawing((Layer("dull", 5, draw("disc:acromion-tip:6:right")),))


def test_a_page_sent_back_without_a_change_keeps_every_patch() -> None:
    """Without script every field of the list is sent, just as the page showed it."""
    drawing = painted()
    html = str(Where(initial={"drawing": drawing})["drawing"])
    data = QueryDict(mutable=True)
    data["drawing"] = drawing.as_text()
    for name, value in _selected(html):
        data[name] = value
    assert len(data) > 150
    assert cleaned(Where(data)) == drawing


def _selected(html: str) -> list[tuple[str, str]]:
    outside = re.sub(r"<template.*?</template>", "", html, flags=re.S)
    found = []
    for name, inside in re.findall(
        r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', outside, re.S
    ):
        chosen = re.search(r'<option\s+value="([^"]*)"\s+selected', inside)
        first = re.search(r'<option\s+value="([^"]*)"', inside)
        assert first is not None
        found.append((name, (chosen or first).group(1)))
    return found


def test_a_line_of_the_list_that_is_set_to_none_is_rubbed_out() -> None:
    drawing = of_regions([("temple", "left", 1, "dull", 3), ("chin", "midline", 1, "", None)])
    number = next(n for n, line in enumerate(entries(drawing)) if line.region == "temple")
    left = cleaned(sent(drawing=drawing.as_text(), **{f"drawing__line-{number}": "none"}))
    assert [line.region for line in entries(left)] == ["chin"]


def test_a_line_of_the_list_can_get_another_strength() -> None:
    drawing = painted()
    fields = {f"drawing__line-{n}-intensity": "9" for n in range(len(entries(drawing)))}
    stronger = cleaned(sent(drawing=drawing.as_text(), **fields))
    assert [(x.quality, x.intensity) for x in stronger.layers] == [("dull", 9)]
    assert stronger.layers[0].weights == drawing.layers[0].weights


def test_a_place_that_is_added_takes_the_kind_chosen_for_new_marks() -> None:
    drawing = cleaned(
        sent(
            drawing="",
            drawing__quality="burning",
            drawing__intensity="4",
            **{"drawing__place-temple-left": "half"},
        )
    )
    (line,) = entries(drawing)
    assert (line.place, line.extent, line.layer) == (("temple", "left"), "half", ("burning", 4))


def test_a_required_drawing_has_to_be_drawn() -> None:
    class Must(forms.Form):
        drawing = DrawingField(qualities=KNOWN)

    form = Must(QueryDict("drawing="))
    assert not form.is_valid()
    assert "Mark where it is" in str(form.errors)


@pytest.mark.parametrize("text", ["x" * 70_000, "body-0;dull:5:1=1", "nonsense"])
def test_a_drawing_that_cant_be_read_shows_an_empty_body_and_says_why(text: str) -> None:
    form = sent(drawing=text)
    assert not form.is_valid()
    assert "The drawing can&#x27;t be used" in str(form.errors)
    assert "data-drawing-text" in str(form["drawing"])


def test_pictures_and_list_stand_in_the_page_before_any_script() -> None:
    html = str(Where(initial={"drawing": painted()})["drawing"])
    assert html.count("<svg") == 16
    assert 'href="#drawing-place-shoulder-top-right"' in html
    assert 'id="drawing-place-shoulder-top-right"' in html
    assert "Top of the shoulder" in html or "shoulder" in html
    assert "style=" not in html
    assert "<script" not in html


def test_what_the_story_before_last_said_stays_readable_in_the_database(alice, begun) -> None:
    first = actions.tell_story(by=alice, visit=begun, drawing=painted(), complaint_code="neck-pain")
    actions.tell_story(by=alice, visit=begun, drawing=BodyDrawing(), complaint_code="neck-pain")
    assert pain_of(first) == painted()
    assert pain_of(queries.story(begun)) == BodyDrawing()
    assert Kept.objects.filter(patient=begun.patient).count() == 2


def kept_as(story, text: str) -> None:
    """A drawing as an older release of Filiform would have kept it."""
    Kept.objects.create(
        organisation=story.organisation,
        patient=story.patient,
        visit=story.visit,
        story=story,
        kind="pain",
        release=text.partition(";")[0],
        text=text,
    )


def test_a_drawing_of_an_older_release_is_shown_with_a_note(as_alice, alice, begun, monkeypatch):
    older, _owner = coarser()
    monkeypatch.setitem(known_releases(), "body-0", older)
    story = actions.tell_story(
        by=alice, visit=begun, areas=[("temple", "left", "", 4)], complaint_code="migraine"
    )
    kept_as(story, "body-0;dull:5:0-9=100")
    page = as_alice.get(reverse("assessment:story", args=[begun.pk])).content.decode()
    assert "Drawn on an earlier version of the body" in page
    assert pain_of(story).came_from == "body-0"
    assert pain_of(story).layers[0].intensity == 5


def test_a_drawing_of_a_release_that_nobody_knows_is_shown_by_its_regions(as_alice, alice, begun):
    story = actions.tell_story(
        by=alice, visit=begun, areas=[("temple", "left", "", 4)], complaint_code="migraine"
    )
    kept_as(story, "body-x;dull:5:0-9=100")
    assert as_alice.get(reverse("assessment:story", args=[begun.pk])).status_code == 200
    assert pain_of(story) == of_regions([("temple", "left", 1, "", 4)])


def test_the_chart_opens_on_the_side_where_the_pain_was_drawn() -> None:
    blade = BodyDrawing((Layer("", 5, draw("disc:infraspinous-fossa-center:4:right")),))
    assert 'view="back"' in str(Where(initial={"drawing": blade})["drawing"])
    assert 'view="front"' in str(Where()["drawing"])


def test_the_longest_drawing_that_a_form_takes_fits_into_the_record() -> None:
    """Noise on most patches, in every quality: nobody draws that, a defect might."""
    noise = np.random.default_rng(5)
    layers = []
    for key, _name in KNOWN:
        drawn = noise.random(patchwork().count) * (noise.random(patchwork().count) < 0.7)
        layers.append(Layer(key, 5, PatchWeights(drawn)))
    text = BodyDrawing(tuple(layers)).as_text()
    assert len(text) > LONGEST_TEXT
    longest = cleaned(sent(drawing=text[: text.rindex(",", 0, LONGEST_TEXT)]))
    assert len(packed(longest.as_text())) <= LONGEST_STORED
