"""Where each landmark lies on the reference body. Paired ones are placed on the left side.

Vertebral levels are spread evenly between C7, T12 and L5; heights of bony points follow the usual
proportions of a standing adult of 170 cm (iliac crest 0.61, trochanter and hip 0.52, knee line
0.28 of the body height) and the mesh's own relief (navel, nipple, ear, malleoli, knuckles).
Each place was compared with its definition on rendered close-ups.
"""

from __future__ import annotations

import numpy as np
from placing import Floats, Placer, Spot, Triple

FRONT, BACK = np.array([0.0, 0, 1]), np.array([0.0, 0, -1])
LEVELS = {
    "c2": 151.3, "c4": 148.3, "c7": 143.0, "t1": 141.0, "t3": 136.6, "t5": 132.0, "t6": 129.7,
    "t7": 127.4, "t9": 122.7, "t12": 115.6, "l1": 112.9, "l3": 107.3, "l4": 104.5, "l5": 101.7,
}  # fmt: skip
"""Height in cm of each spinous process on the reference body."""


def place_all(mesh: Placer) -> dict[str, Spot]:
    """Every landmark by id; the order matters where one builds on another."""
    for group in (_head, _neck, _shoulder, _arm, _hand, _trunk_front, _back, _pelvis, _leg, _foot):
        group(mesh, mesh.spots)
    return mesh.spots


def _head(m: Placer, s: dict[str, Spot]) -> None:
    s["vertex"] = m.ray((0, 160, 4.5), (0, 1, 0))
    s["forehead-center"] = m.front(0, 164.0)
    s["glabella"] = m.front(0, 160.9)
    s["frontal-eminence"] = m.front(3.2, 164.2)
    s["eyebrow-mid"] = m.front(3.2, 161.1)
    s["supraorbital-notch"] = m.front(2.2, 160.5)
    s["inner-canthus"] = m.front(1.65, 158.6)
    s["orbit-center"] = m.front(3.15, 159.3)
    s["orbit-lateral-rim"] = m.ray((3, 159.1, 9), (0.8, 0, 0.6))
    s["temple"] = m.ray((0, 160.2, 9.0), (1, 0, 0))
    s["superior-temporal-line-mid"] = m.ray((0, 164.5, 8.5), (1, 0, 0))
    s["supra-auricular-point"] = m.ray((0, 161.6, 4.4), (1, 0, 0))
    s["parietal-eminence"] = m.ray((0, 165.0, 1.0), (1, 0, 0))
    s["zygomatic-arch-mid"] = m.ray((0, 157.6, 8.6), (1, 0, 0))
    s["zygomatic-bone"] = m.ray((2, 156.7, 8), (0.62, 0, 0.78))
    s["infraorbital-point"] = m.front(3.1, 156.3)
    s["nasal-ala"] = m.front(1.6, 155.5)
    s["philtrum"] = m.front(0, 153.9)
    s["upper-canine-premolar"] = m.front(2.4, 153.8)
    s["upper-molars"] = m.ray((2, 154.4, 8), (0.75, 0, 0.66))
    s["mouth-corner"] = m.front(2.6, 152.2)
    s["lower-incisors"] = m.front(0, 150.2)
    s["lower-molars"] = m.ray((1.5, 151.0, 8), (0.85, 0, 0.53))
    s["mental-protuberance"] = m.front(0, 149.0)
    s["mandible-angle"] = m.ray((0, 151.0, 6.3), (1, 0, 0))
    s["mandible-body-mid"] = m.ray((0, 149.4, 9.4), (1, -0.1, 0))
    s["tmj"] = m.ray((0, 156.9, 6.7), (1, 0, 0))
    s["tragus"] = m.ray((40, 156.8, 5.6), (-1, 0, 0))
    s["ear-canal"] = m.ray((40, 156.8, 5.0), (-1, 0, 0))
    s["retroauricular-point"] = m.ray((0, 157.0, 2.3), (1, 0, 0))
    s["mastoid-process"] = m.ray((0, 153.7, 3.4), (1, 0, 0))
    s["external-occipital-protuberance"] = m.back(0, 157.3)
    s["superior-nuchal-line-mid"] = m.ray((0, 156.0, 1.5), (0.78, 0, -0.63))
    s["occiput-upper"] = m.back(3.0, 160.6)


