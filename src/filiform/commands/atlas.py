"""`filiform atlas`: check it, read it, ask what refers to a place, compare its releases."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from filiform.commands.errors import InputError
from filiform.words import counted

if TYPE_CHECKING:
    from filiform.anatomy import Atlas, Muscle
    from filiform.anatomy.model import PainSource, TriggerPoint
    from filiform.anatomy.zones import Referral


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "atlas",
        help="muscles, trigger points and other pain sources",
        description="Read and check the atlas. docs/reference/atlas.md explains its tables.",
    )
    asked = command.add_subparsers(title="questions", metavar="QUESTION", required=True)
    _sub(asked, "check", "is it whole? exit 1 with file, row and field when not", check)
    show = _sub(asked, "show", "everything known about a muscle or another pain source", show_one)
    show.add_argument("id", metavar="ID", help="infraspinatus, radicular-c6, or a name")
    refers = _sub(asked, "refers", "what sends pain to an area, the strongest first", what_refers)
    refers.add_argument("area", metavar="AREA", help="disc:temple:2:right; docs/reference/areas.md")
    refers.add_argument("--limit", type=int, default=20, metavar="N", help="at most N answers")
    diff = _sub(asked, "diff", "what differs between two releases", compare)
    diff.add_argument("before", nargs="?", metavar="A", help="a kept release (the one before)")
    diff.add_argument("after", nargs="?", metavar="B", help="another (this one)")
    _sub(asked, "export", "all rows of this release as one JSON document", export)


def _sub(asked: Any, name: str, say: str, run: Any) -> Any:
    command = asked.add_parser(name, help=say, description=say[0].upper() + say[1:] + ".")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(run=run)
    return command


# --- check ------------------------------------------------------------------------------------


def check(args: argparse.Namespace) -> int:
    """Counts, and every problem. Exit status 1 when there is one."""
    from filiform.anatomy import DataError, atlas

    problems: list[str] = []
    counts: dict[str, int] = {}
    try:
        known = atlas()
    except DataError as error:
        # A table that can't be read at all is an answer to "is it whole?", not a refusal of the
        # question.
        problems.append(str(error))
    else:
        counts = _counts(known)
        problems += _problems(known)
    if args.json:
        print(json.dumps({"counts": counts, "problems": problems}, ensure_ascii=False))
    else:
        for name, count in counts.items():
            print(f"{count:6} {name}")
        for problem in problems:
            print(f"WRONG  {problem}")
        print(f"\n{counted(len(problems), 'problem')}." if problems else "\nNo problems found.")
    return 1 if problems else 0


def _counts(known: Atlas) -> dict[str, int]:
    points, sources = known.trigger_points, list(known.pain_sources.values())
    zoned: list[TriggerPoint | PainSource] = [*points, *sources]
    kinds = ("nerve-root", "peripheral-nerve", "joint", "viscus")
    return {
        "muscles": len(known.muscles),
        "trigger points": len(points),
        **{f"pain sources: {kind}": sum(s.kind == kind for s in sources) for kind in kinds},
        "zones, essential": sum(len(entry.essential_zones) for entry in zoned),
        "zones, spillover": sum(len(entry.spillover_zones) for entry in zoned),
        "hazards": sum(len(muscle.hazards) for muscle in known.muscles.values()),
        "prevalence findings": len(known.prevalence),
        "landmarks": len(known.landmarks),
        "regions": len(known.regions),
        "texts without Urdu": sum(not point.site.ur for point in points),
        "rows unconfirmed": sum(entry.confidence == "unconfirmed" for entry in zoned),
    }


def _problems(known: Atlas) -> Iterator[str]:
    """What loading can't see: zones as they are drawn, and a release that was altered."""
    from filiform.anatomy.history import current, differences, kept, kept_versions
    from filiform.anatomy.soundness import drawn_problems

    yield from drawn_problems(known)
    now = current(known)
    if now.version not in kept_versions():
        yield f"release.toml, release: {now.version} is not kept; run python tools/atlas/release.py"
        return
    # One wrong column differs in every row; twenty are enough to see which.
    for change in differences(kept(now.version), now)[:20]:
        where = f"{change.table}, {change.row}" + (f", {change.field}" if change.field else "")
        yield f"{where}: differs from release {now.version}; raise release.toml and keep it anew"


# --- show -------------------------------------------------------------------------------------


