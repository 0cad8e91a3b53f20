"""Messages that the public site of the demo has received."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from filiform.clinic.demo.bruise import bruise_photograph
from filiform.clinic.demo.clock import at
from filiform.clinic.demo.patients import DEMO_PATIENTS
from filiform.clinic.demo.people import Team
from filiform.clinic.facts.models import new_id
from filiform.clinic.frontdoor import actions as frontdoor
from filiform.clinic.frontdoor import attachments, receiving
from filiform.clinic.patients.models import Patient


def fill_inbox(team: Team, zainab: Patient, *, now: datetime) -> None:
    """Three messages that wait, one with a picture, one in Urdu; and Zainab's, answered."""
    site, desk = team.site, team.desk

    def message(minutes_ago: int, **said: Any) -> Any:
        with at(now - timedelta(minutes=minutes_ago)):
            return receiving.receive(site=site, message_id=new_id(), **said)

    message(
        35,
        name="Hina Javed",
        phone="+923215550142",
        text="Assalam o alaikum, my neck has been stiff for two weeks. Do you have a time on "
        "Saturday morning? Is it painful?",
        answer_by="whatsapp",
        language="en",
    )
    bruise = attachments.read(io.BytesIO(bruise_photograph()), name="arm.jpg", size=0)
    message(
        20,
        name="Sobia Rafiq",
        phone="",
        email="sobia.rafiq@example.org",
        text="Is this bruise after my last visit in order? I send a picture.",
        answer_by="email",
        language="en",
        attachments=[bruise] if isinstance(bruise, attachments.Attached) else [],
    )
    message(
        190,
        name="محمد اکرم",
        phone="+923015550177",
        text="السلام علیکم، کمر میں کافی عرصے سے درد ہے۔ ملاقات کا وقت کب مل سکتا ہے؟",
        answer_by="call",
        language="ur",
    )
    answered = message(
        60 * 26,
        name="Zainab Noor",
        phone=DEMO_PATIENTS["zainab"].phone,
        text="Can my daughter come with me to the first visit?",
        answer_by="sms",
        language="en",
    )
    with at(now - timedelta(hours=25)):
        frontdoor.take(message=answered, by=desk)
        frontdoor.link(message=answered, by=desk, patient=zainab)
        frontdoor.answer(
            message=answered, by=desk, channel="call", text="Yes, she is welcome to sit in."
        )
    with at(now - timedelta(hours=24)):
        frontdoor.close(message=answered, by=desk)
