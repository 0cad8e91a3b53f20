"""The terminology ready to use: what has been worked out from its data, kept in files.

Thousands of names in twenty languages take half a second to read, fold and index, and every start
of the command line would pay it. `python tools/terminology/pack.py` writes the result to
`data/terminology/packed`. A file counts only while the digest in its first line is that of the
data and of the code that works it out; otherwise everything is worked out anew: slower, never
wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from filiform.screening.rulebook import data_files, data_folder

Kept = TypeVar("Kept")
CODE = ("folding.py", "terminology.py", "context.py", "substances.py")
"""The modules whose work is kept."""
builders: dict[str, Callable[[], object]] = {}
"""Name of a kept file → what works it out; known once it has been asked for."""


@cache
def digest() -> str:
    """Of the terminology's data and of the code that reads it."""
    found = hashlib.blake2b(digest_size=12)
    for name, content in _sources():
        found.update(name.encode())
        found.update(content.read_bytes())
    return found.hexdigest()


def _sources() -> Iterator[tuple[str, Traversable]]:
    yield from data_files(data_folder() / "terminology")
    room = files("filiform.screening")
    yield from ((name, room / name) for name in CODE if (room / name).is_file())


def kept(name: str, shape: type[Kept], build: Callable[[], Kept]) -> Kept:
    """What `build` returns, from its file when that is up to date."""
    builders[name] = build
    path = data_folder() / "terminology" / "packed" / f"{name}.json"
    if path.is_file():
        made_from, _, content = path.read_bytes().partition(b"\n")
        # Replaced: what is damaged is another digest and no error.
        if made_from.decode("ascii", "replace") == digest():
            return msgspec.json.decode(content, type=shape)
    return build()
