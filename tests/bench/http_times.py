"""Requests a second over HTTP against `filiform serve`, in the clinic of the bench.

    python -m tests.bench.http_times [--json FILE]

The real command with its real number of workers, on loopback, on the bench's own data folder. A
closed loop with 1 and with 16 keep-alive connections, each signed in for itself; errors are
counted. Before each figure the yardstick (a signed-in page with one query) is asked for a moment.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.bench.figures import RATE_HEAD, ROOT, Rate, Report, about, percentile, rate_line
from tests.bench.http_client import Ask, Asks, Connection, Tally, closed_loop
from tests.bench.server_times import parser, set_up

if TYPE_CHECKING:
    from tests.bench.folder import Folder
    from tests.bench.treating import Tablet

LOOKED_AT = 20
"""Pages over which the repeated looks go."""
WARM_S = 1.0
"""Before a figure: both processes of the server have to have made such a page once."""
YARDSTICK_S = 1.5
STATIC = "filiform/base.css"
TOO_BUSY = 0.5
"""From this share of a core on the client takes time that is the server's, on two cores."""


@dataclass(frozen=True)
class Page:
    """asks: what each connection asks. etags: whether it asks with If-None-Match.
    is_used_up: what is asked can be asked but once, so nothing of it is spent on warming up."""

    name: str
    asks: Sequence[Asks]
    etags: bool = False
    is_used_up: bool = False
    target_rate: float | None = None
    target_p95: float | None = None
    number: int = 100_000


