"""A short round of `make soak`: the server is killed twice while tablets record."""

from __future__ import annotations

import pytest
from tests.demo_folder import copy_of_migrated
from tests.soak.kills import run_round


@pytest.mark.sqlite
def test_every_act_that_was_acknowledged_survives_a_killed_server_exactly_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    found = run_round(copy_of_migrated(tmp_path_factory, "soak"), acts=60, kills=2)
    assert (found.refused, found.problems) == ([], [])
    assert (found.acknowledged, found.killed) == (60, 2)
    assert found.signed == 4
