"""`filiform atlas`, as a shell sees it."""

from __future__ import annotations

import json

import pytest

from filiform.anatomy import atlas as module_atlas
from filiform.anatomy.tables import DataError
from filiform.cli import main


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["atlas", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_check_counts_and_finds_nothing_wrong(capsys):
    assert main(["atlas", "check"]) == 0
    told = capsys.readouterr().out
    assert "143 muscles" in told
    assert "216 trigger points" in told
    assert "No problems found." in told


def test_check_names_what_is_wrong_and_exits_with_1(capsys, monkeypatch):
    def broken():
        raise DataError("muscles.tsv, line 9, over_lung: got 'perhaps', expected 'yes' or 'no'")

    monkeypatch.setattr("filiform.anatomy.atlas", broken)
    assert main(["atlas", "check"]) == 1
    assert "WRONG  muscles.tsv, line 9, over_lung" in capsys.readouterr().out


def test_check_notices_a_release_that_was_altered(capsys, monkeypatch):
    from filiform.anatomy import history

    now = history.current()
    rows = {**now.rows, "muscles/soleus": {**now.rows["muscles/soleus"], "origin": "elsewhere"}}
    monkeypatch.setattr(
        history, "kept", lambda version: history.AtlasRelease(version, now.stamp, rows)
    )
    assert main(["atlas", "check"]) == 1
    assert "muscles, soleus, origin: differs from release" in capsys.readouterr().out


def test_refers_answers_with_sources_strongest_first(capsys):
    told = answer(capsys, "refers", "disc:heel-plantar:2:right", "--limit", "4")
    assert {one["source"] for one in told["refers"]} >= {"plantar-fascia", "soleus/1"}
    assert told["release"] == module_atlas().release
    assert all(0 < one["strength"] <= 1 for one in told["refers"])


def test_show_answers_for_a_muscle_by_id_and_by_name_and_for_a_nerve_root(capsys):
    by_id = answer(capsys, "show", "infraspinatus")
    assert by_id == answer(capsys, "show", "Infraspinatus")
    assert by_id["rows"]["trigger-points/infraspinatus/1"]["site_point"]
    assert answer(capsys, "show", "radicular-c6")["rows"]["pain-sources/radicular-c6"]["sided"]


def test_diff_tells_rows_and_fields(capsys):
    changes = answer(capsys, "diff", "2026.11", "2026.11.2")["changes"]
    assert any(c["row"] == "teres-minor/1" and c["field"] == "spillover_zones" for c in changes)


def test_export_holds_all_tables(capsys):
    assert len(answer(capsys, "export")["rows"]) > 1300


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["refers", "disc:heel:2:right"], 'did you mean "heel-posterior"'),
        (["refers", "disc:temple:2"], "expected shape:points:size:side"),
        (["refers", "disc:temple:2:right", "--limit", "0"], "expected at least 1"),
        (["show", "infraspinatis"], "did you mean infraspinatus"),
        (["diff", "1999"], "kept are 2026.11"),
    ],
)
def test_unusable_input_is_told_in_one_line_with_exit_status_2(capsys, words, message):
    assert main(["atlas", *words]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
