"""What a wheel holds beside the modules: files for the browser, collected, and compiled catalogues.

pyproject.toml says everything else. The typefaces and three.js come from web/build, which
`make wheel` (and make run, make test) fills from npm's packages; see tools/web/build.py.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "web"


class BuildWithWeb(build_py):
    def run(self) -> None:
        if self.editable_mode:  # a checkout collects by itself (filiform.clinic.assets)
            super().run()
            return
        if not (WEB / "build" / "fonts").is_dir():
            raise SystemExit(
                f"{WEB / 'build'} is missing, so the package would have no typefaces and no chart. "
                "Build it with: make wheel"
            )
        # What an earlier build left there would be packed too, modules of old names with it.
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        clinic = Path(self.build_lib) / "filiform" / "clinic"
        sys.path.insert(0, str(ROOT / "src"))
        collect_into(clinic / "collected")
        shutil.copytree(WEB / "build" / "print", clinic / "documents" / "typefaces")
        from filiform.clinic.translations import compile_translations

        compile_translations(clinic / "locale")


def collect_into(folder: Path) -> None:
    """With no more settings than collecting needs: a build has no clinic and no secret."""
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx"],
        STATIC_URL="/static/",
        STATICFILES_DIRS=[("filiform", WEB / "filiform"), WEB / "build"],
        WHITENOISE_KEEP_ONLY_HASHED_FILES=True,
    )
    import django

    django.setup()
    from filiform.clinic.assets import collect

    collect(folder)


setup(cmdclass={"build_py": BuildWithWeb})
