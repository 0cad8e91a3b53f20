"""What may happen to this patient: natural frequencies, their range and their source."""

from __future__ import annotations

import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filiform.disclosure import Disclosure, Kind, Sex, Statement, Status
from filiform.screening import NeedlingSite
from filiform.screening.cases import DAY
from filiform.screening.risk import (
    PersonalRisk,
    frequency_of,
    personal_risks,
    risk_entries,
    wilson,
)


def told(*texts: str, kind: Kind = Kind.CONDITION, sex: Sex = "female") -> Disclosure:
    facts = [Statement(id=f"x/{n}", kind=kind, text=text) for n, text in enumerate(texts)]
    return Disclosure(facts=tuple(facts), sex=sex, birth_date=date(1980, 1, 1))


def risks(disclosure: Disclosure, *sites: NeedlingSite) -> dict[str, PersonalRisk]:
    return {one.id: one for one in personal_risks(disclosure, sites, on=DAY)}


def test_the_counts_are_those_of_the_two_prospective_studies() -> None:
    found = risks(told())
    assert found["bleeding"].says.en == "5 to 16 of 100 treatments"
    assert found["bruise"].says.en == "about 8 of 100 treatments"
    assert found["major"].says.en == "about 1 of 1,000 treatments"
    assert found["bruise"].sources == ("BRA14", "BOY20")


def test_no_number_is_given_for_a_collapsed_lung_after_dry_needling() -> None:
    lung = risks(told("Emphysema", sex="male"))["lung"]
    assert lung.frequency is None
    assert "not known" in lung.says.en
    told_by_anybody = " ".join([lung.says.en, *(one.says.en for one in lung.factors)])
    assert "million" not in told_by_anybody
    assert "0.87" not in told_by_anybody
    assert "1.75" not in told_by_anybody


def test_emphysema_is_told_as_so_many_where_ten_others_are_affected() -> None:
    lung = risks(told("Emphysema"))["lung"]
    assert [one.id for one in lung.factors] == ["emphysema"]
    assert "where 10 people without it are affected, about 49 are (10 to 80)" in (
        lung.factors[0].says.en
    )
    assert "after acupuncture" in lung.factors[0].says.en
    assert lung.factors[0].sources == ("LIN19",)


def test_odds_ratios_stand_beside_each_other_and_are_not_multiplied() -> None:
    lung = risks(told("Emphysema", "Thoracotomy", sex="male"))["lung"]
    assert {one.id for one in lung.factors} == {"emphysema", "thoracic-surgery", "male"}
    assert all(one.times is not None and one.times.estimate < 8 for one in lung.factors)


def test_a_collapsed_lung_is_no_risk_of_the_calf() -> None:
    assert "lung" not in risks(told("Emphysema"), NeedlingSite("soleus", "left"))
    assert "lung" in risks(told("Emphysema"), NeedlingSite("trapezius-upper", "left"))


def test_an_anticoagulant_shows_what_was_counted_in_people_who_take_one() -> None:
    found = risks(told("Warfarin 5 mg", kind=Kind.MEDICINE))
    bleeding = found["bleeding"].factors[0]
    assert "51 of 350 (11 to 19 of 100)" in bleeding.says.en
    assert "1 of 3,974 (up to 14 of 10,000)" in found["haematoma"].factors[0].says.en
    assert "haematoma" not in risks(told())


def test_a_stopped_or_a_relatives_medicine_raises_nothing() -> None:
    stopped = Statement(id="m/1", kind=Kind.MEDICINE, text="Warfarin", status=Status.STOPPED,
                   end=date(2015, 1, 1))  # fmt: skip
    relatives = Statement(id="m/2", kind=Kind.CONDITION, text="Emphysema", family=True)
    found = risks(Disclosure(facts=(stopped, relatives), sex="female"))
    assert not any(one.factors for one in found.values())


def test_every_risk_and_factor_says_where_it_comes_from_and_speaks_urdu() -> None:
    for entry in risk_entries():
        assert entry.rates or entry.unknown
        assert entry.name.ur
        for factor in entry.factor:
            assert factor.name.ur
            assert factor.source or factor.times or factor.rate
    for one in risks(told("Emphysema", sex="male")).values():
        for factor in one.factors:
            assert re.search("[\u0600-\u06ff]", factor.says.ur)
            assert factor.because


@given(st.integers(1, 3000), st.data())
def test_wilsons_interval_holds_the_share_and_solves_its_equation(
    of: int, data: st.DataObject
) -> None:
    events = data.draw(st.integers(0, of))
    low, high = wilson(events, of)
    share = events / of
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    for edge in (low, high):
        if (
            1e-6 < edge < 1 - 1e-6
        ):  # the definition: as far away as the standard error at the edge allows
            away = 1.959964 * math.sqrt(edge * (1 - edge) / of)
            assert abs(share - edge) == pytest.approx(away, abs=1e-9)


@given(st.lists(st.floats(0.001, 100), min_size=1, max_size=4))
def test_a_natural_frequency_keeps_the_shares(percents: list[float]) -> None:
    found = frequency_of(percents)
    assert found is not None
    assert found.low / found.of == pytest.approx(min(percents) / 100)
    assert found.high / found.of == pytest.approx(max(percents) / 100)


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="5 of 3"):
        wilson(5, 3)
    assert frequency_of([]) is None
