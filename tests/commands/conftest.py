"""What the tests of the commands share: a record, an answer, a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from filiform.cli import main


def _bundle(*resources: dict[str, Any], born: str = "1970-01-01") -> dict[str, Any]:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": born, "gender": "male"}
    own = [{**one, "subject": {"reference": "Patient/p"}} for one in resources]
    entries = [{"resource": one} for one in (patient, *own)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


@pytest.fixture
def summary(tmp_path: Path) -> Callable[..., str]:
    """Writes a Bundle about a man born in 1970 and gives its path."""

    def write(*resources: dict[str, Any], born: str = "1970-01-01") -> str:
        path = tmp_path / "summary.json"
        path.write_text(json.dumps(_bundle(*resources, born=born)))
        return str(path)

    return write


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Runs a command with --json and gives its one document; nothing else may be printed."""

    def run(*words: str) -> dict[str, Any]:
        assert main([*words, "--json"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        found: dict[str, Any] = json.loads(out)
        return found

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that can't use its input and gives the one line that it says."""

    def run(*words: str) -> str:
        assert main(list(words)) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        return err

    return run
