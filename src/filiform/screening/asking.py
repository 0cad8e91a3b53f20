"""The yes/no questions that screening still needs, in the patient's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from filiform.disclosure import Disclosure, Kind
from filiform.reasons import Evidence
from filiform.screening.currency import ENDED, NEVER
from filiform.screening.evaluation import Evaluation, evaluate
from filiform.screening.results import Question
from filiform.screening.rulebook import AskedOf, RedFlag, Rule, red_flags, rules
from filiform.screening.sites import NeedlingSite, muscles_of
from filiform.screening.triggers import ScreenedPatient
from filiform.screening.understanding import asked_by_name, is_question_by_name
from filiform.words import Words

LONGEST_NAME = 120
"""Letters of a record's own words in a question; more is no name."""


class UnknownAnswerError(ValueError):
    """Answers name a rule or red flag that does not exist; the message names it."""


def check_answers(answers: Iterable[str]) -> None:
    """Raise UnknownAnswerError unless every key is the id of a question or of a rule."""
    known = {rule.id for rule in rules()} | {flag.id for flag in red_flags()}
    unknown = sorted(one for one in set(answers) - known if not is_question_by_name(one))
    if unknown:
        raise UnknownAnswerError(
            f"unknown keys in the answers: {', '.join(map(repr, unknown))};"
            " allowed are the ids of the screening rules and red flags"
        )


def open_questions(found: Evaluation, sites: Sequence[NeedlingSite]) -> tuple[Question, ...]:
    """The questions that make sense for this patient and have no answer yet."""
    return tuple(one for one in sensible_questions(found, sites) if one.answer is None)


def sensible_questions(found: Evaluation, sites: Sequence[NeedlingSite]) -> tuple[Question, ...]:
    """Every question that makes sense for this patient; answer None where it is still open.

    A rule that the record already sets off is not asked, but keeps the answer it has.
    """
    who, raised, matched = found.who, found.raised, found.matched
    answers = who.disclosure.answers
    # A document's "nothing" settles its kind; a relative's, a refuted and an ended one don't.
    settled = who.disclosure.asked_for | {
        fact.kind
        for fact in who.disclosure.facts
        if fact.none_known and not fact.family and fact.status not in (*NEVER, *ENDED)
    }
    listed: list[Question] = []
    for flag in red_flags():
        if flag.id in answers or (flag.asked == "everyone" and fits(flag.asked_of, who, sites)):
            listed.append(_question(flag, None, answers.get(flag.id), ()))
    for rule in rules():
        if rule.ask is None:
            continue
        because = tuple(dict.fromkeys(one.evidence for one in raised if one.rule == rule.id))
        usual = (
            rule.asked == "everyone"
            and fits(rule.asked_of, who, sites)
            and rule.ask_kind not in settled
        )
        known = matched.intersection((rule.id, *rule.answered_by))
        if rule.id in answers or ((usual or because) and not known):
            listed.append(_question(rule, rule.ask_kind, answers.get(rule.id), because))
    listed += [
        Question(id=id_, ask=_about(evidence.text), answer=answers.get(id_), because=(evidence,))
        for id_, evidence in asked_by_name(who).items()
    ]
    return tuple(listed)


def _about(name: str) -> Words:
    shown = " ".join(name.split())[:LONGEST_NAME]
    return Words(
        f"The record names “{shown}”. Can it matter for a needle today?",
        f"ریکارڈ میں “{shown}” لکھا ہے۔ کیا آج سوئی لگانے میں اس کی اہمیت ہو سکتی ہے؟",
    )


def _question(
    source: Rule | RedFlag, kind: Kind | None, answer: bool | None, because: tuple[Evidence, ...]
) -> Question:
    return Question(
        id=source.id,
        ask=source.ask or source.name,
        answer=answer,
        kind=kind,
        red_flag=isinstance(source, RedFlag),
        because=because,
    )


def fits(asked_of: AskedOf, who: ScreenedPatient, sites: Sequence[NeedlingSite]) -> bool:
    """Whether a question makes sense: for this sex, age and place. Unknown is asked."""
    sex = who.disclosure.sex
    if asked_of.sex is not None and sex in ("female", "male") and sex != asked_of.sex:
        return False
    age = who.age_years
    if age is not None and not asked_of.age_from_years <= age < asked_of.age_under_years:
        return False
    if not asked_of.regions or not sites:
        return True
    return any(site.muscle in muscles_of(r) for r in asked_of.regions for site in sites)


def questions(
    disclosure: Disclosure, *, on: date, sites: Sequence[NeedlingSite] = ()
) -> tuple[Question, ...]:
    """All questions for this patient, answered and open (`answer is None`), red flags first."""
    return sensible_questions(evaluate(disclosure, on=on), sites)
