"""The demo clinic's diary: services with prices, rooms, working hours, and the week that comes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from filiform.clinic.demo.people import Team
from filiform.clinic.diary import actions, settings_actions
from filiform.clinic.diary.models import Service
from filiform.clinic.diary.queries import slots
from filiform.clinic.patients.models import Patient

DAYS_BOOKED = 7
SANA = {**{str(day): [["10:00", "18:00"]] for day in (0, 1, 2, 3, 5)},
        "4": [["10:00", "12:30"], ["14:30", "18:00"]]}  # fmt: skip
HAMZA = {**{str(day): [["12:00", "20:00"]] for day in (0, 1, 2, 3, 5)}, "4": [["14:30", "20:00"]]}


def furnish(team: Team) -> Service:
    """What can be booked, where and when; gives the service that most visits are for."""
    both = [team.sana, team.hamza]
    by = team.owner
    settings_actions.save_service(
        by=by, givers=both, name="First consultation", name_ur="پہلا معائنہ", minutes=60,
        price=3500, is_public=True,
        about="We listen, examine you and say what can be done. No needles.",
        about_ur="ہم سنتے ہیں، معائنہ کرتے ہیں اور بتاتے ہیں کہ کیا ہو سکتا ہے۔ سوئیوں کے بغیر۔",
    )  # fmt: skip
    needling = settings_actions.save_service(
        by=by, givers=both, name="Dry needling", name_ur="ڈرائی نیڈلنگ", minutes=40, price=2500,
        is_public=True, needs_needling=True, position=1,
        about="Treatment with thin needles, for somebody we have examined before.",
        about_ur="باریک سوئیوں سے علاج، ان کے لیے جن کا معائنہ ہو چکا ہے۔",
    )  # fmt: skip
    settings_actions.save_service(
        by=by, givers=[team.sana], name="Call with a practitioner", name_ur="معالج سے فون پر بات",
        minutes=15, price=0, is_public=True, needs_room=False, position=2,
        about="Questions before or after a treatment.",
        about_ur="علاج سے پہلے یا بعد کے سوالات۔",
    )  # fmt: skip
    for number in (1, 2, 3):
        settings_actions.save_room(
            by=by, site=team.site, name=f"Room {number}", name_ur=f"کمرہ {number}", position=number
        )
    for member, week in ((team.sana, SANA), (team.hamza, HAMZA)):
        settings_actions.set_hours(by=by, member=member, site=team.site, hours=week)
    return needling


def fill_week(team: Team, service: Service, people: list[Patient], *, today: date) -> None:
    """A morning and an afternoon with gaps, from tomorrow on; Hamza is away for a day and a half,
    over one visit that is booked: somebody has to call."""
    first, last = today + timedelta(days=1), today + timedelta(days=DAYS_BOOKED)
    free = slots(service, team.site, first=first, last=last, now=timezone.now())
    staff = {one.pk: one for one in (team.sana, team.hamza)}
    # Every eleventh start of those that are free leaves gaps of all lengths.
    for number, slot in enumerate(free[::11]):
        try:
            actions.take(
                by=team.desk, patient=people[number % len(people)], service=service,
                practitioner=staff[slot.person], site=team.site, starts_at=slot.start,
            )  # fmt: skip
        except actions.NotFree:
            continue  # the same person, or the visit before: one fewer in an invented week
    zone = timezone.get_current_timezone()
    # From the noon of the last day that is booked, so that a visit lies under the leave.
    noon = datetime.combine(today + timedelta(days=DAYS_BOOKED), time(12), tzinfo=zone)
    settings_actions.record_leave(
        by=team.owner, member=team.hamza, kind="course",
        starts_at=noon, ends_at=noon + timedelta(days=1, hours=12),
    )  # fmt: skip
