"""Exact inference by following which observations are already explained.

Sources are taken one after the other. What must be remembered of those already taken is only which
observations they have made painful: a set, one of 2^m for m observations, and m is small because a
drawing holds few independent observations. A pass forward and one back give the probability of
every state of every source. All numbers are sums of products of probabilities, so nothing cancels
(the classical Quickscore subtracts, and loses everything when the evidence is unlikely).

Sources that can't make any observation painful are answered by themselves. A key and its
satellites form a block, in which the set is kept twice: key off, key on.

    cost: some 2^m steps for every state and observation that it reaches
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filiform.targeting.problem import Floats, Posterior, Problem

FAINTEST = 0.002
"""A state that makes an observation painful less often than this is taken not to reach it."""


@dataclass(frozen=True, eq=False)
class _Block:
    """A key with its satellites, or a source by itself."""

    key: int
    satellites: tuple[int, ...]


class _Reach:
    """What the states of one source do to sets of observations; numbers are bits of the set."""

    def __init__(self, problem: Problem, source: int) -> None:
        span = problem.states(source)
        self.span = span
        reach = np.where(problem.reach[span] < FAINTEST, 0.0, problem.reach[span])
        self.bits = [(k, reach[:, k]) for k in np.flatnonzero(reach.any(axis=0)).tolist()]
        self.on = problem.share[span] * problem.on_factor[span]
        self.off = float(problem.off_factor[source])
        self.priors = (float(problem.prior[source]), float(problem.prior_with_key[source]))

    def forward(self, before: Floats) -> Floats:
        """(..., states, sets) from (..., sets): some observations become explained."""
        after = np.repeat(before[..., None, :], len(self.on), axis=-2)
        for bit, chance in self.bits:
            view = after.reshape(*after.shape[:-1], -1, 2, 1 << bit)
            moved = view[..., 0, :] * chance[:, None, None]
            view[..., 1, :] += moved
            view[..., 0, :] -= moved
        return after

    def backward(self, after: Floats) -> Floats:
        """The transpose of `forward`: (..., states, sets) from (..., sets)."""
        before = np.repeat(after[..., None, :], len(self.on), axis=-2)
        for bit, chance in self.bits:
            view = before.reshape(*before.shape[:-1], -1, 2, 1 << bit)
            view[..., 0, :] += (view[..., 1, :] - view[..., 0, :]) * chance[:, None, None]
        return before


def posterior(problem: Problem) -> Posterior:
    """Probabilities of all states and sources, exact but for `FAINTEST`."""
    run = _Run(problem)
    return run.answer()


class _Run:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.state = np.zeros(len(problem.share))
        self.reach = [_Reach(problem, source) for source in range(len(problem.key))]
        self.log_alone = 0.0
        self.blocks = self._blocks()

    def _blocks(self) -> list[_Block]:
        """Blocks that reach an observation; the others are answered here and now."""
        followers = self.problem.followers()
        blocks = []
        for source, key in enumerate(self.problem.key.tolist()):
            if key >= 0:
                continue
            block = _Block(source, tuple(followers.get(source, ())))
            if any(self.reach[one].bits for one in (source, *block.satellites)):
                blocks.append(block)
            else:
                self._answer_alone(block)
        return blocks

    def _answer_alone(self, block: _Block) -> None:
        nothing = np.ones(1)
        forward = self._block_forward(block, nothing)
        total = float(forward[-1].sum())
        self._block_backward(block, forward, nothing, total)
        self.log_alone += math.log(total)

    def answer(self) -> Posterior:
        problem = self.problem
        sets = 1 << len(problem.leak)
        now = np.zeros(sets)
        now[0] = 1.0
        passed: list[list[Floats]] = []
        for block in self.blocks:
            steps = self._block_forward(block, now)
            passed.append(steps)
            now = steps[-1].sum(axis=0)
        rest = _leaks(problem.leak)
        evidence = now * rest
        total = float(evidence.sum())
        for block, steps in zip(reversed(self.blocks), reversed(passed), strict=True):
            rest = self._block_backward(block, steps, rest, total)
        source = np.add.reduceat(self.state, problem.first_state[:-1]) if self.state.size else []
        return Posterior(
            self.state,
            np.asarray(source, dtype=np.float64),
            _missed(evidence / total, len(problem.leak)),
            math.log(total) + self.log_alone,
        )

    def _block_forward(self, block: _Block, before: Floats) -> list[Floats]:
        """What stood before the block, then (2, sets) after the key and after each satellite."""
        key = self.reach[block.key]
        prior = key.priors[0]
        off = before * ((1 - prior) * key.off)
        on = (prior * key.on) @ key.forward(before)
        steps = [before, np.stack([off, on])]
        for one in block.satellites:
            reach, now = self.reach[one], steps[-1]
            chance = np.array(reach.priors)[:, None]
            on = np.einsum("s,ksx->kx", reach.on, reach.forward(now))
            steps.append((1 - chance) * reach.off * now + chance * on)
        return steps

    def _block_backward(
        self, block: _Block, steps: list[Floats], rest: Floats, total: float
    ) -> Floats:
        """Fills in the block's states; gives what must follow, seen from before the block."""
        after = np.stack([rest, rest])
        for one, now in zip(reversed(block.satellites), reversed(steps[1:-1]), strict=True):
            reach = self.reach[one]
            chance = np.array(reach.priors)
            back = reach.backward(after)
            joint = np.einsum("kx,ksx->ks", now, back)
            self.state[reach.span] = (chance @ joint) * reach.on / total
            on = np.einsum("s,ksx->kx", reach.on, back)
            after = (1 - chance)[:, None] * reach.off * after + chance[:, None] * on
        key = self.reach[block.key]
        prior = key.priors[0]
        back = key.backward(after[1])
        self.state[key.span] = prior * key.on * (back @ steps[0]) / total
        return np.asarray((1 - prior) * key.off * after[0] + (prior * key.on) @ back)


def _leaks(leak: Floats) -> Floats:
    """For every set: the probability that the leak makes all others painful."""
    found = np.ones(1)
    for chance in leak:
        found = np.concatenate([found * chance, found])
    return found


def _missed(share: Floats, observations: int) -> Floats:
    """For each observation: the share of sets that don't hold it."""
    return np.array(
        [share.reshape(-1, 2, 1 << bit)[:, 0].sum() for bit in range(observations)]
    )
