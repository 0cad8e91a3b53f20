"""Order and distance of landmarks, as a clinician would check them with finger and tape."""

from __future__ import annotations

import csv
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from tests.tables import check_each

from filiform.anatomy.surface import distance_cm, nearest_landmark, places, surface


def at(name: str) -> np.ndarray:
    return places()[name].at()


ABOVE = """
vertex forehead-center glabella orbit-center infraorbital-point mouth-corner mental-protuberance
hyoid-body thyroid-cartilage cricoid-cartilage suprasternal-notch sternal-angle sternum-mid xiphoid
epigastrium umbilicus suprapubic-mid pubic-symphysis perineum-center
/ external-occipital-protuberance suboccipital-hollow c2-spinous c4-spinous c7-spinous t1-spinous
t3-spinous t5-spinous t7-spinous l3-spinous l4-spinous l5-spinous sacrum-mid coccyx-tip anus
/ mastoid-process c1-transverse-process lateral-neck-mid neck-shoulder-angle
/ iliac-crest-highest psis sacroiliac-joint buttock-center ischial-tuberosity gluteal-fold-mid
thigh-posterior-proximal thigh-posterior-mid thigh-posterior-distal popliteal-fossa-center
calf-medial-upper calf-mid calf-distal achilles-mid heel-posterior heel-plantar
/ asis femoral-triangle-center thigh-anterior-mid thigh-anterior-distal patella-superior-pole
patella-center tibial-tuberosity leg-anterior-proximal leg-anterior-mid leg-anterior-distal
ankle-anterior-mid
/ asis greater-trochanter thigh-lateral-proximal thigh-lateral-mid thigh-lateral-distal
lateral-joint-line fibular-head leg-lateral-proximal leg-lateral-mid leg-lateral-distal
lateral-malleolus fifth-metatarsal-base
/ medial-malleolus lateral-malleolus / medial-malleolus navicular-tuberosity medial-arch-mid
/ acromioclavicular-joint acromion-tip greater-tubercle deltoid-lateral-mid deltoid-tuberosity
arm-lateral-mid lateral-supracondylar-ridge lateral-epicondyle radial-head forearm-dorsal-mid
forearm-dorsal-distal dorsal-wrist-mid hand-dorsum-mid middle-knuckle middle-tip
/ scapula-superior-angle scapula-spine-root scapula-medial-border-mid scapula-inferior-angle
rib7-angle rib10-angle rib12-tip
/ clavicle-mid rib3-midclavicular nipple rib5-midclavicular costal-margin-midclavicular
/ axilla-apex rib5-midaxillary rib8-midaxillary flank-mid iliac-crest-highest
"""
LATERAL = """
suprasternal-notch sternoclavicular-joint clavicle-mid acromioclavicular-joint acromion-tip
/ neck-shoulder-angle acromion-tip / t3-spinous t3-paraspinal scapula-spine-root scapula-spine-mid
acromion-posterior-angle / t5-spinous interscapular-mid scapula-medial-border-mid
infraspinous-fossa-center scapula-lateral-border-mid posterior-axillary-fold
/ infraclavicular-fossa coracoid-process bicipital-groove greater-tubercle deltoid-lateral-mid
/ umbilicus linea-semilunaris-mid asis / pubic-symphysis pubic-tubercle inguinal-ligament-mid asis
greater-trochanter / l3-spinous l3-paraspinal l3-transverse-tip flank-mid
/ sacrum-mid sacrum-lateral-edge buttock-center greater-sciatic-notch greater-trochanter
/ sacroiliac-joint psis iliac-crest-posterior iliac-crest-highest
/ arm-medial-mid arm-anterior-mid arm-lateral-mid / medial-epicondyle olecranon lateral-epicondyle
/ forearm-ulnar-mid forearm-volar-mid forearm-radial-mid
/ ulnar-styloid volar-wrist-mid radial-styloid / little-tip ring-tip middle-tip index-tip
/ little-knuckle middle-knuckle index-knuckle / hypothenar-center palm-center thenar-center
/ medial-joint-line patella-center patella-lateral-border lateral-joint-line
/ medial-malleolus ankle-anterior-mid lateral-malleolus / heel-medial heel-plantar heel-lateral
/ first-mt-head-plantar mt-heads-2-4-plantar fifth-mt-head-plantar / medial-arch-mid sole-center
/ hallux-dorsum toes-2-4-dorsal / glabella supraorbital-notch eyebrow-mid orbit-lateral-rim
/ philtrum upper-canine-premolar upper-molars
"""
FORWARD = """
external-occipital-protuberance superior-nuchal-line-mid retroauricular-point ear-canal tragus tmj
zygomatic-arch-mid zygomatic-bone infraorbital-point nasal-ala
/ supra-auricular-point superior-temporal-line-mid frontal-eminence / mastoid-process mandible-angle
mandible-body-mid mental-protuberance / posterior-neck-mid lateral-neck-mid scm-mid-belly
throat-lateral thyroid-cartilage / posterior-axillary-fold axilla-apex anterior-axillary-fold
/ acromion-posterior-angle acromion-tip bicipital-groove
/ deltoid-posterior-mid deltoid-lateral-mid deltoid-anterior-mid
/ forearm-dorsal-mid forearm-radial-mid forearm-volar-mid / arm-posterior-mid arm-lateral-mid
arm-anterior-mid / psis greater-trochanter asis / calf-mid leg-lateral-mid leg-anterior-mid
/ heel-posterior heel-plantar sole-center first-mt-head-plantar hallux-plantar
/ lateral-malleolus sinus-tarsi fifth-metatarsal-base / hand-dorsum-mid palm-center
/ foot-dorsum-proximal foot-dorsum-mid hallux-dorsum
"""


