"""What goes with the needling: the chosen manual therapy, stretches, exercises and advice."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact, PatientFact, now


class ProgrammeItem(PatientFact):
    """One chosen item with its dose; `item` is an id of `programme.propose` in its `phase`.

    chosen_at: when it was first chosen; a changed dose keeps the item's place in the list.
    """

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="programme_items")
    item = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    phase = models.CharField(max_length=40)
    muscle = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=10, blank=True)
    dose = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    release = models.CharField(max_length=60, blank=True)
    chosen_at = models.DateTimeField(default=now)


class ProgrammeTemplate(Fact):
    """A programme that a clinic uses again, by its name: what and how much, for nobody's side."""

    name = models.CharField(max_length=80)
    rows = models.JSONField(default=list)
    """[{"phase", "item", "dose", "note"}]; the item without its side"""


class CauseAnswer(PatientFact):
    """What was found about one cause at a visit; `cause` is an id of `programme.causes`.

    The newest answer of a patient's visits is how it stands; each visit asks the found ones again.
    """

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="cause_answers")
    cause = models.CharField(max_length=60)
    state = models.CharField(max_length=20)
    """A key of `vocabulary.CAUSE_STATES`"""

    class Meta:
        indexes = [models.Index(fields=["patient", "-recorded_at"], name="cause_patient")]


class PlanOfCare(PatientFact):
    """How long, how often, how much needling for an episode, and when it is looked at again.

    indication: an id of screening's indications. visits, needling: the most that are meant.
    """

    episode = models.ForeignKey("visits.Episode", models.PROTECT, related_name="plans_of_care")
    indication = models.CharField(max_length=60, blank=True)
    visits = models.PositiveSmallIntegerField()
    needling = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    review_on = models.DateField()
    ends_on = models.DateField()
    decided = models.CharField(max_length=20, blank=True)
    """What the last review decided, a key of `vocabulary.DECISIONS`"""

    class Meta:
        indexes = [models.Index(fields=["organisation", "review_on"], name="care_review")]


class PatientGoal(PatientFact):
    """An activity in the patient's own words, and who does what for it."""

    episode = models.ForeignKey("visits.Episode", models.PROTECT, related_name="goals")
    activity = models.CharField(max_length=200)
    patient_does = models.CharField(max_length=200, blank=True)
    clinic_does = models.CharField(max_length=200, blank=True)


class GoalScore(PatientFact):
    """How well a goal goes at a visit: 0 unable, 10 as before (PSFS)."""

    goal = models.ForeignKey(PatientGoal, models.PROTECT, related_name="scores")
    """The goal as it was first set; a later wording keeps its scores"""
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="goal_scores")
    score = models.PositiveSmallIntegerField()


class DoneInClinic(PatientFact):
    """An exercise or hands-on treatment that was done at the visit, how much, and the response."""

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="done_in_clinic")
    programme_item = models.ForeignKey(ProgrammeItem, models.PROTECT, related_name="done")
    dose = models.JSONField(default=dict)
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)


class HomeTick(PatientFact):
    """The patient did it on a day. It names the version of the item that they had before them, so
    that a dose changed meanwhile loses nothing. All numbers 0 to 10, None where not said."""

    programme_item = models.ForeignKey(ProgrammeItem, models.PROTECT, related_name="ticks")
    on = models.DateField()
    felt = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "-on"], name="tick_patient"),
            # Today asks for the week's ticks of everybody.
            models.Index(fields=["organisation", "-on"], name="tick_day"),
        ]