def show_one(args: argparse.Namespace) -> int:
    """A muscle or a pain source. Raises InputError for an id that the atlas lacks."""
    from filiform.anatomy import atlas
    from filiform.anatomy.history import current

    known = atlas()
    if args.id in known.pain_sources:
        rows = {f"pain-sources/{args.id}"}
    else:
        muscle = _muscle(known, args.id)
        points = {f"trigger-points/{point.id}" for point in muscle.trigger_points}
        rows = {f"{table}/{muscle.id}" for table in ("muscles", "outlines", "needling")} | points
        rows |= {key for key in current().rows if key.startswith(f"hazards/{muscle.id}/")}
        # With the separator, lest a muscle whose id begins like another's bring that one's counts
        # along.
        rows |= {key for key in current().rows if key.startswith(f"prevalence/{muscle.id} · ")}
    found = {key: row for key, row in current().rows.items() if key in rows}
    if args.json:
        print(json.dumps({"rows": found, "release": known.release}, ensure_ascii=False))
        return 0
    for key, row in found.items():
        print(f"\n{key}")
        for name, text in row.items():
            print(f"  {name}: {text}")
    print(f"\natlas {known.release}")
    return 0


def _muscle(known: Atlas, name: str) -> Muscle:
    if name in known.muscles:
        return known.muscles[name]
    found = known.search_muscles(name, limit=3)
    # Only a name that is written out is taken; a likely one is offered, for a typing error must not
    # answer for another muscle.
    if found and name.casefold() in {found[0].name.en.casefold(), found[0].latin_name.casefold()}:
        return found[0]
    near = ", ".join(muscle.id for muscle in found)
    hint = f"; did you mean {near}?" if near else "; see 'filiform atlas export' for all ids"
    raise InputError(f"the atlas has no muscle or pain source {name[:60]!r}{hint}")


# --- refers -----------------------------------------------------------------------------------


def what_refers(args: argparse.Namespace) -> int:
    """Sources that send pain to an area. Raises InputError for an area it can't use."""
    from filiform.anatomy import atlas
    from filiform.anatomy.surface import AreaError, draw
    from filiform.anatomy.zones import what_refers_to

    if args.limit < 1:
        raise InputError(f"--limit {args.limit}: expected at least 1")
    try:
        place = draw(args.area)
    except AreaError as error:
        raise InputError(str(error)) from None
    found = [_told(atlas(), one) for one in what_refers_to(place)[: args.limit]]
    if args.json:
        answer = {"area": args.area, "refers": found, "release": atlas().release}
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    for one in found:
        side = f", {one['side']}" if one["side"] else ""
        covered = f"{one['strength']:5.0%} of it"
        print(f"{covered}  {one['name']}{side}  ({one['source']}, {one['confidence']})")
    print(
        f"\n{counted(len(found), 'source')}; atlas {atlas().release}"
        if found
        else "Nothing refers there."
    )
    return 0


def _told(known: Atlas, referral: Referral) -> dict[str, Any]:
    source = referral.source
    if source.muscle_id:
        muscle = known.muscles[source.muscle_id]
        point = muscle.trigger_point(source.id.split("/")[1])
        name, confidence = f"{muscle.name.en} {point.number}", point.confidence
    else:
        other = known.pain_sources[source.id]
        name, confidence = other.name.en, other.confidence
    return {
        "source": source.id,
        "kind": source.kind,
        "side": source.side,
        "name": name,
        "strength": round(referral.strength, 3),
        "own_share": round(referral.own_share, 3),
        "confidence": confidence,
    }


# --- releases ---------------------------------------------------------------------------------


def compare(args: argparse.Namespace) -> int:
    """Two releases. Raises InputError for one that is not kept."""
    from dataclasses import asdict

    from filiform.anatomy.history import UnknownReleaseError, current, differences, kept
    from filiform.anatomy.history import kept_versions as versions

    now = current()
    older = [version for version in versions() if version != now.version]
    try:
        # The first release has none before it, and is compared with itself: nothing differs.
        before = kept(args.before or (older[-1] if older else now.version))
        after = kept(args.after) if args.after else now
    except UnknownReleaseError as error:
        raise InputError(str(error)) from None
    changes = differences(before, after)
    if args.json:
        rows = [asdict(change) for change in changes]
        answer = {"before": before.stamp, "after": after.stamp, "changes": rows}
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    for change in changes:
        print(f"{change.kind:8} {change.table}/{change.row} {change.field}".rstrip())
        if change.field:
            print(f"         - {change.before}\n         + {change.after}")
    print(f"\n{counted(len(changes), 'change')} from {before.stamp} to {after.stamp}")
    return 0


def export(args: argparse.Namespace) -> int:
    """Always JSON: tables of rows of fields."""
    from filiform.anatomy.history import current

    release = current()
    print(json.dumps({"release": release.stamp, "rows": release.rows}, ensure_ascii=False))
    return 0
