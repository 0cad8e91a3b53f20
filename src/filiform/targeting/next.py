"""Which finding to examine next: the one that tells most a second.

A finding tells of the whole body only through its muscle, so what it is expected to tell is the
mutual information of its result and the muscle's state, in bits: exact, and quick for all muscles
at once. Asked are only muscles for which the answers could still change the choice of what to
needle, and only while a second of it tells something: when there is none, the list is empty and
the examination may stop.

A second is what it costs: the test itself (findings.toml), and to find a muscle and the way of the
hands there. So the hands stay on a muscle while it has something to tell. A nerve root is asked by
a neurological screen, named where it tells more a second than the last palpation suggested.
"""

from __future__ import annotations

import math
from functools import cache

import msgspec
import numpy as np

from filiform.anatomy import atlas
from filiform.anatomy.surface import locate, mirrored, parse_point
from filiform.arrays import Floats
from filiform.targeting.answer import PROBABLE, Next, NextScreen
from filiform.targeting.case import Side
from filiform.targeting.examination import Examined, Site, updated
from filiform.targeting.inference import Inference
from filiform.targeting.knowledge import FindingKind, finding_kinds, parameters, screen
from filiform.targeting.network import Network

CHOSEN = 0.5
"""A muscle more probable than this is chosen; without one, the most probable (design value)."""
LEAST_SCREENED = 0.1
"""A root less probable than this is screened when the story asks for it, not the ranking."""
LEAST_BITS = 0.02
"""What tells less is not worth a press (design value)."""
LEAST_BITS_A_SECOND = 0.005
"""What tells less a second is not worth the visit's time: one bit in 200 seconds (design value)."""
ASKED = (
    *("hypersensitive-spot", "taut-band", "recognised-pain", "referred-pain"),
    *("painful-stretch", "weakness"),
)
"""Findings worth asking for: those that experts call defining, the test of range and the resisted
test. The others are taken when told."""
MOST = 8
FIND_SECONDS = 10.0
"""To find a muscle under the hands (design value; nobody timed it)."""
SECONDS_A_CM = 0.4
"""The way of the hands to the next muscle, with turning the patient (design value)."""


def next_examinations(found: Inference, net: Network) -> tuple[Next, ...]:
    """At most eight findings, in the order in which to examine them; empty when all is decided."""
    open_ones = _open_findings(found, net)
    if not open_ones:
        return ()
    # Of equals the last by name comes first, so that the order is the same whatever the rounding.
    # argmax below takes the first of equals.
    open_ones.sort(key=lambda one: (one.muscle, one.side), reverse=True)
    bits = np.array([one.expected_information_bits for one in open_ones])
    test = np.array([finding_kinds()[one.finding].seconds for one in open_ones])
    sites = [(one.muscle, one.side) for one in open_ones]
    site = np.array([sites.index(one) for one in sites])
    where = np.stack([place_of(*one) for one in sites])
    chosen: list[Next] = []
    here = -1
    for _ in range(min(MOST, len(open_ones))):
        # As the crow flies on the reference body: the hands go over the patient, not along the
        # skin.
        way = np.linalg.norm(where - where[here], axis=1) if here >= 0 else np.zeros(len(bits))
        stays = (site == site[here]) & (here >= 0)
        seconds = test + np.where(stays, 0.0, FIND_SECONDS + SECONDS_A_CM * way)
        best = int((bits / seconds).argmax())
        # Without this the hands go on for half an hour, a fiftieth of a bit a press.
        if bits[best] / seconds[best] < LEAST_BITS_A_SECOND:
            break
        chosen.append(msgspec.structs.replace(open_ones[best], seconds=float(seconds[best])))
        # Not asked anew of the posterior: what the answer will be is not known yet, only that it
        # will tell.
        bits[site == site[best]] *= parameters().repeated
        bits[best], here = -1.0, best
    return tuple(chosen)


def next_screens(
    found: Inference, net: Network, examinations: tuple[Next, ...]
) -> tuple[NextScreen, ...]:
    """Roots whose screen tells more a second than the last palpation that is suggested, the most
    telling first; of those that are probable enough to be looked for at all. A root that is told as
    more likely is screened whatever it costs: to miss it is worse than to miss a muscle. At most
    three."""
    rates = [
        one.expected_information_bits / one.seconds if one.seconds else 0.0 for one in examinations
    ]
    # Where palpation has ended, a screen is worth what palpation was at last.
    palpation = min(rates, default=0.0) if len(rates) == MOST else LEAST_BITS_A_SECOND
    screens = []
    for at in range(net.sided):
        source, chance = net.sources[at], float(found.source[at])
        side: Side = "left" if source.side == "left" else "right"
        # A peripheral nerve has another examination than the screen of a root.
        root = source.kind == "nerve-root" and not source.detail
        if not root or chance < LEAST_SCREENED or (source.id, side) in found.examined:
            continue
        bits = expected_bits(chance, screen(), Examined(source.id, side, {}, ()))
        worth = chance >= PROBABLE or bits / screen().seconds >= palpation
        if bits >= LEAST_BITS and worth:
            screens.append(NextScreen(source.id, side, bits, screen().seconds))
    screens.sort(key=lambda one: (-one.expected_information_bits, one.source, one.side))
    return tuple(screens[:3])


