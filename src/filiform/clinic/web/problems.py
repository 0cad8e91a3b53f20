"""The page that says what went wrong and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse


def problem_page(request: HttpRequest, status: int) -> HttpResponse:
    """With the clinic's menu for whoever is signed in."""
    # Before the middleware that knows whose request it is, it has no user.
    user = getattr(request, "user", None)
    # A defect of ours may lie in what the menu asks for: that page asks for nothing.
    is_staff = status < 500 and user is not None and user.is_authenticated
    name = "problem_for_staff" if is_staff else "problem"
    # Whoever changes the language here goes home: the address may hold what was entered, and no
    # error page repeats that.
    context = {"status": status, "only_path": reverse("frontdoor:home")}
    return render(request, f"filiform/{name}.html", context, status=status)
