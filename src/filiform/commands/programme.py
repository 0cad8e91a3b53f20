"""`filiform programme`: what goes with the needling of these muscles?"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import msgspec

from filiform.commands import inputs
from filiform.commands.errors import InputError

if TYPE_CHECKING:
    from filiform.disclosure import Disclosure, Side, Statement
    from filiform.programme import Findings, Screened

# Records name it in many ways and often without a code; stretches across the hip are left out then.
HIP_TENDON = re.compile(
    r"\b(greater )?trochanteric (pain|bursitis)|gluteal tendin|gluteus (medius|minimus) tendin",
    re.IGNORECASE,
)
HIP_TENDON_CODES = ("M70.6", "M76.0")
"""ICD-10: trochanteric bursitis, gluteal tendinitis."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `programme` to the commands."""
    parser = subparsers.add_parser(
        "programme",
        help="what goes with the needling: stretches, exercises, hands-on treatment, advice",
        description="Propose a programme for the needled muscles.",
    )
    parser.add_argument(
        "--target",
        action="append",
        metavar="MUSCLE:SIDE",
        required=True,
        help="repeat it; the most important first",
    )
    parser.add_argument(
        "--summary", metavar="BUNDLE", help="a FHIR R4 Bundle: what it says leaves things out"
    )
    parser.add_argument(
        "--condition",
        metavar="ID",
        default="",
        help="an indication, such as neck-pain: visits, review and evidence follow it",
    )
    inputs.add_usual_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer, and return the exit status. Raises InputError for an unusable input."""
    from filiform.programme import Findings, Screened, compose, course_json

    on = inputs.day(args.on)
    targets = [_target(text) for text in args.target]
    disclosure = inputs.bundle(args.summary).disclosure(on=on) if args.summary else None
    try:
        told, screened = Findings(condition=args.condition), Screened()
        if disclosure is not None:
            told, screened = _facts(disclosure, targets, on, args.condition)
        document: dict[str, Any] = course_json(compose(targets, told, screened), args.language)
    # A KeyError's text is its argument in quotes; the argument itself is the sentence.
    except KeyError as error:
        raise InputError(str(error.args[0])) from None
    except ValueError as error:
        raise InputError(f"--target: {error}") from None
    if args.json:
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        sys.stdout.write("\n".join(as_text(document)) + "\n")
    return 0


def _target(text: str) -> tuple[str, str]:
    muscle, colon, side = text.partition(":")
    if not colon or not muscle or not side:
        raise InputError(f"--target {text!r}: expected MUSCLE:SIDE, such as soleus:left")
    return muscle, side


def _facts(
    disclosure: Disclosure, targets: list[tuple[str, str]], on: date, condition: str
) -> tuple[Findings, Screened]:
    """What a record says that changes a programme."""
    from filiform.anatomy import atlas
    from filiform.programme import Findings, Screened
    from filiform.screening import BLOOD_THINNERS, PREGNANCY, NeedlingSite, screen

    # An unknown muscle is told here in the atlas' words; screening would name it in its own.
    for muscle, _side in targets:
        atlas().muscle(muscle)
    # For the whole body first: a blood thinner changes the exercises wherever the needle goes.
    found = screen(disclosure, on=on)
    rules = frozenset(reason.id for reason in (*found.reasons, *found.elsewhere))
    sites = [NeedlingSite(muscle, cast("Side", side)) for muscle, side in targets]
    findings = Findings(
        condition=condition,
        hip_tendon_pain=any(_is_hip_tendon(fact, on) for fact in disclosure.facts),
    )
    return findings, Screened(
        blocked=screen(disclosure, sites, on=on).decision == "blocked",
        on_antithrombotic=bool(rules & BLOOD_THINNERS),
        pregnant=bool(rules & PREGNANCY),
        numb_feet="sensory-loss" in rules,
        age_years=disclosure.age_on(on),
        rules=rules,
    )


def _is_hip_tendon(fact: Statement, on: date) -> bool:
    from filiform.disclosure import Kind, Status

    if fact.kind is not Kind.CONDITION or fact.family or (fact.end and fact.end <= on):
        return False
    # A suspected tendon is spared as well: leaving one stretch out costs little.
    if fact.status not in (Status.ACTIVE, Status.RECURRENCE, Status.UNKNOWN, Status.SUSPECTED):
        return False
    coded = any(coding.code.startswith(HIP_TENDON_CODES) for coding in fact.codings)
    return coded or bool(HIP_TENDON.search(fact.text))


def as_text(document: dict[str, Any]) -> Iterator[str]:
    """The answer for people, line by line."""
    adding, plan = document["adding_needling"], document["plan"]
    yield f"needling beside exercise: {adding['text']} [{adding['grade']}, {adding['certainty']}]"
    least, most = plan["visits"]
    yield f"visits {least}-{most}, with needles at most {plan['needling_sessions']}"
    for stage in document["stages"]:
        yield f"{stage['name']}: on when {' '.join(stage['leave'])}"
    yield ""
    for phase in document["phases"]:
        yield phase["name"]
        for item in phase["items"]:
            dose = f" – {item['dose_text']}" if item["dose_text"] else ""
            side = f" ({item['side']})" if item["side"] else ""
            yield f"  {item['kind']:<14} {item['name']}{side}{dose}"
            for caution in item["cautions"]:
                yield f"  {'':<14} ! {caution}"
        yield ""
    for reason in document["left_out"]:
        yield f"left out: {reason['text']} [{reason['id']}]"
    yield f"atlas {document['release']}"
