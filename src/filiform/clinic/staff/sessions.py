"""Sessions and who is signed in, read with prepared queries: every request asks for both."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.middleware import SessionMiddleware as DjangoMiddleware
from django.contrib.sessions.models import Session
from django.db import InternalError, OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.staff.models import Member


@prepared
def _session(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@prepared
def _member(member: UUID) -> QuerySet[Member]:
    return Member.objects.filter(pk=member)


class SessionStore(DatabaseStore):
    """As Django keeps sessions in the database; only the SQL that reads one is made once.

    Nothing is kept in memory: whoever signs out is out in every process at once.
    """

    def save(self, must_create: bool = False) -> None:
        """As Django's; but what the database could not do is no session that was ended."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InternalError):
                raise error.__context__ from None
            raise

    def _get_session_from_db(self) -> Session | None:
        if not self.session_key:
            return None
        found = _session.first(self.session_key, timezone.now())
        if found is None:
            # As Django does: a key that nobody gave out must not become one that we use.
            self._session_key = None
        return found


class SessionMiddleware(DjangoMiddleware):
    """As Django's, but a page is shown though its session can't be written: on a full disk the
    needles that are in are still to be seen. What is sent is refused; nothing is taken as stored.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (OperationalError, InternalError):
            if request.method not in ("GET", "HEAD"):
                raise
            logging.getLogger("filiform.sessions").error("a session can't be written")
            return response


class MemberBackend(ModelBackend):
    """Members of staff, with their organisation."""

    def get_user(self, user_id: Any) -> Member | None:
        try:
            member = _member.first(user_id if isinstance(user_id, UUID) else UUID(str(user_id)))
        except ValueError:
            return None
        return member if member is not None and self.user_can_authenticate(member) else None
