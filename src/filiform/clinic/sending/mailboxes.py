"""Where reports of e-mails that came back lie: a Maildir, an mbox, one mail in a stream, IMAP.

What was read is marked as read where the box can say so, and is never removed: the box is the
clinic's, and people write to it, too.
"""

from __future__ import annotations

import imaplib
import mailbox
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from filiform.clinic.sending.bounces import MOST_BYTES

TIMEOUT_S = 20
MOST_AT_ONCE = 500
"""Mails of one look into an IMAP folder; the next look goes on."""


class MailboxError(Exception):
    """What was got and what to do, for whoever set it up. Holds no password."""


def in_stream(stream: BinaryIO) -> Iterator[bytes]:
    yield stream.read(MOST_BYTES)


def in_path(path: Path) -> Iterator[bytes]:
    """Of a Maildir those that nobody has read; of an mbox all; else a file with one mail.

    Raises MailboxError for what is none of them.
    """
    try:
        if path.is_dir():
            yield from _maildir(path)
        elif path.open("rb").read(5) == b"From ":
            yield from _mbox(path)
        else:
            with path.open("rb") as file:
                yield from in_stream(file)
    except OSError as error:
        raise MailboxError(f"{path} can't be read: {error.strerror or error}") from None


def _maildir(path: Path) -> Iterator[bytes]:
    if not (path / "new").is_dir() or not (path / "cur").is_dir():
        raise MailboxError(
            f"{path} is a folder, but no Maildir: it has no folders `new` and `cur`. Name a "
            "Maildir, an mbox, a file with one mail, or - for standard input"
        )
    # Not by `mailbox.Maildir`: it reads a mail whole, and anybody may have sent it.
    for one in sorted([*(path / "new").iterdir(), *(path / "cur").iterdir()]):
        # S marks a mail that was seen.
        if one.parent.name == "cur" and "S" in one.name.partition(":2,")[2]:
            continue
        with suppress(FileNotFoundError):  # somebody's mail program moved it meanwhile
            with one.open("rb") as file:
                yield from in_stream(file)
            name, _mark, flags = one.name.partition(":2,")
            one.rename(path / "cur" / f"{name}:2,{''.join(sorted({*flags, 'S'}))}")


def _mbox(path: Path) -> Iterator[bytes]:
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_file(key).read(MOST_BYTES)
    finally:
        box.close()


def in_imap(address: str) -> Iterator[bytes]:
    """address: imaps://user:password@host/folder, or imap+tls:// for STARTTLS. Those that are not
    marked as read; each is marked once the next is asked for.

    Raises MailboxError when the server can't be reached or refuses.
    """
    parts = urlsplit(address)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    try:
        line = _line(address)
        try:
            line.login(unquote(parts.username or ""), unquote(parts.password or ""))
            yield from _unread(line, folder)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                line.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        said = re.sub(r"[^\x20-\x7e]", "", str(error))[:120]
        raise MailboxError(
            f"the mailbox {folder} at {parts.hostname} can't be read: {said}"
        ) from None


def _line(address: str) -> imaplib.IMAP4:
    parts = urlsplit(address)
    host = parts.hostname or "localhost"
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(
            host, parts.port or 993, timeout=TIMEOUT_S, ssl_context=ssl.create_default_context()
        )
    line = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT_S)
    if parts.scheme == "imap+tls":
        line.starttls(ssl.create_default_context())
    return line


def _unread(line: imaplib.IMAP4, folder: str) -> Iterator[bytes]:
    quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
    answer, told = line.select(f'"{quoted}"')
    if answer != "OK":
        raise imaplib.IMAP4.error(b" ".join(one for one in told if one).decode("ascii", "replace"))
    _answer, (found,) = line.uid("SEARCH", "UNSEEN")
    for number in (found or b"").split()[:MOST_AT_ONCE]:
        uid = number.decode("ascii")
        # PEEK: it stays unread until it was understood; <0.n>: no more than is read of it.
        _answer, got = line.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
        yield from (one[1] for one in got if isinstance(one, tuple))
        line.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
