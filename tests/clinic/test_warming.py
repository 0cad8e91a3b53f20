"""A process of the server has what it needs before it listens, and works no type out after that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.template.loader import get_template

from filiform.clinic import warming
from filiform.targeting.network import network
from filiform.targeting.priors import by_complaint
from filiform.targeting.territory import felt_there

SOURCE = Path(warming.__file__).parents[2]
# Each first use of a type goes through this function of msgspec's, whoever asks.
FRESH_PROCESS = """
import json, sys
import django
import msgspec
django.setup()
from filiform.clinic import warming
if sys.argv[1] == "warm":
    warming.warm()
else:
    from importlib import import_module
    from django.conf import settings
    import_module(settings.ROOT_URLCONF)
worked_out = []
def watch(frame, event, _):
    if event == "call" and frame.f_code.co_name == "get_class_annotations":
        worked_out.append(frame.f_locals["obj"].__qualname__)
sys.setprofile(watch)
for kind in warming.structs(msgspec.Struct):
    msgspec.json.Decoder(kind)
sys.setprofile(None)
print(json.dumps(worked_out))
"""


def _worked_out(how: str) -> list[str]:
    """Names of the types that a fresh process works out once it has begun."""
    told = subprocess.run(
        [sys.executable, "-c", FRESH_PROCESS, how],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), os.getcwd()])},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[str] = json.loads(told.stdout.splitlines()[-1])
    return found


def test_no_type_is_left_for_two_threads_to_work_out_at_once() -> None:
    # Without warming there are hundreds: the watch sees what it is to see.
    assert "PlanDetails" in _worked_out("cold")
    assert _worked_out("warm") == []


def test_after_warming_the_ranking_finds_its_tables() -> None:
    for table in (by_complaint, network, felt_there):
        table.cache_clear()
    warming.warm()
    for table in (by_complaint, network, felt_there):
        made = table.cache_info().misses
        table()
        assert table.cache_info().misses == made, table


def test_every_page_that_is_read_ahead_exists() -> None:
    for name in warming.PAGES:
        assert get_template(name)
