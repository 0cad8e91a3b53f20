"""What the atlas is made of: muscles, trigger points, other pain sources, needling notes, hazards,
landmarks, regions.

Lengths are in millimetres, zone sizes in centimetres. `confidence` says how far a row was
compared with a source; "unconfirmed" rows are expert opinion and are shown as such.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from filiform.words import Words

Vector = tuple[float, float, float]
"""To the body's left, to the head, to the front."""
Confidence = Literal["checked", "pain-checked", "textbook", "unconfirmed"]
"""checked: compared with a named paper or page. pain-checked: the pain pattern was compared, the
anatomy was not. textbook: a textbook is named, no page was compared. unconfirmed: background
knowledge of the named textbooks only."""

TrainingLevel = Literal["basic", "intermediate", "advanced", "specialist", "not-recommended"]
Grip = Literal["flat", "pincer", "internal"]
UsualGrip = Literal["flat", "pincer"]
Backstop = Literal["", "bone", "fold"]
Approach = Literal["perpendicular", "oblique", "tangential", "fold", "none"]
"""How the needle stands to the skin: straight, at a slant towards a named bone, along the surface,
across a lifted fold; none where the muscle is not needled."""
TechniqueMax = Literal["none", "superficial", "deep-static", "fast-in-fast-out"]
Guidance = Literal["none", "advised", "required"]
SourceKind = Literal["nerve-root", "peripheral-nerve", "joint", "viscus"]
"""joint: also the ligaments and fascia about it. viscus: also a large vessel."""
RedFlagUrgency = Literal["", "emergency", "same-day", "urgent"]
"""How fast to act on a red flag, in the words of screening; "" where there is none."""
PointStatus = Literal["active", "latent", "any", "tenderness", "severe tenderness"]
"""What a study counted; tenderness is not a diagnosis of a trigger point."""


class Outline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The skin over a muscle, drawn between the landmarks of its origin and insertion.

    areas: as area text, relative to the muscle's side. lies: superficial, or deep to another
    muscle, so that palpation reaches it through that one.
    """

    muscle_id: str
    areas: tuple[str, ...]
    lies: Literal["superficial", "deep"]
    confidence: Confidence


class PrivilegeRegion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A permission to needle a part of the body, held by a practitioner."""

    id: str
    name: Words
    covers: Words


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the body's surface that a person points to.

    sided: exists on the left and on the right; otherwise it lies in the midline.
    snomed: SNOMED CT id of exactly this part, empty where none was certain.
    """

    id: str
    name: Words
    group: str
    sided: bool
    snomed: str = ""


class RegionGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A heading over regions in a list."""

    id: str
    name: Words


class Landmark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named point on the skin. Paired landmarks exist once per side."""

    id: str
    name: str
    definition: str
    region: str
    bilateral: bool


class TriggerPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One described trigger point of a muscle.

    number: the row's number within its muscle, as text ("1").
    site: where it usually lies, a starting place for palpation and never a target.
    site_point: the same as a point of the area language.
    essential_zones, spillover_zones: referred pain, as area text.
    """

    muscle_id: str
    number: str
    site: Words
    site_point: str
    essential_zones: tuple[str, ...]
    spillover_zones: tuple[str, ...]
    confidence: Confidence
    sources: tuple[str, ...]

    @property
    def id(self) -> str:
        """Unique in the atlas: "infraspinatus/1"."""
        return f"{self.muscle_id}/{self.number}"


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A range in millimetres, both ends included."""

    low_mm: float
    high_mm: float

    def __post_init__(self) -> None:
        if not 0 < self.low_mm <= self.high_mm:
            raise ValueError(f"a range needs 0 < low <= high, got {self.low_mm} to {self.high_mm}")


class Needling(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the needling notes say about one muscle; the columns stand in needling.schema.toml.

    positions: position ids, the usual one first. grips: empty where the muscle can't be felt.
    diameter, length, depth: None where the notes give none (mostly: not to be needled).
    backstop: what stops the needle. technique_max: the most vigorous technique to propose.
    guidance: "required" means: no needle without imaging. one_side: one side in a visit.
    near_spine, over_viscera: what a check after the treatment has to ask about.

    Fields that end in `_text`, the direction, the structures and the mitigation are prose: they
    are shown, and nothing is decided by them.
    """

    muscle_id: str
    positions: tuple[str, ...]
    position_text: str
    grips: tuple[Grip, ...]
    usual_grip: UsualGrip
    palpation_text: str
    diameter: Span | None
    length: Span | None
    needle_text: str
    depth: Span | None
    depth_basis: Literal["published", "expert"]
    backstop: Backstop
    depth_text: str
    approach: Approach
    direction: Words
    technique_max: TechniqueMax
    pistoning: Literal["allowed", "banned"]
    electrical: Literal["allowed", "avoid"]
    guidance: Guidance
    one_side: bool
    near_spine: bool
    over_viscera: bool
    technique_text: str
    structures_at_risk: str
    mitigation: str
    training_level: TrainingLevel
    confidence: Confidence
    sources: tuple[str, ...]


class PainSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What else can hurt where a muscle refers: weighed before a muscle is blamed.

    sided: may be on the left or on the right; its zones are relative to that side. Otherwise
    there is one of it (the heart) and its zones carry left, right, midline or bilateral.
    site_point: where to press or tap to test it, "" if nowhere on the skin.
    tells_apart: what distinguishes it from a muscle's pain.
    red_flag: what must not wait, None where nothing in particular; urgency says how fast.
    """

    id: str
    kind: SourceKind
    name: Words
    sided: bool
    site_point: str
    essential_zones: tuple[str, ...]
    spillover_zones: tuple[str, ...]
    tells_apart: Words
    red_flag: Words | None
    urgency: RedFlagUrgency
    confidence: Confidence
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        if (self.red_flag is None) != (not self.urgency):
            raise ValueError("a red flag and its urgency belong together: give both or neither")


class Prevalence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How often a study found a muscle's trigger points in people with one complaint.

    n: people examined; count: of them with the finding. None where the study does not say.
    percent_low, percent_high: 0 to 100, equal unless the study gives a range; None where it gives
    only a rank or a comparison. Samples are small: weak prior weights at best.
    """

    muscle_id: str
    complaint: str
    trp_status: PointStatus
    n: int | None
    count: int | None
    percent_low: float | None
    percent_high: float | None
    side: str
    note: str
    study: str
    doi_pmid: str
    confirmation: Confidence

    def __post_init__(self) -> None:
        low, high = self.percent_low, self.percent_high
        if (low is None) != (high is None):
            raise ValueError("percent_low and percent_high: give both or neither")
        if low is not None and high is not None and not 0 <= low <= high <= 100:
            raise ValueError(f"percent: needs 0 <= low <= high <= 100, got {low} to {high}")
        if self.n is not None and self.count is not None and not 0 <= self.count <= self.n:
            raise ValueError(f"count: needs 0 <= count <= n, got {self.count} of {self.n}")


class Hazard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A structure that the needle can harm, what is known of it and how it is kept safe."""

    structure: Words
    mitigation: Words
    evidence: str
    confidence: Confidence
    sources: tuple[str, ...]


class Muscle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A muscle, or a part of one that is examined and needled by itself.

    privileges: every region privilege that a practitioner must hold to needle it.
    over_lung: the lung or pleura is among the structures that its needling can reach.
    latin_name: of the Terminologia Anatomica where it names the muscle; docs/reference/atlas.md.
    mimics: complaints that its referred pain resembles.
    snomed: SNOMED CT id of exactly this muscle, empty where none was certain.
    """

    id: str
    name: Words
    latin_name: str
    snomed: str
    aliases: tuple[str, ...]
    region: str
    privileges: frozenset[str]
    over_lung: bool
    origin: str
    insertion: str
    innervation: str
    actions: tuple[str, ...]
    mimics: Words
    factors: tuple[str, ...]
    confidence: Confidence
    sources: tuple[str, ...]
    outline: Outline
    trigger_points: tuple[TriggerPoint, ...]
    needling: Needling
    hazards: tuple[Hazard, ...]

    @property
    def shared_hazards(self) -> tuple[Hazard, ...]:
        """Hazards that its region has; the last of all is what its own needling note names."""
        # By position: what a muscle's own note names is put last when the tables are read.
        return self.hazards[:-1]

    @property
    def training_level(self) -> TrainingLevel:
        return self.needling.training_level

    @property
    def needleable(self) -> bool:
        """False where the notes advise against needling the muscle at all."""
        return self.needling.training_level != "not-recommended"

    def trigger_point(self, number: str) -> TriggerPoint:
        """Raises KeyError naming the muscle and the numbers it has."""
        for point in self.trigger_points:
            if point.number == number:
                return point
        known = ", ".join(point.number for point in self.trigger_points)
        raise KeyError(f"{self.id} has no trigger point {number!r}; it has {known}")
