"""The rows of the diary as HTML.

Composed here and not in a template: a week has four hundred of them, and a template takes longer
for each than the database for all. Everything that people wrote goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.diary.at_home import AT_HOME, STANDINGS
from filiform.clinic.diary.vocabulary import LEAVE_KINDS
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS, TRANSITIONS_IN_WORDS
from filiform.clinic.web.addresses import address_of
from filiform.times import duration

if TYPE_CHECKING:
    from filiform.clinic.diary.board import Away, BoardCell, DiaryLine, FreeStretch, VisitRow

STEP_MIN = 5
"""A row of a day's grid (web/filiform/diary.css)."""
# A day in rows of five minutes.
LONGEST_ROWS = 288


class GridDrawing(NamedTuple):
    """What every row needs. token: of CSRF, for the button of arrival; "" where there is none."""

    zones: dict[UUID, tzinfo]
    site_names: dict[UUID, str]
    room_names: dict[UUID, str]
    person_names: dict[UUID, str]
    by_room: bool
    token: str
    then: str
    states: dict[str, str]
    """State of a visit → its words, translated and escaped once and not in each row"""
    at_home: dict[str, str]
    """Code of `at_home.AT_HOME` → its words, the same; empty where no room knows it"""

    def at(self, moment: datetime, site: UUID) -> datetime:
        return moment.astimezone(self.zones[site])


def day_cell(draw: GridDrawing, line: DiaryLine, cell: BoardCell, zone: tzinfo) -> SafeString:
    """One column of a day: visits, free time and leave in their order, each at its place."""
    rows = [(row.at, _visit(draw, row)) for row in cell.visits if row.keeps_its_place]
    rows += [(gap.start, _gap(draw, line, gap)) for gap in cell.gaps]
    rows += [(away.start, _away(away, zone)) for away in cell.away]
    rows.sort(key=lambda pair: pair[0])
    return mark_safe("".join(html for _at, html in rows))  # noqa: S308  # escaped in each row


def week_cells(draw: GridDrawing, line: DiaryLine, days: Sequence[tuple[str, str]]) -> SafeString:
    """The cells of a line of a week, a line for each visit with the time first. days: (ISO day,
    its name) for each."""
    key = line.key or ""
    found = []
    for (day, name), cell in zip(days, line.days, strict=True):
        rows = "".join([_week_row(draw, row) for row in cell.visits])
        minutes = cell.free_min
        free = f'<p class="small soft">{escape(free_words(minutes))}</p>' if minutes else ""
        found.append(
            f'<td data-line="{key}" data-day="{day}"><span class="day-name small soft">{name}'
            f'</span><ol class="plain">{rows}</ol>{free}</td>'
        )
    return mark_safe("".join(found))  # noqa: S308  # escaped above and in each row


def _week_row(draw: GridDrawing, row: VisitRow) -> str:
    clock, words = f"{row.there.hour:02}:{row.there.minute:02}", draw.states[row.state]
    off = "" if row.keeps_its_place else f' <span class="small">{words}</span>'
    # The line says who it is with, unless the lines are rooms.
    who = f'" data-practitioner="{row.practitioner}' if draw.by_room else ""
    return (
        f'<li class="visit state-{row.state}" data-visit="{row.pk}" data-at="{clock}" '
        f'data-minutes="{row.minutes}{who}" title="{words}">'
        f'<a href="{address_of("visits:visit", row.pk)}"><span class="number">{clock}</span>'
        f" <bdi>{escape(row.name)}</bdi></a>{off}{_home_mark(draw, row)}</li>"
    )


def _home_mark(draw: GridDrawing, row: VisitRow, *, is_told: bool = False) -> str:
    """A sign that fills up as the questions at home go on (diary.css), with its words; none
    while nothing was sent, which is so of most. is_told: the words stand beside it, for as long as
    the row is long enough for them."""
    if not row.at_home:
        return ""
    words = draw.at_home[row.at_home]
    unread = ' aria-hidden="true"' if is_told else ""
    hidden = "" if is_told else f'<span class="visually-hidden">{words}</span>'
    return f' <span class="at-home at-home-{row.at_home}" title="{words}"{unread}>{hidden}</span>'


def _home_words(draw: GridDrawing, row: VisitRow) -> str:
    if not draw.at_home or row.state not in ("booked", "here", "in-room"):
        return ""
    return f" · {draw.at_home[row.at_home or 'not-sent']}"


def off_rows(draw: GridDrawing, rows: list[VisitRow]) -> SafeString:
    """Visits that don't take place, below the day."""
    found = []
    for row in rows:
        at, words = row.there, draw.states[row.state]
        found.append(
            f'<li><a href="{address_of("visits:visit", row.pk)}"><span class="number">{at:%H:%M}'
            f"</span> <bdi>{escape(row.name)}</bdi></a> "
            f'<span class="small soft">{words}</span></li>'
        )
    return mark_safe("".join(found))  # noqa: S308  # escaped above


