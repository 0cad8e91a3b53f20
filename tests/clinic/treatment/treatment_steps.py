"""A treatment made step by step, as in a clinic: for tests of this room and its neighbours."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

SIGNATURE = "M10 100 L40 40 L80 150 L120 60 L160 140 L220 90 L300 110"
MUSCLES = (("infraspinatus", "right"), ("gluteus-medius", "left"))


def choose_and_plan(visit, by, muscle, side, on):
    """A target with the plan that planning itself proposes."""
    from filiform import planning
    from filiform.clinic.assessment import actions
    from filiform.clinic.assessment.queries import build

    target = actions.choose_target(by=by, visit=visit, muscle=muscle, side=side)
    usual = planning.suggest(muscle, side, **build(visit.patient, on))
    plan = actions.plan_needling(
        by=by,
        target=target,
        position=usual.position,
        technique="deep-static",
        diameter_mm=usual.needle.diameter_mm,
        length_mm=usual.needle.length_mm,
        depth_mm=usual.depth_mm.target[0],
        insertions=1,
        note="As planning proposes; nothing unusual in this patient.",
    )
    assert not isinstance(plan, tuple), plan
    return target


def make_ready(visit, by, on, muscles=MUSCLES):
    """Everything up to the start of needling. Answers the targets."""
    from filiform.clinic.assessment import actions as assessment
    from filiform.clinic.assessment.safety import screening
    from filiform.clinic.consent import actions as consent
    from filiform.clinic.intake import actions as intake
    from filiform.clinic.intake.vocabulary import SECTIONS
    from filiform.clinic.patients import actions as patients
    from filiform.clinic.visits import actions as visits

    if visit.state == "booked":
        visits.begin(by=by, visit=visit)
    for kind, value in (("height_cm", 165), ("weight_kg", 64)):
        patients.measure(by=by, patient=visit.patient, kind=kind, value=value)
    for section in SECTIONS:
        intake.disclose(by=by, patient=visit.patient, kind=section.kinds[0], none_known=True)
    targets = [choose_and_plan(visit, by, muscle, side, on) for muscle, side in muscles]
    for _round in range(5):
        unanswered = screening(visit, on).unanswered
        for question in unanswered:
            intake.answer(by=by, patient=visit.patient, question=question, value=False, visit=visit)
        if not unanswered:
            break
    intake.confirm_unchanged(by=by, visit=visit, changed=False)
    assessment.confirm_safety(by=by, visit=visit, on=on)
    text = consent.publish_shipped_texts(by=by)[0]
    given = consent.give_consent(
        by=by,
        visit=visit,
        text=text,
        language="en",
        muscles=list(muscles),
        method="drawn",
        signature=SIGNATURE,
        signed_name=visit.patient.name,
        relation="self",
        teach_back={"what": True, "risk": True, "call": True},
        shown={},
    )
    assert not isinstance(given, tuple), given
    return targets


def treated_and_counted(treatment, by, targets, needles=2):
    """Needles in, worked, out and counted: ready to be signed."""
    from filiform.clinic.treatment import actions

    at = timezone.now()

    def record(kind, seconds, **given):
        done = actions.record_act(
            by=by,
            treatment=treatment,
            act_id=uuid4(),
            kind=kind,
            at=at + timedelta(seconds=seconds),
            **given,
        )
        assert not isinstance(done, tuple), done
        return done

    into = [
        record("insertion", number, target=targets[number % len(targets)])
        for number in range(needles)
    ]
    for needle in into:
        record("twitch", 10, needle=needle)
    for needle in into:
        record("removal", 60, needle=needle)
    record("count", 70, details={"opened": needles, "in_bin": needles, "unused": 0})
    record("response", 75, details={"pain": 2, "soreness": 3, "feels": "well"})


def account(first, second, /, *, found=True, **other):
    """What is said about a count that did not add up, both people having entered their PIN."""
    from filiform.clinic.treatment.accounting import STEPS, Proof

    said = (
        {"steps": ["recount"], "result": "miscounted"}
        if found
        else {"steps": list(STEPS), "result": "not-found", "imaging": "asked"}
    )
    people = {
        name: Proof(member.pk, member.organisation_id, member.name, "pin")
        for name, member in (("first", first), ("second", second))
    }
    return said | people | other
