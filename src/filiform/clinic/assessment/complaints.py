"""What patients come with, as chips. `studied_as`: names in the prevalence notes, where muscles
with trigger points were counted for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Complaint:
    name: str | Promise
    studied_as: tuple[str, ...] = ()
    indication: str = ""
    """Id of the indication of screening, where needling was studied for just this."""
    population: str = ""
    """Group of patients with thresholds of its own for what counts as better (`outcomes`)."""


COMPLAINTS: dict[str, Complaint] = {
    "neck-pain": Complaint(
        _("Neck pain"),
        ("chronic nonspecific neck pain", "mechanical neck pain"),
        indication="neck-pain",
        population="neck",
    ),
    "neck-arm-pain": Complaint(
        _("Neck and arm pain"),
        (
            "chronic neck pain radiating to the arm, normal MRI",
            "manual and office workers with neck-arm pain",
        ),
        indication="neck-pain",
        population="neck",
    ),
    "whiplash": Complaint(
        _("Whiplash"),
        ("whiplash (grade II, pilot)", "whiplash-associated disorder"),
        indication="whiplash",
    ),
    "tension-headache": Complaint(
        _("Tension headache"),
        ("chronic tension-type headache", "episodic tension-type headache"),
        indication="tension-type-headache",
    ),
    "migraine": Complaint(
        _("Migraine"), ("migraine", "unilateral migraine"), indication="migraine"
    ),
    "jaw-pain": Complaint(
        _("Jaw pain"), ("myofascial temporomandibular disorder",), indication="tmd-myogenous"
    ),
    "shoulder-pain": Complaint(
        _("Shoulder pain"),
        ("chronic non-traumatic shoulder pain", "shoulder impingement"),
        indication="shoulder-pain",
    ),
    "shoulder-after-stroke": Complaint(
        _("Shoulder pain after stroke"), ("post-stroke shoulder pain",)
    ),
    "after-breast-surgery": Complaint(
        _("Pain after breast surgery"), ("after breast cancer surgery",)
    ),
    "tennis-elbow": Complaint(
        _("Lateral elbow pain"),
        ("lateral epicondylalgia", "lateral epicondylitis"),
        indication="lateral-epicondylalgia",
    ),
    "wrist-hand-pain": Complaint(_("Wrist or hand pain"), ("confirmed carpal tunnel syndrome",)),
    "upper-back-pain": Complaint(_("Upper back pain")),
    "low-back-pain": Complaint(
        _("Low back pain"),
        ("nonspecific low back pain", "chronic nonspecific low back pain"),
        indication="low-back-pain",
    ),
    "leg-pain-from-back": Complaint(
        _("Leg pain from the back"), ("lumbosacral radiculopathy",), indication="radicular-pain"
    ),
    "pelvic-pain": Complaint(
        _("Pelvic pain"),
        ("chronic pelvic pain, men", "chronic pelvic pain, women"),
        indication="chronic-pelvic-pain",
    ),
    "hip-pain": Complaint(_("Hip or buttock pain")),
    "knee-osteoarthritis": Complaint(
        _("Knee osteoarthritis"), ("knee osteoarthritis",), indication="knee-osteoarthritis"
    ),
    "kneecap-pain": Complaint(
        _("Patellofemoral pain"),
        ("patellofemoral pain", "anterior knee pain, soldiers"),
        indication="patellofemoral-pain",
    ),
    "calf-shin-pain": Complaint(_("Calf or shin pain")),
    "heel-pain": Complaint(
        _("Heel pain"), ("plantar heel pain", "plantar fasciopathy"), indication="plantar-heel-pain"
    ),
    "widespread-pain": Complaint(
        _("Pain in many places"), ("fibromyalgia",), indication="fibromyalgia"
    ),
}


def complaint_name(code: str) -> str | Promise:
    """The name of a code; the code itself where it is none of ours."""
    found = COMPLAINTS.get(code)
    return found.name if found else code
