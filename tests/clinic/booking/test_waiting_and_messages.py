"""Freed times go on to whoever waits; messages say when a visit is and what became of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.booking.conftest import at, book_at, details, no_risk

from filiform.clinic.booking import actions, links, messages, offering, queries, waiting
from filiform.clinic.booking.models import WaitingOffer, WaitingWish
from filiform.clinic.booking.offering import OfferOver
from filiform.clinic.chart import merging
from filiform.clinic.diary import actions as diary
from filiform.clinic.diary.actions import NotFree
from filiform.clinic.diary.models import Leave
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.worker import round_of_work
from filiform.clinic.visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_day(site, needling, alice, monday) -> list[Visit]:
    """The Monday that everybody wants, from 10 to 14 without a gap."""
    times = ((10, 0), (10, 40), (11, 20), (12, 0), (12, 40), (13, 20))
    return [
        book_at(at(monday, *one), needling, site, alice, details(f"Guest {n}", "", _mail(n)))
        for n, one in enumerate(times)
    ]


def _mail(number: int) -> str:
    return f"guest{number}@example.com"


def waits(site, service, name: str, **wish):
    given = {"person": None, "weekdays": [0], "parts": [], "weeks": 4, **wish}
    return waiting.join(
        site=site,
        service=service,
        details=details(name, "", f"{name.lower()}@example.com"),
        answers=no_risk(),
        form=uuid4(),
        **given,
    )


def test_who_waits_in_a_file_that_is_closed_into_another_waits_in_that(
    site, needling, alice, full_day, patient
) -> None:
    wish = waits(site, needling, "Twice")
    merging.merge(by=alice, kept=patient, closed=wish.patient, why="The same", same_person=True)
    wish.refresh_from_db()
    assert (wish.patient, waiting.place_of(wish)) == (patient, 1)


def test_a_cancelled_time_goes_to_the_longest_waiting_and_on_to_the_next_after_its_deadline(
    client, site, needling, alice, full_day, post, monday, django_capture_on_commit_callbacks
) -> None:
    # Every other Monday of the four weeks is kept free of them: Alice is away.
    Leave.objects.create(
        organisation=site.organisation, member=alice, recorded_by=alice, kind="leave",
        starts_at=at(monday, 15), ends_at=at(monday + timedelta(days=60), 0),
    )  # fmt: skip
    Leave.objects.create(
        organisation=site.organisation, member=alice, recorded_by=alice, kind="leave",
        starts_at=timezone.now(), ends_at=at(monday, 0),
    )  # fmt: skip
    first, second = waits(site, needling, "First"), waits(site, needling, "Second")
    assert waiting.place_of(second) == 2
    assert not WaitingOffer.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.cancel(visit=full_day[2])
    offer = WaitingOffer.objects.get()
    assert (offer.wish, offer.starts_at) == (first, at(monday, 11, 20))
    # It is kept: neither the page shows it to others nor can they book it.
    assert queries.free_days(needling, site, now=timezone.now(), since=monday).days == {}
    with pytest.raises(NotFree):
        book_at(at(monday, 11, 20), needling, site, alice)
    held = offering.held_by_offers(site.organisation_id, timezone.now())
    assert offering.is_held(held, alice.pk, at(monday, 11), at(monday, 11, 21))
    assert not offering.is_held(held, alice.pk, at(monday, 11), at(monday, 11, 20))
    round_of_work(now=offer.holds_until - timedelta(hours=3))
    told = [one for one in post.sent if one.subject == "A free time for you"]
    assert [one.to for one in told] == ["first@example.com"]
    # The link in the message shows the offer; the deadline passes; it goes to the second.
    token = told[0].link.rsplit("/", 2)[1]
    page = client.get(f"/w/{token}/").content.decode()
    assert "A time is free for you" in page
    assert offering.look(offer.holds_until) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.was_told) == ("lapsed", True)
    late = client.post(f"/w/{token}/", {"answer": "yes", "offer": str(offer.pk)})
    assert late.status_code == 409
    assert "You keep your place" in late.content.decode()
    passed_on = WaitingOffer.objects.get(state="open")
    assert passed_on.wish == second
    # Accepted by link, and once: the second tap leads to the same visit.
    link = reverse("booking:place", args=[links.make_link(wish=second)])
    for _ in range(2):
        went = client.post(link, {"answer": "yes", "offer": str(passed_on.pk)})
        assert "/b/" in went["Location"]
    visit = Visit.objects.get(planned_at=at(monday, 11, 20), state="booked")
    assert visit.patient.given_name == "Second"
    assert visit.appointment.how == "waiting-list"
    second.refresh_from_db()
    assert second.state == "booked"
    # Whoever let an offer pass stands behind those who did not.
    third = waits(site, needling, "Third")
    assert [one.pk for one in offering.waiting_in_order(site.organisation)] == [third.pk, first.pk]


def test_an_offer_that_the_desk_gave_away_says_so_and_the_place_is_kept(
    site, needling, alice, bob, patient, hours, monday, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        wish = waits(site, needling, "First")
    offer = WaitingOffer.objects.get()
    assert offering.offer_freed(site.organisation, timezone.now()) == 0, "one offer at a time"
    diary.take(
        patient=patient, practitioner=alice, site=site, service=needling, by=bob,
        starts_at=offer.starts_at,
    )  # fmt: skip
    with pytest.raises(OfferOver) as over:
        offering.accept(offer=offer, now=timezone.now())
    assert over.value.state == "gone"
    wish.refresh_from_db()
    assert wish.state == "waiting"
    # Nobody was told of the next: no provider is set up, and nobody sent it by hand. That is no
    # lapse of theirs.
    offering.offer_freed(site.organisation, timezone.now())
    again = WaitingOffer.objects.get(state="open")
    offering.offer_freed(site.organisation, again.holds_until)
    again.refresh_from_db()
    assert (again.state, again.was_told) == ("lapsed", False)
    # Declined: the place stays, and the time goes to others at once.
    third = WaitingOffer.objects.get(state="open")
    offering.decline(offer=third, now=timezone.now())
    offering.decline(offer=third, now=timezone.now())
    third.refresh_from_db()
    assert third.state == "declined"
    offering.leave(wish=wish, now=timezone.now())
    wish.refresh_from_db()
    assert wish.state == "left"
    assert not WaitingOffer.objects.filter(state="open").exists()
    assert WaitingWish.objects.count() == 1


def test_a_confirmation_and_one_reminder_go_out_and_none_about_what_was_cancelled(
    client, site, needling, alice, post, monday
) -> None:
    visit = book_at(at(monday, 12), needling, site, alice, details("Zara", "", "zara@example.com"))
    round_of_work()
    assert [one.subject for one in post.sent] == ["Your visit"]
    assert "Monday" in post.sent[0].text
    assert "needl" not in post.sent[0].text.lower(), "no clinical word leaves in a message"
    assert client.get(post.sent[0].link.removeprefix("https://clinic.example")).status_code == 200
    the_day_before = visit.planned_at - timedelta(hours=20)
    assert messages.remind(the_day_before) == 1
    assert messages.remind(the_day_before) == 0
    actions.cancel(visit=visit)
    round_of_work(now=the_day_before + timedelta(minutes=1))
    assert len(post.sent) == 1
    states = dict(Outgoing.objects.values_list("kind", "state"))
    assert states == {"booked": "sent", "remind": "stopped"}


def test_an_address_that_bounces_is_on_the_desks_page_until_somebody_sent_it_by_hand(
    client, site, needling, alice, bob, post, monday
) -> None:
    post.bounces = True
    book_at(at(monday, 12), needling, site, alice, details("Zara", "", "zara@example.com"))
    round_of_work()
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    desk = reverse("booking:desk")
    assert "Messages that did not arrive" in client.get(desk).content.decode()
    row = Outgoing.objects.get()
    page = client.post(reverse("booking:by-hand", args=[row.pk])).content.decode()
    assert "mailto:zara@example.com" in page
    assert "Messages that did not arrive" not in client.get(desk).content.decode()


def test_a_holiday_over_a_booked_visit_loses_neither_the_visit_nor_its_link(
    client, site, needling, alice, monday
) -> None:
    visit = book_at(at(monday, 12), needling, site, alice)
    token = links.make_link(visit=visit)
    Leave.objects.create(
        organisation=site.organisation, member=alice, recorded_by=alice, kind="leave",
        starts_at=at(monday, 0), ends_at=at(monday + timedelta(days=1), 0),
    )  # fmt: skip
    page = client.get(reverse("booking:visit", args=[token])).content.decode()
    assert "Your visit is booked" in page
    other = client.get(reverse("booking:move", args=[token]) + f"?from={monday}").content.decode()
    assert f"{alice.pk}/{queries.minute_of(at(monday, 10))}" not in other
    free = f"{alice.pk}/{queries.minute_of(at(monday + timedelta(days=1), 10))}"
    assert client.post(reverse("booking:move", args=[token]), {"time": free}).status_code == 302
    visit.refresh_from_db()
    assert visit.planned_at == at(monday + timedelta(days=1), 10)


def test_the_patients_own_page_leads_to_their_visit_and_to_nobody_elses(
    client, site, needling, alice, patient, monday
) -> None:
    mine = book_at(at(monday, 10), needling, site, alice)
    other = book_at(at(monday, 12), needling, site, alice, details("Other", "+923001112244"))
    device = PatientDevice.objects.create(
        organisation=site.organisation, patient=mine.patient,
        key_hash=links.hash_of("key"), expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    client.cookies["filiform_my"] = "key"
    home = client.get(reverse("patient_page:home", args=[device.pk])).content.decode()
    there = reverse("booking:mine", args=[device.pk, mine.pk])
    assert there in home
    assert client.get(client.get(there)["Location"]).status_code == 200
    assert client.get(reverse("booking:mine", args=[device.pk, other.pk])).status_code == 404
