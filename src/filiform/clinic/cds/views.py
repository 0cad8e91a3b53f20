"""The HTTP side of CDS Hooks: discovery, the services, feedback. Nothing of a patient is logged."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from filiform.clinic.access.guards import View, public
from filiform.clinic.cds import actions, fetching, trust
from filiform.exchange.cds import (
    SERVICES,
    CdsRefusal,
    HookRequest,
    Service,
    discovery,
    read_feedback,
    read_request,
    respond,
)
from filiform.exchange.fhir.bundle import LARGEST_BYTES


def _refused(status: int, message: str) -> JsonResponse:
    return JsonResponse({"status": status, "message": message}, status=status)


def endpoint(method: str) -> Callable[[View], View]:
    """CORS, the one method, and refusals as JSON. No cookie is read, so none can be misused."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = _answered(view, method, request, *args, **kwargs)
            _cors(request, response, method)
            response["Cache-Control"] = "no-store"
            return response

        return public(answer)

    return decorate


def _answered(view: View, method: str, request: HttpRequest, *args: Any, **kw: Any) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method != method:
        response = _refused(405, f"{request.method} is not answered here; {method} is")
        response["Allow"] = f"{method}, OPTIONS"
        return response
    try:
        return view(request, *args, **kw)
    except CdsRefusal as refusal:
        return _refused(refusal.status, refusal.message)
    except trust.Untrusted as error:
        response = _refused(401, str(error))
        response["WWW-Authenticate"] = 'Bearer realm="cds-services"'
        return response


def _cors(request: HttpRequest, response: HttpResponse, method: str) -> None:
    origin = request.headers.get("Origin")
    allowed = settings.CDS_ORIGINS
    response["Vary"] = "Origin, Accept-Language"
    if not origin or not ("*" in allowed or origin in allowed):
        return
    response["Access-Control-Allow-Origin"] = "*" if "*" in allowed else origin
    response["Access-Control-Allow-Methods"] = f"{method}, OPTIONS"
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Accept-Language"
    response["Access-Control-Max-Age"] = "3600"


@endpoint("GET")
def services(request: HttpRequest) -> HttpResponse:
    """The discovery document."""
    return JsonResponse(discovery())


@endpoint("POST")
def service(request: HttpRequest, service_id: str) -> HttpResponse:
    """One call of a hook, answered with cards."""
    offered = _offered(service_id)
    client = trust.caller(request, request.build_absolute_uri(request.path))
    asked = read_request(_body(request), offered)
    found = respond(
        asked,
        _fetched(asked),
        on=timezone.localdate(),
        new_uuid=uuid.uuid4,
        language=get_language() or "en",
    )
    if found.screening is not None:
        release = found.screening.release
        actions.keep_cards(cards=found.cards, service=offered.id, release=release, client=client)
    return JsonResponse(found.as_json())


@endpoint("POST")
def feedback(request: HttpRequest, service_id: str) -> HttpResponse:
    """What became of cards."""
    offered = _offered(service_id)
    client = trust.caller(request, request.build_absolute_uri(request.path))
    items = read_feedback(_body(request))
    unknown = actions.keep_feedback(feedback=items, service=offered.id, client=client)
    if unknown:
        places = ", ".join(f"feedback[{place}]" for place in unknown[:10])
        raise CdsRefusal(422, f"{places}: no card of this service has that uuid")
    return JsonResponse({})


def _offered(service_id: str) -> Service:
    found = SERVICES.get(service_id)
    if found is None:
        offered = ", ".join(SERVICES)
        raise CdsRefusal(404, f"there is no such service; there are {offered}")
    return found


def _body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BYTES:
        raise CdsRefusal(413, f"the body is too large; allowed are {LARGEST_BYTES // 1_000_000} MB")
    return request.body


def _fetched(asked: HookRequest) -> dict[str, Any]:
    """What was not sent along, from the record's own server when we were given its key."""
    if not asked.missing or asked.fhir_server is None or asked.authorization is None:
        return {}
    return fetching.fetch_all(asked.fhir_server, asked.authorization.access_token, asked.missing)
