"""The page of `filiform screen --folder --report`: one HTML file for a clinician's review.

Nothing is loaded from elsewhere and nothing runs in it: it is opened from a disk, mailed, printed.
Every word that comes from a record is escaped and set apart by `<bdi>`, so that neither markup nor
a script written from right to left can change what stands around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

import msgspec

from filiform.commands.screen_report import DECISIONS, FolderReport, Group, ReportedFile
from filiform.commands.screen_report_words import STYLE, WEIGHTS, say
from filiform.screening.rulebook import RedFlag, Rule, red_flags, rules
from filiform.words import Words

HEAD = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
"""


class Review(msgspec.Struct, frozen=True):
    """What the page says above its tables. day: the day of treatment, sites: as they were asked."""

    day: str
    sites: tuple[str, ...]
    language: str


def page(report: FolderReport, review: Review) -> Iterator[str]:
    """The whole page, piece by piece, so that it is never held as one text."""
    yield from _Page(report, review).pieces()


def _bdi(text: str) -> str:
    # A lone surrogate from a file's name has no UTF-8; what cannot be written is shown as "?".
    return f"<bdi>{escape(text.encode('utf-8', 'replace').decode())}</bdi>"


class _Page:
    def __init__(self, report: FolderReport, review: Review) -> None:
        self.report = report
        self.review = review
        self.language = review.language
        known: list[Rule | RedFlag] = [*rules(), *red_flags()]
        self.names: dict[str, Words] = {one.id: one.name for one in known}
        self.does: dict[str, Words] = {one.id: one.instead for one in known}
        self.asks: dict[str, Words] = {one.id: one.ask or one.name for one in known}

    def say(self, key: str, **numbers: object) -> str:
        return escape(say(key, self.language).format(**numbers))

    def words(self, known: dict[str, Words], id_: str) -> str:
        return escape(known[id_].in_language(self.language)) if id_ in known else escape(id_)

    def pieces(self) -> Iterator[str]:
        rtl = self.language == "ur"
        yield HEAD.format(
            lang=self.language,
            dir="rtl" if rtl else "ltr",
            title=self.say("title"),
            style=STYLE,
        )
        yield f"<p>{self._about()}</p>\n"
        yield from self._contents()
        yield "</header>\n<main>\n"
        yield from self._totals()
        for part in ("red_flags", "reasons", "elsewhere"):
            yield from self._rules(part)
        for part in ("warnings", "not_understood", "unread"):
            yield from self._plain(part)
        yield from self._questions()
        yield from self._unusable()
        yield from self._index()
        yield "</main>\n</body>\n</html>\n"

    def _about(self) -> str:
        sites = ", ".join(self.review.sites) or say("whole_body", self.language)
        releases = ", ".join(sorted(self.report.releases)) or "–"
        told = {"day": self.review.day, "sites": sites, "release": releases}
        return " · ".join(
            f"{self.say(key)}: {_bdi(value)}" for key, value in told.items()
        )  # fmt: skip

    def _contents(self) -> Iterator[str]:
        yield f'<nav aria-label="{self.say("contents")}"><ul>\n'
        parts = ("totals", "red_flags", "reasons", "elsewhere", "warnings", "not_understood",
                 "unread", "questions", "unusable", "index")  # fmt: skip
        for part in parts:
            yield f'<li><a href="#{part}">{self.say(part)}</a></li>\n'
        yield "</ul></nav>\n"

    def _share(self, number: int, of: int) -> str:
        share = f" ({100 * number / of:.0f}%)" if of else ""
        return f'<span class="share">{self.say("share", number=number, of=of)}{share}</span>'

    def _totals(self) -> Iterator[str]:
        report, answered = self.report, self.report.answered
        yield f'<section><h2 id="totals">{self.say("totals")}</h2>\n<table><tbody>\n'
        yield self._total("answered", answered, len(report.files))
        for decision in DECISIONS:
            yield self._total(decision, report.decisions[decision], answered)
        for key in ("incomplete", "unanswered", "not_understood", "unread", "warnings"):
            yield self._total(f"with_{key}", report.missing[key], answered)
        yield "</tbody></table>\n</section>\n"

    def _total(self, key: str, number: int, of: int) -> str:
        return f'<tr><th scope="row">{self.say(key)}</th><td>{self._share(number, of)}</td></tr>\n'

    def _rules(self, part: str) -> Iterator[str]:
        yield f'<section><h2 id="{part}">{self.say(part)}</h2>\n'
        found = list(self.report.findings(part))
        if not found:
            yield f"<p>{self.say('none')}</p>\n"
        # Sorting is stable: within a class the most frequent rule stays first.
        found.sort(key=lambda one: list(WEIGHTS).index(one[0]))
        for weight, rule, patients, groups in found:
            yield '<article class="rule">\n'
            yield f'<h3><span class="{weight}">{self.say(weight)}</span> '
            yield f"{self.words(self.names, rule)} <code>{escape(rule)}</code></h3>\n"
            share = self._share(patients, self.report.answered)
            yield f"<p>{self.say('patients')}: {share}. {self.words(self.does, rule)}</p>\n"
            yield from self._evidence(groups)
            yield "</article>\n"
        yield "</section>\n"

    def _plain(self, part: str) -> Iterator[str]:
        yield f'<section><h2 id="{part}">{self.say(part)}</h2>\n'
        found = list(self.report.findings(part))
        if not found:
            yield f"<p>{self.say('none')}</p>\n"
        for _, _, patients, groups in found:
            share = self._share(patients, self.report.answered)
            yield f"<p>{self.say('patients')}: {share}</p>\n"
            yield from self._evidence(groups)
        yield "</section>\n"

    def _evidence(self, groups: Iterable[Group]) -> Iterator[str]:
        yield '<ul class="evidence">\n'
        for group in groups:
            code = f" <code>{_bdi(group.code)}</code>" if group.code else ""
            system = f' <span class="where">{_bdi(group.system)}</span>' if group.system else ""
            # Folded: a group may name a thousand files, and what is reviewed are its words.
            yield f"<li><details><summary><b>{len(group.at):,} ×</b> {_bdi(group.text)}{code} "
            yield f'<span class="where">{_bdi(group.kind)}</span></summary>'
            yield f"<p>{system}</p><ul>" if system else "<ul>"
            for at in group.at:
                own = f": {_bdi(group.own[at])}" if at in group.own else ""
                name = _bdi(self.report.files[at].name)
                yield f'<li><a href="#f{at}">{name}</a>{own}</li>'
            yield "</ul></details></li>\n"
        yield "</ul>\n"

    def _questions(self) -> Iterator[str]:
        yield f'<section><h2 id="questions">{self.say("questions")}</h2>\n'
        yield f"<p>{self.say('questions_about')}</p>\n<table><tbody>\n"
        for rule, number in sorted(self.report.questions.items(), key=lambda one: (-one[1], one)):
            yield f'<tr><th scope="row">{self.words(self.asks, rule)} <code>{escape(rule)}</code>'
            yield f"</th><td>{self._share(number, self.report.answered)}</td></tr>\n"
        yield "</tbody></table>\n</section>\n"

    def _unusable(self) -> Iterator[str]:
        yield f'<section><h2 id="unusable">{self.say("unusable")}</h2>\n'
        bad = [one for one in self.report.files if one.error]
        if not bad:
            yield f"<p>{self.say('none')}</p>\n"
        else:
            yield "<ul>\n"
            yield from (f"<li>{_bdi(one.name)}: {_bdi(one.error)}</li>\n" for one in bad)
            yield "</ul>\n"
        yield "</section>\n"

    def _index(self) -> Iterator[str]:
        yield f'<section><h2 id="index">{self.say("index")}</h2>\n'
        yield '<div class="wide" role="region" tabindex="0" aria-labelledby="index"><table>\n'
        heads = ("file", "decision", "rules", "open", "not_read")
        yield "<thead><tr>" + "".join(f'<th scope="col">{self.say(h)}</th>' for h in heads)
        yield "</tr></thead>\n<tbody>\n"
        for number, one in enumerate(self.report.files):
            yield self._row(number, one)
        yield "</tbody></table></div>\n</section>\n"

    def _row(self, number: int, one: ReportedFile) -> str:
        head = f'<tr id="f{number}"><th scope="row">{_bdi(one.name)}</th>'
        if one.error:
            return f'{head}<td colspan="4">{self.say("unusable_one")}</td></tr>\n'
        named = ", ".join(f"<code>{escape(rule)}</code>" for rule in (*one.flags, *one.rules))
        whole = "" if one.complete else f" ({self.say('not_complete')})"
        return (
            f"{head}<td>{self.say(one.decision)}{whole}</td><td>{named or '–'}</td>"
            f"<td>{one.open_questions}</td><td>{one.not_understood + one.unread}</td></tr>\n"
        )
