"""Acts for the figures: needle in, needle out, over treatments that have just begun."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from filiform.clinic.assessment.models import Target
from filiform.clinic.treatment.models import Treatment

ACTS_EACH = 40
"""Acts that a treatment takes here: twenty needles in and out, a long treatment."""
BY_SCRIPT = {"X-Treatment-Page": "yes", "Accept": "text/html+fragment"}
"""What the tablet's script sends with an act and with the question for what came of it."""


@dataclass(frozen=True)
class Act:
    """One POST, and where the tablet asks afterwards."""

    visit: uuid.UUID
    address: str
    said: dict[str, str]
    state_address: str


class Tablet:
    """Hands out acts, each a new one that can be taken; one after the other for each tablet."""

    def __init__(self, treatments: Sequence[Treatment]) -> None:
        visits = [treatment.visit_id for treatment in treatments]
        chosen = Target.objects.filter(visit__in=visits).order_by("pk")
        targets = {target.visit_id: str(target.pk) for target in chosen}
        self.left = [(visit, targets[visit]) for visit in visits for _ in range(ACTS_EACH // 2)]
        self.left.reverse()
        self.inside: tuple[uuid.UUID, str] | None = None

    def next(self) -> Act:
        """Raises IndexError when the treatments are as long as treatments are."""
        said = {"act_id": str(uuid.uuid4()), "at": timezone.now().isoformat()}
        if self.inside is None:
            visit, target = self.left.pop()
            said |= {"kind": "insertion", "target": target}
            self.inside = (visit, said["act_id"])
        else:
            visit, needle = self.inside
            said |= {"kind": "removal", "needle": needle}
            self.inside = None
        known = {"visit_id": visit}
        return Act(
            visit,
            reverse("treatment:act", kwargs=known),
            said,
            reverse("treatment:state", kwargs=known),
        )


def treatments_for(acts: int) -> int:
    """How many treatments have to be begun for so many acts."""
    return -(-acts // ACTS_EACH)
