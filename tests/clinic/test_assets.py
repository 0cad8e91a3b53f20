"""Scripts and styles are collected once, under names that a browser may keep for ever."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import brotli
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from filiform.clinic.assets import KEPT_COLLECTIONS, ensure_collected, signature

FILES = {
    "page.css": 'body { background: url("paper.svg"); }' + " p { color: red; }" * 40,
    "paper.svg": "<svg/>",
    "main.js": 'import {\n  pain,\n} from "./pain.js";\nconst late = () => import("./late.js");\n',
    "pain.js": "export const pain = 3;",
    "late.js": "export default 1;",
}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def collected(sources: Path, target: Path) -> dict[str, str]:
    """The manifest: plain name to hashed name."""
    with override_settings(
        STATIC_ROOT=target,
        STATICFILES_DIRS=[("our", sources)],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
    ):
        from django.contrib.staticfiles import finders

        finders.get_finder.cache_clear()
        try:
            ensure_collected()
        finally:
            finders.get_finder.cache_clear()
    return json.loads((target / "staticfiles.json").read_text())["paths"]


def test_files_refer_to_one_another_by_hashed_names(sources: Path, tmp_path: Path):
    target = tmp_path / "out" / "one"
    names = collected(sources, target)
    script = (target / names["our/main.js"]).read_text()
    style = (target / names["our/page.css"]).read_text()
    for text, name in [(script, "pain.js"), (script, "late.js"), (style, "paper.svg")]:
        hashed = Path(names[f"our/{name}"]).name
        assert re.fullmatch(r"\w+\.[0-9a-f]{12}\.\w+", hashed)
        assert hashed in text, f"{name} in {text}"
    compressed = (target / f"{names['our/page.css']}.br").read_bytes()
    assert brotli.decompress(compressed).decode() == style


def test_a_changed_file_gets_another_name_and_a_running_server_keeps_the_old(
    sources: Path, tmp_path: Path
):
    first = collected(sources, tmp_path / "out" / "one")
    before = signature([sources])
    time.sleep(0.01)
    (sources / "pain.js").write_text("export const pain = 4;", encoding="utf-8")
    assert signature([sources]) != before
    second = collected(sources, tmp_path / "out" / "two")
    assert first["our/pain.js"] != second["our/pain.js"]
    assert first["our/main.js"] != second["our/main.js"], "it refers to what changed"
    assert first["our/late.js"] == second["our/late.js"]
    assert (tmp_path / "out" / "one" / first["our/pain.js"]).exists()


def test_only_the_last_collections_are_kept(sources: Path, tmp_path: Path):
    for number in range(KEPT_COLLECTIONS + 2):
        collected(sources, tmp_path / "out" / str(number))
    left = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(left) == KEPT_COLLECTIONS
    assert str(KEPT_COLLECTIONS + 1) in left


def test_a_reference_to_nothing_is_named(sources: Path, tmp_path: Path):
    (sources / "pain.js").unlink()
    with pytest.raises(ImproperlyConfigured, match=r"main\.js refers to a file that isn't there"):
        collected(sources, tmp_path / "out" / "one")
    assert not (tmp_path / "out" / "one").exists(), "half a collection is none"
