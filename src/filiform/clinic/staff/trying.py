"""One try at a door: a password, or a code. The limits are asked before anything is compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth import authenticate
from django.http import HttpRequest

from filiform.clinic.staff import actions, factors, throttle
from filiform.clinic.staff.models import Member
from filiform.clinic.staff.throttle import SignInPlace, SignInVerdict
from filiform.clinic.web import work


@dataclass(frozen=True)
class Outcome:
    """member: who it is, when it was right. factor: which kind of code. Else `verdict` says whether
    to wait, or to do a proof of work first; with neither it was simply wrong."""

    member: Member | None = None
    factor: str = ""
    verdict: SignInVerdict = field(default_factory=SignInVerdict)
    was_looked_at: bool = True


def try_password(request: HttpRequest, username: str, password: str) -> Outcome:
    """A paused place is refused without a comparison, whatever the name; a name that nobody bears
    costs the same comparison as any other (Django's backend hashes for it too)."""
    username = username.strip().lower()
    place = throttle.place_of(request, username)
    # Before the comparison, which is slow on purpose: a flood must not cost a processor.
    refused = _before(request, place, subject=place.name_key)
    if refused is not None:
        return refused
    member = authenticate(request, username=username, password=password)
    if isinstance(member, Member):
        throttle.forgive(place)
        return Outcome(member)
    return Outcome(verdict=_after_wrong(place, username))


def try_code(request: HttpRequest, member: Member, code: str) -> Outcome:
    """Six digits are the app's; anything else is looked for among the recovery codes."""
    place = throttle.place_of(request, member.username, step="code")
    refused = _before(request, place, subject=place.name_key, asks_work=False)
    if refused is not None:
        return refused
    plain = "".join(code.split())
    if plain.isdecimal() and len(plain) == 6:
        factor, right = "code", factors.takes_code(member, plain)
    else:
        factor, right = "recovery", factors.takes_recovery_code(member, plain)
    if right:
        throttle.forgive(place)
        return Outcome(member, factor)
    return Outcome(verdict=_after_wrong(place, member.username))


def _before(
    request: HttpRequest, place: SignInPlace, *, subject: str, asks_work: bool = True
) -> Outcome | None:
    """Why the try isn't looked at; None when it is counted and may go on."""
    verdict = throttle.judge(place)
    if verdict.wait_s:
        return Outcome(verdict=verdict, was_looked_at=False)
    done = ""
    if verdict.bits:
        # Codes are six digits: there many wrong ones end the trying, work or not. Whoever types
        # them knows the password, and the member has been told.
        if not asks_work:
            return Outcome(verdict=SignInVerdict(wait_s=int(throttle.PAUSE.total_seconds())),
                           was_looked_at=False)  # fmt: skip
        done = request.POST.get("work", "")
        bits, answer = verdict.bits, request.POST.get("work_answer", "")
        if not (
            work.is_done(done, answer, subject=subject, bits=bits)
            or work.has_waited(done, subject=subject, bits=bits)
        ):
            return Outcome(verdict=verdict, was_looked_at=False)
    # The proof was spent by another try: a new one is asked for.
    if not throttle.take(place, work=done):
        return Outcome(verdict=throttle.judge(place), was_looked_at=False)
    # Of many that were sent at once, those beyond the limit end here, without a comparison.
    if throttle.too_many(place):
        return Outcome(verdict=throttle.judge(place), was_looked_at=False)
    return None


def _after_wrong(place: SignInPlace, username: str) -> SignInVerdict:
    verdict = throttle.after_wrong(place)
    if verdict.crossed:
        actions.note_guessing(username=username, together=verdict.crossed == "guessed")
    return verdict
