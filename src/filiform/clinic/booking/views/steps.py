"""The steps from a free time, or a place on the waiting list, to what is booked.

    who you are ──▶ risk questions, for needles ──▶ ┬ booked
                                                    ├ instead: a consultation, by one tap
                                                    └ an emergency: where to go now

Each step posts everything that was said before, so nothing is kept on the server until the end and
a step can be gone back to; everything is asked again of what was posted.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import public
from filiform.clinic.booking import actions, queries, risk, texts, waiting
from filiform.clinic.booking.actions import Details, Time
from filiform.clinic.booking.forms import RiskForm, VisitorForm, WaitForm
from filiform.clinic.booking.links import make_link
from filiform.clinic.booking.queries import FreeTime
from filiform.clinic.booking.views.public import NoLongerOffered, others, site_and_service
from filiform.clinic.diary.actions import NotFree
from filiform.clinic.diary.models import Service
from filiform.clinic.diary.queries import givers
from filiform.clinic.frontdoor import sieve
from filiform.clinic.frontdoor.receiving import receive
from filiform.clinic.staff.models import Site
from filiform.clinic.web.times import zone_named


@dataclass
class Errand(ABC):
    """What a visitor is about to do. Subclasses say what comes of it."""

    request: HttpRequest
    site: Site
    service: Service
    title: ClassVar[str]

    @property
    @abstractmethod
    def day(self) -> date:
        """On which the risk questions have to hold."""

    @abstractmethod
    def form(self) -> VisitorForm: ...

    @abstractmethod
    def finish(self, form: VisitorForm, answers: Mapping[str, bool]) -> HttpResponse: ...

    @abstractmethod
    def wanted(self) -> str:
        """In words, for the desk, when somebody has to call back."""

    def page(self, name: str, status: int = 200, **context: Any) -> HttpResponse:
        given = {"site": self.site, "service": self.service, "errand": self, **context}
        answer = render(self.request, f"booking/{name}.html", given, status=status)
        # It holds what somebody typed about themselves.
        answer.headers["Cache-Control"] = "no-store, private"
        return answer


@dataclass
class ATime(Errand):
    time: FreeTime
    title = "time"

    @property
    def day(self) -> date:
        return self.time.start.date()

    def form(self) -> VisitorForm:
        return VisitorForm(self.request.POST or None)

    def finish(self, form: VisitorForm, answers: Mapping[str, bool]) -> HttpResponse:
        time = Time(self.service, self.site, self.time.person, self.time.start)
        try:
            visit = actions.book(
                time=time,
                details=form.details,
                answers=answers,
                form=form.cleaned_data["form_id"],
            )
        except NotFree:
            return gone(self.site, self.service)
        return redirect("booking:visit", token=make_link(visit=visit))

    def wanted(self) -> str:
        return f"{self.service.name}, {texts.moment(self.time.start, self.site, 'en')}"


@dataclass
class APlace(Errand):
    title = "wait"

    @property
    def day(self) -> date:
        return timezone.now().astimezone(zone_named(self.site.time_zone)).date()

    def form(self) -> WaitForm:
        return WaitForm(self.request.POST or None, people=givers(self.service))

    def finish(self, form: VisitorForm, answers: Mapping[str, bool]) -> HttpResponse:
        given = form.cleaned_data
        wish = waiting.join(
            site=self.site,
            service=self.service,
            details=form.details,
            answers=answers,
            form=given["form_id"],
            person=UUID(given["person"]) if given["person"] else None,
            weekdays=given["weekdays"],
            parts=given["parts"],
            weeks=given["weeks"],
        )
        return redirect("booking:place", token=make_link(wish=wish))

    def wanted(self) -> str:
        return f"{self.service.name}, waiting list"


@sensitive_post_parameters()
@public
@require_http_methods(["GET", "HEAD", "POST"])
def book(
    request: HttpRequest, site_id: UUID, service_id: UUID, person_id: UUID, minute: str
) -> HttpResponse:
    try:
        site, service = site_and_service(site_id, service_id)
    except NoLongerOffered:
        return others(site_id)
    time = queries.time_of(service, site, person_id, minute, timezone.now())
    if time is None:
        return (
            _booked_already(request, site)
            or _emergency_all_the_same(APlace(request, site, service))
            or gone(site, service)
        )
    return _next_step(ATime(request, site, service, time))


@sensitive_post_parameters()
@public
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest, site_id: UUID, service_id: UUID) -> HttpResponse:
    try:
        site, service = site_and_service(site_id, service_id)
    except NoLongerOffered:
        return others(site_id)
    return _next_step(APlace(request, site, service))


def gone(site: Site, service: Service) -> HttpResponse:
    """The time is somebody else's: the nearest free ones, and why."""
    address = reverse("booking:times", kwargs={"site_id": site.pk, "service_id": service.pk})
    return redirect(f"{address}?gone=1")


