"""Pictures of exercises: the same for everybody, kept by any cache for a year, because their
address names the release. They say nothing of a patient: who asks for one is not told apart."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import public
from filiform.programme.figures import BUILDS, drawn_exercises, figure_release, moving, still

FOR_EVERYBODY = "public, max-age=31536000, immutable"


@public
@require_safe
def figure(
    request: HttpRequest, release: str, exercise: str, build: str, side: str, kind: str
) -> HttpResponse:
    """One picture. kind: still, turned (the start on the right) or moving."""
    if (
        # Not even with a newer picture: it would be kept for a year under the address of the old
        # one.
        release != figure_release()
        or exercise not in drawn_exercises()
        or build not in BUILDS
        or side not in ("left", "right")
        or kind not in ("still", "turned", "moving")
    ):
        raise Http404
    drawn = (
        moving(exercise, build, side)
        if kind == "moving"
        else still(exercise, build, side, turned=kind == "turned")
    )
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    answer["Cache-Control"] = FOR_EVERYBODY
    return answer
