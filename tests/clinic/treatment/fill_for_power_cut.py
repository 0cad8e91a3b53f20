"""Migrates an empty data folder and fills it with a treatment under way, through the actions.

Run as a program by test_power_cut.py; prints one JSON object with what a tablet needs.
"""

from __future__ import annotations

import json
import uuid
from datetime import date

import django


def fill() -> dict[str, object]:
    django.setup()
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
    from filiform.clinic.treatment import actions
    from filiform.clinic.visits import actions as visits

    today = timezone.localdate()
    clinic = staff.found_organisation(name="Dark clinic")
    site = staff.open_site(organisation=clinic, name="Here", address="Here", phone="+923352855522")
    alice = make_practitioner(clinic, "alice", today=today)
    patient = patients.register(
        by=alice, given_name="Amna", sex="female", birth_date=date(1984, 3, 9)
    )
    visit = visits.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    (target,) = make_ready(visit, alice, today, muscles=(("gluteus-medius", "left"),))
    treatment = pathway.start(by=alice, visit=visit, on=today)
    needles = []
    for _tablet in range(4):
        needle = actions.record_act(
            by=alice,
            treatment=treatment,
            act_id=uuid.uuid4(),
            kind="insertion",
            at=timezone.now(),
            target=target,
        )
        needles.append(str(needle.pk))
    session = SessionStore()
    session[SESSION_KEY] = str(alice.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = alice.get_session_auth_hash()
    session.create()
    return {"visit": str(visit.pk), "needles": needles, "session": session.session_key}


if __name__ == "__main__":
    print(json.dumps(fill()))
