"""`filiform plan`: how is this muscle needled safely in this patient, or why not?

With --summary the patient's record is screened for this very site: what it says against needling
stands among the reasons, and an absolute one leaves no needle in the answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import msgspec

from filiform.commands import inputs
from filiform.commands.errors import InputError
from filiform.commands.screen_report_words import say

if TYPE_CHECKING:
    from filiform.disclosure import Disclosure, Side
    from filiform.screening import Screening, ScreeningReason

NUMBERS = ("age", "height_cm", "weight_kg", "measured_depth_mm")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `plan` to the commands."""
    parser = subparsers.add_parser(
        "plan",
        help="how is a muscle needled safely in this patient, or why not?",
        description="Propose needle, depth limit, direction, technique and hazards for a muscle.",
    )
    parser.add_argument("--muscle", metavar="ID", required=True, help="a muscle of the atlas")
    parser.add_argument("--side", metavar="left|right", required=True)
    parser.add_argument("--trp", metavar="N", default="", help="number of the trigger point")
    parser.add_argument("--sex", metavar="female|male", help="also other, unknown")
    parser.add_argument("--age", metavar="YEARS")
    parser.add_argument("--height-cm", metavar="X")
    parser.add_argument("--weight-kg", metavar="X")
    parser.add_argument("--position", metavar="ID", help="how the patient lies or sits")
    parser.add_argument(
        "--measured-depth-mm", metavar="X", help="skin to bone or danger on this patient"
    )
    parser.add_argument("--measured-by", metavar="NAME", default="", help="who measured it")
    parser.add_argument(
        "--measured-how",
        metavar="ultrasound|ct|mri",
        default="",
        help="how; with --measured-by a measured depth may raise the limit",
    )
    parser.add_argument(
        "--summary", metavar="BUNDLE", help="a FHIR R4 Bundle: fills in sex, age, build; screened"
    )
    inputs.add_usual_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer, and return the exit status. Raises InputError for an unusable input."""
    from filiform.planning import OutOfBounds, as_json, suggest

    on = inputs.day(args.on)
    disclosure = inputs.bundle(args.summary).disclosure(on=on) if args.summary else None
    build = _build(args, disclosure, on)
    try:
        plan = suggest(
            args.muscle, args.side, trp=args.trp, position=_position(args.position), **build
        )
    except OutOfBounds as error:
        raise InputError(_as_option(str(error))) from None
    except KeyError as error:
        raise InputError(str(error.args[0])) from None
    document = as_json(plan, args.language)
    if disclosure is not None:
        add_screening(document, _screened(disclosure, args, on), args.language)
    if args.json:
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        sys.stdout.write("\n".join(as_text(document, args.language)) + "\n")
    return 0


def _build(args: argparse.Namespace, disclosure: Disclosure | None, on: date) -> dict[str, Any]:
    """What was said on the command line, else what the summary says."""
    given = {
        name: None if (text := getattr(args, name)) is None else inputs.number(_option(name), text)
        for name in NUMBERS
    }
    build: dict[str, Any] = {
        "sex": args.sex or "unknown",
        "age_years": given["age"],
        **{name: given[name] for name in NUMBERS[1:]},
        "measured_by": args.measured_by,
        "measured_how": args.measured_how,
    }
    if disclosure is not None:
        if args.sex is None:
            build["sex"] = disclosure.sex
        if build["age_years"] is None:
            # On the day of treatment, not today: a child may come of age between.
            build["age_years"] = disclosure.age_on(on)
        for name in ("height_cm", "weight_kg"):
            if build[name] is None:
                build[name] = getattr(disclosure, name)
    return build


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _as_option(message: str) -> str:
    """ "age_years: got -1; allowed: ..." in the words of the command line."""
    # Planning names its own argument; the reader knows the option only.
    name, _, rest = message.partition(":")
    return f"{_option('age' if name == 'age_years' else name)}:{rest}"


def _position(wanted: str | None) -> str | None:
    from filiform.planning import POSITIONS

    known = [position for position, _name in POSITIONS]
    if wanted is not None and wanted not in known:
        raise InputError(f"--position {wanted!r} is unknown; allowed are {', '.join(known)}")
    return wanted


def _screened(disclosure: Disclosure, args: argparse.Namespace, on: date) -> Screening:
    from filiform.screening import NeedlingSite, screen

    return screen(disclosure, [NeedlingSite(args.muscle, cast("Side", args.side))], on=on)


def add_screening(document: dict[str, Any], found: Screening, language: str) -> None:
    """Put what the record says about this site before the plan's own reasons.

    An absolute reason and a red flag that can't wait take the needle out of the answer.
    """
    against = [_screening_json(reason, language) for reason in found.reasons]
    document["decision"] = found.decision
    document["red_flags"] = [
        {
            "id": flag.id,
            "urgency": flag.urgency,
            "text": f"{flag.name.in_language(language)}. {flag.instead.in_language(language)}",
            "because": msgspec.to_builtins(flag.because),
            "sources": list(flag.sources),
        }
        for flag in found.red_flags
    ]
    document["unanswered"] = list(found.unanswered)
    document["screening_release"] = found.release
    order = ("absolute", "relative", "precaution")
    # Sorting is stable: within a class the record's reasons stay before the plan's.
    document["reasons"] = sorted(
        [*against, *document["reasons"]], key=lambda reason: order.index(reason["class"])
    )
    # A needle beside "do not needle" would be taken for leave.
    if found.decision == "blocked":
        document |= {"needle": None, "depth_mm": None, "technique": "none"}
        document |= {"insertions": 0, "passes": 0, "most_passes": 0, "twitches": [0, 0]}
        document |= {"dwell_min": 0.0}


def _screening_json(reason: ScreeningReason, language: str) -> dict[str, Any]:
    words = (reason.name, reason.why, reason.instead)
    return {
        "id": reason.id,
        "class": reason.weight.value,
        "text": " ".join(_sentence(part.in_language(language), language) for part in words),
        "instead": reason.instead.in_language(language),
        "because": msgspec.to_builtins(reason.because),
        "sources": list(reason.sources),
    }


def _sentence(text: str, language: str) -> str:
    stop = "۔" if language == "ur" else "."
    return text if text.rstrip().endswith((".", "۔", "?", "!", "؟")) else f"{text}{stop}"


WORDS: dict[str, dict[str, str]] = {
    "left": {"en": "left", "ur": "بائیں"},
    "right": {"en": "right", "ur": "دائیں"},
    "needle": {"en": "needle", "ur": "سوئی"},
    "depth": {"en": "depth", "ur": "گہرائی"},
    "to": {
        "en": "%(low)s to %(high)s mm, never beyond %(limit)s mm",
        "ur": "%(low)s سے %(high)s ملی میٹر، %(limit)s ملی میٹر سے آگے کبھی نہیں",
    },
    "position": {"en": "position", "ur": "انداز"},
    "palpation": {"en": "palpation", "ur": "گرفت"},
    "direction": {"en": "direction", "ur": "رخ"},
    "technique": {"en": "technique", "ur": "طریقہ"},
    "dose": {
        "en": "passes at a point: %(passes)s, at most %(most)s",
        "ur": "ایک پوائنٹ پر حرکتیں: %(passes)s، زیادہ سے زیادہ %(most)s",
    },
    "training": {"en": "training", "ur": "تربیت"},
    "basic": {"en": "basic", "ur": "بنیادی"},
    "intermediate": {"en": "intermediate", "ur": "درمیانی"},
    "advanced": {"en": "advanced", "ur": "اعلیٰ"},
    "hazard": {"en": "hazard", "ur": "خطرہ"},
    "none": {
        "en": "No needle is proposed; the reasons say why.",
        "ur": "کوئی سوئی تجویز نہیں؛ وجوہات نیچے ہیں۔",
    },
}


def as_text(document: dict[str, Any], language: str) -> Iterator[str]:
    """The answer for people, line by line."""
    from filiform.anatomy import atlas

    muscle = atlas().muscle(document["muscle"]).name.in_language(language)
    comma = "،" if language == "ur" else ","
    point = f"{comma} TrP {document['trigger_point']}" if document["trigger_point"] else ""
    yield f"{muscle}{comma} {WORDS[document['side']][language]}{point}"
    if document["needle"]:
        yield from _needle_lines(document, language)
    else:
        yield f"  {WORDS['none'][language]}"
    yield _row("training", WORDS[document["training"]][language], language)
    for hazard in document["hazards"]:
        yield _row("hazard", f"{hazard['structure']}: {hazard['mitigation']}", language)
    for reason in document["reasons"]:
        weight = say(reason["class"], language).upper()
        yield f"  {weight:<10} {reason['text']} [{reason['id']}]"
    yield f"  {document['release']}"


def _needle_lines(document: dict[str, Any], language: str) -> Iterator[str]:
    from filiform.planning import GRIPS, POSITIONS, TECHNIQUES

    def name(pairs: tuple[tuple[str, Any], ...], key: str) -> str:
        return next((words.in_language(language) for one, words in pairs if one == key), key)

    needle, depth = document["needle"], document["depth_mm"]
    low, high = (f"{end:g}" for end in depth["target"])
    how_deep = WORDS["to"][language] % {"low": low, "high": high, "limit": f"{depth['limit']:g}"}
    sure = f"{depth['limit_basis']}, {depth['confidence']}"
    basis = f"({depth['limit_rule']}, {sure}: {', '.join(depth['sources'])})"
    yield _row("needle", f"{needle['diameter_mm']:g} × {needle['length_mm']:g} mm", language)
    yield _row("depth", f"{how_deep} {basis}", language)
    yield _row("position", name(POSITIONS, document["position"]), language)
    yield _row("palpation", name(GRIPS, document["palpation"]), language)
    yield _row("direction", document["direction"], language)
    dose = WORDS["dose"][language] % {"passes": document["passes"], "most": document["most_passes"]}
    yield _row("technique", f"{name(TECHNIQUES, document['technique'])}, {dose}", language)


def _row(key: str, text: str, language: str) -> str:
    return f"  {WORDS[key][language]:<10} {text}"
