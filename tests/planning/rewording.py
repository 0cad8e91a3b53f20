"""The project's data with every note reworded, or with every id of a muscle and region renamed."""

from __future__ import annotations

import importlib
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from filiform.anatomy import atlas
from filiform.anatomy.schema import needling_schema
from filiform.anatomy.tables import data_text as atlas_text
from filiform.planning import knowledge
from filiform.planning.knowledge import data_text as planning_text

PROSE = {
    "needling.tsv": needling_schema().prose,
    "muscles.tsv": ("origin", "insertion", "innervation", "mimics_en", "mimics_ur"),
    "trigger_points.tsv": ("site_en", "site_ur"),
}
BY_MUSCLE = ("muscles.tsv", "trigger_points.tsv", "needling.tsv", "outlines.tsv", "prevalence.tsv")


def reworded(name: str, text: str, words: str) -> str:
    """The same file, with every note for people replaced by `words` and nothing else."""
    if name.endswith(".toml"):
        text = re.sub(r'\b(en|ur) = "[^"]*"', rf'\1 = "{words}"', text)
        return re.sub(r'^evidence = ".*"$', f'evidence = "{words}"', text, flags=re.M)
    if name not in PROSE:
        return text
    header, *lines = text.splitlines()
    places = {header.split("\t").index(column) for column in PROSE[name]}
    rows = [
        [words if place in places else field for place, field in enumerate(line.split("\t"))]
        for line in lines
    ]
    return "\n".join([header, *("\t".join(row) for row in rows)]) + "\n"


def new_ids() -> dict[str, str]:
    """Old → new id of every muscle and muscle region; the new ones say nothing."""
    muscles = {one: f"m{place}" for place, one in enumerate(sorted(atlas().muscles))}
    regions = {f"region {one}": f"r{n}" for n, one in enumerate(sorted(atlas().muscle_regions))}
    return muscles | regions


def renamed(name: str, text: str, ids: dict[str, str]) -> str:
    """The same file, with every id replaced wherever it stands as an id."""
    regions = {old.removeprefix("region "): ids[old] for old in ids if old.startswith("region ")}
    if name in BY_MUSCLE:
        header, *lines = text.splitlines()
        place = header.split("\t").index("region") if "\tregion\t" in header else None
        rows = [line.split("\t") for line in lines]
        for row in rows:
            row[0] = ids[row[0]]
            if place is not None:
                row[place] = regions[row[place]]
        return "\n".join([header, *("\t".join(row) for row in rows)]) + "\n"
    if name == "regions.toml":
        head = r'(\[\[muscle_region\]\]\nid = )"([^"]+)"'
        return re.sub(head, lambda found: f'{found[1]}"{regions[found[2]]}"', text)
    if name == "needles.toml":
        text = re.sub(r'regions = \["([^"]+)"\]', lambda f: f'regions = ["{regions[f[1]]}"]', text)
        before, table, after = text.partition("[usual_diameter_mm]")
        after = re.sub(r"^([a-z-]+)(?= = )", lambda found: regions[found[1]], after, flags=re.M)
        text = before + table + after
    if name.endswith(".toml"):
        text = re.sub(r'"([a-z0-9-]+)"', lambda f: f'"{ids.get(f[1], f[1])}"', text)
    return text


def unnamed_distances(name: str, text: str) -> str:
    """The same file; of distances, every id and every name says nothing."""
    if name != "distances.toml":
        return text
    numbers = itertools.count()
    text = re.sub(r'^id = ".*"$', lambda _found: f'id = "d{next(numbers)}"', text, flags=re.M)
    return reworded(name, text, "–")


@contextmanager
def data_as(change: object) -> Iterator[None]:
    """Within it, atlas and planning read their files through `change(name, text)`."""
    loader = importlib.import_module("filiform.anatomy.atlas")
    tables = importlib.import_module("filiform.planning.knowledge")
    patch = pytest.MonkeyPatch()
    patch.setattr(loader, "data_text", lambda name: change(name, atlas_text(name)))
    patch.setattr(tables, "data_text", lambda name: change(name, planning_text(name)))
    _forget()
    try:
        yield
    finally:
        patch.undo()
        _forget()


def _forget() -> None:
    atlas.cache_clear()
    knowledge.cache_clear()
