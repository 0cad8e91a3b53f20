"""What keeps a script from filling the inbox without silencing the clinic.

Nothing a person sends is dropped. In the order in which it is asked:

- The form carries a signed token of its own time. Sent sooner than a person can, or a day later:
  the page asks to send again, with the text still there.
- From the fourth message of one address in half an hour on, or while the site gets many, the
  browser does a proof of work that doubles as often as their number does (`web.work`). Without
  scripts one waits a minute instead.
- What then still looks like a script's (much from one address or number, a flood, many links, no
  proof of work) is kept in the spam box, which Today counts. A patient whose number the
  clinic knows goes to the inbox all the same, and so does what tells of danger.

An address is kept for a day, as a keyed hash, apart from the messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from filiform.clinic.frontdoor.models import Arrival, Message
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Site
from filiform.clinic.web.callers import caller, hidden
from filiform.clinic.web.work import Challenge, bits_for, challenge, has_waited, is_done

SALT = "filiform.frontdoor.form"
TOO_QUICK_S = 3
"""Nobody reads four questions and answers them sooner, also with a browser that fills them in."""
TOO_OLD_S = 24 * 3600
FREE_PER_ADDRESS, ADDRESS_WITHIN = 3, timedelta(minutes=30)
FREE_PER_SITE, SITE_WITHIN = 20, timedelta(minutes=10)
MOST_PER_ADDRESS = 12
"""In the inbox within the hour; a family and a waiting room stay below."""
MOST_PER_NUMBER, NUMBER_WITHIN = 4, timedelta(minutes=30)
MOST_PER_SITE = 60
MOST_LINKS = 2
KEPT = timedelta(days=1)
_LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
# All of these are design values: ours, to be changed when a clinic's days teach us better.


@dataclass(frozen=True)
class Judgement:
    """ask: quick, old or work when the visitor is asked to send again; challenge: the work.
    aside: why the message goes to the box aside; "" for the inbox."""

    ask: str = ""
    challenge: Challenge | None = None
    aside: str = ""


def token_for(message_id: object) -> str:
    """Goes out with the form; says that it is ours, for this message, and since when."""
    return signing.TimestampSigner(salt=SALT).sign(str(message_id))


def judge(
    request: HttpRequest,
    *,
    site: Site,
    message_id: UUID,
    phone: str,
    text: str,
    email: str = "",
    urgent: bool = False,
) -> Judgement:
    """What becomes of a message that is filled in rightly.

    urgent: it tells of danger. Then its time isn't looked at and it is never set aside; a script
    that writes of danger still works for every message.
    """
    asked = "" if urgent else _time_of(request.POST.get("token", ""), message_id)
    if asked:
        return Judgement(ask=asked)
    place = place_of(request)
    bits = max(
        bits_for(_from_place(place, ADDRESS_WITHIN), FREE_PER_ADDRESS),
        bits_for(_arrivals(SITE_WITHIN).count(), FREE_PER_SITE),
    )
    worked = True
    if bits:
        done, answer = request.POST.get("work", ""), request.POST.get("work_answer", "")
        worked = is_done(done, answer, subject=str(message_id), bits=bits)
        if not worked and not has_waited(done, subject=str(message_id), bits=bits):
            return Judgement(ask="work", challenge=challenge(str(message_id), bits))
    if urgent:
        return Judgement()
    return Judgement(
        aside=_why_aside(site, place, sender=_sender(phone, email), text=text, worked=worked)
    )


def note_arrival(request: HttpRequest) -> None:
    """Count a message that was taken; yesterday's counts go."""
    # An address is kept for a day at most. No other job sweeps, so each arrival does.
    Arrival.objects.filter(at__lt=timezone.now() - KEPT).delete()
    Arrival.objects.create(place_key=place_of(request))


def place_of(request: HttpRequest) -> str:
    return hidden("visitor", caller(request))


def _time_of(token: str, message_id: UUID) -> str:
    """quick, old (also: not ours), or "" when the time is a person's."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        signed = signer.unsign(token, max_age=TOO_OLD_S)
    except signing.BadSignature:
        return "old"
    if signed != str(message_id):
        return "old"
    try:
        # The signature says its age only by expiring: a young one that holds came too soon.
        signer.unsign(token, max_age=TOO_QUICK_S)
    except signing.SignatureExpired:
        return ""
    return "quick"


def _sender(phone: str, email: str) -> dict[str, str]:
    """The column and the value that say whose message it is; a number before an address."""
    return {"phone": phone} if phone else {"phone": "", "email": email}


def is_ours(token: str, message_id: UUID) -> bool:
    """Whether a form with this id was opened here within the day."""
    return _time_of(token, message_id) != "old"


def _why_aside(site: Site, place: str, *, sender: dict[str, str], text: str, worked: bool) -> str:
    """The first reason that applies; "" for none."""
    if len(_LINK.findall(text)) > MOST_LINKS:
        return "links"
    now = timezone.now()
    mine = Message.objects.filter(organisation=site.organisation)
    # Before the known numbers are let in: one that is known can flood, too.
    if mine.filter(**sender, received_at__gte=now - NUMBER_WITHIN).count() >= MOST_PER_NUMBER:
        return "same-number"
    # Only now: of a patient neither the address counts nor a flood of others.
    if _is_patients(site, sender):
        return ""
    if not worked:
        return "waited"
    if _from_place(place, timedelta(hours=1)) >= MOST_PER_ADDRESS:
        return "same-address"
    if _arrivals(SITE_WITHIN).count() >= MOST_PER_SITE:
        return "flood"
    return ""


def _is_patients(site: Site, sender: dict[str, str]) -> bool:
    """A number or an address that a script would have to know."""
    known = Patient.objects.filter(organisation=site.organisation)
    phone = sender["phone"]
    if not phone:
        return known.filter(email__iexact=sender["email"]).exists()
    return known.filter(Q(phone=phone) | Q(other_phone=phone)).exists()


def _arrivals(within: timedelta) -> QuerySet[Arrival]:
    return Arrival.objects.filter(at__gte=timezone.now() - within)


def _from_place(place: str, within: timedelta) -> int:
    return _arrivals(within).filter(place_key=place).count()
