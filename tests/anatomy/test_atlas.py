"""The atlas is whole, every row has its source, and the lung is never forgotten."""

from __future__ import annotations

import re
import time

import msgspec
import pytest
from tests.tables import check_each

from filiform.anatomy import PRIVILEGES, DataError, atlas, hazards_urdu, read_atlas
from filiform.anatomy.atlas import DATA_FILES
from filiform.anatomy.hazards_urdu import FILE, digest_of, warned, warnings
from filiform.anatomy.tables import data_text
from filiform.words import Words

URDU = re.compile(r"[\u0600-\u06ff]")
POINT = re.compile(r"[a-z0-9-]+(~[a-z0-9-]+(@0?\.\d+)?)?")


@pytest.fixture
def texts() -> dict[str, str]:
    return {name: data_text(name) for name in DATA_FILES}


def test_the_atlas_holds_143_muscles_216_trigger_points_and_229_landmarks():
    assert len(atlas().muscles) == 143
    assert len(atlas().trigger_points) == 216
    assert len(atlas().landmarks) == 229


def test_every_muscle_has_a_trigger_point_a_needling_note_a_hazard_and_a_source():
    for muscle in atlas().muscles.values():
        assert muscle.trigger_points, muscle.id
        assert muscle.needling.structures_at_risk, muscle.id
        assert muscle.hazards, muscle.id
        assert muscle.sources, muscle.id
        assert all(hazard.sources and hazard.mitigation.en for hazard in muscle.hazards), muscle.id


def test_every_muscle_and_region_has_an_urdu_name():
    named = [*atlas().muscles.values(), *atlas().regions.values(), *atlas().privileges.values()]
    for entry in named:
        assert URDU.search(entry.name.ur), entry.id


def test_hazards_over_the_lung_are_told_in_both_languages():
    told = {
        muscle.id
        for muscle in atlas().muscles.values()
        if all(URDU.search(hazard.mitigation.ur) for hazard in muscle.hazards)
    }
    over_lung = {muscle.id for muscle in atlas().muscles.values() if muscle.over_lung}
    assert over_lung <= told


def test_every_muscle_whose_notes_name_lung_or_pleura_needs_the_privilege_over_the_lung():
    for muscle in atlas().muscles.values():
        named = [hazard.structure.en for hazard in muscle.hazards]
        if any(re.search(r"lung|pleura", text, re.IGNORECASE) for text in named):
            assert muscle.over_lung, muscle.id
        if muscle.over_lung:
            assert "thorax" in muscle.privileges, muscle.id


@pytest.mark.parametrize(
    ("muscle_id", "over_lung"),
    [
        ("trapezius-upper", True),
        ("levator-scapulae", True),
        ("infraspinatus", True),
        ("sternalis", True),
        ("intercostals", True),
        ("gluteus-medius", False),
        ("soleus", False),
        ("masseter-superficial", False),
    ],
)
def test_muscles_lie_over_the_lung_as_an_anatomist_would_say(muscle_id: str, over_lung: bool):
    assert atlas().muscles[muscle_id].over_lung is over_lung


def test_privileges_of_muscles_are_those_that_can_be_granted():
    assert set(atlas().privileges) == set(PRIVILEGES)
    for muscle in atlas().muscles.values():
        assert muscle.privileges <= set(PRIVILEGES), muscle.id


def test_points_of_trigger_points_and_zones_are_landmarks():
    def landmarks_of(point: str) -> list[str]:
        assert POINT.fullmatch(point), point
        return [part.split("@")[0] for part in point.split("~")]

    for point in atlas().trigger_points:
        places = landmarks_of(point.site_point)
        assert point.essential_zones, point.id
        for zone in (*point.essential_zones, *point.spillover_zones):
            shape, path, size, _, weight = zone.split(":")
            assert shape in ("disc", "stripe", "patch")
            assert 0.5 <= float(size) <= 12, zone
            assert weight in ("essential", "spillover")
            places += [name for part in path.split(">") for name in landmarks_of(part)]
        assert set(places) <= set(atlas().landmarks), point.id


