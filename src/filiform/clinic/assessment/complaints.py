"""What patients come with, as chips. `targeting` knows the same ids and what was counted for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Complaint:
    name: str | Promise
    indication: str = ""
    """Id of the indication of screening, where needling was studied for just this."""
    population: str = ""
    """Group of patients with thresholds of its own for what counts as better (`outcomes`)."""


COMPLAINTS: dict[str, Complaint] = {
    "neck-pain": Complaint(
        _("Neck pain"),
        indication="neck-pain",
        population="neck",
    ),
    "neck-arm-pain": Complaint(
        _("Neck and arm pain"),
        indication="neck-pain",
        population="neck",
    ),
    "whiplash": Complaint(
        _("Whiplash"),
        indication="whiplash",
    ),
    "tension-headache": Complaint(
        _("Tension headache"),
        indication="tension-type-headache",
    ),
    "cervicogenic-headache": Complaint(
        _("Headache from the neck"),
        indication="cervicogenic-headache",
    ),
    "migraine": Complaint(_("Migraine"), indication="migraine"),
    "jaw-pain": Complaint(_("Jaw pain"), indication="tmd-myogenous"),
    "face-ear-tooth-pain": Complaint(_("Face, ear or tooth pain")),
    "shoulder-pain": Complaint(
        _("Shoulder pain"),
        indication="shoulder-pain",
    ),
    "shoulder-after-stroke": Complaint(_("Shoulder pain after stroke")),
    "after-breast-surgery": Complaint(_("Pain after breast surgery")),
    "tennis-elbow": Complaint(
        _("Lateral elbow pain"),
        indication="lateral-epicondylalgia",
    ),
    "inner-elbow-forearm-pain": Complaint(_("Inner elbow or forearm pain")),
    "wrist-hand-pain": Complaint(_("Wrist or hand pain")),
    "upper-back-pain": Complaint(_("Upper back pain")),
    "chest-wall-pain": Complaint(_("Chest wall pain")),
    "abdominal-wall-pain": Complaint(_("Abdominal wall pain")),
    "low-back-pain": Complaint(
        _("Low back pain"),
        indication="low-back-pain",
    ),
    "leg-pain-from-back": Complaint(_("Leg pain from the back"), indication="radicular-pain"),
    "pelvic-pain": Complaint(
        _("Pelvic pain"),
        indication="chronic-pelvic-pain",
    ),
    "hip-pain": Complaint(_("Hip or buttock pain")),
    "groin-thigh-pain": Complaint(_("Groin or thigh pain")),
    "knee-pain": Complaint(_("Knee pain")),
    "knee-osteoarthritis": Complaint(_("Knee osteoarthritis"), indication="knee-osteoarthritis"),
    "kneecap-pain": Complaint(
        _("Patellofemoral pain"),
        indication="patellofemoral-pain",
    ),
    "calf-shin-pain": Complaint(_("Calf or shin pain")),
    "foot-ankle-pain": Complaint(_("Foot or ankle pain")),
    "heel-pain": Complaint(_("Heel pain"), indication="plantar-heel-pain"),
    "widespread-pain": Complaint(_("Pain in many places"), indication="fibromyalgia"),
}


def complaint_name(code: str) -> str | Promise:
    """The name of a code; the code itself where it is none of ours."""
    found = COMPLAINTS.get(code)
    return found.name if found else code
