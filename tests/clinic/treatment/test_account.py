"""A count that did not add up stays, and two people answer for it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from tests.clinic.treatment.treatment_steps import account

from filiform.clinic.pathway import actions as pathway
from filiform.clinic.staff import pins
from filiform.clinic.treatment import queries, steps
from filiform.clinic.treatment.accounting import STEPS
from filiform.clinic.treatment.models import Act, Seal

PINS = {"alice": "246810", "bob": "135790"}


def codes(answer):
    assert isinstance(answer, tuple), f"not refused: {answer}"
    return [reason.code for reason in answer]


@pytest.fixture
def sign(treatment, alice, today):
    def now(**seen):
        return pathway.sign(by=alice, treatment=treatment, on=today, **seen)

    return now


@pytest.fixture
def mismatch(act, targets):
    """One needle in and out; two packs were opened, one needle lies in the bin."""
    act("removal", needle=act("insertion", target=targets[0]))
    return act("count", details={"opened": 2, "in_bin": 1})


def test_counting_again_does_not_take_a_mismatch_away(mismatch, act, sign, treatment, alice, bob):
    assert codes(sign()) == ["sign-mismatch"]
    act("count", details={"opened": 1, "in_bin": 1})
    assert codes(sign()) == ["sign-account"]
    assert [one.pk for one in queries.course(treatment).mismatches] == [mismatch.pk]
    assert not isinstance(act("account", details=account(alice, bob)), tuple)
    assert isinstance(sign(), Seal)


def test_the_rail_says_that_the_needles_do_not_add_up_until_two_answered(
    mismatch, act, visit, alice, bob, today
):
    def says():
        return str(steps.state(visit, by=alice, on=today).says)

    assert says() == "The needles don't add up"
    act("account", details=account(alice, bob, found=False))
    assert says() == "Not signed yet"


def test_a_mismatch_after_an_account_needs_another(mismatch, act, sign, alice, bob):
    act("account", details=account(alice, bob, found=False))
    act("count", details={"opened": 3, "in_bin": 1})
    assert codes(sign()) == ["sign-mismatch"]
    act("account", details=account(alice, bob, found=False))
    assert isinstance(sign(), Seal)


def test_a_needle_that_turns_up_after_the_account_has_an_account_of_its_own(
    mismatch, act, sign, treatment, alice, bob
):
    act("account", details=account(alice, bob, found=False))
    act("count", details={"opened": 1, "in_bin": 1})
    act("account", details=account(alice, bob, result="found", where="floor"))
    assert len(queries.course(treatment).acts) == 6
    assert isinstance(sign(), Seal)


def test_an_account_says_what_was_done_what_came_of_it_and_who_stands_for_it(
    mismatch, act, alice, bob, charlie
):
    """Each row: what is said, and what is wrong with it."""
    full = list(STEPS)
    missing = {"result": "not-found", "imaging": "asked", "found": False}
    cases = [
        ({**missing, "steps": []}, "account-no-search"),
        ({**missing, "steps": full[1:]}, "account-no-search"),
        ({**missing, "steps": full[:3]}, "account-search-short"),
        ({**missing, "imaging": ""}, "account-no-imaging"),
        ({**missing, "result": "in-patient", "imaging": "ruled-out"}, "account-needs-imaging"),
        ({**missing, "result": ""}, "account-no-result"),
        ({"result": "found", "where": "floor"}, "account-still-missing"),
        ({"result": "miscounted"}, "account-still-missing"),
        ({**missing, "first": None}, "account-first-unproven"),
        ({**missing, "second": None}, "account-second-unproven"),
    ]
    for said, code in cases:
        answer = act("account", details=account(alice, bob, **said))
        assert isinstance(answer, tuple), said
        assert codes(answer) == [code], said
    people = [(bob, bob, "account-first-unproven"), (alice, alice, "account-second-is-self"),
              (alice, charlie, "account-not-of-clinic")]  # fmt: skip
    for first, second, code in people:
        assert codes(act("account", details=account(first, second, found=False))) == [code]
    act("count", details={"opened": 1, "in_bin": 1})
    for said, code in (
        ({"result": "not-found", "imaging": "asked"}, "account-nothing-missing"),
        ({"result": "found", "where": ""}, "account-no-where"),
    ):
        assert codes(act("account", details=account(alice, bob, **said))) == [code]


def test_without_a_mismatch_there_is_nothing_to_account_for(act, targets, alice, bob):
    assert codes(act("account", details=account(alice, bob))) == ["account-needless"]
    act("removal", needle=act("insertion", target=targets[0]))
    act("count", details={"opened": 1, "in_bin": 1})
    assert codes(act("account", details=account(alice, bob))) == ["account-needless"]


def test_after_another_needle_the_account_waits_for_the_count(mismatch, act, targets, alice, bob):
    act("removal", needle=act("insertion", target=targets[0]))
    assert codes(act("account", details=account(alice, bob))) == ["account-count-first"]


def test_neither_a_count_nor_an_account_is_undone(mismatch, act, alice, bob):
    given = act("account", details=account(alice, bob, found=False))
    assert codes(act("void", replaces=mismatch, why="It was wrong")) == ["void-count"]
    assert codes(act("void", replaces=given, why="It was wrong")) == ["void-account"]


def test_undoing_a_needle_says_why(act, targets):
    needle = act("insertion", target=targets[0])
    assert codes(act("void", replaces=needle)) == ["void-no-reason"]
    for reason in ("because", "other-needle"):  # the second is a reason for a removal
        answer = act("void", replaces=needle, details={"reason": reason})
        assert codes(answer) == ["void-no-reason"]
    assert codes(act("void", replaces=needle, details={"reason": "other"})) == ["void-no-words"]
    void = act("void", replaces=needle, details={"reason": "other"}, why="The patient sneezed")
    assert (void.details, void.why) == ({"reason": "other"}, "The patient sneezed")


def test_a_needle_that_never_went_through_the_skin_is_looked_for_in_the_bin(act, targets, sign):
    act("removal", needle=act("insertion", target=targets[0]))
    spoilt = act("insertion", target=targets[1])
    act("void", replaces=spoilt, details={"reason": "not-through-skin"})
    # Record and packs agree on one needle; the one that never went in is in neither number.
    assert not act("count", details={"opened": 1, "in_bin": 1}).details["matches"]
    assert act("count", details={"opened": 2, "unused": 1, "in_bin": 2}).details["matches"]


def test_a_needle_undone_to_make_the_count_fit_is_found_out(act, targets, sign, treatment):
    """Three tapped in, two in the bin; one insertion is undone, and the numbers fit."""
    needles = [act("insertion", target=targets[0]) for _needle in range(3)]
    outs = [act("removal", needle=needle) for needle in needles]
    act("count", details={"opened": 3, "in_bin": 2})
    act("void", replaces=outs[2], details={"reason": "tapped"})
    act("void", replaces=needles[2], details={"reason": "tapped"})
    assert act("count", details={"opened": 2, "in_bin": 2}).details["matches"]
    assert codes(sign()) == ["sign-account"]
    assert [wrong.pk for wrong, _void in queries.course(treatment).undone_needles] == [
        needles[2].pk
    ]


def test_a_page_that_shows_less_than_is_recorded_signs_nothing(counted, act, sign):
    seen = Act.objects.filter(treatment=counted).count()
    act("response", details={"pain": 9, "feels": "unwell"})
    assert codes(sign(acts_seen=seen)) == ["sign-page-stale"]
    assert isinstance(sign(acts_seen=seen + 1), Seal)
    assert isinstance(sign(acts_seen=seen), Seal), "signed already: the same seal"


# --- over HTTP ---------------------------------------------------------------------------------


@pytest.fixture
def send(as_alice, visit):
    def post(name, **data):
        room = "pathway" if name == "sign" else "treatment"
        return as_alice.post(reverse(f"{room}:{name}", args=[visit.pk]), data)

    return post


def entered(second, /, **other):
    said = {
        "steps": ["recount"],
        "result": "miscounted",
        "first_pin": PINS["alice"],
        "second": second.pk,
        "second_pin": PINS["bob"],
        "act_id": uuid4(),
    }
    return {f"account-{name}": value for name, value in (said | other).items()}


@pytest.fixture
def recounted(mismatch, act):
    return act("count", details={"opened": 1, "in_bin": 1})


def test_two_people_confirm_on_the_page_each_by_their_own_pin(recounted, send, bob, alice):
    refused = [
        {"first_pin": ""},
        {"first_pin": PINS["bob"]},
        {"second_pin": ""},
        {"second_pin": PINS["alice"]},
        {"second": alice.pk, "second_pin": PINS["alice"]},
        {"second": uuid4()},
        {"second": ""},
        {"steps": []},
        {"steps": ["looked-away"]},
        {"result": "not-found"},
        {"act_id": "x"},
    ]
    for wrong in refused:
        assert send("account", **entered(bob, **wrong)).status_code == 422, wrong
        assert send("sign").status_code == 422, wrong
    assert not Act.objects.filter(kind="account").exists()
    right = entered(bob)
    for _click in range(2):
        assert send("account", **right).status_code == 302
    given = Act.objects.get(kind="account")
    assert given.details["people"] == [
        {"id": str(alice.pk), "name": "Alice", "way": "pin"},
        {"id": str(bob.pk), "name": "Bob", "way": "pin"},
    ]
    assert send("sign").status_code == 302


def test_a_colleagues_pin_can_be_tried_five_times_and_not_more(recounted, send, bob):
    for _try in range(pins.TRIES_ALLOWED):
        send("account", **entered(bob, second_pin="999998"))
    answer = send("account", **entered(bob))
    assert answer.status_code == 422
    assert "Too many wrong tries at the PIN of Bob" in answer.content.decode()


def test_no_pin_is_sent_back_or_kept_in_the_record(recounted, send, bob):
    answer = send("account", **entered(bob, second_pin="999998"))
    assert "999998" not in answer.content.decode()
    send("account", **entered(bob))
    assert PINS["bob"] not in str(Act.objects.get(kind="account").details)


def test_the_page_and_the_record_show_every_count_the_undone_needle_and_the_account(
    mismatch, act, send, as_alice, visit, targets, bob
):
    wrong = act("insertion", target=targets[1])
    act("void", replaces=wrong, details={"reason": "not-through-skin"})
    act("count", details={"opened": 2, "unused": 1, "in_bin": 2})
    send("account", **entered(bob, result="found", where="couch"))
    for name in ("treat", "record"):
        shown = as_alice.get(reverse(f"treatment:{name}", args=[visit.pk])).content.decode()
        assert "Does not add up." in shown, name
        assert "The needle never went through the skin" in shown, name
        assert "On the couch or in the linen" in shown, name
        assert "Bob" in shown, name


def test_undo_in_the_bar_names_its_act_and_is_gone_after_a_count(act, targets, as_alice, visit):
    def bar():
        page = as_alice.get(reverse("treatment:treat", args=[visit.pk])).content.decode()
        return re.sub(r"<[^>]+>", "", page[page.index('class="bar-acts"') :])

    needle = act("insertion", target=targets[0])
    assert "Undo: Needle in, " in bar()
    act("twitch", needle=needle)
    assert "Undo: Twitch, " in bar()
    act("removal", needle=needle)
    assert "Undo: Needle out, " in bar()
    act("count", details={"opened": 1, "in_bin": 1})
    assert "Undo" not in bar()
    act("response", details={"pain": 2})
    assert "Undo: Response" in bar()


def test_after_the_signature_nothing_is_counted_by_any_way(sealed, send, act, alice, bob):
    """Button, address, queue and the database itself."""
    treatment = sealed.treatment
    number = Act.objects.filter(treatment=treatment).count()
    count = {"opened": 2, "in_bin": 2}
    assert codes(act("count", details=count)) == ["treatment-sealed"]
    assert codes(act("account", details=account(alice, bob))) == ["treatment-sealed"]
    answer = send("count", act_id=uuid4(), **count)
    assert answer.status_code == 422
    assert "This treatment is signed" in answer.content.decode()
    assert 'name="opened"' not in answer.content.decode()
    assert send("account", **entered(bob)).status_code == 422
    queued = send("act", act_id=uuid4(), kind="void", replaces=uuid4(), reason="tapped")
    assert queued.status_code == 422
    with pytest.raises(DatabaseError, match="signed"), transaction.atomic():
        Act.objects.create(
            organisation=treatment.organisation,
            patient=treatment.patient,
            treatment=treatment,
            number=number + 1,
            kind="count",
            at=timezone.now(),
            details={**count, "unused": 0, "broken": 0, "used": 2, "spoilt": 0, "matches": True},
        )
    assert Act.objects.filter(treatment=treatment).count() == number
