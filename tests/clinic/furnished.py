"""What a clinic at work has and the demo clinic lacks: rows that some addresses are about."""

from __future__ import annotations

import io
import json
from typing import Any, NamedTuple
from uuid import uuid4

from django.apps import apps
from django.utils import timezone
from PIL import Image


class Secrets(NamedTuple):
    """Of links that were given out, by the address that they open, and of a patient's phone."""

    links: dict[str, str]
    phone: str


def furnish() -> Secrets:
    """Add one row of each kind, as the clinic's own actions write them."""
    owner = _members().filter(is_owner=True).first()
    practitioner = _members().filter(is_practitioner=True).order_by("pk").first()
    visit = apps.get_model("visits.Visit").objects.filter(state="needles-in").first()
    _at_the_desk(owner, visit.patient)
    _at_the_visit(practitioner, visit)
    return Secrets(links=_links(practitioner, visit), phone=_phone(visit.patient))


def _members() -> Any:
    return apps.get_model("staff.Member").objects.filter(is_active=True)


def _picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "gray").save(file, "PNG")
    file.seek(0)
    return file


def _at_the_desk(owner: Any, patient: Any) -> None:
    from filiform.clinic.chart import merging
    from filiform.clinic.diary import calendar_actions
    from filiform.clinic.frontdoor import photographs, text_actions
    from filiform.clinic.intake import importing
    from filiform.clinic.patients import actions as patients
    from filiform.clinic.progress import actions as progress
    from filiform.clinic.supplies import actions as supplies

    drawn = photographs.drawn(_picture(), 1000)
    assert isinstance(drawn, photographs.Drawn), drawn
    text_actions.put_photograph(by=owner, drawn=drawn, describes="At the door", member=owner)
    calendar_actions.make_feed(by=owner, member=owner)
    supplies.report_needlestick(
        by=owner, happened_at=timezone.now(), injured="Sana", depth="skin", device="0.25 x 40 mm"
    )
    progress.record_score(by=owner, patient=patient, scale="nprs", taken_at=timezone.now(), total=4)
    known = {"sex": patient.sex, "birth_date": patient.birth_date, "language": "en"}
    twice = patients.register(
        by=owner, given_name="Written", family_name="Twice", phone="+923009999999", **known
    )
    again = patients.register(
        by=owner, given_name="Written", family_name="Twice", phone="+923009999998", **known
    )
    merging.merge(by=owner, kept=twice, closed=again, why="One person wrote it twice.")
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": []}
    importing.hold_import(by=owner, patient=patient, raw=json.dumps(bundle).encode())


def _at_the_visit(by: Any, visit: Any) -> None:
    from filiform.clinic.assessment.actions.pictures import keep_picture
    from filiform.clinic.treatment import actions as treatments

    target = apps.get_model("assessment.Target").objects.filter(visit=visit).first()
    keep_picture(by=by, target=target, file=_picture(), size=1000)
    treatment = visit.treatment
    event = uuid4()
    for details in (
        {"kind": "event", "act_id": event, "details": {"event_kind": "faint"}},
        {
            "kind": "event-end",
            "act_id": uuid4(),
            "details": {
                "event": str(event), "outcome": "recovered", "grade": "mild", "followup_h": 0,
            },
        },
    ):  # fmt: skip
        treatments.record_act(by=by, treatment=treatment, at=timezone.now(), **details)


def _links(by: Any, visit: Any) -> dict[str, str]:
    from filiform.clinic.booking import links as bookings
    from filiform.clinic.correspondence import actions as letters
    from filiform.clinic.couch import actions as couch
    from filiform.clinic.patient_page import actions as own_page

    wish = apps.get_model("booking.WaitingWish").objects.first()
    booked = apps.get_model("visits.Visit").objects.filter(state="booked").first()
    letter = apps.get_model("correspondence.Letter").objects.first()
    return {
        "couch:": couch.make_link(by=by, label="Wall")[1],
        "patient_page:": own_page.make_link(patient=visit.patient, by=by)[1],
        "correspondence:": letters.make_link(letter=letter),
        "booking:place": bookings.make_link(wish=wish),
        "booking:": bookings.make_link(visit=booked),
    }


def _phone(patient: Any) -> str:
    from filiform.clinic.patient_page import actions

    secret = "own-phone-" + "k" * 33
    link, _token = actions.make_link(patient=patient, by=None)
    opened, _device = actions.open_page(
        link=link, birth=patient.birth_date, code="", device_key=secret
    )
    assert opened == "opened", opened
    return secret
