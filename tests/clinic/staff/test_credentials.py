"""Who may needle what: a licence, a training, and a privilege for every region of the muscle."""

from __future__ import annotations

from datetime import timedelta

import pytest

from filiform.anatomy import PRIVILEGES, atlas
from filiform.clinic.staff import actions
from filiform.clinic.staff.credentials import SOON_DAYS, currency, expiring_among, reasons_against
from filiform.reasons import say

pytestmark = pytest.mark.django_db
TRAPEZIUS = "trapezius-upper"


@pytest.fixture
def novice(clinic, site):
    return actions.add_member(
        organisation=clinic,
        username="nadia",
        password=None,
        name="Nadia",
        name_ur="نادیہ",
        roles=frozenset({"practitioner"}),
    )


def codes(member, muscles, on) -> list[str]:
    return [reason.code for reason in reasons_against(member, muscles, on=on)]


def test_a_practitioner_with_everything_in_order_may_needle_every_muscle(alice, today) -> None:
    assert reasons_against(alice, atlas().muscles, on=today) == ()


def test_somebody_at_the_front_desk_may_not_needle(bob, today) -> None:
    assert codes(bob, [TRAPEZIUS], today) == ["staff-not-practitioner"]


def test_somebody_who_was_switched_off_may_not_needle(alice, olga, today) -> None:
    actions.switch_member(member=alice, by=olga, active=False, why="left")
    assert codes(alice, [TRAPEZIUS], today) == ["staff-not-practitioner"]


def test_without_papers_each_missing_one_is_named(novice, today) -> None:
    found = codes(novice, [TRAPEZIUS], today)
    assert found[:2] == ["staff-no-licence", "staff-no-training"]
    regions = len(atlas().muscle(TRAPEZIUS).privileges)
    assert found[2:] == ["staff-privilege-missing"] * regions


def test_a_licence_holds_on_its_last_day_and_not_on_the_next(alice, today) -> None:
    last = alice.licences.get().expires_on
    assert codes(alice, [], last) == []
    assert "staff-licence-expired" in codes(alice, [], last + timedelta(days=1))


def test_the_later_of_two_licences_counts(alice, olga, today) -> None:
    later = today + timedelta(days=900)
    actions.record_licence(member=alice, by=olga, body="Council", number="2", expires_on=later)
    actions.record_training(
        member=alice, by=olga, course="C", hours=8, completed_on=today, expires_on=later
    )
    assert codes(alice, [], later) == []


def test_only_the_regions_that_the_muscles_need_are_asked_for(novice, olga, today) -> None:
    far = today + timedelta(days=300)
    actions.record_licence(member=novice, by=olga, body="C", number="1", expires_on=far)
    actions.record_training(
        member=novice, by=olga, course="C", hours=20, completed_on=today, expires_on=far
    )
    for region in PRIVILEGES:
        needing = [one for one in atlas().muscles.values() if one.privileges == {region}]
        if not needing:
            continue
        muscle = needing[0].id
        assert codes(novice, [muscle], today) == ["staff-privilege-missing"]
        actions.grant_privilege(member=novice, by=olga, region=region, granted_on=today)
        assert codes(novice, [muscle], today) == []


def test_a_muscle_over_the_lung_needs_the_privilege_for_it(alice, olga, today) -> None:
    lung = next(one for one in atlas().muscles.values() if "thorax" in one.privileges)
    row = alice.privileges.get(region="thorax")
    actions.void_credential(credential=row, by=olga, why="insurance stopped covering it")
    reasons = reasons_against(alice, [lung.id], on=today)
    assert [reason.code for reason in reasons] == ["staff-privilege-missing"]
    assert "Over the lung" in say(reasons[0])
    assert lung.name.en in say(reasons[0])


def test_a_privilege_holds_from_its_first_to_its_last_day(alice, olga, today) -> None:
    row = alice.privileges.get(region="neck")
    neck = next(one for one in atlas().muscles.values() if one.privileges == {"neck"})
    actions.amend_credential(
        credential=row,
        by=olga,
        why="limited",
        granted_on=today,
        expires_on=today + timedelta(days=7),
    )
    assert codes(alice, [neck.id], today - timedelta(days=1)) == ["staff-privilege-not-yet"]
    assert codes(alice, [neck.id], today + timedelta(days=7)) == []
    assert codes(alice, [neck.id], today + timedelta(days=8)) == ["staff-privilege-expired"]


def test_a_muscle_that_the_atlas_has_dropped_is_needled_by_nobody(alice, today) -> None:
    assert codes(alice, ["of-an-older-atlas"], today) == ["staff-muscle-unknown"]


@pytest.mark.parametrize("language", ["en", "ur"])
def test_each_reason_says_who_can_mend_it_in_the_readers_language(
    novice, alice, olga, bob, today, language
) -> None:
    far = today + timedelta(days=4000)
    neck = alice.privileges.get(region="neck")
    actions.amend_credential(credential=neck, by=olga, why="x", expires_on=today)
    reasons = [
        *reasons_against(bob, [TRAPEZIUS], on=today),
        *reasons_against(novice, [TRAPEZIUS], on=today),
        *reasons_against(alice, [TRAPEZIUS, "splenius-capitis"], on=far),
    ]
    assert {"staff-licence-expired", "staff-training-expired", "staff-privilege-expired"} <= {
        reason.code for reason in reasons
    }
    for reason in reasons:
        sentence = say(reason, language)
        assert "%" not in sentence
        word = {"en": ("owner", "practitioner"), "ur": ("مالک", "پریکٹیشنر")}[language]
        assert any(part in sentence for part in word)


def test_an_amended_credential_stays_readable_and_no_longer_counts(alice, olga, today) -> None:
    old = alice.licences.get()
    new = actions.amend_credential(credential=old, by=olga, why="typing error", number="L-2")
    assert new.replaces == old
    assert (new.body, new.expires_on) == (old.body, old.expires_on)
    assert currency(alice, today).licence == new
    assert alice.licences.count() == 2


def test_the_currency_says_the_most_urgent_thing(alice, novice, bob, olga, today) -> None:
    assert currency(alice, today).state == "valid"
    assert currency(novice, today).state == "missing"
    assert currency(bob, today).state == "not-needed"
    last = alice.licences.get().expires_on
    assert currency(alice, last - timedelta(days=60)).state == "expiring"
    assert currency(alice, last + timedelta(days=1)).state == "expired"


def test_what_expires_within_sixty_days_is_listed_the_most_urgent_first(alice, olga, today) -> None:
    def expiring():
        return expiring_among([currency(alice, today)], today, SOON_DAYS)

    assert expiring() == []
    neck = alice.privileges.get(region="neck")
    actions.amend_credential(
        credential=neck, by=olga, why="x", expires_on=today - timedelta(days=2)
    )
    actions.amend_credential(
        credential=alice.licences.get(), by=olga, why="x", expires_on=today + timedelta(days=60)
    )
    found = expiring()
    assert [(one.kind, one.days_left) for one in found] == [("privilege", -2), ("licence", 60)]


def test_currencies_of_many_people_take_three_queries(
    clinic, alice, bob, olga, today, django_assert_num_queries
) -> None:
    from filiform.clinic.staff.queries import people

    with django_assert_num_queries(4):
        assert len(people(clinic, on=today)) == 3
