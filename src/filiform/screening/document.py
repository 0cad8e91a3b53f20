"""The reference table of all rules with their cases, made from the data.

`python -m filiform.screening.document [FILE]` writes docs/reference/screening-rules.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from filiform.screening.cases import DAY, Case, cases
from filiform.screening.rulebook import (
    Indication,
    RedFlag,
    Rule,
    Trigger,
    indications,
    red_flags,
    rules,
)
from filiform.screening.sites import regions
from filiform.screening.terminology import concepts
from filiform.sources import rests_on_unread

TARGET = Path("docs/reference/screening-rules.md")

HEAD = f"""\
# Screening rules

Made from the data by `python -m filiform.screening.document`; how to read and change the data:
[rule-format.md](rule-format.md). Under each rule stand the cases that are run as tests, on the
day {DAY}: **+** it fires, **−** it must not, **?** it is asked about instead of assumed.
"""


def document() -> str:
    """The whole page as Markdown."""
    parts = [HEAD, *_counted()]
    parts += ["\n## Contraindications and precautions\n"]
    parts += [line for rule in rules() for line in _rule(rule)]
    parts += ["\n## Red flags\n", *(line for flag in red_flags() for line in _red_flag(flag))]
    parts += ["\n## Indications\n", *(line for one in indications() for line in _indication(one))]
    return "\n".join(parts).rstrip() + "\n"


def _counted() -> Iterator[str]:
    yield f"{len(rules())} rules, {len(red_flags())} red flags, {len(indications())} indications, "
    yield f"{len(concepts())} concepts, {len(cases())} cases.\n"
    yield "| rule | class | scope | name |\n|---|---|---|---|"
    for rule in rules():
        yield f"| [{rule.id}](#{rule.id}) | {rule.weight} | {rule.scope} | {rule.name} |"


def _rule(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.id}\n"
    yield f"**{rule.name}** · {rule.weight}: {rule.scope}  \n{rule.name.ur}\n"
    for stricter in rule.stricter:
        yield f"- {stricter.weight} in: {_places(stricter.regions)}"
    yield f"- why: {rule.why}"
    yield f"- instead: {rule.instead}"
    yield from (f"- when {_trigger(trigger)}" for trigger in rule.when)
    if rule.ask is not None:
        yield f"- asked ({rule.asked}, a no {_meaning_of_no(rule)}): {rule.ask}"
    if rule.place_only:
        yield "- silent until a muscle is named"
    if rule.both_sides:
        yield "- when its muscles are asked for on both sides at once"
    if rule.needs:
        yield f"- needling all the same needs: {', '.join(rule.needs)}{_cleared(rule)}"
    mark = "; guideline not read in full" if rests_on_unread(rule.sources) else ""
    yield f"- source: {', '.join(rule.sources)} ({rule.basis}, reviewed {rule.date}{mark})"
    yield from _cases(rule.id)


def _cleared(rule: Rule) -> str:
    return f" (then {rule.cleared_to})" if rule.cleared_to else ""


def _meaning_of_no(rule: Rule) -> str:
    return "settles it" if rule.answer == "settles" else "does not silence the record"


def _red_flag(flag: RedFlag) -> Iterator[str]:
    yield f"\n### {flag.id}\n"
    yield f"**{flag.name}** · {flag.urgency}  \n{flag.name.ur}\n"
    yield f"- think of: {flag.think_of}"
    yield f"- instead: {flag.instead}"
    yield f"- asked: {flag.ask}"
    yield from (f"- when {_trigger(trigger)}" for trigger in flag.when)
    yield f"- source: {', '.join(flag.sources)} ({flag.basis}, reviewed {flag.date})"
    yield from _cases(flag.id)


def _indication(one: Indication) -> Iterator[str]:
    yield f"\n### {one.id}\n"
    yield f"**{one.name}** · {one.advice}, certainty {one.certainty}  \n{one.name.ur}\n"
    yield f"- expect: {one.expect}"
    for effect in one.effects:
        interval = "" if effect.low is None else f" ({effect.low} to {effect.high})"
        yield (
            f"- {effect.measure} {effect.estimate}{interval} against {effect.against},"
            f" {effect.horizon} ({effect.source})"
        )
    yield from (f"- when {_trigger(trigger)}" for trigger in one.when)
    yield f"- source: {', '.join(one.sources)} (reviewed {one.date})"
    yield from _cases(one.id)


def _trigger(trigger: Trigger) -> str:
    parts = [
        _listed("ICD-10", trigger.icd10),
        _listed("ATC", trigger.atc),
        _listed("", tuple(concepts()[one].name.en for one in trigger.concepts)),
        _listed("text", trigger.text),
        f"pregnancy ({trigger.pregnancy})" if trigger.pregnancy else "",
        _measure(trigger),
        _age(trigger),
    ]
    said = " or ".join(part for part in parts if part)
    limits = [part for part in _limits(trigger) if part]
    asks = " → asked about" if trigger.effect == "asks" else ""
    return said + (f"; {', '.join(limits)}" if limits else "") + asks


def _listed(name: str, values: Iterable[str]) -> str:
    joined = ", ".join(values)
    return f"{name} {joined}".strip() if joined else ""


def _measure(trigger: Trigger) -> str:
    if trigger.measure is None:
        return ""
    bounds = (("below", trigger.below), ("at least", trigger.at_least), ("above", trigger.above))
    bound = " ".join(f"{word} {value:g}" for word, value in bounds if value is not None)
    return f"{trigger.measure} {bound}"


def _age(trigger: Trigger) -> str:
    low, high = trigger.age_from_years, trigger.age_under_years
    parts = [f"from {low:g}" if low else "", f"under {high:g}" if high else ""]
    said = " and ".join(part for part in parts if part)
    return f"age {said} years" if said else ""


def _limits(trigger: Trigger) -> Iterator[str]:
    yield "whenever it was" if trigger.counts == "ever" and trigger.within_days is None else ""
    yield f"within {trigger.within_days} days" if trigger.within_days is not None else ""
    yield f"and {trigger.after_end_days} days after its end" if trigger.after_end_days else ""
    yield f"for at least {trigger.for_days} days" if trigger.for_days else ""
    yield f"{trigger.distinct} different ones" if trigger.distinct > 1 else ""
    yield f"single dose from {trigger.strength_mg_from:g} mg" if trigger.strength_mg_from else ""
    yield f"unless {trigger.unless_measured} is known" if trigger.unless_measured else ""
    yield f"together with {_trigger(trigger.with_)}" if trigger.with_ else ""
    yield f"but not with {_trigger(trigger.without)}" if trigger.without else ""
    yield f"then {trigger.weight}" if trigger.weight else ""
    yield f"at {_places(trigger.regions)}" if trigger.regions else ""
    yield f"only {', '.join(trigger.kinds)}" if trigger.kinds else ""


def _places(ids: Iterable[str]) -> str:
    return ", ".join(regions()[one].name.en for one in ids)


def _cases(name: str) -> Iterator[str]:
    # Every rule has a case and a near miss, so the blank line never stands alone.
    yield ""
    yield from (f"  {_sign(case)} {case.story}  " for case in cases() if case.id == name)


def _sign(case: Case) -> str:
    return "**+**" if case.fires else "**?**" if case.asks else "**−**"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(document(), encoding="utf-8")
