"""Documents of the body: everybody's may be kept anywhere, a patient's by nobody."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from filiform.anatomy.surface import shape, surface
from filiform.anatomy.surface.packing import read_points, read_surface
from filiform.clinic.body.chart import body_of, chart_attributes, standard_body
from filiform.clinic.body.documents import STANDARD

RELEASE = surface().release


def test_anybody_may_have_the_surface_and_keep_it_for_a_year(client: Client, db: None) -> None:
    answer = client.get(
        reverse("body:surface", args=[RELEASE]), headers={"accept-encoding": "gzip"}
    )
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Encoding"] == "gzip"
    plain = client.get(reverse("body:surface", args=[RELEASE]))
    assert read_surface(plain.content).release == RELEASE
    assert len(answer.content) < len(plain.content) / 2


@pytest.mark.parametrize("build", STANDARD)
def test_every_standard_build_is_served(build: str, client: Client, db: None) -> None:
    points = read_points(client.get(standard_body(build)).content)
    assert 100 < points[:, 1].max() < 185


def test_a_release_or_build_that_does_not_exist_is_not_found(client: Client, db: None) -> None:
    assert client.get(reverse("body:surface", args=["body-0-000000000000"])).status_code == 404
    assert client.get(reverse("body:build", args=[RELEASE, "giant"])).status_code == 404
    with pytest.raises(KeyError, match="thin-man"):
        standard_body("giant")


def test_a_patients_build_has_their_height_and_weight(as_alice: Client, patient, alice) -> None:
    from filiform.clinic.patients import actions

    for kind, value in (("height_cm", 152), ("weight_kg", 84)):
        actions.measure(
            by=alice, patient=patient, kind=kind, value=value, measured_on=date(2026, 1, 5)
        )
    answer = as_alice.get(body_of(patient))
    assert answer["Cache-Control"] == "private, no-cache"
    points = read_points(answer.content)
    assert points[:, 1].max() == pytest.approx(152, abs=0.1)
    expected = shape("female", patient.age_on(timezone.localdate()), 152, 84)
    assert np.abs(points - expected).max() < 0.01


def test_the_address_of_a_patients_build_says_nothing_about_them(patient) -> None:
    address = body_of(patient)
    assert str(patient.pk) in address
    assert not any(word in address for word in ("female", "1984", "Amna"))


def test_an_unchanged_build_is_not_sent_twice(as_alice: Client, patient) -> None:
    first = as_alice.get(body_of(patient))
    again = as_alice.get(body_of(patient), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_a_stranger_gets_nobodys_build(client: Client, patient, charlie) -> None:
    assert client.get(body_of(patient)).status_code == 302
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(body_of(patient)).status_code == 404


def test_measures_beyond_the_model_still_give_a_body() -> None:
    from filiform.clinic.body.documents import document_of

    assert document_of("other", 0, 40, 2)
    assert document_of("male", 120, 250, 400)


def test_the_chart_speaks_the_readers_language(db: None) -> None:
    from django.utils import translation

    with translation.override("ur"):
        words = chart_attributes(mode="show")["data-words"]
    assert "ماتھا" in words
    assert "Forehead" not in words
