"""The consent page, the withdrawal and the patient's copy."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.clinic.consent.agreed import valid_consent
from tests.clinic.consent.conftest import SIGNATURE

from filiform.clinic.assessment import queries as assessed
from filiform.clinic.assessment.actions import choose_target
from filiform.clinic.assessment.models import Target
from filiform.clinic.consent import queries
from filiform.clinic.consent.actions import refuse
from filiform.clinic.consent.models import Consent
from filiform.clinic.consent.paper import consent_values
from filiform.clinic.facts.models import Entry


def page(name, visit):
    return reverse(f"consent:{name}", args=[visit.pk])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def filled(texts):
    return {
        "text": texts[0].pk,
        "consent_id": uuid4(),
        "muscles": "infraspinatus:right gluteus-medius:left",
        "answer_what": "needle",
        "answer_risk": "lung",  # infraspinatus lies over it
        "answer_call": "breath",
        "said_call": "If I cannot breathe",
        "relation": "self",
        "signed_name": "Amna Siddiqui",
        "method": "drawn",
        "signature": SIGNATURE,
    }


def test_the_page_names_the_muscles_the_risks_and_asks_three_questions(
    as_alice, visit, targets, texts
):
    shown = text_of(as_alice.get(page("consent", visit)))
    assert "Infraspinatus, right" in shown
    assert "Gluteus medius, left" in shown
    assert shown.count('class="people"') == 9
    assert all(f'name="answer_{one}"' in shown for one in ("what", "risk", "call"))
    assert shown.count('class="flat close-up"') == 2


def test_the_language_of_the_text_is_not_the_language_of_the_page(as_alice, visit, targets, texts):
    shown = text_of(as_alice.get(page("consent", visit) + "?text=ur"))
    assert texts[1].title in shown
    assert 'dir="rtl"' in shown
    assert "Record this consent" in shown


def test_a_double_click_gives_one_consent(as_alice, visit, targets, filled):
    for _click in range(2):
        assert as_alice.post(page("give", visit), filled).status_code == 302
    assert Consent.objects.count() == 1
    assert valid_consent(visit) is not None
    assert "consented at" in text_of(as_alice.get(page("consent", visit)))


def test_what_stood_on_the_page_is_kept_with_the_signature(as_alice, visit, targets, filled):
    as_alice.post(page("give", visit), filled)
    shown = Consent.objects.get().shown
    assert any("Infraspinatus" in line for line in shown["muscles"])
    assert {risk["id"] for risk in shown["risks"]} >= {"bruise", "bleeding", "major"}
    assert shown["rules_release"]


def test_a_target_chosen_on_another_tablet_meanwhile_is_not_agreed_to(
    as_alice, visit, targets, filled, alice
):
    from filiform.clinic.assessment.actions import choose_target

    choose_target(by=alice, visit=visit, muscle="soleus", side="left")
    as_alice.post(page("give", visit), filled)
    assert [reason.code for reason in queries.reasons_against(visit)] == ["consent-incomplete"]
    assert not any("Soleus" in line for line in Consent.objects.get().shown["muscles"])


def test_a_region_refused_on_another_tablet_meanwhile_is_not_agreed_to(
    as_alice, visit, targets, filled, alice
):
    refuse(by=alice, visit=visit, muscles=[("gluteus-medius", "left")], why="refused")
    as_alice.post(page("give", visit), filled)
    assert Consent.objects.get().muscles == [["infraspinatus", "right"]]


def test_a_current_planned_on_another_tablet_meanwhile_is_not_agreed_to(
    as_alice, visit, targets, filled, electrical
):
    electrical("electrical")
    as_alice.post(page("give", visit), filled)  # the page spoke of no current
    assert [reason.code for reason in queries.reasons_against(visit)] == ["consent-technique"]
    shown = text_of(as_alice.get(page("consent", visit)))
    assert 'name="techniques" value="current"' in shown
    again = filled | {"consent_id": uuid4(), "techniques": "current"}
    as_alice.post(page("give", visit), again)
    assert queries.reasons_against(visit) == ()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"signature": ""}, "no signature"),
        ({"signed_name": ""}, "name of the person"),
        ({"answer_what": ""}, "own words"),
        ({"answer_risk": "sore"}, "own words"),  # over the lung the lung has to be named
        ({"answer_call": "wait"}, "own words"),
        ({"relation": "neighbour"}, "neighbour"),
        ({"consent_id": "1"}, "Open it again"),
        ({"muscles": "no-such-muscle:left"}, "damaged"),
    ],
)
def test_a_refused_form_says_what_is_missing_and_keeps_what_was_entered(
    as_alice, visit, targets, filled, wrong, says
):
    response = as_alice.post(page("give", visit), filled | wrong)
    assert response.status_code == 422
    assert says in text_of(response)
    assert Consent.objects.count() == 0


def test_the_patient_withdraws_with_or_without_a_reason(as_alice, visit, targets, give):
    give()
    assert "Patient withdraws consent" in text_of(as_alice.get(page("consent", visit)))
    assert as_alice.get(page("withdraw", visit)).status_code == 200
    assert as_alice.post(page("withdraw", visit), {"said": ""}).status_code == 302
    assert valid_consent(visit) is None


def test_the_way_back_after_a_withdrawal_stays_in_the_clinic(as_alice, visit, targets, give):
    give()
    response = as_alice.post(
        page("withdraw", visit), {"said": "", "next": "https://elsewhere.example/"}
    )
    assert response.headers["Location"] == page("consent", visit)


def test_the_copy_shows_text_signature_and_hash(as_alice, visit, targets, give, texts):
    assert as_alice.get(page("copy", visit)).status_code == 404
    give()
    shown = text_of(as_alice.get(page("copy", visit)))
    assert SIGNATURE in shown
    assert texts[0].sha256 in shown
    assert "Amna Siddiqui" in shown


@pytest.mark.parametrize("lang", [0, 1])
def test_the_copy_is_a_pdf_in_the_language_that_was_signed(
    as_alice, visit, targets, give, texts, lang
):
    assert as_alice.get(page("copy-pdf", visit)).status_code == 404
    give(text=texts[lang], language=texts[lang].language)
    answer = as_alice.get(page("copy-pdf", visit))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert f"/Lang({texts[lang].language})".encode() in answer.content.replace(
        b"/Lang (", b"/Lang("
    )
    assert Entry.objects.filter(action="saw-consent-copy", patient=visit.patient).exists()


@pytest.mark.parametrize("name", ["consent", "withdraw", "copy", "copy-pdf"])
def test_an_outsider_finds_no_consent(client, charlie, visit, targets, give, name):
    give()
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page(name, visit)).status_code == 404


@pytest.mark.parametrize("name", ["give", "withdraw", "refuse"])
def test_an_outsider_and_the_front_desk_change_no_consent(
    client, charlie, bob, visit, targets, give, filled, name
):
    give()
    for member, status in ((charlie, 404), (bob, 403)):
        client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(page(name, visit), filled).status_code == status
    assert Consent.objects.count() == 1
    assert valid_consent(visit) is not None


def test_a_text_of_another_clinic_is_not_signed_here(as_alice, visit, targets, filled, charlie):
    from filiform.clinic.consent.actions import publish_shipped_texts

    foreign = publish_shipped_texts(by=charlie)[0]
    response = as_alice.post(page("give", visit), filled | {"text": foreign.pk})
    assert response.status_code == 404
    assert Consent.objects.count() == 0


def test_the_answers_that_the_patient_gave_are_kept_and_stand_on_the_copy(
    as_alice, visit, targets, filled
):
    as_alice.post(page("give", visit), filled)
    given = Consent.objects.get()
    assert given.answers["risk"] == {"chosen": "lung", "said": ""}
    assert given.teach_back == {"what": True, "risk": True, "call": True}
    shown = text_of(as_alice.get(page("copy", visit)))
    assert "The lung can be touched" in shown
    assert "If I cannot breathe" in shown


def test_a_refused_region_leaves_the_plan_at_once_and_says_why(as_alice, visit, targets, give):
    give()
    data = {"muscles": "gluteus-medius:left", "said": "Not the buttock"}
    assert as_alice.post(page("refuse", visit), data).status_code == 302
    assert [one.muscle for one in assessed.targets(visit)] == ["infraspinatus"]
    dropped = Target.objects.get(muscle="gluteus-medius", is_void=True)
    assert dropped.why == "The patient refused this region."
    shown = text_of(as_alice.get(page("consent", visit)))
    assert "Not the buttock" in shown
    assert "Refused at" in shown


def test_what_is_agreed_to_after_a_refusal_no_longer_stands_as_refused(
    as_alice, visit, targets, give, alice
):
    region = [("gluteus-medius", "left")]
    refuse(by=alice, visit=visit, muscles=region, why="refused")
    assert "Refused at" in text_of(as_alice.get(page("consent", visit)))
    choose_target(by=alice, visit=visit, muscle="gluteus-medius", side="left")
    consent = give()
    assert "Refused at" not in text_of(as_alice.get(page("consent", visit)))
    assert "Not agreed to" not in text_of(as_alice.get(page("copy", visit)))
    assert consent_values(consent, by=alice)["refused"] == []
    # Refused once more: the consent before it does not take that away.
    refuse(by=alice, visit=visit, muscles=region, why="refused")
    assert "Not agreed to" in text_of(as_alice.get(page("copy", visit)))
    assert len(consent_values(consent, by=alice)["refused"]) == 1


def test_a_region_that_was_not_asked_about_is_not_refused_by_a_forged_form(
    as_alice, visit, targets, texts
):
    as_alice.post(page("refuse", visit), {"muscles": "soleus:left nonsense"})
    assert not queries.refusals(visit)
    assert len(assessed.targets(visit)) == 2


def test_the_text_can_be_read_aloud_in_its_own_language(as_alice, visit, targets, texts):
    shown = text_of(as_alice.get(page("consent", visit) + "?text=ur"))
    assert re.search(r'<consent-aloud[^>]*data-lang="ur"', shown)