@cache
def place_of(muscle: str, side: Side) -> Floats:
    """Where the hand goes: the muscle's first point on the reference body, in cm."""
    point = atlas().muscles[muscle].trigger_points[0]
    spot = locate(parse_point(point.site_point))
    return np.asarray((mirrored(spot) if side == "right" else spot).at())


def _open_findings(found: Inference, net: Network) -> list[Next]:
    half = net.sided // 2
    muscles = [at for at in range(net.sided) if net.sources[at].muscular]
    # Of equals the first by name, left before right: the advice must not hang on rounding.
    leader = max(muscles, key=lambda at: (found.source[at], -(at % half), at < half))
    best = float(found.source[leader])
    findings = []
    for at in muscles:
        chance = float(found.source[at])
        # No single finding could tell `LEAST_BITS` of a muscle so improbable; most of them end
        # here.
        if chance < 0.005:
            continue
        source = net.sources[at]
        side: Side = "left" if source.side == "left" else "right"
        nothing = Examined(source.id, side, {}, ())
        seen = found.examined.get((source.id, side), nothing)
        if _matters(chance, best, at == leader, seen):
            findings += _of_muscle(chance, (source.id, side), seen)
    return findings


def _matters(chance: float, best: float, leads: bool, seen: Examined) -> bool:
    """Whether all remaining answers together could change the choice."""
    present, absent = _remaining(seen)
    before = seen.log_ratio()
    # The findings so far are in `chance` already; only what the further ones add may count.
    high = updated(chance, present - before)
    low = updated(chance, absent - before)
    threshold = min(CHOSEN, best)
    if leads:
        # The first is needled unless palpation can still bring it below; that it may rise changes
        # nothing.
        return low < CHOSEN
    return high >= threshold if chance < threshold else low < threshold


def _remaining(seen: Examined) -> tuple[float, float]:
    """Log ratio of all findings if everything still asked were present, and if it were absent."""
    if not seen.done:
        return _of_nothing()
    present, absent = seen, seen
    for kind in ASKED:
        if kind not in seen.done:
            present = present.with_finding(kind, True)
            absent = absent.with_finding(kind, False)
    return present.log_ratio(), absent.log_ratio()


@cache
def _of_nothing() -> tuple[float, float]:
    """The same of a muscle that nobody has touched yet: of all of them."""
    ratios = []
    for result in (True, False):
        every = Examined("", "left", dict.fromkeys(ASKED, result), ())
        ratios.append(every.log_ratio())
    return ratios[0], ratios[1]


def _of_muscle(chance: float, site: Site, seen: Examined) -> list[Next]:
    found = []
    for kind in ASKED:
        # A muscle that no grip reaches shows no band, whoever asks for it.
        if kind in seen.done or (kind == "taut-band" and not _is_felt(site[0])):
            continue
        bits = expected_bits(chance, finding_kinds()[kind], seen)
        if bits >= LEAST_BITS:
            found.append(Next(site[0], site[1], kind, bits))
    return found


@cache
def _is_felt(muscle: str) -> bool:
    return bool(atlas().muscles[muscle].needling.grips)


def expected_bits(chance: float, kind: FindingKind, seen: Examined) -> float:
    """Mutual information of the result and the muscle's being active, in bits.

    What was found in the muscle before makes it less: the finding's accuracy shrinks as its
    weight does.
    """
    # The same fading as in the likelihood, else the next question in a muscle would promise too
    # much.
    fade = parameters().repeated ** len(seen.kinds)
    middle = (1 + kind.youden * fade) / 2
    if_active = middle + kind.tilt
    if_not = 1 - middle + kind.tilt
    present = chance * if_active + (1 - chance) * if_not
    return _bits(present) - chance * _bits(if_active) - (1 - chance) * _bits(if_not)


def _bits(chance: float) -> float:
    """Entropy of a yes or no."""
    # The limit is 0, but the logarithm isn't finite there.
    if not 0 < chance < 1:
        return 0.0
    return -chance * math.log2(chance) - (1 - chance) * math.log2(1 - chance)
