"""The list before the first needle: complete, by whom and when, never instead of the pathway."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.facts.models import Entry
from filiform.clinic.pathway import actions as pathway
from filiform.clinic.treatment import before
from filiform.clinic.treatment.models import Before, Treatment
from filiform.clinic.visits.models import Visit
from filiform.reasons import say

ALL = dict.fromkeys(before.CODES, "yes")


def post(client, visit, data):
    return client.post(reverse("pathway:start", args=[visit.pk]), data)


def test_the_list_gone_through_starts_the_treatment_and_says_by_whom(
    as_alice, alice, visit, targets
):
    response = post(as_alice, visit, ALL)
    assert response.status_code == 302
    row = Before.objects.get()
    assert (row.visit_id, row.recorded_by) == (visit.pk, alice)
    assert [one["item"] for one in row.checked] == list(before.CODES)
    assert Entry.objects.filter(action="before-checked", patient=visit.patient).exists()


@pytest.mark.parametrize("code", before.CODES)
def test_without_any_one_of_the_eight_nothing_starts(as_alice, visit, targets, code):
    response = post(as_alice, visit, {key: "yes" for key in ALL if key != code})
    assert response.status_code == 422
    assert not Treatment.objects.exists()
    assert not Before.objects.exists()
    name = next(item.asks for item in before.ITEMS if item.code == code)
    assert f"not confirmed yet: {name}." in response.content.decode().replace("&#x27;", "'")


def test_who_it_is_and_what_changed_are_never_part_of_the_one_tap(as_alice, visit, targets):
    page = as_alice.get(reverse("treatment:treat", args=[visit.pk])).content.decode()
    boxes = re.findall(r'<input\s+type="checkbox"\s+name="(\w+)"[^>]*data-alone', page)
    alone = {item.code for item in before.ITEMS if item.alone}
    assert set(boxes) == alone == {"identity", "unchanged"}


def test_the_pathways_no_stands_though_the_whole_list_was_ticked(as_alice, alice, visit, targets):
    from filiform.clinic.consent import actions as consent

    consent.withdraw(by=alice, visit=visit)
    Visit.objects.filter(pk=visit.pk).update(state="here")
    response = post(as_alice, visit, ALL)
    assert response.status_code == 422
    assert not Before.objects.exists()
    visit.refresh_from_db()
    assert visit.state == "here", "who was refused has not come into the room by asking"
    assert "data-before" not in response.content.decode(), (
        "no list while something stands against it"
    )


def test_a_tap_keeps_its_own_moment_and_a_wrong_clock_counts_as_now(as_alice, visit, targets):
    tapped = timezone.now() - timedelta(seconds=40)
    wrong = timezone.now() + timedelta(days=2)
    sent = timezone.now()
    post(as_alice, visit, {**ALL, "at-identity": tapped.isoformat(), "at-hands": wrong.isoformat(),
                           "at-skin": "yesterday"})  # fmt: skip
    at = {one.code: one.at for one in before.told(Before.objects.get())}
    assert at["identity"] == tapped
    assert all(sent <= at[code] <= timezone.now() for code in ("hands", "skin", "sharps"))


def test_the_record_shows_what_was_looked_at_before_the_first_needle(as_alice, visit, targets):
    post(as_alice, visit, ALL)
    page = as_alice.get(reverse("treatment:record", args=[visit.pk])).content.decode()
    assert "Before the first needle" in page
    for item in before.ITEMS:
        assert str(item.asks) in page, item.code


def test_a_second_start_does_not_ask_again_nor_write_a_second_list(
    as_alice, alice, visit, targets, today
):
    post(as_alice, visit, ALL)
    post(as_alice, visit, {})
    assert Before.objects.count() == 1
    assert pathway.start(by=alice, visit=visit, on=today) == Treatment.objects.get()


def test_half_a_list_can_not_be_kept(alice, visit):
    with pytest.raises(ValueError, match="allowed: all of identity"):
        before.keep(by=alice, visit=visit, checked={"identity": timezone.now()})


def test_what_is_lacking_is_told_in_both_languages():
    (reason,) = before.lacking({})
    assert say(reason) != say(reason, "ur")
    assert before.lacking(before.usual(timezone.now())) == ()


def test_only_who_treats_here_can_go_through_the_list(client, bob, charlie, visit, targets):
    for person, status in ((bob, 403), (charlie, 404)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert post(client, visit, ALL).status_code == status
