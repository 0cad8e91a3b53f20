"""What every room rests on: texts in two languages, sentences for codes, data files, ages."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

from filiform import reasons, sources
from filiform.data_files import read_toml
from filiform.disclosure import Disclosure
from filiform.reasons import Evidence, Reason, Weight, reason_json, say, sentences
from filiform.words import Words, counted


class Needle(msgspec.Struct, forbid_unknown_fields=True):
    length_mm: int


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a made-up room."""
    room = tmp_path / "made_up_room"
    (room / "data").mkdir(parents=True)
    (room / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "made_up_room", raising=False)
    return room / "data"


def test_a_text_without_urdu_is_shown_in_english() -> None:
    assert Words("Neck").in_language("ur") == "Neck"
    assert Words("Neck", "گردن").in_language("ur-pk") == "گردن"
    assert Words("Neck", "گردن").in_language("en") == str(Words("Neck", "گردن")) == "Neck"


def test_no_text_is_without_english() -> None:
    with pytest.raises(ValueError, match="English is the master"):
        Words(" ", "گردن")


def test_a_data_file_is_read_as_values(data: Path) -> None:
    (data / "needle.toml").write_text("length_mm = 40\n")
    assert read_toml("made_up_room", "needle.toml", Needle) == Needle(40)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('length_mm = "long"\n', "needle.toml: .*length_mm"),
        ("length_mm = 40\nwidth_mm = 1\n", "needle.toml: .*width_mm"),
        ("length_mm = \n", "needle.toml: .*line 1"),
    ],
)
def test_a_defect_in_a_data_file_is_named_with_its_place(data: Path, text: str, names: str) -> None:
    (data / "needle.toml").write_text(text)
    with pytest.raises(ValueError, match=names):
        read_toml("made_up_room", "needle.toml", Needle)


def test_every_sentence_can_be_said_in_both_languages_with_the_same_parameters() -> None:
    holes = r"%\((\w+)\)"
    for code, sentence in sentences().items():
        for words in filter(None, (sentence.says, sentence.instead)):
            assert words.ur, code
            said = [set(re.findall(holes, text)) for text in (words.en, words.ur)]
            assert {name.removesuffix("_ur") for name in said[0]} == {
                name.removesuffix("_ur") for name in said[1]
            }, code


@pytest.mark.parametrize(
    ("file", "text", "names"),
    [
        ("two.toml", "[a]\nsays = { en = 'A.', ur = 'A.' }\n", "two.toml: the code 'a'"),
        ("one.toml", "[b]\nsays = { en = '' }\n", r"one.toml, \[b\]"),
    ],
)
def test_a_defect_in_a_sentence_is_named_with_its_file_and_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str, names: str
) -> None:
    folder = tmp_path / "sentences"
    folder.mkdir()
    (folder / "README.md").write_text("no sentence")
    (folder / "one.toml").write_text("[a]\nsays = { en = 'A.', ur = 'A.' }\n")
    (folder / file).write_text(text)
    monkeypatch.setattr(reasons, "files", lambda _package: tmp_path)
    with pytest.raises(ValueError, match=names):
        sentences.__wrapped__()


def test_a_reason_says_what_is_wrong_and_then_what_to_do() -> None:
    who = {"person": "Alice", "person_ur": "ایلس"}
    reason = Reason("staff-no-licence", params=who, because=(Evidence("Licence/1", "expired"),))
    said = say(reason)
    assert "Alice" in said
    assert "ایلس" in say(reason, "ur")
    assert reason_json(reason) == {
        "id": "staff-no-licence",
        "class": "absolute",
        "text": said,
        "params": who,
        "because": [{"resource": "Licence/1", "text": "expired"}],
        "sources": [],
    }


def test_where_nothing_can_be_done_only_what_is_wrong_is_said() -> None:
    code, sentence = next((c, s) for c, s in sentences().items() if s.instead is None)
    names = re.findall(r"%\((\w+)\)", sentence.says.en)
    params = dict.fromkeys(names, 1)
    assert say(Reason(code, params=params)) == (
        sentence.says.en % params if names else sentence.says.en
    )


def test_the_strictest_weight_comes_first() -> None:
    shuffled = [Weight.PRECAUTION, Weight.ABSOLUTE, Weight.RELATIVE]
    assert sorted(shuffled, key=lambda weight: weight.rank) == list(Weight)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(1984, 3, 9), date(2026, 3, 9), 42),
        (None, date(2026, 3, 9), None),
    ],
)
def test_an_age_is_whole_years_or_unknown(born: date | None, day: date, years: int | None) -> None:
    assert Disclosure(birth_date=born).age_on(day) == years


def test_one_is_counted_without_an_s_and_thousands_with_a_comma() -> None:
    assert [counted(n, "problem") for n in (0, 1, 2, 1234)] == [
        "0 problems", "1 problem", "2 problems", "1,234 problems"
    ]  # fmt: skip


def test_two_sources_of_one_key_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(iter(sources.sources().values()))
    twice = sources._Table((first, first))
    monkeypatch.setattr(sources, "read_toml", lambda *_: twice)
    with pytest.raises(ValueError, match=f"{first.key!r} stands there twice"):
        sources.sources.__wrapped__()
