"""Long lines of templates are broken only where the page stays the same."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools" / "web"))

from templates import LONGEST, main, pieces, reflowed, templates


def breaks(source: str) -> list[str]:
    return [line.strip() for line in reflowed(source).splitlines()]


LONG = "word " * 40


def test_no_template_has_a_line_that_nobody_can_read(monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["templates.py"])
    assert main() == 0


def test_templates_are_read_without_loss() -> None:
    for path in templates():
        source = path.read_text(encoding="utf-8")
        assert "".join(piece.text for piece in pieces(source)) == source, path


def test_a_line_is_broken_at_its_blanks_and_beside_what_has_a_line_of_its_own() -> None:
    source = f'<ul class="a">{"<li>x</li>" * 30}</ul><p>{LONG}</p>\n'
    found = breaks(source)
    assert all(len(line) <= LONGEST for line in found)
    assert "".join("".join(found).split()) == "".join(source.split())


def test_words_that_touch_stay_together() -> None:
    for case, source in {
        "inline elements": "<p>" + "<b>a</b><i>b</i>" * 20 + "</p>",
        "branches": "<span>" + "{% if a %}one{% else %}two{% endif %}" * 10 + "</span>",
        "variables": "<span>" + "{{ a }}{{ b }}" * 20 + "</span>",
        "what is kept": f"<pre>{LONG}</pre>",
        "what translators see": "{% blocktranslate %} " + LONG + "{% endblocktranslate %}",
        "quoted": f'<p title="{LONG}">x</p>',
    }.items():
        squeezed = reflowed(source)
        inner = source[source.index(">") + 1 : source.rindex("<")] if "<" in source else source
        if case == "quoted":
            inner = f'title="{LONG}"'
        assert inner in squeezed, case


def test_behind_an_else_stands_what_stood_before_the_if() -> None:
    chain = '{% if a %}{% translate "A" %}{% elif b %}{% translate "B" %}' * 4
    open_text = f"<span>{chain}{'{% endif %}' * 4}</span>"
    assert open_text in reflowed(open_text), "in the midst of a text nothing is broken"
    paragraph = f"<p>{'{% if a %}A{% elif b %}B{% endif %}' * 1}{' x' * 80}</p>"
    assert all(len(line) <= LONGEST for line in breaks(paragraph))


def test_what_translators_see_stays_the_same_when_a_text_runs_over_lines() -> None:
    text = ("One sentence about needles that goes on. " * 5).strip()
    source = f'<p>{{% translate "{text}" %}}</p>'
    broken = reflowed(source)
    assert "{% blocktranslate trimmed %}" in broken
    inner = broken.split("trimmed %}")[1].split("{% endblocktranslate")[0]
    assert " ".join(inner.split()) == text
