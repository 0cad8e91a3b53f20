"""Bends the rig: the text of a pose becomes the turns of bones, and these become points.

A pose is a line of parts with numbers, e.g. "sit; neck 40 35 -25; hand.l @vertex". It is told for
somebody whose right side is sore, so "away" is to the left. What each part takes stands at its
function. Angles in degrees; lengths in shares of the limb, so that one text fits every build.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from rig import BONES, NECK, NUMBER, SPINE, Floats, Ints, Rig
from turning import X, Y, Z, about, between, frame, vector_of, way

from filiform.anatomy.surface import Spot, places, surface

BASES = {
    "stand": "leg.b 0 -3 6; arm.b 20 12 20 12 50",
    "sit": "leg.b 88 -3 4 88; arm.b 60 22 25 40 60; ground feet",
    "long-sit": "leg.b 88 -2 4 0; arm.b -90 25 0 5 60; ground seat",
    "supine": "root -90; leg.b 0 0 12; arm.b 0 22 0 8 60; ground all",
    "hook": "root -90; leg.b 52 -1 0 102 -50; arm.b 0 22 0 8 60; ground all",
    "prone": "root 90; leg.b 0 -1 0 0 -45; arm.b 0 25 0 15 60; ground all",
    "side-lying": "root 0 -90; leg.b 30 -4 0 45; arm.l 100 95 0 100 0; arm.r 60 35 20 50 60;"
    "ground all",
    "four": "root 90; leg.b 90 0 0 90 -40; hand.b ~0 floor 0.04 | fingers up | palm down;"
    "neck -25; ground legs",
    "kneel": "leg.b 0 0 0 92 -45; arm.b 20 12 20 12 50; ground legs",
    "half-kneel": "leg.r 0 0 0 90 -20 0 40; leg.l 90 4 2 92; level.l; arm.b 20 12 20 12 50;"
    "ground legs",
    "bent": "root 30; leg.b 60 -1 4 30; arm.b 90 35 0 5 0; level.b; ground feet",
}
"""Postures that others start from."""

PALM_CM, PALM_THICK_CM = 7.5, 2.0
"""From the wrist to the middle of the palm, and from the palm's skin to the wrist's axis."""
ARM_REST_DEG = 20.0


@dataclass
class Posed:
    """turns: of each bone in the world. place: where the root's pivot stands."""

    turns: Floats
    place: Floats

    def moves(self, rig: Rig) -> tuple[Floats, Floats]:
        """(bones, 3, 3) and (bones, 3): x -> turn x + shift."""
        shifts = np.zeros((len(BONES), 3))
        for i, bone in enumerate(BONES):
            pivot = rig.joints[bone.pivot]
            if not bone.parent:
                at = self.place
            else:
                p = NUMBER[bone.parent]
                at = self.turns[p] @ pivot + shifts[p]
            shifts[i] = at - self.turns[i] @ pivot
        return self.turns, shifts

    def points(self, rig: Rig, some: slice | Ints = slice(None)) -> Floats:
        """The skin, or some points of it, rounded to a micrometre so that no last bit shows."""
        turns, shifts = self.moves(rig)
        moves = np.concatenate([turns.reshape(-1, 9), shifts], axis=1)
        # Few points from the full table: cutting rows out of the sparse one takes longer.
        weights = rig.spread if isinstance(some, slice) else rig.weights[some]
        mixed, rest = weights @ moves, rig.points[some]
        posed = mixed[:, 9:] + sum(mixed[:, k:9:3] * rest[:, k : k + 1] for k in range(3))
        return np.asarray(np.round(posed, 4))

    def joint(self, rig: Rig, bone: str, joint: str = "") -> Floats:
        """Where a joint that moves with a bone stands."""
        turns, shifts = self.moves(rig)
        i = NUMBER[bone]
        return np.asarray(turns[i] @ rig.joints[joint or BONES[i].pivot] + shifts[i])


ARM_MARKS = ("wrist", "forearm", "hand", "palm", "thumb", "index", "dorsal", "volar", "olecranon")


def _on_the_other_arm(words: list[str]) -> bool:
    """Whether a hand is laid on the other arm, which must be placed before."""
    return words[0].lstrip("@").startswith(ARM_MARKS)


