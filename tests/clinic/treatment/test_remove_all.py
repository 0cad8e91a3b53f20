"""Consent taken back while needles are in: one order, and nothing more may go in."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from filiform.clinic.consent import actions as consent
from filiform.clinic.pathway.gathering import before_needling
from filiform.clinic.pathway.next_thing import next_things


def asked(visit, alice, today):
    visit.refresh_from_db()
    return before_needling(visit, by=alice, on=today)


def test_consent_withdrawn_with_needles_in_turns_into_remove_all_until_they_are_out(
    visit, alice, today, targets, act
):
    needle = act("insertion", target=targets[0])
    assert not asked(visit, alice, today).remove_all
    consent.withdraw(by=alice, visit=visit)
    now = asked(visit, alice, today)
    assert now.remove_all
    assert now.next == "remove-all"
    assert not now.may_start
    assert [one.code for one in now.against] == ["consent-withdrawn"]
    act("removal", needle=needle)
    out = asked(visit, alice, today)
    assert out.remove_all == (visit.state == "needles-in")
    assert not out.may_start, "what was withdrawn stays withdrawn"


def test_a_needle_that_goes_in_all_the_same_is_kept_with_what_stood_against_it(
    visit, alice, today, targets, act
):
    act("insertion", target=targets[0])
    consent.withdraw(by=alice, visit=visit)
    later = act("insertion", target=targets[1])
    assert "needling-consent-withdrawn" in [one["code"] for one in later.details["despite"]]


def test_before_any_needle_a_withdrawal_is_no_order_to_remove(visit, alice, today, targets):
    consent.withdraw(by=alice, visit=visit)
    now = asked(visit, alice, today)
    assert not now.remove_all
    assert not now.may_start


def test_todays_list_says_remove_every_needle(as_alice, visit, alice, today, targets, act):
    act("insertion", target=targets[0])
    consent.withdraw(by=alice, visit=visit)
    visit.refresh_from_db()
    found = next_things([visit], on=today, now=timezone.now())[visit.pk]
    assert (found.code, found.look) == ("remove-all", "danger")
    page = as_alice.get(reverse("pathway:today")).content.decode()
    assert "Consent withdrawn: remove every needle" in page
