"""The same network in general tools for Bayesian networks, at growing sizes.

    python -m venv other && other/bin/pip install pyagrum pgmpy numpy msgspec rapidfuzz
    PYTHONPATH=src:. other/bin/python -m tests.bench.targeting_general_tools

From a whole-body case the n sources that reach the drawing most are taken, each as one yes-or-no
cause, with all observations of the drawing as noisy-OR effects that are all seen. Asked are the
probabilities of all causes. A tool gives up when it fails, or takes more than LIMIT_S seconds.
These libraries are used here only, never by Filiform.
"""

from __future__ import annotations

import math
import multiprocessing
import os
from collections.abc import Callable
from itertools import product
from time import perf_counter

import numpy as np

from filiform.targeting import coverage
from filiform.targeting.inference import infer
from filiform.targeting.problem import RankingProblem
from filiform.targeting.simulate import patients

SIZES = (4, 8, 12, 16, 20, 24, 32, 48, 64, 96, 128, 256, 414)
LIMIT_S = 30.0
LOADING_S = 25.0
"""What a tool may take for being loaded."""
LEAST = 1e-4
"""Causes that reach no observation more than this are left out of its table."""


def whole_body() -> RankingProblem:
    """A held-out patient's problem with every source as one yes-or-no cause."""
    problems = (infer(one.case).problem for one in patients(2, 40))
    problem = next(p for p in problems if len(p.leak) == 8)
    first = problem.first_state[:-1]
    ones = np.ones(len(first))
    return RankingProblem(
        first_state=np.arange(len(first) + 1),
        share=ones,
        key=np.full(len(first), -1),
        prior=problem.prior,
        prior_with_key=problem.prior,
        on_factor=np.ones(len(first)),
        off_factor=ones,
        reach=problem.reach[first],
        leak=problem.leak,
    )


def part_of(problem: RankingProblem, size: int) -> RankingProblem:
    chosen = np.sort(np.argsort(-problem.reach.sum(axis=1), kind="stable")[:size])
    return RankingProblem(
        first_state=np.arange(size + 1),
        share=problem.share[:size],
        key=problem.key[:size],
        prior=problem.prior[chosen],
        prior_with_key=problem.prior[chosen],
        on_factor=problem.on_factor[:size],
        off_factor=problem.off_factor[:size],
        reach=problem.reach[chosen],
        leak=problem.leak,
    )


def filiform(problem: RankingProblem) -> list[float]:
    return [float(one) for one in coverage.posterior(problem).source]


def _agrum_network(problem: RankingProblem):  # type: ignore[no-untyped-def]
    import pyagrum as gum

    net = gum.BayesNet()
    for cause, prior in enumerate(problem.prior.tolist()):
        net.add(gum.LabelizedVariable(f"c{cause}", "", 2))
        net.cpt(f"c{cause}").fillWith([1 - prior, prior])
    for seen, leak in enumerate(problem.leak.tolist()):
        net.addNoisyORNet(gum.LabelizedVariable(f"o{seen}", "", 2), leak)
        for cause in np.flatnonzero(problem.reach[:, seen] > LEAST).tolist():
            net.addWeightedArc(f"c{cause}", f"o{seen}", float(problem.reach[cause, seen]))
    return net


def _asked(engine, problem: RankingProblem) -> list[float]:  # type: ignore[no-untyped-def]
    engine.setEvidence({f"o{seen}": 1 for seen in range(len(problem.leak))})
    engine.makeInference()
    return [float(engine.posterior(f"c{cause}")[1]) for cause in range(len(problem.prior))]


def agrum_exact(problem: RankingProblem) -> list[float]:
    import pyagrum as gum

    return _asked(gum.LazyPropagation(_agrum_network(problem)), problem)


def agrum_gibbs(problem: RankingProblem) -> list[float]:
    import pyagrum as gum

    engine = gum.GibbsSampling(_agrum_network(problem))
    engine.setMaxTime(LIMIT_S)
    engine.setEpsilon(0.005)
    return _asked(engine, problem)


