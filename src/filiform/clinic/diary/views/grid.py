"""The diary: a day or a week, by practitioner or by room."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.diary import drawing
from filiform.clinic.diary.at_home import between
from filiform.clinic.diary.board import (
    DiaryBoard,
    DiaryLine,
    board_of,
    places_of,
    rooms_of,
    step_of,
)
from filiform.clinic.diary.drawing import GridDrawing
from filiform.clinic.diary.slots import STEP_MIN
from filiform.clinic.facts.versions import activity_of
from filiform.clinic.patients.search import search
from filiform.clinic.staff.models import Member
from filiform.clinic.visits.workplace import names_where_needed, workplaces
from filiform.clinic.web.fields import day_asked
from filiform.clinic.web.kept import good_until, kept_page
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import bounds, next_midnight, written, zone_named

WEEK = 7


@require_safe
@staff("see-patients")
def diary(request: StaffRequest) -> HttpResponse:
    """Kept until somebody writes, until a patient goes on with the questions at home, or until free
    time has passed."""
    organisation = request.user.organisation_id
    asked = _Asked.read(request, timezone.localdate())
    version = activity_of(organisation)
    # Wider than any clock of a site: the board takes what is its own.
    start = bounds(asked.first, UTC)[0] - timedelta(days=1)
    end = bounds(asked.last, UTC)[1] + timedelta(days=1)
    home = between(organisation, start, end)
    rests_on = ("diary", version, tuple(sorted(home.items())))
    return kept_page(request, rests_on, lambda: _compose(request, asked, home), by_clock=True)


def _compose(request: StaffRequest, asked: _Asked, home: dict[str, str]) -> HttpResponse:
    now = timezone.now()
    # Free time passes, and "today" becomes another day, without anything being written.
    until = min(step_of(now) + timedelta(minutes=STEP_MIN), next_midnight(now))
    good_until(request, now=now, until=until)
    today = timezone.localdate(now)
    board = board_of(
        request.user.organisation, asked.first, asked.days, by_room=asked.by_room, now=now,
        at_home=home,
    )  # fmt: skip
    draw = _drawing(request, board, is_today=not asked.by_week and asked.day == today)
    context = {
        "day": asked.day,
        "last": board.days[-1],
        "is_today": asked.day == today,
        "by_week": asked.by_week,
        "by_room": asked.by_room,
        "links": asked.links(today),
        "workplaces": workplaces(request),
        "board": board,
        "hours": range(board.first_hour, board.last_hour),
        "table": _week(draw, board) if asked.by_week else _day(draw, board),
        "may_move": request.user.may("book-visits"),
    }
    name = "diary/week.html" if asked.by_week else "diary/day.html"
    return render(request, name, context)


class _Asked:
    """What was asked for, and the addresses beside it."""

    def __init__(self, day: date, by_week: bool, by_room: bool) -> None:
        self.day, self.by_week, self.by_room = day, by_week, by_room
        self.days = WEEK if by_week else 1
        self.first = day - timedelta(days=day.weekday()) if by_week else day
        self.last = self.first + timedelta(days=self.days - 1)

    @classmethod
    def read(cls, request: StaffRequest, today: date) -> _Asked:
        """As the address says it."""
        query = request.GET
        day = day_asked(query.get("day", "")) or today
        return cls(day, query.get("view") == "week", query.get("by") == "room")

    def links(self, today: date) -> dict[str, str]:
        days = timedelta(days=self.days)
        return {
            "before": self.to(day=self.day - days),
            "after": self.to(day=self.day + days),
            "today": self.to(day=today),
            "of_day": self.to(by_week=False),
            "of_week": self.to(by_week=True),
            "by_person": self.to(by_room=False),
            "by_room": self.to(by_room=True),
        }

    def to(self, **changes: Any) -> str:
        asked = {"day": self.day, "by_week": self.by_week, "by_room": self.by_room, **changes}
        query = {"day": f"{asked['day']:%Y-%m-%d}"}
        if asked["by_week"]:
            query["view"] = "week"
        if asked["by_room"]:
            query["by"] = "room"
        return f"{reverse('diary:diary')}?{urlencode(query)}"


def _drawing(request: StaffRequest, board: DiaryBoard, *, is_today: bool) -> GridDrawing:
    organisation = request.user.organisation
    rooms, people = {}, {}
    if board.by_room:
        cells = [cell for line in board.lines for cell in line.days]
        people = _names({row.practitioner for cell in cells for row in cell.visits})
    else:
        rooms = {one.pk: local_name(one) for one in rooms_of(organisation.pk)}
    return GridDrawing(
        zones={site.pk: zone_named(site.time_zone) for site in places_of(organisation.pk)},
        site_names=names_where_needed(organisation),
        room_names=rooms,
        person_names=people,
        by_room=board.by_room,
        # Only today has the button "has arrived"; without a token there is none.
        token=get_token(request) if is_today and request.user.may("book-visits") else "",
        then=request.get_full_path(),
        states=drawing.states_in_words(),
        at_home=drawing.at_home_in_words(),
    )


def _names(members: set[UUID]) -> dict[UUID, str]:
    return {one.pk: local_name(one) for one in Member.objects.filter(pk__in=members)}


def _day(draw: GridDrawing, board: DiaryBoard) -> list[tuple[DiaryLine, object, object]]:
    """(line, its rows, what doesn't take place)"""
    zone = timezone.get_current_timezone()
    return [
        (line, drawing.day_cell(draw, line, line.days[0], zone),
         drawing.off_rows(draw, line.days[0].off))
        for line in board.lines
    ]  # fmt: skip


def _week(draw: GridDrawing, board: DiaryBoard) -> list[tuple[DiaryLine, SafeString]]:
    """(line, the cells of its days)"""
    days = [(f"{day:%Y-%m-%d}", escape(written(day, "D j M"))) for day in board.days]
    return [(line, drawing.week_cells(draw, line, days)) for line in board.lines]


@require_safe
@staff("book-visits")
def gap(request: StaffRequest) -> HttpResponse:
    """A free time was tapped: for whom is it?"""
    text = request.GET.get("q", "")
    kept = {name: request.GET[name] for name in GAP if request.GET.get(name)}
    context = {
        "q": text,
        "kept": kept,
        "query": urlencode(kept),
        "day": day_asked(kept.get("day", "")),
        "found": search(request.user.organisation, text) if text else [],
    }
    return render(request, "diary/gap.html", context)


GAP = ("day", "at", "site", "practitioner", "room")
"""What a free time of the diary says of itself; the booking form reads the same."""
