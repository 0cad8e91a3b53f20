"""recordTarget: who the document is about."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from filiform.exchange.cda.tree import time_at, words_in
from filiform.exchange.fhir.elements import Json

_SEX = {"F": "female", "M": "male", "UN": "other"}


def patient(role: Element) -> Json:
    """patientRole → Patient."""
    person = role.find("patient")
    found: Json = {"resourceType": "Patient", "identifier": _identifiers(role)}
    found["address"] = [one for each in role.iterfind("addr") if (one := _address(each))]
    found["telecom"] = [one for each in role.iterfind("telecom") if (one := _contact(each))]
    if person is None:
        return found
    found["name"] = [_name(one) for one in person.iterfind("name")]
    gender = person.find("administrativeGenderCode")
    if gender is not None and gender.get("code"):
        found["gender"] = _SEX.get(gender.get("code", "").upper(), "unknown")
    born = time_at(person, "birthTime")
    if born:
        # A minute of birth is no part of a birth date.
        found["birthDate"] = born[:10]
    found |= _death(person)
    language = person.find("languageCommunication/languageCode")
    if language is not None and language.get("code"):
        found["communication"] = [{"language": {"coding": [{"code": language.get("code")}]}}]
    return found


def _death(person: Element) -> Json:
    when = time_at(person, "deceasedTime")
    if when:
        return {"deceasedDateTime": when}
    dead = person.find("deceasedInd")
    return {"deceasedBoolean": True} if dead is not None and dead.get("value") == "true" else {}


def _identifiers(role: Element) -> list[Json]:
    """Root and extension; a root alone is an identifier of itself (a UUID)."""
    return [
        {"system": f"urn:oid:{one.get('root')}", "value": one.get("extension") or one.get("root")}
        for one in role.iterfind("id")
        if one.get("root") and not one.get("nullFlavor")
    ]


def _name(name: Element) -> Json:
    given = [words_in(one) for one in name.iterfind("given") if words_in(one)]
    family = " ".join(words_in(one) for one in name.iterfind("family") if words_in(one))
    if not given and not family:
        return {"text": words_in(name)}
    found: Json = {"given": given, "family": family}
    if "L" in (name.get("use") or "").split():
        found["use"] = "official"
    return found


def _address(addr: Element) -> Json:
    parts = {
        "line": [words_in(one) for one in addr.iterfind("streetAddressLine") if words_in(one)],
        "city": words_in(addr.find("city")),
        "state": words_in(addr.find("state")),
        "postalCode": words_in(addr.find("postalCode")),
        "country": words_in(addr.find("country")),
    }
    return {key: value for key, value in parts.items() if value}


def _contact(telecom: Element) -> Json:
    stated = telecom.get("value") or ""
    scheme, _, value = stated.partition(":")
    kind = {"tel": "phone", "mailto": "email", "sms": "sms"}.get(scheme.lower())
    if kind is None:
        return {"system": "phone", "value": stated} if stated and "@" not in stated else {}
    return {"system": kind, "value": value}