def main() -> int:
    words = parser(__doc__ or "")
    words.add_argument("--workers", type=int, help="processes of the server (its own default)")
    words.add_argument("--connections", type=int, nargs="+", default=[1, 16])
    words.add_argument("--acts", type=int, default=640, help="at most, for each figure")
    words.set_defaults(seconds=8.0)
    args = words.parse_args()
    size = set_up(args)
    from tests.bench.folder import begin_treatments, end_treatments, open_folder
    from tests.bench.treating import Tablet, treatments_for

    folder, _ = open_folder(size)
    report = Report("http", about(size=vars(size), workers=args.workers or "default"))
    # Where the state is asked after each act, half as many acts are in the same time.
    needed = {
        (kind, number): treatments_for(acts // number) * number
        for kind, acts in (("act", args.acts), ("pair", args.acts // 2))
        for number in args.connections
    }
    treatments = begin_treatments(sum(needed.values()))
    left = iter(treatments)
    tablets = {
        (kind, number): [
            Tablet([next(left) for _ in range(total // number)]) for _ in range(number)
        ]
        for (kind, number), total in needed.items()
    }
    stories = [str(one.visit_id) for one in treatments[:LOOKED_AT]]
    try:
        with serving(args.workers) as (host, port):
            print(RATE_HEAD)
            for number in args.connections:
                of_these = {kind: tablets[kind, number] for kind in ("act", "pair")}
                pages = Pages(folder, number, stories, of_these)
                asyncio.run(measure(host, port, number, pages, args.seconds, report))
    finally:
        end_treatments(treatments)
        folder.save()
    if args.json:
        report.write(args.json)
    return 1 if any(one.errors for one in report.rates) else 0


@contextmanager
def serving(workers: int | None) -> Iterator[tuple[str, int]]:
    """`filiform serve` on a free port of loopback, and stopped again. Raises SystemExit with the
    server's own words when it does not come up."""
    host, port = "127.0.0.1", _free_port()
    command = [sys.executable, "-m", "filiform", "serve", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers)] if workers else []
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=said, stderr=said, start_new_session=True
        )
        try:
            _wait_for(server, host, port, said)
            yield host, port
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGINT)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
        said.seek(0)
        # Another takes its place at once, so nothing but its words tells of it: the figures then
        # are of one process, and what it was answering is lost.
        words = said.read().decode(errors="replace")
        if "Unexpected exit" in words:
            raise SystemExit(f"a process of the server went down:\n{words}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: subprocess.Popen[bytes], host: str, port: int, said: Any) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    said.seek(0)
    raise SystemExit(f"the server did not come up:\n{said.read().decode(errors='replace')}")


async def measure(
    host: str, port: int, number: int, pages: Pages, seconds: float, report: Report
) -> None:
    tablets = [Connection(host, port) for _ in range(number)]
    strangers = [Connection(host, port) for _ in range(number)]
    for tablet in tablets:
        await sign_in(tablet)
    for page in pages.all():
        for one in (*tablets, *strangers):  # the yardstick is always a whole page
            one.keeps_etags = False
        asking = strangers if page.name.startswith(("public", "static")) else tablets
        await closed_loop(
            asking, pages.warming(page), seconds=min(WARM_S, seconds), number=page.number
        )
        yardstick = await closed_loop(
            tablets, pages.yardsticks(), seconds=min(YARDSTICK_S, seconds), number=page.number
        )
        for one in asking:
            one.keeps_etags = page.etags
        if page.etags and not await _warm(asking, page.asks):
            rate = Rate(page.name, number, 0, 0, 0, 0, 0, 0, 0, note="the server sends no ETag")
            found = [rate]
        else:
            tally = await closed_loop(asking, page.asks, seconds=seconds, number=page.number)
            found = list(rates(page, number, tally, yardstick))
        report.rates += found
        print(*map(rate_line, found), sep="\n", flush=True)
    for one in (*tablets, *strangers):
        one.close()


async def sign_in(tablet: Connection) -> None:
    """Through the demo's door, with its cookies. Raises SystemExit when it stays closed."""
    await tablet.ask(Ask("door", "/sign-in/"))
    answer = await tablet.ask(Ask("door", "/sign-in/demo/", {"username": "sana"}))
    if answer.status != 302 or "filiform_session" not in tablet.cookies:
        raise SystemExit(f"the demo's sign-in answered {answer.status}, 302 was expected")


async def _warm(connections: Sequence[Connection], asks: Sequence[Asks]) -> bool:
    """Look at each page once; whether any came with an ETag."""
    await closed_loop(connections, asks, seconds=60, number=2 * LOOKED_AT * len(connections))
    return any(one.etags for one in connections)


def rates(page: Page, connections: int, tally: Tally, yardstick: Tally) -> Iterator[Rate]:
    """One for each name under which times were kept; the targets belong to the first."""
    for name, times in (tally.times or {page.name: []}).items():
        load = tally.cpu_seconds / tally.seconds
        note = f"{tally.first_error} " if tally.errors else ""
        note += "the client is too busy to tell" if load > TOO_BUSY else ""
        rate = Rate(
            name=name,
            connections=connections,
            number=len(times),
            seconds=tally.seconds,
            median=percentile(times, 0.5),
            p95=percentile(times, 0.95),
            p99=percentile(times, 0.99),
            errors=tally.errors,
            client_load=load,
            not_modified=tally.not_modified,
            kilobytes=tally.bytes_read / max(1, tally.answered) / 1000,
            yardstick=yardstick.answered / yardstick.seconds,
            note=note.strip(),
        )
        if name == page.name:
            rate = replace(rate, target_rate=page.target_rate, target_p95=page.target_p95)
        yield rate


class Pages:
    """What so many connections ask, in the order in which it is measured."""

    def __init__(
        self,
        folder: Folder,
        connections: int,
        stories: Sequence[str],
        tablets: dict[str, list[Tablet]],
    ) -> None:
        self.folder = folder
        self.connections = connections
        self.stories = [f"/visits/{visit}/story/" for visit in stories]
        self.tablets = tablets
        self.charts = [f"/patients/{folder.fresh_patient()}/" for _ in range(LOOKED_AT)]

    def yardsticks(self) -> list[Asks]:
        return self.over("yardstick", ["/bench/yardstick/"])

    def warming(self, page: Page) -> Sequence[Asks]:
        return self.yardsticks() if page.is_used_up else page.asks

    def all(self) -> Iterator[Page]:
        # Only once Django is set up, which needs the folder that is measured.
        from django.templatetags.static import static

        crowd = self.connections > 1
        yield Page("static file", self.over("static file", [static(STATIC)]))
        yield Page("yardstick", self.yardsticks())
        yield from self.looks("public home", ["/"], 500 if crowd else None)
        yield from self.looks("today", ["/today/"])
        name = "chart, first look"
        fresh = [self.fresh_charts(name) for _ in range(self.connections)]
        yield Page(name, fresh, target_rate=180 if crowd else 100)
        yield from self.looks("chart, same again", self.charts, 180 if crowd else 100)
        yield from self.looks("story, same again", self.stories)
        yield Page(
            "act",
            [acts(tablet, with_state=False) for tablet in self.tablets["act"]],
            is_used_up=True,
            target_rate=200 if crowd else 100,
            target_p95=150 if crowd else None,
        )
        yield Page(
            "act, then its state",
            [acts(tablet, with_state=True) for tablet in self.tablets["pair"]],
            is_used_up=True,
        )

    def looks(self, name: str, paths: Sequence[str], target: float | None = None) -> Iterator[Page]:
        yield Page(name, self.over(name, paths), target_rate=target)
        name += ", If-None-Match"
        yield Page(name, self.over(name, paths), etags=True, target_rate=target)

    def over(self, name: str, paths: Sequence[str]) -> list[Asks]:
        """Each connection goes round all pages, and each begins at another."""
        return [_round(name, paths, number) for number in range(self.connections)]

    def fresh_charts(self, name: str) -> Asks:
        while True:
            yield Ask(name, f"/patients/{self.folder.fresh_patient()}/")


def _round(name: str, paths: Sequence[str], start: int) -> Asks:
    while True:
        yield Ask(name, paths[start % len(paths)])
        start += 1


def acts(tablet: Tablet, *, with_state: bool) -> Asks:
    """New acts as long as there are any; the state is asked with the version that it showed."""
    from tests.bench.treating import BY_SCRIPT

    versions: dict[Any, str] = {}
    while True:
        try:
            act = tablet.next()
        except IndexError:
            return
        yield Ask("act, then its state" if with_state else "act", act.address, act.said, BY_SCRIPT)
        if with_state:
            known = {**BY_SCRIPT, "X-Treatment-Version": versions.get(act.visit, "none")}
            answer = yield Ask("state after an act", act.state_address, headers=known)
            if answer is not None:
                versions[act.visit] = answer.headers.get("x-tablet-version", "")


if __name__ == "__main__":
    sys.exit(main())
