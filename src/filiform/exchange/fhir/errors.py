"""What can go wrong while reading a record that others wrote, and the sentence for it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class Notice(msgspec.Struct, frozen=True):
    """A sentence by its code, with what is filled in.

    code: of `sentences/reading.toml`, where it stands in English and in Urdu.
    params: name and value, as text; pairs, because notices are counted and need a hash.
    """

    code: str
    params: tuple[tuple[str, str], ...] = ()


def notice(code: str, **params: object) -> Notice:
    """The notice of a code; `reading-` is put before it."""
    return Notice(f"reading-{code}", tuple((name, str(value)) for name, value in params.items()))


@cache
def _english() -> dict[str, str]:
    # This file alone: most records are read whole, and none should wait for every sentence.
    text = (files("filiform") / "sentences" / "reading.toml").read_text("utf-8")
    return {code: entry["says"]["en"] for code, entry in tomllib.loads(text).items()}


def in_english(*notices: Notice) -> str:
    """One after the other, as the command line and its JSON say it."""
    return "; ".join(_english()[one.code] % dict(one.params) for one in notices)


class BundleError(ValueError):
    """The input cannot be used at all; the notices say why, and their English fits on one line."""

    def __init__(self, code: str, *further: Notice, **params: object) -> None:
        self.notices = (notice(code, **params), *further)
        super().__init__(" ".join(in_english(one) for one in self.notices))


class ResourceError(ValueError):
    """One resource cannot be read; the notice says why, and the others are read on."""

    def __init__(self, notice_: Notice) -> None:
        super().__init__(in_english(notice_))
        self.notice = notice_
