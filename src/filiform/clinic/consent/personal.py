"""What the page shows to this patient: what will be done, and the risks that are theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from filiform.anatomy import atlas
from filiform.clinic.assessment.queries import plans
from filiform.clinic.assessment.safety import own_risks, screening
from filiform.clinic.consent.shipped import Risk, risks
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.planning import TECHNIQUES, knowledge
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import PlannedNeedling, Target
    from filiform.clinic.visits.models import Visit
    from filiform.screening import PersonalRisk

OneOfHundred = Literal["yes", "perhaps", "part", "no"]
"""One of 100 people: it happens, it happens by the higher number only, to far less than one."""

DEPTH = Words(en="about %(mm)s mm deep", ur="تقریباً %(mm)s ملی میٹر گہری")


@dataclass(frozen=True)
class Done:
    """One muscle in the patient's words."""

    muscle: str
    side: str
    name: str
    region: str
    how: str
    over_lung: bool
    what: str = ""
    """What the technique does, in a sentence"""


@dataclass(frozen=True)
class ShownRisk:
    """One risk as it stands on the page, in the language of the text."""

    id: str
    name: str
    says: str
    rare: str
    then: str
    expert: bool
    sources: tuple[str, ...]
    dots: tuple[OneOfHundred, ...]


@dataclass(frozen=True)
class Personal:
    """Everything on the page that is about this patient."""

    done: list[Done]
    risks: list[ShownRisk]
    over_lung: bool
    rules: tuple[str, ...]
    release: str

    def as_stored(self, agreed: Collection[tuple[str, str]]) -> dict[str, Any]:
        """For `Consent.shown`. agreed: muscles and sides that stood on the page; what another
        tablet has added to the plan since did not."""
        return {
            "muscles": [
                # A target without a plan has no "how": its colon goes, too.
                f"{done.name}: {done.how}".rstrip(": ")
                for done in self.done
                if (done.muscle, done.side) in agreed
            ],
            "risks": [
                {"id": risk.id, "says": risk.says, "rare": risk.rare, "then": risk.then}
                for risk in self.risks
            ],
            "lung": self.over_lung,
            "rules": list(self.rules),
            "rules_release": self.release,
            "atlas_release": atlas().release,
        }


def personal(visit: Visit, *, language: str, on: date) -> Personal:
    """What is planned and what this patient risks by it. language: of the text, not of the page."""
    planned = plans(visit)
    screened = screening(visit, on)
    rules = tuple(reason.id for reason in screened.reasons)
    done = [_done(target, plan, language) for target, plan in planned]
    lung = any(entry.over_lung for entry in done)
    own = own_risks(visit, on)
    return Personal(
        done=done,
        risks=[_shown(risk, rules, own, language) for risk in _chosen(lung)],
        over_lung=lung,
        rules=rules,
        release=screened.release,
    )


def _done(target: Target, plan: PlannedNeedling | None, language: str) -> Done:
    # A later release may have dropped the muscle; what was planned with it stays readable.
    muscle = atlas().muscles.get(target.muscle)
    region = atlas().muscle_regions.get(muscle.region) if muscle else None
    return Done(
        muscle=target.muscle,
        side=target.side,
        name=muscle_in_words(target.muscle, target.side, language),
        region=region.name.in_language(language) if region else "",
        how=how_in_words(plan, language) if plan else "",
        over_lung=bool(muscle and muscle.over_lung),
        what=_what(plan, language) if plan else "",
    )


def _what(plan: PlannedNeedling, language: str) -> str:
    known = {one.id: one.what for one in knowledge().techniques.technique}
    return known[plan.technique].in_language(language) if plan.technique in known else ""


def over_lung(chosen: Iterable[Target]) -> bool:
    """Whether a needle into one of these targets may come near the lung."""
    muscles = (atlas().muscles.get(target.muscle) for target in chosen)
    return any(muscle is not None and muscle.over_lung for muscle in muscles)


def how_in_words(plan: PlannedNeedling, language: str) -> str:
    """ "Deep, left in place, about 15 mm deep" """
    technique = dict(TECHNIQUES).get(plan.technique)
    depth = DEPTH.in_language(language) % {"mm": f"{plan.depth_mm:g}"}
    # By the text's language; `times.comma` would go by the page's.
    separator = "، " if language.startswith("ur") else ", "
    name = technique.in_language(language) if technique else plan.technique
    return separator.join((name, depth))


def _chosen(over_lung: bool) -> Iterable[Risk]:
    return (risk for risk in risks() if risk.only != "lung" or over_lung)


COUNTED = {"bleeding": ("bleeding",), "bruise": ("bruise", "haematoma"), "lung": ("lung",)}
"""Risks of the page → those that screening works out from the record."""


def _shown(
    risk: Risk, rules: tuple[str, ...], own: Iterable[PersonalRisk], language: str
) -> ShownRisk:
    """A risk with what makes it this patient's: the house's sentence, then what was counted."""
    applies = risk.then is not None and any(rule in rules for rule in risk.rules)
    then = [risk.then.in_language(language)] if applies and risk.then else []
    stop = "۔" if language.startswith("ur") else "."
    for one in own:
        if one.id in COUNTED.get(risk.id, ()):
            then += [factor.says.in_language(language) + stop for factor in one.factors]
    return ShownRisk(
        id=risk.id,
        name=risk.name.in_language(language),
        says=risk.says.in_language(language),
        rare=risk.rare.in_language(language) if risk.rare else "",
        then=" ".join(then),
        expert=risk.basis == "expert",
        sources=risk.sources,
        dots=dots(risk),
    )


def dots(risk: Risk) -> tuple[OneOfHundred, ...]:
    """100 people. Empty where no number was ever counted and it is not rare ("most people")."""
    low, high = risk.per_100
    if high == 0 and risk.rare is None:
        return ()
    if high == 0:
        nobody: tuple[OneOfHundred, ...] = ("no",) * 99
        return ("part", *nobody)
    return tuple("yes" if n < low else "perhaps" if n < high else "no" for n in range(100))
