"""The ranking in the visit: questions, answers, choosing from it, and what is kept of it."""

from __future__ import annotations

import html

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.clinic.conftest import make_practitioner

from filiform.anatomy import atlas
from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import Finding, Ranking
from filiform.clinic.assessment.ranked import answer_of, case_of, drawing_of
from filiform.clinic.assessment.ranking_page import _row, skipped_of
from filiform.clinic.reports.agreement import agreements, hits
from filiform.targeting import Account, complaints, rank, read_case

WHY = Account("", "left", (), (), ())
HTMX = {"HX-Request": "true"}


def signed_in(member):
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def dana(clinic, site, today):
    """A second practitioner of the clinic."""
    return make_practitioner(clinic, "dana", today=today)


def page(client, visit, query=""):
    return client.get(reverse("assessment:targets", args=[visit.pk]) + query)


def palpate(client, visit, answer, headers=None, **changes):
    asked = page(client, visit).context["ranking"]["question"]
    data = {key: asked[key] for key in ("muscle", "side", "finding")} | changes
    address = reverse("assessment:palpated", args=[visit.pk])
    return client.post(address, {**data, "answer": answer}, headers=headers), data


def test_the_page_ranks_what_could_explain_the_drawing(as_alice, told):
    ranking = page(as_alice, told).context["ranking"]
    assert len(ranking["rows"]) >= 4
    assert all(row.name.endswith(", right") for row in ranking["rows"][:3])
    assert ranking["question"]["side"] == "right"
    assert "svg" in ranking["pictures"][0].svg


def test_the_drawing_is_told_by_the_regions_that_it_covers(told):
    assert [area.name for area in case_of(told).pain] == ["neck-back right"]


def test_without_a_story_the_page_asks_for_one(as_alice, begun):
    answer = page(as_alice, begun)
    assert not answer.context["ranking"]["known"]
    assert "Draw where it hurts" in answer.content.decode()


@pytest.mark.parametrize(("answer", "present"), [("yes", True), ("no", False)])
def test_an_answer_is_a_finding_and_changes_the_ranking(as_alice, told, answer, present):
    before = answer_of(told)
    _response, asked = palpate(as_alice, told, answer)
    (row,) = queries.findings(told)
    assert (row.muscle, row.finding, row.present) == (asked["muscle"], asked["finding"], present)
    chances = [
        next(r.probability for r in one.ranked if (r.source, r.side) == (row.muscle, row.side))
        for one in (before, answer_of(told))
    ]
    assert (chances[1] > chances[0]) is present


def test_not_sure_is_an_answer_it_is_kept_says_nothing_and_is_not_asked_again(as_alice, told):
    before = answer_of(told)
    response, asked = palpate(as_alice, told, "not-sure")
    (row,) = queries.findings(told)
    assert (row.muscle, row.finding, row.present) == (asked["muscle"], asked["finding"], None)
    assert queries.findings_by_muscle(told) == {}
    after = answer_of(told)
    assert [one.probability for one in after.ranked] == [one.probability for one in before.ranked]
    following = as_alice.get(response.url).context["ranking"]["question"]
    assert {key: following[key] for key in asked} != asked
    actions.find(
        by=row.recorded_by, visit=told, muscle=row.muscle, side=row.side, finding=row.finding,
        present=True,
    )  # fmt: skip
    assert [one.present for one in queries.findings(told)] == [True]


def test_the_neurological_screen_of_a_root_is_an_answer_too(as_alice, told):
    root = next(one for one in answer_of(told).ranked if one.kind == "nerve-root")
    data = {"muscle": root.source, "side": root.side, "finding": "neurological-screen"}
    address = reverse("assessment:palpated", args=[told.pk])
    assert as_alice.post(address, {**data, "answer": "no"}).status_code == 302
    place = (root.source, root.side)
    after = next(one for one in answer_of(told).ranked if (one.source, one.side) == place)
    assert after.probability < root.probability
    assert as_alice.post(address, {**data, "muscle": "soleus", "answer": "no"}).status_code == 404
    assert page(as_alice, told).status_code == 200


def test_with_script_only_the_ranking_and_the_cards_are_swapped(as_alice, told):
    response, asked = palpate(as_alice, told, "yes", headers=HTMX)
    text = response.content.decode()
    assert text.startswith("<section") or text.lstrip().startswith("<section")
    assert 'id="target-cards" hx-swap-oob="true"' in text
    assert f'id="found-{asked["muscle"]}-{asked["side"]}"' in text
    assert "<html" not in text


