"""Somebody wrote into a closed file: said in words, with the file to go on with."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from filiform.clinic.patients.files import FileClosed


class ClosedFileMiddleware:
    """One answer for every page and act; nothing was written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FileClosed):
            return None
        context = {"merge": exception.merge, "reasons": exception.reasons}
        return render(request, "patients/file_closed.html", context, status=409)
