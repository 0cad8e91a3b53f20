"""No line of a template is longer than a reviewer can read: checks that, and breaks those that are.

    python tools/web/templates.py            names each line over 160 characters (make check)
    python tools/web/templates.py --fix      breaks them where a break changes nothing on the page

Where a break changes nothing:

- at a blank that is there: in a text, or between the attributes of a tag;
- before a template tag that follows an attribute's closing quote;
- beside the tag of an element that begins and ends a line of its own (<li>, <p>, <option> ...),
  where a browser drops blanks. Of the template's tags only those are looked through that a page
  passes in any case: what stands before {% else %} is not what the page has before it.

Never in {% %}, {{ }}, quotes, <pre>, <textarea>, or a blocktranslate that isn't trimmed.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 160
AIM = 120  # where there is a choice
OWN_LINE = {
    "html", "head", "body", "title", "meta", "link", "script", "template", "main", "header",
    "footer", "nav", "aside", "section", "article", "div", "p", "ul", "ol", "li", "dl", "dt",
    "dd", "h1", "h2", "h3", "h4", "h5", "h6", "form", "fieldset", "legend", "table", "caption",
    "thead", "tbody", "tr", "td", "th", "figure", "figcaption", "details", "summary", "dialog",
    "hr", "br", "option", "optgroup", "svg", "g", "path", "line", "circle", "rect", "defs",
    "body-chart", "body-list", "work-list", "body-time",
}  # fmt: skip
# They stand in a line, but drop blanks at their inner edge where they begin.
INSIDE_ONLY = {"button", "select", "svg"}
# So do these, whatever their element (parts.css: inline-flex).
BOXED = re.compile(r'class="(?:tag|button)[" ]')
TOKEN = re.compile(
    r"(?P<template>\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})|(?P<comment><!--.*?-->)|(?P<tag></?[a-zA-Z][\w-]*)",
    re.S,
)
FORWARD = {"endif", "endwith", "endblock", "with", "load", "block"}
BACKWARD = {"if", "with", "load", "block", "endblock", "endwith"}


@dataclass
class Piece:
    kind: str  # text, blank, template, attribute, open, close, comment
    text: str
    name: str = ""  # of a tag
    breaks: bool = True  # a line may end here, or before it
    boxed: bool = False  # of an element that drops blanks at its inner edges by its class
    trims: bool = False  # a tag of a trimmed blocktranslate, which drops blanks at its edges


def pieces(source: str) -> list[Piece]:
    """The source cut into pieces that a break may stand between; joined they are the source."""
    found: list[Piece] = []
    at, kept = 0, 0  # kept: how deep in what keeps its blanks
    trimmed = False
    while at < len(source):
        match = TOKEN.search(source, at)
        end = match.start() if match else len(source)
        found += _text(source[at:end], breaks=not kept)
        if not match:
            break
        at = match.end()
        if match["tag"]:
            tag, at = _tag(source, match.start())
            for piece in tag:
                piece.breaks = not kept
            found += tag
            if tag[0].name in {"pre", "textarea", "style"}:
                kept += -1 if tag[0].text.startswith("</") else 1
        else:
            word = _word(match[0])
            if word == "endblocktranslate" and kept:
                kept -= 1
            kind = "template" if match["template"] else "comment"
            found.append(Piece(kind, match[0], breaks=not kept))
            if word == "blocktranslate":
                trimmed = " trimmed" in match[0]
                kept += not trimmed
            elif word == "endblocktranslate":
                trimmed = False
            found[-1].trims = trimmed or word == "endblocktranslate"
    _box(found)
    return found


def _box(found: list[Piece]) -> None:
    """Mark both tags of each <span> or <a> whose class makes a box of it."""
    stack: list[list[Piece]] = []
    for piece in found:
        if piece.kind == "open" and piece.name in {"span", "a"}:
            stack.append([piece])
        elif piece.kind == "close" and piece.name in {"span", "a"} and stack:
            piece.boxed = any(BOXED.search(one.text) for one in stack.pop())
        elif piece.kind == "attribute" and piece.name in {"", "open span", "open a"} and stack:
            stack[-1].append(piece)
            if piece.text.endswith(">"):
                piece.boxed = any(BOXED.search(one.text) for one in stack[-1])


def _word(tag: str) -> str:
    match = re.match(r"\{%-?\s*(\w+)", tag)
    return match[1] if match else ""


def _text(text: str, *, breaks: bool) -> list[Piece]:
    parts = re.split(r"(\s+)", text)
    return [
        Piece("blank" if part.isspace() else "text", part, breaks=breaks) for part in parts if part
    ]


def _tag(source: str, start: int) -> tuple[list[Piece], int]:
    """A tag's pieces: its name, then attributes, blanks and template tags, the last with the >."""
    name = re.compile(r"</?([a-zA-Z][\w-]*)").match(source, start)
    if not name:
        raise ValueError(f"no tag begins at {source[start : start + 20]!r}")
    kind = "close" if name[0].startswith("</") else "open"
    found = [Piece(kind, name[0], name[1].lower())]
    at = name.end()
    quoted, word, path = "", "", False
    while at < len(source):
        template = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S).match(source, at)
        one = template[0] if template else source[at]
        at += len(one)
        if template:
            if quoted or one.startswith("{{") or (word and not word.endswith(('"', "'"))):
                word += one
            else:
                found += [Piece("attribute", word)] * bool(word) + [
                    Piece("template", one, "inside")
                ]
                word = ""
        elif quoted and one == " " and (path or word.startswith(('d="', 'points="'))):
            # A path's numbers may stand on several lines.
            found += [Piece("attribute", word), Piece("blank", one, "inside")]
            word, path = "", True
        elif quoted:
            word += one
            quoted = "" if one == quoted else quoted
            path = path and bool(quoted)
        elif one in "\"'":
            word += one
            quoted = one
        elif one == ">":
            found.append(Piece("attribute", word + ">", f"{kind} {name[1].lower()}"))
            return found, at
        elif one.isspace():
            found += [Piece("attribute", word)] * bool(word)
            word = ""
            if found[-1].kind == "blank":
                found[-1].text += one
            else:
                found.append(Piece("blank", one, "inside"))
        else:
            word += one
    raise ValueError(f"the tag <{name[1]} is not closed")


