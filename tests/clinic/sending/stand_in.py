"""A gateway that behaves as it is told: takes, refuses, is slow, breaks the line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Gateway(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour: list[Any] = []
        """For each request: a status, "cut", or "hold" (take it and never answer); then 201."""
        self.taken: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/messages"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A line that is cut on purpose is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        how = self.server.behaviour.pop(0) if self.server.behaviour else 201
        if how in (201, "cut", "hold"):
            self.server.taken.append({"headers": self.headers, "body": body})
        if how == "cut":
            self.connection.close()
            return
        if how == "hold":
            threading.Event().wait(60)
            return
        number = len(self.server.taken)
        answer = json.dumps({"sid": f"SM{number}", "messages": [{"id": f"wamid.{number}"}]})
        self.send_response(how)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
