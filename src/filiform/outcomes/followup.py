"""The check after a treatment: questions, triage of the answers, and when checks are due.

    answers ──► rules that fit ──► the most urgent one decides; every rule that fits is an event

A further complaint can only make the answer more urgent, never less.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args

import msgspec

from filiform.anatomy import atlas
from filiform.data_files import read_toml
from filiform.warning_signs import NeedledRegion, Urgency, signs
from filiform.words import Words

Bruise = Literal["none", "small", "large", "growing"]
Bleeding = Literal["none", "stopped", "not-stopping"]
Faint = Literal["no", "once", "again"]
FollowupFlag = Literal[
    "always",
    "over_lung",
    "over_viscera",
    "near_spine",
    "first_visit",
    "antithrombotic",
    "pregnant",
    "electro",
]
EVERY_REGION: frozenset[NeedledRegion] = frozenset(get_args(NeedledRegion))
SideEffectGrade = Literal["expected", "mild", "moderate", "serious", "critical", "unknown"]


class CheckReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a patient answered `hours_since` hours after a treatment.

    soreness_nprs: 0 to 10, None if not answered. over_lung, neck_or_spine: what was needled;
    they default to True, so that not knowing is treated as the dangerous case.
    Raises ValueError for a score or an hour that cannot be.
    """

    hours_since: float
    soreness_nprs: int | None = None
    bruise: Bruise = "none"
    bleeding: Bleeding = "none"
    breathless: bool = False
    chest_pain: bool = False
    cough: bool = False
    fever: bool = False
    red_hot_skin: bool = False
    numb: bool = False
    weak: bool = False
    faint: Faint = "no"
    face_swelling: bool = False
    severe_headache: bool = False
    bladder_bowel: bool = False
    limb_tight: bool = False
    belly_pain: bool = False
    symptom_flare: bool = False
    needle_left: bool = False
    itch: bool = False
    sleepy: bool = False
    pregnant_bleeding: bool = False
    other: str = ""
    over_lung: bool = True
    neck_or_spine: bool = True
    antithrombotic: bool = False

    def __post_init__(self) -> None:
        if self.soreness_nprs is not None and not 0 <= self.soreness_nprs <= 10:
            raise ValueError(f"soreness_nprs: got {self.soreness_nprs}; allowed: 0 to 10")
        if not self.hours_since >= 0:  # NaN is refused too
            raise ValueError(f"hours_since: got {self.hours_since:g}; allowed: 0 or more")


class AnswerOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    text: Words


class FollowUpQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of the check form; `id` is the field of CheckReport that it fills."""

    id: str
    kind: Literal["yes-no", "scale", "choice", "text"]
    text: Words
    choices: tuple[AnswerOption, ...] = ()
    only_if: str = ""
    sources: tuple[str, ...] = ()


class TriageRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """What an answer means. All conditions that are given must hold.

    sign: of the table of warning signs, which alone says how urgent the answer is. patient: what
    is known of everybody who is asked, as pregnancy is of whoever is asked about it.
    """

    id: str
    event: str
    grade: SideEffectGrade
    sign: str
    field: str
    staff: Words
    sources: tuple[str, ...] = ()
    is_: tuple[bool | str, ...] = ()
    at_least: int | None = None
    any_text: bool = False
    from_hours: float = 0
    flag: Literal["", "over_lung", "neck_or_spine", "antithrombotic"] = ""
    patient: Literal["", "pregnant"] = ""

    @property
    def urgency(self) -> Urgency:
        """As the table of warning signs has it. Raises KeyError for an unknown sign, ValueError
        for one that has no row for this rule's conditions."""
        return _urgency(self.sign, frozenset((self.flag, self.patient)), self.from_hours)

    def fits(self, report: CheckReport) -> bool:
        value = getattr(report, self.field)
        # Soreness of the first day is expected; the same on the third is asked about.
        if report.hours_since < self.from_hours:
            return False
        if self.flag and not getattr(report, self.flag):
            return False
        if self.any_text:
            return bool(str(value).strip())
        if self.at_least is not None:
            # Not answered is not zero.
            return value is not None and value >= self.at_least
        return value in self.is_


@cache
def _urgency(sign: str, flags: frozenset[str], hours: float) -> Urgency:
    found = signs()[sign].urgency(flags, hours)
    if found is None:
        raise ValueError(f"checks.toml: the sign {sign} has no row that holds for its rule")
    return found


