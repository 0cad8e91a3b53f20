"""The slow, obvious referee: a sheet of paper on which every message is written down, and which
is read again from the top for every question."""

from __future__ import annotations

from dataclasses import dataclass, field

ON_A_NEEDLE = ("twitch", "removal")
MOVES = ("insertion", "removal", "pack")


@dataclass(frozen=True)
class Message:
    """What a tablet sends. about: the id of the needle, or of the act that is undone. reason: why
    it is undone. needles: in the packs that were opened. found: of an account, whether the search
    ended well."""

    id: str
    kind: str
    about: str = ""
    reason: str = "tapped"
    opened: int = 0
    unused: int = 0
    in_bin: int = 0
    broken: int = 0
    needles: int = 0
    found: bool = True


@dataclass
class Paper:
    lines: list[Message] = field(default_factory=list)

    def before(self, message: Message) -> Paper:
        """The sheet as it was when this line was about to be written."""
        return Paper(self.lines[: self.lines.index(message)])

    def line(self, name: str) -> Message | None:
        return next((line for line in self.lines if line.id == name), None)

    def undone(self) -> list[str]:
        return [line.about for line in self.lines if line.kind == "void"]

    def holds(self, line: Message) -> bool:
        return line.id not in self.undone()

    def is_in(self, needle: str) -> bool:
        put_in = any(
            line.kind == "insertion" and line.id == needle and self.holds(line)
            for line in self.lines
        )
        taken_out = any(
            line.kind == "removal" and line.about == needle and self.holds(line)
            for line in self.lines
        )
        return put_in and not taken_out

    def needles_in(self) -> int:
        insertions = sum(line.kind == "insertion" and self.holds(line) for line in self.lines)
        removals = sum(line.kind == "removal" and self.holds(line) for line in self.lines)
        return insertions - removals

    def needles_used(self) -> int:
        return sum(line.kind == "insertion" and self.holds(line) for line in self.lines)

    def never_through_skin(self) -> int:
        insertions = [line.id for line in self.lines if line.kind == "insertion"]
        return sum(
            line.kind == "void" and line.reason == "not-through-skin" and line.about in insertions
            for line in self.lines
        )

    def in_packs(self) -> int | None:
        packs = [line for line in self.lines if line.kind == "pack" and self.holds(line)]
        return sum(pack.needles for pack in packs) if packs else None

    def adds_up(self, count: Message) -> bool:
        """Compared with what stood on the paper at that moment."""
        then = self.before(count)
        return (
            count.opened - count.unused == then.needles_used()
            and count.opened == count.in_bin
            and then.never_through_skin() <= count.unused
            and not count.broken
            and (then.in_packs() is None or then.in_packs() == count.opened)
        )

    def counts(self) -> list[Message]:
        return [line for line in self.lines if line.kind == "count"]

    def last_counted(self) -> Message | None:
        """The last count, if no needle came, went or was undone since."""
        for line in reversed(self.lines):
            if line.kind == "count":
                return line
            undone = self.line(line.about) if line.kind == "void" else None
            if line.kind in MOVES or (undone is not None and undone.kind in MOVES):
                return None
        return None

    def unanswered(self) -> list[Message]:
        """Counts that did not add up, with no account anywhere below them."""
        return [
            count
            for count in self.counts()
            if not self.adds_up(count)
            and not any(
                line.kind == "account" for line in self.lines[self.lines.index(count) + 1 :]
            )
        ]

    def may(self, message: Message) -> bool:
        """Whether a message that is not on the paper yet is written down."""
        if message.kind in ("insertion", "pack"):
            return True
        if message.kind in ON_A_NEEDLE:
            return self.is_in(message.about)
        if message.kind == "count":
            return self.needles_in() == 0
        if message.kind == "account":
            last = self.last_counted()
            wrong = [count for count in self.counts() if not self.adds_up(count)]
            return (
                bool(wrong)
                and self.needles_in() == 0
                and last is not None
                and self.adds_up(last) == message.found
            )
        return self.may_be_undone(message.about)

    def may_be_undone(self, name: str) -> bool:
        wrong = self.line(name)
        if wrong is None or wrong.kind in ("void", "count", "account") or not self.holds(wrong):
            return False
        later = [
            line
            for line in self.lines
            if line.about == name and line.kind in ON_A_NEEDLE and self.holds(line)
        ]
        return wrong.kind != "insertion" or not later

    def write(self, message: Message) -> bool:
        if any(line.id == message.id for line in self.lines):
            return True
        if not self.may(message):
            return False
        self.lines.append(message)
        return True

    def may_be_signed(self) -> bool:
        """None in, counted after the last movement of a needle, and every count that ever came
        out wrong answered for below it."""
        return self.needles_in() == 0 and self.last_counted() is not None and not self.unanswered()
