"""What a folder's screening comes to, for one who reviews all of it: counted, and grouped.

answers, one at a time ──▶ groups of identical evidence, each with the places of its files
                       └─▶ one row a patient ──▶ the page (`screen_report_page`)

Of an answer only what the page shows is kept: ten thousand bodies of muscles would fill memory.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator

import msgspec

DECISIONS = ("blocked", "justify", "modify", "clear")
_BORN = re.compile(r"\s*\(born [^)]*\)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class _Evidence(msgspec.Struct, frozen=True):
    resource: str
    text: str
    system: str | None = None
    code: str | None = None


class _Found(msgspec.Struct, frozen=True, rename={"weight": "class"}):
    id: str
    because: tuple[_Evidence, ...] = ()
    weight: str = ""
    urgency: str = ""


class _Unread(msgspec.Struct, frozen=True):
    resource: str
    why: str


class ReportedAnswer(msgspec.Struct, frozen=True):
    """The keys of one line of `--folder` that a report needs; all others are passed over."""

    file: str
    error: str = ""
    decision: str = ""
    complete: bool = False
    release: str = ""
    reasons: tuple[_Found, ...] = ()
    elsewhere: tuple[_Found, ...] = ()
    red_flags: tuple[_Found, ...] = ()
    unanswered: tuple[str, ...] = ()
    not_understood: tuple[_Evidence, ...] = ()
    unread: tuple[_Unread, ...] = ()
    warnings: tuple[_Unread, ...] = ()


class Group(msgspec.Struct):
    """Identical evidence. at: the files that hold it, by number, each once.

    own: by file, the record's words where a number in them differs from patient to patient.
    """

    kind: str
    text: str
    system: str
    code: str
    at: array[int]
    own: dict[int, str]


class ReportedFile(msgspec.Struct, frozen=True):
    """One row of the index: a patient's file, or one that could not be used (`error`)."""

    name: str
    decision: str
    complete: bool
    rules: tuple[str, ...]
    flags: tuple[str, ...]
    open_questions: int
    not_understood: int
    unread: int
    error: str = ""


class FolderReport:
    """Grows with every answer; read when all are in."""

    def __init__(self) -> None:
        self.files: list[ReportedFile] = []
        self.groups: dict[tuple[str, str, str], dict[tuple[str, ...], Group]] = {}
        self.patients: dict[tuple[str, str, str], set[int]] = {}
        self.questions: Counter[str] = Counter()
        self.decisions: Counter[str] = Counter()
        self.missing: Counter[str] = Counter()
        self.releases: set[str] = set()

    def add(self, line: bytes, name: str) -> None:
        """Take one line of the folder's answers. name: the file as the report shows it."""
        answer = msgspec.json.decode(line, type=ReportedAnswer)
        number = len(self.files)
        self.files.append(_row(answer, name))
        if answer.error:
            return
        self.decisions[answer.decision] += 1
        self.releases.add(answer.release)
        self.questions.update(answer.unanswered)
        self._count_missing(answer)
        for reason in answer.reasons:
            self._take(("reasons", reason.weight, reason.id), reason.because, number)
        # A rule that fired and is stricter elsewhere rests on the same evidence: reviewed once.
        here = {reason.id for reason in answer.reasons}
        for reason in answer.elsewhere:
            if reason.id not in here:
                self._take(("elsewhere", reason.weight, reason.id), reason.because, number)
        for flag in answer.red_flags:
            self._take(("red_flags", flag.urgency, flag.id), flag.because, number)
        self._take(("not_understood", "", ""), answer.not_understood, number)
        for part in ("unread", "warnings"):
            told = tuple(_Evidence(one.resource, one.why) for one in getattr(answer, part))
            self._take((part, "", ""), told, number)

    @property
    def answered(self) -> int:
        return sum(self.decisions.values())

    def findings(self, part: str) -> Iterator[tuple[str, str, int, list[Group]]]:
        """(class or urgency, rule, patients, groups) of a part, the most frequent first."""
        keys = [key for key in self.groups if key[0] == part]
        for key in sorted(keys, key=lambda key: (-len(self.patients[key]), key)):
            groups = sorted(
                self.groups[key].values(), key=lambda one: (-len(one.at), one.text, one.code)
            )
            yield key[1], key[2], len(self.patients[key]), groups

    def _take(self, key: tuple[str, str, str], because: tuple[_Evidence, ...], number: int) -> None:
        if not because:
            return
        self.patients.setdefault(key, set()).add(number)
        groups = self.groups.setdefault(key, {})
        for one in because:
            kind = one.resource.split("/", 1)[0]
            # The age of each patient would keep the same words of a hundred records apart.
            shown = _BORN.sub("", one.text)
            # Grouped without its figures, shown with them: 200 potassium values are one thing to
            # review.
            label = _label(kind, shown)
            same = (kind, label, one.system or "", one.code or "")
            group = groups.setdefault(same, Group(*same, array("L"), {}))
            # Files come one after the other, so a file's second mention can only be the last one.
            if not group.at or group.at[-1] != number:
                group.at.append(number)
            if label != shown:
                before = group.own.get(number)
                group.own[number] = f"{before}; {shown}" if before else shown

    def _count_missing(self, answer: ReportedAnswer) -> None:
        self.missing["incomplete"] += not answer.complete
        for part in ("unanswered", "not_understood", "unread", "warnings"):
            self.missing[part] += bool(getattr(answer, part))


def _label(kind: str, text: str) -> str:
    """The words of evidence that many patients share: a measured value or an age is each one's own.

    The strength of a medicine is no measured value; it stays.
    """
    if kind not in ("Observation", "Patient", "Bundle", "Composition"):
        return text
    return _NUMBER.sub("…", _DAY.sub("…", text))


def _row(answer: ReportedAnswer, name: str) -> ReportedFile:
    return ReportedFile(
        name=name,
        decision=answer.decision,
        complete=answer.complete,
        rules=tuple(dict.fromkeys(one.id for one in answer.reasons)),
        flags=tuple(dict.fromkeys(one.id for one in answer.red_flags)),
        open_questions=len(answer.unanswered),
        not_understood=len(answer.not_understood),
        unread=len(answer.unread),
        error=answer.error,
    )
