"""The plan on the body: place of entry, section, settings, names, ultrasound pictures."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from filiform import planning
from filiform.anatomy.surface.flat import best_view, flat_view
from filiform.anatomy.surface.spots import read_spot, spot_text
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.details import PlanDetails, dwell_min, settings_of_plan
from filiform.clinic.assessment.models import DepthPicture, PlannedNeedling, PlanTemplate
from filiform.clinic.body.places import place_of
from filiform.clinic.patients import actions as patients
from filiform.clinic.visits import actions as visits
from filiform.clinic.web.pictures import MOST_SIDE_PX, cleaned
from filiform.reasons import Reason

NOTE = "Small first step in this patient; measured and palpated."


@pytest.fixture
def target(told, alice):
    for kind, value in (("height_cm", 165), ("weight_kg", 64)):
        patients.measure(by=alice, patient=told.patient, kind=kind, value=value)
    return actions.choose_target(by=alice, visit=told, muscle="gluteus-medius", side="right")


def plan(alice, target, **changes):
    found = planning.suggest(
        target.muscle, target.side, **queries.build(target.patient, timezone.localdate())
    )
    return actions.plan_needling(
        **{
            "by": alice,
            "target": target,
            "position": found.position,
            "technique": "deep-static",
            "diameter_mm": found.needle.diameter_mm,
            "length_mm": found.needle.length_mm,
            "depth_mm": found.depth_mm.target[1],
            "insertions": 1,
            "note": NOTE,
            **changes,
        }
    )


def look(client, target, **asked):
    address = reverse("assessment:plan-look", args=[target.visit_id, target.pk])
    return client.get(address, asked).json()


def save(client, target, **changes):
    (card,) = client.get(reverse("assessment:plan", args=[target.visit_id])).context["cards"]
    form = card["form"]
    values = {form[name].html_name: form[name].value() for name in form.fields}
    values = {key: "" if value is None else value for key, value in values.items()}
    changed = {f"{target.pk}-{key}": value for key, value in changes.items()}
    return client.post(
        reverse("assessment:plan-save", args=[target.visit_id]), {**values, **changed}
    )


def test_the_place_of_entry_is_the_atlas_own_until_it_is_moved(as_alice, target):
    (card,) = as_alice.get(reverse("assessment:plan", args=[target.visit_id])).context["cards"]
    assert card["on_body"].usual
    assert card["on_body"].entry == spot_text(place_of(target))
    assert "Gluteus medius" in card["on_body"].section


def test_a_tap_on_the_skin_moves_the_place_and_an_arrow_moves_it_half_a_centimetre(
    as_alice, target
):
    spot = place_of(target)
    view = flat_view(best_view(spot))
    x, y = view.place(spot)
    tapped = read_spot(look(as_alice, target, view=view.id, x=x + 20, y=y)["entry"])
    assert view.place(tapped) == pytest.approx((x + 20, y), abs=1.0)
    nudged = read_spot(look(as_alice, target, entry=spot_text(tapped), nudge="up")["entry"])
    assert view.place(nudged) == pytest.approx((x + 20, y - view.scale / 2), abs=1.0)


def test_a_tap_beside_the_body_leaves_the_place_where_it_was(as_alice, target):
    entry = spot_text(place_of(target))
    assert look(as_alice, target, entry=entry, view="back", x=2, y=2)["entry"] == entry
    assert look(as_alice, target, entry=entry, view="nowhere", x=9, y=9)["entry"] == entry


def test_looking_writes_nothing(as_alice, target):
    look(as_alice, target, nudge="left", depth="40")
    assert not PlannedNeedling.objects.exists()


def test_without_script_an_arrow_moves_the_place_and_keeps_what_was_typed(as_alice, target):
    (card,) = as_alice.get(reverse("assessment:plan", args=[target.visit_id])).context["cards"]
    form = card["form"]
    values = {form[name].html_name: form[name].value() or "" for name in form.fields}
    values |= {f"{target.pk}-note": "half typed", "nudge": f"{target.pk}:left"}
    page = as_alice.post(reverse("assessment:plan-save", args=[target.visit_id]), values)
    assert page.status_code == 200
    (card,) = page.context["cards"]
    assert card["form"]["note"].value() == "half typed"
    assert not card["on_body"].usual


def test_place_direction_and_settings_are_kept_with_the_plan(as_alice, target):
    entry = look(as_alice, target, nudge="down")["entry"]
    response = save(
        as_alice, target, entry=entry, heading="caudal-medial", angle_deg="60",
        technique="electrical", set_frequency_hz="80", set_current_min="15", insertions="1",
        twitches="4", note=NOTE,
    )  # fmt: skip
    assert response.status_code == 302, response.context["cards"][0]["refused"]
    kept = queries.plan_of(target)
    assert kept.details["entry"] == entry
    assert (kept.details["heading"], kept.details["angle_deg"]) == ("caudal-medial", 60)
    settings = settings_of_plan(kept)
    assert (settings["frequency_hz"], settings["current_min"]) == (80, 15)
    assert settings["waveform"] == "biphasic-symmetric"
    assert "turns_deg" not in settings, "winding is another technique"
    assert dwell_min(kept) == 15


def test_a_place_on_the_other_side_of_the_body_is_refused(alice, target):
    left = spot_text(place_of(type(target)(muscle=target.muscle, side="left", trp="")))
    refused = plan(alice, target, details=PlanDetails(entry=left))
    assert [one.code for one in refused] == ["plan-entry-other-side"]


def test_current_is_refused_with_a_pacemaker_and_the_same_needle_without_it_is_not(alice, target):
    from filiform.clinic.intake import actions as intake

    intake.disclose(
        by=alice, patient=target.patient, kind="device", text="Cardiac pacemaker in situ"
    )
    target.refresh_from_db()
    refused = plan(alice, target, technique="electrical")
    assert "plan-current-device" in [one.code for one in refused]
    assert isinstance(plan(alice, target), PlannedNeedling)


def test_a_plan_under_a_name_says_how_and_works_out_how_deep_for_each_body(
    as_alice, alice, bob, target, site
):
    plan(alice, target, details=PlanDetails(entry=spot_text(place_of(target)), twitches=3))
    keep = reverse("assessment:template-keep", args=[target.visit_id])
    as_alice.post(keep, {"name": "my hip"})
    template = PlanTemplate.objects.get()
    assert "depth_mm" not in template.rows[0]
    assert "entry" not in template.rows[0]["details"], "the place is that patient's own"
    heavy = patients.register(by=bob, given_name="Heavy", sex="male", birth_date=date(1970, 1, 1))
    for kind, value in (("height_cm", 178), ("weight_kg", 118)):
        patients.measure(by=alice, patient=heavy, kind=kind, value=value)
    other = visits.book(
        by=bob, patient=heavy, practitioner=alice, site=site,
        planned_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    as_alice.post(reverse("assessment:template-use", args=[other.pk, template.pk]))
    ((chosen, made),) = queries.plans(other)
    proposal = planning.suggest(
        "gluteus-medius", "right", **queries.build(heavy, timezone.localdate())
    )
    assert made.depth_mm == proposal.depth_mm.target[1]
    assert (made.technique, made.details["twitches"]) == ("deep-static", 3)
    as_alice.post(reverse("assessment:template-drop", args=[other.pk, template.pk]))
    assert not queries.plan_templates(other.organisation_id)
    assert chosen.muscle == "gluteus-medius"


def test_what_a_template_can_not_plan_for_this_patient_is_told(as_alice, alice, target):
    plan(alice, target)
    template = actions.keep_template(by=alice, visit=target.visit, name="x")
    rows = [{**template.rows[0], "muscle": "longus-colli", "trp": ""}]
    other = PlanTemplate.objects.create(
        organisation=template.organisation, recorded_by=alice, name="never", rows=rows
    )
    use = reverse("assessment:template-use", args=[target.visit_id, other.pk])
    told = as_alice.post(use, follow=True).content.decode()
    assert "Longus colli, right is not planned." in told


def picture(size=(60, 40), kind="JPEG", **options):
    out = io.BytesIO()
    Image.new("RGB", size, (90, 90, 90)).save(out, kind, **options)
    return out.getvalue()


def upload(client, target, data, name="scan.jpg"):
    file = SimpleUploadedFile(name, data, content_type="image/jpeg")
    address = reverse("assessment:picture-keep", args=[target.visit_id, target.pk])
    return client.post(address, {"picture": file}, follow=True).content.decode()


def test_an_ultrasound_picture_is_kept_without_what_the_machine_wrote_into_it(as_alice, target):
    exif = Image.Exif()
    exif[0x010E] = "PATIENT KHAN AYESHA 1985"
    exif[0x8825] = {1: "N"}
    upload(as_alice, target, picture(exif=exif))
    kept = DepthPicture.objects.get()
    data = bytes(kept.picture)
    assert b"KHAN" not in data
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.format == "WEBP"
        assert not opened.getexif()
        assert opened.size == (kept.width_px, kept.height_px) == (60, 40)
    served = as_alice.get(reverse("assessment:picture", args=[target.visit_id, kept.pk]))
    assert served.content == data
    assert served["Content-Type"] == "image/webp"
    assert "no-store" in served["Cache-Control"]


BAD = [
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture-unreadable"),
    (b"%PDF-1.7 not a picture", "picture-unreadable"),
    (picture()[:200], "picture-unreadable"),
    (b"", "picture-unreadable"),
]


def test_what_is_no_picture_is_refused_whatever_it_is_called():
    for data, code in BAD:
        answer = cleaned(io.BytesIO(data), len(data))
        assert isinstance(answer, Reason), data[:20]
        assert answer.code == code, data[:20]
    gif = picture(kind="GIF")
    assert cleaned(io.BytesIO(gif), len(gif)).code == "picture-unreadable"
    assert cleaned(io.BytesIO(b""), 9 * 1024 * 1024).code == "picture-too-large"
    # 64 million pixels of one colour are a file of some kilobytes.
    bomb = picture((8000, 8000), "PNG")
    assert len(bomb) < 300_000
    assert cleaned(io.BytesIO(bomb), len(bomb)).code == "picture-too-many-pixels"


def test_a_large_picture_is_made_as_small_as_a_screen_can_show():
    data = picture((3000, 1500))
    found = cleaned(io.BytesIO(data), len(data))
    assert (found.width_px, found.height_px) == (MOST_SIDE_PX, MOST_SIDE_PX // 2)


def test_a_picture_is_taken_off_the_page_and_stays_in_the_record(as_alice, target):
    upload(as_alice, target, picture())
    upload(as_alice, target, picture())
    (kept,) = DepthPicture.objects.all()
    as_alice.post(reverse("assessment:picture-drop", args=[target.visit_id, kept.pk]))
    assert not queries.depth_pictures(target.patient)
    assert DepthPicture.objects.count() == 2, "the row and the one that takes it back"


def test_no_outsider_sees_or_changes_pictures_places_or_names(
    client, bob, charlie, alice, target, as_alice
):
    upload(as_alice, target, picture())
    plan(alice, target)
    template = actions.keep_template(by=alice, visit=target.visit, name="mine")
    kept = DepthPicture.objects.get()
    visit = target.visit_id
    gets = [("picture", [visit, kept.pk]), ("plan-look", [visit, target.pk])]
    posts = [
        ("picture-keep", [visit, target.pk]),
        ("picture-drop", [visit, kept.pk]),
        ("template-keep", [visit]),
        ("template-use", [visit, template.pk]),
        ("template-drop", [visit, template.pk]),
    ]
    for person, status in ((bob, 403), (charlie, 404)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for name, args in gets:
            assert client.get(reverse(f"assessment:{name}", args=args)).status_code == status, name
        for name, args in posts:
            assert client.post(reverse(f"assessment:{name}", args=args)).status_code == status, name
