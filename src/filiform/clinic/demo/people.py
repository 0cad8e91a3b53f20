"""The demo's clinic and the people who work there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from filiform.anatomy import PRIVILEGES
from filiform.clinic.consent.actions import publish_shipped_texts
from filiform.clinic.staff import actions
from filiform.clinic.staff.models import Member, Organisation, Site

DEMO_PASSWORD = "midcity-demo-clinic"  # noqa: S105 - the demo's, shown on its sign-in page
DEMO_PIN = "2468"
YEAR = timedelta(days=365)

_hashed = cache(make_password)
"""All four share a password and a PIN that everybody may know: a quarter of a second for each."""


@dataclass(frozen=True)
class Team:
    organisation: Organisation
    site: Site
    owner: Member
    sana: Member
    """Practitioner, all regions."""
    hamza: Member
    """Practitioner without the privilege for the thorax, licence about to expire."""
    desk: Member


TRAINING_DAY_IN = 19


def open_clinic(*, today: date) -> Team:
    organisation = actions.found_organisation(
        name="MidCity Dry Needling", name_ur="مڈ سٹی ڈرائی نیڈلنگ", file_prefix="MC"
    )
    site = _open_site(organisation)
    owner = _member(organisation, "owner", "Dr Nadia Qureshi", "ڈاکٹر نادیہ قریشی", {"owner"})
    # Without a published text nobody can agree to be needled.
    publish_shipped_texts(by=owner)
    # Always ahead, whatever day the demo is begun on: a fixed date would once be today.
    training_on = today + timedelta(days=TRAINING_DAY_IN)
    actions.record_opening_exception(
        site=site,
        by=owner,
        title="Training day of our team",
        title_ur="ہماری ٹیم کی تربیت کا دن",
        first_on=training_on,
        last_on=training_on,
        hours=[],
    )
    sana = _practitioner(
        organisation, owner, "sana", "Sana Malik", "ثناء ملک", today=today, licence_days=400
    )
    hamza = _practitioner(
        organisation,
        owner,
        "hamza",
        "Hamza Iqbal",
        "حمزہ اقبال",
        today=today,
        licence_days=24,
        without=frozenset({"thorax"}),
    )
    desk = _member(organisation, "desk", "Rabia Aslam", "رابعہ اسلم", {"front_desk"})
    return Team(organisation, site, owner, sana, hamza, desk)


def _open_site(organisation: Organisation) -> Site:
    return actions.open_site(
        organisation=organisation,
        name="MidCity Mall",
        name_ur="مڈ سٹی مال",
        address="MidCity Mall, Rehmanabad",
        address_ur="مڈ سٹی مال، رحمان آباد",
        directions=(
            "Come to MidCity Mall in Rehmanabad and call us from the entrance: "
            "we will show you the way."
        ),
        directions_ur=(
            "رحمان آباد میں مڈ سٹی مال آئیں اور داخلی دروازے سے ہمیں فون کریں: "
            "ہم آپ کو راستہ بتا دیں گے۔"
        ),
        town="Rawalpindi",
        town_ur="راولپنڈی",
        area="Rehmanabad",
        area_ur="رحمان آباد",
        road="Murree Road",
        road_ur="مری روڈ",
        phone="+923352855522",
        whatsapp="+923352855522",
        emergency_phone="1122",
        time_zone="Asia/Karachi",
        opening_hours={
            **{str(day): [["10:00", "20:00"]] for day in (0, 1, 2, 3, 5)},
            # Friday, with time for the midday prayer.
            "4": [["10:00", "12:30"], ["14:30", "20:00"]],
        },
    )


def _member(
    organisation: Organisation,
    username: str,
    name: str,
    name_ur: str,
    roles: set[str],
    *,
    by: Member | None = None,
    title: str = "",
    public: bool = False,
) -> Member:
    return actions.add_member(
        organisation=organisation,
        by=by,
        username=username,
        password=DEMO_PASSWORD,
        pin=DEMO_PIN,
        hashed=_hashed,
        roles=frozenset(roles),
        name=name,
        name_ur=name_ur,
        title=title,
        on_public_site=public,
    )


def _practitioner(
    organisation: Organisation,
    owner: Member,
    username: str,
    name: str,
    name_ur: str,
    *,
    today: date,
    licence_days: int,
    without: frozenset[str] = frozenset(),
) -> Member:
    member = _member(
        organisation,
        username,
        name,
        name_ur,
        {"practitioner"},
        by=owner,
        title="Physiotherapist, DPT",
        public=True,
    )
    actions.record_licence(
        member=member,
        by=owner,
        body="Allied Health Professionals Council",
        number=f"AHPC-DEMO-{username.upper()}",
        expires_on=today + timedelta(days=licence_days),
    )
    actions.record_training(
        member=member,
        by=owner,
        course="Dry needling, foundation and advanced",
        hours=80,
        completed_on=today - 2 * YEAR,
        expires_on=today + YEAR,
    )
    for region in PRIVILEGES:
        if region not in without:
            actions.grant_privilege(
                member=member, by=owner, region=region, granted_on=today - 2 * YEAR
            )
    return member
