"""Patient: who the record is about."""

from __future__ import annotations

from typing import get_args

from filiform.disclosure import Sex
from filiform.exchange.fhir.elements import Json, a_text, an_object, first_day, objects, text_of
from filiform.exchange.fhir.errors import BundleError, ResourceError
from filiform.exchange.fhir.index import Index, reference_of
from filiform.exchange.fhir.model import BirthDateKnown, Identifier, ReadPatient, Unread, not_read
from filiform.letters import as_read


def read_patient(resource: Json) -> tuple[ReadPatient, list[Unread]]:
    """The patient, and what of the resource was unreadable."""
    unread: list[Unread] = []
    label = f"Patient/{a_text(resource.get('id'))}".rstrip("/")
    try:
        birth_date = first_day(resource.get("birthDate"), "birthDate")
    except ResourceError as error:
        birth_date = None
        unread.append(not_read(label, error.notice))
    died = None
    try:
        died = first_day(resource.get("deceasedDateTime"), "deceasedDateTime")
    except ResourceError as error:
        unread.append(not_read(label, error.notice))
    # The official one first; a maiden name or a nickname may stand before it.
    names = sorted(objects(resource.get("name")), key=lambda name: name.get("use") != "official")
    shown = tuple(text for name in names if (text := _name(name)))
    telecom = objects(resource.get("telecom"))
    return (
        ReadPatient(
            id=a_text(resource.get("id")),
            name=shown[0] if shown else "",
            names=shown,
            given=_given(names[0]) if names else "",
            family=a_text(names[0].get("family")) if names else "",
            sex=_sex(resource.get("gender")),
            birth_date=birth_date,
            birth_date_known=_known(a_text(resource.get("birthDate"))),
            # Some senders write truths as words; a death must not be overlooked for that.
            deceased=resource.get("deceasedBoolean") in (True, "true")
            or "deceasedDateTime" in resource,
            deceased_on=died,
            identifiers=_identifiers(resource),
            phones=_contacts(telecom, ("phone", "sms", "")),
            emails=_contacts(telecom, ("email",)),
            language=_language(resource),
            address=_address(resource),
        ),
        unread,
    )


def _known(stated: str) -> BirthDateKnown:
    """How much of the date is there: "1951", "1951-04" or the whole."""
    return "year" if len(stated) == len("1951") else "month" if len(stated) == 7 else "day"


def _sex(gender: object) -> Sex:
    found = a_text(gender).lower()
    return found if found in get_args(Sex) else "unknown"  # type: ignore[return-value]


def _given(name: Json) -> str:
    given = name.get("given")
    parts = given if isinstance(given, list) else [given]
    return " ".join(a_text(part) for part in parts if a_text(part))


def _name(name: Json) -> str:
    return as_read(
        a_text(name.get("text")) or f"{_given(name)} {a_text(name.get('family'))}"
    ).strip()


def _identifiers(resource: Json) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(a_text(one.get("system")), a_text(one.get("value")), text_of(one.get("type")))
        for one in objects(resource.get("identifier"))
        if a_text(one.get("value"))
    )


def _contacts(telecom: list[Json], systems: tuple[str, ...]) -> tuple[str, ...]:
    found = [a_text(one.get("value")) for one in telecom if a_text(one.get("system")) in systems]
    return tuple(dict.fromkeys(value for value in found if value))


def _language(resource: Json) -> str:
    spoken = objects(resource.get("communication"))
    spoken.sort(key=lambda one: one.get("preferred") is not True)
    for one in spoken:
        for coding in objects(an_object(one.get("language")).get("coding")):
            if a_text(coding.get("code")):
                return a_text(coding.get("code"))
    return ""


def _address(resource: Json) -> str:
    for one in objects(resource.get("address")):
        if a_text(one.get("text")):
            return a_text(one.get("text"))
        lines = one.get("line")
        parts: list[object] = list(lines) if isinstance(lines, list) else [lines]
        parts += [one.get(key) for key in ("city", "district", "state", "postalCode", "country")]
        text = ", ".join(a_text(part) for part in parts if a_text(part))
        if text:
            return text
    return ""


def choose_patient(entries: list[Json], index: Index) -> Json | None:
    """The Patient that the Bundle is about; None when it holds none.

    Raises BundleError naming the choice when several are there and no Composition decides.
    """
    resources = [an_object(entry.get("resource")) for entry in entries]
    patients = [one for one in resources if one.get("resourceType") == "Patient"]
    # Copies of one patient, as batches bring them, are no choice between two.
    distinct = {a_text(one.get("id")): one for one in patients if a_text(one.get("id"))}
    nameless = sum(1 for one in patients if not a_text(one.get("id")))
    if len(distinct) + nameless <= 1:
        return patients[0] if patients else None
    for one in resources:
        if one.get("resourceType") == "Composition":
            subject = index.find(one.get("subject"), one)
            if subject is not None and subject.get("resourceType") == "Patient":
                return subject
            named = reference_of(one.get("subject"))
            raise BundleError("subject-not-there", named=repr(named))
    choice = ", ".join(sorted(f"Patient/{one}" for one in distinct)[:5]) or "none has an id"
    raise BundleError("several-patients", count=len(patients), choice=choice)
