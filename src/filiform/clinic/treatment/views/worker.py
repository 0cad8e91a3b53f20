"""The service worker of the treatment page, at an address that may speak for /visits/; and the key
under which it keeps pages on the tablet."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, public, staff
from filiform.clinic.staff.models import Member

TABLET_KEY = "tablet-key"
"""Key of the session: what the key of this tablet is made from"""


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """A worker speaks for the folder it lies in, and scripts lie under /static/. So this one names
    the script, whose name changes with its content: browsers then take the new one."""
    scripts = [static(f"filiform/treatment/{name}.js") for name in ("sealing", "worker")]
    script = f"importScripts({json.dumps(scripts)[1:-1]});\n"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    # A worker that is kept would keep its old scripts, and with them every fault of theirs.
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@never_cache
@staff("record-clinical")
def tablet_key(request: StaffRequest) -> HttpResponse:
    """32 bytes for AES-GCM: the key of this member on this tablet, as long as the session lasts.

    It is made from a random number in the session and the server's secret: neither the database
    (or a copy of it) nor the secret alone opens what lies on a tablet, and when the session ends,
    nobody can make the key again. ?acts=MEMBER asks for the keys of that member's waiting acts.
    """
    if "acts" in request.GET:
        return _keys_of_acts(request)
    seed = request.session.get(TABLET_KEY)
    if seed is None:
        seed = request.session[TABLET_KEY] = secrets.token_hex(32)
    key = salted_hmac("filiform.tablet-key", f"{request.user.pk}:{seed}", algorithm="sha256")
    return JsonResponse({"member": str(request.user.pk), "key": b64encode(key.digest()).decode()})


def _keys_of_acts(request: StaffRequest) -> JsonResponse:
    """The keys under which acts wait sealed on a tablet: one for each secret of the server, today's
    first.

    They outlive the session: a needle that was tapped in it is in the patient. A colleague of the
    same clinic gets them, too, since somebody has to be able to record what its tapper can't send
    any more (their account ended); the record then names both.
    """
    try:
        asked = UUID(request.GET["acts"])
    except ValueError as error:
        raise Http404 from error
    of = Member.objects.filter(pk=asked, organisation=request.user.organisation_id).first()
    if of is None:
        raise Http404
    # Acts that were sealed before the secret was changed still have to be opened.
    secrets_known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = [
        salted_hmac("filiform.acts-key", str(of.pk), secret=secret, algorithm="sha256").digest()
        for secret in secrets_known
    ]
    return JsonResponse({"member": str(of.pk), "keys": [b64encode(key).decode() for key in keys]})
