"""A FHIR Bundle of any kind → patient, facts, and an account of everything else.

Bundle ─▶ entries ─▶ the patient ─▶ one reader per kind of resource ─▶ facts
                                  └▶ left out (and why), unread (and why), ignored (how many)
"""

from __future__ import annotations

from collections import Counter

from filiform.disclosure import Statement
from filiform.exchange.fhir.composition import read_composition
from filiform.exchange.fhir.elements import Json, a_text, an_object, objects, text_of
from filiform.exchange.fhir.errors import BundleError, ResourceError, notice
from filiform.exchange.fhir.facts import READERS
from filiform.exchange.fhir.forms import bundle_in, one_line
from filiform.exchange.fhir.index import Index, named_by
from filiform.exchange.fhir.model import (
    LeftOut,
    ReadBundle,
    ReadPatient,
    Unread,
    WhyLeftOut,
    not_read,
)
from filiform.exchange.fhir.observation import read_observation
from filiform.exchange.fhir.patient import choose_patient, read_patient
from filiform.exchange.fhir.source import Source
from filiform.exchange.fhir.versions import newest_versions, version_of

LARGEST_BYTES = 20_000_000
"""What a caller from outside may send; a file of one's own may be larger."""
MOST_STATEMENTS = 20_000
"""Conditions, allergies, medicines, procedures and devices of one patient, at most. The fullest
sample has some hundred; years of intensive care with every dose given have some thousand. Design
value."""
DEEPEST = 3
"""Bundles within Bundles: a batch response holds searchsets, nothing goes deeper."""

_ABOUT_PATIENT = frozenset((*READERS, "Observation"))
_LOOKED_AT = _ABOUT_PATIENT | {"Composition", "OperationOutcome"}


def read_bundle(raw: bytes, *, largest_bytes: int = LARGEST_BYTES) -> ReadBundle:
    """Read a FHIR Bundle (JSON): document, searchset, transaction, batch or collection.

    Raises BundleError with a one-line message when the input cannot be used at all: not JSON,
    no Bundle, more than `largest_bytes`, or several patients without a word on which is meant.
    """
    # In whatever form it came; from here on there is one kind of Bundle only.
    bundle, notes = bundle_in(raw, largest_bytes)
    whole = _entries(bundle)
    # Before anything is built of it: an attacker's record must not cost minutes.
    _require_one_life(whole)
    # Before the index: a reference means the version that counts.
    entries, older = newest_versions(whole)
    index = Index(entries)
    chosen = choose_patient(entries, index)
    patient, unread = read_patient(chosen) if chosen is not None else (ReadPatient(), [])
    reading = _Reading(index, patient, chosen, entries)
    reading.unread += [*notes, *_further_pages(bundle)]
    reading.left_out += older
    for number, entry in enumerate(entries):
        reading.take(entry, number)
    reading.unread += [*_strangers(reading.strangers), *_nothing_in_it(reading, whole)]
    return ReadBundle(
        patient=patient,
        facts=tuple(reading.facts),
        left_out=tuple(reading.left_out),
        unread=(*unread, *reading.unread),
        ignored=dict(sorted(reading.ignored.items())),
        profile=_profile(bundle, entries),
        warnings=_warnings(patient, chosen),
        version=version_of(entries),
    )


def _require_one_life(entries: list[Json]) -> None:
    """Refuse at once what no patient's record is: a mistake, or an attack on the reader."""
    number = sum(
        1
        for entry in entries
        if isinstance(resource := entry.get("resource"), dict)
        and a_text(resource.get("resourceType")) in READERS
    )
    # Observations don't count: a monitor alone sends more, and most are passed over at once.
    if number > MOST_STATEMENTS:
        raise BundleError("too-many-statements", number=f"{number:,}", most=f"{MOST_STATEMENTS:,}")


