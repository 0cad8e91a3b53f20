"""`filiform screen`: may this patient be needled, here, today?

Reads a FHIR R4 Bundle; docs/reference/screening-rules.md lists what it looks for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from filiform.commands import inputs
from filiform.commands.errors import InputError
from filiform.commands.inputs import LARGEST_FILE_BYTES
from filiform.commands.screen_report_words import say
from filiform.sources import rests_on_unread

if TYPE_CHECKING:
    from filiform.disclosure import Side
    from filiform.exchange.fhir import ReadBundle
    from filiform.screening import MuscleGroup, NeedlingSite, Screening, ScreeningReason


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `screen` to the commands."""
    parser = subparsers.add_parser(
        "screen",
        help="may this patient be needled, here, today?",
        description="Screen a FHIR R4 Bundle for contraindications to dry needling.",
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="a FHIR R4 Bundle; - reads stdin")
    parser.add_argument(
        "--folder", metavar="DIR", help="every record in DIR, on all cores: JSON Lines"
    )
    parser.add_argument(
        "--report", metavar="FILE", help="with --folder: a page for the review of all patients"
    )
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="the day of treatment (today)")
    parser.add_argument(
        "--muscle", action=_Muscle, metavar="ID", help="a muscle meant; repeat with --side"
    )
    parser.add_argument(
        "--side", action=_Side, metavar="left|right", help="the side of the last --muscle"
    )
    parser.add_argument("--answers", metavar="FILE", help='answers: {"needle-phobia": false}')
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--language", choices=("en", "ur"), default="en", help="without --json")
    parser.set_defaults(run=run, sites=None)


class _Muscle(argparse.Action):
    """Begin a site; the next --side completes it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        # One list for both options: only their order says which side belongs to which muscle.
        namespace.sites = [*(namespace.sites or []), ("muscle", str(values))]


class _Side(argparse.Action):
    """Complete a site; `--side right --muscle soleus` is understood as well."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        namespace.sites = [*(namespace.sites or []), ("side", str(values))]


def run(args: argparse.Namespace) -> int:
    """Answer, and return the exit status. Raises InputError for an unusable input."""
    from filiform.exchange.fhir import BundleError, read_bundle
    from filiform.screening import UnknownMuscleError, screen
    from filiform.screening.sites import checked

    if (args.file is None) == (args.folder is None):
        raise InputError("name one FILE (- for standard input) or one --folder DIR")
    on = inputs.day(args.on)
    answers = _answers(args.answers, args.file)
    try:
        sites = checked(_sites(args.sites or []))
    except UnknownMuscleError as error:
        raise InputError(str(error)) from None
    if args.folder is not None:
        from filiform.commands.screen_folder import ScreeningTask, screen_folder

        task = ScreeningTask(on, sites, answers)
        return screen_folder(
            args.folder, task, out=sys.stdout, err=sys.stderr,
            report=args.report, language=args.language,
        )  # fmt: skip
    if args.report is not None:
        raise InputError("--report is about a folder; name one by --folder DIR")
    try:
        raw = inputs.raw(args.file, needed="a FHIR Bundle")
        if args.json:
            whole = answer(raw, on, sites, answers)
            sys.stdout.write(msgspec.json.encode(whole).decode() + "\n")
        else:
            bundle = read_bundle(raw, largest_bytes=LARGEST_FILE_BYTES)
            found = screen(bundle.disclosure(on=on, answers=answers), sites, on=on)
            sys.stdout.write("\n".join(as_text(found, bundle, on, args.language)) + "\n")
    except BundleError as error:
        raise InputError(f"{inputs.named(args.file)}: {error}") from None
    return 0


def _sites(given: list[tuple[str, str]]) -> tuple[NeedlingSite, ...]:
    """Pairs of --muscle and --side, in either order."""
    if len(given) % 2:
        raise InputError("every --muscle needs one --side left or right, and the reverse")
    return tuple(_site(dict(given[at : at + 2])) for at in range(0, len(given), 2))


def _site(pair: dict[str, str]) -> NeedlingSite:
    from filiform.screening import NeedlingSite

    if set(pair) != {"muscle", "side"}:
        raise InputError("every --muscle needs one --side left or right, and the reverse")
    sides: dict[str, Side] = {"left": "left", "right": "right"}
    if pair["side"] not in sides:
        raise InputError(f"--side {pair['side']!r} is unknown; allowed are left and right")
    return NeedlingSite(pair["muscle"], sides[pair["side"]])


def _answers(file: str | None, bundle: str | None) -> dict[str, bool]:
    from filiform.screening import UnknownAnswerError, check_answers

    if file is None:
        return {}
    # The first of the two would read it to its end, and the other would find nothing.
    if file == "-" and bundle == "-":
        raise InputError("FILE and --answers cannot both be standard input")
    try:
        found = msgspec.json.decode(
            inputs.raw(file, needed="a file of answers"), type=dict[str, bool]
        )
        check_answers(found)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{inputs.named(file)}: {error}; allowed are rule ids with true or false"
        ) from None
    except UnknownAnswerError as error:
        raise InputError(f"{inputs.named(file)}: {error}") from None
    return found


