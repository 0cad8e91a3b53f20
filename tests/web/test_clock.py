"""The browser says the same about time as the server: the words, and how they are counted."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from tools import time_words

from filiform import times

ROOT = Path(__file__).parents[2]

SAY = """
globalThis.document = { querySelectorAll: () => [], addEventListener() {} };
globalThis.addEventListener = () => {};
globalThis.setInterval = () => 0;
const { told } = await import(process.argv[1]);
let text = "";
for await (const part of process.stdin) text += part;
const said = JSON.parse(text).map(([seconds, phrase, language]) => told(seconds, phrase, language));
console.log(JSON.stringify(said));
"""


def test_the_scripts_words_are_those_of_the_server() -> None:
    assert time_words.SCRIPT.read_text(encoding="utf-8") == time_words.script()


def test_the_browser_tells_every_duration_as_the_server_does() -> None:
    draw = random.Random(20261128)
    edges = [below for below, _unit, _rest in times.STEPS if below != float("inf")]
    seconds = [-5, 0, *(edge + by for edge in edges for by in (-1, 0, 1, 61))]
    seconds += [round(10 ** draw.uniform(0, 9.5), 3) for _case in range(400)]
    cases = [(s, p, lang) for s in seconds for p in times.PHRASES for lang in ("en", "ur")]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    node = shutil.which("node", path=path)
    assert node, "Node.js is missing: `make test` installs it (requirements/node.txt)"
    ran = subprocess.run(
        [node, "--input-type=module", "-e", SAY, (ROOT / "web/filiform/clock.js").as_uri()],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    for case, said in zip(cases, json.loads(ran.stdout), strict=True):
        assert said == times.told(*case), case
