"""The evaluation as one value: simulated patients against the baselines, and published cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from filiform.targeting.evaluation import (
    PROBABILITIES,
    RANKERS,
    Judged,
    Scores,
    by_region,
    judge,
    scores,
    with_findings,
)
from filiform.targeting.published import Published
from filiform.targeting.ranking import release
from filiform.targeting.simulate import patients


class Report(msgspec.Struct, frozen=True):
    """drawing_alone, with_findings: figures by ranking. by_region: the model's, with findings.

    by_region_alone: the model's from the drawing alone. examined: mean number of findings taken,
    fewer than `findings` where palpation was told to stop.
    """

    key: int
    patients: int
    findings: int
    examined: float
    drawing_alone: dict[str, Scores]
    with_findings: dict[str, Scores]
    by_region_alone: dict[str, Scores]
    by_region: dict[str, Scores]
    release: str
    published: Published | None = None


def simulated(key: int, count: int, findings: int) -> Report:
    """Figures over so many simulated patients of a key, examined as suggested."""
    who = list(patients(key, count))
    alone = [(one.case, one) for one in who]
    examined = [(with_findings(one, findings)[0], one) for one in who]
    judged_alone = {name: judge(alone, ranker) for name, ranker in RANKERS.items()}
    judged = {name: judge(examined, RANKERS[name]) for name in PROBABILITIES}
    return Report(
        key=key,
        patients=count,
        findings=findings,
        examined=sum(len(case.findings) for case, _ in examined) / count,
        drawing_alone=_figures(judged_alone),
        with_findings=_figures(judged),
        by_region_alone=by_region(judged_alone["model"]),
        by_region=by_region(judged["model"]),
        release=release(),
    )


def _figures(judged: Mapping[str, Sequence[Judged]]) -> dict[str, Scores]:
    return {
        name: scores(ones, probabilities=name in PROBABILITIES) for name, ones in judged.items()
    }
