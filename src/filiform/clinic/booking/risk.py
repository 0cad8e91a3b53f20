"""What the answers to the risk questions mean for what may be booked. Values in, values out.

    answers ──screening.screen──▶ ┬ nothing forbids ──────────────▶ the needling visit
                                  ├ an emergency ─────────────────▶ no visit: where to go now
                                  ├ another doctor's affair first ─▶ a letter, or a consultation
                                  └ anything else ────────────────▶ a consultation without needles

The screening decides; here it is only said what can be booked instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from filiform.disclosure import Disclosure
from filiform.reasons import Reason, Weight
from filiform.screening import AtBooking, ScreeningReason, asked_at_booking, check_answers, screen
from filiform.screening.results import FoundRedFlag

Instead = Literal["", "consultation", "letter", "emergency"]


class Bookable(NamedTuple):
    """instead: what comes in place of the needling visit; "" when it can be booked. reasons: why,
    the strictest first."""

    instead: Instead
    reasons: tuple[Reason, ...] = ()


def asked(birth: date, *, on: date) -> AtBooking:
    """The questions for somebody of this age, on the day of the visit."""
    return asked_at_booking(Disclosure(birth_date=birth), on=on)


def verdict(answers: Mapping[str, bool], birth: date, *, on: date) -> Bookable:
    """What the answers mean. Raises screening.UnknownAnswerError for one to no question."""
    check_answers(answers)
    told = Disclosure(birth_date=birth, answers=dict(answers))
    found = screen(told, on=on)
    # A flag's own words say where to go; the rule by which every flag blocks adds nothing.
    flags = [_of_flag(flag) for flag in found.red_flags]
    if any(flag.urgency == "emergency" for flag in found.red_flags):
        return Bookable("emergency", tuple(flags))
    # Not urgent, and still somebody has to look before a needle: without one they may come.
    if flags:
        return Bookable("consultation", tuple(flags))
    # `outside`: what forbids the chest alone leaves the rest of the body to be needled.
    if found.outside not in ("blocked", "justify"):
        return Bookable("")
    against = [one for one in found.reasons if one.anywhere and one.weight is not Weight.PRECAUTION]
    # All: one reason that no letter clears would be in the way with a letter as well.
    needs_letter = all("clearance" in one.needs for one in against)
    instead: Instead = "letter" if needs_letter else "consultation"
    return Bookable(instead, _of_rules(against))


def _of_flag(flag: FoundRedFlag) -> Reason:
    code = "booking-emergency" if flag.urgency == "emergency" else "booking-seen-first"
    return Reason(
        code,
        Weight.ABSOLUTE,
        {"name": flag.name.en, "name_ur": flag.name.ur},
        flag.because,
        flag.sources,
    )


def _of_rules(against: Sequence[ScreeningReason]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            "booking-letter-first" if "clearance" in one.needs else "booking-consultation-first",
            one.weight,
            {"name": one.name.en, "name_ur": one.name.ur},
            one.because,
            one.sources,
        )
        for one in against
    )
