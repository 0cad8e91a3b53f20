"""The columns of the needling notes: what is decided stands there, in every row."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import msgspec
import pytest
from tests.tables import in_one_test

from filiform.anatomy import DataError, atlas
from filiform.anatomy.readers import needling
from filiform.anatomy.schema import Field, needling_schema
from filiform.anatomy.tables import data_text

ROOT = Path(__file__).parents[2]


def notes_with(muscle: str, **changed: str) -> str:
    """needling.tsv with fields of one row changed."""
    header, *lines = data_text("needling.tsv").splitlines()
    columns = header.split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]
    for row in rows:
        if row["muscle_id"] == muscle:
            row |= changed
    return "\n".join([header, *("\t".join(row.values()) for row in rows)]) + "\n"


@in_one_test("column", [one.name for one in needling_schema().field if one.constraints.required])
def test_a_row_without_a_column_that_is_needed_is_refused_by_name(column):
    with pytest.raises(DataError, match=rf"needling\.tsv, line \d+, {column}: is empty"):
        needling(notes_with("soleus", **{column: ""}))


@pytest.mark.parametrize(
    ("column", "value", "allowed"),
    [
        ("pistoning", "never piston", "allowed, banned"),
        ("technique_max", "gentle", "deep-static, fast-in-fast-out"),
        ("guidance", "ultrasound", "none, advised, required"),
        ("near_spine", "perhaps", "yes, no"),
        ("positions", "prone; standing", "prone, supine, side-lying, seated"),
        ("depth_max_mm", "400", "1 to 120"),
        ("depth_max_mm", "nan", "1 to 120"),
        ("depth_max_mm", "deep", "expected a number"),
    ],
)
def test_a_value_outside_its_list_or_bounds_is_refused_with_what_is_allowed(column, value, allowed):
    with pytest.raises(DataError, match=allowed):
        needling(notes_with("soleus", **{column: value}))


@pytest.mark.parametrize(
    "change",
    [{"description": " "}, {"type": "number", "unit": ""}, {"type": "boolean"}],
    ids=str,
)
def test_a_column_that_does_not_say_what_it_is_is_refused(change):
    sound = {"name": "x", "type": "string", "description": "d", "constraints": {"required": True}}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(sound | change, Field)


def test_the_page_about_the_columns_is_the_one_made_from_the_schema():
    spec = importlib.util.spec_from_file_location("columns", ROOT / "tools/atlas/columns.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "python tools/atlas/columns.py"


def test_columns_that_go_together_agree_in_every_row():
    """Each pair once by hand: what contradicts itself is a slip of the table."""
    wrong = []
    for muscle in atlas().muscles.values():
        note = muscle.needling
        pairs = (
            ("not needled has no technique", muscle.needleable == (note.technique_max != "none")),
            ("no strokes where they are banned", note.pistoning == "allowed"
             or note.technique_max != "fast-in-fast-out"),
            ("no current over the lung", not muscle.over_lung or note.electrical == "avoid"),
            ("imaging required means no needle by hand", note.guidance != "required"
             or note.length is None),
            ("a fold needs a pincer grip", note.approach != "fold" or note.usual_grip == "pincer"),
            ("specialists work without strokes", note.training_level != "specialist"
             or note.technique_max != "fast-in-fast-out"),
        )  # fmt: skip
        wrong += [f"{muscle.id}: {what}" for what, holds in pairs if not holds]
    assert wrong == []


def test_what_is_said_in_prose_is_for_people_only():
    assert {"depth_text", "technique_text", "direction_en"} <= set(needling_schema().prose)
    assert not {"pistoning", "depth_max_mm", "near_spine"} & set(needling_schema().prose)