def answer(
    raw: bytes, on: date, sites: Sequence[NeedlingSite], answers: dict[str, bool]
) -> dict[str, Any]:
    """The whole answer for one Bundle, as the contract has it and a little more.

    body: every muscle of the atlas by decision and reasons. hazards: what the needle can harm at
    the sites asked about. risks: this patient's own, in natural frequencies.
    Raises BundleError.
    """
    from filiform.exchange.fhir import read_bundle
    from filiform.screening.engine import groups_of, screened
    from filiform.screening.evaluation import evaluate
    from filiform.screening.risk import risks_of

    bundle = read_bundle(raw, largest_bytes=LARGEST_FILE_BYTES)
    disclosure = bundle.disclosure(on=on, answers=answers)
    # Once: the sites, the whole body and the risks below are three views of the same evaluation.
    found = evaluate(disclosure, on=on)
    whole = as_json(screened(found, sites), bundle)
    whole["body"] = [_group_json(group) for group in groups_of(found)]
    if sites:
        whole["hazards"] = [entry for site in sites for entry in _hazards(site)]
    risks = msgspec.to_builtins(risks_of(found.who, sites))
    for risk in risks:
        risk["factors"] = [_in_english(factor) for factor in risk["factors"]]
    whole["risks"] = [_in_english(risk) for risk in risks]
    return whole


@lru_cache(maxsize=10_000)
def _group_json(group: MuscleGroup) -> dict[str, Any]:
    """Of hundreds of muscles; the same for all patients with the same reasons."""
    return {
        "decision": group.decision,
        "reasons": list(group.reasons),
        "muscles": [f"{site.muscle}:{site.side}" for site in group.muscles],
    }


def _hazards(site: NeedlingSite) -> list[dict[str, Any]]:
    from filiform.anatomy import atlas

    return [
        {
            "muscle": site.muscle,
            "side": site.side,
            **_in_english(msgspec.to_builtins(hazard)),
        }
        for hazard in atlas().muscles[site.muscle].hazards
    ]


def as_json(found: Screening, bundle: ReadBundle) -> dict[str, Any]:
    """The document of the command line's contract; texts in both languages besides English."""
    whole: dict[str, Any] = msgspec.to_builtins(found)
    for key in ("reasons", "elsewhere", "red_flags", "indications"):
        whole[key] = [_in_english(entry) for entry in whole[key]]
    for key in ("reasons", "elsewhere", "red_flags"):
        for entry in whole[key]:
            entry["read_in_full"] = not rests_on_unread(entry["sources"])
    whole["unread"] = [{"resource": one.resource, "why": one.why} for one in bundle.unread]
    whole["warnings"] = msgspec.to_builtins(bundle.warnings)
    whole["complete"] = is_complete(found, bundle)
    whole["left_out"] = msgspec.to_builtins(bundle.left_out)
    whole["ignored"] = bundle.ignored
    whole["profile"] = bundle.profile
    whole["fhir_version"] = bundle.version
    return whole


def is_complete(found: Screening, bundle: ReadBundle) -> bool:
    """Whether the verdict rests on everything: no question open, nothing unread, unknown or odd."""
    # A resource that could not be read may have held the one thing that stands against the needle.
    return found.complete and not bundle.unread and not bundle.warnings


def _in_english(entry: dict[str, Any]) -> dict[str, Any]:
    """Words as their English text, with the Urdu beside it under `ur`."""
    words = {key: v for key, v in entry.items() if isinstance(v, dict) and "en" in v}
    plain = {key: value["en"] if key in words else value for key, value in entry.items()}
    plain["ur"] = {key: value.get("ur", "") for key, value in words.items()}
    return plain


