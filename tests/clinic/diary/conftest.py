"""A clinic with a diary: Alice works on all days, gives needling and talks; there are two rooms."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection

from filiform.clinic.diary.models import Room, Service, ServiceGiver, WorkingHours

KARACHI = ZoneInfo("Asia/Karachi")
LOGIN = "django.contrib.auth.backends.ModelBackend"


def next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


@pytest.fixture
def monday(today: date) -> date:
    return next_monday(today)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=KARACHI)


@pytest.fixture
def couches(site) -> list[Room]:
    return [
        Room.objects.create(
            organisation=site.organisation, site=site, name=f"Couch {n}", position=n
        )
        for n in (1, 2)
    ]


@pytest.fixture
def needling(clinic, alice, site) -> Service:
    service = Service.objects.create(
        organisation=clinic, name="Dry needling", name_ur="ڈرائی نیڈلنگ", minutes=40,
        price="2500.00", needs_needling=True, is_public=True,
    )  # fmt: skip
    gives(service, alice)
    return service


@pytest.fixture
def hours(clinic, alice, site) -> WorkingHours:
    return works(alice, site)


def works(member, site, start: str = "10:00", end: str = "14:00") -> WorkingHours:
    week = {str(day): [[start, end]] for day in range(5)}
    return WorkingHours.objects.create(
        organisation=site.organisation, member=member, site=site, hours=week
    )


def gives(service: Service, member) -> ServiceGiver:
    return ServiceGiver.objects.create(
        organisation=service.organisation, service=service, member=member
    )


@pytest.fixture
def copy_of_the_database(django_db_setup, django_db_blocker, tmp_path) -> Iterator[dict[str, str]]:
    """Surroundings of a process with a database of its own: the tests' tables, and no rows.

    The tests' own database lives in one connection and in one transaction; a copy of it is much
    quicker than all migrations anew.
    """
    surroundings = {
        "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
        "FILIFORM_DEMO": "yes",
        "FILIFORM_DATA": str(tmp_path),
    }
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            path = tmp_path / "copy.sqlite3"
            connection.ensure_connection()
            with sqlite3.connect(path) as copy:
                connection.connection.backup(copy)
            copy.close()
            yield surroundings | {"FILIFORM_DATABASE_URL": f"sqlite:///{path}"}
            return
        tests = connection.settings_dict
        connection.close()  # a database that somebody looks at can't be copied
        server = f"postgresql://{tests['USER']}@{tests['HOST']}:{tests['PORT']}"
        name = f"{tests['NAME']}_copy"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as door:
            door.execute(f'CREATE DATABASE "{name}" TEMPLATE "{tests["NAME"]}"')
            yield surroundings | {"FILIFORM_DATABASE_URL": f"{server}/{name}"}
            door.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
