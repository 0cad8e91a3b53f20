"""A call of a hook: read strictly, so that what is wrong with it is said."""

from __future__ import annotations

import uuid
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from filiform.exchange.cds.refusal import CdsRefusal
from filiform.exchange.cds.services import PREFETCH, Service
from filiform.exchange.fhir.elements import Json


class Authorization(msgspec.Struct, frozen=True):
    """A bearer token for the record's own server, for this call only."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    subject: str


class _Call(msgspec.Struct, frozen=True):
    hook: str
    hookInstance: str  # noqa: N815 - the name in the specification
    context: Json
    fhirServer: str | None = None  # noqa: N815
    fhirAuthorization: Authorization | None = None  # noqa: N815
    prefetch: dict[str, Json | None] = msgspec.field(default_factory=dict)


class HookRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One call, checked. prefetch: only the keys that were asked for; None means "no data"."""

    service: Service
    patient_id: str
    context: Json
    fhir_server: str | None
    authorization: Authorization | None
    prefetch: dict[str, Json | None]

    @property
    def missing(self) -> dict[str, str]:
        """The keys that the caller did not satisfy, each with the address to fetch from."""
        return {
            key: template.replace("{{context.patientId}}", self.patient_id)
            for key, template in PREFETCH.items()
            if key not in self.prefetch
        }


def read_request(raw: bytes, service: Service) -> HookRequest:
    """Read the body of a call to a service. Raises CdsRefusal (400 or 422)."""
    call = _decoded(raw, _Call)
    if call.hook != service.hook:
        raise CdsRefusal(
            400, f"hook is {call.hook[:60]!r}; this service answers {service.hook!r} only"
        )
    try:
        uuid.UUID(call.hookInstance)
    except ValueError:
        raise CdsRefusal(
            400, "hookInstance is no UUID; a new UUID for each call is needed"
        ) from None
    if call.fhirAuthorization is not None and not call.fhirServer:
        raise CdsRefusal(400, "fhirAuthorization is given without fhirServer; send both or neither")
    patient_id = _patient_id(call.context, service)
    found = HookRequest(
        service=service,
        patient_id=patient_id,
        context=call.context,
        fhir_server=_address(call.fhirServer),
        authorization=call.fhirAuthorization,
        # Patients' data that nobody asked for is not looked at.
        prefetch={key: value for key, value in call.prefetch.items() if key in PREFETCH},
    )
    _check_prefetch(found)
    return found


def _decoded(raw: bytes, shape: type[Any]) -> Any:
    if not raw.strip():
        raise CdsRefusal(400, "the body is empty; a CDS Hooks call in JSON is needed")
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        raise CdsRefusal(400, f"the call is incomplete: {_one_line(error)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CdsRefusal(400, f"the body is not JSON: {_one_line(error)}") from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _patient_id(context: Json, service: Service) -> str:
    for name in ("userId", "patientId"):
        if not isinstance(context.get(name), str) or not context[name].strip():
            raise CdsRefusal(400, f"context.{name} is missing; {service.hook} needs it")
    # The specification wants the bare id; some records send the reference.
    patient_id: str = context["patientId"].strip().removeprefix("Patient/")
    # FHIR's own rule for ids; and the id goes into addresses that we fetch.
    if len(patient_id) > 64 or not all(
        c.isascii() and (c.isalnum() or c in "-.") for c in patient_id
    ):
        raise CdsRefusal(
            400, "context.patientId is no FHIR id (letters, digits, - and ., up to 64)"
        )
    if service.hook != "patient-view":
        orders = context.get("draftOrders")
        if not isinstance(orders, dict) or orders.get("resourceType") != "Bundle":
            raise CdsRefusal(400, "context.draftOrders is no Bundle; the draft orders are needed")
    if service.hook == "order-select" and not isinstance(context.get("selections"), list):
        raise CdsRefusal(400, "context.selections is no list; the ids of the new orders are needed")
    return patient_id


def _address(server: str | None) -> str | None:
    if not server:
        return None
    parts = urlsplit(server)
    # A query or fragment would swallow the path that is put behind it.
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise CdsRefusal(400, "fhirServer is no address of a server (https://host/path)")
    return server.rstrip("/")


def _check_prefetch(request: HookRequest) -> None:
    for key, value in request.prefetch.items():
        if value is None:
            continue
        kind = value.get("resourceType")
        wanted = "Patient" if key == "patient" else "Bundle"
        if kind == "OperationOutcome":
            raise CdsRefusal(
                422, f"prefetch.{key} holds an error; leave out a key that could not be satisfied"
            )
        if kind != wanted:
            raise CdsRefusal(
                422, f"prefetch.{key} is no {wanted}; {PREFETCH[key].split('&')[0]} is"
            )
    patient = request.prefetch.get("patient")
    # The wrong patient's record answered for this one is the gravest error of all.
    if patient is not None and patient.get("id") not in (None, request.patient_id):
        raise CdsRefusal(422, "prefetch.patient is not the patient of context.patientId")
