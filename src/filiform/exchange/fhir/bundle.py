"""A FHIR R4 Bundle of any kind → patient, facts, and an account of everything else.

Bundle ─▶ entries ─▶ the patient ─▶ one reader per kind of resource ─▶ facts
                                  └▶ left out (and why), unread (and why), ignored (how many)
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from filiform.disclosure import Statement
from filiform.exchange.fhir.elements import Json, a_text, an_object, objects, text_of
from filiform.exchange.fhir.errors import BundleError, ResourceError
from filiform.exchange.fhir.facts import READERS
from filiform.exchange.fhir.index import Index, reference_of
from filiform.exchange.fhir.model import LeftOut, ReadBundle, ReadPatient, Unread
from filiform.exchange.fhir.none_known import read_composition
from filiform.exchange.fhir.observation import read_observation
from filiform.exchange.fhir.patient import choose_patient, read_patient
from filiform.exchange.fhir.source import Source

LARGEST_BYTES = 20_000_000
"""What a caller from outside may send; a file of one's own may be larger."""
DEEPEST = 3
"""Bundles within Bundles: a batch response holds searchsets, nothing goes deeper."""

_ABOUT_PATIENT = (*READERS, "Observation")


def read_bundle(raw: bytes, *, largest_bytes: int = LARGEST_BYTES) -> ReadBundle:
    """Read a FHIR R4 Bundle (JSON): document, searchset, transaction, batch or collection.

    Raises BundleError with a one-line message when the input cannot be used at all: not JSON,
    no Bundle, more than `largest_bytes`, or several patients without a word on which is meant.
    """
    bundle = _parsed(raw, largest_bytes)
    entries = _entries(bundle)
    index = Index(entries)
    chosen = choose_patient(entries, index)
    patient, unread = read_patient(chosen) if chosen is not None else (ReadPatient(), [])
    reading = _Reading(index, patient, chosen, entries)
    reading.unread += _further_pages(bundle)
    for number, entry in enumerate(entries):
        reading.take(entry, number)
    return ReadBundle(
        patient=patient,
        facts=tuple(reading.facts),
        left_out=tuple(reading.left_out),
        unread=(*unread, *reading.unread),
        ignored=dict(sorted(reading.ignored.items())),
        profile=_profile(bundle, entries),
    )


def _parsed(raw: bytes, largest_bytes: int) -> Json:
    if len(raw) > largest_bytes:
        size = len(raw) / 1_000_000
        raise BundleError(f"the input has {size:.0f} MB; allowed are {largest_bytes // 1_000_000}")
    raw = raw.removeprefix(b"\xef\xbb\xbf").strip()
    if not raw:
        raise BundleError("the input is empty; a FHIR R4 Bundle in JSON is needed")
    if raw.startswith(b"<"):
        raise BundleError("the input looks like XML; a FHIR R4 Bundle in JSON is needed")
    try:
        found: Any = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise BundleError(f"the input is not JSON: {_one_line(error)}") from None
    except (RecursionError, UnicodeDecodeError) as error:
        raise BundleError(f"the input is not usable JSON: {_one_line(error)}") from None
    if not isinstance(found, dict):
        raise BundleError(f"the input is a JSON {type(found).__name__}, not a FHIR Bundle")
    kind = found.get("resourceType")
    if kind != "Bundle":
        got = f"a {kind}" if isinstance(kind, str) else "JSON without a resourceType"
        raise BundleError(f"the input is {got[:60]}; a FHIR R4 Bundle is needed")
    return found


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _entries(bundle: Json, deep: int = 0) -> list[Json]:
    """All entries; those of a Bundle inside the Bundle stand in its place."""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise BundleError(f"Bundle.entry is a {type(entries).__name__}; a list is needed")
    found: list[Json] = []
    for entry in entries:
        whole = entry if isinstance(entry, dict) else {}
        inner = an_object(whole.get("resource"))
        if inner.get("resourceType") == "Bundle" and deep < DEEPEST:
            found += _entries(inner, deep + 1)
        else:
            found.append(whole)
    return found


def _profile(bundle: Json, entries: list[Json]) -> str:
    kind = a_text(bundle.get("type")) or "unknown"
    for entry in entries:
        resource = an_object(entry.get("resource"))
        if resource.get("resourceType") == "Composition" and kind == "document":
            codings = objects(an_object(resource.get("type")).get("coding"))
            return "ips" if any(one.get("code") == "60591-5" for one in codings) else "document"
        if resource.get("resourceType") == "Patient":
            systems = [a_text(one.get("system")) for one in objects(resource.get("identifier"))]
            if any("synthea" in system for system in systems):
                return f"synthea/{kind}"
    return kind


def _further_pages(bundle: Json) -> list[Unread]:
    """A searchset of several pages: only this one is here."""
    if any(link.get("relation") == "next" for link in objects(bundle.get("link"))):
        return [Unread("Bundle", "it is one page of several; the next ones are not in it")]
    return []


