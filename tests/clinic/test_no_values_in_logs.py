"""What somebody enters stands in no log, in no report of a defect and on no error page."""

from __future__ import annotations

import io
import logging
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from django.conf import settings
from tests.clinic.frontdoor.test_public_site import message_data
from tests.clinic.pathway.acts import undone_afterwards
from tests.clinic.test_every_address import VIEWS, address
from tests.clinic.test_every_address import ids as ids  # a fixture
from tests.demo_folder import copy_of_demo, demo_settings
from tests.tables import check_each
from tests.warm import Begun, begin

from filiform.clinic.frontdoor import receiving
from filiform.clinic.web.logs import WithoutValues

MARK = "Xq7marker"
FIELDS = (
    *("name", "text", "phone", "username", "password", "code", "why", "note", "pain", "day", "pin"),
    *("given_name", "family_name", "birth_date", "then", "next", "state", "side", "muscle", "work"),
    *("planned_at", "answer", "token", "message_id", "patient", "member", "language", "depth_mm"),
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any logger says, as the clinic's own handlers write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(WithoutValues())
    loggers = [logging.getLogger(name) for name in ("", *settings.LOGGING["loggers"])]
    for logger in loggers:
        logger.addHandler(handler)
    yield written
    for logger in loggers:
        logger.removeHandler(handler)


def is_error_page(status: int) -> bool:
    return status in {400, 403, 404, 405, 413, 500}


@pytest.mark.django_db
def test_a_marker_in_every_field_header_and_address_is_in_no_log_and_on_no_error_page(
    client,
    alice,
    olga,
    ids,
    log,
    settings,
) -> None:
    """Every address, read and written to, as somebody who may do everything."""
    type(alice).objects.filter(pk=alice.pk).update(is_owner=True, is_front_desk=True)
    client.raise_request_exception = False
    headers = {
        "HTTP_USER_AGENT": MARK,
        "HTTP_REFERER": f"http://testserver/{MARK}",
        "HTTP_X_FORWARDED_FOR": MARK,
        "HTTP_ACCEPT_LANGUAGE": MARK,
        "HTTP_AUTHORIZATION": f"Bearer {MARK}",
    }
    fields = dict.fromkeys(FIELDS, MARK)

    def check(name: str) -> None:
        path = f"{address(name, ids)}?q={MARK}&language={MARK}"
        # What is written comes last: it may sign her out, or take away what the others read.
        with undone_afterwards():
            client.force_login(alice)
            for send, given in ((client.get, {}), (client.put, {}), (client.post, fields)):
                answer = send(path, given, **headers)
                if is_error_page(answer.status_code) and not answer.streaming:
                    assert MARK not in answer.content.decode(), f"{name} {answer.status_code}"
        assert MARK not in log.getvalue(), name

    check_each(VIEWS, check)
    for path in (f"/{MARK}/", f"/patients/{MARK}/", f"/static/{MARK}"):
        assert MARK not in client.get(path).content.decode()
    settings.ALLOWED_HOSTS = ["testserver"]
    assert MARK not in client.get("/", HTTP_HOST=f"{MARK}.example").content.decode()
    assert MARK not in log.getvalue()


@pytest.mark.django_db
def test_a_defect_tells_its_place_and_not_what_was_entered(client, site, log, monkeypatch) -> None:
    def breaks(**given: object) -> None:
        try:
            int(str(given["text"]))
        except ValueError as error:
            raise RuntimeError(f"can't keep {given}") from error

    monkeypatch.setattr(receiving, "receive", breaks)
    client.raise_request_exception = False
    answer = client.post("/message/", message_data(text=MARK, name=MARK))
    assert answer.status_code == 500
    assert MARK not in answer.content.decode()
    said = log.getvalue()
    assert MARK not in said
    assert "500 POST message/" in said
    assert "builtins.RuntimeError in" in said
    assert "builtins.ValueError in" in said
    assert "test_no_values_in_logs.py, line" in said


def test_a_line_of_another_library_is_known_by_its_place_alone(log) -> None:
    logging.getLogger("some.library").error("can't read %s", MARK)
    logging.getLogger("filiform.clinic").warning("the queue is empty")
    assert MARK not in log.getvalue()
    assert "ERROR some.library" in log.getvalue()
    assert "the queue is empty" in log.getvalue()


def test_a_command_that_breaks_shows_no_value_of_the_record(capsys, monkeypatch) -> None:
    from filiform import cli
    from filiform.commands import screen

    def breaks(args: object) -> int:
        raise ValueError(f"what is {MARK}?")

    monkeypatch.setattr(screen, "run", breaks)
    assert cli.main(["screen", "-"]) == 1
    said = capsys.readouterr().err
    assert MARK not in said
    assert "ValueError" in said
    assert "test_no_values_in_logs.py" in said


@pytest.mark.sqlite
def test_a_server_that_runs_writes_no_marker_to_its_log(tmp_path_factory) -> None:
    folder = copy_of_demo(tmp_path_factory, "no-values")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ("serve", "--port", str(port), "--workers", "1")
    server = begin(*words, env=demo_settings(folder), log=folder / "log")
    try:
        _ask_everything(port, server)
    finally:
        server.terminate()
        server.wait()
    said = (folder / "log").read_text()
    assert "Filiform is at" in said
    assert MARK not in said


def _ask_everything(port: int, server: Begun) -> None:
    form = urllib.parse.urlencode(dict.fromkeys(FIELDS, MARK)).encode()
    broken = f"{MARK}=%ZZ%00".encode()
    for path in ("/", f"/{MARK}", "/message/", "/sign-in/", "/language/"):
        for data in (None, form, broken):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}{path}?q={MARK}",
                data,
                {"User-Agent": MARK, "Cookie": f"filiform_session={MARK}; csrftoken={MARK}"},
            )
            _open(request, server)


def _open(request: urllib.request.Request, server: Begun) -> None:
    """Its answer, however long a busy machine takes for it: only a server that ended gives none."""
    while server.poll() is None:
        try:
            urllib.request.urlopen(request).read()  # noqa: S310 - our own server
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server has ended")