def _warnings(patient: ReadPatient, chosen: Json | None) -> tuple[Unread, ...]:
    """What must be seen before anything is believed."""
    if not patient.deceased or chosen is None:
        return ()
    day = patient.deceased_on
    why = notice("dead-on", day=f"{day:%-d %b %Y}") if day else notice("dead")
    return (not_read(f"Patient/{patient.id}".rstrip("/"), why),)


def _strangers(counted: Counter[str]) -> list[Unread]:
    """Facts about somebody who is not in the Bundle: lost for this patient, or never theirs."""
    return [
        not_read(
            "Bundle",
            notice("stranger", who=who)
            if number == 1
            else notice("strangers", number=number, who=who),
        )
        for who, number in sorted(counted.items())
    ]


def _nothing_in_it(reading: _Reading, entries: list[Json]) -> list[Unread]:
    """An empty Bundle, or one of value sets, is no patient without findings."""
    # Silence would be shown as a patient who has nothing.
    if reading.chosen is not None or reading.facts or reading.unread or reading.left_out:
        return []
    if not entries:
        return [not_read("Bundle", notice("empty-bundle"))]
    held = ", ".join(f"{number} {kind}" for kind, number in sorted(reading.ignored.items()))
    return [not_read("Bundle", notice("nothing-about-patient", held=held))]


def _entries(bundle: Json, deep: int = 0) -> list[Json]:
    """All entries; those of a Bundle inside the Bundle stand in its place."""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise BundleError("entry-no-list", got=type(entries).__name__)
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
        # Synthea's invented patients are told apart from a hospital's.
        if resource.get("resourceType") == "Patient":
            systems = [a_text(one.get("system")) for one in objects(resource.get("identifier"))]
            if any("synthea" in system for system in systems):
                return f"synthea/{kind}"
    return kind


