"""What the first visit of a fresh process needs, read while nobody waits for it yet.

Where a pain comes from is ranked from tables that are drawn on the body's surface once per process:
the first targets page took 0.7 s for them, every later one a tenth. A thread of its own, so that a
server listens as early as before.
"""

from __future__ import annotations

import gc
from threading import Thread

from django.template.loader import get_template

from filiform.targeting import PainCase, rank

PAGES = (
    *("pathway/today.html", "chart/patient.html", "assessment/story.html"),
    *("assessment/safety.html", "assessment/targets.html", "assessment/plan.html"),
    *("consent/consent.html", "treatment/treat.html", "programme/programme.html"),
)
"""Of a visit, from the list of the day to what the patient takes home"""


def begin() -> Thread:
    thread = Thread(target=warm, name="warming", daemon=True)
    thread.start()
    return thread


def warm() -> None:
    for name in PAGES:
        get_template(name)
    # Nothing is drawn and nothing was found: the answer is wide, and all that it rests on is there.
    rank(PainCase())
    # As `garbage.settle`, of what has come since; without a look, for which somebody would wait.
    gc.freeze()
