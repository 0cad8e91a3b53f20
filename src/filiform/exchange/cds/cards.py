"""A reason of screening as a card: short on top, whole below, with a way out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Literal
from uuid import UUID

import msgspec

from filiform.exchange.cds.orders import NeedlingOrder
from filiform.exchange.fhir import ReadBundle
from filiform.exchange.fhir.elements import Json
from filiform.reasons import Evidence, Weight
from filiform.screening import FoundRedFlag, Screening, ScreeningReason
from filiform.sources import rests_on_unread
from filiform.words import Words

Indicator = Literal["info", "warning", "critical"]

LONGEST_SUMMARY = 139
"""The specification asks for fewer than 140 characters."""
SYSTEM = "urn:filiform:cds"
INDICATORS: dict[Weight, Indicator] = {
    Weight.ABSOLUTE: "critical",
    Weight.RELATIVE: "warning",
    Weight.PRECAUTION: "info",
}
WEIGHTS: dict[Weight, Words] = {
    Weight.ABSOLUTE: Words("Do not needle", "سوئی نہ لگائیں"),
    Weight.RELATIVE: Words("Needle only with a written reason", "صرف لکھی ہوئی وجہ کے ساتھ"),
    Weight.PRECAUTION: Words("Needle with a change", "تبدیلی کے ساتھ"),
}
OVERRIDES: dict[str, Words] = {
    "record-wrong": Words("The record is wrong or out of date", "ریکارڈ غلط یا پرانا ہے"),
    "cleared": Words("Cleared in writing by the treating doctor", "معالج کی تحریری اجازت ہے"),
    "changed-plan": Words(
        "Will be done differently, as advised", "مشورے کے مطابق الگ طریقے سے ہوگا"
    ),
    "benefit": Words("The benefit outweighs it; written down", "فائدہ زیادہ ہے؛ وجہ لکھ دی گئی"),
}
LABELS = {
    "source": Words("Filiform dry needling rules", "فلی فارم ڈرائی نیڈلنگ کے اصول"),
    "instead": Words("Instead", "اس کے بجائے"),
    "record": Words("In the record", "ریکارڈ میں"),
    "sources": Words("Source", "ماخذ"),
    "not-read": Words("guideline not read in full", "ہدایت نامہ پورا نہیں پڑھا گیا"),
    "where": Words("Where", "کہاں"),
    "think": Words("Think of", "ذہن میں رکھیں"),
    "suspected": Words("only suspected", "صرف شبہ"),
    "refer": Words("Refer before any needle", "سوئی سے پہلے ماہر کے پاس بھیجیں"),
    "remove": Words("Remove the dry needling order", "ڈرائی نیڈلنگ کا آرڈر ہٹائیں"),
    "note": Words("Keep the order with this note", "اس نوٹ کے ساتھ آرڈر رکھیں"),
    "unread": Words("Part of the record could not be read", "ریکارڈ کا کچھ حصہ پڑھا نہیں جا سکا"),
    "not-understood": Words(
        "Part of the record was not understood", "ریکارڈ کا کچھ حصہ سمجھ نہیں آیا"
    ),
    "ask-what": Words("Not understood; ask what it is:", "سمجھ نہیں آیا؛ پوچھیں یہ کیا ہے:"),
    "questions": Words(
        "Questions that only the patient can answer", "سوال جن کا جواب صرف مریض دے سکتا ہے"
    ),
    "unread-detail": Words(
        "An answer without these parts may be too mild. Look at them yourself:",
        "ان حصوں کے بغیر جواب نرم ہو سکتا ہے۔ خود دیکھ لیں:",
    ),
}


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    uuid: UUID
    label: str
    actions: tuple[Json, ...]
    recommended: bool = False

    def as_json(self) -> Json:
        found: Json = {"label": self.label, "uuid": str(self.uuid), "actions": list(self.actions)}
        return {**found, "isRecommended": True} if self.recommended else found


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One card. rule: the id of the reason or red flag, for counting what becomes of it."""

    uuid: UUID
    rule: str
    kind: Literal["reason", "red-flag", "unread"]
    summary: str
    detail: str
    indicator: Indicator
    source: Json
    suggestions: tuple[Suggestion, ...] = ()
    overrides: tuple[str, ...] = ()
    language: str = "en"

    def as_json(self) -> Json:
        found: Json = {
            "uuid": str(self.uuid),
            "summary": self.summary,
            "detail": self.detail,
            "indicator": self.indicator,
            "source": self.source,
        }
        if self.suggestions:
            found["suggestions"] = [one.as_json() for one in self.suggestions]
            # To remove the order and to keep it with a note exclude each other.
            found["selectionBehavior"] = "at-most-one"
        if self.overrides:
            found["overrideReasons"] = [
                {
                    "system": f"{SYSTEM}:override",
                    "code": code,
                    "display": OVERRIDES[code].in_language(self.language),
                }
                for code in self.overrides
            ]
        return found


