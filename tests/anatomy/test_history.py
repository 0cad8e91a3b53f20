"""Releases of the atlas: kept, compared, never altered."""

from __future__ import annotations

import pytest

from filiform.anatomy import atlas, history
from filiform.anatomy.atlas import DATA_FILES, read_atlas
from filiform.anatomy.tables import data_text


def changed(name: str, old: str, new: str) -> history.AtlasRelease:
    texts = {each: data_text(each) for each in DATA_FILES}
    assert old in texts[name]
    texts[name] = texts[name].replace(old, new, 1)
    return history.current(read_atlas(texts))


def test_this_release_is_kept_and_was_not_altered():
    now = history.current()
    assert now.stamp == atlas().release
    assert history.differences(history.kept(now.version), now) == ()


def test_the_first_release_had_no_other_pain_sources_and_this_one_has_77():
    changes = history.differences(history.kept("2026.11"), history.current())
    added = [c for c in changes if c.table == "pain-sources" and c.kind == "added"]
    assert len(added) == 77
    assert all(change.kind != "removed" for change in changes)


def test_a_changed_fact_is_told_by_table_row_and_field_with_both_values():
    after = changed("muscles.tsv", "Temporal fossa and deep", "Temporal fossa and the deep")
    (change,) = history.differences(history.current(), after)
    assert (change.table, change.row, change.field) == ("muscles", "temporalis", "origin")
    assert change.before == "Temporal fossa and deep temporal fascia"
    assert change.after == "Temporal fossa and the deep temporal fascia"


def test_there_and_back_are_the_same_rows_with_values_exchanged():
    one, two = history.kept("2026.11"), history.current()
    there, back = history.differences(one, two), history.differences(two, one)
    assert {(c.table, c.row, c.field) for c in there} == {(c.table, c.row, c.field) for c in back}
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    kinds = {(c.table, c.row, c.field): c.kind for c in back}
    assert all(kinds[c.table, c.row, c.field] == turned[c.kind] for c in there)


def test_a_kept_release_packs_to_the_same_bytes():
    now = history.current()
    assert history.packed(now) == history.packed(history.current())


def test_an_unknown_release_is_answered_with_those_that_are_kept():
    with pytest.raises(history.UnknownReleaseError, match=r"'1999'; kept are 2026\.11, "):
        history.kept("1999")


def test_every_row_of_every_table_is_in_the_release():
    rows = history.current().rows
    tables = {key.split("/")[0] for key in rows}
    assert tables == set(history.TABLES)
    assert sum(key.startswith("prevalence/") for key in rows) == len(atlas().prevalence)
    assert sum(key.startswith("trigger-points/") for key in rows) == 216
