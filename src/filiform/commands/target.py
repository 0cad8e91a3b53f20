"""`filiform target`: what explains this pain, and what to palpate next?

docs/reference/targeting.md describes the case that it reads and the answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from filiform.commands import inputs
from filiform.commands.errors import InputError

if TYPE_CHECKING:
    from filiform.targeting import PainCase, Ranked, TargetingAnswer

DECIMALS = 6
SHOWN = 8


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `target` to the commands."""
    parser = subparsers.add_parser(
        "target",
        help="what explains this pain, and what to palpate next?",
        description="Rank trigger points and other pain sources behind a drawing and findings.",
    )
    parser.add_argument(
        "file", metavar="FILE", help="a case in JSON, or JSON Lines with a case a line; - is stdin"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document a case")
    parser.add_argument("--language", choices=("en", "ur"), default="en", help="without --json")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer, and return the exit status. Raises InputError before anything is answered."""
    from filiform.targeting import rank

    cases = _cases(args.file)
    for number, case in enumerate(cases):
        answer = rank(case)
        if args.json:
            sys.stdout.write(msgspec.json.encode(as_json(answer)).decode() + "\n")
        else:
            sys.stdout.write("\n" * bool(number))
            sys.stdout.write("\n".join(as_text(answer, args.language)) + "\n")
    return 0


def _cases(file: str) -> list[PainCase]:
    """All cases of a file; a line that can't be used spoils the whole file, so that no answer is
    taken for complete."""
    from filiform.targeting import CaseError, read_case

    cases = []
    for place, given in documents(file):
        try:
            cases.append(read_case(given))
        except CaseError as error:
            raise InputError(f"{place}: {error}") from None
    return cases


def documents(file: str) -> list[tuple[str, Any]]:
    """The whole file as one document, or one document a line, each with where it stands."""
    name = inputs.named(file)
    # Editors of Windows put it before UTF-8; JSON doesn't allow it.
    raw = inputs.raw(file, needed="a case in JSON").removeprefix(b"\xef\xbb\xbf")
    lines = [(at, line) for at, line in enumerate(raw.splitlines(), start=1) if line.strip()]
    if not lines:
        raise InputError(f"{name}: empty; a case in JSON is needed")
    whole, error = _decoded(raw)
    if error is None:
        return [(name, whole)]
    # A whole document over many lines with one error in it: its first line alone is no JSON, and
    # the error of the whole is what helps.
    if len(lines) == 1 or _decoded(lines[0][1])[1] is not None:
        raise InputError(f"{name}: {error}; a case in JSON, or one a line, is needed")
    found = []
    for at, line in lines:
        given, error = _decoded(line)
        if error is not None:
            raise InputError(f"{name}, line {at}: {error}; one case in JSON a line is needed")
        found.append((f"{name}, line {at}", given))
    return found


def _decoded(raw: bytes) -> tuple[Any, Exception | None]:
    try:
        return msgspec.json.decode(raw), None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return None, error


def as_json(answer: TargetingAnswer) -> dict[str, Any]:
    """The document of the command line's contract, numbers to six decimals.

    Steps have the contract's keys only; how long they take stands in the text and on the page."""
    document: dict[str, Any] = _rounded(msgspec.to_builtins(answer))
    for step in document["next_examination"]:
        del step["seconds"]
    if answer.id is None:
        del document["id"]
    return document


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(inner) for inner in value]
    return value


