"""The page docs/reference/what-proves-what.md, made from the table that the code reads.

`python -m filiform.screening.evidence_page [FILE]` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from filiform.screening.evidence_table import ProcedureRow, WordsRow, table

TARGET = Path("docs/reference/what-proves-what.md")

HEAD = """\
# What proves what

Made from `screening/data/proves.toml` by `python -m filiform.screening.evidence_page`; the code
reads the same table. A name in a record is not yet a fact about the patient: a test carries the
name of the disease it looks for, an eye drop that of the medicine it holds.

| resource | proves |
|---|---|"""


def page() -> str:
    """The whole page as Markdown."""
    lines = [HEAD, *(f"| {row.what} | {row.proves} |" for row in table().resource)]
    lines += ["\n## Procedures\n"]
    for row in table().procedure:
        lines += _procedure(row)
    lines += ["## Observations\n", *_rows(table().observation)]
    lines += ["## Medicines\n", *_rows(table().medicine)]
    return "\n".join(lines).rstrip() + "\n"


SAYS = {
    "proves": "counts", "asks": "is asked about", "nothing": "is passed over",
    "gone": "is gone from that day on",
}  # fmt: skip


def _procedure(row: ProcedureRow) -> Iterator[str]:
    yield f"**{row.what}** proves {row.proves}. {row.why}\n"
    yield f"- a disease in its name {SAYS[row.disease]}"
    yield f"- a device in its name {SAYS[row.device]}"
    yield f"- an operation in its name {SAYS[row.operation]}"
    if row.id == "looking":
        both = table().looking_yet_doing
        yield f"- {both.what} proves {both.proves}: {', '.join(both.words)}"
    if row.words:
        yield f"- words: {_listed(row.words)}"
    if row.unless:
        yield f"- not with: {_listed(row.unless)}"
    yield ""


def _rows(rows: dict[str, WordsRow]) -> Iterator[str]:
    for row in rows.values():
        yield f"**{row.what}** proves {row.proves}. {row.why}".rstrip() + "\n"
        if row.atc:
            yield f"- ATC: {', '.join(row.atc)}"
        if row.codes:
            yield f"- codes: {', '.join(row.codes)}"
        if row.words:
            yield f"- words: {_listed(row.words)}"
        yield ""


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in dict.fromkeys(words))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.write_text(page(), "utf-8")