def _neck(m: Placer, s: dict[str, Spot]) -> None:
    s["hyoid-body"] = m.ray((0, 147.0, 2), (0, 0, 1))
    s["thyroid-cartilage"] = m.ray((0, 144.7, 2), (0, 0, 1))
    s["cricoid-cartilage"] = m.ray((0, 142.8, 2), (0, 0, 1))
    s["throat-lateral"] = m.ray((0, 144.9, 2.5), (0.7, 0, 0.72))
    s["suprasternal-notch"] = m.front(0, 139.6)
    s["suboccipital-hollow"] = m.back(2.3, 153.4)
    s["c1-transverse-process"] = m.ray((0, 152.4, 4.6), (1, 0, 0))
    for level in ("c2", "c4", "c7"):
        s[f"{level}-spinous"] = m.back(0, LEVELS[level])
    s["posterior-neck-upper"] = m.back(2.0, LEVELS["c2"])
    s["posterior-neck-mid"] = m.back(2.0, 147.5)
    s["posterior-neck-lower"] = m.back(2.0, LEVELS["c7"])
    s["lateral-neck-mid"] = m.ray((0, 147.0, 2), (1, 0, -0.08))
    s["scm-mid-belly"] = m.ray((0, 146.8, 2.5), (0.92, 0, 0.38))
    s["neck-shoulder-angle"] = m.ray((7.0, 138, -0.6), (0, 1, 0))
    s["supraclavicular-fossa"] = m.ray((7.2, 138, 2.0), (0, 0.93, 0.36))


def _shoulder(m: Placer, s: dict[str, Spot]) -> None:
    s["sternoclavicular-joint"] = m.front(2.3, 138.7)
    s["clavicle-mid"] = m.ray((9.2, 137, 1), (0, 0.72, 0.7))
    s["acromioclavicular-joint"] = m.ray((16.2, 136, 2.0), (0, 1, 0.1))
    s["acromion-tip"] = m.ray((15.5, 135.5, 1.8), (0.7, 0.71, 0))
    s["acromion-posterior-angle"] = m.ray((15.5, 135.5, 1.0), (0.5, 0.55, -0.67))
    s["coracoid-process"] = m.front(13.6, 138.3)
    s["infraclavicular-fossa"] = m.front(11.8, 138.2)
    s["greater-tubercle"] = m.ray((17.0, 136.0, 2), (0.8, 0.15, 0.58))
    s["bicipital-groove"] = m.ray((17.2, 135.2, 2), (0.42, 0, 0.9))
    s["posterior-shoulder-joint"] = m.step("acromion-posterior-angle", (-0.45, -0.9, 0), 2.2)
    s["deltoid-anterior-mid"] = m.ray((18.4, 132.8, 2), (0.35, 0, 0.94))
    s["deltoid-lateral-mid"] = m.ray((18.0, 133.0, 2), (1, 0.2, 0))
    s["deltoid-posterior-mid"] = m.ray((18.4, 132.8, 2), (0.4, 0, -0.92))
    s["deltoid-tuberosity"] = m.ray(m.between_joints("l-shoulder", "l-elbow", 0.46), OUT_ARM)
    s["scapula-superior-angle"] = m.back(7.4, 139.0)
    s["scapula-spine-root"] = m.back(7.4, LEVELS["t3"] - 0.2)
    s["scapula-spine-mid"] = m.toward("scapula-spine-root", "acromion-posterior-angle", 0.5)
    s["scapula-medial-border-mid"] = m.back(7.6, LEVELS["t5"])
    s["scapula-inferior-angle"] = m.back(9.2, LEVELS["t7"])
    s["scapula-lateral-border-mid"] = m.back(12.6, 131.6)
    s["supraspinous-fossa-center"] = m.back(10.6, 139.6)
    s["infraspinous-fossa-center"] = m.back(10.9, 133.4)
    s["posterior-axillary-fold"] = m.nearest((15.4, 130.6, -4.5))
    s["anterior-axillary-fold"] = m.nearest((15.6, 131.2, 7.0))
    s["axilla-apex"] = m.ray((15.5, 131.5, 1.0), (-0.05, -1, 0))


OUT_ARM: Triple = (0.94, 0.342, 0)
OUT_FOREARM: Triple = (0.899, 0.438, 0)


