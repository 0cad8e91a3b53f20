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
import numpy.typing as npt

from filiform.arrays import Floats
from filiform.targeting.problem import Posterior, RankingProblem

FAINTEST = 0.001
"""A state that makes an observation painful less often than this is taken not to reach it."""
MANY_BITS = 3
"""From so many observations within reach two small matrices are quicker than bit by bit."""
NEGLIGIBLE = 0.01
"""What all sources that are left aside may change together, at most; measured on 40 whole bodies no
probability moves by more than 0.0001, because the bound takes every other source for off."""


@dataclass(frozen=True, eq=False)
class _Block:
    """A key with its satellites, or a source by itself."""

    key: int
    satellites: tuple[int, ...]


class _Table:
    """What is the same for all sources of a problem, worked out for all of them at once."""

    def __init__(self, problem: RankingProblem, quiet: npt.NDArray[np.bool_]) -> None:
        """quiet (n): sources that are taken to reach nothing."""
        first = problem.first_state[:-1]
        self.reach = np.where(problem.reach < FAINTEST, 0.0, problem.reach)
        reached = np.logical_or.reduceat(self.reach > 0, first, axis=0) & ~quiet[:, None]
        self.bits: list[list[int]] = [[] for _ in first]
        for source, bit in np.argwhere(reached).tolist():
            self.bits[source].append(bit)
        self.ends: list[int] = problem.first_state.tolist()
        self.operators = self._operators(reached, np.diff(problem.first_state))
        self.on = problem.share * problem.on_factor
        self.off: list[float] = problem.off_factor.tolist()
        self.prior: list[float] = problem.prior.tolist()
        self.with_key: list[float] = problem.prior_with_key.tolist()

    def _operators(
        self, reached: npt.NDArray[np.bool_], states: npt.NDArray[np.int64]
    ) -> dict[int, tuple[Floats, Floats]]:
        """Of sources with many bits, the two factors of what each state does to a set.

        Bits are independent, so the matrix over sets is a Kronecker product: (states, 2^high,
        2^high) for the upper half of the bits, (states, 2^low, 2^low), transposed, for the lower.
        """
        # For eight observations two matrices of 16 by 16 instead of one of 256 by 256.
        low = self.reach.shape[1] // 2
        many = reached.sum(axis=1) >= MANY_BITS
        rows = np.flatnonzero(np.repeat(many, states))
        upper = _product(self.reach[rows, low:])
        lower = _product(self.reach[rows, :low]).transpose(0, 2, 1)
        ends = np.concatenate([[0], np.cumsum(states[many])]).tolist()
        return {
            source: (upper[a:b], lower[a:b])
            for source, a, b in zip(np.flatnonzero(many).tolist(), ends, ends[1:], strict=False)
        }


def _product(chances: Floats) -> Floats:
    """(states, 2^m, 2^m) from (states, m): probability of each set after, for each set before."""
    found = np.ones((len(chances), 1, 1))
    for bit in range(chances.shape[1]):
        size, chance = found.shape[1], chances[:, bit, None, None]
        more = np.zeros((len(chances), 2 * size, 2 * size))
        more[:, :size, :size] = found * (1 - chance)
        more[:, size:, :size] = found * chance
        more[:, size:, size:] = found
        found = more
    return found


class _Reach:
    """What the states of one source do to sets of observations; numbers are bits of the set."""

    def __init__(self, table: _Table, source: int) -> None:
        self.span = span = slice(table.ends[source], table.ends[source + 1])
        self.bits = [(bit, table.reach[span, bit, None, None]) for bit in table.bits[source]]
        self.operators = table.operators.get(source)
        self.on = table.on[span]
        self.off = table.off[source]
        self.priors = (table.prior[source], table.with_key[source])

    def forward(self, before: Floats) -> Floats:
        """(..., states, sets) from (..., sets): some observations become explained."""
        if self.operators:
            upper, lower = self.operators
            return self._apply(upper, before, lower)
        after = self._for_each_state(before)
        for bit, chance in self.bits:
            view = after.reshape(*after.shape[:-1], -1, 2, 1 << bit)
            # A copy, taken before the view is written: the second line must not see the first one's
            # change.
            moved = view[..., 0, :] * chance
            view[..., 1, :] += moved
            view[..., 0, :] -= moved
        return after

    @staticmethod
    def _apply(upper: Floats, values: Floats, lower: Floats) -> Floats:
        square = values.reshape(*values.shape[:-1], 1, upper.shape[-1], lower.shape[-1])
        found = upper @ square @ lower
        return np.asarray(found.reshape(*found.shape[:-2], values.shape[-1]))

    def _for_each_state(self, values: Floats) -> Floats:
        if len(self.on) == 1:
            return values[..., None, :].copy()
        return np.repeat(values[..., None, :], len(self.on), axis=-2)

    def backward(self, after: Floats) -> Floats:
        """The transpose of `forward`: (..., states, sets) from (..., sets)."""
        if self.operators:
            upper, lower = self.operators
            return self._apply(upper.transpose(0, 2, 1), after, lower.transpose(0, 2, 1))
        before = self._for_each_state(after)
        for bit, chance in self.bits:
            view = before.reshape(*before.shape[:-1], -1, 2, 1 << bit)
            view[..., 0, :] += (view[..., 1, :] - view[..., 0, :]) * chance
        return before


