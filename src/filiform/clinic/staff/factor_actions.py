"""What changes second factors. Each is one transaction with its audit entry; no secret stands in
one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from filiform.clinic.facts.models import Entry
from filiform.clinic.facts.recording import recording
from filiform.clinic.staff.factors import hash_of, new_codes
from filiform.clinic.staff.models import CodeApp, Member, Organisation, Passkey, RecoveryCode
from filiform.clinic.staff.sealed import seal

TOLD = ("sign-in-locked", "sign-in-guessed", "second-factor-reset")
"""What somebody is told of at the next sign-in."""

MOST_NEWS = 200
"""Read for one sign-in; the page tells the last few of them."""


def add_passkey(*, passkey: Passkey, by: Member) -> Passkey:
    with recording("passkey-added", by=by) as entry:
        passkey.save()
        entry.about(by, passkey=str(passkey.pk))
    return passkey


def remove_passkey(*, passkey: Passkey, by: Member) -> None:
    with recording("passkey-removed", by=by) as entry:
        entry.about(by, passkey=str(passkey.pk))
        passkey.delete()


def set_up_app(*, member: Member, secret: str, step: int) -> CodeApp:
    """In the place of the former one. step: of the code that proved it, which is spent by that."""
    with recording("code-app-set-up", by=member) as entry:
        app, _new = CodeApp.objects.update_or_create(
            member=member,
            defaults={
                "sealed_secret": seal(secret, whose=str(member.pk)),
                "last_step": step,
            },
        )
        entry.about(member)
    return app


def remove_app(*, by: Member) -> None:
    with recording("code-app-removed", by=by) as entry:
        CodeApp.objects.filter(member=by).delete()
        entry.about(by)


def make_recovery_codes(*, by: Member) -> list[str]:
    """Ten new ones; the former ones open nothing any more. They exist in words only here."""
    codes = new_codes()
    with recording("recovery-codes-made", by=by) as entry:
        RecoveryCode.objects.filter(member=by).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(member=by, hashed=hash_of(code, by)) for code in codes
        )
        entry.about(by)
    return codes


def reset_factors(*, member: Member, by: Member | None, why: str) -> None:
    """Take away every second factor of somebody who has lost them, and end their sessions: who
    found the telephone may be in. by: None from the command line."""
    with recording("second-factor-reset", by=by, organisation=member.organisation) as entry:
        Passkey.objects.filter(member=member).delete()
        CodeApp.objects.filter(member=member).delete()
        RecoveryCode.objects.filter(member=member).delete()
        member.sessions_mark = secrets.token_hex(16)
        member.save(update_fields=["sessions_mark"])
        entry.about(member, why=why)


def demand_for_all(*, organisation: Organisation, by: Member, demanded: bool) -> None:
    """Whether everybody who works here needs a second factor from the next sign-in on."""
    if organisation.second_factor_for_all == demanded:
        return
    with recording("second-factor-rule-changed", by=by) as entry:
        organisation.second_factor_for_all = demanded
        organisation.save(update_fields=["second_factor_for_all"])
        entry.about(organisation, for_all=demanded)


def news_for(member: Member, since: datetime | None) -> list[Entry]:
    """What happened to this sign-in since the last one, the oldest first; for an owner also what
    happened to the others'. since: None for somebody who has never signed in.

    The last day's news is told again at every sign-in: if the last one was a thief's, the member
    would never hear of it.
    """
    if since is None:
        return []
    since = min(since, timezone.now() - timedelta(days=1))
    own = Q(subject_id=str(member.pk))
    told = own | Q(action="sign-in-guessed") if member.is_owner else own
    # The newest: an attack on every name must not push out what happened to this one.
    rows = Entry.objects.filter(
        told, organisation=member.organisation, action__in=TOLD, at__gt=since
    ).order_by("-at")
    return list(reversed(rows[:MOST_NEWS]))
