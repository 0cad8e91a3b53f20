"""What the clinic's pages are compared with: a signed-in page with one query, and a machine.

The page goes through all the middleware and the guard, reads one row and renders 2 kB with
Django's templates: about the least that a page of this application can cost. It moves with the
middleware; so beside it a fixed piece of plain Python, which moves with the machine alone.
"""

from __future__ import annotations

import json
import time

from django.http import HttpRequest, HttpResponse
from django.template import engines

from filiform.clinic.access.guards import staff
from filiform.clinic.patients.models import Patient

PAGE = """<!doctype html><title>{{ patient.file_number }}</title><h1>{{ patient.name }}</h1>
<table>{% for number in numbers %}<tr><td>{{ number }}<td>{{ patient.sex }}</tr>
{% endfor %}</table>"""
ROWS = 60


@staff("see-patients")
def page(request: HttpRequest) -> HttpResponse:
    newest = Patient.objects.filter(organisation=request.user.organisation_id)
    patient = newest.order_by("-registered_at").first()
    template = engines["django"].from_string(PAGE) if page.template is None else page.template
    page.template = template
    return HttpResponse(template.render({"patient": patient, "numbers": range(ROWS)}, request))


page.template = None


def machine_ms() -> float:
    """How long this machine takes for a fixed piece of plain Python, in milliseconds."""
    started = time.perf_counter()
    rows = [{"number": number, "text": str(number) * 3} for number in range(400)]
    for row in json.loads(json.dumps(rows)):
        sorted(row.items())
    return 1000 * (time.perf_counter() - started)
