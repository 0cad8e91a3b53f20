"""Choosing what goes with the needling, its dose, and taking it out again."""

from __future__ import annotations

import msgspec
from tests.clinic.needling_rows import choose_target

from filiform.clinic.programme import actions, queries
from filiform.clinic.programme.models import ProgrammeItem


def choose(visit, by, first_home, **options):
    phase, item, release = first_home
    return actions.choose(by=by, visit=visit, phase=phase, item=item, release=release, **options)


def test_one_tap_chooses_with_the_proposed_dose(visit, alice, first_home):
    row = choose(visit, alice, first_home)
    assert queries.dose_of(row) == first_home[1].dose


def test_choosing_twice_is_choosing_once(visit, alice, first_home):
    first = choose(visit, alice, first_home)
    assert choose(visit, alice, first_home) == first
    assert queries.chosen(visit) == [first]


def test_another_dose_keeps_the_former_readable(visit, alice, first_home):
    row = choose(visit, alice, first_home)
    less = msgspec.structs.replace(queries.dose_of(row), sets=2)
    new = actions.change_dose(by=alice, row=row, dose=less, note="Gently")
    assert new.replaces == row
    assert queries.chosen(visit) == [new]
    assert ProgrammeItem.objects.get(pk=row.pk).dose == row.dose


def test_the_same_dose_again_makes_no_new_version(visit, alice, first_home):
    row = choose(visit, alice, first_home)
    assert actions.change_dose(by=alice, row=row, dose=queries.dose_of(row)) == row


def test_a_dose_outside_its_bounds_is_refused_with_the_bounds(visit, alice, first_home):
    row = choose(visit, alice, first_home)
    refused = actions.change_dose(
        by=alice, row=row, dose=msgspec.structs.replace(queries.dose_of(row), hold_s=900)
    )
    assert isinstance(refused, tuple)
    assert refused[0].code == "programme-dose-out-of-bounds"
    assert (refused[0].params["got"], refused[0].params["most"]) == (900, 300)


def test_taking_out_voids_and_deletes_nothing(visit, alice, first_home):
    row = choose(visit, alice, first_home)
    actions.remove(by=alice, row=row)
    actions.remove(by=alice, row=row)
    assert queries.chosen(visit) == []
    assert ProgrammeItem.objects.filter(visit=visit).count() == 2, "the row and its void"


def test_what_was_taken_out_can_be_chosen_again(visit, alice, first_home):
    actions.remove(by=alice, row=choose(visit, alice, first_home))
    again = choose(visit, alice, first_home)
    assert queries.chosen(visit) == [again]


def test_a_dose_changed_on_an_old_page_changes_the_version_that_holds(visit, alice, first_home):
    row = choose(visit, alice, first_home)
    once = actions.change_dose(by=alice, row=row, dose=queries.dose_of(row), note="First")
    twice = actions.change_dose(by=alice, row=row, dose=queries.dose_of(row), note="Second")
    assert twice.replaces == once
    assert [one.note for one in queries.chosen(visit)] == ["Second"]


def test_all_for_one_muscle_leaves_the_other_muscle_alone(visit, alice, target, today):
    choose_target(visit, "soleus")
    rows = actions.choose_all(by=alice, visit=visit, on=today, muscle="soleus")
    assert rows
    assert {row.muscle for row in rows} <= {"soleus", ""}


def test_everything_proposed_is_chosen_in_every_phase(visit, alice, target, today):
    actions.choose_all(by=alice, visit=visit, on=today)
    board = queries.board(visit, on=today)
    assert all(
        choice.row is not None for part in (*board.clinic, *board.home) for choice in part.choices
    )


def test_an_item_whose_target_was_dropped_is_shown_apart_and_not_handed_out(
    visit, alice, target, first_home, today
):
    from filiform.clinic.assessment.actions import drop_target

    choose_target(visit, "soleus")
    choose(visit, alice, first_home)
    drop_target(by=alice, target=target, why="Not today")
    board = queries.board(visit, on=today)
    assert [row.item for row in board.orphans] == [first_home[1].id]
    assert queries.handout(visit, on=today).is_empty


def test_without_a_planned_needle_the_programme_is_one_without_needles(visit, target, today):
    assert not queries.is_needled(visit)
    board = queries.board(visit, on=today)
    assert board.home
    assert all(item.id != "press-point" for part in board.clinic for item in part.phase.items), (
        "there is no needled spot to press"
    )
