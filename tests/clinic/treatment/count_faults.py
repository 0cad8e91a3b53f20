"""Mistakes around the count of needles, made on purpose: each kind as a short treatment.

A fault is played in a *room*: the pure rules alone (`fault_rooms.PureRoom`), or the clinic's real
addresses (`http_room.HttpRoom`). Both answer with the code of the reason, "" when taken.
What a fault must come to stands beside it. Some can't be found by counting; they are here too, by
name, with what remains.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.clinic.treatment.fault_rooms import Room

from filiform.clinic.treatment.accounting import STEPS


@dataclass(frozen=True)
class Fault:
    """One kind of mistake. play answers the code by which it came out, "" when it did not.

    caught_by: codes that count as found. remains: what stays dangerous where a count can't find
    it; "" for a fault that must be found every time. only_http: no rule but a door.
    """

    name: str
    says: str
    play: Callable[[Room, random.Random], str]
    caught_by: tuple[str, ...] = ()
    remains: str = ""
    only_http: bool = False


FAULTS: list[Fault] = []


def fault(
    says: str, *caught_by: str, remains: str = "", only_http: bool = False
) -> Callable[[Callable[[Room, random.Random], str]], Callable[[Room, random.Random], str]]:
    def enter(play: Callable[[Room, random.Random], str]) -> Callable[[Room, random.Random], str]:
        name = play.__name__.replace("_", "-")
        FAULTS.append(Fault(name, says, play, caught_by, remains, only_http))
        return play

    return enter


def needled(room: Room, rng: random.Random, least: int = 1) -> int:
    """Some needles in and out again, as they should be. Answers how many."""
    needles = rng.randint(least, max(least, room.most_needles))
    for number in range(needles):
        assert room.insert(f"needle-{number}") == ""
    for number in rng.sample(range(needles), needles):
        assert room.remove(f"out-{number}", f"needle-{number}") == ""
    return needles


def mismatch(room: Room, opened: int, in_bin: int, **other: int) -> None:
    """A count that must not add up."""
    assert room.count(opened, in_bin, **other) == ""
    assert room.mismatches() == 1, "the count added up"


def counted_wrong(room: Room, opened: int, in_bin: int, **other: int) -> str:
    """What stands against the signature after a count that must not add up."""
    mismatch(room, opened, in_bin, **other)
    return room.sign()


def one_off(rng: random.Random, number: int) -> int:
    return number + (rng.choice([-1, 1]) if number else 1)


# --- found by the count --------------------------------------------------------------------------


@fault("A needle stays in the patient though its removal was tapped", "sign-mismatch")
def forgotten_needle(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    return counted_wrong(room, needles, needles - 1)


@fault("Two needles are forgotten", "sign-mismatch")
def two_forgotten_needles(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng, 2)
    return counted_wrong(room, needles, needles - 2)


@fault("A needle was put in and never tapped; its pack is counted", "sign-mismatch")
def insertion_not_tapped(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    return counted_wrong(room, needles + 1, needles + 1)


@fault("One needle is tapped in twice, and both are tapped out", "sign-mismatch")
def insertion_doubled_and_removed(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.insert("ghost") == ""
    assert room.remove("ghost-out", "ghost") == ""
    return counted_wrong(room, needles, needles)


@fault("The packs are counted one too many or too few", "sign-mismatch")
def packs_miscounted(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    return counted_wrong(room, one_off(rng, needles), needles)


@fault("The sharps bin is counted one too many or too few", "sign-mismatch")
def bin_miscounted(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    return counted_wrong(room, needles, one_off(rng, needles))


@fault("A needle breaks; the piece in the bin is seen not to be whole", "sign-mismatch")
def broken_needle_seen(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    return counted_wrong(room, needles, needles, broken=1)


@fault("A needle breaks and its two pieces are counted as two needles", "sign-mismatch")
def broken_needle_counted_twice(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    return counted_wrong(room, needles, needles + 1)


@fault("The digits of a number are typed in the wrong order", "sign-mismatch")
def digits_swapped(room: Room, rng: random.Random) -> str:
    needles = rng.choice([10, 12])
    for number in range(needles):
        room.insert(f"needle-{number}")
        room.remove(f"out-{number}", f"needle-{number}")
    swapped = int(str(needles)[::-1])
    wrong = rng.choice([(swapped, needles), (needles, swapped), (swapped, swapped)])
    return counted_wrong(room, *wrong)


@fault("A digit too many is typed", "sign-mismatch", "count-number", "form")
def a_digit_too_many(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    return room.count(10 * needles + rng.choice([0, 900]), needles) or room.sign()


@fault("A needle that never went through the skin is left out of the count", "sign-mismatch")
def spoilt_needle_left_out(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.insert("spoilt") == ""
    assert room.undo("undo", "spoilt", "not-through-skin") == ""
    return counted_wrong(room, needles, needles)


@fault("A pack that was opened and not used is not said to be unused", "sign-mismatch")
def unused_not_told(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    return counted_wrong(room, needles + 1, needles + 1)


@fault("A pack is opened and recorded, and overlooked when the packs are counted", "sign-mismatch")
def recorded_pack_overlooked(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.open_packs("packs", needles + 1) == ""
    return counted_wrong(room, needles, needles)


@fault("A needle comes from a pack that nobody recorded", "sign-mismatch")
def needle_from_an_unrecorded_pack(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.open_packs("packs", needles) == ""
    room.insert("other")
    room.remove("other-out", "other")
    return counted_wrong(room, needles + 1, needles + 1)


@fault("A pack is recorded twice", "sign-mismatch")
def pack_recorded_twice(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.open_packs("packs", needles) == ""
    assert room.open_packs("packs-again", 1) == ""
    return counted_wrong(room, needles, needles)


@fault("A pack is opened after the count", "sign-count-again")
def pack_after_the_count(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.count(needles, needles) == ""
    assert room.open_packs("packs", 1) == ""
    return room.sign()


# --- the record is talked round ------------------------------------------------------------------


@fault("After a mismatch the count is simply done again until it fits", "sign-account")
def recount_to_fit(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    mismatch(room, needles, needles - 1)
    assert room.count(needles, needles) == ""
    return room.sign()


@fault("After a mismatch an insertion is undone so that the numbers fit", "sign-account")
def insertion_undone_to_fit(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    mismatch(room, needles, needles - 1)
    assert room.undo("undo-out", "out-0", "tapped") == ""
    assert room.undo("undo-in", "needle-0", "tapped") == ""
    assert room.count(needles - 1, needles - 1) == ""
    return room.sign()


@fault("After a mismatch the opening of a pack is undone so that the numbers fit", "sign-account")
def pack_undone_to_fit(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.open_packs("packs", needles) == ""
    assert room.open_packs("more", 1) == ""
    mismatch(room, needles, needles)
    assert room.undo("undo", "more", "tapped") == ""
    assert room.count(needles, needles) == ""
    return room.sign()


@fault("After a mismatch the count itself is undone", "void-count")
def count_undone(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    room.count(needles, needles - 1, name="wrong")
    found = room.undo("undo", "wrong", "other")
    assert room.mismatches() == 1
    return found


@fault("The account is written and says nothing of a search", "account-no-search")
def account_without_search(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    mismatch(room, needles, needles - 1)
    found = room.account("not-found", steps=(), imaging="asked")
    assert room.sign() == "sign-mismatch"
    return found


@fault("Not found, and not every place was searched", "account-search-short")
def search_cut_short(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    mismatch(room, needles, needles - 1)
    left_out = rng.choice(STEPS[1:])
    steps = tuple(step for step in STEPS if step != left_out)
    found = room.account("not-found", steps=steps, imaging="asked")
    assert room.sign() == "sign-mismatch"
    return found


@fault('"Found" is said, and nobody counted again', "account-still-missing", "form")
def found_without_count(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    mismatch(room, needles, needles - 1)
    found = room.account("found", where="floor")
    assert room.sign() == "sign-mismatch"
    return found


@fault("The second person is the first", "account-second-is-self", "form")
def second_is_first(room: Room, rng: random.Random) -> str:
    return _account_with(room, rng, "self")


@fault("The second person's PIN is wrong", "account-second-unproven", "form")
def wrong_pin(room: Room, rng: random.Random) -> str:
    return _account_with(room, rng, "wrong-pin")


@fault("The second person is of another clinic", "account-not-of-clinic", "form")
def second_of_another_clinic(room: Room, rng: random.Random) -> str:
    return _account_with(room, rng, "outsider")


def _account_with(room: Room, rng: random.Random, second: str) -> str:
    needles = needled(room, rng)
    mismatch(room, needles, needles - 1)
    found = room.account("not-found", imaging="asked", second=second)
    assert room.sign() == "sign-mismatch"
    return found


# --- taps, queues and tablets --------------------------------------------------------------------


@fault("A removal is tapped twice", "needle-already-out")
def removal_tapped_twice(room: Room, rng: random.Random) -> str:
    needled(room, rng)
    return room.remove("again", "needle-0")


@fault("A needle is tapped out that was never in", "needle-unknown")
def removal_of_a_needle_never_in(room: Room, rng: random.Random) -> str:
    needled(room, rng)
    return room.remove("out-of-nothing", "nothing")


@fault("A needle is tapped out whose insertion was undone", "needle-undone")
def removal_of_an_undone_needle(room: Room, rng: random.Random) -> str:
    needled(room, rng)
    room.insert("slip")
    room.undo("undo", "slip", "tapped")
    return room.remove("out-slip", "slip")


@fault("The tablet sends an insertion again after a lost answer", "once")
def insertion_resent(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    for _time in range(rng.randint(1, 3)):
        assert room.insert("needle-0") == ""
    assert room.count(needles, needles) == ""
    return "once" if room.used() == needles and room.sign() == "" else ""


@fault("One needle is tapped in twice by two taps", "count-needles-in")
def insertion_doubled(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.insert("ghost") == ""
    return room.count(needles, needles)


@fault("The count comes before the last removal", "count-needles-in")
def count_before_last_removal(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    room.insert("last")
    return room.count(needles + 1, needles)


@fault("Two tablets: one puts a needle in while the other counts and signs", "sign-needles-in",
       "sign-page-stale")  # fmt: skip
def two_tablets(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.count(needles, needles) == ""
    seen = room.acts()
    room.insert("other-tablet")
    return room.sign(rng.choice([None, seen]))


@fault("An insertion and its removal arrive from a queue after the count", "sign-count-again")
def act_after_the_count(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    assert room.count(needles, needles) == ""
    room.insert("late")
    room.remove("late-out", "late")
    return room.sign()


@fault("Somebody signs a page that shows less than is recorded", "sign-page-stale")
def stale_page(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    seen = room.acts()
    assert room.count(needles, needles) == ""
    return room.sign(seen)


@fault("A negative number is counted", "count-number", "form")
def negative_number(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    wrong = [(-needles, needles, 0), (needles, -1, 0), (needles, needles, -1)]
    opened, in_bin, unused = rng.choice(wrong)
    return room.count(opened, in_bin, unused=unused)


@fault("Needles are counted after the signature", "treatment-sealed")
def count_after_signing(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    room.count(needles, needles)
    assert room.sign() == ""
    return room.count(needles + 1, needles)


@fault("An insertion arrives from a queue after the signature", "treatment-sealed")
def act_after_signing(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    room.count(needles, needles)
    assert room.sign() == ""
    return room.insert("late")


@fault("Somebody of another clinic counts", "not-found", only_http=True)
def count_by_an_outsider(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    found = room.count_as("outsider", needles, needles)
    assert room.sign() == "sign-count-missing"
    return found


# --- what a count can't find ---------------------------------------------------------------------


@fault(
    "A needle that was put in is never tapped, its pack is not counted, and it stays in",
    remains="Record, packs and bin miss the same needle. What helps is outside the count: packs "
    "laid out and counted before the start, and a flat hand over every site at the end.",
)
def untapped_and_its_pack_overlooked(room: Room, rng: random.Random) -> str:
    tapped = needled(room, rng)
    opened, overlooked, in_patient = tapped + 1, 1, 1
    room.count(opened - overlooked, opened - in_patient)
    return room.sign()


@fault(
    "A needle stays in, and the number of the bin is copied instead of counted",
    remains="The page asks to look and fills in no number; nothing can tell a copied number from "
    "a counted one. A second pair of eyes, at the latest from five needles on.",
)
def bin_number_copied(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    room.count(needles, in_bin=room.used())  # needles - 1 lie there
    return room.sign()


@fault(
    "A needle breaks in the patient, and its handle is counted as a whole needle",
    remains="The count asks how many are not whole; who does not look sees none. Look at each "
    "needle from tip to handle as it comes out.",
)
def broken_needle_unseen(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    handles_alone, noticed = 1, 0
    whole = needles - handles_alone
    room.count(needles, whole + handles_alone, broken=noticed)
    return room.sign()


@fault(
    "A needle in the patient is undone as a slip, and its pack is not counted",
    remains="The undone needle stays in the record with its reason and stands beside the count; "
    "nobody but the two people at the couch can see that it was none.",
)
def undone_while_in_the_patient(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    room.insert("still-in")
    assert room.undo("undo", "still-in", "tapped") == ""
    opened, overlooked, in_patient = needles + 1, 1, 1
    room.count(opened - overlooked, opened - in_patient)
    return room.sign()


@fault(
    "A needle stays in, and one left in the bin from before is counted in its place",
    remains="Two errors that cancel. The bin is emptied or its content noted before a treatment.",
)
def forgotten_and_a_stranger_in_the_bin(room: Room, rng: random.Random) -> str:
    needles = needled(room, rng)
    in_patient, strangers = 1, 1
    room.count(needles, needles - in_patient + strangers)
    return room.sign()


def sound_treatment(room: Room, rng: random.Random) -> str:
    """Nothing goes wrong: the signature must not be held up."""
    needles = needled(room, rng)
    unused = rng.choice([0, 0, 1])
    if rng.choice([True, False]):
        assert room.open_packs("packs", needles + unused) == ""
    assert room.count(needles + unused, needles + unused, unused=unused) == ""
    return room.sign(room.acts())