class Event(msgspec.Struct, frozen=True):
    """A possible side effect. id: of safety D2; rule: the row of the table that found it."""

    id: str
    grade: SideEffectGrade
    urgency: Urgency
    rule: str
    asked: Words
    staff: Words
    sources: tuple[str, ...] = ("SAFETY-D2", "CONSENT-5")


class Triage(msgspec.Struct, frozen=True):
    """How fast somebody has to act. events: most urgent first; say: what the patient is told;
    staff: what the clinic does, most urgent first, each once."""

    urgency: Urgency
    events: tuple[Event, ...]
    say: Words
    staff: tuple[Words, ...]


class UsualCourse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """The usual course of something harmless: what is usual, what helps, when to call all the
    same. field, is_, at_least: the answer that it goes with."""

    id: str
    field: str
    usual: Words
    helps: Words
    call: Words
    sources: tuple[str, ...]
    is_: tuple[str, ...] = ()
    at_least: int | None = None

    def fits(self, report: CheckReport) -> bool:
        value = getattr(report, self.field)
        if self.at_least is not None:
            return value is not None and value >= self.at_least
        return value in self.is_


class DueCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A check to send `hours` after the treatment. why: every reason for it.

    call_if_silent: without an answer somebody telephones.
    """

    hours: int
    channel: Literal["message"]
    call_if_silent: bool
    why: tuple[Words, ...]
    sources: tuple[str, ...]
    questions: tuple[FollowUpQuestion, ...]


class _Due(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hours: int
    when: FollowupFlag
    why: Words
    sources: tuple[str, ...]


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Words
    sources: tuple[str, ...] = ()


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: tuple[FollowUpQuestion, ...]
    rule: tuple[TriageRule, ...]
    say: dict[str, _Said]
    due: tuple[_Due, ...]
    course: tuple[UsualCourse, ...]


@cache
def table() -> _Table:
    """Everything in checks.toml. Raises ValueError naming the file and field on a defect."""
    return read_toml("filiform.outcomes", "checks.toml", _Table)


def triage(report: CheckReport) -> Triage:
    """How urgent the answers of a check are, why, what to say and what to do.

    Source: SAFETY-D2 (events), CONSENT-4 and 5 (when to call); where they differ the more urgent.
    """
    asked = {question.id: question.text for question in table().question}
    fitting = sorted(
        (rule for rule in table().rule if rule.fits(report)), key=lambda rule: rule.urgency.rank
    )
    # A bruise that grows on a blood thinner fits two rules; only the graver one is an event.
    first = {rule.field: rule for rule in reversed(fitting)}  # the most urgent of each answer
    events = [
        Event(rule.event, rule.grade, rule.urgency, rule.id, asked[rule.field], rule.staff)
        for rule in fitting
        if first[rule.field] is rule
    ]
    # `fitting` is sorted: the first is the most urgent.
    urgency = events[0].urgency if events else Urgency.FINE
    # Only what the most urgent events ask for: an itch must not delay an ambulance.
    staff = tuple(dict.fromkeys(event.staff for event in events if event.urgency == urgency))
    return Triage(urgency, tuple(events), _say(report, urgency, events), staff)


def usual_courses(report: CheckReport) -> tuple[UsualCourse, ...]:
    """What to expect and to do about soreness and bruises; nothing where somebody has to act, for
    "this is usual" must not stand beside "call us today". Source: each course's own."""
    if triage(report).urgency in (Urgency.EMERGENCY, Urgency.CALL_TODAY):
        return ()
    return tuple(course for course in table().course if course.fits(report))


def _say(report: CheckReport, urgency: Urgency, events: Sequence[Event]) -> Words:
    keys = [urgency.value]
    # The emergency department has to hear of a possible collapsed lung from the patient.
    if urgency is Urgency.EMERGENCY and report.over_lung:
        keys.append("emergency-over-lung")
    if report.pregnant_bleeding:
        keys.append("emergency-pregnant")
    if report.bleeding == "not-stopping":
        keys.append("call-today-bleeding")
    if report.severe_headache and urgency is Urgency.CALL_TODAY:
        keys.append("call-today-headache")
    # "Call us if it gets worse" must not stand beside "call an ambulance now".
    if urgency is not Urgency.EMERGENCY:
        keys.append("always")
    texts = [table().say[key].text for key in keys]
    return Words(en=" ".join(text.en for text in texts), ur=" ".join(text.ur for text in texts))


