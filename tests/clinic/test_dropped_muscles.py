"""A later release of the atlas may lack a muscle that was chosen or needled before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import choose_target, needled
from tests.tables import check_each

from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.assessment.models import Target
from filiform.clinic.pathway import actions as pathway
from filiform.clinic.staff.credentials import reasons_against
from filiform.clinic.treatment.checks import muscles_needled
from filiform.clinic.treatment.course import course_of
from filiform.clinic.treatment.models import Act
from filiform.clinic.visits.models import Visit

pytestmark = pytest.mark.django_db

PAGES = (
    *(
        "assessment:story",
        "assessment:safety",
        "assessment:targets",
        "assessment:plan",
        "consent:consent",
    ),
    *("programme:programme", "programme:handout", "aftercare:aftercare", "aftercare:sheet"),
    *("progress:progress", "expectation:expected", "pathway:open"),
)


DROPPED = "of-an-older-atlas"
"""As rows of before name a muscle that there is no more"""


def test_pages_open_though_the_atlas_has_dropped_a_target(as_alice, visit):
    choose_target(visit, DROPPED)
    choose_target(visit, "infraspinatus")
    Visit.objects.filter(pk=visit.pk).update(state="in-room")

    def check(name: str) -> None:
        page = as_alice.get(reverse(name, args=[visit.pk]), follow=True)
        assert page.status_code == 200, name

    check_each(PAGES, check)
    assert (
        b"The atlas no longer has this muscle"
        in as_alice.get(reverse("assessment:targets", args=[visit.pk])).content
    )
    target = Target.objects.get(muscle=DROPPED)
    # From a page that was open before the update: the point is none any more.
    place = reverse("assessment:place", args=[visit.pk, target.pk])
    assert as_alice.post(place, {"trp": "1"}).status_code == 404
    assert as_alice.post(place, {"trp": ""}).status_code == 302
    as_alice.post(
        reverse("assessment:drop", args=[visit.pk, target.pk]), {"why": "chosen by mistake"}
    )
    assert not Target.objects.current().filter(muscle=DROPPED).exists()


def test_nobody_may_needle_a_muscle_that_the_atlas_has_dropped(alice, visit, today):
    choose_target(visit, DROPPED)
    codes = [one.code for one in reasons_against(alice, [DROPPED], on=today)]
    assert codes == ["staff-muscle-unknown"]
    refused = pathway.start(by=alice, visit=visit, on=today)
    assert isinstance(refused, tuple)
    assert "staff-muscle-unknown" in [one.code for one in refused]


def test_what_was_needled_before_stays_readable_and_can_be_signed(as_alice, alice, visit):
    done = needled(visit, DROPPED, "infraspinatus", started_at=timezone.now() - timedelta(hours=26))
    aftercare.plan_checks(by=alice, treatment=done)
    check = done.checks.get(hours=24)
    assert check.over_lung, "what nobody knows any more may have lain over the lung"
    for address in (
        reverse("aftercare:check", args=[check.pk]),
        reverse("aftercare:sheet", args=[visit.pk]),
        reverse("progress:patient", args=[visit.patient_id]),
    ):
        assert DROPPED.encode() in as_alice.get(address).content, address
    acts = list(Act.objects.filter(treatment=done).select_related("target", "needle"))
    assert muscles_needled(course_of(acts)) == ["infraspinatus"]
