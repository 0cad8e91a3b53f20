"""A letter's sentences, composed from what the record gives, in the language that is switched on.

What is not in the record is not in the letter either. For employers and schools the patient's
agreement decides: without it no sentence of `_clinical` is made at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.correspondence.gathering import LetterFacts
from filiform.clinic.correspondence.vocabulary import LAYMEN
from filiform.clinic.progress.vocabulary import JUDGED_BY
from filiform.clinic.visits.vocabulary import OUTCOMES
from filiform.clinic.web.times import comma, written
from filiform.outcomes import ScoreChange, scales
from filiform.outcomes.cohort import certainty

MOST_DAYS = 12
"""So many days of attendance are named; of more, the first, the last and how many."""


class ComposedSentence(NamedTuple):
    """part: a key of `vocabulary.PARTS`."""

    part: str
    text: str


def composed(given: LetterFacts, kind: str, *, diagnosis: str) -> list[ComposedSentence]:
    """The sentences in the order of the parts. diagnosis: what the patient said to its being named
    ("agreed", "refused", "" for not asked)."""
    if kind in LAYMEN:
        return list(_for_laymen(given, kind, may_name=diagnosis == "agreed"))
    return [*_about(given, kind), *_clinical(given), *_asked_of_colleague(given, kind)]


def _about(given: LetterFacts, kind: str) -> Iterator[ComposedSentence]:
    told = {"name": given.name, "born": given.born}
    if not given.attended:
        yield ComposedSentence("about", _("This is about %(name)s, born %(born)s.") % told)
        return
    told |= {
        "first": written(given.attended[0], "j F Y"),
        "last": written(given.attended[-1], "j F Y"),
    }
    if kind == "discharge":
        text = _("%(name)s, born %(born)s, was treated here from %(first)s to %(last)s.")
    else:
        text = _("%(name)s, born %(born)s, has been treated here since %(first)s.")
    yield ComposedSentence("about", text % told)


def _clinical(given: LetterFacts) -> Iterator[ComposedSentence]:
    yield from _findings(given)
    yield from _treated(given)
    yield from _course(given)
    yield from _advice(given)


def _findings(given: LetterFacts) -> Iterator[ComposedSentence]:
    if given.complaint:
        yield ComposedSentence(
            "found", _("Presenting complaint: %(complaint)s.") % {"complaint": given.complaint}
        )
    first = given.first_story
    if first is not None and first.pain_now is not None:
        yield ComposedSentence(
            "found", _("Pain at the first visit: %(now)s of 10.") % {"now": first.pain_now}
        )
    for line in given.found:
        yield ComposedSentence("found", _("Examination: %(line)s.") % {"line": line})


def _treated(given: LetterFacts) -> Iterator[ComposedSentence]:
    if given.attended:
        told = {
            "visits": len(given.attended),
            "needled": given.needled_visits,
            "needles": given.needles,
        }
        yield ComposedSentence(
            "done",
            _("Visits: %(visits)s; with dry needling: %(needled)s; needles: %(needles)s.") % told,
        )
    if given.muscles:
        yield ComposedSentence(
            "done", _("Needled: %(muscles)s.") % {"muscles": _listed(given.muscles)}
        )
    language = get_language() or "en"
    names = [line.name.in_language(language) for line in given.home]
    if names:
        yield ComposedSentence(
            "done", _("Exercises at home: %(names)s.") % {"names": _listed(names)}
        )


def _course(given: LetterFacts) -> Iterator[ComposedSentence]:
    if given.pain is not None:
        kind, judged = given.pain
        yield ComposedSentence("course", _changed(str(JUDGED_BY[kind]), judged, "nprs"))
    # Said and not left out: silence would read as "no change".
    elif given.attended:
        yield ComposedSentence(
            "course", _("Pain was not rated at two visits, so that no change can be stated.")
        )
    language = get_language() or "en"
    for one in given.measures:
        # Pain stands above already, from the ratings at the visits.
        if one.change is not None and one.scale.id != "nprs":
            name = one.scale.name.in_language(language)
            yield ComposedSentence("course", _changed(name, one.change, one.scale.id))
    for goal in given.goals:
        if goal.first is not None and goal.last is not None:
            told = {"goal": goal.goal.activity, "first": goal.first, "last": goal.last}
            text = _("Goal “%(goal)s”: %(first)s of 10 at first, %(last)s of 10 now.")
            yield ComposedSentence("course", text % told)
    # Without an answered check "no side effect" would be a claim that nobody can make.
    if given.answered:
        yield ComposedSentence("course", _effects(given))


def _changed(name: str, judged: ScoreChange, scale: str) -> str:
    """A change with the interval of its measurement error, and what the thresholds say of it."""
    language = get_language() or "en"
    unit, between = scales()[scale].unit, certainty(judged)
    told = {
        # Not capitalize(), which makes all the other letters small.
        "name": name[:1].upper() + name[1:],
        "before": f"{judged.before:g}",
        "after": f"{judged.after:g}",
        "better": f"{judged.improvement:+g}",
        "judged": judged.name.in_language(language).lower(),
        "unit": unit,
    }
    # A change without its measurement error is a number that says more than is known.
    if between.low is None or between.high is None:
        text = _(
            "%(name)s: %(before)s at first, %(after)s now, improvement %(better)s; %(judged)s. The "
            "error of measurement is not known for this complaint, so there is no interval."
        )
        return text % told
    told |= {"low": f"{between.low:+.1f}", "high": f"{between.high:+.1f}"}
    text = _(
        "%(name)s: %(before)s at first, %(after)s now; improvement %(better)s (95 %% interval of "
        "measurement %(low)s to %(high)s); %(judged)s."
    )
    return text % told


def _effects(given: LetterFacts) -> str:
    if not given.effects:
        text = _(
            "Answered checks after treatments here: %(answered)s; no side effect was reported."
        )
        return text % {"answered": given.answered}
    told = _listed([f"{name} ({times})" for name, times in given.effects])
    text = _("Answered checks after treatments here: %(answered)s; reported: %(effects)s.")
    return text % {"answered": given.answered, "effects": told}


def _advice(given: LetterFacts) -> Iterator[ComposedSentence]:
    if given.ended is not None:
        told = {
            "day": written(given.ended.on, "j F Y"),
            "outcome": str(dict(OUTCOMES).get(given.ended.outcome, given.ended.outcome)).lower(),
        }
        yield ComposedSentence("advice", _("Discharged on %(day)s: %(outcome)s.") % told)
    # After a discharge a plan is history.
    elif given.plan is not None:
        told = {
            "visits": str(given.plan.visits),
            "review": written(given.plan.review_on, "j F Y"),
            "ends": written(given.plan.ends_on, "j F Y"),
        }
        text = _("Planned: up to %(visits)s visits until %(ends)s, with a review on %(review)s.")
        yield ComposedSentence("advice", text % told)
    if given.home:
        yield ComposedSentence("advice", _("We advise continuing the exercises at home."))


def _asked_of_colleague(given: LetterFacts, kind: str) -> Iterator[ComposedSentence]:
    if kind == "discharge":
        text = _("Nothing is asked of you now. Please refer again if the complaint comes back.")
    else:
        text = _(
            "Please tell us what you know that speaks against needling, and any change of "
            "medicines or health."
        )
    yield ComposedSentence("asked", text)


def _for_laymen(given: LetterFacts, kind: str, *, may_name: bool) -> Iterator[ComposedSentence]:
    """Attendance, and what is asked for; nothing clinical unless the patient agreed."""
    told = {"name": given.name, "born": given.born}
    yield ComposedSentence("about", _("This is about %(name)s, born %(born)s.") % told)
    if given.attended:
        yield ComposedSentence("about", _attendance(given))
    if may_name and given.complaint:
        text = _("The reason: %(complaint)s. The patient has agreed that you are told.")
        yield ComposedSentence("found", text % {"complaint": given.complaint})
    if given.next_visit is not None:
        day = written(given.next_visit, "j F Y, H:i")
        text = (
            _("Please allow the pupil to attend the next appointment: %(day)s.")
            if kind == "school"
            else _("Please allow the time for the next appointment: %(day)s.")
        )
        yield ComposedSentence("asked", text % {"day": day})
    # How often, never which: an exercise would name the complaint.
    often = max((line.row.dose.get("times_per_day") or 1 for line in given.home), default=1)
    if often > 1:
        text = _("Please allow short breaks for exercises, %(times)s times a day.")
        yield ComposedSentence("asked", text % {"times": often})


def _attendance(given: LetterFacts) -> str:
    # Two visits on one day are one day of absence.
    days = [written(day, "j F Y") for day in dict.fromkeys(given.attended)]
    if len(days) <= MOST_DAYS:
        return _("Came to us for treatment on: %(days)s.") % {"days": _listed(days, semicolon=True)}
    told = {"number": len(days), "first": days[0], "last": days[-1]}
    text = _("Came to us for treatment on %(number)s days from %(first)s to %(last)s.")
    return text % told


def _listed(parts: list[str] | tuple[str, ...], *, semicolon: bool = False) -> str:
    if semicolon:
        mark = "؛" if (get_language() or "en").startswith("ur") else ";"
        return f"{mark} ".join(parts)
    # Muscles with their side hold commas themselves.
    inner = any(comma() in part for part in parts)
    return _listed(list(parts), semicolon=True) if inner else f"{comma()} ".join(parts)
