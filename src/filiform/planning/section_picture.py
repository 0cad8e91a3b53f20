"""The section as an SVG picture: layers with their names, what must not be reached, the needle.

Looks stand in web/filiform/section.css: only classes here. Kinds are told apart by pattern as well
as colour, so that a print in black and white can be read. Skin is on top, depth goes down, and a
ruler stands at the side. The limit is an arc about the place of entry: whatever the angle, the tip
stays inside. Lengths are in millimetres, places in the picture in its own units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap

from filiform.anatomy.model import Approach
from filiform.planning.plan import NeedlePlan
from filiform.planning.section import Danger, Known, Section, SectionLayer
from filiform.words import Words

WIDTH, HEIGHT = 560, 440
LEFT, RIGHT, TOP, BOTTOM = 36.0, 286.0, 60.0, 430.0
"""The block of tissue; to its right stand the names."""
NAMES_AT = 300.0
LINE, LETTERS = 18.0, 27
"""Height of a line of names, and how many letters stand in it."""
WAVE = 5.0
"""How far a drawn border swings: tissue has no ruled lines."""

ANGLES: dict[Approach, float] = {
    "perpendicular": 90.0,
    "oblique": 55.0,
    "tangential": 20.0,
    "fold": 90.0,
    "none": 90.0,
}
"""Degrees to the skin at which an approach is drawn, where the plan names none. The notes give
words and no angles; these are design values."""

KNOWN: dict[Known, Words] = {
    "measured": Words(en="measured", ur="پیمائش شدہ"),
    "note": Words(en="range of the needling note", ur="نیڈلنگ کی ہدایات کی حد"),
    "moved": Words(en="note, moved with this build", ur="ہدایات، اس جسامت کے مطابق"),
    "drawn": Words(en="not measured here", ur="یہاں پیمائش نہیں ہوئی"),
}
MM = Words(en="mm", ur="ملی میٹر")
MEAN = Words(en="in most at %(mean)s, may lie at %(near)s mm",
             ur="اکثر %(mean)s پر، %(near)s ملی میٹر پر بھی ممکن")  # fmt: skip
NEAR = Words(en="may lie at %(near)s mm", ur="%(near)s ملی میٹر پر ہو سکتی ہے")
UNREACHED = Words(en="not reached with %(near)s mm", ur="%(near)s ملی میٹر سے نہیں پہنچی")
OPINION = Words(en="expert opinion", ur="ماہرین کی رائے")
LIMIT = Words(en="Limit %(mm)s mm", ur="حد %(mm)s ملی میٹر")
TIP = Words(en="Tip %(mm)s mm", ur="نوک %(mm)s ملی میٹر")


@dataclass(frozen=True)
class Needle:
    """The needle as planned. angle_deg: to the skin, 90 is straight in. target_mm: the proposal."""

    depth_mm: float | None
    limit_mm: float | None = None
    target_mm: tuple[float, float] | None = None
    angle_deg: float = 90.0


def needle_of(
    plan: NeedlePlan, depth_mm: float | None = None, angle: float | None = None
) -> Needle:
    """The needle of a proposal, or with a depth and an angle that somebody planned instead."""
    depth = plan.depth_mm
    proposed = depth.target[1] if depth else None
    return Needle(
        depth_mm=proposed if depth_mm is None else depth_mm,
        limit_mm=depth.limit if depth else None,
        target_mm=depth.target if depth else None,
        angle_deg=ANGLES[plan.approach] if angle is None else angle,
    )


def section_picture(
    found: Section,
    needle: Needle,
    *,
    language: str = "en",
    label: str = "",
    style: str = "",
    prefix: str = "section",
) -> str:
    """The SVG. label: what a screen reader says; without it the picture is decoration. style: CSS
    of a picture that stands alone. prefix: makes ids unique on a page."""
    own = _Drawing(found, needle, language, prefix)
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="section" {spoken} focusable="false" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">',
        f"<style>{style}</style>" if style else "",
        own.definitions(),
        f'<g clip-path="url(#{prefix}-block)">',
        *(own.layer(one) for one in found.layers),
        *(own.danger(one) for one in found.dangers),
        own.reach(),
        "</g>",
        own.ruler(),
        *(own.spread(one) for one in found.layers),
        own.needle(),
        own.names(),
        "</svg>",
    ]
    return "".join(parts)


@dataclass
class _Drawing:
    found: Section
    plan: Needle
    language: str
    prefix: str
    said: list[tuple[float, str, str, str]] = field(default_factory=list)
    """(height, class, name, what is known) of everything that is named at the side."""

    @property
    def per_mm(self) -> float:
        return (BOTTOM - TOP) / self.found.end_mm

    def y(self, mm: float) -> float:
        return TOP + mm * self.per_mm

    @property
    def entry(self) -> float:
        # A slanting needle needs room to the side that it goes to.
        return LEFT + (RIGHT - LEFT) * (0.5 if self.plan.angle_deg > 75 else 0.3)

    def text(self, words: Words, **params: str) -> str:
        said = words.in_language(self.language)
        return said % params if params else said

    def definitions(self) -> str:
        """Patterns of the tissues, the gradient of an unknown border, the block's edge."""
        own = self.prefix
        tile = 'width="14" height="14" patternUnits="userSpaceOnUse"'
        return (
            f'<defs><clipPath id="{own}-block"><rect x="{LEFT}" y="{TOP}" '
            f'width="{RIGHT - LEFT}" height="{BOTTOM - TOP}"/></clipPath>'
            f'<clipPath id="{own}-shaft"><rect x="0" y="0" width="{RIGHT}" '
            f'height="{BOTTOM}"/></clipPath>'
            f'<pattern id="{own}-fat" {tile}><circle class="grain" cx="4" cy="4" r="3"/>'
            f'<circle class="grain" cx="11" cy="11" r="3"/></pattern>'
            f'<pattern id="{own}-muscle" {tile}><path class="grain" d="M0 4H14M0 11H14"/></pattern>'
            f'<pattern id="{own}-bone" {tile}><circle class="grain" cx="4" cy="5" r="1.2"/>'
            f'<circle class="grain" cx="11" cy="10" r="1.2"/></pattern>'
            f'<pattern id="{own}-danger" width="10" height="10" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><path class="hatch" d="M0 0V10"/></pattern>'
            f'<linearGradient id="{own}-mixed" x1="0" y1="0" x2="0" y2="1">'
            f'<stop class="from-fat" offset="0.2"/><stop class="to-muscle" offset="0.8"/>'
            f"</linearGradient></defs>"
        )

    def layer(self, one: SectionLayer) -> str:
        top, end = self.y(one.from_mm), self.y(one.to_mm)
        shape = _wavy(top, end, straight=one.kind == "skin")
        fill = f' fill="url(#{self.prefix}-mixed)"' if one.kind == "mixed" else ""
        drawn = f'<path class="tissue {one.kind}"{fill} d="{shape}"/>'
        grain = {"fat": "fat", "over": "muscle", "target": "muscle", "bone": "bone"}.get(one.kind)
        if grain:
            drawn += f'<path fill="url(#{self.prefix}-{grain})" d="{shape}"/>'
        if one.kind == "ribs":
            drawn += self._ribs(top)
        # Marked as one piece: in an Urdu line a bare range runs from its end to its beginning.
        size = f"\u2066{one.from_mm:g}–{one.to_mm:g}\u2069 {self.text(MM)}"
        last = one is self.found.layers[-1]
        known = self.text(KNOWN[one.known])
        if one.kind in ("ribs", "finger", "unknown", "skin"):
            says = known if one.kind != "finger" else ""
        else:
            says = f"{one.from_mm:g} {self.text(MM)} · {known}" if last else f"{size} · {known}"
        if one.kind != "unknown":
            middle = top + 14 if last else (top + end) / 2
            self.said.append((middle, one.kind, self.text(one.name), says))
        return drawn

    def _ribs(self, top: float) -> str:
        """Ribs cut across, right under the muscle: they are felt; how thick is not known."""
        high = min(12.0, (BOTTOM - top) / 5)
        return "".join(
            f'<ellipse class="rib" cx="{LEFT + 30 + 64 * n:.0f}" cy="{top + high + 8:.1f}" '
            f'rx="23" ry="{high:.1f}"/>'
            for n in range(4)
        )

    def danger(self, one: Danger) -> str:
        """Hatched from where it may begin; filled from where it lies in most."""
        near = self.y(one.near_mm)
        kind = "lung" if one.lung else "structure"
        drawn = (
            f'<path class="may" fill="url(#{self.prefix}-danger)" d="{_wavy(near, BOTTOM)}"/>'
            f'<path class="near" d="{_wave(near)}"/>'
        )
        if one.mean_mm is not None:
            drawn += f'<path class="is {kind}" d="{_wavy(self.y(one.mean_mm), BOTTOM)}"/>'
        numbers = {"near": f"{one.near_mm:g}", "mean": f"{one.mean_mm or 0:g}"}
        words = MEAN if one.mean_mm is not None else UNREACHED if one.unreached else NEAR
        says = self.text(words, **numbers)
        if one.read == "unconfirmed":
            says += f" · {self.text(OPINION)}"
        at = self.y(one.mean_mm if one.mean_mm is not None else one.near_mm)
        self.said.append((min(at, BOTTOM - 10), "danger", self.text(one.name), says))
        return drawn

    def reach(self) -> str:
        """The limit as an arc about the entry, and the proposal as a band inside it."""
        drawn = ""
        if self.plan.target_mm:
            low, high = (mm * self.per_mm for mm in self.plan.target_mm)
            drawn += f'<path class="proposal" d="{_band(self.entry, low, high)}"/>'
        if self.plan.limit_mm is not None:
            drawn += (
                f'<path class="limit" d="{_arc(self.entry, self.plan.limit_mm * self.per_mm)}"/>'
            )
            says = self.text(LIMIT, mm=f"{self.plan.limit_mm:g}")
            self.said.append((self.y(self.plan.limit_mm), "limit", says, ""))
        return drawn

    def needle(self) -> str:
        mm = self.plan.depth_mm
        if mm is None:
            return ""
        turn = math.radians(self.plan.angle_deg)
        across, down = math.cos(turn), math.sin(turn)
        length = mm * self.per_mm
        tip = (self.entry + length * across, TOP + length * down)
        # Above the skin the shaft is cut short: its true length would leave the picture.
        out = 46.0
        hand = (self.entry - out * across, TOP - out * down)
        grip = (self.entry - 0.45 * out * across, TOP - 0.45 * out * down)
        # Sentences show two decimals: less than that is an error of the sum, and no depth.
        over = self.plan.limit_mm is not None and mm > self.plan.limit_mm + 0.01
        self.said.append((tip[1], "tip", self.text(TIP, mm=f"{mm:g}"), ""))
        return (
            f'<g class="needle{" over" if over else ""}" clip-path="url(#{self.prefix}-shaft)">'
            f'<path class="shaft" d="M{hand[0]:.1f} {hand[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}"/>'
            f'<path class="handle" d="M{hand[0]:.1f} {hand[1]:.1f}L{grip[0]:.1f} {grip[1]:.1f}"/>'
            f'<circle class="point" cx="{tip[0]:.1f}" cy="{tip[1]:.1f}" r="4"/></g>'
        )

    def ruler(self) -> str:
        step = 5 if self.found.end_mm <= 45 else 10 if self.found.end_mm <= 90 else 20
        marks = []
        for mm in range(0, int(self.found.end_mm) + 1, step):
            y = self.y(mm)
            marks.append(
                f'<path class="tick" d="M{LEFT - 8:.0f} {y:.1f}H{LEFT:.0f}"/>'
                f'<text class="number" x="{LEFT - 12:.0f}" y="{y + 5:.1f}" '
                f'text-anchor="end">{mm}</text>'
            )
        return f'<g class="ruler">{"".join(marks)}</g>'

    def spread(self, one: SectionLayer) -> str:
        """How much deeper or shallower the layer begins in nine of ten such bodies."""
        if one.spread is None:
            return ""
        low, high = (min(self.y(mm), BOTTOM) for mm in one.spread)
        x = RIGHT - (14 if one.kind == "target" else 26)
        ends = f"M{x - 5} {low:.1f}H{x + 5}M{x - 5} {high:.1f}H{x + 5}"
        return f'<path class="spread" d="M{x} {low:.1f}V{high:.1f}{ends}"/>'

    def names(self) -> str:
        """Names from top to bottom, moved apart until none covers another, with leader lines."""
        rtl = self.language.startswith("ur")
        # Urdu begins at the right edge of the column of names.
        x = WIDTH - 4 if rtl else NAMES_AT + 8
        turned = ' direction="rtl"' if rtl else ""
        rows = []
        for y, kind, name, says in sorted(self.said, key=lambda one: one[0]):
            lines = [(line, "name") for line in wrap(name, LETTERS)]
            # Written smaller, so more letters stand in a line.
            lines += [(line, "known") for line in wrap(says, LETTERS + 7)]
            rows.append((y, kind, lines))
        drawn = []
        end = f"{NAMES_AT:.0f}"
        for (y, kind, lines), top in zip(rows, _apart(rows), strict=True):
            middle = top + LINE * len(lines) / 2
            drawn.append(
                f'<path class="leader {kind}" d="M{RIGHT:.0f} {y:.1f}L{end} {middle:.1f}"/>'
            )
            drawn += [
                f'<text class="{what} {kind}" x="{x:.0f}" y="{top + LINE * (n + 0.75):.1f}"'
                f"{turned}>{escape(line)}</text>"
                for n, (line, what) in enumerate(lines)
            ]
        return f'<g class="names">{"".join(drawn)}</g>'