VERDICTS = {
    "blocked": {"en": "Do not needle", "ur": "سوئی نہ لگائیں"},
    "justify": {"en": "Only with a recorded reason", "ur": "صرف وجہ درج کر کے"},
    "modify": {"en": "Yes, with the stated changes", "ur": "ہاں، بتائی گئی تبدیلیوں کے ساتھ"},
    "clear": {"en": "Nothing found against it", "ur": "کوئی رکاوٹ نہیں ملی"},
}
URGENCIES = {
    "emergency": {"en": "EMERGENCY", "ur": "ایمرجنسی"},
    "same-day": {"en": "SAME-DAY", "ur": "اسی دن"},
    "urgent": {"en": "URGENT", "ur": "چند دن کے اندر"},
    "routine": {"en": "ROUTINE", "ur": "معمول کے مطابق"},
}
NOT_READ = {"en": "guideline not read in full", "ur": "ہدایت نامہ پورا نہیں پڑھا گیا"}
NOT_COMPLETE = {"en": "Not complete yet", "ur": "ابھی مکمل نہیں"}
MISSING = {
    "unanswered": {"en": "questions open", "ur": "سوال باقی"},
    "unread": {"en": "not read", "ur": "پڑھے نہیں گئے"},
    "not_understood": {"en": "not understood", "ur": "سمجھے نہیں گئے"},
}
HEADINGS = {
    "red_flags": {"en": "Red flags", "ur": "خطرے کی علامات"},
    "reasons": {"en": "Reasons", "ur": "وجوہات"},
    "elsewhere": {"en": "Only at other places", "ur": "صرف دوسری جگہوں پر"},
    "muscles": {"en": "Muscles", "ur": "پٹھے"},
    "indications": {"en": "What needling may do for it", "ur": "سوئی سے کیا توقع ہے"},
    "unanswered": {"en": "Still to be asked", "ur": "ابھی پوچھنا باقی ہے"},
    "unread": {"en": "Could not be read", "ur": "پڑھا نہیں جا سکا"},
    "not_understood": {
        "en": "Not understood: ask what it is",
        "ur": "سمجھ نہیں آیا: پوچھیں یہ کیا ہے",
    },
}


def as_text(found: Screening, bundle: ReadBundle, on: date, language: str) -> Iterator[str]:
    """The answer for people, line by line."""
    who = bundle.patient.name or bundle.patient.id or "?"
    yield f"{verdict(found, bundle, language)} · {who} · {on}"
    for warning in bundle.warnings:
        yield f"! {warning.resource}: {warning.why}"
    if found.muscles:
        yield from _heading("muscles", language)
        for one in found.muscles:
            reasons = f" ({', '.join(one.reasons)})" if one.reasons else ""
            yield f"  {one.muscle} {one.side}: {VERDICTS[one.decision][language]}{reasons}"
    if found.red_flags:
        yield from _heading("red_flags", language)
        for flag in found.red_flags:
            yield f"  {URGENCIES[flag.urgency][language]}  {flag.name.in_language(language)}"
            yield f"    → {flag.instead.in_language(language)}"
    for key, reasons_ in (("reasons", found.reasons), ("elsewhere", found.elsewhere)):
        if reasons_:
            yield from _heading(key, language)
            for reason in reasons_:
                yield from _reason_lines(reason, language)
    if found.indications:
        yield from _heading("indications", language)
        for one_ in found.indications:
            yield f"  {one_.name.in_language(language)}: {one_.expect.in_language(language)}"
    yield from _open_ends(found, bundle, language)


def verdict(found: Screening, bundle: ReadBundle, language: str) -> str:
    """The verdict in a few words; over open ends never that nothing stands against it."""
    if is_complete(found, bundle):
        return VERDICTS[found.decision][language]
    counted = {
        "unanswered": len(found.unanswered),
        "unread": len(bundle.unread),
        "not_understood": len(found.not_understood),
    }
    missing = [f"{number} {MISSING[key][language]}" for key, number in counted.items() if number]
    what = f"{NOT_COMPLETE[language]} ({', '.join(missing)})" if missing else NOT_COMPLETE[language]
    # With open ends a "nothing found" is left out altogether, for it would be all that is
    # remembered.
    return what if found.decision == "clear" else f"{VERDICTS[found.decision][language]}. {what}"


def _heading(key: str, language: str) -> Iterator[str]:
    yield ""
    yield HEADINGS[key][language]


def _reason_lines(reason: ScreeningReason, language: str) -> Iterator[str]:
    name = reason.name.in_language(language)
    yield f"  {say(reason.weight.value, language).upper():<10}  {name} [{reason.id}]"
    yield f"    {reason.place.in_language(language)}. {reason.why.in_language(language)}"
    for evidence in reason.because:
        code = f" ({evidence.code})" if evidence.code else ""
        yield f"    · {evidence.text}{code}, {evidence.resource}"
    yield f"    → {reason.instead.in_language(language)}"
    mark = f" · {NOT_READ[language]}" if rests_on_unread(reason.sources) else ""
    yield f"    {', '.join(reason.sources)} · {reason.basis}{mark}"


def _open_ends(found: Screening, bundle: ReadBundle, language: str) -> Iterator[str]:
    if found.unanswered:
        yield from _heading("unanswered", language)
        yield "  " + ", ".join(found.unanswered)
    if found.not_understood:
        yield from _heading("not_understood", language)
        for evidence in found.not_understood:
            code = f" ({evidence.code})" if evidence.code else ""
            yield f"  {evidence.text}{code}, {evidence.resource}"
    if bundle.unread:
        yield from _heading("unread", language)
        for one in bundle.unread:
            yield f"  {one.resource}: {one.why}"
    yield ""
    yield f"{len(bundle.facts)} facts, {len(bundle.left_out)} not of the present; {found.release}"