def test_a_finding_tapped_in_on_a_card_swaps_the_ranking_too(as_alice, told):
    data = {"muscle": "trapezius-upper", "side": "right", "f_taut-band": "yes"}
    response = as_alice.post(reverse("assessment:find", args=[told.pk]), data, headers=HTMX)
    assert 'id="ranking"' in response.content.decode()
    assert "hx-swap-oob" in response.content.decode()


def test_what_nobody_can_palpate_is_not_found(as_alice, told):
    for changes in ({"muscle": "x"}, {"side": "both"}, {"finding": "smile"}):
        assert palpate(as_alice, told, "yes", **changes)[0].status_code == 404


def test_a_tap_on_a_name_puts_it_into_the_plan_and_keeps_the_ranking(as_alice, told):
    row = page(as_alice, told).context["ranking"]["rows"][0]
    as_alice.post(
        reverse("assessment:choose", args=[told.pk]), {"muscle": row.muscle, "side": row.side}
    )
    (target,) = queries.targets(told)
    kept = Ranking.objects.get(target=target)
    assert kept.position == 1
    assert kept.ranked[0][:2] == [row.muscle, row.side]
    assert kept.release == answer_of(told).release
    assert page(as_alice, told).context["ranking"]["rows"][0].chosen


def test_choosing_without_anything_to_rank_keeps_no_ranking(begun, alice):
    actions.choose_target(by=alice, visit=begun, muscle="soleus", side="left")
    assert not Ranking.objects.exists()


def test_warnings_of_other_sources_stand_before_the_muscles(as_alice, told):
    text = page(as_alice, told).content.decode()
    assert text.index("however unlikely") < text.index('class="plain chances"')


def test_another_sources_zones_can_be_shown(as_alice, told):
    address = reverse("assessment:ranking", args=[told.pk]) + "?show=levator-scapulae:right"
    shown = as_alice.get(address, headers=HTMX).context["ranking"]["shown_name"]
    assert shown == f"{atlas().muscles['levator-scapulae'].name.en}, right"
    assert as_alice.get(address).status_code == 302


@pytest.mark.parametrize("text", ["", ";;", "a:b", "a:b:taut-band:c", "x" * 9000])
def test_nonsense_among_the_skipped_is_left_out(text):
    assert skipped_of(text) == frozenset()


def test_who_only_looks_sees_the_ranking_without_questions(olga, told):
    answer = page(signed_in(olga), told)
    assert answer.status_code == 200
    assert 'name="answer"' not in answer.content.decode()


def test_an_outsider_gets_neither_ranking_nor_question(charlie, told):
    outside = signed_in(charlie)
    addresses = [reverse(f"assessment:{name}", args=[told.pk]) for name in ("ranking", "second")]
    assert [outside.get(one).status_code for one in addresses] == [404, 404]
    assert palpated_by(outside, told).status_code == 404


def palpated_by(client, visit):
    data = {"muscle": "soleus", "side": "left", "finding": "taut-band", "answer": "yes"}
    return client.post(reverse("assessment:palpated", args=[visit.pk]), data)


def test_the_second_examiner_is_not_shown_the_first_answers(dana, told, alice):
    note(told, alice, "taut-band", present=True)
    text = signed_in(dana).get(reverse("assessment:second", args=[told.pk])).content.decode()
    assert "Taut band" in text
    assert "checked" not in text


def test_two_equal_answers_are_two_rows_and_count_as_agreement(dana, told, alice):
    note(told, alice, "taut-band", present=True)
    name = "trapezius-upper:right:taut-band"
    signed_in(dana).post(reverse("assessment:second", args=[told.pk]), {name: "yes"})
    assert Finding.objects.count() == 2
    (one,) = [v for k, v in agreements(alice.organisation).items() if k == "taut-band"]
    assert (one.pairs, one.same, one.kappa) == (1, 1.0, None)


def test_who_corrects_his_own_answer_is_not_two_examiners(told, alice):
    note(told, alice, "taut-band", present=True)
    note(told, alice, "taut-band", present=False)
    assert agreements(alice.organisation)[""].pairs == 0


def note(visit, by, finding, *, present):
    return actions.find(
        by=by, visit=visit, muscle="trapezius-upper", side="right", finding=finding, present=present
    )


def test_the_report_counts_choices_by_their_place_in_the_ranking(as_alice, told, alice):
    row = page(as_alice, told).context["ranking"]["rows"][0]
    actions.choose_target(by=alice, visit=told, muscle=row.muscle, side=row.side)
    actions.choose_target(by=alice, visit=told, muscle="soleus", side="left")
    assert [one.chosen for one in hits(alice.organisation)] == [1, 0, 0, 1]
    answer = as_alice.get(reverse("reports:agreement"))
    assert answer.status_code == 200
    assert answer.context["chosen"] == 2


