"""What the letter of a recall says, in the language that is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from filiform.clinic.documents.heads import head_of
from filiform.clinic.supplies.queries import size_of
from filiform.clinic.supplies.refusing import size_text
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import comma, written

if TYPE_CHECKING:
    from filiform.clinic.recalls.finding import RecalledPatient
    from filiform.clinic.staff.models import Member
    from filiform.clinic.supplies.models import Lot, LotRecall


def letter_values(
    found: RecalledPatient, lot: Lot, recall: LotRecall | None, *, by: Member
) -> dict[str, Any]:
    """For `papers/letter.typ`. Without a recall it is a letter of a drill, and says so."""
    patient = found.patient
    needle = f"{lot.product.brand}{comma()} {size_text(size_of(lot.product))}"
    return {
        "head": head_of(
            title=_("About needles that were used in your treatment"),
            organisation=by.organisation,
            name=patient.name,
            file=patient.file_number,
            by=by,
        ),
        "drill": "" if recall else _("Drill: this letter is not sent."),
        "day": written(timezone.localdate(), "j F Y"),
        "to": [patient.name, patient.address],
        "text": [
            _("Dear %(name)s,") % {"name": patient.name},
            _(
                "The manufacturer or an authority asks that needles of one lot are no longer "
                "used. Needles of this lot were used in your treatment with us. You should "
                "know this, and what to do."
            ),
        ],
        "facts": [
            [_("Needle"), needle],
            [_("Lot"), lot.number],
            # A drill, and a letter looked at before the recall, have none to tell.
            *([[_("Reason"), recall.reason]] if recall and recall.reason else []),
        ],
        "treatments_title": _("Your treatments with this lot"),
        "columns": [_("Day"), _("Where"), _("Needles")],
        "treatments": [
            [
                written(one.started_at, "j F Y"),
                f"{comma()} ".join(one.needles),
                str(one.count),
            ]
            for one in found.treatments
        ],
        "advice_title": _("What to do"),
        "advice": [
            _(
                "If the skin there is red, hot, swollen or weeps, or if you have a fever, call us "
                "or see a doctor today."
            ),
            _(
                "If none of this applies, you need not do anything. We'll call you and answer "
                "your questions."
            ),
        ],
        "call": _("Call us: %(phone)s") % {"phone": found.treatments[-1].site_phone},
        "sign": [local_name(by), by.title, local_name(by.organisation)],
    }