def _arm(m: Placer, s: dict[str, Spot]) -> None:
    arm = m.between_joints("l-shoulder", "l-elbow", 0.5)
    s["arm-anterior-mid"] = m.ray(arm, FRONT)
    s["arm-lateral-mid"] = m.ray(m.between_joints("l-shoulder", "l-elbow", 0.54), OUT_ARM)
    s["arm-posterior-mid"] = m.ray(arm, BACK)
    s["arm-medial-mid"] = m.ray(arm, -np.array(OUT_ARM))
    elbow, wrist = m.joint("l-elbow"), m.joint("l-hand")
    down = (wrist - elbow) / np.linalg.norm(wrist - elbow)
    out = np.array(OUT_FOREARM)
    s["lateral-supracondylar-ridge"] = m.ray(
        m.between_joints("l-shoulder", "l-elbow", 0.84), OUT_ARM
    )
    s["lateral-epicondyle"] = m.ray(elbow, (0.93, 0.3, -0.2))
    s["medial-epicondyle"] = m.ray(elbow, (-0.93, -0.36, -0.1))
    s["olecranon"] = m.ray(elbow, BACK)
    s["antecubital-crease-mid"] = m.ray(elbow, FRONT)
    s["radial-head"] = m.ray(elbow + 2.5 * down, out + 0.35 * BACK)
    s["forearm-dorsal-proximal"] = m.ray(elbow + 5 * down, 0.6 * out + 0.8 * BACK)
    s["forearm-volar-proximal"] = m.ray(elbow + 5 * down, FRONT)
    middle, low = (elbow + wrist) / 2, wrist - 5 * down
    s["forearm-dorsal-mid"] = m.ray(middle, BACK)
    s["forearm-volar-mid"] = m.ray(middle, FRONT)
    s["forearm-radial-mid"] = m.ray(middle, out)
    s["forearm-ulnar-mid"] = m.ray(middle, -out)
    s["forearm-dorsal-distal"] = m.ray(low, BACK)
    s["forearm-volar-distal"] = m.ray(low, FRONT)
    s["radial-styloid"] = m.ray(wrist, out)
    s["ulnar-styloid"] = m.ray(wrist - 0.8 * down, -out + 0.5 * BACK)
    s["dorsal-wrist-mid"] = m.ray(wrist + 0.5 * down, BACK)
    s["volar-wrist-mid"] = m.ray(wrist, FRONT)
    s["pisiform"] = m.ray(wrist + 0.9 * down - 1.5 * out, FRONT)
    s["anatomical-snuffbox"] = m.ray(wrist + 1.2 * down, out + 0.35 * BACK)


def _hand(m: Placer, s: dict[str, Spot]) -> None:
    out = np.array(OUT_FOREARM)

    def bone(finger: int, t: float) -> tuple[Floats, Floats]:
        """A point of the last bone of a finger and the way from it to the pulp."""
        a, b = m.joint(f"l-finger-{finger}-3"), m.joint(f"l-finger-{finger}-4")
        along = (b - a) / np.linalg.norm(b - a)
        across = FRONT if finger > 1 else np.array([-0.5, -0.6, 0.6])
        return a * (1 - t) + b * t, across - along * (across @ along)

    s["thumb-base"] = m.ray(m.joint("l-finger-1-1"), 0.7 * out + 0.7 * FRONT)
    thenar = (m.joint("l-finger-1-1") + m.joint("l-finger-1-2") + m.joint("l-hand-3")) / 3
    s["thenar-center"] = m.ray(thenar, FRONT)
    web = (m.joint("l-finger-1-2") + m.joint("l-finger-2-1") + m.joint("l-hand-3")) / 3
    s["first-web-dorsal"] = m.ray(web, BACK)
    s["hand-dorsum-mid"] = m.ray(m.between_joints("l-hand", "l-finger-3-1", 0.6), BACK)
    s["palm-center"] = m.ray(m.between_joints("l-hand", "l-finger-3-1", 0.6), FRONT)
    ulnar = m.between_joints("l-hand", "l-finger-5-1", 0.5)
    s["hypothenar-center"] = m.ray(ulnar - 0.6 * out, FRONT)
    s["hand-ulnar-border-mid"] = m.ray(ulnar, -out)
    for finger, name in ((2, "index"), (3, "middle"), (5, "little")):
        s[f"{name}-knuckle"] = m.ray(m.joint(f"l-finger-{finger}-1"), BACK)
    for finger, name in ((1, "thumb"), (2, "index"), (3, "middle"), (4, "ring"), (5, "little")):
        s[f"{name}-tip"] = m.ray(*bone(finger, 0.7))


