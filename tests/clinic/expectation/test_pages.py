"""What is told on the pages, to whom, and in which language."""

from __future__ import annotations

import re

import numpy as np
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from filiform.clinic.expectation import chart, forecast
from filiform.clinic.expectation.telling import parts
from filiform.mechanism import NeedlingDose, StateBand, StateMeasurement, Traits
from filiform.mechanism.engine import EngineMissing


def url(name: str, visit) -> str:
    return reverse(f"expectation:{name}", args=[visit.pk])


@pytest.mark.parametrize("name", ["expected", "sheet", "doses"])
def test_a_practitioner_sees_it_and_the_front_desk_and_others_do_not(
    name, signed_in, alice, bob, charlie, visit
):
    assert signed_in(alice).get(url(name, visit)).status_code == 200
    assert signed_in(bob).get(url(name, visit)).status_code == 403
    assert signed_in(charlie).get(url(name, visit)).status_code == 404


@pytest.mark.parametrize("name", ["expected", "sheet", "doses"])
def test_every_page_says_that_it_is_a_hypothesis(name, as_alice, visit):
    assert (
        "A model of a hypothesis, not a promise." in as_alice.get(url(name, visit)).content.decode()
    )


def test_the_sheet_speaks_the_patient_s_language_whoever_reads_it(as_alice, visit):
    page = as_alice.get(url("sheet", visit) + "?language=ur").content.decode()
    assert 'lang="ur"' in page
    assert "کیا توقع رکھیں" in page
    assert "What to expect" not in page


def test_measured_values_are_drawn_over_the_band_and_narrow_it(as_alice, tell):
    page = as_alice.get(url("expected", tell(3, 6, "soleus"))).content.decode()
    assert 'class="measured"' in page
    assert 'class="outer"' in page
    assert "Narrowed by 1 measured value." in page


def test_without_the_engine_the_page_says_what_is_missing_and_how_to_go_on(
    as_alice, visit, monkeypatch
):
    def missing(*_args):
        raise EngineMissing

    monkeypatch.setattr(forecast, "people", missing)
    for name in ("expected", "sheet", "doses"):
        answer = as_alice.get(url(name, visit))
        assert answer.status_code == 200
        assert "not installed on this machine" in answer.content.decode()


DOSE = {"insertions": 8, "twitches": 6, "dwell_min": 2, "sessions": 3, "interval_days": "7",
        "load": "0.5", "stretch": "on", "central": "high"}  # fmt: skip


def test_a_dose_is_compared_without_script_and_as_a_fragment(as_alice, visit):
    whole = as_alice.post(url("doses", visit), DOSE)
    assert whole.status_code == 200
    assert whole.content.decode().count("<article") == 3
    part = as_alice.post(url("doses", visit), DOSE, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="doses"')
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"insertions": 99}, "40"),
        ({"insertions": 0}, "Without a pass there is no twitch"),
        ({"load": "7"}, "7"),
    ],
)
def test_a_dose_that_can_not_be_is_refused_in_words(as_alice, visit, change, says):
    answer = as_alice.post(url("doses", visit), {**DOSE, **change})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_plan_aftercare_and_progress_lead_there(as_alice, tell):
    visit = tell(3, 6, "soleus")
    for address, wanted in (
        (reverse("assessment:plan", args=[visit.pk]), url("doses", visit)),
        (reverse("aftercare:aftercare", args=[visit.pk]), url("sheet", visit)),
        (reverse("progress:progress", args=[visit.pk]), url("expected", visit)),
        (reverse("progress:patient", args=[visit.patient_id]), url("expected", visit)),
    ):
        assert wanted in as_alice.get(address).content.decode(), address


def test_the_public_picture_stands_still_until_it_is_asked_to_move(client, site):
    page = client.get(reverse("frontdoor:explainer")).content.decode()
    assert page.count("contraction-knot-drawing") == 5
    assert not re.search(r'id="contraction-knot-play"[^>]*checked', page)


def test_the_words_follow_the_dose(db):
    found = forecast.forecast(NeedlingDose(insertions=0, twitches=0), Traits())
    soreness = parts(found, NeedlingDose(insertions=0, twitches=0), [])[1]
    assert soreness.sentences == ("No needle, no soreness from a needle.",)


def test_pain_far_from_every_simulated_person_is_called_unlike_the_model(db):
    measured = [
        StateMeasurement("pain_nprs", hour, 0.0 if hour else 10.0, 0.4) for hour in (0, 1, 24, 72)
    ]
    assert forecast.forecast(NeedlingDose(), Traits(), measured).unlike


ratings = st.lists(st.floats(0, 10), min_size=3, max_size=3)


@given(ratings=ratings, hours=st.lists(st.floats(0, 500), min_size=2, max_size=9, unique=True))
def test_a_band_never_leaves_its_box(ratings, hours):
    low, median, high = sorted(ratings)
    count = len(hours)
    band = StateBand("1", (median,) * count, (low,) * count, (high,) * count)
    measured = [StateMeasurement("pain_nprs", hour, high, 1) for hour in hours]
    drawn = chart.draw(sorted(hours), band, chart.PAIN, outer=band, measured=measured)
    for path in (drawn.band, drawn.line, drawn.outer):
        numbers = np.array([float(n) for n in re.findall(r"-?\d+\.\d", path)])
        if len(numbers):
            assert numbers[0::2].min() >= chart.LEFT
            assert numbers[0::2].max() <= chart.WIDTH - chart.RIGHT
            assert numbers[1::2].min() >= chart.TOP - 0.05
            assert numbers[1::2].max() <= chart.HEIGHT - chart.BOTTOM + 0.05
    assert len(drawn.dots) == sum(hour <= 336 for hour in hours)
