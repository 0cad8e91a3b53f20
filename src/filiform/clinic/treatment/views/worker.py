"""The service worker of the treatment page, at an address that may speak for /visits/."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import public


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """A worker speaks for the folder it lies in, and scripts lie under /static/. So this one names
    the script, whose name changes with its content: browsers then take the new one."""
    script = f"importScripts({json.dumps(static('filiform/treatment/worker.js'))});\n"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
