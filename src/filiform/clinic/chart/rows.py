"""The long lists of a patient's page, written in Python.

A template spends a hundred microseconds on a row of three words; with sixty visits and as many
ratings that was half of the time of the page. What stands in the rows is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from filiform.clinic.visits.vocabulary import STATES_IN_WORDS
from filiform.clinic.web.addresses import address_of
from filiform.clinic.web.times import at_site, comma, written

if TYPE_CHECKING:
    from filiform.clinic.visits.models import Visit


NO_NUMBERS: Mapping[UUID, str] = MappingProxyType({})


def visit_rows(visits: Iterable[Visit], numbers: Mapping[UUID, str] = NO_NUMBERS) -> SafeString:
    """Items of a list: when, with whom, and how each visit stands. numbers: patient → file number,
    for those that stand in another file of the same person."""
    urdu = (get_language() or "en").startswith("ur")
    states = {state: escape(str(words)) for state, words in STATES_IN_WORDS.items()}
    rows, between = [], comma()
    for visit in visits:
        who, at = visit.practitioner, at_site(visit.planned_at, visit.site_id)
        name = (urdu and who.name_ur) or who.name
        rows.append(
            f'<li><a class="cover strong" href="{address_of("visits:visit", visit.pk)}">'
            f"{written(at, 'D j M Y')}{between} "
            f'<span class="number">{at:%H:%M}</span></a>'
            f'<span class="soft"><bdi>{escape(name)}</bdi>'
            f"{_of_file(numbers.get(visit.patient_id))}</span>"
            f'<span class="tag push">{states[visit.state]}</span></li>'
        )
    return mark_safe("".join(rows))  # noqa: S308 - everything that was entered is escaped above


def _of_file(number: str | None) -> str:
    return f' · <span class="number">{escape(number)}</span>' if number else ""
