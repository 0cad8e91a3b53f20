"""The body on the treatment page: every planned point and every needle has a label of its own."""

from __future__ import annotations

import re

from django.urls import reverse


def page_text(client, visit):
    return client.get(reverse("treatment:treat", args=[visit.pk])).content.decode()


def labels(client, visit):
    """(label, state) and its slot on the board, in the order of the keyboard."""
    found = re.findall(
        r'class="point (planned|in|out)[^"]* c(\d+) r(\d+)"[^>]*>\s*<b>(\w+)</b>',
        page_text(client, visit),
    )
    return [((label, state), (column, row)) for state, column, row, label in found]


def test_a_planned_label_keeps_its_number_when_its_needle_goes_in_and_comes_out(
    as_alice, visit, targets, treatment, act
):
    assert [one for one, _slot in labels(as_alice, visit)] == [("1", "planned"), ("2", "planned")]
    needle = act("insertion", target=targets[0].pk)
    assert [one for one, _slot in labels(as_alice, visit)] == [("1", "in"), ("2", "planned")]
    act("removal", needle=needle.pk)
    assert [one for one, _slot in labels(as_alice, visit)] == [("1", "out"), ("2", "planned")]


def test_several_needles_in_one_muscle_are_told_apart_and_never_lie_over_each_other(
    as_alice, visit, targets, act
):
    for _time in range(4):
        act("insertion", target=targets[0].pk)
    shown = labels(as_alice, visit)
    assert [label for (label, _state), _slot in shown] == ["1", "1b", "1c", "1d", "2"]
    assert len({slot for _one, slot in shown}) == 5
    for label in ("1b", "1d"):
        assert f"<b data-label>{label}</b>" in page_text(as_alice, visit)


def test_a_tap_on_a_planned_label_is_the_tap_on_its_button(as_alice, visit, targets, treatment):
    text = page_text(as_alice, visit)
    form = f"insert-form-{targets[0].pk}"
    assert f'form="{form}"' in text
    assert f'id="{form}"' in text


def test_a_needle_longer_in_than_its_technique_wants_is_marked_without_script_too(
    as_alice, visit, targets, act, treatment
):
    from datetime import timedelta

    from filiform.clinic.treatment.course import course_of
    from filiform.clinic.treatment.page_targets import cards_of, dwell_s

    needle = act("insertion", target=targets[0].pk)
    plan = targets[0].plans.get()
    assert dwell_s(plan) == 300, "deep, left in place: five minutes"
    for minutes, due in ((4, False), (5, True)):
        later = needle.at + timedelta(minutes=minutes)
        card = cards_of([(targets[0], plan)], course_of([needle]), None, later)[0]
        assert card.needles[0].is_due is due, minutes


def test_what_is_seen_at_a_needle_is_kept_with_it_and_marked_where_it_differs_from_the_plan(
    as_alice, visit, targets, act
):
    needle = act("insertion", target=targets[0].pk)
    act("observed", needle=needle.pk, details={"depth_mm": 11, "reaction": "winces"})
    act("observed", needle=needle.pk, details={"found": "bent"})
    text = page_text(as_alice, visit)
    assert "Bent" in text
    assert "Winces" in text
    assert "different from the plan" in text
    refused = act("observed", needle=needle.pk, details={"depth_mm": 400})
    assert [reason.code for reason in refused] == ["needle-depth"]
    assert [reason.code for reason in act("observed", needle=needle.pk)] == ["observed-nothing"]
    act("removal", needle=needle.pk)
    late = act("observed", needle=needle.pk, details={"found": "stuck"})
    assert late.details == {"found": "stuck"}, "that it came out bent is seen when it is out"


def test_when_consent_is_withdrawn_with_needles_in_the_page_is_for_taking_them_out(
    as_alice, visit, targets, act, alice
):
    from filiform.clinic.consent import actions as consent

    act("insertion", target=targets[0].pk)
    assert "remove-all" not in page_text(as_alice, visit)
    consent.withdraw(by=alice, visit=visit, said="I want it out.")
    text = page_text(as_alice, visit)
    assert "take every needle out now" in text
    assert 'data-act="removal"' in text
    text = text[text.index('<div id="treatment"') :]  # guides and templates aside
    assert not re.search(r'data-act="(insertion|twitch|pain-reproduced)"', text)