def cards_of(
    found: Screening,
    bundle: ReadBundle,
    orders: tuple[NeedlingOrder, ...],
    *,
    new_uuid: Callable[[], UUID],
    language: str,
) -> tuple[Card, ...]:
    """Red flags first, then the reasons by weight, at last what was not read or not understood.

    Open questions alone make no card: a call brings no answers, so that it would stand on every
    record and teach everybody to click cards away.
    """
    maker = _Maker(found.release, orders, new_uuid, language)
    cards = [maker.of_red_flag(flag) for flag in found.red_flags]
    cards += [maker.of_reason(reason) for reason in found.reasons]
    if bundle.unread or bundle.warnings or found.not_understood:
        cards.append(maker.of_gaps(found, bundle))
    return tuple(cards)


class _Maker:
    """What all cards of one answer share."""

    def __init__(
        self,
        release: str,
        orders: tuple[NeedlingOrder, ...],
        new_uuid: Callable[[], UUID],
        language: str,
    ) -> None:
        self.release = release
        self.orders = orders
        self.new_uuid = new_uuid
        self.language = language

    def _(self, words: Words) -> str:
        return words.in_language(self.language)

    def label(self, name: str) -> str:
        return self._(LABELS[name])

    def of_reason(self, reason: ScreeningReason) -> Card:
        weight = self._(WEIGHTS[reason.weight])
        suspected = f" ({self.label('suspected')})" if reason.suspected else ""
        detail = [
            self._(reason.why),
            self._line("where", self._(reason.place)),
            self._line("instead", self._(reason.instead)),
            *self._record(reason.because),
            self._sources(reason.sources, reason.basis),
        ]
        return Card(
            uuid=self.new_uuid(),
            rule=reason.id,
            kind="reason",
            summary=_short(f"{weight}: {self._(reason.name)}{suspected}"),
            detail="\n\n".join(detail),
            indicator=INDICATORS[reason.weight],
            source=self._source(reason.id, reason.name),
            suggestions=self._suggestions(reason),
            overrides=_overrides(reason.weight),
            language=self.language,
        )

    def of_red_flag(self, flag: FoundRedFlag) -> Card:
        detail = [
            self._line("think", self._(flag.think_of)),
            self._line("instead", self._(flag.instead)),
            *self._record(flag.because),
            self._sources(flag.sources, flag.basis),
        ]
        # A routine flag is followed up and doesn't stop the needle, so it offers no removal.
        urgent = flag.urgency != "routine"
        return Card(
            uuid=self.new_uuid(),
            rule=flag.id,
            kind="red-flag",
            summary=_short(f"{self.label('refer')} ({flag.urgency}): {self._(flag.name)}"),
            detail="\n\n".join(detail),
            indicator="critical" if urgent else "warning",
            source=self._source(flag.id, flag.name),
            suggestions=self._removals() if urgent else (),
            overrides=("record-wrong", "cleared"),
            language=self.language,
        )

    def of_gaps(self, found: Screening, bundle: ReadBundle) -> Card:
        """What the answer does not rest on: not read, not understood, not asked."""
        told = (*bundle.warnings, *bundle.unread)
        detail: list[str] = []
        if told:
            parts = [f"{_plain(one.resource)}: {_plain(one.why)}" for one in told]
            detail += [self.label("unread-detail"), "", *_listed(parts), ""]
        if found.not_understood:
            parts = [_evidence(one) for one in found.not_understood]
            detail += [self.label("ask-what"), "", *_listed(parts), ""]
        # A call brings no answers, so that there always are some.
        detail.append(self._line("questions", str(len(found.unanswered))))
        name = "unread" if told else "not-understood"
        number = len(told) + len(found.not_understood)
        return Card(
            uuid=self.new_uuid(),
            rule="unread",
            kind="unread",
            summary=_short(f"{self.label(name)} ({number})"),
            detail="\n".join(detail).strip(),
            indicator="warning",
            source=self._source("unread", LABELS[name]),
            language=self.language,
        )

    def _line(self, name: str, text: str) -> str:
        return f"**{self.label(name)}:** {text}"

    def _record(self, because: tuple[Evidence, ...]) -> list[str]:
        # A call brings no answers, so that every reason rests on something: never an empty list.
        parts = [f"- {_evidence(one)}" for one in because]
        return [f"**{self.label('record')}:**\n" + "\n".join(parts)]

    def _sources(self, keys: Sequence[str], basis: str) -> str:
        mark = f"; {self.label('not-read')}" if rests_on_unread(keys) else ""
        return self._line("sources", f"{', '.join(keys)} ({basis}{mark})")

    def _source(self, rule: str, name: Words) -> Json:
        return {
            "label": f"{self.label('source')} {self.release}",
            "topic": {"system": f"{SYSTEM}:rule", "code": rule, "display": self._(name)},
        }

    def _suggestions(self, reason: ScreeningReason) -> tuple[Suggestion, ...]:
        if not self.orders:
            return ()
        kept = Suggestion(
            uuid=self.new_uuid(),
            label=self.label("note"),
            actions=tuple(self._with_note(order, reason) for order in self._meant(reason)),
            recommended=reason.weight is not Weight.ABSOLUTE,
        )
        if reason.weight is Weight.ABSOLUTE:
            return self._removals(reason)
        return (kept, *self._removals(reason)) if reason.weight is Weight.RELATIVE else (kept,)

    def _meant(self, reason: ScreeningReason | None) -> tuple[NeedlingOrder, ...]:
        """The orders that a reason concerns: those whose muscles it names."""
        if reason is None or not reason.sites:
            return self.orders
        mine = set(reason.sites)
        return tuple(order for order in self.orders if mine.intersection(order.sites))

    def _removals(self, reason: ScreeningReason | None = None) -> tuple[Suggestion, ...]:
        orders = self._meant(reason)
        if not orders:
            return ()
        absolute = reason is None or reason.weight is Weight.ABSOLUTE
        actions = tuple(
            {
                "type": "delete",
                "description": self.label("remove"),
                "resourceId": order.reference,
            }
            for order in orders
        )
        return (
            Suggestion(
                uuid=self.new_uuid(),
                label=self.label("remove"),
                actions=actions,
                recommended=absolute,
            ),
        )

    def _with_note(self, order: NeedlingOrder, reason: ScreeningReason) -> Json:
        # An update replaces the whole order: everything else in it has to come along unchanged.
        changed = copy.deepcopy(order.resource)
        notes = changed.get("note")
        text = f"{self._(reason.name)}: {self._(reason.instead)}"
        changed["note"] = [*(notes if isinstance(notes, list) else []), {"text": text}]
        return {"type": "update", "description": text, "resource": changed}


def _overrides(weight: Weight) -> tuple[str, ...]:
    """An absolute reason falls only with the record or a letter, never by weighing it up."""
    if weight is Weight.ABSOLUTE:
        return ("record-wrong", "cleared")
    return tuple(OVERRIDES)


def _short(text: str) -> str:
    if len(text) <= LONGEST_SUMMARY:
        return text
    return text[: LONGEST_SUMMARY - 1].rstrip() + "…"


MOST_LISTED = 20
"""Lines of a card that name what was not read; a longer list is counted."""


def _listed(parts: list[str]) -> list[str]:
    lines = [f"- {one}" for one in parts[:MOST_LISTED]]
    rest = len(parts) - len(lines)
    return [*lines, f"- + {rest}"] if rest > 0 else lines


def _evidence(one: Evidence) -> str:
    return _plain(one.text) + (f" ({_plain(one.code)})" if one.code else "")


def _plain(text: str) -> str:
    """A text of the record inside Markdown: what would be markup or HTML is shown as it stands."""
    flat = " ".join(text.split())
    return "".join(f"\\{one}" if one in r"\`*_{}[]<>()#+!|~" else one for one in flat)
