"""The slow, obvious referee: a sheet of paper on which every message is written down, and which
is read again from the top for every question."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """What a tablet sends. about: the id of the needle, or of the act that is undone."""

    id: str
    kind: str
    about: str = ""
    opened: int = 0


@dataclass
class Paper:
    lines: list[Message] = field(default_factory=list)

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

    def may(self, message: Message) -> bool:
        """Whether a message that is not on the paper yet is written down."""
        if message.kind == "insertion":
            return True
        if message.kind in ("twitch", "removal"):
            return self.is_in(message.about)
        if message.kind == "count":
            return self.needles_in() == 0
        wrong = [line for line in self.lines if line.id == message.about and line.kind != "void"]
        if not wrong or not self.holds(wrong[0]):
            return False
        later = [line for line in self.lines if line.about == message.about and self.holds(line)]
        return wrong[0].kind != "insertion" or not later

    def write(self, message: Message) -> bool:
        if any(line.id == message.id for line in self.lines):
            return True
        if not self.may(message):
            return False
        self.lines.append(message)
        return True

    def may_be_signed(self) -> bool:
        """None in, and after the last movement of a needle a count that came out right; of
        several counts the last one stands."""
        if self.needles_in() != 0:
            return False
        kinds = {line.id: line.kind for line in self.lines}
        moved = [
            place
            for place, line in enumerate(self.lines)
            if (line.kind in ("insertion", "removal") and self.holds(line))
            or (line.kind == "void" and kinds[line.about] in ("insertion", "removal"))
        ]
        counts = [
            (place, line)
            for place, line in enumerate(self.lines)
            if line.kind == "count" and self.holds(line)
        ]
        if not counts:
            return False
        place, last = counts[-1]
        right = last.opened == self.needles_used()
        return right and place > (moved[-1] if moved else -1)