def _apart(rows: list[tuple[float, str, list[tuple[str, str]]]]) -> list[float]:
    """Where each row of names begins: at its own height if there is room, never over another."""
    gap, tops = 5.0, []
    free = 2.0
    for y, _kind, lines in rows:
        free = max(free, y - LINE * len(lines) / 2)
        tops.append(free)
        free += LINE * len(lines) + gap
    # What has run over the lower edge pushes its neighbours up again, from the last to the first.
    floor = HEIGHT - 2.0
    for n in range(len(rows) - 1, -1, -1):
        tops[n] = min(tops[n], floor - LINE * len(rows[n][2]))
        floor = tops[n] - gap
    return tops


def _wave(y: float) -> str:
    """A border from left to right; the same swing at every depth, so that layers never cross."""
    third = (RIGHT - LEFT) / 3
    return (
        f"M{LEFT} {y:.1f}c{third / 2:.0f} {-WAVE} {third / 2:.0f} {-WAVE} {third:.0f} 0"
        f"s{third / 2:.0f} {WAVE} {third:.0f} 0s{third / 2:.0f} {-WAVE} {third:.0f} 0"
    )


def _wavy(top: float, end: float, *, straight: bool = False) -> str:
    """An area down to `end`, which the next layer covers with its own border."""
    line = f"M{LEFT} {top:.1f}H{RIGHT}" if straight else _wave(top)
    return f"{line}V{end + WAVE:.1f}H{LEFT}Z"


