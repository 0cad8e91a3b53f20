"""A page with nothing but a chart, under the clinic's own rules for script and style.

Served by a thread of this process: no clinic is started and no database is touched. The pages of
the clinic that hold a chart are walked through by the journeys.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms.utils import flatatt
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation

from filiform.clinic.body.chart import chart_attributes, standard_body
from filiform.clinic.body.gallery import charts_of

PAGE = """<!doctype html><html lang="{language}" dir="{direction}" data-theme="{theme}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Chart</title>
<link rel="stylesheet" href="/static/filiform/fonts.css">
<link rel="stylesheet" href="/static/filiform/tokens.css">
<link rel="stylesheet" href="/static/filiform/base.css">
<link rel="stylesheet" href="/static/filiform/parts.css">
<link rel="stylesheet" href="/static/filiform/body/body.css">
<link rel="icon" href="/static/filiform/icon.svg">
<script type="module" src="/static/filiform/body/chart.js"></script></head>
<body><main><h1>Chart</h1><form><body-chart{attributes}><p>The list of regions.</p></body-chart>
<p><button class="button" type="reset">Start again</button></p></form></main></body></html>"""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def chart_pages() -> Iterator[str]:
    """The address of a server: /?chart=paint&build=man&language=ur&theme=dark."""
    with make_server("127.0.0.1", 0, _answer, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        body = Path(str(found)).read_bytes() if found else b""
    elif path.startswith("/body/"):
        match = resolve(path)
        kind = "application/octet-stream"
        body = match.func(RequestFactory().get(path), *match.args, **match.kwargs).content
    else:
        kind, body = "text/html", _page(parse_qs(environ["QUERY_STRING"])).encode()
    policy = "; ".join(
        f"{name} {' '.join(values)}"
        for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    )
    start(
        "200 OK" if body else "404 Not Found",
        [("Content-Type", kind), ("Content-Security-Policy", policy)],
    )
    return [body]


def _page(wanted: dict[str, list[str]]) -> str:
    one = {key: values[0] for key, values in wanted.items()}
    language = one.get("language", "en")
    with translation.override(language):
        made = charts_of()[one.get("chart", "paint")]
        body = standard_body(one.get("build", "reference"))
        return PAGE.format(
            language=language,
            direction="rtl" if language == "ur" else "ltr",
            theme=one.get("theme", "light"),
            attributes=flatatt(chart_attributes(body=body, **made)),
        )
