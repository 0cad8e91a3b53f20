"""The client of the bench against a small server of the standard library."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.bench.http_client import Ask, Asks, Connection, closed_loop

PAGE = b"x" * 5000


class Page(BaseHTTPRequestHandler):
    """/etag answers 304 to whoever knows it; /broken fails; the rest is a page in chunks."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/broken":
            self.answer(500, b"")
        elif self.headers.get("If-None-Match") == '"one"':
            self.answer(304)
        elif self.path == "/etag":
            self.answer(200, PAGE, ETag='"one"')
        else:
            self.answer(200, Transfer_Encoding="chunked")
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE))

    def answer(self, status: int, body: bytes | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def in_a_loop_of_its_own(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread: a browser's tests leave a running loop in the process that they shared."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def over_and_over(path: str) -> Asks:
    while True:
        yield Ask("page", path)


@pytest.mark.parametrize(
    ("path", "etags", "errors", "not_modified", "kilobytes"),
    [("/chunks", False, 0, 0, 60), ("/etag", True, 0, 9, 15), ("/broken", False, 10, 0, 0)],
)
def test_the_closed_loop_counts_answers_errors_and_what_was_not_modified(
    port: int, path: str, etags: bool, errors: int, not_modified: int, kilobytes: int
) -> None:
    async def loop() -> None:
        connections = [Connection("127.0.0.1", port) for _ in range(3)]
        for one in connections:
            one.keeps_etags = etags
        asks = [over_and_over(path) for _ in connections]
        # Three that were already asked may still be answered when the number is reached.
        tally = await closed_loop(connections, asks, seconds=5, number=10)
        assert tally.errors in range(errors, errors + 3)
        assert tally.not_modified in range(not_modified, max(1, not_modified + 3))
        assert tally.bytes_read // 1000 in range(min(kilobytes, 45), kilobytes + 3)
        for one in connections:
            one.close()

    in_a_loop_of_its_own(loop())


def test_a_server_that_is_not_there_is_an_error_and_not_a_figure() -> None:
    async def loop() -> None:
        connection = Connection("127.0.0.1", 1)
        tally = await closed_loop([connection], [over_and_over("/")], seconds=5, number=10)
        assert (tally.answered, tally.errors) == (0, 10)
        assert "Connect" in tally.first_error

    in_a_loop_of_its_own(loop())
