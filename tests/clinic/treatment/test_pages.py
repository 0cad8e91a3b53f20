"""The treatment page, with and without script."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from filiform.clinic.treatment import before, queries
from filiform.clinic.treatment.models import Act, Seal


def page(name, visit):
    room = "pathway" if name in ("start", "sign") else "treatment"
    return reverse(f"{room}:{name}", args=[visit.pk])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def send(as_alice, treatment, visit):
    def post(name, **data):
        return as_alice.post(page(name, visit), data)

    return post


def test_before_the_start_the_page_says_what_stands_against_it(as_alice, visit):
    response = as_alice.get(page("treat", visit))
    assert response.status_code == 200
    assert "Start needling" not in text_of(response)
    assert as_alice.post(page("start", visit)).status_code == 422
    assert queries.treatment_of(visit) is None


def test_when_nothing_stands_against_it_the_start_button_is_there(as_alice, visit, targets):
    assert "Start needling" in text_of(as_alice.get(page("treat", visit)))
    for _press in range(2):
        as_alice.post(page("start", visit), dict.fromkeys(before.CODES, "yes"))
    assert queries.treatment_of(visit) is not None


def test_a_plain_form_records_a_needle_and_a_double_click_only_one(send, targets, as_alice, visit):
    act_id = uuid4()
    for _click in range(2):
        response = send("act", act_id=act_id, kind="insertion", target=targets[0].pk)
        assert response.status_code == 302
    assert Act.objects.count() == 1
    assert 'data-in="1"' in text_of(as_alice.get(page("treat", visit)))


def test_a_tablet_is_told_what_is_stored_and_gets_the_reason_as_data_when_not(
    as_alice, treatment, visit, targets
):
    def send(**data):
        return as_alice.post(page("act", visit), data, headers={"X-Treatment-Page": "yes"})

    number = uuid4()
    stored = send(act_id=number, kind="insertion", target=targets[0].pk)
    assert stored.json() == {"stored": str(number)}
    refused = send(act_id=uuid4(), kind="removal", needle=uuid4())
    assert refused.status_code == 422
    assert [reason["id"] for reason in refused.json()["refused"]] == ["needle-unknown"]
    assert "no such needle" in refused.json()["refused"][0]["text"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "explosion"}, "act-unusable"),
        ({"at": "0001-01-01T00:00:00Z"}, "act-unusable"),
        ({"at": "9999-12-31T23:59:59Z"}, "act-unusable"),
        ({"depth_mm": "nan"}, "act-unusable"),
        ({"target": uuid4()}, "target-not-planned"),
        ({"depth_mm": "400"}, "needle-depth"),
    ],
)
def test_what_cannot_be_written_down_is_refused_as_data_and_never_breaks(
    as_alice, treatment, visit, targets, wrong, code
):
    data = {"act_id": uuid4(), "kind": "insertion", "target": targets[0].pk} | wrong
    refused = as_alice.post(page("act", visit), data, headers={"X-Treatment-Page": "yes"})
    assert refused.status_code == 422
    assert {reason["id"] for reason in refused.json()["refused"]} == {code}
    assert Act.objects.count() == 0


def test_an_act_in_a_visit_without_a_treatment_says_that_it_was_not_begun(as_alice, visit, targets):
    data = {"act_id": uuid4(), "kind": "insertion", "target": targets[0].pk}
    refused = as_alice.post(page("act", visit), data, headers={"X-Treatment-Page": "yes"})
    assert refused.status_code == 422
    assert refused.json()["refused"][0]["id"] == "act-without-treatment"


def test_a_late_act_becomes_an_amendment_once_however_often_it_is_sent(sealed, as_alice, visit):
    number = uuid4()
    for _sending in range(2):
        data = {"amendment_id": number, "text": "Needle out, infraspinatus, right, 14:05:09"}
        answer = as_alice.post(page("amend", visit), data, headers={"X-Treatment-Page": "yes"})
        assert answer.json() == {"stored": str(number)}
    shown = text_of(as_alice.get(page("record", visit)))
    assert shown.count("14:05:09") == 1
    empty = {"amendment_id": uuid4(), "text": " "}
    refused = as_alice.post(page("amend", visit), empty, headers={"X-Treatment-Page": "yes"})
    assert refused.status_code == 422
    assert refused.json()["refused"][0]["id"] == "amendment-empty"


def test_only_an_open_treatment_may_be_kept_on_a_tablet_and_only_by_who_records(
    as_alice, client, olga, alice, act, targets, visit, treatment
):
    act("insertion", target=targets[0])
    assert as_alice.get(page("treat", visit)).headers["X-Treatment-Keep"] == str(alice.pk)
    assert "X-Treatment-Keep" not in as_alice.get(page("state", visit)).headers
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    assert "X-Treatment-Keep" not in client.get(page("treat", visit)).headers


def test_a_second_tablet_sees_the_same_and_asks_again_for_little(as_alice, act, visit, targets):
    act("insertion", target=targets[0])
    first = as_alice.get(page("state", visit))
    assert 'data-in="1"' in text_of(first)
    version = first.headers["X-Treatment-Version"]
    assert f'data-version="{version}"' in text_of(first)
    again = as_alice.get(page("state", visit), headers={"X-Treatment-Version": version})
    assert again.status_code == 304
    act("insertion", target=targets[1])
    moved = as_alice.get(page("state", visit), headers={"X-Treatment-Version": version})
    assert 'data-in="2"' in text_of(moved)


def test_taking_a_needle_out_twice_says_so(send, act, targets):
    needle = act("insertion", target=targets[0])
    assert send("act", act_id=uuid4(), kind="removal", needle=needle.pk).status_code == 302
    response = send("act", act_id=uuid4(), kind="removal", needle=needle.pk)
    assert response.status_code == 422
    assert "has been out since" in text_of(response)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "explosion"},
        {"kind": "count"},
        {"at": "yesterday"},
        {"at": "2026-11-22T10:00:00"},
        {"act_id": "1"},
        {"needle": "x"},
    ],
)
def test_an_act_that_makes_no_sense_is_refused_and_stores_nothing(send, targets, wrong):
    data = {"act_id": uuid4(), "kind": "insertion", "target": targets[0].pk} | wrong
    assert send("act", **data).status_code == 422
    assert Act.objects.count() == 0


def test_all_out_needs_the_tick_that_each_was_counted(send, act, targets, treatment):
    needles = [act("insertion", target=target) for target in targets]
    out = [f"{uuid4()}:{needle.pk}" for needle in needles]
    assert send("all-out", out=out).status_code == 422
    assert len(queries.needles_of(treatment)) == 2
    assert send("all-out", out=out, counted="yes").status_code == 302
    assert send("all-out", out=out, counted="yes").status_code == 302
    assert queries.needles_of(treatment) == []
    assert Act.objects.filter(kind="removal").count() == 2


def test_nobody_is_told_that_all_are_out_while_another_tablets_needle_is_in(
    as_alice, visit, act, targets
):
    needle = act("insertion", target=targets[0])
    act("insertion", target=targets[1])  # by another tablet, after this page was made
    data = {"out": f"{uuid4()}:{needle.pk}", "counted": "yes"}
    answer = as_alice.post(page("all-out", visit), data, follow=True).content.decode()
    assert "All needles are recorded as out" not in answer


def test_a_count_that_adds_up_leads_to_the_signature(send, act, targets, as_alice, visit):
    needle = act("insertion", target=targets[0])
    act("removal", needle=needle)
    assert "Sign as" not in text_of(as_alice.get(page("treat", visit)))
    send("count", act_id=uuid4(), opened=1, unused=0, in_bin=1)
    send("response", act_id=uuid4(), pain="2", soreness="1", feels="well")
    assert "Sign as" in text_of(as_alice.get(page("treat", visit)))
    for _click in range(2):
        assert send("sign").headers["Location"] == page("record", visit)
    assert Seal.objects.count() == 1


def test_a_count_that_does_not_add_up_opens_the_search(send, act, targets, as_alice, visit):
    act("removal", needle=act("insertion", target=targets[0]))
    send("count", act_id=uuid4(), opened=2, unused=0, in_bin=1)
    shown = text_of(as_alice.get(page("treat", visit)))
    assert "Stop: the needles don't add up" in shown
    assert "X-ray" in shown
    assert send("sign").status_code == 422


def test_the_record_shows_what_was_planned_what_was_done_and_the_seal(sealed, as_alice, visit):
    shown = text_of(as_alice.get(page("record", visit)))
    assert sealed.hash in shown
    assert "Infraspinatus" in shown
    assert "1:00" in shown


def test_an_amendment_stands_beside_the_signed_record(sealed, send, as_alice, visit):
    number = uuid4()
    for _click in range(2):
        send("amend", amendment_id=number, text="The patient had mentioned a nickel allergy.")
    assert send("amend", amendment_id=uuid4(), text="  ").status_code == 422
    shown = text_of(as_alice.get(page("record", visit)))
    assert shown.count("nickel allergy") == 1


def test_every_button_without_script_has_an_act_id_of_its_own(as_alice, act, targets, visit):
    act("insertion", target=targets[0])
    numbers = re.findall(
        r'name="act_id" value="([^"]+)"', text_of(as_alice.get(page("treat", visit)))
    )
    assert len(numbers) == len(set(numbers))
    assert len(numbers) > 5


GET_PAGES = ("treat", "state", "record")
POST_PAGES = ("start", "act", "all-out", "count", "account", "response", "sign", "amend")


@pytest.mark.parametrize("name", GET_PAGES)
def test_an_outsider_finds_no_treatment(client, charlie, treatment, visit, name):
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page(name, visit)).status_code == 404


@pytest.mark.parametrize("name", POST_PAGES)
def test_an_outsider_records_nothing(client, charlie, treatment, visit, name):
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(page(name, visit)).status_code == 404
    assert Act.objects.count() == 0


@pytest.mark.parametrize("name", [*GET_PAGES, *POST_PAGES])
def test_the_front_desk_does_not_open_the_treatment_page(client, bob, treatment, visit, name):
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    method = client.get if name in GET_PAGES else client.post
    assert method(page(name, visit)).status_code == 403


def test_the_owner_reads_but_does_not_record(client, olga, treatment, visit):
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(page("treat", visit))
    assert shown.status_code == 200
    assert "data-act=" not in text_of(shown)
    assert client.post(page("sign", visit)).status_code == 403
