"""A digest in somebody else's hands shows what the chain alone can't."""

from __future__ import annotations

import base64
import uuid

import msgspec
import pytest
from django.db import connection
from django.utils import timezone

from filiform.clinic.facts import chain, keys
from filiform.clinic.facts.models import RecordLink
from filiform.clinic.operations import digests
from filiform.clinic.patients import actions as patients

pytestmark = pytest.mark.django_db


def codes(digest: digests.Digest) -> list[str]:
    return [reason.code for reason in digests.wrong_with(digest)]


@pytest.fixture
def digest(clinic, patient) -> digests.Digest:
    return digests.take(clinic)


def test_the_chain_passes_through_its_digests_however_long_it_grows(
    digest, clinic, patient, alice
) -> None:
    assert digests.read(digests.as_text(digest).encode()) == digest
    assert codes(digest) == []
    patients.measure(by=alice, patient=patient, kind="weight_kg", value=61.0)
    assert digests.take(clinic).number == digest.number + 1
    assert codes(digest) == []


def test_a_digest_shows_that_the_end_was_cut_off(clinic, patient, alice, unguarded) -> None:
    patients.measure(by=alice, patient=patient, kind="weight_kg", value=61.0)
    digest = digests.take(clinic)
    with connection.cursor() as cursor:
        for table, condition in (
            ("record_link", f"number = {digest.number}"),
            ("audit_entry", "action = 'measured'"),
            ("patients_measurement", "1 = 1"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {condition}")
    assert codes(digest) == ["digest-cut"]


def test_a_digest_shows_that_the_chain_was_rewritten_even_with_the_key(
    digest, clinic, patient, alice, unguarded
) -> None:
    """The forger makes the last link anew, with its hash and its mark."""
    last = RecordLink.objects.get(number=digest.number)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_link WHERE number = %s", [digest.number])
    chain.append(clinic.pk, bytes(last.rows)[56:], connection=connection)
    assert codes(digest) == ["digest-rewritten"]


def test_an_altered_digest_and_one_by_another_key_are_told(
    digest, patient, alice, settings, tmp_path
) -> None:
    assert codes(msgspec.structs.replace(digest, number=1)) == ["digest-signature"]
    assert codes(msgspec.structs.replace(digest, at=timezone.now())) == ["digest-signature"]
    settings.KEY_FILE = str(tmp_path / "another.pem")
    keys.current()
    assert "digest-key" in codes(digest)


def test_the_digest_of_another_clinic_is_told(digest, charlie) -> None:
    theirs = digests.take(charlie.organisation)
    assert codes(theirs) == []
    elsewhere = msgspec.structs.replace(theirs, organisation=uuid.uuid4(), signature="")
    signature = keys.current().sign(elsewhere.signed())
    signed = msgspec.structs.replace(elsewhere, signature=base64.b64encode(signature).decode())
    assert codes(signed) == ["digest-organisation"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "another"}, "'another'"),
        ({"number": -1}, "number"),
        ({"number": 2**63}, "number"),
        ({"hash": "00"}, "length"),
        ({"key": "?"}, "base64"),
        ({"at": "2026-11-28T12:00:00"}, "time zone"),
        ({"organisation": "x"}, "organisation"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_no_digest_is_refused_with_the_reason(digest, change, said) -> None:
    document = msgspec.to_builtins(digest) | change
    with pytest.raises(digests.DigestError, match=said):
        digests.read(msgspec.json.encode(document))
    for raw in (b"", b"[]", b"\xff", b"{" * 5000, b" " * 20_000):
        with pytest.raises(digests.DigestError):
            digests.read(raw)
