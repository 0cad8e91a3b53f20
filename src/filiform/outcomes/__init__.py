"""Did it help, did it harm? Judged scores, triage of checks, due checks, advice to take home."""

from filiform.outcomes.aftercare import Advice, Period, aftercare_advice, periods
from filiform.outcomes.followup import (
    AnswerOption,
    CheckReport,
    DueCheck,
    Event,
    FollowUpQuestion,
    Triage,
    UsualCourse,
    checks_due,
    needled_regions,
    questions_for,
    report_flags,
    table,
    triage,
    usual_courses,
)
from filiform.outcomes.scales import (
    RESPONSE_NAMES,
    REVIEW_AFTER_VISITS,
    Response,
    Scale,
    ScoreChange,
    change,
    review,
    scales,
)
from filiform.warning_signs import Urgency

SCALES: dict[str, Scale] = scales()
"""All scales by id."""
PERIODS: tuple[Period, ...] = periods()
"""Stretches of time after a treatment that advice belongs to."""
QUESTIONS: tuple[FollowUpQuestion, ...] = table().question
"""The questions of the check form, most dangerous first; ids are fields of CheckReport."""

__all__ = [
    "PERIODS",
    "QUESTIONS",
    "RESPONSE_NAMES",
    "REVIEW_AFTER_VISITS",
    "SCALES",
    "Advice",
    "AnswerOption",
    "CheckReport",
    "DueCheck",
    "Event",
    "FollowUpQuestion",
    "Period",
    "Response",
    "Scale",
    "ScoreChange",
    "Triage",
    "Urgency",
    "UsualCourse",
    "aftercare_advice",
    "change",
    "checks_due",
    "needled_regions",
    "questions_for",
    "report_flags",
    "review",
    "scales",
    "triage",
    "usual_courses",
]
