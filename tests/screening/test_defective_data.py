"""A defect in the clinical tables is refused with file and place: no rule is lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.tables import check_each

from filiform.screening import (
    at_booking,
    code_maps,
    context,
    evidence_table,
    packing,
    risk,
    rulebook,
    sites,
    terminology,
    understanding,
)
from filiform.screening.code_systems import ICD9_CM
from filiform.screening.rulebook import Indication, Rule, RuleError, read_entries

RISK = '[[risk]]\nid = "x"\nname = { en = "X", ur = "ایکس" }\nbasis = "measured"\n'
REGION = '[[region]]\nid = "x"\nname = { en = "X", ur = "ایکس" }\n'


def test_a_table_with_a_defect_is_refused_by_file_and_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def check(
        module: object, reader: Callable[..., object], arguments: tuple[object, ...],
        texts: dict[str, str], says: str,
    ) -> None:  # fmt: skip
        for name, text in texts.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        with monkeypatch.context() as patched:
            patched.setattr(module, "data_folder", lambda: tmp_path)
            with pytest.raises(RuleError, match=says):
                getattr(reader, "__wrapped__", reader)(*arguments)

    names = "terminology/names/conditions.tsv"
    empty = {f"terminology/{file}": "" for file in terminology.FILES}
    concept = '[migraine]\nen = "Migraine"\nur = "آدھے سر کا درد"\n'
    check_each(
        [
            (at_booking, at_booking.chosen, (), {"at_booking.toml": "signs = 3\n"},
             "at_booking.toml: "),
            (at_booking, at_booking.chosen, (),
             {"at_booking.toml": 'signs = ["cauda-equina"]\nquestions = ["moon"]\n'},
             "at_booking.toml: no rule or red flag 'moon'"),
            (code_maps, code_maps._table, (ICD9_CM,),
             {"terminology/codes/icd-9-cm.tsv": "# made up\nD66 286.0\n"},
             "icd-9-cm.tsv, line 2: a meaning, a tab and codes"),
            (context, context._read_triggers, (),
             {"terminology/context/published.tsv": "en\tdenied\tsideways\tno sign of\n"},
             "published.tsv, line 1"),
            (evidence_table, evidence_table.table, (),
             {"proves.toml": "procedure = 3\n"}, "proves.toml"),
            (risk, risk.risk_entries, (), {"risks.toml": RISK}, "neither rates nor a sentence"),
            (risk, risk.risk_entries, (),
             {"risks.toml": (RISK + 'unknown = { en = "?", ur = "؟" }\n') * 2},
             "risks.toml: an id is used twice"),
            (sites, sites.regions, (), {"regions.toml": REGION + "limb = 3\n"},
             "regions.toml, x"),
            (sites, sites.regions, (), {"regions.toml": REGION + 'regions = ["moon"]\n'},
             "regions.toml, x: no region 'moon'"),
            (terminology, terminology._read_concepts, (),
             {**empty, "terminology/conditions.toml": "[migraine]\nname = 3\n"},
             "conditions.toml, migraine"),
            (terminology, terminology._read_concepts, (),
             {**empty, "terminology/conditions.toml": concept,
              "terminology/medicines.toml": concept},
             "medicines.toml: the concept 'migraine' exists already"),
            (terminology, terminology.names_by_language, (),
             {names: "concept\tde\nno-such-concept\tX\n"}, "row 1: 'no-such-concept'"),
            (understanding, understanding.harmless, (),
             {"harmless.toml": "[any]\nnames = 3\n"}, "harmless.toml"),
        ],
        check,
        name=lambda case: f"{case[1].__name__}: {case[4]}",
    )  # fmt: skip


def test_a_muscle_group_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RuleError, match="no region 'moon'"):
        sites.muscles_of("moon")


FACTOR = (
    RISK
    + 'unknown = { en = "?", ur = "؟" }\n[[risk.factor]]\nid = "f"\n'
    + ('name = { en = "F", ur = "ایف" }\n')
)


def test_a_factor_that_applies_to_nobody_says_nothing_or_has_no_source_is_refused() -> None:
    def check(fields: str, says: str) -> None:
        with pytest.raises(RuleError, match=says):
            read_entries(FACTOR + fields, "risks.toml", "risk", risk.RiskEntry)

    check_each(
        [
            ("", "never applies"),
            ('sex = "male"\n', "says nothing"),
            ('sex = "male"\nsays = { en = "more often", ur = "زیادہ" }\n', "names no source"),
        ],
        check,
    )


def test_what_is_no_table_of_the_file_is_refused() -> None:
    def check(text: str, says: str) -> None:
        with pytest.raises(RuleError, match=says):
            read_entries(text, "a.toml", "rule", Rule)

    check_each(
        [
            ("[[rule", "a.toml: not valid TOML"),
            ("[[ruel]]\nid = 'x'\n", r"unknown table 'ruel'; allowed is \[\[rule\]\]"),
            ("rule = [3]\n", "a.toml, rule number 1"),
        ],
        check,
    )


def test_an_indication_that_nothing_can_give_is_refused() -> None:
    words = '{ en = "X", ur = "ایکس" }'
    text = (
        f'[[indication]]\nid = "x"\nname = {words}\nexpect = {words}\nadvice = "consider"\n'
        'certainty = "low"\nwhen = []\nsources = ["B1"]\ndate = "2025-11-01"\n'
    )
    with pytest.raises(RuleError, match="indication x: when is empty"):
        read_entries(text, "indications.toml", "indication", Indication)


def test_a_rule_that_is_asked_each_time_has_a_question() -> None:
    silent = next(rule for rule in rulebook.rules() if rule.when and rule.ask is None)
    with pytest.raises(ValueError, match="each_time is true but there is no question"):
        msgspec.structs.replace(silent, each_time=True)


def test_two_rules_of_one_name_are_refused() -> None:
    rule = rulebook.rules()[0]
    with pytest.raises(RuleError, match=f"the id '{rule.id}' is used twice"):
        rulebook._unique([rule, rule], "rules")


def test_a_kept_file_of_older_data_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "terminology" / "packed"
    folder.mkdir(parents=True)
    monkeypatch.setattr(packing, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(packing, "builders", {})
    for made_from, expected in ((packing.digest(), "kept"), ("0" * 24, "anew")):
        (folder / "trial.json").write_bytes(
            made_from.encode() + b"\n" + msgspec.json.encode("kept")
        )
        assert packing.kept("trial", str, lambda: "anew") == expected
