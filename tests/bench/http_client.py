"""A lean HTTP/1.1 client for a closed loop: keep-alive connections that ask one after another.

The library clients take as long for a request as the server should take for its quickest ones,
and on two cores that time is the server's. This one reads only what the bench needs: status,
headers, length.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Ask:
    """name: under which its time is kept. said: the form of a POST; None for a GET."""

    name: str
    path: str
    said: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """headers: names in lower case. size: bytes of the body on the wire."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    size: int


Asks = Generator[Ask, Answer | None, None]
"""What one connection asks; it is sent each answer before the next ask."""


class Connection:
    """One tablet: one connection, its cookies, and the ETags that it keeps if it keeps them."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}
        self.etags: dict[str, str] = {}
        self.keeps_etags = False
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, ask: Ask) -> Answer:
        """Raises OSError, EOFError or TimeoutError when the server does not answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self.host, self.port)
        reader, writer = self._streams
        try:
            async with asyncio.timeout(PATIENCE_S):
                writer.write(self._request(ask))
                answer = await _read(reader)
        except (OSError, EOFError, TimeoutError):
            self.close()
            raise
        self.cookies |= answer.cookies
        if self.keeps_etags and "etag" in answer.headers:
            self.etags[ask.path] = answer.headers["etag"]
        if answer.headers.get("connection") == "close":
            self.close()
        return answer

    def _request(self, ask: Ask) -> bytes:
        body = b"" if ask.said is None else urlencode(ask.said).encode()
        headers = {
            "Host": f"{self.host}:{self.port}",
            "Accept-Encoding": "gzip, deflate, br",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **ask.headers,
        }
        if ask.said is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Content-Length"] = str(len(body))
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        elif self.keeps_etags and ask.path in self.etags:
            headers["If-None-Match"] = self.etags[ask.path]
        lines = [f"{'GET' if ask.said is None else 'POST'} {ask.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ", 2)[1])
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for line in head[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            continue
        if name.lower() == "set-cookie":
            cookie, _, text = value.strip().partition("=")
            cookies[cookie] = text.partition(";")[0]
        else:
            headers[name.lower()] = value.strip()
    if status in (204, 304):
        return Answer(status, headers, cookies, 0)
    if headers.get("transfer-encoding") == "chunked":
        return Answer(status, headers, cookies, await _chunks(reader))
    size = int(headers.get("content-length", "0"))
    await reader.readexactly(size)
    return Answer(status, headers, cookies, size)


async def _chunks(reader: asyncio.StreamReader) -> int:
    total = 0
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        await reader.readexactly(size + 2)
        if size == 0:
            return total
        total += size


@dataclass
class Tally:
    """What a closed loop saw. times: name of an ask → milliseconds of each that was answered."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: int = 0
    not_modified: int = 0
    bytes_read: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    first_error: str = ""

    @property
    def answered(self) -> int:
        return sum(map(len, self.times.values()))

    def note(self, ask: Ask, answer: Answer, milliseconds: float) -> None:
        if not (200 <= answer.status < 300 or answer.status == 304):
            self.fail(f"{ask.path} answered {answer.status}")
            return
        self.times.setdefault(ask.name, []).append(milliseconds)
        self.not_modified += answer.status == 304
        self.bytes_read += answer.size

    def fail(self, why: str) -> None:
        self.errors += 1
        self.first_error = self.first_error or why


async def closed_loop(
    connections: Sequence[Connection], asks: Sequence[Asks], *, seconds: float, number: int
) -> Tally:
    """Each connection asks as soon as it was answered, until the time or the number is over, or
    it has nothing more to ask. After ten errors it is given up: the figures would mean nothing."""
    tally = Tally()
    until = time.perf_counter() + seconds
    started, cpu = time.perf_counter(), time.process_time()

    async def go_on(connection: Connection, mine: Asks) -> None:
        answer: Answer | None = None
        while time.perf_counter() < until and tally.answered < number and tally.errors < 10:
            try:
                ask = mine.send(answer)
            except StopIteration:
                return
            asked = time.perf_counter()
            try:
                answer = await connection.ask(ask)
            except (OSError, EOFError, TimeoutError) as error:
                tally.fail(f"{ask.path}: {error!r}")
                answer = None
                continue
            tally.note(ask, answer, 1000 * (time.perf_counter() - asked))

    await asyncio.gather(*map(go_on, connections, asks))
    tally.seconds = time.perf_counter() - started
    tally.cpu_seconds = time.process_time() - cpu
    return tally
