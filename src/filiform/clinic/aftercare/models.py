"""Checks that fall due after a treatment, what the patient answered, and who took over an alarm."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from filiform.clinic.facts.models import Identified, PatientFact


class Check(Identified):
    """A call or message that is due; settled when the patient was reached or given up with a
    reason.

    over_lung: a muscle over the lung was needled, so silence is not good news.
    urgency: the gravest answer so far. alarm_since: when an answer came that nobody with
    clinical duty has acknowledged yet; it keeps the check on top of the list, settled or not.
    alarm_taken_by, alarm_taken_at: who sees to it; then it rings no more, and stays red until
    what was done is written (`Acknowledgement`).
    """

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    treatment = models.ForeignKey("treatment.Treatment", models.PROTECT, related_name="checks")
    hours = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    why = models.JSONField(default=list)
    over_lung = models.BooleanField(default=False)
    owner = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    urgency = models.CharField(max_length=20, blank=True)
    alarm_since = models.DateTimeField(null=True, blank=True)
    alarm_taken_by = models.ForeignKey(
        "staff.Member", models.PROTECT, related_name="+", null=True, blank=True
    )
    alarm_taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "due_at"],
                name="check_open",
                condition=Q(settled_at__isnull=True),
            ),
            # Overdue over the lung stands first: read from an index of its own, not sorted out of
            # all that is open.
            models.Index(
                fields=["organisation", "due_at"],
                name="check_open_lung",
                condition=Q(settled_at__isnull=True, over_lung=True),
            ),
            models.Index(
                fields=["organisation", "alarm_since"],
                name="check_alarm",
                condition=Q(alarm_since__isnull=False),
            ),
            models.Index(fields=["patient", "-due_at"], name="check_patient"),
        ]
        constraints = [models.UniqueConstraint(fields=["treatment", "hours"], name="check_once")]

    @property
    def hours_in_words(self) -> str:
        """ "2 h", "24 h", "7 days": how a check is called."""
        if self.hours % 24 == 0 and self.hours > 72:
            return _("%(days)s days") % {"days": self.hours // 24}
        return _("%(hours)s h") % {"hours": self.hours}


class CheckOutcome(PatientFact):
    """What came of one attempt. Its id is made with the form, so that sending it twice changes
    nothing. An answer that nobody recorded is the patient's own, from their page."""

    check_due = models.ForeignKey(Check, models.PROTECT, related_name="outcomes")
    result = models.CharField(max_length=20)
    """answered, no-reply, given-up; covered: a later check was settled instead"""
    report = models.JSONField(default=dict)
    urgency = models.CharField(max_length=20, blank=True)
    reasons = models.JSONField(default=list)
    note = models.TextField(blank=True)
    action = models.TextField(blank=True)


class Acknowledgement(PatientFact):
    """A practitioner has taken over what a check brought to light, and says what was done."""

    check_due = models.ForeignKey(Check, models.PROTECT, related_name="acknowledgements")
    urgency = models.CharField(max_length=20)
    action = models.TextField()


class AdviceGiven(PatientFact):
    """The patient was told what to expect and whom to call, with these texts, in this language."""

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="advice_given")
    language = models.CharField(max_length=5)
    way = models.CharField(max_length=20)
    """paper, spoken, message"""
    advice = models.JSONField(default=list)
    """Ids of the pieces of advice as they stood on the sheet."""
