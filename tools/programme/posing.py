"""Bends the rig: what the text of a pose asks for becomes the turns of bones, and these points.

Lengths in shares of the limb, so that one text fits every build.
"""

from __future__ import annotations

import numpy as np
from pose_parts import PoseParts
from posed import Posed
from rig import BONES, NUMBER, Floats, Rig
from turning import X, Y, Z, about, between, frame, vector_of, way

from filiform.anatomy.surface import Spot, places, surface

PALM_CM, PALM_THICK_CM = 7.5, 2.0
"""From the wrist to the middle of the palm, and from the palm's skin to the wrist's axis."""
ARM_MARKS = ("wrist", "forearm", "hand", "palm", "thumb", "index", "dorsal", "volar", "olecranon")


def _on_the_other_arm(words: list[str]) -> bool:
    """Whether a hand is laid on the other arm, which must be placed before."""
    return words[0].lstrip("@").startswith(ARM_MARKS)


class Poser(PoseParts):
    """Carries out the parts of one pose on a body."""

    def __init__(self, rig: Rig) -> None:
        super().__init__()
        self.rig = rig

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