def _further_pages(bundle: Json) -> list[Unread]:
    """A searchset of several pages: only this one is here."""
    # The pages after this one may hold the contraindication, so the verdict can't be complete.
    if any(link.get("relation") == "next" for link in objects(bundle.get("link"))):
        return [not_read("Bundle", notice("one-page"))]
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
        self.strangers: Counter[str] = Counter()
        self._seen: dict[str, list[Json]] = {}
        self._own = self._addresses_of_patient(patient, entries)
        if chosen is None:
            self._require_one_subject(entries)

    def _addresses_of_patient(self, patient: ReadPatient, entries: list[Json]) -> set[str]:
        own = {f"Patient/{patient.id}"} if patient.id else set()
        for entry in entries:
            # By identity: two patients may be alike in every field that a test system fills.
            if entry.get("resource") is self.chosen:
                own.update(Index.addresses(entry))
        return own

    def _require_one_subject(self, entries: list[Json]) -> None:
        named = {
            _subject(resource)
            for entry in entries
            if a_text((resource := an_object(entry.get("resource"))).get("resourceType")) in READERS
        } - {""}
        if len(named) > 1:
            choice = ", ".join(sorted(named)[:5])
            raise BundleError("speaks-of-several", choice=choice)

    def take(self, entry: Json, number: int) -> None:
        resource = an_object(entry.get("resource"))
        kind = a_text(resource.get("resourceType"))
        if kind and kind not in _LOOKED_AT:
            self.ignored[kind] += 1  # most of a long record: looked at no further
            return
        label = _label(entry, resource, kind, number)
        if not resource:
            self._take_empty(entry, label)
            return
        if not kind:
            self.unread.append(not_read(label, notice("no-type")))
            return
        if kind == "OperationOutcome":
            self.unread += _complaints(resource, label)
        # A summary's text may hold what no entry does; it is read for that, and counted as ignored.
        if kind == "Composition" and self._is_about_patient(resource):
            self._read(resource, kind, label)
        if kind not in _ABOUT_PATIENT:
            self.ignored[kind] += 1
            return
        why = self._why_not(entry, resource, label)
        if why is None:
            self._read(resource, kind, label)
        else:
            self.left_out.append(LeftOut(label, text_of(resource.get("code")), why))

    def _why_not(self, entry: Json, resource: Json, label: str) -> WhyLeftOut | None:
        """Why a resource is not read as the patient's, None when it is."""
        request = entry.get("request")
        # A deletion that brings its last content along: that holds no more.
        if isinstance(request, dict) and a_text(request.get("method")).upper() == "DELETE":
            return "deleted"
        if not self._is_about_patient(resource):
            return "other-patient"
        return "duplicate" if self._is_duplicate(resource, label) else None

    def _take_empty(self, entry: Json, label: str) -> None:
        # An answer to a transaction may bear a status alone; nothing was lost with it.
        if entry.get("request") or entry.get("response"):
            self.ignored["entry without a resource"] += 1
        else:
            self.unread.append(not_read(label, notice("no-resource")))

    def _is_duplicate(self, resource: Json, label: str) -> bool:
        """Whether the very same resource has been read, whatever the order of its keys."""
        # Without an id two equal entries may be two events: the same graze, twice.
        if not a_text(resource.get("id")):
            return False
        before = self._seen.setdefault(label, [])
        if any(resource == one for one in before):
            return True
        before.append(resource)
        return False

    def _is_about_patient(self, resource: Json) -> bool:
        reference = resource.get("subject") or resource.get("patient")
        subject = named_by(reference)
        # Older servers leave the subject out within one patient's compartment.
        if not subject or self.chosen is None:
            return True
        if subject in self._own:
            return True
        found = self.index.find(reference, resource)
        if subject.startswith("#"):
            # A contained patient has no other name: it is taken for the one of this Bundle.
            return found is None or found.get("resourceType") == "Patient"
        if found is not None:
            # By id too: a document may carry the patient twice, and the copies need not be alike.
            return found is self.chosen or found.get("id") == self.chosen.get("id")
        if "?" in subject and "identifier=" not in subject:
            return True  # a search whose answer only the server knows, in a Bundle of one patient
        if "/".join(subject.split("/")[-2:]) in self._own or not self._own:
            return True
        if resource.get("resourceType") in _ABOUT_PATIENT:
            self.strangers[subject[:100]] += 1
        return False

    def _read(self, resource: Json, kind: str, label: str) -> None:
        source = Source(resource, label, self.index)
        try:
            if kind == "Observation":
                if not read_observation(source):
                    self.ignored["Observation without use here"] += 1
            else:
                (read_composition if kind == "Composition" else READERS[kind])(source)
        except ResourceError as error:
            source.gathered.unread.append(not_read(label, error.notice))
        # One resource of another make must not take the allergies of the rest with it.
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            why = notice("not-r4", error=one_line(error))
            source.gathered.unread.append(not_read(label, why))
        self.facts += source.gathered.facts
        self.left_out += source.gathered.left_out
        # Each sentence once: start and recorded may be one and the same unreadable date.
        self.unread += dict.fromkeys(source.gathered.unread)


def _complaints(outcome: Json, label: str) -> list[Unread]:
    """What the sending server says that it could not answer."""
    found = []
    for issue in objects(outcome.get("issue")):
        # "Information" has nothing to do with success, by FHIR's own words.
        if issue.get("severity") in ("fatal", "error", "warning"):
            says = a_text(issue.get("diagnostics")) or text_of(issue.get("details"))
            says = says or a_text(issue.get("code"))
            found.append(not_read(label, notice("sender-reports", says=says[:200])))
    return found


def _subject(resource: Json) -> str:
    return named_by(resource.get("subject") or resource.get("patient"))


def _label(entry: Json, resource: Json, kind: str, number: int) -> str:
    if a_text(resource.get("id")):
        return f"{kind or 'Resource'}/{a_text(resource['id'])}"
    return a_text(entry.get("fullUrl")) or f"{kind or 'entry'} number {number + 1}"
