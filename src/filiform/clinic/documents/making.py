"""Make a PDF, or a picture, of a template and values.

The values reach the template as JSON beside its source (`sys.inputs`), never as part of it: what a
patient is called or wrote can't become a command of the typesetter. Templates (.typ) lie in the
rooms whose papers they are; they hold no words of any language and see no file but templates.

PDFs are PDF/A-2a: an archive can keep them, and they are tagged, so that a screen reader finds
headings, tables and their order.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypedDict

import msgspec
import typst
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import override

CLINIC = Path(__file__).resolve().parents[1]
"""Templates are named from here: "documents/papers/specimen.typ"."""
STANDARD: Final = "a-2a"
_one_at_a_time = Lock()


class Head(TypedDict):
    """What stands on every page of a paper, in the language of the paper."""

    title: str
    clinic: str
    about: str
    """Whom or what it is about: a patient's name; "" for nobody"""
    file: str
    """The number of the patient's file, or of what it is about; "" for none"""
    made: str
    """When it was made, and by whom"""


class BadPaper(Exception):
    """A template that can't be set with these values: a defect of ours, with typst's own words."""


def pdf(template: str, values: dict[str, Any], language: str) -> bytes:
    """A paper.

    template: path of the .typ file from the clinic's folder. values: what JSON can hold; `head` is
    a `Head`. language: en or ur; it sets the direction. Raises BadPaper, and ImproperlyConfigured
    when the typefaces were not built.
    """
    with override(language):
        page_of = _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"}
    # As a pattern: how many pages there are only the typesetter knows.
    told = {**values, "head": {**values["head"], "page_of": page_of}}
    inputs = {"values": msgspec.json.encode(told).decode(), "language": language}
    # The typesetter gives its whole machine to one paper and keeps what it read for the next.
    with _one_at_a_time:
        try:
            made = _setter().compile(
                CLINIC / template, format="pdf", sys_inputs=inputs, pdf_standards=STANDARD
            )
        except typst.TypstError as failed:
            raise BadPaper(f"{template}: {failed.message} {failed.diagnostic}") from failed
    if not isinstance(made, bytes):  # a list of pages comes from other formats alone
        raise BadPaper(f"{template}: no PDF came of it")
    return made


def png(template: str, values: dict[str, Any], language: str) -> bytes:
    """A picture of one page, a pixel to each of its points. Arguments and refusals as of `pdf`,
    without a head."""
    inputs = {"values": msgspec.json.encode(values).decode(), "language": language}
    with _one_at_a_time:
        try:
            made = _setter().compile(CLINIC / template, format="png", ppi=72, sys_inputs=inputs)
        except typst.TypstError as failed:
            raise BadPaper(f"{template}: {failed.message} {failed.diagnostic}") from failed
    if not isinstance(made, bytes):
        raise BadPaper(f"{template}: it has more than one page")
    return made


@cache
def _setter() -> typst.Compiler:
    """One for the process: reading the typefaces takes longer than setting a page."""
    folder = typefaces()
    faces = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    # The machine's own faces would make a paper look another way on each machine.
    return typst.Compiler(root=CLINIC, font_paths=faces, ignore_system_fonts=True)


def typefaces() -> Path:
    """The folder of the papers' typefaces. Raises ImproperlyConfigured where it is missing."""
    in_package = Path(__file__).parent / "typefaces"
    folder = settings.WEB / "build" / "print" if settings.CHECKOUT else in_package
    if not any(folder.glob("*.ttf")):
        raise ImproperlyConfigured(
            f"{folder} holds no typefaces (.ttf), so papers can't be made. "
            "Make them with: python tools/web/build.py"
        )
    return folder
