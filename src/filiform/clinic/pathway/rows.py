"""The day's visits as Today lists them, written in Python.

Two hundred rows with their small forms took a template 130 ms; written so they take a tenth. What
was entered by people is escaped in `_row` and `_form`; everything else is our own text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.pathway.next_thing import NextThing
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS
from filiform.clinic.web.addresses import address_of
from filiform.clinic.web.templatetags.filiform import icon
from filiform.clinic.web.times import at_site

NO_NAMES: Mapping[UUID, str] = MappingProxyType({})


@dataclass(frozen=True)
class DayRow:
    """A visit with its next thing and the transitions that this reader may make by hand."""

    visit: Visit
    next: NextThing
    transitions: list[tuple[str, Any]]


@dataclass(frozen=True)
class Reader:
    """What all rows have in common: who reads, and what stands in every form of the page."""

    clinical: bool
    records: bool
    everybody: bool
    urdu: bool
    token: str
    here: str
    minutes: str
    start: str
    sites: Mapping[UUID, str]
    """Names of the sites, where a time alone would not say which clock it goes by."""
    words: dict[int, tuple[Any, str]]
    """Lazy words as they stand on the page: two hundred rows say the same dozen. By the word's
    identity, since asking a lazy word what it is would translate it."""

    def say(self, word: Any) -> str:
        """A word in the reader's language, escaped."""
        if not isinstance(word, Promise):
            return escape(word)
        if id(word) not in self.words:
            # With the word itself: another could have its place in memory once it were gone.
            self.words[id(word)] = word, escape(str(word))
        return self.words[id(word)][1]


def day_rows(
    rows: Iterable[DayRow],
    request: HttpRequest,
    *,
    everybody: bool,
    sites: Mapping[UUID, str] = NO_NAMES,
) -> SafeString:
    """Items of the day's list. everybody: the list holds other people's visits too. sites: the
    names to be said beside the times, when they lie in several zones."""
    # Asked once for the page, not for each of two hundred rows.
    may = request.user.may  # type: ignore[union-attr]  # a guard has let only staff in
    reader = Reader(
        clinical=may("see-clinical"),
        records=may("record-clinical"),
        everybody=everybody,
        urdu=(get_language() or "en").startswith("ur"),
        token=f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">',
        here=escape(request.get_full_path()),
        minutes=escape(_("min")),
        start=escape(_("Start")),
        sites=sites,
        words={},
    )
    return mark_safe("".join(_row(row, reader) for row in rows))  # noqa: S308


def _row(row: DayRow, reader: Reader) -> str:
    visit, patient = row.visit, escape(row.visit.patient.name)
    opens = address_of("pathway:open" if reader.clinical else "visits:visit", visit.pk)
    return (
        f'<li class="{row.next.look} state-{visit.state}"><div class="when">'
        f'<span class="number strong">{at_site(visit.planned_at, visit.site_id):%H:%M}</span>'
        f'<span class="small soft"><span class="number">{visit.minutes}</span> '
        f"{reader.minutes}</span></div>"
        f'<div class="who grow"><a class="name" href="{opens}"><bdi>{patient}</bdi></a>'
        f'<p class="small soft">{_about(visit, reader)}</p></div>'
        f'<div class="what">{_next(row.next, reader)}</div>{_moves(row, patient, reader)}</li>'
    )


def _about(visit: Visit, reader: Reader) -> str:
    """The complaint, with whom, and how the visit stands."""
    parts = []
    if visit.episode:
        parts.append(f"<bdi>{escape(visit.episode.title)}</bdi>")
    if reader.everybody:
        who = visit.practitioner
        parts.append(f"<bdi>{escape((reader.urdu and who.name_ur) or who.name)}</bdi>")
    if visit.site_id in reader.sites:
        parts.append(f"<bdi>{escape(reader.sites[visit.site_id])}</bdi>")
    return " · ".join([*parts, reader.say(STATES_IN_WORDS[visit.state])])


def _next(following: NextThing, reader: Reader) -> str:
    inside = f"{icon(following.icon)}<span>{reader.say(following.says)}</span>"
    if following.address and reader.clinical:
        return f'<a class="next-thing {following.look}" href="{following.address}">{inside}</a>'
    return f'<span class="next-thing {following.look}">{inside}</span>'


def _moves(row: DayRow, patient: str, reader: Reader) -> str:
    """The small forms: start, and the transitions made by hand."""
    visit = row.visit
    waiting = visit.state in ("booked", "here")
    if not row.transitions and not waiting:
        return ""
    forms = []
    if waiting and reader.records:
        look = " primary" if visit.state == "here" else ""
        forms.append(
            f'<form method="post" action="{address_of("visits:begin", visit.pk)}">{reader.token}'
            f'<button class="button small{look}">{icon("door")}{reader.start}'
            f'<span class="visually-hidden">: <bdi>{patient}</bdi></span></button></form>'
        )
    to_move = address_of("visits:move", visit.pk)
    for to, word in row.transitions:
        look = "" if to == "here" else " quiet"
        forms.append(
            f'<form method="post" action="{to_move}">{reader.token}'
            f'<input type="hidden" name="then" value="{reader.here}">'
            f'<button class="button small{look}" name="to" value="{to}">{reader.say(word)}'
            f'<span class="visually-hidden">: <bdi>{patient}</bdi></span></button></form>'
        )
    return f'<div class="transitions cluster">{"".join(forms)}</div>'