def test_regions_are_unique_in_words_and_belong_to_a_group():
    regions = atlas().regions.values()
    assert 60 <= len(regions) <= 90
    assert len({region.name.en for region in regions}) == len(regions)
    assert len({region.name.ur for region in regions}) == len(regions)
    assert {region.group for region in regions} == set(atlas().region_groups)


def test_rows_marked_unconfirmed_say_so():
    assert atlas().muscles["platysma"].confidence == "unconfirmed"
    assert atlas().muscles["temporalis"].confidence == "pain-checked"
    assert not any(
        "unconfirmed" in source
        for muscle in atlas().muscles.values()
        for source in (*muscle.sources, *muscle.needling.sources)
    )


def test_a_muscle_that_must_not_be_needled_has_no_needle_in_its_notes():
    for muscle in atlas().muscles.values():
        if not muscle.needleable:
            assert muscle.needling.length is None, muscle.id
            assert muscle.training_level == "not-recommended", muscle.id


def test_the_atlas_loads_in_a_tenth_of_a_second(texts: dict[str, str]):
    best_s = 1.0
    for _ in range(3):
        begin = time.process_time()
        read_atlas(texts)
        best_s = min(best_s, time.process_time() - begin)
    assert best_s < 0.1


def test_the_release_changes_when_a_fact_changes(texts: dict[str, str]):
    before = read_atlas(texts).release
    texts["muscles.tsv"] = texts["muscles.tsv"].replace("Temporal fossa", "Temporal Fossa", 1)
    assert read_atlas(texts).release != before


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("muscles.tsv", "\tyes\t", "\tperhaps\t", "over_lung: got 'perhaps'"),
        ("muscles.tsv", "\thead-face\thead-face\t", "\thead-face\tmoon\t", "privileges: got"),
        ("muscles.tsv", "id\tname_en", "id\tname", "line 1: the columns are"),
        ("needling.tsv", "0.16\t0.20", "0.16\tthick", "diameter_max_mm: got 'thick'"),
        ("needling.tsv", "0.16\t0.20", "0.26\t0.20", "a range needs 0 < low <= high"),
        ("needling.tsv", "\tbasic\t", "\teasy\t", "training_level"),
        ("hazards.toml", '"trapezius-upper"', '"trapezius-lowest"', "unknown muscles"),
        ("regions.toml", 'group = "head"', 'groop = "head"', "groop"),
        ("regions.toml", "[[region]]", "[[region", "regions.toml: "),
        (
            "muscles.tsv",
            "\thead-face\thead-face\t",
            "\tface\thead-face\t",
            "'face' is not a region",
        ),
        ("needling.tsv", "\ntemporalis\t", "\nTemporalis!\t", "allowed: [a-z0-9]+"),
        ("needling.tsv", "\t5\t15\t", "\t5\t\t", "depth_min_mm/depth_max_mm: give both ends"),
    ],
)
def test_a_defect_in_the_data_is_named_by_file_place_and_field(
    texts: dict[str, str], name: str, old: str, new: str, message: str
):
    assert old in texts[name]
    texts[name] = texts[name].replace(old, new, 1)
    with pytest.raises(DataError) as failure:
        read_atlas(texts)
    assert name in str(failure.value)
    assert message in str(failure.value)


def test_an_unknown_muscle_is_answered_with_its_neighbours():
    with pytest.raises(KeyError, match="infraspinatus"):
        atlas().muscle("infraspinatis")


def test_an_unknown_trigger_point_is_answered_with_the_known_ones():
    with pytest.raises(KeyError, match="1, 2, 3"):
        atlas().muscles["infraspinatus"].trigger_point("9")


