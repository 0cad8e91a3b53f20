"""Problems, allergies, procedures, devices and relatives of a clinical document."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from filiform.exchange.cda.concepts import Texts, codes_of, concept, named_or_told
from filiform.exchange.cda.tree import time_at, words_in
from filiform.exchange.fhir.elements import Json

_ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_ANY_PROBLEM = {"55607006", "64572001", "404684003", "282291009"}
_ANY_ALLERGY = {"419199007", "420134006", "418038007", "106190000", "609328004"}
_ANY_DRUG_ALLERGY = {"416098002", "419511003", "59037007"}
_ANY_FOOD_ALLERGY = {"414285001", "418471000", "235719002"}
_ANY_PROCEDURE = {"71388002"}
_ANY_DEVICE = {"40388003", "49062001"}
_OVER = {"413322009": "resolved", "73425007": "inactive", "277022003": "remission",
         "55561003": "active", "246455001": "recurrence", "263855007": "relapse",
         "resolved": "resolved", "inactive": "inactive", "active": "active"}  # fmt: skip
"""Codes of the status observation (33999-4) and FHIR's own, by SNOMED CT."""


def none_of(code: str) -> Json:
    """The statement that there is nothing of a kind, as the patient summary (IPS) has it."""
    return {"coding": [{"system": _ABSENT, "code": code, "display": code.replace("-", " ")}]}


def condition(node: Element, texts: Texts, *, concern: str, negated: bool) -> Iterator[Json]:
    """A problem. Negated and about any problem at all: there are none."""
    value = node.find("value")
    code = named_or_told(node, _specific(concept(value, texts)), texts)
    if negated and codes_of(value) & _ANY_PROBLEM:
        yield {"resourceType": "Condition", "code": none_of("no-known-problems")}
        return
    yield {
        "resourceType": "Condition",
        "code": code,
        **_standing(node, concern),
        **({"verificationStatus": _code("refuted")} if negated else _doubt(node)),
        **_bodysite(node, texts),
    }


def _specific(code: Json) -> Json:
    """A concept without "a problem": some systems say what problem in a translation only."""
    kept = [one for one in code.get("coding", ()) if one["code"] not in _ANY_PROBLEM]
    others = {key: value for key, value in code.items() if key != "coding"}
    return others | ({"coding": kept} if kept else {})


def _doubt(node: Element) -> Json:
    certainty = node.find("uncertaintyCode")
    return (
        {"verificationStatus": _code("provisional")}
        if certainty is not None and certainty.get("code") == "U"
        else {}
    )


def _code(code: str) -> Json:
    return {"coding": [{"code": code}]}


def _standing(node: Element, concern: str) -> Json:
    """Onset, end and clinical status.

    The status observation speaks first. A `high` without a day means "over, nobody knows since
    when", but many systems write it for what lasts: it counts only where the concern is closed.
    A closed concern alone closes nothing.
    """
    found: Json = {}
    low, high = time_at(node, "effectiveTime/low"), time_at(node, "effectiveTime/high")
    onset = low or time_at(node, "effectiveTime")
    if onset:
        found["onsetDateTime"] = onset
    if high:
        found["abatementDateTime"] = high
    said = _status_said(node)
    closed = concern in ("completed", "aborted")
    if said:
        found["clinicalStatus"] = _code(said)
    elif not high and closed and node.find("effectiveTime/high") is not None:
        found["clinicalStatus"] = _code("resolved")
    # Closed, and without any end: unknown, which is asked about, rather than over.
    elif not high and closed:
        found["clinicalStatus"] = _code("unknown")
    if concern == "nullified" or _own_status(node) == "nullified":
        found["verificationStatus"] = _code("entered-in-error")
    return found


def _status_said(node: Element) -> str:
    for one in node.iterfind("entryRelationship/observation"):
        if codes_of(one.find("code")) & {"33999-4", "11323-3"}:
            for code in codes_of(one.find("value")):
                if code.lower() in _OVER:
                    return _OVER[code.lower()]
    return ""


def _own_status(node: Element) -> str:
    found = node.find("statusCode")
    return found.get("code", "") if found is not None else ""


def _bodysite(node: Element, texts: Texts) -> Json:
    """The site, and its side where a qualifier (laterality) states one."""
    found = []
    for site in (*node.iterfind("targetSiteCode"), *node.iterfind("value/qualifier/value")):
        found.append(concept(site, texts))
        found += [concept(one, texts) for one in site.iterfind("qualifier/value")]
    return {"bodySite": [one for one in found if one]} if any(found) else {}


