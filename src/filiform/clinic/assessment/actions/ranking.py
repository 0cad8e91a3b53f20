"""Keeping what was ranked when a muscle was chosen."""

from __future__ import annotations

import msgspec

from filiform.clinic.assessment.models import Ranking, Target
from filiform.clinic.assessment.ranked import answer_of, case_of
from filiform.targeting import Ranked

KEPT = 12
"""So many of the first sources are kept with their probabilities, beside the chosen one."""


def keep_ranking(target: Target) -> Ranking | None:
    """The ranking before which a target was chosen. Call it inside the recording of the choice.

    None when there was nothing to rank: no pain drawn and nothing examined.
    """
    case = case_of(target.visit)
    if not case.pain and not case.findings:
        return None
    answer = answer_of(target.visit)
    order = [(one.source, one.side) for one in answer.ranked]
    place = order.index((target.muscle, target.side))
    return Ranking.objects.create(
        organisation_id=target.organisation_id,
        recorded_by=target.recorded_by,
        patient_id=target.patient_id,
        visit_id=target.visit_id,
        target=target,
        position=place + 1,
        probability=round(answer.ranked[place].probability, 6),
        ranked=[_kept(one) for one in answer.ranked[:KEPT]],
        findings=[msgspec.to_builtins(one) for one in case.findings],
        release=answer.release,
    )


def _kept(one: Ranked) -> list[str | float]:
    return [one.source, one.side, round(one.probability, 6)]
