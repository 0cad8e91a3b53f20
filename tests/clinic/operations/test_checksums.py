"""A backup is byte for byte what was written, or it is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from filiform.clinic.operations import checksums
from filiform.clinic.operations.checksums import MARK, TRAILER_BYTES, WrongChecksum


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    path.write_bytes(os.urandom(700))
    checksums.add(path)
    return path


def test_a_copy_as_it_was_written_is_whole(written: Path) -> None:
    assert written.stat().st_size == 700 + TRAILER_BYTES
    assert checksums.verify(written)


def test_every_single_flipped_bit_is_found(written: Path) -> None:
    whole = bytearray(written.read_bytes())
    unseen = []
    for place in range(len(whole) * 8):
        whole[place // 8] ^= 1 << place % 8
        written.write_bytes(whole)
        whole[place // 8] ^= 1 << place % 8
        try:
            checksums.verify(written)
        except WrongChecksum:
            continue
        unseen.append(place)
    assert unseen == []


def test_a_copy_that_was_cut_off_or_grew_is_found(written: Path) -> None:
    whole = written.read_bytes()
    kept_a_mark = [whole[: -1 - cut] for cut in range(TRAILER_BYTES - len(MARK))]
    grown = [
        whole + b"\x00",
        whole + b"a" * 50,
        b"\x00" + whole,
        whole[1:],
        whole[:300] + whole[301:],
    ]
    for content in (*kept_a_mark, *grown):
        written.write_bytes(content)
        with pytest.raises(WrongChecksum):
            checksums.verify(written)


def test_a_copy_from_before_there_were_checksums_has_none(tmp_path: Path) -> None:
    old = tmp_path / "old"
    for size in (0, 1, 5000):
        old.write_bytes(os.urandom(size))
        assert not checksums.verify(old)
