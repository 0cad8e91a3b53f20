"""Where exactly a needle went in: marked after it is in, if at all."""

from __future__ import annotations

import pytest
from django.urls import reverse

from filiform.anatomy.surface import places, surface
from filiform.anatomy.surface.flat import flat_view
from filiform.anatomy.surface.spots import spot_text
from filiform.clinic.treatment import queries
from filiform.clinic.treatment.models import Act
from filiform.clinic.treatment.views.place import WIDTH_PX

LOGIN = "django.contrib.auth.backends.ModelBackend"
SPOT = spot_text(places()["infraspinous-fossa-center"].on("right"))


@pytest.fixture
def needle(act, targets):
    return act("insertion", target=targets[0])


def address(treatment, needle):
    return reverse("treatment:place", args=[treatment.visit_id, needle.pk])


def test_a_needle_needs_no_place(act, needle):
    assert queries.course(needle.treatment).needles[needle.pk].place == ""


def test_a_marked_place_is_kept_in_the_act_and_shown_in_the_record(as_alice, treatment, needle):
    page = as_alice.get(address(treatment, needle))
    assert page.status_code == 200
    assert "pin-planned" in page.content.decode()
    assert as_alice.post(address(treatment, needle), {"place": SPOT}).status_code == 302
    kept = Act.objects.get(kind="place")
    assert (kept.needle, kept.details["place"]) == (needle, SPOT)
    record = as_alice.get(reverse("treatment:record", args=[treatment.visit_id])).content.decode()
    assert "pin-needle" in record
    assert "pin-planned" in record


def test_the_last_marked_place_holds_and_the_former_stays_readable(as_alice, treatment, needle):
    other = spot_text(places()["scapula-spine-mid"].on("right"))
    for place in (SPOT, other):
        as_alice.post(address(treatment, needle), {"place": place})
    assert queries.course(treatment).needles[needle.pk].place == other
    assert Act.objects.filter(kind="place").count() == 2


def test_without_script_a_tap_on_a_picture_marks_the_place(as_alice, treatment, needle):
    view = flat_view("back")
    wanted = places()["infraspinous-fossa-center"].on("right")
    x, y = (round(value * WIDTH_PX / view.width) for value in view.place(wanted))
    response = as_alice.post(address(treatment, needle), {"back.x": str(x), "back.y": str(y)})
    assert response.status_code == 302
    from filiform.anatomy.surface.spots import read_spot

    found = read_spot(queries.course(treatment).needles[needle.pk].place)
    assert float(((found.at() - wanted.at()) ** 2).sum() ** 0.5) < 2
    assert found.at()[0] < 0, "the patient's right"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"place": "here"},
        {"place": f"pick:{surface().release}:99999:0.1:0.1"},
        {"place": f"pick:{surface().release}:5:nan:0.1"},
        {"place": f"pick:{surface().release}:5:0.9:0.9"},
        {"place": "pick:body-0:5:0.1:0.1"},
        {"front.x": "2", "front.y": "2"},
    ],
)
def test_a_place_beside_the_body_is_refused_and_nothing_is_marked(
    as_alice, treatment, needle, sent
):
    response = as_alice.post(address(treatment, needle), sent)
    assert response.status_code == 422
    assert "nothing was marked" in response.content.decode()
    assert not Act.objects.filter(kind="place").exists()


def test_a_place_on_the_wrong_side_is_refused(as_alice, treatment, needle):
    left = spot_text(places()["infraspinous-fossa-center"].on("left"))
    response = as_alice.post(address(treatment, needle), {"place": left})
    assert response.status_code == 422
    assert "on the other side" in response.content.decode()
    assert not Act.objects.filter(kind="place").exists()


def test_a_place_can_be_marked_when_the_needle_is_out_but_not_after_the_signature(
    as_alice, act, treatment, needle
):
    act("removal", needle=needle)
    assert as_alice.post(address(treatment, needle), {"place": SPOT}).status_code == 302


def test_a_sealed_treatment_takes_no_place(as_alice, sealed, treatment):
    needle = Act.objects.filter(treatment=treatment, kind="insertion").first()
    assert as_alice.post(address(treatment, needle), {"place": SPOT}).status_code == 422
    assert not Act.objects.filter(kind="place").exists()


def test_the_front_desk_and_another_clinic_mark_nothing(client, bob, charlie, treatment, needle):
    for member, status in ((bob, 403), (charlie, 404)):
        client.force_login(member, backend=LOGIN)
        assert client.post(address(treatment, needle), {"place": SPOT}).status_code == status


def test_the_place_shows_on_the_patients_body(as_alice, treatment, needle):
    as_alice.post(address(treatment, needle), {"place": SPOT})
    page = as_alice.get(reverse("chart:patient", args=[treatment.patient_id]))
    moment = page.context["on_body"]["moment"]
    assert [one.exact for one in moment.needles] == [True]
    assert SPOT in page.content.decode()


def test_a_tap_that_is_no_pixel_is_asked_again(as_alice, treatment, needle):
    for x, y in (("²", "3"), ("9" * 5000, "1"), ("-1", "0"), ("999999", "999999")):
        answer = as_alice.post(address(treatment, needle), {"front.x": x, "front.y": y})
        assert answer.status_code == 422, (x[:9], y)
