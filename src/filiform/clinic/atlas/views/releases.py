"""What differs between two releases of the atlas."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filiform.anatomy import history
from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.atlas.vocabulary import TABLES


@staff("sign-in")
@require_safe
def releases(request: StaffRequest) -> HttpResponse:
    """?before= and ?after= versions; without them the last two. An unknown one is not compared."""
    now = history.current()
    versions = history.kept_versions()
    older = [version for version in versions if version != now.version]
    before = request.GET.get("before") or (older[-1] if older else now.version)
    after = request.GET.get("after") or now.version
    # Told with a status of its own: an empty comparison would read as "nothing changed".
    unknown = [version for version in (before, after) if version not in versions]
    changes = () if unknown else history.differences(history.kept(before), history.kept(after))
    grouped = [
        (name, [change for change in changes if change.table == table])
        for table, name in TABLES.items()
    ]
    return render(
        request,
        "atlas/releases.html",
        {
            "versions": versions,
            "before": before,
            "after": after,
            "unknown": unknown,
            "groups": [(name, some) for name, some in grouped if some],
            "count": len(changes),
            "release": now.stamp,
        },
        status=404 if unknown else 200,
    )
