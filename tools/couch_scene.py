"""A visit that is ready to be needled at many places, in a demo clinic's folder: for measurements
and pictures of the live page, which the demo's own visits of a few targets don't stretch.

    FILIFORM_DATA=... FILIFORM_DEMO=yes python tools/couch_scene.py [NUMBER|SCENE ...]   prints ids

A scene is eight targets in a clinic that keeps its packs here ("one-size", "three-sizes"), or in
one that doesn't ("no-stock", which takes the whole shelf away).
"""

from __future__ import annotations

import os
import sys

import django

SPOTS = (
    ("infraspinatus", "right"),
    ("supraspinatus", "right"),
    ("teres-minor", "right"),
    ("deltoid-posterior", "right"),
    ("trapezius-upper", "right"),
    ("levator-scapulae", "right"),
    ("deltoid-middle", "right"),
    ("triceps-long-head", "right"),
    ("gluteus-medius", "left"),
    ("gluteus-minimus", "left"),
    ("gluteus-maximus", "left"),
    ("tensor-fasciae-latae", "left"),
)
"""Eight round one shoulder, where labels crowd, and four about a buttock: pictures of their own."""

ONE_SIZE = (
    ("trapezius-upper", "right"),
    ("deltoid-anterior", "right"),
    ("deltoid-middle", "right"),
    ("deltoid-posterior", "right"),
    ("triceps-lateral-head", "right"),
    ("extensor-digitorum", "right"),
    ("extensor-carpi-ulnaris", "right"),
    ("extensor-carpi-radialis-longus", "right"),
)
"""All 0.25 × 30 mm; on one side, since both sides of the chest are not needled in one session."""
THREE_SIZES = (
    *ONE_SIZE[:4],
    ("triceps-long-head", "right"),
    ("biceps-brachii", "right"),
    ("teres-minor", "right"),
    ("tibialis-anterior", "right"),
)
"""0.25 × 30, 0.25 × 40 and 0.30 × 30 mm."""
SCENES = {"no-stock": SPOTS[:8], "one-size": ONE_SIZE, "three-sizes": THREE_SIZES}
PER_PACK = 5
GTIN = "08712345000011"
"""Of the first size: what a camera that looks at its code reads."""


def ready_scene(name: str) -> str:
    """The id of a ready visit of eight targets, with the shelf that belongs to the scene."""
    visit = ready_visit(spots=SCENES[name])
    if name == "no-stock":
        clear_the_shelf()
    else:
        stock_the_shelf(visit)
    return visit


def clear_the_shelf() -> None:
    """As in a clinic that keeps no packs here."""
    from filiform.clinic.facts.amending import voided
    from filiform.clinic.facts.recording import recording
    from filiform.clinic.staff.models import Member
    from filiform.clinic.supplies.queries import lots_of

    sana = Member.objects.get(username="sana")
    with recording("needles-counted", by=sana) as entry:
        for lot in lots_of(sana.organisation_id):
            entry.about(voided(lot, by=sana, why="This clinic keeps no packs here."))


def stock_the_shelf(visit: str) -> None:
    """Packs of five of each planned size, next to expire, so that some needles stay unused."""
    from datetime import timedelta

    from django.utils import timezone

    from filiform.clinic.staff.models import Member, Site
    from filiform.clinic.supplies import actions
    from filiform.clinic.treatment.packs import sizes_planned
    from filiform.clinic.visits.models import Visit

    sana = Member.objects.get(username="sana")
    sizes = sorted(sizes_planned(Visit.objects.get(pk=visit)))
    for number, (diameter_mm, length_mm) in enumerate(sizes, start=1):
        product = actions.add_product(
            by=sana, brand="Couch", diameter_mm=diameter_mm, length_mm=length_mm,
            needles_per_pack=PER_PACK, reorder_at=2, gtin=GTIN if number == 1 else "",
        )  # fmt: skip
        actions.receive(
            by=sana, product=product, site=Site.objects.get(organisation=sana.organisation),
            number=f"C{number}", expires_on=timezone.localdate() + timedelta(days=9), packs=20,
        )  # fmt: skip


def ready_visit(
    number: int = len(SPOTS),
    technique: str = "deep-static",
    spots: tuple[tuple[str, str], ...] = SPOTS,
) -> str:
    """The id of a visit up to the start of needling, with so many planned targets of `spots`."""
    from datetime import timedelta

    from django.utils import timezone

    from filiform import planning
    from filiform.clinic.assessment import actions as assessment
    from filiform.clinic.assessment import queries as assessed
    from filiform.clinic.assessment.judgement import session_reasons
    from filiform.clinic.demo import pathway
    from filiform.clinic.patients import actions as patients
    from filiform.clinic.staff.models import Member, Site
    from filiform.clinic.visits import actions as visits
    from filiform.reasons import Weight

    sana, desk = (Member.objects.get(username=name) for name in ("sana", "desk"))
    patient = patients.register(
        by=desk,
        given_name="Rubina",
        family_name="Aslam",
        phone="+923005550177",
        sex="female",
        birth_date=timezone.localdate() - timedelta(days=47 * 365),
        height_cm=165,
        weight_kg=68,
    )
    pathway.nothing_to_disclose(by=desk, patient=patient)
    visit = visits.book(
        by=desk,
        patient=patient,
        practitioner=sana,
        site=Site.objects.get(organisation=sana.organisation),
        planned_at=timezone.now(),
        minutes=40,
    )
    visits.move(by=desk, visit=visit, to="here")
    visits.begin(by=sana, visit=visit)
    pathway.tell(by=sana, visit=visit, pain=(6, 8, 5), complaint="shoulder")
    for muscle, side in spots[:number]:
        pathway.granted(assessment.choose_target(by=sana, visit=visit, muscle=muscle, side=side))
    for target in assessed.targets(visit):
        build = assessed.build(patient, timezone.localdate())
        usual = planning.suggest(target.muscle, target.side, trp=target.trp, **build)
        if usual.needle is None or usual.depth_mm is None:
            raise RuntimeError(f"{target.muscle} is not to be needled in her: choose another")
        pathway.granted(
            assessment.plan_needling(
                by=sana,
                target=target,
                position=usual.position,
                technique=technique,
                diameter_mm=usual.needle.diameter_mm,
                length_mm=usual.needle.length_mm,
                depth_mm=usual.depth_mm.target[0],
                insertions=1,
                note="Usual approach, slow advance.",
            )
        )
    for reason in session_reasons(visit, timezone.localdate()):
        if reason.weight is not Weight.RELATIVE:
            continue  # only what is against it needs a word of why
        pathway.granted(
            assessment.justify(
                by=sana,
                visit=visit,
                rule=reason.code,
                text="Both regions hurt today; she asked for one session.",
            )
        )
    pathway.answer_questions(by=sana, visit=visit)
    pathway.confirm_safety(by=sana, visit=visit, why="Slow advance, short needle, patient warned.")
    pathway.agree(by=sana, visit=visit)
    return str(visit.pk)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filiform.clinic.settings")
    django.setup()
    for wanted in sys.argv[1:] or [str(len(SPOTS))]:
        print(ready_scene(wanted) if wanted in SCENES else ready_visit(int(wanted)))


if __name__ == "__main__":
    main()
