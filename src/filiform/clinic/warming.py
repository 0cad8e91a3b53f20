"""What a process of the server needs, made before it listens: while there is one thread.

Two reasons. msgspec works a type out at its first use, partly in Python, and keeps what is half
done where every thread finds it: two first pages at once read a place that nobody has filled yet,
and the process is gone with all that it was answering (msgspec 0.22.0). And the ranking draws its
tables on the body's surface once a process: 0.7 s, which the first to open the targets waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import msgspec
from django.conf import settings
from django.template.loader import get_template

from filiform.targeting import PainCase, rank

PAGES = (
    *("pathway/today.html", "chart/patient.html", "assessment/story.html"),
    *("assessment/safety.html", "assessment/targets.html", "assessment/plan.html"),
    *("consent/consent.html", "treatment/treat.html", "programme/programme.html"),
)
"""Of a visit, from the list of the day to what the patient takes home"""


def warm() -> None:
    # The views and what they read (atlas, rules) come with the addresses, else at the first page.
    import_module(settings.ROOT_URLCONF)
    work_out_types()
    for name in PAGES:
        get_template(name)
    # Nothing is drawn and nothing was found: the answer is wide, and all that it rests on is there.
    rank(PainCase())


def work_out_types() -> None:
    """Every type of ours that msgspec reads."""
    for kind in structs(msgspec.Struct):
        try:
            msgspec.json.Decoder(kind)
        except TypeError:
            continue  # one that is only written: nothing can be read into it


def structs(base: type) -> Iterator[type]:
    """All classes below one, each once, however many lines of descent lead to it."""
    seen: set[type] = set()
    left = [base]
    while left:
        below: list[type] = left.pop().__subclasses__()
        for kind in below:
            if kind not in seen:
                seen.add(kind)
                left.append(kind)
                yield kind
