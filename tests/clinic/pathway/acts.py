"""What may happen in a visit, in any order: for tests of what holds after every sequence of it.

Each act takes the scene and does one thing through the same actions as the pages. What the clinic
refuses at that moment is refused, and counts as an act all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from tests.clinic.treatment.treatment_steps import account

from filiform.clinic.assessment import actions as assessment
from filiform.clinic.assessment import queries as assessed
from filiform.clinic.assessment import safety
from filiform.clinic.consent import actions as consents
from filiform.clinic.demo import pathway as demo
from filiform.clinic.intake import actions as intake
from filiform.clinic.intake import queries as disclosed
from filiform.clinic.pathway import actions as pathway
from filiform.clinic.patients import actions as patients
from filiform.clinic.staff import actions as staff
from filiform.clinic.staff.models import Licence, Member
from filiform.clinic.treatment import actions as treatments
from filiform.clinic.treatment import queries as treated
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit


@dataclass
class Scene:
    """One visit, who treats it, and the hands of the clock."""

    visit: Visit
    by: Any
    clock: list[datetime]

    @property
    def on(self):
        return timezone.localdate()

    @property
    def patient(self):
        return self.visit.patient

    def refresh(self) -> None:
        self.visit = Visit.objects.select_related("patient", "practitioner", "episode").get(
            pk=self.visit.pk
        )


def _move(to: str) -> Callable[[Scene], Any]:
    return lambda scene: visits.move(by=scene.by, visit=scene.visit, to=to)


def _disclose(kind: str, text: str) -> Callable[[Scene], Any]:
    return lambda s: intake.disclose(by=s.by, patient=s.patient, kind=kind, text=text)


def _choose(muscle: str, side: str) -> Callable[[Scene], Any]:
    return lambda s: assessment.choose_target(by=s.by, visit=s.visit, muscle=muscle, side=side)


def tell(s: Scene) -> None:
    assessment.tell_story(
        by=s.by, visit=s.visit, areas=[("neck-back", "right", "", 5)], complaint_code="neck-pain"
    )


def take_back(s: Scene) -> None:
    rows = [row for row in disclosed.rows(s.patient) if not row.none_known]
    if rows:
        intake.void_fact(by=s.by, fact=rows[-1], why="Noted for somebody else.")


def answer_no(s: Scene) -> None:
    open_ones = safety.screening(s.visit, s.on).unanswered
    intake.answer_all(by=s.by, patient=s.patient, visit=s.visit, questions=open_ones, value=False)


def answer_yes(s: Scene) -> None:
    open_ones = safety.screening(s.visit, s.on).unanswered
    if open_ones:
        intake.answer(by=s.by, patient=s.patient, visit=s.visit, question=open_ones[0], value=True)


def justify(s: Scene) -> None:
    for one in safety.screening(s.visit, s.on).reasons:
        if one.weight == "relative":
            text = "Discussed with the treating doctor, who agrees."
            assessment.justify(by=s.by, visit=s.visit, rule=one.id, text=text)


def drop(s: Scene) -> None:
    for target in assessed.targets(s.visit)[-1:]:
        assessment.drop_target(by=s.by, target=target, why="Not today.")


def agree(s: Scene) -> None:
    demo.agree(by=s.by, visit=s.visit)


def withdraw(s: Scene) -> None:
    consents.withdraw(by=s.by, visit=s.visit, said="Changed their mind.")


def lose_the_licence(s: Scene) -> None:
    licence = Licence.objects.current().filter(member=s.by).last()
    if licence is not None:
        staff.void_credential(by=s.by, credential=licence, why="Struck off.")


def get_a_licence(s: Scene) -> None:
    expires = s.on + timedelta(days=300)
    staff.record_licence(member=s.by, by=s.by, body="Council", number="L-9", expires_on=expires)


def prepare(s: Scene) -> None:
    """Everything that an ordinary visit needs, as far as it goes."""
    for kind, value in (("height_cm", 165.0), ("weight_kg", 64.0)):
        patients.measure(by=s.by, patient=s.patient, kind=kind, value=value)
    if s.visit.state == "booked":
        visits.begin(by=s.by, visit=s.visit)
    tell(s)
    _choose("gluteus-medius", "left")(s)
    demo.plan(by=s.by, visit=s.visit)
    for _round in range(4):
        answer_no(s)
    intake.confirm_unchanged(by=s.by, visit=s.visit, changed=False)
    assessment.confirm_safety(by=s.by, visit=s.visit, on=s.on)
    agree(s)


def start(s: Scene) -> Any:
    return pathway.start(by=s.by, visit=s.visit, on=s.on)


def _act(s: Scene, kind: str, **about: Any) -> Any:
    treatment = treated.treatment_of(s.visit)
    if treatment is None:
        return None
    treatment.visit = s.visit
    return treatments.record_act(
        by=s.by, treatment=treatment, act_id=uuid4(), kind=kind, at=timezone.now(), **about
    )


def needle_in(s: Scene) -> None:
    for target in assessed.targets(s.visit)[:1]:
        _act(s, "insertion", target=target)


def needle_out(s: Scene) -> None:
    treatment = treated.treatment_of(s.visit)
    for needle in treated.needles_of(treatment)[:1] if treatment else ():
        _act(s, "removal", needle=needle)


def count(s: Scene) -> None:
    treatment = treated.treatment_of(s.visit)
    if treatment is not None:
        used = len(treated.course(treatment).needles)
        _act(s, "count", details={"opened": used, "unused": 0, "in_bin": used})
        _act(s, "response", details={"pain": 3, "soreness": 1, "feels": "well"})


def undo_needle(s: Scene) -> None:
    treatment = treated.treatment_of(s.visit)
    for needle in treated.needles_of(treatment)[-1:] if treatment else ():
        _act(s, "void", replaces=needle, details={"reason": "not-through-skin"})


def count_wrong(s: Scene) -> None:
    _act(s, "count", details={"opened": 3, "unused": 0, "in_bin": 2})


def answer_for_the_count(s: Scene) -> None:
    second = Member.objects.exclude(pk=s.by.pk).filter(organisation=s.by.organisation).first()
    for found in (True, False):
        _act(s, "account", details=account(s.by, second or s.by, found=found))


def sign(s: Scene) -> None:
    treatment = treated.treatment_of(s.visit)
    if treatment is not None:
        pathway.sign(by=s.by, treatment=treatment, on=s.on)


ACTS: dict[str, Callable[[Scene], Any]] = {
    "arrive": _move("here"),
    "go back to booked": _move("booked"),
    "leave": _move("left"),
    "begin": lambda s: visits.begin(by=s.by, visit=s.visit),
    "prepare": prepare,
    "tell": tell,
    "haemophilia": _disclose("condition", "Haemophilia A"),
    "warfarin": _disclose("medicine", "Warfarin 5 mg"),
    "take back": take_back,
    "ask what changed": lambda s: intake.confirm_unchanged(by=s.by, visit=s.visit, changed=False),
    "answer no": answer_no,
    "answer yes": answer_yes,
    "justify": justify,
    "confirm": lambda s: assessment.confirm_safety(by=s.by, visit=s.visit, on=s.on),
    "choose the buttock": _choose("gluteus-medius", "left"),
    "choose over the lung": _choose("upper-trapezius", "right"),
    "drop": drop,
    "plan": lambda s: demo.plan(by=s.by, visit=s.visit),
    "agree": agree,
    "withdraw": withdraw,
    "lose the licence": lose_the_licence,
    "get a licence": get_a_licence,
    "start": start,
    "needle in": needle_in,
    "needle out": needle_out,
    "undo a needle": undo_needle,
    "count": count,
    "count wrong": count_wrong,
    "answer for the count": answer_for_the_count,
    "sign": sign,
}


def perform(scene: Scene, name: str) -> None:
    """One act, a second later. What is refused by raising leaves nothing behind."""
    scene.clock[0] += timedelta(seconds=1)
    try:
        with transaction.atomic():
            ACTS[name](scene)
    except (visits.MoveRefused, demo.PathwayDefect, ValueError, KeyError):
        pass
    scene.refresh()


@contextmanager
def undone_afterwards() -> Iterator[None]:
    """What happens in here has not happened, as far as the database goes."""
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)
