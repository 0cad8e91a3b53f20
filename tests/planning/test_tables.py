"""A slip in planning's own tables is refused by file and entry before any depth rests on it."""

from __future__ import annotations

import pytest
from tests.planning.rewording import data_as
from tests.tables import check_each

from filiform.planning import headings, knowledge, over, section
from filiform.planning import settings as settings_room
from filiform.planning.distances import Distance, Spread
from filiform.planning.knowledge import data_text
from filiform.planning.patient import Body
from filiform.words import Words

SLIPS = [
    (
        "distances.toml",
        "male = { mean_mm = 17.4 }",
        "male = { sd_mm = 2.0 }",
        "mean_mm or least_mm",
    ),
    ("distances.toml", 'method = "ultrasound"', 'methode = "ultrasound"', "methode"),
    ("caps.toml", "under_18_5 = 25", "under_18_5 = deep", "Invalid value"),
    ("caps.toml", '"masseter-deep"', '"masseter"', "depth-masseter: no muscles"),
    ("needles.toml", '["trapezius-upper"]', '["trapezius"]', "needle-upper-trapezius: no muscles"),
    ("thickness.toml", 'muscle = "piriformis"', 'muscle = "pear"', "no muscles ..pear"),
]


def refused(name: str, old: str, new: str, message: str) -> None:
    seen = []

    def slip(file: str, text: str) -> str:
        if file == name and old in text:
            seen.append(file)
            return text.replace(old, new)
        return text

    with data_as(slip), pytest.raises(ValueError, match=message) as failure:
        knowledge()
    assert seen == [name]
    assert f"planning/data/{name}" in str(failure.value)


def test_a_depth_never_rests_on_a_table_with_a_slip_in_it():
    check_each(SLIPS, refused, name=lambda case: f"{case[0]}: {case[2]}")


ELSEWHERE = [
    (headings, "_read", "headings.toml", "muscles = [", "muskles = [", "muskles"),
    (headings, "_read", "headings.toml", '"frontalis"', '"forehead"', "no muscles ..forehead"),
    (headings, "_read", "headings.toml", '"pyramidalis"', '"frontalis"', "named twice.*frontalis"),
    (over, "_over", "over.tsv", "temporalis", "temple", "no muscles ..temple"),
    (settings_room, "settings_book", "settings.toml", "least = 0", "least = []", "`float`"),
    (settings_room, "settings_book", "settings.toml", '"winding"', '"unwinding"',
     "no techniques ..unwinding"),
]  # fmt: skip


def test_directions_covers_and_settings_of_nothing_that_exists_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def check(room: object, reader: str, name: str, old: str, new: str, message: str) -> None:
        assert old in data_text(name)
        with monkeypatch.context() as patched:
            patched.setattr(room, "data_text", lambda file: data_text(file).replace(old, new, 1))
            with pytest.raises(ValueError, match=message) as failure:
                getattr(room, reader).__wrapped__()
        assert f"planning/data/{name}" in str(failure.value)

    check_each(ELSEWHERE, check, name=lambda case: f"{case[2]}: {case[5]}")


def test_a_danger_that_was_measured_in_men_alone_is_not_drawn_in_a_woman() -> None:
    danger = Distance(
        id="x", kind="danger", to=Words("Danger"), muscles=frozenset({"soleus"}),
        method="ultrasound", n=20, read="notes", sources=("X",), male=Spread(mean_mm=30, sd_mm=2),
    )  # fmt: skip
    assert section._danger(danger, Body(sex="female")) is None
    for sex in ("male", "unknown"):
        drawn = section._danger(danger, Body(sex=sex))
        assert drawn is not None, sex
        assert drawn.near_mm < 30 == drawn.mean_mm, sex
