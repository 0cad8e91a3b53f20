"""Until when a message has to be answered: the clinic's limit, counted in its opening hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from filiform.clinic.frontdoor.models import InboxRule
from filiform.clinic.staff.hours import LOOKED_AHEAD_DAYS, deadline
from filiform.clinic.staff.openings import exceptions_of
from filiform.clinic.web.times import zone_named

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Site

USUAL_MINUTES = 120
"""Until an owner says otherwise. Design value."""


def rule_of(organisation: UUID) -> InboxRule | None:
    rows = InboxRule.objects.current().filter(organisation=organisation)
    return rows.select_related("recorded_by").order_by("-recorded_at").first()


def limit_of(organisation: UUID) -> timedelta:
    rule = rule_of(organisation)
    return timedelta(minutes=rule.answer_within_minutes if rule else USUAL_MINUTES)


def due_at(site: Site, since: datetime, within: timedelta | None = None) -> datetime:
    """When a message of this site that has waited since then is late (UTC)."""
    limit = within or limit_of(site.organisation_id)
    zone = zone_named(site.time_zone)
    day = since.astimezone(zone).date()
    # A message that comes before Eid is answered after it.
    # From yesterday: a night's opening that began there may still last.
    laid = exceptions_of(site.pk, day - timedelta(days=1), day + timedelta(days=LOOKED_AHEAD_DAYS))
    return deadline(site.opening_hours, since, zone, limit, laid)
