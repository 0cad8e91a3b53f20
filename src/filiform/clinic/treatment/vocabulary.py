"""Words of the room: kinds of acts, why needling was stopped, how the patient feels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from filiform.clinic.treatment.emergencies import PRESSURES, PULSES, SATURATIONS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

KINDS = {
    "start": _("Needling begun"),
    "pack": _("Packs opened"),
    "insertion": _("Needle in"),
    "twitch": _("Twitch"),
    "pain-reproduced": _("Familiar pain reproduced"),
    "removal": _("Needle out"),
    "place": _("Place marked"),
    "observed": _("Observed at the needle"),
    "fate": _("What became of the needle"),
    "stop": _("Stopped"),
    "count": _("Needles counted"),
    "account": _("Account of the count"),
    "response": _("Response"),
    "retest": _("Tested again"),
    "event": _("Something went wrong"),
    "event-step": _("Step done"),
    "vitals": _("Vital signs"),
    "called": _("Called"),
    "event-end": _("It is over"),
    "void": _("Undone"),
}
NEEDLING_KINDS = frozenset({"insertion", "twitch", "pain-reproduced"})
"""What needs a consent that holds. Taking needles out, counting, asking and undoing never does."""

STOP_REASONS = [
    ("patient-asked", _("The patient asked")),
    ("faint", _("Faint, sweaty or pale")),
    ("nerve", _("Electric-shock sensation")),
    ("vessel", _("Burning or pulsing blood")),
    ("chest", _("Sharp chest pain or cough")),
    ("lost-resistance", _("Loss of resistance over the chest")),
    ("no-bone", _("No bone at the expected depth")),
    ("room", _("An incident in the room")),
    ("other", _("Something else")),
]
"""Stop signs of procedure.md, section 5, and what else ends a session."""

UNDO_REASONS: dict[str, list[tuple[str, StrPromise]]] = {
    "insertion": [
        ("tapped", _("Tapped by mistake: no needle was used")),
        ("not-through-skin", _("The needle never went through the skin")),
        ("doubled", _("The same needle was recorded twice")),
        ("elsewhere", _("The needle is somewhere else; it is recorded there")),
        ("other", _("Something else")),
    ],
    "removal": [
        ("tapped", _("Tapped by mistake: the needle is still in")),
        ("other-needle", _("Another needle came out")),
        ("other", _("Something else")),
    ],
    "pack": [
        ("tapped", _("Tapped by mistake: the pack is still closed")),
        ("other-lot", _("It was a pack of another lot")),
        ("other", _("Something else")),
    ],
    "stop": [
        ("tapped", _("Tapped by mistake: nothing was stopped")),
        ("other", _("Something else")),
    ],
}
"""Kinds whose undoing must say why. "other" asks for words."""
UNDO_CODES = sorted({code for kind in UNDO_REASONS.values() for code, _words in kind})


def undo_words(kind: str, code: str) -> StrPromise | str:
    """Why an act of this kind was undone, in words: one code says other things of another kind."""
    return dict(UNDO_REASONS.get(kind, [])).get(code, "")


SEARCH_STEPS = {
    "recount": _("Packs and guide tubes counted again, aloud, by two"),
    "skin": _("Every needled site and the skin around it, with a flat hand; folds and hair"),
    "clothes": _("The patient's clothes and towels"),
    "couch": _("Couch, pillow and face hole; linen shaken out over a light floor"),
    "floor": _("Floor, shoes, our own clothes and gloves"),
    "bin": _("The sharps bin with a light, without reaching in"),
    "patient-told": _("The patient was told openly"),
    "lead-told": _("The clinical lead was told"),
}
"""Order of the search: expert opinion."""
RESULTS = {
    "found": _("The needle was found"),
    "miscounted": _("Nothing was missing: it was counted or typed wrongly"),
    "record-wrong": _("Nothing was missing: the record was wrong and has been put right"),
    "not-found": _("The needle was not found"),
    "in-patient": _("It is broken or buried in the patient"),
}
WHERE = {
    "skin": _("On the patient's skin or in it"),
    "clothes": _("In clothes or towels"),
    "couch": _("On the couch or in the linen"),
    "floor": _("On the floor"),
    "bin": _("In the sharps bin"),
    "packs": _("In a pack or guide tube"),
    "staff": _("On our own clothes or gloves"),
}
IMAGING = {
    "asked": _("X-ray asked for, before the patient goes home"),
    "declined": _("The patient declines an X-ray, and was told what that means"),
    "ruled-out": _("No X-ray: two looked at every site, no needle can be in the patient"),
}
WAYS = {"pin": _("own PIN"), "password": _("own password")}

REACTIONS = {
    "calm": _("Calm"),
    "winces": _("Winces"),
    "afraid": _("Afraid"),
    "pale": _("Pale or sweaty"),
    "sharp": _("Sharp or electric"),
}
FOUND_AT_NEEDLE = {"bent": _("Bent"), "stuck": _("Stuck")}

GRADE_WORDS = {
    "mild": _("Mild: hours"),
    "moderate": _("Moderate: days"),
    "serious": _("Serious: hospital or lasting"),
    "critical": _("Critical: danger to life"),
}
OUTCOME_WORDS = {
    "recovered": _("Well again, here"),
    "home-advised": _("Home, with advice"),
    "emergency": _("To emergency, accompanied"),
    "ambulance": _("Taken by ambulance"),
    "left": _("Left against advice"),
}
CALLED_WORDS = {
    "ambulance": _("Ambulance"),
    "colleague": _("Colleague"),
    "lead": _("Clinical lead"),
    "family": _("Family"),
    "doctor": _("Doctor"),
}
CONSCIOUSNESS_WORDS = {
    "alert": _("Alert"),
    "confused": _("Newly confused"),
    "voice": _("Responds to voice"),
    "pain": _("Responds to pain"),
    "unresponsive": _("Unresponsive"),
}
FOLLOW_UP_WORDS = {
    0: _("None"),
    2: _("2 hours"),
    24: _("Tomorrow"),
    72: _("3 days"),
    168: _("A week"),
}
MEASURE_WORDS = {
    "pain": _("Pain"),
    "threshold": _("Pressure threshold"),
    "range": _("Range of movement"),
    "strength": _("Strength"),
}
COUCH_WORDS = {
    "measure_words": MEASURE_WORDS,
    "reaction_words": REACTIONS,
    "found_words": FOUND_AT_NEEDLE,
    "grade_words": GRADE_WORDS,
    "outcome_words": OUTCOME_WORDS,
    "called_words": CALLED_WORDS,
    "consciousness_words": CONSCIOUSNESS_WORDS,
    "follow_up_words": FOLLOW_UP_WORDS,
    "vital_values": {"pulse": PULSES, "pressure": PRESSURES, "saturation": SATURATIONS},
}
"""By their names in the templates of the live page."""

FEELS = [
    ("well", _("Well")),
    ("sore", _("Sore")),
    ("tired", _("Tired or light-headed")),
    ("unwell", _("Unwell")),
    ("emergency", _("Sent to emergency care")),
]

FATES = {
    "bin": _("In the sharps bin, whole"),
    "bent": _("Bent"),
    "broken": _("Broken"),
    "dropped": _("Dropped, and picked up with an instrument"),
    "stuck": _("Stuck, and freed"),
}
"""What becomes of a needle that was in; nothing recorded means the bin, once the count adds up."""

CLOCK_TOLERANCE_S = 120
"""A tablet's clock that is further off than this is noted, and the server's time is used."""
MOST_NEEDLES = 60
"""More insertions in one treatment are a defect of the tablet, not a treatment (design value)."""

DIAMETER_MM = (0.10, 0.50)
LENGTH_MM = (5.0, 130.0)
"""Needles that are made (procedure.md, section 1)."""