def pgmpy_exact(problem: RankingProblem) -> list[float]:
    """pgmpy has no noisy-OR node: the full tables are written out."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.inference import VariableElimination
    from pgmpy.models import DiscreteBayesianNetwork

    net = DiscreteBayesianNetwork()
    for cause, prior in enumerate(problem.prior.tolist()):
        net.add_node(f"c{cause}")
        net.add_cpds(TabularCPD(f"c{cause}", 2, [[1 - prior], [prior]]))
    for seen, leak in enumerate(problem.leak.tolist()):
        causes = np.flatnonzero(problem.reach[:, seen] > LEAST).tolist()
        net.add_node(f"o{seen}")
        net.add_edges_from([(f"c{cause}", f"o{seen}") for cause in causes])
        kept = [(1.0, 1 - float(problem.reach[cause, seen])) for cause in causes]
        missed = [(1 - leak) * math.prod(row) for row in product(*kept)]
        table = [missed, [1 - one for one in missed]]
        names = [f"c{cause}" for cause in causes]
        net.add_cpds(TabularCPD(f"o{seen}", 2, table, names, [2] * len(names)))
    engine = VariableElimination(net)
    evidence = {f"o{seen}": 1 for seen in range(len(problem.leak))}
    return [
        float(engine.query([f"c{cause}"], evidence, show_progress=False).values[1])
        for cause in range(len(problem.prior))
    ]


SMALL = RankingProblem(
    first_state=np.arange(2),
    share=np.ones(1),
    key=np.full(1, -1),
    prior=np.full(1, 0.1),
    prior_with_key=np.full(1, 0.1),
    on_factor=np.ones(1),
    off_factor=np.ones(1),
    reach=np.full((1, 1), 0.5),
    leak=np.full(1, 0.1),
)
TOOLS: dict[str, Callable[[RankingProblem], list[float]]] = {
    "pyAgrum, exact": agrum_exact,
    "pyAgrum, Gibbs": agrum_gibbs,
    "pgmpy, exact": pgmpy_exact,
}


def timed(
    tool: Callable[[RankingProblem], list[float]], problem: RankingProblem
) -> tuple[float, list[float]]:
    begun = perf_counter()
    found = tool(problem)
    return perf_counter() - begun, found


def _work(name: str, problem: RankingProblem, back) -> None:  # type: ignore[no-untyped-def]
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    TOOLS[name](SMALL)  # libraries are loaded before the clock runs
    back.send(timed(TOOLS[name], problem))


def limited(name: str, problem: RankingProblem) -> tuple[float, list[float]] | str:
    """The tool's time and answer, or why there is none; at most 4 GB and LIMIT_S seconds."""
    here, there = multiprocessing.Pipe()
    worker = multiprocessing.Process(target=_work, args=(name, problem, there))
    worker.start()
    there.close()
    try:
        if here.poll(LIMIT_S + LOADING_S):
            return here.recv()  # type: ignore[no-any-return]
        return f"gave up (no answer in {LIMIT_S:.0f} s)"
    except EOFError:
        return "gave up (memory)"
    finally:
        worker.kill()
        worker.join()


def main() -> None:
    whole = whole_body()
    alive = dict.fromkeys(TOOLS, True)
    filiform(part_of(whole, 8))
    for size in SIZES:
        problem = part_of(whole, size)
        own = min(timed(filiform, problem)[0] for _ in range(3))
        exact = filiform(problem)
        print(f"{size} causes, {len(problem.leak)} observations: Filiform {own * 1000:.1f} ms")
        for name in [one for one, going in alive.items() if going]:
            answer = limited(name, problem)
            if isinstance(answer, str):
                alive[name] = False
                print(f"  {name}: {answer}", flush=True)
                continue
            seconds, found = answer
            apart = max(abs(a - b) for a, b in zip(exact, found, strict=True))
            print(f"  {name}: {seconds:.3f} s, {seconds / own:.0f} times; "
                  f"largest difference {apart:.4f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
