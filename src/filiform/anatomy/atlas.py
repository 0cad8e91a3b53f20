"""The atlas: everything the project knows about muscles and trigger points, loaded once."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import TypeVar

import msgspec

from filiform.anatomy import readers, search
from filiform.anatomy.areas import Areas
from filiform.anatomy.model import (
    Landmark,
    Muscle,
    PainSource,
    Prevalence,
    PrivilegeRegion,
    Region,
    RegionGroup,
    TriggerPoint,
)
from filiform.anatomy.tables import DataError, data_text, toml_rows

NamedRegion = TypeVar("NamedRegion", PrivilegeRegion, Region, RegionGroup)
DATA_FILES = (
    *("muscles.tsv", "trigger_points.tsv", "needling.tsv", "landmarks.tsv"),
    *("outlines.tsv", "pain_sources.tsv", "prevalence.tsv"),
    *("hazards.toml", "regions.toml", "privileges.toml", "release.toml"),
)


class Atlas(msgspec.Struct, frozen=True, kw_only=True):
    """Muscles, regions, landmarks and privileges by id, in the order of their tables.

    release: the data's version and a digest of its files; stored with every plan.
    """

    release: str
    muscles: dict[str, Muscle]
    regions: dict[str, Region]
    region_groups: dict[str, RegionGroup]
    muscle_regions: dict[str, RegionGroup]
    landmarks: dict[str, Landmark]
    pain_sources: dict[str, PainSource]
    prevalence: tuple[Prevalence, ...]
    privileges: dict[str, PrivilegeRegion]

    @property
    def trigger_points(self) -> tuple[TriggerPoint, ...]:
        return tuple(point for muscle in self.muscles.values() for point in muscle.trigger_points)

    def muscle(self, muscle_id: str) -> Muscle:
        """Raises KeyError naming the id and the nearest names that exist."""
        try:
            return self.muscles[muscle_id]
        except KeyError:
            # Who types an id errs by a letter or a hyphen, which the search forgives.
            near = ", ".join(muscle.id for muscle in self.search_muscles(muscle_id, limit=3))
            hint = f"; did you mean {near}?" if near else ""
            raise KeyError(f"the atlas has no muscle {muscle_id!r}{hint}") from None

    def search_muscles(self, text: str, limit: int = 12) -> tuple[Muscle, ...]:
        """Muscles whose English, Urdu or Latin name, id or short form is like `text`, best first.

        Tolerates misspelling. Empty text finds nothing.
        """
        return tuple(self.muscles[muscle_id] for muscle_id in search.find(self, text, limit))


@cache
def atlas() -> Atlas:
    """The one atlas of this installation. Raises DataError if its data are defective."""
    texts = {name: data_text(name) for name in DATA_FILES}
    return read_atlas(texts)


def read_atlas(texts: dict[str, str]) -> Atlas:
    """The atlas from the texts of DATA_FILES. Raises DataError naming file, row and field."""
    hazards = readers.hazards(texts["hazards.toml"])
    landmarks = readers.landmarks(texts["landmarks.tsv"])
    areas = Areas({mark.id: mark.bilateral for mark in landmarks.values()})
    points = readers.trigger_points(texts["trigger_points.tsv"], areas)
    needling = readers.needling(texts["needling.tsv"])
    privileges = _by_id(
        toml_rows("privileges.toml", texts["privileges.toml"], "privilege", PrivilegeRegion)
    )
    regions = texts["regions.toml"]
    muscle_regions = _by_id(toml_rows("regions.toml", regions, "muscle_region", RegionGroup))
    skin = readers.outlines(texts["outlines.tsv"], areas)
    muscles = readers.muscles(texts["muscles.tsv"], points, needling, skin, hazards)
    for muscle in muscles.values():
        _check_references(muscle, privileges, muscle_regions)
    for name, table in (
        ("trigger_points.tsv", points),
        ("needling.tsv", needling),
        ("outlines.tsv", skin),
    ):
        if strangers := set(table) - set(muscles):
            raise DataError(f"{name}: unknown muscles {sorted(strangers)}")
    # A misspelt muscle in a hazard is a muscle that nobody is warned about.
    if strangers := {name for entry in hazards for name in entry.muscles} - set(muscles):
        raise DataError(f"hazards.toml: unknown muscles {sorted(strangers)}")
    return Atlas(
        release=_release(texts),
        muscles=muscles,
        regions=_by_id(toml_rows("regions.toml", regions, "region", Region)),
        region_groups=_by_id(toml_rows("regions.toml", regions, "group", RegionGroup)),
        muscle_regions=muscle_regions,
        landmarks=landmarks,
        pain_sources=readers.pain_sources(texts["pain_sources.tsv"], areas),
        prevalence=readers.prevalence(texts["prevalence.tsv"], set(muscles)),
        privileges=privileges,
    )


def _release(texts: dict[str, str]) -> str:
    version = tomllib.loads(texts["release.toml"])["release"]
    # In the order of DATA_FILES, with a byte between that no text holds: nothing may shift unseen.
    digest = hashlib.sha256("\0".join(texts[name] for name in DATA_FILES).encode()).hexdigest()
    return f"{version}+{digest[:8]}"


def _by_id(entries: Iterable[NamedRegion]) -> dict[str, NamedRegion]:
    found: dict[str, NamedRegion] = {}
    for entry in entries:
        if entry.id in found:
            raise DataError(f"the id {entry.id!r} is used twice")
        found[entry.id] = entry
    return found


def _check_references(
    muscle: Muscle, privileges: dict[str, PrivilegeRegion], regions: dict[str, RegionGroup]
) -> None:
    if not muscle.privileges or not muscle.privileges <= set(privileges):
        raise DataError(
            f"muscles.tsv, {muscle.id}, privileges: got {sorted(muscle.privileges)}, "
            f"allowed {sorted(privileges)}"
        )
    if muscle.region not in regions:
        raise DataError(f"muscles.tsv, {muscle.id}, region: {muscle.region!r} is not a region")
    # The two columns are filled in by hand, and the lung must not depend on one of them alone.
    if muscle.over_lung and "thorax" not in muscle.privileges:
        raise DataError(f"muscles.tsv, {muscle.id}: over the lung, so it needs 'thorax'")