def test_the_report_tells_nothing_of_another_clinic(charlie, told, alice):
    actions.choose_target(by=alice, visit=told, muscle="soleus", side="left")
    assert signed_in(charlie).get(reverse("reports:agreement")).context["chosen"] == 0


def test_the_page_says_which_complaint_was_taken(as_alice, told):
    assert page(as_alice, told).context["ranking"]["complaint"]["taken"] == "Neck pain"


@pytest.mark.parametrize(
    ("own_words", "taken", "near"),
    [
        ("outer hip pain, left", "Hip or buttock pain", ""),
        ("hurts when I throw", "", ","),
        ("", "", ""),
    ],
)
def test_own_words_are_taken_by_a_known_name_or_answered_with_the_nearest(
    as_alice, told, alice, own_words, taken, near
):
    drawn = drawing_of(told)
    actions.tell_story(by=alice, visit=told, drawing=drawn, complaint_code="", complaint=own_words)
    answer = page(as_alice, told)
    found = answer.context["ranking"]["complaint"]
    assert found["taken"] == taken
    assert near in found["near"]
    asked = "Choose the presenting complaint first" in answer.content.decode()
    assert asked is not bool(taken)


@pytest.mark.parametrize(
    ("language", "own_words", "word", "one_of", "plain"),
    [
        ("en", "headache", "Headache", "Migraine", "doesn't say which complaint"),
        ("ur", "سر میں درد", "سر درد", "آدھے سر کا درد", "سے پتا نہیں چلتا کہ کون سی شکایت ہے"),
    ],
)
def test_a_general_word_is_told_with_all_that_it_may_be_where_the_complaint_is_asked_and_used(
    as_alice, told, alice, language, own_words, word, one_of, plain
):
    drawn = drawing_of(told)
    actions.tell_story(by=alice, visit=told, drawing=drawn, complaint_code="", complaint=own_words)
    as_alice.cookies["filiform_language"] = language
    answer = page(as_alice, told)
    (found,) = answer.context["ranking"]["complaint"]["may_be"]
    assert found["word"] == word
    assert one_of in found["names"]
    asked = as_alice.get(reverse("assessment:story", args=[told.pk]))
    for shown in (answer, asked):
        text = html.unescape(shown.content.decode())
        assert plain in text
        assert found["names"] in text


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_complaint_is_called_the_same_where_it_is_chosen_and_where_it_was_understood(language):
    with translation.override(language):
        chips = {code: str(one.name) for code, one in COMPLAINTS.items()}
    assert chips == {code: complaints()[code].name.in_language(language) for code in chips}


def test_chest_pain_shows_what_to_consider_first_before_anything_is_drawn(as_alice, told, alice):
    actions.tell_story(
        by=alice, visit=told, drawing=BodyDrawing(), complaint_code="", complaint="chest pain"
    )
    answer = page(as_alice, told)
    assert not answer.context["ranking"]["known"]
    text = answer.content.decode()
    assert all(atlas().pain_sources[name].name.en in text for name in ("heart", "aorta-thoracic"))
    assert "Consider it first" in text


def test_a_chosen_complaint_says_itself_what_it_is(as_alice, told):
    asked = as_alice.get(reverse("assessment:story", args=[told.pk]))
    assert asked.context["understood"] is None


def test_only_muscles_have_a_percentage(as_alice, told):
    chest = "disc:sternum-mid:5:midline", "stripe:arm-medial-mid>forearm-ulnar-mid:4:left"
    answer = rank(read_case({"pain": list(chest)}))
    assert "heart" in [one.source for one in answer.red_flags]
    shown = {one.source: _row(one, WHY, set(), answer.ranked[0]) for one in answer.ranked[:8]}
    assert shown["heart"].chance == ""
    assert all(row.chance for name, row in shown.items() if name != "heart")
    assert all((row.percent is None) is not bool(row.muscle) for row in shown.values())
    assert "chance" not in page(as_alice, told).context["ranking"]["flags"][0]


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_report_tells_the_figures_on_published_cases_and_of_simpler_ways(as_alice, language):
    as_alice.cookies["filiform_language"] = language
    answer = as_alice.get(reverse("reports:agreement"))
    assert answer.status_code == 200
    rows = answer.context["measured"]["rows"]
    assert [bool(row.verdict) for row in rows] == [False, False, True, True]
    assert rows[0].three in answer.content.decode()
    # Simple ways are judged among muscles, where joints with wide zones don't hold them back.
    assert all(row.muscles in answer.content.decode() for row in rows)
    rounds = answer.context["measured"]["rounds"]
    assert all(one["overlap"] in answer.content.decode() for one in rounds)
