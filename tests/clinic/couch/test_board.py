"""The board of all couches: who, how many needles, where, how long, and what rings."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.treatment.conftest import start
from tests.clinic.treatment.treatment_steps import make_ready

from filiform.clinic.couch import actions, queries
from filiform.clinic.couch.models import BoardLink
from filiform.clinic.couch.stream import STREAMS, stream


@pytest.fixture
def needles(visit, alice, today, kept):
    """Two needles in: one for five minutes' dwell, one just put in."""
    from filiform.clinic.treatment import actions as treated

    targets = kept(make_ready, visit, alice, today)
    treatment = kept(start, visit, alice, today)
    return [
        treated.record_act(
            by=alice,
            treatment=treatment,
            act_id=uuid4(),
            kind="insertion",
            at=timezone.now(),
            target=target,
        )
        for target in targets
    ]


def test_a_couch_shows_initials_file_number_and_every_needle_with_its_clock(
    as_alice, needles, visit, patient
):
    text = as_alice.get(reverse("couch:board")).content.decode()
    assert patient.name not in text
    assert patient.file_number in text
    assert f"<bdi>{queries.initials(patient.name)}</bdi>" in text
    assert text.count("data-needle=") == 2
    assert "Infraspinatus, right" in text


def test_a_needle_that_is_in_too_long_and_anything_that_goes_wrong_is_an_alarm(
    needles, clinic, alice
):
    from filiform.clinic.treatment import actions as treated

    now = needles[0].at
    quiet = queries.couches(clinic, now)
    later = queries.couches(clinic, now + timedelta(minutes=6))
    assert (quiet[0].alarm, later[0].alarm) == (False, True)
    assert queries.version(quiet) == queries.version(queries.couches(clinic, now))
    assert queries.version(quiet) != queries.version(later)
    treated.record_act(
        by=alice,
        treatment=needles[0].treatment,
        act_id=uuid4(),
        kind="event",
        at=timezone.now(),
        details={"event_kind": "faint"},
    )
    wrong = queries.couches(clinic, now)
    assert (wrong[0].alarm, wrong[0].wrong) == (True, "Faint")


def test_a_link_shows_the_board_to_a_tablet_until_it_is_revoked(client, needles, olga, alice):
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.post(reverse("couch:make-link"), {"label": "Corridor"}).content.decode()
    address = re.search(r'href="http://[^/]+(/couches/wall/[^"]+/)"', shown).group(1)
    client.logout()
    wall = client.get(address)
    assert wall.status_code == 200
    assert wall.content.decode().count("data-needle=") == 2
    assert "Today" not in wall.content.decode(), "it leads nowhere into the clinic"
    link = BoardLink.objects.get()
    assert link.token_hash not in address
    actions.revoke_link(by=olga, link=link)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}events/").status_code == 404


def test_another_clinic_sees_none_of_our_couches_and_revokes_none_of_our_links(
    client, needles, olga, charlie, patient
):
    link, _token = actions.make_link(by=olga, label="Corridor")
    type(charlie).objects.filter(pk=charlie.pk).update(is_owner=True)
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert patient.file_number not in client.get(reverse("couch:board")).content.decode()
    assert client.post(reverse("couch:revoke-link", args=[link.pk])).status_code == 404


def test_links_that_hold_stand_above_those_that_are_revoked(client, olga):
    for place in ("Lost", "Corridor", "Room 1"):
        made, _token = actions.make_link(by=olga, label=place)
        if place == "Lost":
            actions.revoke_link(by=olga, link=made)
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("couch:links"))
    assert [one.label for one in shown.context["links"]] == ["Room 1", "Corridor", "Lost"]


def test_the_front_desk_makes_no_link(client, bob):
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("couch:make-link"), {"label": "x"}).status_code == 403
    assert BoardLink.objects.count() == 0


def test_a_stream_tells_what_changed_keeps_the_line_alive_and_ends_by_itself():
    told = iter([("1", "<p>a\nb</p>"), ("1", "same"), ("2", "new"), ("2", "new")])
    times = iter([0, 2, 4, 6, 99])
    said = list(
        stream(lambda: next(told), wait=lambda _s: None, clock=lambda: next(times), lives_s=6)
    )
    assert said == [
        "retry: 1000\nid: 1\nevent: board\ndata: <p>a\ndata: b</p>\n\n",
        ": still here\n\n",
        "retry: 1000\nid: 2\nevent: board\ndata: new\n\n",
    ]


def test_a_second_board_on_one_worker_polls_so_that_tablets_keep_their_threads():
    assert STREAMS.acquire(blocking=False)
    try:
        said = list(stream(lambda: ("1", "now"), wait=lambda _s: pytest.fail("it waits")))
    finally:
        STREAMS.release()
    assert said == ["retry: 4000\nid: 1\nevent: board\ndata: now\n\n"]
    assert STREAMS.acquire(blocking=False), "it is given back"
    STREAMS.release()


def test_the_stream_of_the_page_begins_with_the_board(as_alice, needles):
    answer = as_alice.get(reverse("couch:events"))
    assert answer["Content-Type"].startswith("text/event-stream")
    parts = answer.streaming_content
    assert b'class="couch"' in next(parts)
    answer.close()
