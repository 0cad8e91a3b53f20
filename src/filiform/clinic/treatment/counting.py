"""The count of needles, as the acts of a treatment tell it: may it be signed, and what is missing?

Pure: values in, values out; no Django, no clock. `tests/clinic/treatment/reference.py` is the slow,
obvious referee, and `docs/reference/count-faults.md` shows which mistakes the count finds.

Three things bear witness, and each can be wrong by itself: the *record* (needles tapped in), the
*packs* on the tray, and the *sharps container*. Where packs are opened in the record, too, that is
a fourth: those on the tray have to be those of the record. A count adds up when all agree. One that
did not add up is a fact of this treatment: counting again never takes it away, an account does.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from filiform.reasons import Reason

MOST_COUNTED = 200
"""A larger number of needles is a slip of the finger (design value)."""
MOVES_A_NEEDLE = frozenset({"insertion", "removal", "pack"})
"""After one of these a count is to be made anew: an opened pack brings needles to the couch."""
STAYS = frozenset({"start", "count", "account"})
"""What is never undone: a count is corrected by another count, and both stay; that needling began
in spite of something stays, too."""
ENDED = "event-end"
"""Neither, nor is the event that it ends: an adverse event was made of both, which others have
read and which would stand in the register without what it is about."""
SPOILT = "not-through-skin"
"""Why an insertion was undone when there was a needle all the same: it lies in the container,
opened and not used. After every other undone insertion there was no needle of its own."""


@dataclass(frozen=True, slots=True)
class ActInCount:
    """Of an act what the count needs. about: the needle of a removal, twitch, pain or place; the
    act that a void undoes; the event that an `ENDED` ends. reason: why it was undone. The numbers
    belong to a count; needles to packs that were opened."""

    id: Hashable
    kind: str
    about: Hashable | None = None
    reason: str = ""
    opened: int = 0
    unused: int = 0
    in_bin: int = 0
    broken: int = 0
    needles: int = 0


@dataclass(frozen=True, slots=True)
class CountMade:
    """One count, beside what the record said at that moment.

    used: insertions that held. spoilt: needles whose insertion was undone because they never went
    through the skin. opened, unused, in_bin: as counted. broken: of those in the container, how
    many are not whole from tip to handle. in_packs: needles in the packs that the record says were
    opened; None where no pack stands in the record.
    """

    id: Hashable
    used: int
    spoilt: int
    opened: int
    unused: int
    in_bin: int
    broken: int
    in_packs: int | None = None

    @property
    def adds_up(self) -> bool:
        """Record, packs and container agree, and no piece is missing of any needle."""
        return (
            # Record against packs.
            self.opened == self.used + self.unused
            # Container against packs; an unused needle is thrown away, too.
            and self.in_bin == self.opened
            # A spoilt needle was opened and not used, so it has to be among those.
            and self.unused >= self.spoilt
            and self.broken == 0
            # Where the record knows no pack it can't bear witness.
            and self.in_packs in (None, self.opened)
        )


@dataclass
class NeedleTally:
    """What the acts amount to. Read it after `tally_of`; `take` goes on by one act."""

    needles: dict[Hashable, bool] = field(default_factory=dict)
    """Insertion that holds → whether that needle is in."""
    undone: dict[Hashable, str] = field(default_factory=dict)
    """Insertion that was undone → why."""
    counts: list[CountMade] = field(default_factory=list)
    moved: bool = True
    """A needle came, went or was undone since the last count; True before the first."""
    packs: dict[Hashable, int] = field(default_factory=dict)
    """Opening that holds → needles in those packs."""
    taken: int = 0
    """How many acts were read."""
    _accounted: int = 0
    """How many counts had been made when the last account was given."""
    _acts: dict[Hashable, ActInCount] = field(default_factory=dict)
    _voided: set[Hashable] = field(default_factory=set)
    _on_needle: dict[Hashable, int] = field(default_factory=dict)
    _ended: set[Hashable] = field(default_factory=set)

    @property
    def needles_in(self) -> int:
        return sum(self.needles.values())

    @property
    def used(self) -> int:
        return len(self.needles)

    @property
    def out(self) -> int:
        return self.used - self.needles_in

    @property
    def spoilt(self) -> int:
        return sum(reason == SPOILT for reason in self.undone.values())

    @property
    def in_packs(self) -> int | None:
        """Needles in opened packs; None where the record has none."""
        # None and not 0: a clinic that keeps no packs here would never add up.
        return sum(self.packs.values()) if self.packs else None

    @property
    def last(self) -> CountMade | None:
        return self.counts[-1] if self.counts else None

    @property
    def mismatches(self) -> tuple[CountMade, ...]:
        """Every count that did not add up, whatever was counted afterwards."""
        return tuple(count for count in self.counts if not count.adds_up)

    @property
    def unaccounted(self) -> tuple[CountMade, ...]:
        """Those that no account was given of since."""
        return tuple(count for count in self.counts[self._accounted :] if not count.adds_up)

    @property
    def holds(self) -> bool:
        """Counted at zero after the last needle moved, and adding up or accounted for."""
        return not (self.needles_in or self.moved or self.unaccounted)

    def made(self, act: ActInCount) -> CountMade:
        """The count that this act would be, now."""
        return CountMade(
            id=act.id,
            used=self.used,
            spoilt=self.spoilt,
            opened=act.opened,
            unused=act.unused,
            in_bin=act.in_bin,
            broken=act.broken,
            in_packs=self.in_packs,
        )

    def take(self, act: ActInCount) -> None:
        """Go on by one act that `reason_against` had nothing against. What the record must never
        hold is passed over, not trusted: an undone count counts on."""
        self.taken += 1
        self._acts[act.id] = act
        if act.kind == "insertion":
            self.needles[act.id] = True
        elif act.kind == "pack":
            self.packs[act.id] = act.needles
        elif act.kind == "count":
            self.counts.append(self.made(act))
            self.moved = False
        elif act.kind == "account":
            # Of all counts so far, for whoever gives it has all of them before them.
            self._accounted = len(self.counts)
        elif act.kind == ENDED:
            self._ended.add(act.about)
        elif act.kind == "void":
            self._undo(act)
        elif act.about in self.needles:
            self._on_needle[act.about] = self._on_needle.get(act.about, 0) + 1
            if act.kind == "removal":
                self.needles[act.about] = False
        if act.kind in MOVES_A_NEEDLE:
            self.moved = True

    def _undo(self, void: ActInCount) -> None:
        wrong = self._acts.get(void.about)
        # Refused by `reason_against`; in a record that was tampered with it must not count either.
        if wrong is None or wrong.kind in STAYS or wrong.id in self._voided:
            return
        self._voided.add(wrong.id)
        if wrong.kind == "insertion":
            self.needles.pop(wrong.id, None)
            self.undone[wrong.id] = void.reason
        elif wrong.kind == "pack":
            self.packs.pop(wrong.id, None)
        elif wrong.about in self.needles:
            self._on_needle[wrong.about] -= 1
            if wrong.kind == "removal":
                self.needles[wrong.about] = True
        # Undoing a needle's coming or going is itself a movement: what was counted no longer holds.
        self.moved |= wrong.kind in MOVES_A_NEEDLE


def tally_of(acts: Iterable[ActInCount]) -> NeedleTally:
    """Read acts in the order in which they were recorded."""
    tally = NeedleTally()
    for act in acts:
        tally.take(act)
    return tally


ON_A_NEEDLE = frozenset({"twitch", "pain-reproduced", "removal", "place", "observed", "fate"})
LATER = frozenset({"place", "observed", "fate"})
"""What may be said of a needle that is out: where it was, that it came out bent, what became of
it."""


def reason_against(tally: NeedleTally, act: ActInCount) -> Reason | None:
    """Why an act can't be, as far as needles and counts go. None when it can."""
    if act.kind == "void":
        return _against_void(tally, act.about)
    if act.kind in ON_A_NEEDLE:
        return _against_needle(tally, act)
    if act.kind == "count":
        return _against_count(tally, act)
    return None


