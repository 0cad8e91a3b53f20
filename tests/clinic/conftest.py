"""Two clinics made through the same actions that the pages use.

Alice treats, Bob is at the front desk of the same clinic, Olga owns it, Charlie works elsewhere
and must see nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.utils import timezone
from tests.clinic.kept import Kept, keeping

from filiform.anatomy import PRIVILEGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Organisation, Site
    from filiform.clinic.visits.models import Visit

PASSWORD = "a long enough password"


@pytest.fixture
def unguarded(db) -> Iterator[None]:
    """Somebody with the database's own password, who takes the guards away first."""
    from filiform.clinic.facts.triggers import lay_guards

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET session_replication_role = replica")  # no trigger runs
    yield
    if connection.vendor == "sqlite":
        lay_guards()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def kept(db) -> Iterator[Kept]:
    """`kept(make, *given)`: what many tests begin with is made once and given again (kept.py)."""
    with keeping() as kept:
        yield kept


@pytest.fixture
def clinic(kept: Kept) -> Organisation:
    from filiform.clinic.staff import actions

    return kept(actions.found_organisation, name="MidCity clinic", file_prefix="MC")


def open_mall(clinic: Organisation) -> Site:
    from filiform.clinic.staff import actions

    return actions.open_site(
        organisation=clinic,
        name="MidCity Mall",
        address="MidCity Mall, Rehmanabad",
        phone="+923352855522",
        opening_hours={str(day): [["10:00", "20:00"]] for day in range(6)},
    )


@pytest.fixture
def site(clinic: Organisation, kept: Kept) -> Site:
    return kept(open_mall, clinic)


def make_practitioner(organisation: Organisation, username: str, *, today: date) -> Member:
    """A practitioner whose credentials are all in order."""
    from filiform.clinic.staff import actions

    member = actions.add_member(
        organisation=organisation,
        username=username,
        password=PASSWORD,
        pin="246810",
        name=username.capitalize(),
        roles=frozenset({"practitioner"}),
    )
    year = timedelta(days=365)
    actions.record_licence(
        member=member,
        by=member,
        body="Allied Health Council",
        number="L-1",
        expires_on=today + year,
    )
    actions.record_training(
        member=member,
        by=member,
        course="Dry needling, foundation and advanced",
        hours=80,
        completed_on=today - year,
        expires_on=today + year,
    )
    for region in PRIVILEGES:
        actions.grant_privilege(member=member, by=member, region=region, granted_on=today - year)
    return member


def make_helper(organisation: Organisation, username: str, role: str, pin: str = "") -> Member:
    from filiform.clinic.staff import actions

    return actions.add_member(
        organisation=organisation,
        username=username,
        password=PASSWORD,
        name=username.capitalize(),
        roles=frozenset({role}),
        **({"pin": pin} if pin else {}),
    )


@pytest.fixture
def alice(clinic: Organisation, site: Site, today: date, kept: Kept) -> Member:
    return kept(make_practitioner, clinic, "alice", today=today)


@pytest.fixture
def bob(clinic: Organisation, site: Site, kept: Kept) -> Member:
    return kept(make_helper, clinic, "bob", "front_desk", "135790")


@pytest.fixture
def olga(clinic: Organisation, site: Site, kept: Kept) -> Member:
    return kept(make_helper, clinic, "olga", "owner")


@pytest.fixture
def charlie(kept: Kept, today: date) -> Member:
    from filiform.clinic.staff import actions

    elsewhere = kept(actions.found_organisation, name="Another clinic", file_prefix="AC")
    return kept(make_practitioner, elsewhere, "charlie", today=today)


def register_amna(alice: Member) -> Patient:
    from filiform.clinic.patients import actions

    return actions.register(
        by=alice,
        given_name="Amna",
        family_name="Siddiqui",
        sex="female",
        birth_date=date(1984, 3, 9),
        phone="+923001234567",
        language="en",
    )


@pytest.fixture
def patient(alice: Member, kept: Kept) -> Patient:
    return kept(register_amna, alice)


def book_for_now(patient: Patient, alice: Member, site: Site) -> Visit:
    from filiform.clinic.visits import actions

    return actions.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )


@pytest.fixture
def visit(patient: Patient, alice: Member, site: Site, kept: Kept) -> Visit:
    return kept(book_for_now, patient, alice, site)


@pytest.fixture
def as_alice(client: Client, alice: Member) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client
