"""Response at once: the same thing tested before and after, with the needles in between.

before ──► needles of that target ──► after
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filiform.clinic.assessment.queries import plan_of
from filiform.clinic.treatment.course import Course, InsertedNeedle, time_of
from filiform.clinic.treatment.refusing import DetailsOrRefusal
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.treatment.models import Treatment


@dataclass(frozen=True)
class Measure:
    """One thing that is tested. unit: beside the value; low, high: what is allowed. better: +1
    where more is better, -1 where less is. taps: values that stand there to be tapped."""

    id: str
    unit: str
    low: float
    high: float
    better: int
    taps: tuple[int, ...]
    of_target: bool = True


MEASURES = {
    one.id: one
    for one in (
        Measure("pain", "/10", 0, 10, -1, tuple(range(11)), of_target=False),
        Measure("threshold", "kPa", 10, 2000, 1, tuple(range(60, 621, 40))),
        Measure("range", "°", 0, 360, 1, tuple(range(0, 181, 10))),
        Measure("strength", "/5", 0, 5, 1, tuple(range(6))),
    )
}
"""Pain 0 to 10; pressure threshold at the point; range of the movement that hurts; strength by the
Medical Research Council's grades 0 to 5."""


@dataclass(frozen=True)
class Tested:
    """One test. target: where; None for the patient as a whole."""

    measure: str
    target: UUID | None
    value: float
    at: datetime


@dataclass(frozen=True)
class ResponsePair:
    """before and after of one measure at one place, and the needles between them, oldest first."""

    measure: Measure
    target: UUID | None
    before: Tested
    after: Tested | None
    needles: tuple[InsertedNeedle, ...]

    @property
    def change(self) -> float | None:
        return None if self.after is None else self.after.value - self.before.value

    @property
    def verdict(self) -> str:
        """better, worse, same, or "" while it was tested once. Whether a change means something
        is said by `outcomes` for scales; one test before and after is only told."""
        if self.change is None:
            return ""
        if self.change == 0:
            return "same"
        return "better" if self.change * self.measure.better > 0 else "worse"


def retest_details(
    given: Mapping[str, Any], target_id: UUID | None, treatment: Treatment
) -> DetailsOrRefusal:
    """measure: of MEASURES. value: in its unit. Raises ValueError for another measure."""
    code = str(given.get("measure") or "")
    if code not in MEASURES:
        raise ValueError(f"retest: measure is {code!r}; allowed: {', '.join(MEASURES)}")
    measure = MEASURES[code]
    if target_id is not None:
        plan = plan_of(target_id)
        if plan is None or plan.visit_id != treatment.visit_id:
            return {}, (Reason(code="target-not-planned"),)
    value = given.get("value")
    if value in (None, "") or not measure.low <= float(str(value)) <= measure.high:
        params = {"got": str(value), "low": f"{measure.low:g}", "high": f"{measure.high:g}"}
        return {}, (Reason(code="retest-value", params=params),)
    return {"measure": code, "value": float(str(value))}, ()


def tests_of(course: Course) -> list[Tested]:
    """All tests that hold, in their order; pain told at the end is one of them."""
    found = []
    for act in course.acts:
        if act.pk in course.undone:
            continue
        if act.kind == "retest":
            told = act.details
            found.append(Tested(told["measure"], act.target_id, told["value"], time_of(act)))
        # Asked on another form, and still the same question at the end.
        elif act.kind == "response" and act.details.get("pain") is not None:
            found.append(Tested("pain", None, float(act.details["pain"]), time_of(act)))
    return found


def pairs_of(course: Course) -> list[ResponsePair]:
    """One pair for each measure and place that was tested.

    before: the last test before the first needle there, or the first test where none was made
    before it. after: the newest test after that, when a needle came between or not.
    """
    groups: dict[tuple[str, UUID | None], list[Tested]] = {}
    # By when it was tested: a tablet that had no line sends its tests after later ones.
    for one in sorted(tests_of(course), key=lambda one: one.at):
        groups.setdefault((one.measure, one.target), []).append(one)
    return [_pair(course, *key, tests) for key, tests in groups.items()]


def _pair(course: Course, measure: str, target: UUID | None, tests: list[Tested]) -> ResponsePair:
    needles = [
        needle for needle in course.needles.values() if target is None or needle.target.pk == target
    ]
    first_in = min((needle.in_at for needle in needles), default=None)
    earlier = [one for one in tests if first_in is None or one.at <= first_in]
    # The one nearest to the needle; without a needle the first, for there is no "before" then.
    before = earlier[-1] if earlier and first_in is not None else tests[0]
    later = [one for one in tests if one.at > before.at]
    after = later[-1] if later else None
    # Only what went in between the two tests can have changed anything.
    between = [
        needle for needle in needles if after is not None and before.at <= needle.in_at <= after.at
    ]
    return ResponsePair(MEASURES[measure], target, before, after, tuple(between))
