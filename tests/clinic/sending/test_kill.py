"""The process that sends is killed in the middle of it: nothing goes twice, nothing is lost."""

from __future__ import annotations

import re
import sqlite3
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from tests.clinic.sending.stand_in import gateway
from tests.demo_folder import copy_of_demo, demo_settings, run
from tests.warm import begin


@pytest.mark.sqlite  # its clinic is a file, whatever the other tests' database is
def test_a_worker_that_is_killed_with_a_message_in_hand_sends_none_twice_and_loses_none(
    tmp_path_factory,
):
    folder = copy_of_demo(tmp_path_factory, "killed")
    clinic = sqlite3.connect(folder / "clinic.sqlite3", isolation_level=None, timeout=20)
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    clinic.execute(
        "UPDATE aftercare_check SET due_at = ?, settled_at = NULL, alarm_since = NULL, "
        "alarm_taken_at = NULL",
        [an_hour_ago],
    )
    # What booked itself is reminded of days before; of that nothing falls due in this test.
    clinic.execute("DELETE FROM sending_outgoing")
    with gateway() as there:
        # Three go, the fourth is taken and never answered: there the process is killed.
        there.behaviour = [201, 201, 201, "hold"]
        given = {
            **demo_settings(folder),
            "FILIFORM_PUBLIC_URL": "https://clinic.example",
            "FILIFORM_SMS_URL": there.url,
            "FILIFORM_SMS_TOKEN": "secret",
            "FILIFORM_SMS_FROM": "+15005550006",
            "FILIFORM_QUIET_HOURS": "0-0",
        }
        first = begin("send", env=given, log=folder / "log")
        while len(there.taken) < 4:
            assert first.poll() is None
            time.sleep(0.05)
        first.kill()
        first.wait()
        in_hand = clinic.execute("SELECT id FROM sending_outgoing WHERE state = 'sending'")
        (cut_off,) = in_hand.fetchall()
        # Its time is over: as if the next start came ten minutes later.
        clinic.execute(
            "UPDATE sending_outgoing SET state_at = ? WHERE state = 'sending'", [an_hour_ago]
        )
        run("send", "--once", **given)
        subjects = Counter(
            re.search(
                r"/sending/sms/([\w-]+)/", parse_qs(one["body"].decode())["StatusCallback"][0]
            )[1]
            for one in there.taken
        )
    rows = dict(clinic.execute("SELECT id, state FROM sending_outgoing").fetchall())
    clinic.close()
    assert len(rows) > 4, "the demo has enough patients for this test"
    assert set(subjects.values()) == {1}, "no message was handed over twice"
    assert {one.replace("-", "") for one in subjects} == set(rows), "and none was lost"
    assert rows.pop(cut_off[0]) == "failed", "a person looks after the one that nobody knows of"
    assert set(rows.values()) == {"sent"}