def _trunk_front(m: Placer, s: dict[str, Spot]) -> None:
    s["sternal-angle"] = m.front(0, 135.0)
    s["sternum-mid"] = m.front(0, 128.5)
    s["xiphoid"] = m.front(0, 120.0)
    s["rib2-parasternal"] = m.front(2.8, 135.0)
    s["rib3-midclavicular"] = m.front(9.2, 132.3)
    s["rib5-parasternal"] = m.front(2.8, 124.6)
    s["nipple"] = m.front(10.15, 124.1)
    s["rib5-midclavicular"] = m.front(9.2, 118.8)
    s["rib5-midaxillary"] = m.ray((0, 122.0, 2.0), (1, 0, 0))
    s["rib8-midaxillary"] = m.ray((0, 114.8, 1.8), (1, 0, 0))
    s["costal-margin-midclavicular"] = m.front(8.8, 111.0)
    s["epigastrium"] = m.front(0, 111.6)
    s["umbilicus"] = m.front(0, 103.2)
    s["suprapubic-mid"] = m.front(0, 89.6)
    s["pubic-symphysis"] = m.front(0, 86.6)
    s["pubic-tubercle"] = m.front(2.5, 87.2)
    s["linea-semilunaris-mid"] = m.front(6.8, 103.2)
    s["asis"] = m.front(11.8, 96.8)
    s["lower-quadrant-mid"] = m.toward("umbilicus", "asis", 0.5)
    s["upper-quadrant-mid"] = m.toward("umbilicus", "costal-margin-midclavicular", 0.5)
    s["flank-mid"] = m.ray((0, 107.2, 1.2), (1, 0, 0))
    s["inguinal-ligament-mid"] = m.toward("asis", "pubic-tubercle", 0.5)


def _back(m: Placer, s: dict[str, Spot]) -> None:
    for level in ("t1", "t3", "t5", "t7", "l3", "l4", "l5"):
        s[f"{level}-spinous"] = m.back(0, LEVELS[level])
    for level, x in (("t3", 2.6), ("t6", 2.6), ("t9", 2.6), ("t12", 2.7)):
        s[f"{level}-paraspinal"] = m.back(x, LEVELS[level])
    for level in ("l1", "l3", "l5"):
        s[f"{level}-paraspinal"] = m.back(3.0, LEVELS[level])
    s["interscapular-mid"] = m.toward("t5-spinous", "scapula-medial-border-mid", 0.5)
    s["rib7-angle"] = m.back(6.7, 124.2)
    s["rib10-angle"] = m.back(7.5, 117.0)
    s["rib12-tip"] = m.ray((0, 110.8, 1.0), (0.94, 0, -0.34))
    s["l3-transverse-tip"] = m.back(5.6, LEVELS["l3"])


def _pelvis(m: Placer, s: dict[str, Spot]) -> None:
    s["iliac-crest-highest"] = m.ray((0, 104.3, 0.5), (1, 0, 0))
    s["psis"] = m.back(4.3, 98.6)
    s["iliac-crest-posterior"] = m.back(7.6, 101.8)
    s["sacroiliac-joint"] = m.back(3.6, 97.0)
    s["sacrum-mid"] = m.back(0, 96.0)
    s["sacrum-lateral-edge"] = m.back(3.0, 94.4)
    s["coccyx-tip"] = m.back(0, 89.5)
    s["buttock-center"] = m.back(7.0, 90.5)
    s["greater-trochanter"] = m.ray(m.joint("l-upper-leg"), (1, 0, -0.12))
    s["buttock-upper-lateral"] = m.ray((6, 96.5, -0.5), (0.88, 0, -0.47))
    s["greater-sciatic-notch"] = m.back(10.3, 91.0)
    s["gluteal-fold-mid"] = m.back(7.8, 80.0)
    s["ischial-tuberosity"] = m.back(6.2, 82.6)
    s["perineum-center"] = m.ray((0, 60, 1.0), (0, 1, 0))
    s["anus"] = m.ray((0, 60, -2.5), (0, 1, -0.02))
    s["external-genitalia"] = m.front(0, 82.8)
    s["ischiopubic-ramus"] = m.nearest((2.4, 81.0, 2.0))


