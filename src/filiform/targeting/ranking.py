"""The answer to a case: all sources ranked, what explains what, what to palpate next."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from filiform.anatomy import atlas
from filiform.arrays import Floats, Ints
from filiform.targeting.answer import (
    Note,
    PointChance,
    Ranked,
    RedFlagSource,
    TakenComplaint,
    TargetingAnswer,
)
from filiform.targeting.case import PainCase
from filiform.targeting.complaints import told, weights
from filiform.targeting.explaining import explanations
from filiform.targeting.inference import Inference, infer
from filiform.targeting.knowledge import parameters
from filiform.targeting.network import Network, network
from filiform.targeting.next import next_examinations, next_screens
from filiform.targeting.territory import share_inside

ACCOUNTED = 0.4
"""A source accounts for an area when its zones reach so much of it (design value)."""
RED_FLAG_COVERS = 0.25
"""A source's warning is shown when its zones reach so much of the drawing (design value)."""
ELSEWHERE = 0.02
"""A drawing with less of it in the skin of the complaint contradicts it (design value)."""
WIDE_SHARE = 0.5
"""A drawing over so much of the body's skin says nothing of where the pain comes from."""


def rank(case: PainCase) -> TargetingAnswer:
    """Every source with its probability, most probable first; equals by name and side.

    Never fails on a readable case: without a drawing and findings the prior is the answer, and it
    is wide. `notes` says what of the input could not count.
    """
    net, found = network(), infer(case)
    covers = covers_drawing(case, net)
    ranked = _ranked(case, net, found, covers)
    examinations = next_examinations(found, net)
    return TargetingAnswer(
        id=case.id,
        complaint=_taken(case.complaint),
        ranked=ranked,
        next_examination=examinations,
        next_screen=next_screens(found, net, examinations),
        unexplained_fraction=found.unexplained,
        explanations=explanations(found, net),
        red_flags=_red_flags(ranked, _asked_first(case.complaint)),
        notes=_notes(case, found),
        release=release(),
    )


@cache
def release() -> str:
    """The atlas' release and a digest of the model's own data."""
    folder = files("filiform.targeting") / "data"
    names = (
        # Only what moves a number. Published cases and stored figures change without another
        # ranking.
        *("parameters.toml", "findings.toml", "satellites.tsv", "complaints.toml"),
        *("other_sources.tsv", "referral_frequency.tsv"),
    )
    texts = "\0".join((folder / name).read_text("utf-8") for name in names)
    return f"{atlas().release}.{hashlib.sha256(texts.encode()).hexdigest()[:8]}"


def _taken(text: str) -> tuple[TakenComplaint, ...]:
    """All complaints that were taken; one that was told by two names stands once."""
    weight = weights(text)
    found: dict[str, TakenComplaint] = {}
    # By its own name rather than by a general one.
    for part in sorted(told(text), key=lambda one: one.general):
        for one in part.complaints:
            general = part.id if part.general else ""
            taken = TakenComplaint(one.id, one.name.en, one.studied_as, weight[one.id], general)
            found.setdefault(one.id, taken)
    return tuple(found.values())


def _asked_first(text: str) -> frozenset[str]:
    """Sources whose warning comes with the complaint's name, whatever is drawn."""
    return frozenset(source for part in told(text) for source in part.asks_first)


def _ranked(case: PainCase, net: Network, found: Inference, covers: Floats) -> tuple[Ranked, ...]:
    by_area = _accounted(case, net)
    some = np.logical_or.reduce(by_area, axis=1).tolist()
    names = tuple(area.name for area in case.pain)
    points = _point_chances(net, found)
    entries = []
    said, before, reach = found.source.tolist(), found.prior.tolist(), covers.tolist()
    for at, source in enumerate(net.sources):
        # Most of the 428 sources reach nothing that was drawn: they share one tuple.
        yes, no = _parted(names, by_area[at].tolist()) if some[at] else ((), names)
        entries.append(
            Ranked(
                source=source.id,
                kind=source.kind,
                side=source.side,
                probability=said[at],
                points=points[at],
                explains=yes,
                does_not_explain=no,
                covers=reach[at],
                prior=before[at],
                detail=source.detail,
            )
        )
    return tuple(sorted(entries, key=lambda one: (-one.probability, one.source, one.side)))


