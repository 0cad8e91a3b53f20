"""Data files of the pure rooms: TOML beside the code, read as typed values and never trusted."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def read_toml(package: str, name: str, kind: type[T]) -> T:
    """`data/<name>` of a package as a value of `kind`.

    Raises ValueError naming the file, and the field or the line, on a defect.
    """
    text = (files(package) / "data" / name).read_text(encoding="utf-8")
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{package}, data/{name}: {error}") from None
