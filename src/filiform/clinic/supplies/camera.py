"""Pages that may ask for the camera. All others forbid it to themselves and to what they embed."""

from __future__ import annotations

from django.http import HttpResponse


def with_camera(response: HttpResponse) -> HttpResponse:
    """The browser still asks the person in front of it. The reader of codes is WebAssembly."""
    response._csp_update = {"script-src": ["'wasm-unsafe-eval'"]}  # type: ignore[attr-defined]  # django-csp
    response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), payment=()"
    return response
