"""The order of the worklist, and that it stays quick when the past is long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from filiform.clinic.aftercare import actions, queries
from filiform.clinic.aftercare.models import Check


def listed(by, **wanted) -> list[Check]:
    now = timezone.now()
    return [row.check for row in queries.worklist(by, now=now, **wanted).rows]


def test_overdue_over_the_lung_comes_before_what_is_overdue_for_longer(over_lung, in_leg, bob):
    lung, leg = over_lung.checks.get(hours=24), in_leg.checks.get(hours=72)
    lung.due_at = leg.due_at + timedelta(minutes=30)
    lung.save()
    assert listed(bob, when="overdue") == [lung, leg]


def test_of_several_overdue_checks_after_one_treatment_only_the_latest_is_asked(in_leg, bob):
    assert [check.hours for check in listed(bob, when="overdue")] == [72]


def test_an_alarm_stands_above_everything_whosever_it_is(over_lung, in_leg, bob, today):
    check = in_leg.checks.get(hours=72)
    actions.settle(by=bob, check=check, result="answered", report={"weak": True}, on=today)
    assert check.urgency in ("emergency", "call-today")
    assert listed(bob, whose="mine") == [check]
    assert listed(bob)[0] == check


def test_what_is_due_next_week_is_only_in_the_list_of_the_week(over_lung, bob):
    seventh_day = over_lung.checks.get(hours=168)
    assert seventh_day not in listed(bob)
    assert seventh_day in listed(bob, when="week")
    assert seventh_day not in listed(bob, when="overdue")


def test_first_come_the_overdue_over_the_lung_then_the_overdue_then_what_is_yet_to_come(
    over_lung, in_leg, bob
):
    """Against the slow order: everything that is open, sorted in Python."""
    now = timezone.now()
    until = now + timedelta(days=7)
    last = {}
    for check in Check.objects.filter(settled_at__isnull=True, due_at__lte=now).order_by("hours"):
        last[check.treatment_id] = check
    rest = Check.objects.filter(settled_at__isnull=True, due_at__gt=now, due_at__lte=until)
    slow = sorted(
        [*last.values(), *rest],
        key=lambda one: (one.due_at > now, one.due_at <= now and not one.over_lung, one.due_at),
    )
    for most in range(1, len(slow) + 2):
        found = queries.first_open(bob.organisation, now=now, until=until, most=most)
        assert found == slow[:most]


def test_mine_are_those_that_i_own(over_lung, alice, bob):
    assert listed(bob, whose="mine") == []
    check = over_lung.checks.get(hours=24)
    actions.take_on(by=bob, check=check)
    assert listed(bob, whose="mine") == [check]
    assert check not in listed(alice, whose="mine")


def test_a_settled_check_is_not_on_the_list(check, bob, today):
    actions.settle(by=bob, check=check, result="answered", report={"soreness_nprs": 0}, on=today)
    assert check not in listed(bob, when="week")


def test_another_clinic_sees_nothing_of_it(over_lung, charlie):
    assert listed(charlie, when="week") == []


def test_the_next_step_after_a_silent_call_over_the_lung_is_a_call(check, bob, today):
    actions.settle(by=bob, check=check, result="no-reply", on=today)
    row = next(row for row in queries.worklist(bob, now=timezone.now()).rows if row.check == check)
    assert row.tries == 1
    assert "Phone the patient" in str(row.next_action)
    actions.settle(by=bob, check=check, result="no-reply", on=today)
    assert "safety-net advice" in str(queries.next_action(check, 2, may_acknowledge=False))


def test_the_list_takes_the_same_few_queries_however_long_it_is(over_lung, in_leg, bob):
    with CaptureQueriesContext(connection) as asked:
        listed(bob, when="week")
    assert len(asked) <= 5


@pytest.mark.sqlite
@pytest.mark.sqlite  # reads its plan
def test_the_list_reads_the_index_of_open_checks_and_never_the_settled_ones(over_lung, bob):
    with CaptureQueriesContext(connection) as asked:
        listed(bob)
    about_checks = [query["sql"] for query in asked if 'FROM "aftercare_check" ' in query["sql"]]
    assert len(about_checks) == 4
    for sql in about_checks:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "INDEX check_open" in plan or "INDEX check_alarm" in plan, plan