class _Reading:
    """The account that grows while the entries are read one by one."""

    def __init__(
        self, index: Index, patient: ReadPatient, chosen: Json | None, entries: list[Json]
    ) -> None:
        self.index = index
        self.chosen = chosen
        self.facts: list[Statement] = []
        self.left_out: list[LeftOut] = []
        self.unread: list[Unread] = []
        self.ignored: Counter[str] = Counter()
        self._seen: set[bytes] = set()
        self._own = self._addresses_of_patient(patient, entries)
        if chosen is None:
            self._require_one_subject(entries)

    def _addresses_of_patient(self, patient: ReadPatient, entries: list[Json]) -> set[str]:
        own = {f"Patient/{patient.id}"} if patient.id else set()
        for entry in entries:
            if entry.get("resource") is self.chosen:
                own.update(Index.addresses(entry))
        return own

    def _require_one_subject(self, entries: list[Json]) -> None:
        named = {
            _subject(resource)
            for entry in entries
            if (resource := an_object(entry.get("resource"))).get("resourceType") in READERS
        } - {""}
        if len(named) > 1:
            choice = ", ".join(sorted(named)[:5])
            raise BundleError(f"the Bundle holds no Patient and speaks of several: {choice}")

    def take(self, entry: Json, number: int) -> None:
        resource = an_object(entry.get("resource"))
        kind = a_text(resource.get("resourceType"))
        label = _label(entry, resource, kind, number)
        if not resource:
            self._take_empty(entry, label)
            return
        if not kind:
            self.unread.append(Unread(label, "it has no resourceType"))
            return
        if kind == "OperationOutcome":
            self.unread += _complaints(resource, label)
        if kind == "Composition" and self._is_about_patient(resource):
            self._read(resource, kind, label)
        if kind not in _ABOUT_PATIENT:
            self.ignored[kind] += 1
            return
        if a_text(an_object(entry.get("request")).get("method")).upper() == "DELETE":
            self.left_out.append(LeftOut(label, text_of(resource.get("code")), "deleted"))
            return
        if not self._is_about_patient(resource):
            self.left_out.append(LeftOut(label, text_of(resource.get("code")), "other-patient"))
            return
        if self._is_duplicate(resource):
            self.left_out.append(LeftOut(label, text_of(resource.get("code")), "duplicate"))
            return
        self._read(resource, kind, label)

    def _take_empty(self, entry: Json, label: str) -> None:
        if entry.get("request") or entry.get("response"):
            self.ignored["entry without a resource"] += 1
        else:
            self.unread.append(Unread(label, "the entry holds no resource"))

    def _is_duplicate(self, resource: Json) -> bool:
        """Whether the very same resource has been read, whatever the order of its keys."""
        if not a_text(resource.get("id")):
            return False
        content = msgspec.json.encode(resource, order="deterministic")
        if content in self._seen:
            return True
        self._seen.add(content)
        return False

    def _is_about_patient(self, resource: Json) -> bool:
        subject = _subject(resource)
        if not subject or self.chosen is None or "?" in subject:
            return True
        if subject.startswith("#"):
            contained = self.index.find(subject, resource)
            return contained is None or contained.get("resourceType") == "Patient"
        found = self.index.find(subject, resource)
        if found is not None:
            return found is self.chosen or found.get("id") == self.chosen.get("id")
        return (
            subject in self._own or not self._own or "/".join(subject.split("/")[-2:]) in self._own
        )

    def _read(self, resource: Json, kind: str, label: str) -> None:
        source = Source(resource, label, self.index)
        try:
            if kind == "Observation":
                if not read_observation(source):
                    self.ignored["Observation without use here"] += 1
            else:
                (read_composition if kind == "Composition" else READERS[kind])(source)
        except ResourceError as error:
            source.gathered.unread.append(Unread(label, str(error)))
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            why = f"its form is not FHIR R4 ({_one_line(error)})"
            source.gathered.unread.append(Unread(label, why))
        self.facts += source.gathered.facts
        self.left_out += source.gathered.left_out
        self.unread += dict.fromkeys(source.gathered.unread)


def _complaints(outcome: Json, label: str) -> list[Unread]:
    """What the sending server says that it could not answer."""
    found = []
    for issue in objects(outcome.get("issue")):
        if issue.get("severity") in ("fatal", "error", "warning"):
            says = a_text(issue.get("diagnostics")) or text_of(issue.get("details"))
            says = says or a_text(issue.get("code"))
            found.append(Unread(label, f"the sender reports: {says[:200]}"))
    return found


def _subject(resource: Json) -> str:
    reference = resource.get("subject") or resource.get("patient")
    return reference_of(reference)


def _label(entry: Json, resource: Json, kind: str, number: int) -> str:
    if a_text(resource.get("id")):
        return f"{kind or 'Resource'}/{a_text(resource['id'])}"
    return a_text(entry.get("fullUrl")) or f"{kind or 'entry'} number {number + 1}"