def report_flags(muscle_ids: Sequence[str]) -> dict[str, bool]:
    """over_lung and neck_or_spine for a CheckReport, from the muscles that were needled. A muscle
    that the atlas has dropped since counts as the dangerous case."""
    muscles = [atlas().muscles.get(muscle_id) for muscle_id in muscle_ids]
    return {
        "over_lung": any(muscle is None or muscle.over_lung for muscle in muscles),
        "neck_or_spine": any(muscle is None or muscle.needling.near_spine for muscle in muscles),
    }


LIMBS = frozenset({"arm", "forearm", "hand", "thigh", "leg", "foot"})
"""Regions of the atlas with an arm's or a leg's nerves and compartments."""
GIRDLES = frozenset({"shoulder-girdle", "pelvis-gluteal"})
"""Where a limb's nerves pass and no compartment is."""


def needled_regions(muscle_ids: Sequence[str]) -> frozenset[NeedledRegion]:
    """What a check has to ask about after these muscles; one muscle may be of several regions.

    After one that the atlas has dropped since, about everything.
    """
    found: set[NeedledRegion] = set()
    for muscle_id in muscle_ids:
        muscle = atlas().muscles.get(muscle_id)
        if muscle is None:
            return EVERY_REGION
        if muscle.over_lung:
            found.add("chest_wall")
        if muscle.needling.near_spine or muscle.region == "neck":
            found.add("neck_or_spine")
        if muscle.region == "head-face":
            found.add("head")
        if muscle.needling.over_viscera:
            found.add("viscera")
        if muscle.region in LIMBS:
            found.add("limb")
        if muscle.region in GIRDLES:
            found.add("girdle")
    return frozenset(found)


def questions_for(
    muscles: Sequence[str] = (), *, hours: int | None = None, pregnant: bool = False
) -> tuple[FollowUpQuestion, ...]:
    """The questions of a check form, most dangerous first.

    muscles: what was needled; none known: every question, for not knowing is the dangerous case.
    hours: of the check; None asks whatever any check asks. Which regions call for a question
    stands with its signs in the table of warning signs.
    """
    regions = needled_regions(muscles) if muscles else EVERY_REGION
    # A question is asked when some answer to it would be a sign for what was needled.
    called_for = {
        rule.field for rule in table().rule if signs()[rule.sign].is_asked(regions, hours)
    }
    return tuple(
        question
        for question in table().question
        if question.id in called_for and (question.only_if != "pregnant" or pregnant)
    )


def checks_due(
    *,
    first_visit: bool,
    muscles: Sequence[str],
    antithrombotic: bool,
    pregnant: bool,
    electro: bool = False,
) -> tuple[DueCheck, ...]:
    """The checks to send after a treatment: 24 h, 72 h and 7 days always, 2 h where it matters.

    muscles: ids of the muscles that were needled; one that the atlas has dropped since may have
    lain over anything. Source: CONSENT-5, SAFETY-D2.
    """
    needled = [atlas().muscles.get(muscle_id) for muscle_id in muscles]
    over_lung = any(muscle is None or muscle.over_lung for muscle in needled)
    flags: dict[str, bool] = {
        "always": True,
        "over_lung": over_lung,
        "over_viscera": any(one is None or one.needling.over_viscera for one in needled),
        # Bleeding beside the spinal cord presses on it within hours (safety.md, D2).
        "near_spine": any(one is None or one.needling.near_spine for one in needled),
        "first_visit": first_visit,
        "antithrombotic": antithrombotic,
        "pregnant": pregnant,
        "electro": electro,
    }
    reasons: dict[int, list[_Due]] = {}
    for due in table().due:
        if flags[due.when]:
            # Reasons that fall on one hour are one message: nobody answers three.
            reasons.setdefault(due.hours, []).append(due)
    return tuple(
        DueCheck(
            hours=hours,
            channel="message",
            # Silence after a needle over the lung may be breathlessness: somebody telephones.
            call_if_silent=over_lung and hours in (24, 72),
            why=tuple(one.why for one in why),
            sources=tuple(dict.fromkeys(source for one in why for source in one.sources)),
            questions=questions_for(muscles, hours=hours, pregnant=pregnant),
        )
        for hours, why in sorted(reasons.items())
    )
