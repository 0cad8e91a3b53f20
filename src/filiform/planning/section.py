"""What the needle passes on its way in: a section through skin, fat, muscle, bone and danger.

    build, sex ──► distances measured in bodies like this ──► layers ─┐
    the needling note's range, what stops the needle ─────────────────┤──► Section
    the atlas' outlines: which muscles lie over the target ───────────┘

Depths are straight in from the skin, in millimetres. Where a boundary was measured, the layer says
so; where nobody measured one it is drawn from the needling note and says that, too. A structure
whose depth nobody published is named and not drawn: a picture would be read as a measurement.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from filiform.anatomy import Muscle, atlas
from filiform.anatomy.model import Approach, UsualGrip
from filiform.planning.distances import Distance, Predicted, nearest_mm, predict
from filiform.planning.knowledge import knowledge
from filiform.planning.limits import AVERAGE_BMI, distances_for, limit_for
from filiform.planning.over import muscles_over
from filiform.planning.patient import Body
from filiform.words import Words

LayerKind = Literal["skin", "fat", "mixed", "over", "target", "bone", "ribs", "finger", "unknown"]
Known = Literal["measured", "note", "moved", "drawn"]
"""measured: a study measured it, by build where it did. note: the needling note's range. moved: the
same, moved with the build as far as the danger behind it moves. drawn: only to be recognised."""

SKIN_MM = 2.0
"""Skin as it is drawn. DER14 measured 1.65 mm in women and 1.89 mm in men on the thigh; of most
other places nobody says, so it is rounded up and called drawn."""

LEAST_LAYER_MM = 1.0
"""A layer thinner than this could not be seen (a choice of the drawing)."""

SHOWN_BELOW = 1.2
"""The picture ends by so much below the deepest thing in it (a choice of the drawing)."""

SKIN = Words(en="Skin", ur="جلد")
FAT = Words(en="Fat", ur="چربی")
BONE = Words(en="Bone", ur="ہڈی")
RIBS = Words(en="Ribs and the gaps between them", ur="پسلیاں اور ان کے درمیان خالی جگہیں")
FINGER = Words(en="Your finger on the far side", ur="دوسری طرف آپ کی انگلی")
UNKNOWN = Words(en="Not measured", ur="پیمائش نہیں ہوئی")


class SectionLayer(msgspec.Struct, frozen=True, kw_only=True):
    """from_mm to to_mm below the skin. spread: nine of ten bodies begin between, where known.
    mixed: fat, then a muscle, with a border that nobody measured."""

    kind: LayerKind
    name: Words
    from_mm: float
    to_mm: float
    known: Known
    spread: tuple[float, float] | None = None
    sources: tuple[str, ...] = ()


class Danger(msgspec.Struct, frozen=True, kw_only=True):
    """What must not be reached. near_mm: as near as it may lie; mean_mm: where it lies in most,
    None where no mean was published. unreached: `near_mm` is a depth at which it was not reached.
    """

    name: Words
    near_mm: float
    mean_mm: float | None
    unreached: bool
    lung: bool
    read: str
    sources: tuple[str, ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """layers: from the skin down, without gaps. unplaced: structures at risk whose depth nobody
    published. end_mm: how deep the picture goes. by_build: something in it follows this body."""

    muscle: str
    grip: UsualGrip
    approach: Approach
    layers: tuple[SectionLayer, ...]
    dangers: tuple[Danger, ...]
    unplaced: tuple[Words, ...]
    end_mm: float
    by_build: bool


class _Site(msgspec.Struct, frozen=True, kw_only=True):
    """What the layers are made from: the muscle, the body, and what was published for both."""

    muscle: Muscle
    body: Body
    grip: UsualGrip
    above: tuple[Muscle, ...]
    known: tuple[Distance, ...]

    def seen(self, kind: str) -> Predicted | None:
        """The nearest of the measured distances of a kind in this body."""
        return _least(self.known, kind, self.body)

    @property
    def moved(self) -> float:
        """How much deeper than in an average build things lie here; 1 where nobody measured.

        The notes are written for an average build. Where the danger behind the muscle was measured
        by build, what lies before it has to fit between: it is moved in the same proportion. For
        the rhomboid this gives 16 to 20 mm in obesity, and the note has 21 to 22 (Seol 2014).
        """
        usual = Body(sex=self.body.sex, age_years=self.body.age_years, height_cm=100.0,
                     weight_kg=AVERAGE_BMI)  # fmt: skip
        by_build = tuple(one for one in self.known if one.kind == "danger" and one.per_bmi_mm)
        here, there = (_least(by_build, "danger", body) for body in (self.body, usual))
        return _middle(here) / _middle(there) if here and there else 1.0


def section(muscle_id: str, body: Body, *, trp: str = "", grip: UsualGrip | None = None) -> Section:
    """What lies under the skin at a muscle's site in this body, as far as anybody published it.

    trp: number of the trigger point, "" for the muscle as a whole. grip: the usual one if None.
    Raises KeyError for an unknown muscle or trigger point.
    """
    muscle = atlas().muscle(muscle_id)
    if trp:
        muscle.trigger_point(trp)
    grip = grip or muscle.needling.usual_grip
    known = distances_for(muscle, grip, trp)
    above = muscles_over(muscle_id, trp)
    site = _Site(muscle=muscle, body=body, grip=grip, above=above, known=known)
    found = [danger for one in known if (danger := _danger(one, body))]
    dangers = tuple(sorted(found, key=lambda one: one.near_mm))
    layers = _layers(site)
    limit = limit_for(muscle, grip, body, trp)
    depths = [layers[-1].from_mm + 8, *(one.mean_mm or one.near_mm for one in dangers)]
    end_mm = round(max([*depths, limit.limit_mm if limit else 0.0]) * SHOWN_BELOW, 1)
    others = [one for other in above for one in distances_for(other, grip, "")]
    return Section(
        muscle=muscle_id,
        grip=grip,
        approach=muscle.needling.approach,
        layers=(*layers[:-1], msgspec.structs.replace(layers[-1], to_mm=end_mm)),
        dangers=dangers,
        unplaced=_unplaced(muscle, dangers),
        end_mm=end_mm,
        by_build=any(one.per_bmi_mm or one.female or one.male for one in (*known, *others)),
    )


def _danger(distance: Distance, body: Body) -> Danger | None:
    """A published danger in this body; None for a mere piece of advice, which is in the limit."""
    # "No deeper than 19 mm" says how deep to go, not where the pleura is.
    if distance.kind != "danger" or distance.least == "advised":
        return None
    near = nearest_mm(distance, body)
    if near is None:
        return None
    seen = predict(distance, body)
    return Danger(
        name=distance.to,
        near_mm=round(near[0], 1),
        mean_mm=_middle(seen) if seen else None,
        unreached=distance.least == "not-reached" and seen is None,
        lung=distance.over_lung,
        read=distance.read,
        sources=distance.sources,
    )


def _middle(seen: Predicted) -> float:
    return round(sum(seen.median_mm) / 2, 1)


def _least(known: tuple[Distance, ...], kind: str, body: Body) -> Predicted | None:
    # Of two series of one place the nearer: a needle must not be longer than needed.
    found = [one for d in known if d.kind == kind and (one := predict(d, body))]
    return min(found, key=_middle, default=None)


def _layers(site: _Site) -> list[SectionLayer]:
    skin = SectionLayer(kind="skin", name=SKIN, from_mm=0.0, to_mm=SKIN_MM, known="drawn",
                 sources=("DER14",))  # fmt: skip
    target = _target(site)
    return [skin, *_above(site, target), target, _behind(site, target.to_mm)]


def _target(site: _Site) -> SectionLayer:
    """The muscle itself: where it was measured to begin and how thick, else as the note works in
    it, moved with the build."""
    seen, note, thick = site.seen("muscle"), site.muscle.needling.depth, knowledge().thickness
    low, high = (note.low_mm, note.high_mm) if note else (SKIN_MM, SKIN_MM)
    begins = max(_middle(seen) if seen else low * site.moved, SKIN_MM + LEAST_LAYER_MM)
    measured = thick.get(site.muscle.id)
    deep = measured.mm if measured else max((high - low) * site.moved, LEAST_LAYER_MM)
    bone = site.seen("bone")
    ends = begins + deep
    # A measured bone ends the muscle that lies on it, whatever the note's range.
    if bone and _middle(bone) > begins + LEAST_LAYER_MM:
        ends = _middle(bone)
    sources = (seen.sources if seen else ()) + (measured.sources if measured else ())
    return SectionLayer(
        kind="target",
        name=site.muscle.name,
        from_mm=round(begins, 1),
        to_mm=round(ends, 1),
        known="measured" if seen else _of_note(site),
        spread=_spread(seen),
        sources=sources or site.muscle.needling.sources[:1],
    )


def _of_note(site: _Site) -> Known:
    return "note" if site.moved == 1.0 else "moved"


def _above(site: _Site, target: SectionLayer) -> list[SectionLayer]:
    """Between skin and target: fat, and the muscles over a deep one. A border of its own only
    where somebody measured the fat there; else one layer in which the one becomes the other."""
    fat = _fat(site)
    names = [one.name for one in site.above] or [site.muscle.name]
    over = Words(
        ", ".join(one.en for one in names), "، ".join(one.in_language("ur") for one in names)
    )
    if fat is None or _middle(fat) > target.from_mm - (LEAST_LAYER_MM if site.above else 0):
        both = Words(f"Fat, then {over.en}", f"چربی، پھر {over.in_language('ur')}")
        return [SectionLayer(kind="mixed", name=both, from_mm=SKIN_MM, to_mm=target.from_mm,
                      known=target.known, sources=target.sources)]  # fmt: skip
    border = max(_middle(fat), SKIN_MM + LEAST_LAYER_MM) if site.above else target.from_mm
    found = [SectionLayer(kind="fat", name=FAT, from_mm=SKIN_MM, to_mm=border, known="measured",
                   spread=_spread(fat), sources=fat.sources)]  # fmt: skip
    if site.above:
        found.append(SectionLayer(kind="over", name=over, from_mm=border, to_mm=target.from_mm,
                           known=target.known, sources=target.sources))  # fmt: skip
    return found


def _fat(site: _Site) -> Predicted | None:
    """Skin and fat over the topmost muscle here, as measured in bodies like this."""
    if not site.above:
        return site.seen("muscle")
    known = tuple(d for muscle in site.above for d in distances_for(muscle, site.grip, ""))
    return _least(known, "muscle", site.body)


def _spread(seen: Predicted | None) -> tuple[float, float] | None:
    if seen is None or seen.low_mm is None or seen.high_mm is None:
        return None
    return seen.low_mm, seen.high_mm


def _behind(site: _Site, ends_mm: float) -> SectionLayer:
    """What lies behind the target: bone, ribs, the finger of a lifted fold, or nobody knows."""
    note, bone = site.muscle.needling, site.seen("bone")
    kind: LayerKind = "unknown"
    name, sources = UNKNOWN, tuple[str, ...]()
    known: Known = "drawn"
    if bone:
        kind, name, known, sources = "bone", bone.to, "measured", bone.sources
    elif note.backstop == "bone":
        kind, name, known, sources = "bone", BONE, "note", note.sources[:1]
    elif site.grip == "pincer" or note.backstop == "fold":
        kind, name = "finger", FINGER
    elif any(one.behind_ribs for one in site.known):
        kind, name = "ribs", RIBS
    return SectionLayer(kind=kind, name=name, from_mm=ends_mm, to_mm=ends_mm, known=known,
                 spread=_spread(bone), sources=sources)  # fmt: skip


def _unplaced(muscle: Muscle, dangers: tuple[Danger, ...]) -> tuple[Words, ...]:
    """Structures at risk that no published depth places in the picture."""
    # A danger that is drawn names the lung; a hazard that says the same need not say it twice.
    lung_drawn = any(one.lung for one in dangers)
    drawn = {one.name.en.casefold() for one in dangers}
    found = [
        one.structure
        for one in muscle.hazards
        if one.structure.en.casefold() not in drawn
        and not (
            lung_drawn and one.structure.en.casefold() in ("lung", "pleura", "pleura and lung")
        )
    ]
    # The region's hazard and the muscle's own note often name one structure, the note at length.
    return tuple(
        one
        for one in dict.fromkeys(found)
        if not any(_words(one) < _words(other) for other in found if other is not one)
    )


def _words(name: Words) -> set[str]:
    return set(name.en.casefold().replace(",", " ").replace("(", " ").replace(")", " ").split())
