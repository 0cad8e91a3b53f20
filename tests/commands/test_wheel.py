"""The package by itself: built, installed where no checkout is, and the same clinic is served."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest
from tests.demo_folder import copy_of_demo

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
BUILT_FROM = [
    "pyproject.toml", "setup.py", "README.md", "LICENSE", "requirements/app.in",
    "src/filiform", "web/filiform", "web/build", "web/package.json",
]  # fmt: skip


def run(*words: object, cwd: Path) -> None:
    """A command with nothing of this checkout in its environment."""
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=bare(), capture_output=True, text=True
    )
    assert done.returncode == 0, f"{words}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def bare(**more: str) -> dict[str, str]:
    dropped = ("FILIFORM_", "PYTHON", "DJANGO_", "XDG_DATA_HOME")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel, and sees the libraries of this one but no checkout."""
    assert (ROOT / "web/build/fonts").is_dir(), "web/build is missing: make test makes it"
    folder = tmp_path_factory.mktemp("wheel")
    sources = folder / "sources"
    for name in BUILT_FROM:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, sources / name)
    # What a run of the tests compiled must not be what the wheel is found to hold.
    for compiled in sources.rglob("*.mo"):
        compiled.unlink()
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation",
        "--wheel-dir", folder, ".", cwd=sources)  # fmt: skip
    shutil.rmtree(sources)
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env/bin/python"
    packages = next((folder / "env/lib").glob("python*/site-packages"))
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "libraries.pth").write_text("\n".join(libraries))
    run(sys.executable, "-m", "pip", f"--python={python}", "install", "--no-deps", "--no-index",
        next(folder.glob("*.whl")), cwd=folder)  # fmt: skip
    return folder


class Clinic:
    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, **headers: str) -> tuple[str, dict[str, str]]:
        """The text of an answer, unpacked, and its headers with small names."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status == 200, f"{path} answered {answer.status}"
        got = {name.lower(): value for name, value in answer.headers.items()}
        if got.get("content-encoding") == "br":
            body = brotli.decompress(body)
        return body.decode("utf-8", errors="replace"), got


@pytest.fixture(scope="module")
def clinic(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    data = copy_of_demo(tmp_path_factory, "served-by-the-wheel")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (installed / "log").open("w")
    server = subprocess.Popen(
        [installed / "env/bin/filiform", "serve", "--port", str(port), "--workers", "1"],
        cwd=installed,
        env=bare(FILIFORM_DEMO="yes", FILIFORM_DATA=str(data)),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    found = Clinic(port)
    try:
        for _ in range(600):
            assert server.poll() is None, (installed / "log").read_text()
            try:
                found.get("/sign-in/")
                break
            except OSError:
                time.sleep(0.2)
        yield found
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def test_it_runs_from_the_package_and_not_from_a_checkout(installed: Path):
    python = installed / "env/bin/python"
    asked = "import filiform; print(filiform.__file__)"
    said = subprocess.run([python, "-c", asked], env=bare(), capture_output=True, text=True)
    assert said.stdout.startswith(str(installed)), said.stdout + said.stderr


def test_every_script_style_and_typeface_of_a_page_is_there(clinic: Clinic):
    for path in ["/", "/sign-in/"]:
        page, headers = clinic.get(path, **{"Accept-Encoding": "br"})
        assert headers["content-encoding"] == "br"
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert any(name.endswith(".css") for name in files)
        assert any(name.endswith(".js") for name in files)
        for name in files:
            text, headers = clinic.get(name, **{"Accept-Encoding": "br"})
            assert "immutable" in headers["cache-control"], name
            if name.endswith(".css"):
                assert headers["content-encoding"] == "br", name
            for url in re.findall(r'url\("([^"]+\.woff2)"\)', text):
                _, headers = clinic.get(urljoin(name, url))
                assert headers["content-type"] == "font/woff2", url


def test_it_holds_what_the_checkout_hands_out(installed: Path):
    packages = next(installed.glob("env/lib/*/site-packages"))
    manifest = packages / "filiform/clinic/collected/staticfiles.json"
    paths = json.loads(manifest.read_text())["paths"]
    ours = {f"filiform/{path.relative_to(ROOT / 'web/filiform').as_posix()}" for path in
            (ROOT / "web/filiform").rglob("*") if path.is_file()}  # fmt: skip
    assert ours <= set(paths)
    assert {"three/three.module.min.js", "fonts/nastaliq-urdu.woff2"} <= set(paths)
    assert {"fonts/LICENCE-source-sans-3.txt", "three/LICENCE.txt"} <= set(paths)
    for name in paths.values():
        assert (manifest.parent / name).exists(), name


def test_it_holds_every_module_table_and_template(installed: Path):
    package = next(installed.glob("env/lib/*/site-packages")) / "filiform"
    sources = ROOT / "src/filiform"
    made = {".mo", ".pyc"}  # by a checkout that has run
    ours = {path.relative_to(sources) for path in sources.rglob("*")
            if path.is_file() and path.suffix not in made}  # fmt: skip
    assert {path for path in ours if not (package / path).is_file()} == set()


@pytest.mark.long
def test_it_makes_its_tables_and_its_demo_from_nothing(installed: Path):
    settings = bare(FILIFORM_DEMO="yes", FILIFORM_DATA=str(installed / "from-nothing"))
    for word in ("migrate", "demo"):
        subprocess.run([installed / "env/bin/filiform", word], env=settings, check=True)


def test_it_speaks_urdu_and_shows_its_demo(clinic: Clinic):
    page, _ = clinic.get("/", Cookie="filiform_language=ur")
    assert 'lang="ur" dir="rtl"' in page
    assert "خشک سوئی" in page or "ڈرائی نیڈلنگ" in page
    english, _ = clinic.get("/")
    assert "MidCity" in english
    signing, _ = clinic.get("/sign-in/")
    assert signing.count('name="username"') >= 3, "the demo's staff"
