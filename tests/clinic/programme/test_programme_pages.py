"""The programme's pages and the paper that goes home."""

from __future__ import annotations

import pytest
from django.urls import reverse

from filiform.clinic.programme import actions, queries


@pytest.fixture
def page(visit):
    return reverse("programme:programme", args=[visit.pk])


@pytest.fixture
def paper(visit):
    return reverse("programme:handout", args=[visit.pk])


def tap(client, visit, first_home, **headers):
    return client.post(
        reverse("programme:choose", args=[visit.pk]),
        {"phase": first_home[0], "item": first_home[1].id},
        **headers,
    )


def test_an_outsider_sees_and_changes_nothing(visit, page, paper, first_home, charlie, signed_in):
    client = signed_in(charlie)
    assert client.get(page).status_code == 404
    assert client.get(paper).status_code == 404
    assert tap(client, visit, first_home).status_code == 404
    assert queries.chosen(visit) == []


def test_the_front_desk_prints_the_paper_and_changes_nothing(
    visit, page, paper, first_home, bob, signed_in
):
    client = signed_in(bob)
    assert client.get(paper).status_code == 200
    assert client.get(page).status_code == 403
    assert tap(client, visit, first_home).status_code == 403


def test_the_owner_looks_and_changes_nothing(visit, page, first_home, olga, signed_in):
    client = signed_in(olga)
    assert client.get(page).status_code == 200
    assert tap(client, visit, first_home).status_code == 403


def test_a_tap_answers_with_the_board_alone(visit, first_home, alice, signed_in):
    response = tap(signed_in(alice), visit, first_home, headers={"HX-Request": "true"})
    content = response.content.decode()
    assert response.status_code == 200
    assert content.lstrip().startswith('<div id="programme"')
    assert "choice chosen" in content


def test_without_script_a_tap_comes_back_to_the_page(visit, page, first_home, alice, signed_in):
    response = tap(signed_in(alice), visit, first_home)
    assert response.status_code == 302
    assert response["Location"].startswith(page)
    assert len(queries.chosen(visit)) == 1


def test_a_dose_out_of_bounds_comes_back_at_its_row(visit, first_home, alice, signed_in):
    client = signed_in(alice)
    tap(client, visit, first_home)
    row = queries.chosen(visit)[0]
    address = reverse("programme:dose", args=[visit.pk, row.pk])
    response = client.post(address, {**row.dose, "hold_s": "9000", "note": ""})
    assert response.status_code == 422
    assert queries.chosen(visit) == [row]
    response = client.post(address, {**row.dose, "hold_s": "45", "note": "Slowly"})
    assert response.status_code == 302
    assert queries.chosen(visit)[0].dose["hold_s"] == 45


def test_an_item_of_another_visit_is_not_found(visit, patient, first_home, alice, site, signed_in):
    from django.utils import timezone

    from filiform.clinic.visits.actions import book

    client = signed_in(alice)
    tap(client, visit, first_home)
    row = queries.chosen(visit)[0]
    other = book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )
    address = reverse("programme:remove", args=[other.pk, row.pk])
    assert client.post(address).status_code == 404
    assert queries.chosen(visit) == [row]


def test_what_was_left_out_stands_there_with_its_reason(visit, page, target, alice, signed_in):
    from filiform.clinic.assessment.actions import plan_needling

    plan_needling(
        by=alice,
        target=target,
        position="prone",
        technique="deep-static",
        diameter_mm=0.25,
        length_mm=30,
        depth_mm=12,
        insertions=1,
    )
    content = signed_in(alice).get(page).content.decode()
    assert "Left out, and why" in content


def test_the_paper_in_urdu_reads_from_right_to_left_whatever_the_reader_reads(
    visit, paper, target, alice, signed_in, today
):
    actions.choose_all(by=alice, visit=visit, on=today)
    content = signed_in(alice).get(paper, {"language": "ur"}).content.decode()
    assert '<html lang="ur" dir="rtl"' in content
    assert "گھر پر آپ کی ورزشیں" in content
    assert "Your exercises" not in content


def test_the_paper_carries_the_clinics_number_and_what_to_do_when_it_hurts(
    visit, paper, target, alice, site, signed_in, today
):
    actions.choose_all(by=alice, visit=visit, on=today)
    content = signed_in(alice).get(paper, {"language": "en"}).content.decode()
    assert f"tel:{site.phone}" in content
    assert "If it hurts" in content
    assert "1122" in content


def test_the_paper_has_only_what_was_chosen_for_home(
    visit, paper, alice, first_home, signed_in, today
):
    client = signed_in(alice)
    tap(client, visit, first_home)
    paper_lines = queries.handout(visit, on=today)
    assert [line.item.id for line in paper_lines.tasks] == [first_home[1].id]
    assert paper_lines.advice == ()
    assert first_home[1].name.en in client.get(paper).content.decode()


def test_an_exercise_that_goes_on_for_weeks_stands_once_on_the_paper(visit, target, alice, today):
    actions.choose_all(by=alice, visit=visit, on=today)
    paper_lines = queries.handout(visit, on=today)
    ids = [line.item.id for line in (*paper_lines.tasks, *paper_lines.advice)]
    assert len(ids) == len(set(ids))
    chosen_for_home = [row for row in queries.chosen(visit) if row.phase != "clinic"]
    assert len(ids) < len(chosen_for_home), "some of them go on through several stretches of time"
    doses = [when for line in paper_lines.tasks for when in line.whens]
    assert all(when.dose is not None for when in doses)


@pytest.mark.parametrize(
    ("language", "sided", "whole"),
    [
        ("en", "Band turn-out, on the right side", "Wall slide"),
        ("ur", "بینڈ سے بازو باہر موڑنا، دائیں طرف", "دیوار پر بازو سرکانا"),
    ],
)
def test_the_paper_names_a_side_only_for_what_has_one(
    visit, paper, alice, today, signed_in, language, sided, whole
):
    import re

    from tests.clinic.needling_rows import choose_target

    for muscle in ("infraspinatus", "trapezius-upper"):
        choose_target(visit, muscle)
    actions.choose_all(by=alice, visit=visit, on=today)
    page = signed_in(alice).get(paper, {"language": language}).content.decode()
    titles = [
        " ".join(re.sub(r"<[^>]+>", "", title).split())
        for title in re.findall(r"<h2>(.*?)</h2>", page, re.DOTALL)
    ]
    assert sided in titles
    assert whole in titles