def allergy(node: Element, texts: Texts, *, concern: str, negated: bool) -> Iterator[Json]:
    """An allergy: its substance, or the value where the value names one ("latex allergy")."""
    value = node.find("value")
    playing = node.find("participant/participantRole/playingEntity")
    code = _substance_of(playing, texts)
    if negated and not code:
        code = none_of(_none_of_allergies(codes_of(value)))
        yield {"resourceType": "AllergyIntolerance", "code": code}
        return
    whole: Json = {"resourceType": "AllergyIntolerance", "code": code or concept(value, texts)}
    if code and (more := concept(value, texts).get("coding")):
        # The value may be the finer of both ("allergy to latex" beside "rubber").
        whole["code"] = {**code, "coding": [*code.get("coding", ()), *more]}
        whole["code"].setdefault("text", _name(code))
    yield (
        whole
        | _standing(node, concern)
        | ({"verificationStatus": _code("refuted")} if negated else {})
    )


def _name(code: Json) -> str:
    """The substance's name, which the name of the kind of allergy must not take the place of."""
    codings = code.get("coding") or [{}]
    return str(code.get("text") or codings[0].get("display") or codings[0].get("code", ""))


def _substance_of(playing: Element | None, texts: Texts) -> Json:
    if playing is None:
        return {}
    code = concept(playing.find("code"), texts)
    name = words_in(playing.find("name"))
    return code or ({"text": name} if name else {})


def _none_of_allergies(codes: set[str]) -> str:
    """No drug allergy leaves latex and metal open."""
    if codes & _ANY_DRUG_ALLERGY:
        return "no-known-medication-allergies"
    if codes & _ANY_FOOD_ALLERGY:
        return "no-known-food-allergies"
    # Without a value it is the negation of the whole entry.
    if codes & _ANY_ALLERGY or not codes:
        return "no-known-allergies"
    return "no-known-medication-allergies"


_DONE = {"completed": "completed", "active": "in-progress", "aborted": "stopped",
         "cancelled": "not-done", "held": "on-hold", "suspended": "on-hold",
         "nullified": "entered-in-error", "new": "preparation"}  # fmt: skip


def procedure(node: Element, texts: Texts, *, negated: bool) -> Iterator[Json]:
    """What was done, is planned (mood) or was not done (negated), and the devices in it."""
    own = node.find("code")
    code = concept(own, texts)
    implants = [*devices(node, texts, negated=negated)]
    yield from implants
    if negated and codes_of(own) & _ANY_PROCEDURE:
        if not implants:
            yield {"resourceType": "Procedure", "code": none_of("no-known-procedures")}
        return
    code = named_or_told(node, code, texts) if code or not implants else {}
    if not code and implants:
        return
    status = _DONE.get(_own_status(node), "completed")
    if node.get("moodCode", "EVN") != "EVN" and status != "entered-in-error":
        # Any other mood is an order, an intent or a proposal: not done.
        status = "preparation"
    yield {
        "resourceType": "Procedure",
        "status": "not-done" if negated else status,
        "code": code,
        **_performed(node),
        **_bodysite(node, texts),
    }


def _performed(node: Element) -> Json:
    low, high = time_at(node, "effectiveTime/low"), time_at(node, "effectiveTime/high")
    if low or high:
        return {"performedPeriod": {k: v for k, v in (("start", low), ("end", high)) if v}}
    single = time_at(node, "effectiveTime")
    return {"performedDateTime": single} if single else {}


def devices(node: Element, texts: Texts, *, negated: bool) -> Iterator[Json]:
    """The devices that took part in an act, or were supplied."""
    # What was called off never went in; what is no longer in the body is told by its removal.
    never = negated or _own_status(node) in ("aborted", "cancelled")
    planned = node.get("moodCode", "EVN") not in ("EVN", "")
    for one in node.iterfind("participant"):
        playing = one.find("participantRole/playingDevice")
        if playing is None:
            continue
        codes = codes_of(playing.find("code"))
        if negated and (codes & _ANY_DEVICE or not codes):
            yield {"resourceType": "Device", "type": none_of("no-known-devices")}
            continue
        code = concept(playing.find("code"), texts)
        name = words_in(playing.find("manufacturerModelName"))
        code = code or ({"text": name} if name else named_or_told(node, {}, texts))
        status = "entered-in-error" if _own_status(node) == "nullified" else "active"
        status = "not-done" if never else status
        yield {
            "resourceType": "DeviceUseStatement",
            "status": "intended" if planned and status == "active" else status,
            "device": {"concept": code},
            **_used(node),
            **_bodysite(node, texts),
        }


def _used(node: Element) -> Json:
    """Since when a device is in use; the end of the operation is not the end of its implant."""
    low = time_at(node, "effectiveTime/low") or time_at(node, "effectiveTime")
    return {"timingPeriod": {"start": low}} if low else {}


def relatives(node: Element, texts: Texts, relative: Json, *, negated: bool) -> Iterator[Json]:
    """A relative's condition; a negated one is no news of the patient's at all."""
    code = concept(node.find("value"), texts)
    if code and not negated:
        yield {"resourceType": "FamilyMemberHistory", "relationship": relative,
               "condition": [{"code": code}]}  # fmt: skip