def may_break(found: list[Piece], branches: dict[int, tuple[int, int]], at: int) -> bool:
    """Whether a line may end before piece `at` though no blank stands there."""
    before, after = found[at - 1], found[at]
    if not (before.breaks and after.breaks):
        return False
    if _at_trimmed_edge(before, after):
        return True
    if after.kind == "template" and after.name == "inside":
        return before.kind == "attribute" and before.text.endswith(('"', "'"))
    if after.kind == "attribute" or before.name == "inside":
        return False
    return _edge(found, branches, at, 1) or _edge(found, branches, at - 1, -1)


def _at_trimmed_edge(before: Piece, after: Piece) -> bool:
    opened = before.trims and _word(before.text) in {"blocktranslate", "plural"}
    return opened or (after.trims and _word(after.text) in {"plural", "endblocktranslate"})


def _branches(found: list[Piece]) -> dict[int, tuple[int, int]]:
    """For each {% elif %} and {% else %} the numbers of its {% if %} and its {% endif %}."""
    open_ones: list[list[int]] = []
    ends: dict[int, tuple[int, int]] = {}
    for number, piece in enumerate(found):
        # Tags also stand within attributes: selected{% endif %} is one piece.
        for word in re.findall(r"\{%-?\s*(if|elif|else|endif)\b", piece.text):
            if word == "if":
                open_ones.append([number])
            elif word == "endif":
                first, *others = open_ones.pop()
                ends |= dict.fromkeys(others, (first, number))
            elif open_ones:
                open_ones[-1].append(number)
    return ends


def _edge(found: list[Piece], branches: dict[int, tuple[int, int]], at: int, way: int) -> bool:
    """Whether, looking this way from a gap, an element with lines of its own begins or ends."""
    passed = FORWARD if way == 1 else BACKWARD
    while 0 <= at < len(found):
        piece = found[at]
        if piece.kind == "template" and not piece.name and _word(piece.text) in passed:
            at += way
            continue
        if at in branches and not piece.name:  # a page comes from before the if, goes on after it
            at = branches[at][1] + 1 if way == 1 else branches[at][0] - 1
            continue
        if way == 1 and piece.kind in {"open", "close"}:
            # Not before </button>: blank behind a child out of the flow makes a gap in a flex box.
            return piece.name in OWN_LINE or (piece.kind == "close" and piece.name == "select")
        if way == -1 and piece.kind == "attribute" and piece.text.endswith(">"):
            kind, _, name = piece.name.partition(" ")
            inner = kind == "open" and (name in INSIDE_ONLY or piece.boxed)
            return name in OWN_LINE or inner
        return False
    return False


