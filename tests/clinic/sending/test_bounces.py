"""E-mails that come back: reports as mail servers write them (made up here), and anything else."""

from __future__ import annotations

import io
import re
import socketserver
import textwrap
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform import cli
from filiform.clinic.sending import bounces, mailboxes, worker
from filiform.clinic.sending.bounces import Bounce, read
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.setup import Setup

ID = UUID("0191d2c4-7c3e-7a52-9f1e-5b8a4c2d1e0f")
OURS = f"<{ID}@clinic.example>"


def report(
    fields: str, returned: str = "", *, head: str = "", kind: str = "message/rfc822"
) -> bytes:
    """In three parts. fields: for machines; returned: the head of what came back."""
    parts = [
        ("text/plain; charset=utf-8", "I'm sorry to have to inform you that it came back."),
        ("message/delivery-status", textwrap.dedent(fields).strip() + "\n"),
    ]
    if returned:
        parts.append((kind, textwrap.dedent(returned).strip() + "\n\nThe text.\n"))
    body = "".join(f"--=b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    first = textwrap.dedent(head or "From: MAILER-DAEMON@mx.example\nSubject: Undelivered").strip()
    kinds = 'multipart/report; report-type=delivery-status; boundary="=b"'
    return f"{first}\nMIME-Version: 1.0\nContent-Type: {kinds}\n\n{body}--=b--\n".encode()


POSTFIX = report(
    """
    Reporting-MTA: dns; mail.clinic.example
    X-Postfix-Queue-ID: 4B1C72A0F3
    X-Postfix-Sender: rfc822; desk@clinic.example
    Arrival-Date: Sat, 28 Nov 2026 10:03:11 +0500 (PKT)

    Final-Recipient: rfc822; nobody@patients.example
    Original-Recipient: rfc822;nobody@patients.example
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; mx.patients.example
    Diagnostic-Code: smtp; 550 5.1.1 <nobody@patients.example>: Recipient address
        rejected: User unknown in virtual mailbox table
    """,
    f"Message-ID: {OURS}\nFrom: desk@clinic.example\nSubject: Your visit",
    head="Return-Path: <>\nFrom: MAILER-DAEMON@mail.clinic.example (Mail Delivery System)",
)
GMAIL = report(
    f"""
    Reporting-MTA: dns; googlemail.example
    Arrival-Date: Fri, 27 Nov 2026 21:00:01 -0800 (PST)
    X-Original-Message-ID: {OURS}

    Final-Recipient: rfc822; zara.malik@gmail.example
    Action: failed
    Status: 5.2.2
    Diagnostic-Code: smtp; The recipient's inbox is out of storage space.
    Last-Attempt-Date: Fri, 27 Nov 2026 21:00:02 -0800 (PST)
    """,
    head=f"From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>\nIn-Reply-To: {OURS}",
)
EXCHANGE = report(
    """
    Reporting-MTA: dns;AM0PR01MB5512.eurprd01.prod.exchange.example
    Received-From-MTA: dns;mail.clinic.example
    Arrival-Date: Sat, 28 Nov 2026 05:11:40 +0000

    Final-Recipient: rfc822;info@practice.example
    Action: failed
    Status: 5.7.133
    Diagnostic-Code: smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticated; not
        authenticated
    """,
    f"Received: from mail.clinic.example\nMessage-ID: {OURS}\nX-MS-Exchange-Organization-SCL: 1",
    head=f"""
    From: <postmaster@practice.example>
    Message-ID: <{uuid4()}@AM0PR01MB5512.eurprd01.prod.exchange.example>
    Subject: Undeliverable: Your visit
    """,
)
ENVELOPE_ONLY = report(
    f"""
    Original-Envelope-Id: {ID}
    Reporting-MTA: dns; relay.example

    Final-Recipient: rfc822; zara@far.example
    Action: failed
    Status: 4.4.7
    """
)
HEAD_ONLY = report(
    "Reporting-MTA: dns; x\n\nAction: failed\nStatus: 5.0.0",
    f"Message-Id: {OURS}",
    kind="text/rfc822-headers",
)
DELAYED = POSTFIX.replace(b"Action: failed", b"Action: delayed")
ARRIVED = POSTFIX.replace(b"Action: failed", b"Action: delivered")
QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@old.example
Subject: failure notice

Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<amna@old.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <desk@clinic.example>
Message-ID: {OURS}
""".encode()
ON_HOLIDAY = f"""\
From: amna@patients.example
In-Reply-To: {OURS}
Auto-Submitted: auto-replied
Subject: Away

I am away until 5.12.2026, extension 550.
""".encode()
FORWARDED = b"From: a@b.example\nContent-Type: message/rfc822\n\n" + POSTFIX


@pytest.mark.parametrize(
    ("mail", "told"),
    [
        pytest.param(POSTFIX, Bounce(ID, "failed", "bounced-address"), id="Postfix"),
        pytest.param(GMAIL, Bounce(ID, "failed", "bounced-full"), id="Gmail"),
        pytest.param(EXCHANGE, Bounce(ID, "failed", "bounced-refused"), id="Exchange"),
        pytest.param(ENVELOPE_ONLY, Bounce(ID, "failed", "bounced-unreachable"), id="envelope id"),
        pytest.param(HEAD_ONLY, Bounce(ID, "failed", "bounced"), id="head alone"),
        pytest.param(QMAIL, Bounce(ID, "failed", "bounced-address"), id="qmail, in words"),
        pytest.param(ARRIVED, Bounce(ID, "delivered"), id="a receipt"),
        pytest.param(DELAYED, None, id="the server goes on trying"),
        pytest.param(ON_HOLIDAY, None, id="the patient is away"),
        pytest.param(FORWARDED, None, id="a report that somebody forwards"),
        pytest.param(POSTFIX.replace(str(ID).encode(), b"other"), None, id="no mail of ours"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_a_report_tells_which_message_came_back_and_why(mail: bytes, told: Bounce | None) -> None:
    assert read(mail) == told
    assert read(mail.replace(b"\n", b"\r\n")) == told, "with the line ends of the wire"


HUGE = POSTFIX + b"x" * (3 * bounces.MOST_BYTES)
DEEP = b"Content-Type: message/rfc822\n\n" * 8_000
WIDE = (
    b'Content-Type: multipart/report; boundary="b"\n\n'
    + b"--b\nContent-Type: message/delivery-status\n\nAction: failed\n" * 4_000
)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.tuples(st.integers(0, len(POSTFIX)), st.binary(max_size=40)).map(
            lambda cut: POSTFIX[: cut[0]] + cut[1] + POSTFIX[cut[0] + len(cut[1]) :]
        ),
    )
)
def test_whatever_is_sent_to_the_mailbox_is_read_or_left_and_never_stops_the_rest(
    raw: bytes,
) -> None:
    told = read(raw)
    # Of a report that was damaged anywhere, no other message of ours than the one is believed.
    assert told is None or str(told.message_id).encode() in raw.lower()


def test_a_huge_a_deep_and_a_wide_mail_take_no_more_than_the_limit() -> None:
    assert read(HUGE) == read(POSTFIX)
    assert read(DEEP) is None
    assert read(WIDE) is None


# --- what becomes of it ---------------------------------------------------------------------------


@pytest.fixture
def sent(patient, site) -> Outgoing:
    return Outgoing.objects.create(
        pk=ID,
        organisation=patient.organisation,
        patient=patient,
        kind="booked",
        subject=uuid4(),
        once="booked 1",
        channel="email",
        to="nobody@patients.example",
        state="sent",
    )


@pytest.mark.django_db
def test_a_message_that_came_back_is_failed_with_its_reason_once(sent: Outgoing) -> None:
    assert worker.look_at([ON_HOLIDAY, POSTFIX, POSTFIX, b"\xff"]) == (4, 1)
    sent.refresh_from_db()
    assert (sent.state, sent.why) == ("failed", "bounced-address")
    # Somebody sent it by WhatsApp: an old mailbox that is read again takes nothing back.
    Outgoing.objects.filter(pk=ID).update(state="sent", channel="hand")
    assert worker.look_at([POSTFIX]) == (1, 0)
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_maildir_an_mbox_and_one_mail_are_read_and_a_mail_that_was_read_is_not_again(
    tmp_path: Path,
) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box/new/1.m").write_bytes(POSTFIX)
    (tmp_path / "box/cur/2.m:2,").write_bytes(GMAIL)
    (tmp_path / "box/cur/3.m:2,RS").write_bytes(EXCHANGE)
    assert sorted(mailboxes.in_path(tmp_path / "box")) == sorted([GMAIL, POSTFIX])
    assert list(mailboxes.in_path(tmp_path / "box")) == []
    assert sorted(one.name for one in (tmp_path / "box/cur").iterdir()) == [
        "1.m:2,S", "2.m:2,S", "3.m:2,RS",
    ]  # fmt: skip
    begin = b"From a@b Sat Nov 28 10:00:00 2026\n"
    (tmp_path / "mbox").write_bytes(begin + POSTFIX + b"\n" + begin + GMAIL)
    found = [read(one) for one in mailboxes.in_path(tmp_path / "mbox")]
    assert found == [read(POSTFIX), read(GMAIL)]
    (tmp_path / "one.eml").write_bytes(HUGE)
    assert [read(one) for one in mailboxes.in_path(tmp_path / "one.eml")] == [read(POSTFIX)]
    with pytest.raises(mailboxes.MailboxError, match="no Maildir"):
        list(mailboxes.in_path(tmp_path))
    with pytest.raises(mailboxes.MailboxError, match="can't be read: No such file"):
        list(mailboxes.in_path(tmp_path / "not-there"))


class Imap(socketserver.StreamRequestHandler):
    """Of IMAP4rev1 what a look needs: two unread mails, and a wrong password is refused."""

    seen: list[str] = []

    def handle(self) -> None:
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        for line in self.rfile:
            tag, _, words = line.decode().strip().partition(" ")
            said, end = self.answer(words)
            self.wfile.write(said + f"{tag} {end}\r\n".encode())
            if words == "LOGOUT":
                return

    def answer(self, words: str) -> tuple[bytes, str]:
        mails = {"7": b"Subject: hello\r\n\r\nWhen are you open?", "9": POSTFIX}
        if words.startswith("LOGIN") and '"right word"' not in words:
            return b"", "NO [AUTHENTICATIONFAILED] wrong name or password"
        if words == "UID SEARCH UNSEEN":
            left = [one for one in mails if one not in self.seen]
            return f"* SEARCH {' '.join(left)}\r\n".encode(), "OK done"
        asked = re.match(r"UID (FETCH|STORE) (\d+) (.*)", words)
        if asked and asked[1] == "FETCH":
            assert "PEEK" in asked[3]
            raw = mails[asked[2]]
            told = f"* 1 FETCH (UID {asked[2]} BODY[]<0> {{{len(raw)}}}\r\n".encode()
            return told + raw + b")\r\n", "OK done"
        if asked:
            self.seen.append(asked[2])
        return (b"* CAPABILITY IMAP4rev1\r\n" if words == "CAPABILITY" else b""), "OK done"


@pytest.mark.django_db
def test_the_clinics_mailbox_is_looked_into_and_a_wrong_password_is_said_without_it(
    sent: Outgoing, settings, capsys, monkeypatch, caplog
) -> None:
    monkeypatch.setattr("filiform.commands.application.start", lambda: None)
    monkeypatch.setattr("filiform.commands.application.demand_migrated", lambda: None)
    Imap.seen = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        at = f"127.0.0.1:{server.server_address[1]}"
        settings.SENDING = Setup(bounces_imap=f"imap://desk%40clinic.example:right%20word@{at}")
        assert cli.main(["bounces"]) == 0
        assert capsys.readouterr().out == "2 mails read, 1 message marked\n"
        assert Imap.seen == ["7", "9"]
        worker.look_for_bounces()
        settings.SENDING = Setup(bounces_imap=f"imap://desk:hunter2@{at}")
        assert cli.main(["bounces"]) == 2
        worker.look_for_bounces()
        server.shutdown()
    said = capsys.readouterr().err
    assert "AUTHENTICATIONFAILED" in said
    assert "hunter2" not in said + caplog.text
    assert "AUTHENTICATIONFAILED" in caplog.text
    sent.refresh_from_db()
    assert sent.state == "failed"
    settings.SENDING = Setup()
    assert cli.main(["bounces"]) == 2
    assert "FILIFORM_BOUNCES_IMAP is not set" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(QMAIL)))
    assert cli.main(["bounces", "-"]) == 0
    assert capsys.readouterr().out == "1 mail read, 0 messages marked\n"