def pairs(text: str) -> list[tuple[str, str]]:
    """Neighbours within each run of names between slashes."""
    runs = [run.split() for run in text.split("/")]
    return [pair for run in runs for pair in pairwise(run)]


def test_the_first_lies_above_the_second() -> None:
    def check(upper: str, lower: str) -> None:
        assert at(upper)[1] > at(lower)[1]

    check_each(pairs(ABOVE), check)


def test_the_second_lies_further_from_the_midline() -> None:
    def check(inner: str, outer: str) -> None:
        assert at(inner)[0] < at(outer)[0]

    check_each(pairs(LATERAL), check)


def test_the_second_lies_further_forward() -> None:
    def check(behind: str, before: str) -> None:
        assert at(behind)[2] < at(before)[2]

    check_each(pairs(FORWARD), check)


# Straight distances in cm on an adult of 170 cm: from the landmarks' own definitions where they
# give one, otherwise usual adult widths with their skin (design values).
DISTANCES = [
    ("medial-epicondyle", "lateral-epicondyle", 5.5, 8.0),
    ("radial-styloid", "ulnar-styloid", 4.5, 6.5),
    ("medial-malleolus", "lateral-malleolus", 5.0, 8.0),
    ("medial-joint-line", "lateral-joint-line", 8.5, 13.0),
    ("c7-spinous", "t1-spinous", 1.5, 3.0),
    ("c7-spinous", "l5-spinous", 38.0, 48.0),
    ("suprasternal-notch", "xiphoid", 16.0, 23.0),
    ("iliac-crest-posterior", "psis", 4.0, 5.2),
    ("psis", "sacroiliac-joint", 1.0, 3.0),
    ("asis", "pubic-tubercle", 11.0, 16.0),
    ("asis", "patella-center", 42.0, 52.0),
    ("acromion-tip", "lateral-epicondyle", 25.0, 33.0),
    ("lateral-epicondyle", "radial-head", 1.8, 3.5),
    ("lateral-epicondyle", "radial-styloid", 21.0, 28.0),
    ("tmj", "tragus", 0.7, 1.6),
    ("temple", "orbit-lateral-rim", 2.0, 4.5),
    ("occiput-upper", "superior-nuchal-line-mid", 3.5, 6.0),
    ("posterior-neck-upper", "c2-spinous", 1.6, 2.6),
    ("posterior-neck-lower", "c7-spinous", 1.6, 2.6),
    ("t3-paraspinal", "t3-spinous", 2.0, 3.2),
    ("l1-paraspinal", "l3-paraspinal", 4.0, 7.0),
    ("l3-transverse-tip", "l3-spinous", 5.0, 6.5),
    ("fibular-head", "leg-lateral-proximal", 3.8, 6.0),
    ("pes-anserinus", "medial-joint-line", 4.0, 6.5),
    ("achilles-mid", "heel-posterior", 3.5, 5.5),
    ("posterior-shoulder-joint", "acromion-posterior-angle", 1.6, 2.8),
    ("greater-trochanter", "lateral-joint-line", 36.0, 46.0),
    ("heel-posterior", "hallux-plantar", 20.0, 27.0),
    ("volar-wrist-mid", "middle-tip", 15.0, 21.0),
    ("deltoid-anterior-mid", "deltoid-posterior-mid", 6.0, 14.0),
    ("pubic-tubercle", "pubic-symphysis", 2.0, 3.2),
    ("suprapubic-mid", "pubic-symphysis", 2.5, 3.6),
    ("femoral-triangle-center", "inguinal-ligament-mid", 3.0, 5.0),
    ("glabella", "external-occipital-protuberance", 17.0, 21.0),
]


