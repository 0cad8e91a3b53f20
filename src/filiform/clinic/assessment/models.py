"""Story, painful areas, the verdict of screening, targets with findings, and the needle plan."""

from __future__ import annotations

from typing import Literal

from django.db import models

from filiform.clinic.facts.models import Fact, PatientFact

TargetSide = Literal["left", "right"]


class VisitFact(PatientFact):
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="%(class)s_set")

    class Meta:
        abstract = True


class Story(VisitFact):
    """What the patient tells. Amended as a whole: a new version replaces the former."""

    complaint = models.TextField(blank=True)
    complaint_code = models.CharField(max_length=80, blank=True)
    onset_on = models.DateField(null=True, blank=True)
    onset = models.CharField(max_length=30, blank=True)
    """days, weeks, months, years: when the exact day is not known"""
    mechanism = models.CharField(max_length=30, blank=True)
    aggravating = models.JSONField(default=list)
    easing = models.JSONField(default=list)
    pain_now = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_worst = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_average = models.PositiveSmallIntegerField(null=True, blank=True)
    notes = models.TextField(blank=True)


class PainArea(VisitFact):
    """One painful area; ids of `anatomy` regions."""

    story = models.ForeignKey(Story, models.PROTECT, related_name="areas")
    region = models.CharField(max_length=60)
    side = models.CharField(max_length=10)
    quality = models.CharField(max_length=30, blank=True)
    intensity = models.PositiveSmallIntegerField(null=True, blank=True)


class Verdict(VisitFact):
    """What screening answered when the practitioner confirmed it, whole, with its release."""

    decision = models.CharField(max_length=20)
    answer = models.JSONField()
    release = models.CharField(max_length=60)


class Justification(VisitFact):
    """Why a practitioner needles in spite of a relative contraindication, and how differently."""

    rule = models.CharField(max_length=60)
    text = models.TextField()
    release = models.CharField(max_length=60)


class Clearance(VisitFact):
    """A letter in which the treating doctor clears the patient for needling in spite of a rule.
    It holds from its day until `valid_until`, in every visit."""

    rule = models.CharField(max_length=60)
    from_whom = models.CharField(max_length=200)
    given_on = models.DateField()
    valid_until = models.DateField()
    says = models.TextField()


class SecondSignature(VisitFact):
    """Another practitioner has read a written reason and agrees."""

    justification = models.ForeignKey(
        Justification, models.PROTECT, related_name="second_signatures"
    )


class Target(VisitFact):
    """A muscle on one side, perhaps one of its trigger points, chosen for needling."""

    muscle = models.CharField(max_length=60)
    # Written as text that `choose_target` has compared with TARGET_SIDES, read as one of them.
    side: models.CharField[str, TargetSide] = models.CharField(max_length=10)
    trp = models.CharField(max_length=10, blank=True)
    atlas_release = models.CharField(max_length=60)


class Ranking(VisitFact):
    """What `targeting` answered at the moment when a target was chosen, with its release: so that
    hit rates can be told and priors be learnt."""

    target = models.OneToOneField(Target, models.PROTECT, related_name="ranking")
    position = models.PositiveIntegerField()
    """Place of the chosen muscle among all sources, 1 for the most probable."""
    probability = models.FloatField()
    ranked = models.JSONField()
    """[source, side, probability] of the first dozen."""
    findings = models.JSONField()
    """What had been found by then, as `targeting.PalpationFinding`."""
    release = models.CharField(max_length=60)


class Finding(VisitFact):
    """One examination finding on a muscle; a measured value where it has one."""

    muscle = models.CharField(max_length=60)
    side = models.CharField(max_length=10)
    finding = models.CharField(max_length=40)
    """taut-band, hypersensitive-spot, nodule, referred-pain, recognised-pain, jump-sign,
    twitch-on-palpation, painful-stretch, weakness, pressure-threshold, range-of-motion"""
    present = models.BooleanField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)


class PlannedNeedling(VisitFact):
    """How one target is to be needled. A new version replaces the former."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="plans")
    position = models.CharField(max_length=40)
    technique = models.CharField(max_length=40)
    diameter_mm = models.FloatField()
    length_mm = models.FloatField()
    depth_mm = models.FloatField()
    insertions = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)
    reasons = models.JSONField(default=list)
    """Reasons that stood when the plan was made, as `reasons.Reason` in JSON."""
    details = models.JSONField(default=dict)
    """Place of entry, direction, grip, settings of the technique: `details.PlanDetails`"""
    atlas_release = models.CharField(max_length=60)


class MeasuredDepth(VisitFact):
    """From the skin to the bone or to the structure at risk, perpendicular, as it was measured on
    this patient at one place. It holds for later visits too, until it is measured anew.

    measured_by is words, not a member: a radiologist's report counts as well as our own probe.
    """

    muscle = models.CharField(max_length=60)
    side = models.CharField(max_length=10)
    trp = models.CharField(max_length=10, blank=True)
    depth_mm = models.FloatField()
    measured_by = models.CharField(max_length=120)
    how = models.CharField(max_length=20)
    """ultrasound, ct, mri: `planning.MEASURED_BY`"""
    measured_on = models.DateField()


class PlanTemplate(Fact):
    """A plan that a clinic uses again, by its name. It says which muscles and how, never how deep:
    needle and depth are worked out for each patient anew."""

    name = models.CharField(max_length=80)
    rows = models.JSONField(default=list)
    """[{"muscle", "side", "trp", "technique", "passes", "position", "details"}]"""


class DepthPicture(VisitFact):
    """An ultrasound picture of a target's place in this patient, re-drawn without what a camera
    or machine had written into it (`pictures.cleaned`)."""

    muscle = models.CharField(max_length=60)
    side = models.CharField(max_length=10)
    trp = models.CharField(max_length=10, blank=True)
    picture = models.BinaryField()
    kind = models.CharField(max_length=20)
    """The media type that it is served with"""
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
