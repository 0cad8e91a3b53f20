"""Fit the pooling of the prevalence counts by empirical Bayes; deterministic, some seconds.

    python tools/targeting/pool.py

Prints the three numbers for data/parameters.toml, and what the active share of counted points is.
"""

from __future__ import annotations

from filiform.targeting.pooling import FeltCount, fitted
from filiform.targeting.priors import active_of_any, counts, pooling


def main() -> None:
    units: dict[str, list[FeltCount]] = {}
    for (muscle, _complaint), one in counts().items():
        units.setdefault(muscle, []).append(one)
    found = fitted(units, pooling())
    print(f"{len(counts())} cells of {len(units)} muscles; active of any {active_of_any():.3f}")
    print(f"pooled_mean = {found.mean:.3f}")
    print(f"pooled_between = {found.between:.2f}")
    print(f"pooled_within = {found.within:.2f}")


if __name__ == "__main__":
    main()