def _arc(x: float, radius: float) -> str:
    return f"M{x - radius:.1f} {TOP}A{radius:.1f} {radius:.1f} 0 0 0 {x + radius:.1f} {TOP}"


def _band(x: float, low: float, high: float) -> str:
    """The half ring between two depths."""
    back = f"M{x + low:.1f} {TOP}A{low:.1f} {low:.1f} 0 0 1 {x - low:.1f} {TOP}"
    return f"{_arc(x, high)}{back.replace('M', 'L', 1)}Z"


PLAIN = (
    ".section{font:16px 'Noto Sans','DejaVu Sans',sans-serif}"
    ".skin{fill:#e2b698}.fat{fill:#f3dfa6}.over{fill:#cf8a83}.target{fill:#b4544f}"
    ".mixed{stroke:none}.from-fat{stop-color:#f3dfa6}.to-muscle{stop-color:#cf8a83}"
    ".bone,.rib{fill:#efe9dc}.rib{stroke:#8d8572}.ribs{fill:#d9a9a0}.finger{fill:#ecd3c0}"
    ".unknown{fill:#ebebeb}.grain{fill:none;stroke:#000;stroke-opacity:.13}"
    ".hatch{stroke:#b3261e;stroke-width:3;stroke-opacity:.45}.near{fill:none;stroke:#b3261e;"
    "stroke-width:2;stroke-dasharray:6 5}.is{fill:#b3261e;fill-opacity:.5;stroke:#7d1710;"
    "stroke-width:2.5}.proposal{fill:#2f6690;fill-opacity:.2;stroke:#2f6690;stroke-opacity:.5}"
    ".limit{fill:none;stroke:#b3261e;stroke-width:3}text.limit{fill:#b3261e;stroke:none}"
    ".shaft{stroke:#1d2733;stroke-width:3.5;fill:none}.handle{stroke:#2f6690;stroke-width:9}"
    ".point{fill:#1d2733}.tick,.leader{stroke:#6b7580;fill:none}.leader.limit{stroke-width:1}"
    ".spread{stroke:#1d2733;stroke-width:2;fill:none}.number{font-size:13px;fill:#4a5560}"
    ".name{font-weight:600;fill:#1d2733}.known{font-size:14px;fill:#4a5560}"
    ".danger.name{fill:#b3261e}"
)
"""Colours of a picture that stands alone, as the docs show it."""
