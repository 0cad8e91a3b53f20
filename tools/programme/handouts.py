"""Handouts of four complaints as pictures: python tools/programme/handouts.py FOLDER

The paper is the clinic's own template, filled from the library without a clinic: three exercises a
sheet, in English and Urdu. Needs pdftoppm (apt-get install poppler-utils).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import django
from PIL import Image

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filiform.clinic.settings")
os.environ.setdefault("FILIFORM_DEMO", "yes")
os.environ.setdefault("FILIFORM_LIVE", "yes")
django.setup()

from filiform.clinic.documents.making import Head, pdf  # noqa: E402
from filiform.clinic.programme.texts import HANDOUT  # noqa: E402
from filiform.clinic.programme.views.handout import picture_of  # noqa: E402
from filiform.programme import Item, propose  # noqa: E402

SHOWN = {
    "neck": (("trapezius-upper", "levator-scapulae"), "woman",
             ("upper-trapezius", "levator-scapulae", "wall-slide")),
    "elbow": (("extensor-carpi-radialis-brevis",), "man",
              ("wrist-extensors", "wrist-isometric", "wrist-eccentric")),
    "low-back": (("quadratus-lumborum", "gluteus-medius"), "man-heavy",
                 ("side-bend", "leg-over-edge", "bird-dog")),
    "heel": (("flexor-digitorum-brevis", "soleus"), "woman-heavy",
             ("sole", "calf-bent", "short-foot")),
}  # fmt: skip
"""Muscles, build, and the exercises on the sheet."""
DOTS_PER_INCH = 90


def values(name: str, language: str) -> dict[str, Any]:
    """What the template prints for one of SHOWN."""
    muscles, build, wanted = SHOWN[name]
    found: dict[str, tuple[Item, list[tuple[str, str]]]] = {}
    for phase in propose([(muscle, "right") for muscle in muscles]).phases:
        for item in (*phase.items, *phase.more):
            exercise = item.id.partition(":")[0]
            if exercise in wanted and phase.id != "clinic" and item.dose_words:
                whens = found.setdefault(exercise, (item, []))[1]
                said = item.dose_words.in_language(language), phase.name.in_language(language)
                whens.append(said)
    say = {key: text.in_language(language) for key, text in HANDOUT.items()}
    head = Head(title=say["title"], clinic="Filiform", about="", file="", made="")
    return {
        "head": head, "tasks": [task(*found[e], build, say, language) for e in wanted],
        "advice": [], "hurts_title": say["hurts-title"],
        "hurts": " ".join(say[key] for key in ("hurts-ok", "hurts-less", "hurts-stop")),
        "call": say["call"], "phone": "+92 335 285 5522", "emergency": say["emergency"],
        "emergency_phone": "1122", "know": say["know"], "nothing": "", "tick": say["tick"],
    }  # fmt: skip


def task(
    item: Item, whens: list[tuple[str, str]], build: str, say: dict[str, str], language: str
) -> dict[str, Any]:
    """One exercise of the sheet; stretches of time that share a dose stand together."""
    comma = say["comma"] + " "
    doses = dict.fromkeys(dose for dose, _ in whens)
    side = comma + say[item.side] if item.side else ""
    return {
        "name": item.name.in_language(language) + side,
        "how": [step.in_language(language) for step in item.how],
        "whens": [
            {"dose": dose, "phases": comma.join(phase for d, phase in whens if d == dose)}
            for dose in doses
        ],
        "notes": [],
        "cautions": [one.in_language(language) for one in item.cautions],
        **picture_of(item, build, say, language),
    }


def main(folder: Path) -> None:
    """handout-NAME-LANGUAGE.webp for each of SHOWN."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHOWN:
        for language in ("en", "ur"):
            made = pdf("programme/papers/handout.typ", values(name, language), language)
            with tempfile.TemporaryDirectory() as temporary:
                path = Path(temporary) / "paper.pdf"
                path.write_bytes(made)
                command = [
                    "pdftoppm",
                    "-r",
                    str(DOTS_PER_INCH),
                    "-png",
                    str(path),
                    temporary + "/p",
                ]
                subprocess.run(command, check=True)  # noqa: S603
                pages = sorted(Path(temporary).glob("p*.png"))
                if len(pages) != 1:
                    raise SystemExit(f"{name}, {language}: {len(pages)} sheets instead of one")
                picture = Image.open(pages[0]).convert("RGB")
                picture.save(folder / f"handout-{name}-{language}.webp", quality=70, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
