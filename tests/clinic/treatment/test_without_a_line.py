"""A start and a count that a tablet made without a line: told afterwards, once, in order; what
stands against them is decided by a person."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from tests.clinic.conftest import book_for_now, make_practitioner

from filiform.clinic.consent.actions import withdraw
from filiform.clinic.facts.models import Entry
from filiform.clinic.pathway import actions as pathway
from filiform.clinic.treatment import actions as treating
from filiform.clinic.treatment import before, queries
from filiform.clinic.treatment.despite import despite_of
from filiform.clinic.treatment.models import Before, Treatment
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit
from filiform.reasons import say

SCRIPT = {"X-Treatment-Page": "yes"}


def send_start(client, visit, start_id, *, ago_min=40, **more):
    """As the queue does: the tap lies a while back by a clock that is a day wrong."""
    tablet = timezone.now() + timedelta(days=1)
    tapped = (tablet - timedelta(minutes=ago_min)).isoformat()
    data = dict.fromkeys(before.CODES, "yes") | {"act_id": start_id, "kind": "start", "at": tapped}
    address = reverse("pathway:start", args=[visit.pk])
    return client.post(address, data | {"sent_at": tablet.isoformat()} | more, headers=SCRIPT)


def codes(answer):
    assert answer.status_code == 422, answer.content
    return [one["id"] for one in answer.json()["refused"]]


def test_a_start_sent_twice_is_one_and_stands_at_the_time_of_the_tap(as_alice, visit, targets):
    start_id = uuid4()
    for _time in range(2):
        assert send_start(as_alice, visit, start_id).json() == {"stored": str(start_id)}
    treatment = Treatment.objects.get()
    ago = timezone.now() - treatment.started_at
    assert timedelta(minutes=39) < ago < timedelta(minutes=42), "the tablet's clock is a day off"
    assert (treatment.pk, Before.objects.count()) == (start_id, 1)


def test_what_stands_against_a_start_that_was_made_is_told_and_a_person_decides(
    as_alice, alice, visit, targets
):
    withdraw(by=alice, visit=visit)
    start_id = uuid4()
    against = codes(send_start(as_alice, visit, start_id))
    assert any("consent" in code for code in against)
    assert not Treatment.objects.exists(), "nobody has said yet that it happened"
    assert send_start(as_alice, visit, start_id, anyway="yes").status_code == 200
    told = Entry.objects.filter(action="treatment-started").order_by("pk").last()
    assert told.details["despite"] == against
    send_start(as_alice, visit, start_id, anyway="yes")
    (begun,) = queries.acts_of(Treatment.objects.get())
    assert (begun.kind, [one["code"] for one in begun.details["despite"]]) == ("start", against)
    for page in ("", "record/"):
        shown = as_alice.get(reverse("treatment:treat", args=[visit.pk]) + page).content.decode()
        assert say(despite_of(begun)[0], "en") in unescape(shown), page or "the live page"
    address = reverse("treatment:act", args=[visit.pk])
    needle = {"act_id": uuid4(), "kind": "insertion", "target": targets[0].pk}
    answer = as_alice.post(address, needle, headers=SCRIPT)
    assert answer.status_code == 200
    assert answer.json()["warnings"], "the record says that consent was withdrawn"


def test_a_visit_that_was_cancelled_meanwhile_is_brought_back_by_what_was_done_in_it(
    as_alice, alice, visit, targets
):
    Visit.objects.filter(pk=visit.pk).update(state="booked")
    visits.move(by=alice, visit=visit, to="cancelled")
    start_id = uuid4()
    assert codes(send_start(as_alice, visit, start_id))
    assert send_start(as_alice, visit, start_id, anyway="yes").status_code == 200
    assert Visit.objects.get(pk=visit.pk).state == "in-room"


def test_a_start_on_another_tablet_meanwhile_is_named_and_joined_only_when_a_person_says_so(
    as_alice, alice, visit, targets, today
):
    theirs = pathway.start(by=alice, visit=visit, on=today)
    start_id = uuid4()
    assert codes(send_start(as_alice, visit, start_id)) == ["start-meanwhile"]
    assert send_start(as_alice, visit, start_id, anyway="yes").json() == {"stored": str(start_id)}
    assert Treatment.objects.get() == theirs
    (joined,) = queries.acts_of(theirs)
    assert [one["code"] for one in joined.details["despite"]] == ["start-meanwhile"]


def test_a_start_under_the_id_of_something_else_is_refused_and_changes_nothing(
    as_alice, alice, patient, visit, site, targets
):
    start_id = uuid4()
    send_start(as_alice, visit, start_id)
    act_id, theirs = uuid4(), Treatment.objects.get()
    treating.record_act(
        by=alice, treatment=theirs, act_id=act_id, kind="insertion", target=targets[0],
        at=timezone.now(),
    )  # fmt: skip
    other = book_for_now(patient, alice, site)
    for taken in (start_id, act_id):
        for anyway in ("", "yes"):
            assert codes(send_start(as_alice, other, taken, anyway=anyway)) == ["act-id-reused"]
    assert Treatment.objects.get() == theirs


def test_the_page_of_the_first_moment_writes_nothing_and_is_the_treatments_once_begun(
    as_alice, alice, visit, targets, today
):
    address = reverse("pathway:ready", args=[visit.pk])
    page = as_alice.get(address).content.decode()
    assert 'data-ready="' in page
    assert f'data-key="{visit.pk}"' in page
    assert not Treatment.objects.exists()
    pathway.start(by=alice, visit=visit, on=today)
    assert 'data-ready="' not in as_alice.get(address).content.decode()


def test_a_count_that_waited_is_recorded_once_at_the_time_of_the_tap(
    as_alice, visit, treatment, act, targets
):
    needle = act("insertion", target=targets[0])
    act("removal", needle=needle)
    now = timezone.now()
    count = {
        "act_id": uuid4(),
        "opened": 1,
        "in_bin": 1,
        "at": (now - timedelta(minutes=5)).isoformat(),
    }
    address = reverse("treatment:count", args=[visit.pk])
    for _time in range(2):
        answer = as_alice.post(address, count | {"sent_at": now.isoformat()}, headers=SCRIPT)
        assert answer.json() == {"stored": str(count["act_id"])}
    (made,) = [one for one in queries.acts_of(treatment) if one.kind == "count"]
    assert made.details["matches"]
    assert now - made.at > timedelta(minutes=4)
    assert (
        codes(as_alice.post(address, {"act_id": uuid4()}, headers=SCRIPT)) == ["act-unusable"] * 2
    )


def test_the_key_of_a_tablet_is_the_sessions_and_dies_with_it(as_alice, alice, client):
    address = reverse("treatment:tablet-key")

    def key():
        answer = as_alice.get(address)
        assert answer.headers["Cache-Control"].count("no-store")
        return answer.json()["key"]

    first = key()
    assert key() == first
    as_alice.logout()
    assert as_alice.get(address).status_code == 302, "nobody signed out gets one"
    as_alice.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert key() != first


def test_the_keys_of_waiting_acts_outlive_the_session_and_are_given_within_the_clinic_alone(
    as_alice, alice, clinic, charlie, client, today, settings
):
    dana = make_practitioner(clinic, "dana", today=today)
    as_dana = client.__class__()
    as_dana.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("treatment:tablet-key")

    def keys(client, of):
        answer = client.get(address, {"acts": of})
        return answer.json()["keys"] if answer.status_code == 200 else answer.status_code

    mine = keys(as_alice, alice.pk)
    assert keys(as_alice, dana.pk) != mine, "each member's own"
    assert keys(as_dana, alice.pk) == mine, "a colleague records it for them"
    assert [keys(as_alice, of) for of in (charlie.pk, uuid4(), "sana")] == [404, 404, 404]
    as_alice.logout()
    assert keys(as_alice, alice.pk) == 302
    as_alice.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert keys(as_alice, alice.pk) == mine
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, as after it was changed, of forty characters"
    assert keys(as_alice, alice.pk)[1:] == mine, "what was sealed before can be opened"


def test_the_list_of_a_tablet_holds_the_readers_own_visits_of_today(as_alice, visit, targets):
    page = as_alice.get(reverse("pathway:on-tablet")).content.decode()
    assert reverse("pathway:ready", args=[visit.pk]) in page
    for over in ("cancelled", "missed", "left", "done"):
        Visit.objects.filter(pk=visit.pk).update(state=over)
        page = as_alice.get(reverse("pathway:on-tablet")).content.decode()
        assert reverse("pathway:ready", args=[visit.pk]) not in page, over
