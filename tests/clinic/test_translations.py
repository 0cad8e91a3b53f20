"""The compiled catalogues are a cache on disk: unwritable, or made by two servers at once."""

from __future__ import annotations

import os
from pathlib import Path

import polib
import pytest

from filiform.clinic.translations import compile_translations


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of catalogues with one text."""
    catalogue = tmp_path / "clinic" / "locale" / "ur" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    book = polib.POFile()
    book.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    book.append(polib.POEntry(msgid="Needle", msgstr="سوئی"))
    book.save(str(catalogue))
    return catalogue.parents[2]


def texts(folder: Path) -> dict[str, str]:
    made = polib.mofile(str(folder / "ur" / "LC_MESSAGES" / "django.mo"))
    return {one.msgid: one.msgstr for one in made}


def unwritable(_catalogue: polib.POFile, path: str) -> None:
    raise PermissionError(13, "Permission denied", path)


def test_what_was_compiled_last_is_gone_on_with_where_nothing_can_be_written(folder, monkeypatch):
    compile_translations(folder)
    os.utime(folder / "ur" / "LC_MESSAGES" / "django.po", (2**31, 2**31))
    monkeypatch.setattr(polib.POFile, "save_as_mofile", unwritable)
    assert compile_translations(folder) == []
    assert texts(folder) == {"Needle": "سوئی"}


def test_a_clinic_whose_urdu_was_never_compiled_does_not_start_without_it(folder, monkeypatch):
    monkeypatch.setattr(polib.POFile, "save_as_mofile", unwritable)
    with pytest.raises(PermissionError):
        compile_translations(folder)


def test_a_server_that_reads_while_another_compiles_reads_a_whole_file(folder, monkeypatch):
    compile_translations(folder)
    os.utime(folder / "ur" / "LC_MESSAGES" / "django.po", (2**31, 2**31))
    write, seen = polib.POFile.save_as_mofile, []

    def write_slowly(catalogue: polib.POFile, path: str) -> None:
        Path(path).write_bytes(b"half a fi")
        seen.append(texts(folder))
        write(catalogue, path)

    monkeypatch.setattr(polib.POFile, "save_as_mofile", write_slowly)
    assert compile_translations(folder) == [folder / "ur" / "LC_MESSAGES" / "django.mo"]
    assert seen == [{"Needle": "سوئی"}]
    assert [one.name for one in (folder / "ur" / "LC_MESSAGES").iterdir() if "-" in one.name] == []
