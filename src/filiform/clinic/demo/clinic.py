"""Load the demo clinic: thirteen people in every state that the pathway knows.

Times are relative to now, so that the clinic always looks alive; the past is told first, in the
order in which it happened, because the seals form a chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from filiform.anatomy.surface import BodyDrawing, Layer, draw, parse_area
from filiform.clinic.assessment.actions import keep_template
from filiform.clinic.correspondence import actions as letters
from filiform.clinic.demo import money, pathway
from filiform.clinic.demo.booked import book_themselves
from filiform.clinic.demo.clock import at
from filiform.clinic.demo.inbox import fill_inbox
from filiform.clinic.demo.patients import DEMO_PATIENTS, Person
from filiform.clinic.demo.people import Team, open_clinic
from filiform.clinic.demo.shelf import put_up_containers, stock_up
from filiform.clinic.demo.week import fill_week, furnish
from filiform.clinic.diary import actions as diary
from filiform.clinic.diary.models import Service
from filiform.clinic.diary.rules import CAN_BE_MEANT
from filiform.clinic.events import actions as events
from filiform.clinic.facts.models import new_id
from filiform.clinic.intake import actions as intake
from filiform.clinic.intake.parts import Told
from filiform.clinic.intake.sent_in import send_in
from filiform.clinic.patients import actions as patients
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit

BRUISE = BodyDrawing(
    (Layer("bruise", None, draw(parse_area("disc:buttock-upper-lateral:2:left"))),)
)
"""What Fatima tells of on the day after."""


def load() -> str:
    """Make everything in one transaction; returns a line that says what there is."""
    now = timezone.now().replace(second=0, microsecond=0)
    with transaction.atomic():
        # Two years ago: what is needed for the first treatment is there by then, and needles that
        # have expired since came in before they did.
        with at(now - timedelta(days=730)):
            team = open_clinic(today=pathway.day_of(now))
            stock_up(by=team.desk, site=team.site, today=pathway.day_of(now))
            needling = furnish(team)
        # Later than the shelf: containers that have stood there for two years look like a fault.
        with at(now - timedelta(days=9)):
            put_up_containers(by=team.desk, site=team.site)
        demo = Demo(team, now, needling)
        demo.tell()
    return (
        f"{len(demo.known)} patients, {Visit.objects.count()} visits, "
        "two practitioners, a front desk, an owner."
    )


@dataclass
class Demo:
    """The story in the order of time."""

    team: Team
    now: datetime
    service: Service

    def __post_init__(self) -> None:
        self.known: dict[str, Patient] = {}
        midnight = timezone.localtime(self.now).replace(hour=0, minute=0)
        self.midnight = midnight

    def tell(self) -> None:
        self.register_everybody()
        for days, key in ((42, "usman"), (30, "fatima"), (28, "usman"), (16, "fatima")):
            self.past_treatment(key, days_ago=days)
        self.past_treatment("usman", days_ago=14)
        self.past_treatment("tariq", days_ago=5, checks=(24,))
        self.past_treatment("khadija", days_ago=3, checks=(24,), sore=9)
        self.past_treatment("fatima", days_ago=2)
        # Two evenings were too much: Today shows it, and the programme proposes the step down.
        hurt = self.known["usman"].visits.filter(state="done").order_by("-planned_at")[0]
        pathway.at_home(visit=hurt, days=((3, 7), (1, 6)))
        self.past_treatment("omar", days_ago=1)
        self.missed("shahid", days_ago=2)
        self.the_letters()
        self.the_register()
        fill_inbox(self.team, self.known["zainab"], now=self.now)
        self.today()
        money.tell(self.team, self.known, now=self.now)
        self.tomorrow()
        fill_week(
            self.team, self.service, list(self.known.values()), today=pathway.day_of(self.now)
        )
        with at(self.now - timedelta(hours=2)):
            book_themselves(
                self.team, self.service, self.known["omar"], today=pathway.day_of(self.now)
            )

    # --- people -----------------------------------------------------------------------------------

    def register_everybody(self) -> None:
        for number, (key, person) in enumerate(DEMO_PATIENTS.items()):
            with at(self.now - timedelta(days=60 - number)):
                self.known[key] = self.register(person)

    def register(self, person: Person) -> Patient:
        desk = self.team.desk
        patient = patients.register(by=desk, **person.details(on=pathway.day_of(self.now)))
        for fact in person.facts(on=pathway.day_of(self.now)):
            intake.disclose(by=desk, patient=patient, **fact)
        if person.asked:
            told = {fact["kind"] for fact in person.facts(on=pathway.day_of(self.now))}
            # Operations and implants stand among the conditions: "nothing" would be untrue.
            told |= {"condition"} if told & {"procedure", "device"} else set()
            pathway.nothing_to_disclose(by=desk, patient=patient, but=sorted(told))
        return patient

    def practitioner(self, person: Person) -> Member:
        return self.team.hamza if person.with_hamza else self.team.sana

    # --- visits -----------------------------------------------------------------------------------

    def book(self, key: str, when: datetime, minutes: int = 40) -> Visit:
        person = DEMO_PATIENTS[key]
        patient = self.known[key]
        before = patient.visits.filter(episode__isnull=False).order_by("-planned_at").first()
        # A visit to come was booked yesterday, one of the past the day before it.
        with at(min(when, self.now) - timedelta(days=1)):
            # The demo may be begun at midnight: its day overlaps and lies outside all hours.
            return diary.take(
                by=self.team.desk,
                patient=patient,
                practitioner=self.practitioner(person),
                site=self.team.site,
                starts_at=when,
                minutes=minutes,
                service=self.service,
                episode=before.episode if before else None,
                meant=CAN_BE_MEANT,
            )

    def to_consent(self, key: str, visit: Visit, visit_number: int) -> None:
        """Story, targets, plan, safety and consent."""
        person, by = DEMO_PATIENTS[key], visit.practitioner
        pathway.tell(
            by=by, visit=visit, pain=person.pain(visit_number), **person.story(visit_number)
        )
        pathway.examine(by=by, visit=visit, spots=person.spots)
        pathway.plan(by=by, visit=visit)
        pathway.answer_questions(by=by, visit=visit, yes=person.yes)
        pathway.confirm_safety(by=by, visit=visit, why=person.why)
        pathway.agree(by=by, visit=visit, signed_name=person.signs, relation=person.relation)

    def past_treatment(
        self,
        key: str,
        *,
        days_ago: int,
        checks: tuple[int, ...] = (24, 72, 168),
        sore: int = 3,
    ) -> None:
        """A whole visit in the past, signed, with the checks that were reached since."""
        when = self.midnight - timedelta(days=days_ago) + timedelta(hours=11)
        visit = self.book(key, when)
        number = self.known[key].visits.filter(state="done").count()
        by = visit.practitioner
        with at(when):
            visits.move(by=self.team.desk, visit=visit, to="here")
            visits.begin(by=by, visit=visit)
            self.to_consent(key, visit, number)
        with at(when + timedelta(minutes=15)):
            treatment = pathway.start(by=by, visit=visit)
            placed = pathway.needle(by=by, treatment=treatment)
        with at(when + timedelta(minutes=22)):
            pathway.take_out(by=by, treatment=treatment, placed=placed)
        with at(when + timedelta(minutes=28)):
            now_pain = max(0, DEMO_PATIENTS[key].pain(number)[0] - 2)
            pathway.count_and_ask(by=by, treatment=treatment, needles=len(placed), pain=now_pain)
            pathway.prescribe(by=by, visit=visit)
            pathway.sign(by=by, treatment=treatment)
        for check in treatment.checks.order_by("hours"):
            # Checks count from the last needle out, 22 minutes after the visit began.
            due = when + timedelta(minutes=22, hours=check.hours)
            # The first one comes after needles over the lung: nobody leaves it open.
            if due < self.now and (check.hours in checks or check.hours < 24):
                with at(due + timedelta(minutes=30)):
                    soreness = max(0, sore - check.hours // 24) if check.hours >= 24 else 3
                    pathway.reach(
                        by=self.team.desk,
                        treatment=treatment,
                        hours=check.hours,
                        soreness_nprs=soreness,
                        bruise="small" if key == "fatima" and check.hours == 24 else "none",
                        where=BRUISE if key == "fatima" and check.hours == 24 else None,
                    )

    def missed(self, key: str, *, days_ago: int) -> None:
        when = self.midnight - timedelta(days=days_ago) + timedelta(hours=16)
        visit = self.book(key, when)
        with at(when + timedelta(minutes=45)):
            visits.move(by=self.team.desk, visit=visit, to="missed")

    # --- today ------------------------------------------------------------------------------------

    def today(self) -> None:
        """One visit in every state, around the present hour."""
        self.to_sign("bilal", minutes_ago=75)
        self.needles_in("usman", minutes_ago=25)
        self.ready("ayesha", minutes_ago=10)
        self.consent_missing("imran", minutes_ago=5)
        self.blocked("sadia", minutes_ago=15)
        self.waiting("maryam", minutes_ago=2)
        self.waiting("zainab", minutes_ago=0)
        self.cancelled("shahid")
        self.from_home(self.book("tariq", self.now + timedelta(minutes=90)))

    def _under_way(self, key: str, minutes_ago: int) -> tuple[Visit, datetime]:
        when = self.now - timedelta(minutes=minutes_ago)
        visit = self.book(key, when)
        with at(when):
            visits.move(by=self.team.desk, visit=visit, to="here")
        return visit, when

    def to_sign(self, key: str, minutes_ago: int) -> None:
        visit, when = self._under_way(key, minutes_ago)
        by = visit.practitioner
        with at(when + timedelta(minutes=3)):
            visits.begin(by=by, visit=visit)
            self.to_consent(key, visit, 0)
            treatment = pathway.start(by=by, visit=visit)
            placed = pathway.needle(by=by, treatment=treatment, twitches=3)
        with at(when + timedelta(minutes=12)):
            pathway.take_out(by=by, treatment=treatment, placed=placed)

    def needles_in(self, key: str, minutes_ago: int) -> None:
        visit, when = self._under_way(key, minutes_ago)
        with at(when + timedelta(minutes=2)):
            visits.begin(by=visit.practitioner, visit=visit)
            # His fourth visit: three treatments are told above.
            self.to_consent(key, visit, 3)
            # A plan that this clinic uses again; the neck is what they see most.
            keep_template(by=visit.practitioner, visit=visit, name="Tight neck")
        with at(self.now - timedelta(minutes=4)):
            treatment = pathway.start(by=visit.practitioner, visit=visit)
            pathway.needle(by=visit.practitioner, treatment=treatment)

    def ready(self, key: str, minutes_ago: int) -> None:
        visit, when = self._under_way(key, minutes_ago)
        with at(when + timedelta(minutes=2)):
            visits.begin(by=visit.practitioner, visit=visit)
            self.to_consent(key, visit, 0)

    def consent_missing(self, key: str, minutes_ago: int) -> None:
        visit, when = self._under_way(key, minutes_ago)
        person, by = DEMO_PATIENTS[key], visit.practitioner
        with at(when + timedelta(minutes=2)):
            visits.begin(by=by, visit=visit)
            pathway.tell(by=by, visit=visit, pain=person.pain(0), **person.story(0))
            pathway.examine(by=by, visit=visit, spots=person.spots)
            pathway.plan(by=by, visit=visit)
            pathway.answer_questions(by=by, visit=visit, yes=person.yes)
            pathway.confirm_safety(by=by, visit=visit, why=person.why)

    def blocked(self, key: str, minutes_ago: int) -> None:
        """Somebody who must not be needled: the visit goes on without needles."""
        visit, when = self._under_way(key, minutes_ago)
        person, by = DEMO_PATIENTS[key], visit.practitioner
        with at(when + timedelta(minutes=2)):
            visits.begin(by=by, visit=visit)
            pathway.tell(by=by, visit=visit, pain=person.pain(0), **person.story(0))
            pathway.examine(by=by, visit=visit, spots=person.spots)
            pathway.answer_questions(by=by, visit=visit, yes=person.yes)

    def waiting(self, key: str, minutes_ago: int) -> None:
        """In the waiting room; nothing asked yet today."""
        self._under_way(key, minutes_ago)

    def cancelled(self, key: str) -> None:
        visit = self.book(key, self.now + timedelta(hours=2))
        with at(self.now - timedelta(hours=1)):
            visits.move(by=self.team.desk, visit=visit, to="cancelled")

    def from_home(self, visit: Visit) -> None:
        """What Tariq told on his phone yesterday evening; it waits for a review."""
        with at(self.now - timedelta(hours=14)):
            send_in(
                patient=visit.patient, site=visit.site, sending=new_id(), language="en",
                visit=visit, told=(
                    Told("told", "medicine", "Warfarin", {"concept": "warfarin"}),
                    Told("none", "allergies"),
                    Told("answer", "needle-phobia", value=False),
                    Told("answer", "bruise-tendency", value=True),
                    Told("story", "complaint", "Outer elbow pain when gripping tools"),
                    Told("story", "onset", value="weeks"),
                    Told("story", "aggravating", value=["gripping", "lifting"]),
                    Told("story", "pain_now", value=6),
                    Told("score", "psfs", value={"items": [3, 5], "about": ["Work", "Driving"]}),
                ),
            )  # fmt: skip

    def tomorrow(self) -> None:
        for hours, key in ((34, "khadija"), (35, "omar"), (58, "fatima")):
            self.book(key, self.midnight + timedelta(hours=hours))

    # --- letters ---

    def the_letters(self) -> None:
        """One that is signed and one that somebody began."""
        with at(self.now - timedelta(hours=22)):
            for key, kind, to, diagnosis in (
                ("fatima", "referrer", "Dr Nadia Rauf", ""),
                # The patient doesn't want the employer to read what he has.
                ("usman", "employer", "Personnel office", "refused"),
            ):
                done = self.known[key].visits.filter(state="done").order_by("-planned_at")[0]
                letter = letters.begin(
                    by=done.practitioner,
                    visit=done,
                    kind=kind,
                    language="en",
                    to_name=to,
                    diagnosis=diagnosis,
                    on=pathway.day_of(self.now),
                )
                if kind == "referrer":
                    pathway.granted(
                        letters.sign(by=done.practitioner, letter=letter, seen=letter.pk, way="pin")
                    )

    # --- the register of adverse events ---

    def the_register(self) -> None:
        """A faint that was judged, and a near miss that nobody has taken on yet."""
        site = self.team.site
        fainted = self.midnight - timedelta(days=5) + timedelta(hours=12)
        with at(fainted):
            event = events.report(
                by=self.team.sana,
                site=site,
                patient=self.known["tariq"],
                kind="syncope",
                grade="2",
                happened_at=fainted,
                text="Pale and sweating on sitting up. Flat, legs up; well after four minutes.",
            )
        with at(fainted + timedelta(hours=2)):
            events.assess(
                by=self.team.sana,
                event=event,
                causality="probable",
                outcome="Well, went home with his brother.",
                done="First treatments are done lying down; a drink before.",
            )
        seen = self.now - timedelta(hours=20)
        with at(seen):
            events.report(
                by=self.team.desk,
                site=site,
                patient=None,
                kind="wrong-side",
                grade="0",
                happened_at=seen,
                text="The plan said left, the patient showed right. Seen before the first needle.",
            )