def test_a_muscle_over_the_lung_without_its_privilege_is_refused(texts: dict[str, str]):
    """The lung must not be needled by who may only needle the shoulder girdle."""
    before = texts["muscles.tsv"]
    lines = before.splitlines()
    row = next(n for n, line in enumerate(lines) if line.startswith("serratus-anterior"))
    lines[row] = re.sub(r"\t[^\t]*thorax[^\t]*\tyes\t", "\tgeneral\tyes\t", lines[row])
    texts["muscles.tsv"] = "\n".join(lines)
    assert texts["muscles.tsv"] != before
    with pytest.raises(DataError, match=r"serratus-anterior.*over the lung"):
        read_atlas(texts)


def test_a_row_that_stands_twice_is_refused_in_every_table(texts: dict[str, str]):
    def check(name: str, says: str) -> None:
        head, first, *rest = texts[name].split("\n")
        twice = texts | {name: "\n".join([head, first, first, *rest])}
        with pytest.raises(DataError, match=f"{name}, line 3.*{says}"):
            read_atlas(twice)

    check_each(
        [
            ("muscles.tsv", "is used twice"),
            ("landmarks.tsv", "is used twice"),
            ("trigger_points.tsv", "is there twice"),
            ("needling.tsv", "is there twice"),
            ("outlines.tsv", "is there twice"),
        ],
        check,
    )
    texts["privileges.toml"] += texts["privileges.toml"]
    with pytest.raises(DataError, match="'general' is used twice"):
        read_atlas(texts)


def test_notes_for_a_muscle_that_the_atlas_lacks_are_refused(texts: dict[str, str]):
    lines = texts["muscles.tsv"].splitlines()
    texts["muscles.tsv"] = "\n".join(one for one in lines if not one.startswith("soleus\t"))
    with pytest.raises(DataError, match=r"unknown muscles \['soleus'\]"):
        read_atlas(texts)


@pytest.mark.parametrize(
    ("name", "column", "says"),
    [
        ("trigger_points.tsv", "essential_zones", "every source needs an essential zone"),
        ("outlines.tsv", "outline", "every muscle lies under some skin"),
    ],
)
def test_a_place_without_an_area_is_refused(
    texts: dict[str, str], name: str, column: str, says: str
):
    head, first, *rest = texts[name].split("\n")
    cells = first.split("\t")
    cells[head.split("\t").index(column)] = ""
    texts[name] = "\n".join([head, "\t".join(cells), *rest])
    with pytest.raises(DataError, match=says):
        read_atlas(texts)


def test_every_warning_of_a_needling_note_has_urdu_that_is_as_new_as_its_english() -> None:
    stale = [
        muscle_id
        for muscle_id, muscle in atlas().muscles.items()
        if muscle_id not in warnings()
        or warnings()[muscle_id].english != digest_of(muscle.needling)
    ]
    assert not stale, f"translate anew in {FILE}, with the digest of the English: {stale}"
    # A figure that differs is another warning: 19 mm, C2, 60 seconds.
    for muscle in atlas().muscles.values():
        for words in (muscle.hazards[-1].structure, muscle.hazards[-1].mitigation):
            assert set(re.findall(r"\d+", words.en)) == set(re.findall(r"\d+", words.ur)), muscle.id


def test_urdu_of_a_warning_that_was_changed_is_not_shown() -> None:
    note = atlas().muscles["trapezius-upper"].needling
    changed = msgspec.structs.replace(note, mitigation="Never.")
    assert warned(note)[1].ur
    assert warned(changed)[1] == Words(en="Never.")


def test_an_urdu_warning_that_stands_twice_or_is_half_written_is_refused(monkeypatch) -> None:
    header, first, *_rest = data_text(FILE).splitlines()
    half = first.rsplit("\t", 1)[0] + "\t"
    for lines in ((header, first, first), (header, half)):
        monkeypatch.setattr(hazards_urdu, "data_text", lambda _name, lines=lines: "\n".join(lines))
        with pytest.raises(DataError, match=f"{FILE}.*twice, or a text is missing"):
            warnings.__wrapped__()
