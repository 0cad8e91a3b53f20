"""What never changes is written into a template once for each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.apps import apps
from django.conf import settings
from django.template import Context, Engine
from django.template.backends.django import get_installed_libraries
from django.urls import NoReverseMatch
from django.utils import translation
from tests.tables import check_each

from filiform.clinic.web.loading import ADDRESS, SAYS_THE_SAME

BUILTINS = settings.TEMPLATES[0]["OPTIONS"]["builtins"]


def engine(folder: Path, loader: str = "filiform.clinic.web.loading.LanguageLoader") -> Engine:
    inner = [("django.template.loaders.filesystem.Loader", [str(folder)])]
    return Engine(loaders=[(loader, inner)], builtins=BUILTINS, libraries=get_installed_libraries())


def templates() -> Iterator[Path]:
    for app in apps.get_app_configs():
        if app.name.startswith("filiform."):
            yield from sorted((Path(app.path) / "templates").rglob("*.html"))


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_tag_that_gives_way_says_what_django_would_say(language: str, tmp_path: Path) -> None:
    tags = sorted({tag for one in templates() for tag in SAYS_THE_SAME.findall(one.read_text())})
    assert len(tags) > 500
    names = {tag: f"{number}.html" for number, tag in enumerate(tags)}
    for tag, name in names.items():
        (tmp_path / name).write_text("{% load i18n static %}" + tag)
    folded = engine(tmp_path)
    plain = engine(tmp_path, "django.template.loaders.cached.Loader")

    def says_the_same(tag: str) -> None:
        said, would_say = (
            one.get_template(names[tag]).render(Context()) for one in (folded, plain)
        )
        assert said == would_say

    with translation.override(language):
        check_each(tags, says_the_same)


def test_every_address_is_what_django_would_say(tmp_path: Path) -> None:
    tags = sorted({found[0] for one in templates() for found in ADDRESS.finditer(one.read_text())})
    names = {tag: f"{number}.html" for number, tag in enumerate(tags)}
    for tag, name in names.items():
        (tmp_path / name).write_text(tag)
    folded = engine(tmp_path)
    plain = engine(tmp_path, "django.template.loaders.cached.Loader")
    given_way = {tag for tag in tags if "{% url" not in folded.get_template(names[tag]).source}
    assert len(given_way) > 300

    def says_the_same(tag: str) -> None:
        known: dict[str, Any] = {}
        variables = re.sub("""{% url [^ ]+|%}""", "", tag).split()
        for place, variable in enumerate(variables):
            *holders, last = variable.split(".")
            inner = known
            for holder in holders:
                inner = inner.setdefault(holder, {})
            inner[last] = uuid5(NAMESPACE_URL, f"{place}")
        said, would_say = (
            one.get_template(names[tag]).render(Context(known)) for one in (folded, plain)
        )
        assert said == would_say

    check_each(sorted(given_way), says_the_same)


def test_an_address_whose_id_is_missing_is_a_mistake_and_no_other_address(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text("{% url 'chart:patient' patient.pk %}")
    template = engine(tmp_path).get_template("one.html")
    for wrong in ({}, {"patient": {"pk": None}}, {"patient": {"pk": "../sign-in"}}):
        with pytest.raises(NoReverseMatch):
            template.render(Context(wrong))


def test_each_language_has_its_own_and_neither_hears_the_other(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text("{% load i18n %}{% translate 'Contact' %}")
    speaking = engine(tmp_path)
    said = []
    for language in ("en", "ur", "en", "ur"):
        with translation.override(language):
            said.append(speaking.get_template("one.html").render(Context()))
    assert said[0] == said[2] == "Contact"
    assert said[1] == said[3] != "Contact"


def test_a_translation_that_looks_like_a_tag_is_shown_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.html").write_text("{% load i18n %}{% translate 'Contact' %}")
    with translation.override("en"):
        monkeypatch.setattr(
            "django.utils.translation.gettext", lambda text: text.replace("Contact", "{{ secret }}")
        )
        monkeypatch.setattr(
            "django.template.base.gettext_lazy",
            lambda text: text.replace("Contact", "{{ secret }}"),
        )
        shown = engine(tmp_path).get_template("one.html").render(Context({"secret": "a name"}))
    assert "a name" not in shown
    assert "secret" in shown
