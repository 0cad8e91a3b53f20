"""Simulated patients who don't share the model's secrets. Random numbers come from a given key.

What the ranking believes is only near the truth here: how common each source is, how often it is
felt in a zone and where the zone lies differ from patient to patient; some draw coarsely, some
paint over everything between, some put one dot; some pain comes from outside the atlas; examiners
agree as they do in the studies, one better than another, and what they felt first in a muscle
colours what they feel next.

All of it are design values (`Habits`): nothing of it was measured. Better figures here only say
that a method stands more disorder, not that it is right in a clinic; published cases are for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import numpy as np

from filiform.anatomy import TriggerPoint, atlas
from filiform.anatomy.surface import PatchWeights, draw, parse_area, patches
from filiform.anatomy.zones import outline
from filiform.arrays import Floats, Ints
from filiform.targeting.case import DrawnArea, PainCase, PalpationFinding, Side
from filiform.targeting.complaints import complaints
from filiform.targeting.evidence import places
from filiform.targeting.knowledge import finding_kinds, parameters
from filiform.targeting.network import NetworkSource, network
from filiform.targeting.priors import by_complaint

Drawer = Literal["careful", "coarse", "over-painting", "one-dot"]
DRAWERS: tuple[Drawer, ...] = ("careful", "coarse", "over-painting", "one-dot")


@dataclass(frozen=True)
class Habits:
    """How simulated patients and examiners behave (design values; shares are 0 to 1).

    uncommon: spread of how common a source really is, in natural logarithms. unlike: share of
    active points felt elsewhere than published, in a zone of a neighbour. drawers: as in DRAWERS.
    outside: share whose whole pain has no source of the atlas.
    """

    complaint_told: float = 0.5
    uncommon: float = 0.7
    both_sides: float = 0.15
    near_odds: float = 5.0
    near_cm: float = 14.0
    far_odds: float = 0.15
    most_causes: int = 5
    essential_felt: tuple[float, float] = (0.5, 0.95)
    spillover_felt: tuple[float, float] = (0.1, 0.5)
    local_felt: tuple[float, float] = (0.3, 0.9)
    unlike: float = 0.2
    moved_cm: float = 3.0
    stretched: float = 0.4
    cut: float = 0.2
    left_out: float = 0.2
    drawers: tuple[float, float, float, float] = (0.4, 0.3, 0.15, 0.15)
    stray: float = 0.2
    outside: float = 0.06
    halo: float = 0.5
    kappa_spread: float = 0.15


@dataclass(frozen=True, eq=False)
class SimulatedPatient:
    """case: complaint and drawing, nothing examined yet. first: place of the first cause in the
    network, -1 where no cause is in the atlas. causes: all places. drawer: how it was drawn."""

    case: PainCase
    first: int
    causes: frozenset[int]
    key: int
    drawer: Drawer = "careful"

    def muscles(self) -> frozenset[int]:
        sources = network().sources
        return frozenset(at for at in self.causes if sources[at].muscular)


class Examiner:
    """Palpates a simulated patient; better or worse than the mean of the studies, by kappa."""

    def __init__(self, patient: SimulatedPatient, habits: Habits | None = None) -> None:
        self.patient = patient
        # A stream of its own: how much is examined must not change what later patients drew.
        self.random = np.random.default_rng([patient.key, 7])
        self.habits = habits or Habits()
        self.apart = self.habits.kappa_spread * float(self.random.uniform(-1, 1))
        self.right_before: dict[tuple[str, Side], bool] = {}

    def examine(self, muscle: str, side: Side, finding: str) -> PalpationFinding:
        kind = finding_kinds()[finding]
        active = network().place[muscle, side] in self.patient.causes
        # The same way from kappa to accuracy as in `FindingKind`, so that the mean examiner is the
        # published one.
        better = kind.validity * (np.sqrt(np.clip(kind.kappa + self.apart, 0, 1)) - kind.kappa**0.5)
        accuracy = (kind.sensitivity if active else kind.specificity) + better / 2
        right = bool(self.random.random() < accuracy)
        # Errors hang together within a muscle: the model's fading has to stand that.
        if (muscle, side) in self.right_before and self.random.random() < self.habits.halo:
            right = self.right_before[muscle, side]
        self.right_before[muscle, side] = right
        return PalpationFinding(muscle, side, finding, right == active)


def patients(key: int, count: int, habits: Habits | None = None) -> Iterator[SimulatedPatient]:
    """So many patients; the same key gives the same ones."""
    behave = habits or Habits()
    for number in range(count):
        # Each patient has a seed of their own, so the first ten of a thousand are the ten of ten.
        yield _patient(key * 1_000_003 + number, behave)


def _patient(key: int, habits: Habits) -> SimulatedPatient:
    random = np.random.default_rng(key)
    known = list(complaints().values())
    share = np.array([one.share for one in known], dtype=np.float64)
    comes_with = int(random.choice(len(known), p=share / share.sum()))
    told = known[comes_with].id if random.random() < habits.complaint_told else ""
    drawer = DRAWERS[int(random.choice(len(DRAWERS), p=habits.drawers))]
    causes: list[int] = []
    if random.random() >= habits.outside:
        causes = _causes(random, habits, comes_with)
    drawn = _drawn(random, causes, habits, drawer)
    case = PainCase(drawn, complaint=told, id=key)
    return SimulatedPatient(case, causes[0] if causes else -1, frozenset(causes), key, drawer)


def _causes(random: np.random.Generator, habits: Habits, comes_with: int) -> list[int]:
    """A first cause, and others more often near it and as its satellites."""
    net, left = network(), bool(random.integers(2))
    both = random.random() < habits.both_sides
    here = by_complaint()[comes_with]
    here = here * np.exp(random.normal(0, habits.uncommon, len(here)))
    half = net.sided // 2
    other = 1.0 if both else (1 - parameters().affected_side) / parameters().affected_side
    sides = (here[:half], here[:half] * other) if left else (here[:half] * other, here[:half])
    chance = np.concatenate([*sides, here[half:]]).clip(0, 0.95)
    first = int(random.choice(len(chance), p=chance / chance.sum()))
    away = np.linalg.norm(_sites() - _sites()[first], axis=1)
    odds = habits.far_odds + habits.near_odds * np.exp(-away / habits.near_cm)
    # A source without skin is near nothing.
    odds[np.isnan(odds)] = habits.far_odds
    odds[net.key == first] *= parameters().satellite_odds
    more = random.random(len(chance)) < np.minimum(chance * odds / 3, 0.6)
    more[first] = False
    others = random.permutation(np.flatnonzero(more))[: habits.most_causes - 1]
    return [first, *others.tolist()]


@cache
def _sites() -> Floats:
    """(sources, 3): the middle of what each source hurts, in cm; not a number where nothing is."""
    strongest = network().reached.astype(np.float64)
    whole = strongest.sum(axis=1, keepdims=True)
    centres = strongest @ places()[:, :3]
    return np.where(whole > 0, centres / np.maximum(whole, 1e-9), np.nan)


def _drawn(
    random: np.random.Generator, causes: list[int], habits: Habits, drawer: Drawer
) -> tuple[DrawnArea, ...]:
    """What is drawn of all that hurts; never nothing."""
    zones = [zone for at in causes for zone in _felt(random, network().sources[at], habits)]
    # Somebody who draws at all draws one of them.
    kept = [zone for zone in zones if random.random() >= habits.left_out] or zones[:1]
    areas = [_by_hand(random, zone, habits, drawer) for zone in kept]
    if not areas:
        # Pain from outside the atlas has no zone, and still is somewhere.
        areas = [_disc(random, None)]
    elif random.random() < habits.stray:
        areas.append(_disc(random, areas[0]))
    if drawer == "one-dot":
        areas = areas[:1]
    if drawer == "over-painting":
        areas = [_grown(area) for area in areas]
    return tuple(
        DrawnArea(f"area {number}", PatchWeights(area))
        for number, area in enumerate(areas, start=1)
        if area.any()
    )


def _felt(random: np.random.Generator, source: NetworkSource, habits: Habits) -> list[Floats]:
    """The zones in which one active source hurts this patient, the usual one at least."""
    felt: list[Floats] = []
    for essential, spillover in _zones_of(random, source, habits):
        some = random.random(len(essential)) < random.uniform(*habits.essential_felt)
        felt += [zone for zone, yes in zip(essential, some.tolist(), strict=True) if yes]
        some = random.random(len(spillover)) < random.uniform(*habits.spillover_felt)
        felt += [zone for zone, yes in zip(spillover, some.tolist(), strict=True) if yes]
        if not felt:
            felt += essential[:1]
    if source.muscular and random.random() < random.uniform(*habits.local_felt):
        felt.append(outline(source.id, source.side).values.astype(np.float64))
    return felt


def _zones_of(
    random: np.random.Generator, source: NetworkSource, habits: Habits
) -> Iterator[tuple[list[Floats], list[Floats]]]:
    """Essential and spillover zones of what is active: as published, or a neighbour's."""
    if not source.muscular:
        one = atlas().pain_sources[source.id]
        yield _read(one.essential_zones, source.side), _read(one.spillover_zones, source.side)
        return
    points = atlas().muscles[source.id].trigger_points
    count = 2 if len(points) > 1 and random.random() < parameters().several_points else 1
    for at in random.choice(len(points), count, replace=False).tolist():
        point = points[at]
        if random.random() < habits.unlike:
            # A plausible other place, not any: pain that strays is felt in the neighbourhood.
            point = _neighbours(point.id)[int(random.integers(5))]
        yield _read(point.essential_zones, source.side), _read(point.spillover_zones, source.side)