@dataclass
class Poser:
    """Carries out the parts of one pose."""

    rig: Rig
    local: dict[str, Floats] = field(default_factory=dict)
    late: list[tuple[str, str, list[str]]] = field(default_factory=list)
    ground: str = "feet"
    lift: float = 0.0
    levels: dict[str, float] = field(default_factory=dict)
    arms: dict[str, list[float]] = field(default_factory=dict)
    hands: dict[str, list[str]] = field(default_factory=dict)
    feet: dict[str, list[str]] = field(default_factory=dict)
    extra: dict[str, list[float]] = field(default_factory=dict)

    def read(self, text: str) -> None:
        """Takes in a pose's parts; later ones win. Raises ValueError naming what is unknown."""
        for part in filter(None, (one.strip() for one in text.split(";"))):
            word, _, rest = part.partition(" ")
            name, _, side = word.partition(".")
            if word in BASES:
                self.read(BASES[word])
                continue
            for s in "lr" if side == "b" else (side or "r"):
                self._part(name, s, rest.split())

    def _part(self, name: str, s: str, words: list[str]) -> None:
        if name == "ground":
            self.ground = words[0]
        elif name == "hand":
            self.hands[s] = words
        elif name == "foot":
            self.feet[s] = words
        elif name == "arm":
            self.arms[s] = [float(w) for w in words]
            self.hands.pop(s, None)
        elif name == "level":
            self.levels[s] = float(words[0]) if words else 0.0
        elif name == "anchor":
            pass  # between start and end: scene.py reads it
        elif name == "up":
            self.lift = float(words[0])
        else:
            self._turn(name, s, [float(w) for w in words])

    def _turn(self, name: str, s: str, n: list[float]) -> None:
        n = [*n, *[0.0] * (7 - len(n))]
        side = 1.0 if s == "l" else -1.0
        if name == "root":
            self.local["root"] = about(Y, n[2]) @ about(X, n[0]) @ about(Z, n[1])
        elif name in ("lumbar", "thorax", "neck"):
            bones, shares = {
                "lumbar": (SPINE[:3], (0.2, 0.4, 0.4)),
                "thorax": (SPINE[3:], (0.55, 0.45)),
                "neck": ((*NECK, "head"), (0.3, 0.25, 0.25, 0.2)),
            }[name]
            for bone, share in zip(bones, shares, strict=True):
                turn = about(X, n[0] * share) @ about(Z, -n[1] * share)
                self.local[bone] = turn @ about(Y, n[2] * share)
        elif name == "nod":
            self.extra["nod"] = n
        elif name == "jaw":
            self.local["jaw"] = about(X, n[0]) @ about(Y, n[1])
        elif name == "shoulder":
            self.extra[f"shoulder.{s}"] = n
        elif name == "leg":
            hip = about(X, -n[0]) @ about(Z, side * n[1]) @ about(Y, side * n[2])
            self.local[f"upperleg.{s}"] = hip
            self.local[f"lowerleg.{s}"] = about(X, n[3])
            self.local[f"foot.{s}"] = about(Z, -side * n[5]) @ about(X, -n[4])
            self.local[f"toes.{s}"] = about(X, -n[6])
            self.levels.pop(s, None)
            self.feet.pop(s, None)
        elif name == "shank":
            # Turning of the leg below the knee: foot outwards.
            old = self.local.get(f"foot.{s}", np.eye(3))
            self.local[f"foot.{s}"] = about(Y, side * n[0]) @ old
        elif name == "ankle":
            self.local[f"foot.{s}"] = about(Z, -side * n[1]) @ about(X, -n[0])
            self.levels.pop(s, None)
        elif name == "toes":
            self.local[f"toes.{s}"] = about(X, -n[0])
        elif name in ("fist", "thumb", "spread", "index"):
            self.extra[f"{name}.{s}"] = n
        else:
            raise ValueError(f"pose: unknown part {name!r}")

    def solve(self) -> Posed:
        """The turns of all bones, stood on the ground."""
        self._shoulders()
        if "nod" in self.extra:
            self.local["head"] = about(X, self.extra["nod"][0]) @ self.local.get("head", np.eye(3))
            self.local["neck01"] = about(X, -self.extra["nod"][1]) @ self.local.get(
                "neck01", np.eye(3)
            )
        posed = Posed(np.tile(np.eye(3), (len(BONES), 1, 1)), self.rig.joints["pelvis"].copy())
        self._chain(posed, 0)
        for s in "lr":
            if s in self.feet:
                self._leg_to(posed, s, self.feet[s])
            if s in self.levels:
                self._level(posed, s)
        for s in "lr":
            self._arm(posed, s)
        # Arms that are placed on the ground need to know where it is.
        self._stand(posed)
        order = sorted(self.hands, key=lambda s: _on_the_other_arm(self.hands[s]))
        for s in order:
            self._hand_to(posed, s, self.hands[s])
        posed.place[1] += self.lift
        return posed

    def _chain(self, posed: Posed, first: int) -> None:
        for i, bone in enumerate(BONES):
            if i >= first:
                up = posed.turns[NUMBER[bone.parent]] if bone.parent else np.eye(3)
                posed.turns[i] = up @ self.local.get(bone.name, np.eye(3))

    def _below(self, posed: Posed, start: str) -> None:
        """Carries a bone's new turn on to what hangs on it."""
        changed = {start}
        for i, bone in enumerate(BONES):
            if bone.parent in changed and bone.name not in changed:
                posed.turns[i] = posed.turns[NUMBER[bone.parent]] @ self.local.get(
                    bone.name, np.eye(3)
                )
                changed.add(bone.name)

    def _shoulders(self) -> None:
        """shoulder.S shrug protract: degrees; a raised arm takes its shoulder blade along."""
        for s in "lr":
            side = 1.0 if s == "l" else -1.0
            shrug, protract = self.extra.get(f"shoulder.{s}", [0.0, 0.0])[:2]
            if s in self.arms and s not in self.hands:
                shrug += max(0.0, self.arms[s][1] - 40.0) * 0.2
            self.local[f"clavicle.{s}"] = about(Z, side * shrug) @ about(Y, -side * protract)

    # Arms

    def _rest(self, s: str) -> tuple[Floats, Floats, Floats]:
        """Direction of the upper arm and of the forearm at rest, and the elbow's axis."""
        joints = self.rig.joints
        upper = joints[f"{s}-elbow"] - joints[f"{s}-shoulder"]
        lower = joints[f"{s}-hand"] - joints[f"{s}-elbow"]
        axis = np.cross(upper, Z)
        return upper, lower, axis / np.linalg.norm(axis)

    def _arm(self, posed: Posed, s: str) -> None:
        """arm.S plane elevation inward-turn elbow pronation wrist-flexion ulnar.

        plane: 0 to the side, 90 forward, 180 across, -90 backward.
        """
        n = [*self.arms.get(s, []), *[0.0] * 7][:7]
        side = 1.0 if s == "l" else -1.0
        plane, high = np.radians(n[0]), np.radians(n[1])
        way = np.array(
            [np.sin(high) * np.cos(plane) * side, -np.cos(high), np.sin(high) * np.sin(plane)]
        )
        upper, _, _ = self._rest(s)
        swing = between(upper, way)
        thorax = posed.turns[NUMBER["spine01"]]
        self._set_arm(
            posed,
            s,
            thorax @ about(way, side * n[2]) @ swing,
            thorax @ swing,
            n[3],
            n[4],
            n[5],
            n[6],
        )

    def _set_arm(
        self,
        posed: Posed,
        s: str,
        whole: Floats,
        swing: Floats,
        elbow: float,
        pronation: float,
        wrist: float,
        ulnar: float,
    ) -> None:
        side = 1.0 if s == "l" else -1.0
        _upper, lower, axis = self._rest(s)
        half = vector_of(whole @ swing.T) / 2
        size = float(np.linalg.norm(half))
        posed.turns[NUMBER[f"upperarm01.{s}"]] = (about(half, size) if size else np.eye(3)) @ swing
        posed.turns[NUMBER[f"upperarm02.{s}"]] = whole
        bend = about(axis, elbow)
        for bone, share in (("lowerarm01", 0.3), ("lowerarm02", 0.75)):
            twist = about(lower, side * pronation * share)
            posed.turns[NUMBER[f"{bone}.{s}"]] = whole @ bend @ twist
        hand = about(lower, side * pronation) @ about(axis, wrist) @ about(Z, -side * ulnar)
        posed.turns[NUMBER[f"wrist.{s}"]] = whole @ bend @ hand
        self._fingers(posed, s, axis)

    def _fingers(self, posed: Posed, s: str, axis: Floats) -> None:
        """fist.S degrees: how far each joint of the fingers is curled (a relaxed hand: 12)."""
        side = 1.0 if s == "l" else -1.0
        curl = self.extra.get(f"fist.{s}", [12.0])[0]
        spread = self.extra.get(f"spread.{s}", [0.0])[0]
        thumb = self.extra.get(f"thumb.{s}", [10.0 + curl * 0.4, 0.0, curl * 0.3])
        for k in range(1, 6):
            for j in range(1, 4):
                if k == 1:
                    turn = (
                        about(axis, thumb[0]) @ about(Z, side * thumb[1])
                        if j == 1
                        else about(Z, -side * thumb[2])
                    )
                else:
                    turn = about(axis, curl)
                    if j == 1:
                        turn = about(Z, -side * spread * (k - 3)) @ turn
                self.local[f"finger{k}-{j}.{s}"] = turn
        if f"index.{s}" in self.extra:
            self.local[f"finger2-1.{s}"] = about(Z, -side * self.extra[f"index.{s}"][0])
        self._below(posed, f"wrist.{s}")

    def _hand_to(self, posed: Posed, s: str, words: list[str]) -> None:
        """hand.S @landmark.side [right up forward cm], or hand.S ~side up forward.

        The second in shares of the arm from its own shoulder, `floor` allowed for up. Then may
        follow: | pole way | fingers way | palm way | gap cm.
        """
        told = " ".join(words).split("|")
        options = {o.split()[0]: o.split()[1:] for o in told[1:]}
        side = 1.0 if s == "l" else -1.0
        upper, lower, axis = self._rest(s)
        shoulder = posed.joint(self.rig, f"upperarm02.{s}")
        first, second = float(np.linalg.norm(upper)), float(np.linalg.norm(lower))
        palm = way(options["palm"], side) if "palm" in options else None
        fingers = way(options["fingers"], side) if "fingers" in options else None
        main = told[0].split()
        if main[0].startswith("@"):
            spot, normal = self._landmark(posed, main[0][1:])
            shift = [float(w) for w in main[1:]]
            spot = spot + np.array([*shift, 0, 0, 0][:3]) * [-1, 1, 1]
            palm = -normal if palm is None else palm
            gap = float(options.get("gap", ["0"])[0])
            spot = spot - palm * (PALM_THICK_CM + gap)
        else:
            numbers = [main[0][1:], *main[1:]]
            at = [0.0 if w == "floor" else float(w) for w in numbers]
            spot = shoulder + np.array([at[0] * side, at[1], at[2]]) * (first + second)
            if "floor" in numbers:
                spot[1] = PALM_THICK_CM + 1.0
        if fingers is not None:
            if palm is not None:
                fingers = fingers - palm * (fingers @ palm)
            size = float(np.linalg.norm(fingers))
            fingers = fingers / size if size > 0.05 else None
        if fingers is not None and main[0].startswith("@"):
            spot = spot - fingers * PALM_CM
        pole = (
            way(options["pole"], side) if "pole" in options else np.array([side * 0.5, -1.0, -0.4])
        )
        if fingers is None and main[0].startswith("@"):
            # The hand goes on as the forearm does: the wrist stays a palm's length short.
            spot = spot - (spot - shoulder) / np.linalg.norm(spot - shoulder) * PALM_CM
        reach = spot - shoulder
        far = float(
            np.clip(np.linalg.norm(reach), abs(first - second) + 2.0, first + second - 0.05)
        )
        along = reach / np.linalg.norm(reach)
        cosine = (first**2 + far**2 - second**2) / (2 * first * far)
        out = pole - along * (pole @ along)
        out = out / np.linalg.norm(out)
        elbow = along * first * cosine + out * first * float(np.sqrt(max(0.0, 1 - cosine**2)))
        u, f = elbow, along * far - elbow
        hinge = np.cross(u, f)
        if np.linalg.norm(hinge) < 1e-3:
            hinge = np.cross(out, along)
        whole = frame(u, hinge) @ frame(upper, axis).T
        bend = float(np.degrees(np.arccos(np.clip(u @ f / (first * np.linalg.norm(f)), -1, 1))))
        rest = float(np.degrees(np.arccos(np.clip(upper @ lower / (first * second), -1, 1))))
        thorax = posed.turns[NUMBER["spine01"]]
        swing = between(thorax @ upper, u) @ thorax
        straight = whole @ about(axis, bend - rest)
        pronation, wrist, ulnar = self._hand_turns(s, straight, lower, axis, palm, fingers, options)
        self._set_arm(posed, s, whole, swing, bend - rest, pronation, wrist, ulnar)
        if fingers is not None or palm is not None:
            self._orient(posed, s, straight, lower, palm, fingers)

    def _hand_turns(
        self,
        s: str,
        straight: Floats,
        lower: Floats,
        axis: Floats,
        palm: Floats | None,
        fingers: Floats | None,
        options: dict[str, list[str]],
    ) -> tuple[float, float, float]:
        """Pronation that brings the palm nearest to its way, within what a forearm can."""
        if palm is None:
            return float(options.get("turn", ["60"])[0]), 0.0, 0.0
        side = 1.0 if s == "l" else -1.0
        f = straight @ lower / np.linalg.norm(lower)
        now = straight @ Z
        want = palm - f * (palm @ f)
        if np.linalg.norm(want) < 0.15:
            return 45.0, 0.0, 0.0
        angle = np.degrees(np.arctan2(np.cross(now, want) @ f, now @ want)) * side
        # Beyond half a turn the other way round is shorter; a forearm does -10 to 170 here.
        angle = angle % 360
        angle = angle - 360 if angle > 230 else angle
        return float(np.clip(angle, -30, 170)), 0.0, 0.0

    def _orient(
        self,
        posed: Posed,
        s: str,
        straight: Floats,
        lower: Floats,
        palm: Floats | None,
        fingers: Floats | None,
    ) -> None:
        """Lays the hand as asked, but bends no wrist beyond 85 degrees."""
        i = NUMBER[f"wrist.{s}"]
        hand = posed.turns[i]
        middle = self.rig.joints[f"{s}-finger-3-1"] - self.rig.joints[f"{s}-hand"]
        now_fingers, now_palm = hand @ middle / np.linalg.norm(middle), hand @ Z
        want_fingers = now_fingers if fingers is None else fingers
        want_palm = now_palm if palm is None else palm
        if fingers is None:
            want_fingers = want_fingers - want_palm * (want_fingers @ want_palm)
            if np.linalg.norm(want_fingers) < 0.2:
                return
        if abs(want_fingers @ want_palm) / np.linalg.norm(want_fingers) > 0.98:
            return
        turn = frame(want_fingers, want_palm) @ frame(now_fingers, now_palm).T
        vector = vector_of(turn)
        size = float(np.linalg.norm(vector))
        posed.turns[i] = about(vector, min(size, 85.0)) @ hand if size > 1e-6 else hand
        self._below(posed, f"wrist.{s}")

    # Legs

    def _leg_to(self, posed: Posed, s: str, words: list[str]) -> None:
        """foot.S side up forward: the ankle in shares of the leg from its own hip, in the world;
        then | pole way."""
        told = " ".join(words).split("|")
        options = {o.split()[0]: o.split()[1:] for o in told[1:]}
        side = 1.0 if s == "l" else -1.0
        joints = self.rig.joints
        upper = joints[f"{s}-knee"] - joints[f"{s}-upper-leg"]
        lower = joints[f"{s}-ankle"] - joints[f"{s}-knee"]
        first, second = float(np.linalg.norm(upper)), float(np.linalg.norm(lower))
        at = [float(w) for w in told[0].split()]
        reach = np.array([at[0] * side, at[1], at[2]]) * (first + second)
        far = float(np.clip(np.linalg.norm(reach), 12.0, first + second - 0.05))
        along = reach / np.linalg.norm(reach)
        pole = (
            way(options["pole"], side) if "pole" in options else np.array([side * 0.08, 0.1, 1.0])
        )
        out = pole - along * (pole @ along)
        out = out / np.linalg.norm(out)
        cosine = (first**2 + far**2 - second**2) / (2 * first * far)
        u = along * first * cosine + out * first * float(np.sqrt(max(0.0, 1 - cosine**2)))
        f = along * far - u
        hinge = np.cross(u, f)
        if np.linalg.norm(hinge) < 1e-3:
            hinge = np.cross(along, out) * -1
        thigh = frame(u, hinge) @ frame(upper, X).T
        posed.turns[NUMBER[f"upperleg.{s}"]] = thigh
        shin = between(thigh @ lower, f) @ thigh
        posed.turns[NUMBER[f"lowerleg.{s}"]] = shin
        self.local[f"lowerleg.{s}"] = thigh.T @ shin
        self._below(posed, f"lowerleg.{s}")

    def _level(self, posed: Posed, s: str) -> None:
        """level.S heel-up: the sole lies on the ground, the heel lifted by so many degrees."""
        i = NUMBER[f"foot.{s}"]
        shin = posed.turns[NUMBER[f"lowerleg.{s}"]]
        toes = shin @ Z
        if abs(toes[1]) > 0.9:
            toes = posed.turns[NUMBER[f"upperleg.{s}"]] @ Z
        turned = about(Y, float(np.degrees(np.arctan2(toes[0], toes[2]))))
        posed.turns[i] = turned @ about(X, self.levels[s])
        self.local[f"foot.{s}"] = shin.T @ posed.turns[i]
        self.local[f"toes.{s}"] = about(X, -self.levels[s])
        self._below(posed, f"foot.{s}")

    def _stand(self, posed: Posed) -> None:
        points = posed.points(self.rig)
        low = {
            "all": slice(None),
            "feet": self._of("foot", "toes", "lowerleg"),
            "legs": self._of("foot", "toes", "lowerleg", "upperleg"),
            "seat": self._of("root", "upperleg"),
            "right": self._of("foot.r", "toes.r", "lowerleg.r", "upperleg.r"),
            "left": self._of("foot.l", "toes.l", "lowerleg.l", "upperleg.l"),
            "trunk": self._of("root", "spine"),
        }[self.ground]
        posed.place[1] -= points[low, 1].min()

    def _of(self, *stems: str) -> Floats:
        columns = [i for i, bone in enumerate(BONES) if bone.name.startswith(stems)]
        return np.asarray(self.rig.weights[:, columns].sum(axis=1) > 0.5)

    def _landmark(self, posed: Posed, name: str) -> tuple[Floats, Floats]:
        corners = posed.points(self.rig, surface().faces[_spot(name).face])
        return _on(corners, name)


