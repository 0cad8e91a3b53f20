"""The clinic that is killed: made before, signed after, each as a program of its own.

python -m tests.soak.clinic fill 25    prints what the tablets need, as JSON
python -m tests.soak.clinic sign       takes out what is in, counts, signs; prints how many
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from typing import Any

import django


def fill(number: int) -> dict[str, Any]:
    """Treatments that have just begun, all of one practitioner, who is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from tests.clinic.conftest import make_practitioner
    from tests.clinic.treatment.treatment_steps import make_ready

    from filiform.clinic.pathway import actions as pathway
    from filiform.clinic.patients import actions as patients
    from filiform.clinic.staff import actions as staff
    from filiform.clinic.visits import actions as visits

    today = timezone.localdate()
    clinic = staff.found_organisation(name="Dark clinic")
    site = staff.open_site(organisation=clinic, name="Here", address="Here", phone="+923352855522")
    alice = make_practitioner(clinic, "alice", today=today)
    treatments = []
    for _ in range(number):
        patient = patients.register(
            by=alice, given_name="Amna", sex="female", birth_date=date(1984, 3, 9)
        )
        visit = visits.book(
            by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
        )
        (target,) = make_ready(visit, alice, today, muscles=(("gluteus-medius", "left"),))
        pathway.start(by=alice, visit=visit, on=today)
        treatments.append({"visit": str(visit.pk), "target": str(target.pk)})
    session = SessionStore()
    session[SESSION_KEY] = str(alice.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = alice.get_session_auth_hash()
    session.create()
    return {"treatments": treatments, "session": session.session_key}


def sign() -> dict[str, int]:
    """Every treatment with a needle, one seal each."""
    from filiform.clinic.demo import pathway
    from filiform.clinic.treatment.models import Treatment
    from filiform.clinic.treatment.queries import course

    signed = 0
    for treatment in Treatment.objects.filter(seal__isnull=True).order_by("pk"):
        by = treatment.practitioner
        known = course(treatment)
        if not known.needles:
            continue
        inside = [needle.act for needle in known.needles_in]
        pathway.take_out(by=by, treatment=treatment, placed=inside)
        pathway.count_and_ask(by=by, treatment=treatment, needles=len(known.needles), pain=3)
        pathway.sign(by=by, treatment=treatment)
        signed += 1
    return {"signed": signed}


if __name__ == "__main__":
    # As every `filiform` does: `filiform check` looks at who may read the files.
    os.umask(0o077)
    django.setup()
    print(json.dumps(fill(int(sys.argv[2])) if sys.argv[1] == "fill" else sign()))
