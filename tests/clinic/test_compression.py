"""Pages go over the wire compressed, and nothing else about them changes."""

from __future__ import annotations

import gzip

import brotli
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from filiform.clinic.compression import SMALLEST, CompressionMiddleware, encoding

PAGE = "<p>Dry needling. خشک سوئی۔</p>" * 500


def answer(accepts: str, response: HttpResponse) -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepts
    return CompressionMiddleware(lambda _: response)(request)


def test_a_page_is_sent_as_the_browser_can_read_it_best():
    for accepts, expected in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0,gzip;q=0", ""),
        ("BR", "br"),
        ("identity", ""),
        ("", ""),
        ("x," * 5000 + "br", ""),
    ]:
        assert encoding(accepts) == expected, accepts


def test_what_arrives_is_the_page_that_was_made():
    for accepts, unpack in [("br", brotli.decompress), ("gzip", gzip.decompress)]:
        sent = answer(accepts, HttpResponse(PAGE))
        assert sent.headers["Content-Encoding"] == accepts
        assert "Accept-Encoding" in sent.headers["Vary"]
        text = unpack(sent.content).decode()
        assert text.startswith(PAGE), accepts
        assert text.removeprefix(PAGE).strip().startswith("<!--"), "only the blur comes behind it"
        assert len(sent.content) < len(PAGE) / 20


def test_the_length_of_a_page_tells_nothing_about_what_it_echoes():
    lengths = {len(answer("br", HttpResponse(PAGE)).content) for _ in range(40)}
    assert len(lengths) > 5


def test_small_answers_pictures_streams_and_what_is_compressed_already_stay_as_they_are():
    ready = HttpResponse(PAGE)
    ready.headers["Content-Encoding"] = "zstd"
    for case, response in {
        "small": HttpResponse("x" * (SMALLEST - 1)),
        "picture": HttpResponse(b"x" * 5000, content_type="image/webp"),
        "stream": StreamingHttpResponse([b"x" * 5000]),
        "ready": ready,
    }.items():
        before = None if response.streaming else response.content
        sent = answer("br", response)
        assert sent.headers.get("Content-Encoding") in {None, "zstd"}, case
        assert before is None or sent.content == before, case


def test_an_etag_says_that_the_page_is_the_same_though_its_bytes_are_not():
    response = HttpResponse(PAGE)
    response.headers["ETag"] = '"abc"'
    assert answer("br", response).headers["ETag"] == 'W/"abc"'
    data = HttpResponse('{"a": 1}' * 500, content_type="application/json")
    assert brotli.decompress(answer("br", data).content) == b'{"a": 1}' * 500