def _spot(name: str) -> Spot:
    stem, _, s = name.partition(".")
    return places()[stem].on("left" if s == "l" else "right")


def _on(corners: Floats, name: str) -> tuple[Floats, Floats]:
    normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    return np.asarray(np.array(_spot(name).weights) @ corners), normal / np.linalg.norm(normal)


def landmark_at(points: Floats, name: str) -> tuple[Floats, Floats]:
    """A landmark ("patella-center.l") on posed points, and the skin's outward normal there."""
    return _on(points[surface().faces[_spot(name).face]], name)


def pose(rig: Rig, text: str) -> Posed:
    """A pose's text on a rig."""
    poser = Poser(rig)
    poser.read(text)
    return poser.solve()


def midway(a: Posed, b: Posed, share: float) -> Posed:
    """Between two poses: every bone turns the shortest way in its parent's frame."""
    turns = np.empty_like(a.turns)
    for i, bone in enumerate(BONES):
        if bone.parent:
            p = NUMBER[bone.parent]
            one, two = a.turns[p].T @ a.turns[i], b.turns[p].T @ b.turns[i]
            up = turns[p]
        else:
            one, two, up = a.turns[i], b.turns[i], np.eye(3)
        vector = vector_of(one.T @ two) * share
        size = float(np.linalg.norm(vector))
        turns[i] = up @ one @ (about(vector, size) if size > 1e-9 else np.eye(3))
    return Posed(turns, a.place * (1 - share) + b.place * share)
