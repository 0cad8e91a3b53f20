"""`filiform simulate`: what will the tissue do after this dose of needling?

A model of a hypothesis, not a promise; docs/reference/mechanism.md says what it rests on.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec

from filiform.commands.errors import InputError

if TYPE_CHECKING:
    from filiform.mechanism import NeedlingDose, Prediction

HYPOTHESIS = {
    "en": "A model of a hypothesis with its spread, not a promise for one patient.",
    "ur": "یہ ایک مفروضے کا نمونہ ہے جس میں فرق کی گنجائش ہے، کسی ایک مریض کے لیے وعدہ نہیں۔",
}
TOLD = {
    "en": "{insertions} strokes, {twitches} twitches, {dwell_min:g} min in place; sessions: "
    "{sessions}, every {interval_days:g} days; load {load:g}",
    "ur": "سوئی {insertions} بار، {twitches} پھڑکنیں، {dwell_min:g} منٹ اندر؛ نشستیں: "
    "{sessions}، ہر {interval_days:g} دن؛ بوجھ {load:g}",
}
GOES_WITH = {
    "stretch": {"en": "stretching", "ur": "کھنچاؤ"},
    "exercise": {"en": "exercise", "ur": "ورزش"},
    "heat": {"en": "warmth", "ur": "گرمائش"},
}
ENDS = {
    "en": "{patients} virtual patients; median, and the band that holds {band:.0%}; {release}",
    "ur": "{patients} فرضی مریض؛ درمیانی قدر، اور وہ حد جس میں {band:.0%} آتے ہیں؛ {release}",
}
IN_SHORT = (
    "pain_nprs", "soreness_nprs", "pressure_threshold_kpa", "range_relative",
    "contracture_relative", "endplate_noise_relative", "perfusion_relative", "ph",
)  # fmt: skip
SHORT_HOURS = (0, 1, 6, 24, 48, 72, 168, 336, 504, 672, 1344, 2016, 4032, 8760)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `simulate` to the commands."""
    parser = subparsers.add_parser(
        "simulate",
        help="what will the tissue do after this dose of needling?",
        description="Time courses of a needled trigger point with their spread over virtual "
        "patients. " + HYPOTHESIS["en"],
    )
    number = parser.add_argument
    number("--insertions", type=int, default=10, metavar="N", help="strokes per session (10)")
    number(
        "--twitches", type=int, metavar="N", help="local twitches per session (5; 0 if no strokes)"
    )
    number("--dwell-min", type=float, default=0.0, metavar="X", help="minutes in place (0)")
    number("--sessions", type=int, default=1, metavar="N", help="sessions (1)")
    number("--interval-days", type=float, default=7.0, metavar="X", help="between them (7)")
    number("--stretch", action="store_true", help="daily stretching from hour 0 on")
    number("--exercise", action="store_true", help="regular exercise from hour 0 on")
    number("--heat", action="store_true", help="daily heat from hour 0 on")
    number(
        "--load",
        type=float,
        default=1.0,
        metavar="0..1",
        help="share of the usual perpetuating load that stays: 1 unchanged (1)",
    )
    number("--patients", type=int, default=500, metavar="N", help="virtual patients (500)")
    number("--hours", type=float, default=72.0, metavar="X", help="how far ahead (72)")
    number("--seed", type=int, default=1, metavar="N", help="which group of patients (1)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON document")
    form.add_argument("--csv", action="store_true", help="print one line per hour and state")
    number("--sbml", metavar="FILE", help="write the model with this dose as SBML; - prints it")
    number("--language", choices=("en", "ur"), default="en", help="without --json and --csv")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer, and return the exit status. Raises InputError for an unusable input."""
    from filiform.mechanism import EngineMissing, SimulationOutOfBounds, check_run, simulate

    dose = _dose(args)
    try:
        dose.checked()
        check_run(hours=args.hours, patients=args.patients)
        if args.seed < 0:
            raise SimulationOutOfBounds("seed", args.seed, "0 or more")
        if args.sbml:
            _export(args.sbml, dose)
            if args.sbml == "-":
                return 0
        found = simulate(dose, until_hours=args.hours, patients=args.patients, seed=args.seed)
    except SimulationOutOfBounds as error:
        option = "--" + error.name.replace("_", "-")
        raise InputError(str(error).replace(error.name, option, 1)) from None
    except EngineMissing as error:
        raise InputError(str(error)) from None
    _print(args, dose, found, sys.stdout)
    return 0


def _dose(args: argparse.Namespace) -> NeedlingDose:
    from filiform.mechanism import NeedlingDose

    twitches = args.twitches
    if twitches is None:
        # A twitch is the muscle's answer to a stroke; without strokes the model refuses any.
        twitches = 5 if args.insertions else 0
    return NeedlingDose(
        insertions=args.insertions,
        twitches=twitches,
        dwell_min=args.dwell_min,
        sessions=args.sessions,
        interval_days=args.interval_days,
        stretch=args.stretch,
        exercise=args.exercise,
        heat=args.heat,
        load=args.load,
    )


def _export(file: str, dose: NeedlingDose) -> None:
    from filiform.mechanism import sbml

    text = sbml(dose)
    if file == "-":
        sys.stdout.write(text)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--sbml {file}: {error.strerror or error}; name a new file") from None


def _print(args: argparse.Namespace, dose: NeedlingDose, found: Prediction, out: TextIO) -> None:
    if args.json:
        document = {**msgspec.to_builtins(found), "dose": msgspec.to_builtins(dose)}
        out.write(msgspec.json.encode(document).decode() + "\n")
    elif args.csv:
        as_csv(found, out)
    else:
        out.write("\n".join(as_text(dose, found, args.language)) + "\n")


def as_csv(found: Prediction, out: TextIO) -> None:
    """hour, state, unit, low, median, high; one row per hour and state."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("hour", "state", "unit", "low", "median", "high"))
    for name, band in found.states.items():
        for row in zip(found.hours, band.low, band.median, band.high, strict=True):
            writer.writerow((row[0], name, band.unit, *row[1:]))


def as_text(dose: NeedlingDose, found: Prediction, language: str) -> Iterator[str]:
    """The answer for people: some states at some hours, median and band."""
    from filiform.mechanism import states

    goes_with = [GOES_WITH[key][language] for key in GOES_WITH if getattr(dose, key)]
    yield "; ".join([TOLD[language].format(**msgspec.to_builtins(dose)), *goes_with])
    last = found.hours[-1]
    wanted = sorted({hour for hour in SHORT_HOURS if hour < last} | {last})
    # The model answers at hours of its own; the nearest one is shown with its true hour.
    places = [min(range(len(found.hours)), key=lambda at: abs(found.hours[at] - h)) for h in wanted]
    for name in IN_SHORT:
        state, band = states()[name], found.states[name]
        unit = "" if band.unit == "1" else f" ({band.unit})"
        yield ""
        yield f"{state.name.in_language(language)}{unit}"
        for at in places:
            yield (
                f"  {found.hours[at]:7g} h  {band.median[at]:8.2f}"
                f"   {band.low[at]:8.2f} – {band.high[at]:.2f}"
            )
    yield ""
    yield ENDS[language].format(patients=found.patients, band=found.band, release=found.release)
    yield HYPOTHESIS[language]
