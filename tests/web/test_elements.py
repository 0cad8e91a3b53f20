"""The custom elements' own tests (web/tests, node's test runner), as part of `make test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_element_does_in_a_page_what_it_promises() -> None:
    # Beside the interpreter lies the node that make installs where the machine has none.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    node = shutil.which("node", path=path)
    assert node, "Node.js is missing: `make test` installs it (requirements/node.txt)"
    assert (ROOT / "web/node_modules/happy-dom").is_dir(), (
        "web/node_modules lacks the developer's packages: make test installs them"
    )
    command = [node, "--test-reporter=spec", "tests/every.js"]
    ran = subprocess.run(command, cwd=ROOT / "web", capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    for path in (ROOT / "web/tests").glob("*.test.js"):
        assert f"{path.name} leaves the globals as they were" in ran.stdout, path.name


def test_every_custom_element_has_tests_of_its_own() -> None:
    defined = {
        line.split('customElements.define("')[1].split('"')[0]
        for script in (ROOT / "web/filiform").rglob("*.js")
        for line in script.read_text(encoding="utf-8").splitlines()
        if 'customElements.define("' in line
    }
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "web/tests").glob("*.test.js")
    )
    assert {name for name in defined if f"<{name}" not in tests} == set()