def _against_void(tally: NeedleTally, about: Hashable | None) -> Reason | None:
    wrong = tally._acts.get(about)
    if wrong is None:
        return Reason(code="void-unknown")
    if wrong.kind == "void":
        return Reason(code="void-of-void")
    if wrong.kind in STAYS:
        return Reason(code=f"void-{wrong.kind}")
    if wrong.kind == ENDED or wrong.id in tally._ended:
        return Reason(code="void-event-end")
    if wrong.id in tally._voided:
        return Reason(code="void-again")
    later = tally._on_needle.get(wrong.id, 0)
    # From the last act backwards: a removal without its insertion would be nobody's.
    return Reason(code="void-has-later", params={"later": later}) if later else None


def _against_needle(tally: NeedleTally, act: ActInCount) -> Reason | None:
    if act.about not in tally.needles:
        return Reason(code="needle-undone" if act.about in tally.undone else "needle-unknown")
    # Where it went in is marked when there is time, and that may be after it came out.
    if act.kind not in LATER and not tally.needles[act.about]:
        return Reason(code="needle-already-out")
    return None


def _against_count(tally: NeedleTally, act: ActInCount) -> Reason | None:
    for number in (act.opened, act.unused, act.in_bin, act.broken):
        if not 0 <= number <= MOST_COUNTED:
            return Reason(code="count-number", params={"got": number, "most": MOST_COUNTED})
    if tally.needles_in:
        return Reason(code="count-needles-in", params={"needles": tally.needles_in})
    return None


def reasons_against_signature(
    tally: NeedleTally, *, acts_seen: int | None = None
) -> tuple[Reason, ...]:
    """What of the needles stands against the signature, all at once.

    acts_seen: how many acts the page showed that is being signed; None where that isn't known.
    """
    found = []
    if acts_seen is not None and acts_seen != tally.taken:
        found.append(Reason(code="sign-page-stale"))
    if tally.needles_in:
        found.append(Reason(code="sign-needles-in", params={"needles": tally.needles_in}))
    # One reason for the count at a time: each is the next thing to do.
    elif tally.last is None:
        found.append(Reason(code="sign-count-missing"))
    elif tally.moved:
        found.append(Reason(code="sign-count-again"))
    if tally.unaccounted:
        # The numbers before one can still be right: count again first, account for it afterwards.
        still = tally.last is not None and not tally.last.adds_up and not tally.moved
        # The first of them: what was counted afterwards was counted because of it.
        found.append(_sign_mismatch() if still else _sign_account(tally.unaccounted[0]))
    return tuple(found)


def _sign_mismatch() -> Reason:
    return Reason(code="sign-mismatch")


def _sign_account(first: CountMade) -> Reason:
    numbers = {"opened": first.opened, "used": first.used, "in_bin": first.in_bin}
    return Reason(code="sign-account", params=numbers)
