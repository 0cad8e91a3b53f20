"""What the browser gets beside pages: collected once, under names that hold a hash, compressed.

A script, style, picture or typeface is collected as `base.3f2a91c0d2e1.css` beside `.br` and `.gz`,
and what refers to it (url() in a style, import in a script, {% static %} in a template) is
rewritten. So a browser may keep every file for ever, and none is compressed while somebody waits.

In a checkout the folder of a collection bears a signature of its sources: a changed file makes
another folder at the next start, and a server that still runs keeps the files it promised. In a
wheel the one collection is part of the package (setup.py).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from whitenoise.storage import CompressedManifestStaticFilesStorage

KEPT_COLLECTIONS = 3
# Sources of libraries that no page refers to, and the typefaces of papers, which the server reads.
LEFT_OUT = ["*.map", "*.ts", "htmx.js", "htmx.esm.js", "ext", "print"]


def signature(sources: Iterable[Path]) -> str:
    """Twelve digits that change when a file under the sources is changed, added or taken away."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for source in sources:
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            seen = path.stat()
            digest.update(f"{path}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # has no types
    """Hashed names, also inside scripts that import one another."""

    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args and "location" not in kwargs:
            ensure_collected()
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """A collection never changes while a process uses it, and a page names ten of its files:
        taking an address apart and together again was a fiftieth of the page."""
        if force or (found := self._addresses.get(name)) is None:
            found = super().url(name, force)
            if not force:
                self._addresses[name] = found
        return found


def ensure_collected() -> bool:
    """Collect when nobody did since a file was changed; true when there was something to do.

    Raises ImproperlyConfigured when a file that another refers to is missing.
    """
    from django.conf import settings

    target = Path(settings.STATIC_ROOT)
    if (target / CollectedFiles.manifest_name).exists():
        return False
    if not settings.STATICFILES_DIRS:
        raise ImproperlyConfigured(
            f"{target} is missing: this package was installed without its scripts and styles. "
            "Build a whole one with: make wheel"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may start at once: each collects aside, and the first to be ready is taken.
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    try:
        collect(aside)
        aside.chmod(0o755)
        try:
            aside.rename(target)
        except OSError:
            if not (target / CollectedFiles.manifest_name).exists():
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _prune(target)
    return True


def collect(target: Path) -> None:
    """Copy, rename, rewrite and compress every file that the finders know into a folder."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    storage = CollectedFiles(location=target, base_url=settings.STATIC_URL)
    found: dict[str, tuple[Any, str]] = {}
    for finder in get_finders():
        for path, source in finder.list(LEFT_OUT):
            name = os.path.join(source.prefix, path) if getattr(source, "prefix", "") else path
            if name not in found:
                found[name] = (source, path)
                with source.open(path) as file:
                    storage.save(name, file)
    for name, _, outcome in storage.post_process(found):
        if isinstance(outcome, Exception):
            raise ImproperlyConfigured(
                f"{name} refers to a file that isn't there: {outcome} "
                "If it is a typeface or three.js, make them with: python tools/web/build.py"
            )


def _prune(newest: Path) -> None:
    """Take away old collections, but not those that a running server may still hand out."""
    others = [path for path in newest.parent.iterdir() if path.is_dir() and path != newest]
    others = [path for path in others if not path.name.startswith(".making-")]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT_COLLECTIONS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
