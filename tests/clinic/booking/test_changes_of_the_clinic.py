"""What the clinic does to a booked visit reaches its patient, or the desk is told to call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.booking.conftest import at, book_at, details

from filiform.clinic.booking import changes
from filiform.clinic.diary import actions as diary
from filiform.clinic.diary.actions import NotFree
from filiform.clinic.diary.models import Appointment, Service
from filiform.clinic.diary.settings_actions import record_leave
from filiform.clinic.facts.amending import amended
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.worker import round_of_work
from filiform.clinic.staff.actions import record_opening_exception
from filiform.clinic.staff.models import Licence
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.actions import MoveRefused
from filiform.clinic.visits.models import Visit

pytestmark = pytest.mark.django_db
LOGIN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def booked(needling, site, alice, monday):
    """Zara reads Urdu and has an address; her visit is on a Monday at noon."""
    who = details("Zara", "+923001112233", "zara@example.com")._replace(language="ur")
    return book_at(at(monday, 12), needling, site, alice, who)


def gone(post, monday) -> list:
    """What has gone by the Friday before, at noon: no quiet hours."""
    round_of_work(now=at(monday - timedelta(days=3), 12))
    return post.sent


def test_a_visit_that_the_clinic_moves_and_then_cancels_is_told_with_a_link_to_book_anew(
    client,
    booked,
    bob,
    post,
    needling,
    site,
    monday,
) -> None:
    diary.reschedule(visit=booked, starts_at=at(monday, 13), by=bob)
    moved = gone(post, monday)[-1]
    assert (moved.subject, moved.language) == ("آپ کے وزٹ کا وقت بدل گیا ہے", "ur")
    assert "13:00" in moved.text
    assert len(post.sent) == 1, "what was to be said of the former time is not said"
    diary.cancel(visit=booked, by=bob, because="clinic")
    told = gone(post, monday)[-1]
    assert "نہیں ہو سکے گا" in told.text
    assert "ڈرائی" not in told.text, "no clinical word leaves in a message"
    page = client.get(told.link.removeprefix("https://clinic.example")).content.decode()
    assert reverse("booking:times", args=[site.pk, needling.pk]) in page
    assert reverse("booking:cancel", args=["x"]).split("x")[1] not in page
    assert len(post.sent) == 2


def test_who_asked_for_it_or_did_it_by_a_link_is_told_nothing_and_a_past_visit_tells_nobody(
    booked,
    bob,
    post,
    needling,
    site,
    alice,
    monday,
) -> None:
    diary.cancel(visit=booked, by=bob, because="patient-ill")
    own = book_at(at(monday, 13), needling, site, alice, details("Omar", "+923004445566"))
    diary.cancel(visit=own, because="clinic")
    assert not Outgoing.objects.filter(kind__in=("moved", "cancelled")).exists()


def test_who_wants_no_messages_is_on_the_desks_list_until_somebody_called(
    client,
    booked,
    bob,
    charlie,
    post,
) -> None:
    sending.wish(patient=booked.patient, channel="none", by=bob)
    client.force_login(bob, backend=LOGIN)
    cancel = reverse("diary:cancel", args=[booked.pk])
    # The button of an older page leads to the diary's, which asks why.
    old = client.post(reverse("visits:move", args=[booked.pk]), {"to": "cancelled"})
    assert old.url == cancel
    after = client.post(cancel, {"because": "clinic"}, follow=True).content.decode()
    assert "+923001112233" in after
    desk = reverse("booking:desk")
    assert "I have called" in client.get(desk).content.decode()
    row = Outgoing.objects.get(kind="cancelled")
    called = reverse("booking:called", args=[row.pk])
    client.force_login(charlie, backend=LOGIN)
    assert client.post(called).status_code == 404
    client.force_login(bob, backend=LOGIN)
    client.post(called)
    assert "I have called" not in client.get(desk).content.decode()


def test_patients_under_a_leave_or_a_holiday_are_written_to_once_and_the_lists_show_it(
    client,
    booked,
    bob,
    alice,
    charlie,
    site,
    post,
    monday,
) -> None:
    day = {"starts_at": at(monday, 0), "ends_at": at(monday + timedelta(days=1), 0)}
    leave = record_leave(by=alice, member=alice, kind="leave", **day)
    closed = record_opening_exception(
        site=site, by=alice, first_on=monday, last_on=monday, title="Eid", title_ur="عید", hours=[]
    )
    lists = {
        reverse("booking:write-leave", args=[leave.pk]): reverse("diary:leave", args=[leave.pk]),
        reverse("booking:write-holiday", args=[closed.pk]): reverse(
            "frontdoor:holiday", args=[closed.pk]
        ),
    }
    client.force_login(charlie, backend=LOGIN)
    assert [client.post(one).status_code for one in lists] == [404, 404]
    client.force_login(bob, backend=LOGIN)
    for write, shown in lists.items():
        assert client.post(write).url == shown
        assert 'written to <span class="number">' in client.get(shown).content.decode()
    asked = [one for one in gone(post, monday) if "نیا وقت" in one.subject]
    assert len(asked) == 1
    booked.refresh_from_db()
    assert booked.state == "booked", "nothing is lost: it stays until it is moved"


def test_a_visit_is_put_back_only_while_nobody_else_has_its_time(
    booked,
    bob,
    alice,
    needling,
    site,
    post,
    monday,
) -> None:
    diary.cancel(visit=booked, by=bob, because="clinic")
    gone(post, monday)
    visits.move(visit=booked, by=bob, to="booked")
    assert "12:00" in gone(post, monday)[-1].text, "who was told that it is off is told it is on"
    diary.cancel(visit=booked, by=bob, because="clinic")
    other = book_at(at(monday, 12), needling, site, alice, details("Omar", "+923004445566"))
    with pytest.raises(MoveRefused) as refused:
        visits.move(visit=booked, by=bob, to="booked")
    assert [one.code for one in refused.value.reasons] == ["diary-practitioner-busy"]
    diary.cancel(visit=other, by=bob, because="mistake")
    # Omar has a telephone and no address, and no provider sends to telephones.
    assert [one.visit for one in changes.to_call(site.organisation, at(monday, 1))] == [other]


def test_today_counts_whom_to_call_until_somebody_has_and_the_desk_reads_why_a_message_failed(
    client, booked, bob
) -> None:
    client.force_login(bob, backend=LOGIN)
    today, desk = reverse("pathway:today"), reverse("booking:desk")
    assert "Call them" not in client.get(today).content.decode()
    diary.cancel(visit=booked, by=bob, because="clinic")
    row = Outgoing.objects.get(kind="cancelled")
    # What the worker writes raises no version of what the clinic has recorded.
    sending.move(row, "failed", now=timezone.now(), why="refused 550 no such user")
    assert '<span class="number">1</span> to look at' in client.get(today).content.decode()
    assert "Call them" in client.get(today).content.decode()
    sending.told_by_voice(row=row, by=bob)
    assert "Call them" not in client.get(today).content.decode()
    visits.move(visit=booked, by=bob, to="booked")
    told = Outgoing.objects.filter(kind="booked", subject=booked.pk).latest("made_at")
    sending.move(told, "failed", now=timezone.now(), why="refused 550 no such user")
    shown = client.get(desk).content.decode()
    assert "the provider refused it (550 no such user)" in shown


def test_a_visit_cancelled_by_two_taps_is_told_of_once(booked, bob, post, monday) -> None:
    for because in ("clinic", "mistake"):
        diary.cancel(visit=booked, by=bob, because=because)
    assert Outgoing.objects.filter(kind="cancelled").count() == 1
    assert Appointment.objects.get(visit=booked).cancelled_because == "clinic"


def test_a_service_that_is_taken_off_while_somebody_books_it_says_so_and_books_nothing(
    client, needling, talk, site, alice, monday
) -> None:
    Service.objects.filter(pk=needling.pk).update(is_active=False)
    where = reverse("booking:book", args=[site.pk, needling.pk, alice.pk, 1])
    page = client.post(where, {"name": "Zara"}, follow=True).content.decode()
    assert "Nothing was booked." in page
    # Taken off between the form and the booking: `needling` is as it was read before.
    with pytest.raises(NotFree) as refused:
        book_at(at(monday, 12), needling, site, alice)
    assert [one.code for one in refused.value.reasons] == ["diary-service-off"]
    assert not Visit.objects.exists()


def test_a_visit_with_somebody_whose_licence_ends_before_it_stands_on_the_desks_page(
    client, booked, bob, alice, site, monday
) -> None:
    client.force_login(bob, backend=LOGIN)
    desk = reverse("booking:desk")
    assert 'id="not-cleared"' not in client.get(desk).content.decode()
    last = Licence.objects.current().get(member=alice)
    amended(last, by=alice, why="Ends sooner", expires_on=monday - timedelta(days=1))
    page = client.get(desk).content.decode()
    assert 'id="not-cleared"' in page
    assert reverse("diary:move", args=[booked.pk]) in page
    booked.refresh_from_db()
    assert booked.state == "booked"
    # Moving it into leave is refused with the reason; nothing has moved.
    record_leave(by=alice, member=alice, kind="ill", starts_at=at(monday, 13),
                 ends_at=at(monday, 20))  # fmt: skip
    with pytest.raises(NotFree) as refused:
        diary.reschedule(visit=booked, by=bob, starts_at=at(monday, 13))
    assert "diary-on-leave" in [one.code for one in refused.value.reasons]
