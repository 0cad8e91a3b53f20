"""The account of a count that did not add up: what it must say, and who must stand for it.

Pure, as `counting`. What is asked for follows the search for a missing needle: look where it can
be, count again by two, and where it is not found, think of the patient first.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from filiform.clinic.treatment.counting import NeedleTally
from filiform.reasons import Reason

PLACES = ("skin", "clothes", "couch", "floor", "bin")
"""Where a needle that isn't found has to be looked for, in this order (expert opinion)."""
STEPS = ("recount", *PLACES, "patient-told", "lead-told")
NEEDED_WHEN_NOT_FOUND = frozenset(STEPS)
FOUND = ("found", "miscounted", "record-wrong")
"""How it ends well; the count after it has to add up."""
NOT_FOUND = ("not-found", "in-patient")
"""How it ends otherwise; the count still doesn't add up."""
WHERE = (*PLACES, "packs", "staff")
IMAGING = ("asked", "declined", "ruled-out")
"""X-ray of the needled area: asked for; declined by the patient; not needed, because two people
looked at every site and no needle can be in the patient."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody has just shown on this page who they are, as `staff.pins.prove` answered.

    way: "pin" or "password".
    """

    person: Hashable
    clinic: Hashable
    name: str
    way: str


@dataclass(frozen=True, slots=True)
class SearchAccount:
    """What is said about the search. steps: of STEPS. result: of FOUND or NOT_FOUND. where: of
    WHERE, for what was found. imaging: of IMAGING, for what was not."""

    steps: frozenset[str]
    result: str
    where: str = ""
    imaging: str = ""
    note: str = ""
    first: Proof | None = None
    second: Proof | None = None


def reason_against_account(
    tally: NeedleTally, account: SearchAccount, *, writer: Hashable, clinic: Hashable
) -> Reason | None:
    """Why this account can't be taken. writer: who is signed in; clinic: whose treatment it is."""
    return (
        _against_moment(tally)
        or _against_result(tally, account)
        or _against_search(account)
        or _against_people(account, writer, clinic)
    )


def _against_moment(tally: NeedleTally) -> Reason | None:
    # A second account may follow the first: a needle that was not found turns up an hour later.
    if not tally.mismatches:
        return Reason(code="account-needless")
    # An account is of a count that holds; a needle that came or went since has made it an old one.
    if tally.needles_in or tally.moved:
        return Reason(code="account-count-first")
    return None


def _against_result(tally: NeedleTally, account: SearchAccount) -> Reason | None:
    adds_up = tally.last is not None and tally.last.adds_up
    if account.result in FOUND:
        return None if adds_up else Reason(code="account-still-missing")
    if account.result in NOT_FOUND:
        return Reason(code="account-nothing-missing") if adds_up else None
    return Reason(code="account-no-result")


def _against_search(account: SearchAccount) -> Reason | None:
    # Counted again by two is the least: without it nobody has looked at all.
    if "recount" not in account.steps:
        return Reason(code="account-no-search")
    if account.result == "found" and account.where not in WHERE:
        return Reason(code="account-no-where")
    if account.result in NOT_FOUND:
        if not account.steps >= NEEDED_WHEN_NOT_FOUND:
            return Reason(code="account-search-short")
        if account.imaging not in IMAGING:
            return Reason(code="account-no-imaging")
        # Both can't be: "no needle can be in the patient" and "it is buried in the patient".
        if account.result == "in-patient" and account.imaging == "ruled-out":
            return Reason(code="account-needs-imaging")
    return None


def _against_people(account: SearchAccount, writer: Hashable, clinic: Hashable) -> Reason | None:
    # Being signed in is not enough: the tablet may lie open while its owner is in the next room.
    if account.first is None or account.first.person != writer:
        return Reason(code="account-first-unproven")
    if account.second is None:
        return Reason(code="account-second-unproven")
    if account.second.person == account.first.person:
        return Reason(code="account-second-is-self")
    if account.first.clinic != clinic or account.second.clinic != clinic:
        return Reason(code="account-not-of-clinic")
    return None
