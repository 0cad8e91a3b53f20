"""Which patches lie in which region, for the list of regions in the browser."""

from __future__ import annotations

import gzip
import itertools
import json
from functools import lru_cache

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import patchwork, surface
from filiform.anatomy.surface.flat import VIEWS
from filiform.anatomy.surface.picture import plain_picture
from filiform.clinic.access.guards import public


@public
@require_safe
def regions(request: HttpRequest, release: str) -> HttpResponse:
    """Everybody's; kept by any cache for a year, because the address names the release."""
    if release != surface().release:
        raise Http404
    zipped = document()
    answer = HttpResponse(gzip.decompress(zipped), content_type="application/json")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = zipped
        answer["Content-Encoding"] = "gzip"
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    # A cache must not give the packed one to whoever can't unpack it.
    answer["Vary"] = "Accept-Encoding"
    return answer


@public
@require_safe
def view(request: HttpRequest, release: str, name: str) -> HttpResponse:
    """A plain flat view as a picture of its own, to be tapped without script."""
    if release != surface().release or name not in VIEWS:
        raise Http404
    answer = HttpResponse(plain_picture(name), content_type="image/svg+xml")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def view_address(name: str) -> str:
    """Of `view`."""
    return reverse("body:view", args=[surface().release, name])


@lru_cache(maxsize=1)
def document() -> bytes:
    """For every region: its id, whether it has sides, its patches of the left half as runs
    [first, last], and their areas in mm2. Patch i + count / 2 is the mirror image of patch i."""
    work = patchwork()
    half = work.count // 2
    sided = {region.id: region.sided for region in atlas().regions.values()}
    rows = []
    for number, name in enumerate(work.regions):
        inside = np.flatnonzero(work.region_of[:half] == number)
        areas = [round(area * 100) for area in work.areas_cm2[inside].tolist()]
        rows.append([name, sided.get(name, True), _runs(inside.tolist()), areas])
    content = {"release": surface().release, "count": work.count, "regions": rows}
    return gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 9, mtime=0)


def _runs(numbers: list[int]) -> list[list[int]]:
    found = []
    # Numbers that follow each other differ from their place by the same amount.
    for _, some in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in some]
        found.append([run[0], run[-1]])
    return found