def loosened(source: str) -> str:
    """Long texts to be translated, written so that they may run over several lines.

    What the translator sees stays the same: `trimmed` joins lines with one blank.
    """

    def trim(match: re.Match[str]) -> str:
        parts = re.split(r"\{% plural %\}", match[2])
        if any(part != " ".join(part.split()) or not part for part in parts):
            return match[0]
        return f"{{% blocktranslate trimmed{match[1]}%}}{match[2]}{{% endblocktranslate %}}"

    def spread(match: re.Match[str]) -> str:
        text = match[2]
        if len(text) < 70 or set(text) & set('%{\\"'):
            return match[0]
        return f"{{% blocktranslate trimmed %}}{text}{{% endblocktranslate %}}"

    lines = []
    for line in source.split("\n"):
        if len(line) > LONGEST:
            line = re.sub(
                r"\{% blocktranslate(?! trimmed)( [^%]*?|)%\}(.*?)\{% endblocktranslate %\}",
                trim,
                line,
            )
            line = re.sub(r"(?<!=)(?<!=\")\{% translate (\")([^\"]*)\" %\}", spread, line)
        lines.append(line)
    return "\n".join(lines)


def reflowed(source: str) -> str:
    """The source with its long lines broken; what can't be broken stays long."""
    broken = _reflowed(source)
    if all(len(line) <= LONGEST for line in broken.split("\n")):
        return broken
    return _reflowed(loosened(broken))


def _reflowed(source: str) -> str:
    found = pieces(source)
    branches = _branches(found)
    lines: list[list[int]] = [[]]  # numbers of the pieces, line by line
    for number, piece in enumerate(found):
        lines[-1].append(number)
        if "\n" in piece.text:
            lines.append([])
    for line in lines:
        if len("".join(found[n].text for n in line).strip("\n")) > LONGEST:
            _break(found, branches, line)
    return "".join(piece.text for piece in found)


def _break(found: list[Piece], branches: dict[int, tuple[int, int]], line: list[int]) -> None:
    indent = re.match(r"[ ]*", _line_start(found, line[0]))
    margin = " " * (len(indent[0] if indent else "") + 2)
    column, gaps, width = 0, [], 0
    for number in line:
        piece = found[number]
        text = (
            piece.text.split("\n")[-1] if number == line[0] and "\n" in piece.text else piece.text
        )
        width = len(text.split("\n")[0])
        blank = piece.kind == "blank" and piece.breaks and "\n" not in piece.text
        if number != line[0] and number and (blank or may_break(found, branches, number)):
            gaps.append((number, column))
        # The piece doesn't fit: the line ends at the last gap before it.
        if column + width > AIM and gaps:
            at, where = gaps[-1]
            _end_line(found[at], margin)
            column -= where - len(margin)
            if found[at].kind == "blank":
                column -= 1
            gaps = []
        column += width


def _line_start(found: list[Piece], first: int) -> str:
    before = "".join(piece.text for piece in found[:first])
    return before.rsplit("\n", 1)[-1] + found[first].text


def _end_line(piece: Piece, margin: str) -> None:
    piece.text = f"\n{margin}" if piece.kind == "blank" else f"\n{margin}{piece.text}"


def _bare(source: str) -> str:
    """Without blanks, and without what says the same in another way."""
    short = source.replace("blocktranslate trimmed", "blocktranslate")
    whole = re.compile(r"\{% blocktranslate %\}(.*?)\{% endblocktranslate %\}", re.S)
    return "".join(whole.sub(r'{% translate "\1" %}', short).split())


def templates() -> list[Path]:
    return sorted((ROOT / "src").rglob("templates/**/*.html"))


def main() -> int:
    fix = "--fix" in sys.argv[1:]
    long = 0
    for path in templates():
        source = path.read_text(encoding="utf-8")
        if fix:
            better = reflowed(source)
            if _bare(better) != _bare(source):
                raise AssertionError(f"{path}: more than blanks would change")
            if better != source:
                path.write_text(better, encoding="utf-8")
                source = better
        for number, line in enumerate(source.splitlines(), 1):
            if len(line) > LONGEST:
                print(f"{path.relative_to(ROOT)}:{number}: {len(line)} characters of {LONGEST}")
                long += 1
    if long:
        print(
            f"{long} lines are too long. make fix breaks those that it can without changing a page."
        )
    return 1 if long else 0


if __name__ == "__main__":
    sys.exit(main())