def test_two_landmarks_lie_as_far_apart_as_on_an_adult() -> None:
    def check(one: str, two: str, least: float, most: float) -> None:
        assert least <= float(np.linalg.norm(at(one) - at(two))) <= most

    check_each(DISTANCES, check)


def test_every_landmark_of_the_atlas_has_its_place() -> None:
    table = files("filiform.anatomy").joinpath("data").joinpath("landmarks.tsv")
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines(), delimiter="\t"))
    assert len(rows) == 229
    assert {row["id"] for row in rows} == set(places())
    for row in rows:
        assert places()[row["id"]].paired == (row["bilateral"] == "yes"), row["id"]


def test_paired_landmarks_lie_on_the_left_and_mirror_to_the_right() -> None:
    for place in places().values():
        left, right = place.at("left"), place.at("right")
        if place.paired:
            assert left[0] > 0, place.id
            assert right == pytest.approx(left * [-1, 1, 1], abs=1e-9), place.id
        else:
            assert abs(left[0]) < 0.01, place.id
            assert right == pytest.approx(left), place.id


def test_no_two_landmarks_share_a_place() -> None:
    names = list(places())
    where = np.array([at(name) for name in names])
    away = np.linalg.norm(where[:, None] - where, axis=2) + np.eye(len(names)) * 9
    closest = np.unravel_index(away.argmin(), away.shape)
    assert away.min() > 0.4, (names[closest[0]], names[closest[1]])


def test_a_landmark_is_its_own_nearest_landmark() -> None:
    for place in places().values():
        name, side, away = nearest_landmark(place.on("right"))
        assert (name, away) == (place.id, pytest.approx(0, abs=1e-9))
        assert side == ("right" if place.paired else "midline")


def test_the_skin_between_acromion_and_elbow_is_no_shorter_than_the_air() -> None:
    one, two = places()["acromion-tip"].spot, places()["lateral-epicondyle"].spot
    assert distance_cm(one, two) >= np.linalg.norm(one.at() - two.at())


def test_landmarks_follow_the_build() -> None:
    from filiform.anatomy.surface import shape

    child = shape("female", 8, 126, 25).astype(np.float64)
    assert places()["vertex"].at(points=child)[1] == pytest.approx(126, abs=0.5)
    assert places()["c7-spinous"].at(points=child)[1] < 115
    assert surface().points.shape == child.shape
