"""Settings come from FILIFORM_* variables; this reads them and says what is wrong with one."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """Reads FILIFORM_<NAME>. Raises ImproperlyConfigured with what was got and what is allowed."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self.values = dict(os.environ) if values is None else values

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(f"FILIFORM_{name}", "").strip() or default

    def home(self, variable: str, below: str) -> Path:
        """A folder of the user's, by the desktop's own variable or by custom."""
        named = self.values.get(variable, "").strip()
        return Path(named) if named else Path.home() / below

    def yes(self, name: str, *, default: bool) -> bool:
        got = self.text(name, "yes" if default else "no").lower()
        if got in {"1", "yes", "true", "on"}:
            return True
        if got in {"0", "no", "false", "off"}:
            return False
        raise ImproperlyConfigured(f"FILIFORM_{name} is {got!r}; allowed are yes and no.")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        got = self.text(name, str(default))
        if not got.isdecimal() or len(got) > 18 or not low <= int(got) <= high:
            raise ImproperlyConfigured(
                f"FILIFORM_{name} is {got!r}; allowed is a whole number from {low} to {high}."
            )
        return int(got)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word for word in self.text(name, default).replace(",", " ").split() if word]


def data_folder(environment: Environment, *, checkout: Path | None) -> Path:
    """Where the database lies: FILIFORM_DATA, else `data` in the checkout, else the user's folder.

    An installed package has no folder of its own that an update would leave alone.
    """
    share = environment.home("XDG_DATA_HOME", ".local/share")
    usual = checkout / "data" if checkout else share / "filiform"
    folder = Path(environment.text("DATA", str(usual))).absolute()
    try:
        is_folder = folder.is_dir() or not folder.exists()
    except (OSError, ValueError):  # below a file, below a folder that we may not enter, a NUL
        is_folder = False
    if not is_folder or any(above.is_file() for above in folder.parents):
        raise ImproperlyConfigured(
            f"FILIFORM_DATA is {str(folder)!r}, which is no folder of ours; allowed is a folder, "
            "which is made if it is missing."
        )
    return folder


def spool_folders(environment: Environment, data_folder: Path) -> list[Path]:
    """Where looks at pages wait when the record can't be written: FILIFORM_SPOOL, which should
    lie on another disk; else beside the database, and then in the system's temporary folder."""
    named = environment.text("SPOOL")
    if named:
        return [Path(named).absolute()]
    whose = hashlib.sha256(str(data_folder).encode()).hexdigest()[:12]
    return [data_folder / "spool", Path(tempfile.gettempdir()) / f"filiform-spool-{whose}"]


def time_zone(environment: Environment) -> str:
    """FILIFORM_TIME_ZONE. Raises ImproperlyConfigured when there is no such zone."""
    name = environment.text("TIME_ZONE", "Asia/Karachi")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; a path; a folder of zones like "Asia"
        raise ImproperlyConfigured(
            f"FILIFORM_TIME_ZONE is {name!r}, which is no time zone; allowed is a name like "
            "Asia/Karachi or Europe/London."
        ) from None
    return name


def secret_key(environment: Environment, *, demo: bool, data_folder: Path) -> str:
    """The signing key: from the environment; in demo mode made once and kept in the data folder.

    Raises ImproperlyConfigured outside demo mode when FILIFORM_SECRET_KEY is missing or short.
    """
    key = environment.text("SECRET_KEY")
    if key:
        if len(key) < 40:
            raise ImproperlyConfigured(
                f"FILIFORM_SECRET_KEY has {len(key)} characters; at least 40 are needed. "
                "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
            )
        return key
    if not demo:
        raise ImproperlyConfigured(
            "FILIFORM_SECRET_KEY is not set. A clinic needs its own secret of at least 40 "
            "characters. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))' - or "
            "set FILIFORM_DEMO=yes to look at the demo clinic."
        )
    kept = data_folder / "demo-secret-key"
    if not kept.exists():
        data_folder.mkdir(parents=True, exist_ok=True)
        # Private from its first moment on: between writing and chmod others could read it.
        with os.fdopen(os.open(kept, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(60))
    return kept.read_text(encoding="ascii").strip()