def posterior(
    problem: RankingProblem, start: Floats | None = None, *, negligible: float = NEGLIGIBLE
) -> Posterior:
    """Probabilities of all states and sources, exact but for `FAINTEST` and `NEGLIGIBLE`.

    start (2^m): probability that just these observations are explained before any of these
    sources; by default none is.
    negligible: see NEGLIGIBLE; 0 follows every source.
    """
    return _Run(problem, start, negligible).answer()


class _Run:
    def __init__(
        self,
        problem: RankingProblem,
        start: Floats | None,
        negligible: float,
        keep: frozenset[int] = frozenset(),
    ) -> None:
        """keep: sources whose blocks are followed even if they reach nothing."""
        self.problem = problem
        self.state = np.zeros(len(problem.share))
        self.start = start if start is not None else _nothing(len(problem.leak))
        self.log_alone = 0.0
        self.reach: dict[int, _Reach] = {}
        self.blocks = self._blocks(_immaterial(problem, negligible), keep)

    def _blocks(self, quiet: npt.NDArray[np.bool_], keep: frozenset[int]) -> list[_Block]:
        """Blocks that reach an observation; the others are answered here and now."""
        problem, followers = self.problem, self.problem.followers()
        alone = quiet & (problem.key < 0)
        # A key that reaches nothing still raises its satellites, which may.
        alone[list(followers)] = False
        self._answer_alone(alone)
        blocks = []
        table, silent = _Table(problem, quiet), quiet.tolist()
        for source in np.flatnonzero(~alone & (problem.key < 0)).tolist():
            block = _Block(source, tuple(followers.get(source, ())))
            members = (source, *block.satellites)
            for one in members:
                self.reach[one] = _Reach(table, one)
            # No set of observations has to be carried through it: one number stands for all sets.
            if all(silent[one] for one in members) and not keep.intersection(members):
                self._answer_quiet(block)
            else:
                blocks.append(block)
        return blocks

    def _answer_quiet(self, block: _Block) -> None:
        """A key with satellites of which none reaches an observation."""
        nothing = np.ones(1)
        steps = self.forward_block(block, nothing)
        total = float(steps[-1].sum())
        self.backward_block(block, steps, nothing, total)
        self.log_alone += math.log(total)

    def _answer_alone(self, alone: npt.NDArray[np.bool_]) -> None:
        problem = self.problem
        first = problem.first_state[:-1]
        owner = np.repeat(np.arange(len(first)), np.diff(problem.first_state))
        joint = problem.prior[owner] * problem.share * problem.on_factor
        total = np.add.reduceat(joint, first) + (1 - problem.prior) * problem.off_factor
        mine = alone[owner]
        self.state[mine] = (joint / total[owner])[mine]
        self.log_alone = float(np.log(total[alone]).sum())

    def answer(self) -> Posterior:
        problem = self.problem
        now = self.start
        passed: list[list[Floats]] = []
        for block in self.blocks:
            steps = self.forward_block(block, now)
            passed.append(steps)
            # After the last satellite nobody asks any more whether the key is on.
            now = steps[-1][0] + steps[-1][1] if block.satellites else steps[-1]
        rest = _leaks(problem.leak)
        # All drawn parts are painful for certain, so the leak has to make up for what no source
        # explains.
        evidence = now * rest
        total = float(evidence.sum())
        for block, steps in zip(reversed(self.blocks), reversed(passed), strict=True):
            rest = self.backward_block(block, steps, rest, total)
        return Posterior(
            self.state,
            np.asarray(np.add.reduceat(self.state, problem.first_state[:-1])),
            _missed(evidence / total, len(problem.leak)),
            math.log(total) + self.log_alone,
            now / now.sum(),
        )

    def forward_block(self, block: _Block, before: Floats) -> list[Floats]:
        """What stood before the block, then (2, sets) after the key and after each satellite; of
        a source by itself, (sets) after it."""
        key = self.reach[block.key]
        prior = key.priors[0]
        off = before * ((1 - prior) * key.off)
        on = (prior * key.on) @ key.forward(before)
        if not block.satellites:
            return [before, off + on]
        steps = [before, np.stack([off, on])]
        for one in block.satellites:
            reach, now = self.reach[one], steps[-1]
            chance = np.array(reach.priors)[:, None]
            on = np.einsum("s,ksx->kx", reach.on, reach.forward(now))
            steps.append((1 - chance) * reach.off * now + chance * on)
        return steps

    def branches(
        self, block: _Block, before: Floats, wanted: frozenset[int]
    ) -> list[tuple[tuple[int, ...], Floats]]:
        """Every way in which the wanted sources of a block are on or off, with what follows."""
        key = self.reach[block.key]
        prior = key.priors[0]
        off = before * ((1 - prior) * key.off)
        on = (prior * key.on) @ key.forward(before)
        if block.key in wanted:
            nothing = np.zeros_like(off)
            # Both halves stay, one of them empty: satellites read the key's state from the place.
            ways = [((), np.stack([off, nothing])), ((block.key,), np.stack([nothing, on]))]
        else:
            ways = [((), np.stack([off, on]))]
        for one in block.satellites:
            reach = self.reach[one]
            chance = np.array(reach.priors)[:, None]
            ways = [
                entry
                for chosen, now in ways
                for entry in _apart(
                    one,
                    chosen,
                    (1 - chance) * reach.off * now,
                    chance * np.einsum("s,ksx->kx", reach.on, reach.forward(now)),
                    wanted,
                )
            ]
        return [(chosen, after.sum(axis=0)) for chosen, after in ways]

    def backward_block(
        self, block: _Block, steps: list[Floats], rest: Floats, total: float
    ) -> Floats:
        """Fills in the block's states; gives what must follow, seen from before the block."""
        after = np.stack([rest, rest]) if block.satellites else rest[None]
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
        back = key.backward(after[-1])
        self.state[key.span] = prior * key.on * (back @ steps[0]) / total
        return np.asarray((1 - prior) * key.off * after[0] + (prior * key.on) @ back)


