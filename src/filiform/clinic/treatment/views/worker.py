"""The service worker of the treatment page, at an address that may speak for /visits/; and the key
under which it keeps pages on the tablet."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, public, staff

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
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@never_cache
@staff("record-clinical")
def tablet_key(request: StaffRequest) -> HttpResponse:
    """32 bytes for AES-GCM: the key of this member on this tablet, as long as the session lasts.

    It is made from a random number in the session and the server's secret: neither the database
    (or a copy of it) nor the secret alone opens what lies on a tablet, and when the session ends,
    nobody can make the key again.
    """
    seed = request.session.get(TABLET_KEY)
    if seed is None:
        seed = request.session[TABLET_KEY] = secrets.token_hex(32)
    key = salted_hmac("filiform.tablet-key", f"{request.user.pk}:{seed}", algorithm="sha256")
    return JsonResponse({"member": str(request.user.pk), "key": b64encode(key.digest()).decode()})
