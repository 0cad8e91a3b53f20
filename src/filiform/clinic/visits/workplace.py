"""At which site somebody works, for clinics whose sites lie in several time zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from filiform.clinic.staff.clock import WORKPLACE
from filiform.clinic.staff.queries import sites
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import many_zones

if TYPE_CHECKING:
    from filiform.clinic.access.guards import StaffRequest
    from filiform.clinic.staff.models import Organisation, Site


@dataclass(frozen=True)
class Workplace:
    """A site that can be chosen."""

    site: Site
    name: str
    chosen: bool


def names_where_needed(organisation: Organisation) -> dict[UUID, str]:
    """Site → its name, where a time alone would not say whose clock it goes by; else nothing."""
    if not many_zones():
        return {}
    return {one.pk: local_name(one) for one in sites(organisation)}


def workplaces(request: StaffRequest) -> list[Workplace]:
    """What the reader can choose; nothing where all sites have one clock."""
    if not many_zones():
        return []
    chosen = request.session.get(WORKPLACE, "")
    listed = list(sites(request.user.organisation))
    if chosen not in {str(one.pk) for one in listed}:
        chosen = str(min(one.pk for one in listed))  # as staff.clock has it: the oldest
    return [Workplace(one, local_name(one), str(one.pk) == chosen) for one in listed]


def work_at(request: StaffRequest, site: UUID) -> bool:
    """Go by the clock of a site from now on; False when it is none of the organisation's."""
    if site not in {one.pk for one in sites(request.user.organisation)}:
        return False
    request.session[WORKPLACE] = str(site)
    return True
