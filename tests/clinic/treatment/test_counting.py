"""The count's truth against the slow referee, whatever happens in whatever order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinic.treatment.reference import Message, Paper

from filiform.clinic.treatment.accounting import STEPS, Proof, SearchAccount, reason_against_account
from filiform.clinic.treatment.counting import (
    ActInCount,
    NeedleTally,
    reason_against,
    reasons_against_signature,
)

PEOPLE = {
    "first": Proof("sana", "midcity", "Sana", "pin"),
    "second": Proof("desk", "midcity", "Desk", "password"),
}
KINDS = st.sampled_from(
    [
        *("insertion", "insertion", "removal", "removal", "twitch", "void"),
        *("count", "count", "account", "pack"),
    ]
)
MESSAGES = st.lists(
    st.tuples(
        KINDS,
        st.integers(0, 12),
        st.sampled_from(["tapped", "not-through-skin"]),
        st.tuples(
            st.integers(-1, 1), st.integers(0, 1), st.integers(-1, 1), st.sampled_from([0, 0, 1])
        ),
        st.booleans(),
    ),
    max_size=14,
)


def said(found: bool) -> SearchAccount:
    if found:
        return SearchAccount(frozenset(["recount"]), "miscounted", **PEOPLE)
    return SearchAccount(frozenset(STEPS), "not-found", imaging="asked", **PEOPLE)


def refused(tally: NeedleTally, act: ActInCount, message: Message) -> bool:
    if message.kind == "account":
        account = said(message.found)
        return reason_against_account(tally, account, writer="sana", clinic="midcity") is not None
    return reason_against(tally, act) is not None


def messages_of(chosen, paper: Paper):
    """Numbers are near what the paper says, so that counts come out right as often as wrong."""
    for number, (kind, about, reason, (opened, unused, in_bin, broken), found) in enumerate(chosen):
        right = max(0, paper.needles_used() + unused + opened) if kind == "count" else 0
        yield Message(
            str(number),
            kind,
            str(about) if kind in ("removal", "twitch", "void") else "",
            reason,
            opened=right,
            unused=unused if kind == "count" else 0,
            in_bin=max(0, right + in_bin) if kind == "count" else 0,
            broken=broken if kind == "count" else 0,
            needles=about % 3 if kind == "pack" else 0,
            found=found,
        )


@given(chosen=MESSAGES)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_the_count_says_the_same_as_a_sheet_of_paper_read_again_from_the_top(chosen):
    paper, tally = Paper(), NeedleTally()
    for message in messages_of(chosen, paper):
        act = ActInCount(
            message.id,
            message.kind,
            message.about or None,
            message.reason if message.kind == "void" else "",
            message.opened,
            message.unused,
            message.in_bin,
            message.broken,
            message.needles,
        )
        taken = not refused(tally, act, message)
        assert paper.write(message) == taken, message
        if taken:
            tally.take(act)
        assert (tally.needles_in, tally.used) == (paper.needles_in(), paper.needles_used())
        assert [count.adds_up for count in tally.counts] == [
            paper.adds_up(count) for count in paper.counts()
        ]
        assert tally.holds == paper.may_be_signed() == (not reasons_against_signature(tally))


def test_a_count_that_the_database_was_made_to_undo_counts_all_the_same() -> None:
    """No page and no action undoes one; a row slipped in by hand changes nothing either."""
    tally = NeedleTally()
    for act in (
        ActInCount("needle", "insertion"),
        ActInCount("out", "removal", "needle"),
        ActInCount("wrong", "count", opened=2, in_bin=1),
        ActInCount("void", "void", "wrong"),
        ActInCount("right", "count", opened=1, in_bin=1),
    ):
        tally.take(act)
    assert [count.id for count in tally.mismatches] == ["wrong"]
    assert [reason.code for reason in reasons_against_signature(tally)] == ["sign-account"]