def _leg(m: Placer, s: dict[str, Spot]) -> None:
    hip, knee, ankle = m.joint("l-upper-leg"), m.joint("l-knee"), m.joint("l-ankle")

    def axis(y: float) -> Floats:
        top, low = (hip, knee) if y > knee[1] else (knee, ankle)
        t = (top[1] - y) / (top[1] - low[1])
        return np.asarray(top * (1 - t) + low * t)

    s["femoral-triangle-center"] = m.front(8.2, 87.8)
    s["thigh-anterior-proximal"] = m.front(12.2, 86.5)
    ways: dict[str, Triple] = {
        "anterior": (0, 0, 1), "medial": (-1, 0, 0), "lateral": (1, 0, 0), "posterior": (0, 0, -1),
    }  # fmt: skip
    heights = {
        "anterior": (0, 73.4, 61.5), "medial": (73.5, 66.0, 58.0),
        "lateral": (79.3, 68.5, 58.0), "posterior": (72.0, 64.8, 57.6),
    }  # fmt: skip
    for side, way in ways.items():
        for part, y in zip(("proximal", "mid", "distal"), heights[side], strict=True):
            if y:
                s[f"thigh-{side}-{part}"] = m.ray(axis(y), way)
    s["patella-center"] = m.ray(axis(50.2), FRONT)
    s["patella-superior-pole"] = m.ray(axis(52.7), FRONT)
    s["patella-lateral-border"] = m.step("patella-center", (1, 0, 0), 2.4)
    s["medial-joint-line"] = m.ray(axis(47.8), (-1, 0, -0.1))
    s["lateral-joint-line"] = m.ray(axis(47.8), (1, 0, -0.1))
    s["popliteal-fossa-center"] = m.ray(axis(48.6), BACK)
    s["fibular-head"] = m.ray(axis(44.3), (1, 0, -0.45))
    s["tibial-tuberosity"] = m.ray(axis(43.9), (-0.05, 0, 1))
    s["pes-anserinus"] = m.ray(axis(42.8), (-0.85, 0, 0.5))
    for part, y, x in (("proximal", 38.0, 0.4), ("mid", 28.5, 0.4), ("distal", 17.5, 0.15)):
        s[f"leg-anterior-{part}"] = m.ray(axis(y), (x, 0, 1))
    s["tibia-medial-border-mid"] = m.ray(axis(28.5), (-0.85, 0, 0.5))
    s["tibia-medial-border-distal"] = m.ray(axis(19.0), (-0.85, 0, 0.4))
    for part, y in (("proximal", 39.8), ("mid", 27.5), ("distal", 16.5)):
        s[f"leg-lateral-{part}"] = m.ray(axis(y), (1, 0, -0.05))
    s["calf-medial-upper"] = m.ray(axis(37.5), (-0.5, 0, -0.87))
    s["calf-lateral-upper"] = m.ray(axis(38.5), (0.5, 0, -0.87))
    s["calf-mid"] = m.ray(axis(29.5), BACK)
    s["calf-distal"] = m.ray(axis(21.5), BACK)
    s["achilles-mid"] = m.ray(axis(8.6), BACK)
    s["medial-malleolus"] = m.ray(axis(8.2), (-1, 0, 0.05))
    s["lateral-malleolus"] = m.ray(axis(7.3), (1, 0, -0.2))
    s["ankle-anterior-mid"] = m.ray(ankle, (0, 0.35, 1))
    s["sinus-tarsi"] = m.ray((18.8, 5.6, 5.2), (1, 0.35, 0))


def _foot(m: Placer, s: dict[str, Spot]) -> None:
    down, up = (0, -1, 0), (0, 1, 0)
    s["heel-posterior"] = m.ray((18.3, 4.0, 0), BACK)
    s["heel-plantar"] = m.ray((18.3, 3.5, 0.3), down)
    s["heel-medial"] = m.ray((18.3, 3.2, 0.3), (-1, 0, 0))
    s["heel-lateral"] = m.ray((18.3, 3.2, 0.3), (1, 0, 0))
    s["navicular-tuberosity"] = m.ray((18.6, 4.6, 7.2), (-1, 0, 0))
    s["medial-arch-mid"] = m.ray((17.7, 3.5, 9.0), (-0.25, -1, 0))
    s["sole-center"] = m.ray((19.2, 3.0, 9.0), down)
    s["fifth-metatarsal-base"] = m.ray((20.0, 1.9, 8.8), (1, 0, 0))
    s["first-mt-head-plantar"] = m.ray(m.joint("l-toe-1-1") - 1.3 * FRONT, down)
    s["mt-heads-2-4-plantar"] = m.ray(m.joint("l-toe-3-1") - 1.3 * FRONT, down)
    s["fifth-mt-head-plantar"] = m.ray(m.joint("l-toe-5-1") - 1.0 * FRONT, down)
    s["foot-dorsum-mid"] = m.ray((19.2, 2.5, 11.5), up)
    s["foot-dorsum-proximal"] = m.ray((18.6, 4.5, 6.8), (0, 1, 0.35))
    s["hallux-dorsum"] = m.ray(m.joint("l-toe-1-2"), up)
    s["hallux-plantar"] = m.ray(m.between_joints("l-toe-1-2", "l-toe-1-3", 0.6), down)
    s["toes-2-4-dorsal"] = m.ray(m.joint("l-toe-3-2"), up)
    s["toes-2-4-plantar"] = m.ray(m.between_joints("l-toe-3-3", "l-toe-3-4", 0.5), down)
