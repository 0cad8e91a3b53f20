"""SMART Health Links: what came with a link is decrypted and read; a link alone is explained."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from filiform.exchange.fhir import BundleError, read_bundle
from filiform.exchange.fhir.links import comes_alone, holds_link, link_in

Json = dict[str, Any]
KEY = bytes(range(32))
NONCE = b"0123456789ab"
PERSON: Json = {"resourceType": "Patient", "id": "p"}
WARFARIN: Json = {"resourceType": "MedicationStatement", "id": "m", "status": "active",
                  "subject": {"reference": "Patient/p"},
                  "medicationCodeableConcept": {"text": "Warfarin"}}  # fmt: skip


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def shlink(**more: Any) -> str:
    stated = {"url": "https://s.example/m/1", "key": b64(KEY), "label": "Summary", **more}
    return f"shlink:/{b64(json.dumps(stated).encode())}"


def jwe(content: bytes, *, key: bytes = KEY, **header: str) -> str:
    """As the standard has it: direct key, AES-GCM, deflated when the header says so."""
    whole = {"alg": "dir", "enc": "A256GCM", **header}
    head = b64(json.dumps(whole).encode())
    if "zip" in header:
        packing = zlib.compressobj(wbits=-15)
        content = packing.compress(content) + packing.flush()
    sealed = AESGCM(key).encrypt(NONCE, content, head.encode())
    return f"{head}..{b64(NONCE)}.{b64(sealed[:-16])}.{b64(sealed[-16:])}"


def bundle(*resources: Json) -> bytes:
    entry = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entry}).encode()


def manifest(*files: Json) -> str:
    return json.dumps({"status": "finalized", "files": files})


def texts(raw: str) -> list[str]:
    return [fact.text for fact in read_bundle(raw.encode()).facts]


WHOLE = jwe(bundle(PERSON, WARFARIN), zip="DEF", cty="application/fhir+json")


def test_the_files_that_came_with_a_link_are_read_whatever_their_arrangement() -> None:
    viewer = f"https://viewer.example/open#{shlink()}"
    parts = manifest({"contentType": "application/fhir+json", "embedded": jwe(bundle(PERSON))},
                     {"contentType": "application/fhir+json",
                      "embedded": jwe(json.dumps(WARFARIN).encode())})  # fmt: skip
    for raw in (f"{shlink()}\n{WHOLE}", f"{viewer}\n\n{WHOLE}\n", f"{shlink()}\n{parts}",
                f"{shlink()}\n{manifest({'embedded': WHOLE})}"):  # fmt: skip
        assert texts(raw) == ["Warfarin"]


def test_a_health_card_inside_a_link_is_read() -> None:
    payload = {"vc": {"credentialSubject": {"fhirBundle": json.loads(bundle(PERSON, WARFARIN))}}}
    packing = zlib.compressobj(wbits=-15)
    packed = packing.compress(json.dumps(payload).encode()) + packing.flush()
    card = json.dumps({"verifiableCredential": [f"e30.{b64(packed)}.c2ln"]}).encode()
    assert texts(f"{shlink()}\n{jwe(card)}") == ["Warfarin"]


def test_a_file_that_is_missing_and_the_day_until_which_it_was_meant_are_told() -> None:
    raw = f"{shlink(exp=1798761600)}\n" + manifest(
        {"embedded": WHOLE}, {"location": "https://s.example/f/2?sig=secret"}
    )
    says = [one.why for one in read_bundle(raw.encode()).unread]
    assert any("https://s.example/f/2 and was not sent along" in one for one in says)
    assert not any("secret" in one for one in says)
    assert any("until 1 Jan 2027" in one for one in says)


REFUSED = {
    "an address and not a record": shlink(),
    "It asks for a passcode": shlink(flags="P"),
    "It ends on 1 Jan 2027": shlink(exp=1798761600),
    "names 1 files": shlink() + manifest({"location": "https://s.example/f/2"}),
    "manifest is not usable": shlink() + '{"files": 3}',
    "its key does not open it": f"{shlink()} {jwe(b'{}', key=bytes(32))}",
    "A128CBC": f"{shlink()} {jwe(b'{}', enc='A128CBC')}",
    "not a whole JWE": shlink() + manifest({"embedded": "a.b"}),
    "leads to another link": f"{shlink()} {jwe(shlink().encode())}",
    "is cut off": "shlink:/",
    "cannot be read": "shlink:/bm9uc2Vuc2U",
    "no https address": shlink(url="http://s.example"),
    "with a key": shlink(key="c2hvcnQ"),
    "is not JSON": f"{shlink()} {jwe(b'what is this, ten')}",
}


@pytest.mark.parametrize("says", REFUSED)
def test_what_cannot_be_opened_is_told_with_what_to_do(says: str) -> None:
    with pytest.raises(BundleError, match=says):
        read_bundle(REFUSED[says].encode())


def test_what_unfolds_to_more_than_a_record_or_not_at_all_is_refused() -> None:
    bomb = jwe(b" " * 30_000_000, zip="DEF")
    assert len(bomb) < 50_000
    with pytest.raises(BundleError, match="more than 20 MB"):
        read_bundle(f"{shlink()} {bomb}".encode())
    head = b64(json.dumps({"alg": "dir", "enc": "A256GCM", "zip": "DEF"}).encode())
    sealed = AESGCM(KEY).encrypt(NONCE, b"\xff" * 40, head.encode())
    broken = f"{head}..{b64(NONCE)}.{b64(sealed[:-16])}.{b64(sealed[-16:])}"
    with pytest.raises(BundleError, match="cannot be unpacked"):
        read_bundle(f"{shlink()} {broken}".encode())


def test_a_link_is_taken_apart() -> None:
    link = link_in(shlink(flags="LP", exp=1798761600).encode())
    assert (link.url, link.needs_passcode, link.is_direct) == ("https://s.example/m/1", True, False)
    assert link.expires is not None
    assert link_in(shlink(exp=1e300).encode()).expires is None
    assert link_in(shlink(flags="U").encode()).is_direct
    assert not holds_link(b'{"note": "shlink:/abc"}')


def test_a_link_that_comes_alone_is_told_from_one_with_its_manifest_or_files() -> None:
    assert comes_alone(shlink().encode())
    assert comes_alone(f"https://viewer.example/open#{shlink()}".encode())
    assert not comes_alone(f"{shlink()}\n{manifest()}".encode())
    assert not comes_alone(f"{shlink()}\n{WHOLE}".encode())
