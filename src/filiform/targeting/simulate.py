"""Simulated patients, to fit and to judge the ranking with. Random numbers come from a given key.

A patient has a complaint of prevalence.tsv or none, a first cause drawn from the priors, and
others drawn from the priors too, more often near the first and as its satellites. Each active
point hurts in some of its zones; each zone is drawn moved, stretched, cut or as a clumsy disc;
areas are left out, others are stray. Examiners err as often as the published reliability says, and
what they felt first in a muscle colours what they feel next.

How causes gather and how people draw is a design value throughout (`Habits`): nothing of it was
measured, and nothing of it is known to the ranking but through the fitted parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from filiform.anatomy import PainSource, TriggerPoint, atlas
from filiform.anatomy.surface import PatchWeights, draw, parse_area, patches
from filiform.targeting.case import DrawnArea, PainCase, PalpationFinding, Side
from filiform.targeting.evidence import places
from filiform.targeting.knowledge import finding_kinds, parameters
from filiform.targeting.network import Network, NetworkSource, network
from filiform.targeting.priors import complaints, on_sides, other_source
from filiform.targeting.problem import Floats, Ints


@dataclass(frozen=True)
class Habits:
    """How simulated patients and examiners behave (design values, shares from 0 to 1)."""

    complaint_told: float = 0.4
    both_sides: float = 0.15
    near_odds: float = 5.0
    near_cm: float = 14.0
    far_odds: float = 0.15
    most_causes: int = 5
    essential_felt: float = 0.85
    spillover_felt: float = 0.35
    left_out: float = 0.2
    moved_cm: float = 2.5
    stretched: float = 0.35
    cut: float = 0.25
    clumsy: float = 0.25
    stray: float = 0.2
    halo: float = 0.5


@dataclass(frozen=True, eq=False)
class SimulatedPatient:
    """case: complaint and drawing, nothing examined yet. first, causes: places in the network."""

    case: PainCase
    first: int
    causes: frozenset[int]
    key: int

    def muscles(self) -> frozenset[int]:
        sources = network().sources
        return frozenset(at for at in self.causes if sources[at].muscular)


class Examiner:
    """Palpates a simulated patient; what was felt first in a muscle colours the next finding."""

    def __init__(self, patient: SimulatedPatient, habits: Habits | None = None) -> None:
        self.patient = patient
        self.random = np.random.default_rng([patient.key, 7])
        self.habits = habits or Habits()
        self.right_before: dict[tuple[str, Side], bool] = {}

    def examine(self, muscle: str, side: Side, finding: str) -> PalpationFinding:
        kind = finding_kinds()[finding]
        active = network().place[muscle, side] in self.patient.causes
        accuracy = kind.sensitivity if active else kind.specificity
        right = bool(self.random.random() < accuracy)
        if (muscle, side) in self.right_before and self.random.random() < self.habits.halo:
            right = self.right_before[muscle, side]
        self.right_before[muscle, side] = right
        return PalpationFinding(muscle, side, finding, right == active)


def patients(key: int, count: int, habits: Habits | None = None) -> Iterator[SimulatedPatient]:
    """So many patients; the same key gives the same ones."""
    behave = habits or Habits()
    for number in range(count):
        yield _patient(key * 1_000_003 + number, behave)


def _patient(key: int, habits: Habits) -> SimulatedPatient:
    random = np.random.default_rng(key)
    net = network()
    known = list(complaints())
    complaint = str(random.choice(known)) if random.random() < habits.complaint_told else ""
    causes = _causes(random, net, habits, complaint)
    case = PainCase(_drawn(random, net, causes, habits), complaint=complaint, id=key)
    return SimulatedPatient(case, causes[0], frozenset(causes), key)


def _causes(random: np.random.Generator, net: Network, habits: Habits, complaint: str) -> list[int]:
    left = 0.5 if random.random() < habits.both_sides else float(random.integers(2))
    chance = _chances(net, complaint, left)
    first = int(random.choice(len(chance), p=chance / chance.sum()))
    away = np.linalg.norm(_sites() - _sites()[first], axis=1)
    odds = habits.far_odds + habits.near_odds * np.exp(-away / habits.near_cm)
    odds[np.isnan(odds)] = habits.far_odds
    follows = net.key == first
    odds[follows] *= parameters().satellite_odds
    more = random.random(len(chance)) < np.minimum(chance * odds, 0.6)
    more[first] = False
    others = random.permutation(np.flatnonzero(more))[: habits.most_causes - 1]
    return [first, *others.tolist()]


def _chances(net: Network, complaint: str, left: float) -> Floats:
    others = sum(not source.muscular for source in net.sources)
    chance = np.full(len(net.sources), other_source(others))
    for at, source in enumerate(net.sources):
        if source.muscular:
            chance[at] = on_sides(source.id, complaint, left)[source.side == "right"]
    return chance


@cache
def _sites() -> Floats:
    """(sources, 3): the middle of what each source hurts, in cm; not a number where nothing is."""
    net = network()
    strongest = net.reached.astype(np.float64)
    whole = strongest.sum(axis=1, keepdims=True)
    centres = strongest @ places()[:, :3]
    return np.where(whole > 0, centres / np.maximum(whole, 1e-9), np.nan)


def _drawn(
    random: np.random.Generator, net: Network, causes: list[int], habits: Habits
) -> tuple[DrawnArea, ...]:
    """What is drawn of all that hurts; never nothing, since every source has an essential zone."""
    zones = [zone for at in causes for zone in _felt(random, net.sources[at], habits)]
    kept = [zone for zone in zones if random.random() >= habits.left_out] or zones[:1]
    areas = [_by_hand(random, zone, habits) for zone in kept]
    if areas and random.random() < habits.stray:
        areas.append(_stray(random, areas[0]))
    return tuple(
        DrawnArea(f"area {number}", PatchWeights(area))
        for number, area in enumerate(areas, start=1)
        if area.any()
    )


def _felt(random: np.random.Generator, source: NetworkSource, habits: Habits) -> list[Floats]:
    """The zones in which one active source hurts this patient."""
    if source.muscular:
        numbers = list(source.points)
        count = 2 if len(numbers) > 1 and random.random() < parameters().several_points else 1
        muscle = atlas().muscles[source.id]
        points: list[TriggerPoint | PainSource] = [
            muscle.trigger_point(str(one)) for one in random.choice(numbers, count, replace=False)
        ]
    else:
        points = [atlas().pain_sources[source.id]]
    felt = []
    for point in points:
        essential = [z for z in point.essential_zones if random.random() < habits.essential_felt]
        spill = [z for z in point.spillover_zones if random.random() < habits.spillover_felt]
        for zone in essential or list(point.essential_zones[:1]):
            felt.append(_zone(zone, source.side))
        felt += [_zone(zone, source.side) for zone in spill]
    return felt


@cache
def _zone(text: str, side: str) -> Floats:
    area = parse_area(text, atlas=True)
    turned = area if side == "midline" else area.on(side)
    return draw(turned).values.astype(np.float64)


def _by_hand(random: np.random.Generator, zone: Floats, habits: Habits) -> Floats:
    """A zone as somebody draws it: moved, stretched, cut off or as a clumsy disc."""
    some = np.flatnonzero(zone > 0.05)
    where = places()
    size = np.sqrt(sum(patches()[one].area_cm2 for one in some.tolist()) / np.pi)
    middle = np.average(where[some, :3], axis=0, weights=zone[some])
    stretch = float(np.exp(random.normal(0, habits.stretched)))
    shift = random.normal(0, min(habits.moved_cm, 0.7 * size) / np.sqrt(2), 3)
    around = _near(some)
    if random.random() < habits.clumsy:
        away = np.linalg.norm(where[around, :3] - middle - shift, axis=1)
        inside = (away < size * stretch * 1.1).astype(np.float64)
    else:
        wanted = where[around].copy()
        wanted[:, :3] = middle + (wanted[:, :3] - shift - middle) / stretch
        apart = ((wanted[:, None, :] - where[None, around, :]) ** 2).sum(axis=2)
        inside = (zone[around][apart.argmin(axis=1)] > 0.5).astype(np.float64)
    if random.random() < habits.cut:
        way = random.normal(0, 1, 3)
        inside[(where[around, :3] - middle) @ (way / np.linalg.norm(way)) > 0.3 * size] = 0.0
    drawn = np.zeros_like(zone)
    drawn[around] = inside
    return drawn if drawn.any() else (zone > 0.05).astype(np.float64)


def _near(some: Ints) -> Ints:
    """These patches and those up to three steps away."""
    found = set(some.tolist())
    for _ in range(3):
        found |= {other for one in found for other in patches()[one].neighbours}
    return np.array(sorted(found))


def _stray(random: np.random.Generator, first: Floats) -> Floats:
    """A disc somewhere: mostly not far from the first area."""
    where = places()[:, :3]
    near = np.linalg.norm(where - np.average(where, axis=0, weights=first), axis=1) < 30
    pool = np.flatnonzero(near) if random.random() < 0.7 and near.any() else np.arange(len(where))
    centre = where[int(random.choice(pool))]
    away: Floats = np.linalg.norm(where - centre, axis=1)
    return np.asarray(away < random.uniform(2, 5), dtype=np.float64)