WORDS = {
    "left": {"en": "left", "ur": "بائیں"},
    "right": {"en": "right", "ur": "دائیں"},
    "midline": {"en": "", "ur": ""},
    "complaint": {"en": "Complaint taken as", "ur": "شکایت یہ سمجھی گئی"},
    "may-be": {"en": "may be", "ur": "یہ ہو سکتا ہے:"},
    "think": {"en": "Think of it first", "ur": "پہلے اس کا سوچیں"},
    "emergency": {"en": "emergency", "ur": "ایمرجنسی"},
    "same-day": {"en": "same-day", "ur": "اسی دن"},
    "urgent": {"en": "urgent", "ur": "چند دن کے اندر"},
    "ranked": {"en": "Most probable", "ur": "سب سے ممکن"},
    "more-likely": {"en": "more likely", "ur": "زیادہ امکان"},
    "possible": {"en": "possible", "ur": "ممکن"},
    "less-likely": {"en": "less likely", "ur": "کم امکان"},
    "next": {"en": "Palpate next", "ur": "اب یہ ٹٹولیں"},
    "screen": {"en": "Worth it: a neurological screen", "ur": "اعصابی معائنہ مفید ہے"},
    "nothing": {
        "en": "Nothing more is worth its time",
        "ur": "مزید معائنہ وقت کے قابل نہیں",
    },
    "unexplained": {"en": "Left unexplained", "ur": "بغیر وضاحت"},
    "notes": {"en": "Mind", "ur": "دھیان رہے"},
}


def as_text(answer: TargetingAnswer, language: str) -> Iterator[str]:
    """The answer for people, line by line."""
    from filiform.anatomy import atlas
    from filiform.targeting import finding_kinds

    if answer.id is not None:
        yield f"{answer.id}"
    if answer.complaint:
        yield f"{WORDS['complaint'][language]}: {'; '.join(_complaints(answer, language))}"
    if answer.red_flags:
        yield WORDS["think"][language]
        for flag in answer.red_flags:
            source = atlas().pain_sources[flag.source]
            warning = source.red_flag.in_language(language) if source.red_flag else ""
            side = WORDS[flag.side][language]
            when = WORDS[flag.urgency][language]
            yield f"  {source.name.in_language(language)} {side} ({when}): {warning}"
    yield WORDS["ranked"][language]
    for one in answer.ranked[:SHOWN]:
        chance = f"{one.probability:5.0%}" if one.band == "number" else "    -"
        word = f" ({WORDS[one.band][language]})" if one.band in WORDS else ""
        yield f"  {chance}  {_name(one, language)}{word}"
    for root in answer.next_screen:
        name = atlas().pain_sources[root.source].name.in_language(language)
        side = WORDS[root.side][language]
        yield f"{WORDS['screen'][language]}: {name}, {side} ({root.seconds:.0f} s)"
    yield WORDS["next"][language]
    for step in answer.next_examination:
        muscle = atlas().muscles[step.muscle].name.in_language(language)
        kind = finding_kinds()[step.finding].name.in_language(language)
        tells = f"{step.expected_information_bits:.2f} bit, {step.seconds:.0f} s"
        yield f"  {muscle}, {WORDS[step.side][language]}: {kind} ({tells})"
    if not answer.next_examination:
        yield f"  {WORDS['nothing'][language]}"
    yield f"{WORDS['unexplained'][language]}: {answer.unexplained_fraction:.0%}"
    for note in answer.notes:
        yield f"{WORDS['notes'][language]}: {note_text(note.code, note.about, language)}"
    yield answer.release


def _complaints(answer: TargetingAnswer, language: str) -> Iterator[str]:
    """Each complaint by its name; those of one general word together, as what it may be."""
    from filiform.targeting import complaints, general_names

    by_word: dict[str, list[str]] = {}
    for one in answer.complaint:
        name = complaints()[one.id].name.in_language(language)
        # What was named itself stands alone.
        by_word.setdefault(one.general or one.id, []).append(name)
    for word, names in by_word.items():
        if word not in general_names():
            yield from names
            continue
        said = general_names()[word].name.in_language(language)
        comma = "، " if language == "ur" else ", "
        yield f"{said} ({WORDS['may-be'][language]} {comma.join(names)})"


def _name(one: Ranked, language: str) -> str:
    from filiform.anatomy import atlas

    known = atlas().muscles if one.kind == "trigger-point" else atlas().pain_sources
    name = known[one.source].name.in_language(language)
    side = WORDS[one.side][language]
    return f"{name}, {side}" if side else name


def note_text(code: str, about: str, language: str) -> str:
    """The sentence of a note, from sentences/targeting.toml."""
    from filiform.reasons import sentences

    return sentences()[f"targeting-{code}"].says.in_language(language) % {"about": about}