def states_in_words() -> dict[str, str]:
    """For `GridDrawing.states`, in the reader's language."""
    return {key: escape(str(words)) for key, words in STATES_IN_WORDS.items()}


def at_home_in_words() -> dict[str, str]:
    """For `GridDrawing.at_home`, in the reader's language."""
    if not STANDINGS:
        return {}
    return {key: escape(str(words)) for key, words in AT_HOME.items()}


def free_words(minutes: int) -> str:
    return _("%(long)s free") % {"long": duration(minutes * 60, get_language())}


def _visit(draw: GridDrawing, row: VisitRow) -> str:
    at, until = row.there, draw.at(row.ends_at, row.site)
    service = row.service_ur if get_language() == "ur" and row.service_ur else row.service
    beside = draw.person_names.get(row.practitioner) if draw.by_room else None
    room = None if draw.by_room or row.room is None else draw.room_names.get(row.room)
    told = [service or row.title, beside, room, draw.site_names.get(row.site)]
    words = " · ".join(f"<bdi>{escape(one)}</bdi>" for one in told if one)
    state = draw.states[row.state]
    return (
        f'<li class="visit state-{row.state} {_place(at, row.minutes)}" data-visit="{row.pk}" '
        f'data-at="{at:%H:%M}" data-minutes="{row.minutes}" '
        f'data-practitioner="{row.practitioner}"><a href="{address_of("visits:visit", row.pk)}">'
        f'<span class="number">{at:%H:%M}–{until:%H:%M}</span> <bdi class="strong">'
        f"{escape(row.name)}</bdi>{_home_mark(draw, row, is_told=True)}</a>"
        f'<span class="small soft">{words}{" · " if words else ""}{state}'
        f"{_home_words(draw, row)}</span>"
        f"{_arrived(draw, row)}</li>"
    )


def _arrived(draw: GridDrawing, row: VisitRow) -> str:
    """The one button of the desk's day; what else there is stands on the visit's card."""
    if not draw.token or row.state != "booked":
        return ""
    return (
        f'<form method="post" action="{address_of("visits:move", row.pk)}">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{draw.token}">'
        f'<input type="hidden" name="then" value="{escape(draw.then)}">'
        '<button class="button small" name="to" value="here">'
        f"{escape(str(TRANSITIONS_IN_WORDS['here']))}"
        f'<span class="visually-hidden">: {escape(row.name)}</span></button></form>'
    )


def _gap(draw: GridDrawing, line: DiaryLine, gap: FreeStretch) -> str:
    at, until = draw.at(gap.start, gap.site), draw.at(gap.end, gap.site)
    minutes = int((gap.end - gap.start).total_seconds() // 60)
    asked = {"day": f"{at:%Y-%m-%d}", "at": f"{at:%H:%M}", "site": gap.site}
    asked["room" if draw.by_room else "practitioner"] = line.key or ""
    words = escape(free_words(minutes))
    return (
        f'<li class="gap {_place(at, minutes)}"><a href="{reverse("diary:gap")}?'
        f'{escape(urlencode(asked))}"><span class="number">{at:%H:%M}–{until:%H:%M}</span> '
        f'{words}<span class="visually-hidden">: {escape(_("Book"))} – {escape(line.name)}</span>'
        "</a></li>"
    )


def _away(away: Away, zone: tzinfo) -> str:
    at, until = away.start.astimezone(zone), away.end.astimezone(zone)
    minutes = int((away.end - away.start).total_seconds() // 60)
    words = escape(str(LEAVE_KINDS.get(away.kind, away.kind)))
    # Leave is cut to the day: its end at midnight would read 00:00, before its beginning.
    ends = "24:00" if until.date() > at.date() else f"{until:%H:%M}"
    return (
        f'<li class="away {_place(at, minutes)}"><span class="number">{at:%H:%M}–{ends}</span> '
        f"{words}</li>"
    )


def _place(at: datetime, minutes: int) -> str:
    """The classes that put a row at its time (web/filiform/diary.css): hour and twelfth of
    its beginning, hours and twelfths of its length."""
    start = at.hour * 12 + at.minute // STEP_MIN
    # Cut at midnight: the grid of a day has no rows beyond.
    # Rounded up: twelve minutes must not look as if they ended at ten.
    length = max(1, min(-(-minutes // STEP_MIN), LONGEST_ROWS - start))
    return f"h{start // 12} q{start % 12} l{length // 12} m{length % 12}"