def _immaterial(problem: RankingProblem, negligible: float) -> npt.NDArray[np.bool_]:
    """(n): sources that can be taken to reach nothing, because together they can't matter.

    Whatever the others are, turning a state on multiplies the evidence by at most the product of
    1 + reach / leak over the observations; so a source's odds are never more than its prior odds
    times that. The sources with the smallest such bounds are left aside, as many as sum up to
    `negligible`.
    """
    first = problem.first_state[:-1]
    most = np.exp(np.log1p(problem.reach / problem.leak).sum(axis=1))
    weight = np.add.reduceat(problem.share * problem.on_factor * most, first)
    prior = np.maximum(problem.prior, problem.prior_with_key)
    bound = prior / (1 - prior) * weight / problem.off_factor
    # Stable: of equal bounds the same ones are left aside on every machine.
    order = np.argsort(bound, kind="stable")
    quiet = np.zeros(len(first), dtype=bool)
    quiet[order[np.cumsum(bound[order]) <= negligible]] = True
    return quiet


def _apart(
    one: int, chosen: tuple[int, ...], off: Floats, on: Floats, wanted: frozenset[int]
) -> list[tuple[tuple[int, ...], Floats]]:
    if one not in wanted:
        return [(chosen, off + on)]
    return [(chosen, off), ((*chosen, one), on)]


def _nothing(observations: int) -> Floats:
    start = np.zeros(1 << observations)
    start[0] = 1.0
    return start


def _leaks(leak: Floats) -> Floats:
    """For every set: the probability that the leak makes all others painful."""
    found = np.ones(1)
    for chance in leak:
        # The lower half of the places lacks this observation: there the leak must have made it.
        found = np.concatenate([found * chance, found])
    return found


def _missed(share: Floats, observations: int) -> Floats:
    """For each observation: the share of sets that don't hold it."""
    return np.array([share.reshape(-1, 2, 1 << bit)[:, 0].sum() for bit in range(observations)])


def combinations(
    problem: RankingProblem, candidates: list[int], *, negligible: float = NEGLIGIBLE
) -> dict[tuple[int, ...], float]:
    """For each set of candidates (ascending): probability that just these of them are on."""
    wanted = frozenset(candidates)
    run = _Run(problem, None, negligible, keep=wanted)
    # The order of blocks doesn't change the sum. Those with candidates come last, where the ways
    # part.
    last = [block for block in run.blocks if wanted & {block.key, *block.satellites}]
    now = run.start
    for block in run.blocks:
        if block not in last:
            steps = run.forward_block(block, now)
            now = steps[-1].sum(axis=0) if block.satellites else steps[-1]
    partial: dict[tuple[int, ...], Floats] = {(): now}
    for block in last:
        partial = {
            (*chosen, *more): after
            for chosen, before in partial.items()
            for more, after in run.branches(block, before, wanted)
        }
    reached = {one for block in run.blocks for one in (block.key, *block.satellites)}
    # These are on or off by themselves, whatever the others are: their chance is multiplied in.
    alone = wanted - reached
    rest = _leaks(problem.leak)
    weights = {tuple(sorted(chosen)): float(after @ rest) for chosen, after in partial.items()}
    for one in sorted(alone):
        chance = float(run.state[problem.states(one)].sum())
        weights = {
            key: weight
            for chosen, before in weights.items()
            for key, weight in (
                (chosen, before * (1 - chance)),
                (tuple(sorted((*chosen, one))), before * chance),
            )
        }
    total = sum(weights.values())
    return {chosen: weight / total for chosen, weight in weights.items()}