def _read(zones: tuple[str, ...], side: str) -> list[Floats]:
    return [_zone(zone, side) for zone in zones]


@lru_cache(maxsize=512)
def _neighbours(point_id: str) -> tuple[TriggerPoint, ...]:
    """The five points of other muscles whose pain is felt nearest."""
    known = atlas().trigger_points
    middles = _middles()
    own = next(at for at, point in enumerate(known) if point.id == point_id)
    order = np.linalg.norm(middles - middles[own], axis=1).argsort(kind="stable").tolist()
    muscle = known[own].muscle_id
    return tuple([known[at] for at in order if known[at].muscle_id != muscle][:5])


@cache
def _middles() -> Floats:
    """(points, 3): the middle of the essential pain of each, in cm."""
    rows = []
    for point in atlas().trigger_points:
        weights = np.maximum.reduce([_zone(zone, "left") for zone in point.essential_zones])
        rows.append(np.average(places()[:, :3], axis=0, weights=weights))
    return np.stack(rows)


@cache
def _zone(text: str, side: str) -> Floats:
    area = parse_area(text, atlas=True)
    turned = area if side == "midline" else area.on(side)
    return draw(turned).values.astype(np.float64)


def _by_hand(random: np.random.Generator, zone: Floats, habits: Habits, drawer: Drawer) -> Floats:
    """A zone as somebody draws it: moved, stretched, cut off, as a clumsy disc or one dot."""
    some = np.flatnonzero(zone > 0.05)
    where = places()
    size = np.sqrt(sum(patches()[one].area_cm2 for one in some.tolist()) / np.pi)
    middle = np.average(where[some, :3], axis=0, weights=zone[some])
    stretch = float(np.exp(random.normal(0, habits.stretched)))
    # A small zone is not moved by more than its own size: a fingertip is not taken for the wrist.
    shift = random.normal(0, min(habits.moved_cm, size) / np.sqrt(2), 3)
    around = _near(some)
    if drawer != "careful":
        across = {"coarse": size * stretch * 1.2, "over-painting": size * 1.2, "one-dot": 2.0}
        away = np.linalg.norm(where[around, :3] - middle - shift, axis=1)
        # However small the disc, the nearest patch is drawn.
        inside = (away < max(across[drawer], float(away.min()) + 0.1)).astype(np.float64)
    else:
        wanted = where[around].copy()
        wanted[:, :3] = middle + (wanted[:, :3] - shift - middle) / stretch
        apart = ((wanted[:, None, :] - where[None, around, :]) ** 2).sum(axis=2)
        # Each patch asks where it would have lain before the moving; patches have no grid to be
        # shifted on.
        inside = (zone[around][apart.argmin(axis=1)] > 0.5).astype(np.float64)
    if drawer == "careful" and random.random() < habits.cut:
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


def _grown(area: Floats) -> Floats:
    """Painted two steps beyond."""
    found = set(np.flatnonzero(area).tolist())
    for _ in range(2):
        found |= {other for one in found for other in patches()[one].neighbours}
    grown = area.copy()
    grown[sorted(found)] = 1.0
    return grown


def _disc(random: np.random.Generator, beside: Floats | None) -> Floats:
    """A disc somewhere that no source explains: mostly not far from an area, if there is one."""
    where = places()[:, :3]
    pool = np.arange(len(where))
    if beside is not None and random.random() < 0.7:
        middle = np.average(where, axis=0, weights=beside)
        near = np.flatnonzero(np.linalg.norm(where - middle, axis=1) < 30)
        pool = near if near.size else pool
    centre = where[int(random.choice(pool))]
    away: Floats = np.linalg.norm(where - centre, axis=1)
    return np.asarray(away < random.uniform(2, 5), dtype=np.float64)
