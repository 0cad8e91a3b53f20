"""A draft holds what a form holds, and nothing else that JSON can say."""

from __future__ import annotations

from tests.tables import check_each

from filiform.clinic.web.models import Draft

NOT_A_FORM = {
    "no number": b'{"story": NaN}',
    "too large a number": b'{"story": [1e999]}',
    "deep brackets": b"[" * 50_000,
    "deep braces": b'{"a":' * 20_000,
    "a list": b"[]",
    "nothing": b"",
    "no text": b"\xff\xfe",
    "a text in place of a list": b'{"story": "since Monday"}',
    "very much": b'{"story": ["' + b"a" * 200_000 + b'"]}',
}


def test_what_is_no_form_is_refused_with_what_is_allowed(as_alice) -> None:
    def check(name: str) -> None:
        answer = as_alice.put("/drafts/story/", NOT_A_FORM[name], content_type="application/json")
        assert answer.status_code == 400
        assert "200 kB" in answer.json()["error"]

    check_each(NOT_A_FORM, check)
    assert not Draft.objects.exists()


def test_a_draft_comes_back_as_it_was_typed_without_what_no_database_holds(as_alice) -> None:
    typed = b'{"story": ["since\\u0000 Monday,\\nat work", "\\u062f\\u0631\\u062f"]}'
    assert as_alice.put("/drafts/story/", typed, content_type="application/json").status_code == 204
    fields = as_alice.get("/drafts/story/").json()["fields"]
    assert fields == {"story": ["since Monday,\nat work", "درد"]}


def test_a_key_that_no_page_of_ours_has_is_not_looked_for(as_alice) -> None:
    for key in ("a" * 121, "%00", "a%E2%80%8Bb"):
        assert as_alice.get(f"/drafts/{key}/").status_code == 404


def test_a_refusal_says_something_also_when_the_method_is_wrong(as_alice) -> None:
    answer = as_alice.put("/today/")
    assert answer.status_code == 405
    assert "Nothing was saved" in answer.content.decode()
    assert "GET" in answer["Allow"]


def test_a_length_that_is_no_number_is_refused(as_alice) -> None:
    def check(length: str) -> None:
        answer = as_alice.post("/language/", {"language": "ur"}, CONTENT_LENGTH=length)
        assert answer.status_code == 400

    check_each(("nonsense", "-1", "٣", "9" * 30), check)
