"""A visit with two targets, and the texts that come with Filiform."""

from __future__ import annotations

import pytest

SIGNATURE = "M10 100 L40 40 L80 150 L120 60 L160 140 L220 90 L300 110"
ALL_SAID = {"what": True, "risk": True, "call": True}


@pytest.fixture
def texts(alice):
    from filiform.clinic.consent import actions

    return actions.publish_shipped_texts(by=alice)


@pytest.fixture
def targets(visit, alice):
    from filiform.clinic.assessment import actions

    return [
        actions.choose_target(by=alice, visit=visit, muscle="infraspinatus", side="right"),
        actions.choose_target(by=alice, visit=visit, muscle="gluteus-medius", side="left"),
    ]


@pytest.fixture
def give(visit, alice, texts):
    """Give consent, with everything in order but what the test changes."""
    from filiform.clinic.assessment.queries import targets as current
    from filiform.clinic.consent import actions

    def consent(**changes):
        given = {
            "by": alice,
            "visit": visit,
            "text": texts[0],
            "language": "en",
            "muscles": [(target.muscle, target.side) for target in current(visit)],
            "method": "drawn",
            "signature": SIGNATURE,
            "signed_name": "Amna Siddiqui",
            "relation": "self",
            "teach_back": ALL_SAID,
            "shown": {"risks": []},
        }
        return actions.give_consent(**(given | changes))

    return consent


@pytest.fixture
def electrical(visit, alice, targets):
    """The plan of one target, with a current through its needles."""
    from filiform.clinic.assessment import actions as assessment

    def plan(technique):
        planned = assessment.plan_needling(
            by=alice,
            target=targets[1],
            position="side-lying",
            technique=technique,
            diameter_mm=0.30,
            length_mm=60,
            depth_mm=25,
            insertions=1,
            note="Agreed with the patient, slow advance.",
        )
        assert not isinstance(planned, tuple), planned
        return planned

    return plan
