"""What the yearly safety report says, in the reader's language. No patient stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from filiform.clinic.documents.heads import head_of
from filiform.clinic.events.templatetags.rates import STANDINGS, interval, share
from filiform.clinic.web.times import written

if TYPE_CHECKING:
    from filiform.clinic.events.counting import RateLine, SafetyCounts
    from filiform.clinic.staff.models import Member
    from filiform.outcomes.rates import EventRate


def report_values(counted: SafetyCounts, *, by: Member) -> dict[str, Any]:
    """For `papers/yearly.typ`."""
    columns = [_("Group"), _("Treatments"), _("With an event"), _("Serious"), _("Per needle")]
    return {
        "head": head_of(
            title=_("Safety report"), organisation=by.organisation, name="", file="", by=by
        ),
        "period": _("%(first)s to %(last)s")
        % {"first": written(counted.first, "j F Y"), "last": written(counted.last, "j F Y")},
        "facts": [
            [_("Treatments with needles"), str(counted.treatments)],
            [_("Needles"), str(counted.needles)],
            [_("Treatments with an answered check"), str(counted.answered)],
            [_("Events"), str(counted.events)],
            [_("Near misses"), str(counted.near_misses)],
            [_("Events without a treatment"), str(counted.unlinked)],
            *(
                [[_("From before the register, not yet graded"), str(counted.not_graded)]]
                if counted.not_graded
                else []
            ),
        ],
        "kinds_title": _("What happened"),
        "kinds_columns": [_("Event"), _("Number")],
        "kinds": [[name, str(number)] for name, number in counted.kinds],
        "beside_title": _("Compared with published rates"),
        "beside_columns": [_("Study"), _("Published"), _("Ours"), _("Comparison")],
        "beside": [
            [one.name, _told(one.published), _told(one.ours), str(STANDINGS[one.standing])]
            for one in counted.beside
        ],
        "columns": columns,
        "groups": [
            [title, [_row(line) for line in lines]]
            for title, lines in [(_("All"), [counted.total]), *counted.by]
            if lines
        ],
        "note": _(
            "Intervals are 95 % (Wilson); for none seen the bound is 3 divided by the number "
            "(rule of three). Small groups differ by chance: groups whose intervals overlap are "
            "not ranked."
        ),
    }


def _row(line: RateLine) -> list[str]:
    rates = (line.per_treatment, line.serious, line.per_needle)
    return [line.name, str(line.per_treatment.of), *(_told(one) for one in rates)]


def _told(one: EventRate) -> str:
    return f"{one.events}/{one.of} = {share(one)} {interval(one)}" if one.of else "–"
