"""Everything that stands around the pain chart: the drawing, the table, the change in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString, mark_safe

from filiform.anatomy.surface.flat import WHOLE
from filiform.clinic.body.pictures import NamedPicture, pictures, views_of
from filiform.clinic.progress import queries
from filiform.clinic.progress.chart import SHAPES, Chart, PainPoint, draw
from filiform.clinic.progress.queries import PainRow, PainSpread
from filiform.clinic.progress.vocabulary import JUDGED_BY, KINDS
from filiform.clinic.web.stamps import SlotText, stamped
from filiform.clinic.web.times import written
from filiform.outcomes import SCALES, ScoreChange
from filiform.reasons import Reason
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Episode


@dataclass(frozen=True)
class ProgressPicture:
    chart: Chart | None
    rows: tuple[PainRow, ...]
    change: ScoreChange | None
    judged_by: object
    group_name: Words | None
    first: PainPoint | None
    last: PainPoint | None
    review: tuple[Reason, ...]
    """Whether the change so far speaks for going on with needling."""
    spread: PainSpread | None = None

    @property
    def then_and_now(self) -> list[tuple[datetime, float, list[NamedPicture]]]:
        """(when, cm², pictures) of the first and the last drawing, in the same views: a place that
        no longer hurts has to be seen empty."""
        if self.spread is None:
            return []
        views = [
            view
            for view in WHOLE
            if view in {*views_of(self.spread.then), *views_of(self.spread.now)}
        ]
        return [
            (when, drawing.area_cm2, pictures(drawing, views=views, prefix=name))
            for when, drawing, name in (
                (self.spread.then_at, self.spread.then, "pain-then"),
                (self.spread.now_at, self.spread.now, "pain-now"),
            )
        ]

    @property
    def html(self) -> SafeString:
        """The chart with its table and its change in words, as it stands on every page."""
        return stamped("progress/_pain_chart.html", "", self.given)

    @property
    def given(self) -> dict[str, Any]:
        """What `progress/_pain_chart.html` is stamped with."""
        if self.chart is None:
            return {"legend": ()}
        ends = {}
        if self.first is not None and self.last is not None:
            ends = {
                "first": SlotText(self.first.nprs),
                "from": SlotText(written(self.first.at)),
                "last": SlotText(self.last.nprs),
                "to": SlotText(written(self.last.at)),
            }
        return {
            "legend": tuple((kind, shape, str(name)) for kind, shape, name in self.legend),
            "view_box": self.chart.view_box,
            "has_goal": bool(self.chart.goal),
            "grid": SlotText(self.grid),
            "marks": SlotText(self.marks),
            "table_rows": SlotText(self.table_rows),
            **ends,
            **self._change_given(),
        }

    def _change_given(self) -> dict[str, Any]:
        change = self.change
        if change is None:
            return {}
        # What decides about words is a value of the stamp; ratings of a patient are only printed.
        return {
            "response": str(change.response),
            "response_name": change.name,
            "meaningful": change.meaningful,
            "mild_at_start": change.mild_at_start,
            "kind": str(self.judged_by),
            "before": SlotText(floatformat(change.before)),
            "after": SlotText(floatformat(change.after)),
            "needed": SlotText(_figure(change.needed)),
            "percent": SlotText(_figure(change.percent, 0)),
            "mcid": change.mcid,
            "mdc": change.mdc,
            "group_name": self.group_name,
            "sources": change.sources,
            "confidence": change.confidence,
        }

    @cached_property
    def table(self) -> list[tuple[date, list[int | str]]]:
        """The same ratings as in the chart: a day, and a cell for each kind of the legend."""
        return [
            (row.day, [row.ratings.get(kind, "–") for kind, _, _ in self.legend])
            for row in self.rows
        ]

    @property
    def marks(self) -> SafeString:
        """The marks of the chart as SVG, written in Python: a template takes ten times as long
        for some hundred of them. Nothing in them was entered by anybody."""
        marks = self.chart.marks if self.chart else ()
        return mark_safe(  # noqa: S308
            "".join(
                f'<path class="mark {mark.kind}" d="{mark.shape}" transform="{mark.place}"/>'
                for mark in marks
            )
        )

    @property
    def grid(self) -> SafeString:
        """The lines of the ratings and the days beneath them, for the same reason."""
        chart = self.chart
        if chart is None:
            return mark_safe("")
        lines = (
            f'<path class="grid" d="M {chart.left} {tick.at} H {chart.right}"/>'
            f'<text class="rating" x="{chart.left}" dx="-10" y="{tick.at}" dy="5" '
            f'text-anchor="end">{tick.label}</text>'
            for tick in chart.ratings
        )
        goal = (
            f'<path class="goal" d="M {chart.left} {chart.goal} H {chart.right}"/>'
            if chart.goal
            else ""
        )
        days = (
            f'<text class="day {tick.anchor}" x="{tick.at}" y="{chart.label_y}" '
            f'text-anchor="{tick.anchor}">{written(tick.day, "j M y")}</text>'
            for tick in chart.days
            if tick.day
        )
        lines_of_pain = (f'<path class="line {kind}" d="{path}"/>' for kind, path in chart.lines)
        return mark_safe("".join((*lines, goal, *days, *lines_of_pain)))  # noqa: S308

    @property
    def table_rows(self) -> SafeString:
        """The table's rows as HTML, for the same reason."""
        return mark_safe(  # noqa: S308
            "".join(
                f'<tr><th scope="row" class="nowrap">{written(day)}</th>'
                + "".join(f'<td class="figure">{cell}</td>' for cell in cells)
                + "</tr>"
                for day, cells in self.table
            )
        )

    @cached_property
    def legend(self) -> list[tuple[str, str, object]]:
        """Kind, shape and name of the marks that are in the chart."""
        return (
            [(kind, SHAPES[kind], KINDS[kind]) for kind in self.chart.kinds] if self.chart else []
        )


def _figure(number: float | None, decimals: int = -1) -> str:
    return "" if number is None else str(floatformat(number, decimals))


def picture(patient: Patient, *, episode: Episode | None = None) -> ProgressPicture:
    """The chart over all visits; the change is judged within one complaint.

    episode: the one to judge; without it the one of the newest rated visit.
    """
    points = queries.pain_series(patient)
    visits = queries.visits_judged(patient, points, episode)
    judged = queries.in_visits(points, visits)
    group = queries.population(patient, visits)
    kind, change = queries.pain_change(judged, group=group) or ("", None)
    goal = None
    # A goal line below zero pain could never be reached.
    if change is not None and change.needed is not None and change.before >= change.needed:
        goal = change.before - change.needed
    rows = queries.by_day(points)
    # Of the kind that was judged: a first "now" beside a last "average" would be no change.
    ratings = [point for point in judged if point.kind == kind]
    return ProgressPicture(
        chart=draw(points, goal_nprs=goal),
        rows=tuple(rows),
        change=change,
        judged_by=JUDGED_BY.get(kind, ""),
        group_name=next((one.name for one in SCALES["nprs"].groups if one.id == group), None),
        first=ratings[0] if ratings else None,
        last=ratings[-1] if ratings else None,
        review=queries.reasons_to_review(judged, patient, visits),
        spread=queries.spread(patient, visits),
    )