def _parted(names: tuple[str, ...], reached: list[bool]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Areas that a source accounts for, and the others."""
    pairs = list(zip(names, reached, strict=True))
    return tuple(n for n, yes in pairs if yes), tuple(n for n, yes in pairs if not yes)


def _point_chances(net: Network, found: Inference) -> list[tuple[PointChance, ...]]:
    """Of each source's points: the sum over the states in which it is active."""
    state, point, first, names = _point_table()
    totals = np.bincount(point, found.state[state], int(first[-1])).tolist()
    ends = first.tolist()
    return [
        tuple(PointChance(name, totals[a + k]) for k, name in enumerate(own))
        for own, a in zip(names, ends, strict=False)
    ]


@cache
def _point_table() -> tuple[Ints, Ints, Ints, tuple[tuple[str, ...], ...]]:
    """For every active point of every state its state and its place among all points; where each
    source's points begin; their numbers."""
    net = network()
    names = tuple(source.points for source in net.sources)
    first = np.concatenate([[0], np.cumsum([len(own) for own in names])]).astype(np.int64)
    owner = np.repeat(np.arange(len(names)), np.diff(net.first_state)).tolist()
    pairs = [
        (state, int(first[owner[state]]) + one)
        for state, active in enumerate(net.points_of)
        # A joint or an organ has one state and no numbered points: nothing to sum.
        for one in (active if names[owner[state]] else ())
    ]
    table = np.array(pairs, dtype=np.int64)
    return table[:, 0], table[:, 1], first, names


def covers_drawing(case: PainCase, net: Network) -> Floats:
    """(n): share of the whole drawing that each source's zones reach."""
    return _reached(net, [case.drawing.values])[:, 0]


def _accounted(case: PainCase, net: Network) -> npt.NDArray[np.bool_]:
    """(n, areas): whether a source accounts for each of the given areas."""
    return _reached(net, [area.weights.values for area in case.pain]) >= ACCOUNTED


def _reached(net: Network, drawn: Sequence[npt.NDArray[np.float32]]) -> Floats:
    """(n, drawings): share of each drawing that each source's zones reach; 0 of an empty one."""
    if not drawn:
        return np.zeros((len(net.sources), 0))
    # By evidence, not by area: a square centimetre of a finger is drawn with more care than of the
    # back.
    weight = np.stack(drawn, axis=1) * net.evidence.astype(np.float32)[:, None]
    some = np.flatnonzero(weight.any(axis=1))
    # A drawing is a few dozen of 3456 patches, so their rows are taken out before the product.
    share = net.reached_by_patch[some].T @ weight[some]
    return np.asarray(share / np.maximum(weight.sum(axis=0), 1e-9), dtype=np.float64)


def _red_flags(
    ranked: tuple[Ranked, ...], asked: frozenset[str] = frozenset()
) -> tuple[RedFlagSource, ...]:
    """Warnings of sources that reach enough of the drawing, or that the complaint's name asks for
    (of both sides the one that reaches more); most urgent first, then by reach."""
    # How long it can wait goes before how well it fits; the probability is not looked at.
    order = ("emergency", "same-day", "urgent")
    known = atlas().pain_sources
    flags = [
        RedFlagSource(one.source, one.side, one.covers, known[one.source].urgency)
        for one in ranked
        if one.source in known and known[one.source].red_flag and one.covers >= RED_FLAG_COVERS
    ]
    for name in sorted(asked - {one.source for one in flags}):
        most = max((one for one in ranked if one.source == name), key=lambda one: one.covers)
        alike = {one.covers for one in ranked if one.source == name} == {most.covers}
        # Of two that reach alike neither is named: the warning is about both.
        side = "midline" if alike else most.side
        flags.append(RedFlagSource(name, side, most.covers, known[name].urgency))
    return tuple(sorted(flags, key=lambda one: (order.index(one.urgency), -one.covers)))


def _notes(case: PainCase, found: Inference) -> tuple[Note, ...]:
    notes = [
        Note("contradicting-finding", f"{seen.muscle} {seen.side} {kind}")
        for seen in found.examined.values()
        for kind in seen.contradicting
    ]
    drawn = case.drawing.values
    if not drawn.any():
        notes.append(Note("nothing-drawn", ""))
    # Of such a drawing little lies in a small complaint's skin, which is no contradiction then.
    elif float(drawn.mean()) >= WIDE_SHARE:
        notes.append(Note("drawn-everywhere", ""))
    else:
        notes += [
            Note("complaint-elsewhere", part.name.en)
            for part in told(case.complaint)
            # Widespread pain has no skin of its own; no drawing can contradict it. A general name
            # is contradicted when none of its complaints could be meant.
            if all(
                one.where and share_inside(case.drawing.values, one.id) < ELSEWHERE
                for one in part.complaints
            )
        ]
    for area in case.pain:
        if not area.weights.values.any():
            notes.append(Note("area-without-skin", area.name))
        # `drawn` is already without free skin: what an area lost was told both painful and free.
        elif not np.minimum(area.weights.values, drawn).sum() >= area.weights.values.sum() / 2:
            notes.append(Note("painful-and-free", area.name))
    muscles = {seen.muscle for seen in found.examined.values()}
    # A screened root stands among the examined too, and has no trigger points.
    for muscle in sorted(muscles & set(atlas().muscles)):
        if not any(point.essential_zones for point in atlas().muscles[muscle].trigger_points):
            notes.append(Note("muscle-without-zones", muscle))
    if parameters().most_observations <= len(found.problem.leak):
        notes.append(Note("large-drawing", ""))
    return tuple(notes)
