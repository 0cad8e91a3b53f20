"""What the ranking's fragment shows: warnings, one question, bars, the drawing with zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from filiform.anatomy import atlas
from filiform.anatomy.surface.picture import Zone
from filiform.clinic.assessment import queries
from filiform.clinic.assessment.ranked import answer_of, case_of, complaint_of, drawing_of
from filiform.clinic.assessment.telling import comma
from filiform.clinic.assessment.understood import understood
from filiform.clinic.assessment.vocabulary import SIDES, URGENCIES
from filiform.clinic.body.pictures import NamedPicture, pictures, place_name, views_of
from filiform.clinic.web.times import semicolon
from filiform.reasons import sentences
from filiform.targeting import (
    Account,
    Argument,
    account,
    finding_kinds,
    zones_of,
)
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.visits.models import Visit
    from filiform.targeting import Next, Ranked, TargetingAnswer

LEAST_SHOWN, MOST_SHOWN, WORTH_SHOWING = 4, 8, 0.03
FLAGS_AT_ONCE = 2
Skipped = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class RankingRow:
    """A source as a line. percent: width of its bar, None without a number. muscle: "" when it
    can't be chosen.

    chance: a number for a muscle, a word for a joint, root or nerve, "" for an organ."""

    name: str
    muscle: str
    side: str
    kind: str
    chance: str
    percent: float | None
    speaks_for: list[str]
    speaks_against: list[str]
    alternatives: str
    tells_apart: str
    chosen: bool
    shown: bool
    key: str


def context(visit: Visit, *, show: str = "", skipped: Skipped = frozenset()) -> dict[str, Any]:
    """For `assessment/_ranking.html`. show: "muscle:side" of the source whose zones are drawn."""
    answer = answer_of(visit)
    shown = _shown(answer, show)
    drawn = drawing_of(visit)
    essential, spillover = zones_of(shown)
    # Without a drawing there is still a zone to show.
    views = views_of(drawn) if drawn else ("front", "back")
    zones = [Zone(essential, "essential"), Zone(spillover, "spillover")]
    rows = _rows(visit, answer, shown)
    return {
        "known": bool(drawn) or any(one.finding for one in case_of(visit).findings),
        "flags": _flags(answer),
        "flags_at_once": FLAGS_AT_ONCE,
        "complaint": understood(complaint_of(visit)),
        "question": _question(answer, skipped),
        "screens": [
            {"source": one.source, "side": one.side, "name": _name(one.source, one.side)}
            for one in answer.next_screen
        ],
        "skipped": ";".join(":".join(one) for one in sorted(skipped)),
        "rows": rows,
        "shown_name": _name(shown.source, shown.side),
        "pictures": _pictures(drawn, views, zones),
        "unexplained": _percent(answer.unexplained_fraction),
        "sets": _sets(answer),
        "notes": [_note(note.code, note.about) for note in answer.notes],
        "ranking_release": answer.release,
    }


def _pictures(drawn: Any, views: tuple[str, ...], zones: list[Zone]) -> list[NamedPicture]:
    return pictures(drawn, views=views, zones=zones, prefix="ranked")


def skipped_of(text: str) -> Skipped:
    """Questions that were skipped, from the form; what is not one is left out."""
    # From the page's address, so anybody's text: cut, and only what can be a question is taken.
    parts = (tuple(one.split(":")) for one in text[:2000].split(";"))
    return frozenset(one for one in parts if len(one) == 3 and one[2] in finding_kinds())


def _shown(answer: TargetingAnswer, show: str) -> Ranked:
    source, _colon, side = show.partition(":")
    wanted = [one for one in answer.ranked if (one.source, one.side) == (source, side)]
    # From the page's address: for an unknown source the first one's zones are drawn.
    return wanted[0] if wanted else answer.ranked[0]


def _language() -> str:
    return get_language() or "en"


def _name(source: str, side: str) -> str:
    known = atlas().muscles.get(source) or atlas().pain_sources[source]
    name = known.name.in_language(_language())
    return name if side == "midline" else f"{name}{comma()}{str(dict(SIDES)[side]).lower()}"


def _percent(chance: float) -> str:
    # Rounded to "0 %" or "100 %" it would read as excluded or as certain.
    if 0 < chance < 0.005:
        return _("under %(percent)s %%") % {"percent": 1}
    if 0.995 < chance < 1:
        return _("over %(percent)s %%") % {"percent": 99}
    return _("%(percent)s %%") % {"percent": round(chance * 100)}


def _flags(answer: TargetingAnswer) -> list[dict[str, Any]]:
    flags = []
    for flag in answer.red_flags:
        source = atlas().pain_sources[flag.source]
        flags.append(
            {
                "name": _name(flag.source, flag.side),
                "urgency": URGENCIES[flag.urgency],
                "emergency": flag.urgency == "emergency",
                "warning": source.red_flag or Words("-"),
                "tells_apart": source.tells_apart,
            }
        )
    return flags


def _question(answer: TargetingAnswer, skipped: Skipped) -> dict[str, Any] | None:
    open_ones = [
        one for one in answer.next_examination if (one.muscle, one.side, one.finding) not in skipped
    ]
    if not open_ones:
        return None
    step: Next = open_ones[0]
    return {
        "muscle": step.muscle,
        "side": step.side,
        "finding": step.finding,
        "name": _name(step.muscle, step.side),
        "asks": finding_kinds()[step.finding].name.in_language(_language()),
        "grip": atlas().muscles[step.muscle].needling.grips[:1],
        "left": len(open_ones) - 1,
    }


def _rows(visit: Visit, answer: TargetingAnswer, shown: Ranked) -> list[RankingRow]:
    worth = [one for one in answer.ranked if one.probability >= WORTH_SHOWING]
    ranked = answer.ranked[: max(LEAST_SHOWN, min(MOST_SHOWN, len(worth)))]
    chosen: set[tuple[str, str]] = {
        (target.muscle, target.side) for target in queries.targets(visit)
    }
    case = case_of(visit)
    return [_row(one, account(case, answer, one.source, one.side), chosen, shown) for one in ranked]


def _row(one: Ranked, why: Account, chosen: set[tuple[str, str]], shown: Ranked) -> RankingRow:
    muscular = one.kind == "trigger-point"
    other = None if muscular else atlas().pain_sources[one.source]
    return RankingRow(
        name=_name(one.source, one.side),
        muscle=one.source if muscular else "",
        side=one.side,
        kind="" if muscular else str(_kinds()[one.detail or one.kind]),
        chance=_percent(one.probability) if one.band == "number" else str(_bands()[one.band]),
        percent=round(one.probability * 100, 1) if one.band == "number" else None,
        speaks_for=[_point(point) for point in why.speaks_for],
        speaks_against=[_point(point) for point in why.speaks_against],
        alternatives=f"{semicolon()} ".join(
            _name(other.source, other.side) for other in why.alternatives
        ),
        tells_apart=other.tells_apart.in_language(_language()) if other else "",
        chosen=(one.source, one.side) in chosen,
        shown=(one.source, one.side) == (shown.source, shown.side),
        key=f"{one.source}:{one.side}",
    )


def _bands() -> dict[str, str]:
    """Words for what has no number: nobody counted how often joints and roots are the source."""
    return {
        "nothing": "",
        "more-likely": pgettext("pain source", "more likely"),
        "possible": pgettext("pain source", "possible"),
        "less-likely": pgettext("pain source", "less likely"),
    }


def _kinds() -> dict[str, str]:
    return {
        "nerve-root": pgettext("pain source", "nerve root"),
        "peripheral-nerve": pgettext("pain source", "nerve"),
        "joint": pgettext("pain source", "joint or soft tissue"),
        "viscus": pgettext("pain source", "organ or vessel"),
    }


def _point(point: Argument) -> str:
    """A sentence for what speaks for or against a source."""
    about = _about(point)
    percent = _percent(point.share)
    sentence = {
        "explains": _("Covers %(percent)s of the drawing: %(about)s"),
        "leaves": _("Leaves unexplained: %(about)s"),
        "zone-not-drawn": _("%(percent)s of where it usually hurts is not drawn"),
        "zone-free": _("%(percent)s of where it usually hurts was asked about and is free"),
        "found": _("Found: %(about)s"),
        "not-found": _("Not found: %(about)s"),
    }[point.code]
    return sentence % {"about": about, "percent": percent}


def _about(point: Argument) -> str:
    if point.code in ("found", "not-found"):
        names = (finding_kinds()[kind].name.in_language(_language()) for kind in point.about)
        return comma().join(names)
    return f"{semicolon()} ".join(place_name(*area.split(" ")) for area in point.about)


def _sets(answer: TargetingAnswer) -> list[dict[str, str]]:
    """The most probable joint explanations, where more than one source is in play; without their
    numbers, for how surely a whole set holds was never compared with what came true."""
    sets = [
        {
            "names": " + ".join(_name(one.source, one.side) for one in each.active)
            or _("none of these"),
        }
        for each in answer.explanations[:3]
    ]
    return sets if len(sets) > 1 else []


def _note(code: str, about: str) -> str:
    sentence = sentences()[f"targeting-{code}"]
    words = [sentence.says, *([sentence.instead] if sentence.instead else [])]
    return " ".join(one.in_language(_language()) % {"about": about} for one in words)