def _booked_already(request: HttpRequest, site: Site) -> HttpResponse | None:
    """The form was sent twice: the time is taken, by themselves."""
    try:
        visit = actions.booked_before(site, UUID(request.POST.get("form_id", "")))
    except ValueError:
        return None
    return redirect("booking:visit", token=make_link(visit=visit)) if visit else None


def _emergency_all_the_same(errand: APlace) -> HttpResponse | None:
    """The time went to somebody else while the questions were answered: a sign that can't wait is
    answered before that is said."""
    form = VisitorForm(errand.request.POST or None)
    if "asked" not in errand.request.POST or not form.is_valid():
        return None
    questions = risk.asked(form.youngest_birth, on=errand.day)
    asked = RiskForm(errand.request.POST, questions=questions)
    if not asked.is_valid():
        return None
    told = risk.verdict(asked.answers, form.youngest_birth, on=errand.day)
    return _instead(errand, form, asked, told) if told.instead == "emergency" else None


def _next_step(errand: Errand) -> HttpResponse:
    form, request = errand.form(), errand.request
    if request.method != "POST" or not form.is_valid() or "back" in request.POST:
        status = 422 if request.method == "POST" and form.errors else 200
        return errand.page("details", status, form=form, consent=texts.CONSENT)
    answers: dict[str, bool] = {}
    # Without that mark the questions were not on the page: an empty form is no "no" to all of them.
    posted = request.POST if "asked" in request.POST else None
    if errand.service.needs_needling or posted:
        questions = risk.asked(form.youngest_birth, on=errand.day)
        asked = RiskForm(posted, questions=questions)
        if not asked.is_valid():
            status = 422 if asked.errors else 200
            return errand.page("risk", status, form=asked, said=form)
        answers = asked.answers
        told = risk.verdict(answers, form.youngest_birth, on=errand.day)
        # What was answered goes with a consultation, too; it forbids none.
        if told.instead == "emergency" or (told.instead and errand.service.needs_needling):
            return _instead(errand, form, asked, told)
    return _judged(errand, form, answers) or errand.finish(form, answers)


def _instead(
    errand: Errand, form: VisitorForm, asked: RiskForm, told: risk.Bookable
) -> HttpResponse:
    """No needles now: why, and what can be done instead by one tap."""
    context: dict[str, Any] = {"said": form, "asked": asked, "told": told}
    if told.instead == "emergency":
        # Counted, but never held up: whoever is told to go now must not wait for a sum.
        sieve.note_arrival(errand.request)
        actions.tell_emergency(
            site=errand.site,
            details=form.details,
            answers=asked.answers,
            form=form.cleaned_data["form_id"],
        )
        return errand.page("emergency", **context)
    other = queries.consultation(errand.site.organisation)
    if other is not None:
        now = timezone.now()
        first = queries.free_days(other, errand.site, now=now).first
        if isinstance(errand, ATime):
            first = queries.near(other, errand.site, errand.time, now)
        context |= {"other": other, "time": first}
    return errand.page("instead", **context)


def _judged(errand: Errand, form: VisitorForm, answers: Mapping[str, bool]) -> HttpResponse | None:
    """What the sieve asks first, as of a message; None when it asks nothing more."""
    form_id, details = form.cleaned_data["form_id"], form.details
    # A second tap is no second arrival, and is asked for no proof of work.
    if actions.booked_before(errand.site, form_id) is not None:
        return None
    judged = sieve.judge(
        errand.request,
        site=errand.site,
        message_id=form_id,
        # An address stands in for a number: the empty number is everybody's who has none.
        phone=details.phone or details.email,
        text=details.name,
    )
    if judged.ask:
        if not judged.challenge:
            form.asked_again()
        kept = [
            (name, values)
            for name, values in errand.request.POST.lists()
            if name == "asked" or name == "signs" or name.startswith("q-")
        ]
        return errand.page(
            "once_more", 422, said=form, kept=kept, asks=judged.ask, asked=judged.challenge
        )
    sieve.note_arrival(errand.request)
    now, organisation = timezone.now(), errand.site.organisation
    many = queries.open_bookings(organisation, details.phone, details.email, now)
    # A family of five may share a number: the desk looks, and nobody is told no.
    aside = judged.aside or ("same-number" if many >= queries.MOST_OPEN else "")
    if not aside:
        return None
    return _kept_aside(errand, details, form_id, aside)


def _kept_aside(errand: Errand, details: Details, form_id: UUID, aside: str) -> HttpResponse:
    """It looks like a script's: no time is taken, and the desk finds it beside the inbox."""
    receive(
        site=errand.site,
        message_id=form_id,
        name=details.name,
        phone=details.phone or details.email,
        text=errand.wanted(),
        answer_by="call",
        language=get_language() or "en",
        aside=aside,
    )
    return errand.page("asked")
