"""What is said fitted to what came true: a line in the odds' logarithm under a ceiling.

A part is a population: the given published cases, or simulated training patients. Every part
counts alike. The answers of a case without and with the complaint are one patient's: they are left
out together in cross-validation and drawn together in the bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from filiform.arrays import Bools, Floats, Ints
from filiform.targeting.evaluation import SHOWN_FROM, Judged

DRAWS = 40
FOLDS = 10
SEED = 5


@dataclass(frozen=True, eq=False)
class Part:
    """Computed probabilities of muscles that a page shows, one population.

    odds, true (n): logarithm of the odds, and whether it came true. owner, told (n): whose it is,
    and whether the complaint was told. answers (m): whose each answer is.
    """

    odds: Floats
    true: Floats
    owner: Ints
    told: Bools
    answers: Ints

    @property
    def patients(self) -> int:
        return int(self.answers.max()) + 1


Form = Callable[[Floats, Floats, Bools], Floats]
"""(numbers of the form, log odds (n), complaint told (n)) -> what is said (n)."""


def one_ceiling(at: Floats, odds: Floats, told: Bools) -> Floats:
    """at: shift, slope, log odds of the ceiling; the same with and without the complaint."""
    del told
    return np.asarray(_chance(at[2]) * _chance(at[0] + at[1] * odds))


def straight(at: Floats, odds: Floats, told: Bools) -> Floats:
    """at: shift, slope; no ceiling."""
    del told
    return _chance(at[0] + at[1] * odds)


def two_ceilings(at: Floats, odds: Floats, told: Bools) -> Floats:
    """at: shift, slope, log odds of the ceiling without and with the complaint."""
    return np.asarray(_chance(np.where(told, at[3], at[2])) * _chance(at[0] + at[1] * odds))


def apart(at: Floats, odds: Floats, told: Bools) -> Floats:
    """at: two times one_ceiling's: without and with the complaint."""
    return np.where(told, one_ceiling(at[3:], odds, told), one_ceiling(at[:3], odds, told))


FORMS: dict[str, tuple[Form, tuple[float, ...]]] = {
    "no ceiling": (straight, (0.0, 1.0)),
    "one ceiling": (one_ceiling, (0.0, 1.0, 0.5)),
    "two ceilings": (two_ceilings, (0.0, 1.0, 0.5, 0.5)),
    "apart": (apart, (0.0, 1.0, 0.5) * 2),
}
"""Each with where its search starts."""


def _chance(odds: Floats | float) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.asarray(odds))))


def part(
    ones: Sequence[Judged],
    whose: Sequence[int],
    told: Sequence[bool],
    least: float = SHOWN_FROM,
) -> Part:
    """whose, told: of each answer, whose it is, 0 to m - 1, and whether the complaint was told.

    least: muscles that are computed at less are left out.
    """
    computed = np.stack([one.scores for one in ones]).clip(1e-9, 1 - 1e-9)
    true = np.stack([np.isin(np.arange(len(one.scores)), list(one.truth)) for one in ones])
    some = (computed >= least) & np.stack([one.muscular for one in ones])
    answers = np.array(whose)
    owner = np.broadcast_to(answers[:, None], computed.shape)[some]
    with_complaint = np.broadcast_to(np.array(told)[:, None], computed.shape)[some]
    odds = np.log(computed[some] / (1 - computed[some]))
    return Part(odds, true[some].astype(float), owner, with_complaint, answers)


def loss(form: Form, at: Floats, one: Part, weight: Floats) -> float:
    """Mean over answers of the log loss of what is said. weight (patients)."""
    return float(weight[one.owner] @ _losses(form, at, one)) / float(weight[one.answers].sum())


def by_patient(at: Floats, one: Part, name: str = "one ceiling") -> Floats:
    """(patients): log loss of what is said by a form, mean of each patient's answers."""
    total = np.bincount(one.owner, _losses(FORMS[name][0], at, one), minlength=one.patients)
    return np.asarray(total / np.bincount(one.answers, minlength=one.patients))


def _losses(form: Form, at: Floats, one: Part) -> Floats:
    chance = form(at, one.odds, one.told).clip(1e-9, 1 - 1e-9)
    return -np.where(one.true > 0, np.log(chance), np.log1p(-chance))


def fitted(
    parts: Sequence[Part], weights: Sequence[Floats] | None = None, name: str = "one ceiling"
) -> Floats:
    """The numbers of a form that make what came true most probable; every part counts alike."""
    form, start = FORMS[name]
    of = weights or [np.ones(one.patients) for one in parts]

    def missed(at: Floats) -> float:
        return sum(loss(form, at, one, weight) for one, weight in zip(parts, of, strict=True))

    return np.asarray(minimize(missed, np.array(start), method="BFGS").x)


def cautious(parts: Sequence[Part], draws: int = DRAWS) -> Floats:
    """one_ceiling's numbers under the lowest ceiling that patients drawn anew leave possible.

    The fit hardly tells one ceiling from the next, and to be too sure harms more than to be too
    modest: so the lower end of the interval is taken, and shift and slope are fitted under it.
    """
    (*_, lowest), _ = spread(parts, draws)

    def missed(at: Floats) -> float:
        whole = np.append(at, lowest)
        return sum(loss(one_ceiling, whole, one, np.ones(one.patients)) for one in parts)

    return np.append(minimize(missed, np.array([0.0, 1.0]), method="BFGS").x, lowest)


def spread(parts: Sequence[Part], draws: int = DRAWS) -> tuple[Floats, Floats]:
    """95 % of the numbers of one_ceiling over patients drawn with replacement."""
    random = np.random.default_rng(SEED)
    counts = [one.patients for one in parts]
    drawn = [
        fitted(
            parts,
            [np.bincount(random.integers(0, n, n), minlength=n).astype(float) for n in counts],
        )
        for _ in range(draws)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return low, high


def cross_validated(cases: Part, others: Sequence[Part], name: str, folds: int = FOLDS) -> float:
    """Mean log loss per answer of given cases that were left out of the fit of a form."""
    form, _ = FORMS[name]
    fold = np.random.default_rng(SEED).permutation(cases.patients) % folds
    total = 0.0
    for number in range(folds):
        left_out = (fold == number).astype(float)
        if not left_out[cases.answers].any():
            continue
        weights = [1 - left_out, *(np.ones(one.patients) for one in others)]
        at = fitted([cases, *others], weights, name)
        total += loss(form, at, cases, left_out) * float(left_out[cases.answers].sum())
    return total / len(cases.answers)


def in_words(at: Floats) -> str:
    """The numbers of one_ceiling as data/parameters.toml has them."""
    most = float(_chance(at[2]))
    return f"said_shift {at[0]:.2f}, said_slope {at[1]:.2f}, said_most {most:.2f}"
