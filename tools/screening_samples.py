"""What fires, and what does not, for the sample records beside the project.

    python tools/screening_samples.py     writes docs/reference/screening-samples.md

Only names and codes of findings are taken over; the samples are synthetic or made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from filiform.disclosure import Statement
from filiform.exchange.fhir import ReadBundle, read_bundle
from filiform.reasons import Evidence
from filiform.screening import Screening, rules, screen
from filiform.screening.currency import last_day
from filiform.screening.rulebook import Rule
from filiform.screening.triggers import ScreenedPatient, evidence_of, matches, patient

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"
TARGET = ROOT / "docs" / "reference" / "screening-samples.md"
DAY = date(2025, 11, 22)
HEAD = f"""\
# What fires for the sample records

Made by `python tools/screening_samples.py` on the day of treatment {DAY}, without sites and
without answers: the IPS example of HL7 and six patients made by Synthea, none of them a real
person. "Does not count" lists what the record holds for a rule that it does not set off by it:
ended, stopped, too long ago, or only asked about.
"""


def document() -> str:
    parts = [HEAD, "| record | resources | decision | reasons | red flags | indications |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    found = [(path.stem, read_bundle(path.read_bytes())) for path in sorted(SAMPLES.glob("*.json"))]
    answers = [(name, bundle, screen(bundle.disclosure(on=DAY), on=DAY)) for name, bundle in found]
    parts += [_line(name, bundle, answer) for name, bundle, answer in answers]
    for name, bundle, answer in answers:
        parts += ["", f"## {name}", "", *_details(bundle, answer)]
    return "\n".join(parts) + "\n"


def _line(name: str, bundle: ReadBundle, answer: Screening) -> str:
    read = len({fact.id.split("#")[0] for fact in bundle.facts})
    left = len({one.resource for one in bundle.left_out})
    count = f"{read} with facts, {left} not of the present, {sum(bundle.ignored.values())} unused"
    reasons = ", ".join(f"{one.id} ({one.weight})" for one in answer.reasons) or "none"
    flags = ", ".join(one.id for one in answer.red_flags) or "none"
    good = ", ".join(one.id for one in answer.indications) or "none"
    return f"| [{name}](#{name}) | {count} | {answer.decision} | {reasons} | {flags} | {good} |"


def _details(bundle: ReadBundle, answer: Screening) -> Iterator[str]:
    for reason in (*answer.reasons, *answer.elsewhere):
        where = "" if reason in answer.reasons else ", only at a muscle that is named"
        yield f"- **{reason.id}** ({reason.weight}{where}): {_because(reason.because)}"
    for one in answer.indications:
        yield f"- indication **{one.id}** ({one.advice}): {_because(one.because)}"
    if bundle.unread:
        yield f"- could not be read: {len(bundle.unread)}"
    silent = list(_silent(bundle, answer))
    if silent:
        yield ""
        yield "Does not count:"
        yield ""
        yield from silent
    yield ""
    yield f"Still to be asked: {len(answer.unanswered)} questions."


def _because(evidence: tuple[Evidence, ...]) -> str:
    named = [
        ("age" if one.resource == "Patient" else one.text) + (f" ({one.code})" if one.code else "")
        for one in evidence
    ]
    return "; ".join(dict.fromkeys(named))


def _silent(bundle: ReadBundle, answer: Screening) -> Iterator[str]:
    """Facts that speak to a rule's trigger without setting off the rule."""
    who = patient(bundle.disclosure(on=DAY), DAY)
    fired = {
        (reason.id, one.resource)
        for reason in (*answer.reasons, *answer.elsewhere)
        for one in reason.because
    }
    for rule in rules():
        facts = [
            fact for fact in _spoken(rule, who) if (rule.id, fact.id.split("#")[0]) not in fired
        ]
        lines = dict.fromkeys(f"{_name(fact)}: {_why(fact, rule, who)}" for fact in facts)
        if lines:
            yield f"- {rule.id}: " + "; ".join(lines)


def _spoken(rule: Rule, who: ScreenedPatient) -> list[Statement]:
    found = [
        fact
        for trigger in rule.when
        for fact, _meaning, sure in who.spoken.get(id(trigger), ())
        if sure
    ]
    return list(dict.fromkeys(found))


def _name(fact: Statement) -> str:
    one = evidence_of(fact)
    return one.text + (f" ({one.code})" if one.code else "")


def _why(fact: Statement, rule: Rule, who: ScreenedPatient) -> str:
    asked = {
        match.evidence.resource
        for trigger in rule.when
        for match in matches(trigger, who)
        if match.asks
    }
    if fact.family:
        return "a relative's"
    if fact.id in asked:
        return "asked about"
    if fact.status.value not in ("active", "completed", "unknown", "recurrence"):
        return fact.status.value
    if fact.kind.value == "medicine" and fact.status.value == "completed":
        return "completed"
    mine = [t for t in rule.when if any(one[0] == fact for one in who.spoken.get(id(t), ()))]
    if any(trigger.unless_measured for trigger in mine):
        return "the measured value decides"
    since = last_day(fact)
    windows = [trigger.within_days for trigger in mine if trigger.within_days is not None]
    if since and windows and (DAY - since).days > max(windows):
        return f"too long ago ({since.year})"
    return "not by itself"


def main() -> None:
    TARGET.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
