"""A clinic that can be booked: Alice gives needling and talks, on weekdays from 10 to 14."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.clinic.diary.conftest import at, gives, next_monday, works

from filiform.clinic.booking.actions import Details, Time, book
from filiform.clinic.booking.risk import asked
from filiform.clinic.diary.models import Service
from filiform.clinic.patients.births import Birth
from filiform.clinic.sending.providers import Receipt, Refused
from filiform.clinic.sending.setup import setup

BIRTH = date(1984, 3, 9)


@pytest.fixture
def monday(today: date) -> date:
    """The Monday after next: later than every notice, reminder and deadline of a test."""
    return next_monday(next_monday(today))


@pytest.fixture
def hours(site, alice) -> None:
    works(alice, site)


@pytest.fixture
def needling(clinic, hours, alice) -> Service:
    return _service(clinic, alice, name="Dry needling", name_ur="ڈرائی نیڈلنگ", needs_needling=True)


@pytest.fixture
def talk(clinic, hours, alice) -> Service:
    return _service(clinic, alice, name="Consultation", name_ur="مشورہ", minutes=20, position=1)


def _service(clinic, member, **fields) -> Service:
    service = Service.objects.create(
        organisation=clinic, is_public=True, **{"price": 2500, **fields}
    )
    gives(service, member)
    return service


def details(name: str = "Zara Malik", phone: str = "+923001112233", email: str = "") -> Details:
    return Details(name, phone, email, Birth(BIRTH), "en")


def no_risk(day: date | None = None) -> dict[str, bool]:
    return dict.fromkeys(asked(BIRTH, on=day or timezone.localdate()).ids, False)


def book_at(start: datetime, service, site, member, who: Details | None = None, form=None):
    time = Time(service, site, member, start)
    return book(
        time=time, details=who or details(), answers=no_risk(start.date()), form=form or uuid4()
    )


class Post:
    """A provider that keeps what it was given, or refuses it like a mailbox that is not there."""

    name, channel, cost = "post", "email", 0

    def __init__(self, *, bounces: bool = False) -> None:
        self.sent: list = []
        self.bounces = bounces

    def send(self, message):
        if self.bounces:
            raise Refused("smtp-550")
        self.sent.append(message)
        return Receipt(message.id)


@pytest.fixture
def post(settings) -> Post:
    made = Post()
    settings.SENDING = replace(
        setup(), providers={"email": made}, public_url="https://clinic.example"
    )
    return made


__all__ = ["at", "book_at", "details", "no_risk"]
